using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>Proposed and unassigned tasks wait for a team; offered, accepted and under way are with one.</summary>
internal enum TaskState { Unknown, Proposed, Unassigned, Offered, Accepted, UnderWay, Done, CalledOff }

/// <summary>What became of somebody on a task, as the team says.</summary>
internal sealed record Met(bool Found, DateTimeOffset At);

/// <summary>
/// What a field team is sent to do. It alone says which team has it, so two teams can never both have it.
/// </summary>
internal sealed record FieldTask(Guid Id) : IFold<FieldTask>
{
    public const string GateDuty = "gate-duty", MedicalTransfer = "medical-transfer", PickUp = "pick-up", Escort = "escort", DocumentHandover = "document-handover";

    public TaskState State { get; private init; }

    public Guid TransportId { get; private init; }
    public string Kind { get; private init; } = "";
    public string AssemblyPoint { get; private init; } = "";
    public Guid? FetchedFrom { get; private init; }
    public ImmutableArray<Guid> People { get; private init; } = [];
    public int Count { get; private init; }
    public ImmutableArray<string> Skills { get; private init; } = [];
    public ImmutableArray<string> Languages { get; private init; } = [];
    public DateTimeOffset DueAt { get; private init; }

    /// <summary>The team that has it, or has done it.</summary>
    public Guid? TeamId { get; private init; }

    public DateTimeOffset AnswerBy { get; private init; }
    public bool Overdue { get; private init; }
    public TaskDone? Done { get; private init; }

    /// <summary>Every team that was ever asked: they may know of it.</summary>
    public ImmutableHashSet<Guid> Asked { get; private init; } = [];

    /// <summary>Teams that will not be asked again by themselves: they declined, did not answer or failed.</summary>
    public ImmutableHashSet<Guid> Passed { get; private init; } = [];

    /// <summary>Why it waits for a coordinator, or was called off.</summary>
    public string? Why { get; private init; }

    public ImmutableDictionary<Guid, Met> Met { get; private init; } = ImmutableDictionary<Guid, Met>.Empty;

    private ImmutableHashSet<Guid> Everybody { get; init; } = [];
    // What stood against it, where something did.
    private ImmutableDictionary<Guid, string?> Results { get; init; } = ImmutableDictionary<Guid, string?>.Empty;

    // When the team that has it said that it accepts, and that it sets out.
    private DateTimeOffset? AcceptedAt { get; init; }
    private DateTimeOffset? BegunAt { get; init; }

    /// <summary>The team whose room it takes.</summary>
    public Guid? HeldBy => State is TaskState.Offered or TaskState.Accepted or TaskState.UnderWay ? TeamId : null;

    public bool IsOpen => State is TaskState.Proposed or TaskState.Unassigned || HeldBy is not null;

    /// <summary>Whether the team drives the people, so that they must have room in its vehicles.</summary>
    public bool Carries => Kind is PickUp or MedicalTransfer;

    public bool Knows(Guid result) => Results.ContainsKey(result);

    public IEnumerable<Deadline> Due => State switch
    {
        TaskState.Offered => [new(AnswerTaskFeature.Unanswered, TeamId!.Value, AnswerBy)],
        TaskState.Accepted or TaskState.UnderWay when !Overdue => [new(AnswerTaskFeature.Late, TeamId!.Value, DueAt)],
        _ => [],
    };

    /// <summary>Offers it to the team that was found, or puts it on the coordinator's list.</summary>
    public Decision Offer(Choice choice, Patience patience, DateTimeOffset at) => this switch
    {
        { State: not (TaskState.Proposed or TaskState.Unassigned) } => Decision.Nothing,
        { State: TaskState.Unassigned, Why: Choice.TooLate } => Decision.Nothing,
        _ when choice.Team is { } team => new TaskOffered(team, patience.AnswerBy(at, DueAt), null, at),
        { State: TaskState.Unassigned } when Why == choice.Why => Decision.Nothing,
        _ => new TaskEscalated(choice.Why!, at),
    };

    /// <summary>By a coordinator's hand, whoever has it now.</summary>
    public Decision Assign(Guid team, Patience patience, string officer, DateTimeOffset at) => this switch
    {
        { State: TaskState.Unknown } => Unknown,
        { IsOpen: false } => Refusal.Conflict($"task/{(State is TaskState.Done ? "done" : "called-off")}", "This task is not open any more. Nothing needs to be done."),
        _ when HeldBy == team => Decision.Nothing,
        _ => Decision.Of([.. Withdraw("re-assigned", officer, at).Events, new TaskOffered(team, patience.AnswerBy(at, DueAt), officer, at)]),
    };

    public Decision Withdraw(string why, string? officer, DateTimeOffset at) => HeldBy is { } team ? new TaskWithdrawn(team, why, officer, at) : Decision.Nothing;

    public Decision NoAnswer(DateTimeOffset now) =>
        State is TaskState.Offered && AnswerBy <= now ? new TaskUnanswered(TeamId!.Value, AnswerBy, now) : Decision.Nothing;

    public Decision IsLate(DateTimeOffset now) =>
        State is TaskState.Accepted or TaskState.UnderWay && !Overdue && DueAt <= now ? new TaskOverdue(TeamId!.Value, DueAt, now) : Decision.Nothing;

    /// <summary>What a team's word changes, by its own time.</summary>
    public Verdict Hear(Report report) => this switch
    {
        { State: TaskState.Unknown } => Verdict.Against(Verdict.UnknownTask),
        _ when report.ResultId is { } result && Results.TryGetValue(result, out var why) => why is null ? Verdict.Known : Verdict.Against(why),
        _ when !Asked.Contains(report.TeamId) => Verdict.Against(Verdict.NotAsked),
        _ when report.What is Said.PersonPickedUp or Said.PersonNotFound => HearOfPerson(report),
        _ when TeamId == report.TeamId && State is TaskState.Done => HearAfterDone(report),
        _ when HeldBy == report.TeamId => HearFromHolder(report),
        // Whoever declines what is not theirs any more wants nothing else than what is so already.
        _ when report.What is Said.Declined => Verdict.Known,
        _ when HeldBy is not null => Verdict.Against(Verdict.WithAnotherTeam),
        { State: TaskState.Done } => Verdict.Against(Verdict.DoneByAnother),
        { State: TaskState.CalledOff } => Verdict.Against(Verdict.CalledOff),
        // Nobody has it: a late word of a team that was asked is welcome.
        _ => report.What is Said.Failed ? Verdict.Known : Verdict.Of(Step(report)),
    };

    public static FieldTask Start(Guid id) => new(id);

    public FieldTask Apply(Event @event) => @event switch
    {
        TaskDispatched e => this with { State = TaskState.Proposed, TransportId = e.TransportId, Kind = e.Kind, AssemblyPoint = e.AssemblyPoint, Count = e.People, DueAt = e.DueAt },
        TaskProposed e => With(e.AssemblyPoint, e.FetchedFrom, e.People, e.Skills, e.Languages, e.DueAt) with
        {
            State = TaskState.Proposed,
            TransportId = e.TransportId,
            Kind = e.Kind,
            Why = null,
            Done = null,
            TeamId = null,
            Passed = [],
        },
        TaskRevised e => With(e.AssemblyPoint, e.FetchedFrom, e.People, e.Skills, e.Languages, e.DueAt) with
        {
            State = State is TaskState.Unassigned ? TaskState.Proposed : State,
            Overdue = Overdue && e.DueAt <= DueAt,
        },
        TaskOffered e => Tenure(e.TeamId) with { State = TaskState.Offered, AnswerBy = e.AnswerBy, Asked = Asked.Add(e.TeamId), Passed = Passed.Remove(e.TeamId), Why = null },
        TaskAccepted e => Heard(e.ResultId).Steps(e.TeamId, TaskState.Accepted, accepted: e.At),
        TaskBegun e => Heard(e.ResultId).Steps(e.TeamId, TaskState.UnderWay, begun: e.At),
        TaskDone e => Heard(e.ResultId) with { State = TaskState.Done, TeamId = e.TeamId ?? TeamId, Done = e, Why = null },
        TaskDeclined e => Heard(e.ResultId).Free(e.TeamId),
        TaskFailed e => Heard(e.ResultId).Free(e.TeamId),
        TaskUnanswered e => Free(e.TeamId),
        // Taken by hand is no word of the team's: it may be asked again.
        TaskWithdrawn e => Free(e.TeamId) with { Passed = Passed },
        TaskEscalated e => this with { State = TaskState.Unassigned, Why = e.Why },
        TaskOverdue => this with { Overdue = true },
        TaskCalledOff e => this with { State = TaskState.CalledOff, Why = e.Why },
        TaskPersonPickedUp e => Heard(e.ResultId) with { Met = Met.SetItem(e.PersonId, new(true, e.At)) },
        TaskPersonNotFound e => Heard(e.ResultId) with { Met = Met.SetItem(e.PersonId, new(false, e.At)) },
        TaskReportInConflict e => Heard(e.ResultId, e.Why),
        _ => this,
    };

    internal static Refusal Unknown => Refusal.NotFound("task/unknown", "There is no such task. Look it up in the list of tasks.");

    private Verdict HearOfPerson(Report report)
    {
        if (TeamId != report.TeamId || !(HeldBy is not null || State is TaskState.Done))
            return Verdict.Against(HeldBy is not null ? Verdict.WithAnotherTeam : State is TaskState.CalledOff ? Verdict.CalledOff : State is TaskState.Done ? Verdict.DoneByAnother : Verdict.NotAsked);
        if (report.PersonId is not { } person || !Everybody.Contains(person)) return Verdict.Against(Verdict.NotOnIt);
        var found = report.What is Said.PersonPickedUp;
        if (Met.GetValueOrDefault(person) is { } before)
        {
            if (before.Found == found) return Verdict.Known;
            if (before.At >= report.At) return Verdict.Against(Verdict.LaterReport);
        }
        return Verdict.Of(found
            ? new TaskPersonPickedUp(person, report.TeamId, report.Officer, report.ResultId, report.At)
            : new TaskPersonNotFound(person, report.TeamId, report.Officer, report.ResultId, report.At));
    }

    // Steps that were taken down before and arrive after the end are noted with their own times.
    private Verdict HearAfterDone(Report report) => report.What switch
    {
        Said.Done => Verdict.Known,
        Said.Accepted when AcceptedAt is not null => Verdict.Known,
        Said.UnderWay when BegunAt is not null => Verdict.Known,
        Said.Accepted or Said.UnderWay when report.At <= Done!.At => Verdict.Of(Step(report)),
        _ => Verdict.Against(Verdict.LaterReport),
    };

    private Verdict HearFromHolder(Report report) => report.What switch
    {
        Said.Accepted when AcceptedAt is not null => Verdict.Known,
        Said.UnderWay when BegunAt is not null => Verdict.Known,
        Said.Declined when State is not TaskState.Offered => Verdict.Against(Verdict.AcceptedBefore),
        Said.Failed when (BegunAt ?? AcceptedAt) > report.At => Verdict.Against(Verdict.LaterReport),
        Said.Declined => Verdict.Of(new TaskDeclined(report.TeamId, report.Reason!, report.Officer, report.ResultId, report.At)),
        // With no time left nobody else is sent by itself.
        Said.Failed when report.At >= DueAt => Verdict.Of(Failed(report), new TaskEscalated(Choice.TooLate, report.At)),
        Said.Failed => Verdict.Of(Failed(report)),
        _ => Verdict.Of(Step(report)),
    };

    private static TaskFailed Failed(Report report) => new(report.TeamId, report.Reason!, report.Officer, report.ResultId, report.At);

    private static Event Step(Report report) => report.What switch
    {
        Said.Accepted => new TaskAccepted(report.TeamId, report.Officer, report.ResultId, report.At),
        Said.UnderWay => new TaskBegun(report.TeamId, report.Officer, report.ResultId, report.At),
        _ => new TaskDone(report.TeamName, report.At) { TeamId = report.TeamId, Officer = report.Officer, ResultId = report.ResultId },
    };

    private FieldTask With(string point, Guid? fetchedFrom, IReadOnlyList<Guid> people, IReadOnlyList<string> skills, IReadOnlyList<string> languages, DateTimeOffset dueAt) => this with
    {
        AssemblyPoint = point,
        FetchedFrom = fetchedFrom,
        People = [.. people],
        Count = people.Count,
        Everybody = Everybody.Union(people),
        Skills = [.. skills],
        Languages = [.. languages],
        DueAt = dueAt,
    };

    private FieldTask Heard(Guid? result, string? why = null) => result is { } id ? this with { Results = Results.SetItem(id, why) } : this;

    private FieldTask Tenure(Guid team) => this with { TeamId = team, AcceptedAt = null, BegunAt = null };

    // A step never takes the task back: what is told late only fills in when it was.
    private FieldTask Steps(Guid team, TaskState state, DateTimeOffset? accepted = null, DateTimeOffset? begun = null)
    {
        var self = TeamId == team ? this : Tenure(team);
        return self with
        {
            State = self.State is TaskState.Done || (HeldBy == team && State > state) ? State : state,
            AcceptedAt = self.AcceptedAt ?? accepted,
            BegunAt = self.BegunAt ?? begun,
            Why = null,
        };
    }

    private FieldTask Free(Guid team) => TeamId != team ? this with { Passed = Passed.Add(team) }
        : Tenure(team) with { State = HeldBy == team ? TaskState.Proposed : State, TeamId = null, Passed = Passed.Add(team) };
}
