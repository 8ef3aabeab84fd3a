using System.Collections.Immutable;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>What a plan takes for granted.</summary>
public sealed record Terms
{
    /// <summary>Nothing that departs before this is planned.</summary>
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.MinValue;

    /// <summary>How far people get to an assembly point by themselves.</summary>
    public double ReachInKilometres { get; init; } = 60;

    /// <summary>Least time between arriving at a point and departing from it again.</summary>
    public TimeSpan Connection { get; init; } = TimeSpan.FromHours(1);

    public int MostLegs { get; init; } = 4;

    /// <summary>The last tier for which groups that hold spaces may be moved, each to another way out, where somebody could not get out otherwise.</summary>
    public int MovesForTier { get; init; } = 2;

    /// <summary>Groups that hold spaces may be moved for anybody more urgent, and may lose them to one who fits in their place.</summary>
    public bool MoveHeld { get; init; }
}

/// <summary>Spaces that a group holds, or has boarded, on every one of these departures since an earlier plan.</summary>
public sealed record HeldSpaces(Guid GroupId, ImmutableArray<Guid> Departures, Spaces Spaces, int Souls)
{
    /// <summary>False where nothing may change: on board, or about to leave.</summary>
    public bool MayMove { get; init; }
}

/// <summary>The departures that all of a group take, in order, with the same spaces on each.</summary>
/// <param name="Souls">Everybody on board, infants on laps too.</param>
/// <param name="Country">Where it ends, always outside the crisis country.</param>
/// <param name="EndsAtHome">False where it ends in a first refuge: out of danger, not yet home.</param>
/// <param name="WasHeld">True where it was kept from an earlier plan.</param>
public sealed record Journey(
    Guid GroupId, ImmutableArray<Departure> Departures, Spaces Spaces, int Souls, string Country, bool EndsAtHome, bool WasHeld);

/// <summary>A group without a journey: the first rule that keeps it, with everybody and everything concerned. Never empty.</summary>
public sealed record LeftBehind(Guid GroupId, ImmutableArray<Reason> Reasons);

/// <summary>What a departure carries under the plan, spaces held before included.</summary>
public sealed record Load(Guid DepartureId, string Departure, Spaces Used, Spaces Offered, int Souls);

/// <summary>How a tier fares, in people.</summary>
/// <param name="AtMost">
/// No plan that brings out as many of the tiers before could place more of this one. Proved with every plan, see <see cref="UpperBound"/>.
/// </param>
public sealed record TierFigures(int Tier, int People, int Placed, int AtHome, int AtMost)
{
    /// <summary>How many people more there could be at the very most.</summary>
    public int Gap => AtMost - Placed;
}

/// <summary>Journeys and those left behind, each in the order of their turn; loads in the order of departure.</summary>
public sealed record Plan(
    string RuleVersion,
    ImmutableArray<Journey> Journeys,
    ImmutableArray<LeftBehind> LeftBehind,
    ImmutableArray<Load> Loads,
    ImmutableArray<TierFigures> Tiers);
