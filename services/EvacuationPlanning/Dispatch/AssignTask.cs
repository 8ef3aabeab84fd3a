using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

internal sealed record AssignTask(Guid TeamId);

/// <summary>A coordinator chooses the team, also one that would need two trips, or takes the task from the one that has it.</summary>
internal static class AssignTaskFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/tasks/{taskId:guid}/assignment", async (Guid taskId, AssignTask body, HttpContext http, TimelineStore store, Patience patience) =>
        {
            var now = store.Time.GetUtcNow();
            var outcome = await store.AttemptAsync(async work => (await work.LoadAsync<Team>(body.TeamId)).IsKnown
                ? await work.DecideTaskAsync(taskId, task => task.Assign(body.TeamId, patience, http.Officer(), now), now)
                : (await work.LoadAsync<FieldTask>(taskId)).State is TaskState.Unknown ? FieldTask.Unknown : Team.Unknown,
                new(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { taskId, body.TeamId, state = "offered" }));
        }).Allow(Roles.Coordinator);
}
