namespace CrisisCoordination.Contracts;

/// <summary>
/// The holder of a tracking token told something that the token does not let them change: of a record that their registration was
/// merged into, or another name, birth date or document for somebody whom an officer has met. It changes nothing until an officer
/// accepts it; a newer one of the same kind for the same registration takes its place and keeps its clock.
/// </summary>
/// <param name="RegistrationId">The registration that the token came with.</param>
/// <param name="What">A code: registration, check-in, evacuation-consent-withdrawal.</param>
/// <param name="State">How they say they are, for a check-in.</param>
/// <param name="Place">The place in words, for a check-in.</param>
/// <param name="Position">Where they say they are, for a check-in.</param>
/// <param name="Form">The whole form as they want it, for a registration.</param>
/// <param name="DueAt">Until when an officer answers (rule K).</param>
[Stored("change_proposed")]
[AppendedBy(Service.ConsularContact)]
public sealed record ChangeProposed(
    Guid ProposalId, Guid RegistrationId, string What, string? State, [property: Personal] string? Place,
    [property: Personal] Position? Position, [property: Personal] Registration? Form, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>An officer accepted what was proposed; what it changes follows in the same append.</summary>
[Stored("proposal_accepted")]
[AppendedBy(Service.ConsularContact)]
public sealed record ProposalAccepted(Guid ProposalId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>An officer declined what was proposed.</summary>
[Stored("proposal_declined")]
[AppendedBy(Service.ConsularContact)]
public sealed record ProposalDeclined(Guid ProposalId, string Officer, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>No officer answered in time (rule K).</summary>
[Stored("proposal_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record ProposalOverdue(Guid ProposalId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody whom nobody has seen said that their life is in danger, and no officer has spoken to them in time (rule K).</summary>
/// <param name="ClaimedAt">When it was told.</param>
[Stored("unseen_danger_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record UnseenDangerOverdue(DateTimeOffset ClaimedAt, DateTimeOffset At) : Event(At);
