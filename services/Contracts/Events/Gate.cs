namespace CrisisCoordination.Contracts;

/// <summary>
/// The manifest is sealed: from now on no plan adds anybody to it or moves them, only the gate does. The transport's own timeline.
/// </summary>
/// <param name="Number">1 for the first seal, one more for each after it.</param>
/// <param name="Sha256">
/// In hexadecimal, over the transport's id and, in the order of their ids, each person's id and space (seat, lap, wheelchair,
/// stretcher), a line each in UTF-8: whoever holds a list can tell which one it is.
/// </param>
/// <param name="People">How many are on it.</param>
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ManifestSealed(int Number, string Sha256, int People, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Plans may change the manifest again.</summary>
/// <param name="Reason">A code: wrong-people, capacity-changed, departure-changed, partner-asked.</param>
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ManifestUnsealed(string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Who holds a space is at the gate. On the transport's timeline, in one append with <see cref="CheckedInAtGate"/>.</summary>
/// <param name="Gate">Which, where a departure has several.</param>
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceCheckedIn(Guid PersonId, string? Gate, DateTimeOffset At) : Event(At);

/// <summary>The person is at the gate of the transport and was let through.</summary>
[AppendedBy(Service.EvacuationPlanning)]
public sealed record CheckedInAtGate(Guid TransportId, string? Gate, string Officer, DateTimeOffset At) : Event(At);
