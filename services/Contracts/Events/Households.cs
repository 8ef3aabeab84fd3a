namespace CrisisCoordination.Contracts;

/// <summary>The person no longer belongs to a household; from now on they travel by themselves, or with whom they join (rule F).</summary>
/// <param name="WishOf">The adult who asked for it: the person themselves, or for a child the guardian they go with.</param>
[Stored("household_left")]
[AppendedBy(Service.ConsularContact)]
public sealed record HouseholdLeft(Guid HouseholdId, Guid? WishOf, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// Who came to a household and who left it, as an officer recorded it. The household's own timeline, in one append with the
/// members' events: two changes at once cannot both rest on a member who is just leaving.
/// </summary>
/// <param name="WishOf">The adult who asked for it, where it took one.</param>
[Stored("household_changed")]
[AppendedBy(Service.ConsularContact)]
public sealed record HouseholdChanged(IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left, Guid? WishOf, string Officer, DateTimeOffset At) : Event(At);

/// <summary>An adult answers for the child (rule C). On the child's timeline.</summary>
/// <param name="Basis">A code: parent, legal, customary; household where one sender registered the family together.</param>
/// <param name="Officer">The account that recorded it; the sender of the registration where the basis is the household.</param>
[Stored("guardian_named")]
[AppendedBy(Service.ConsularContact)]
public sealed record GuardianNamed(Guid GuardianId, string Basis, string Officer, DateTimeOffset At) : Event(At)
{
    /// <summary>A code: declared (it counts for planning), confirmed (it counts for what cannot be taken back). Null in events from before the standing was recorded: an officer said so, and it counts as confirmed.</summary>
    public string? Standing { get; init; }

    /// <summary>What was looked at, where it is confirmed: papers, asked-both, decision (of a court or authority).</summary>
    public string? Grounds { get; init; }

    /// <summary>The registration that told it, where one did: without it the tie no longer stands.</summary>
    public Guid? RegistrationId { get; init; }

    /// <summary>The first of the two protection officers, for a child who was alone.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>
    /// The other records that the adult's one stood for when they were seen: with one that is merged into it later nobody saw the
    /// child. Null where nobody was seen, and in events from before it was recorded.
    /// </summary>
    public IReadOnlyList<Guid>? SeenAs { get; init; }

    /// <summary>The account that brought it about, where a merge did: it is no witness of it.</summary>
    public string? ToldBy { get; init; }
}

/// <summary>
/// Somebody says that an adult answers for the child who may gain by it, or cannot know: it changes no rule's answer until an
/// officer has settled it. On the child's timeline.
/// </summary>
/// <param name="Basis">As in <see cref="GuardianNamed"/>.</param>
/// <param name="Source">Who told it: the sender of the registration, or the account of a first protection officer.</param>
[Stored("tie_proposed")]
[AppendedBy(Service.ConsularContact)]
public sealed record TieProposed(Guid GuardianId, string Basis, string Source, DateTimeOffset At) : Event(At)
{
    /// <summary>The account that brought it about, by a registration or a merge: it is no witness of it.</summary>
    public string? ToldBy { get; init; }

    /// <summary>The registration that told it, where one did.</summary>
    public Guid? RegistrationId { get; init; }
}

/// <summary>An officer, or the gate, saw the child and the adult together and looked at their papers or asked both. On the child's timeline.</summary>
/// <param name="Grounds">A code: papers, asked-both, decision.</param>
[Stored("tie_confirmed")]
[AppendedBy(Service.ConsularContact, Service.EvacuationPlanning)]
public sealed record TieConfirmed(Guid GuardianId, string Grounds, string Officer, DateTimeOffset At) : Event(At)
{
    /// <inheritdoc cref="GuardianNamed.SeenAs"/>
    public IReadOnlyList<Guid>? SeenAs { get; init; }
}

/// <summary>An officer found that the adult does not answer for the child. On the child's timeline.</summary>
[Stored("tie_refused")]
[AppendedBy(Service.ConsularContact)]
public sealed record TieRefused(Guid GuardianId, string Officer, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>The adult no longer answers for the child.</summary>
[Stored("guardianship_ended")]
[AppendedBy(Service.ConsularContact)]
public sealed record GuardianshipEnded(Guid GuardianId, [property: Personal] string? Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// A child is without those who care for them by law or custom. From now on they leave only with a named escort and a
/// best-interests decision (rule C), whatever their household looks like.
/// </summary>
/// <param name="Kind">A code: unaccompanied (with no adult who answers for them), separated (with other relatives).</param>
/// <param name="Cause">A code: conflict, population-movement, death, abandonment, detention, medical-evacuation, trafficking, other, not-known.</param>
/// <param name="Since">Since when, as far as known.</param>
/// <param name="Last">Where the child was last with whom, in words.</param>
/// <param name="AssessmentDueAt">By when it must have been assessed what is in the child's best interests (rule K).</param>
[Stored("child_separation_reported")]
[AppendedBy(Service.ConsularContact)]
public sealed record ChildSeparationReported(
    Guid CaseId, string Kind, string Cause, BirthDate? Since, [property: Personal] string? Last, string Officer, DateTimeOffset AssessmentDueAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody looks after the child for the time being.</summary>
/// <param name="Kind">A code: kin, foster-family, community, residential, hospital, independent-living.</param>
/// <param name="CarerId">Who, where they are registered.</param>
/// <param name="With">Who and where, in words.</param>
/// <param name="At">From when on; an arrangement that went before ends with it.</param>
[Stored("care_arranged")]
[AppendedBy(Service.ConsularContact)]
public sealed record CareArranged(Guid CaseId, Guid ArrangementId, string Kind, Guid? CarerId, [property: Personal] string? With, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nobody looks after the child by that arrangement any more.</summary>
[Stored("care_ended")]
[AppendedBy(Service.ConsularContact)]
public sealed record CareEnded(Guid CaseId, Guid ArrangementId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The child is no longer unaccompanied or separated; what was told of it before does not count any more.</summary>
/// <param name="Outcome">A code: reunified, guardian-appointed, of-age, reported-in-error.</param>
/// <param name="With">The guardian in whose household the child is now.</param>
[Stored("child_separation_ended")]
[AppendedBy(Service.ConsularContact)]
public sealed record ChildSeparationEnded(Guid CaseId, string Outcome, Guid? With, string ProtectionOfficer, DateTimeOffset At) : Event(At);

/// <summary>Nobody assessed the child's best interests in time; the case escalates (rule K).</summary>
[Stored("best_interests_overdue")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record BestInterestsOverdue(Guid CaseId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);
