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

        return TypedResults.Ok(await database.PageAsync($"select * from ({select}) page where true", "key", cursor, limit, read, values, http.RequestAborted));
    }
}

/// <param name="Next">The cursor of the next page; null at the end.</param>
internal sealed record PageAnswer<T>(IReadOnlyList<T> Items, [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)] string? Next);
