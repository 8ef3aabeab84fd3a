using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Event = CrisisCoordination.Contracts.Event;

namespace CrisisCoordination.ServiceDefaults;

internal sealed record BrokerAddress(Uri Uri);

/// <summary>MassTransit, set up once for the house. It stays in this file and in <see cref="WakeConsumer{T}"/>.</summary>
internal static class Bus
{
    private const string StreamHeader = "stream-id", VersionHeader = "stream-version";

    public static void Add(IServiceCollection services, CrisisService service)
    {
        AddTo(services, service, from: null);
        services.AddSingleton<LiveBus>().AddSingleton<Background>();
    }

    /// <summary>One more, apart from the others; its consumers come from <paramref name="services"/>.</summary>
    public static IBusControl New(IServiceProvider services, CrisisService service)
    {
        var own = new ServiceCollection().AddLogging().AddSingleton(services.GetRequiredService<ILoggerFactory>()).AddSingleton(services.GetRequiredService<BrokerAddress>());
        AddTo(own, service, services);
        return own.BuildServiceProvider().GetRequiredService<IBusControl>();
    }

    private static void AddTo(IServiceCollection services, CrisisService service, IServiceProvider? from)
    {
        // MassTransit lets its environment variable win over the call below; nothing about people in danger phones home.
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(context.GetRequiredService<BrokerAddress>().Uri, host =>
                {
                    host.PublisherConfirmation = true;
                    host.ConnectionName(service.Queue);
                });
                rabbit.ConfigureJsonSerializerOptions(OnTheBus);
                rabbit.Publish<Event>(topology => topology.Exclude = true);
                if (service.Reactions.Events.Count == 0) return;
                rabbit.ReceiveEndpoint(service.Queue, endpoint =>
                {
                    // Only the type is set here: what may change later (limits, dead letters, overflow) is a broker policy in deploy/.
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = 64;
                    endpoint.ConcurrentMessageLimit = 16;
                    endpoint.PublishFaults = false;
                    endpoint.ConfigureConsumeTopology = false;
                    foreach (var type in service.Reactions.Events)
                    {
                        endpoint.Bind($"{type.Namespace}:{type.Name}");
                        endpoint.Consumer(typeof(WakeConsumer<>).MakeGenericType(type), consumer => ActivatorUtilities.CreateInstance(from ?? context, consumer));
                    }
                });
            });
        });
        // The bus is started by Background, after the tables stand and the history was handled.
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.FullName == "MassTransit.MassTransitHostedService"));
    }

    /// <summary>Publishes one event of the feed: the record without personal data, its id as message id.</summary>
    public static Task PublishAsync(this IBus bus, RecordedEvent e, CancellationToken ct) =>
        bus.Publish((object)e.Event, e.Event.GetType(), context =>
        {
            context.MessageId = e.Id;
            context.Headers.Set(StreamHeader, e.StreamId.ToString());
            context.Headers.Set(VersionHeader, e.Version);
        }, ct);

    // On the bus an event comes without its personal members: what a request must say, a message need not.
    private static JsonSerializerOptions OnTheBus(JsonSerializerOptions options)
    {
        EventJson.Apply(options).RespectRequiredConstructorParameters = false;
        return options;
    }

    public static Guid StreamId(this ConsumeContext context) => Guid.Parse(context.Headers.Get<string>(StreamHeader)!);

    /// <summary>A connection beside the bus's own. Once lost it stays lost, so what is seen through one is all of the same broker.</summary>
    public static Task<IConnection> ConnectAsync(BrokerAddress broker, CrisisService service, CancellationToken ct) =>
        new ConnectionFactory { Uri = broker.Uri, ClientProvidedName = service.Queue + "_history", AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct);

    /// <summary>
    /// Whether the broker remembers that this service has handled the history. A new broker, or one made anew, does not.
    /// </summary>
    public static async Task<bool> RemembersAsync(IConnection connection, CrisisService service, CancellationToken ct) =>
        await IfThereAsync(connection, async channel =>
        {
            await channel.ExchangeDeclarePassiveAsync(service.Queue + "_history", ct);
            return true;
        }, ct);

    public static async Task RememberAsync(IConnection connection, CrisisService service, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeclareAsync(service.Queue + "_history", ExchangeType.Fanout, durable: true, cancellationToken: ct);
    }

    /// <summary>Takes the queue away with all that waits in it, and the memory of the history first, so that it is handled again.</summary>
    public static async Task ForgetAsync(IConnection connection, CrisisService service, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await channel.ExchangeDeleteAsync(service.Queue + "_history", cancellationToken: ct);
        await channel.QueueDeleteAsync(service.Queue, cancellationToken: ct);
    }

    /// <summary>How many listen on the service's queue; 0 also when there is no queue.</summary>
    public static async Task<uint> ListenersAsync(IConnection connection, CrisisService service, CancellationToken ct) =>
        await IfThereAsync(connection, async channel => (await channel.QueueDeclarePassiveAsync(service.Queue, ct)).ConsumerCount, ct);

    private static async Task<T> IfThereAsync<T>(IConnection connection, Func<IChannel, Task<T>> ask, CancellationToken ct) where T : struct
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return await ask(channel);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return default;
        }
    }
}

/// <summary>
/// The bus in use. Over a lost connection a bus may never stop, whatever it says, and MassTransit does not start again what
/// did not: so a new one takes the place of one that nobody hears from.
/// </summary>
internal sealed class LiveBus(IBusControl first, IServiceProvider services, CrisisService service, ILogger<LiveBus> log)
{
    private static readonly TimeSpan PatienceToStop = TimeSpan.FromSeconds(10), PatienceToStart = TimeSpan.FromSeconds(20);

    private volatile IBusControl bus = first;

    public IBusControl Current => bus;

    public async Task RenewAsync(CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(PatienceToStop);
        try
        {
            await bus.StopAsync(late.Token).WaitAsync(PatienceToStop * 2, ct);
        }
        catch (Exception stuck) when (!ct.IsCancellationRequested)
        {
            log.LogWarning("The bus did not stop: {Fault}", stuck.Message);
        }
        bus = Bus.New(services, service);
        // A queue that does not answer would keep it waiting for ever.
        using var slow = CancellationTokenSource.CreateLinkedTokenSource(ct);
        slow.CancelAfter(PatienceToStart);
        await bus.StartAsync(slow.Token);
    }
}

/// <summary>
/// A message says that an event was appended; the reactions look at the timeline. While the database is out of reach the
/// message waits here; a wake that fails otherwise is tried a few times and then parked. A service that stops does not cut
/// it short: a message that ends in a fault is put aside by the bus and the wake is lost, while one still at work when the
/// process ends is delivered again.
/// </summary>
internal sealed class WakeConsumer<T>(CrisisService service, TimelineStore store, IServiceProvider services, Parking parking, Figures figures)
    : IConsumer<T> where T : Event
{
    public async Task Consume(ConsumeContext<T> context)
    {
        var woken = new Woken(store, services, context.StreamId(), new By(null, context.MessageId), store.Time.GetUtcNow(), CancellationToken.None);
        try
        {
            await Wakes.Patiently(store.Time).ExecuteAsync(async _ => await service.Reactions.WakeAsync(typeof(T), woken));
        }
        catch (Exception fault)
        {
            await Wakes.Patiently(store.Time).ExecuteAsync(async ct =>
                await parking.ParkAsync(woken.StreamId, EventTypes.NameOf(typeof(T)), context.MessageId!.Value, fault, ct));
        }
        figures.Consumed();
    }
}

internal static class Wakes
{
    private static ResiliencePipeline? patiently;

    /// <summary>Waits out an outage of the database for as long as it takes; anything else is tried three times.</summary>
    public static ResiliencePipeline Patiently(TimeProvider clock) => patiently ??= new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(Problems.IsOutage(args.Outcome.Exception)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(5),
            UseJitter = true,
        })
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } fault and not OperationCanceledException && !Problems.IsOutage(fault)),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(100),
            UseJitter = true,
        })
        .Build();
}

/// <summary>All that goes on in a service beside its requests: tables, history, bus, relay, read models, deadlines, parked wakes.</summary>
internal sealed class Background(
    CrisisService service, TimelineStore store, Feed feed, Projections projections, Deadlines deadlines, Parking parking, Idempotency idempotency, LockedAccounts locked, Figures figures,
    LiveBus bus, BrokerAddress broker, IServiceProvider services, ILogger<Background> log) : BackgroundService
{
    private const int MostAlone = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Look = TimeSpan.FromSeconds(3);

    /// <summary>Whether its tables stand.</summary>
    public bool Prepared { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await UntilDone("prepare the database", PrepareAsync, stoppingToken);
        Prepared = true;
        await Task.WhenAll(
            UntilDone("reach the broker", StartBusAsync, stoppingToken),
            Forever("read models", projections.FollowAsync, stoppingToken),
            Forever("deadlines", ct => service.Reactions.HasDeadlines ? deadlines.RunAsync(DueAsync, ct) : Task.Delay(Timeout.Infinite, ct), stoppingToken),
            Forever("locked accounts", locked.FollowAsync, stoppingToken),
            Forever("figures", figures.RunAsync, stoppingToken),
            Forever("housekeeping", HousekeepingAsync, stoppingToken),
            Task.WhenAll(service.WorkBeside.Select(beside => Forever(beside.What, ct => beside.Work(services, ct), stoppingToken))));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await bus.Current.StopAsync(cancellationToken);
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        await TimelineSchema.CheckAsync(store.Database, service.TimelineSchema, ct);
        await store.CheckMasterKeyAsync(ct);
        foreach (var sql in service.OwnTables.Select(t => t.Sql).Prepend(Parking.Create(service.Schema)).Prepend(Figures.Create(service.Schema)).Prepend(idempotency.Create))
        {
            await using var create = store.Database.CreateCommand($"begin; select pg_advisory_xact_lock(hashtextextended('{service.Schema}/tables', 0)); {sql}; commit");
            await create.ExecuteNonQueryAsync(ct);
        }
        await projections.PrepareAsync(ct);
        foreach (var first in service.First) await first(services, ct);
    }

    private async Task StartBusAsync(CancellationToken ct)
    {
        var reacts = service.Reactions.Events.Count > 0;
        var (handled, renewals) = (FeedPosition.Start, 0);
        if (reacts)
        {
            await using var before = await Bus.ConnectAsync(broker, service, ct);
            if (!await Bus.RemembersAsync(before, service, ct)) handled = await HistoryAsync(FeedPosition.Start, ct);
        }
        await bus.Current.StartAsync(ct);
        _ = Forever("relay", new Relay(feed, (e, ct) => bus.Current.PublishAsync(e, ct)).RunAsync, ct);
        if (reacts) await Forever("watch over the queue", WatchAsync, ct);

        // A broker that was rebuilt has lost what was on its way, and a consumer that lost its connection does not always come back by itself.
        // Where a new one does not either, the queue is dead: a broker that was killed does not always get its quorum queues going again.
        // All that waited there is in the history.
        async Task WatchAsync(CancellationToken ct)
        {
            await using var connection = await Bus.ConnectAsync(broker, service, ct);
            for (var alone = 0; ; await Task.Delay(Look, store.Time, ct))
            {
                if (await Bus.ListenersAsync(connection, service, ct) == 0)
                {
                    if (++alone < MostAlone) continue;
                    if (++renewals > 1)
                    {
                        log.LogWarning("Nobody can listen on the queue; it is made anew, and the history is handled again");
                        await Bus.ForgetAsync(connection, service, ct);
                    }
                    log.LogWarning("Nobody listens on the queue; a new bus takes the place of the old one");
                    await bus.RenewAsync(ct);
                }
                else if (!await Bus.RemembersAsync(connection, service, ct))
                {
                    // The first time this is only what was appended after the history was read and before the queue was bound.
                    await HistoryAsync(handled, ct);
                    await Bus.RememberAsync(connection, service, ct);
                }
                else renewals = 0;
                (alone, handled) = (0, FeedPosition.Start);
            }
        }
    }

    private async Task<FeedPosition> HistoryAsync(FeedPosition from, CancellationToken ct)
    {
        var read = 0L;
        while (true)
        {
            var (events, upto) = await feed.ReadAsync(from, 1000, ct);
            if (upto == from) break;
            await Parallel.ForEachAsync(events.Where(e => service.Reactions.Events.Contains(e.Event.GetType())), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (e, ct) =>
            {
                try
                {
                    await Wakes.Patiently(store.Time).ExecuteAsync(async ct =>
                        await service.Reactions.WakeAsync(e.Event.GetType(), new Woken(store, services, e.StreamId, new By(null, e.Id), store.Time.GetUtcNow(), ct)), ct);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    await parking.ParkAsync(e.StreamId, EventTypes.NameOf(e.Event), e.Id, fault, ct);
                }
            });
            (from, read) = (upto, read + events.Count);
        }
        if (read > 0) log.LogInformation("Handled the history: {Events} events", read);
        return from;
    }

    private Task DueAsync(Guid stream, Deadline deadline, CancellationToken ct) =>
        service.Reactions.DueAsync(deadline.Kind, new Woken(store, services, stream, default, store.Time.GetUtcNow(), ct));

    private async Task HousekeepingAsync(CancellationToken ct)
    {
        while (true)
        {
            await parking.RetryAsync(ct);
            await idempotency.ForgetOldAsync(ct);
            await Task.Delay(TimeSpan.FromSeconds(5), store.Time, ct);
        }
    }

    private async Task UntilDone(string what, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            try
            {
                await work(ct);
                return;
            }
            catch (NewerDatabaseException)
            {
                throw;
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("Could not {What} yet: {Fault}", what, fault.Message);
                await Task.Delay(Pause, store.Time, ct);
            }
    }

    private async Task Forever(string what, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            try
            {
                await work(ct);
                return; // it had nothing to do
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("The {What} stopped and start again: {Fault}", what, fault.Message);
                await Task.Delay(Pause, store.Time, ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return; // the service ends, and what it stood on with it
            }
    }
}
