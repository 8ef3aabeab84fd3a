using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.AppHost.Sample;
using CrisisCoordination.AppHost.Servers;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using CrisisCoordination.HumanitarianAid;
using CrisisCoordination.PartnerGateway;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A house on servers of its own, which may be taken from under it.</summary>
public sealed class HouseOnItsOwn : House
{
    private readonly PrivateServers servers = new();
    private int registered;

    public PrivateServer Postgres => servers.Postgres;
    public PrivateServer Rabbit => servers.Rabbit;

    /// <summary>Of humanitarian aid, so that what is due in days is due in the test.</summary>
    public ShiftedClock Clock { get; } = new();
    public HttpClient Officer { get; private set; } = null!;
    public HttpClient AidWorker { get; private set; } = null!;
    public HttpClient Protection { get; private set; } = null!;
    public Guid Crisis { get; private set; }

    protected override async Task<ServerConnections> ServersAsync()
    {
        await servers.InitializeAsync();
        return servers.Servers.Connections;
    }

    protected override async Task PrepareAsync()
    {
        await StartAsync(ConsularContactService.Define());
        await StartAsync(HumanitarianAidService.Define().With(services => services.AddSingleton<TimeProvider>(Clock)));
        await StartAsync(PartnerGatewayService.Define());
        Officer = await ClientAsync(Service.ConsularContact, Roles.Officer);
        AidWorker = await ClientAsync(Service.HumanitarianAid, Roles.AidWorker);
        Protection = await ClientAsync(Service.HumanitarianAid, Roles.ProtectionOfficer);
        var folder = Directory.CreateTempSubdirectory("sample-").FullName;
        SampleCrisis.Write(folder, seed: 1, people: 60);
        var opened = await Officer.PostAsync("/crises", new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, "alert.cap.xml")), Encoding.UTF8, "application/xml"));
        Crisis = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("crisisId").GetGuid();
        Directory.Delete(folder, recursive: true);
        using var administrator = await ClientAsync(Service.PartnerGateway, Roles.Administrator);
        (await administrator.PostAsJsonAsync("/agencies", new { code = "MSF", name = "Médecins Sans Frontières", receives = new[] { "medical" } })).EnsureSuccessStatusCode();
    }

    /// <summary>Somebody who needs water and a doctor, and whom a telling name sets apart from all others.</summary>
    public Task<HttpResponseMessage> RegisterAsync()
    {
        var number = Interlocked.Increment(ref registered);
        return Officer.PostAsJsonAsync("/people", new
        {
            crisisId = Crisis,
            reference = $"R-{number}",
            channel = "consulate",
            registeredAt = DateTimeOffset.UtcNow.AddMinutes(-1),
            registration = new
            {
                familyName = Letters(number * 7919),
                givenNames = Letters(number * 104729),
                sex = "female",
                birthDate = $"{1950 + (number % 50)}-0{1 + (number % 9)}-1{number % 10}",
                nationality = "ETH",
                needsNow = new[] { "water" },
                specificNeeds = new[] { "SM" },
                shareWith = new[] { "MSF" },
            },
        });
    }

    public static async Task<Guid> PersonAsync(HttpResponseMessage registered)
    {
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        return (await registered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    /// <summary>The message woke its consumer, and the read model followed.</summary>
    public Task NeedIsListedAsync(Guid person) => IsListedAsync(AidWorker, "/needs?state=open", person);

    public Task ReferralIsListedAsync(Guid person, string state) => IsListedAsync(Protection, $"/referrals?state={state}", person);

    public async Task<int> EventsAsync(Guid person, string type) =>
        (await Officer.GetFromJsonAsync<JsonElement>($"/people/{person}/timeline")).GetProperty("events").EnumerateArray().Count(e => e.GetProperty("type").GetString() == type);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await servers.DisposeAsync();
    }

    private static Task IsListedAsync(HttpClient client, string path, Guid person) => Eventually.TrueAsync(
        async () => (await client.GetFromJsonAsync<JsonElement>($"{path}&limit=1000")).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("personId").GetGuid() == person),
        $"{person} stands in {path}");

    private static string Letters(int number) => string.Concat(Enumerable.Range(0, 8).Select(i => (char)('A' + ((number >> (i * 3)) % 26))));
}

public sealed class ShiftedClock : TimeProvider
{
    private TimeSpan ahead;

    public void Advance(TimeSpan by) => ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}

public sealed class OutageTests(HouseOnItsOwn house) : IClassFixture<HouseOnItsOwn>
{
    [Fact]
    public async Task Without_the_broker_people_are_registered_and_helped_when_it_is_back()
    {
        await house.Rabbit.StopAsync();
        var people = new List<Guid>();
        try
        {
            for (var i = 0; i < 10; i++) people.Add(await HouseOnItsOwn.PersonAsync(await house.RegisterAsync()));
            foreach (var person in people) Assert.Equal(0, await house.EventsAsync(person, "aid_need_opened"));
        }
        finally
        {
            await house.Rabbit.StartAsync();
        }
        foreach (var person in people) await house.NeedIsListedAsync(person);
    }

    [Fact]
    public async Task A_broker_that_falls_over_while_people_are_registered_loses_nobody_and_helps_nobody_twice()
    {
        var people = new ConcurrentBag<Guid>();
        var registering = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 25; i++) people.Add(await HouseOnItsOwn.PersonAsync(await house.RegisterAsync()));
        }));
        await Eventually.TrueAsync(() => people.Count > 10, "people are being registered");
        await house.Rabbit.KillAsync();
        await house.Rabbit.StartAsync();
        await registering;
        foreach (var person in people) await house.NeedIsListedAsync(person);
        foreach (var person in people) Assert.Equal(1, await house.EventsAsync(person, "aid_need_opened"));
    }

    [Fact]
    public async Task Without_the_database_nothing_is_acknowledged_and_all_goes_on_when_it_is_back()
    {
        var told = new ConcurrentBag<HttpResponseMessage>();
        using var enough = new CancellationTokenSource();
        var registering = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                var answer = await house.RegisterAsync();
                told.Add(answer);
                // As anybody would who is told to come again later.
                if (!answer.IsSuccessStatusCode) await Task.Delay(50);
            }
        }));
        try
        {
            await Eventually.TrueAsync(() => told.Count > 10, "people are being registered");
            await house.Postgres.KillAsync();
            await Eventually.TrueAsync(() => told.Any(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable), "the outage is told");
        }
        finally
        {
            await house.Postgres.StartAsync();
        }
        var acknowledgedBefore = told.Count(answer => answer.IsSuccessStatusCode);
        await Eventually.TrueAsync(() => told.Count(answer => answer.IsSuccessStatusCode) > acknowledgedBefore, "people are registered again");
        await enough.CancelAsync();
        await registering;

        Assert.All(told, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable }));
        Assert.All(told.Where(answer => !answer.IsSuccessStatusCode), answer => Assert.NotNull(answer.Headers.RetryAfter));
        var people = await Task.WhenAll(told.Where(answer => answer.IsSuccessStatusCode).Select(HouseOnItsOwn.PersonAsync));
        foreach (var person in people) Assert.Equal(1, await house.EventsAsync(person, "person_registered"));
        // Consumers, relay and read models.
        foreach (var person in people) await house.NeedIsListedAsync(person);
        await house.ReferralIsListedAsync(people[^1], "offered");
        // And the clock of deadlines.
        house.Clock.Advance(TimeSpan.FromDays(3));
        await Eventually.TrueAsync(async () => await house.EventsAsync(people[^1], "referral_overdue") == 1, "nobody answered the referral in time");
        // Back again, as tokens end by the clock too.
        house.Clock.Advance(TimeSpan.FromDays(-3));
        await house.ReferralIsListedAsync(people[^1], "overdue");
    }

    [Fact]
    public async Task A_broker_that_was_rebuilt_is_refilled_from_the_timeline_while_the_services_run()
    {
        var (seen, gate) = (new ConcurrentDictionary<Guid, bool>(), Task.CompletedTask);
        var listener = CrisisService.Of(Service.EvacuationPlanning);
        listener.Reactions.On(async woken =>
        {
            await Volatile.Read(ref gate);
            seen.TryAdd(woken.StreamId, true);
        }, typeof(PersonRegistered));
        await house.StartAsync(listener);
        var first = await HouseOnItsOwn.PersonAsync(await house.RegisterAsync());
        await Eventually.TrueAsync(() => seen.ContainsKey(first), "the listener hears");

        // More than a consumer fetches ahead, so that most wait in the broker when it goes.
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref gate, open.Task);
        var people = new List<Guid>();
        for (var i = 0; i < 120; i++) people.Add(await HouseOnItsOwn.PersonAsync(await house.RegisterAsync()));
        var feed = house.Part<Feed>(Service.ConsularContact);
        var end = await feed.EndAsync();
        await Eventually.TrueAsync(async () => (await feed.PositionAsync(Relay.Name)).CompareTo(end) >= 0, "everything is published");
        await house.Deployment.RebuildBrokerAsync();
        open.SetResult();

        await Eventually.TrueAsync(() => people.TrueForAll(seen.ContainsKey), "everybody is heard of");
        var last = await HouseOnItsOwn.PersonAsync(await house.RegisterAsync());
        await Eventually.TrueAsync(() => seen.ContainsKey(last), "the listener hears again");
        foreach (var person in people.Append(last)) await house.NeedIsListedAsync(person);
        await house.StopAsync(Service.EvacuationPlanning);
    }

    [Fact]
    public async Task A_service_that_no_longer_listens_to_its_queue_notices_and_listens_again()
    {
        // As a consumer that does not find its way back after an outage.
        await house.Part<MassTransit.IBusControl>(Service.HumanitarianAid).StopAsync();
        await house.NeedIsListedAsync(await HouseOnItsOwn.PersonAsync(await house.RegisterAsync()));
    }
}
