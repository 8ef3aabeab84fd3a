using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly Departure Convoy = Run("Capital", "Port", 1, 10), Ship = Run("Port", "Jeddah", 12, 20);
    private static readonly Departure Flight = Run("Jeddah", "Delhi", 30, 35);

    [Fact]
    public void A_person_is_taken_home_over_several_legs()
    {
        var person = Household(1, Adult(1, "IND"));
        var plan = PlanFor(Network(Flight, Ship, Convoy), person);

        Assert.Equal(["Capital-Port@1", "Port-Jeddah@12", "Jeddah-Delhi@30"], plan.Way(person));
        Assert.True(plan.Journeys[0].EndsAtHome);
    }

    [Fact]
    public void Who_cannot_go_home_goes_to_a_first_refuge()
    {
        var person = Household(1, Adult(1, "NPL"));
        var plan = PlanFor(Network(Convoy, Ship, Flight), person);

        Assert.Equal(["Capital-Port@1", "Port-Jeddah@12"], plan.Way(person));
        Assert.Equal(("SAU", false), (plan.Journeys[0].Country, plan.Journeys[0].EndsAtHome));
    }

    [Fact]
    public void Who_fears_their_own_country_goes_to_a_refuge_instead()
    {
        var person = Household(1, Adult(1, "IND") with { FearedCountries = ["IND"] });

        Assert.Equal("SAU", Assert.Single(PlanFor(Network(Convoy, Ship, Flight), person).Journeys).Country);
    }

    [Fact]
    public void Who_fears_the_transit_waits_for_another_way()
    {
        var person = Household(1, Adult(1, "IND") with { FearedCountries = ["SAU"] });

        Assert.Equal(
            ["Capital-Larnaca@40"],
            PlanFor(Network(Convoy, Ship, Flight, Run("Capital", "Larnaca", 40, 44)), person).Way(person));
    }

    [Fact]
    public void A_household_of_two_nationalities_stays_together_in_the_refuge()
    {
        var couple = Household(1, Adult(1, "IND"), Adult(2, "GBR"));

        Assert.Equal("SAU", Assert.Single(PlanFor(Network(Convoy, Ship, Flight, Run("Jeddah", "London", 30, 35)), couple).Journeys).Country);
    }

    [Fact]
    public void A_connection_needs_an_hour()
    {
        var person = Household(1, Adult(1, "NPL"));

        Assert.Empty(PlanFor(Network(Run("Capital", "Port", 1, 10), Run("Port", "Jeddah", 10, 20)), person).Journeys);
        Assert.Single(PlanFor(Network(Run("Capital", "Port", 1, 10), Run("Port", "Jeddah", 11, 20)), person).Journeys);
    }

    [Fact]
    public void Nothing_is_planned_on_what_has_already_left()
    {
        var person = Household(1, Adult(1, "NPL"));
        var network = Network(Run("Capital", "Jeddah", 1, 5), Run("Capital", "Jeddah", 9, 12));

        Assert.Equal(["Capital-Jeddah@9"], Planner.Plan(network, [person], [], new() { NotBefore = Dawn.AddHours(2) }).Way(person));
    }

    [Fact]
    public void A_slow_first_leg_gives_way_to_a_later_but_faster_one()
    {
        var person = Household(1, Adult(1, "NPL"));
        var network = Network(Run("Capital", "Port", 1, 20), Run("Capital", "Port", 3, 8), Run("Port", "Jeddah", 9, 12));

        Assert.Equal(["Capital-Port@3", "Port-Jeddah@9"], PlanFor(network, person).Way(person));
    }

    [Fact]
    public void A_slow_way_home_gives_way_to_a_later_but_faster_one()
    {
        var person = Household(1, Adult(1, "EGY"));

        Assert.Equal(["Capital-Cairo@3"], PlanFor(Network(Run("Capital", "Cairo", 1, 20), Run("Capital", "Cairo", 3, 8)), person).Way(person));
    }

    [Fact]
    public void Where_legs_are_few_a_slow_direct_bus_beats_a_fast_detour()
    {
        var person = Household(1, Adult(1, "NPL"));
        var network = Network(
            Run("Capital", "Hill", 1, 2), Run("Hill", "Port", 4, 6), Run("Capital", "Port", 5, 10), Run("Port", "Jeddah", 12, 20));

        Assert.Equal(["Capital-Port@5", "Port-Jeddah@12"], Planner.Plan(network, [person], [], new() { MostLegs = 2 }).Way(person));
        Assert.Equal([new("no-journey")], Planner.Plan(network, [person], [], new() { MostLegs = 1 }).WhyLeft(person));
    }

    [Fact]
    public void A_household_is_not_split_over_the_last_seats()
    {
        var pair = Household(1, Adult(1), Adult(2));
        var plan = PlanFor(Network(Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Jeddah", 2, 6, seats: 1)), pair);

        Assert.Equal(
            [new("no-seat", null, "SAU", "Capital-Jeddah@1"), new("no-seat", null, "SAU", "Capital-Jeddah@2")],
            plan.WhyLeft(pair));
    }

    [Fact]
    public void A_stretcher_patient_does_not_travel_on_a_seat()
    {
        var patient = Household(1, Adult(1) with { Space = SpaceKind.Stretcher });
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 50), Run("Capital", "Jeddah", 20, 25, seats: 0, stretchers: 1));

        Assert.Equal(["Capital-Jeddah@20"], PlanFor(network, patient).Way(patient));
    }

    [Fact]
    public void Each_adult_takes_one_infant_on_the_lap_and_the_second_infant_needs_a_seat()
    {
        var family = Household(1, Adult(1), Infant(2), Infant(3));

        Assert.Equal((new Spaces(2, 0, 0) with { Laps = 1 }, 3), (family.Need, family.Souls));
        Assert.Equal(3, Assert.Single(PlanFor(Network(Run("Capital", "Jeddah", 1, 5)), family).Loads).Souls);
    }

    [Fact]
    public void Nobody_on_a_stretcher_takes_an_infant_on_the_lap() =>
        Assert.Equal(new(1, 0, 1), Household(1, Adult(1) with { Space = SpaceKind.Stretcher }, Infant(2)).Need);

    [Fact]
    public void The_last_seat_goes_by_tier_then_score_then_waiting_time_then_id()
    {
        Group[] inOrder =
        [
            Household(9, Adult(1)) with { Tier = 1 },
            Household(8, Adult(2)) with { Tier = 2, Score = 70 },
            Household(7, Adult(3)) with { Tier = 2, Score = 60, WaitingSince = Dawn.AddDays(-2) },
            Household(5, Adult(4)) with { Tier = 2, Score = 60, WaitingSince = Dawn.AddDays(-1) },
            Household(6, Adult(5)) with { Tier = 2, Score = 60, WaitingSince = Dawn.AddDays(-1) },
        ];

        for (var seats = 0; seats <= inOrder.Length; seats++)
            Assert.Equal(
                inOrder.Take(seats).Select(group => group.Id),
                PlanFor(Network(Run("Capital", "Jeddah", 1, 5, seats)), inOrder.Reverse()).Journeys.Select(journey => journey.GroupId));
    }

    [Fact]
    public void Who_is_out_of_reach_of_every_assembly_point_is_told_so()
    {
        var (far, nowhere) = (Household(1, Adult(1)) with { Start = InTheDesert }, Household(2, Adult(2)) with { Start = null });
        var plan = PlanFor(Network(Run("Capital", "Jeddah", 1, 5)), far, nowhere);

        Assert.All([far, nowhere], group => Assert.Equal([new("no-assembly-point-in-reach")], plan.WhyLeft(group)));
    }

    [Fact]
    public void Without_any_connection_the_reason_is_not_the_seats()
    {
        var person = Household(1, Adult(1));

        Assert.Equal([new("no-journey")], PlanFor(Network(Run("Capital", "Port", 1, 5, seats: 0), Run("Port", "Jeddah", 2, 4)), person).WhyLeft(person));
    }

    [Fact]
    public void Who_fears_every_destination_is_told_who_and_where()
    {
        var pair = Household(1, Adult(1) with { FearedCountries = ["SAU"] }, Adult(2) with { FearedCountries = ["CYP"] });
        var network = Network(Run("Capital", "Jeddah", 1, 5), Run("Capital", "Jeddah", 8, 9), Run("Capital", "Larnaca", 2, 6));

        Assert.Equal(
            [new("fears-every-destination", Id(1), "SAU", "Capital-Jeddah@1"), new("fears-every-destination", Id(2), "CYP", "Capital-Larnaca@2")],
            PlanFor(network, pair).WhyLeft(pair));
    }

    [Fact]
    public void Who_has_no_papers_is_told_which_border_they_miss()
    {
        var person = Household(1, Adult(1) with { DocumentValidUntil = null });

        Assert.Equal(
            [new("no-usable-document", Id(1), "SAU", "Port-Jeddah@12")],
            PlanFor(Network(Convoy, Ship, Flight), person).WhyLeft(person));
    }

    [Fact]
    public void Only_full_departures_that_could_have_helped_are_named()
    {
        var (first, second) = (Household(1, Adult(1, "IND")), Household(2, Adult(2, "IND")));
        var network = Network(
            Convoy, Run("Port", "Jeddah", 12, 20, seats: 1),
            Run("Hill", "Jeddah", 1, 5, seats: 0), Run("Port", "Capital", 12, 18, seats: 0),
            Run("Capital", "Hill", 2, 3), Run("Hill", "Port", 5, 11, seats: 0));

        Assert.Equal([new("no-seat", null, "SAU", "Port-Jeddah@12")], PlanFor(network, first, second).WhyLeft(second));
    }

    [Fact]
    public void A_held_seat_stays_with_its_holder_when_somebody_more_urgent_comes()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 1));
        var (holder, urgent) = (Household(1, Adult(1)), Household(2, Adult(2)) with { Tier = 1 });

        var plan = Planner.Plan(network, [holder, urgent], [new(holder.Id, [network.Legs[0].Departure.Id], holder.Need, 1)]);

        Assert.True(Assert.Single(plan.Journeys).WasHeld);
        Assert.Equal("no-seat", plan.WhyLeft(urgent)[0].Code);
    }

    [Fact]
    public void Seats_of_people_who_are_no_longer_planned_are_taken_all_the_same()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 2));
        var family = Household(1, Adult(1), Adult(2));

        Assert.Empty(Planner.Plan(network, [family], [new(Id(9), [network.Legs[0].Departure.Id], new(1, 0, 0), 1)]).Journeys);
    }

    [Fact]
    public void A_held_seat_to_a_country_that_is_now_feared_is_given_up_and_goes_to_the_next()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Larnaca", 20, 25, seats: 1));
        var (holder, next) = (Household(1, Adult(1) with { FearedCountries = ["SAU"] }), Household(2, Adult(2)));

        var plan = Planner.Plan(network, [holder, next], [new(holder.Id, [network.Legs[0].Departure.Id], holder.Need, 1)]);

        Assert.Equal(["Capital-Larnaca@20"], plan.Way(holder));
        Assert.Equal(["Capital-Jeddah@1"], plan.Way(next));
    }

    [Fact]
    public void A_held_seat_on_a_cancelled_departure_is_planned_anew()
    {
        var holder = Household(1, Adult(1));
        var plan = Planner.Plan(Network(Run("Capital", "Jeddah", 1, 5)), [holder], [new(holder.Id, [Id(404)], holder.Need, 1)]);

        Assert.Equal(["Capital-Jeddah@1"], plan.Way(holder));
        Assert.False(plan.Journeys[0].WasHeld);
    }

    [Fact]
    public void A_household_that_grew_gets_another_journey_rather_than_the_seat_of_another_holder()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 2), Run("Capital", "Jeddah", 20, 25, seats: 2));
        var (grown, other) = (Household(1, Adult(1), Child(2)) with { Tier = 1 }, Household(2, Adult(3)));
        HeldSpaces OneSeat(Group group) => new(group.Id, [network.Legs[0].Departure.Id], new(1, 0, 0), 1);

        var plan = Planner.Plan(network, [grown, other], [OneSeat(grown), OneSeat(other)]);

        Assert.Equal(["Capital-Jeddah@20"], plan.Way(grown));
        Assert.Equal(["Capital-Jeddah@1"], plan.Way(other));
    }

    [Fact]
    public void A_household_that_shrank_keeps_its_transport_and_frees_the_rest()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 2));
        var (shrunk, next) = (Household(1, Adult(1)), Household(2, Adult(2)));

        Assert.Equal(
            [(shrunk.Id, true), (next.Id, false)],
            Planner.Plan(network, [next, shrunk], [new(shrunk.Id, [network.Legs[0].Departure.Id], new(2, 0, 0), 2)])
                .Journeys.Select(journey => (journey.GroupId, journey.WasHeld)));
    }

    [Fact]
    public void When_a_transport_shrinks_the_most_urgent_keep_their_seats()
    {
        var network = Network(Run("Capital", "Jeddah", 1, 5, seats: 1));
        var (calm, urgent) = (Household(1, Adult(1)), Household(2, Adult(2)) with { Tier = 1 });
        HeldSpaces Hold(Group group) => new(group.Id, [network.Legs[0].Departure.Id], group.Need, 1);

        Assert.Equal(urgent.Id, Assert.Single(Planner.Plan(network, [calm, urgent], [Hold(calm), Hold(urgent)]).Journeys).GroupId);
    }

    [Fact]
    public void A_tier_is_never_promised_more_than_the_spaces_out_of_the_crisis()
    {
        var plan = PlanFor(
            Network(Run("Capital", "Jeddah", 1, 5, seats: 1), Run("Capital", "Port", 1, 5)),
            Household(1, Adult(1)), Household(2, Adult(2)), Household(3, Adult(3) with { Consent = false }));

        Assert.Equal([new TierFigures(5, People: 3, Placed: 1, AtHome: 0, AtMost: 1)], plan.Tiers);
    }

    [Fact]
    public void What_decides_the_order_has_nothing_in_it_but_urgency_and_waiting() =>
        Assert.Equal(
            ["GroupId", "Score", "Tier", "WaitingSince"],
            typeof(Turn).GetProperties().Where(property => !property.GetMethod!.IsStatic).Select(property => property.Name).Order());
}
