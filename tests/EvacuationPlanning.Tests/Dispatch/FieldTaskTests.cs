using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

public sealed class FieldTaskTests
{
    private static readonly Guid Task = Id(1), A = Id(11), B = Id(12), Amina = Id(21), Omar = Id(22);
    private static readonly DateTimeOffset Due = Noon.AddHours(8);

    private static readonly TaskProposed Proposed = new(Id(100), FieldTask.PickUp, "WDS", Amina, [Amina, Omar], ["driver"], [], Due, Noon);

    private static Event OfferedTo(Guid team) => new TaskOffered(team, Noon.AddMinutes(30), null, Noon);

    private static Event AcceptedBy(Guid team, double hours = 1) => new TaskAccepted(team, "amal", null, Noon.AddHours(hours));

    private static Event BegunBy(Guid team, double hours = 2) => new TaskBegun(team, "amal", null, Noon.AddHours(hours));

    private static Event DoneBy(Guid team, double hours = 3) => new TaskDone("Team", Noon.AddHours(hours)) { TeamId = team };

    private static Given<FieldTask> Given(params Event[] events) => Spec.Given<FieldTask>(Task, events.Prepend(Proposed));

    private static Func<FieldTask, Decision> Says(Guid team, Said what, double hours = 2, string? reason = null, Guid? person = null, Guid? result = null) =>
        task => task.Hear(new(team, "Team", what, reason, person, "amal", result, Noon.AddHours(hours))).AsDecision();

    [Fact]
    public void A_task_is_offered_once_and_the_team_has_a_quarter_of_the_time_that_is_left_to_answer()
    {
        var choice = new Choice(A, null);
        Given().When(task => task.Offer(choice, new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4)), Noon)).Then(new TaskOffered(A, Noon.AddHours(2), null, Noon));
        Given(OfferedTo(A)).When(task => task.Offer(choice, Patience.Usual, Noon)).ThenNothing();
    }

    [Theory]
    [InlineData(-5, 5)]
    [InlineData(1, 5)]
    [InlineData(60, 15)]
    [InlineData(600, 30)]
    public void The_time_to_answer_has_limits(int minutesLeft, int minutes) => Assert.Equal(Noon.AddMinutes(minutes), Patience.Usual.AnswerBy(Noon, Noon.AddMinutes(minutesLeft)));

    [Fact]
    public void Without_a_team_it_is_put_on_the_list_once_and_again_when_the_reason_is_another_one()
    {
        Given().When(task => task.Offer(new(null, Choice.NoRoom), Patience.Usual, Noon)).Then(new TaskEscalated(Choice.NoRoom, Noon));
        var listed = Given(new TaskEscalated(Choice.NoRoom, Noon));
        listed.When(task => task.Offer(new(null, Choice.NoRoom), Patience.Usual, Noon)).ThenNothing();
        listed.When(task => task.Offer(new(null, Choice.NoSkill), Patience.Usual, Noon)).ThenOne<TaskEscalated>();
        listed.When(task => task.Offer(new(A, null), Patience.Usual, Noon)).ThenOne<TaskOffered>();
    }

    [Fact]
    public void The_team_accepts_sets_out_and_is_done_and_each_is_said_once()
    {
        Given(OfferedTo(A)).When(Says(A, Said.Accepted)).Then(AcceptedBy(A, 2));
        Given(OfferedTo(A), AcceptedBy(A)).When(Says(A, Said.Accepted)).ThenNothing();
        Given(OfferedTo(A), AcceptedBy(A)).When(Says(A, Said.UnderWay)).Then(BegunBy(A));
        Given(OfferedTo(A), AcceptedBy(A), BegunBy(A)).When(Says(A, Said.Done)).ThenOne<TaskDone>();
        Given(OfferedTo(A), AcceptedBy(A), BegunBy(A), DoneBy(A)).When(Says(A, Said.Done)).ThenNothing();
        Given(OfferedTo(A)).When(Says(A, Said.Done)).ThenOne<TaskDone>();
    }

    [Fact]
    public void A_team_that_was_never_asked_learns_nothing_of_a_task() => Given(OfferedTo(A)).When(Says(B, Said.Accepted)).ThenRefused("task/unknown");

    [Fact]
    public void What_another_team_has_meanwhile_is_not_taken_from_it()
    {
        var moved = Given(OfferedTo(A), new TaskUnanswered(A, Noon, Noon), OfferedTo(B));
        moved.When(Says(A, Said.Accepted)).ThenRefused("task/with-another-team");
        moved.When(Says(A, Said.Done)).ThenRefused("task/with-another-team");
        moved.When(Says(A, Said.Declined, reason: "too-far")).ThenNothing();
        Assert.Equal(B, moved.State.HeldBy);
        Given(OfferedTo(A), new TaskUnanswered(A, Noon, Noon), OfferedTo(B), DoneBy(B)).When(Says(A, Said.Done)).ThenRefused("task/done-by-another");
    }

    [Fact]
    public void A_late_yes_is_welcome_while_nobody_has_the_task()
    {
        var waiting = Given(OfferedTo(A), new TaskUnanswered(A, Noon, Noon), new TaskEscalated(Choice.AllAsked, Noon));
        waiting.When(Says(A, Said.Accepted)).ThenOne<TaskAccepted>();
        Assert.Equal(A, waiting.State.Apply(AcceptedBy(A)).HeldBy);
    }

    [Fact]
    public void Who_declined_failed_or_did_not_answer_is_passed_over()
    {
        foreach (var no in new Event[] { new TaskDeclined(A, "too-far", "amal", null, Noon), new TaskFailed(A, "road-closed", "amal", null, Noon), new TaskUnanswered(A, Noon, Noon) })
        {
            var state = Given(OfferedTo(A), no).State;
            Assert.Equal((TaskState.Proposed, null), (state.State, state.HeldBy));
            Assert.Contains(A, state.Passed);
        }
    }

    [Fact]
    public void A_task_that_was_accepted_is_given_back_as_failed() => Given(OfferedTo(A), AcceptedBy(A)).When(Says(A, Said.Declined, reason: "too-far")).ThenRefused("task/accepted-before");

    [Fact]
    public void A_failure_in_time_lets_another_team_be_asked_and_one_after_the_deadline_is_for_the_coordinator()
    {
        Given(OfferedTo(A), AcceptedBy(A)).When(Says(A, Said.Failed, 7, "road-closed")).ThenOne<TaskFailed>();
        // Given up, and then begun after all: the later word stands.
        Given(OfferedTo(A), AcceptedBy(A), BegunBy(A, 5)).When(Says(A, Said.Failed, 4, "road-closed")).ThenRefused("task/later-report");
        var late = Given(OfferedTo(A), AcceptedBy(A)).When(Says(A, Said.Failed, 8, "road-closed")).ThenAll();
        Assert.Equal([typeof(TaskFailed), typeof(TaskEscalated)], late.Select(e => e.GetType()));
        var state = Given([OfferedTo(A), AcceptedBy(A), .. late]).State;
        Assert.Empty(state.Offer(new(B, null), Patience.Usual, Noon).Events);
        Assert.Single(state.Assign(B, Patience.Usual, "coordinator", Noon).Events.OfType<TaskOffered>());
    }

    [Fact]
    public void No_answer_counts_from_the_deadline_on_and_only_while_it_is_offered()
    {
        Given(OfferedTo(A)).When(task => task.NoAnswer(Noon.AddMinutes(29))).ThenNothing();
        Given(OfferedTo(A)).When(task => task.NoAnswer(Noon.AddMinutes(30))).ThenOne<TaskUnanswered>();
        Given(OfferedTo(A), AcceptedBy(A)).When(task => task.NoAnswer(Noon.AddMinutes(31))).ThenNothing();
    }

    [Fact]
    public void What_is_not_done_in_time_is_late_once()
    {
        Given(OfferedTo(A), AcceptedBy(A)).When(task => task.IsLate(Due.AddSeconds(-1))).ThenNothing();
        Given(OfferedTo(A), AcceptedBy(A)).When(task => task.IsLate(Due)).Then(new TaskOverdue(A, Due, Due));
        Given(OfferedTo(A), AcceptedBy(A), new TaskOverdue(A, Due, Due)).When(task => task.IsLate(Due)).ThenNothing();
        Given(OfferedTo(A), DoneBy(A)).When(task => task.IsLate(Due)).ThenNothing();
    }

    [Fact]
    public void A_coordinator_takes_it_from_one_team_and_gives_it_to_another()
    {
        var moved = Given(OfferedTo(A), AcceptedBy(A)).When(task => task.Assign(B, Patience.Usual, "coordinator", Noon)).ThenAll();
        Assert.Equal([new TaskWithdrawn(A, "re-assigned", "coordinator", Noon), new TaskOffered(B, Noon.AddMinutes(30), "coordinator", Noon)], moved);
        Given(OfferedTo(A)).When(task => task.Assign(A, Patience.Usual, "coordinator", Noon)).ThenNothing();
        Given(DoneBy(A)).When(task => task.Assign(B, Patience.Usual, "coordinator", Noon)).ThenRefused("task/done");
        Spec.Given<FieldTask>(Task).When(task => task.Assign(B, Patience.Usual, "coordinator", Noon)).ThenRefused("task/unknown");
    }

    [Fact]
    public void Steps_told_after_the_end_are_noted_with_their_own_times_and_change_nothing()
    {
        var done = Given(OfferedTo(A), DoneBy(A));
        var noted = done.When(Says(A, Said.UnderWay, 2)).ThenOne<TaskBegun>();
        Assert.Equal(Noon.AddHours(2), noted.At);
        Assert.Equal(TaskState.Done, done.State.Apply(noted).State);
        done.When(Says(A, Said.Failed, 2, "not-safe")).ThenRefused("task/later-report");
    }

    [Fact]
    public void In_whatever_order_and_however_often_a_team_reports_each_step_counts_once() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), order =>
        {
            var reports = new[] { Said.Accepted, Said.UnderWay, Said.Done }.Select((what, i) => new Report(A, "Team", what, null, null, "amal", Id(70 + i), Noon.AddHours(i))).ToArray();
            var (task, events) = (Given(OfferedTo(A)).State, new List<Event>());
            // Drawn in any order and many times over, and at the end each of them for certain.
            foreach (var report in order.Select(draw => reports[draw % 3]).Concat(reports.Reverse()).Concat(reports))
            {
                var verdict = task.Hear(report);
                Assert.Null(verdict.Conflict);
                events.AddRange(verdict.Events);
                task = verdict.Events.Aggregate(task, (next, e) => next.Apply(e));
            }
            Assert.Equal(TaskState.Done, task.State);
            Assert.Equal((1, 1, 1), (events.OfType<TaskAccepted>().Count(), events.OfType<TaskBegun>().Count(), events.OfType<TaskDone>().Count()));
            Assert.Equal(Noon, events.OfType<TaskAccepted>().Single().At);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_what_is_said_about_a_person_the_latest_by_its_own_time_stands()
    {
        var given = Given(OfferedTo(A), AcceptedBy(A), new TaskPersonNotFound(Amina, A, "amal", null, Noon.AddHours(2)));
        given.When(Says(A, Said.PersonPickedUp, 3, person: Amina)).ThenOne<TaskPersonPickedUp>();
        given.When(Says(A, Said.PersonPickedUp, 1, person: Amina)).ThenRefused("task/later-report");
        given.When(Says(A, Said.PersonNotFound, 3, person: Amina)).ThenNothing();
        given.When(Says(A, Said.PersonPickedUp, 3, person: Id(99))).ThenRefused("task/not-on-it");
        given.When(Says(B, Said.PersonPickedUp, 3, person: Amina)).ThenRefused("task/unknown");
    }

    [Fact]
    public void A_result_that_was_taken_in_is_known() =>
        Given(OfferedTo(A), new TaskAccepted(A, "amal", Id(7), Noon), new TaskDeclined(A, "too-far", "amal", Id(8), Noon)).When(Says(A, Said.Accepted, result: Id(7))).ThenNothing();

    [Fact]
    public void Whatever_is_said_by_whomever_at_most_one_team_has_the_task_and_it_is_done_once() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Who, byte What, byte Hour)[]>(), told =>
        {
            var (task, done) = (Given().State, 0);
            foreach (var (who, what, hour) in told)
            {
                var team = who % 2 == 0 ? A : B;
                var now = Noon.AddHours(hour % 10);
                var decision = (what % 10) switch
                {
                    0 => task.Offer(new(team, null), Patience.Usual, now),
                    1 => task.NoAnswer(now),
                    2 => task.Assign(team, Patience.Usual, "coordinator", now),
                    3 => task.Withdraw("stood-down", "coordinator", now),
                    var other => task.Hear(new(team, "Team", (Said)(other - 4), "other", Amina, "amal", null, now)).AsDecision(),
                };
                var before = task;
                task = decision.Events.Aggregate(task, (next, e) => next.Apply(e));
                done += decision.Events.OfType<TaskDone>().Count();
                // Between two teams it is always taken from the one before it is offered to the other.
                Assert.True(before.HeldBy is null || task.HeldBy is null || before.HeldBy == task.HeldBy || decision.Events.OfType<TaskWithdrawn>().Any());
                Assert.True(task.HeldBy is null || task.Asked.Contains(task.HeldBy.Value));
                Assert.Equal(task.State is TaskState.Offered or TaskState.Accepted or TaskState.UnderWay, task.HeldBy is not null);
                if (before.State is TaskState.Done) Assert.Equal(TaskState.Done, task.State);
            }
            Assert.True(done <= 1);
        }).QuickCheckThrowOnFailure();
}
