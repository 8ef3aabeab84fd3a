using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class GateTests
{
    private static readonly Transport[] Journey = [Convoy(), Ship(), Flight()];

    [Fact]
    public void Boarding_stands_on_both_timelines_or_on_none()
    {
        var boarded = Board(Journey.Together(Adult(1)), 1);

        Assert.Equal([typeof(ManifestSealed), typeof(SpaceBoarded), typeof(Boarded)], boarded.Decided.Select(d => d.Event.GetType()));
        Assert.Empty(Board(Settle(boarded), 1).Decided);
    }

    [Fact]
    public void Rule_V_who_withdrew_a_second_ago_does_not_board() => Board(Journey.Together(Adult(1)).Telling(1, NoConsent), 1).RefusedAs("travel/no-consent");

    [Fact]
    public void Rule_N_who_fears_where_this_leg_goes_does_not_board()
    {
        var scene = new[] { Ship() }.Together(Adult(1)).Telling(1, Fears("SAU"));

        BoardPersonFeature.Decide(scene, new(Ship().Id, Id(1), "officer", Noon)).RefusedAs("travel/protection");
    }

    [Fact]
    public void Rule_C_a_child_whose_escort_gave_up_the_seat_does_not_board()
    {
        var scene = Journey.Together(Adult(1), LoneChild(2, MayGoWith(1)));
        var alone = scene.AskTransport(Convoy().Id, t => t.GiveUp(Id(1), "no-consent", Noon));

        Board(alone.Settled(), 2).RefusedAs("travel/child-without-escort");
    }

    [Fact]
    public void Who_holds_no_space_does_not_board() =>
        BoardPersonFeature.Decide(SceneOf([Adult(1)], [Convoy()]), new(Convoy().Id, Id(1), "officer", Noon)).RefusedAs("transport/no-space-held");

    [Fact]
    public void A_claim_of_fear_frees_the_whole_journey_at_once()
    {
        var after = StateFearFeature.Decide(Journey.Together(Adult(1)), new(Id(1), ["SAU"], null, "officer", Noon));

        Assert.IsType<FearOfReturnStated>(after.Decided[0].Event);
        Assert.Empty(after.Codes(1));
        Assert.Equal(["1 journey-broken", "1 fears-destination"], after.Freed());
        Assert.All(after.Transports.Values, run => Assert.Equal(default, run.Taken));
    }

    [Fact]
    public void A_claim_that_touches_no_leg_frees_none()
    {
        var after = StateFearFeature.Decide(Journey.Together(Adult(1)), new(Id(1), ["EGY"], null, "officer", Noon));

        Assert.Equal(3, after.Codes(1).Length);
        Assert.Single(after.Decided);
    }

    [Fact]
    public void Who_is_under_way_keeps_the_legs_before_the_feared_country()
    {
        var after = StateFearFeature.Decide(Depart(Settle(Board(Journey.Together(Adult(1)), 1))).Settled(), new(Id(1), ["IND"], null, "officer", Noon));

        Assert.Equal(["Capital-Port", "Port-Jeddah"], after.Codes(1));
        Assert.Equal(["1 fears-destination"], after.Freed());
    }

    [Fact]
    public void Who_is_already_on_board_gets_off_when_they_fear_before_departure()
    {
        var after = StateFearFeature.Decide(Settle(Board(Journey.Together(Adult(1)), 1)), new(Id(1), ["SAU"], null, "officer", Noon));

        Assert.Empty(after.Codes(1));
    }

    [Fact]
    public void Withdrawn_consent_frees_every_seat_that_has_not_departed()
    {
        var waiting = WithdrawConsentFeature.Decide(Journey.Together(Adult(1)), new(Id(1), null, "officer", Noon));
        var underWay = WithdrawConsentFeature.Decide(Depart(Settle(Board(Journey.Together(Adult(1)), 1))).Settled(), new(Id(1), null, "officer", Noon));

        Assert.Empty(waiting.Codes(1));
        Assert.Equal(["Capital-Port"], underWay.Codes(1));
    }

    [Fact]
    public void An_exit_barrier_that_is_met_frees_the_seats()
    {
        var freed = Journey.Together(Adult(1)).Telling(1, new ExitBarrierRaised(Id(5), "debt", null, "o", Noon, null, Noon)).FreeBarredSeats(Id(1), null, Noon);

        Assert.Empty(freed.Codes(1));
        Assert.Contains("1 exit-barrier", freed.Freed());
    }

    [Fact]
    public void The_reaction_frees_what_the_gate_would_and_only_once()
    {
        var heard = Journey.Together(Adult(1)).Telling(1, Fears("SAU"));
        var freed = heard.FreeBarredSeats(Id(1), null, Noon);

        Assert.Equal(StateFearFeature.Decide(Journey.Together(Adult(1)), new(Id(1), ["SAU"], null, "officer", Noon)).Freed(), freed.Freed());
        Assert.Empty(freed.Settled().FreeBarredSeats(Id(1), null, Noon).Decided);
    }

    [Fact]
    public void A_revoked_document_frees_the_journey_it_opened()
    {
        var issued = new TravelDocumentIssued(Id(1), "IND", ["SAU"], new(2023, 12, 1), "officer", "N", "M", Noon);
        var scene = Journey.Together(Told(1, new() { BirthDate = new(1985), Nationality = "IND" }, issued)).Telling(1, new TravelDocumentRevoked(Id(1), "found", Noon));

        Assert.Equal(["1 journey-broken", "1 no-usable-document"], scene.FreeBarredSeats(Id(1), null, Noon).Freed());
    }

    [Fact]
    public void Erasing_a_person_frees_their_seats() =>
        Assert.Equal(["1 erased"], Journey.Together(Adult(1)).Telling(1, new PersonErased("o", "request", Noon)).FreeBarredSeats(Id(1), null, Noon).Freed());

    [Fact]
    public void Rule_F_the_household_stays_with_the_one_who_drops_out()
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1), Adult(2), Child(3)), new(Id(1), null, "officer", Noon));

        Assert.All([1, 2, 3], person => Assert.Empty(after.Codes(person)));
        Assert.Equal(["1 no-consent", "2 family-unity", "3 family-unity"], after.Freed());
    }

    private static readonly HouseholdJoined Lives = new(Family, null, Noon) { Source = "embassy" };

    [Fact]
    public void Rule_F_the_others_travel_on_when_an_adult_of_them_asks()
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1, Lives), Adult(2, Lives), Child(3, Lives)), new(Id(1), new(Id(2)), "officer", Noon));

        Assert.Equal(["1 no-consent"], after.Freed());
        Assert.Equal(3, after.Codes(3).Length);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(44)]
    public void The_wish_of_a_child_of_the_one_who_goes_or_of_a_stranger_counts_for_nothing(int wishOf)
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1, Lives), Adult(2, Lives), Child(3, Lives)), new(Id(1), new(Id(wishOf)), "officer", Noon));

        Assert.Empty(after.Codes(2));
    }

    // The lie: the escort asks that the child goes on without the family.
    [Fact]
    public void The_wish_of_an_escort_parts_no_household()
    {
        Scene Without(Passenger asks) => WithdrawConsentFeature.Decide(
            Journey.Together(Adult(1, Lives), asks, LoneChild(3, Lives, MayGoWith(2))), new(Id(1), new(Id(2)), "officer", Noon));

        Assert.Equal(["1 no-consent", "2 family-unity", "3 family-unity"], Without(Adult(2)).Freed());
        Assert.Equal(["1 no-consent"], Without(Adult(2, Lives)).Freed());
    }

    [Fact]
    public void No_wish_leaves_a_child_behind_alone()
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1, Lives), Adult(2, Lives), Child(3, Lives)), new(Id(3), new(Id(2)), "officer", Noon));

        Assert.All([1, 2, 3], person => Assert.Empty(after.Codes(person)));
    }

    [Fact]
    public void Rule_C_a_child_stays_when_their_escort_does_though_the_others_travel_on()
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1, Lives), Adult(2, Lives), LoneChild(3, Lives, MayGoWith(1))), new(Id(1), new(Id(2)), "officer", Noon));

        Assert.Equal(["1 no-consent", "3 child-without-escort"], after.Freed());
    }

    [Fact]
    public void Nobody_travels_on_when_an_infant_would_lose_its_lap()
    {
        var after = WithdrawConsentFeature.Decide(Journey.Together(Adult(1, Lives), Adult(2, Lives), Infant(3, Lives), Infant(4, Lives)), new(Id(1), new(Id(2)), "officer", Noon));

        Assert.All([1, 2, 3, 4], person => Assert.Empty(after.Codes(person)));
    }

    [Fact]
    public void A_no_show_frees_this_seat_and_the_later_ones()
    {
        var after = RecordNoShowFeature.Decide(Journey.Together(Adult(1)), new(Convoy().Id, Id(1), null, "officer", Noon));

        Assert.Single(after.Decided.Select(d => d.Event).OfType<NoShow>());
        Assert.Empty(after.Codes(1));
        Assert.Equal(SpaceState.NoShow, after.Transports[Convoy().Id].Manifest[Id(1)].State);
        Assert.Equal(["1 no-show"], after.Freed());
    }

    [Fact]
    public void Who_is_on_board_is_no_no_show() =>
        RecordNoShowFeature.Decide(Settle(Board(Journey.Together(Adult(1)), 1)), new(Convoy().Id, Id(1), null, "officer", Noon)).RefusedAs("travel/on-board");

    [Fact]
    public void At_departure_who_did_not_board_is_a_no_show_on_all_legs_and_the_others_travel_on()
    {
        var after = Depart(Settle(Board(Journey.Together(Adult(1), Adult(2)), 1)));

        Assert.Equal(3, after.Codes(1).Length);
        Assert.Empty(after.Codes(2));
        Assert.Equal(1, after.Transports[Flight().Id].Taken.Seats);
        Assert.IsType<TransportDeparted>(after.Decided[^1].Event);
        Assert.Empty(Depart(after.Settled()).Decided);
    }

    [Fact]
    public void Rule_C_no_transport_departs_with_a_child_whose_adult_is_not_on_board() =>
        Depart(Settle(Board(Journey.Together(Adult(1), Child(2)), 2))).RefusedAs("departure/child-without-escort");

    [Fact]
    public void Rule_N_no_transport_departs_with_somebody_who_says_on_board_that_they_fear_where_it_goes()
    {
        var aboard = BoardPersonFeature.Decide(new[] { Ship() }.Together(Adult(1)), new(Ship().Id, Id(1), "officer", Noon)).Settled();

        DepartTransportFeature.Decide(aboard.Telling(1, Fears("SAU")), new(Ship().Id, "officer", Noon)).RefusedAs("departure/protection");
    }

    [Fact]
    public void Rule_V_no_transport_departs_with_somebody_who_withdrew() =>
        Depart(Settle(Board(Journey.Together(Adult(1)), 1)).Telling(1, NoConsent)).RefusedAs("departure/no-consent");

    [Fact]
    public void Everybody_on_board_arrives_and_the_journey_ends_with_its_last_leg()
    {
        var oneLeg = new[] { Ship() }.Together(Adult(1));
        var boarded = BoardPersonFeature.Decide(oneLeg, new(Ship().Id, Id(1), "officer", Noon)).Settled();
        var arrived = ArriveWithTransportFeature.Decide(DepartTransportFeature.Decide(boarded, new(Ship().Id, "officer", Noon)).Settled(), new(Ship().Id, "officer", Noon));
        var onTheWay = ArriveWithTransportFeature.Decide(Depart(Settle(Board(Journey.Together(Adult(1)), 1))).Settled(), new(Convoy().Id, "officer", Noon));

        Assert.True(arrived.People[Id(1)].HasArrived);
        Assert.Equal(TravelState.UnderWay, onTheWay.People[Id(1)].State);
        Assert.Equal(SpaceState.Arrived, arrived.Transports[Ship().Id].Manifest[Id(1)].State);
    }

    [Fact]
    public void Nobody_arrives_with_a_transport_that_did_not_depart() =>
        ArriveWithTransportFeature.Decide(Journey.Together(Adult(1)), new(Convoy().Id, "officer", Noon)).RefusedAs("transport/not-departed");

    private static Scene Board(Scene scene, int person) => BoardPersonFeature.Decide(scene, new(Convoy().Id, Id(person), "officer", Noon));

    private static Scene Depart(Scene scene) => DepartTransportFeature.Decide(scene, new(Convoy().Id, "officer", Noon));

    private static Scene Settle(Scene scene) => scene.Settled();
}
