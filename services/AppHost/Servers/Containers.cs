namespace CrisisCoordination.AppHost.Servers;

/// <summary>The two servers of the repository's docker-compose.yml.</summary>
internal sealed class Containers
{
    private static readonly string[] Services = ["postgres", "rabbitmq"];
    private static readonly string[] Engines = ["docker", "podman"];
    private readonly string engine;
    private readonly string composeFile;
    private readonly Dictionary<string, string> environment;

    private Containers(string engine, string composeFile, ServerMemory memory)
    {
        (this.engine, this.composeFile) = (engine, composeFile);
        environment = new()
        {
            ["POSTGRES_PASSWORD"] = memory.PostgresPassword,
            ["RABBITMQ_DEFAULT_USER"] = "crisis-admin",
            ["RABBITMQ_DEFAULT_PASS"] = memory.RabbitPassword,
        };
        Connections = new(
            $"Host=127.0.0.1;Port=5432;Database=postgres;Username=postgres;Password={memory.PostgresPassword}",
            new Uri($"amqp://crisis-admin:{memory.RabbitPassword}@127.0.0.1:5672/"),
            new Uri($"http://crisis-admin:{memory.RabbitPassword}@127.0.0.1:15672/"));
    }

    public ServerConnections Connections { get; }

    /// <returns>null where no engine runs, or there is no compose file to run.</returns>
    public static async Task<Containers?> FindAsync(ServerMemory memory, CancellationToken cancellation)
    {
        if (ComposeFile() is not { } file) return null;
        foreach (var candidate in Engines.Select(Executables.InPath).OfType<string>())
        {
            try
            {
                await Command.RunAsync(candidate, ["info"], cancellation: cancellation);
                await Command.RunAsync(candidate, ["compose", "version"], cancellation: cancellation);
                return new Containers(candidate, file, memory);
            }
            catch (ServersUnavailableException)
            {
                // Installed but not running.
            }
        }
        return null;
    }

    public async Task StartAsync(bool fresh, Action<string> progress, CancellationToken cancellation)
    {
        if (fresh) await ComposeAsync(["rm", "--stop", "--force", "--volumes", .. Services], cancellation);
        progress($"{Path.GetFileName(engine)} compose starts PostgreSQL and RabbitMQ; the first time it fetches their images.");
        await ComposeAsync(["up", "--detach", "--wait", .. Services], cancellation);
    }

    public Task StopAsync() => ComposeAsync(["stop", .. Services], CancellationToken.None);

    private Task<string> ComposeAsync(string[] arguments, CancellationToken cancellation) =>
        Command.RunAsync(engine, ["compose", "--file", composeFile, .. arguments], environment, cancellation);

    private static string? ComposeFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "docker-compose.yml") is var file && File.Exists(file)) return file;
        return null;
    }
}
