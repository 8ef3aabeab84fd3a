using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.PartnerGateway.Agencies;

internal static class ListAgenciesFeature
{
    private sealed record Item(string Code, string Name, string[] Receives, DateTimeOffset RegisteredAt, string? Country);

    // Every officer asks people which agencies may know of them, so everybody may see which there are.
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/agencies", ListAsync).Allow([.. Roles.All]);

    private static async Task<IResult> ListAsync(TimelineStore store, HttpContext http, string? cursor = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 500);
        await using var command = store.Database.CreateCommand("select code, name, receives, registered_at, country from partner_gateway.agency where lower(code) > $1 order by lower(code) limit $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cursor is not null && Agency.IsCode(cursor) ? Agency.Key(cursor) : "" });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var items = new List<Item>();
        while (await reader.ReadAsync(http.RequestAborted))
            items.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return TypedResults.Ok(new { items, next = items.Count == limit ? items[^1].Code : null });
    }
}
