using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>Whom to ask whether they want to be found. People who are shielded are on the list of protection officers only.</summary>
internal static class ListTracingMatches
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tracing-matches", async Task<IResult> (HttpContext http, NpgsqlDataSource database, CrisisService service, CancellationToken ct, bool? overdue = null, string? cursor = null, int? limit = null) =>
        {
            var page = await database.PageAsync(
                $"""
                select sort, m.stream_id, request_id, score, due_at, overdue, shielded, p.reference, p.family_name, p.given_names from {service.Schema}.tracing_match m join {service.Schema}.person p on p.stream_id = m.stream_id
                where ($1 or not shielded) and ($2 or posts && $3) and (not $4 or overdue)
                """,
                "sort", cursor, limit, row => new
                {
                    personId = row.GetGuid(1),
                    requestId = row.GetGuid(2),
                    score = row.GetDouble(3),
                    dueAt = row.GetFieldValue<DateTimeOffset>(4),
                    overdue = row.GetBoolean(5),
                    shielded = row.GetBoolean(6),
                    reference = Text(row, 7),
                    familyName = Text(row, 8),
                    givenNames = Text(row, 9),
                }, [http.User.IsInRole(Roles.ProtectionOfficer), Posts.FindsAll(http.User), Posts.Found(http.User), overdue == true], ct);
            await http.LogReadAsync("tracing matches", page.Items.Select(match => (Guid?)match.personId));
            return TypedResults.Ok(page);
        })
            .Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("tracing matches").WithSummary("People whom relatives may be looking for, and who are to be asked")
            .WithDescription("Next due first. overdue=true: only those whom nobody asked in time.");

        api.MapGet("/people/{personId:guid}/tracing-matches/{requestId:guid}", async Task<IResult> (Guid personId, Guid requestId, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            var person = (await store.LoadAsync<Sought>(personId, ct: ct)).State;
            if (person.Find(requestId, http.User.IsInRole(Roles.ProtectionOfficer)) is not { } asked) return AnswerTracing.Unknown.ToProblem();
            var seeker = (await store.LoadAsync<Seeker>(asked.SeekerId, ct: ct)).State;
            await http.LogReadAsync("tracing match", [asked.SeekerId]);
            return TypedResults.Ok(new
            {
                personId,
                requestId,
                state = asked.Closed ? "closed" : asked.Answer is { } answer ? answer.Agreed ? "agreed" : "refused" : "open",
                asked.Score,
                asked.Evidence,
                asked.DueAt,
                asked.Overdue,
                person.Wish,
                shielded = person.IsShielded,
                isChild = person.Person.IsChildOn(store.Time.GetUtcNow()),
                person = person.Person.Latest,
                seeker.Find(requestId)?.Relation,
                seeker.Find(requestId)?.Sought,
                seeker = seeker.Person.Exists ? new { personId = seeker.Id, seeker.Person.Latest?.FamilyName, seeker.Person.Latest?.GivenNames } : null,
            });
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("tracing match").WithSummary("Who looks for this person, and how alike the description is");
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
