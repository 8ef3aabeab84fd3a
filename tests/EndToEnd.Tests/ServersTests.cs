using System.Diagnostics;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Testing;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

public sealed class PrivateServersTests(PrivateServers servers) : IClassFixture<PrivateServers>
{
    [Fact]
    public async Task A_second_start_finds_its_data_and_a_fresh_one_starts_empty()
    {
        await LeaveSomethingAsync("kept");
        await servers.StopAsync();
        Assert.Empty(await StillRunningAsync());

        await servers.StartAsync();
        Assert.True(await IsThereAsync("kept"));

        await servers.StopAsync();
        await servers.StartAsync(fresh: true);
        Assert.False(await IsThereAsync("kept"));
    }

    [Fact]
    public async Task What_was_confirmed_survives_a_power_cut()
    {
        await LeaveSomethingAsync("confirmed");
        // RabbitMQ 3.10 writes a new quorum queue's name to its directory up to half a second late, so the queue must be an old one.
        await servers.Rabbit.RestartAsync();
        await PublishAsync("confirmed");
        await Task.WhenAll(servers.Postgres.KillAsync(), servers.Rabbit.KillAsync());
        await Task.WhenAll(servers.Postgres.StartAsync(), servers.Rabbit.StartAsync());
        Assert.True(await IsThereAsync("confirmed"));
    }

    [Fact]
    public async Task Only_one_AppHost_holds_the_folder()
    {
        var refusal = await Assert.ThrowsAsync<ServersUnavailableException>(() => servers.StartAsync());
        Assert.Contains("already runs", refusal.Message);
    }

    [Fact]
    public async Task The_servers_die_with_an_AppHost_that_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a child that its parent has died.");
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"crisis-coordination-killed-{Environment.ProcessId}"));
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "CrisisCoordination.AppHost"),
            [Keeper.Verb, "--dir", folder.FullName, "--until-exit", $"{Environment.ProcessId}"])
        { UseShellExecute = false, RedirectStandardOutput = true };
        using (var keeper = Process.Start(start)!)
        {
            await Eventually.TrueAsync(() => File.Exists(Keeper.AddressesIn(folder.FullName)), "the servers stand");
            keeper.Kill();
            await keeper.WaitForExitAsync();
        }
        await Eventually.TrueAsync(async () => (await RunningInAsync(folder.FullName)).Count == 0, "nothing runs any more");
        folder.Delete(recursive: true);
    }

    private async Task LeaveSomethingAsync(string name)
    {
        await servers.Servers.Connections.CreateDatabaseAsync(name);
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await PublishAsync(name);
    }

    private async Task PublishAsync(string name)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("", name, mandatory: true, new BasicProperties { Persistent = true }, new byte[] { 1 });
    }

    private async Task<bool> IsThereAsync(string name)
    {
        await using var postgres = new NpgsqlConnection(servers.Servers.Connections.Postgres + ";Pooling=false");
        await postgres.OpenAsync();
        await using var command = new NpgsqlCommand("select 1 from pg_database where datname = $1", postgres) { Parameters = { new() { Value = name } } };
        var database = await command.ExecuteScalarAsync() is not null;

        try
        {
            await Eventually.TrueAsync(() => HasMessageAsync(name), "the message is there");
            return database;
        }
        catch (OperationInterruptedException absent) when (absent.ShutdownReason?.ReplyCode == 404)
        {
            Assert.False(database);
            return false;
        }
    }

    /// <summary>A quorum queue elects its leader only after the broker says that it is ready, and until then a get goes unanswered.</summary>
    private async Task<bool> HasMessageAsync(string queue)
    {
        await using var connection = await ConnectAsync(patience: 5);
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            // One that comes after we stopped waiting goes back to the queue, as nobody said that it was taken.
            if (await channel.BasicGetAsync(queue, autoAck: false) is not { } message) return false;
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Task<IConnection> ConnectAsync(int patience = 60) => new ConnectionFactory { Uri = servers.Servers.Connections.Amqp, ContinuationTimeout = TimeSpan.FromSeconds(patience) }.CreateConnectionAsync();

    private Task<List<string>> StillRunningAsync() => RunningInAsync(servers.Servers.Folder);

    /// <summary>Every process that works in the folder, Erlang's daemon included.</summary>
    private static async Task<List<string>> RunningInAsync(string folder)
    {
        var running = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                var workingFolder = Directory.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName ?? "";
                if (workingFolder.StartsWith(folder)) running.Add(await File.ReadAllTextAsync(Path.Combine(process, "cmdline")));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended, or is another user's.
            }
        }
        return running;
    }
}

public sealed class DeploymentTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Fact]
    public async Task A_service_owns_its_schema_and_sees_no_other()
    {
        await using var access = await OpenAsync("access");
        await ExecuteAsync(access, "create table mine (name text)");
        Assert.Equal("access", await ScalarAsync(access, "select table_schema from information_schema.tables where table_name = 'mine'"));

        await using var aid = await OpenAsync("humanitarian_aid");
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(aid, "select * from access.mine"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(aid, "create table public.theirs (name text)"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task Names_are_searched_in_any_script_without_regard_to_case()
    {
        await using var access = await OpenAsync("access");
        Assert.Equal("élodie øzge анна", await ScalarAsync(access, "select lower('ÉLODIE ØZGE АННА')"));
    }

    [Fact]
    public async Task A_service_uses_its_own_queues_only()
    {
        await using var connection = await new ConnectionFactory { Uri = deployment.Services["travel_documents"].Amqp }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("travel-documents", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync("travel-documents_error", durable: true, exclusive: false, autoDelete: false);
        await channel.ExchangeDeclareAsync("CrisisCoordination.Contracts:PersonRegistered", "fanout", durable: true);
        await channel.QueueBindAsync("travel-documents", "CrisisCoordination.Contracts:PersonRegistered", "");

        var refusal = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("consular-contact", durable: true, exclusive: false, autoDelete: false));
        Assert.Equal((ushort)403, refusal.ShutdownReason!.ReplyCode);
    }

    private async Task<NpgsqlConnection> OpenAsync(string service)
    {
        var connection = new NpgsqlConnection(deployment.Services[service].Postgres + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}

public sealed class ProvisioningTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Fact]
    public async Task Doing_it_again_keeps_the_data_and_renews_the_passwords_and_removing_leaves_nothing()
    {
        var name = $"test_again_{Guid.NewGuid():N}"[..22];
        var plan = new DeploymentPlan(name) { Prefix = name + "_" };
        var watch = Stopwatch.StartNew();
        var first = await Provisioning.ProvisionAsync(deployment.Servers, plan);
        TestContext.Current.SendDiagnosticMessage($"Provisioning took {watch.ElapsedMilliseconds} ms.");
        Assert.Equal(0, await RowsAsync(first, "create table t (n int); select count(*) from t"));
        var second = await Provisioning.ProvisionAsync(deployment.Servers, plan);
        Assert.Equal(0, await RowsAsync(second, "select count(*) from t"));
        await Assert.ThrowsAsync<PostgresException>(() => RowsAsync(first, "select count(*) from t"));

        watch.Restart();
        await Provisioning.RemoveAsync(deployment.Servers, plan);
        TestContext.Current.SendDiagnosticMessage($"Removing took {watch.ElapsedMilliseconds} ms.");
        await using var administrator = new NpgsqlConnection(deployment.Servers.Postgres + ";Pooling=false");
        await administrator.OpenAsync();
        await using var left = new NpgsqlCommand("select count(*) from pg_roles where starts_with(rolname, $1)", administrator) { Parameters = { new() { Value = name } } };
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    private static async Task<long> RowsAsync(IReadOnlyDictionary<string, ServiceConnections> services, string sql)
    {
        await using var connection = new NpgsqlConnection(services["access"].Postgres + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
