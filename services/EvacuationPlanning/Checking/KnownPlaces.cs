using CrisisCoordination.Contracts;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Checking;

/// <summary>Where a point is, as its timeline tells. Countries are alpha-3 codes; null: not known.</summary>
/// <param name="Perhaps">Where somebody says that it lies instead, and nobody else has looked yet.</param>
/// <param name="ByOne">One account alone told the country.</param>
public sealed record KnownPoint(Position Position, string? Country, string? Perhaps = null, bool ByOne = false);

/// <summary>
/// In which countries the crisis is and where the points are, read from their timelines by the checker itself: what a plan
/// says of them may be what is wrong with it.
/// </summary>
public sealed record KnownPlaces(IReadOnlyCollection<string> Crisis, IReadOnlyDictionary<string, KnownPoint> Points)
{
    /// <summary>Whether a plan was made from the same; where not, somebody told something since, or it was made from what is wrong.</summary>
    public bool AgreeWith(PlanInput input) =>
        Crisis.ToHashSet().SetEquals(input.CrisisCountries)
        && input.Points.All(point => Points.GetValueOrDefault(point.Code) is not { } known
            || (known.Country, known.Perhaps, known.ByOne) == (point.Country, point.ProposedCountry, point.ToldByOne));

    /// <param name="crisis">The timeline of the crisis.</param>
    /// <param name="points">The timelines of the points.</param>
    public static KnownPlaces From(IEnumerable<Event> crisis, IEnumerable<IEnumerable<Event>> points)
    {
        IReadOnlyCollection<string> countries = [];
        foreach (var e in crisis)
            if (e is CrisisCountriesSet { Countries: var first }) countries = first;
            else if (e is CrisisCountriesChangeConfirmed { Countries: var other }) countries = other;

        var known = new Dictionary<string, KnownPoint>(StringComparer.Ordinal);
        foreach (var point in points)
        {
            var (code, place) = ((string?)null, (KnownPoint?)null);
            foreach (var e in point)
                (code, place) = e switch
                {
                    AssemblyPointOpened opened => (opened.Code,
                        new(new(opened.Position.Latitude, opened.Position.Longitude), opened.Country, ByOne: opened.Country is not null)),
                    PointCountrySet set => (code, place! with { Country = set.Country, Perhaps = null, ByOne = true }),
                    PointCountryConfirmed => (code, place! with { ByOne = false }),
                    PointCountryChangeProposed proposed => (code, place! with { Perhaps = proposed.Country }),
                    PointCountryChangeConfirmed confirmed => (code, place! with { Country = confirmed.Country, Perhaps = null, ByOne = false }),
                    _ => (code, place),
                };
            if (code is not null) known.Add(code, place!);
        }
        return new(countries, known);
    }
}
