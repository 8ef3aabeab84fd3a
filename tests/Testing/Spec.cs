using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>Given what happened, when somebody decides, then this: no infrastructure.</summary>
public static class Spec
{
    /// <summary>The state after these events.</summary>
    public static Given<T> Given<T>(Guid id, params IEnumerable<Event> events) where T : IFold<T> =>
        new(events.Aggregate(T.Start(id), (state, e) => (T)state.Apply(e)));
}

/// <summary>A state to decide on.</summary>
public sealed record Given<T>(T State) where T : IFold<T>
{
    /// <summary>The decision.</summary>
    public Decided When(Func<T, Decision> decide) => new(decide(State));
}

/// <summary>A decision to look at.</summary>
public sealed record Decided(Decision Decision)
{
    /// <summary>These events and no others, in order.</summary>
    public void Then(params Event[] events)
    {
        Assert.Null(Decision.Refusal);
        Assert.Equal(events.Select(e => e.GetType()), Decision.Events.Select(e => e.GetType()));
        // Records compare their lists by reference, so they are compared as they would be stored.
        Assert.Equal(events.Select(Written), Decision.Events.Select(Written));
    }

    /// <summary>One event of that type, for a closer look.</summary>
    public TEvent ThenOne<TEvent>() where TEvent : Event => Assert.IsType<TEvent>(Assert.Single(ThenAll()));

    /// <summary>The events, for a closer look.</summary>
    public IReadOnlyList<Event> ThenAll()
    {
        Assert.Null(Decision.Refusal);
        return Decision.Events;
    }

    /// <summary>Nothing new.</summary>
    public void ThenNothing() => Assert.Empty(ThenAll());

    /// <summary>Refused with that code.</summary>
    public Refusal ThenRefused(string code)
    {
        Assert.NotNull(Decision.Refusal);
        Assert.Equal(code, Decision.Refusal.Code);
        Assert.Empty(Decision.Events);
        return Decision.Refusal;
    }

    private static string Written(Event e) => System.Text.Json.JsonSerializer.Serialize(e, e.GetType());
}
