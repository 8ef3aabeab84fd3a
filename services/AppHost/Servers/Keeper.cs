using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>
/// Keeps the servers that a whole test run shares: <c>servers --dir folder --until-exit process</c>. Writes their
/// addresses to <c>servers.json</c>, or why there are none to <c>failed.txt</c>, and when the process has gone stops
/// them and removes the folder.
/// </summary>
public static class Keeper
{
    public const string Verb = "servers";

    public static string AddressesIn(string folder) => Path.Combine(folder, "servers.json");
    public static string FailureIn(string folder) => Path.Combine(folder, "failed.txt");

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [Verb, "--dir", var folder, "--until-exit", var text] || !int.TryParse(text, CultureInfo.InvariantCulture, out var process))
        {
            await Console.Error.WriteLineAsync("Usage: servers --dir <folder> --until-exit <process id>");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var watching = WatchAsync(process, stop);
        try
        {
            return await KeepAsync(folder, watching, stop.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> KeepAsync(string folder, Task watching, CancellationToken stop)
    {
        string? elsewhere = null;
        try
        {
            var data = Path.Combine(folder, "data");
            await using var servers = await Servers.StartAsync(new ServersOptions(data) { Fresh = true }, Console.WriteLine, stop);
            if (servers.Folder != data) elsewhere = servers.Folder;
            Secret.Write(AddressesIn(folder), servers.Connections.ToJson());
            await watching;
            File.Delete(AddressesIn(folder));
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure)
        {
            Console.WriteLine(failure);
            Secret.Write(FailureIn(folder), failure.Message);
            await watching;
            return 1;
        }
        finally
        {
            if (elsewhere is not null) Directory.Delete(elsewhere, recursive: true);
        }
    }

    /// <summary>Ends when the process has, or when we were told to stop.</summary>
    private static async Task WatchAsync(int id, CancellationTokenSource stop)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync(stop.Token);
        }
        catch (Exception gone) when (gone is ArgumentException or OperationCanceledException)
        {
            // Gone before we looked, or told to stop: the same to us.
        }
        await stop.CancelAsync();
    }
}
