using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Travel;

public sealed class RegroupTests
{
    private static readonly Guid Other = Id(801), Case = Id(950);
    private static readonly Transport[] Journey = [Convoy(), Ship(), Flight()];

    private static HouseholdJoined Joins(Guid household, string role = "relative") => new(household, role, Noon);

    private static HouseholdLeft Leaves => new(Family, null, "officer", Noon);

    private static ChildSeparationReported Alone => new(Case, "separated", "conflict", null, null, "officer", Noon.AddDays(3), Noon);

    private static Guid GroupOf(Scene scene, int person, Transport run) => scene.Transports[run.Id].Manifest[Id(person)].GroupId;

    [Fact]
    public void Who_leaves_a_household_is_planned_apart_from_it()
    {
        Passenger[] people = [Adult(1, Joins(Family)), Adult(2, Joins(Family), Leaves), Child(3, Joins(Family), Leaves, Joins(Other))];
        Assert.Equal(3, Household.Of(people).Count());
        Assert.Null(people[1].HouseholdId);
        Assert.Equal(Other, people[2].HouseholdId);
    }

    [Fact]
    public void Leaving_the_household_that_came_with_a_merged_record_parts_from_both()
    {
        var merged = Adult(1, Joins(Family), new DuplicateMerged(Id(11), "officer", null, [], [Other], [], Noon), Leaves, new HouseholdLeft(Other, null, "officer", Noon));
        Assert.Equal(2, Household.Of([merged, Child(2, Joins(Other))]).Count());
    }

    [Fact]
    public void Whoever_leaves_keeps_the_seat_and_so_do_those_who_stay_and_neither_is_bound_to_the_other()
    {
        var scene = Journey.Together(Adult(1, Joins(Family)), Adult(2, Joins(Family)), Child(3, Joins(Family))).Telling(2, Leaves);
        var after = scene.Regroup(Id(2), Noon);

        Assert.Equal((3, 3, 3), (after.Codes(1).Length, after.Codes(2).Length, after.Codes(3).Length));
        Assert.All(Journey, run => Assert.Equal(GroupOf(after, 1, run), GroupOf(after, 3, run)));
        Assert.All(Journey, run => Assert.NotEqual(GroupOf(after, 1, run), GroupOf(after, 2, run)));
        Assert.All(Journey, run => Assert.Equal(scene.Transports[run.Id].Taken, after.Transports[run.Id].Taken));
        Assert.Empty(after.Settled().Regroup(Id(2), Noon).Decided);

        var missed = after.Settled().MissAt(Id(2), Convoy().Id, "officer", null, Noon);
        Assert.Equal(["2 no-show"], missed.Freed());
    }

    [Fact]
    public void Who_leaves_the_household_of_somebody_on_board_sits_where_they_sit()
    {
        var aboard = BoardPersonFeature.Decide(new[] { Convoy() }.Together(Adult(1, Joins(Family)), Adult(2, Joins(Family))), new(Convoy().Id, Id(1), "officer", Noon)).Settled();

        Assert.Empty(aboard.Telling(2, Leaves).Regroup(Id(2), Noon).Decided);
    }

    [Fact]
    public void A_parent_takes_the_child_along_and_both_sit_together()
    {
        var after = Journey.Together(Adult(1, Joins(Family)), Adult(2, Joins(Family)), Child(3, Joins(Family)))
            .Telling(2, Leaves, Joins(Other)).Telling(3, Leaves, Joins(Other)).Regroup(Id(3), Noon);
        Assert.All(Journey, run => Assert.Equal(GroupOf(after, 2, run), GroupOf(after, 3, run)));
        Assert.Equal((3, 3, 3), (after.Codes(1).Length, after.Codes(2).Length, after.Codes(3).Length));
    }

    [Fact]
    public void An_infant_whose_lap_stays_behind_gets_a_seat_or_the_part_that_has_none_waits()
    {
        Passenger[] family = [Adult(1, Joins(Family)), Adult(2, Joins(Family)), Infant(3, Joins(Family)), Infant(4, Joins(Family))];
        Scene Parted(Transport run) => new[] { run }.Together(family).Telling(2, Leaves, Joins(Other)).Telling(3, Leaves, Joins(Other)).Telling(4, Leaves, Joins(Other)).Regroup(Id(2), Noon);

        var room = Parted(Convoy());
        Assert.Equal(1, room.Transports[Convoy().Id].Lines.Count(line => line is { OnLap: true, IsTaken: true }));
        Assert.Equal(3, room.Transports[Convoy().Id].Taken.Seats);

        var full = Parted(Convoy(seats: 2));
        Assert.Null(full.Refusal);
        Assert.Equal((1, 0, 0, 0), (full.Codes(1).Length, full.Codes(2).Length, full.Codes(3).Length, full.Codes(4).Length));
        Assert.Equal(1, full.Transports[Convoy().Id].Taken.Seats);
    }

    [Fact]
    public void A_child_who_is_reported_alone_needs_an_escort_and_a_decision_at_once()
    {
        var child = Child(3, Joins(Family), Alone);
        Assert.True(child.AsTraveller(new(2023, 4, 23)).IsUnaccompanied);

        var after = Journey.Together(Adult(1, Joins(Family)), Child(3, Joins(Family))).Telling(3, Alone).Regroup(Id(3), Noon);
        Assert.Empty(after.Codes(3));
        Assert.Contains("3 child-without-escort", after.Freed());

        var decided = Journey.Together(Adult(1, Joins(Family)), Child(3, Joins(Family))).Telling(3, Alone, new BestInterestsDecided(true, Id(1), "protection", null, Noon.AddHours(1))).Regroup(Id(3), Noon);
        Assert.Empty(decided.Decided);
    }

    [Fact]
    public void A_child_left_behind_as_separated_does_not_hold_up_whoever_left()
    {
        var scene = Journey.Together(Adult(1, Joins(Family)), Adult(2, Joins(Family)), Child(3, Joins(Family))).Telling(1, Leaves).Telling(2, Leaves).Telling(3, Alone);
        Assert.Equal(["3 child-without-escort"], scene.Regroup(Id(1), Noon).Freed().Where(freed => !freed.EndsWith("regrouped", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_was_decided_before_the_report_does_not_count_and_what_was_told_before_the_end_neither()
    {
        var decidedBefore = LoneChild(3, MayGoWith(1)).After(Alone with { At = Noon.AddHours(1) });
        Assert.Equal((false, null), (decidedBefore.Alone.MayDepart, decidedBefore.EscortId));

        var reunified = LoneChild(3, Alone, new GuardianNamed(Id(1), "parent", "protection", Noon), new ChildSeparationEnded(Case, "reunified", Id(1), "protection", Noon));
        Assert.False(reunified.AsTraveller(new(2023, 4, 23)).IsUnaccompanied);
        Assert.True(reunified.After(new RegistrationRepeated(Id(77), Crisis, "R", Channel.Self, true, 9, [], new() { SpecificNeeds = ["SC"] }, Noon)).AsTraveller(new(2023, 4, 23)).IsUnaccompanied);
        Assert.True(LoneChild(3, Alone, new ChildSeparationEnded(Id(951), "reunified", Id(1), "protection", Noon)).AsTraveller(new(2023, 4, 23)).IsUnaccompanied);
    }

    [Fact]
    public void Who_joins_a_household_with_seats_elsewhere_gives_theirs_up_and_who_sits_with_it_keeps_them()
    {
        var apart = SceneOf([.. Journey.Together(Adult(1, Joins(Family))).People.Values, .. new[] { Convoy() }.Together(Adult(2)).People.Values],
            new[] { Convoy() }.Together(Adult(2)).Transports.Values.Concat(Journey.Together(Adult(1)).Transports.Values.Skip(1)));
        Assert.Equal(["2 family-unity"], apart.BringTogether(Id(2), [Id(1), Id(2)], Noon).Freed());

        var together = Journey.Together(Adult(1, Joins(Family)), Adult(2));
        Assert.Empty(together.BringTogether(Id(2), [Id(1), Id(2)], Noon).Decided);
        Assert.Empty(together.BringTogether(Id(2), [Id(2)], Noon).Decided);
    }
}
