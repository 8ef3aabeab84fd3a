using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Who waits for what aid, most urgent first (rule P).</summary>
internal static class Needs
{
    private static readonly string[] States = ["open", "allocated", "delivered", "closed"];

    public static IProjection ReadModel { get; } = new Projection<PersonInNeed>("humanitarian_aid.need", 3,
        [
            ("need_id", "uuid not null"), ("kind", "text not null"), ("tier", "integer not null"), ("score", "integer not null"), ("state", "text not null"),
            ("opened_at", "timestamptz not null"), ("stock_id", "uuid null"), ("seen", "boolean not null"), ("sort", "text collate \"C\" not null"),
        ],
        person => person.Needs is not { } needs ? [] : person.AidNeeds.Select(need => new object?[]
        {
            need.Id, need.Kind, person.Assessed?.Tier ?? 5, person.Assessed?.Score ?? 0, need.State, need.OpenedAt.ToUniversalTime(), need.Stock, person.Seen.Yes,
            // Tier, then score, then who waited longest, then id, in an order that a database sorts by bytes.
            $"{person.Assessed?.Tier ?? 5}{999 - (person.Assessed?.Score ?? 0):000}{needs.RegisteredAt.UtcTicks:D19}{person.Id:N}{need.Id:N}",
        }),
        [typeof(NeedsAssessed), typeof(AidNeedOpened), typeof(AidAllocated), typeof(AidDelivered), typeof(AidNeedClosed), typeof(PersonErased), .. SeenByUs.Matters],
        "create unique index on {table} (sort)", "create index on {table} (state, kind, sort)");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/needs", async Task<IResult> (string? state, string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) =>
            state is not null && !States.Contains(state)
                ? Refusal.Invalid("need/state-unknown", $"Needs are {string.Join(", ", States)}. Ask for one of these, or leave `state` out.", "state").ToProblem()
                : TypedResults.Ok(await database.PageAsync(
                    "select sort, stream_id, need_id, kind, tier, score, state, opened_at, stock_id, seen from humanitarian_aid.need where ($1 = '' or state = $1)", "sort", cursor, limit,
                    row => new
                    {
                        personId = row.GetGuid(1),
                        needId = row.GetGuid(2),
                        kind = row.GetString(3),
                        tier = row.GetInt32(4),
                        score = row.GetInt32(5),
                        state = row.GetString(6),
                        openedAt = row.GetFieldValue<DateTimeOffset>(7),
                        stockId = row.IsDBNull(8) ? (Guid?)null : row.GetGuid(8),
                        seen = row.GetBoolean(9),
                    }, [state ?? ""], ct)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer, Roles.Coordinator);
}
