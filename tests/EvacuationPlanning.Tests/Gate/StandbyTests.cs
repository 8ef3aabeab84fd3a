using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class StandbyTests
{
    private static readonly Guid Run = Convoy().Id;

    [Fact]
    public void Rule_P_a_free_space_goes_to_the_most_urgent_who_fit()
    {
        var scene = Waiting(seats: 1, Adult(1), Urgent(2, 3), Urgent(3, 1));

        Assert.Equal([3], Seated(Fill(scene)));
    }

    [Fact]
    public void Among_the_equally_urgent_it_goes_to_who_waits_longest()
    {
        var late = Told(1, new() { BirthDate = new(1980), Nationality = "IND" });
        var early = Adult(2).After(new RegistrationRepeated(Id(77), Crisis, "E", Channel.Phone, true, 9, [], null, Noon.AddDays(-3)));

        Assert.Equal([2], Seated(Fill(Waiting(seats: 1, late, early))));
    }

    [Fact]
    public void Who_does_not_fit_or_may_not_go_is_passed_over_and_keeps_their_turn()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var filled = Fill(Waiting(seats: 1, Urgent(1, 1, home), Urgent(2, 1, home), Urgent(3, 2, NoConsent), Adult(4)));

        Assert.Equal([4], Seated(filled));
        Assert.Equal([1, 2, 3], filled.Transports[Run].Standby.SelectMany(group => group.People).Select(Number).Order());
    }

    [Fact]
    public void Rule_F_a_household_gets_spaces_together_and_its_infant_the_lap()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var filled = Fill(Waiting(seats: 2, Adult(1, home), Child(2, home), Infant(3, home)));

        Assert.Equal([1, 2, 3], Seated(filled).Order());
        Assert.True(filled.Transports[Run].Manifest[Id(3)].OnLap);
        Assert.Single(filled.Transports[Run].Lines.Select(space => space.GroupId).Distinct());
    }

    [Fact]
    public void Before_the_seal_and_after_departure_nobody_is_seated_from_standby()
    {
        var draft = SceneOf([Adult(1)], [Convoy()]);
        draft = StandByFeature.Decide(draft, new(Run, Id(1), null, "officer", Noon)).Settled();

        Assert.Empty(Fill(draft).Decided);
        Assert.Empty(Fill(DepartTransportFeature.Decide(Waiting(seats: 1, Adult(1)), new(Run, "officer", Noon)).Settled()).Decided);
    }

    [Fact]
    public void A_seat_elsewhere_is_given_up_with_the_new_one_and_not_before()
    {
        var elsewhere = new[] { Ship() }.Together(Adult(1));
        var scene = SceneOf(elsewhere.People.Values, [.. elsewhere.Transports.Values, Convoy(seats: 1).Sealed()]);
        var waiting = StandByFeature.Decide(scene, new(Run, Id(1), null, "officer", Noon)).Settled();
        var seated = Fill(waiting);

        Assert.Equal(["Port-Jeddah"], waiting.Codes(1));
        Assert.Equal(["Capital-Port"], seated.Codes(1));
        Assert.Equal(["1 moved-at-the-gate"], seated.Freed());
        Assert.Equal(0, seated.Transports[Ship().Id].Taken.Seats);
    }

    [Fact]
    public void Who_takes_an_earlier_run_of_the_same_way_keeps_the_rest_of_the_journey()
    {
        var earlier = Transport.Start(Id(150)).After(Convoy(seats: 2).Schedule! with { Code = "earlier", DepartsAt = Convoy().Schedule!.DepartsAt.AddHours(-5), ArrivesAt = Convoy().Schedule!.ArrivesAt.AddHours(-5) }).Sealed();
        var journey = new[] { Convoy(), Ship(), Flight() }.Together(Adult(1));
        var scene = StandByFeature.Decide(SceneOf(journey.People.Values, [.. journey.Transports.Values, earlier]), new(earlier.Id, Id(1), null, "officer", Noon)).Settled();
        var seated = scene.FillFromStandby(earlier.Id, Noon);

        Assert.Equal(["earlier", "Port-Jeddah", "Jeddah-Delhi"], seated.Codes(1));
        Assert.Equal(["1 moved-at-the-gate"], seated.Freed());
        Assert.Equal([1, 2, 3], seated.People[Id(1)].Seats.Select(seat => seat.Leg));
    }

    [Fact]
    public void Nobody_stands_by_at_two_gates_until_one_has_left()
    {
        var scene = SceneOf([Adult(1)], [Convoy(), Ship()]);
        scene = StandByFeature.Decide(scene, new(Run, Id(1), null, "officer", Noon)).Settled();

        StandByFeature.Decide(scene, new(Ship().Id, Id(1), null, "officer", Noon)).RefusedAs("standby/elsewhere");
        Assert.Empty(StandByFeature.Decide(scene, new(Run, Id(1), null, "officer", Noon)).Decided);
        var left = DepartTransportFeature.Decide(scene, new(Run, "officer", Noon)).Settled();
        Assert.Equal(Ship().Id, StandByFeature.Decide(left, new(Ship().Id, Id(1), null, "officer", Noon)).People[Id(1)].StandsBy);
    }

    [Fact]
    public void Who_is_checked_in_elsewhere_does_not_stand_by_here()
    {
        var elsewhere = new[] { Ship() }.Together(Adult(1));
        elsewhere = CheckInPersonFeature.Decide(elsewhere, new(Ship().Id, Id(1), null, "officer", Noon)).Settled();

        StandByFeature.Decide(SceneOf(elsewhere.People.Values, [.. elsewhere.Transports.Values, Convoy()]), new(Run, Id(1), null, "officer", Noon)).RefusedAs("standby/at-another-gate");
        elsewhere.People[Id(1)].StandBy(Run, over: false, "officer", Noon).RefusedAs("standby/at-another-gate");
    }

    [Fact]
    public void Rule_F_nobody_is_led_away_from_a_family_that_is_checked_in_elsewhere()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var elsewhere = new[] { Ship() }.Together(Adult(1, home), Child(2, home));
        var checkedIn = CheckInPersonFeature.Decide(elsewhere, new(Ship().Id, Id(1), null, "officer", Noon)).Settled();
        var here = SceneOf(checkedIn.People.Values, [.. checkedIn.Transports.Values, Convoy()]);

        Walk(here, 2).RefusedAs("standby/family-elsewhere");
        StandByFeature.Decide(here, new(Run, Id(2), null, "officer", Noon)).RefusedAs("standby/family-elsewhere");
    }

    [Fact]
    public void Who_was_brought_to_another_place_is_not_seated_here()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var brought = Adult(1, home, new SeatHeld(PlanId, Id(102), "Port-Jeddah", Mobility.None, 1, 2, null, Noon, Noon), new Boarded(Id(102), "o", Noon), new Arrived(Id(102), null, false, "o", Noon));

        Assert.Equal([2], Seated(Walk(SceneOf([brought, Adult(2, home)], [Convoy(), Ship()]), 2)));
    }

    [Fact]
    public void Of_a_family_who_has_arrived_or_is_under_way_keeps_nobody_else_from_a_space()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var arrived = Adult(1, home, new SeatHeld(PlanId, Id(102), "Port-Jeddah", Mobility.None, 1, 1, "SAU", Noon, Noon), new Boarded(Id(102), "o", Noon), new Arrived(Id(102), "SAU", true, "o", Noon));
        var aboard = BoardPersonFeature.Decide(new[] { Ship() }.Together(Adult(1, home)), new(Ship().Id, Id(1), "officer", Noon)).Settled();
        var underWay = DepartTransportFeature.Decide(aboard, new(Ship().Id, "officer", Noon)).Settled();

        Assert.Equal([2], Seated(WalkUpFeature.Decide(SceneOf([arrived, Adult(2, home)], [Ship(), Flight()]), new(Flight().Id, Id(2), null, null, "officer", Noon))));
        Assert.Equal([2], Seated(Walk(SceneOf([.. underWay.People.Values, Adult(2, home)], [.. underWay.Transports.Values, Convoy()]), 2)));
    }

    [Fact]
    public void Who_went_away_is_not_called()
    {
        var gone = StandByFeature.Leave(Waiting(seats: 1, Adult(1)), Run, Id(1), Noon).Settled();

        Assert.Empty(Fill(gone).Decided);
        Assert.Null(gone.People[Id(1)].StandsBy);
    }

    [Fact]
    public void A_walk_up_gets_a_free_space_and_is_checked_in()
    {
        var walked = Walk(SceneOf([Adult(1)], [Convoy()]), 1);

        Assert.Equal(SpaceState.CheckedIn, walked.Transports[Run].Manifest[Id(1)].State);
        Assert.Equal(ManifestState.CheckingIn, walked.Transports[Run].State);
        // It stays inside the country, so the next plan goes on from there.
        Assert.Equal((1, 2), walked.People[Id(1)].Seats.Select(seat => (seat.Leg, seat.Legs)).Single());
        Assert.Equal((1, 1), WalkUpFeature.Decide(SceneOf([Adult(1)], [Ship()]), new(Ship().Id, Id(1), null, null, "officer", Noon)).People[Id(1)].Seats.Select(seat => (seat.Leg, seat.Legs)).Single());
    }

    [Fact]
    public void A_walk_up_waits_for_whoever_is_more_urgent_and_goes_before_the_less_urgent()
    {
        Walk(With(Waiting(seats: 1, Urgent(1, 2)), Urgent(2, 3)), 2).RefusedAs("walk-up/others-first");
        Assert.Equal([2], Seated(Walk(With(Waiting(seats: 1, Adult(1)), Urgent(2, 3)), 2)));
        // Who stands by and may not go keeps nobody waiting.
        Assert.Equal([2], Seated(Walk(With(Waiting(seats: 1, Urgent(1, 1, NoConsent)), Adult(2)), 2)));
    }

    [Fact]
    public void Every_rule_is_asked_of_a_walk_up()
    {
        Walk(SceneOf([Adult(1, NoConsent)], [Convoy()]), 1).RefusedAs("travel/no-consent");
        WalkUpFeature.Decide(SceneOf([Adult(1, Fears("SAU"))], [Ship()]), new(Ship().Id, Id(1), null, null, "officer", Noon)).RefusedAs("travel/protection");
        Walk(SceneOf([LoneChild(1)], [Convoy()]), 1).RefusedAs("travel/child-without-escort");
        Walk(SceneOf([Adult(1, new ExitBarrierRaised(Id(5), "debt", null, "o", Noon, null, Noon))], [Convoy()]), 1).RefusedAs("travel/exit-barrier");
        WalkUpFeature.Decide(SceneOf([Told(1, new() { BirthDate = new(1985), Nationality = "IND" })], [Ship()]), new(Ship().Id, Id(1), null, null, "officer", Noon)).RefusedAs("travel/no-usable-document");
        // From abroad only one's own country lets one in.
        WalkUpFeature.Decide(SceneOf([Told(1, new() { BirthDate = new(1985), Nationality = "NPL", Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid) })], [Flight()]), new(Flight().Id, Id(1), null, null, "officer", Noon)).RefusedAs("travel/no-entry-right");
        Walk(SceneOf([Adult(1)], [Convoy(seats: 0)]), 1).RefusedAs("transport/full");
        Walk(SceneOf([Passenger.Start(Id(1))], [Convoy()]), 1).RefusedAs("person/unknown");
    }

    [Fact]
    public void Rule_F_a_household_walks_up_together_unless_an_adult_of_it_asks_otherwise_and_no_child_is_left_alone()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var family = SceneOf([Adult(1, home), Adult(2, home), Child(3, home)], [Convoy()]);

        Assert.Equal([1, 2, 3], Seated(Walk(family, 1)).Order());
        Assert.Equal([1], Seated(Walk(family, 1, wishOf: 1)));
        Assert.Equal([1, 2, 3], Seated(Walk(family, 1, wishOf: 3)).Order());
        Assert.Equal([1, 2, 3], Seated(Walk(family, 3, wishOf: 1)).Order());
        Assert.Equal([1, 3], Seated(Walk(SceneOf([Adult(1, home), Child(3, home)], [Convoy()]), 1, wishOf: 1)).Order());
        // The escort of a child asks nothing of the child's household.
        Assert.Equal([1, 2, 3], Seated(Walk(SceneOf([Adult(1, home), Adult(2), LoneChild(3, home, MayGoWith(2))], [Convoy()]), 1, wishOf: 2)).Order());
    }

    [Fact]
    public void Who_comes_later_joins_the_family_on_board()
    {
        var home = new HouseholdJoined(Id(60), null, Noon);
        var seated = new[] { Convoy() }.Together(Adult(1, home));
        var walked = Walk(With(seated, Child(2, home)), 2);

        Assert.Equal([Id(1), Id(2)], walked.Transports[Run].PartyOf(Id(1)).Order());
    }

    private static Passenger Urgent(int id, int tier, params Event[] then) => Adult(id, [new NeedsAssessed(tier, 10, "test", null, Noon), .. then]);

    private static Scene Waiting(int seats, params Passenger[] people)
    {
        var scene = SceneOf(people, [Convoy(seats).Sealed()]);
        foreach (var person in people)
            if (scene.People[person.Id].StandsBy is null)
                scene = StandByFeature.Decide(scene, new(Run, person.Id, null, "officer", Noon)).Settled();
        return scene;
    }

    private static Scene With(Scene scene, Passenger more) => SceneOf([.. scene.People.Values, more], scene.Transports.Values);

    private static Scene Fill(Scene scene)
    {
        var filled = scene.FillFromStandby(Run, Noon);
        Assert.Null(filled.Refusal);
        return filled;
    }

    private static Scene Walk(Scene scene, int person, int? wishOf = null) =>
        WalkUpFeature.Decide(scene, new(Run, Id(person), wishOf is { } adult ? new(Id(adult)) : null, null, "officer", Noon));

    private static int[] Seated(Scene scene)
    {
        Assert.Null(scene.Refusal);
        return [.. scene.Decided.Select(d => d.Event).OfType<SpaceTaken>().Select(taken => Number(taken.PersonId))];
    }

    private static int Number(Guid id) => BitConverter.ToInt32(id.ToByteArray());
}
