using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CrisisCoordination.AppHost.Servers;

internal enum Signal { Interrupt = 2, Kill = 9, Terminate = 15 }

/// <summary>
/// A server that lives no longer than we do. It has a session of its own, so that Ctrl-C reaches only us and we stop
/// things in their order; and Linux sends it <c>stop</c> should we be killed.
/// </summary>
internal sealed class ServerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal stop;
    private int id;

    private ServerProcess(Signal stop) => this.stop = stop;

    public Task Exited => exited.Task;

    /// <param name="pidFile">Remembers the process for <see cref="StopLeftoverAsync"/>.</param>
    public static ServerProcess Start(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string log, string pidFile, ServerUser? user, Signal stop)
    {
        var command = Leash(user, stop)
            .Concat(["sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, file, .. arguments])
            .ToList();
        // Standard input stays open as long as we live: RabbitMQ ends when it closes, also where there is no setpriv.
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(log) };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var server = new ServerProcess(stop);
        var started = new TaskCompletionSource();
        // The kernel sends the death signal when the thread that started the child ends, so that thread stays with it.
        new Thread(() => server.Attend(start, started)) { IsBackground = true, Name = Path.GetFileName(file) }.Start();
        started.Task.GetAwaiter().GetResult();
        File.WriteAllText(pidFile, server.id.ToString(CultureInfo.InvariantCulture));
        return server;
    }

    public async Task StopAsync()
    {
        if (!Exited.IsCompleted) _ = kill(id, (int)stop);
        if (await Task.WhenAny(Exited, Task.Delay(Patience)) != Exited) await KillAsync();
    }

    public async Task KillAsync()
    {
        if (!Exited.IsCompleted) _ = kill(id, (int)Signal.Kill);
        await Exited;
    }

    /// <summary>Ends what an earlier, killed AppHost may have left: the remembered process, if its command line still holds <paramref name="mark"/>.</summary>
    public static async Task StopLeftoverAsync(string pidFile, string mark, Signal stop, CancellationToken cancellation)
    {
        if (!File.Exists(pidFile) || !int.TryParse(await File.ReadAllTextAsync(pidFile, cancellation), CultureInfo.InvariantCulture, out var id)) return;
        var waited = Stopwatch.StartNew();
        while (await IsAliveAsync(id, mark, cancellation))
        {
            _ = kill(id, (int)(waited.Elapsed < Patience ? stop : Signal.Kill));
            await Task.Delay(200, cancellation);
        }
        File.Delete(pidFile);
    }

    public static async Task<bool> IsAliveAsync(int id, string mark, CancellationToken cancellation)
    {
        try
        {
            var commandLine = OperatingSystem.IsLinux()
                ? (await File.ReadAllTextAsync($"/proc/{id}/cmdline", cancellation)).Replace('\0', ' ')
                : await Command.RunAsync("ps", ["-o", "command=", "-p", $"{id}"], cancellation: cancellation);
            return commandLine.Contains(mark);
        }
        catch (Exception gone) when (gone is IOException or ServersUnavailableException)
        {
            return false;
        }
    }

    private void Attend(ProcessStartInfo start, TaskCompletionSource started)
    {
        try
        {
            using var process = Process.Start(start)!;
            id = process.Id;
            started.SetResult();
            process.WaitForExit();
            exited.SetResult();
        }
        catch (Exception failure) when (!started.Task.IsCompleted)
        {
            started.SetException(failure);
        }
    }

    private static List<string> Leash(ServerUser? user, Signal stop)
    {
        if (Executables.InPath("setsid") is not { } session || Executables.InPath("setpriv") is not { } privileges) return [];
        List<string> leash = [session, privileges, "--pdeathsig", stop == Signal.Interrupt ? "INT" : "TERM"];
        return user is null ? leash : [.. leash, "--reuid", $"{user.Uid}", "--regid", $"{user.Gid}", "--clear-groups"];
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
