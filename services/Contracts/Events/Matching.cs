namespace CrisisCoordination.Contracts;

/// <summary>A registration looks like somebody else's, but not surely enough: an officer decides (rule M).</summary>
/// <param name="OtherPersonId">Whom this person may be.</param>
/// <param name="RegistrationId">The registration that looks so.</param>
/// <param name="Score">Log2 odds that both are the same person.</param>
/// <param name="Evidence">What agreed and what did not, per field, in codes.</param>
/// <param name="AgainstAutomatic">Why it was not merged by itself, in codes.</param>
[Stored("possible_match_found")]
[AppendedBy(Service.ConsularContact)]
public sealed record PossibleMatchFound(
    Guid OtherPersonId, Guid RegistrationId, double Score, IReadOnlyList<string> Evidence, IReadOnlyList<string> AgainstAutomatic, DateTimeOffset At) : Event(At);

/// <summary>An officer says that these are two people. On both timelines, in one append; the pair is not offered again.</summary>
[Stored("match_dismissed")]
[AppendedBy(Service.ConsularContact)]
public sealed record MatchDismissed(Guid OtherPersonId, string Officer, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>
/// Another record turned out to be of this person: from now on this timeline stands for both. Its registrations follow as
/// <see cref="RegistrationRepeated"/> with <see cref="Event.MergedFrom"/>, and so does what was told of where they are and what keeps them; the other timeline gets
/// <see cref="MergedInto"/> in the same append and stays readable.
/// </summary>
/// <param name="Officer">Who decided; null when a registration matched both surely enough.</param>
/// <param name="Registrations">The registrations that come with it.</param>
/// <param name="Households">The households that come with it.</param>
/// <param name="Agencies">Agencies that the person lets know of both records.</param>
[Stored("duplicate_merged")]
[AppendedBy(Service.ConsularContact)]
public sealed record DuplicateMerged(
    Guid DuplicateId, string? Officer, [property: Personal] string? Reason, IReadOnlyList<Guid> Registrations, IReadOnlyList<Guid> Households,
    IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// Adults who answered for the child of this record and were not seen with the child of the other one (rule C): they are seen
    /// once more. Empty in events from before it was asked.
    /// </summary>
    public IReadOnlyList<Guid> GuardiansToSee { get; init; } = [];

    /// <summary>The child of the other record was alone: what those adults are to the child is only proposed until they are seen.</summary>
    public bool ChildAlone { get; init; }

    /// <summary>The child of the other record was reported alone once: two protection officers say who answers for them.</summary>
    public bool ChildReported { get; init; }

    /// <summary>A form said of the child of the other record that they are alone, and nobody has ended it: so it is here.</summary>
    public bool ChildCoded { get; init; }

    /// <summary>Records that were, or may be, of whom the duplicate is about. Null where there are none.</summary>
    public IReadOnlyList<Guid>? MayAlsoBe { get; init; }
}

/// <summary>This record is of somebody known under another: look there. See <see cref="DuplicateMerged"/>.</summary>
[Stored("merged_into")]
[AppendedBy(Service.ConsularContact)]
public sealed record MergedInto(Guid PersonId, IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At);

/// <summary>The merge was wrong and is undone: what came with the duplicate goes back to it. The pair is not offered again.</summary>
/// <param name="Registrations">The registrations that go back.</param>
/// <param name="Households">The households that go back.</param>
/// <param name="Agencies">Agencies that know of both records.</param>
[Stored("duplicate_unmerged")]
[AppendedBy(Service.ConsularContact)]
public sealed record DuplicateUnmerged(
    Guid DuplicateId, string Officer, [property: Personal] string? Reason, IReadOnlyList<Guid> Registrations, IReadOnlyList<Guid> Households,
    IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At);

/// <summary>This record stands for itself again. See <see cref="DuplicateUnmerged"/>.</summary>
[Stored("unmerged_from")]
[AppendedBy(Service.ConsularContact)]
public sealed record UnmergedFrom(Guid PersonId, IReadOnlyList<string> Agencies, DateTimeOffset At) : Event(At)
{
    /// <summary>A form said of both, while they were one, that the child is alone (rule C).</summary>
    public bool ChildAlone { get; init; }

    /// <summary>The child of the other record was reported alone once: two protection officers say who answers for them.</summary>
    public bool ChildReported { get; init; }

    /// <summary>Records that were, or may be, of whom the other one is about.</summary>
    public IReadOnlyList<Guid>? MayAlsoBe { get; init; }
}

/// <summary>A registration was somebody else's: it goes on with a timeline of its own, which begins in the same append.</summary>
/// <param name="NewPersonId">Whose timeline that is.</param>
[Stored("registration_separated")]
[AppendedBy(Service.ConsularContact)]
public sealed record RegistrationSeparated(Guid RegistrationId, Guid NewPersonId, string Officer, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);
