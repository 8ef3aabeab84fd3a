using System.Globalization;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Access;

/// <summary>Who read what about whom: newest first.</summary>
internal static class ReadLogFeature
{
    private sealed record Entry(DateTimeOffset At, string Account, string Service, Guid? Person, string What);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/read-log", ListAsync).Allow(Roles.Auditor).LogsRead("read log");

    private static async Task<IResult> ListAsync(
        TimelineStore store, CrisisService service, HttpContext http, Guid? person = null, string? account = null, string? cursor = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 1000);
        if (account is not null && !AccountRules.IsName(account)) return AccountRules.CheckName(account)!.ToProblem();
        (DateTimeOffset At, NpgsqlTid Row) before = (DateTimeOffset.MaxValue, default);
        if (cursor is not null && !TryRead(cursor, out before))
            return Refusal.Invalid("read-log/cursor", "This cursor is not one that the read log gave. Start from the beginning.", "cursor").ToProblem();

        // Rows are only ever added, so a row's place tells apart those of the same instant.
        await using var command = store.Database.CreateCommand($"""
            select at, account, service, person_id, what, ctid from {service.TimelineSchema}.read_log
            where ($1::uuid is null or person_id = $1) and ($2::text is null or account = $2) and ($3::timestamptz is null or (at, ctid) < ($3, $4))
            order by at desc, ctid desc limit $5
            """);
        command.Parameters.Add(new() { Value = (object?)person ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)account ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = cursor is null ? DBNull.Value : before.At, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = before.Row, NpgsqlDbType = NpgsqlDbType.Tid });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var items = new List<Entry>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            items.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4)));
            before = (items[^1].At, reader.GetFieldValue<NpgsqlTid>(5));
        }
        return TypedResults.Ok(new { items, next = items.Count == limit ? $"{before.At.UtcTicks}-{before.Row.BlockNumber}-{before.Row.OffsetNumber}" : null });
    }

    private static bool TryRead(string cursor, out (DateTimeOffset At, NpgsqlTid Row) before)
    {
        before = default;
        if (cursor.Split('-') is not [var at, var block, var offset]
            || !long.TryParse(at, NumberStyles.None, null, out var ticks) || ticks > DateTimeOffset.MaxValue.Ticks
            || !uint.TryParse(block, NumberStyles.None, null, out var blockNumber) || !ushort.TryParse(offset, NumberStyles.None, null, out var offsetNumber)) return false;
        before = (new DateTimeOffset(ticks, TimeSpan.Zero), new NpgsqlTid(blockNumber, offsetNumber));
        return true;
    }
}
