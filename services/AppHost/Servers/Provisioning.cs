using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using static CrisisCoordination.AppHost.Servers.ServerConnections;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>What one deployment is called on the servers.</summary>
/// <param name="Name">Name of the database and of the virtual host.</param>
public sealed record DeploymentPlan(string Name)
{
    /// <summary>Roles and broker users are known to a whole server, so a second deployment on it needs its own names.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Password per service, where the services must know them beforehand; otherwise new ones at each start.</summary>
    public IReadOnlyDictionary<string, string>? Passwords { get; init; }

    /// <summary>Broker policies in RabbitMQ's definitions format, without their virtual host.</summary>
    public JsonArray? Policies { get; init; }

    /// <summary>Makes the timeline's tables as the administrator; gets the role of each service to grant rights to.</summary>
    public Func<NpgsqlDataSource, IReadOnlyDictionary<string, string>, CancellationToken, Task>? MigrateTimeline { get; init; }

    public IReadOnlyDictionary<string, string> RoleByService => Provisioning.Services.ToDictionary(service => service, service => Prefix + service);
}

/// <summary>One service's way to the servers.</summary>
/// <param name="Postgres">Npgsql connection string; the schema named after the service is its own and comes first.</param>
/// <param name="Amqp">Address with user, password and virtual host.</param>
public sealed record ServiceConnections(string Postgres, Uri Amqp);

/// <summary>
/// Makes a deployment's database, schemas, roles, virtual host and broker users, so that a service can touch nothing
/// that is another's. Doing it again changes only the passwords.
/// </summary>
public static class Provisioning
{
    /// <summary>The services, as their roles and schemas are called.</summary>
    public static IReadOnlyList<string> Services { get; } =
        ["access", "consular_contact", "evacuation_planning", "travel_documents", "humanitarian_aid", "partner_gateway"];

    public static async Task<IReadOnlyDictionary<string, ServiceConnections>> ProvisionAsync(
        ServerConnections servers, DeploymentPlan plan, CancellationToken cancellation = default)
    {
        var passwords = plan.Passwords ?? Services.ToDictionary(service => service, _ => Secret.New());
        await Task.WhenAll(ProvisionDatabaseAsync(servers, plan, passwords, cancellation), ProvisionBrokerAsync(servers, plan, passwords, cancellation));
        return Services.ToDictionary(service => service, service => new ServiceConnections(
            new NpgsqlConnectionStringBuilder(servers.Postgres)
            {
                Database = plan.Name,
                Username = plan.Prefix + service,
                Password = passwords[service],
                SearchPath = service,
                ApplicationName = service,
            }.ConnectionString,
            servers.Management is null
                ? servers.Amqp
                : new UriBuilder(servers.AmqpIn(plan.Name)) { UserName = plan.Prefix + service, Password = passwords[service] }.Uri));
    }

    /// <summary>Removes all that <see cref="ProvisionAsync"/> made, data included.</summary>
    public static Task RemoveAsync(ServerConnections servers, DeploymentPlan plan, CancellationToken cancellation = default)
    {
        return Task.WhenAll(RemoveDatabaseAsync(), RemoveBrokerPartAsync());

        async Task RemoveDatabaseAsync()
        {
            await servers.DropDatabaseAsync(plan.Name, cancellation);
            await using var connection = await servers.OpenAsync(cancellation);
            await ExecuteAsync(connection, string.Concat(plan.RoleByService.Values.Select(role => $"drop role if exists {Quoted(role)};")), cancellation);
        }

        async Task RemoveBrokerPartAsync()
        {
            if (servers.Management is null) return;
            using var broker = servers.Broker();
            await broker.DeleteVirtualHostAsync(plan.Name, cancellation);
            await broker.DeleteUsersAsync(plan.RoleByService.Values, cancellation);
        }
    }

    private static async Task ProvisionDatabaseAsync(
        ServerConnections servers, DeploymentPlan plan, IReadOnlyDictionary<string, string> passwords, CancellationToken cancellation)
    {
        await servers.CreateDatabaseAsync(plan.Name, cancellation);
        await using (var connection = await servers.OpenAsync(cancellation, plan.Name))
            await ExecuteAsync(connection, Sql(plan, passwords), cancellation);
        if (plan.MigrateTimeline is null) return;
        await using var owner = NpgsqlDataSource.Create(servers.PostgresIn(plan.Name) + ";Pooling=false");
        await plan.MigrateTimeline(owner, plan.RoleByService, cancellation);
    }

    private static string Sql(DeploymentPlan plan, IReadOnlyDictionary<string, string> passwords)
    {
        var sql = new StringBuilder($"""
            revoke all on database {Quoted(plan.Name)} from public;
            revoke all on schema public from public;

            """);
        foreach (var (service, role) in plan.RoleByService)
        {
            // An administrator who is no superuser gives a schema away only to a role that it is a member of.
            sql.Append($"""
                do $$ begin
                    if not exists (select from pg_roles where rolname = {Literal(role)}) then create role {Quoted(role)}; end if;
                    if not (select rolsuper from pg_roles where rolname = current_user) then grant {Quoted(role)} to current_user; end if;
                end $$;
                alter role {Quoted(role)} login password {Literal(passwords[service])};
                grant connect, temporary on database {Quoted(plan.Name)} to {Quoted(role)};
                create schema if not exists {Quoted(service)} authorization {Quoted(role)};

                """);
        }
        return sql.ToString();
    }

    private static async Task ProvisionBrokerAsync(
        ServerConnections servers, DeploymentPlan plan, IReadOnlyDictionary<string, string> passwords, CancellationToken cancellation)
    {
        if (servers.Management is null) return;
        var users = new JsonArray();
        var permissions = new JsonArray();
        foreach (var (service, user) in plan.RoleByService)
        {
            users.Add(new JsonObject { ["name"] = user, ["password"] = passwords[service], ["tags"] = "" });
            var own = OwnNames(service);
            permissions.Add(new JsonObject { ["user"] = user, ["vhost"] = plan.Name, ["configure"] = own, ["write"] = own, ["read"] = own });
        }
        var policies = new JsonArray();
        foreach (var policy in plan.Policies ?? [])
        {
            var here = policy!.DeepClone();
            here["vhost"] = plan.Name;
            policies.Add(here);
        }
        using var broker = servers.Broker();
        await broker.ApplyAsync(
            new JsonObject
            {
                ["vhosts"] = new JsonArray(new JsonObject { ["name"] = plan.Name }),
                ["users"] = users,
                ["permissions"] = permissions,
                ["policies"] = policies,
            },
            cancellation);
    }

    /// <summary>
    /// A service's queues with their error queues, and MassTransit's exchanges, one per message type. MassTransit also
    /// declares a queue for each running instance, called <c>machine_process_bus_id</c>.
    /// </summary>
    private static string OwnNames(string service) =>
        $@"^({service.Replace('_', '-')}([_-].*)?|CrisisCoordination\..*|MassTransit:.*|[^ ]+_bus_[a-z0-9]+)$";

    private static string Literal(string text) => $"'{text.Replace("'", "''")}'";
}
