using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using Service = CrisisCoordination.Contracts.Service;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

/// <summary>Evacuation on real servers, with people told by the service that owns them.</summary>
public sealed class GateHouse : House
{
    public static readonly DateTimeOffset Registered = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Service, TimelineStore> stores = [];
    private int codes;

    public HttpClient Coordinator { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await StartAsync(EvacuationPlanningService.Define());
        Coordinator = await ClientAsync(Service.EvacuationPlanning, Roles.Coordinator);
        await TellAsync(Sudan.Crisis, new CrisisOpened("GATE", "test", "Exercise", "Fighting", [], Registered), new CrisisCountriesSet(["SDN"], "officer", Registered));
    }

    /// <summary>The timelines as that service writes them.</summary>
    public TimelineStore Of(Service service)
    {
        lock (stores)
            return stores.TryGetValue(service, out var store) ? store : stores[service] = new TimelineStore(
                NpgsqlDataSource.Create(Deployment.Services[EventTypes.Alias(service.ToString())].Postgres + ";Maximum Pool Size=10"), new TimelineOptions { MasterKey = MasterKey }, TimeProvider.System);
    }

    /// <summary>Tells it as <see cref="Service.ConsularContact"/> would.</summary>
    public Task TellAsync(Guid person, params Event[] events) => TellAsync(Service.ConsularContact, person, events);

    public async Task TellAsync(Service service, Guid person, params Event[] events)
    {
        var outcome = await Of(service).AttemptAsync(async work =>
        {
            await work.ReadAsync(person);
            return work.Append(person, Decision.Of(events));
        });
        Assert.Null(outcome.Refusal);
    }

    /// <summary>Somebody who may travel; of a child <paramref name="agrees"/> agreed.</summary>
    public async Task<Guid> PersonAsync(string name = "Lemma", string? born = "1985-01-30", int tier = 5, int score = 0, Guid? household = null, string? document = null, Mobility mobility = Mobility.None, string? token = null, Guid? agrees = null, params Event[] more)
    {
        var id = Guid.CreateVersion7();
        await TellAsync(id, [
            new PersonRegistered(Guid.CreateVersion7(), Sudan.Crisis, token is null ? $"R-{id}" : SelfRegistration.Reference(token)!, Channel.Phone, true, new()
            {
                FamilyName = name,
                GivenNames = "Tsion",
                BirthDate = BirthDate.TryParse(born, out var date) ? date : null,
                Nationality = "IND",
                Mobility = mobility,
                Document = new("passport", document ?? $"P{id:N}"[..12], new(2040, 1, 1), DocumentStatus.Valid),
            }, Registered) { Sender = token is null ? "" : SelfRegistration.Sender },
            new EvacuationConsentGiven(agrees ?? id, "officer", Registered),
            .. household is { } home ? [new HouseholdJoined(home, born?.CompareTo("2010") > 0 ? "child" : "head", Registered)] : Array.Empty<Event>(),
            .. more]);
        if (tier < 5 || score > 0) await TellAsync(Service.HumanitarianAid, id, new NeedsAssessed(tier, score, "test", null, Registered));
        // The gate finds a family by a list that follows.
        if (household is not null)
            await Eventually.TrueAsync(async () => await Part<NpgsqlDataSource>(Service.EvacuationPlanning).CreateCommand($"select 1 from evacuation_planning.traveller where stream_id = '{id}' and household_id is not null").ExecuteScalarAsync() is 1, "the household is listed");
        return id;
    }

    public async Task<Guid> TransportAsync(int seats = 10, int wheelchairs = 1, int stretchers = 0, int departsInHours = 24, string from = "Port", string to = "Jeddah", string? country = "SAU")
    {
        var now = DateTimeOffset.UtcNow;
        await this.PointAsync(from, from is "Jeddah" ? "SAU" : "SDN");
        await this.PointAsync(to, country ?? "SDN");
        var answer = await Coordinator.PostAsJsonAsync("/transports", new
        {
            code = $"G{Interlocked.Increment(ref codes):000}",
            kind = "ship",
            from,
            to,
            destinationCountry = country,
            departsAt = now.AddHours(departsInHours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            arrivesAt = now.AddHours(departsInHours + 8).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            seats,
            wheelchairSpaces = wheelchairs,
            stretcherSpaces = stretchers,
            @operator = "Operator",
        });
        return (await BodyAsync(answer)).GetProperty("transportId").GetGuid();
    }

    /// <summary>As a plan seats them.</summary>
    public async Task<Refusal?> SeatAsync(Guid transport, params Guid[] together)
    {
        var outcome = await Of(Service.EvacuationPlanning).AttemptAsync(async work =>
        {
            var scene = await Scene.LoadAsync(work, together, [transport]);
            var run = scene.Transports[transport];
            ImmutableArray<Guid> ids = [.. together];
            return scene.Seat(Guid.CreateVersion7(), new Seating(together[0], ids, ids, [scene.LegOf(scene.People[together[0]], transport)]), Scene.DayOf(run), DateTimeOffset.UtcNow).Into(work);
        });
        return outcome.Refusal;
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await AskAsync(path, body);
        return await BodyAsync(answer);
    }

    // On a busy machine the list of people may be behind: then the gate is told to ask again, and does.
    private async Task<HttpResponseMessage> AskAsync(string path, object body)
    {
        HttpResponseMessage answer = null!;
        await Eventually.TrueAsync(async () =>
        {
            answer = await Coordinator.PostAsJsonAsync(path, body);
            return answer.IsSuccessStatusCode || !(await answer.Content.ReadAsStringAsync()).Contains("plan/list-behind", StringComparison.Ordinal);
        }, "the list of people is up to date");
        return answer;
    }

    /// <summary>The code of what it is refused with.</summary>
    public async Task<string> RefusedAsync(string path, object body)
    {
        using var answer = await AskAsync(path, body);
        Assert.False(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string path) => await Coordinator.GetFromJsonAsync<JsonElement>(path);

    internal async Task<Transport> LoadAsync(Guid transport) => (await Of(Service.EvacuationPlanning).LoadAsync<Transport>(transport)).State;

    internal async Task<Passenger> PassengerAsync(Guid person) => (await Of(Service.EvacuationPlanning).LoadAsync<Passenger>(person)).State;

    public override async ValueTask DisposeAsync()
    {
        foreach (var store in stores.Values)
        {
            store.Dispose();
            await store.Database.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
