using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class CheckInTests
{
    private static readonly Transport[] Journey = [Convoy(), Ship()];

    [Fact]
    public void Checking_in_twice_at_one_gate_is_nothing_new() => Assert.Empty(In(In(Journey.Together(Adult(1)), 1, "A").Settled(), 1, "A").Decided);

    [Fact]
    public void Whoever_comes_to_another_gate_with_the_same_papers_is_looked_at() => In(In(Journey.Together(Adult(1)), 1, "A").Settled(), 1, "B").RefusedAs("check-in/at-another-gate");

    [Fact]
    public void Who_is_at_the_wrong_departure_is_told_which_one_is_theirs()
    {
        var wrong = In(SceneOf([Journey.Together(Adult(1)).People[Id(1)]], [Convoy(), Ship(), Flight()]), 1, null, Flight().Id);

        wrong.RefusedAs("check-in/other-departure");
        Assert.Contains("Capital-Port", wrong.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Contains("Sun 23 Apr 13:00 UTC", wrong.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_no_space_anywhere_is_told_about_standby() => In(SceneOf([Adult(1)], [Convoy()]), 1).RefusedAs("check-in/not-on-manifest");

    [Fact]
    public void Rules_N_V_and_C_are_asked_at_the_gate()
    {
        In(Journey.Together(Adult(1)).Telling(1, NoConsent), 1).RefusedAs("travel/no-consent");
        In(new[] { Ship() }.Together(Adult(1)).Telling(1, Fears("SAU")), 1, null, Ship().Id).RefusedAs("travel/protection");
        In(Journey.Together(Adult(1), LoneChild(2, MayGoWith(1))).AskTransport(Convoy().Id, t => t.GiveUp(Id(1), "no-consent", Noon)).Settled(), 2).RefusedAs("travel/child-without-escort");
        In(Journey.Together(Adult(1)).Telling(1, new ExitBarrierRaised(Id(5), "debt", null, "o", Noon, null, Noon)), 1).RefusedAs("travel/exit-barrier");
    }

    [Fact]
    public void What_held_at_check_in_is_asked_again_at_boarding() =>
        BoardPersonFeature.Decide(In(Journey.Together(Adult(1)), 1).Settled().Telling(1, NoConsent), new(Convoy().Id, Id(1), "officer", Noon)).RefusedAs("travel/no-consent");

    [Fact]
    public void After_departure_nobody_checks_in()
    {
        var left = DepartTransportFeature.Decide(Journey.Together(Adult(1)), new(Convoy().Id, "officer", Noon)).Settled();

        In(left, 1).RefusedAs("transport/departed");
    }

    [Fact]
    public void Rule_N_a_claim_of_somebody_checked_in_frees_the_whole_journey_at_once()
    {
        var after = StateFearFeature.Decide(In(Journey.Together(Adult(1)), 1).Settled(), new(Id(1), ["SAU"], null, "officer", Noon));

        Assert.Empty(after.Codes(1));
        Assert.Equal(["1 journey-broken", "1 fears-destination"], after.Freed());
        Assert.All(after.Transports.Values, run => Assert.Equal(default, run.Taken));
    }

    [Fact]
    public void Rule_V_consent_withdrawn_after_check_in_frees_the_seats_of_the_family() =>
        Assert.Equal(["1 no-consent", "2 family-unity"], WithdrawConsentFeature.Decide(In(Journey.Together(Adult(1), Child(2)), 1).Settled(), new(Id(1), null, "officer", Noon)).Freed());

    [Fact]
    public void Who_checked_in_and_did_not_board_is_a_no_show_at_departure()
    {
        var after = DepartTransportFeature.Decide(In(Journey.Together(Adult(1)), 1).Settled(), new(Convoy().Id, "officer", Noon));

        Assert.Equal(SpaceState.NoShow, after.Transports[Convoy().Id].Manifest[Id(1)].State);
        Assert.Empty(after.Codes(1));
    }

    [Fact]
    public void A_lost_passport_and_an_emergency_document_name_who_they_are_until_taken_back()
    {
        var one = Shown.Start(Id(1)).After(
            new PersonRegistered(Id(11), Crisis, "S-1", Channel.Self, true, new() { Document = new("passport", "ax 123-4", null, DocumentStatus.Lost) }, Noon) { Sender = SelfRegistration.Sender },
            new TravelDocumentIssued(Id(12), "IND", [], new(2023, 9, 1), "o", "U00000007", "", Noon));

        Assert.True(one.Has("AX1234") && one.Has("u0000 0007") && one.Has("S-1"));
        Assert.False(one.After(new TravelDocumentRevoked(Id(12), "found", Noon)).Has("U00000007"));
    }

    [Fact]
    public void A_token_lets_nobody_in_as_the_person_that_its_registration_was_merged_into()
    {
        var known = Shown.Start(Id(1)).After(
            new PersonRegistered(Id(11), Crisis, "R-1", Channel.Phone, true, new(), Noon) { Sender = "post" },
            new RegistrationRepeated(Id(12), Crisis, "S-1", Channel.Self, true, 0, [], new(), Noon) { Sender = SelfRegistration.Sender, MergedFrom = Id(2) });
        Assert.False(known.Has("S-1"));
        Assert.False(known.After(new DuplicateUnmerged(Id(2), "o", null, [Id(12)], [], [], Noon)).Has("S-1"));
        Assert.True(Shown.Start(Id(2)).After(new PersonRegistered(Id(12), Crisis, "S-1", Channel.Self, true, new(), Noon) { Sender = SelfRegistration.Sender }).Has("S-1"));
    }

    private static Scene In(Scene scene, int person, string? gate = null, Guid? transport = null) =>
        CheckInPersonFeature.Decide(scene, new(transport ?? Convoy().Id, Id(person), gate, "officer", Noon));
}
