using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>A database and a virtual host of a test class's own, on the run's shared servers.</summary>
public sealed class Deployment : IAsyncLifetime
{
    private readonly DeploymentPlan plan;

    public Deployment()
    {
        var name = $"test_{Guid.NewGuid():N}"[..17];
        plan = new DeploymentPlan(name) { Prefix = name + "_" };
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
        Servers = await TestServers.GetAsync();
        Services = await Provisioning.ProvisionAsync(Servers, plan);
    }

    public async ValueTask DisposeAsync() => await Provisioning.RemoveAsync(Servers, plan);
}
