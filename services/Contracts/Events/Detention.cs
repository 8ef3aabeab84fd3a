namespace CrisisCoordination.Contracts;

/// <summary>The person is held by the authorities of a state.</summary>
/// <param name="State">Alpha-3 code of the state that holds them.</param>
/// <param name="Place">Where, in words.</param>
/// <param name="Authority">Which authority, in words.</param>
/// <param name="VisitDueAt">By when an officer should have seen them (rule K).</param>
[Stored("detention_reported")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionReported(
    Guid DetentionId, string State, [property: Personal] string? Place, [property: Personal] string? Authority, DateTimeOffset VisitDueAt, DateTimeOffset At) : Event(At);

/// <summary>
/// The detained person wants the consular post of a state to be told (Vienna Convention on Consular Relations Art. 36 (1) (b):
/// at their request, without delay). Nobody else can want it for them, and a state they fear is never told (rule N).
/// </summary>
/// <param name="To">Alpha-3 code of the state to tell.</param>
/// <param name="DueAt">By when it must have been told (rule K).</param>
[Stored("detention_notice_asked")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionNoticeAsked(
    Guid DetentionId, Guid NoticeId, [property: Personal] string? To, string Officer, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The person does not want it any more, before it was given.</summary>
[Stored("detention_notice_withdrawn")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionNoticeWithdrawn(Guid DetentionId, Guid NoticeId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The post was told.</summary>
[Stored("detention_notice_given")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionNoticeGiven(Guid DetentionId, Guid NoticeId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The post was not told in time; the case escalates (rule K).</summary>
[Stored("detention_notice_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionNoticeOverdue(Guid DetentionId, Guid NoticeId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>An officer saw the detained person.</summary>
/// <param name="Officer">The account of who went.</param>
/// <param name="Findings">In words.</param>
/// <param name="NextDueAt">By when they should be seen again (rule K).</param>
[Stored("detainee_visited")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetaineeVisited(
    Guid DetentionId, Guid VisitId, string Officer, [property: Personal] string? Findings, DateTimeOffset NextDueAt, DateTimeOffset At) : Event(At);

/// <summary>Nobody saw the detained person in time; the case escalates (rule K).</summary>
[Stored("detention_visit_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionVisitOverdue(Guid DetentionId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>Somebody speaks for the detained person before the law.</summary>
/// <param name="Counsel">Name and how to reach them.</param>
[Stored("detainee_counsel_named")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetaineeCounselNamed(Guid DetentionId, [property: Personal] string? Counsel, DateTimeOffset At) : Event(At);

/// <summary>The person is free.</summary>
[Stored("detention_ended")]
[AppendedBy(Service.ConsularContact)]
public sealed record DetentionEnded(Guid DetentionId, string Officer, DateTimeOffset At) : Event(At);
