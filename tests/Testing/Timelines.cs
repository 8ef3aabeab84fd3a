using System.Collections.Concurrent;
using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>Timelines of a test class's own, with the tables made and every service's role in place.</summary>
public sealed class Timelines : IAsyncLifetime
{
    public const string Schema = "timeline";

    private readonly ConcurrentBag<IDisposable> opened = [];

    public Deployment Deployment { get; } = new();

    /// <summary>The administrator's connections.</summary>
    public NpgsqlDataSource Owner { get; private set; } = null!;

    public byte[] MasterKey { get; init; } = RandomNumberGenerator.GetBytes(32);

    public async ValueTask InitializeAsync()
    {
        await Deployment.InitializeAsync();
        Owner = Connect(Deployment.Postgres);
        await TimelineSchema.MigrateAsync(Owner, Schema, Deployment.Roles);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened) one.Dispose();
        await Deployment.DisposeAsync();
    }

    /// <summary>Connections as that service.</summary>
    public NpgsqlDataSource Database(Service service) => Connect(ConnectionString(service));

    public string ConnectionString(Service service) => Deployment.Services[EventTypes.Alias(service.ToString())].Postgres;

    /// <summary>The store as another process of that service would open it.</summary>
    public TimelineStore Store(Service service = Service.ConsularContact, TimeProvider? clock = null, EventTypes? events = null, params IProjection[] inline)
    {
        var store = new TimelineStore(
            Database(service), new TimelineOptions { Schema = Schema, MasterKey = MasterKey, Inline = inline, Events = events ?? EventTypes.House }, clock ?? TimeProvider.System);
        opened.Add(store);
        return store;
    }

    /// <summary>Runs statements as the administrator.</summary>
    public async Task RunAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value, as the administrator.</summary>
    public async Task<T> ValueAsync<T>(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private NpgsqlDataSource Connect(string connectionString)
    {
        var database = new NpgsqlDataSourceBuilder(connectionString)
        {
            ConnectionStringBuilder = { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, NoResetOnClose = true, MaxPoolSize = 40, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2, Timeout = 60 },
        }.Build();
        opened.Add(database);
        return database;
    }
}
