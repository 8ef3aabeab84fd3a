namespace CrisisCoordination.Contracts;

/// <summary>Something keeps the person from leaving, and somebody has until <paramref name="DueAt"/> to clear it (rule K).</summary>
/// <param name="Kind">A code: withheld-passport, exit-permit, employer, debt, checkpoint.</param>
/// <param name="State">Whose permission is missing, as alpha-3 code; only for exit-permit, and null when it was not said.</param>
/// <param name="Owner">The account that sees to it.</param>
/// <param name="Note">What is known, in words.</param>
[Stored("exit_barrier_raised")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitBarrierRaised(
    Guid BarrierId, string Kind, string? State, string Owner, DateTimeOffset DueAt, [property: Personal] string? Note, DateTimeOffset At) : Event(At);

/// <summary>It no longer keeps the person.</summary>
/// <param name="Outcome">How it was cleared, in words.</param>
[Stored("exit_barrier_resolved")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitBarrierResolved(Guid BarrierId, string Officer, [property: Personal] string? Outcome, DateTimeOffset At) : Event(At);

/// <summary>It was not cleared in time; the case escalates (rule K).</summary>
[Stored("exit_barrier_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record ExitBarrierOverdue(Guid BarrierId, string Kind, string Owner, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);
