using System.Collections.Immutable;
using System.Text.Json;
using CrisisCoordination.EvacuationPlanning.Planning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

/// <summary>The planner against every plan there is, where there are few enough to try them all.</summary>
public sealed class BestPlanTests
{
    [Fact]
    public void No_plan_at_all_brings_out_more_people_than_the_bound_says() => Holds(Few, given =>
    {
        var (plan, best) = (given.Plan, Best(given));
        for (var tier = 0; tier < plan.Tiers.Length; tier++)
        {
            if (best[tier] > plan.Tiers[tier].AtMost) return false;
            // The bound of a tier is for plans that bring out as many of those before it.
            if (best[tier] != plan.Tiers[tier].Placed) break;
        }
        return true;
    });

    [Fact]
    public void Of_single_travellers_on_direct_transports_as_many_go_as_can_tier_by_tier() => Holds(Singles, given =>
        given.Plan.Tiers.Select(tier => tier.Placed).SequenceEqual(Best(given)));

    [Fact]
    public void Of_single_travellers_on_direct_transports_who_gets_worse_is_never_planned_later() => Holds(Singles, given => NobodyIsLaterForGettingWorse(given));

    [Fact]
    public void Two_families_of_four_go_rather_than_one_of_six_if_there_are_eight_seats()
    {
        Group Family(int id, int size, int score) => Household(id, [.. Enumerable.Range(id * 10, size).Select(member => Adult(member))]) with { Tier = 2, Score = score };
        Group[] families = [Family(1, 6, 9), Family(2, 4, 5), Family(3, 4, 4)];

        Assert.Equal(
            [Id(2), Id(3)],
            PlanFor(Network(Run("Capital", "Jeddah", 1, 5, seats: 8)), families).Journeys.Select(journey => journey.GroupId));
    }

    [Fact]
    public void One_family_of_four_does_not_go_before_a_more_urgent_one_of_three_though_they_are_more_people()
    {
        Group Family(int id, int size, int score) => Household(id, [.. Enumerable.Range(id * 10, size).Select(member => Adult(member))]) with { Tier = 2, Score = score };

        Assert.Equal(Id(1), Assert.Single(PlanFor(Network(Run("Capital", "Jeddah", 1, 5, seats: 4)), Family(1, 3, 9), Family(2, 4, 5)).Journeys).GroupId);
    }

    [Fact]
    public void Where_a_family_found_nobody_to_make_room_a_single_traveller_still_may()
    {
        var flights = new[] { Run("Capital", "Jeddah", 1, 5, seats: 4), Run("Capital", "Larnaca", 2, 6, seats: 4), Run("Capital", "Cairo", 20, 26, seats: 1) };
        Group Party(int id, int size, params string[] feared) =>
            Household(id, [.. Enumerable.Range(id * 10, size).Select(member => Adult(member) with { FearedCountries = [.. feared] })]) with { Tier = id };

        var groups = new[] { Party(1, 3, "SAU", "EGY"), Party(2, 1, "SAU"), Party(3, 1, "EGY"), Party(4, 3, "EGY"), Party(5, 1, "CYP", "EGY") };

        Assert.Empty(PlanFor(Network(flights), groups).LeftBehind);
    }

    [Fact]
    public void Who_can_take_another_transport_makes_room_for_who_cannot_even_over_three()
    {
        var flights = new[] { Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Larnaca", 2, 6, seats: 1), Run("Capital", "Cairo", 20, 26, seats: 1) };
        var first = Household(1, Adult(1)) with { Tier = 1 };
        var second = Household(2, Adult(2) with { FearedCountries = ["SAU"] }) with { Tier = 2 };
        var third = Household(3, Adult(3) with { FearedCountries = ["EGY", "CYP"] }) with { Tier = 3 };

        var plan = PlanFor(Network(flights), first, second, third);

        Assert.Equal([(1, "Capital-Larnaca@2"), (2, "Capital-Cairo@20"), (3, "Capital-Jeddah@1")], new[] { first, second, third }.Select(group => (group.Tier, plan.Way(group)[0])));
    }

    [Fact]
    public void Nationality_changes_nothing_where_no_border_asks_for_it() => Holds(PlannerProperties.Cases, given =>
    {
        var networks = given with { Departures = [.. given.Departures.Where(run => Lies[run.From] is null && Lies[run.To] is not "EGY")] };
        string Flip(string country) => country switch { "IND" => "NPL", "NPL" => "BGD", "GBR" => "IND", _ => "GBR" };
        var flipped = networks with
        {
            Groups = [.. networks.Groups.Select(group => group with
            {
                Travellers = [.. group.Travellers.Select(one => one with { Nationalities = [.. one.Nationalities.Select(Flip)] })],
            })],
        };
        return JsonSerializer.Serialize(networks.Plan) == JsonSerializer.Serialize(flipped.Plan);
    });

    internal static bool NobodyIsLaterForGettingWorse(PlannerProperties.Case given)
    {
        var before = given.Plan;
        var random = new Random(given.Seed);
        return before.Journeys.All(journey =>
        {
            var group = given[journey.GroupId];
            var worse = group with { Tier = random.Next(1, group.Tier + 1), Score = group.Score + random.Next(1, 3) };
            var after = (given with { Groups = given.Groups.Replace(group, worse) }).Plan.Journeys.SingleOrDefault(again => again.GroupId == group.Id);
            return after is not null && (after.EndsAtHome != journey.EndsAtHome ? after.EndsAtHome : after.Departures[^1].ArrivesAt <= journey.Departures[^1].ArrivesAt);
        });
    }

    /// <summary>People per tier of the best plan: as many as can be of the first, then of the second, and so on.</summary>
    internal static int[] Best(PlannerProperties.Case given)
    {
        var tiers = given.Groups.Select(group => group.Tier).Distinct().Order().ToList();
        // Who is out is counted, so no way needs to go on from the first country outside.
        var ways = given.Groups.Select(group => PlannerProperties.SafeWays(given, group, departure => departure.Spaces)
            .Where(way => way.SkipLast(1).All(leg => Lies[leg.To] is null)).ToList()).ToList();
        var free = given.Departures.ToDictionary(departure => departure.Id, departure => departure.Spaces);
        var (best, placed) = (new int[tiers.Count], new int[tiers.Count]);
        Try(0);
        return best;

        void Try(int number)
        {
            if (number == ways.Count)
            {
                if (placed.AsSpan().SequenceCompareTo(best) > 0) best = [.. placed];
                return;
            }
            var group = given.Groups[number];
            var tier = tiers.IndexOf(group.Tier);
            foreach (var way in ways[number].Where(way => way.All(leg => free[leg.Id].Hold(group.Need))))
            {
                foreach (var leg in way) free[leg.Id] -= group.Need;
                placed[tier] += group.Souls;
                Try(number + 1);
                placed[tier] -= group.Souls;
                foreach (var leg in way) free[leg.Id] += group.Need;
            }
            Try(number + 1);
        }
    }

    internal static Gen<PlannerProperties.Case> Few =>
        from given in PlannerProperties.Cases
        select given with { Departures = [.. given.Departures.Take(9)], Groups = [.. given.Groups.Take(6)] };

    internal static Gen<PlannerProperties.Case> Singles =>
        from given in PlannerProperties.Cases
        from to in PlannerProperties.Each(5, _ => Gen.Elements("Jeddah", "Larnaca", "Cairo"))
        from seats in PlannerProperties.Each(5, _ => Gen.Choose(0, 2))
        from departs in PlannerProperties.Each(5, _ => Gen.Choose(1, 60))
        select given with
        {
            Departures = [.. Enumerable.Range(0, 5).Select(run => Run("Capital", to[run], (departs[run] * 5) + run, (departs[run] * 5) + run + 5, seats[run], 0, 0, run + 1))],
            Groups = [.. given.Groups.Take(7).Select(party => party with
            {
                Start = InTheCapital,
                Travellers = [party.Travellers[0] with { Space = SpaceKind.Seat, Age = Age.Adult, Nationalities = [] }],
            })],
        };

    private static void Holds(Gen<PlannerProperties.Case> cases, Func<PlannerProperties.Case, bool> property) =>
        Prop.ForAll(Arb.From(cases), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));
}
