using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>Somebody on a task, as far as the team needs to know.</summary>
/// <param name="Phone">Only where calling or writing is safe for them.</param>
/// <param name="SafeTimes">The only times of day to do so; empty: any.</param>
internal sealed record PersonOnTask(
    Guid PersonId, string? FamilyName, string? GivenNames, string? NameInOriginalScript, int? BornIn, string? Phone, IReadOnlyList<string> SafeTimes, string? Language,
    string? InterpreterLanguage, Mobility Mobility, IReadOnlyList<string> Needs, bool AsksForWoman, Position? Position, string? Place, string? State);

/// <param name="State">offered, accepted or under-way.</param>
/// <param name="At">Where it begins: at the people's, or at the assembly point.</param>
internal sealed record TeamTask(
    Guid TaskId, string Kind, string State, Guid TransportId, string TransportCode, DateTimeOffset DepartsAt, string AssemblyPoint, Position? At, IReadOnlyList<string> Skills,
    IReadOnlyList<string> Languages, DateTimeOffset DueAt, DateTimeOffset? AnswerBy, IReadOnlyList<PersonOnTask> People);

internal sealed record TeamNotice(Guid TaskId, string Why, string Detail, DateTimeOffset At);

/// <summary>All that a team has to do, with the people concerned: put together from the timelines when asked, and kept nowhere.</summary>
internal sealed record TeamSheet(Team Team, long Version, IReadOnlyList<(TeamTask Task, Stop Stop)> Tasks, IReadOnlyDictionary<string, AssemblyPointOpened> Points)
{
    private const int PeopleAtOnce = 200;

    // At a gate the manifest names people; the team there needs to know how many.
    private const int MostNamed = 100;

    public IEnumerable<TeamNotice> Notices => Team.Notices.Select(notice => new TeamNotice(notice.TaskId, notice.Why, notice.Why switch
    {
        "called-off" => "The task was called off. Nothing needs to be done.",
        "unanswered" => "You did not answer in time, and the task went to another team.",
        "stood-down" => "The team was stood down.",
        "changed" => "The task has changed and needs skills or seats that you do not have. Another team is sent.",
        _ => "The coordinator gave the task to another team.",
    }, notice.At));

    public IEnumerable<Guid> People => Tasks.SelectMany(task => task.Task.People).Select(person => person.PersonId).Distinct();

    public static async Task<TeamSheet> ReadAsync(TimelineStore store, Guid teamId, CancellationToken ct)
    {
        var (team, version) = await store.LoadAsync<Team>(teamId, ct: ct);
        var tasks = (await store.ReadAsync(team.Tasks, ct)).Select(timeline => timeline.Fold<FieldTask>()).Where(task => task.HeldBy == teamId).ToList();
        var transports = (await store.ReadAsync([.. tasks.Select(task => task.TransportId).Distinct()], ct)).Select(timeline => timeline.Fold<Transport>()).ToDictionary(transport => transport.Id);
        var points = (await store.ReadAsync([.. tasks.Select(task => StreamId.AssemblyPoint(task.AssemblyPoint)).Distinct()], ct))
            .Select(timeline => timeline.Fold<Point>().Opened).OfType<AssemblyPointOpened>().ToDictionary(point => point.Code);
        var people = new Dictionary<Guid, Charge>();
        foreach (var page in tasks.SelectMany(Named).Concat(tasks.Select(task => task.FetchedFrom).OfType<Guid>()).Distinct().Chunk(PeopleAtOnce))
            foreach (var timeline in await store.ReadAsync(page, ct)) people[timeline.Id] = timeline.Fold<Charge>();
        return new(team, version, [.. tasks.Select(task =>
        {
            var point = points.GetValueOrDefault(task.AssemblyPoint)?.Position;
            var at = (task.FetchedFrom is { } person ? people[person].Position : null) ?? point;
            var schedule = transports[task.TransportId].Schedule!;
            return (new TeamTask(task.Id, task.Kind, task.State.Say(), task.TransportId, schedule.Code, schedule.DepartsAt, task.AssemblyPoint, at, task.Skills, task.Languages, task.DueAt,
                task.State is TaskState.Offered ? task.AnswerBy : null, [.. Named(task).Select(id => Show(people[id], task))]), new Stop(task.Id, at, point, task.DueAt));
        })], points);
    }

    private static IEnumerable<Guid> Named(FieldTask task) => task.Kind is FieldTask.GateDuty ? [] : task.People.Take(MostNamed);

    private static PersonOnTask Show(Charge person, FieldTask task)
    {
        var form = person.Form;
        var callable = form is not null && (form.SafeChannels.Count == 0 || form.SafeChannels.Any(channel => channel is "voice" or "sms"));
        return new(
            person.Id, form?.FamilyName, form?.GivenNames, form?.NameInOriginalScript, form?.BirthDate?.Earliest.Year, callable ? form!.Phone : null, callable ? form!.SafeTimes : [],
            form?.Language, form?.InterpreterLanguage, person.Passenger.Mobility, [.. person.Needs], form?.FemaleOfficer is true, task.Carries ? person.Position : null, task.Carries ? form?.Place : null,
            task.Met.GetValueOrDefault(person.Id) is { } met ? met.Found ? "picked-up" : "not-found" : null);
    }
}

internal static class TakeBundleFeature
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/teams/{teamId:guid}/tasks", async Task<IResult> (Guid teamId, HttpContext http, TimelineStore store) =>
        {
            var sheet = await TeamSheet.ReadAsync(store, teamId, http.RequestAborted);
            if (MayRead(http, sheet.Team) is { } refusal) return refusal.ToProblem();
            await LogAsync(http, sheet);
            var tasks = sheet.Tasks.ToDictionary(task => task.Task.TaskId, task => task.Task);
            return TypedResults.Ok(new
            {
                TeamId = teamId,
                sheet.Team.Name,
                State = sheet.Team.StoodDown ? "stood-down" : "on-duty",
                Tasks = Route.Plan(sheet.Team.Base, store.Time.GetUtcNow(), sheet.Tasks.Select(task => task.Stop))
                    .Select(stop => new { Task = tasks[stop.Stop.TaskId], Kilometres = Math.Round(stop.Kilometres, 1), stop.Eta, stop.DoneAt, stop.Late }),
                sheet.Notices,
            });
        }).LogsRead("team-tasks").Allow(Roles.Coordinator, Roles.AidWorker, Roles.Auditor).WithSummary("A team's tasks in the order of its way");

        api.MapGet("/teams/{teamId:guid}/bundle", async Task (Guid teamId, HttpContext http, TimelineStore store) =>
        {
            var sheet = await TeamSheet.ReadAsync(store, teamId, http.RequestAborted);
            if (MayRead(http, sheet.Team) is { } refusal)
            {
                await refusal.ToProblem().ExecuteAsync(http);
                return;
            }
            var (json, version) = Write(sheet, store.Time.GetUtcNow());
            http.Response.Headers.ETag = $"\"{version}\"";
            http.Response.Headers.CacheControl = "private, no-cache";
            http.Response.Headers.Vary = "Accept-Encoding";
            if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Tag == $"\"{version}\""))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            // Only now are the people shown.
            await LogAsync(http, sheet);
            http.Response.ContentType = "application/json; charset=utf-8";
            if (!http.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0))
            {
                await http.Response.Body.WriteAsync(json, http.RequestAborted);
                return;
            }
            http.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Optimal);
            await gzip.WriteAsync(json, http.RequestAborted);
        }).LogsRead("team-bundle").Allow(Roles.Coordinator, Roles.AidWorker, Roles.Auditor).WithSummary("All that a team needs while it is not connected")
          .WithDescription("Comes with an ETag; ask again with If-None-Match and get 304 while nothing has changed.");
    }

    /// <summary>The version is that of what is in it, so time alone changes nothing; the way is given as an order, and a device counts the hours itself.</summary>
    internal static (byte[] Json, string Version) Write(TeamSheet sheet, DateTimeOffset now)
    {
        var tasks = sheet.Tasks.ToDictionary(task => task.Task.TaskId, task => task.Task);
        var content = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Team = new { TeamId = sheet.Team.Id, sheet.Team.Name, sheet.Team.Base, sheet.Team.Channel, State = sheet.Team.StoodDown ? "stood-down" : "on-duty" },
            Tasks = Route.Plan(sheet.Team.Base, now, sheet.Tasks.Select(task => task.Stop)).Select(stop => tasks[stop.Stop.TaskId]),
            AssemblyPoints = sheet.Points.Values.OrderBy(point => point.Code, StringComparer.Ordinal).Select(point => new { point.Code, point.Name, point.Position }),
            sheet.Notices,
            Reasons = new { Declined = AnswerTaskFeature.WhyDeclined, Failed = AnswerTaskFeature.WhyFailed },
        }, EventJson.Options);
        var version = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12));
        var head = JsonSerializer.SerializeToUtf8Bytes(new { Version = version, TakenAt = now }, EventJson.Options);
        // One object: the version and when it was taken stand before the content that the version is of.
        return ([.. head.AsSpan(0, head.Length - 1), (byte)',', .. content.AsSpan(1)], version);
    }

    private static Refusal? MayRead(HttpContext http, Team team) => team.IsKnown && http.User.IsInRole(Roles.Auditor) ? null : http.MayActFor(team);

    private static Task LogAsync(HttpContext http, TeamSheet sheet) => http.LogReadAsync("team-tasks", sheet.People.Select(person => (Guid?)person));
}
