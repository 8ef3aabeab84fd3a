using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <param name="AssemblyPoint">Code of the point where it waits; or else a position of its own.</param>
/// <param name="Members">Accounts that see and answer its tasks.</param>
internal sealed record FormTeam(
    string Name, int PeoplePerTrip, int TasksAtOnce, IReadOnlyList<string> Skills, IReadOnlyList<string> Members, string? AssemblyPoint = null, Position? Position = null,
    IReadOnlyList<string>? Languages = null, string? Channel = null);

internal static class FormTeamFeature
{
    private const int MostPeople = 200, MostTasks = 50, MostMembers = 50;

    public static IProjection Table => new Projection<Team>("evacuation_planning.team", 1,
        [
            ("key", "text not null"), ("name", "text not null"), ("assembly_point", "text"), ("latitude", "float8 not null"), ("longitude", "float8 not null"),
            ("people_per_trip", "integer not null"), ("tasks_at_once", "integer not null"), ("tasks", "integer not null"), ("skills", "text[] not null"),
            ("languages", "text[] not null"), ("members", "text[] not null"), ("on_duty", "boolean not null"),
        ],
        team => team.IsKnown
            ? [[
                $"{team.Name}/{team.Id}", team.Name, team.AssemblyPoint, team.Base.Latitude, team.Base.Longitude, team.PeoplePerTrip, team.TasksAtOnce, team.Tasks.Count,
                team.Skills.ToArray(), team.Languages.ToArray(), team.Members.ToArray(), !team.StoodDown,
            ]]
            : [],
        [typeof(TeamFormed), typeof(TeamChanged), typeof(TeamStoodDown), typeof(TeamReturned), typeof(TeamTasked), typeof(TeamRelieved)], "create index on {table} (key)");

    public static Refusal? Check(FormTeam body) => body switch
    {
        _ when !Plain(body.Name, 200) => Refusal.Invalid("team/name", "Name the team in 1 to 200 characters.", "name"),
        { PeoplePerTrip: < 0 or > MostPeople } => Refusal.Invalid("team/people-per-trip", $"A team carries 0 to {MostPeople} people in one trip.", "peoplePerTrip"),
        { TasksAtOnce: < 1 or > MostTasks } => Refusal.Invalid("team/tasks-at-once", $"A team takes 1 to {MostTasks} tasks at once.", "tasksAtOnce"),
        _ when body.Skills.Except(Team.AllSkills).Any() => Refusal.Invalid("team/skill-unknown", $"Skills are {string.Join(", ", Team.AllSkills)}.", "skills"),
        _ when body.Languages?.All(language => language is { Length: 2 } && language.All(char.IsAsciiLetterLower)) == false => Refusal.Invalid("team/language-unknown", "Write languages as their two-letter codes (ISO 639-1), such as ar.", "languages"),
        _ when body.Members.Count is 0 or > MostMembers || !body.Members.All(member => Plain(member, 200)) => Refusal.Invalid("team/members", $"Name 1 to {MostMembers} accounts that act for the team.", "members"),
        _ when body.AssemblyPoint is null == body.Position is null => Refusal.Invalid("team/place", "Say where the team sets out from: the code of an assembly point, or a position, not both.", "assemblyPoint"),
        { Position: { Latitude: < -90 or > 90 } or { Longitude: < -180 or > 180 } } => Refusal.Invalid("team/position", "Latitudes go from -90 to 90 and longitudes from -180 to 180.", "position"),
        { Channel: { } channel } when !Plain(channel, 100) => Refusal.Invalid("team/channel", "Write the channel in 1 to 100 characters, or leave it out.", "channel"),
        _ => null,
    };

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/teams", async (FormTeam body, HttpContext http, TimelineStore store) =>
        {
            if (Check(body) is { } refusal) return refusal.ToProblem();
            var (id, now) = (http.Ids().Next(), store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => await PlaceAsync(work, body) is not { } place ? NoPoint
                : work.Append(id, (await work.LoadAsync<Team>(id)).Form(new(
                    body.Name.Trim(), body.AssemblyPoint, place, body.PeoplePerTrip, body.TasksAtOnce, Sorted(body.Skills), Sorted(body.Languages), Sorted(body.Members), body.Channel, http.Officer(), now))),
                new(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Created($"/teams/{id}/tasks", new { TeamId = id }));
        }).Allow(Roles.Coordinator);

        api.MapPut("/teams/{teamId:guid}", async (Guid teamId, FormTeam body, HttpContext http, TimelineStore store) =>
        {
            if (Check(body) is { } refusal) return refusal.ToProblem();
            var now = store.Time.GetUtcNow();
            var outcome = await store.AttemptAsync(async work =>
            {
                var team = await work.LoadAsync<Team>(teamId);
                if (!team.IsKnown) return Team.Unknown;
                return await PlaceAsync(work, body) is not { } place ? NoPoint
                    : work.Append(teamId, team.Change(new(
                        body.Name.Trim(), body.AssemblyPoint, place, body.PeoplePerTrip, body.TasksAtOnce, Sorted(body.Skills), Sorted(body.Languages), Sorted(body.Members), body.Channel, http.Officer(), now)));
            }, new(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Coordinator);

        api.MapPost("/teams/{teamId:guid}/stand-down", async (Guid teamId, HttpContext http, TimelineStore store) =>
        {
            var now = store.Time.GetUtcNow();
            var outcome = await store.AttemptAsync(async work => await StandDownAsync(work, teamId, http.Officer(), now), new(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { teamId, state = "stood-down" }));
        }).Allow(Roles.Coordinator);

        api.MapPost("/teams/{teamId:guid}/return", async (Guid teamId, HttpContext http, TimelineStore store) =>
            (await store.DecideAsync<Team>(teamId, team => team.Return(http.Officer(), store.Time.GetUtcNow()), new(http.Officer()), http.RequestAborted))
                .ToResult(http, () => TypedResults.Ok(new { teamId, state = "on-duty" }))).Allow(Roles.Coordinator).WithSummary("Call a team back that was stood down");

        // A member sees their own teams, a coordinator all.
        api.MapGet("/teams", (HttpContext http, NpgsqlDataSource database) => Page.AnswerAsync(http, database,
            """
            select key, stream_id, name, assembly_point, latitude, longitude, people_per_trip, tasks_at_once, tasks, skills, languages, members, on_duty
            from evacuation_planning.team where $1 or $2 = any (members)
            """,
            row => new
            {
                TeamId = row.GetGuid(1),
                Name = row.GetString(2),
                AssemblyPoint = row.IsDBNull(3) ? null : row.GetString(3),
                Position = new Position(row.GetDouble(4), row.GetDouble(5)),
                PeoplePerTrip = row.GetInt32(6),
                TasksAtOnce = row.GetInt32(7),
                Tasks = row.GetInt32(8),
                Skills = row.GetFieldValue<string[]>(9),
                Languages = row.GetFieldValue<string[]>(10),
                Members = row.GetFieldValue<string[]>(11),
                State = row.GetBoolean(12) ? "on-duty" : "stood-down",
            }, http.User.IsInRole(Roles.Coordinator) || http.User.IsInRole(Roles.Auditor), http.Officer()))
           .Allow(Roles.Coordinator, Roles.AidWorker, Roles.Auditor);
    }

    /// <summary>Its tasks wait for other teams from now on, in the same append.</summary>
    private static async Task<Refusal?> StandDownAsync(Work work, Guid teamId, string officer, DateTimeOffset now)
    {
        var team = await work.LoadAsync<Team>(teamId);
        if (work.Append(teamId, team.StandDown(officer, now)) is { } refusal) return refusal;
        await work.ReadAsync(team.Tasks);
        foreach (var task in team.Tasks)
            if (await work.DecideTaskAsync(task, t => t.HeldBy == teamId ? t.Withdraw("stood-down", officer, now) : Decision.Nothing, now) is { } not) return not;
        return null;
    }

    private static async Task<Position?> PlaceAsync(Work work, FormTeam body) =>
        body.Position ?? (await work.LoadAsync<Point>(StreamId.AssemblyPoint(body.AssemblyPoint!))).Opened?.Position;

    private static Refusal NoPoint => Refusal.Invalid("team/point-unknown", "There is no such assembly point. Look its code up in the list of assembly points, or give a position.", "assemblyPoint");

    private static string[] Sorted(IReadOnlyList<string>? codes) => [.. (codes ?? []).Distinct().Order(StringComparer.Ordinal)];

    private static bool Plain(string? text, int most) => text?.Trim().Length > 0 && text.Length <= most && text.Any(char.IsLetterOrDigit) && !text.Any(char.IsControl);
}
