namespace CrisisCoordination.Triage;

/// <summary>The tiers of rule P. A lower number goes first, whatever the scores.</summary>
public enum Tier
{
    /// <summary>1: immediate danger to life.</summary>
    ImmediateDanger = 1,
    /// <summary>2: cannot survive or flee unaided.</summary>
    CannotFleeUnaided = 2,
    /// <summary>3: heightened risk.</summary>
    HeightenedRisk = 3,
    /// <summary>4: in an exposed area.</summary>
    ExposedArea = 4,
    /// <summary>5: everybody else.</summary>
    Other = 5,
}

/// <summary>One reason for a place in the ranking.</summary>
/// <param name="Code">Stable code; only grows.</param>
/// <param name="Points">Weight inside the tier.</param>
/// <param name="Sentence">The reason in plain English.</param>
/// <param name="Restricted">Tells of violence, torture or trafficking: shown to named protection staff only (rule T).</param>
public sealed record Factor(string Code, int Points, string Sentence, bool Restricted = false);

/// <summary>How urgent a person's or a group's need is, and why.</summary>
/// <param name="Tier">The most urgent tier that any factor calls for.</param>
/// <param name="Score">Sum of the factors' points; more is more urgent, inside one tier only.</param>
/// <param name="Factors">Every reason, in the rule's own order.</param>
/// <param name="RuleVersion">The version of rule P that decided.</param>
public sealed record Urgency(Tier Tier, int Score, IReadOnlyList<Factor> Factors, string RuleVersion);

/// <summary>A person or group in a ranking.</summary>
/// <param name="Id">The person's or household's id; breaks ties, so that a ranking is the same on every machine.</param>
/// <param name="Urgency">How urgent.</param>
/// <param name="WaitingSince">The earliest registration in the group.</param>
public sealed record Ranked(Guid Id, Urgency Urgency, DateTimeOffset WaitingSince)
{
    /// <summary>Assesses a person, or people who travel together, for a ranking.</summary>
    public static Ranked Of(Guid id, IReadOnlyCollection<Needs> members) =>
        new(id, PriorityRule.Of(members), members.Min(member => member.RegisteredAt));
}

/// <summary>Most urgent first: tier, then score, then who waited longest, then id. A total order.</summary>
public sealed class UrgencyOrder : IComparer<Ranked>
{
    /// <summary>The order.</summary>
    public static UrgencyOrder MostUrgentFirst { get; } = new();

    private UrgencyOrder() { }

    /// <inheritdoc/>
    public int Compare(Ranked? x, Ranked? y) =>
        (x, y) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => Key(x).CompareTo(Key(y)),
        };

    private static (Tier, int, DateTimeOffset, Guid) Key(Ranked ranked) =>
        (ranked.Urgency.Tier, -ranked.Urgency.Score, ranked.WaitingSince, ranked.Id);
}
