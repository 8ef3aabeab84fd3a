using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>One message about a crisis: an alert, an update, or a cancel (then it has no areas).</summary>
internal sealed record AlertMessage(AlertReference Self, IReadOnlyList<AlertReference> References, bool Cancels, string Name, IReadOnlyList<AffectedArea> Areas, DateTimeOffset Sent)
{
    /// <summary>Until when its sender stands by it; null when it does not say.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>
/// A crisis, as the intake needs it. What holds is a function of all messages that came, not of their order: the latest one
/// that no later message took the place of or cancelled. When none is left the crisis has ended; people are still registered
/// in it, for an end of the danger is no end of the need, but no area counts as affected.
/// </summary>
internal sealed record Crisis(Guid Id, CrisisOpened? Opened) : IFold<Crisis>
{
    public const string Actual = "Actual";

    public ImmutableList<AlertMessage> Messages { get; private init; } = [];

    /// <summary>The message in force.</summary>
    public AlertMessage? Current { get; private init; }

    /// <summary>In which countries it is; null: nobody has told.</summary>
    public CrisisCountriesSet? Countries { get; private init; }

    /// <summary>What waits for a second officer.</summary>
    public CrisisCountriesChangeProposed? ProposedCountries { get; private init; }

    /// <summary>Not actual: an exercise, a test, a system message or a draft. It runs in full, beside the actual ones, and whatever leaves the house says so.</summary>
    public bool IsExercise => Opened is not null and not { Status: Actual };

    public bool Ended => Opened is not null && Current is null;

    /// <summary>
    /// Its sender no longer stands by the message in force and has sent no other. Nobody leaves an area by that: late updates
    /// are the rule, and in doubt a person counts as exposed. An officer asks for an update or a cancel.
    /// </summary>
    public bool HasExpired(DateTimeOffset now) => Current?.Expires <= now;

    public string Name => (Current?.Name ?? Opened?.Name)!;

    public IReadOnlyList<AffectedArea> Areas => Current?.Areas ?? [];

    public static Crisis Start(Guid id) => new(id, null);

    public Crisis Apply(Event @event) => @event switch
    {
        CrisisOpened e => (this with { Opened = e }).With(new(new(e.Sender, e.Identifier), e.References, false, e.Name, e.Areas, e.At) { Expires = e.Expires }),
        CrisisUpdated e => With(new(new(e.Sender, e.Identifier), e.References, false, e.Name, e.Areas, e.At) { Expires = e.Expires }),
        CrisisAlertCancelled e => With(new(new(e.Sender, e.Identifier), e.References, true, "", [], e.At)),
        CrisisCountriesSet e => this with { Countries = e, ProposedCountries = null },
        CrisisCountriesChangeProposed e => this with { ProposedCountries = e },
        CrisisCountriesChangeConfirmed e => this with { Countries = new(e.Countries, e.Officer, e.At), ProposedCountries = null },
        _ => this,
    };

    public bool Knows(AlertReference message) => Messages.Exists(known => known.Self == message);

    public static Refusal Unknown => CrisisRefusals.Unknown;

    /// <summary>Whether who registered is in an affected area.</summary>
    public bool Affects(Registration form) => Affects(form.Position, form.Place);

    /// <summary>
    /// By position; without one, by a place whose name the area's name contains ("Khartoum, Burri" in "Khartoum, Omdurman and
    /// Bahri"). In doubt a person counts as exposed, not as safe.
    /// </summary>
    public bool Affects(Position? position, string? place) => position is not null
        ? Areas.Any(area => area.Contains(position))
        : place is not null && Areas.Any(area => Words(place).Intersect(Words(area.Name)).Any());

    private Crisis With(AlertMessage message)
    {
        if (Knows(message.Self)) return this;
        var all = Messages.Add(message);
        return this with { Messages = all, Current = all.Where(m => !m.Cancels && !all.Exists(later => IsLater(later, m) && later.References.Contains(m.Self))).MaxBy(m => (m.Sent.UtcTicks, m.Self.Identifier, m.Self.Sender)) };
    }

    // A message takes the place of earlier ones only: two that name each other would leave none.
    private static bool IsLater(AlertMessage later, AlertMessage earlier) =>
        (later.Sent.UtcTicks, later.Self.Identifier, later.Self.Sender).CompareTo((earlier.Sent.UtcTicks, earlier.Self.Identifier, earlier.Self.Sender)) > 0;

    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', ',', ';', '(', ')', '/'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3);

    public static IEnumerable<IProjection> ReadModels(string schema)
    {
        Type[] on = [typeof(CrisisOpened), typeof(CrisisUpdated), typeof(CrisisAlertCancelled)];
        yield return new Projection<Crisis>($"{schema}.crisis", 3,
            [("identifier", "text not null"), ("sender", "text not null"), ("status", "text not null"), ("name", "text not null"), ("areas", "text[] not null"), ("opened_at", "timestamptz not null"), ("ended", "boolean not null"), ("expires_at", "timestamptz")],
            c => c.Opened is { } o ? [[o.Identifier, o.Sender, o.Status, c.Name, c.Areas.Select(a => a.Name).ToArray(), o.At.ToUniversalTime(), c.Ended, c.Current?.Expires?.ToUniversalTime()]] : [], on);
        // Every message that came or was referred to belongs to one crisis.
        yield return new Projection<Crisis>($"{schema}.crisis_message", 1, [("sender", "text not null"), ("identifier", "text not null")],
            c => c.Messages.SelectMany(m => m.References.Prepend(m.Self)).Distinct().Select(m => new object?[] { m.Sender, m.Identifier }), on,
            "alter table {table} add unique (sender, identifier) deferrable initially deferred");
    }
}
