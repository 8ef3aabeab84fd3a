using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

internal static class FinishTaskFeature
{
    internal sealed record FinishTask(string Team, DateTimeOffset? At = null);

    public static IProjection Table => new Projection<FieldTask>("evacuation_planning.task", 1,
        [
            ("key", "text not null"), ("transport_id", "uuid not null"), ("kind", "text not null"), ("assembly_point", "text not null"), ("people", "integer not null"),
            ("due_at", "timestamptz not null"), ("state", "text not null"), ("team", "text"), ("done_at", "timestamptz"),
        ],
        task => task.Dispatched is { } d
            ? [[
                $"{d.DueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}/{task.Id}", d.TransportId, d.Kind, d.AssemblyPoint, d.People, d.DueAt.ToUniversalTime(),
                task.Done is null ? "dispatched" : "done", task.Done?.Team, task.Done?.At.ToUniversalTime(),
            ]]
            : [],
        [typeof(TaskDispatched), typeof(TaskDone)], "create index on {table} (key)");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/tasks/{taskId:guid}/done", async (Guid taskId, FinishTask body, HttpContext http, TimelineStore store) =>
            (http.Happened(body.At, out var at) ?? Named(body.Team)) is { } refusal ? refusal.ToProblem()
                : (await store.DecideAsync<FieldTask>(taskId, task => task.Finish(body.Team.Trim(), at), new(http.Officer()), http.RequestAborted))
                    .ToResult(http, () => TypedResults.Ok(new { taskId, state = "done" })))
           .Allow(Roles.Coordinator);

        api.MapGet("/tasks", (HttpContext http, NpgsqlDataSource database) => http.Request.Query["state"].ToString() switch
        {
            "" => ListAsync(http, database, "true"),
            "dispatched" or "done" => ListAsync(http, database, "t.state = $1", http.Request.Query["state"].ToString()),
            _ => Task.FromResult<IResult>(Refusal.Invalid("task/state-unknown", "A task is dispatched or done.", "state").ToProblem()),
        }).Allow(Roles.Coordinator, Roles.AidWorker, Roles.Auditor);
    }

    // How many people come is asked of the transport: plans change after a team was sent.
    private static Task<IResult> ListAsync(HttpContext http, NpgsqlDataSource database, string where, params object[] values) =>
        Page.AnswerAsync(http, database, $"""
            select t.key, t.stream_id, t.transport_id, r.code, t.kind, t.assembly_point, t.people, r.souls, t.due_at, t.state, t.team, t.done_at
            from evacuation_planning.task t join evacuation_planning.transport r on r.stream_id = t.transport_id where {where}
            """,
            row => new
            {
                TaskId = row.GetGuid(1),
                TransportId = row.GetGuid(2),
                TransportCode = row.GetString(3),
                Kind = row.GetString(4),
                AssemblyPoint = row.GetString(5),
                People = row.GetInt32(6),
                PeopleNow = row.GetInt32(7),
                DueAt = row.GetFieldValue<DateTimeOffset>(8),
                State = row.GetString(9),
                Team = row.IsDBNull(10) ? null : row.GetString(10),
                DoneAt = row.IsDBNull(11) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(11),
            }, values);

    private static Refusal? Named(string team) =>
        team.Trim() is { Length: > 0 and <= 200 } name && !name.Any(char.IsControl) ? null
            : Refusal.Invalid("task/team", "Name the team in 1 to 200 characters.", "team");
}
