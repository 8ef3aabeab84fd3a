using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class CheckerTests
{
    private static readonly Departure Convoy = Run("Capital", "Port", 1, 10, seats: 4), Ship = Run("Port", "Jeddah", 12, 20, seats: 4);
    private static readonly Departure Flight = Run("Jeddah", "Delhi", 30, 35, seats: 4), Late = Run("Capital", "Cairo", 50, 60, seats: 2);

    private static readonly Group Urgent = Household(1, Adult(1, "IND"), Child(2, "IND"), Infant(3, "IND")) with { Tier = 1 };
    private static readonly Group Couple = Household(2, Adult(4, "NPL"), Adult(5, "NPL")) with { Tier = 3 };
    private static readonly Group Single = Household(3, Adult(6, "GBR"));
    private static readonly Group Unwilling = Household(4, Adult(7, "GBR") with { Consent = false });
    private static readonly Group Last = Household(5, Adult(8, "GBR"), Adult(9, "GBR"));

    private static readonly PlanInput Input = new(["SDN"], Points, [Convoy, Ship, Flight, Late], [Urgent, Couple, Single, Unwilling, Last], [], new());

    private static Plan Plan => Planner.Plan(Network(Input.Departures), Input.Groups, []);

    private static string[] Faults(Plan plan, PlanInput? input = null) => [.. World.Check(input ?? Input, plan).Faults.Select(fault => fault.Code).Distinct()];

    [Fact]
    public void What_the_planner_makes_holds() => PlannerProperties.Holds(given => World.Check(given.Input, given.Plan).Holds);

    [Fact]
    public void What_the_planner_keeps_of_an_earlier_plan_holds() => PlannerProperties.Holds(given =>
    {
        var random = new Random(given.Seed);
        ImmutableArray<HeldSpaces> held = [.. given.Plan.Journeys.Where(_ => random.Next(2) == 0).Select(journey =>
            new HeldSpaces(journey.GroupId, [.. journey.Departures.Select(departure => departure.Id)], journey.Spaces, journey.Souls))];
        var input = given.Input with { Held = held, Groups = [.. given.Groups.Where(group => random.Next(5) > 0)] };
        return World.Check(input, Planner.Plan(given.Network, input.Groups, held)).Holds;
    });

    // What one change makes possible for another, the hour of one for the seat of the next, shows where few transports are full.
    [Fact]
    public void What_the_planner_makes_of_families_on_few_transports_holds() =>
        PlannerProperties.Holds(PlannerProperties.Families, given => World.Check(given.Input, given.Plan).Holds, cases: 3000);

    [Fact]
    public void Who_fits_in_the_place_of_another_once_the_more_urgent_went_on_earlier_transports_gets_it()
    {
        var flights = new[] { Run("Capital", "Jeddah", 1, 5, seats: 4), Run("Capital", "Larnaca", 20, 26, seats: 4) };
        Group Party(int id, int size, int tier, params string[] feared) =>
            Household(id, [.. Enumerable.Range(id * 10, size).Select(member => Adult(member) with { FearedCountries = [.. feared] })]) with { Tier = tier, Score = 9 - id };
        Group[] groups = [Party(1, 1, 2), Party(2, 2, 2), Party(3, 1, 4), Party(4, 2, 5, "SAU"), Party(5, 3, 5)];
        var plan = PlanFor(Network(flights), groups);

        Assert.Empty(Faults(plan, new(["SDN"], Points, flights, groups, [], new())));
        Assert.Equal([Id(1), Id(2), Id(3), Id(4)], plan.Journeys.Select(journey => journey.GroupId).Order());
    }

    [Fact]
    public void A_part_of_their_state_is_their_home_for_the_planner_as_for_the_checker()
    {
        AssemblyPoint[] points = [.. Points.Select(point => point.Code == "Larnaca" ? point with { Country = "REU" } : point)];
        var flight = Run("Capital", "Larnaca", 1, 5) with { DestinationCountry = "REU" };
        Group[] groups = [Household(1, Adult(1, "FRA"))];
        var plan = Planner.Plan(EvacuationPlanning.Planning.Network.From(["SDN"], points, [flight]), groups, []);

        Assert.True(Assert.Single(plan.Journeys).EndsAtHome);
        Assert.Empty(Checker.Check(new(["SDN"], points, [flight], groups, [], new()),
            new(["SDN"], points.ToDictionary(point => point.Code, point => new KnownPoint(point.Position, point.Country))), plan).Faults);
    }

    [Fact]
    public void The_example_holds() => Assert.Empty(Faults(Plan));

    [Fact]
    public void For_each_group_left_behind_it_says_what_stood_against_it()
    {
        var input = Input with { Departures = [Convoy, Ship], Groups = [Urgent, Couple, Unwilling, Last] };

        Assert.Equal(
            [new(Last.Id, "no-seat", Full: 2, AllMoreUrgent: 2, NoPlaceLargeEnough: 0), new(Unwilling.Id, "no-consent", 0, 0, 0)],
            World.Check(input, Planner.Plan(Network(Convoy, Ship), input.Groups, [])).StoodAgainst.OrderByDescending(against => against.GroupId));
    }

    [Fact]
    public void A_seat_too_many_is_found()
    {
        var small = Ship with { Spaces = Spaces.Offer(3, 0, 0) };
        var plan = Plan;

        Assert.Contains("over-full", Faults(
            plan with { Journeys = [.. plan.Journeys.Select(journey => journey with { Departures = [.. journey.Departures.Select(run => run == Ship ? small : run)] })] },
            Input with { Departures = [Convoy, small, Flight, Late] }));
    }

    [Fact]
    public void Spaces_of_others_count_too() => Assert.Contains("over-full", Faults(Plan, Input with { Held = [new(Id(99), [Convoy.Id], new(1, 0, 0), 1)] }));

    public static TheoryData<string, string> Mutations => new()
    {
        { "a journey is dropped", "forgotten" },
        { "a journey is doubled", "travels-twice" },
        { "a traveller is also left behind", "travels-and-is-left-behind" },
        { "a reason is missing", "left-behind-without-reason" },
        { "a stranger travels", "unknown-group" },
        { "one of the group stays", "not-all-of-the-group" },
        { "the unwilling travel", "travels-without-consent" },
        { "a leg is left out", "start-out-of-reach" },
        { "legs in the wrong order", "connection-missed" },
        { "the journey ends at the port", "does-not-leave-the-crisis" },
        { "a departure nobody runs", "departure-not-in-the-timetable" },
        { "the refuge is called home", "wrong-end" },
        { "enters without right", "enters-without-right" },
        { "a kept promise nobody made", "was-not-held" },
        { "a load is wrong", "wrong-load" },
        { "the figures flatter", "wrong-figures" },
        { "a bound too low", "wrong-figures" },
    };

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_plan_that_was_tampered_with_does_not_hold(string mutation, string fault)
    {
        var plan = Plan;
        var first = plan.Journeys.Single(journey => journey.GroupId == Urgent.Id);
        var couple = plan.Journeys.Single(journey => journey.GroupId == Couple.Id);
        Plan With(Journey was, Journey now) => plan with { Journeys = plan.Journeys.Replace(was, now) };
        Plan mutated = mutation switch
        {
            "a journey is dropped" => plan with { Journeys = plan.Journeys.Remove(first) },
            "a journey is doubled" => plan with { Journeys = plan.Journeys.Add(first) },
            "a traveller is also left behind" => plan with { LeftBehind = plan.LeftBehind.Add(new(Urgent.Id, [new("no-seat")])) },
            "a reason is missing" => plan with { LeftBehind = [.. plan.LeftBehind.Select(left => left with { Reasons = [] })] },
            "a stranger travels" => plan with { Journeys = plan.Journeys.Add(first with { GroupId = Id(77) }) },
            "one of the group stays" => With(first, first with { Souls = 2 }),
            "the unwilling travel" => plan with { Journeys = plan.Journeys.Add(couple with { GroupId = Unwilling.Id, Spaces = new(1, 0, 0), Souls = 1 }), LeftBehind = [] },
            "a leg is left out" => With(first, first with { Departures = first.Departures.RemoveAt(0) }),
            "legs in the wrong order" => With(first, first with { Departures = [Convoy, Flight, Ship] }),
            "the journey ends at the port" => With(first, first with { Departures = [Convoy] }),
            "a departure nobody runs" => With(first, first with { Departures = [Convoy, Ship with { Spaces = Spaces.Offer(400, 0, 0) }, Flight] }),
            "the refuge is called home" => With(couple, couple with { EndsAtHome = true }),
            "enters without right" => With(couple, couple with { Departures = couple.Departures.Add(Flight), Country = "IND" }),
            "a kept promise nobody made" => With(first, first with { WasHeld = true }),
            "a load is wrong" => plan with { Loads = plan.Loads.SetItem(0, plan.Loads[0] with { Souls = 1 }) },
            "the figures flatter" => plan with { Tiers = plan.Tiers.SetItem(0, plan.Tiers[0] with { Placed = 9 }) },
            _ => plan with { Tiers = plan.Tiers.SetItem(0, plan.Tiers[0] with { AtMost = 1 }) },
        };

        Assert.Contains(fault, Faults(mutated));
    }

    [Fact]
    public void A_country_that_is_feared_a_missing_paper_and_a_child_alone_are_found()
    {
        string[] Found(Func<Traveller, Traveller> change) => Faults(Plan, Input with
        {
            Groups = [Urgent with { Travellers = [.. Urgent.Travellers.Select(one => one.PersonId == Id(2) ? change(one) : one)] }, Couple, Single, Unwilling, Last],
        });

        Assert.Contains("taken-to-a-feared-country", Found(one => one with { FearedCountries = ["SAU"] }));
        Assert.Contains("taken-to-a-feared-country", Found(one => one with { FearsEveryCountry = true }));
        Assert.Contains("travels-unfit", Found(one => one with { UnfitThrough = new(2023, 4, 23) }));
        Assert.Contains("travels-unfit", Found(one => one with { FitThrough = new(2023, 4, 22) }));
        Assert.Contains("crosses-a-border-without-document", Found(one => one with { DocumentValidUntil = null }));
        Assert.Contains("crosses-a-border-without-document", Found(one => one with { ExitBarrier = true, EmergencyDocument = new("IND", [], NextYear) }));
        Assert.Contains("travels-in-spite-of-an-exit-barrier", Found(one => one with { HeldBack = true }));
        Assert.Contains("child-travels-without-escort", Found(one => one with { IsUnaccompanied = true }));
        Assert.Contains("child-travels-without-best-interests-decision", Found(one => one with { IsUnaccompanied = true, EscortId = Id(1) }));
        Assert.Contains("enters-without-right", Found(one => one with { Nationalities = ["NPL"] }));
    }

    [Fact]
    public void Who_is_left_though_there_is_room_or_the_place_of_another_is_found()
    {
        var (one, two) = (Household(1, Adult(1)) with { Tier = 1 }, Household(2, Adult(2)) with { Tier = 4 });
        var input = Input with { Departures = [Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Jeddah", 8, 9, seats: 1)], Groups = [one, two] };
        var calmOnly = Planner.Plan(Network(input.Departures), [two], []);
        var wrong = calmOnly with
        {
            LeftBehind = [new(one.Id, [new("no-seat")])],
            Tiers = [new(1, 1, 0, 0, 1), .. calmOnly.Tiers],
        };

        Assert.Equal(["there-is-room"], Faults(wrong, input));
        Assert.Equal(
            ["fits-in-the-place-of-another"],
            Faults(wrong with { Loads = [wrong.Loads[0]] }, input with { Departures = [input.Departures.First()] }));
    }

    [Fact]
    public void Who_travels_later_than_one_less_urgent_is_found()
    {
        var (one, two) = (Household(1, Adult(1)) with { Tier = 1 }, Household(2, Adult(2)) with { Tier = 4 });
        var input = Input with { Departures = [Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Jeddah", 8, 9, seats: 1)], Groups = [one, two] };
        var plan = Planner.Plan(Network(input.Departures), input.Groups, []);
        Assert.Empty(Faults(plan, input));

        Assert.Equal(["later-than-one-less-urgent"], Faults(plan with
        {
            Journeys = [plan.Journeys[1] with { GroupId = one.Id }, plan.Journeys[0] with { GroupId = two.Id }],
        }, input));
    }
}
