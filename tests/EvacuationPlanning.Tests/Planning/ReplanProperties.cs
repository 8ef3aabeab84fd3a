using System.Collections.Immutable;
using System.Text.Json;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.PlannerProperties;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

/// <summary>A plan stands, something changes, and a new one is made from it.</summary>
public sealed class ReplanProperties
{
    /// <param name="Before">The input of the plan that stood.</param>
    /// <param name="Plan">The new one.</param>
    internal sealed record News(Case Before, PlanInput Input, Plan Plan)
    {
        public ILookup<Guid, Guid> Held { get; } = Input.Held.SelectMany(hold => hold.Departures.Select(run => (hold.GroupId, run))).ToLookup(leg => leg.GroupId, leg => leg.run);

        public IEnumerable<Journey> Moved => Plan.Journeys.Where(journey => Held.Contains(journey.GroupId) && !Held[journey.GroupId].SequenceEqual(journey.Departures.Select(run => run.Id)));

        public Group this[Guid id] => Input.Groups.Single(group => group.Id == id);

        /// <summary>A promise that nothing but the planner could break.</summary>
        public bool Stands(Guid id) => Planner.Plan(Network(Input.Departures), [this[id]], Input.Held.Where(hold => hold.GroupId == id), Input.Terms).Journeys is [{ WasHeld: true }];
    }

    [Fact]
    public void What_comes_of_news_keeps_every_rule_and_its_certificate() => AfterNews(moveHeld: false, news => Faultless(news));

    [Fact]
    public void With_seats_that_may_be_lost_it_keeps_every_rule_and_its_certificate() => AfterNews(moveHeld: true, news => Faultless(news));

    [Fact]
    public void Nobody_loses_a_journey_that_still_stands() => AfterNews(moveHeld: false, news =>
        Shrunk(news) || news.Input.Held.All(hold => !news.Stands(hold.GroupId) || news.Plan.Journeys.Any(journey => journey.GroupId == hold.GroupId)));

    [Fact]
    public void Nobody_is_moved_unless_somebody_of_the_first_two_tiers_gets_out_by_it() => AfterNews(moveHeld: false, news =>
        !news.Moved.Any(journey => !Shrunk(news) && news.Stands(journey.GroupId)) || news.Plan.Journeys.Any(journey => !news.Held.Contains(journey.GroupId) && news[journey.GroupId].Tier <= 2
            || news.Held.Contains(journey.GroupId) && !news.Stands(journey.GroupId)));

    [Fact]
    public void Without_news_nobody_is_moved() => Holds(given =>
    {
        var held = HeldBy(given.Plan);
        foreach (var moveHeld in (bool[])[false, true])
        {
            var again = Planner.Plan(given.Network, given.Groups, held, new() { MoveHeld = moveHeld });
            if (!again.Journeys.All(journey => journey.WasHeld) || again.Journeys.Length != given.Plan.Journeys.Length) return false;
        }
        return true;
    });

    [Fact]
    public void From_what_stood_no_fewer_of_the_first_tier_that_matters_get_out() => AfterNews(moveHeld: true, news =>
    {
        // What of the old plan still stands is one way to go on; the new plan must be at least as good, tier by tier.
        var kept = Planner.Plan(Network(news.Input.Departures), news.Input.Groups, news.Input.Held.Select(hold => hold with { MayMove = false }));
        foreach (var (now, then) in news.Plan.Tiers.Zip(kept.Tiers))
            if (now.Placed != then.Placed) return now.Placed > then.Placed || Traded(news);
        return true;
    });

    // One against one urgency decides: a smaller group of the tier may have taken the place of a larger one.
    private static bool Traded(News news) => news.Plan.LeftBehind.Any(left => news.Held.Contains(left.GroupId));

    private static bool Shrunk(News news) => news.Input.Departures.Any(run =>
        news.Input.Held.Where(hold => hold.Departures.Contains(run.Id)).Aggregate(default(Spaces), (sum, hold) => sum + hold.Spaces) is var all && !run.Spaces.Hold(all));

    private static bool Faultless(News news)
    {
        var verdict = World.Check(news.Input, news.Plan);
        Assert.True(verdict.Holds, string.Join('\n', verdict.Faults.Select(fault => $"{fault}")));
        return true;
    }

    internal static ImmutableArray<HeldSpaces> HeldBy(Plan plan) => [.. plan.Journeys.Select(journey =>
        new HeldSpaces(journey.GroupId, [.. journey.Departures.Select(run => run.Id)], journey.Spaces, journey.Souls) { MayMove = true })];

    /// <summary>A third were not known before, some got worse, a transport was cancelled, another one shrank, a new one came.</summary>
    internal static void AfterNews(bool moveHeld, Func<News, bool> property) => Holds(given =>
    {
        var random = new Random(given.Seed);
        var before = given with { Groups = [.. given.Groups.Where(_ => random.Next(3) > 0)], Departures = [.. given.Departures.Where((_, index) => index == 0 || random.Next(8) > 0)] };
        ImmutableArray<Departure> departures = [.. given.Departures.Where((_, index) => index == 1 || random.Next(8) > 0).Select(run => random.Next(8) == 0 ? run with { Spaces = run.Spaces with { Seats = run.Spaces.Seats / 2 } } : run)];
        ImmutableArray<Group> groups = [.. given.Groups.Select(group => random.Next(4) == 0 ? group with { Tier = random.Next(1, group.Tier + 1), Score = random.Next(3) } : group)];
        var input = new PlanInput(["SDN"], Points, departures, groups, HeldBy(before.Plan), new() { MoveHeld = moveHeld });
        return property(new(before, input, Planner.Plan(Network(departures), groups, input.Held, input.Terms)));
    });
}
