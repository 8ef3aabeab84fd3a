using System.Text.Json;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>What a second start must know to find its servers again.</summary>
internal sealed record ServerMemory
{
    public string PostgresPassword { get; init; } = Secret.New();
    public int PostgresPort { get; init; }
    public string RabbitPassword { get; init; } = Secret.New();
    /// <summary>RabbitMQ keeps its data under this name, so it never changes.</summary>
    public string RabbitNode { get; init; } = $"crisis-{Secret.New()[..8]}@localhost";
    public int AmqpPort { get; init; }
    public int ManagementPort { get; init; }
    public int DistributionPort { get; init; }
    public int EpmdPort { get; init; }
}

/// <summary>The folder of the private servers, held by one AppHost at a time.</summary>
internal sealed class ServerFolder : IDisposable
{
    private const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream claim;

    private ServerFolder(string path, FileStream claim) => (Path, this.claim) = (path, claim);

    public string Path { get; }
    public ServerMemory Memory { get; private set; } = new();
    public static ServerUser? User => ServerUser.Current;

    private string MemoryFile => At("memory.json");

    public static ServerFolder Claim(string path, Action<string> progress)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        path = ServerUser.Reachable(path, progress);
        Directory.CreateDirectory(path);
        if (User is not null) File.SetUnixFileMode(path, Passable);
        try
        {
            var folder = new ServerFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            if (File.Exists(folder.MemoryFile)) folder.Memory = JsonSerializer.Deserialize<ServerMemory>(File.ReadAllText(folder.MemoryFile))!;
            return folder;
        }
        catch (IOException taken) when (taken is not DirectoryNotFoundException)
        {
            throw new ServersUnavailableException($"CrisisCoordination already runs from here: another one holds {path}. Stop it first.", taken);
        }
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Remember(Func<ServerMemory, ServerMemory> change)
    {
        Memory = change(Memory);
        Secret.Write(MemoryFile, JsonSerializer.Serialize(Memory));
    }

    public void Forget()
    {
        foreach (var part in Directory.GetDirectories(Path)) Directory.Delete(part, recursive: true);
        File.Delete(MemoryFile);
        Memory = new();
    }

    /// <summary>A folder in which the servers' user, and nobody else but us, may read and write.</summary>
    public async Task<string> OwnedAsync(string name, CancellationToken cancellation)
    {
        var path = At(name);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (User is { } user) await user.OwnAsync(path, cancellation);
        return path;
    }

    public void Dispose() => claim.Dispose();
}
