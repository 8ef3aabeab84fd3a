using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Checking;

/// <summary>Plans that break a promise, or say the wrong thing of those they leave behind.</summary>
public sealed class BrokenPromisesTests
{
    private static readonly Departure Early = Run("Capital", "Jeddah", 1, 5, seats: 1), Late = Run("Capital", "Jeddah", 8, 9, seats: 1);
    private static readonly Group Urgent = Household(1, Adult(1)) with { Tier = 1 }, Calm = Household(2, Adult(2)) with { Tier = 4 };

    private static PlanInput Input(Departure[] runs, params Group[] groups) => new(["SDN"], Points, runs, groups, [], new());

    private static Plan Made(PlanInput input) => Planner.Plan(Network(input.Departures), input.Groups, []);

    private static HeldSpaces Held(Group group, Departure run, bool mayMove) => new(group.Id, [run.Id], new(1, 0, 0), 1) { MayMove = mayMove };

    private static string[] Faults(PlanInput input, Plan plan) => [.. Planning.World.Check(input, plan).Faults.Select(fault => fault.Code).Distinct()];

    [Fact]
    public void A_seat_that_may_not_change_and_did_is_found()
    {
        var input = Input([Early, Late], Urgent);

        Assert.Equal(["held-and-not-kept"], Faults(input with { Held = [Held(Urgent, Late, mayMove: false)] }, Made(input)));
    }

    [Fact]
    public void A_journey_that_is_taken_from_one_less_urgent_is_found_unless_that_was_asked_for()
    {
        var input = Input([Early], Urgent, Calm);
        var asked = input with { Held = [Held(Calm, Early, mayMove: true)] };

        Assert.Equal(["held-and-not-kept"], Faults(asked, Made(input)));
        Assert.Empty(Faults(asked with { Terms = new() { MoveHeld = true } }, Made(input)));
    }

    [Fact]
    public void Whoever_is_moved_and_could_have_stayed_is_found()
    {
        var input = Input([Early with { Spaces = Spaces.Offer(2, 0, 0) }, Late], Urgent, Calm);

        Assert.Equal(["moved-without-need"], Faults(input with { Held = [Held(Calm, Late, mayMove: true)] }, Made(input)));
    }

    [Fact]
    public void Whoever_is_moved_for_one_less_urgent_is_found()
    {
        var input = Input([Early, Late], Urgent, Calm);

        Assert.Equal(["moved-for-nobody-more-urgent"], Faults(input with { Held = [Held(Urgent, Late, mayMove: true)] }, Made(input)));
    }

    [Fact]
    public void Whoever_goes_late_while_an_earlier_seat_is_free_is_found()
    {
        var later = Made(Input([Late], Urgent));

        Assert.Equal(["could-go-sooner"], Faults(Input([Early, Late], Urgent), later with { Loads = [new(Early.Id, Early.Code, default, Early.Spaces, 0), .. later.Loads] }));
    }

    [Fact]
    public void More_legs_than_are_allowed_are_found()
    {
        var input = Input([Run("Capital", "Port", 1, 2), Run("Port", "Jeddah", 4, 5)], Urgent);

        Assert.Equal(["too-many-legs"], Faults(input with { Terms = new() { MostLegs = 1 } }, Made(input)));
    }

    [Fact]
    public void Whoever_is_left_behind_twice_is_found()
    {
        var plan = Made(Input([Early], Urgent, Calm));

        Assert.Equal(["left-behind-twice"], Faults(Input([Early], Urgent, Calm), plan with { LeftBehind = [.. plan.LeftBehind, .. plan.LeftBehind] }));
    }

    [Fact]
    public void A_reason_that_is_not_the_reason_is_found()
    {
        var (full, unwilling, nowhere) = (Input([Early], Urgent, Calm), Input([Early], Calm with { Travellers = [Adult(2) with { Consent = false }] }), Input([Early], Calm with { Start = InTheDesert }));

        Assert.Equal(["wrong-reason"], Faults(full, Saying("no-journey", Made(full))));
        Assert.Equal(["wrong-reason"], Faults(unwilling, Saying("no-seat", Made(unwilling))));
        Assert.Equal(["wrong-reason"], Faults(nowhere, Saying("no-seat", Made(nowhere))));

        static Plan Saying(string reason, Plan plan) => plan with { LeftBehind = [.. plan.LeftBehind.Select(left => left with { Reasons = [new(reason)] })] };
    }
}
