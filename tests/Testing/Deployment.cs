using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>A database and a virtual host of a test class's own, on the run's shared servers unless others are given.</summary>
public sealed class Deployment : IAsyncLifetime
{
    private readonly DeploymentPlan plan;
    private readonly Func<Task<ServerConnections>> servers;

    public Deployment() : this(TestServers.GetAsync) { }

    internal Deployment(Func<Task<ServerConnections>> servers)
    {
        var name = $"test_{Guid.NewGuid():N}"[..17];
        // The same when the broker is made anew, so that running services can go back to it.
        plan = new DeploymentPlan(name) { Prefix = name + "_", Passwords = Provisioning.Services.ToDictionary(service => service, _ => Guid.NewGuid().ToString("N")) };
        this.servers = servers;
    }

    public ServerConnections Servers { get; private set; } = null!;

    /// <summary>Connections per service, by its name in snake case.</summary>
    public IReadOnlyDictionary<string, ServiceConnections> Services { get; private set; } = null!;

    /// <summary>The database role of each service.</summary>
    public IReadOnlyDictionary<Service, string> Roles => plan.RoleByService.ToDictionary(
        role => Enum.GetValues<Service>().Single(service => EventTypes.Alias(service.ToString()) == role.Key), role => role.Value);

    /// <summary>The administrator's connection string to this database.</summary>
    public string Postgres => Servers.PostgresIn(plan.Name);

    /// <summary>The administrator's address of this virtual host.</summary>
    public Uri Amqp => Servers.Management is null ? Servers.Amqp : Servers.AmqpIn(plan.Name);

    public async ValueTask InitializeAsync()
    {
        Servers = await servers();
        Services = await Provisioning.ProvisionAsync(Servers, plan);
    }

    /// <summary>The broker loses all it had and knows the services again, as after a disk was replaced.</summary>
    public async Task RebuildBrokerAsync()
    {
        await Servers.DeleteVirtualHostAsync(plan.Name);
        await Provisioning.ProvisionAsync(Servers, plan);
    }

    public async ValueTask DisposeAsync() => await Provisioning.RemoveAsync(Servers, plan);
}
