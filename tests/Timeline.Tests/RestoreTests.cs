using System.Diagnostics;
using System.Security.Cryptography;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

/// <summary>A dump restored into another cluster brings transaction ids that the new one has not reached.</summary>
public sealed class RestoreTests(PrivateServers origin, RestoreTests.Elsewhere elsewhere) : IClassFixture<PrivateServers>, IClassFixture<RestoreTests.Elsewhere>
{
    private readonly byte[] masterKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>A second cluster; a class may have one fixture of each type.</summary>
    public sealed class Elsewhere : IAsyncLifetime
    {
        public PrivateServers Servers { get; } = new();

        public ValueTask InitializeAsync() => Servers.InitializeAsync();

        public ValueTask DisposeAsync() => Servers.DisposeAsync();
    }

    [Fact]
    public async Task A_restored_dump_is_refused_until_it_is_repaired_and_then_loses_and_skips_nothing()
    {
        var dump = Path.Combine(Path.GetTempPath(), $"crisis-coordination-{Environment.ProcessId}.dump");
        var people = Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7()).ToArray();
        FeedPosition half;
        List<Guid> before;
        await using (var database = await OpenAsync(origin.Servers.Connections))
        {
            await TimelineSchema.MigrateAsync(database, "timeline", new Dictionary<Service, string>());
            await BurnAsync(database, 20_000);
            using var store = Open(database);
            var feed = new Feed(store);
            foreach (var person in people) await store.AppendAsync(person, Some.Registered());
            half = (await feed.AllAsync())[29].Position;
            await using (var connection = await database.OpenConnectionAsync()) await feed.SaveAsync("reader", half, connection);
            foreach (var person in people) await store.AppendAsync(person, Some.Joined(), Some.Joined());
            before = [.. (await feed.AllAsync()).Select(e => e.Id)];
            Assert.Equal(90, before.Count);
        }

        await RunAsync("pg_dump", origin.Servers.Connections, "--format=custom", "--file", dump);
        await using var restored = await OpenAsync(elsewhere.Servers.Servers.Connections);
        await RunAsync("pg_restore", elsewhere.Servers.Servers.Connections, "--no-owner", "--dbname", "people", dump);
        File.Delete(dump);

        var refusal = await Assert.ThrowsAsync<RestoredDatabaseException>(() => TimelineSchema.CheckAsync(restored, "timeline"));
        Assert.Contains("Run the migration", refusal.Message);
        await TimelineSchema.MigrateAsync(restored, "timeline", new Dictionary<Service, string>());
        await TimelineSchema.CheckAsync(restored, "timeline");

        using (var store = Open(restored))
        {
            var feed = new Feed(store);
            Assert.Equal(before, (await feed.AllAsync()).Select(e => e.Id));
            // The saved position has gone to no later place, and what comes after it is all that it had not seen.
            var position = await feed.PositionAsync("reader");
            var rest = await ReadFromAsync(feed, position);
            Assert.Superset(before.Skip(30).ToHashSet(), rest.Select(e => e.Id).ToHashSet());

            foreach (var person in people) Assert.Equal(4, (await store.AppendAsync(person, Some.Registered("After Wards"))).Version);
            Assert.Equal(30, (await ReadFromAsync(feed, position)).Count - rest.Count);
            Assert.Equal(120, (await feed.AllAsync()).Count);
            Assert.Equal("After Wards", ((PersonRegistered)(await store.ReadAsync(people[0])).Events[3].Event).Form!.FamilyName);
        }

        // Done once; a later start finds nothing to repair.
        var order = await restored.ScalarAsync<string>("select string_agg(transaction_id::text, ',' order by seq_id) from timeline.mt_events");
        await TimelineSchema.MigrateAsync(restored, "timeline", new Dictionary<Service, string>());
        Assert.Equal(order, await restored.ScalarAsync<string>("select string_agg(transaction_id::text, ',' order by seq_id) from timeline.mt_events"));
    }

    private TimelineStore Open(NpgsqlDataSource database) => new(database, new TimelineOptions { MasterKey = masterKey }, TimeProvider.System);

    private static async Task<List<RecordedEvent>> ReadFromAsync(Feed feed, FeedPosition position) => [.. (await feed.ReadAsync(position, 1000)).Events];

    private static async Task<NpgsqlDataSource> OpenAsync(ServerConnections servers)
    {
        await servers.CreateDatabaseAsync("people");
        return NpgsqlDataSource.Create(servers.PostgresIn("people"));
    }

    private static async Task BurnAsync(NpgsqlDataSource database, int transactions) =>
        await database.RunAsync($"do $$ begin for i in 1..{transactions} loop perform txid_current(); commit; end loop; end $$");

    private static async Task RunAsync(string program, ServerConnections servers, params string[] arguments)
    {
        var to = new NpgsqlConnectionStringBuilder(servers.PostgresIn("people"));
        var start = new ProcessStartInfo(program, ["--host", to.Host!, "--port", $"{to.Port}", "--username", to.Username!, .. program == "pg_dump" ? ["--dbname", "people"] : Array.Empty<string>(), .. arguments])
        {
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = to.Password },
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
    }
}
