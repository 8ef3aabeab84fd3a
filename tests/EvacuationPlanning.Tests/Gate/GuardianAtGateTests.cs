using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
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

    // A grandmother who stays behind was seen with the child before, and agreed.
    private static Passenger Ward(params Event[] then) =>
        Person(2, "2012-05-01", "child", [], [new TieConfirmed(Id(4), "papers", "o", Noon), Agrees(4), .. then]);

    private static Scene Board(Scene scene, int person) => BoardPersonFeature.Decide(scene, new(Journey[0].Id, Id(person), "officer", Noon));

    private static Scene See(Scene scene, int[] guardians, int[] children) =>
        ConfirmFamilyAtGate.Decide(scene, Journey[0].Id, new([.. guardians.Select(Id)], [.. children.Select(Id)], "papers", "gate-1", Noon, Noon));

    [Fact]
    public void A_stranger_who_writes_a_childs_household_on_a_form_does_not_travel_with_the_child()
    {
        var party = Scene.Party(Family, [Adult(1, Lives), Ward(Lives)], new(2023, 4, 23));
        Assert.Equal("child-without-escort", WhoMayGo.KeptBy(party, party.Travellers[1])?.Code);
        var told = new TieProposed(Id(1), "household", "self-service", Noon);
        var proposed = Scene.Party(Family, [Adult(1, Lives), Ward(Lives, told)], new(2023, 4, 23));
        Assert.Equal("child-without-escort", WhoMayGo.KeptBy(proposed, proposed.Travellers[1])?.Code);
        Assert.True(Person(2, "2012-05-01", "child", [], Lives, told).AsTraveller(new(2023, 4, 23)).IsUnaccompanied);
    }

    // The lie: an escort is named for a child who has a grandmother, and takes her place on the way.
    [Fact]
    public void An_escort_stands_in_for_nobody_who_answers_for_the_child()
    {
        Assert.Equal("child-without-escort", KeptBy(Adult(1), Ward(MayGoWith(1))));
        // Reported alone, the child goes with whom was named since.
        Assert.Null(KeptBy(Adult(1), Ward(Reported, MayGoWith(1))));
        Assert.Equal("child-without-escort", KeptBy(Adult(1), Ward(MayGoWith(1), Reported)));
    }

    [Fact]
    public void A_merge_makes_nobody_an_escort()
    {
        var stranger = new DuplicateMerged(Id(5), "o", null, [], [], [], Noon);
        var child = Ward(Reported, MayGoWith(1) with { EscortSeenAs = [] });
        Assert.Null(KeptBy(Adult(1), child));
        Assert.Equal("child-without-escort", KeptBy(Adult(1, stranger), child));
        Assert.Null(KeptBy(Adult(1, stranger), child.After(MayGoWith(1) with { EscortSeenAs = [Id(5)] })));
        // Nor does the child keep back those with whom the stranger lives.
        Assert.Equal(2, Household.Of([Adult(1, stranger), child]).Count());
        Assert.Single(Household.Of([Adult(1), child]));
    }

    [Fact]
    public void Whom_an_officer_denied_since_travels_with_no_child()
    {
        var told = new TieProposed(Id(1), "household", "self-service", Noon);
        Assert.Null(KeptBy(Adult(1), Ward(Reported, told, MayGoWith(1))));
        Assert.Equal("child-without-escort", KeptBy(Adult(1), Ward(Reported, told, MayGoWith(1), new TieRefused(Id(1), "o", "not his niece", Noon))));
    }

    // The lie: one officer denied him, so he has his records parted and comes as somebody else.
    [Fact]
    public void The_gate_confirms_nobody_who_was_denied_under_a_record_that_was_parted_from_theirs()
    {
        var parted = new UnmergedFrom(Id(5), [], Noon);
        Event[] denied = [Declared, new TieProposed(Id(3), "household", "embassy", Noon), new TieProposed(Id(5), "household", "embassy", Noon), new TieRefused(Id(5), "o", null, Noon)];
        See(Journey.Together(Adult(1, Lives), Adult(3, Lives, parted), Ward([Lives, .. denied])), [3], [2]).RefusedAs("guardian/protection-officer-needed");
        Assert.Null(See(Journey.Together(Adult(1, Lives), Adult(3, Lives), Ward([Lives, .. denied])), [3], [2]).Refusal);
    }

    private static readonly ChildSeparationReported Reported = new(Id(70), "separated", "conflict", null, null, "o", Noon, Noon);

    private static string? KeptBy(Passenger adult, Passenger child)
    {
        var party = Scene.Party(Family, [adult, child], new(2023, 4, 23));
        return WhoMayGo.KeptBy(party, party.Travellers.Single(one => one.PersonId == child.Id))?.Code;
    }

    [Fact]
    public void Who_ceased_to_answer_for_a_child_or_was_refused_takes_their_consent_along()
    {
        var father = new TieConfirmed(Id(3), "papers", "o", Noon);
        foreach (var end in (Event[])[new GuardianshipEnded(Id(1), "false papers", "o", Noon.AddHours(1)), new TieRefused(Id(1), "o", null, Noon.AddHours(1))])
        {
            var seated = Journey.Together(Adult(3, Lives), Ward(Lives, new TieConfirmed(Id(1), "papers", "o", Noon), father, Agrees(1)));
            var ended = seated.Telling(2, end);
            Board(ended, 2).RefusedAs("travel/no-consent");
            Assert.Equal(["2 no-consent", "3 family-unity"], ended.FreeBarredSeats(Id(2), wish: null, Noon.AddHours(1)).Freed().Order());
            Assert.Null(Board(ended.Telling(2, new EvacuationConsentGiven(Id(3), "o", Noon.AddHours(2))), 2).Refusal);
        }
    }

    [Fact]
    public void A_child_who_agreed_alone_is_not_seated_nor_are_they_once_they_come_of_age()
    {
        var own = new EvacuationConsentGiven(Id(2), "o", Noon.AddHours(1));
        var party = Scene.Party(Family, [Adult(1, Lives), Ward(Lives, new TieConfirmed(Id(1), "papers", "o", Noon), own)], new(2023, 4, 23));
        Assert.Equal("no-consent", WhoMayGo.KeptBy(party, party.Travellers[1])?.Code);
        Assert.False(Person(2, "2005-04-21", "child", [], own).HasConsentOn(new(2023, 4, 23)));
    }

    [Fact]
    public void Who_agreed_as_an_adult_and_turned_out_a_child_loses_the_seat_until_a_guardian_agrees()
    {
        var seated = Journey.Together(Adult(1, Lives), Person(2, "1990", null, [], Lives));
        var corrected = seated.Telling(2, new RegistrationCorrected(Id(10_002), "o", new() { BirthDate = new(2012) }, null, Noon.AddHours(1)),
            new TieConfirmed(Id(1), "papers", "o", Noon.AddHours(1)));
        Board(corrected, 2).RefusedAs("travel/no-consent");
        Board(corrected.Telling(2, new EvacuationConsentGiven(Id(1), "o", Noon.AddHours(2)), new RegistrationCorrected(Id(10_002), "o",
            new() { BirthDate = new(1990) }, null, Noon.AddHours(3))), 2).RefusedAs("travel/no-consent");
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
        var seated = Journey.Together(Adult(1, before), Person(2, "2012-05-01", "child", [], before, Agrees(1)));
        Board(seated, 2).RefusedAs("travel/guardian-not-confirmed");
        Assert.Null(Board(See(seated, [1], [2]).Settled(), 2).Refusal);
    }

    [Fact]
    public void Whom_a_child_knows_by_another_record_is_planned_with_them_and_boards_once_they_were_seen_together_again()
    {
        var merged = new DuplicateMerged(Id(41), "o", null, [], [], [], Noon);
        var seated = Journey.Together(Adult(1, Lives, merged), Ward(Lives, new TieConfirmed(Id(41), "papers", "o", Noon)));
        Board(seated, 2).RefusedAs("travel/guardian-not-confirmed");
        Assert.Null(Board(See(seated, [1], [2]).Settled(), 2).Refusal);
    }

    [Fact]
    public void A_stranger_whose_record_is_merged_with_the_mothers_boards_with_no_child()
    {
        var seen = new TieConfirmed(Id(1), "papers", "o", Noon) { SeenAs = [] };
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared, seen));
        Assert.Null(Board(seated, 2).Refusal);
        Board(seated.Telling(1, new DuplicateMerged(Id(41), "o", null, [], [], [], Noon)), 2).RefusedAs("travel/guardian-not-confirmed");
    }

    [Fact]
    public void Nobody_whose_age_is_not_known_acts_for_a_child_at_the_gate()
    {
        var seated = Journey.Together(Person(1, null, null, [], Lives), Ward(Lives, Declared));
        See(seated, [1], [2]).RefusedAs("guardian/age-unknown");
        Board(seated.Telling(2, new TieConfirmed(Id(1), "papers", "o", Noon)), 2).RefusedAs("travel/guardian-not-confirmed");
    }

    [Fact]
    public void Who_comes_of_age_before_the_departure_acts_for_no_child_until_then()
    {
        var birthday = DateOnly.FromDateTime(Noon.UtcDateTime);
        var seated = Journey.Together(Person(1, $"{birthday.AddYears(-18):yyyy-MM-dd}", null, [], Lives), Ward(Lives, Declared));
        Scene On(DateOnly today) => ConfirmFamilyAtGate.Decide(seated, Journey[0].Id,
            new([Id(1)], [Id(2)], "papers", "gate-1", Noon, new(today, default, TimeSpan.Zero)));
        Assert.Null(On(birthday).Refusal);
        On(birthday.AddDays(-1)).RefusedAs("guardian/a-child");
    }

    [Fact]
    public void The_gate_confirms_nobody_whom_an_officer_denied_or_who_was_told_of_after_the_child_was_reported_alone()
    {
        var denied = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        See(denied.Telling(2, new GuardianshipEnded(Id(1), "r", "p", Noon)), [1], [2]).RefusedAs("guardian/protection-officer-needed");
        Event[] over = [new ChildSeparationReported(Id(950), "separated", "conflict", null, null, "o", Noon, Noon), new ChildSeparationEnded(Id(950), "reported-in-error", null, "p", Noon)];
        See(Journey.Together(Adult(1, Lives), Ward([Lives, .. over, Declared])), [1], [2]).RefusedAs("guardian/protection-officer-needed");
        Assert.Null(See(Journey.Together(Adult(1, Lives), Ward([Lives, Declared, .. over])), [1], [2]).Refusal);
    }

    [Fact]
    public void The_gate_confirms_nobody_whose_space_was_given_up()
    {
        var seated = Journey.Together(Adult(1, Lives), Ward(Lives, Declared));
        See(RecordNoShowFeature.Decide(seated, new(Journey[0].Id, Id(1), null, "officer", Noon)).Settled(), [1], [2]).RefusedAs("guardian/not-on-the-manifest");
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
