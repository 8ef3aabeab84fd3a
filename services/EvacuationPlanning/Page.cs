using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>A list a page at a time.</summary>
internal static class Page
{
    private const int Usual = 100, Most = 500;

    /// <summary>From the database, in the order of a key that is also the cursor.</summary>
    /// <param name="select">The first column is the key, named <c>key</c>.</param>
    public static async Task<IResult> AnswerAsync<T>(HttpContext http, NpgsqlDataSource database, string select, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        var (asked, cursor) = (http.Request.Query["limit"].ToString(), http.Request.Query["cursor"].ToString());
        var limit = Usual;
        if (asked.Length > 0 && (!int.TryParse(asked, out limit) || limit is < 1 or > Most)) return WrongLimit.ToProblem();
        if (cursor.Contains('\0')) return WrongCursor.ToProblem();

        return TypedResults.Ok(await database.PageAsync($"select * from ({select}) page where true", "key", cursor, limit, read, values, http.RequestAborted));
    }

    /// <summary>Of a list that is in memory, the cursor is how far one has come.</summary>
    public static Refusal? Asked(string? cursor, int? limit, out int from, out int many)
    {
        (from, many) = (0, limit ?? Usual);
        return many is < 1 or > Most ? WrongLimit
            : cursor is not (null or "") && (!int.TryParse(cursor, out from) || from < 0) ? WrongCursor
            : null;
    }

    /// <inheritdoc cref="Asked"/>
    public static Page<TItem> Of<T, TItem>(IEnumerable<T> all, int from, int many, Func<T, TItem> show)
    {
        var items = all.Skip(from).Take(many + 1).ToList();
        return new([.. items.Take(many).Select(show)], items.Count > many ? $"{from + many}" : null);
    }

    private static Refusal WrongLimit => Refusal.Invalid("request/limit", $"A page has from 1 to {Most} entries.", "limit");

    private static Refusal WrongCursor => Refusal.Invalid("request/cursor", "This cursor was not given out here. Begin again without one.", "cursor");
}
