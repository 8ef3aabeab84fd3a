using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>Where tasks and teams are decided together: who has a task stands on the task, who has room on the team, and both are stored at once.</summary>
internal static class Desk
{
    /// <summary>Notes what is decided about a task, and what follows from it for the team that had it and the one that has it then.</summary>
    public static async Task<Refusal?> DecideTaskAsync(this Work work, Guid taskId, Func<FieldTask, Decision> decide, DateTimeOffset at)
    {
        var task = await work.LoadAsync<FieldTask>(taskId);
        var decision = decide(task);
        if (decision.Refusal is not null || decision.Events.Count == 0) return decision.Refusal;
        var after = decision.Events.Aggregate(task, (state, e) => state.Apply(e));
        if (task.HeldBy != after.HeldBy)
        {
            // Both are loaded before anything is noted, and a refusal of the one leaves the other as it was.
            var (had, has) = (task.HeldBy is { } before ? await work.LoadAsync<Team>(before) : null, after.HeldBy is { } next ? await work.LoadAsync<Team>(next) : null);
            if (has is not null && work.Append(has.Id, has.Take(after, at)) is { } refusal) return refusal;
            if (had is not null) work.Append(had.Id, had.Relieve(taskId, Why(decision.Events), at));
        }
        return work.Append(taskId, decision);
    }

    /// <summary>A refusal when the account neither coordinates nor belongs to the team.</summary>
    public static Refusal? MayActFor(this HttpContext http, Team team) => team switch
    {
        { IsKnown: false } => Team.Unknown,
        _ when http.User.IsInRole(Roles.Coordinator) || team.Members.Contains(http.Officer()) => null,
        _ => Refusal.Forbidden("team/not-yours", "Your account does not belong to this team. Ask the coordinator to add it."),
    };

    public static string Say(this TaskState state) => state switch
    {
        TaskState.UnderWay => "under-way",
        TaskState.CalledOff => "called-off",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string Why(IEnumerable<Event> events) => events.Select(e => e switch
    {
        TaskDone => "done",
        TaskDeclined => "declined",
        TaskUnanswered => "unanswered",
        TaskFailed => "failed",
        TaskCalledOff => "called-off",
        TaskWithdrawn withdrawn => withdrawn.Why,
        _ => null,
    }).OfType<string>().First();
}
