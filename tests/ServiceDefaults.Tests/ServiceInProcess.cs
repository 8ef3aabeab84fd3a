using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CrisisCoordination.ServiceDefaults.Tests;

internal static class ServiceInProcess
{
    public static string[] Settings(string postgres, Uri amqp, byte[] masterKey) =>
    [
        $"--ConnectionStrings:Postgres={postgres};Maximum Pool Size=30;Timeout=60;Command Timeout=120", $"--ConnectionStrings:RabbitMq={amqp}", $"--Timeline:MasterKey={Convert.ToBase64String(masterKey)}", "--urls=http://127.0.0.1:0",
    ];

    public static async Task<WebApplication> StartAsync(this CrisisService service, string postgres, Uri amqp, byte[] masterKey)
    {
        var app = service.Build(Settings(postgres, amqp, masterKey));
        await app.StartAsync();
        return app;
    }

    public static Task<WebApplication> StartAsync(this CrisisService service, Timelines timelines) =>
        service.StartAsync(timelines.ConnectionString(service.Service), timelines.Deployment.Services[service.Schema].Amqp, timelines.MasterKey);

    public static PersonRegistered Registered(string name, params string[] needs) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R", Channel.Self, false, new Registration { FamilyName = name, NeedsNow = needs, BirthDate = new BirthDate(1931, 7, 19), Phone = "+1 555 0199 777" }, DateTimeOffset.UtcNow);

    public static async Task<Guid[]> RegisterAsync(this TimelineStore store, int people, params string[] needs)
    {
        var ids = Enumerable.Range(0, people).Select(_ => Guid.CreateVersion7()).ToArray();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (id, ct) =>
            await store.DecideAsync<AidFile>(id, _ => Registered("Wilhelmina Quill", needs), ct: ct));
        return ids;
    }
}

/// <summary>A small decider: opens a need for each thing that a person asked for, once.</summary>
internal sealed record AidFile(Guid Id) : IFold<AidFile>
{
    public ImmutableSortedSet<string> Asked { get; init; } = [];
    public ImmutableSortedSet<string> Opened { get; init; } = [];

    public static AidFile Start(Guid id) => new(id);

    public AidFile Apply(Event @event) => @event switch
    {
        PersonRegistered { Form: { } form } => this with { Asked = Asked.Union(form.NeedsNow) },
        RegistrationCorrected { Form: { } form } => this with { Asked = Asked.Union(form.NeedsNow) },
        AidNeedOpened e => this with { Opened = Opened.Add(e.Kind) },
        _ => this,
    };

    public static Decision Open(AidFile file, DateTimeOffset now) =>
        Decision.Of(file.Asked.Except(file.Opened).Select(kind => new AidNeedOpened(Guid.CreateVersion7(), kind, now)));

    public static CrisisService Service()
    {
        var service = CrisisService.Of(Contracts.Service.HumanitarianAid);
        service.Reactions.On<AidFile>(Open, typeof(PersonRegistered), typeof(RegistrationCorrected));
        return service;
    }
}

/// <summary>A durable quorum queue bound to kinds of events, and all that came into it.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IChannel channel;

    private Listener(IConnection connection, IChannel channel) => (this.connection, this.channel) = (connection, channel);

    public ConcurrentQueue<(Guid MessageId, string Text)> Heard { get; } = [];

    public ISet<Guid> Ids => Heard.Select(h => h.MessageId).ToHashSet();

    public static async Task<Listener> OpenAsync(Uri amqp, string queue, params Type[] events)
    {
        var connection = await new ConnectionFactory { Uri = amqp }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        foreach (var type in events)
        {
            await channel.ExchangeDeclareAsync($"{type.Namespace}:{type.Name}", ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(queue, $"{type.Namespace}:{type.Name}", "");
        }
        var listener = new Listener(connection, channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            var text = new StringBuilder(Encoding.UTF8.GetString(message.Body.Span));
            foreach (var (name, value) in message.BasicProperties.Headers ?? new Dictionary<string, object?>())
                text.Append($"\n{name}: {(value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value)}");
            listener.Heard.Enqueue((Guid.Parse(message.BasicProperties.MessageId!), text.ToString()));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
