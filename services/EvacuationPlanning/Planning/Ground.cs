using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>What is told of where a point lies, as alpha-3 codes; null: nothing.</summary>
/// <param name="Proposed">Another country, until a second officer has looked.</param>
/// <param name="ByOne">One account alone told it.</param>
public readonly record struct PointCountry(string? Told, string? Proposed = null, bool ByOne = false);

/// <summary>A place on a journey.</summary>
/// <param name="Country">Alpha-3; null: not known.</param>
/// <param name="InCrisis">The country is one of the crisis's.</param>
public readonly record struct Place(string? Country, bool InCrisis = false)
{
    /// <summary>Whose hand reaches there (rule N); empty: nobody knows.</summary>
    public FrozenSet<string> States => Jurisdictions.StatesOf(Country);

    /// <summary>As seats store it: null inside the crisis.</summary>
    public string? Abroad => InCrisis ? null : Country;
}

/// <summary>
/// Where transports go, from the two facts that tell: the country of a point, and the countries of a crisis. Whoever plans,
/// enters a transport or asks for a seat tells neither.
/// </summary>
public sealed class Ground(IReadOnlyCollection<string> crisis, Func<string, PointCountry> point)
{
    /// <summary>In which countries the crisis is, is known.</summary>
    public bool KnowsCrisis => crisis.Count > 0;

    public Place At(string code) => Of(point(code).Told);

    /// <summary>Every place where the departure lands or may be made to: first its end, then where its points may lie besides, then its alternates.</summary>
    public ImmutableArray<Place> LandingsOf(Departure departure)
    {
        var to = point(departure.To);
        if (to.Proposed is null && departure.Alternates is null or []) return [Of(to.Told)];
        return [.. Of(to).Concat((departure.Alternates ?? []).SelectMany(code => Of(point(code)))).Distinct()];
    }

    /// <summary>The leg as it is by the facts.</summary>
    /// <param name="cameTo">Where the seat before it ended, as that stored it; holds where the facts do not tell.</param>
    /// <param name="endsIn">The same of this seat.</param>
    public Leg LegOf(Departure departure, string? cameTo = null, string? endsIn = null)
    {
        var (from, landings) = (At(departure.From), LandingsOf(departure));
        return new(departure, Told(from, cameTo), Told(landings[0], endsIn))
        {
            Origin = from.Country,
            OriginPerhaps = point(departure.From).Proposed,
            Landings = landings,
            ToldByOne = point(departure.From).ByOne || point(departure.To).ByOne
                || departure.Alternates is { } others && others.Any(code => point(code).ByOne),
        };

        string? Told(Place place, string? stored) => place.Country is null || !KnowsCrisis ? stored : place.Abroad;
    }

    private IEnumerable<Place> Of(PointCountry where) => where.Proposed is null ? [Of(where.Told)] : [Of(where.Told), Of(where.Proposed)];

    private Place Of(string? country) => new(country, country is not null && crisis.Contains(country));
}
