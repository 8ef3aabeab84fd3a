using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Plans;

public sealed class SeatingOrderTests
{
    private static readonly Transport One = Convoy(seats: 1), Two = Ship(seats: 1), Three = Flight(seats: 1);

    [Fact]
    public void Who_takes_another_s_seat_comes_after_the_other_has_left_it() =>
        Assert.Equal(["2", "1"], Order([Onto(1, One), Onto(2, Two, leaves: One)], [Two]));

    [Fact]
    public void Whoever_finds_room_goes_in_the_order_of_urgency() => Assert.Equal(["1", "2"], Order([Onto(1, One), Onto(2, Two)], [One, Two]));

    [Fact]
    public void Those_who_change_in_a_ring_are_one_step_and_who_counts_on_nobody_comes_last() =>
        Assert.Equal(["1,2", "3"], Order([Onto(1, Two, leaves: One), Onto(2, One, leaves: Two), Onto(3, Three)], []));

    [Fact]
    public void A_ring_changes_at_once_and_nobody_is_without_a_seat_in_between()
    {
        var scene = SceneOf([Adult(1), Adult(2)], [Convoy(seats: 1), Shuttle]).Seat(PlanId, Seats([Convoy(seats: 1)], Adult(1)), new(2023, 4, 23), Noon).Settled()
            .Seat(PlanId, Seats([Shuttle], Adult(2)), new(2023, 4, 23), Noon).Settled();

        var (after, refused) = scene.SeatTogether(Id(901),
            [Seats([Shuttle], Adult(1)) with { Leaves = [Convoy().Id] }, Seats([Convoy(seats: 1)], Adult(2)) with { Leaves = [Shuttle.Id] }], new(2023, 4, 23), Noon);

        Assert.Empty(refused);
        Assert.Equal(["Again", "Capital-Port"], [.. after.Codes(1), .. after.Codes(2)]);
    }

    [Fact]
    public void Who_has_boarded_since_keeps_the_seat_and_so_does_the_other()
    {
        var scene = SceneOf([Adult(1), Adult(2)], [Convoy(seats: 1), Shuttle]).Seat(PlanId, Seats([Convoy(seats: 1)], Adult(1)), new(2023, 4, 23), Noon).Settled()
            .Seat(PlanId, Seats([Shuttle], Adult(2)), new(2023, 4, 23), Noon).Settled().Telling(2, new Contracts.Boarded(Shuttle.Id, "officer", Noon));

        var (after, refused) = scene.SeatTogether(Id(901),
            [Seats([Shuttle], Adult(1)) with { Leaves = [Convoy().Id] }, Seats([Convoy(seats: 1)], Adult(2)) with { Leaves = [Shuttle.Id] }], new(2023, 4, 23), Noon);

        Assert.Equal(2, refused.Count);
        Assert.Empty(after.Decided);
    }

    private static Transport Shuttle => Transport.Start(Id(104)).After(Convoy().Schedule! with { Code = "Again", Seats = 1 });

    private static Seating Onto(int number, Transport run, Transport? leaves = null) =>
        Seats([run], Adult(number)) with { GroupId = Id(number), Need = new(1, 0, 0), Leaves = leaves is null ? [] : [leaves.Id] };

    private static string[] Order(Seating[] seatings, Transport[] free) =>
        [.. SeatingOrder.Of(seatings, free.ToDictionary(run => run.Id, _ => new Spaces(1, 0, 0))).Select(step => string.Join(',', step.Select(one => BitConverter.ToInt32(one.GroupId.ToByteArray()))))];
}
