using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Travel;

public sealed class TransportTests
{
    [Theory]
    [InlineData(Mobility.None)]
    [InlineData(Mobility.Wheelchair)]
    [InlineData(Mobility.Stretcher)]
    public void A_space_of_a_kind_that_is_used_up_is_not_given_though_others_are_free(Mobility kind)
    {
        var transport = Convoy(seats: kind is Mobility.None ? 1 : 5, wheelchairs: 1, stretchers: 1);
        transport = transport.After(transport.Take(Id(1), Family, kind, onLap: false, Noon).Events);

        transport.Take(Id(2), Family, kind, onLap: false, Noon).RefusedAs("transport/full");
    }

    [Fact]
    public void An_infant_sits_on_no_strangers_lap() =>
        Convoy().After(new SpaceTaken(Id(1), Id(801), Mobility.None, false, Noon))
            .Take(Id(2), Id(802), Mobility.None, onLap: true, Noon).RefusedAs("transport/no-lap");

    [Fact]
    public void Nobody_takes_two_spaces() =>
        Convoy().After(Taken(1)).Take(Id(1), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/already-on-it");

    [Fact]
    public void An_infant_on_a_lap_takes_no_seat()
    {
        var transport = Convoy(seats: 1).After(Taken(1));
        transport = transport.After(transport.Take(Id(2), Family, Mobility.None, onLap: true, Noon).Events);

        Assert.Equal((0, 2), (transport.Free.Seats, transport.In(SpaceState.Held).Count()));
    }

    [Fact]
    public void A_lap_holds_one_infant() =>
        Convoy().After(Taken(1), new SpaceTaken(Id(2), Family, Mobility.None, true, Noon))
            .Take(Id(3), Family, Mobility.None, onLap: true, Noon).RefusedAs("transport/no-lap");

    [Fact]
    public void A_space_given_up_is_free_for_the_next()
    {
        var transport = Convoy(seats: 1).After(Taken(1), new SpaceFreed(Id(1), "no-consent", Noon));

        Assert.IsType<SpaceTaken>(Assert.Single(transport.Take(Id(2), Family, Mobility.None, onLap: false, Noon).Events));
    }

    [Fact]
    public void After_departure_nobody_boards_and_no_space_is_given_or_given_up()
    {
        var left = Convoy().After(Taken(1), Taken(2), new SpaceBoarded(Id(1), Noon), new TransportDeparted("officer", Noon));

        left.Take(Id(3), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/departed");
        left.Board(Id(2), Noon).RefusedAs("transport/departed");
        left.GiveUp(Id(1), "no-consent", Noon).RefusedAs("transport/departed");
    }

    [Fact]
    public void Who_holds_no_space_does_not_board() => Convoy().Board(Id(1), Noon).RefusedAs("transport/no-space-held");

    [Fact]
    public void A_transport_that_did_not_depart_does_not_arrive() => Convoy().Arrive("officer", Noon).RefusedAs("transport/not-departed");

    [Fact]
    public void A_transport_that_nobody_scheduled_carries_nobody() =>
        Transport.Start(Id(5)).Take(Id(1), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/unknown");

    [Fact]
    public void Reporting_the_same_twice_changes_nothing()
    {
        var arrived = Convoy().After(Taken(1), new SpaceBoarded(Id(1), Noon), new TransportDeparted("officer", Noon), new TransportArrived("officer", Noon));

        Assert.All([arrived.Board(Id(1), Noon), arrived.Depart("officer", Noon), arrived.Arrive("officer", Noon)], decision => Assert.Same(Decision.Nothing, decision));
    }

    private enum What { Take, TakeOnLap, GiveUp, Board, Depart, Arrive }

    private sealed record Step(What What, int Person, Mobility Kind);

    [Fact]
    public void Whatever_comes_in_whatever_order_spaces_suffice_nobody_is_there_twice_and_everybody_is_accounted_for() =>
        Prop.ForAll(Arb.From(Steps), steps =>
        {
            var transport = Convoy(seats: 3, wheelchairs: 1, stretchers: 0);
            var (taken, freed, boarded) = (0, 0, 0);
            foreach (var (what, number, kind) in steps)
            {
                var person = Id(number);
                var decision = what switch
                {
                    What.Take => transport.Take(person, Family, kind, onLap: false, Noon),
                    What.TakeOnLap => transport.Take(person, Family, Mobility.None, onLap: true, Noon),
                    What.GiveUp => transport.GiveUp(person, "no-consent", Noon),
                    What.Board => transport.Board(person, Noon),
                    What.Depart => transport.Depart("officer", Noon),
                    _ => transport.Arrive("officer", Noon),
                };
                transport = transport.After(decision.Events);
                taken += decision.Events.OfType<SpaceTaken>().Count();
                freed += decision.Events.OfType<SpaceFreed>().Count();
                boarded += decision.Events.OfType<SpaceBoarded>().Count();

                var aboard = transport.Lines.Where(space => space.IsTaken).ToList();
                var used = aboard.Aggregate(default(Spaces), (sum, space) => sum + space.Needs);
                if (!transport.Offered.Hold(used) || used != transport.Taken) return false;
                if (transport.People.Distinct().Count() != transport.People.Count) return false;
                if (aboard.Count != taken - freed) return false;
                if (transport.Departed && transport.In(SpaceState.Held).Any()) return false;
                if (transport.Departed && boarded < aboard.Count) return false;
                if (what is What.TakeOnLap && decision.Events.Count > 0 && !aboard.Exists(space => space is { Kind: Mobility.None, OnLap: false })) return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true));

    private static Gen<Step[]> Steps =>
        (from what in Gen.Elements(What.Take, What.Take, What.Take, What.Take, What.TakeOnLap, What.GiveUp, What.GiveUp, What.Board, What.Board, What.Board, What.Depart, What.Arrive)
         from person in Gen.Choose(1, 7)
         from kind in Gen.Elements(Mobility.None, Mobility.None, Mobility.Wheelchair, Mobility.Stretcher)
         select new Step(what, person, kind)).ArrayOf().Resize(40);

    private static SpaceTaken Taken(int person) => new(Id(person), Family, Mobility.None, false, Noon);
}
