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
[Stored("manifest_sealed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ManifestSealed(int Number, string Sha256, int People, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Plans may change the manifest again.</summary>
/// <param name="Reason">A code: wrong-people, capacity-changed, departure-changed, partner-asked.</param>
[Stored("manifest_unsealed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ManifestUnsealed(string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Who holds a space is at the gate. On the transport's timeline, in one append with <see cref="CheckedInAtGate"/>.</summary>
/// <param name="Gate">Which, where a departure has several.</param>
[Stored("space_checked_in")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceCheckedIn(Guid PersonId, string? Gate, DateTimeOffset At) : Event(At);

/// <summary>The person is at the gate of the transport and was let through.</summary>
[Stored("checked_in_at_gate")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record CheckedInAtGate(Guid TransportId, string? Gate, string Officer, DateTimeOffset At) : Event(At);

/// <summary>
/// The transport is there; who is on it is being counted. Unlike <see cref="TransportArrived"/> it says of nobody that they
/// arrived: each does when they are counted. The transport's own timeline.
/// </summary>
[Stored("arrival_reported")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ArrivalReported(string Officer, DateTimeOffset At) : Event(At);

/// <summary>Who was expected was counted as present. On the transport's timeline, in one append with <see cref="Arrived"/>.</summary>
[Stored("space_counted")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceCounted(Guid PersonId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Who was expected is not there. On the transport's timeline, in one append with <see cref="MissingAtArrival"/>.</summary>
[Stored("space_missing")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceMissing(Guid PersonId, bool Child, string Officer, DateTimeOffset At) : Event(At);

/// <summary>One count says that the person is there and another that they are not. Nothing is changed by it until an officer has looked.</summary>
/// <param name="Present">What this count says.</param>
[Stored("count_disputed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record CountDisputed(Guid PersonId, bool Present, string Officer, DateTimeOffset At) : Event(At);

/// <summary>An officer looked: who was missing or disputed is settled. On the transport's timeline.</summary>
/// <param name="Arrived">Whether they came with the transport; otherwise they never were on it.</param>
[Stored("space_found")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceFound(Guid PersonId, bool Arrived, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Somebody came who was not on board by the manifest. On the transport's timeline.</summary>
/// <param name="PersonId">Who, where they are registered.</param>
/// <param name="NoteId">The timeline of the <see cref="UnexpectedNoted"/> that describes them, where they are not.</param>
[Stored("unexpected_found")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record UnexpectedFound(Guid? PersonId, Guid? NoteId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>What is known of somebody who came and is not registered. A timeline of its own, so that it has a key of its own.</summary>
[Stored("unexpected_noted")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record UnexpectedNoted(Guid TransportId, [property: Personal] string? Note, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The count is closed: whoever was not counted is missing. The transport's own timeline.</summary>
[Stored("manifest_reconciled")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record ManifestReconciled(int Present, int Missing, int Unexpected, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person was on board when the transport left and not when it arrived. They have not arrived.</summary>
/// <param name="Child">Whether they are, or may be, under 18: then everybody looks for them at once.</param>
/// <param name="DueAt">By when they should have been found (rule K).</param>
[Stored("missing_at_arrival")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record MissingAtArrival(Guid TransportId, bool Child, DateTimeOffset DueAt, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Who was missing was found.</summary>
/// <param name="Arrived">Whether they came with the transport (<see cref="Contracts.Arrived"/> follows); otherwise they never were on it.</param>
[Stored("found_after_arrival")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record FoundAfterArrival(Guid TransportId, bool Arrived, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person came with a transport on which they had no space.</summary>
[Stored("unexpected_at_arrival")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record UnexpectedAtArrival(Guid TransportId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Nobody has found the person yet; the case escalates, and again at <paramref name="NextDueAt"/> (rule K).</summary>
[Stored("missing_person_overdue")]
[AppendedBy(Service.ConsularContact)]
public sealed record MissingPersonOverdue(Guid TransportId, DateTimeOffset DueAt, DateTimeOffset NextDueAt, DateTimeOffset At) : Event(At);

/// <summary>People are at the gate and wait together for a space. The transport's own timeline.</summary>
/// <param name="People">Those without a space on it.</param>
/// <param name="With">Of their household, those who have one.</param>
[Stored("standby_joined")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record StandbyJoined(IReadOnlyList<Guid> People, IReadOnlyList<Guid> With, DateTimeOffset At) : Event(At);

/// <summary>They no longer wait for a space on it; whoever gets one (<see cref="SpaceTaken"/>) does so without a word. The transport's own timeline.</summary>
/// <param name="Reason">A code: left, seated-elsewhere.</param>
[Stored("standby_left")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record StandbyLeft(IReadOnlyList<Guid> People, string Reason, DateTimeOffset At) : Event(At);

/// <summary>The person waits at the gate for a space; nobody waits at two.</summary>
[Stored("standby_started")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record StandbyStarted(Guid TransportId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person no longer waits there.</summary>
/// <param name="Reason">As in <see cref="StandbyLeft"/>.</param>
[Stored("standby_ended")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record StandbyEnded(Guid TransportId, string Reason, DateTimeOffset At) : Event(At);
