using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.Benchmarks;

/// <summary>
/// A made-up evacuation of the shape of Sudan 2023: towns whose convoys lead to two ports, an airfield and a border, ships and
/// flights to five refuges, and flights home from there. There is room for some three quarters of the people.
/// </summary>
internal sealed record Evacuation(Network Network, IReadOnlyList<Group> Groups)
{
    private static readonly DateTimeOffset Dawn = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Valid = new(2029, 1, 1);

    private static readonly string[] Homes =
        ["IND", "PHL", "BGD", "NPL", "LKA", "PAK", "EGY", "ETH", "UGA", "KEN", "NGA", "GBR", "FRA", "DEU", "TUR", "CHN", "IDN", "YEM", "SYR", "JOR"];

    private static readonly (string Point, string Country)[] Refuges = [("Jeddah", "SAU"), ("Djibouti", "DJI"), ("Larnaca", "CYP"), ("Aswan", "EGY"), ("Amman", "JOR")];

    private static readonly (string Code, double Latitude, double Longitude, int People)[] Towns =
    [
        ("Stadium", 15.60, 32.53, 22), ("University", 15.61, 32.55, 14), ("Bridge", 15.65, 32.48, 9), ("Mills", 14.40, 33.52, 8),
        ("Orchard", 13.18, 30.22, 6), ("Quarry", 13.45, 22.45, 6), ("Station", 17.70, 33.98, 5), ("Market", 15.45, 36.40, 6),
        ("Airfield", 15.82, 32.51, 8), ("North port", 19.62, 37.22, 8), ("South port", 19.11, 37.33, 4), ("Border", 21.80, 31.35, 4),
    ];

    /// <summary>Always the same for the same numbers.</summary>
    public static Evacuation Of(int people, int departures, int seed = 4)
    {
        var dice = new Random(seed);
        var groups = new List<Group>();
        for (var souls = 0; souls < people; souls += groups[^1].Souls) groups.Add(Someone(dice, groups.Count + 1));
        return new(Network.From(["SDN"], Points, Timetable(dice, people, departures)), groups);
    }

    public static PlanInput InputOf(Network network, IReadOnlyList<Group> groups) => InputOf([.. network.Legs.Select(leg => leg.Departure)], groups, []);

    public static PlanInput InputOf(IReadOnlyCollection<Departure> departures, IReadOnlyList<Group> groups, IReadOnlyCollection<HeldSpaces> held) =>
        new(["SDN"], [.. Points], departures, groups, held, new());

    /// <summary>As the timelines of the points would tell it.</summary>
    public static KnownPlaces Places { get; } = new(["SDN"], Points.ToDictionary(point => point.Code, point => new KnownPoint(point.Position, point.Country)));

    // Abroad it is of no account where exactly.
    private static IEnumerable<AssemblyPoint> Points => Towns.Select(town => new AssemblyPoint(town.Code, town.Code, new(town.Latitude, town.Longitude), "SDN"))
        .Concat(Refuges.Select(refuge => new AssemblyPoint(refuge.Point, refuge.Point, new(0, 0), refuge.Country)))
        .Concat(Homes.Concat(["EGY", "JOR"]).Distinct().Except(Refuges.Select(refuge => refuge.Point)).Select(home => new AssemblyPoint(home, home, new(0, 0), home)));

    private static IEnumerable<Departure> Timetable(Random dice, int people, int departures)
    {
        // Share of departures, way, hours under way, and seats for each hundred of an even share of the people.
        (int Share, string From, string[] To, int Hours, int Seats)[] lines =
        [
            (12, "Stadium", ["North port", "South port", "Border"], 14, 130), (8, "University", ["North port", "Airfield"], 13, 110), (5, "Bridge", ["Airfield", "Border"], 9, 90),
            (5, "Mills", ["North port", "Market"], 12, 90), (3, "Orchard", ["Airfield", "Stadium"], 10, 80), (2, "Station", ["North port"], 8, 90), (3, "Market", ["South port"], 7, 110),
            (11, "Airfield", ["Djibouti", "Larnaca", "Amman"], 4, 110), (2, "Quarry", ["Larnaca"], 5, 60), (12, "North port", ["Jeddah"], 10, 330), (4, "South port", ["Jeddah", "Djibouti"], 11, 260),
            (7, "Border", ["Aswan"], 8, 210),
            (14, "Jeddah", Homes, 7, 150), (5, "Djibouti", Homes, 6, 120), (4, "Larnaca", Homes, 5, 120), (2, "Aswan", ["EGY"], 9, 120), (1, "Amman", ["JOR"], 2, 120),
        ];
        var all = lines.Sum(line => line.Share);
        var evenShare = people / (double)departures / 100;
        for (var number = 0; number < departures; number++)
        {
            var (_, from, to, hours, seats) = lines[Pick(number * all / departures)];
            var where = to[dice.Next(to.Length)];
            var country = Refuges.FirstOrDefault(refuge => refuge.Point == where).Country ?? (where.Length == 3 ? where : null);
            var departs = Dawn.AddMinutes(dice.Next(10 * 24 * 60));
            var offered = Math.Max(4, (int)(seats * 1.5 * evenShare * (0.6 + (0.8 * dice.NextDouble())) * 0.95));
            yield return new(
                Id(3, number), $"{from}-{where}-{number}", "transport", from, where, country, departs, departs.AddMinutes(hours * (50 + dice.Next(20))),
                Spaces.Offer(offered, 1 + (offered / 45), offered / 110), "operator");
        }

        int Pick(int share)
        {
            var line = 0;
            while (share >= lines[line].Share) share -= lines[line++].Share;
            return line;
        }
    }

    private static Group Someone(Random dice, int number)
    {
        var town = Towns[Weighted(dice, [.. Towns.Select(town => town.People)])];
        var size = 1 + Weighted(dice, 42, 19, 14, 12, 7, 4, 2);
        var nationality = Homes[Math.Min(dice.Next(Homes.Length), dice.Next(Homes.Length))];
        string[] feared = dice.Next(100) < 5 ? [dice.Next(2) == 0 ? nationality : Refuges[dice.Next(Refuges.Length)].Country] : [];
        var lacks = dice.Next(100) < 6 ? dice.Next(size) : -1;
        var late = dice.Next(100) < 3 ? dice.Next(size) : -1;
        var withheld = dice.Next(100) < 4 ? dice.Next(size) : -1;
        var unasked = dice.Next(100) < 3 ? dice.Next(size) : -1;

        var members = Enumerable.Range(0, size).Select(member => new Traveller(
            Id(1, (number * 10) + member),
            member == 0 && dice.Next(1000) < 22 ? SpaceKind.Wheelchair : member == 0 && dice.Next(1000) < 6 ? SpaceKind.Stretcher : SpaceKind.Seat,
            member == 0 || dice.Next(100) < 45 ? Age.Adult : dice.Next(100) < 8 ? Age.Infant : Age.Child)
        {
            AnsweredByHousehold = true,
            Consent = member != unasked,
            Nationalities = dice.Next(100) < 4 ? [nationality, Homes[dice.Next(Homes.Length)]] : [nationality],
            FearedCountries = [.. feared],
            DocumentValidUntil = member == lacks ? null : member == late ? DateOnly.FromDateTime(Dawn.UtcDateTime).AddDays(dice.Next(10)) : Valid,
            ExitBarrier = member == withheld,
            EmergencyDocument = member == withheld || (member == lacks && dice.Next(2) == 0) ? new(nationality, ["SAU", "DJI"], Valid) : null,
        }).ToList();
        // Rule P: an infant, and whoever cannot walk, is in the second tier at least.
        var unaided = members.Any(member => member is { Age: Age.Infant } or { Space: not SpaceKind.Seat });
        var tier = Math.Min(unaided ? 2 : 5, 1 + Weighted(dice, 4, 6, 20, 36, 34));
        return new(
            Id(2, number), [.. members], tier, ((6 - tier) * 20) + dice.Next(30), Dawn.AddMinutes(-dice.Next(20 * 24 * 60)),
            new Position(town.Latitude + (dice.NextDouble() / 2) - 0.25, town.Longitude + (dice.NextDouble() / 2) - 0.25));
    }

    private static int Weighted(Random dice, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights) sum += weight;
        var roll = dice.Next(sum);
        var index = 0;
        while (roll >= weights[index]) roll -= weights[index++];
        return index;
    }

    private static Guid Id(int kind, int number) => new(number, (short)kind, 0, new byte[8]);
}
