using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Plans;

public sealed class SeatingTests
{
    private static readonly DateOnly Day = new(2023, 4, 23);

    [Fact]
    public void A_household_is_seated_on_every_leg_in_one_append()
    {
        var seated = Seat([Convoy(), Ship()], Adult(1), Adult(2));

        Assert.Equal(4, seated.Decided.Count(d => d.Event is SeatHeld));
        Assert.Equal(4, seated.Decided.Count(d => d.Event is SpaceTaken));
    }

    [Fact]
    public void One_who_may_not_go_any_more_keeps_the_whole_household() => Seat([Convoy()], Adult(1), Adult(2, NoConsent)).RefusedAs("travel/no-consent");

    [Fact]
    public void One_leg_without_room_keeps_them_from_all() => Seat([Convoy(), Ship(seats: 1)], Adult(1), Adult(2)).RefusedAs("transport/full");

    [Fact]
    public void Each_adult_takes_one_infant_and_the_next_infant_a_seat()
    {
        var seated = Seat([Convoy(seats: 2)], Infant(2), Infant(1), Adult(3));

        Assert.Null(seated.Refusal);
        Assert.Equal((2, 1), (seated.Transports[Convoy().Id].Taken.Seats, seated.Transports[Convoy().Id].Lines.Count(space => space.OnLap)));
    }

    [Fact]
    public void A_transport_that_changed_or_a_point_that_may_lie_elsewhere_since_the_plan_was_made_seats_nobody()
    {
        var (seating, ship) = (Seats([Ship()], Adult(1)), Ship().Schedule!);
        Scene Seated(Transport run, Atlas? places = null) => (SceneOf([Adult(1)], [run]) with { Atlas = places ?? Sudan.Map }).Seat(PlanId, seating, Day, Noon);

        Seated(Ship()).Settled();
        Seated(Ship().After(new TransportDiverted("Suez", "EGY", "Storm", "officer", Noon))).RefusedAs("plan/changed-while-planning");
        Seated(Ship().After(new TransportRescheduled(ship.DepartsAt.AddHours(1), ship.ArrivesAt, "Storm", "officer", Noon))).RefusedAs("plan/changed-while-planning");
        Seated(Ship().After(new TransportAlternatesSet(["Suez"], "Storm", "officer", Noon))).RefusedAs("plan/changed-while-planning");
        Seated(Ship(), Atlas.Of(Sudan.Map.Points.Values.Select(point =>
            point.Opened!.Code == "Jeddah" ? point.After(new PointCountryChangeProposed("ERI", "x", "officer", Noon)) : point), Sudan.Map.Crises.Values)).RefusedAs("plan/changed-while-planning");
        Seated(Ship(), Atlas.Of(Sudan.Map.Points.Values.Select(point =>
            point.Opened!.Code == ship.From ? point.After(new PointCountryChangeProposed("ERI", "x", "officer", Noon)) : point), Sudan.Map.Crises.Values)).RefusedAs("plan/changed-while-planning");
    }

    [Fact]
    public void A_plan_asked_for_again_seats_nobody_twice()
    {
        var seated = Seat([Convoy()], Adult(1)).Settled();

        seated.Seat(PlanId, Seats([Convoy()], Adult(1)), Day, Noon).RefusedAs("travel/has-a-journey");
    }

    [Fact]
    public void A_plan_moves_nobody_off_a_sealed_manifest_nor_off_a_part_of_their_journey()
    {
        var (held, other) = (new[] { Convoy(), Ship() }.Together(Adult(1)), Transport.Start(Id(104)).After(Ship().Schedule! with { Code = "other" }));
        var scene = held with { Transports = held.Transports.Add(other.Id, other) };
        Scene Moved(Scene from, params Guid[] leaves) => from.Seat(Id(901), Seats([other], Adult(1)) with { Leaves = [.. leaves] }, Day, Noon);

        Assert.Null(Moved(scene, Convoy().Id, Ship().Id).Refusal);
        Moved(scene, Ship().Id).RefusedAs("plan/changed-while-planning");
        Moved(scene with { Transports = scene.Transports.SetItem(Ship().Id, scene.Transports[Ship().Id].Sealed()) }, Convoy().Id, Ship().Id).RefusedAs("plan/changed-while-planning");
    }

    [Fact]
    public void Who_escorts_a_child_alone_is_content_with_a_seat_kept_for_escorts() =>
        Assert.Equal([Id(1)], Seat([Convoy()], Adult(1), LoneChild(2, MayGoWith(1))).Transports[Convoy().Id].Lines.Where(space => space.Escort).Select(space => space.PersonId));

    [Fact]
    public void Who_needs_oxygen_is_seated_where_there_is_some() => Seat([Convoy()], Person(1, "1985-01-30", "head", [Passenger.Oxygen])).RefusedAs("transport/no-oxygen");

    [Fact]
    public void An_infant_who_comes_later_has_no_lap_that_another_sits_on()
    {
        var family = new[] { Convoy() }.Together(Adult(1), Infant(2));
        var seating = Seats([Convoy()], Adult(1), Infant(2), Infant(3)) with { Movers = [Id(3)] };
        var seated = (family with { People = family.People.Add(Id(3), Infant(3)) }).Seat(Id(901), seating, Day, Noon).Settled();

        Assert.Equal([Id(2)], seated.Transports[Convoy().Id].Lines.Where(space => space.OnLap).Select(space => space.PersonId));
    }

    [Fact]
    public void Who_joins_a_family_later_sits_with_it()
    {
        var family = new[] { Convoy() }.Together(Adult(1));
        var scene = family with { People = family.People.Add(Id(2), Child(2)) };
        var seating = Seats([Convoy()], Adult(1), Child(2)) with { Movers = [Id(2)] };

        Assert.Equal([Id(1), Id(2)], scene.Seat(Id(901), seating, Day, Noon).Settled().Transports[Convoy().Id].PartyOf(Id(2)));
    }

    [Fact]
    public void A_household_is_one_group_as_urgent_as_its_neediest_member()
    {
        var household = Assert.Single(Household.Of([
            Adult(1, new HouseholdJoined(Family, "head", Noon), new NeedsAssessed(4, 9, "P/1", null, Noon)),
            Child(2, new HouseholdJoined(Family, "child", Noon), new NeedsAssessed(2, 3, "P/1", null, Noon))]));

        var group = household.AsGroup(Day, (_, _) => null);
        Assert.Equal((2, 3, 2), (group.Tier, group.Score, group.Souls));
    }

    [Fact]
    public void A_child_travels_with_the_escort_s_household() =>
        Assert.Equal([Family], Household.Of([Adult(1, new HouseholdJoined(Family, "head", Noon)), LoneChild(2, MayGoWith(1)), LoneChild(3, MayGoWith(1))]).Select(household => household.Id));

    [Fact]
    public void Two_who_name_each_other_are_one_group() =>
        Assert.Single(Household.Of([Adult(1, MayGoWith(2)), LoneChild(2, MayGoWith(1))]));

    [Fact]
    public void Strangers_are_groups_of_their_own() => Assert.Equal(2, Household.Of([Adult(1), Adult(2)]).Count());

    private static Scene Seat(Transport[] journey, params Passenger[] people) =>
        SceneOf(people, journey).Seat(PlanId, Seats(journey, people), Day, Noon);
}
