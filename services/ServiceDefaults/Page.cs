using System.Text.Json.Serialization;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <summary>Lists that page by cursor.</summary>
public static class Paging
{
    private const int Usual = 100, Most = 1000;

    /// <summary>
    /// Reads a page of rows in the order of a text column that is unique, sorts by bytes (<c>collate "C"</c>) and holds
    /// nothing personal: its value is the cursor.
    /// </summary>
    /// <param name="database">Where.</param>
    /// <param name="select">A select whose first column is the cursor; it has a <c>where</c> and no order. Its parameters are $1, $2 …</param>
    /// <param name="key">The column of the cursor.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many; 100 when not said, at most 1,000.</param>
    /// <param name="row">Makes an item of a row.</param>
    /// <param name="parameters">The values of the select's own parameters.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Page<T>> PageAsync<T>(
        this NpgsqlDataSource database, string select, string key, string? cursor, int? limit, Func<NpgsqlDataReader, T> row,
        IReadOnlyList<object> parameters, CancellationToken ct)
    {
        var size = Math.Clamp(limit ?? Usual, 1, Most);
        await using var command = database.CreateCommand($"{select} and {key} > ${parameters.Count + 1} order by {key} limit {size + 1}");
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        // A cursor that PostgreSQL cannot take as text is nobody's.
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cursor?.Replace("\0", "") ?? "" });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (items, last) = (new List<T>(), (string?)null);
        while (await reader.ReadAsync(ct))
        {
            if (items.Count == size) return new(items, last);
            last = reader.GetString(0);
            items.Add(row(reader));
        }
        return new(items, null);
    }
}
