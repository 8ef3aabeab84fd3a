using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

public sealed class ReactionTests : IAsyncLifetime
{
    private readonly Timelines timelines = new();

    public ValueTask InitializeAsync() => timelines.InitializeAsync();

    public ValueTask DisposeAsync() => timelines.DisposeAsync();

    [Fact]
    public async Task Woken_twice_and_in_any_order_a_service_ends_with_the_same_timelines()
    {
        var (consular, aid) = (timelines.Store(), timelines.Store(Service.HumanitarianAid));
        var reactions = AidFile.Service().Reactions;
        var inOrder = await WriteAsync();
        var shuffled = await WriteAsync();
        foreach (var person in inOrder)
            foreach (var e in (await consular.ReadAsync(person)).Events) await WakeAsync(e);

        var wakes = (await Task.WhenAll(shuffled.Select(person => consular.ReadAsync(person)))).SelectMany(t => t.Events).SelectMany(e => new[] { e, e }).ToArray();
        new Random(7).Shuffle(wakes);
        await Parallel.ForEachAsync(wakes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (e, _) => await WakeAsync(e));

        Assert.Equal(await Task.WhenAll(inOrder.Select(TellAsync)), await Task.WhenAll(shuffled.Select(TellAsync)));

        async Task<Guid[]> WriteAsync()
        {
            var people = Enumerable.Range(0, 30).Select(_ => Guid.CreateVersion7()).ToArray();
            for (var i = 0; i < people.Length; i++)
            {
                await consular.DecideAsync<AidFile>(people[i], _ => ServiceInProcess.Registered("Somebody", i % 2 == 0 ? ["water"] : ["food", "shelter"]));
                await consular.DecideAsync<AidFile>(people[i], _ => new RegistrationCorrected(Guid.Empty, "officer", ServiceInProcess.Registered("Somebody", "medical", "water").Form, null, DateTimeOffset.UtcNow));
            }
            return people;
        }

        Task WakeAsync(RecordedEvent e) => reactions.WakeAsync(e.Event.GetType(), new Woken(aid, new ServiceCollection().BuildServiceProvider(), e.StreamId, new By(null, e.Id), DateTimeOffset.UtcNow, default));

        async Task<string> TellAsync(Guid person)
        {
            var events = (await aid.ReadAsync(person)).Events.Select(e => e.Event).ToList();
            return $"{events.Count} {string.Join(",", events.OfType<AidNeedOpened>().Select(e => e.Kind).Order())}";
        }
    }

    [Fact]
    public async Task Messages_that_come_twice_change_nothing_and_each_need_names_its_cause()
    {
        var store = timelines.Store();
        await using var app = await AidFile.Service().StartAsync(timelines);
        var people = await store.RegisterAsync(30, "water", "food");
        await NeedsAreOpenAsync(people);

        var bus = app.Services.GetRequiredService<IBus>();
        var events = (await new Feed(store).ReadAsync(FeedPosition.Start, 1000)).Events.Where(e => e.Event is PersonRegistered).SelectMany(e => new[] { e, e }).ToArray();
        new Random(3).Shuffle(events);
        foreach (var e in events) await bus.PublishAsync(e, default);
        var last = await store.RegisterAsync(5, "water", "food");
        await NeedsAreOpenAsync(last);

        foreach (var person in people)
        {
            var read = await store.ReadAsync(person);
            Assert.Equal(3, read.Version);
            Assert.All(read.Events.Skip(1), e => Assert.Equal(read.Events[0].Id, e.CausedBy));
            Assert.All(read.Events.Skip(1), e => Assert.Null(e.User));
        }
    }

    [Fact]
    public async Task A_service_that_is_new_handles_the_history_before_it_listens()
    {
        var store = timelines.Store();
        var people = await store.RegisterAsync(40, "water", "food");
        // Somebody else's relay is already past all of it.
        var feed = new Feed(store);
        await using (var connection = await store.Database.OpenConnectionAsync()) await feed.SaveAsync(Relay.Name, await feed.EndAsync(), connection);

        await using (var app = await AidFile.Service().StartAsync(timelines))
        {
            await NeedsAreOpenAsync(people);
            await NeedsAreOpenAsync(await store.RegisterAsync(5, "water", "food"));
            await app.StopAsync();
        }

        // The next start of the same service listens at once: what came meanwhile waits in its queue or in the feed.
        var meanwhile = await store.RegisterAsync(5, "water", "food");
        await using var again = await AidFile.Service().StartAsync(timelines);
        await NeedsAreOpenAsync(meanwhile);
        Assert.Equal(50L * 3, await timelines.ValueAsync<long>("select count(*) from timeline.mt_events"));
    }

    [Fact]
    public async Task Nothing_is_reported_to_the_makers_of_MassTransit_whatever_the_environment_says()
    {
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "true");
        await using var app = AidFile.Service().Build(ServiceInProcess.Settings(timelines.ConnectionString(Service.HumanitarianAid), timelines.Deployment.Services["humanitarian_aid"].Amqp, timelines.MasterKey));
        // Making the bus is when MassTransit reads the variable.
        _ = app.Services.GetRequiredService<IBusControl>();
        Assert.False(app.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }

    private async Task NeedsAreOpenAsync(Guid[] people)
    {
        var list = string.Join(", ", people.Select(p => $"'{p}'"));
        await Eventually.TrueAsync(async () => await timelines.ValueAsync<long>($"select count(*) from timeline.mt_events where type = 'aid_need_opened' and stream_id in ({list})") >= people.Length * 2, "the needs are open");
    }
}
