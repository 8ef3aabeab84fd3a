using CrisisCoordination.AppHost.Servers;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>Servers that a test class may stop, kill and start, because nobody else uses them.</summary>
public sealed class PrivateServers : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("crisis-coordination-").FullName;

    /// <summary>What the servers said while starting and stopping.</summary>
    public List<string> Progress { get; } = [];

    public Servers Servers { get; private set; } = null!;
    public PrivateServer Postgres => Servers.Postgres!;
    public PrivateServer Rabbit => Servers.Rabbit!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync(bool fresh = false) =>
        Servers = await Servers.StartAsync(new ServersOptions(folder) { PrivateOnly = true, Fresh = fresh }, Progress.Add);

    public ValueTask StopAsync() => Servers.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
