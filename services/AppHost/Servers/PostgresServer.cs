using System.Globalization;
using Npgsql;

namespace CrisisCoordination.AppHost.Servers;

internal sealed class PostgresServer : PrivateServer
{
    public const string Superuser = "crisis_admin";

    private readonly ServerFolder folder;
    private readonly string binaries;
    private readonly int port;

    private PostgresServer(ServerFolder folder, string binaries, Action<string> progress) : base("PostgreSQL", progress)
    {
        this.folder = folder;
        this.binaries = binaries;
        port = FreePort(folder.Memory.PostgresPort);
        folder.Remember(memory => memory with { PostgresPort = port });
    }

    private static string[] Settings { get; } =
    [
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", "log_timezone=UTC",
        // Six services and their pools on a small machine.
        "max_connections=200", "shared_buffers=128MB", "max_wal_size=512MB", "max_parallel_workers_per_gather=0", "jit=off",
    ];

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = "postgres",
        Username = Superuser,
        Password = folder.Memory.PostgresPassword,
    }.ConnectionString;

    private protected override string[] Logs => [Log];
    private protected override TimeSpan StartLimit => TimeSpan.FromSeconds(60);

    private string Log => folder.At("postgres/postgres.log");
    private string Data => DataIn(folder);
    private static string DataIn(ServerFolder folder) => folder.At("postgres/data");
    private static string PidFile(ServerFolder folder) => folder.At("postgres.pid");

    /// <summary>The version that made the data in the folder, if there is any.</summary>
    public static int? DataVersion(ServerFolder folder) =>
        Path.Combine(DataIn(folder), "PG_VERSION") is var file && File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;

    public static Task StopLeftoverAsync(ServerFolder folder, CancellationToken cancellation) =>
        ServerProcess.StopLeftoverAsync(PidFile(folder), DataIn(folder), Signal.Interrupt, cancellation);

    public static async Task<PostgresServer> StartAsync(ServerFolder folder, string binaries, Action<string> progress, CancellationToken cancellation)
    {
        var server = new PostgresServer(folder, binaries, progress);
        await folder.OwnedAsync("postgres", cancellation);
        if (!Directory.Exists(server.Data)) await server.InitialiseAsync(cancellation);
        progress($"PostgreSQL starts on 127.0.0.1:{server.port}, data in {server.Data}.");
        await server.StartAsync(cancellation);
        return server;
    }

    private protected override async Task<ServerProcess> LaunchAsync(CancellationToken cancellation)
    {
        await ForgetStrangerAsync(cancellation);
        return ServerProcess.Start(
            Path.Combine(binaries, "postgres"),
            ["-D", Data, "-p", $"{port}", .. Settings.SelectMany(setting => new[] { "-c", setting })],
            new Dictionary<string, string>(), Log, PidFile(folder), ServerFolder.User, Signal.Interrupt);
    }

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Made beside its place and moved there whole, so that an interrupted first start leaves nothing half-made.</summary>
    private async Task InitialiseAsync(CancellationToken cancellation)
    {
        var draft = Data + ".new";
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        var password = folder.At("postgres/password");
        Secret.Write(password, folder.Memory.PostgresPassword);
        await folder.OwnedAsync("postgres", cancellation);
        try
        {
            // Sorted bytewise, the same everywhere; upper and lower case known for every script, because names are searched.
            var letters = OperatingSystem.IsMacOS() ? "en_US.UTF-8" : "C.UTF-8";
            await Command.RunAsync(
                ServerFolder.User, Path.Combine(binaries, "initdb"),
                ["-D", draft, "-U", Superuser, "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", $"--lc-ctype={letters}"],
                cancellation);
        }
        finally
        {
            File.Delete(password);
        }
        Directory.Move(draft, Data);
    }

    /// <summary>After a crash the lock may name a process that is someone else's by now, and PostgreSQL would not start beside it.</summary>
    private async Task ForgetStrangerAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file)) return;
        var holder = int.Parse((await File.ReadAllLinesAsync(file, cancellation))[0], CultureInfo.InvariantCulture);
        if (await ServerProcess.IsAliveAsync(holder, "", cancellation) && !await ServerProcess.IsAliveAsync(holder, Data, cancellation)) File.Delete(file);
    }
}
