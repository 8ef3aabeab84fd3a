namespace CrisisCoordination.Contracts;

/// <summary>The person's journey ended, so somebody must take over. Opened by itself.</summary>
/// <param name="Country">Where they arrived: alpha-3, or null inside the country of the crisis.</param>
/// <param name="AtHome">Whether that is a country of theirs.</param>
/// <param name="DueAt">By when somebody should have taken over (rule K).</param>
[Stored("handover_opened")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record HandoverOpened(Guid HandoverId, Guid TransportId, string? Country, bool AtHome, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody took over the person.</summary>
/// <param name="To">A code: state, agency, child-protection, guardian, self.</param>
/// <param name="Receiver">The state's alpha-3 code or the agency's code; null for a guardian and for the person themselves.</param>
/// <param name="GuardianId">The guardian of a child.</param>
/// <param name="ReceivedBy">The role of who received them, a code; nobody's name.</param>
/// <param name="Care">What they need on from there, codes: medical, mobility, child, interpreter, psychosocial.</param>
/// <param name="Shared">Which of it was told to the receiver.</param>
/// <param name="Basis">On what ground: consent, guardian, vital-interest, none.</param>
[Stored("handed_over")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record HandedOver(
    Guid HandoverId, string To, string? Receiver, Guid? GuardianId, string ReceivedBy, IReadOnlyList<string> Care, IReadOnlyList<string> Shared, string Basis,
    [property: Personal] string? Place, string Officer, DateTimeOffset At) : Event(At)
{
    /// <summary>A protection officer recorded it (rules C and T). Null in events from before it was recorded.</summary>
    public bool? ByProtection { get; init; }
}

/// <summary>Nobody took over in time; the case escalates (rule K).</summary>
[Stored("handover_overdue")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record HandoverOverdue(Guid HandoverId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The person is out of danger and not at home: how they go on must be planned. Opened by itself.</summary>
/// <param name="DueAt">By when there should be a plan (rule K).</param>
[Stored("onward_opened")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record OnwardOpened(Guid OnwardId, string? Country, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>How the person goes on, or that they stay for now; replaces what was planned before.</summary>
/// <param name="Destination">Alpha-3 code.</param>
/// <param name="Means">A code: flight, road, sea, rail, stay.</param>
/// <param name="Responsible">The code of the post or agency that sees to it.</param>
[Stored("onward_planned")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record OnwardPlanned(
    Guid OnwardId, string Destination, string Means, DateOnly On, string Responsible, [property: Personal] string? Notes, string Officer, DateTimeOffset At) : Event(At)
{
    /// <summary>Alpha-3 codes of the countries on the way; null: none was told.</summary>
    public IReadOnlyList<string>? Transits { get; init; }

    /// <summary>The adult who goes with a child; null before this was asked.</summary>
    public Guid? CompanionId { get; init; }
}

/// <summary>What was planned leads where the person may not be taken any more: it is to be planned anew.</summary>
/// <param name="Reason">The rule as a code: fears-destination.</param>
[Stored("onward_voided")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record OnwardVoided(Guid OnwardId, string Reason, DateTimeOffset At) : Event(At);

/// <summary>Nobody planned it in time; the case escalates (rule K).</summary>
[Stored("onward_overdue")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record OnwardOverdue(Guid OnwardId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Nothing of it is left to do.</summary>
/// <param name="Outcome">A code: moved-on, stays, left-by-themselves.</param>
[Stored("onward_done")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record OnwardDone(Guid OnwardId, string Outcome, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person came home: help with starting again is to be offered. Opened by itself.</summary>
/// <param name="DueAt">By when they should have been asked (rule K).</param>
[Stored("reintegration_offered")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReintegrationOffered(Guid CaseId, string Country, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Whether they want to be helped and asked how they are.</summary>
/// <param name="Contacts">When they are asked.</param>
[Stored("reintegration_answered")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReintegrationAnswered(Guid CaseId, bool Agreed, IReadOnlyList<DateTimeOffset> Contacts, string Officer, DateTimeOffset At) : Event(At);

/// <summary>They were asked how they are.</summary>
/// <param name="Number">Which of the contacts, from 1.</param>
/// <param name="Outcome">A code: well, needs-help, referred, not-reached.</param>
[Stored("reintegration_followed_up")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReintegrationFollowedUp(Guid CaseId, int Number, string Outcome, [property: Personal] string? Notes, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nobody asked in time; the case escalates (rule K).</summary>
/// <param name="Number">Which of the contacts; 0: whether they want it.</param>
[Stored("reintegration_overdue")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReintegrationOverdue(Guid CaseId, int Number, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Nobody asks them any more.</summary>
/// <param name="Outcome">A code: settled, moved-on, withdrawn, lost-contact.</param>
[Stored("reintegration_closed")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReintegrationClosed(Guid CaseId, string Outcome, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// The seeker was told that this person has arrived in safety. On the timeline of the one who is sought, in one append with
/// <see cref="RelativeArrived"/>: a wish that changes at that moment comes before or after it.
/// </summary>
[Stored("arrival_told")]
[AppendedBy(Service.ConsularContact)]
public sealed record ArrivalTold(Guid RequestId, DateTimeOffset At) : Event(At);

/// <summary>The relative who was found has arrived in safety, and lets it be known. Where is not told. On the timeline of the one who seeks.</summary>
/// <param name="WaveId">The message that says there is news; null when no way to send one was set up.</param>
[Stored("relative_arrived")]
[AppendedBy(Service.ConsularContact)]
public sealed record RelativeArrived(Guid RequestId, Guid PersonId, Guid? WaveId, DateTimeOffset At) : Event(At);

/// <summary>
/// What was told of this person's arrival does not hold: they have not arrived. On the timeline of the one who is sought, in
/// one append with <see cref="RelativeArrivalTakenBack"/>.
/// </summary>
[Stored("arrival_taken_back")]
[AppendedBy(Service.ConsularContact)]
public sealed record ArrivalTakenBack(Guid RequestId, DateTimeOffset At) : Event(At);

/// <summary>The relative has not arrived after all. On the timeline of the one who seeks.</summary>
/// <param name="WaveId">The message that asks them to call; null when they were told nothing yet, or no way to send one was set up.</param>
[Stored("relative_arrival_taken_back")]
[AppendedBy(Service.ConsularContact)]
public sealed record RelativeArrivalTakenBack(Guid RequestId, Guid PersonId, Guid? WaveId, DateTimeOffset At) : Event(At);
