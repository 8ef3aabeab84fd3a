using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Travel;

public sealed class MergedTests
{
    private static readonly Transport[] Journey = [Convoy(), Ship(), Flight()];

    private static MergedInto Into(int id) => new(Id(id), [], Noon);

    private static DuplicateMerged Duplicate(int id, params Guid[] households) => new(Id(id), "officer", null, [Id(id + 10_000)], households, [], Noon);

    private static RegistrationRepeated From(int id, Registration form) => new(Id(id + 10_000), Id(701), "R", Channel.Phone, true, 9, [], form, Noon.AddDays(-1)) { MergedFrom = Id(id) };

    [Fact]
    public void A_record_that_was_merged_away_is_not_planned()
    {
        var duplicate = Adult(1, Into(2));
        Assert.Equal(TravelState.Merged, duplicate.State);
        var refusal = duplicate.Hold(PlanId, new(Ship().AsDeparture(), null, "SAU"), 1, 1, Scene.Party(Family, [duplicate], new(2023, 4, 23)), Noon);
        refusal.RefusedAs("person/merged");
        Assert.Contains($"{Id(2)}", refusal.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(duplicate.LeaveBehind(PlanId, "no-seat", Noon).Events);
    }

    [Fact]
    public void A_record_that_was_merged_away_does_not_board() =>
        BoardPersonFeature.Decide(Journey.Together(Adult(1)).Telling(1, Into(2)), new(Convoy().Id, Id(1), "officer", Noon)).RefusedAs("person/merged");

    [Fact]
    public void What_it_holds_is_released_once_and_its_family_travels_on()
    {
        var scene = Journey.Together(Adult(1), Adult(2), Child(3)).Telling(1, Into(9));
        var after = scene.FreeDuplicate(Id(1), Noon);

        Assert.Empty(after.Codes(1));
        Assert.Equal(["1 merged"], after.Freed());
        Assert.Equal((3, 3), (after.Codes(2).Length, after.Codes(3).Length));
        Assert.Empty(after.Settled().FreeDuplicate(Id(1), Noon).Decided);
        Assert.Empty(Journey.Together(Adult(1)).FreeDuplicate(Id(1), Noon).Decided);
    }

    [Fact]
    public void A_child_who_would_be_alone_does_not_travel_on() =>
        Assert.Equal(["1 merged", "3 child-without-escort"], Journey.Together(Adult(1), Child(3)).Telling(1, Into(9)).FreeDuplicate(Id(1), Noon).Freed());

    [Fact]
    public void A_document_that_came_with_a_duplicate_opens_the_way_until_the_merge_is_undone()
    {
        var issued = new TravelDocumentIssued(Id(900), "SAU", [], new(2026, 6, 1), "officer", "CPU123456", "PU", Noon) { MergedFrom = Id(2) };
        var undone = new DuplicateUnmerged(Id(2), "officer", null, [], [], [], Noon);
        var merged = Adult(1).After(Duplicate(2), issued);
        Assert.Equal("SAU", merged.AsTraveller(new(2023, 4, 23)).EmergencyDocument?.Destination);
        Assert.Null(merged.After(new TravelDocumentRevoked(Id(900), "merged", Noon)).AsTraveller(new(2023, 4, 23)).EmergencyDocument);
        Assert.Null(merged.After(undone).AsTraveller(new(2023, 4, 23)).EmergencyDocument);

        var shown = new Event[] { Duplicate(2), issued }.Aggregate(Shown.Start(Id(1)), (one, e) => one.Apply(e));
        Assert.Equal((true, false), (shown.Has("CPU123456"), shown.Apply(undone).Has("CPU123456")));
        var listed = new Event[] { Duplicate(2), issued }.Aggregate(Listed.Start(Id(1)), (one, e) => one.Apply(e));
        Assert.Equal(("CPU123456", null), (listed.Document(new(2023, 4, 23)).Number, listed.Apply(undone).Document(new(2023, 4, 23)).Number));
    }

    [Fact]
    public void A_document_that_came_with_a_duplicate_ends_no_application_that_is_worked_on()
    {
        TravelDocumentApplicationOpened own = new(Id(901), "lost", Noon), brought = new(Id(900), "lost", Noon) { MergedFrom = Id(2) };
        Assert.Equal(Id(901), Application.Open([own, brought, new TravelDocumentIssued(Id(900), "SAU", [], new(2026, 6, 1), "officer", "C", "PU", Noon) { MergedFrom = Id(2) }])?.Id);
    }

    [Fact]
    public void Families_of_merged_records_travel_together()
    {
        var (one, two) = (Id(801), Id(802));
        var head = Adult(1, new HouseholdJoined(one, "head", Noon), Duplicate(11, two));
        var child = Child(2, new HouseholdJoined(two, "child", Noon));

        Assert.Single(Household.Of([head, child]));
        Assert.Equal(2, Household.Of([head.After(new DuplicateUnmerged(Id(11), "officer", null, [Id(10_011)], [two], [], Noon)), child]).Count());
    }

    [Fact]
    public void An_older_form_of_the_duplicate_does_not_move_the_person_back() =>
        Assert.Equal(15.6, Adult(1).After(Duplicate(2), From(2, new() { Position = new(19.6, 37.2) })).Places.Last(seen => seen.IsPlaced)!.Spot.Position!.Latitude);

    [Fact]
    public void The_registrations_of_the_duplicate_count_until_the_merge_is_undone()
    {
        var stays = Adult(1);
        var merged = stays.After(Duplicate(2), From(2, new() { BirthDate = new(2012), Mobility = Mobility.Wheelchair }), new FearOfReturnStated(["SAU"], "officer", Noon));

        Assert.Equal((Mobility.Wheelchair, true, Noon.AddDays(-1)), (merged.Mobility, merged.IsMinorOn(new(2023, 4, 23)), merged.RegisteredAt));
        Assert.Equal([Id(700), Id(701)], merged.Crises.Order());

        var undone = merged.After(new DuplicateUnmerged(Id(2), "officer", null, [Id(10_002)], [], [], Noon));
        Assert.Equal((stays.Mobility, stays.IsMinorOn(new(2023, 4, 23)), stays.RegisteredAt), (undone.Mobility, undone.IsMinorOn(new(2023, 4, 23)), undone.RegisteredAt));
        Assert.Equal(stays.Crises, undone.Crises);
        // Only the person takes a fear back.
        Assert.Contains("SAU", undone.Fears.Now);
        Assert.Equal(TravelState.Waiting, Adult(2, Into(1), new UnmergedFrom(Id(1), [], Noon)).State);
    }

    [Fact]
    public void What_a_health_worker_said_of_the_duplicate_bars_until_the_merge_is_undone()
    {
        var merged = Adult(1).After(Duplicate(2), new FitToTravelAssessed(false, null, "Lying down", "health-worker", Noon) { MergedFrom = Id(2) });

        Assert.Equal((DateOnly.MaxValue, true), (merged.AsTraveller(new(2023, 4, 23)).UnfitThrough, merged.TravelsOnConditions));
        Assert.Null(merged.After(new FitToTravelAssessed(true, null, null, "health-worker", Noon)).AsTraveller(new(2023, 4, 23)).UnfitThrough);
        Assert.NotNull(merged.After(new FitToTravelAssessed(true, null, null, "health-worker", Noon.AddHours(-1))).AsTraveller(new(2023, 4, 23)).UnfitThrough);
        var undone = merged.After(new DuplicateUnmerged(Id(2), "officer", null, [Id(10_002)], [], [], Noon));
        Assert.Equal((null, false), (undone.AsTraveller(new(2023, 4, 23)).UnfitThrough, undone.TravelsOnConditions));
    }
}
