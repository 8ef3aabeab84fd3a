using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

/// <summary>Evacuation planning by itself; its clock can be put forward, and people are written to their timelines as the other services would.</summary>
public sealed class DispatchHouse : House
{
    private readonly ShiftedClock clock = new();
    private NpgsqlDataSource owner = null!;
    private TimelineStore others = null!;
    private int numbers;

    public HttpClient Coordinator { get; private set; } = null!;

    public TimelineStore Store => Part<TimelineStore>(Service.EvacuationPlanning);

    public DateTimeOffset Now => clock.GetUtcNow();

    protected override async Task PrepareAsync()
    {
        await StartAsync(EvacuationPlanningService.Define().With(services => services.AddSingleton<TimeProvider>(clock)));
        Coordinator = await ClientAsync(Service.EvacuationPlanning, Roles.Coordinator);
        owner = NpgsqlDataSource.Create(Deployment.Postgres);
        others = new(owner, new TimelineOptions { MasterKey = MasterKey }, TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        others.Dispose();
        await owner.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Far less than a token lasts, in all.</summary>
    public void Later(TimeSpan time) => clock.Ahead += time;

    /// <summary>An aid worker's account of that name.</summary>
    public Task<HttpClient> WorkerAsync(string account) => ClientOfAsync(Service.EvacuationPlanning, account, null, Roles.AidWorker);

    public async Task TellAsync(Guid stream, params Event[] events) =>
        Assert.Null((await others.AttemptAsync(async work => { await work.ReadAsync(stream); return work.Append(stream, Decision.Of(events)); })).Refusal);

    public async Task<Guid> PersonAsync(Registration form)
    {
        var id = Guid.CreateVersion7();
        await TellAsync(id, new PersonRegistered(Guid.CreateVersion7(), Guid.CreateVersion7(), $"{id}", Channel.Phone, true, form, Now.AddHours(-3)), new EvacuationConsentGiven(id, "officer", Now.AddHours(-2)));
        return id;
    }

    /// <summary>A point of its own at that latitude, and a ship that leaves from it.</summary>
    public async Task<(Guid Id, string Point)> TransportAsync(double latitude, double hours = 12)
    {
        var code = $"P{Interlocked.Increment(ref numbers)}";
        var (point, transport) = (StreamId.AssemblyPoint(code), StreamId.Transport($"S-{code}"));
        await Store.AttemptAsync(work =>
        {
            work.Append(point, new AssemblyPointOpened(code, $"Point {code}", new(latitude, 30), Now) { Country = "SDN" });
            return Task.FromResult(work.Append(transport, new TransportScheduled($"S-{code}", "ship", code, "ABROAD", "SAU", Now.AddHours(hours), Now.AddHours(hours + 9), 90, 9, 9, "Navy", Now)));
        });
        return (transport, code);
    }

    public async Task SeatAsync(Guid transport, params Guid[] people)
    {
        var group = people[0];
        await Store.AttemptAsync(async work =>
        {
            await work.ReadAsync([transport, .. people]);
            foreach (var person in people)
            {
                work.Append(person, new SeatHeld(Guid.CreateVersion7(), transport, "S", Mobility.None, 1, 1, "SAU", Now, Now));
                work.Append(transport, new SpaceTaken(person, group, Mobility.None, false, Now));
            }
            return null;
        });
    }

    public async Task FreeAsync(Guid transport, Guid person) => await Store.AttemptAsync(async work =>
    {
        await work.ReadAsync([transport, person]);
        work.Append(person, new SeatReleased(transport, "no-consent", Now));
        return work.Append(transport, new SpaceFreed(person, "no-consent", Now));
    });

    public async Task<Guid> TeamAsync(string name, object place, string[]? skills = null, int atOnce = 5, int seats = 6, params string[] members)
    {
        var body = await BodyAsync(await Coordinator.PostAsJsonAsync("/teams", new
        {
            name,
            assemblyPoint = place as string,
            position = place as Position,
            peoplePerTrip = seats,
            tasksAtOnce = atOnce,
            skills = skills ?? ["driver", "wheelchair-vehicle", "medical", "child-protection"],
            members = members.Length == 0 ? ["nobody"] : members,
            channel = "VHF 14",
        }));
        return body.GetProperty("teamId").GetGuid();
    }

    public static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<JsonElement> PostAsync(string path, object body, HttpClient? client = null) => await BodyAsync(await (client ?? Coordinator).PostAsJsonAsync(path, body));

    public async Task RefusedAsync(string path, object body, HttpStatusCode status, string code, HttpClient? client = null)
    {
        var answer = await (client ?? Coordinator).PostAsJsonAsync(path, body);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    public async Task<JsonElement[]> TasksAsync(Guid transport, string kind) =>
        [.. (await Coordinator.GetFromJsonAsync<JsonElement>("/tasks?limit=500")).GetProperty("items").EnumerateArray()
            .Where(task => task.GetProperty("transportId").GetGuid() == transport && task.GetProperty("kind").GetString() == kind)];

    /// <summary>The one task of that kind, once it is in that state and with that team.</summary>
    public async Task<JsonElement> TaskAsync(Guid transport, string kind, string state, Guid? team = null)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(async () =>
        {
            if (await TasksAsync(transport, kind) is not [var task]) return false;
            found = task;
            return task.GetProperty("state").GetString() == state && (team is null || (task.TryGetProperty("teamId", out var has) && has.GetGuid() == team));
        }, $"the {kind} is {state}");
        return found;
    }

    public static Guid Id(JsonElement task) => task.GetProperty("taskId").GetGuid();

    /// <summary>So that the next test begins with no team and no open task.</summary>
    public async Task ClearAsync()
    {
        foreach (var transport in (await Coordinator.GetFromJsonAsync<JsonElement>("/transports?limit=500")).GetProperty("items").EnumerateArray().Where(transport => transport.GetProperty("state").GetString() == "scheduled"))
            await Store.AttemptAsync(async work =>
            {
                await work.ReadAsync(transport.GetProperty("transportId").GetGuid());
                return work.Append(transport.GetProperty("transportId").GetGuid(), new TransportDeparted("o", Now));
            });
        foreach (var team in (await Coordinator.GetFromJsonAsync<JsonElement>("/teams?limit=500")).GetProperty("items").EnumerateArray().Where(team => team.GetProperty("state").GetString() == "on-duty"))
            await Coordinator.PostAsync($"/teams/{team.GetProperty("teamId").GetGuid()}/stand-down", null);
        await Eventually.TrueAsync(async () => (await Coordinator.GetFromJsonAsync<JsonElement>("/tasks?limit=500")).GetProperty("items").EnumerateArray()
            .All(task => task.GetProperty("state").GetString() is "done" or "called-off"), "nothing is open any more");
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
