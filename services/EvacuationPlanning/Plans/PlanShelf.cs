using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What is said of a drafted plan before anybody looks at single groups.</summary>
internal sealed record DraftedPlan(
    Guid PlanId, Asked Asked, string RuleVersion, string Coordinator, DateTimeOffset At, DateTimeOffset ReadAt,
    int People, int Groups, ImmutableArray<PlannedTier> Tiers, IReadOnlyDictionary<string, int> LeftBehind, string Hash)
{
    /// <summary>Transports that the plan could not use; none in a draft from before they were named.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];
}

/// <summary>All that a plan says, in the bytes that its hash is taken over: the same input under the same rules gives the same.</summary>
internal sealed record PlanContent(string RuleVersion, ImmutableArray<PlannedTier> Tiers, ImmutableArray<PlannedRun> Runs, ImmutableArray<PlannedGroup> Groups)
{
    public static PlanContent Of(Proposal proposal) => new(proposal.Plan.RuleVersion, proposal.Tiers, proposal.Runs, proposal.Groups);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PlanShelf.Json);

    public static PlanContent Read(byte[] bytes) => JsonSerializer.Deserialize<PlanContent>(bytes, PlanShelf.Json)!;

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>What the independent checker said of a plan when it was drafted.</summary>
/// <param name="InputHash">SHA-256 of all that the plan was made from, in one fixed order.</param>
internal sealed record PlanVerdict(string InputHash, ImmutableArray<Fault> Faults, ImmutableArray<StoodAgainst> StoodAgainst);

/// <summary>
/// Drafted plans, beside the timelines: a draft binds nobody, and at a hundred thousand people it is too large for an event.
/// Ids and codes only, packed.
/// </summary>
internal sealed class PlanShelf(NpgsqlDataSource database)
{
    public const string Table = """
        create table if not exists {schema}.drafted_plan (
            plan_id uuid primary key, crisis_id uuid not null, made_at timestamptz not null, plan jsonb not null, content bytea not null,
            verdict bytea null, published_at timestamptz null);
        create index if not exists drafted_plan_published on {schema}.drafted_plan (crisis_id, published_at)
        """;

    // What is left out was null.
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Put(Work work, DraftedPlan plan, byte[] content, DateTimeOffset now) => work.Also(
        "insert into evacuation_planning.drafted_plan (plan_id, crisis_id, made_at, plan, content) values ($1, $2, $3, $4, $5)",
        new() { Value = plan.PlanId }, new() { Value = plan.Asked.CrisisId }, new() { Value = now },
        new() { Value = JsonSerializer.SerializeToUtf8Bytes(plan, Json), NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = Packed(content) });

    public static void NotePublished(Work work, Guid planId, DateTimeOffset now) => work.Also(
        "update evacuation_planning.drafted_plan set published_at = $2 where plan_id = $1", new() { Value = planId }, new() { Value = now });

    public Task<DraftedPlan?> FindAsync(Guid planId, CancellationToken ct) =>
        OneAsync("select plan::text from evacuation_planning.drafted_plan where plan_id = $1", row => JsonSerializer.Deserialize<DraftedPlan>(row.GetString(0), Json), planId, ct);

    public async Task<byte[]> ContentAsync(Guid planId, CancellationToken ct) =>
        Unpacked((await OneAsync("select content from evacuation_planning.drafted_plan where plan_id = $1", row => row.GetFieldValue<byte[]>(0), planId, ct))!);

    /// <summary>The plan of the same crisis that was published after this one was drafted.</summary>
    public async Task<Guid?> OvertakenByAsync(Guid planId, CancellationToken ct) => (await OneAsync<object>("""
        select later.plan_id from evacuation_planning.drafted_plan own join evacuation_planning.drafted_plan later using (crisis_id)
        where own.plan_id = $1 and later.plan_id <> own.plan_id and later.published_at > own.made_at order by later.published_at desc limit 1
        """, row => row.GetGuid(0), planId, ct)) as Guid?;

    /// <summary>The plan of that crisis that was published last.</summary>
    public async Task<Guid?> LastPublishedAsync(Guid crisisId, CancellationToken ct) => (await OneAsync<object>(
        "select plan_id from evacuation_planning.drafted_plan where crisis_id = $1 and published_at is not null order by published_at desc limit 1", row => row.GetGuid(0), crisisId, ct)) as Guid?;

    public async Task<PlanVerdict?> VerdictAsync(Guid planId, CancellationToken ct) =>
        await OneAsync("select verdict from evacuation_planning.drafted_plan where plan_id = $1 and verdict is not null", row => row.GetFieldValue<byte[]>(0), planId, ct) is { } packed
            ? JsonSerializer.Deserialize<PlanVerdict>(Unpacked(packed), Json) : null;

    public async Task PutVerdictAsync(Guid planId, PlanVerdict verdict, CancellationToken ct)
    {
        await using var command = database.CreateCommand("update evacuation_planning.drafted_plan set verdict = $2 where plan_id = $1");
        command.Parameters.Add(new() { Value = planId });
        command.Parameters.Add(new() { Value = Packed(JsonSerializer.SerializeToUtf8Bytes(verdict, Json)) });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<T?> OneAsync<T>(string sql, Func<NpgsqlDataReader, T?> read, Guid planId, CancellationToken ct) where T : class
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = planId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? read(reader) : null;
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new BrotliStream(packed, CompressionLevel.Fastest)) zip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var zip = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
