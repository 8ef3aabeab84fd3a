using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

/// <summary>Rule C at the gate: a child boards with whom somebody saw them, and with nobody for a household that both name.</summary>
public sealed class GuardianAtGateTests
{
    private static readonly Transport[] Journey = [Convoy(), Ship()];
    private static readonly HouseholdJoined Lives = new(Family, null, Noon) { Source = "embassy" };
    private static readonly GuardianNamed Declared = new(Id(1), "household", "embassy", Noon) { Standing = "declared" };

    private static Passenger Ward(params Event[] then) => Person(2, "2012-05-01", "child", [], then);

    private static Scene Board(Scene scene, int person) => BoardPersonFeature.Decide(scene, new(Journey[0].Id, Id(person), "officer", Noon));

    private static Scene See(Scene scene, int[] guardians, int[] children) =>
        ConfirmFamilyAtGate.Decide(scene, Journey[0].Id, new([.. guardians.Select(Id)], [.. children.Select(Id)], "papers", "gate-1", Noon));

    [Fact]
    public void A_stranger_who_writes_a_childs_household_on_a_form_does_not_travel_with_the_child()
    {
        var party = Scene.Party(Family, [Adult(1, Lives), Ward(Lives)], new(2023, 4, 23));
        Assert.Equal("child-without-escort", WhoMayGo.KeptBy(party, party.Travellers[1])?.Code);
        var proposed = Scene.Party(Family, [Adult(1, Lives), Ward(Lives, new TieProposed(Id(1), "household", "self-service", Noon))], new(2023, 4, 23));
        Assert.Equal("child-without-escort", WhoMayGo.KeptBy(proposed, proposed.Travellers[1])?.Code);
        Assert.True(proposed.Travellers[1].IsUnaccompanied);
    }

    [Fact]
    public void A_declared_family_is_planned_and_boards_once_somebody_saw_them_together()
    {
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        Board(seated, 2).RefusedAs("travel/guardian-not-confirmed");
        var seen = See(seated, [1], [2]);
        Assert.IsType<TieConfirmed>(Assert.Single(seen.Decided).Event);
        Assert.Null(Board(seen.Settled(), 2).Refusal);
        Assert.Empty(See(seen.Settled(), [1], [2]).Decided);
    }

    [Fact]
    public void A_family_from_before_ties_were_recorded_is_planned_and_is_seen_before_it_boards()
    {
        var before = new HouseholdJoined(Family, null, Noon);
        var seated = Journey.Together(Adult(1, before), Ward(before));
        Board(seated, 2).RefusedAs("travel/guardian-not-confirmed");
        Assert.Null(Board(See(seated, [1], [2]).Settled(), 2).Refusal);
    }

    [Fact]
    public void Whom_a_child_knows_by_another_record_answers_for_them_too()
    {
        var merged = new DuplicateMerged(Id(41), "o", null, [], [], [], Noon);
        var seated = Journey.Together(Adult(1, Lives, merged), Ward(Lives, new TieConfirmed(Id(41), "papers", "o", Noon)));
        Assert.Null(Board(seated, 2).Refusal);
    }

    [Fact]
    public void A_tie_that_an_officer_refused_keeps_the_child_off()
    {
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        Board(seated.Telling(2, new TieRefused(Id(1), "officer", null, Noon)), 2).RefusedAs("travel/child-without-escort");
    }

    [Fact]
    public void A_child_whose_confirmed_guardian_did_not_board_does_not_leave_with_a_declared_one()
    {
        var also = new GuardianNamed(Id(3), "household", "embassy", Noon) { Standing = "declared" };
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared, new TieConfirmed(Id(1), "papers", "o", Noon), also), Adult(3, Lives));
        var aboard = Board(Board(seated, 2).Settled(), 3).Settled();
        DepartTransportFeature.Decide(aboard, new(Journey[0].Id, "officer", Noon)).RefusedAs("departure/guardian-not-confirmed");
        Assert.Null(DepartTransportFeature.Decide(Board(aboard, 1).Settled(), new(Journey[0].Id, "officer", Noon)).Refusal);
    }

    [Fact]
    public void The_gate_confirms_nobody_whose_space_was_given_up_nor_who_comes_of_age_on_the_day_of_departure()
    {
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        var freed = FreeSeatsFeature.Free(seated, Id(1), seated.People[Id(1)].Seats[0], "no-show", Noon).Settled();
        See(freed, [1], [2]).RefusedAs("guardian/not-on-the-manifest");
        // 18 on 23 April, when the convoy leaves; it is the 20th.
        var young = Person(3, "2005-04-23", "head", [], Lives);
        See(Journey.Together(Adult(1, Lives), young, Ward(Lives, Declared)), [3], [2]).RefusedAs("guardian/a-child");
    }

    [Fact]
    public void The_gate_confirms_no_stranger_no_child_as_guardian_and_no_child_who_is_alone()
    {
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        See(seated, [3], [2]).RefusedAs("guardian/not-on-the-manifest");
        See(seated, [2], [2]).RefusedAs("guardian/a-child");
        See(seated, [1], [1]).RefusedAs("guardian/not-a-child");
        See(seated.Telling(2, new ChildSeparationReported(Id(950), "separated", "conflict", null, null, "o", Noon, Noon)), [1], [2]).RefusedAs("guardian/protection-officer-needed");
        var apart = Journey.Together(Adult(1), Ward(Declared), Adult(3));
        See(apart, [3], [2]).RefusedAs("guardian/not-in-the-household");
    }
}
