using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A gate through which sixty people go while the service behind it is killed again and again.</summary>
public sealed class KilledGateTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int People = 60, NoShows = 5, StandBys = 8, Gates = 6, MostKills = 4, FewestKills = 2;

    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = TimeSpan.FromSeconds(20) };
    private readonly Lock killing = new();
    private Process process = null!;

    public async ValueTask InitializeAsync()
    {
        using var access = await house.ClientAsync(Service.Access, Roles.Coordinator);
        http.DefaultRequestHeaders.Authorization = access.DefaultRequestHeaders.Authorization;
        Start();
        await ReadyAsync();
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        http.Dispose();
        return default;
    }

    [Fact]
    public async Task Each_boards_exactly_once_and_what_is_free_goes_to_who_stands_by()
    {
        var (ship, people, waiting) = await SeatedAsync();
        var jobs = new System.Collections.Concurrent.ConcurrentQueue<(string Path, Guid Person)>([
            .. waiting.Select(person => ($"/transports/{ship}/standby", person)),
            .. people.Select((person, i) => (i % (People / NoShows) == 3 ? $"/transports/{ship}/no-shows" : $"/transports/{ship}/boarding", person)),
        ]);
        var open = jobs.Count;

        var work = Task.WhenAll(Enumerable.Range(0, Gates).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (Volatile.Read(ref open) > 0)
                    if (!jobs.TryDequeue(out var job)) await Task.Delay(20);
                    else if (await DoneAsync(job.Path, job.Person)) Interlocked.Decrement(ref open);
                    else jobs.Enqueue(job);
            }
            catch
            {
                // The other gates need not wait for this one.
                Volatile.Write(ref open, 0);
                throw;
            }
        })));
        // When is drawn from a seed; what it is doing then is not.
        var dice = new Random(2026);
        var kills = 0;
        while (!work.IsCompleted && kills < MostKills)
        {
            await Task.WhenAny(work, Task.Delay(dice.Next(300, 1200)));
            if (work.IsCompleted) break;
            Kill();
            kills++;
            Start();
            await ReadyAsync();
        }
        await work.WaitAsync(TimeSpan.FromMinutes(4));
        Assert.True(kills >= FewestKills, $"The service was killed only {kills} times.");

        await Eventually.TrueAsync(async () => await CountAsync("select count(*) from timeline.mt_events where type = 'space_taken'") == People + NoShows, "the free spaces went to who stands by");
        foreach (var (type, expected) in new[] { ("space_boarded", People - NoShows), ("boarded", People - NoShows), ("no_show", NoShows), ("standby_joined", StandBys), ("manifest_sealed", 1) })
            Assert.Equal((type, expected), (type, (int)await CountAsync($"select count(*) from timeline.mt_events where type = '{type}'")));
        Assert.Equal(People - NoShows, await CountAsync("select count(distinct stream_id) from timeline.mt_events where type = 'boarded'"));
        var manifest = await http.GetFromJsonAsync<JsonElement>($"/transports/{ship}/manifest");
        Assert.Equal(0, manifest.GetProperty("free").GetProperty("seats").GetInt32());
        Assert.Equal(People, manifest.GetProperty("people").EnumerateArray().Count(one => one.GetProperty("state").GetString() is "boarded" or "held"));
    }

    /// <summary>With the same key until it was answered; false to come back to it later.</summary>
    private async Task<bool> DoneAsync(string path, Guid person)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { personId = person }), Headers = { { "Idempotency-Key", $"{path}/{person}" } } };
            using var answer = await http.SendAsync(request);
            if (answer.IsSuccessStatusCode) return true;
            var code = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
            Assert.True(code is "idempotency/in-progress" or "timeline/busy" or "database/unavailable", $"{path} was refused: {code}");
            await Task.Delay(50);
            return false;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException or JsonException)
        {
            await Task.Delay(50);
            return false;
        }
    }

    private async Task<(Guid Ship, Guid[] People, Guid[] Waiting)> SeatedAsync()
    {
        await using var told = Database("consular_contact");
        await using var planned = Database("evacuation_planning");
        using var consular = new TimelineStore(told, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        using var evacuation = new TimelineStore(planned, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        var form = new Registration { FamilyName = "Lemma", BirthDate = new(1985, 1, 30), Nationality = "ETH", Document = new("passport", null, new(2040, 1, 1), DocumentStatus.Valid) };
        var all = Enumerable.Range(0, People + StandBys).Select(_ => Guid.CreateVersion7()).ToArray();
        await consular.AttemptAsync(work =>
        {
            foreach (var person in all)
                work.Append(person, Decision.Of(new PersonRegistered(Guid.CreateVersion7(), Guid.CreateVersion7(), $"{person}", Channel.Phone, true, form, now), new EvacuationConsentGiven(person, "officer", now)));
            return Task.FromResult<Refusal?>(null);
        });
        var answer = await http.PostAsJsonAsync("/transports", new { code = "KILLED", kind = "ship", from = "A", to = "B", destinationCountry = "SAU", departsAt = now.AddDays(1).ToString("O"), arrivesAt = now.AddDays(2).ToString("O"), seats = People, @operator = "Operator" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var ship = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("transportId").GetGuid();
        var outcome = await evacuation.AttemptAsync(async work =>
        {
            await work.ReadAsync([ship, .. all]);
            foreach (var person in all.Take(People))
            {
                work.Append(ship, new SpaceTaken(person, person, Mobility.None, false, now));
                work.Append(person, new SeatHeld(Guid.Empty, ship, "KILLED", Mobility.None, 1, 1, "SAU", now.AddDays(1), now));
            }
            return null;
        });
        Assert.Null(outcome.Refusal);
        return (ship, all[..People], all[People..]);
    }

    private NpgsqlDataSource Database(string service) => NpgsqlDataSource.Create(house.Deployment.Services[service].Postgres + ";Pooling=false");

    private async Task<long> CountAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        await using var count = database.CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private void Start()
    {
        var connections = house.Deployment.Services["evacuation_planning"];
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = here;
        while (!File.Exists(Path.Combine(root.FullName, "CrisisCoordination.sln"))) root = root.Parent!;
        process = Process.Start(new ProcessStartInfo(Path.Combine(root.FullName, "services", "EvacuationPlanning", "bin", here.Parent!.Name, here.Name, "CrisisCoordination.EvacuationPlanning"),
        [
            $"--ConnectionStrings:Postgres={connections.Postgres};Maximum Pool Size=20", $"--ConnectionStrings:RabbitMq={connections.Amqp}", $"--Timeline:MasterKey={Convert.ToBase64String(house.MasterKey)}",
            $"--urls={http.BaseAddress}", "--Logging:LogLevel:Default=Error",
        ])
        { UseShellExecute = false, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
    }

    // As by a power cut.
    private void Kill()
    {
        lock (killing)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private Task ReadyAsync() => Eventually.TrueAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode, "the service is ready", TimeSpan.FromMinutes(2));

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
