using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class ReconcileTests
{
    private static readonly Guid Run = Ship().Id;

    [Fact]
    public void Who_was_counted_has_arrived_and_who_was_not_is_missing_once_the_count_is_closed()
    {
        var after = Count(UnderWay(Adult(1), Adult(2)), present: [1], close: true);

        Assert.Equal((true, false), (after.People[Id(1)].HasArrived, after.People[Id(2)].HasArrived));
        Assert.Equal(["1"], Names<Arrived>(after));
        Assert.Equal(["2"], Names<MissingAtArrival>(after));
        Assert.Equal((1, 1, 0), (Closed(after).Present, Closed(after).Missing, Closed(after).Unexpected));
        Assert.Equal(ManifestState.Reconciled, after.Transports[Run].State);
    }

    [Fact]
    public void Until_it_is_closed_nobody_is_missing_who_was_just_not_counted_yet()
    {
        var after = Count(UnderWay(Adult(1), Adult(2)), present: [1]);

        Assert.Empty(Names<MissingAtArrival>(after));
        Assert.Equal(ManifestState.Arrived, after.Transports[Run].State);
        Assert.Equal([Id(2)], after.Transports[Run].In(SpaceState.Boarded).Select(space => space.PersonId));
    }

    [Fact]
    public void A_missing_child_is_to_be_found_within_the_hour()
    {
        var missing = Count(UnderWay(Adult(1), Child(2)), missing: [1, 2]).Decided.Select(d => d.Event).OfType<MissingAtArrival>().ToArray();

        Assert.Equal([(false, Noon.AddHours(12)), (true, Noon.AddHours(1))], missing.Select(e => (e.Child, e.DueAt)));
    }

    [Fact]
    public void A_count_sent_twice_does_nothing()
    {
        var once = Count(UnderWay(Adult(1), Adult(2)), present: [1], missing: [2], close: true).Settled();

        Assert.Empty(Count(once, present: [1], missing: [2], close: true).Decided);
    }

    [Fact]
    public void A_count_that_contradicts_another_is_shown_and_changes_nothing()
    {
        var closed = Count(UnderWay(Adult(1), Adult(2)), present: [1], close: true).Settled();
        var late = Count(closed, present: [2], missing: [1]);

        Assert.Equal([typeof(CountDisputed), typeof(CountDisputed)], late.Decided.Select(d => d.Event.GetType()));
        Assert.Equal([Id(1), Id(2)], late.Transports[Run].Disputed.Order());
        Assert.Equal((SpaceState.Arrived, SpaceState.Missing), (late.Transports[Run].Manifest[Id(1)].State, late.Transports[Run].Manifest[Id(2)].State));
        Assert.Empty(Count(late.Settled(), present: [2], missing: [1]).Decided);
    }

    [Fact]
    public void Who_is_found_arrives_then_and_not_before()
    {
        var missing = Count(UnderWay(Adult(1)), missing: [1]).Settled();
        var found = ReconcileFeature.Settle(missing, Run, Id(1), "arrived", "officer", Noon);

        Assert.Equal(TravelState.UnderWay, missing.People[Id(1)].State);
        Assert.Equal([typeof(SpaceFound), typeof(FoundAfterArrival), typeof(Arrived)], found.Decided.Select(d => d.Event.GetType()));
        Assert.True(found.People[Id(1)].HasArrived);
        Assert.Empty(ReconcileFeature.Settle(found.Settled(), Run, Id(1), "arrived", "officer", Noon).Decided);
    }

    [Fact]
    public void Who_is_found_where_the_transport_left_can_be_planned_again()
    {
        var found = ReconcileFeature.Settle(Count(UnderWay(Adult(1)), missing: [1]).Settled(), Run, Id(1), "not-aboard", "officer", Noon);

        Assert.Equal(TravelState.Waiting, found.People[Id(1)].State);
        Assert.Empty(Names<Arrived>(found));
    }

    [Fact]
    public void Who_is_disputed_and_not_there_after_all_has_not_arrived()
    {
        var disputed = Count(Count(UnderWay(Child(1), Adult(2)), present: [1, 2], close: true).Settled(), missing: [1]).Settled();
        var missing = ReconcileFeature.Settle(disputed, Run, Id(1), "missing", "officer", Noon);

        Assert.True(Assert.Single(missing.Decided.Select(d => d.Event).OfType<MissingAtArrival>()).Child);
        Assert.False(missing.People[Id(1)].HasArrived);
        Assert.Empty(missing.Transports[Run].Disputed);
    }

    [Fact]
    public void Who_is_missing_boards_nothing_until_told_to_be_found()
    {
        var journey = new[] { Ship(), Flight() };
        var missing = Count(Departed(journey.Together(Adult(1))), missing: [1]).Settled();

        BoardPersonFeature.Decide(missing, new(Flight().Id, Id(1), "officer", Noon)).RefusedAs("travel/missing");
        CheckInPersonFeature.Decide(missing, new(Flight().Id, Id(1), null, "officer", Noon)).RefusedAs("travel/missing");
        var elsewhere = SceneOf(missing.People.Values, [.. missing.Transports.Values, Convoy()]);
        StandByFeature.Decide(elsewhere, new(Convoy().Id, Id(1), null, "officer", Noon)).RefusedAs("travel/missing");
        WalkUpFeature.Decide(elsewhere, new(Convoy().Id, Id(1), null, null, "officer", Noon)).RefusedAs("travel/missing");
    }

    [Fact]
    public void Who_was_seen_on_the_next_leg_is_not_missing_from_the_one_before()
    {
        var journey = Count(Departed(new[] { Ship(), Flight() }.Together(Adult(1))), present: [1], close: true).Settled();
        var disputed = Count(BoardPersonFeature.Decide(journey, new(Flight().Id, Id(1), "officer", Noon)).Settled(), missing: [1]).Settled();

        ReconcileFeature.Settle(disputed, Run, Id(1), "missing", "officer", Noon).RefusedAs("reconciliation/travelled-on");
        Assert.Equal(["1"], Names<MissingAtArrival>(ReconcileFeature.Settle(Count(journey, missing: [1]).Settled(), Run, Id(1), "missing", "officer", Noon)));
    }

    [Fact]
    public void Who_came_without_a_space_has_arrived_and_holds_none_elsewhere()
    {
        var elsewhere = new[] { Flight() }.Together(Adult(3)).People[Id(3)];
        var scene = UnderWay(Adult(1));
        scene = SceneOf([.. scene.People.Values, elsewhere], [.. scene.Transports.Values, new[] { Flight() }.Together(Adult(3)).Transports[Flight().Id]]);
        var after = Count(scene, unexpected: [3]);

        Assert.Equal(["3 travelled-otherwise"], after.Freed());
        Assert.Equal([typeof(UnexpectedAtArrival), typeof(Arrived)], after.Decided.Where(d => d.Stream == Id(3)).Select(d => d.Event.GetType()).TakeLast(2));
        Assert.True(after.People[Id(3)].HasArrived);
        Assert.Empty(Count(after.Settled(), unexpected: [3]).Decided);
    }

    [Fact]
    public void Of_whoever_comes_without_a_space_to_where_they_fear_to_be_the_alarm_is_given()
    {
        var (scene, afraid, other) = (UnderWay(Adult(1)), Adult(3, Fears("SAU")), Adult(4, Fears("ERI")));
        var after = Count(SceneOf([.. scene.People.Values, afraid, other], scene.Transports.Values), unexpected: [3, 4]);

        Assert.Equal(["3"], Names<CarriedWhereBarred>(after));
        Assert.Equal(("fears-destination", "SAU"), after.Decided.Select(d => d.Event).OfType<CarriedWhereBarred>().Select(alarm => (alarm.Reason, alarm.Country)).Single());
    }

    [Fact]
    public void Who_is_believed_on_another_transport_is_settled_there_first()
    {
        var other = Departed(new[] { Flight() }.Together(Adult(3)), Flight().Id);
        var scene = UnderWay(Adult(1));
        scene = SceneOf([.. scene.People.Values, other.People[Id(3)]], [.. scene.Transports.Values, other.Transports[Flight().Id]]);

        Count(scene, unexpected: [3]).RefusedAs("reconciliation/on-another");
        Count(scene, present: [3]).RefusedAs("reconciliation/not-expected");
        Count(scene, unexpected: [1]).RefusedAs("reconciliation/expected");
    }

    [Fact]
    public void The_short_way_counts_everybody_as_present()
    {
        var after = ArriveWithTransportFeature.Decide(UnderWay(Adult(1), Adult(2)), new(Run, "officer", Noon));

        Assert.Equal(ManifestState.Reconciled, after.Transports[Run].State);
        Assert.Equal(2, Closed(after).Present);
        Assert.Equal(2, Names<Arrived>(after).Length);
    }

    [Fact]
    public void Nobody_is_counted_before_departure() => Count(new[] { Ship() }.Together(Adult(1)), present: [1]).RefusedAs("transport/not-departed");

    private static Scene UnderWay(params Passenger[] people) => Departed(new[] { Ship() }.Together(people));

    private static Scene Departed(Scene scene, Guid? run = null)
    {
        foreach (var person in scene.People.Keys.Order()) scene = BoardPersonFeature.Decide(scene, new(run ?? Run, person, "officer", Noon));
        return DepartTransportFeature.Decide(scene.Settled(), new(run ?? Run, "officer", Noon)).Settled();
    }

    private static Scene Count(Scene scene, int[]? present = null, int[]? missing = null, int[]? unexpected = null, bool close = false) => ReconcileFeature.Decide(
        scene, new(Run, [.. (present ?? []).Select(Id)], [.. (missing ?? []).Select(Id)], [.. (unexpected ?? []).Select(Id)], [], close, "officer", Noon));

    private static ManifestReconciled Closed(Scene scene) => Assert.Single(scene.Decided.Select(d => d.Event).OfType<ManifestReconciled>());

    private static string[] Names<T>(Scene scene) => [.. scene.Decided.Where(d => d.Event is T).Select(d => $"{BitConverter.ToInt32(d.Stream.ToByteArray())}")];
}
