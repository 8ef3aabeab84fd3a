using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>An event as it stands in the store.</summary>
/// <param name="Id">The event's id; also the MessageId when it is published.</param>
/// <param name="StreamId">The timeline it is on.</param>
/// <param name="Version">1-based position in its timeline.</param>
/// <param name="Position">Its place in the feed.</param>
/// <param name="Event">What happened.</param>
/// <param name="RecordedAt">When the store learnt of it (UTC).</param>
/// <param name="User">The account that acted, or null when a service decided by itself.</param>
/// <param name="CausedBy">The event that woke the decider, or null.</param>
public sealed record RecordedEvent(
    Guid Id, Guid StreamId, long Version, FeedPosition Position, Event Event, DateTimeOffset RecordedAt, string? User, Guid? CausedBy);

/// <summary>
/// A place in the feed: events are read in the order of the transaction that wrote them, then of their number.
/// </summary>
public readonly record struct FeedPosition(ulong TransactionId, long SeqId) : IComparable<FeedPosition>
{
    /// <summary>Before everything.</summary>
    public static FeedPosition Start => default;

    /// <inheritdoc/>
    public int CompareTo(FeedPosition other) =>
        TransactionId != other.TransactionId ? TransactionId.CompareTo(other.TransactionId) : SeqId.CompareTo(other.SeqId);

    public static bool operator <(FeedPosition left, FeedPosition right) => left.CompareTo(right) < 0;
    public static bool operator >(FeedPosition left, FeedPosition right) => left.CompareTo(right) > 0;
    public static bool operator <=(FeedPosition left, FeedPosition right) => left.CompareTo(right) <= 0;
    public static bool operator >=(FeedPosition left, FeedPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// Which part of a timeline to read. <paramref name="AsOf"/>: what had happened by then. <paramref name="KnownAt"/>:
/// what had been recorded by then. Both given: what we knew at one time of another.
/// </summary>
public readonly record struct Moment(DateTimeOffset? AsOf = null, DateTimeOffset? KnownAt = null)
{
    /// <summary>Everything.</summary>
    public static Moment Now => default;

    /// <summary>Whether the event belongs to that part.</summary>
    public bool Holds(RecordedEvent e) => Holds(e.Event, e.RecordedAt);

    internal bool Holds(Event @event, DateTimeOffset recordedAt) =>
        (AsOf is not { } asOf || @event.At <= asOf) && (KnownAt is not { } knownAt || recordedAt <= knownAt);
}
