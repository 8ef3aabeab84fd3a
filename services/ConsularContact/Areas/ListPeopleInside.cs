using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Areas;

/// <summary>Who is inside the affected areas of a crisis, and how many, of those whom the asker finds.</summary>
internal static class ListPeopleInside
{
    // A number this small points at somebody (S15).
    private const int SmallCell = 5;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/crises/{crisisId:guid}/people-inside", async Task<IResult> (Guid crisisId, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, string? cursor = null, int? limit = null) =>
        {
            if ((await store.LoadAsync<Crisis>(crisisId, ct: ct)).State.Opened is null) return Crisis.Unknown.ToProblem();
            var page = await store.Database.PageAsync(
                $"""
                select sort, e.stream_id, p.reference, p.family_name, p.given_names from {service.Schema}.exposed e join {service.Schema}.person p on p.stream_id = e.stream_id
                where e.crisis_id = $1 and inside and ($2 or posts && $3)
                """,
                "sort", cursor, limit, row => new { personId = row.GetGuid(1), reference = Text(row, 2), familyName = Text(row, 3), givenNames = Text(row, 4) },
                [crisisId, Posts.FindsAll(http.User), Posts.Found(http.User)], ct);
            await http.LogReadAsync("people inside", page.Items.Select(person => (Guid?)person.personId));
            return TypedResults.Ok(page);
        })
            .Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("people inside").WithSummary("The people inside the affected areas of a crisis");

        api.MapGet("/crises/{crisisId:guid}/people-inside/count", async Task<IResult> (Guid crisisId, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            var crisis = (await store.LoadAsync<Crisis>(crisisId, ct: ct)).State;
            if (crisis.Opened is null) return Crisis.Unknown.ToProblem();
            await using var count = store.Database.CreateCommand($"""
                select count(*) filter (where inside), count(*) filter (where not inside and not gone), count(*) filter (where gone) from {service.Schema}.exposed where crisis_id = $1 and ($2 or posts && $3)
                """);
            foreach (var value in new object[] { crisisId, Posts.FindsAll(http.User), Posts.Found(http.User) }) count.Parameters.Add(new() { Value = value });
            await using var reader = await count.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            return TypedResults.Ok(new
            {
                crisisId,
                inside = Shown(reader.GetInt64(0)),
                outside = Shown(reader.GetInt64(1)),
                left = Shown(reader.GetInt64(2)),
                hiddenBelow = SmallCell,
                expired = crisis.HasExpired(store.Time.GetUtcNow()),
                upToDate = await FollowAreas.IsDoneAsync(store.Database, service.Schema, crisisId, ct),
            });
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer, Roles.AidWorker, Roles.Auditor).WithSummary("How many are inside, elsewhere, and have left")
          .WithDescription("Of the people whom the account finds. A number from 1 to 4 is left out. expired: the alert has run out and nobody sent another; its areas still count. upToDate: false while a change of the areas is being worked out.");
    }

    private static long? Shown(long count) => count is > 0 and < SmallCell ? null : count;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
