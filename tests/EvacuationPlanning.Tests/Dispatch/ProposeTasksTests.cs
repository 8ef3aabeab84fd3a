using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Testing;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

public sealed class ProposeTasksTests
{
    private static readonly Position Point = new(15.6, 32.5), FarAway = new(16.6, 32.5);
    private static readonly Registration Grown = new() { BirthDate = new(1985), Nationality = "IND", Position = Point };

    private static Charge Person(int id, Registration form, params Event[] then) => Charge.Start(Id(id)).After(
        [new PersonRegistered(Id(id + 10_000), Crisis, $"R{id}", Channel.Self, true, form, Noon), .. then]);

    private static readonly HashSet<Guid> NobodyThere = [];

    /// <summary>All on the convoy, each group by its number.</summary>
    private static (string Kind, string People, string Skills)[] Tasks(params (int Group, Charge Person)[] aboard) =>
        [.. Wanted(aboard).Where(task => task.Kind != FieldTask.GateDuty).Select(task => (task.Kind, string.Join(' ', task.People.Select(Number)), string.Join(' ', task.Skills)))];

    private static IReadOnlyList<Wanted> Wanted(params (int Group, Charge Person)[] aboard) => ProposeTasks.For(On(aboard), Seated(aboard), Point);

    private static Transport On(params (int Group, Charge Person)[] aboard) =>
        Convoy(99, 9, 9).After(aboard.Select(one => new SpaceTaken(one.Person.Id, Id(one.Group), one.Person.Passenger.Mobility, false, Noon)));

    private static Dictionary<Guid, Charge> Seated(params (int Group, Charge Person)[] aboard) => aboard.ToDictionary(
        one => one.Person.Id, one => one.Person.After(new SeatHeld(PlanId, Convoy().Id, "Capital-Port", Mobility.None, 1, 1, null, Noon, Noon)));

    private static int Number(Guid id) => BitConverter.ToInt32(id.ToByteArray());

    [Fact]
    public void Everybody_aboard_is_met_at_the_gate_two_hours_before_departure()
    {
        var gate = Assert.Single(Wanted((801, Person(1, Grown)), (802, Person(2, Grown))));
        Assert.Equal((FieldTask.GateDuty, 2, Convoy().Schedule!.DepartsAt.AddHours(-2), "Capital"), (gate.Kind, gate.People.Length, gate.DueAt, gate.AssemblyPoint));
    }

    [Fact]
    public void Who_is_beyond_reach_is_fetched_and_the_family_that_is_near_comes_by_itself() =>
        Assert.Equal([(FieldTask.PickUp, "2 3", "driver")], Tasks((801, Person(1, Grown)), (801, Person(2, Grown with { Position = FarAway })), (801, Person(3, Grown with { Position = FarAway }))));

    [Fact]
    public void Where_they_said_last_to_be_counts()
    {
        var moved = new CheckedIn(Id(5), "safe", "self", null, FarAway, Noon.AddHours(1));
        Assert.Equal([(FieldTask.PickUp, "1", "driver")], Tasks((801, Person(1, Grown, moved))));
        Assert.Empty(Tasks((801, Person(1, Grown with { Position = FarAway }, moved with { Position = Point }))));
        Assert.Equal([(FieldTask.PickUp, "1", "driver")], Tasks((801, Person(1, Grown with { Position = FarAway }, moved with { Position = Point, At = Noon.AddHours(-1) }))));
    }

    [Fact]
    public void People_at_two_places_are_two_ways_and_each_says_at_whose_position()
    {
        var tasks = Wanted((801, Person(1, Grown with { Position = FarAway })), (801, Person(2, Grown with { Position = new(17.6, 32.5) })));
        Assert.Equal([Id(1), Id(2)], tasks.Where(task => task.Kind == FieldTask.PickUp).Select(task => task.FetchedFrom!.Value));
        Assert.Equal(3, tasks.Select(task => task.Id).Distinct().Count());
    }

    [Fact]
    public void A_family_in_which_nobody_can_bring_the_others_is_fetched_together() =>
        Assert.Equal([(FieldTask.PickUp, "1 2", "driver medical wheelchair-vehicle")], Tasks(
            (801, Person(1, Grown with { SpecificNeeds = ["ER", "SM"] })), (801, Person(2, Grown with { Mobility = Mobility.Wheelchair }))));

    [Fact]
    public void Wheelchairs_and_stretchers_are_brought_to_the_point_by_family() =>
        Assert.Equal([(FieldTask.MedicalTransfer, "2", "wheelchair-vehicle"), (FieldTask.MedicalTransfer, "3", "medical wheelchair-vehicle")], Tasks(
            (801, Person(1, Grown)), (801, Person(2, Grown with { Mobility = Mobility.Wheelchair })), (802, Person(3, Grown with { Mobility = Mobility.Stretcher }))));

    [Fact]
    public void A_child_alone_is_brought_together_with_the_escort_by_somebody_trained_for_it() =>
        Assert.Equal([(FieldTask.Escort, "1 2", "child-protection")], Tasks(
            (801, Person(1, Grown)), (801, Person(2, Grown with { BirthDate = new(2013), SpecificNeeds = ["SC"] }, MayGoWith(1)))));

    [Fact]
    public void An_emergency_document_is_handed_over_before_the_gate_opens_until_it_is_revoked()
    {
        var issued = new TravelDocumentIssued(Id(1), "IND", [], new(2023, 12, 1), "officer", "N", "M", Noon);
        var task = Wanted((801, Person(1, Grown, issued)), (802, Person(2, Grown))).Single(one => one.Kind == FieldTask.DocumentHandover);
        Assert.Equal((Id(1), Convoy().Schedule!.DepartsAt.AddHours(-3)), (Assert.Single(task.People), task.DueAt));
        Assert.Empty(Tasks((801, Person(1, Grown, issued, new TravelDocumentRevoked(Id(1), "found", Noon)))));
    }

    [Fact]
    public void Who_changes_here_is_in_somebodys_care_already()
    {
        var ill = Person(1, Grown with { Mobility = Mobility.Stretcher, Position = FarAway },
            new SeatHeld(PlanId, Id(99), "First", Mobility.Stretcher, 1, 2, null, Noon, Noon), new SeatHeld(PlanId, Convoy().Id, "Capital-Port", Mobility.Stretcher, 2, 2, null, Noon, Noon));
        var tasks = ProposeTasks.For(On((801, ill)), new Dictionary<Guid, Charge> { [ill.Id] = ill }, Point);
        Assert.Equal([FieldTask.GateDuty], tasks.Select(task => task.Kind));
    }

    [Fact]
    public void Nothing_is_needed_for_a_transport_that_has_left_or_does_not_run()
    {
        foreach (var end in new Event[] { new TransportDeparted("o", Noon), new TransportCancelled("storm", "o", Noon) })
            Assert.Empty(ProposeTasks.For(On((801, Person(1, Grown))).After(end), Seated((801, Person(1, Grown))), Point));
    }

    [Fact]
    public void A_delay_moves_the_deadline()
    {
        var departs = Convoy().Schedule!.DepartsAt.AddHours(7);
        var delayed = On((801, Person(1, Grown))).After(new TransportRescheduled(departs, departs.AddHours(8), "storm", "o", Noon));
        Assert.Equal(departs.AddHours(-2), Assert.Single(ProposeTasks.For(delayed, Seated((801, Person(1, Grown))), Point)).DueAt);
    }

    [Fact]
    public void A_task_follows_the_manifest_until_nobody_is_left()
    {
        var (one, two) = (Wanted((801, Person(1, Grown)))[0], Wanted((801, Person(1, Grown)), (802, Person(2, Grown)))[0]);
        Assert.Equal(one.Id, two.Id);
        var task = FieldTask.Start(one.Id);
        var proposed = task.After(task.Follow(Convoy().Id, one, null, "nobody-left", Noon).Events);
        Assert.Empty(proposed.Follow(Convoy().Id, one, null, "nobody-left", Noon).Events);
        var revised = proposed.After(proposed.Follow(Convoy().Id, two, null, "nobody-left", Noon).Events);
        Assert.Equal(2, revised.Count);
        var delayed = Assert.IsType<TaskRevised>(Assert.Single(revised.Follow(Convoy().Id, two with { DueAt = two.DueAt.AddHours(5) }, null, "nobody-left", Noon).Events));
        Assert.Equal(two.DueAt.AddHours(5), delayed.DueAt);
        var off = revised.After(revised.Follow(Convoy().Id, null, null, "nobody-left", Noon).Events);
        Assert.Equal(TaskState.CalledOff, off.State);
        Assert.Empty(off.Follow(Convoy().Id, null, null, "nobody-left", Noon).Events);
        Assert.IsType<TaskProposed>(Assert.Single(off.Follow(Convoy().Id, one, null, "nobody-left", Noon).Events));
    }

    [Fact]
    public void A_team_that_has_set_out_is_not_called_back_because_the_transport_left()
    {
        var wanted = Wanted((801, Person(1, Grown)))[0];
        var task = FieldTask.Start(wanted.Id);
        var offered = task.After([.. task.Follow(Convoy().Id, wanted, null, "", Noon).Events, new TaskOffered(Id(11), Noon, null, Noon)]);
        Assert.Empty(offered.After(new TaskAccepted(Id(11), "a", null, Noon)).Follow(Convoy().Id, null, null, "departed", Noon).Events);
        Assert.IsType<TaskCalledOff>(Assert.Single(offered.Follow(Convoy().Id, null, null, "departed", Noon).Events));
    }

    [Fact]
    public void Who_was_brought_is_not_brought_again_when_the_family_is_grouped_anew_but_who_comes_later_is()
    {
        var (ill, other) = (Person(1, Grown with { Mobility = Mobility.Stretcher }), Person(2, Grown with { Mobility = Mobility.Wheelchair }));
        var first = Wanted((801, ill)).Single(task => task.Kind == FieldTask.MedicalTransfer);
        var task = FieldTask.Start(first.Id);
        var done = task.After([.. task.Follow(Convoy().Id, first, null, "", Noon).Events, new TaskDone("Team", Noon) { TeamId = Id(11) }]);
        Assert.DoesNotContain(ProposeTasks.Unserved(Wanted((805, ill)), [done], NobodyThere), one => one.Kind == FieldTask.MedicalTransfer);
        var later = ProposeTasks.Unserved(Wanted((801, ill), (801, other)), [done], NobodyThere).Single(one => one.Kind == FieldTask.MedicalTransfer);
        Assert.Equal([Id(2)], later.People);
        Assert.IsType<TaskProposed>(Assert.Single(done.Follow(Convoy().Id, later, null, "", Noon).Events));
        Assert.Empty(done.Follow(Convoy().Id, null, null, "", Noon).Events);
    }

    [Fact]
    public void What_happened_to_somebody_is_nobodys_business_on_the_road() =>
        Assert.Equal(["SM"], Person(1, Grown with { SpecificNeeds = ["SV", "TR", "LP", "SM"] }).Needs);

    [Fact]
    public void A_team_without_the_skills_or_seats_that_a_task_now_needs_lets_go_of_it_unless_it_has_set_out()
    {
        var (walking, ill) = (Person(1, Grown with { Position = FarAway }), Person(1, Grown with { Position = FarAway, Mobility = Mobility.Wheelchair }));
        var (before, after) = (Wanted((801, walking)).Single(one => one.Kind == FieldTask.PickUp), Wanted((801, ill)).Single(one => one.Kind == FieldTask.PickUp));
        var team = ChooseTeamTests.Team(11);
        var offered = FieldTask.Start(before.Id).After([.. FieldTask.Start(before.Id).Follow(Convoy().Id, before, null, "", Noon).Events, new TaskOffered(team.Id, Noon, null, Noon)]);

        var decided = offered.Follow(Convoy().Id, after, team, "", Noon).Events;
        Assert.Equal([typeof(TaskWithdrawn), typeof(TaskRevised)], decided.Select(e => e.GetType()));
        Assert.Null(offered.After(decided).HeldBy);
        Assert.IsType<TaskRevised>(Assert.Single(offered.After(new TaskBegun(team.Id, "amal", null, Noon)).Follow(Convoy().Id, after, team, "", Noon).Events));
        Assert.IsType<TaskRevised>(Assert.Single(offered.Follow(Convoy().Id, before with { DueAt = Noon }, team, "", Noon).Events));
    }

    [Fact]
    public void Who_came_to_the_gate_is_fetched_no_more_unless_a_team_has_accepted_and_may_have_brought_them()
    {
        var wanted = Wanted((801, Person(1, Grown with { Position = FarAway })), (801, Person(2, Grown with { Position = FarAway })));
        var pickUp = wanted.Single(one => one.Kind == FieldTask.PickUp);
        var offered = FieldTask.Start(pickUp.Id).After([.. FieldTask.Start(pickUp.Id).Follow(Convoy().Id, pickUp, null, "", Noon).Events, new TaskOffered(Id(11), Noon, null, Noon)]);
        int[] Left(FieldTask task, params int[] atGate) => [.. ProposeTasks.Unserved(wanted, [task], atGate.Select(Id).ToHashSet()).Where(one => one.Kind == FieldTask.PickUp).SelectMany(one => one.People).Select(Number)];

        Assert.Equal([2], Left(offered, 1));
        Assert.Empty(Left(offered, 1, 2));
        Assert.Equal([1, 2], Left(offered.After(new TaskAccepted(Id(11), "a", null, Noon)), 1, 2));
    }

    [Fact]
    public void Nothing_is_known_of_an_erased_person() => Assert.Null(Person(1, Grown, new PersonErased("o", "wish", Noon)).Position);
}
