namespace CrisisCoordination.Contracts;

/// <summary>A field team reported for work. Its own timeline.</summary>
/// <param name="AssemblyPoint">Code of the point it waits at; null when it has a base of its own.</param>
/// <param name="Base">Where it sets out from.</param>
/// <param name="PeoplePerTrip">How many people its vehicles carry at once; 0 when it carries nobody.</param>
/// <param name="TasksAtOnce">How many tasks it takes at a time.</param>
/// <param name="Skills">Codes: driver, wheelchair-vehicle, medical, child-protection.</param>
/// <param name="Languages">ISO 639-1 codes of what it speaks.</param>
/// <param name="Members">The accounts that act for it.</param>
/// <param name="Channel">How it is reached: call sign, radio channel or telephone.</param>
[Stored("team_formed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamFormed(
    string Name, string? AssemblyPoint, Position Base, int PeoplePerTrip, int TasksAtOnce, IReadOnlyList<string> Skills, IReadOnlyList<string> Languages,
    IReadOnlyList<string> Members, [property: Personal] string? Channel, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A team is otherwise than it was; everything about it as it now stands.</summary>
[Stored("team_changed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamChanged(
    string Name, string? AssemblyPoint, Position Base, int PeoplePerTrip, int TasksAtOnce, IReadOnlyList<string> Skills, IReadOnlyList<string> Languages,
    IReadOnlyList<string> Members, [property: Personal] string? Channel, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The team takes no tasks any more; those it has go to others.</summary>
[Stored("team_stood_down")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamStoodDown(string Officer, DateTimeOffset At) : Event(At);

/// <summary>The team is back and takes tasks again. What it had before went to others.</summary>
[Stored("team_returned")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamReturned(string Officer, DateTimeOffset At) : Event(At);

/// <summary>A task counts as the team's. On the team's timeline, in one append with <see cref="TaskOffered"/>: this is where it is seen that it has room.</summary>
[Stored("team_tasked")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamTasked(Guid TaskId, DateTimeOffset At) : Event(At);

/// <summary>The task is not the team's any more. On the team's timeline, in one append with what ended it.</summary>
/// <param name="Why">A code: done, declined, unanswered, failed, called-off, re-assigned, stood-down, changed.</param>
[Stored("team_relieved")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TeamRelieved(Guid TaskId, string Why, DateTimeOffset At) : Event(At);

/// <summary>Something is to be done on the ground for those who hold seats on a departure. The task's own timeline.</summary>
/// <param name="Kind">gate-duty, pick-up, medical-transfer, escort, document-handover.</param>
/// <param name="AssemblyPoint">Code of the point where it is done, or where the people are brought.</param>
/// <param name="FetchedFrom">At whose position the people are fetched; their timeline says where that is.</param>
/// <param name="Skills">Codes of what the team must be able to do.</param>
/// <param name="DueAt">By when, from the departure.</param>
[Stored("task_proposed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskProposed(
    Guid TransportId, string Kind, string AssemblyPoint, Guid? FetchedFrom, IReadOnlyList<Guid> People, IReadOnlyList<string> Skills, IReadOnlyList<string> Languages,
    DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The manifest, the departure or a person changed, and the task with it: as it now stands.</summary>
[Stored("task_revised")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskRevised(
    string AssemblyPoint, Guid? FetchedFrom, IReadOnlyList<Guid> People, IReadOnlyList<string> Skills, IReadOnlyList<string> Languages, DateTimeOffset DueAt,
    DateTimeOffset At) : Event(At);

/// <summary>The task has become needless; the team that had it is told.</summary>
/// <param name="Why">A code: nobody-left, departed, cancelled.</param>
[Stored("task_called_off")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskCalledOff(string Why, DateTimeOffset At) : Event(At);

/// <summary>A team is asked to do it.</summary>
/// <param name="AnswerBy">Unanswered by then, the task goes to the next team.</param>
/// <param name="AssignedBy">The coordinator who chose the team; null when it was the nearest that could.</param>
[Stored("task_offered")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskOffered(Guid TeamId, DateTimeOffset AnswerBy, string? AssignedBy, DateTimeOffset At) : Event(At);

/// <summary>The team will do it.</summary>
/// <param name="ResultId">Of the report sent later, where it was taken down without connection.</param>
[Stored("task_accepted")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskAccepted(Guid TeamId, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>The team cannot do it.</summary>
/// <param name="Why">A code: too-far, no-vehicle, no-capacity, road-closed, not-safe, other.</param>
[Stored("task_declined")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskDeclined(Guid TeamId, string Why, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>The team did not answer in time.</summary>
[Stored("task_unanswered")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskUnanswered(Guid TeamId, DateTimeOffset AnswerBy, DateTimeOffset At) : Event(At);

/// <summary>The team is on its way.</summary>
[Stored("task_begun")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskBegun(Guid TeamId, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>The team could not do it after all.</summary>
/// <param name="Why">A code: person-not-found, person-refused, no-vehicle, road-closed, not-safe, other.</param>
[Stored("task_failed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskFailed(Guid TeamId, string Why, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>The task was taken from the team.</summary>
/// <param name="Why">A code: re-assigned, stood-down, changed (it now needs what the team does not have).</param>
/// <param name="Officer">Who did it; null when the task changed by itself.</param>
[Stored("task_withdrawn")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskWithdrawn(Guid TeamId, string Why, string? Officer, DateTimeOffset At) : Event(At);

/// <summary>No team can be sent; a coordinator must look at it (rule K).</summary>
/// <param name="Why">A code: no-team, no-skill, no-room, too-many-people, all-asked, too-late.</param>
[Stored("task_escalated")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskEscalated(string Why, DateTimeOffset At) : Event(At);

/// <summary>The team has the task, and the time by which it had to be done has passed (rule K).</summary>
[Stored("task_overdue")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskOverdue(Guid TeamId, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The team has the person with it. On the task's timeline.</summary>
[Stored("task_person_picked_up")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskPersonPickedUp(Guid PersonId, Guid TeamId, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>The team did not find the person. On the task's timeline.</summary>
[Stored("task_person_not_found")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskPersonNotFound(Guid PersonId, Guid TeamId, string Officer, Guid? ResultId, DateTimeOffset At) : Event(At);

/// <summary>
/// A team reported something that does not fit what happened meanwhile. It is kept and shown, and changes nothing. On the
/// task's timeline, or on the team's where there is no such task.
/// </summary>
/// <param name="What">What it reported: accepted, declined, under-way, done, failed, person-picked-up, person-not-found.</param>
/// <param name="Reason">The reason it gave, as a code.</param>
/// <param name="Why">What stands against it, as a code: unknown-task, not-asked, with-another-team, done-by-another, called-off, later-report, not-on-it.</param>
[Stored("task_report_in_conflict")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskReportInConflict(
    Guid ResultId, Guid TeamId, Guid TaskId, string What, string? Reason, Guid? PersonId, string Why, string Officer, DateTimeOffset At) : Event(At);
