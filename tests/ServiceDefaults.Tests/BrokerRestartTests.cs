using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

/// <summary>MassTransit 8.5.12 on RabbitMQ.Client 7.1.2 while the broker goes and comes, and while the database does.</summary>
public sealed class BrokerRestartTests(PrivateServers servers) : IClassFixture<PrivateServers>
{
    [Fact]
    public async Task Under_load_the_broker_is_killed_then_restarted_then_the_database_and_nothing_is_lost()
    {
        var plan = new DeploymentPlan("house");
        var connections = await Provisioning.ProvisionAsync(servers.Servers.Connections, plan);
        await using var owner = NpgsqlDataSource.Create(servers.Servers.Connections.PostgresIn("house"));
        await TimelineSchema.MigrateAsync(owner, "timeline", plan.RoleByService.ToDictionary(
            role => Enum.GetValues<Service>().Single(service => EventTypes.Alias(service.ToString()) == role.Key), role => role.Value));
        var masterKey = new byte[32];
        var aid = connections["humanitarian_aid"];
        await using var service = await AidFile.Service().StartAsync(aid.Postgres, aid.Amqp, masterKey);
        using var gateway = HouseProcess.Start(connections["partner_gateway"].Postgres, connections["partner_gateway"].Amqp, masterKey);
        var address = servers.Servers.Connections.AmqpIn("house");
        HashSet<Guid> heard = [];
        await using (await Listener.OpenAsync(address, "witness", typeof(PersonRegistered))) { }

        await using var database = NpgsqlDataSource.Create(connections["consular_contact"].Postgres + ";Timeout=5");
        using var store = new TimelineStore(database, new TimelineOptions { MasterKey = masterKey }, TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var people = new List<Guid>();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                try
                {
                    var person = Guid.CreateVersion7();
                    await store.DecideAsync<AidFile>(person, _ => ServiceInProcess.Registered("Somebody", "water", "food"));
                    people.Add(person);
                    await Task.Delay(10);
                }
                catch (NpgsqlException)
                {
                    await Task.Delay(50); // the database is away; what was not stored is not counted
                }
        });
        await NeedsAreOpenAsync(50);
        await servers.Rabbit.KillAsync();
        await Eventually.TrueAsync(() => people.Count > 150, "registrations go on without a broker");
        await servers.Rabbit.StartAsync();
        await NeedsAreOpenAsync(people.Count);
        await servers.Rabbit.RestartAsync();
        await NeedsAreOpenAsync(people.Count + 20);
        await servers.Postgres.KillAsync();
        await servers.Postgres.StartAsync();
        await NeedsAreOpenAsync(people.Count + 20);
        await enough.CancelAsync();
        await writing;
        await NeedsAreOpenAsync(people.Count);

        // Each need once, however often it was woken; and the witness has each event's own id at least once.
        Assert.Equal(0L, await owner.CreateCommand("select count(*) from (select stream_id, data->>'kind' from timeline.mt_events where type = 'aid_need_opened' group by 1, 2 having count(*) > 1) twice").ExecuteScalarAsync());
        await using var witness = await Listener.OpenAsync(address, "witness", typeof(PersonRegistered));
        await using (var reader = await owner.CreateCommand("select id from timeline.mt_events where type = 'person_registered'").ExecuteReaderAsync())
            while (await reader.ReadAsync()) heard.Add(reader.GetGuid(0));
        await Eventually.TrueAsync(() => heard.SetEquals(witness.Ids), "the witness heard every registration", HouseProcess.Patience);

        Task NeedsAreOpenAsync(int count) => Eventually.TrueAsync(async () =>
        {
            try
            {
                await using var command = owner.CreateCommand("select count(*) from (select stream_id from timeline.mt_events where type = 'aid_need_opened' group by 1 having count(*) = 2) both_needs");
                return (long)(await command.ExecuteScalarAsync())! >= count;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, $"the needs of {count} people are open", HouseProcess.Patience);
    }
}
