using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>A server of our own on a free port. Tests of outages stop, kill and start it; port and data stay.</summary>
public abstract class PrivateServer
{
    private readonly Action<string> progress;
    private ServerProcess? process;

    private protected PrivateServer(string name, Action<string> progress) => (Name, this.progress) = (name, progress);

    public string Name { get; }

    private protected abstract string[] Logs { get; }
    private protected abstract TimeSpan StartLimit { get; }

    public async Task StartAsync(CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        for (var attempt = 1; !await TryStartAsync(watch, cancellation); attempt++)
        {
            // Children of a killed server need a moment to notice and let go.
            if (attempt == 5 || watch.Elapsed > StartLimit) throw new ServersUnavailableException($"{Name} does not start.\n{EndOfLogs()}");
            await Task.Delay(500, cancellation);
        }
        progress($"{Name} is ready after {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    /// <summary>Ends cleanly; nothing of it runs on.</summary>
    public async Task StopAsync()
    {
        if (process is null) return;
        await process.StopAsync();
        await StoppedAsync();
        process = null;
        progress($"{Name} has stopped.");
    }

    /// <summary>Ends like a power cut.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        await process.KillAsync();
        await StoppedAsync();
        process = null;
    }

    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        await StopAsync();
        await StartAsync(cancellation);
    }

    private protected abstract Task<ServerProcess> LaunchAsync(CancellationToken cancellation);
    private protected abstract Task<bool> IsReadyAsync(CancellationToken cancellation);
    private protected virtual Task StoppedAsync() => Task.CompletedTask;

    private async Task<bool> TryStartAsync(Stopwatch watch, CancellationToken cancellation)
    {
        process = await LaunchAsync(cancellation);
        try
        {
            while (!process.Exited.IsCompleted && watch.Elapsed < StartLimit)
            {
                if (await IsReadyAsync(cancellation)) return true;
                await Task.Delay(50, cancellation);
            }
        }
        catch
        {
            await StopAsync();
            throw;
        }
        await KillAsync();
        return false;
    }

    private string EndOfLogs() => string.Join('\n', Logs.Where(File.Exists).SelectMany(log => File.ReadLines(log).TakeLast(15).Prepend($"The end of {log}:")));

    /// <summary>The port of last time if nobody has taken it, so that bookmarks and tools keep working.</summary>
    private protected static int FreePort(int preferred)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, preferred);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (preferred != 0)
        {
            return FreePort(0);
        }
    }
}
