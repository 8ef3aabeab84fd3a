using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class FeedTests(Timelines timelines) : IClassFixture<Timelines>
{
    [Fact]
    public async Task Thirty_two_writers_with_delays_aborts_and_conflicts_and_a_reader_that_sees_every_event_once_and_in_order()
    {
        const int writers = 32, decisions = 25;
        var people = Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7()).ToArray();
        var store = timelines.Store();
        await Task.WhenAll(people.Select(person => store.AppendAsync(person, Some.Registered())));

        using var enough = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var seen = new List<RecordedEvent>();
        var committed = new TaskCompletionSource<long>();
        var reading = Task.Run(async () =>
        {
            await foreach (var (events, _) in new Feed(timelines.Store(Service.PartnerGateway)).FollowAsync(FeedPosition.Start, 50, ct: enough.Token))
            {
                seen.AddRange(events);
                if (committed.Task.IsCompleted && seen.Count(e => people.Contains(e.StreamId)) >= await committed.Task) break;
            }
        });

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < decisions; i++)
            {
                Guid[] chosen = [.. random.GetItems(people, random.Next(1, 4)).Distinct()];
                try
                {
                    await store.AttemptAsync(async work =>
                    {
                        await work.ReadAsync(chosen);
                        foreach (var id in chosen) work.Append(id, Decision.Of(Enumerable.Range(0, random.Next(1, 4)).Select(Some.Number)));
                        if (random.Next(3) == 0) work.Also($"select pg_sleep({random.NextDouble() / 50})");
                        if (random.Next(10) == 0) work.Also("select 1 / 0");
                        return null;
                    });
                }
                catch (PostgresException aborted) when (aborted.SqlState == PostgresErrorCodes.DivisionByZero)
                {
                    // As meant.
                }
            }
        })));
        var list = string.Join(", ", people.Select(p => $"'{p}'"));
        committed.SetResult(await timelines.ValueAsync<long>($"select count(*) from timeline.mt_events where stream_id in ({list})"));
        await store.AppendAsync(Guid.CreateVersion7(), Some.Registered()); // so that the reader looks once more
        await reading;

        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position));
        Assert.Equal(seen.Count, seen.Select(e => e.Id).Distinct().Count());
        var mine = seen.Where(e => people.Contains(e.StreamId)).ToList();
        Assert.Equal(await committed.Task, mine.Count);
        Assert.All(mine.GroupBy(e => e.StreamId), timeline => Assert.Equal(Enumerable.Range(1, timeline.Count()), timeline.Select(e => (int)e.Version)));
        Assert.True(await timelines.ValueAsync<long>("select last_value from timeline.mt_events_sequence") > seen.Count, "some appends must have been rolled back after they drew numbers");
    }

    [Fact]
    public async Task An_event_that_commits_late_is_waited_for_and_not_skipped()
    {
        var (store, late, early) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var feed = new Feed(store);
        var start = await feed.EndAsync();

        await using var connection = await timelines.Owner.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($$"""
            insert into timeline.mt_streams (id, version) values ('{{late}}', 1);
            insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('timeline.mt_events_sequence'), gen_random_uuid(), '{{late}}', 1, '{"agencies": [], "at": "2026-03-02T08:00:00Z"}', 'sharing_consent_given', now())
            """, connection))
            await command.ExecuteNonQueryAsync();
        await store.AppendAsync(early, Some.Registered());

        Assert.DoesNotContain((await feed.ReadAsync(start, 1000)).Events, e => e.StreamId == late || e.StreamId == early);
        await slow.CommitAsync();
        List<Guid> streams = [];
        await Eventually.TrueAsync(async () => (streams = [.. (await feed.ReadAsync(start, 1000)).Events.Select(e => e.StreamId).Where(id => id == late || id == early)]).Count == 2, "both events are in the feed");
        Assert.Equal([late, early], streams);
    }

    [Fact]
    public async Task Personal_data_is_not_in_the_feed()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        var e = Assert.Single(await new Feed(store).AllAsync(), e => e.StreamId == person);
        var registered = Assert.IsType<PersonRegistered>(e.Event);
        Assert.Null(registered.Form);
        Assert.Equal("R-1", registered.Reference);
    }

    [Fact]
    public async Task A_follower_in_another_process_is_woken_by_a_poke()
    {
        var (writer, follower) = (timelines.Store(), timelines.Store(Service.TravelDocuments));
        // By nothing but a poke: a wait of this length would end the test.
        var woken = follower.Poke.WaitAsync(follower.Poke.Next, TimeSpan.FromMinutes(10), default);
        await Eventually.TrueAsync(async () =>
        {
            // Listening begins with the first wait and takes a moment.
            if (!woken.IsCompleted) await writer.AppendAsync(Guid.CreateVersion7(), Some.Registered());
            return woken.IsCompleted;
        }, "the follower was woken");
        await woken;
    }

    [Fact]
    public async Task Without_any_poke_a_follower_looks_by_itself()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        var feed = new Feed(store);
        var from = await feed.EndAsync();
        var found = Task.Run(async () =>
        {
            await foreach (var (events, _) in feed.FollowAsync(from, 100, ct: limit.Token))
                if (events.Any(e => e.StreamId == person)) return true;
            return false;
        });
        await timelines.RunAsync($$"""
            insert into timeline.mt_streams (id, version) values ('{{person}}', 1);
            insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('timeline.mt_events_sequence'), gen_random_uuid(), '{{person}}', 1, '{"agencies": [], "at": "2026-03-02T08:00:00Z"}', 'sharing_consent_given', now())
            """);
        Assert.True(await found);
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_saved()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        var feed = new Feed(store);
        Assert.Equal(FeedPosition.Start, await feed.PositionAsync("nobody"));
        await store.AppendAsync(person, Some.Registered());
        var end = await feed.EndAsync();
        await using (var connection = await store.Database.OpenConnectionAsync()) await feed.SaveAsync("somebody", end, connection);
        await store.AppendAsync(person, Some.Joined());

        var position = await new Feed(timelines.Store(Service.Access)).PositionAsync("somebody");
        Assert.Equal(end, position);
        Assert.Contains((await feed.ReadAsync(position, 1000)).Events, e => e.StreamId == person && e.Version == 2);
        Assert.DoesNotContain((await feed.ReadAsync(position, 1000)).Events, e => e.StreamId == person && e.Version == 1);
    }
}
