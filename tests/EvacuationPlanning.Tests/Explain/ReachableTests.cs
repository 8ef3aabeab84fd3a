using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;
using Application = CrisisCoordination.EvacuationPlanning.Explain.Application;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

public sealed class ReachableTests
{
    private static readonly Ways Ways = new(Points, [Convoy().AsDeparture(), Ship().AsDeparture(), Flight().AsDeparture()], [], new(), ["SDN"]);

    private static Reachable To(string country, Passenger person, Application? application = null) =>
        Reachable.Of(person, [person], Ways, application, Noon).Single(there => there.Country == country);

    private static string[] Codes(Reachable there) => [.. there.Against.Select(reason => reason.Code)];

    private static FitToTravelAssessed Unfit(DateOnly? until) => new(false, until, null, "health-worker", Noon);

    [Fact]
    public void A_refuge_and_home_are_open_to_who_has_all_they_need()
    {
        Assert.Equal((true, false, "Port-Jeddah"), (To("SAU", Adult(1)).May, To("SAU", Adult(1)).Home, Assert.Single(To("SAU", Adult(1)).Open).Departure.Code));
        Assert.Equal((true, true), (To("IND", Adult(1)).May, To("IND", Adult(1)).Home));
    }

    [Fact]
    public void Their_own_country_is_listed_also_where_no_transport_leads_there()
    {
        var home = Reachable.Of(Adult(1), [Adult(1)], new([], [], [], new(), ["SDN"]), null, Noon).Single();

        Assert.Equal(("IND", true), (home.Country, home.May));
        Assert.Empty(home.Open);
    }

    [Fact]
    public void Everything_that_stands_against_it_is_told_and_not_only_the_first() =>
        Assert.Equal(["no-consent", "fears-destination", "unfit-to-travel"], Codes(To("SAU", Adult(1, NoConsent, Fears("SAU"), Unfit(null)))));

    [Fact]
    public void Who_is_unfit_until_a_day_may_go_after_it()
    {
        Assert.Equal(["unfit-to-travel"], Codes(To("SAU", Adult(1, Unfit(new(2023, 4, 24))))));
        Assert.True(To("SAU", Adult(1, Unfit(new(2023, 4, 23)))).May);
        Assert.True(To("SAU", Adult(1, Unfit(null), new FitToTravelAssessed(true, null, null, "health-worker", Noon))).May);
    }

    [Fact]
    public void A_child_alone_goes_nowhere_without_an_escort_and_a_decision() =>
        Assert.Equal(["child-without-escort", "no-best-interests-decision"], Codes(To("SAU", LoneChild(1))));

    [Fact]
    public void A_document_under_way_that_would_open_it_is_told_with_the_leg_it_is_needed_for()
    {
        var person = Told(1, new() { BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null, Nationality = "IND" });
        Event[] applied = [new TravelDocumentApplicationOpened(Id(60), "none", Noon), new IdentityVerified(Id(60), "one", null, Noon)];
        var approved = Application.Open([.. applied, new TravelDocumentApproved(Id(60), "two", "SAU", [], Noon)]);

        Assert.Equal("Port-Jeddah", Assert.Single(To("SAU", person, Application.Open(applied)).OnceIssued).Departure.Code);
        Assert.False(To("SAU", person, approved).May);
        Assert.Single(To("SAU", person, approved).OnceIssued);
        Assert.Empty(To("IND", person, approved).OnceIssued);
        Assert.Null(Application.Open([.. applied, new TravelDocumentIssued(Id(60), "SAU", [], new(2023, 6, 1), "two", null, null, Noon)]));
    }

    [Fact]
    public void Yes_is_what_a_seat_would_be_held_for_and_every_no_has_a_reason()
    {
        Event[] could =
        [
            NoConsent, Fears("SAU"), Fears("IND"), Unfit(new(2023, 4, 24)), Unfit(null), new FitToTravelAssessed(true, new(2023, 4, 24), null, "health-worker", Noon),
            new ExitBarrierRaised(Id(70), "debt", null, "officer", Noon, null, Noon), new ExitBarrierRaised(Id(71), "withheld-passport", null, "officer", Noon, null, Noon), new ExitBarrierResolved(Id(70), "officer", null, Noon),
            new TravelDocumentIssued(Id(72), "IND", ["SAU"], new(2023, 4, 24), "officer", null, null, Noon), new TravelDocumentIssued(Id(73), "SAU", [], new(2030, 4, 24), "officer", null, null, Noon),
            new TravelDocumentRevoked(Id(72), "replaced", Noon), new ChildSeparationReported(Id(74), "separated", "conflict", null, null, "officer", Noon, Noon), MayGoWith(9),
        ];
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.Elements(could)).Zip(Gen.Elements("1985-01-30", "2012-05-01"))), given =>
        {
            var person = Person(1, given.Item2, "head", [], [.. given.Item1]);
            return Reachable.Of(person, [person], Ways, null, Noon).All(there =>
            {
                var legs = Ways.Network.Legs.Where(leg => leg.ToCountry == there.Country).ToList();
                var seats = legs.Where(leg => person.Hold(PlanId, leg, 1, 1, Scene.Party(Family, [person], leg.DepartsOn), Noon).Refusal is null).ToList();
                return there.May == seats.Count > 0 && there.May == there.Against.IsEmpty && there.Open.SequenceEqual(seats);
            });
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true));
    }
}
