using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.Benchmarks;

/// <summary>A plan stands and everybody on it holds their seats; one thing changes and a new plan is made from it.</summary>
internal static class Replans
{
    public static void Run(Network network, IReadOnlyList<Group> groups, Plan plan, double full, int runs)
    {
        var departures = network.Legs.Select(leg => leg.Departure).ToList();
        var held = plan.Journeys.Select(journey => new HeldSpaces(journey.GroupId, [.. journey.Departures.Select(run => run.Id)], journey.Spaces, journey.Souls) { MayMove = true }).ToList();
        var waiting = plan.LeftBehind.First(left => left.Reasons[0].Code == "no-seat" && groups.Single(group => group.Id == left.GroupId).Tier > 2).GroupId;
        var worse = groups.Select(group => group.Id == waiting ? group with { Tier = 1 } : group).ToList();
        var bus = departures.First(run => run.From == "Stadium");
        var ship = departures.Where(run => run.DestinationCountry is not null).MaxBy(run => run.Spaces.Seats)!;
        (string What, List<Departure> Departures, IReadOnlyList<Group> Groups)[] news =
        [
            ("nothing changed", departures, groups),
            ("one person gets worse", departures, worse),
            ("one bus more", [.. departures, bus with { Id = new(1, 9, 0, new byte[8]), Code = "one-more" }], groups),
            ("ship cancelled", [.. departures.Where(run => run != ship)], groups),
        ];
        Console.WriteLine("  planned again from what stands      seconds   of a full plan   moved   lost   people out");
        foreach (var (what, timetable, people) in news)
        {
            var times = new List<double>();
            Plan again = null!;
            PlanInput input = null!;
            for (var run = 0; run < runs; run++)
            {
                var watch = Stopwatch.StartNew();
                input = Evacuation.InputOf(timetable, people, held);
                again = Planner.Plan(Network.From(input.CrisisCountries, input.Points, timetable), people, held);
                times.Add(watch.Elapsed.TotalSeconds);
            }
            var (before, after) = (plan.Journeys.ToDictionary(journey => journey.GroupId), again.Journeys.ToDictionary(journey => journey.GroupId));
            var median = times.Order().ElementAt(runs / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {what,-34} {median,8:0.00} {100 * median / full,14:0} % {before.Keys.Count(id => after.TryGetValue(id, out var now) && !now.WasHeld),7} {before.Keys.Count(id => !after.ContainsKey(id)),6} {again.Tiers.Sum(tier => tier.Placed),12}"));
        }
    }
}
