using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>A departure whose countries are known. Null means the crisis country.</summary>
public sealed record Leg(Departure Departure, string? FromCountry, string? ToCountry)
{
    public bool CrossesBorder => FromCountry != ToCountry;

    public bool LeavesCrisis => FromCountry is null && ToCountry is not null;

    /// <summary>The states that hold where it ends (rule N), and the nationality that enters there by right. Nothing is asked of a leg inside the crisis.</summary>
    internal FrozenSet<string> ToStates { get; } = Jurisdictions.StatesOf(ToCountry);
    internal string? EntersAs { get; } = ToCountry is null ? null : Jurisdictions.Whole(ToCountry);

    internal DateOnly DepartsOn { get; } = DateOnly.FromDateTime(Departure.DepartsAt.UtcDateTime);
    internal DateOnly ArrivesOn { get; } = DateOnly.FromDateTime(Departure.ArrivesAt.UtcDateTime);

    // The search runs over these: points by index, times in UTC ticks.
    internal int From { get; init; }
    internal int To { get; init; }
    internal long DepartsAt { get; } = Departure.DepartsAt.UtcTicks;
    internal long ArrivesAt { get; } = Departure.ArrivesAt.UtcTicks;
}

/// <summary>A departure that is never planned, and the plain code that says why.</summary>
public sealed record UnusableDeparture(Departure Departure, string Code);

/// <summary>
/// Points and the legs between them, in the order in which they depart. The same points and departures give the
/// same network whatever their order. Points connect only where a departure says so, however near they are.
/// </summary>
public sealed class Network
{
    private readonly Dictionary<Guid, int> byId;
    private readonly ImmutableArray<(int Index, Position Position)> gatherings;

    private Network(
        ImmutableArray<Leg> legs, ImmutableArray<UnusableDeparture> unusable, ImmutableArray<string?> countries,
        ImmutableArray<(int Index, Position Position)> gatherings, ImmutableArray<TimeSpan?> connections)
    {
        (Legs, Unusable, Countries, this.gatherings, Connections) = (legs, unusable, countries, gatherings, connections);
        byId = legs.Select((leg, index) => (leg.Departure.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
    }

    public ImmutableArray<Leg> Legs { get; }

    public ImmutableArray<UnusableDeparture> Unusable { get; }

    /// <summary>Country of each point by its index; null is the crisis country.</summary>
    internal ImmutableArray<string?> Countries { get; }

    /// <summary>Least time to change at each point by its index; null where it is the usual one.</summary>
    internal ImmutableArray<TimeSpan?> Connections { get; }

    /// <param name="crisisCountry">Alpha-3. A departure that names it as its destination stays inside.</param>
    /// <param name="points">Assembly points; a code stands for one point only.</param>
    /// <param name="departures">May touch points that are not among <paramref name="points"/>.</param>
    public static Network From(string crisisCountry, IEnumerable<AssemblyPoint> points, IEnumerable<Departure> departures)
    {
        var known = points.ToDictionary(point => point.Code);
        var runs = departures.OrderBy(run => run.DepartsAt).ThenBy(run => run.Code, StringComparer.Ordinal).ThenBy(run => run.Id).ToList();

        var countries = runs.Select(run => (Point: run.To, Country: run.DestinationCountry))
            .Concat(known.Values.Select(point => (Point: point.Code, point.Country)))
            .Where(said => said.Country is not null)
            .Distinct()
            .ToLookup(said => said.Point, said => Outside(said.Country));

        var codes = runs.SelectMany(run => (string[])[run.From, run.To]).Concat(known.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var indexes = codes.Index().ToDictionary(code => code.Item, code => code.Index);

        // A point said to lie in two countries could send somebody where they are in danger: nothing through it is planned.
        bool Disputed(string point) => countries[point].Skip(1).Any();
        string? CountryOf(string point) => countries[point].FirstOrDefault();
        string? Outside(string? country) => country == crisisCountry ? null : country;

        string? Flaw(Departure run) => run switch
        {
            _ when run.ArrivesAt <= run.DepartsAt => "arrives-before-it-departs",
            { Spaces.IsOverdrawn: true } => "negative-spaces",
            _ when Disputed(run.From) || Disputed(run.To) => "contradictory-country",
            _ when CountryOf(run.To) != Outside(run.DestinationCountry) => "contradictory-country",
            _ when CountryOf(run.From) is not null && CountryOf(run.To) is null => "returns-into-crisis",
            _ => null,
        };

        return new(
            [.. runs.Where(run => Flaw(run) is null).Select(run =>
                new Leg(run, CountryOf(run.From), CountryOf(run.To)) { From = indexes[run.From], To = indexes[run.To] })],
            [.. from run in runs let flaw = Flaw(run) where flaw is not null select new UnusableDeparture(run, flaw)],
            [.. codes.Select(CountryOf)],
            [.. from code in codes
                where known.ContainsKey(code) && !Disputed(code) && CountryOf(code) is null
                select (indexes[code], known[code].Position)],
            [.. codes.Select(code => known.GetValueOrDefault(code)?.Connection)]);
    }

    /// <summary>When whoever arrives with a leg can depart from there again, in UTC ticks.</summary>
    internal long ReadyAfter(Leg leg, Terms terms) => leg.ArrivesAt + (Connections[leg.To] ?? terms.Connection).Ticks;

    internal int? IndexOf(Guid departure) => byId.TryGetValue(departure, out var index) ? index : null;

    /// <summary>Points inside the crisis country that people at <paramref name="start"/> reach by themselves.</summary>
    internal ImmutableArray<int> WithinReach(Position? start, double kilometres)
    {
        // A degree of latitude has more than 111 km; that spares nearly all points the exact distance.
        const double leastPerDegree = 111;
        if (start is not { } here) return [];
        var near = ImmutableArray.CreateBuilder<int>();
        foreach (var (index, position) in gatherings)
            if (Math.Abs(position.Latitude - here.Latitude) * leastPerDegree <= kilometres && here.KilometresTo(position) <= kilometres)
                near.Add(index);
        return near.ToImmutable();
    }
}
