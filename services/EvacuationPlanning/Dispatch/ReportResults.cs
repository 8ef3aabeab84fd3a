using System.Collections.Frozen;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>What a team took down while it was not connected.</summary>
/// <param name="Id">The device's own, so that the same result sent twice counts once.</param>
/// <param name="At">When it was so, by the device.</param>
/// <param name="What">accepted, declined, under-way, done, failed, person-picked-up, person-not-found.</param>
/// <param name="Reason">A code, for declined and failed.</param>
internal sealed record TeamResult(Guid Id, DateTimeOffset At, Guid TaskId, string What, string? Reason = null, Guid? PersonId = null);

internal sealed record ReportResults(IReadOnlyList<TeamResult> Results);

/// <param name="Status">applied, already-known, conflict; refused where it cannot be taken down at all.</param>
/// <param name="Detail">In words, where it did not simply count.</param>
/// <param name="State">Of the task as it stands now.</param>
internal sealed record ResultAnswer(Guid Id, string Status, string? Code, string? Detail, Guid TaskId, string? State);

/// <summary>
/// Results are applied in the order of their own times, each decided by itself and stored in one append. What does not fit
/// what happened meanwhile is stored as well, so that nothing a team said is lost.
/// </summary>
internal static class ReportResultsFeature
{
    private const int Most = 500;

    private static readonly FrozenDictionary<string, Said> Words = new Dictionary<string, Said>
    {
        ["accepted"] = Said.Accepted,
        ["declined"] = Said.Declined,
        ["under-way"] = Said.UnderWay,
        ["done"] = Said.Done,
        ["failed"] = Said.Failed,
        ["person-picked-up"] = Said.PersonPickedUp,
        ["person-not-found"] = Said.PersonNotFound,
    }.ToFrozenDictionary();

    public static Refusal? Check(ReportResults body)
    {
        if (body.Results.Count is 0 or > Most) return Refusal.Invalid("results/count", $"Send 1 to {Most} results at a time.", "results");
        for (var i = 0; i < body.Results.Count; i++)
        {
            var result = body.Results[i];
            if (result is null || !Words.TryGetValue(result.What, out var what)) return Refusal.Invalid("results/what-unknown", $"Say what happened with one of these: {string.Join(", ", Words.Keys.Order(StringComparer.Ordinal))}.", At("what"));
            if (what is Said.Declined && !AnswerTaskFeature.WhyDeclined.Contains(result.Reason)) return AnswerTaskFeature.ReasonUnknown(AnswerTaskFeature.WhyDeclined, At("reason"));
            if (what is Said.Failed && !AnswerTaskFeature.WhyFailed.Contains(result.Reason)) return AnswerTaskFeature.ReasonUnknown(AnswerTaskFeature.WhyFailed, At("reason"));
            if (what is Said.PersonPickedUp or Said.PersonNotFound && result.PersonId is null) return Refusal.Invalid("results/person-missing", "Say who is meant.", At("personId"));

            string At(string member) => $"results[{i}].{member}";
        }
        return null;
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/teams/{teamId:guid}/results", async Task<IResult> (Guid teamId, ReportResults body, HttpContext http, TimelineStore store) =>
        {
            var (team, _) = await store.LoadAsync<Team>(teamId, ct: http.RequestAborted);
            if (http.MayActFor(team) is { } refusal) return refusal.ToProblem();
            if (Check(body) is { } malformed) return malformed.ToProblem();
            var answers = new Dictionary<Guid, ResultAnswer>();
            foreach (var result in body.Results.OrderBy(result => result.At))
                answers.TryAdd(result.Id, await TakeAsync(store, http, team, result));
            // In the order in which they were sent.
            return TypedResults.Ok(new { Results = body.Results.Select(result => answers[result.Id]) });
        }).Allow(Roles.Coordinator, Roles.AidWorker).WithSummary("What a team took down while it was not connected");

    private static async Task<ResultAnswer> TakeAsync(TimelineStore store, HttpContext http, Team team, TeamResult result)
    {
        if (ReportedTime.Read(result.At, store.Time.GetUtcNow(), out var at, "results.at") is { } untimely)
            return new(result.Id, "refused", untimely.Code, untimely.Detail, result.TaskId, null);
        var report = new Report(team.Id, team.Name!, Words[result.What], result.Reason, result.PersonId, http.Officer(), result.Id, at);
        ResultAnswer answer = null!;
        var outcome = await store.AttemptAsync(async work =>
        {
            var task = await work.LoadAsync<FieldTask>(result.TaskId);
            var verdict = task.Hear(report);
            // Whether there is room is the team's to say, and a full one must not lose what it reports.
            if (verdict.Applied && await work.DecideTaskAsync(result.TaskId, _ => verdict.AsDecision(), at) is { } full) verdict = Verdict.Against(full.Code is "team/full" ? Verdict.NoRoom : full.Code);
            var stands = verdict.Applied ? verdict.Events.Aggregate(task, (next, e) => next.Apply(e)) : task;
            answer = new(result.Id, verdict.Applied ? "applied" : verdict.Conflict is null ? "already-known" : "conflict", verdict.Conflict, verdict.Conflict is { } code ? Verdict.Say(code) : null,
                result.TaskId, verdict.Conflict is Verdict.UnknownTask or Verdict.NotAsked ? null : stands.State.Say());
            return verdict.Conflict is { } why ? await KeepAsync(work, task, report, why) : null;
        }, new(http.Officer()), http.RequestAborted);
        return outcome.Refusal is { } busy ? answer with { Status = "refused", Code = busy.Code, Detail = busy.Detail } : answer;
    }

    // On the task, or on the team where there is none; once, however often it is sent.
    private static async Task<Refusal?> KeepAsync(Work work, FieldTask task, Report report, string why)
    {
        var team = await work.LoadAsync<Team>(report.TeamId);
        if (team.Results.Contains(report.ResultId!.Value) || task.Knows(report.ResultId.Value)) return null;
        var known = task.State is not TaskState.Unknown;
        return work.Append(known ? task.Id : team.Id, new TaskReportInConflict(
            report.ResultId.Value, report.TeamId, task.Id, Words.First(word => word.Value == report.What).Key, report.Reason, report.PersonId, why, report.Officer, report.At));
    }
}
