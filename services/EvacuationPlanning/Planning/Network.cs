using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>A departure and where it leads; a country is null inside the crisis. <see cref="Ground"/> makes it from the facts.</summary>
public sealed record Leg(Departure Departure, string? FromCountry, string? ToCountry)
{
    /// <summary>The country of the point it leaves from, also inside the crisis; null: not known.</summary>
    public string? Origin { get; init; }

    /// <summary>Where it starts if somebody is right who says that the point lies elsewhere; null: nobody does.</summary>
    public string? OriginPerhaps { get; init; }

    /// <summary>Every place where it lands or may be made to, first its end. A country that is null is not known.</summary>
    public ImmutableArray<Place> Landings { get; init; } = [new(ToCountry)];

    /// <summary>Of one of its points one account alone told the country.</summary>
    public bool ToldByOne { get; init; }

    /// <summary>The country in which it ends, also inside the crisis; null: not known.</summary>
    public string? Destination => Landings[0].Country;

    public bool CrossesBorder => Origin is not null && Destination is not null ? Origin != Destination : FromCountry != ToCountry;

    public bool LeavesCrisis => FromCountry is null && ToCountry is not null;

    /// <summary>The nationality that enters by right where it ends. Nothing is asked of a leg inside the crisis.</summary>
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
    private readonly Surroundings surroundings;

    private Network(
        ImmutableArray<Leg> legs, ImmutableArray<UnusableDeparture> unusable, int points,
        ImmutableArray<(int Index, Position Position)> gatherings, ImmutableArray<TimeSpan?> connections, Surroundings surroundings)
    {
        (Legs, Unusable, Points, this.gatherings, Connections) = (legs, unusable, points, gatherings, connections);
        this.surroundings = surroundings;
        byId = legs.Select((leg, index) => (leg.Departure.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
    }

    public ImmutableArray<Leg> Legs { get; }

    public ImmutableArray<UnusableDeparture> Unusable { get; }

    /// <summary>How many points there are.</summary>
    internal int Points { get; }

    /// <summary>Least time to change at each point by its index; null where it is the usual one.</summary>
    internal ImmutableArray<TimeSpan?> Connections { get; }

    /// <param name="crisisCountries">Alpha-3 codes of the countries that people leave.</param>
    /// <param name="points">Assembly points; a code stands for one point only.</param>
    /// <param name="departures">One that touches a point of which nobody has told where it lies is not planned; the others are.</param>
    public static Network From(IReadOnlyCollection<string> crisisCountries, IEnumerable<AssemblyPoint> points, IEnumerable<Departure> departures)
    {
        var known = points.ToDictionary(point => point.Code);
        var ground = new Ground(crisisCountries, code => known.GetValueOrDefault(code) is { } point ? new(point.Country, point.ProposedCountry, point.ToldByOne) : default);
        var runs = departures.OrderBy(run => run.DepartsAt).ThenBy(run => run.Code, StringComparer.Ordinal).ThenBy(run => run.Id).ToList();
        var codes = runs.SelectMany(run => (string[])[run.From, run.To]).Concat(known.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var indexes = codes.Index().ToDictionary(code => code.Item, code => code.Index);
        var flaws = runs.ConvertAll(Flaw);

        string? Flaw(Departure run) => (From: ground.At(run.From), To: ground.At(run.To)) switch
        {
            _ when run.ArrivesAt <= run.DepartsAt => "arrives-before-it-departs",
            _ when run.Spaces.IsOverdrawn => "negative-spaces",
            _ when !known.ContainsKey(run.From) || !known.ContainsKey(run.To) => "point-unknown",
            { From.Country: null } or { To.Country: null } => "country-unknown",
            // Entered before the point's country was told, or changed: whoever entered it had another place in mind.
            var (_, to) when run.DestinationCountry is { } told && told != to.Country => "contradictory-country",
            { From.Abroad: not null, To.Abroad: null } => "returns-into-crisis",
            _ => null,
        };

        return new(
            [.. runs.Zip(flaws).Where(run => run.Second is null).Select(run => ground.LegOf(run.First) with { From = indexes[run.First.From], To = indexes[run.First.To] })],
            [.. runs.Zip(flaws).Where(run => run.Second is not null).Select(run => new UnusableDeparture(run.First, run.Second!))],
            codes.Count,
            [.. codes.Where(code => known.ContainsKey(code) && ground.At(code).InCrisis).Select(code => (indexes[code], known[code].Position))],
            [.. codes.Select(code => known.GetValueOrDefault(code)?.Connection)],
            new([.. known.Values.Where(point => point.Country is not null)
                .Select(point => (point.Position, point.ToldByOne || point.ProposedCountry is not null ? null : point.Country))]));
    }

    /// <summary>The same with where those of them are who fear a state; who told no place is where the group is.</summary>
    public Group Locate(Group group) => !group.Travellers.Any(one => one.FearsAny) ? group : group with
    {
        Travellers = [.. group.Travellers.Select(one =>
            one.FearsAny ? one with { IsIn = CountryOf(one, group.Start) } : one)],
    };

    private string? CountryOf(Traveller one, Position? start)
    {
        var country = one.MayBeAnywhere ? null : surroundings.CountryAt(one.Whereabouts ?? start);
        return one.AlsoToldAt.All(place => surroundings.CountryAt(place) == country) ? country : null;
    }

    /// <summary>When whoever arrives with a leg can depart from there again, in UTC ticks.</summary>
    internal long ReadyAfter(Leg leg, Terms terms) => leg.ArrivesAt + (Connections[leg.To] ?? terms.Connection).Ticks;

    internal int? IndexOf(Guid departure) => byId.TryGetValue(departure, out var index) ? index : null;

    /// <summary>Points inside the crisis's countries that people at <paramref name="start"/> reach by themselves.</summary>
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
