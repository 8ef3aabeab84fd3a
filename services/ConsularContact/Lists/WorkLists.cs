using System.Text;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Lists;

/// <summary>The lists an officer works from, oldest line first, as pages or as one file for a spreadsheet.</summary>
internal static class WorkLists
{
    private const int StaleAfterHours = 72, LongestHours = 24 * 366, LinesAtOnce = 1000;

    private static readonly string[] Lists = [Desk.Unreached, Desk.HelpAsked, Desk.Stale, Desk.Waiting, Desk.Overdue, Desk.Missing, Desk.Danger, Desk.Fears, Desk.FearUnnamed];

    internal sealed record Line(Guid PersonId, string? Reference, string? FamilyName, string? GivenNames, string What, DateTimeOffset Since, bool Seen);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/lists/{list}", async Task<IResult> (
            string list, HttpContext http, NpgsqlDataSource database, CrisisService service, TimeProvider clock, CancellationToken ct,
            Guid? crisis = null, int? hours = null, string? format = null, string? cursor = null, int? limit = null) =>
        {
            if (!Lists.Contains(list)) return Refusal.NotFound("list/unknown", $"The lists are {string.Join(", ", Lists)}.").ToProblem();
            if (hours is < 0 or > LongestHours) return Refusal.Invalid("list/hours", $"Give 0 to {LongestHours} hours.", "hours").ToProblem();
            if (format is not (null or "json" or "csv")) return Refusal.Invalid("list/format", "A list comes as json or csv.", "format").ToProblem();
            var until = clock.GetUtcNow() - TimeSpan.FromHours(hours ?? (list == Desk.Stale ? StaleAfterHours : 0));
            string[]? posts = Posts.FindsAll(http.User) ? null : [.. Posts.Found(http.User).Select(post => Desk.FoundBy(list, post))];
            object[] parameters = [list, until, crisis ?? Guid.Empty, .. posts is null ? (object[])[] : [posts]];
            return format == "csv" ? TypedResults.Stream(file => WriteAsync(file, (next, ct) => PageAsync(next, LinesAtOnce, ct), ct), "text/csv; charset=utf-8", $"{list}.csv")
                : TypedResults.Ok(await PageAsync(cursor, limit, ct));

            async Task<Page<Line>> PageAsync(string? from, int? size, CancellationToken ct)
            {
                var page = await database.PageAsync(
                    Question(service.Schema, posts is not null), "sort", from, size, row => new Line(row.GetGuid(1), Text(row, 2), Text(row, 3), Text(row, 4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), row.GetBoolean(7)), parameters, ct);
                await http.LogReadAsync("work list", page.Items.Select(line => (Guid?)line.PersonId));
                return page;
            }
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("work list").WithSummary("A list to work from: unreached, help-asked, stale, waiting, overdue, missing, danger, fears or fear-unnamed")
          .WithDescription("""
            unreached: registered and not in contact since. help-asked: said that they need help. stale: no contact for 72 hours. waiting: for a decision: yours on a possible match, a state's on a permission, the document desk's on papers. overdue: a clock ran out. missing: on board when their transport left and not when it arrived, a child's line says so. danger: tells of danger to life and nobody has spoken to them yet; call or visit them, then record how they are. fears: a fear that others told; ask the person, then record it as heard from them, or take it back with them before a protection officer.
            seen: false where nobody of a post, gate or team has met or spoken to them. hours: only what is older. format: csv gives the whole list for a spreadsheet.
            """);

    /// <summary>$1 list, $2 until when, $3 crisis or all zeros, $4 the posts. The few lines of a small post are found by post and sorted, the many of a large one met in their order: the database knows which are which.</summary>
    internal static string Question(string schema, bool withPosts) => $"""
        select sort, d.stream_id, p.reference, p.family_name, p.given_names, what, since, seen from {schema}.desk d join {schema}.person p on p.stream_id = d.stream_id
        where list = $1 and since <= $2 and ($3 = '{Guid.Empty}'::uuid or $3 = any (crisis_ids)) {(withPosts ? "and found_by && $4" : "")}
        """;

    private static async Task WriteAsync(Stream file, Func<string?, CancellationToken, Task<Page<Line>>> pageAsync, CancellationToken ct)
    {
        // With the mark at its beginning spreadsheets read names of any script.
        await using var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await text.WriteLineAsync("PersonId,Reference,FamilyName,GivenNames,What,Since,Seen");
        for (var next = (string?)""; next is not null;)
        {
            var page = await pageAsync(next, ct);
            foreach (var line in page.Items)
                await text.WriteLineAsync(string.Join(',', new object?[] { line.PersonId, line.Reference, line.FamilyName, line.GivenNames, line.What, $"{line.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", line.Seen ? "yes" : "no" }.Select(cell => SafeCell.Write(cell))));
            next = page.Next;
        }
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
