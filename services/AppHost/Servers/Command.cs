using System.Diagnostics;

namespace CrisisCoordination.AppHost.Servers;

/// <summary>A program that runs to its end.</summary>
internal static class Command
{
    /// <exception cref="ServersUnavailableException">It failed; the message carries what it said.</exception>
    public static async Task<string> RunAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? await output
                : throw new ServersUnavailableException($"{Path.GetFileName(file)} failed:\n{await output}{await errors}".TrimEnd());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The same as <paramref name="user"/>, where we are root.</summary>
    public static Task<string> RunAsync(ServerUser? user, string file, IEnumerable<string> arguments, CancellationToken cancellation) =>
        user is null
            ? RunAsync(file, arguments, cancellation: cancellation)
            : RunAsync("setpriv", ["--reuid", $"{user.Uid}", "--regid", $"{user.Gid}", "--clear-groups", file, .. arguments], cancellation: cancellation);
}
