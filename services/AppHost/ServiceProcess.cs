using System.Runtime.InteropServices;
using CrisisCoordination.AppHost.Servers;

namespace CrisisCoordination.AppHost;

/// <summary>
/// A service as a process of its own, started again when it dies, later and later while it keeps dying. It lives no
/// longer than we do.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromSeconds(15), Healthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly Task keeping;
    private int deaths;

    private ServiceProcess(string name, Func<ServerProcess> start, Action<string> say)
    {
        Name = name;
        // The first start is made here, so that a missing program is told at once.
        keeping = KeepAsync(start(), start, say);
    }

    public string Name { get; }

    /// <summary>How often it died by itself.</summary>
    public int Deaths => deaths;

    /// <param name="name">Also names its log.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="logs">The folder of its log.</param>
    /// <param name="say">Told when it dies.</param>
    public static ServiceProcess Start(
        string name, string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, string logs, Action<string> say)
    {
        Directory.CreateDirectory(logs);
        var log = Path.Combine(logs, name + ".log");
        return new(name, () => ServerProcess.Start(file, arguments, settings, log, Path.Combine(logs, name + ".pid"), user: null, Signal.Terminate), say);
    }

    /// <summary>Ends what an AppHost that was killed may have left.</summary>
    /// <param name="name">The service.</param>
    /// <param name="mark">Part of its command line, so that no stranger with the same number is ended.</param>
    /// <param name="logs">The folder of its log.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task StopLeftoverAsync(string name, string mark, string logs, CancellationToken ct) =>
        ServerProcess.StopLeftoverAsync(Path.Combine(logs, name + ".pid"), mark, Signal.Terminate, ct);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await keeping;
        stop.Dispose();
    }

    private async Task KeepAsync(ServerProcess process, Func<ServerProcess> start, Action<string> say)
    {
        var pause = FirstPause;
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            if (await Task.WhenAny(process.Exited, Stopped()) != process.Exited)
            {
                await Task.WhenAny(process.StopAsync(), Task.Delay(Patience));
                if (!process.Exited.IsCompleted) await process.KillAsync();
                return;
            }
            Interlocked.Increment(ref deaths);
            if (TimeProvider.System.GetElapsedTime(started) > Healthy) pause = FirstPause;
            say($"{Name} ended and is started again in {pause.TotalSeconds:0.#} s; its log says why.");
            await Task.WhenAny(Task.Delay(pause), Stopped());
            if (stop.IsCancellationRequested) return;
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            process = start();
        }

        Task Stopped() => Task.Delay(Timeout.Infinite, stop.Token);
    }
}

/// <summary>Where programs are.</summary>
internal static class Programs
{
    /// <summary>The host that runs us; our own executable is not it.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } told && File.Exists(told) ? told
        : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>A service's assembly, built with ours: services/Name/bin/Configuration/net10.0.</summary>
    public static string Service(string name)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var (framework, configuration, services) = (here.Name, here.Parent?.Name, here.Parent?.Parent?.Parent?.Parent?.FullName);
        var file = Path.Combine(services ?? "", name, "bin", configuration ?? "", framework, $"CrisisCoordination.{name}.dll");
        return File.Exists(file) ? file : throw new UsageException($"{name} is not built: there is no {file}. Type: dotnet build CrisisCoordination.sln -c {configuration}");
    }
}
