using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>What a team says of a task while it is connected; a coordinator may say it for a team that reports by radio.</summary>
internal sealed record AnswerTask(Guid TeamId, DateTimeOffset? At = null);

/// <param name="Reason">A code.</param>
internal sealed record GiveTaskBack(Guid TeamId, string Reason, DateTimeOffset? At = null);

internal static class AnswerTaskFeature
{
    public const string Unanswered = "task-unanswered", Late = "task-late";

    public static readonly string[] WhyDeclined = ["too-far", "no-vehicle", "no-capacity", "road-closed", "not-safe", "other"],
        WhyFailed = ["person-not-found", "person-refused", "no-vehicle", "road-closed", "not-safe", "other"];

    /// <summary>What changes a task's due times.</summary>
    public static Type[] Matters { get; } =
    [
        typeof(TaskOffered), typeof(TaskAccepted), typeof(TaskBegun), typeof(TaskDone), typeof(TaskDeclined), typeof(TaskFailed), typeof(TaskUnanswered),
        typeof(TaskWithdrawn), typeof(TaskCalledOff), typeof(TaskOverdue), typeof(TaskRevised),
    ];

    public static void Add(Reactions reactions) => reactions
        .OnDue(Unanswered, woken => woken.Timeline.AttemptAsync(work => work.DecideTaskAsync(woken.StreamId, task => task.NoAnswer(woken.Now), woken.Now), woken.By, woken.Stopping))
        .OnDue<FieldTask>(Late, (task, now) => task.IsLate(now));

    public static void Map(IEndpointRouteBuilder api)
    {
        foreach (var (path, what) in (ReadOnlySpan<(string, Said)>)[("acceptance", Said.Accepted), ("start", Said.UnderWay), ("done", Said.Done)])
            api.MapPost($"/tasks/{{taskId:guid}}/{path}", (Guid taskId, AnswerTask body, HttpContext http, TimelineStore store) =>
                    AnswerAsync(http, store, taskId, body.TeamId, what, null, body.At))
               .Allow(Roles.Coordinator, Roles.AidWorker);
        foreach (var (path, what, reasons) in (ReadOnlySpan<(string, Said, string[])>)[("refusal", Said.Declined, WhyDeclined), ("failure", Said.Failed, WhyFailed)])
            api.MapPost($"/tasks/{{taskId:guid}}/{path}", async (Guid taskId, GiveTaskBack body, HttpContext http, TimelineStore store) =>
                    Reasoned(body.Reason, reasons) is { } refusal ? refusal.ToProblem() : await AnswerAsync(http, store, taskId, body.TeamId, what, body.Reason, body.At))
               .Allow(Roles.Coordinator, Roles.AidWorker);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, TimelineStore store, Guid taskId, Guid teamId, Said what, string? reason, DateTimeOffset? told)
    {
        if (http.Happen(told, out var at) is { } early) return early.ToProblem();
        var state = TaskState.Unknown;
        var outcome = await store.AttemptAsync(async work =>
        {
            var team = await work.LoadAsync<Team>(teamId);
            if (http.MayActFor(team) is { } refusal) return refusal;
            var report = new Report(teamId, team.Name!, what, reason, null, http.Officer(), null, at);
            return await work.DecideTaskAsync(taskId, task =>
            {
                var decision = task.Hear(report).AsDecision();
                state = decision.Events.Aggregate(task, (next, e) => next.Apply(e)).State;
                return decision;
            }, at);
        }, new(http.Officer()), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.Ok(new { taskId, state = state.Say() }));
    }

    private static Refusal? Reasoned(string reason, string[] reasons) =>
        reasons.Contains(reason) ? null : ReasonUnknown(reasons, "reason");

    internal static Refusal ReasonUnknown(string[] reasons, string field) =>
        Refusal.Invalid("task/reason-unknown", $"Say why with one of these: {string.Join(", ", reasons)}.", field);
}
