using System.Diagnostics;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Benchmarks;

internal static class Reads
{
    public static async Task FoldAsync(Ground ground)
    {
        Console.WriteLine("\nFold of a 50-event timeline (5 sealed forms); the floor reads the same rows unsealed, parses and folds them by hand");
        var ids = Enumerable.Range(0, 64).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids) await PutAsync(ground, id);
        await ground.RunAsync("analyze timeline.mt_events; analyze floor.mt_events");
        foreach (var readers in new[] { 1, 4 })
        {
            var next = 0;
            var comparison = await ground.CompareAsync(readers,
                async _ => Check((await ground.Store.LoadAsync<Case>(ids[Interlocked.Increment(ref next) % ids.Length])).State),
                async _ => Check(await FloorAsync(ground.Database, ids[Interlocked.Increment(ref next) % ids.Length])));
            comparison.Print($"{readers} readers", "folds/s  ", $"time {1 / comparison.Ratio:0.00} x the floor's; reach 1.40");
        }

        static void Check(Case state)
        {
            if (state.Facts != 50 || state.Form?.FamilyName != Sample.Form.FamilyName) throw new InvalidOperationException("The fold is wrong.");
        }
    }

    public static async Task CatchUpAsync(Ground ground) => await CatchUpAsync(ground, 200_000);

    public static async Task<double> CatchUpAsync(Ground ground, int events)
    {
        Console.WriteLine($"\nFeed catch-up over {events:N0} events; the floor reads the same rows in the same pages and parses nothing");
        var from = await FillAsync(ground, events);
        var feed = new Feed(ground.Store);
        var rates = new List<(double, double)>();
        for (var run = 0; run < (ground.Long ? 9 : 5); run++)
        {
            var watch = Stopwatch.StartNew();
            var read = 0;
            await foreach (var (batch, _) in feed.FollowAsync(from))
                if ((read += batch.Count) >= events) break;
            var ours = read / watch.Elapsed.TotalSeconds;
            rates.Add((ours, await FloorCatchUpAsync(ground.Database, from, events)));
        }
        var comparison = new Comparison(rates.Skip(1).ToList());
        comparison.Print("one reader", "events/s ", "reach 120,000 events/s");
        return comparison.Ours;
    }

    /// <summary>Events as the store writes them, multiplied by the server. Returns the position before them.</summary>
    public static async Task<FeedPosition> FillAsync(Ground ground, int events)
    {
        var from = await new Feed(ground.Store).EndAsync();
        var pattern = Guid.CreateVersion7();
        await PutAsync(ground, pattern);
        await ground.RunAsync($"""
            create temporary table people on commit drop as select gen_random_uuid() id from generate_series(1, {events / 50 - 1});
            insert into timeline.mt_streams (id, version) select id, 50 from people;
            insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, user_name)
                select nextval('timeline.mt_events_sequence'), gen_random_uuid(), p.id, e.version, e.data, e.type, e.timestamp, e.mt_dotnet_type, e.user_name
                from people p cross join timeline.mt_events e where e.stream_id = '{pattern}' order by p.id, e.version;
            """);
        await ground.RunAsync("vacuum analyze timeline.mt_events");
        return from;
    }

    private static async Task PutAsync(Ground ground, Guid id)
    {
        var events = Sample.FiftyEvents().ToArray();
        // As the administrator: on a timeline the events of several services stand.
        using var store = new TimelineStore(ground.Owner, new TimelineOptions { MasterKey = ground.MasterKey }, TimeProvider.System);
        await store.DecideAsync<Case>(id, _ => Decision.Of(events), new By("officer-7"));
        await ground.RunAsync($"insert into floor.mt_streams (id, version) values ('{id}', 50)");
        for (var i = 0; i < events.Length; i++)
        {
            await using var command = ground.Owner.CreateCommand("insert into floor.mt_events (seq_id, id, stream_id, version, data, type, timestamp, user_name) values (nextval('floor.mt_events_sequence'), gen_random_uuid(), $1, $2, $3, $4, now(), 'officer-7')");
            command.Parameters.Add(new() { Value = id });
            command.Parameters.Add(new() { Value = i + 1L });
            command.Parameters.Add(new() { Value = JsonSerializer.Serialize(events[i], events[i].GetType(), EventJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = EventTypes.NameOf(events[i]) });
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<Case> FloorAsync(NpgsqlDataSource database, Guid id)
    {
        await using var command = database.CreateCommand("select id, version, type, data, seq_id, timestamp, user_name from floor.mt_events where stream_id = $1 and not is_archived order by version");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync();
        var state = Case.Start(id);
        while (await reader.ReadAsync())
        {
            _ = (reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6));
            state = state.Apply((Event)JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(3), EventTypes.House.Find(reader.GetString(2))!.Clr, EventJson.Options)!);
        }
        return state;
    }

    private static async Task<double> FloorCatchUpAsync(NpgsqlDataSource database, FeedPosition after, int events)
    {
        var (watch, read) = (Stopwatch.StartNew(), 0);
        while (read < events)
        {
            await using var command = database.CreateCommand("""
                select e.id, e.stream_id, e.version, e.type, e.data, e.transaction_id, e.seq_id, e.timestamp, e.user_name, e.causation_id from timeline.mt_events e
                where (e.transaction_id, e.seq_id) > ($1, $2) and e.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) order by e.transaction_id, e.seq_id limit 1000
                """);
            command.Parameters.Add(new NpgsqlParameter<ulong> { TypedValue = after.TransactionId, NpgsqlDbType = NpgsqlDbType.Xid8 });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.SeqId });
            await using var reader = await command.ExecuteReaderAsync();
            for (; await reader.ReadAsync(); read++)
            {
                _ = reader.GetFieldValue<byte[]>(4);
                after = new FeedPosition(reader.GetFieldValue<ulong>(5), reader.GetInt64(6));
            }
        }
        return read / watch.Elapsed.TotalSeconds;
    }
}
