using CrisisCoordination.Contracts;

namespace CrisisCoordination.Timeline;

/// <summary>What a decision comes to: events to append, nothing new, or a refusal.</summary>
public sealed class Decision
{
    private Decision(IReadOnlyList<Event> events, Refusal? refusal) => (Events, Refusal) = (events, refusal);

    /// <summary>It is already so, or it does not matter: nothing to append.</summary>
    public static Decision Nothing { get; } = new([], null);

    /// <summary>What is now true, in order. Empty when refused.</summary>
    public IReadOnlyList<Event> Events { get; }

    /// <summary>Why not, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>These events, in order.</summary>
    public static Decision Of(params IEnumerable<Event> events) => events.ToArray() is { Length: > 0 } all ? new(all, null) : Nothing;

    /// <summary>One event.</summary>
    public static implicit operator Decision(Event @event) => new([@event], null);

    /// <summary>A refusal.</summary>
    public static implicit operator Decision(Refusal refusal) => new([], refusal);
}

/// <summary>Why something asked for is not done: an expected answer, not a fault.</summary>
/// <param name="Code">Stable, such as <c>travel-document/second-officer-needed</c>; the problem's type over HTTP.</param>
/// <param name="Detail">A sentence that a tired officer understands and that says what to do.</param>
/// <param name="Kind">Which HTTP status it maps to.</param>
/// <param name="Field">The field at fault, where one is.</param>
public sealed record Refusal(string Code, string Detail, RefusalKind Kind, string? Field = null)
{
    /// <summary>422: what was sent cannot be taken.</summary>
    public static Refusal Invalid(string code, string detail, string? field = null) => new(code, detail, RefusalKind.Invalid, field);

    /// <summary>404: there is no such thing, or not for the asker.</summary>
    public static Refusal NotFound(string code, string detail) => new(code, detail, RefusalKind.NotFound);

    /// <summary>410: there was such a thing, and it does not come back.</summary>
    public static Refusal Gone(string code, string detail) => new(code, detail, RefusalKind.Gone);

    /// <summary>409: not in the state the thing is in now.</summary>
    public static Refusal Conflict(string code, string detail) => new(code, detail, RefusalKind.Conflict);

    /// <summary>412: somebody changed it since it was read.</summary>
    public static Refusal Stale(string code, string detail) => new(code, detail, RefusalKind.Stale);

    /// <summary>403: not by this person.</summary>
    public static Refusal Forbidden(string code, string detail) => new(code, detail, RefusalKind.Forbidden);
}

/// <summary>The kinds of refusal.</summary>
public enum RefusalKind { Invalid, NotFound, Conflict, Forbidden, Stale, Gone }

/// <summary>A state that is a fold of events.</summary>
/// <typeparam name="TSelf">The immutable record itself.</typeparam>
public interface IFold<TSelf> where TSelf : IFold<TSelf>
{
    /// <summary>The state before any event.</summary>
    static abstract TSelf Start(Guid id);

    /// <summary>The state after one more event; events that do not matter to it change nothing.</summary>
    TSelf Apply(Event @event);
}
