namespace CrisisCoordination.Contracts;

/// <summary>A crisis was opened from a CAP 1.2 alert. Its own timeline.</summary>
/// <param name="Identifier">The alert's identifier.</param>
/// <param name="Sender">The alert's sender.</param>
/// <param name="Status">Actual, Exercise, System, Test or Draft; only Actual may trigger real action.</param>
/// <param name="Name">The event in words.</param>
/// <param name="Areas">Polygons and circles; a position inside any of them is affected.</param>
[Stored("crisis_opened")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisOpened(
    string Identifier, string Sender, string Status, string Name, IReadOnlyList<AffectedArea> Areas, DateTimeOffset At) : Event(At)
{
    /// <summary>Earlier messages that it takes the place of: an update may come before the alert it updates.</summary>
    public IReadOnlyList<AlertReference> References { get; init; } = [];

    /// <summary>Until when its sender stands by what it says (CAP 1.2, expires); null when it does not say.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Names a message by its sender and its identifier, which is unique for the sender.</summary>
public sealed record AlertReference(string Sender, string Identifier);

/// <summary>
/// A further message about the crisis came: it takes the place of those it refers to. In which order they came does not
/// matter; <paramref name="At"/> is when it was sent.
/// </summary>
[Stored("crisis_updated")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisUpdated(
    string Identifier, string Sender, IReadOnlyList<AlertReference> References, string Name, IReadOnlyList<AffectedArea> Areas, DateTimeOffset At) : Event(At)
{
    /// <summary>Until when its sender stands by what it says (CAP 1.2, expires); null when it does not say.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Earlier messages about the crisis do not hold any more. When none is left, no area is affected by it.</summary>
[Stored("crisis_alert_cancelled")]
[AppendedBy(Service.ConsularContact)]
public sealed record CrisisAlertCancelled(string Identifier, string Sender, IReadOnlyList<AlertReference> References, DateTimeOffset At) : Event(At);

/// <summary>An area of an alert: a closed polygon, or a circle with its radius in kilometres.</summary>
public sealed record AffectedArea(string Name, IReadOnlyList<Position> Polygon, Position? Centre, double RadiusKilometres)
{
    private const double Turn = 360;

    /// <summary>
    /// Whether the position lies inside. A circle is one on the sphere. A polygon is cast rays at on the plane of degrees; each
    /// of its edges goes the shorter way round, so one that crosses the date line is one area and not the rest of the world.
    /// </summary>
    public bool Contains(Position position)
    {
        if (Centre is not null && Centre.KilometresTo(position) <= RadiusKilometres) return true;
        if (Polygon.Count < 3) return false;
        var ring = Unrolled(Polygon);
        // An unrolled ring may lie a turn away from where the position is counted.
        return IsIn(ring, position.Latitude, position.Longitude) || IsIn(ring, position.Latitude, position.Longitude + Turn) || IsIn(ring, position.Latitude, position.Longitude - Turn);
    }

    private static bool IsIn((double Latitude, double Longitude)[] ring, double latitude, double longitude)
    {
        var inside = false;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            var (a, b) = (ring[i], ring[j]);
            if (a.Latitude > latitude != b.Latitude > latitude
                && longitude < (b.Longitude - a.Longitude) * (latitude - a.Latitude) / (b.Latitude - a.Latitude) + a.Longitude)
                inside = !inside;
        }
        return inside;
    }

    private static (double Latitude, double Longitude)[] Unrolled(IReadOnlyList<Position> polygon)
    {
        var ring = new (double Latitude, double Longitude)[polygon.Count];
        ring[0] = (polygon[0].Latitude, polygon[0].Longitude);
        for (var i = 1; i < ring.Length; i++)
        {
            var step = polygon[i].Longitude - polygon[i - 1].Longitude;
            // A whole turn is the edge of a world map, not a point.
            if (Math.Abs(step) < Turn) step -= step > Turn / 2 ? Turn : step < -Turn / 2 ? -Turn : 0;
            ring[i] = (polygon[i].Latitude, ring[i - 1].Longitude + step);
        }
        return ring;
    }
}
