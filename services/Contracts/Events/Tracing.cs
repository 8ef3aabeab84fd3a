namespace CrisisCoordination.Contracts;

/// <summary>Who may learn that the person is here. Until it is said, nobody without the person's consent.</summary>
/// <param name="Wish">A code: anyone, with-consent, nobody.</param>
[Stored("tracing_wish_recorded")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingWishRecorded(string Wish, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person looks for a relative.</summary>
/// <param name="Sought">What they tell of the relative, as far as known.</param>
/// <param name="Relation">What the relative is to them: a code such as child, parent, spouse, sibling.</param>
[Stored("tracing_requested")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingRequested(Guid RequestId, [property: Personal] Registration? Sought, string Relation, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person does not look for them any more.</summary>
[Stored("tracing_withdrawn")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingWithdrawn(Guid RequestId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// Somebody looks for a relative who may be this person. On the timeline of the one who is sought: whoever seeks learns
/// nothing of it before the person agrees.
/// </summary>
/// <param name="Score">Log2 odds that the one described is this person.</param>
/// <param name="Evidence">What agreed and what did not, per field, in codes.</param>
/// <param name="AnswerDueAt">By when the person should have been asked (rule K).</param>
[Stored("tracing_match_found")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingMatchFound(
    Guid RequestId, Guid SeekerId, double Score, IReadOnlyList<string> Evidence, DateTimeOffset AnswerDueAt, DateTimeOffset At) : Event(At);

/// <summary>Nobody asks the person about it any more.</summary>
/// <param name="Why">A code: not-the-person, withdrawn.</param>
[Stored("tracing_match_closed")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingMatchClosed(Guid RequestId, string Why, [property: Personal] string? Note, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Whether the one who seeks may know.</summary>
/// <param name="By">Who said it, a code: self, guardian, best-interests (a protection officer for a child), wish (what the person said before).</param>
[Stored("tracing_answered")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingAnswered(Guid RequestId, bool Agreed, string By, Guid? GuardianId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nobody asked the person in time; the case escalates (rule K).</summary>
[Stored("tracing_answer_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record TracingAnswerOverdue(Guid RequestId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The relative was found and agrees to it being known. On the timeline of the one who seeks, in one append with the answer.</summary>
/// <param name="Message">What the relative lets them know.</param>
[Stored("relative_found")]
[AppendedBy(Service.ConsularContact)]
public sealed record RelativeFound(Guid RequestId, Guid PersonId, [property: Personal] string? Message, DateTimeOffset At) : Event(At);
