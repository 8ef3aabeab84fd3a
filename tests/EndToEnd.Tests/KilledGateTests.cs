using System.Diagnostics;
using System.Net.Http.Json;
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

    private KilledService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await KilledService.StartAsync(house, Service.EvacuationPlanning, Roles.Coordinator);
    }

    public ValueTask DisposeAsync()
    {
        service?.Dispose();
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
        while (kills < FewestKills || (!work.IsCompleted && kills < MostKills))
        {
            await Task.Delay(dice.Next(300, 1200));
            service.Kill();
            kills++;
            service.Start();
            await service.ReadyAsync();
        }
        await work.WaitAsync(Eventually.Limit);

        await Eventually.TrueAsync(async () => await CountAsync("select count(*) from timeline.mt_events where type = 'space_taken'") == People + NoShows, "the free spaces went to who stands by");
        foreach (var (type, expected) in new[] { ("space_boarded", People - NoShows), ("boarded", People - NoShows), ("no_show", NoShows), ("standby_joined", StandBys), ("manifest_sealed", 1) })
            Assert.Equal((type, expected), (type, (int)await CountAsync($"select count(*) from timeline.mt_events where type = '{type}'")));
        Assert.Equal(People - NoShows, await CountAsync("select count(distinct stream_id) from timeline.mt_events where type = 'boarded'"));
        var manifest = await service.GetAsync($"/transports/{ship}/manifest");
        Assert.Equal(0, manifest.GetProperty("free").GetProperty("seats").GetInt32());
        Assert.Equal(People, manifest.GetProperty("people").EnumerateArray().Count(one => one.GetProperty("state").GetString() is "boarded" or "held"));
    }

    /// <summary>With the same key until it was answered; false to come back to it later.</summary>
    private async Task<bool> DoneAsync(string path, Guid person)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { personId = person }), Headers = { { "Idempotency-Key", $"{path}/{person}" } } };
            using var answer = await service.Http.SendAsync(request);
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
        var crisis = Guid.CreateVersion7();
        await consular.AttemptAsync(work =>
        {
            work.Append(crisis, Decision.Of(new CrisisOpened("killed-gate", "test", "Exercise", "Fighting", [], now), new CrisisCountriesSet(["SDN"], "officer", now)));
            foreach (var person in all)
                work.Append(person, Decision.Of(new PersonRegistered(Guid.CreateVersion7(), crisis, $"{person}", Channel.Phone, true, form, now), new EvacuationConsentGiven(person, "officer", now)));
            return Task.FromResult<Refusal?>(null);
        });
        await service.Http.PostAsync("/assembly-points/import", new StringContent("code,name,latitude,longitude,country\nA,A,19,37,SDN\nB,B,21,39,SAU\n", System.Text.Encoding.UTF8, "text/csv"));
        var answer = await service.Http.PostAsJsonAsync("/transports", new { code = "KILLED", kind = "ship", from = "A", to = "B", destinationCountry = "SAU", departsAt = now.AddDays(1).ToString("O"), arrivesAt = now.AddDays(2).ToString("O"), seats = People, @operator = "Operator" });
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
}
