using System.Text.Json.Nodes;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.AppHost;

/// <summary>
/// Makes one deployment's database, roles, virtual host, users and policies, and migrates the timeline. Run by itself
/// (<c>provision</c>) where the servers and the services are somebody else's to start, as in docker-compose.yml.
/// </summary>
internal static class Provision
{
    public const string Verb = "provision";

    /// <summary>A deployment of that name with the timeline's tables and the broker policies of deploy/.</summary>
    public static DeploymentPlan Plan(string name) => new(name)
    {
        Policies = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "rabbitmq-policies.json")))!.AsArray(),
        MigrateTimeline = (owner, roles, ct) => TimelineSchema.MigrateAsync(
            owner, "timeline", Addresses.Services.ToDictionary(service => service, service => roles[EventTypes.Alias(service.ToString())]), ct: ct),
    };

    public static async Task<int> RunAsync()
    {
        string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        var passwords = Provisioning.Services.ToDictionary(service => service, service => Setting($"Passwords__{service}"));
        if (Setting("ConnectionStrings__Postgres") is not { } postgres || Setting("ConnectionStrings__RabbitMq") is not { } amqp
            || Setting("ConnectionStrings__RabbitMqManagement") is not { } management || passwords.ContainsValue(null))
        {
            await Console.Error.WriteLineAsync($"""
                `{Verb}` needs the environment variables ConnectionStrings__Postgres, ConnectionStrings__RabbitMq, ConnectionStrings__RabbitMqManagement
                and Passwords__ with the name of each service: {string.Join(", ", Provisioning.Services)}. docker-compose.yml shows them.
                """);
            return 2;
        }
        await Provisioning.ProvisionAsync(new ServerConnections(postgres, new Uri(amqp), new Uri(management)),
            Plan(Setting("Deployment") ?? "crisis") with { Passwords = passwords.ToDictionary(p => p.Key, p => p.Value!) });
        Console.WriteLine("The database, the roles, the virtual host and the broker's users stand.");
        return 0;
    }
}
