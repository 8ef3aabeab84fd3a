using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrisisCoordination.AppHost.Servers;

namespace CrisisCoordination.Testing;

/// <summary>
/// The PostgreSQL and RabbitMQ of the whole test run. Test programs run side by side; the first one that needs servers
/// starts a <see cref="Keeper"/>, which outlives it and ends with the run.
/// </summary>
public static class TestServers
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task<ServerConnections>> Shared = new(FindOrStartAsync);

    /// <exception cref="ServersUnavailableException">They did not start; the message is the keeper's.</exception>
    public static Task<ServerConnections> GetAsync() => Shared.Value;

    private static async Task<ServerConnections> FindOrStartAsync()
    {
        var run = RunId();
        var folder = Path.Combine(Path.GetTempPath(), $"crisis-coordination-tests-{run}");
        Directory.CreateDirectory(folder);
        using var turn = await TurnAsync(Path.Combine(folder, "lock"));
        Process? keeper = null;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit; await Task.Delay(50))
        {
            if (File.Exists(Keeper.AddressesIn(folder))) return ServerConnections.FromJson(await File.ReadAllTextAsync(Keeper.AddressesIn(folder)));
            if (File.Exists(Keeper.FailureIn(folder))) throw new ServersUnavailableException(await File.ReadAllTextAsync(Keeper.FailureIn(folder)));
            if (keeper is { HasExited: true }) throw new ServersUnavailableException($"The keeper of the test servers ended. Its log:\n{await LogAsync(folder)}");
            keeper ??= StartKeeper(folder, run);
        }
        throw new ServersUnavailableException($"The test servers are not ready after {StartLimit.TotalMinutes} minutes. The keeper's log:\n{await LogAsync(folder)}");
    }

    /// <summary>The process whose end is the run's end: <c>dotnet test</c>, or this program where it was started by itself.</summary>
    private static int RunId() => Environment.GetCommandLineArgs().Contains("--dotnet-test-pipe") ? getppid() : Environment.ProcessId;

    private static async Task<FileStream> TurnAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>In a session of its own and with no stream of ours, as <c>dotnet test</c> waits for those to close.</summary>
    private static Process StartKeeper(string folder, int run)
    {
        string[] session = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", "/bin/sh"] : ["/bin/sh"];
        string[] command =
        [
            .. session, "-c", "log=$1; shift; exec \"$@\" </dev/null >\"$log\" 2>&1", "sh", LogIn(folder),
            Path.Combine(AppContext.BaseDirectory, "CrisisCoordination.AppHost"),
            Keeper.Verb, "--dir", folder, "--until-exit", run.ToString(CultureInfo.InvariantCulture),
        ];
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false })!;
    }

    private static string LogIn(string folder) => Path.Combine(folder, "keeper.log");

    private static async Task<string> LogAsync(string folder) => File.Exists(LogIn(folder)) ? await File.ReadAllTextAsync(LogIn(folder)) : "(none)";

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getppid();
}
