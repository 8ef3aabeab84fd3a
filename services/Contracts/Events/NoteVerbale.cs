namespace CrisisCoordination.Contracts;

/// <summary>A state was asked to let people leave. The note's own timeline.</summary>
/// <param name="State">Alpha-3 code of the state that was asked.</param>
/// <param name="People">For whom.</param>
[AppendedBy(Service.ConsularContact)]
public sealed record NoteVerbaleSent(string State, IReadOnlyList<Guid> People, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The state answered for some or all of the people. The note's own timeline, in one append with what it means for each.</summary>
[AppendedBy(Service.ConsularContact)]
public sealed record NoteVerbaleAnswered(IReadOnlyList<Guid> Granted, IReadOnlyList<Guid> Refused, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A state was asked to let the person leave.</summary>
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionAsked(Guid NoteId, string State, DateTimeOffset At) : Event(At);

/// <summary>The state lets the person leave.</summary>
/// <param name="ValidUntil">Last day, or null when none was named.</param>
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionGranted(Guid NoteId, string State, DateOnly? ValidUntil, DateTimeOffset At) : Event(At);

/// <summary>The state does not let the person leave.</summary>
[AppendedBy(Service.ConsularContact)]
public sealed record ExitPermissionRefused(Guid NoteId, string State, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>Every state that was asked lets the person leave, and no exit permit is missing.</summary>
[AppendedBy(Service.ConsularContact)]
public sealed record ReadyToLeave(DateTimeOffset At) : Event(At);
