using System.Collections.Concurrent;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

/// <summary>The relay by itself; with a broker and with processes that are killed it is tested in ServiceDefaults.Tests.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private readonly Timelines timelines = new();

    public ValueTask InitializeAsync() => timelines.InitializeAsync();

    public ValueTask DisposeAsync() => timelines.DisposeAsync();

    [Fact]
    public async Task Of_two_relays_one_works_and_the_other_takes_over()
    {
        using var stop = new CancellationTokenSource();
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var published = new ConcurrentQueue<(int Relay, Guid Event)>();
        var writer = timelines.Store();
        var first = Start(1, stopFirst.Token);
        await AppendUntilAsync(() => published.Any(p => p.Relay == 1));
        var second = Start(2, stop.Token);
        for (var i = 0; i < 20; i++) await writer.AppendAsync(Guid.CreateVersion7(), Some.Registered());
        await AllArePublishedAsync(published);
        Assert.DoesNotContain(published, p => p.Relay == 2);

        await stopFirst.CancelAsync();
        await AppendUntilAsync(() => published.Any(p => p.Relay == 2));
        await AllArePublishedAsync(published);

        // The session of the one that works dies, as with a cut cable: either may be next.
        var before = published.Count;
        await timelines.RunAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        await AppendUntilAsync(() => published.Count > before);
        await AllArePublishedAsync(published);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        Task Start(int relay, CancellationToken ct) => Task.Run(() => new Relay(new Feed(timelines.Store(Service.PartnerGateway)), (e, _) =>
        {
            published.Enqueue((relay, e.Id));
            return Task.CompletedTask;
        }).RunAsync(ct), CancellationToken.None);

        async Task AppendUntilAsync(Func<bool> condition)
        {
            await Eventually.TrueAsync(async () =>
            {
                await writer.AppendAsync(Guid.CreateVersion7(), Some.Registered());
                return condition();
            }, "a relay published");
        }
    }

    [Fact]
    public async Task What_the_broker_did_not_take_is_published_again_and_nothing_is_lost()
    {
        var store = timelines.Store();
        for (var i = 0; i < 60; i++) await store.AppendAsync(Guid.CreateVersion7(), Some.Registered());
        var published = new ConcurrentQueue<(int Relay, Guid Event)>();
        var calls = 0;
        using var stop = new CancellationTokenSource();
        var relay = Task.Run(async () =>
        {
            var relay = new Relay(new Feed(store), (e, _) =>
            {
                if (Interlocked.Increment(ref calls) % 25 == 0) throw new IOException("the broker is gone");
                published.Enqueue((1, e.Id));
                return Task.CompletedTask;
            }, window: 10);
            await relay.RunAsync(stop.Token);
        });
        await AllArePublishedAsync(published);
        Assert.True(calls >= 60 + 2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relay);
    }

    private async Task AllArePublishedAsync(ConcurrentQueue<(int Relay, Guid Event)> published) =>
        await Eventually.TrueAsync(async () =>
        {
            var stored = await new Feed(timelines.Store()).AllAsync();
            return stored.Count > 0 && stored.Select(e => e.Id).ToHashSet().IsSubsetOf(published.Select(p => p.Event));
        }, "every event was published");
}
