using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Families who are told of an arrival by a service that is killed again and again while it tells them.</summary>
public sealed class KilledFamilyNewsTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int Families = 40, MostKills = 6, FewestKills = 2;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly string folder = Directory.CreateTempSubdirectory("killed-news-").FullName;
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromSeconds(30) };
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
    private Process process = null!;

    public async ValueTask InitializeAsync()
    {
        Start();
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        http.Dispose();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_family_is_told_exactly_once_however_often_the_service_is_killed()
    {
        using var store = new TimelineStore(database, new TimelineOptions { Schema = "timeline", MasterKey = house.MasterKey, Events = EventTypes.House }, TimeProvider.System);
        var crisis = Guid.CreateVersion7();
        await AppendAsync(store, crisis, new CrisisOpened("news", "test", "Exercise", "Floods", [], Now));
        for (var i = 0; i < Families; i++)
        {
            var (mother, son, request) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            await AppendAsync(store, mother, Registered(crisis, $"M-{i}", $"+25884{7_000_000 + (i * 37)}"), new TracingRequested(request, new() { FamilyName = "Sought" }, "child", "officer", Now), new RelativeFound(request, son, null, Now));
            await AppendAsync(store, son, Registered(crisis, $"S-{i}", null), new TracingMatchFound(request, mother, 3, [], Now.AddDays(3), Now), new TracingAnswered(request, true, "self", null, "officer", Now), new Arrived(crisis, "ETH", true, "gate", Now));
        }

        // When is drawn from a seed; what it is doing then is not.
        var dice = new Random(2026);
        var kills = 0;
        while (kills < FewestKills || kills < MostKills && await CountAsync("relative_arrived") < Families)
        {
            await Task.Delay(dice.Next(1500));
            Kill();
            kills++;
            Start();
            if (dice.Next(3) > 0) await ReadyAsync();
        }
        await ReadyAsync();
        await Eventually.TrueAsync(async () => await CountAsync("relative_arrived") >= Families && Files().Length >= Families && await CountAsync("contact_sent") >= Families, "every mother is told and written to", TimeSpan.FromMinutes(3));

        Assert.Equal((Families, Families, Families), (await CountAsync("relative_arrived"), await CountAsync("arrival_told"), await CountAsync("outreach_wave_started")));
        Assert.Equal(Families, Files().Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)).GetProperty("address").GetString()).Distinct().Count());
        Assert.Equal(Families, Files().Length);
    }

    private static PersonRegistered Registered(Guid crisis, string reference, string? phone) =>
        new(Guid.CreateVersion7(), crisis, reference, Channel.Phone, false, new() { FamilyName = $"Family {reference}", Phone = phone }, Now) { Exercise = true };

    private static async Task AppendAsync(TimelineStore store, Guid stream, params Event[] events) =>
        await store.AttemptAsync(work => Task.FromResult(work.Append(stream, Decision.Of(events))));

    private string[] Files() => Directory.Exists(Path.Combine(folder, "sms")) ? [.. Directory.GetFiles(Path.Combine(folder, "sms")).Where(file => Path.GetExtension(file) == ".json")] : [];

    private async Task<int> CountAsync(string type)
    {
        await using var count = database.CreateCommand($"select count(*)::int from timeline.mt_events where type = '{type}'");
        return (int)(await count.ExecuteScalarAsync())!;
    }

    private void Start()
    {
        var connections = house.Deployment.Services["consular_contact"];
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = here;
        while (!File.Exists(Path.Combine(root.FullName, "CrisisCoordination.sln"))) root = root.Parent!;
        process = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "services", "ConsularContact", "bin", here.Parent!.Name, here.Name, "CrisisCoordination.ConsularContact"),
        [
            $"--ConnectionStrings:Postgres={connections.Postgres};Maximum Pool Size=20", $"--ConnectionStrings:RabbitMq={connections.Amqp}", $"--Timeline:MasterKey={Convert.ToBase64String(house.MasterKey)}",
            $"--urls={http.BaseAddress}", "--Logging:LogLevel:Default=Error", $"--Outreach:Folder={folder}",
        ])
        { UseShellExecute = false, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
    }

    // As by a power cut.
    private void Kill()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private Task ReadyAsync() => Eventually.TrueAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode, "the service is ready", TimeSpan.FromMinutes(2));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
