using System.Net.Sockets;

namespace CrisisCoordination.AppHost.Servers;

internal sealed class RabbitServer : PrivateServer
{
    private const string Administrator = "crisis-admin";

    private readonly ServerFolder folder;
    private readonly string scripts;
    private readonly ServerMemory memory;
    private ServerProcess? portMapper;

    private RabbitServer(ServerFolder folder, string scripts, Action<string> progress) : base("RabbitMQ", progress)
    {
        this.folder = folder;
        this.scripts = scripts;
        folder.Remember(last => last with
        {
            AmqpPort = FreePort(last.AmqpPort),
            ManagementPort = FreePort(last.ManagementPort),
            DistributionPort = FreePort(last.DistributionPort),
            EpmdPort = FreePort(last.EpmdPort),
        });
        memory = folder.Memory;
    }

    public Uri Amqp => new($"amqp://{Administrator}:{memory.RabbitPassword}@127.0.0.1:{memory.AmqpPort}/");
    public Uri Management => new($"http://{Administrator}:{memory.RabbitPassword}@127.0.0.1:{memory.ManagementPort}/");

    private protected override string[] Logs => [Console, Log];
    private protected override TimeSpan StartLimit => TimeSpan.FromSeconds(120);

    private string Console => At("console.log");
    private string Log => At("rabbit.log");
    private string At(string name) => folder.At($"rabbit/{name}");

    public static async Task StopLeftoverAsync(ServerFolder folder, CancellationToken cancellation)
    {
        await ServerProcess.StopLeftoverAsync(folder.At("rabbit.pid"), folder.Memory.RabbitNode, Signal.Terminate, cancellation);
        await ServerProcess.StopLeftoverAsync(folder.At("epmd.pid"), $"-port {folder.Memory.EpmdPort}", Signal.Terminate, cancellation);
    }

    public static async Task<RabbitServer> StartAsync(ServerFolder folder, string scripts, Action<string> progress, CancellationToken cancellation)
    {
        var server = new RabbitServer(folder, scripts, progress);
        await folder.OwnedAsync("rabbit", cancellation);
        Secret.Write(server.At("enabled_plugins"), "[rabbitmq_management].\n");
        Secret.Write(server.At("rabbitmq.conf"), server.Configuration);
        await folder.OwnedAsync("rabbit", cancellation);
        progress($"RabbitMQ starts on 127.0.0.1:{server.memory.AmqpPort}, its pages on http://127.0.0.1:{server.memory.ManagementPort}, data in {server.At("data")}.");
        await server.StartAsync(cancellation);
        return server;
    }

    private string Configuration => $"""
        listeners.tcp.1 = 127.0.0.1:{memory.AmqpPort}
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {memory.ManagementPort}
        default_user = {Administrator}
        default_pass = {memory.RabbitPassword}
        log.console = false
        log.file = {Log}

        """;

    private Dictionary<string, string> Surroundings => new()
    {
        ["RABBITMQ_NODENAME"] = memory.RabbitNode,
        ["RABBITMQ_MNESIA_BASE"] = At("data"),
        ["RABBITMQ_LOG_BASE"] = At("log"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = At("generated"),
        ["RABBITMQ_SCHEMA_DIR"] = At("schema"),
        ["RABBITMQ_CONFIG_FILE"] = At("rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = At("enabled_plugins"),
        // Absent on purpose: the machine's own settings are for the machine's own broker.
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = At("none.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = At("none"),
        ["RABBITMQ_DIST_PORT"] = $"{memory.DistributionPort}",
        // The script becomes the broker instead of staying its parent, and the broker ends when standard input does.
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        // Erlang's busy waiting would take the processor from everyone else; the node's name is how a leftover is recognised.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            $"+B i +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {{127,0,0,1}} -crisis {memory.RabbitNode}",
        ["ERL_EPMD_PORT"] = $"{memory.EpmdPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["HOME"] = At(""),
    };

    private protected override async Task<ServerProcess> LaunchAsync(CancellationToken cancellation)
    {
        // Erlang would start this daemon by itself and leave it behind.
        if (Executables.InPath("epmd") is { } epmd)
            portMapper ??= await PortMapperAsync(epmd, cancellation);
        return ServerProcess.Start(
            Path.Combine(scripts, "rabbitmq-server"), [], Surroundings, Console, folder.At("rabbit.pid"), ServerFolder.User, Signal.Terminate);
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        if (!await AcceptsAsync(memory.AmqpPort, cancellation)) return false;
        try
        {
            using var broker = new BrokerAdmin(Management);
            return await broker.IsReadyAsync(cancellation);
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            return false;
        }
    }

    private protected override async Task StoppedAsync()
    {
        if (portMapper is null) return;
        await portMapper.StopAsync();
        portMapper = null;
    }

    private async Task<ServerProcess> PortMapperAsync(string epmd, CancellationToken cancellation)
    {
        var process = ServerProcess.Start(
            epmd, ["-port", $"{memory.EpmdPort}", "-address", "127.0.0.1"],
            new Dictionary<string, string>(), At("epmd.log"), folder.At("epmd.pid"), ServerFolder.User, Signal.Terminate);
        while (!process.Exited.IsCompleted && !await AcceptsAsync(memory.EpmdPort, cancellation)) await Task.Delay(10, cancellation);
        return process;
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
