using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;

namespace CrisisCoordination.EvacuationPlanning.Tests.Plans;

public sealed class WhoseReasonTests
{
    [Fact]
    public void A_reason_is_ones_own_where_it_is_also_ones_own_and_else_the_first_ones()
    {
        Assert.Equal(Id(2), PlannedGroup.Whose("no-consent", [Id(1), Id(2)], Id(2)));
        Assert.Equal(Id(1), PlannedGroup.Whose("no-consent", [Id(1), Id(2)], Id(3)));
        Assert.Null(PlannedGroup.Whose("no-seat", null, Id(3)));
    }

    [Theory]
    [InlineData("fears-destination")]
    [InlineData("fears-every-destination")]
    public void Whose_a_fear_is_stands_on_nobody_elses_timeline(string fear)
    {
        Assert.Equal(Id(1), PlannedGroup.Whose(fear, [Id(1)], Id(1)));
        Assert.Null(PlannedGroup.Whose(fear, [Id(1)], Id(2)));
    }

    [Fact]
    public void Who_was_left_behind_hears_it_again_when_the_same_reason_is_anothers()
    {
        var told = Adult(1).After(Adult(1).LeaveBehind(PlanId, "no-consent", Noon, Id(1)).Events);

        Assert.Empty(told.LeaveBehind(Id(901), "no-consent", Noon, Id(1)).Events);
        Assert.Equal(Id(2), Assert.IsType<LeftBehind>(Assert.Single(told.LeaveBehind(Id(901), "no-consent", Noon, Id(2)).Events)).Of);
    }

    [Fact]
    public void A_household_that_gives_up_its_seats_knows_who_dropped_out()
    {
        var after = WithdrawConsentFeature.Decide(new[] { Convoy(), Ship() }.Together(Adult(1), Adult(2)),
            new(Id(2), null, "officer", Noon));

        Assert.Equal(
            [(Id(1), Words.FamilyUnity, Id(2)), (Id(2), "no-consent", Id(2))],
            after.Decided.Where(d => d.Event is SeatReleased released && released.TransportId == Ship().Id)
                .Select(d => (d.Stream, ((SeatReleased)d.Event).Reason, ((SeatReleased)d.Event).Of!.Value)).OrderBy(lost => lost.Stream));
    }

    [Fact]
    public void Seats_that_a_plan_takes_back_for_one_of_a_group_are_not_said_to_be_lost_for_each()
    {
        var given = new[] { Ship() }.Together(Adult(1), Adult(2))
            .GiveUp([Id(1), Id(2)], [Ship().Id], "no-consent", Noon, person => PlannedGroup.Whose("no-consent", [Id(2)], person));

        Assert.All(given.Decided.Select(d => d.Event).OfType<SeatReleased>(), released => Assert.Equal(Id(2), released.Of));
    }
}
