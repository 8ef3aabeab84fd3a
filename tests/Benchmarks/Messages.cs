using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace CrisisCoordination.Benchmarks;

internal static class Messages
{
    private const string Exchange = "CrisisCoordination.Contracts:PersonRegistered";

    /// <summary>A service that relays, from events that stand in the database to the broker's confirmation of the last.</summary>
    public static async Task RelayAsync(Ground ground)
    {
        var count = ground.Long ? 40_000 : 8_000;
        Console.WriteLine($"\nRelay of {count:N0} events to a quorum queue; the floor publishes messages of the same size with confirms, 1,000 in flight");
        await using var connection = await new ConnectionFactory { Uri = ground.Amqp }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("bench", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true);
        await channel.QueueBindAsync("bench", Exchange, "");

        await using var service = await StartAsync(ground, Service.ConsularContact);
        var feed = new Feed(ground.Store);
        await Appends.NewAsync(ground);
        BasicGetResult? message;
        while ((message = await channel.BasicGetAsync("bench", autoAck: true)) is null) await Task.Delay(50);
        await CaughtUpAsync();
        var body = message.Body.ToArray();

        var rates = new List<(double, double)>();
        for (var run = 0; run < (ground.Long ? 7 : 4); run++)
        {
            await MultiplyAsync(ground, count);
            var watch = Stopwatch.StartNew();
            ground.Store.Poke.Now();
            await CaughtUpAsync();
            var ours = count / watch.Elapsed.TotalSeconds;
            await channel.QueuePurgeAsync("bench");
            rates.Add((ours, await FloorAsync(connection, body, count)));
            await channel.QueuePurgeAsync("bench");
        }
        new Comparison(rates.Skip(1).ToList()).Print($"{body.Length} bytes each", "events/s ", "reach 0.60");

        async Task CaughtUpAsync()
        {
            while (await feed.PositionAsync(Relay.Name) < await feed.EndAsync()) await Task.Delay(5);
        }
    }

    /// <summary>From the end of the append to the consumer in another process.</summary>
    public static async Task LatencyAsync(Ground ground)
    {
        Console.WriteLine("\nFrom the stored registration to the consumer in another process (append, feed, relay, quorum queue, MassTransit)");
        await using var service = await StartAsync(ground, Service.ConsularContact);
        var arrived = new ConcurrentDictionary<Guid, long>();
        using var consumer = OtherProcess.Start(ground, "consume");
        consumer.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split(' ') is [var id, var at] && Guid.TryParse(id, out var person)) arrived.TryAdd(person, long.Parse(at, CultureInfo.InvariantCulture));
        };
        consumer.BeginOutputReadLine();
        // Until the consumer's queue is bound and both processes are warm.
        var warm = Stopwatch.StartNew();
        while (arrived.Count < 300 && warm.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Appends.NewAsync(ground);
            await Task.Delay(10);
        }
        await RateAsync("warming up", 50, TimeSpan.FromSeconds(15), print: false);
        await RateAsync("50/s", 50, TimeSpan.FromSeconds(ground.Long ? 30 : 8), print: true, "reach p50 4 ms, p99 15 ms");

        var before = arrived.Count;
        var watch = Stopwatch.StartNew();
        var sent = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed < TimeSpan.FromSeconds(3); count++) await Appends.NewAsync(ground);
            return count;
        })))).Sum();
        while (arrived.Count < before + sent && watch.Elapsed < TimeSpan.FromSeconds(60)) await Task.Delay(5);
        var top = sent / watch.Elapsed.TotalSeconds;
        await RateAsync($"{top / 2:0}/s, half of the top rate", top / 2, TimeSpan.FromSeconds(ground.Long ? 15 : 4), print: true);
        consumer.Kill();

        async Task RateAsync(string what, double perSecond, TimeSpan length, bool print, string reach = "")
        {
            var stored = new ConcurrentDictionary<Guid, long>();
            var appends = new List<Task>();
            var clock = Stopwatch.StartNew();
            for (var n = 0; clock.Elapsed < length; n++)
            {
                var due = TimeSpan.FromSeconds(n / perSecond) - clock.Elapsed;
                if (due > TimeSpan.Zero) await Task.Delay(due);
                appends.Add(Task.Run(async () =>
                {
                    var outcome = await Appends.NewAsync(ground);
                    stored[outcome.Events[0].StreamId] = Stopwatch.GetTimestamp();
                }));
            }
            await Task.WhenAll(appends);
            while (!stored.Keys.All(arrived.ContainsKey)) await Task.Delay(20);
            // Both processes read the machine's one monotonic clock. A message may overtake the answer to its append.
            var latencies = stored.Select(s => Math.Max(0, (arrived[s.Key] - s.Value) * 1000.0 / Stopwatch.Frequency)).ToArray();
            if (print) Console.WriteLine($"  {what,-34} p50 {Comparison.Quantile(latencies, 0.5):0.0} ms, p99 {Comparison.Quantile(latencies, 0.99):0.0} ms, longest {latencies.Max():0.0} ms ({latencies.Length:N0} messages)   {reach}");
        }
    }

    /// <summary>A service in a process of its own that has relayed and consumed and now waits.</summary>
    public static async Task MemoryAsync(Ground ground)
    {
        Console.WriteLine("\nMemory of an idle service (its share: pages of the runtime that several processes use are divided among them), and what its polling costs");
        using var service = OtherProcess.Start(ground, "consume");
        var arrived = 0;
        service.OutputDataReceived += (_, _) => Interlocked.Increment(ref arrived);
        service.BeginOutputReadLine();
        while (arrived < 300)
        {
            await Appends.NewAsync(ground);
            await Task.Delay(5);
        }
        var (idle, before) = (TimeSpan.FromSeconds(ground.Long ? 60 : 8), service.TotalProcessorTime);
        await Task.Delay(idle);
        service.Refresh();
        var busy = (service.TotalProcessorTime - before) / idle;
        Console.WriteLine($"  {Megabytes("Pss")} MB, resident {Megabytes("Rss")} MB, {busy * 100:0.0} % of a core   reach 120 MB");
        service.Kill();

        int Megabytes(string what) =>
            int.Parse(File.ReadLines($"/proc/{service.Id}/smaps_rollup").First(line => line.StartsWith(what + ":")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static async Task<WebApplication> StartAsync(Ground ground, Service service)
    {
        var app = CrisisService.Of(service).Build(OtherProcess.Settings(ground, EventTypes.Alias(service.ToString())));
        await app.StartAsync();
        return app;
    }

    private static async Task MultiplyAsync(Ground ground, int count)
    {
        var pattern = (await Appends.NewAsync(ground)).Events[0].StreamId;
        await ground.RunAsync($"""
            create temporary table people on commit drop as select gen_random_uuid() id from generate_series(1, {count - 1});
            insert into timeline.mt_streams (id, version) select id, 1 from people;
            insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, user_name)
                select nextval('timeline.mt_events_sequence'), gen_random_uuid(), p.id, 1, e.data, e.type, e.timestamp, e.mt_dotnet_type, e.user_name
                from people p cross join timeline.mt_events e where e.stream_id = '{pattern}';
            """);
    }

    private static async Task<double> FloorAsync(IConnection connection, byte[] body, int count)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null));
        var watch = Stopwatch.StartNew();
        var flight = new SemaphoreSlim(1000);
        var publishes = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            await flight.WaitAsync();
            publishes.Add(PublishAsync());
        }
        await Task.WhenAll(publishes);
        return count / watch.Elapsed.TotalSeconds;

        async Task PublishAsync()
        {
            await channel.BasicPublishAsync(Exchange, "", mandatory: false, new BasicProperties { Persistent = true, MessageId = Guid.NewGuid().ToString() }, body);
            flight.Release();
        }
    }
}

/// <summary>A second process of this program: a service that writes down when each message reached it.</summary>
internal static class OtherProcess
{
    public const string Verb = "other-process";

    public static Process Start(Ground ground, string what) => Start(what, Settings(ground, "humanitarian_aid"));

    public static Process Start(string what, string[] settings) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
        [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(OtherProcess).Assembly.Location] : Array.Empty<string>(), Verb, what, .. settings])
    {
        RedirectStandardOutput = true,
    })!;

    public static string[] Settings(Ground ground, string service) =>
    [
        $"--ConnectionStrings:Postgres={ground.Services[service].Postgres}", $"--ConnectionStrings:RabbitMq={ground.Services[service].Amqp}",
        $"--Timeline:MasterKey={Convert.ToBase64String(ground.MasterKey)}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args[0] == Imports.Part) return await ConsularContact.ConsularContactService.Define().RunAsync(args[1..]);
        var service = CrisisService.Of(Service.HumanitarianAid);
        service.Reactions.On(woken =>
        {
            Console.WriteLine($"{woken.StreamId} {Stopwatch.GetTimestamp()}");
            return Task.CompletedTask;
        }, typeof(PersonRegistered));
        return await service.RunAsync(args[1..]);
    }
}
