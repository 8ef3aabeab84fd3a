namespace CrisisCoordination.AppHost.Servers;

/// <param name="Folder">Where private servers keep their data, such as <c>.local/servers</c>.</param>
public sealed record ServersOptions(string Folder)
{
    /// <summary>Throw away what an earlier start left.</summary>
    public bool Fresh { get; init; }

    /// <summary>Only servers of our own, which can be stopped and killed; for tests of outages.</summary>
    public bool PrivateOnly { get; init; }
}

/// <summary>
/// PostgreSQL and RabbitMQ: those that the environment names, else private ones from binaries on the machine, else
/// containers, else installed first. Disposing stops what was started here, and leaves the data.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly ServerFolder folder;
    private readonly Stack<Func<Task>> stop = new();

    private Servers(ServerFolder folder) => this.folder = folder;

    public ServerConnections Connections { get; private set; } = null!;

    /// <summary>Where the data really is, which for root may be another place than asked for.</summary>
    public string Folder => folder.Path;

    /// <summary>null where PostgreSQL is not ours.</summary>
    public PrivateServer? Postgres { get; private set; }

    /// <summary>null where RabbitMQ is not ours.</summary>
    public PrivateServer? Rabbit { get; private set; }

    /// <param name="options">Where, and what is allowed.</param>
    /// <param name="progress">Takes one line at a time, for a person to read.</param>
    /// <param name="cancellation">Stops what has been started.</param>
    /// <exception cref="ServersUnavailableException">There are none; the message says what to type.</exception>
    public static async Task<Servers> StartAsync(ServersOptions options, Action<string> progress, CancellationToken cancellation = default)
    {
        var servers = new Servers(ServerFolder.Claim(options.Folder, progress));
        try
        {
            await servers.StartAsyncCore(options, progress, cancellation);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (stop.TryPop(out var step)) await step();
        folder.Dispose();
    }

    private async Task StartAsyncCore(ServersOptions options, Action<string> progress, CancellationToken cancellation)
    {
        var postgres = options.PrivateOnly ? null : FromEnvironment("Postgres");
        var rabbit = options.PrivateOnly ? null : FromEnvironment("RabbitMq");
        var management = FromEnvironment("RabbitMqManagement");
        if (postgres is not null) progress("PostgreSQL is the one that ConnectionStrings__Postgres names.");
        if (rabbit is not null)
            progress("RabbitMQ is the one that ConnectionStrings__RabbitMq names." + (management is null
                ? " Without ConnectionStrings__RabbitMqManagement all services share its user and virtual host."
                : ""));

        await PostgresServer.StopLeftoverAsync(folder, cancellation);
        await RabbitServer.StopLeftoverAsync(folder, cancellation);
        if (options.Fresh) folder.Forget();
        // Remembered before anything is made with these passwords.
        folder.Remember(memory => memory);

        var missing = Missing(postgres, rabbit);
        if (missing.Length > 0 && !options.PrivateOnly && await Containers.FindAsync(folder.Memory, cancellation) is { } containers)
        {
            stop.Push(containers.StopAsync);
            await containers.StartAsync(options.Fresh, progress, cancellation);
            Connections = new(
                postgres ?? containers.Connections.Postgres,
                rabbit is null ? containers.Connections.Amqp : new Uri(rabbit),
                rabbit is null ? containers.Connections.Management : ToUri(management));
            return;
        }
        if (missing.Length > 0 && DebianPackages.CanInstall)
        {
            await DebianPackages.InstallAsync(missing, progress, cancellation);
            missing = Missing(postgres, rabbit);
        }
        if (missing.Length > 0) throw new ServersUnavailableException(WhatToType(missing));

        // The two need nothing of each other, and each waits mostly for itself.
        var own = Task.WhenAll(
            postgres is null ? StartPostgresAsync(progress, cancellation) : Task.CompletedTask,
            rabbit is null ? StartRabbitAsync(progress, cancellation) : Task.CompletedTask);
        await own;
        Connections = new(
            postgres ?? ((PostgresServer)Postgres!).ConnectionString,
            rabbit is null ? ((RabbitServer)Rabbit!).Amqp : new Uri(rabbit),
            rabbit is null ? ((RabbitServer)Rabbit!).Management : ToUri(management));
    }

    private async Task StartPostgresAsync(Action<string> progress, CancellationToken cancellation)
    {
        var version = PostgresServer.DataVersion(folder);
        var binaries = Executables.Postgres(version) ?? throw new ServersUnavailableException(
            $"The data in {folder.Path} was made with PostgreSQL {version}, which is not on this machine any more. Install it, or start with --fresh.");
        var server = await PostgresServer.StartAsync(folder, binaries, progress, cancellation);
        Postgres = server;
        lock (stop) stop.Push(server.StopAsync);
    }

    private async Task StartRabbitAsync(Action<string> progress, CancellationToken cancellation)
    {
        var server = await RabbitServer.StartAsync(folder, Executables.Rabbit()!, progress, cancellation);
        Rabbit = server;
        lock (stop) stop.Push(server.StopAsync);
    }

    private static string[] Missing(string? postgres, string? rabbit) =>
    [
        .. postgres is null && Executables.Postgres(null) is null ? ["postgresql"] : Array.Empty<string>(),
        .. rabbit is null && Executables.Rabbit() is null ? ["rabbitmq-server"] : Array.Empty<string>(),
    ];

    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } value ? value : null;

    private static Uri? ToUri(string? address) => address is null ? null : new Uri(address);

    private static string WhatToType(string[] missing) => $"""
        CrisisCoordination needs PostgreSQL and RabbitMQ, and {string.Join(" and ", missing)} cannot be found here. Type one of these, then start again:
          Debian, Ubuntu   sudo apt-get install postgresql rabbitmq-server
          Fedora           sudo dnf install postgresql-server rabbitmq-server
          macOS            brew install postgresql@17 rabbitmq
          Docker           start Docker or Podman: the servers then run in containers
          elsewhere        export ConnectionStrings__Postgres='Host=…;Username=…;Password=…'
                           export ConnectionStrings__RabbitMq='amqp://user:password@host:5672/'
        """;
}
