using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

/// <summary>What a transport can take besides seats.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void Seats_kept_for_escorts_go_to_escorts_only()
    {
        var alone = Household(1, Adult(1), Adult(2));
        var escorted = Household(2, Adult(3), Child(4) with { IsUnaccompanied = true, EscortId = Id(3), BestInterestsDecision = true }) with { Tier = 5, Score = -1 };
        var plan = Flies(Spaces.Offer(2, 0, 0, escortSeats: 1), alone, escorted);

        Assert.Equal([escorted.Id], plan.Journeys.Select(journey => journey.GroupId));
        Assert.Equal("no-seat", plan.WhyLeft(alone)[0].Code);
    }

    [Fact]
    public void An_escort_sits_anywhere_and_leaves_the_ordinary_seats_to_others_where_one_is_kept()
    {
        var escorted = Household(1, Adult(1), Child(2) with { IsUnaccompanied = true, EscortId = Id(1), BestInterestsDecision = true });

        Assert.Single(Flies(Spaces.Offer(2, 0, 0), escorted).Journeys);
        Assert.Equal(2, Flies(Spaces.Offer(3, 0, 0, escortSeats: 1), escorted, Household(3, Adult(3))).Journeys.Length);
    }

    [Fact]
    public void Beside_a_stretcher_sits_one_escort() =>
        Assert.Single(Flies(Spaces.Offer(1, 0, 1, escortSeats: 1), Household(1, Adult(1), Adult(2) with { Space = SpaceKind.Stretcher })).Journeys);

    [Fact]
    public void No_more_infants_on_laps_than_the_carrier_takes()
    {
        var (first, second) = (Household(1, Adult(1), Infant(2)) with { Tier = 1 }, Household(2, Adult(3), Infant(4)));

        Assert.Equal([first.Id], Flies(Spaces.Offer(9, 0, 0, laps: 1), first, second).Journeys.Select(journey => journey.GroupId));
        Assert.Equal(2, Flies(Spaces.Offer(9, 0, 0), first, second).Journeys.Length);
    }

    [Fact]
    public void No_more_people_who_must_be_carried_than_the_crew_can_bring_out()
    {
        var (chair, stretcher) = (Household(1, Adult(1) with { Space = SpaceKind.Wheelchair }), Household(2, Adult(2) with { Space = SpaceKind.Stretcher }));

        Assert.Single(Flies(Spaces.Offer(0, 5, 5, carried: 1), chair, stretcher).Journeys);
    }

    [Fact]
    public void Who_needs_oxygen_flies_where_there_is_some()
    {
        var patient = Household(1, Adult(1) with { NeedsOxygen = true });

        Assert.Empty(Flies(Spaces.Offer(9, 0, 0), patient).Journeys);
        Assert.Single(Flies(Spaces.Offer(9, 0, 0, oxygen: 1), patient).Journeys);
    }

    [Fact]
    public void At_a_point_with_a_longer_change_the_next_transport_is_caught_and_with_a_shorter_one_the_first()
    {
        var runs = new[] { Run("Capital", "Port", 1, 5), Run("Port", "Jeddah", 6, 12), Run("Port", "Jeddah", 9, 15) };
        string[] Way(TimeSpan? connection)
        {
            var points = Points.Select(point => point.Code == "Port" ? point with { Connection = connection } : point).ToArray();
            var group = Household(1, Adult(1));
            var plan = Planner.Plan(EvacuationPlanning.Planning.Network.From(["SDN"], points, runs), [group], []);
            Assert.True(World.Check(new(["SDN"], points, runs, [group], [], new()), plan).Holds);
            return plan.Way(group);
        }

        Assert.Equal("Port-Jeddah@6", Way(null)[^1]);
        Assert.Equal("Port-Jeddah@9", Way(TimeSpan.FromHours(2))[^1]);
        Assert.Equal("Port-Jeddah@6", Way(TimeSpan.FromMinutes(20))[^1]);
    }

    [Theory]
    [InlineData(0, null, null, 1)]
    [InlineData(2, null, null, 1)]
    [InlineData(0, 0, null, 1)]
    [InlineData(0, null, 0, 1)]
    [InlineData(0, null, null, 0)]
    public void The_checker_finds_each_limit_that_is_broken(int escortSeats, int? laps, int? carried, int oxygen)
    {
        var group = Household(1, Adult(1) with { NeedsOxygen = true }, Infant(2), Adult(3) with { Space = SpaceKind.Wheelchair });
        var (roomy, tight) = (Spaces.Offer(2, 1, 0, oxygen: 1), Spaces.Offer(2, 1, 0, escortSeats, laps, carried, oxygen));
        var run = Run("Capital", "Jeddah", 1, 5) with { Spaces = roomy };
        var plan = Planner.Plan(Network(run), [group], []);
        var small = run with { Spaces = tight };
        var moved = plan with { Journeys = [.. plan.Journeys.Select(journey => journey with { Departures = [small] })] };

        Assert.Equal(tight != roomy, World.Check(new(["SDN"], Points, [small], [group], [], new()), moved).Faults.Any(fault => fault.Code == "over-full"));
    }

    [Fact]
    public void Whatever_is_limited_no_plan_breaks_a_limit_and_the_checker_agrees() =>
        Prop.ForAll(Arb.From(PlannerProperties.Cases), given =>
        {
            var random = new Random(given.Seed);
            var runs = given.Departures.Select(run => run with
            {
                Spaces = Spaces.Offer(run.Spaces.Seats, run.Spaces.Wheelchairs, run.Spaces.Stretchers, random.Next(run.Spaces.Seats + 1), random.Next(3), random.Next(2), random.Next(2)),
            }).ToList();
            var groups = given.Groups.Select(group => group with { Travellers = [.. group.Travellers.Select(one => one with { NeedsOxygen = random.Next(8) == 0 })] }).ToList();
            var plan = PlanFor(Network(runs), groups);
            return World.Check(new(["SDN"], Points, runs, groups, [], new()), plan).Holds
                && plan.Loads.All(load => load.Offered.Hold(load.Used))
                && plan.Tiers.All(tier => tier.Placed <= tier.AtMost);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));

    private static Plan Flies(Spaces offered, params Group[] groups)
    {
        var run = Run("Capital", "Jeddah", 1, 5) with { Spaces = offered };
        var plan = PlanFor(Network(run), groups);
        Assert.Empty(World.Check(new(["SDN"], Points, [run], groups, [], new()), plan).Faults);
        return plan;
    }
}
