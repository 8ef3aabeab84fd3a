using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Manifests;

public sealed class SealTests
{
    private static readonly SpaceTaken First = new(Id(1), Family, Mobility.None, false, Noon), Second = new(Id(2), Family, Mobility.Wheelchair, false, Noon);

    [Fact]
    public void A_sealed_manifest_takes_nobody_from_a_plan_and_still_takes_whom_the_gate_brings()
    {
        var shut = Convoy().After(First).Sealed();

        shut.Take(Id(2), Family, Mobility.None, onLap: false, Noon).RefusedAs("transport/sealed");
        Assert.IsType<SpaceTaken>(Assert.Single(shut.Take(Id(2), Family, Mobility.None, onLap: false, Noon, atGate: true).Events));
    }

    [Fact]
    public void A_plan_that_comes_too_late_seats_nobody_on_it()
    {
        var scene = SceneOf([Adult(1)], [Convoy().Sealed()]);

        scene.Seat(PlanId, Seats([Convoy()], Adult(1)), new(2023, 4, 23), Noon).RefusedAs("transport/sealed");
    }

    [Fact]
    public void Sealing_twice_is_nothing_new() => Assert.Same(Decision.Nothing, Convoy().Sealed().SealManifest("officer", Noon));

    [Fact]
    public void A_seal_counts_on_and_tells_the_same_list_by_the_same_sum_whoever_came_first()
    {
        var one = Assert.IsType<ManifestSealed>(Assert.Single(Convoy().After(First, Second).SealManifest("officer", Noon).Events));
        var opened = Convoy().After(Second, First, one, new ManifestUnsealed("partner-asked", "officer", Noon));
        var two = Assert.IsType<ManifestSealed>(Assert.Single(opened.SealManifest("officer", Noon).Events));

        Assert.Equal((1, 2, 2, one.Sha256), (one.Number, two.Number, two.People, two.Sha256));
    }

    [Fact]
    public void Another_person_or_another_space_is_another_sum()
    {
        Transport[] lists = [Convoy(), Convoy().After(First), Convoy().After(First, Second), Convoy().After(First, Second with { Space = Mobility.Stretcher }), Ship().After(First)];

        Assert.Equal(lists.Length, lists.Select(list => list.Sha256).Distinct().Count());
        Assert.Equal(lists[1].Sha256, lists[2].After(new SpaceFreed(Id(2), "no-show", Noon)).Sha256);
    }

    [Fact]
    public void A_list_is_opened_to_plans_again_until_it_departs()
    {
        var opened = Convoy().Sealed();
        opened = opened.After(opened.UnsealManifest("wrong-people", "officer", Noon).Events);

        Assert.Equal(ManifestState.Draft, opened.State);
        Assert.NotEmpty(opened.Take(Id(2), Family, Mobility.None, onLap: false, Noon).Events);
        opened.After(new TransportDeparted("officer", Noon)).UnsealManifest("wrong-people", "officer", Noon).RefusedAs("transport/departed");
    }

    [Fact]
    public void What_nobody_scheduled_or_what_has_left_is_not_sealed()
    {
        Transport.Start(Id(5)).SealManifest("officer", Noon).RefusedAs("transport/unknown");
        Convoy().After(new TransportDeparted("officer", Noon)).SealManifest("officer", Noon).RefusedAs("transport/departed");
    }

    [Fact]
    public void The_first_at_the_gate_seals_it_and_each_step_shows()
    {
        var scene = new[] { Convoy() }.Together(Adult(1));
        Assert.Equal(ManifestState.Draft, State(scene));
        var checkedIn = CheckInPersonFeature.Decide(scene, new(Convoy().Id, Id(1), null, "officer", Noon));
        Assert.Equal([typeof(ManifestSealed), typeof(SpaceCheckedIn), typeof(CheckedInAtGate)], checkedIn.Decided.Select(d => d.Event.GetType()));
        Assert.Equal(ManifestState.CheckingIn, State(checkedIn));
        var boarded = BoardPersonFeature.Decide(checkedIn.Settled(), new(Convoy().Id, Id(1), "officer", Noon));
        Assert.Equal(ManifestState.Boarding, State(boarded));
        Assert.Equal(ManifestState.Departed, State(DepartTransportFeature.Decide(boarded.Settled(), new(Convoy().Id, "officer", Noon))));
    }

    private static ManifestState State(Scene scene) => scene.Transports[Convoy().Id].State;
}
