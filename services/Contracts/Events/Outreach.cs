namespace CrisisCoordination.Contracts;

/// <summary>A message to send to many, in several languages. Never changed: what people were told stays to be read. Its own timeline.</summary>
/// <param name="Texts">One for each language; English is among them.</param>
[Stored("outreach_template_written")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachTemplateWritten(string Name, IReadOnlyList<MessageText> Texts, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A message in one language.</summary>
/// <param name="Language">ISO 639-1 code.</param>
/// <param name="Subject">Of an e-mail; the name of the crisis when left out.</param>
/// <param name="Text">May hold {crisis}, {phone}, {link} and {reference}, and nothing else about the person.</param>
public sealed record MessageText(string Language, string? Subject, string Text);

/// <summary>Whom a wave is for; what is left out asks for nothing.</summary>
public sealed record OutreachFilter
{
    /// <summary>Last known inside an area of the crisis's alert; where no position is known, registered as being there.</summary>
    public bool InAffectedArea { get; init; }

    /// <summary>Last known within <see cref="RadiusKilometres"/> of here.</summary>
    public Position? Centre { get; init; }

    /// <summary>Together with <see cref="Centre"/>.</summary>
    public double? RadiusKilometres { get; init; }

    /// <summary>Alpha-3 codes; one of them.</summary>
    public IReadOnlyList<string> Nationalities { get; init; } = [];

    /// <summary>What they need now, or UNHCR codes; one of them.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>safe, needs-help, moving, left, or not-known; empty: everybody who has not left.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Not in contact for so many hours.</summary>
    public int? NotReachedForHours { get; init; }

    /// <summary>Registered themselves and missed the day's confirmation.</summary>
    public bool Unconfirmed { get; init; }

    /// <summary>Not written to by any wave for so many hours.</summary>
    public int? NotWrittenToForHours { get; init; }

    /// <summary>This person only.</summary>
    public Guid? PersonId { get; init; }
}

/// <summary>Everybody who matches is to be reached. The wave's own timeline; what becomes of each person stands on theirs.</summary>
/// <param name="Channels">The ways that may be used: sms, email, voice, call.</param>
/// <param name="Language">For whoever's own language the template does not have; English otherwise.</param>
/// <param name="Phone">Where to call back, for {phone}.</param>
/// <param name="Link">Where to read on, for {link}.</param>
/// <param name="Urgent">Shorter pauses, and no waiting for other waves.</param>
/// <param name="AwaitsAnswer">Whoever does not answer is tried another way, and visited in the end; otherwise one message is enough.</param>
/// <param name="Exercise">The crisis is no actual one: messages are written to files only.</param>
/// <param name="Posts">Whose people; null: everybody's.</param>
[Stored("outreach_wave_started")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachWaveStarted(
    Guid CrisisId, Guid TemplateId, OutreachFilter Filter, IReadOnlyList<string> Channels, string? Language, string? Phone, string? Link,
    bool Urgent, bool AwaitsAnswer, bool Exercise, IReadOnlyList<string>? Posts, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nothing more is sent until it is resumed.</summary>
[Stored("outreach_wave_paused")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachWavePaused(string Officer, DateTimeOffset At) : Event(At);

/// <summary>It goes on.</summary>
[Stored("outreach_wave_resumed")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachWaveResumed(string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nothing more is sent, ever.</summary>
[Stored("outreach_wave_cancelled")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachWaveCancelled(string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nobody is left to be reached.</summary>
/// <param name="Outcome">How many people, by what became of them.</param>
[Stored("outreach_wave_ended")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachWaveEnded(IReadOnlyDictionary<string, int> Outcome, DateTimeOffset At) : Event(At);

/// <summary>A wave is to reach the person.</summary>
/// <param name="Channels">The wave's; of them only those are used that are safe for the person.</param>
/// <param name="NotReachedForHours">The wave is for those out of contact only.</param>
[Stored("outreach_asked")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachAsked(
    Guid WaveId, IReadOnlyList<string> Channels, bool Urgent, bool AwaitsAnswer, int? NotReachedForHours, DateTimeOffset At) : Event(At);

/// <summary>The wave does not reach for the person (any more).</summary>
/// <param name="Why">A code: merged, left, detained, reached, other-record, no-safe-way, not-sent.</param>
[Stored("outreach_skipped")]
[AppendedBy(Service.ConsularContact)]
public sealed record OutreachSkipped(Guid WaveId, string Why, DateTimeOffset At) : Event(At);

/// <summary>
/// The person is being contacted. Stored before anything is sent, so that nothing is sent twice; told again under the same
/// id when it was delayed and is tried once more.
/// </summary>
/// <param name="AttemptId">Made of the person, the wave and the number of the attempt: what a provider tells repeats by.</param>
/// <param name="Channel">sms, email, voice, or call: by an operator from the call list.</param>
/// <param name="Provider">gateway, smtp, file or operators.</param>
[Stored("contact_attempted")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactAttempted(Guid AttemptId, Guid WaveId, string Channel, string Provider, DateTimeOffset At) : Event(At);

/// <summary>The provider could not take it: surely not sent yet, and tried again.</summary>
[Stored("contact_delayed")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactDelayed(Guid AttemptId, DateTimeOffset At) : Event(At);

/// <summary>The provider took the message.</summary>
[Stored("contact_sent")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactSent(Guid AttemptId, DateTimeOffset At) : Event(At);

/// <summary>The provider says that it arrived. Not that the person was reached: only an answer is contact.</summary>
[Stored("contact_delivered")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactDelivered(Guid AttemptId, DateTimeOffset At) : Event(At);

/// <summary>It did not arrive.</summary>
/// <param name="Why">A code.</param>
[Stored("contact_failed")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactFailed(Guid AttemptId, string Why, DateTimeOffset At) : Event(At);

/// <summary>Nobody knows whether it went out, and the way does not let us ask: it is not sent again.</summary>
[Stored("contact_uncertain")]
[AppendedBy(Service.ConsularContact)]
public sealed record ContactUncertain(Guid AttemptId, DateTimeOffset At) : Event(At);

/// <summary>The person answered a message.</summary>
/// <param name="ReplyId">The same for the same answer told twice.</param>
/// <param name="AttemptId">What they answered to, where it is known.</param>
/// <param name="Meaning">safe, needs-help, or other: for an officer to read.</param>
/// <param name="Text">In their words.</param>
[Stored("reply_received")]
[AppendedBy(Service.ConsularContact)]
public sealed record ReplyReceived(Guid ReplyId, Guid? AttemptId, string Channel, string Meaning, [property: Personal] string? Text, DateTimeOffset At) : Event(At);

/// <summary>An officer read the answer and did what it asks for.</summary>
[Stored("reply_handled")]
[AppendedBy(Service.ConsularContact)]
public sealed record ReplyHandled(Guid ReplyId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The wave has tried every way that is safe.</summary>
/// <param name="Why">A code: no-answer, not-delivered, no-safe-way.</param>
[Stored("person_unreachable")]
[AppendedBy(Service.ConsularContact)]
public sealed record PersonUnreachable(Guid WaveId, string Why, DateTimeOffset At) : Event(At);

/// <summary>Somebody must go and look (rule K).</summary>
[Stored("field_visit_asked")]
[AppendedBy(Service.ConsularContact)]
public sealed record FieldVisitAsked(Guid VisitId, Guid WaveId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody went.</summary>
/// <param name="Met">Whether they found the person.</param>
/// <param name="Findings">In words.</param>
[Stored("field_visit_made")]
[AppendedBy(Service.ConsularContact)]
public sealed record FieldVisitMade(Guid VisitId, string Officer, bool Met, [property: Personal] string? Findings, DateTimeOffset At) : Event(At);

/// <summary>Nobody went in time; the case escalates (rule K).</summary>
[Stored("field_visit_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record FieldVisitOverdue(Guid VisitId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);
