namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>A place on earth, in decimal degrees (WGS 84).</summary>
public readonly record struct Position(double Latitude, double Longitude)
{
    /// <summary>Great-circle distance in kilometres.</summary>
    public double KilometresTo(Position other)
    {
        const double earthRadius = 6371.0088;
        var (from, to) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var north = Math.Sin((to - from) / 2);
        var east = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        return 2 * earthRadius * Math.Asin(Math.Sqrt((north * north) + (Math.Cos(from) * Math.Cos(to) * east * east)));
    }
}

/// <summary>A place where people gather, or where transports start and end. <paramref name="Country"/> is an alpha-3 code; without it the transports tell.</summary>
public sealed record AssemblyPoint(string Code, string Name, Position Position, string? Country = null);

/// <summary>What a person takes up on a transport. The kinds are never exchanged for one another.</summary>
public enum SpaceKind
{
    Seat,
    Wheelchair,
    Stretcher,
}

/// <summary>A number of spaces of each kind: offered by a transport, needed by a group, or taken.</summary>
public readonly record struct Spaces(int Seats, int Wheelchairs, int Stretchers)
{
    /// <summary>True where every kind on its own is enough.</summary>
    public bool Hold(Spaces needed) =>
        needed.Seats <= Seats && needed.Wheelchairs <= Wheelchairs && needed.Stretchers <= Stretchers;

    public int Total => Seats + Wheelchairs + Stretchers;

    public static Spaces One(SpaceKind kind) => kind switch
    {
        SpaceKind.Seat => new(1, 0, 0),
        SpaceKind.Wheelchair => new(0, 1, 0),
        SpaceKind.Stretcher => new(0, 0, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of space."),
    };

    /// <summary>The smaller number of each kind.</summary>
    public static Spaces Least(Spaces left, Spaces right) =>
        new(Math.Min(left.Seats, right.Seats), Math.Min(left.Wheelchairs, right.Wheelchairs), Math.Min(left.Stretchers, right.Stretchers));

    /// <summary>The larger number of each kind.</summary>
    public static Spaces Most(Spaces left, Spaces right) =>
        new(Math.Max(left.Seats, right.Seats), Math.Max(left.Wheelchairs, right.Wheelchairs), Math.Max(left.Stretchers, right.Stretchers));

    public static Spaces operator +(Spaces left, Spaces right) =>
        new(left.Seats + right.Seats, left.Wheelchairs + right.Wheelchairs, left.Stretchers + right.Stretchers);

    public static Spaces operator -(Spaces left, Spaces right) =>
        new(left.Seats - right.Seats, left.Wheelchairs - right.Wheelchairs, left.Stretchers - right.Stretchers);
}

/// <summary>
/// One run of a transport from one point to the next. <paramref name="DestinationCountry"/> is an alpha-3 code,
/// null inside the crisis country.
/// </summary>
public sealed record Departure(
    Guid Id, string Code, string Kind, string From, string To, string? DestinationCountry,
    DateTimeOffset DepartsAt, DateTimeOffset ArrivesAt, Spaces Spaces, string Operator);
