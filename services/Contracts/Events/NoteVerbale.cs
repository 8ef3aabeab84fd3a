namespace CrisisCoordination.Contracts;

/// <summary>A state was asked to let people leave. The note's own timeline.</summary>
/// <param name="State">Alpha-3 code of the state that was asked.</param>
/// <param name="People">For whom.</param>
[Stored("note_verbale_sent")]
[AppendedBy(Service.ConsularContact)]
public sealed record NoteVerbaleSent(string State, IReadOnlyList<Guid> People, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The state answered for some or all of the people. The note's own timeline, in one append with what it means for each.</summary>
[Stored("note_verbale_answered")]
[AppendedBy(Service.ConsularContact)]
public sealed record NoteVerbaleAnswered(IReadOnlyList<Guid> Granted, IReadOnlyList<Guid> Refused, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A state was asked to let the person leave.</summary>
[Stored("exit_permission_asked")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionAsked(Guid NoteId, string State, DateTimeOffset At) : Event(At)
{
    /// <summary>By when the state should have answered (rule K).</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>The state did not answer in time; the case escalates (rule K).</summary>
[Stored("exit_permission_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionOverdue(Guid NoteId, string State, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The state lets the person leave.</summary>
/// <param name="ValidUntil">Last day, or null when none was named.</param>
[Stored("exit_permission_granted")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionGranted(Guid NoteId, string State, DateOnly? ValidUntil, DateTimeOffset At) : Event(At)
{
    /// <summary>The account that recorded it, and sees to it when it expires.</summary>
    public string? Officer { get; init; }

    /// <summary>The exit barrier that it turns into when it expires unused.</summary>
    public Guid? BarrierId { get; init; }
}

/// <summary>The last day of a permission is over and the person is still there: the exit permit is missing again.</summary>
[Stored("exit_permission_expired")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionExpired(Guid NoteId, string State, DateOnly ValidUntil, DateTimeOffset At) : Event(At);

/// <summary>The state does not let the person leave.</summary>
[Stored("exit_permission_refused")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionRefused(Guid NoteId, string State, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>Every state that was asked lets the person leave, and no exit permit is missing.</summary>
[Stored("ready_to_leave")]
[AppendedBy(Service.ConsularContact)]
public sealed record ReadyToLeave(DateTimeOffset At) : Event(At);
