using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

internal static class ListTasksFeature
{
    private static readonly string[] States = [.. Enum.GetValues<TaskState>().Where(state => state is not TaskState.Unknown).Select(state => state.Say())];

    public static IProjection Table => new Projection<FieldTask>("evacuation_planning.task", 2,
        [
            ("key", "text not null"), ("transport_id", "uuid not null"), ("kind", "text not null"), ("assembly_point", "text not null"), ("people", "integer not null"),
            ("skills", "text[] not null"), ("due_at", "timestamptz not null"), ("state", "text not null"), ("team_id", "uuid"), ("team", "text"), ("answer_by", "timestamptz"),
            ("why", "text"), ("overdue", "boolean not null"), ("done_at", "timestamptz"),
        ],
        task => task.State is TaskState.Unknown ? []
            : [[
                $"{task.DueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}/{task.Id}", task.TransportId, task.Kind, task.AssemblyPoint, task.Count, task.Skills.ToArray(), task.DueAt.ToUniversalTime(),
                task.State.Say(), task.TeamId, task.Done?.Team, task.State is TaskState.Offered ? task.AnswerBy.ToUniversalTime() : null,
                task.State is TaskState.Unassigned or TaskState.CalledOff ? task.Why : null, task.Overdue && task.IsOpen, task.Done?.At.ToUniversalTime(),
            ]],
        [
            typeof(TaskDispatched), typeof(TaskProposed), typeof(TaskRevised), typeof(TaskCalledOff), typeof(TaskOffered), typeof(TaskAccepted), typeof(TaskDeclined), typeof(TaskUnanswered),
            typeof(TaskBegun), typeof(TaskDone), typeof(TaskFailed), typeof(TaskWithdrawn), typeof(TaskEscalated), typeof(TaskOverdue),
        ],
        "create index on {table} (key)", "create index on {table} (transport_id)", "create index on {table} (state, key)");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tasks", (HttpContext http, NpgsqlDataSource database) => http.Request.Query["state"].ToString() switch
        {
            "" => ListAsync(http, database, "true"),
            "late" => ListAsync(http, database, "t.overdue"),
            var state when States.Contains(state) => ListAsync(http, database, "t.state = $1", state),
            _ => Task.FromResult<IResult>(Refusal.Invalid("task/state-unknown", $"Tasks are {string.Join(", ", States)} or late.", "state").ToProblem()),
        }).Allow(Roles.Coordinator, Roles.Auditor);

        api.MapGet("/tasks/{taskId:guid}", async (Guid taskId, HttpContext http, TimelineStore store) =>
        {
            var (task, version) = await store.LoadAsync<FieldTask>(taskId, ct: http.RequestAborted);
            if (task.State is TaskState.Unknown) return FieldTask.Unknown.ToProblem();
            http.Response.Headers.ETag = $"\"{version}\"";
            return (IResult)TypedResults.Ok(new
            {
                TaskId = taskId,
                task.TransportId,
                task.Kind,
                task.AssemblyPoint,
                task.FetchedFrom,
                People = task.People.Select(person => new { PersonId = person, State = task.Met.GetValueOrDefault(person) is { } met ? met.Found ? "picked-up" : "not-found" : null, task.Met.GetValueOrDefault(person)?.At }),
                task.Count,
                task.Skills,
                task.Languages,
                task.DueAt,
                State = task.State.Say(),
                task.TeamId,
                AnswerBy = task.State is TaskState.Offered ? task.AnswerBy : (DateTimeOffset?)null,
                Reason = task.State is TaskState.Unassigned ? Choice.Say(task.Why!) : task.State is TaskState.CalledOff ? SayCalledOff(task.Why) : null,
                task.Overdue,
                TeamsAsked = task.Asked.Order(),
                DoneAt = task.Done?.At,
            });
        }).LogsRead("task").Allow(Roles.Coordinator, Roles.Auditor);
    }

    public static string SayCalledOff(string? why) => why switch
    {
        "departed" => "The transport has departed.",
        "cancelled" => "The transport was cancelled.",
        _ => "Nobody is left on it: they gave up their seats, travel otherwise or come by themselves.",
    };

    private static Task<IResult> ListAsync(HttpContext http, NpgsqlDataSource database, string where, params object[] values) =>
        Page.AnswerAsync(http, database, $"""
            select t.key, t.stream_id, t.transport_id, r.code, t.kind, t.assembly_point, t.people, t.skills, t.due_at, t.state, t.team_id, coalesce(m.name, t.team), t.answer_by, t.why, t.overdue, t.done_at
            from evacuation_planning.task t join evacuation_planning.transport r on r.stream_id = t.transport_id left join evacuation_planning.team m on m.stream_id = t.team_id where {where}
            """,
            row => new
            {
                TaskId = row.GetGuid(1),
                TransportId = row.GetGuid(2),
                TransportCode = row.GetString(3),
                Kind = row.GetString(4),
                AssemblyPoint = row.GetString(5),
                People = row.GetInt32(6),
                Skills = row.GetFieldValue<string[]>(7),
                DueAt = row.GetFieldValue<DateTimeOffset>(8),
                State = row.GetString(9),
                TeamId = row.IsDBNull(10) ? (Guid?)null : row.GetGuid(10),
                Team = row.IsDBNull(11) ? null : row.GetString(11),
                AnswerBy = row.IsDBNull(12) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(12),
                Why = row.IsDBNull(13) ? null : row.GetString(13),
                Reason = row.IsDBNull(13) ? null : row.GetString(9) == "unassigned" ? Choice.Say(row.GetString(13)) : SayCalledOff(row.GetString(13)),
                Late = row.GetBoolean(14),
                DoneAt = row.IsDBNull(15) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(15),
            }, values);
}
