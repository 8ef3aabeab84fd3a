using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CrisisCoordination.AppHost.Sample;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A crisis carried through once undisturbed, in real processes, for the others to be measured by.</summary>
public sealed class UndisturbedCrisis : IAsyncLifetime
{
    private const int People = 120;
    private readonly string folder = Directory.CreateTempSubdirectory("killed-services-").FullName;

    public string Scenario => Path.Combine(folder, "crisis");
    public JsonObject Report { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        SampleCrisis.Write(Scenario, seed: 7, People);
        await using var run = new AppHostProcess(Scenario);
        Report = await run.ReportAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return default;
    }
}

/// <summary>Whatever happens to the processes, the story ends the same.</summary>
public sealed class KilledServicesTests(UndisturbedCrisis undisturbed) : IClassFixture<UndisturbedCrisis>
{
    // On a slow machine the story must get a chance to end.
    private const int MostKills = 40;

    [Fact]
    public void The_undisturbed_crisis_holds_something_to_compare()
    {
        Assert.True((int)undisturbed.Report["people"]! > 60);
        Assert.True((int)undisturbed.Report["documents"]!["issued"]! > 0 && (int)undisturbed.Report["aid"]!["deliveries"]! > 0);
    }

    [Fact]
    public async Task Services_killed_every_few_seconds_change_nothing_in_the_report()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A process's children are found the way Linux tells them.");
        await using var run = new AppHostProcess(undisturbed.Scenario);
        // Which service and when is drawn from a seed; what it is doing then is not.
        var dice = new Random(2026);
        var killed = 0;
        // A service that dies again and again before it was ever ready does not start, which the AppHost says and ends.
        await run.SaysAsync("accounts and agencies:");
        var report = run.ReportAsync();
        while (!report.IsCompleted && killed < MostKills)
        {
            await Task.WhenAny(report, Task.Delay(TimeSpan.FromMilliseconds(dice.Next(2000, 3000))));
            var service = WholeHouse.Services[dice.Next(WholeHouse.Services.Count)];
            if (!report.IsCompleted && run.Kill(service)) killed++;
        }
        Same(undisturbed.Report, await report);
        Assert.True(killed >= 3, $"Only {killed} services were killed.");
    }

    [Fact]
    public async Task An_AppHost_stopped_in_the_middle_leaves_nothing_running_and_goes_on_when_started_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A process's children are found the way Linux tells them.");
        await using var run = new AppHostProcess(undisturbed.Scenario);
        await run.SaysAsync("people assessed:");
        var all = run.Descendants();
        Assert.True(all.Count >= 8, $"Six services and two servers run, not {all.Count} processes.");
        Assert.Equal(130, await run.StopAsync());
        Assert.DoesNotContain(all, AppHostProcess.IsAlive);

        run.StartAgain();
        Same(undisturbed.Report, await run.ReportAsync());
    }

    private static void Same(JsonObject expected, JsonObject actual) => Assert.Equal(Comparable(expected), Comparable(actual));

    /// <summary>
    /// How long it took may differ. So may the counts of events and messages: a request that was done before its answer got
    /// lost, or a reaction that was cut off, may leave a correction behind it, and a message that nobody acknowledged comes again.
    /// What became of people may not.
    /// </summary>
    private static string Comparable(JsonObject report)
    {
        var same = (JsonObject)report.DeepClone();
        foreach (var member in (string[])["seconds", "events", "messages"]) Assert.True(same.Remove(member), $"The report lacks {member}.");
        return same.ToJsonString(new() { WriteIndented = true });
    }
}

/// <summary>The AppHost as its user starts it, with a folder and ports of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    // Open to all, as the servers of root run as another user.
    private readonly string local = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"apphost-{Guid.NewGuid():N}")).FullName;
    private readonly string[] crisis;
    private readonly List<string> said = [];
    private readonly int basePort = KilledService.FreePorts(WholeHouse.Services.Count + 1);
    private Process process = null!;

    /// <param name="scenario">null: the sample.</param>
    public AppHostProcess(string? scenario = null)
    {
        crisis = scenario is null ? [] : ["--scenario", scenario];
        Start(["--exit-when-done", "--fresh", .. crisis]);
    }

    public int BasePort => basePort;

    /// <summary>The files of the sample, where it is what was run.</summary>
    public string Sample => Path.Combine(local, "sample");

    /// <summary>The name, password and role of everybody who worked on the crisis.</summary>
    public JsonArray Accounts => JsonNode.Parse(File.ReadAllText(Path.Combine(local, "accounts.json")))!.AsArray();

    /// <summary>With the data that it left, for questions.</summary>
    public async Task OpenAsync()
    {
        process.Dispose();
        lock (said) said.Clear();
        Start("--no-crisis");
        await SaysAsync("Everything runs.");
    }

    /// <summary>With the data that it left.</summary>
    public void StartAgain()
    {
        process.Dispose();
        Start(["--exit-when-done", .. crisis]);
    }

    /// <summary>The report at its end, which must be a good one.</summary>
    public async Task<JsonObject> ReportAsync()
    {
        using var late = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not done after {Limit.TotalMinutes} minutes.\n{Said}");
        }
        Assert.True(process.ExitCode == 0, $"It ended with {process.ExitCode}.\n{Said}");
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(local, "report.json")))!.AsObject();
    }

    public async Task SaysAsync(string text)
    {
        for (var waited = Stopwatch.StartNew(); !Said.Contains(text, StringComparison.Ordinal); await Task.Delay(50))
            Assert.True(waited.Elapsed < Limit && !process.HasExited, $"It never said »{text}«.\n{Said}");
    }

    /// <summary>Asks it to stop; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _ = kill(process.Id, 15);
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }

    /// <summary>Without warning, if it runs at this moment.</summary>
    public bool Kill(Service service)
    {
        foreach (var child in ChildrenOf(process.Id))
            if (CommandLine(child).Contains($"CrisisCoordination.{service}.dll", StringComparison.Ordinal)) return kill(child, 9) == 0;
        return false;
    }

    public List<int> Descendants()
    {
        List<int> all = [.. ChildrenOf(process.Id)];
        for (var i = 0; i < all.Count; i++) all.AddRange(ChildrenOf(all[i]));
        return all;
    }

    public static bool IsAlive(int id) => State(id).Status is not ("Z" or "X" or "");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync();
        process.Dispose();
        Directory.Delete(local, recursive: true);
    }

    private string Said
    {
        get { lock (said) return string.Join('\n', said); }
    }

    private void Start(params string[] options)
    {
        var start = new ProcessStartInfo(KilledService.Program("AppHost"), ["--local", local, "--base-port", $"{basePort}", .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var setting in start.Environment.Keys.Where(name => name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList()) start.Environment.Remove(setting);
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (said) said.Add(line);
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id => State(id).Parent == parent);

    /// <summary>The command's name in /proc/id/stat is in brackets and may hold anything; what follows is plain.</summary>
    private static (string Status, int Parent) State(int id)
    {
        try
        {
            var rest = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (rest[0], int.Parse(rest[1], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ("", 0);
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
