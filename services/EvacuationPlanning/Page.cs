using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>A list a page at a time, in the order of a key that is also the cursor.</summary>
internal static class Page
{
    private const int Usual = 100, Most = 500;

    /// <param name="select">The first column is the key, named <c>key</c>.</param>
    public static async Task<IResult> AnswerAsync<T>(HttpContext http, NpgsqlDataSource database, string select, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        var (asked, cursor) = (http.Request.Query["limit"].ToString(), http.Request.Query["cursor"].ToString());
        var limit = Usual;
        if (asked.Length > 0 && (!int.TryParse(asked, out limit) || limit is < 1 or > Most))
            return Refusal.Invalid("request/limit", $"A page has from 1 to {Most} entries.", "limit").ToProblem();
        if (cursor.Contains('\0')) return Refusal.Invalid("request/cursor", "This cursor was not given out here. Begin again without one.", "cursor").ToProblem();

        await using var command = database.CreateCommand($"select * from ({select}) page where key > ${values.Length + 1} order by key limit ${values.Length + 2}");
        foreach (var value in values.Append(cursor).Append(limit + 1)) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var (items, next) = (new List<T>(), (string?)null);
        for (string? last = null; await reader.ReadAsync(http.RequestAborted); last = reader.GetString(0), items.Add(read(reader)))
            if (items.Count == limit)
            {
                next = last;
                break;
            }
        return TypedResults.Ok(new PageAnswer<T>(items, next));
    }
}

/// <param name="Next">The cursor of the next page; null at the end.</param>
internal sealed record PageAnswer<T>(IReadOnlyList<T> Items, [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)] string? Next);
