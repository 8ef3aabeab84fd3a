using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Tests.Planning;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

public sealed class WhatWouldChangeTests
{
    private static readonly Departure Convoy = Run("Capital", "Port", 1, 2), Ship = Run("Port", "Jeddah", 4, 5), Flight = Run("Jeddah", "Delhi", 7, 8);

    private static Ways Ways(params Departure[] runs) => new(Points, runs, [], new(), ["SDN"]);

    private static Prospect Ask(Group group, params Departure[] runs) => WhatWouldChange.Of(Ways(runs), group);

    private static string[] Codes(Prospect prospect) => [.. prospect.Changes.Select(change => change.Code)];

    private static string[] Then(Prospect prospect) => [.. prospect.Legs.Select(leg => leg.Departure.Code)];

    [Fact]
    public void Nothing_stands_against_whom_the_next_plan_can_seat() => Assert.True(Ask(Household(1, Adult(1, "IND")), Convoy, Ship, Flight).CouldGoNow);

    [Fact]
    public void An_emergency_document_names_where_it_must_lead_over_which_countries_and_until_when()
    {
        var prospect = Ask(Household(1, Adult(1, "IND") with { DocumentValidUntil = null }), Convoy, Ship, Flight);

        var change = Assert.Single(prospect.Changes);
        Assert.Equal(("emergency-document", "IND", "SAU", new DateOnly(2023, 4, 23)), (change.Code, change.Destination, Assert.Single(change.Transits), change.ValidUntil));
        Assert.Equal(["Capital-Port@1", "Port-Jeddah@4", "Jeddah-Delhi@7"], Then(prospect));
        Assert.Equal("no-usable-document", Assert.Single(prospect.Reasons).Code);
    }

    [Fact]
    public void Every_reason_comes_up_and_all_that_it_takes_is_said_together()
    {
        var prospect = Ask(Household(1, Adult(1, "IND") with { Consent = false, DocumentValidUntil = null }, Adult(2, "IND") with { HeldBack = true }), Convoy, Ship);

        Assert.Equal(["no-consent", "exit-barrier", "no-usable-document"], prospect.Reasons.Select(reason => reason.Code));
        Assert.Equal(["consent", "exit-barrier-cleared", "emergency-document"], Codes(prospect));
        Assert.Equal([Id(2)], prospect.Changes[1].People);
    }

    [Fact]
    public void A_child_alone_needs_a_decision_that_names_an_adult_and_a_seat_for_both()
    {
        var child = Household(1, Child(1, "IND") with { IsUnaccompanied = true });

        Assert.Equal(["escort-named"], Codes(Ask(child, Convoy, Ship)));
        Assert.Equal(["escort-named", "more-seats"], Codes(Ask(child, Convoy with { Spaces = new(1, 0, 0) }, Ship)));
    }

    [Fact]
    public void How_many_spaces_are_lacking_is_said_for_each_departure()
    {
        var prospect = Ask(Household(1, Adult(1), Adult(2), Adult(3)), Convoy with { Spaces = new(1, 0, 0) }, Ship);

        Assert.Equal(new(Convoy with { Spaces = new(1, 0, 0) }, new(2, 0, 0)), Assert.Single(Assert.Single(prospect.Changes).Missing));
        Assert.Equal("no-seat", Assert.Single(prospect.Reasons).Code);
    }

    [Fact]
    public void Who_is_out_of_reach_would_have_to_be_brought_to_a_point_that_leads_out()
    {
        var change = Assert.Single(Ask(Household(1, Adult(1)) with { Start = InTheDesert }, Ship).Changes);

        Assert.Equal(("pick-up", "Port"), (change.Code, change.Point!.Code));
        Assert.InRange(change.Kilometres!.Value, 1000, 1300);
    }

    [Fact]
    public void Where_nobody_knows_where_they_are_that_comes_first() =>
        Assert.Equal(["position-known"], Codes(Ask(Household(1, Adult(1)) with { Start = null }, Convoy, Ship)));

    [Fact]
    public void A_fear_is_never_to_be_taken_back()
    {
        var prospect = Ask(Household(1, Adult(1, "IND") with { FearedCountries = ["SAU"] }), Convoy, Ship, Flight);

        Assert.Equal(["another-transport"], Codes(prospect));
        Assert.Empty(prospect.Legs);
    }

    [Fact]
    public void What_is_gone_leads_nowhere() =>
        Assert.Equal(["another-transport"], Codes(WhatWouldChange.Of(new(Points, [], [Convoy, Ship], new() { NotBefore = Dawn }, ["SDN"]), Household(1, Adult(1)))));

    [Fact]
    public void With_what_it_says_they_could_go_and_they_could_now_exactly_where_it_says_nothing() => PlannerProperties.Holds(given => given.Groups.All(group =>
    {
        var prospect = WhatWouldChange.Of(new(Points, given.Departures, [], new(), ["SDN"]), group);
        return prospect.CouldGoNow == (PlanFor(given.Network, group).Journeys.Length == 1) && prospect.CouldGoNow == prospect.Changes.IsEmpty
            && (prospect.Legs.Length > 0 || prospect.Changes[^1].Code is "another-transport" or "position-known");
    }));

    [Fact]
    public void A_way_with_room_for_everybody_is_certain_though_an_earlier_one_has_less()
    {
        var later = Run("Port", "Jeddah", 6, 7, 60);
        ImmutableArray<Leg> Certain(int others) =>
            WhatWouldChange.CertainWay(Ways(Convoy with { Spaces = new(70, 0, 0) }, Ship with { Spaces = new(2, 0, 0) }, later),
                Household(1, Adult(1), Adult(2)), others);

        Assert.Equal(["Capital-Port@1", "Port-Jeddah@4"], Certain(0).Select(leg => leg.Departure.Code));
        Assert.Equal(["Capital-Port@1", "Port-Jeddah@6"], Certain(58).Select(leg => leg.Departure.Code));
        Assert.Equal(60, Certain(58)[^1].Departure.Spaces.Seats);
        Assert.Empty(Certain(59));
    }

    [Fact]
    public void Whoever_has_a_certain_way_is_seated_by_the_plan_whoever_else_is_planned()
    {
        var certain = 0;
        PlannerProperties.Holds(given =>
        {
            // From a little to plenty, as these are too small for all of them at once.
            var times = 2 + Math.Abs(given.Seed % 10);
            var runs = given.Departures.Select(run => run with
            {
                Spaces = Spaces.Offer(run.Spaces.Seats * times, run.Spaces.Wheelchairs * times, run.Spaces.Stretchers * times),
            }).ToArray();
            var plan = PlanFor(Network(runs), given.Groups);
            return given.Groups.All(group =>
            {
                var others = given.Groups.Sum(other => other.Souls) - group.Souls;
                if (WhatWouldChange.CertainWay(new(Points, runs, [], new(), ["SDN"]), group, others).IsEmpty) return true;
                certain++;
                return plan.Journeys.Any(journey => journey.GroupId == group.Id);
            });
        });
        Assert.True(certain > 50, $"Only {certain} groups had a certain way.");
    }

    [Fact]
    public void No_way_that_it_names_leads_where_anybody_of_them_is_afraid() => PlannerProperties.Holds(given => given.Groups.All(group =>
        WhatWouldChange.Of(new(Points, given.Departures, [], new(), ["SDN"]), group).Legs.All(leg => group.Travellers.All(one => !one.FearedCountries.Contains(leg.ToCountry ?? "")))));

    [Fact]
    public void The_first_reason_is_that_of_the_planner() => PlannerProperties.Holds(given => given.Groups.All(group =>
        PlanFor(given.Network, group) is not { LeftBehind: [var left] } || WhatWouldChange.Of(new(Points, given.Departures, [], new(), ["SDN"]), group).Reasons[0] == left.Reasons[0]));
}
