using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>How a store is set up.</summary>
public sealed record TimelineOptions
{
    /// <summary>The database schema of the timelines.</summary>
    public string Schema { get; init; } = "timeline";

    /// <summary>32 bytes that wrap every person's key. Lose it and all personal data is lost.</summary>
    public required byte[] MasterKey { get; init; }

    /// <summary>The events that the store knows.</summary>
    public EventTypes Events { get; init; } = EventTypes.House;

    /// <summary>Read models written with the events.</summary>
    public IReadOnlyList<IProjection> Inline { get; init; } = [];

    /// <summary>
    /// What no decision may append, such as a fact that is older than what it is about: asked with what a timeline tells, what
    /// would be appended to it, by whom, and our clock, before anything is stored. Null: nothing is refused.
    /// </summary>
    public Func<IEnumerable<Event>, IReadOnlyList<Event>, By, DateTimeOffset, Refusal?>? Refuses { get; init; }
}
