using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// What a service does when something happened. Whatever wakes it (a message, the history at first start, a clock, a parked
/// wake tried again), it looks at the timeline and decides there; woken twice, late or out of order it decides nothing new.
/// </summary>
public sealed class Reactions
{
    private readonly Dictionary<Type, List<Func<Woken, Task>>> onEvent = [];
    private readonly Dictionary<string, Func<Woken, Task>> onDue = [];

    /// <summary>The events it listens to.</summary>
    public IReadOnlyCollection<Type> Events => onEvent.Keys;

    /// <summary>Whether it has deadlines.</summary>
    public bool HasDeadlines => onDue.Count > 0;

    /// <summary>The kinds of deadline that it decides on; they are stored with the due times.</summary>
    public IReadOnlyCollection<string> Deadlines => onDue.Keys;

    /// <summary>On any of these events decide anew about the timeline that the event is on.</summary>
    public Reactions On<T>(Func<T, DateTimeOffset, Decision> decide, params Type[] events) where T : IFold<T> =>
        On(woken => woken.Timeline.DecideAsync<T>(woken.StreamId, state => decide(state, woken.Now), woken.By, woken.Stopping), events);

    /// <summary>On any of these events run a piece of work that may take several timelines.</summary>
    public Reactions On(Func<Woken, Task> react, params Type[] events)
    {
        foreach (var type in events)
        {
            if (!onEvent.TryGetValue(type, out var reactions)) onEvent[type] = reactions = [];
            reactions.Add(react);
        }
        return this;
    }

    /// <summary>When a deadline of that kind falls due decide anew about its timeline.</summary>
    public Reactions OnDue<T>(string kind, Func<T, DateTimeOffset, Decision> decide) where T : IFold<T>
    {
        onDue.Add(kind, woken => woken.Timeline.DecideAsync<T>(woken.StreamId, state => decide(state, woken.Now), woken.By, woken.Stopping));
        return this;
    }

    /// <summary>When a deadline of that kind falls due run a piece of work that may take several timelines.</summary>
    public Reactions OnDue(string kind, Func<Woken, Task> react)
    {
        onDue.Add(kind, react);
        return this;
    }

    internal async Task WakeAsync(Type @event, Woken woken)
    {
        foreach (var react in onEvent.GetValueOrDefault(@event) ?? []) await react(woken);
    }

    internal Task DueAsync(string kind, Woken woken) => onDue.TryGetValue(kind, out var react) ? react(woken) : Task.CompletedTask;
}

/// <summary>What a reaction gets to work with.</summary>
/// <param name="Timeline">The store.</param>
/// <param name="Services">The service's other parts.</param>
/// <param name="StreamId">The timeline to look at.</param>
/// <param name="By">To pass on, so that what is appended names its cause.</param>
/// <param name="Now">The time.</param>
/// <param name="Stopping">Cancelled when the service stops.</param>
public sealed record Woken(TimelineStore Timeline, IServiceProvider Services, Guid StreamId, By By, DateTimeOffset Now, CancellationToken Stopping);
