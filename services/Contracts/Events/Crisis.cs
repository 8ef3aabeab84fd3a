namespace CrisisCoordination.Contracts;

/// <summary>A crisis was opened from a CAP 1.2 alert. Its own timeline.</summary>
/// <param name="Identifier">The alert's identifier.</param>
/// <param name="Sender">The alert's sender.</param>
/// <param name="Status">Actual, Exercise, System, Test or Draft; only Actual may trigger real action.</param>
/// <param name="Name">The event in words.</param>
/// <param name="Areas">Polygons and circles; a position inside any of them is affected.</param>
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisOpened(
    string Identifier, string Sender, string Status, string Name, IReadOnlyList<AffectedArea> Areas, DateTimeOffset At) : Event(At);

/// <summary>An area of an alert: a closed polygon, or a circle with its radius in kilometres.</summary>
public sealed record AffectedArea(string Name, IReadOnlyList<Position> Polygon, Position? Centre, double RadiusKilometres)
{
    /// <summary>Whether the position lies inside (ray casting on the plane; alerts do not cross the date line here).</summary>
    public bool Contains(Position position)
    {
        if (Centre is not null && Centre.KilometresTo(position) <= RadiusKilometres) return true;
        var inside = false;
        for (int i = 0, j = Polygon.Count - 1; i < Polygon.Count; j = i++)
        {
            var (a, b) = (Polygon[i], Polygon[j]);
            if (a.Latitude > position.Latitude != b.Latitude > position.Latitude
                && position.Longitude < (b.Longitude - a.Longitude) * (position.Latitude - a.Latitude) / (b.Latitude - a.Latitude) + a.Longitude)
                inside = !inside;
        }
        return inside;
    }
}
