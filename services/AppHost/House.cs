using System.Net;
using System.Net.Sockets;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.AppHost;

/// <summary>Where the services listen.</summary>
internal sealed record Addresses(int BasePort)
{
    private static readonly Service[] Order =
        [Service.ConsularContact, Service.EvacuationPlanning, Service.TravelDocuments, Service.HumanitarianAid, Service.PartnerGateway, Service.Access];

    public static IReadOnlyList<Service> Services => Order;

    public int PortOf(Service service) => BasePort + 1 + Array.IndexOf(Order, service);

    public Uri Of(Service service) => new($"http://127.0.0.1:{PortOf(service)}");
}

/// <summary>Everything on one machine: the servers, then the services. Disposing stops it in the opposite order.</summary>
internal sealed class House : IAsyncDisposable
{
    private const string Name = "crisis_coordination";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Servers.Servers servers;
    private readonly List<ServiceProcess> processes = [];

    private House(Servers.Servers servers, Addresses addresses, HouseSecrets secrets) => (this.servers, Addresses, Secrets) = (servers, addresses, secrets);

    public Addresses Addresses { get; }

    public HouseSecrets Secrets { get; }

    /// <exception cref="UsageException">A port is taken or a service is not built or does not start.</exception>
    /// <exception cref="ServersUnavailableException">There is no PostgreSQL or RabbitMQ.</exception>
    public static async Task<House> StartAsync(CommandLine command, LocalFolder local, Action<string> say, CancellationToken ct)
    {
        var addresses = new Addresses(command.BasePort);
        var programs = Addresses.Services.ToDictionary(service => service, service => Programs.Service(service.ToString()));
        foreach (var (service, program) in programs) await ServiceProcess.StopLeftoverAsync(service.ToString(), program, local.Logs, ct);
        foreach (var service in Addresses.Services) Free(addresses.PortOf(service), service);

        if (command.Fresh) local.Forget();
        var secrets = local.OpenSecrets();
        var house = new House(await Servers.Servers.StartAsync(new ServersOptions(local.Servers) { Fresh = command.Fresh }, say, ct), addresses, secrets);
        try
        {
            var connections = await house.ProvisionAsync(command.Fresh, ct);
            foreach (var service in Addresses.Services)
                house.processes.Add(ServiceProcess.Start(
                    service.ToString(), Programs.DotNet, ["exec", programs[service]], Settings(service, connections[EventTypes.Alias(service.ToString())], addresses, secrets, local), local.Logs, say));
            await Task.WhenAll(house.processes.Select((process, i) => ReadyAsync(process, addresses.Of(Addresses.Services[i]), local, ct)));
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
        await servers.DisposeAsync();
    }

    private async Task<IReadOnlyDictionary<string, ServiceConnections>> ProvisionAsync(bool fresh, CancellationToken ct)
    {
        var plan = Provision.Plan(Name);
        // Private servers begin anew by themselves; on servers that are not ours only this deployment goes.
        if (fresh && (servers.Postgres is null || servers.Rabbit is null)) await Provisioning.RemoveAsync(servers.Connections, plan, ct);
        return await Provisioning.ProvisionAsync(servers.Connections, plan, ct);
    }

    private static Dictionary<string, string> Settings(Service service, ServiceConnections connections, Addresses addresses, HouseSecrets secrets, LocalFolder local)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = connections.Postgres,
            ["ConnectionStrings__RabbitMq"] = connections.Amqp.AbsoluteUri,
            ["Timeline__MasterKey"] = secrets.MasterKey,
            ["ASPNETCORE_URLS"] = addresses.Of(service).ToString(),
        };
        if (service == Service.Access)
        {
            settings["Access__Administrator"] = secrets.Administrator;
            settings["Access__AdministratorPassword"] = secrets.AdministratorPassword;
        }
        // What would be sent to people becomes files, unless providers are named in the environment.
        if (service == Service.ConsularContact && Environment.GetEnvironmentVariable("Outreach__Folder") is null) settings["Outreach__Folder"] = Path.GetFullPath(local.Outreach);
        // A deployment names the state it issues for; what is tried out here issues for Utopia (ICAO Doc 9303-3).
        if (service == Service.TravelDocuments && Environment.GetEnvironmentVariable("TravelDocuments__Issuer") is null) settings["TravelDocuments__Issuer"] = "UTO";
        return settings;
    }

    private static void Free(int port, Service service)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException)
        {
            throw new UsageException($"Port {port}, on which {service} would listen, is taken by another program. Stop that, or choose other ports with --base-port, such as --base-port 17100.");
        }
    }

    private static async Task ReadyAsync(ServiceProcess process, Uri address, LocalFolder local, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready", ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested) { }
            if (process.Deaths > 2 || TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new UsageException($"{process.Name} does not start. The reason is in {Path.Combine(local.Logs, process.Name)}.log.");
            await Task.Delay(100, ct);
        }
    }
}
