using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Areas;

/// <summary>
/// When the areas of a crisis change, works out who is inside now: in the background and in batches, among those whom the
/// change can concern. A service killed in the middle begins again; whoever was worked out already no longer differs.
/// </summary>
internal sealed class FollowAreas(TimelineStore store, Feed feed, CrisisService service, RegisterPerson intake, ILogger<FollowAreas> log) : IDisposable
{
    public const string Table = "create table if not exists {schema}.area_followed (crisis_id uuid primary key, version bigint not null)";

    private const int Batch = 100;
    private const double KilometresPerDegree = 111;

    // Changes that another instance of the service took in are found by looking.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Glance = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim changed = new(0);

    /// <summary>A message about a crisis came.</summary>
    public void Wake() => changed.Release();

    public void Dispose() => changed.Dispose();

    /// <summary>Follows the areas of all crises, one instance of the service at a time.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        feed.TakeTurnsAsync($"{service.Schema}/areas", async (_, ct) =>
        {
            while (true)
            {
                if (await NextAsync(ct) is { } next) await FollowAsync(next.Crisis, next.Version, ct);
                else await changed.WaitAsync(Look, ct);
            }
        }, stopping);

    /// <summary>Whether everybody was worked out against the areas as they are.</summary>
    public static async Task<bool> IsDoneAsync(NpgsqlDataSource database, string schema, Guid crisis, CancellationToken ct)
    {
        await using var ask = database.CreateCommand($"select not exists (select {Behind(schema)} and c.stream_id = $1)");
        ask.Parameters.Add(new() { Value = crisis });
        return await ask.ExecuteScalarAsync(ct) is true;
    }

    // The first message of a crisis concerns nobody: who registers is worked out then and there.
    private static string Behind(string schema) =>
        $"c.stream_id, c.version from {schema}.crisis c left join {schema}.area_followed f on f.crisis_id = c.stream_id where c.version > coalesce(f.version, 1)";

    private async Task<(Guid Crisis, long Version)?> NextAsync(CancellationToken ct)
    {
        await using var next = store.Database.CreateCommand($"select {Behind(service.Schema)} order by c.stream_id limit 1");
        await using var reader = await next.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetInt64(1)) : null;
    }

    private async Task FollowAsync(Guid crisisId, long version, CancellationToken ct)
    {
        // An empty turn: whoever was being taken in by the old areas is stored when it comes back.
        await intake.TakeAsync([], default, null, ct);
        await ReadModelReachesAsync(await LastStoredAsync(ct), ct);
        var differing = await DifferingAsync((await store.LoadAsync<Crisis>(crisisId, ct: ct)).State, ct);
        foreach (var some in differing.Chunk(Batch))
        {
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync(some.Append(crisisId));
                var crisis = await work.LoadAsync<Crisis>(crisisId);
                foreach (var person in some) work.Append(person, Exposed.Judge(await work.LoadAsync<Exposed>(person), [crisis]));
                return null;
            }, default, ct);
            // Others keep changing one of them: the crisis is not done, and is come back to.
            if (outcome.Refusal is not null) return;
        }
        await using var done = store.Database.CreateCommand($"insert into {service.Schema}.area_followed values ($1, $2) on conflict (crisis_id) do update set version = excluded.version");
        done.Parameters.Add(new() { Value = crisisId });
        done.Parameters.Add(new() { Value = version });
        await done.ExecuteNonQueryAsync(ct);
        log.LogInformation("The areas of {Crisis} changed for {People} people", crisisId, differing.Count);
    }

    // Not the feed's end, which leaves out for a moment what another transaction holds back.
    private async Task<FeedPosition> LastStoredAsync(CancellationToken ct)
    {
        await using var last = store.Database.CreateCommand($"select transaction_id, seq_id from {service.TimelineSchema}.mt_events order by mt_events.transaction_id desc, seq_id desc limit 1");
        await using var reader = await last.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : FeedPosition.Start;
    }

    private async Task ReadModelReachesAsync(FeedPosition end, CancellationToken ct)
    {
        while (await feed.PositionAsync($"{service.Schema}/projections", ct) < end) await Task.Delay(Glance, store.Time, ct);
    }

    // Who is inside may be so no longer; who is near, or told a place in words, may be so now.
    private async Task<List<Guid>> DifferingAsync(Crisis crisis, CancellationToken ct)
    {
        await using var find = store.Database.CreateCommand($"""
            select stream_id, inside, gone, latitude, longitude, places from {service.Schema}.exposed where crisis_id = $1 and (inside or cardinality(places) > 0
                or exists (select from unnest($2, $3, $4, $5) as box (south, north, west, east) where latitude between south and north and longitude between west and east))
            """);
        var boxes = crisis.Areas.Select(Box).OfType<(double South, double North, double West, double East)>().ToList();
        find.Parameters.Add(new() { Value = crisis.Id });
        find.Parameters.Add(new() { Value = boxes.ConvertAll(box => box.South).ToArray() });
        find.Parameters.Add(new() { Value = boxes.ConvertAll(box => box.North).ToArray() });
        find.Parameters.Add(new() { Value = boxes.ConvertAll(box => box.West).ToArray() });
        find.Parameters.Add(new() { Value = boxes.ConvertAll(box => box.East).ToArray() });
        find.CommandTimeout = 300;
        await using var reader = await find.ExecuteReaderAsync(ct);
        var differing = new List<Guid>();
        while (await reader.ReadAsync(ct))
        {
            var position = await reader.IsDBNullAsync(3, ct) ? null : new Position(reader.GetDouble(3), reader.GetDouble(4));
            if (new Stand(reader.GetBoolean(2), position, reader.GetFieldValue<string[]>(5)).IsIn(crisis) != reader.GetBoolean(1)) differing.Add(reader.GetGuid(0));
        }
        return differing;
    }

    /// <summary>What surely holds all of an area; null for one that is only a name.</summary>
    internal static (double South, double North, double West, double East)? Box(AffectedArea area)
    {
        if (area.Centre is { } centre)
        {
            var (north, cosine) = (area.RadiusKilometres / KilometresPerDegree + .01, Math.Cos(centre.Latitude * Math.PI / 180));
            var east = north / Math.Max(cosine, .01);
            return Math.Abs(centre.Latitude) + north >= 89 || Math.Abs(centre.Longitude) + 2 * east >= 180
                ? (centre.Latitude - north, centre.Latitude + north, -180, 180)
                : (centre.Latitude - north, centre.Latitude + north, centre.Longitude - 2 * east, centre.Longitude + 2 * east);
        }
        if (area.Polygon.Count == 0) return null;
        var (west, most) = (area.Polygon.Min(p => p.Longitude), area.Polygon.Max(p => p.Longitude));
        // An edge that goes round the other way: any longitude may be inside.
        return most - west > 180 ? (area.Polygon.Min(p => p.Latitude), area.Polygon.Max(p => p.Latitude), -180, 180)
            : (area.Polygon.Min(p => p.Latitude), area.Polygon.Max(p => p.Latitude), west, most);
    }
}
