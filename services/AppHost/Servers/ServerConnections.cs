using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>How an administrator reaches the two servers.</summary>
/// <param name="Postgres">Npgsql connection string of a superuser, or of a role that may create databases and roles.</param>
/// <param name="Amqp"><c>amqp://user:password@host:port/virtual-host</c>.</param>
/// <param name="Management">RabbitMQ's management API with user and password; without it the virtual host and user of <paramref name="Amqp"/> serve everyone.</param>
public sealed record ServerConnections(string Postgres, Uri Amqp, Uri? Management)
{
    public async Task CreateDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var known = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await known.ExecuteScalarAsync(cancellation) is not null) return;
        await ExecuteAsync(connection, $"create database {Quoted(name)}", cancellation);
    }

    public async Task DropDatabaseAsync(string name, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(cancellation);
        await ExecuteAsync(connection, $"drop database if exists {Quoted(name)} with (force)", cancellation);
    }

    public async Task CreateVirtualHostAsync(string name, CancellationToken cancellation = default)
    {
        using var broker = Broker();
        await broker.ApplyAsync(new JsonObject { ["vhosts"] = new JsonArray(new JsonObject { ["name"] = name }) }, cancellation);
    }

    public async Task DeleteVirtualHostAsync(string name, CancellationToken cancellation = default)
    {
        using var broker = Broker();
        await broker.DeleteVirtualHostAsync(name, cancellation);
    }

    /// <summary>The administrator's connection string to another database.</summary>
    public string PostgresIn(string database) => new NpgsqlConnectionStringBuilder(Postgres) { Database = database }.ConnectionString;

    /// <summary>The administrator's address of another virtual host.</summary>
    public Uri AmqpIn(string virtualHost) => new UriBuilder(Amqp) { Path = Uri.EscapeDataString(virtualHost) }.Uri;

    internal BrokerAdmin Broker() =>
        new(Management ?? throw new ServersUnavailableException("This needs RabbitMQ's management API: set ConnectionStrings__RabbitMqManagement."));

    internal async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation, string? database = null)
    {
        // Unpooled: a connection left behind would stand in the way of dropping the database.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false, Database = database ?? new NpgsqlConnectionStringBuilder(Postgres).Database }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // Making and dropping a database takes as long as the disk needs.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";

    internal string ToJson() => JsonSerializer.Serialize(this);
    public static ServerConnections FromJson(string json) => JsonSerializer.Deserialize<ServerConnections>(json)!;
}
