using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Evacuation planning runs as a process of its own, so that it can be killed while field teams are sent out.</summary>
public sealed class KilledDispatchTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int Transports = 12, PeopleOnEach = 4, MostKills = 12, FewestKills = 4;

    private NpgsqlDataSource database = null!;
    private KilledService service = null!;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(house.Deployment.Postgres);
        service = await KilledService.StartAsync(house, Service.EvacuationPlanning, Roles.Coordinator, "--Dispatch:AnswerWithinSeconds=3");
    }

    public async ValueTask DisposeAsync()
    {
        service?.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task However_often_the_service_is_killed_every_task_is_done_once_or_on_the_coordinators_list()
    {
        var transports = await SeatedAsync();
        var dice = new Random(2026);
        var teams = new List<Guid>();
        for (var i = 0; i < 4; i++) teams.Add((await PostAsync("/teams", new
        {
            name = $"Team {i}",
            position = new { latitude = -19.8 + (i * 0.1), longitude = 34.8 },
            peoplePerTrip = 6,
            tasksAtOnce = 4,
            // Nobody can do what needs a medic, so some tasks end on the list.
            skills = new[] { "driver", "wheelchair-vehicle" },
            members = new[] { "nobody" },
        }, $"team-{i}"))!.Value.GetProperty("teamId").GetGuid());

        // The first team never answers, and when the service dies is drawn from a seed; what it is doing then is not.
        var kills = 0;
        using var over = new CancellationTokenSource();
        var working = Task.WhenAll(teams.Skip(1).Select(team => WorkAsync(team, over.Token)));
        var watch = Stopwatch.StartNew();
        while (kills < FewestKills || (!await SettledAsync() && watch.Elapsed < TimeSpan.FromSeconds(90)))
        {
            await Task.Delay(dice.Next(300, 1800));
            if (kills >= MostKills) continue;
            service.Kill();
            kills++;
            service.Start();
            if (dice.Next(3) > 0) await service.ReadyAsync();
        }
        await service.ReadyAsync();
        // While the service was down every team may have let a task's time pass: the coordinator, on whose list it is, chooses one.
        await Eventually.TrueAsync(async () =>
        {
            foreach (var task in (await TasksAsync()).Where(task => task is { Kind: "gate-duty", State: "unassigned" }))
                await PostAsync($"/tasks/{task.Id}/assignment", new { teamId = teams[1 + dice.Next(3)] }, null, mayRefuse: true);
            return await SettledAsync();
        }, "every task is done or on the list");
        await over.CancelAsync();
        await working;

        var tasks = await TasksAsync();
        Assert.Equal(transports.Order(), tasks.Where(task => task.Kind == "gate-duty").Select(task => task.Transport).Order());
        Assert.Equal(Transports, tasks.Count(task => task.Kind == "medical-transfer"));
        Assert.All(tasks, task => Assert.Contains(task.State, new[] { "done", "unassigned" }));
        Assert.All(tasks, task => Assert.Equal(task.Kind == "gate-duty" ? "done" : "unassigned", task.State));
        Assert.True(await CountAsync("task_unanswered") > 0);
        await NobodyHadWhatAnotherHadAsync(tasks.Select(task => task.Id));
    }

    /// <summary>From the events themselves: proposed once, done at most once, offered to one team at a time, and what teams have is what tasks say.</summary>
    private async Task NobodyHadWhatAnotherHadAsync(IEnumerable<Guid> tasks)
    {
        var held = new HashSet<(Guid Team, Guid Task)>();
        foreach (var task in tasks)
        {
            Guid? holder = null;
            var (proposed, done) = (0, 0);
            foreach (var e in await EventsAsync(task))
            {
                (proposed, done) = (proposed + (e is TaskProposed ? 1 : 0), done + (e is TaskDone ? 1 : 0));
                if (e is TaskOffered offered)
                {
                    Assert.Null(holder);
                    holder = offered.TeamId;
                }
                else if (e is TaskAccepted accepted) holder = accepted.TeamId;
                else if (e is TaskDone or TaskDeclined or TaskUnanswered or TaskFailed or TaskCalledOff or TaskWithdrawn) holder = null;
            }
            Assert.Equal(1, proposed);
            Assert.InRange(done, 0, 1);
            Assert.Null(holder);
        }
        await using var command = database.CreateCommand("select stream_id from evacuation_planning.team");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            foreach (var e in await EventsAsync(reader.GetGuid(0)))
            {
                if (e is TeamTasked taken) Assert.True(held.Add((reader.GetGuid(0), taken.TaskId)));
                if (e is TeamRelieved relieved) Assert.True(held.Remove((reader.GetGuid(0), relieved.TaskId)));
            }
        Assert.Empty(held);
    }

    // As a team that works through what it is given, whatever the connection does.
    private async Task WorkAsync(Guid team, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                var list = await service.Http.GetFromJsonAsync<JsonElement>($"/teams/{team}/tasks", over);
                foreach (var task in list.GetProperty("tasks").EnumerateArray().Select(stop => stop.GetProperty("task").GetProperty("taskId").GetGuid()))
                {
                    var results = new[] { "accepted", "under-way", "done" }.Select((what, i) => new { id = Guid.NewGuid(), at = DateTimeOffset.UtcNow.AddSeconds(i - 5), taskId = task, what }).ToArray();
                    // Lost on the way it is sent again, as a device does.
                    while (await PostAsync($"/teams/{team}/results", new { results }, null) is null) await Task.Delay(100, over);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException) { }
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private async Task<bool> SettledAsync() => await TasksAsync() is var tasks && tasks.Count(task => task.Kind == "gate-duty") == Transports && tasks.Count(task => task.Kind == "medical-transfer") == Transports
        && tasks.All(task => task.State is "done" or "unassigned") && tasks.Where(task => task.Kind == "gate-duty").All(task => task.State == "done");

    private async Task<List<(Guid Id, Guid Transport, string Kind, string State)>> TasksAsync()
    {
        await using var command = database.CreateCommand("select stream_id, transport_id, kind, state from evacuation_planning.task");
        await using var reader = await command.ExecuteReaderAsync();
        var tasks = new List<(Guid, Guid, string, string)>();
        while (await reader.ReadAsync()) tasks.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3)));
        return tasks;
    }

    private async Task<IEnumerable<Event>> EventsAsync(Guid stream)
    {
        using var store = new TimelineStore(database, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        return (await store.ReadAsync(stream)).Events.Select(e => e.Event);
    }

    private async Task<long> CountAsync(string type)
    {
        await using var count = database.CreateCommand($"select count(*) from timeline.mt_events where type = '{type}'");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>People with seats, one of each party on a stretcher, as other services and a plan would leave them.</summary>
    private async Task<List<Guid>> SeatedAsync()
    {
        var transports = new List<Guid>();
        var now = DateTimeOffset.UtcNow;
        using var points = new StringContent("code,name,latitude,longitude,country\nBEW,Beira,-19.8,34.9,MOZ\nDUR,Durban,-29.9,31.0,ZAF\n", System.Text.Encoding.UTF8, "text/csv");
        Assert.True((await service.Http.PostAsync("/assembly-points/import", points)).IsSuccessStatusCode);
        foreach (var i in Enumerable.Range(0, Transports))
            transports.Add((await PostAsync("/transports", new { code = $"KD-{i}", kind = "ship", from = "BEW", to = "DUR", destinationCountry = "ZAF", departsAt = $"{now.AddHours(20 + i):yyyy-MM-dd'T'HH:mm'Z'}", arrivesAt = $"{now.AddHours(30 + i):yyyy-MM-dd'T'HH:mm'Z'}", seats = 50, stretcherSpaces = 5, @operator = "Navy" }, $"transport-{i}"))!.Value.GetProperty("transportId").GetGuid());
        await using var evacuation = NpgsqlDataSource.Create(house.Deployment.Services["evacuation_planning"].Postgres);
        using var owner = new TimelineStore(database, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        using var planned = new TimelineStore(evacuation, new TimelineOptions { MasterKey = house.MasterKey, Inline = [EvacuationPlanning.Fleet.ListTransportsFeature.Table] }, TimeProvider.System);
        foreach (var transport in transports)
        {
            var party = Enumerable.Range(0, PeopleOnEach).Select(_ => Guid.CreateVersion7()).ToArray();
            foreach (var (n, person) in party.Index())
                await owner.AttemptAsync(work => Task.FromResult(work.Append(person, new PersonRegistered(Guid.CreateVersion7(), transport, $"{person}", Channel.Phone, true, new()
                { FamilyName = "Machel", BirthDate = new(1980), Mobility = n == 0 ? Mobility.Stretcher : Mobility.None, Position = new(-19.8, 34.8) }, now))));
            await planned.AttemptAsync(async work =>
            {
                await work.ReadAsync([transport, .. party]);
                foreach (var (n, person) in party.Index())
                {
                    work.Append(person, new SeatHeld(transport, transport, "KD", Mobility.None, 1, 1, "ZAF", now, now));
                    work.Append(transport, new SpaceTaken(person, party[0], n == 0 ? Mobility.Stretcher : Mobility.None, false, now));
                }
                return null;
            });
        }
        return transports;
    }

    private async Task<JsonElement?> PostAsync(string path, object body, string? key, bool mayRefuse = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await service.Http.SendAsync(request);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable) return null;
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode || (mayRefuse && answer.StatusCode is HttpStatusCode.Conflict), $"{path}: {said}");
            return JsonSerializer.Deserialize<JsonElement>(said);
        }
        catch (Exception fault) when (key is null && fault is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }
}
