using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>A task that is not the team's any more, and why.</summary>
internal sealed record Notice(Guid TaskId, string Why, DateTimeOffset At);

/// <summary>A field team. It alone says which tasks it has, so it is here that more than it can take is refused.</summary>
internal sealed record Team(Guid Id) : IFold<Team>
{
    public static readonly string[] AllSkills = ["driver", "wheelchair-vehicle", "medical", "child-protection"];

    private const int NoticesKept = 20;

    public string? Name { get; private init; }
    public string? AssemblyPoint { get; private init; }
    public Position Base { get; private init; } = new(0, 0);
    public int PeoplePerTrip { get; private init; }
    public int TasksAtOnce { get; private init; }
    public ImmutableArray<string> Skills { get; private init; } = [];
    public ImmutableArray<string> Languages { get; private init; } = [];
    public ImmutableArray<string> Members { get; private init; } = [];
    public string? Channel { get; private init; }
    public bool StoodDown { get; private init; }

    /// <summary>In the order in which they came.</summary>
    public ImmutableList<Guid> Tasks { get; private init; } = [];

    /// <summary>What was taken from it by others, newest last: it must be told.</summary>
    public ImmutableList<Notice> Notices { get; private init; } = [];

    /// <summary>Results about tasks that there are not.</summary>
    public ImmutableHashSet<Guid> Results { get; private init; } = [];

    public bool IsKnown => Name is not null;

    public bool HasRoom => Tasks.Count < TasksAtOnce;

    public bool Can(FieldTask task) => task.Skills.All(skill => Skills.Contains(skill));

    public bool Carries(FieldTask task) => !task.Carries || task.Count <= PeoplePerTrip;

    public Decision Form(TeamFormed told) => IsKnown ? Decision.Nothing : told;

    public Decision Change(TeamChanged told) => this switch
    {
        { IsKnown: false } => Unknown,
        { StoodDown: true } => Down,
        _ when Same(told) => Decision.Nothing,
        _ => told,
    };

    public Decision StandDown(string officer, DateTimeOffset at) => this switch
    {
        { IsKnown: false } => Unknown,
        { StoodDown: true } => Decision.Nothing,
        _ => new TeamStoodDown(officer, at),
    };

    public Decision Return(string officer, DateTimeOffset at) => this switch
    {
        { IsKnown: false } => Unknown,
        { StoodDown: true } => new TeamReturned(officer, at),
        _ => Decision.Nothing,
    };

    public Decision Take(FieldTask task, DateTimeOffset at) => this switch
    {
        { IsKnown: false } => Unknown,
        { StoodDown: true } => Down,
        _ when Tasks.Contains(task.Id) => Decision.Nothing,
        _ when !Can(task) => Refusal.Conflict("team/lacks-skill", $"This task needs {string.Join(" and ", task.Skills.Except(Skills))}, which the team does not have. Choose another team, or change the team if it has it now."),
        { HasRoom: false } => Refusal.Conflict("team/full", $"The team has {Tasks.Count} tasks and takes {TasksAtOnce} at once. Choose another team, or take one of its tasks away first."),
        _ => new TeamTasked(task.Id, at),
    };

    public Decision Relieve(Guid task, string why, DateTimeOffset at) => Tasks.Contains(task) ? new TeamRelieved(task, why, at) : Decision.Nothing;

    public static Team Start(Guid id) => new(id);

    public Team Apply(Event @event) => @event switch
    {
        TeamFormed e => With(e.Name, e.AssemblyPoint, e.Base, e.PeoplePerTrip, e.TasksAtOnce, e.Skills, e.Languages, e.Members, e.Channel),
        TeamChanged e => With(e.Name, e.AssemblyPoint, e.Base, e.PeoplePerTrip, e.TasksAtOnce, e.Skills, e.Languages, e.Members, e.Channel),
        TeamStoodDown => this with { StoodDown = true },
        TeamReturned => this with { StoodDown = false },
        TeamTasked e => this with { Tasks = Tasks.Add(e.TaskId), Notices = Notices.RemoveAll(notice => notice.TaskId == e.TaskId) },
        TeamRelieved e => this with
        {
            Tasks = Tasks.Remove(e.TaskId),
            Notices = e.Why is "called-off" or "re-assigned" or "unanswered" or "stood-down" or "changed" ? [.. Notices.TakeLast(NoticesKept - 1), new(e.TaskId, e.Why, e.At)] : Notices,
        },
        TaskReportInConflict e => this with { Results = Results.Add(e.ResultId) },
        _ => this,
    };

    internal static Refusal Unknown => Refusal.NotFound("team/unknown", "There is no such team. Look it up in the list of teams.");

    private static Refusal Down => Refusal.Conflict("team/stood-down", "This team was stood down. Call it back first: POST /teams/{teamId}/return.");

    private bool Same(TeamChanged told) =>
        (Name, AssemblyPoint, Base, PeoplePerTrip, TasksAtOnce, Channel) == (told.Name, told.AssemblyPoint, told.Base, told.PeoplePerTrip, told.TasksAtOnce, told.Channel)
        && Skills.SequenceEqual(told.Skills) && Languages.SequenceEqual(told.Languages) && Members.SequenceEqual(told.Members);

    private Team With(
        string name, string? point, Position at, int people, int tasks, IReadOnlyList<string> skills, IReadOnlyList<string> languages, IReadOnlyList<string> members, string? channel) => this with
        {
            Name = name,
            AssemblyPoint = point,
            Base = at,
            PeoplePerTrip = people,
            TasksAtOnce = tasks,
            Skills = [.. skills],
            Languages = [.. languages],
            Members = [.. members],
            Channel = channel,
        };
}
