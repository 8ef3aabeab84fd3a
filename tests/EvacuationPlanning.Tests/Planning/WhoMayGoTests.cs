using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class WhoMayGoTests
{
    private static readonly Network Net = Network(Run("Capital", "Port", 1, 2), Run("Port", "Jeddah", 4, 5), Run("Jeddah", "Delhi", 7, 8));
    private static readonly Leg ToThePort = Net.Legs[0], OutOfTheCrisis = Net.Legs[1], OnToIndia = Net.Legs[2];

    private static string? Barred(Traveller traveller, Leg leg) => WhoMayGo.BarredFrom(Household(1, traveller), leg)?.Code;

    private static (string, Guid?)[] Kept(params Traveller[] members) =>
        [.. WhoMayGo.KeptBy(Household(1, members)).Select(reason => (reason.Code, reason.PersonId))];

    private static Leg To(string country, string? from = null) => new(new(Id(77), "X", "flight", "A", "B", country, Dawn, Dawn.AddHours(3), default, "operator"), from, country);

    [Fact]
    public void A_leg_is_barred_exactly_when_a_feared_state_has_a_hand_in_where_it_ends() => Assert.All(Jurisdictions.Codes, country => Assert.All(
        ["CHN", "FRA", "SRB", "RKS", "ISR", "PSE", "MAR", "ESH", "TWN", "RUS"], state => Assert.Equal(
            Jurisdictions.StatesOf(country).Count == 0 || Jurisdictions.StatesOf(country).Contains(state), Barred(Adult(1) with { FearedCountries = [state] }, To(country)) == "fears-destination")));

    [Fact]
    public void A_leg_to_a_code_that_nobody_knows_is_barred_to_whoever_fears_anything()
    {
        Assert.Equal("fears-destination", Barred(Adult(1) with { FearedCountries = ["SAU"] }, To("ZZZ")));
        Assert.Null(Barred(Adult(1), To("ZZZ")));
    }

    [Fact]
    public void Every_leg_out_is_barred_to_whoever_fears_a_state_that_is_not_known_to_be_any()
    {
        var stateless = Adult(1, "XXA") with { FearsEveryCountry = true };

        Assert.Equal("fears-destination", Barred(stateless, OutOfTheCrisis));
        Assert.Null(Barred(stateless with { IsIn = "SDN" }, ToThePort));
        Assert.Equal("fears-every-destination", PlanFor(Network(Run("Capital", "Port", 1, 2), Run("Port", "Jeddah", 4, 5)), Household(1, stateless)).WhyLeft(Household(1, stateless))[0].Code);
    }

    [Fact]
    public void The_right_to_enter_follows_an_integral_part_to_its_state_and_no_territory()
    {
        Assert.Null(Barred(Adult(1, "FRA"), To("REU", "SAU")));
        Assert.Equal("no-entry-right", Barred(Adult(1, "HKG"), To("CHN", "SAU")));
        Assert.Equal("no-entry-right", Barred(Adult(1, "CHN"), To("HKG", "SAU")));
        Assert.Equal("no-entry-right", Barred(Adult(1, "SRB"), To("RKS", "SAU")));
        Assert.Equal("no-entry-right", Barred(Adult(1, "SUN"), To("RUS", "SAU")));
    }

    [Fact]
    public void A_household_stays_while_one_of_them_has_not_consented() =>
        Assert.Equal([("no-consent", Id(2))], Kept(Adult(1), Adult(2) with { Consent = false }));

    [Fact]
    public void A_child_with_its_household_needs_no_escort() =>
        Assert.Empty(Kept(Adult(1), Child(2)));

    [Fact]
    public void An_unaccompanied_child_needs_an_escort() =>
        Assert.Equal([("child-without-escort", Id(2))], Kept(Child(2) with { IsUnaccompanied = true, BestInterestsDecision = true }));

    [Fact]
    public void An_escort_who_is_not_in_the_group_is_none() =>
        Assert.Equal(
            [("child-without-escort", Id(2))],
            Kept(Adult(1), Child(2) with { IsUnaccompanied = true, BestInterestsDecision = true, EscortId = Id(9) }));

    [Fact]
    public void A_child_cannot_escort_a_child() =>
        Assert.Equal(
            [("child-without-escort", Id(2)), ("child-without-escort", Id(3))],
            Kept(
                Child(2) with { BestInterestsDecision = true, EscortId = Id(3) },
                Child(3) with { BestInterestsDecision = true, EscortId = Id(2) }));

    [Fact]
    public void An_escorted_child_still_needs_a_best_interests_decision() =>
        Assert.Equal(
            [("no-best-interests-decision", Id(2))],
            Kept(Adult(1), Child(2) with { IsUnaccompanied = true, EscortId = Id(1) }));

    [Fact]
    public void An_escorted_child_with_a_best_interests_decision_may_go() =>
        Assert.Empty(Kept(Adult(1), Child(2) with { IsUnaccompanied = true, EscortId = Id(1), BestInterestsDecision = true }));

    [Fact]
    public void A_withheld_passport_keeps_a_person_until_there_is_an_emergency_document()
    {
        var withheld = Adult(1) with { ExitBarrier = true };

        Assert.Equal([("exit-barrier", Id(1))], Kept(withheld));
        Assert.Empty(Kept(withheld with { EmergencyDocument = new("IND", ["SAU"], NextYear) }));
    }

    [Fact]
    public void A_withheld_passport_opens_no_border_however_long_it_is_valid() =>
        Assert.Equal(
            "no-usable-document",
            Barred(Adult(1) with { ExitBarrier = true, EmergencyDocument = new("GBR", [], NextYear) }, OutOfTheCrisis));

    [Fact]
    public void One_member_who_fears_the_country_keeps_the_whole_household_from_going_there() =>
        Assert.Equal(
            new Reason("fears-destination", Id(2), "SAU", "Port-Jeddah@4"),
            WhoMayGo.BarredFrom(Household(1, Adult(1), Adult(2) with { FearedCountries = ["SAU"] }), OutOfTheCrisis));

    [Fact]
    public void Fear_of_the_crisis_country_does_not_keep_a_person_from_moving_away_from_danger_inside_it() =>
        Assert.Null(Barred(Adult(1) with { FearedCountries = ["SDN"], IsIn = "SDN" }, ToThePort));

    [Theory]
    [InlineData("TCD")]
    [InlineData(null)]
    public void Who_is_not_there_is_not_sent_into_the_country_they_fear_to_set_out_from_it(string? isIn)
    {
        var across = Adult(1) with { FearedCountries = ["SDN"], IsIn = isIn };

        Assert.Equal("fears-destination", Barred(across, ToThePort));
        Assert.Equal(new Reason("fears-destination", Id(1), "SDN", "Port-Jeddah@4"), WhoMayGo.BarredFrom(Household(1, across), OutOfTheCrisis));
        Assert.Null(Barred(across with { IsIn = "SDN" }, OutOfTheCrisis));
        Assert.Null(Barred(across with { FearedCountries = ["ERI"] }, OutOfTheCrisis));
    }

    [Fact]
    public void Nobody_whose_age_is_not_known_escorts_a_child()
    {
        var child = Child(2) with { IsUnaccompanied = true, EscortId = Id(1), BestInterestsDecision = true };
        Assert.Empty(Kept(Adult(1), child));
        Assert.Equal([("child-without-escort", Id(2))], Kept(Adult(1) with { IsOfUnknownAge = true }, child));
    }

    [Fact]
    public void Nobody_is_sent_to_set_out_from_a_country_that_they_fear_abroad_either()
    {
        var afraid = Adult(1, "IND") with { FearedCountries = ["SAU"], IsIn = "EGY", EmergencyDocument = new("IND", [], NextYear) };

        Assert.Equal(new Reason("fears-destination", Id(1), "SAU", "Jeddah-Delhi@7"), WhoMayGo.BarredFrom(Household(1, afraid), OnToIndia));
        Assert.Null(Barred(afraid with { IsIn = "SAU" }, OnToIndia));
        // Who is there has to get out, whoever says by now where the point lies.
        Assert.Null(Barred(afraid with { IsIn = null, IsAt = "Jeddah" }, OnToIndia));
    }

    [Fact]
    public void A_start_that_may_lie_in_the_feared_country_is_none_until_somebody_has_looked()
    {
        var perhaps = OutOfTheCrisis with { OriginPerhaps = "ETH" };
        var there = Adult(1) with { FearedCountries = ["ETH"], IsIn = "SDN" };

        Assert.Equal("ETH", WhoMayGo.BarredFrom(Household(1, there), perhaps)?.Country);
        Assert.Null(Barred(there, OutOfTheCrisis));
        Assert.Null(Barred(there with { IsAt = "Port" }, perhaps));
        // Whoever is moved within the country they fear may be brought into it instead.
        Assert.Equal("SDN", WhoMayGo.BarredFrom(Household(1, there with { FearedCountries = ["SDN"] }), ToThePort with { OriginPerhaps = "ETH" })?.Country);
    }

    [Fact]
    public void Fear_outweighs_nationality_and_papers() =>
        Assert.Equal(
            "fears-destination",
            Barred(Adult(1, "IND") with { FearedCountries = ["IND"], EmergencyDocument = new("IND", [], NextYear) }, OnToIndia));

    [Fact]
    public void Who_is_not_fit_to_travel_takes_no_leg_before_the_day_said_also_not_inside_the_crisis_country()
    {
        var unfit = Adult(1) with { UnfitThrough = new(2023, 4, 23) };

        Assert.Equal("unfit-to-travel", Barred(unfit, ToThePort));
        Assert.Equal("unfit-to-travel", Barred(unfit, OutOfTheCrisis));
        Assert.Null(Barred(unfit with { UnfitThrough = new(2023, 4, 22) }, ToThePort));
    }

    [Fact]
    public void Being_fit_holds_as_long_as_it_was_said_until_arrival()
    {
        Assert.Null(Barred(Adult(1) with { FitThrough = new(2023, 4, 23) }, ToThePort));
        Assert.Equal("unfit-to-travel", Barred(Adult(1) with { FitThrough = new(2023, 4, 22) }, ToThePort));
    }

    [Fact]
    public void A_border_needs_a_document_that_is_valid_on_arrival()
    {
        Assert.Null(Barred(Adult(1) with { DocumentValidUntil = new(2023, 4, 23) }, OutOfTheCrisis));
        Assert.Equal("no-usable-document", Barred(Adult(1) with { DocumentValidUntil = new(2023, 4, 22) }, OutOfTheCrisis));
        Assert.Equal("no-usable-document", Barred(Adult(1) with { DocumentValidUntil = null }, OutOfTheCrisis));
    }

    [Fact]
    public void Inside_the_crisis_country_nobody_needs_a_document() =>
        Assert.Null(Barred(Adult(1) with { DocumentValidUntil = null }, ToThePort));

    [Fact]
    public void An_emergency_document_opens_its_destination_and_the_transits_it_names()
    {
        Traveller With(string destination, params ImmutableArray<string> transits) =>
            Adult(1, "IND") with { DocumentValidUntil = null, EmergencyDocument = new(destination, transits, NextYear) };

        Assert.Null(Barred(With("IND", "SAU"), OutOfTheCrisis));
        Assert.Null(Barred(With("IND", "SAU"), OnToIndia));
        Assert.Equal("no-usable-document", Barred(With("IND"), OutOfTheCrisis));
    }

    [Fact]
    public void An_emergency_document_that_has_run_out_opens_nothing() =>
        Assert.Equal(
            "no-usable-document",
            Barred(Adult(1) with { DocumentValidUntil = null, EmergencyDocument = new("SAU", [], new(2023, 4, 22)) }, OutOfTheCrisis));

    [Fact]
    public void The_first_refuge_takes_everyone() => Assert.Null(Barred(Adult(1, "NPL"), OutOfTheCrisis));

    [Fact]
    public void From_a_first_refuge_each_person_may_go_on_only_to_a_country_of_their_own()
    {
        Assert.Null(Barred(Adult(1, "NPL", "IND"), OnToIndia));
        Assert.Equal("no-entry-right", WhoMayGo.BarredFrom(Household(1, Adult(1, "IND"), Adult(2, "NPL")), OnToIndia)?.Code);
    }
}
