using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

/// <summary>
/// A small crisis in SDN. People start at Capital or Port (Hill is out of reach). Jeddah (SAU) and Larnaca (CYP) are
/// refuges; Delhi (IND), London (GBR) and Cairo (EGY) are homes.
/// </summary>
internal static class World
{
    public static readonly DateTimeOffset Dawn = new(2023, 4, 23, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly NextYear = new(2024, 4, 23);
    public static readonly Position InTheCapital = new(15.6, 32.5);
    public static readonly Position InThePort = new(19.6, 37.2);
    public static readonly Position InTheDesert = new(18, 26);

    public static readonly ImmutableDictionary<string, string?> Lies = new Dictionary<string, string?>
    {
        ["Capital"] = null,
        ["Port"] = null,
        ["Hill"] = null,
        ["Jeddah"] = "SAU",
        ["Larnaca"] = "CYP",
        ["Delhi"] = "IND",
        ["London"] = "GBR",
        ["Cairo"] = "EGY",
    }.ToImmutableDictionary();

    public static readonly ImmutableArray<AssemblyPoint> Points =
    [
        new("Capital", "Stadium", InTheCapital, "SDN"),
        new("Port", "Sea port", InThePort, "SDN"),
        new("Hill", "Hill airfield", new(12, 24), "SDN"),
        new("Jeddah", "Jeddah", new(21.5, 39.2), "SAU"),
        new("Larnaca", "Larnaca", new(34.9, 33.6), "CYP"),
        new("Delhi", "Delhi", new(28.6, 77.1), "IND"),
        new("London", "London", new(51.5, -0.5), "GBR"),
        new("Cairo", "Cairo", new(30.1, 31.4), "EGY"),
    ];

    /// <summary>As the timelines of the points and of the crisis tell it to the checker.</summary>
    public static readonly KnownPlaces Places = new(["SDN"], Points.ToDictionary(point => point.Code, point => new KnownPoint(point.Position, point.Country)));

    public static Verdict Check(PlanInput input, Plan plan) => Checker.Check(input, Places, plan);

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static Network Network(params IEnumerable<Departure> departures) =>
        EvacuationPlanning.Planning.Network.From(["SDN"], Points, departures);

    /// <summary>A run at hours after dawn; its code says from, to and when.</summary>
    public static Departure Run(
        string from, string to, int departs, int arrives, int seats = 9, int wheelchairs = 0, int stretchers = 0, int id = 0) =>
        new(id == 0 ? Id(HashOf(from, to, departs, arrives)) : Id(id), $"{from}-{to}@{departs}", "bus", from, to, Lies[to],
            Dawn.AddHours(departs), Dawn.AddHours(arrives), Spaces.Offer(seats, wheelchairs, stretchers), "operator");

    public static Traveller Adult(int id, params string[] nationalities) =>
        new(Id(id), SpaceKind.Seat, Age.Adult) { Consent = true, Nationalities = [.. nationalities], DocumentValidUntil = NextYear };

    public static Traveller Child(int id, params string[] nationalities) => Adult(id, nationalities) with { Age = Age.Child, AnsweredByHousehold = true };

    public static Traveller Infant(int id, params string[] nationalities) => Adult(id, nationalities) with { Age = Age.Infant, AnsweredByHousehold = true };

    public static Group Household(int id, params Traveller[] members) => new(Id(id), [.. members], 5, 0, Dawn, InTheCapital);

    public static Plan PlanFor(Network network, params IEnumerable<Group> groups) => Planner.Plan(network, groups, []);

    public static string[] Way(this Plan plan, Group group) =>
        [.. plan.Journeys.Single(journey => journey.GroupId == group.Id).Departures.Select(departure => departure.Code)];

    public static ImmutableArray<Reason> WhyLeft(this Plan plan, Group group) =>
        plan.LeftBehind.Single(left => left.GroupId == group.Id).Reasons;

    private static int HashOf(string from, string to, int departs, int arrives)
    {
        var points = Lies.Keys.Order(StringComparer.Ordinal).ToList();
        return (((((points.IndexOf(from) * 10) + points.IndexOf(to)) * 1000) + departs) * 1000) + arrives + 1;
    }
}
