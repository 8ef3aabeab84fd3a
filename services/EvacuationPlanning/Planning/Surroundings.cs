namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// In which country somebody is, as far as the points around them tell (rule N). We have no map: who is near a point is in its
/// country, unless a point of another country is nearer. Who is far from all of them may be anywhere.
/// </summary>
/// <param name="points">
/// Those of which somebody told in which country they lie, as alpha-3 codes; null where one account alone told it, or another one tells
/// another: whoever enters a point beside somebody does not say by it where they are.
/// </param>
public sealed class Surroundings(IReadOnlyCollection<(Position Position, string? Country)> points)
{
    // Adre in Chad is 27 km from El Geneina in Sudan, and a town with what belongs to it is smaller than this.
    private const double NearInKilometres = 20;

    public static Surroundings Unknown { get; } = new([]);

    /// <summary>Null: not known.</summary>
    public string? CountryAt(Position? place)
    {
        if (place is not { } here || points.Count == 0) return null;
        var nearest = points.MinBy(point => here.KilometresTo(point.Position));
        return here.KilometresTo(nearest.Position) <= NearInKilometres ? nearest.Country : null;
    }
}
