using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Travel;

public sealed class PassengerTests
{
    private static readonly DateOnly Day = new(2023, 4, 23);

    [Fact]
    public void Rule_V_no_seat_is_held_without_consent() => Hold(Adult(1, NoConsent)).RefusedAs("travel/no-consent");

    [Fact]
    public void Rule_N_no_seat_is_held_to_a_country_that_is_feared() => Hold(Adult(1, Fears("SAU"))).RefusedAs("travel/protection");

    [Fact]
    public void Rule_C_no_seat_is_held_for_a_child_alone() => Hold(Child(1)).RefusedAs("travel/child-without-escort");

    [Fact]
    public void Rule_C_no_seat_is_held_for_an_unaccompanied_child_whose_escort_travels_otherwise() =>
        Hold(LoneChild(1, MayGoWith(9)), Adult(2)).RefusedAs("travel/child-without-escort");

    [Fact]
    public void Rule_C_no_seat_is_held_for_an_unaccompanied_child_without_a_decision_that_lets_them_go() =>
        Hold(LoneChild(1, new BestInterestsDecided(false, Id(2), "protection", null, Noon)), Adult(2)).RefusedAs("travel/no-best-interests-decision");

    [Fact]
    public void An_unaccompanied_child_travels_with_the_named_escort() => Assert.IsType<SeatHeld>(Assert.Single(Hold(LoneChild(1, MayGoWith(2)), Adult(2)).Events));

    [Fact]
    public void What_a_sender_says_who_is_no_post_makes_nobody_wait_longer()
    {
        PersonRegistered told = new(Id(9), Crisis, "A-1", Channel.Partner, true, new(), Noon.AddDays(-300)) { Sender = "agency IOM" };
        Assert.Equal(Noon, Passenger.Start(Id(1)).After(told with { ReceivedAt = Noon }).RegisteredAt);
        Assert.Equal(Noon, Passenger.Start(Id(1)).After(told with { At = Noon, Sender = "post" },
            new RegistrationRepeated(Id(8), Crisis, "A-1", Channel.Partner, true, 0, [], new(), told.At) { Sender = "agency IOM", ReceivedAt = Noon.AddHours(1), MergedFrom = Id(2) }).RegisteredAt);
    }

    [Fact]
    public void What_a_token_asks_for_after_the_consent_takes_no_turn_and_no_space_until_somebody_speaks_to_them()
    {
        var asks = Adult(1, new NeedsAssessed(4, 3, "P/1", [], Noon))
            .After(new PersonRegistered(Id(8), Crisis, "R-8", Channel.Consulate, true, new(), Noon) { Sender = "post" },
                new RegistrationCorrected(Id(8), "self:R-8", new() { Mobility = Mobility.Stretcher, SpecificNeeds = [Passenger.Oxygen] }, "mine", Noon.AddHours(1)),
                new NeedsAssessed(1, 30, "P/1", [], Noon.AddHours(1)) { AsHeard = new(4, 3, []) });

        Assert.Equal((4, 3, Mobility.None, false), (asks.Tier, asks.Score, asks.Mobility, asks.NeedsOxygen));
        var heard = asks.After(new CheckedIn(Id(77), "needs-help", "officer", null, null, Noon.AddHours(2)), new NeedsAssessed(1, 30, "P/1", [], Noon.AddHours(2)));
        Assert.Equal((1, 30, Mobility.Stretcher, true), (heard.Tier, heard.Score, heard.Mobility, heard.NeedsOxygen));
    }

    [Fact]
    public void Nobody_crosses_a_border_without_a_document() =>
        Hold(Told(1, new() { BirthDate = new(1985), Nationality = "IND" })).RefusedAs("travel/no-usable-document");

    [Fact]
    public void An_emergency_document_opens_its_own_way_until_it_is_revoked()
    {
        var issued = new TravelDocumentIssued(Id(1), "IND", ["SAU"], new(2023, 12, 1), "officer", "N", "M", Noon);
        var person = Told(1, new() { BirthDate = new(1985), Nationality = "IND" }, issued);

        Assert.Single(Hold(person).Events);
        Hold(person.After(new TravelDocumentRevoked(Id(1), "found", Noon))).RefusedAs("travel/no-usable-document");
    }

    [Theory]
    [InlineData("exit-permit")]
    [InlineData("employer")]
    [InlineData("debt")]
    [InlineData("checkpoint")]
    public void An_exit_barrier_keeps_a_person_until_it_is_cleared_and_no_document_clears_it(string kind)
    {
        var held = Adult(1, new ExitBarrierRaised(Id(5), kind, null, "o", Noon, null, Noon), new TravelDocumentIssued(Id(1), "IND", ["SAU"], new(2023, 12, 1), "officer", "N", "M", Noon));

        Hold(held).RefusedAs("travel/exit-barrier");
        Assert.Single(Hold(held.After(new ExitBarrierResolved(Id(5), "o", null, Noon))).Events);
    }

    [Fact]
    public void A_passport_that_is_withheld_by_an_exit_barrier_counts_like_one_told_at_registration()
    {
        var withheld = Adult(1, new ExitBarrierRaised(Id(5), "withheld-passport", null, "o", Noon, null, Noon));

        Hold(withheld).RefusedAs("travel/exit-barrier");
        Assert.Single(Hold(withheld.After(new TravelDocumentIssued(Id(1), "IND", ["SAU"], new(2023, 12, 1), "officer", "N", "M", Noon))).Events);
        Assert.Single(Hold(withheld.After(new ExitBarrierResolved(Id(5), "o", null, Noon))).Events);
    }

    [Fact]
    public void A_passport_that_an_employer_withholds_opens_no_border()
    {
        var withheld = Told(1, new() { BirthDate = new(1985), Nationality = "IND", Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.WithheldByEmployer) });

        Hold(withheld).RefusedAs("travel/exit-barrier");
        Assert.Single(Hold(withheld.After(new TravelDocumentIssued(Id(1), "IND", ["SAU"], new(2023, 12, 1), "officer", "N", "M", Noon))).Events);
    }

    [Fact]
    public void What_kept_a_duplicate_keeps_them_no_longer_once_the_merge_is_undone()
    {
        var merged = Adult(1, new ExitBarrierRaised(Id(5), "debt", null, "o", Noon, null, Noon) { MergedFrom = Id(2) });

        Hold(merged).RefusedAs("travel/exit-barrier");
        Assert.Single(Hold(merged.After(new DuplicateUnmerged(Id(2), "o", null, [], [], [], Noon))).Events);
    }

    [Fact]
    public void Who_is_being_looked_for_does_not_stand_by_elsewhere() =>
        Adult(1, Seat(1), new Boarded(Id(102), "o", Noon), new MissingAtArrival(Id(102), false, Noon, "o", Noon)).StandBy(Id(103), over: false, "officer", Noon).RefusedAs("travel/missing");

    [Fact]
    public void Who_is_detained_holds_no_seat_until_they_are_free()
    {
        var detained = Adult(1, new DetentionReported(Id(5), "SDN", null, null, Noon, Noon));

        Hold(detained).RefusedAs("travel/exit-barrier");
        Assert.Single(Hold(detained.After(new DetentionEnded(Id(5), "o", Noon))).Events);
    }

    [Fact]
    public void Who_holds_a_seat_gets_no_second_one() =>
        Adult(1, Seat(1)).Hold(Id(901), Leg, 1, 1, Party(Adult(1)), Noon).RefusedAs("travel/has-a-journey");

    [Fact]
    public void Nobody_is_held_in_two_places_at_one_time_nor_on_two_journeys()
    {
        Decision Then(int leg, int hour, int number, Guid? plan = null) =>
            Adult(1, new SeatHeld(PlanId, Id(101), "Capital-Port", Mobility.None, leg, 3, null, Noon.AddDays(3).AddHours(hour), Noon)).Hold(plan ?? PlanId, Leg, number, 3, Party(Adult(1)), Noon);

        // The ship departs at hour 20 and arrives at hour 28.
        Assert.Single(Then(leg: 1, hour: 1, number: 2).Events);
        Assert.Single(Then(leg: 3, hour: 28, number: 2).Events);
        Then(leg: 2, hour: 1, number: 2).RefusedAs("travel/has-a-journey");
        Then(leg: 1, hour: 20, number: 2).RefusedAs("travel/has-a-journey");
        Then(leg: 3, hour: 27, number: 2).RefusedAs("travel/has-a-journey");
        Then(leg: 1, hour: 1, number: 2, plan: Id(901)).RefusedAs("travel/has-a-journey");
    }

    [Fact]
    public void Who_is_not_known_or_no_longer_stands_for_themselves_is_not_written_about()
    {
        foreach (var (gone, code) in new[]
        {
            (Passenger.Start(Id(1)), "person/unknown"), (Adult(1, new PersonErased("o", "request", Noon)), "person/erased"), (Adult(1, new MergedInto(Id(2), [], Noon)), "person/merged"),
        })
        {
            gone.StateFear(["SAU"], "officer", Noon, byProtection: true).RefusedAs(code);
            gone.WithdrawConsent("officer", Noon).RefusedAs(code);
            gone.CheckIn(Leg, Party(gone), null, "officer", Noon).RefusedAs(code);
        }
    }

    [Fact]
    public void Who_has_arrived_needs_no_seat() =>
        Hold(Adult(1, Seat(1), new Boarded(Id(102), "o", Noon), new Arrived(Id(102), "SAU", true, "o", Noon))).RefusedAs("travel/has-arrived");

    [Fact]
    public void Who_was_erased_is_seated_nowhere() => Hold(Adult(1, new PersonErased("o", "request", Noon))).RefusedAs("person/erased");

    [Fact]
    public void A_person_nobody_registered_is_unknown() => Passenger.Start(Id(1)).Hold(PlanId, Leg, 1, 1, Party(Passenger.Start(Id(1))), Noon).RefusedAs("person/unknown");

    [Theory]
    [InlineData("travel/no-consent")]
    [InlineData("travel/protection")]
    [InlineData("travel/child-without-escort")]
    public void Every_rule_is_asked_again_when_the_person_boards(string code)
    {
        var person = code switch
        {
            "travel/no-consent" => Adult(1, Seat(1), NoConsent),
            "travel/protection" => Adult(1, Seat(1), Fears("SAU")),
            _ => Child(1, Seat(1)),
        };
        person.Board(Leg, Party(person), "officer", Noon).RefusedAs(code);
    }

    [Fact]
    public void What_any_registration_told_of_fear_holds_until_the_person_takes_it_back()
    {
        var corrected = Told(1, new() { FearOfReturnTo = ["SAU"] }, new RegistrationCorrected(Id(10_001), "o", new(), null, Noon));
        var repeated = Adult(1, new RegistrationRepeated(Id(5), Crisis, "R", Channel.Phone, true, 20, [], new() { FearOfReturnTo = ["EGY"] }, Noon));

        Assert.Equal(["SAU"], corrected.Fears.Now);
        Assert.Equal(["EGY"], repeated.Fears.Now);
        Assert.Empty(corrected.After(new FearOfReturnWithdrawn(["SAU"], "protection", Noon)).Fears.Now);
    }

    [Theory]
    [InlineData("PSE", "ISR", "PSE")]
    [InlineData("HKG", "CHN")]
    [InlineData("REU", "FRA")]
    [InlineData("XXX", "IND")]
    [InlineData("UNO", "IND")]
    public void The_planner_is_told_the_states_that_are_feared_and_never_a_spelling(string told, params string[] states) =>
        Assert.Equal(states, Adult(1, Fears(told)).AsTraveller(new(2023, 4, 23)).FearedCountries);

    [Fact]
    public void Who_fears_a_state_that_nobody_named_and_has_none_takes_no_leg_out() =>
        Hold(Told(1, new() { BirthDate = new(1985), Nationality = "XXA", FearOfReturnTo = ["XXX"], Document = new("passport", "X", new(2030, 1, 1), DocumentStatus.Valid) })).RefusedAs("travel/protection");

    [Fact]
    public void The_answer_given_at_the_gate_opens_the_way_home()
    {
        var asked = Adult(1, Fears("XXX", "SAU"));
        var answered = asked.After(asked.StateFear(["SAU"], "officer", Noon.AddHours(1), byProtection: true).Events);

        Assert.Equal(["IND", "SAU"], asked.AsTraveller(new(2023, 4, 23)).FearedCountries);
        Assert.Empty(asked.StateFear(["SAU"], "officer", Noon.AddHours(1), byProtection: false).Events);
        Assert.Equal(["SAU"], answered.AsTraveller(new(2023, 4, 23)).FearedCountries);
        Assert.Empty(answered.StateFear(["SAU"], "officer", Noon.AddHours(2), byProtection: true).Events);
    }

    [Fact]
    public void What_others_told_for_them_is_recorded_when_they_say_it_at_the_gate_themselves()
    {
        var told = Adult(1, Fears("SAU") with { ToldBy = "agency IOM" });
        var heard = Assert.IsType<FearOfReturnStated>(Assert.Single(told.StateFear(["SAU"], "officer", Noon, byProtection: false).Events));

        Assert.Null(heard.ToldBy);
        Assert.Empty(told.After(heard).StateFear(["SAU"], "officer", Noon, byProtection: false).Events);
    }

    [Fact]
    public void A_correction_does_not_bring_back_a_fear_that_was_taken_back() =>
        Assert.Empty(Told(1, new() { FearOfReturnTo = ["SAU"] }, new FearOfReturnWithdrawn(["SAU"], "p", Noon),
            new RegistrationCorrected(Id(10_001), "o", new() { FearOfReturnTo = ["SAU"], Phone = "1" }, null, Noon)).Fears.Now);

    [Theory]
    [InlineData(null, "child", Age.Child)]
    [InlineData(null, "head", Age.Adult)]
    [InlineData("2005", null, Age.Child)]
    [InlineData("2005-04-23", null, Age.Adult)]
    [InlineData("2021", "child", Age.Child)]
    [InlineData("2021-04-24", "child", Age.Infant)]
    [InlineData("2021-04-23", "child", Age.Child)]
    public void Doubt_speaks_for_the_child_and_against_the_lap(string? born, string? role, Age age) =>
        Assert.Equal(age, Person(1, born, role, []).AsTraveller(Day).Age);

    [Theory]
    [InlineData("SC")]
    [InlineData("CR")]
    public void Without_a_birth_date_a_need_that_only_children_have_tells_a_child(string need) => Assert.Equal(Age.Child, Person(1, null, "head", [need]).AsTraveller(Day).Age);

    [Fact]
    public void Without_a_birth_date_the_place_in_a_household_joined_later_tells_a_child() =>
        Assert.Equal(Age.Child, Person(1, null, null, [], new HouseholdJoined(Family, "child", Noon)).AsTraveller(Day).Age);

    [Fact]
    public void An_infant_by_one_of_two_birth_dates_has_a_seat_of_their_own() =>
        Assert.Equal(Age.Child, Infant(1, new RegistrationRepeated(Id(5), Crisis, "R", Channel.Phone, true, 20, [], new() { BirthDate = new(2015) }, Noon)).AsTraveller(Day).Age);

    [Theory]
    [InlineData("2005-04-24", true)] // a child on the day of departure
    [InlineData("2005-04-20", true)] // came of age since: they are planned, and asked at the gate
    [InlineData("2005-04-10", false)]
    public void What_a_guardian_agreed_to_holds_as_long_as_the_person_is_a_child(string born, bool planned)
    {
        var person = Person(1, born, null, [], new TieConfirmed(Id(9), "papers", "o", Noon), new EvacuationConsentGiven(Id(9), "o", Noon.AddHours(1)));
        Assert.Equal(planned, person.AsTraveller(Day).Consent);
        Assert.Equal(born == "2005-04-24", person.HasConsentOn(Day));
    }

    [Fact]
    public void Who_came_of_age_says_themselves_at_the_gate_that_they_leave()
    {
        var person = Person(1, "2005-04-20", null, [], Seat(1), new TieConfirmed(Id(9), "papers", "o", Noon), new EvacuationConsentGiven(Id(9), "o", Noon.AddHours(1)));
        person.Board(Leg, Party(person), "officer", Noon).RefusedAs("travel/own-consent-needed");
        Assert.IsType<Boarded>(Assert.Single(person.After(new EvacuationConsentGiven(Id(1), "o", Noon.AddHours(2))).Board(Leg, Party(person), "officer", Noon).Events));
    }

    [Fact]
    public void Facts_of_consent_count_in_the_order_in_which_they_were_so()
    {
        var withdrew = Adult(1, new EvacuationConsentWithdrawn("o", Noon.AddHours(2)), new EvacuationConsentGiven(Id(1), "o", Noon.AddHours(1)));
        Hold(withdrew).RefusedAs("travel/no-consent");
        Assert.Single(Hold(withdrew.After(new EvacuationConsentGiven(Id(1), "o", Noon.AddHours(3)))).Events);
        Adult(1, new EvacuationConsentGiven(Id(1), "o", Noon.AddHours(3))).WithdrawConsent("o", Noon.AddHours(1)).RefusedAs("consent/given-since");
    }

    [Fact]
    public void A_consent_does_not_outlive_the_data_of_who_gave_it() => Assert.False(Adult(1, new PersonErased("o", "request", Noon)).AsTraveller(Day).Consent);

    [Fact]
    public void A_child_by_one_of_two_birth_dates_is_a_child() =>
        Assert.Equal(Age.Child, Adult(1, new RegistrationRepeated(Id(5), Crisis, "R", Channel.Phone, true, 20, [], new() { BirthDate = new(2010) }, Noon)).AsTraveller(Day).Age);

    [Fact]
    public void Why_somebody_stays_is_said_once_until_it_changes()
    {
        var told = Adult(1).After(Adult(1).LeaveBehind(PlanId, "no-seat", Noon).Events);

        Assert.Empty(told.LeaveBehind(Id(901), "no-seat", Noon).Events);
        Assert.Single(told.LeaveBehind(Id(901), "no-consent", Noon).Events);
    }

    [Fact]
    public void Nobody_is_called_left_behind_who_has_a_seat_has_arrived_or_is_not_planned_any_more()
    {
        Event[] arrived = [Seat(1), new Boarded(Id(102), "o", Noon), new Arrived(Id(102), "SAU", true, "o", Noon)];

        foreach (var person in new[] { Adult(1, Seat(1)), Adult(1, arrived), Adult(1, new MergedInto(Id(2), [], Noon)), Adult(1, new PersonErased("o", "request", Noon)) })
            Assert.Empty(person.LeaveBehind(PlanId, "no-seat", Noon).Events);
    }

    [Fact]
    public void Who_was_set_down_before_the_last_leg_waits_again()
    {
        var set = Adult(1, new SeatHeld(PlanId, Id(101), "Capital-Port", Mobility.None, 1, 2, null, Noon, Noon), Seat(2, of: 2),
            new Boarded(Id(101), "o", Noon), new Arrived(Id(101), null, false, "o", Noon));

        Assert.Equal(TravelState.UnderWay, set.State);
        Assert.Equal(TravelState.Waiting, set.After(new SeatReleased(Id(102), "fears-destination", Noon)).State);
    }

    private static Leg Leg => new(Ship().AsDeparture(), null, "SAU") { Origin = "SDN" };

    private static SeatHeld Seat(int leg, int of = 1) => new(PlanId, Id(102), "Port-Jeddah", Mobility.None, leg, of, "SAU", Noon, Noon);

    private static Group Party(params Passenger[] people) => Scene.Party(Family, people, Day);

    private static Decision Hold(Passenger person, params Passenger[] others) => person.Hold(PlanId, Leg, 1, 1, Party([person, .. others]), Noon);
}
