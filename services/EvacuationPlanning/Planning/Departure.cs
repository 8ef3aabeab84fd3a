using System.Runtime.Intrinsics;

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

/// <summary>A place where people gather, or where transports start and end. <paramref name="Country"/> is an alpha-3 code; null: not known.</summary>
/// <param name="Connection">Least time between arriving here and departing again, where it is another than everywhere else.</param>
public sealed record AssemblyPoint(string Code, string Name, Position Position, string? Country = null, TimeSpan? Connection = null)
{
    /// <summary>Another country that somebody says it lies in, until a second officer has looked.</summary>
    public string? ProposedCountry { get; init; }

    /// <summary>One account alone told the country.</summary>
    public bool ToldByOne { get; init; }
}

/// <summary>What a person takes up on a transport. The kinds are never exchanged for one another.</summary>
public enum SpaceKind
{
    Seat,
    Wheelchair,
    Stretcher,
}

/// <summary>
/// A number of spaces of each kind: offered by a transport, needed by a group, or taken. Every limit of a transport is a number
/// of its own here, so that whatever counts room keeps them all: they are added and compared together, none apart.
/// </summary>
public readonly record struct Spaces
{
    private readonly Vector256<int> counts;

    /// <summary>What people need who sit, or lie, and ask for nothing else.</summary>
    public Spaces(int seats, int wheelchairs, int stretchers) : this(Vector256.Create(seats, wheelchairs, stretchers, seats, 0, wheelchairs + stretchers, 0, 0)) { }

    private Spaces(Vector256<int> counts) => this.counts = counts;

    /// <summary>What a transport offers.</summary>
    /// <param name="escortSeats">Of the seats, those that only escorts may have.</param>
    /// <param name="laps">Null: as many as there are adults to sit on.</param>
    /// <param name="carried">Null: as many as there is space for.</param>
    public static Spaces Offer(int seats, int wheelchairs, int stretchers, int escortSeats = 0, int? laps = null, int? carried = null, int oxygen = 0) =>
        new(Vector256.Create(seats, wheelchairs, stretchers, seats - escortSeats, laps ?? seats, carried ?? wheelchairs + stretchers, oxygen, 0));

    /// <summary>All that people sit on, escorts too.</summary>
    public int Seats { get => counts[0]; init => counts = counts.WithElement(0, value); }

    public int Wheelchairs { get => counts[1]; init => counts = counts.WithElement(1, value); }

    public int Stretchers { get => counts[2]; init => counts = counts.WithElement(2, value); }

    /// <summary>
    /// Seats of those who are no escorts. An escort sits wherever a seat is left, so the others may be at most as many as there
    /// are seats not kept for escorts, and all together as many as there are seats.
    /// </summary>
    public int Ordinary { get => counts[3]; init => counts = counts.WithElement(3, value); }

    /// <summary>Infants on laps.</summary>
    public int Laps { get => counts[4]; init => counts = counts.WithElement(4, value); }

    /// <summary>Persons who must be carried on board: those in wheelchair and stretcher spaces together.</summary>
    public int Carried { get => counts[5]; init => counts = counts.WithElement(5, value); }

    /// <summary>Persons who need oxygen on the way.</summary>
    public int Oxygen { get => counts[6]; init => counts = counts.WithElement(6, value); }

    /// <summary>True where every kind on its own is enough.</summary>
    public bool Hold(Spaces needed) => Vector256.LessThanOrEqualAll(needed.counts, counts);

    /// <summary>True where less than nothing is left of any kind.</summary>
    internal bool IsOverdrawn => Vector256.LessThanAny(counts, Vector256<int>.Zero);

    public int Total => Seats + Wheelchairs + Stretchers;

    internal Vector256<int> Counts => counts;

    public static Spaces One(SpaceKind kind) => kind switch
    {
        SpaceKind.Seat => new(1, 0, 0),
        SpaceKind.Wheelchair => new(0, 1, 0),
        SpaceKind.Stretcher => new(0, 0, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of space."),
    };

    /// <summary>What one person takes up, wherever they sit or lie.</summary>
    public static Spaces Of(SpaceKind kind, bool onLap, bool escort, bool oxygen) => (onLap ? new Spaces { Laps = 1 } : One(kind)) switch
    {
        var one => one with { Ordinary = escort ? 0 : one.Ordinary, Oxygen = oxygen ? 1 : 0 },
    };

    /// <summary>The smaller number of each kind.</summary>
    public static Spaces Least(Spaces left, Spaces right) => new(Vector256.Min(left.counts, right.counts));

    /// <summary>The larger number of each kind.</summary>
    public static Spaces Most(Spaces left, Spaces right) => new(Vector256.Max(left.counts, right.counts));

    public static Spaces operator +(Spaces left, Spaces right) => new(left.counts + right.counts);

    public static Spaces operator -(Spaces left, Spaces right) => new(left.counts - right.counts);
}

/// <summary>
/// One run of a transport from one point to the next. <paramref name="DestinationCountry"/> is what whoever entered it told,
/// alpha-3 or null; where it goes is told by the point alone.
/// </summary>
public sealed record Departure(
    Guid Id, string Code, string Kind, string From, string To, string? DestinationCountry,
    DateTimeOffset DepartsAt, DateTimeOffset ArrivesAt, Spaces Spaces, string Operator)
{
    /// <summary>Codes of the points that it may be diverted to.</summary>
    public IReadOnlyList<string>? Alternates { get; init; }
}
