using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

public sealed class RouteTests
{
    private static readonly Position Base = new(15, 32);

    // A tenth of a degree north is eleven kilometres, a quarter of an hour.
    private static Stop Stop(int id, double north, double dueInHours = 48, double? endsNorth = null) =>
        new(Id(id), new(15 + north, 32), endsNorth is { } ends ? new(15 + ends, 32) : new(15 + north, 32), Noon.AddHours(dueInHours));

    private static int[] Order(params Stop[] stops) => [.. Route.Plan(Base, Noon, stops).Select(stop => BitConverter.ToInt32(stop.Stop.TaskId.ToByteArray()))];

    [Fact]
    public void With_time_for_all_the_way_is_short() => Assert.Equal([1, 2, 3, 4], Order(Stop(3, 0.3), Stop(1, 0.1), Stop(4, 0.4), Stop(2, 0.2)));

    [Fact]
    public void A_deadline_that_can_be_kept_comes_before_a_short_way()
    {
        var plan = Route.Plan(Base, Noon, [Stop(1, 0.1), Stop(2, 0.2), Stop(3, -0.9, 3)]);
        Assert.Equal(Id(3), plan[0].Stop.TaskId);
        Assert.DoesNotContain(plan, stop => stop.Late);
    }

    [Fact]
    public void What_cannot_be_in_time_is_marked_and_makes_nothing_else_late()
    {
        var plan = Route.Plan(Base, Noon, [Stop(1, 0.1, 1), Stop(2, 5, 1)]);
        Assert.Equal([(Id(1), false), (Id(2), true)], plan.Select(stop => (stop.Stop.TaskId, stop.Late)));
    }

    [Fact]
    public void Who_is_fetched_is_brought_to_the_point_before_the_next_stop()
    {
        var plan = Route.Plan(Base, Noon, [Stop(1, 0.4, endsNorth: 0), Stop(2, 0.4, endsNorth: 0)]);
        Assert.Equal(plan[0].Kilometres, plan[1].Kilometres, 3);
        Assert.True(plan[1].Eta > plan[0].DoneAt);
    }

    [Fact]
    public void A_place_that_is_not_known_costs_no_way() => Assert.Equal(0, Route.Plan(Base, Noon, [new(Id(1), null, null, Noon)])[0].Kilometres);

    [Fact]
    public void Every_stop_once_never_more_late_than_by_deadline_alone_and_whatever_the_order_they_came_in() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(sbyte North, sbyte East, byte Due)[]>(), told =>
        {
            var stops = told.Take(9).Select((t, i) => new Stop(Id(i + 1), new(15 + (t.North / 100.0), 32 + (t.East / 100.0)), i % 3 == 0 ? Base : null, Noon.AddMinutes(t.Due * 4))).ToList();
            var plan = Route.Plan(Base, Noon, stops);
            Assert.Equal(stops.Select(stop => stop.TaskId).Order(), plan.Select(stop => stop.Stop.TaskId).Order());
            var byDeadline = Route.Walk(Base, Noon, [.. stops.OrderBy(stop => stop.DueAt).ThenBy(stop => stop.TaskId)]);
            Assert.True(Route.Cost(plan).CompareTo(Route.Cost(byDeadline)) <= 0);
            Assert.Equal(plan, Route.Plan(Base, Noon, Enumerable.Reverse(stops)));
            Assert.All(plan, stop => Assert.Equal(stop.DoneAt > stop.Stop.DueAt, stop.Late));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_few_stops_none_of_all_orders_has_fewer_late() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(sbyte North, byte Due)[]>(), told =>
        {
            var stops = told.Take(3).Select((t, i) => new Stop(Id(i + 1), new(15 + (t.North / 50.0), 32), null, Noon.AddMinutes(t.Due * 3))).ToList();
            var plan = Route.Plan(Base, Noon, stops);
            Assert.All(Orders(stops), order => Assert.True(Route.Cost(plan).Late <= Route.Cost(Route.Walk(Base, Noon, [.. order])).Late));
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<IEnumerable<Stop>> Orders(List<Stop> stops) =>
        stops.Count == 0 ? [[]] : stops.SelectMany(first => Orders([.. stops.Where(stop => stop != first)]).Select(rest => rest.Prepend(first)));
}
