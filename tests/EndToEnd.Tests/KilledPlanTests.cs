using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Drafting and publishing by a service that is killed again and again in the middle of it.</summary>
public sealed class KilledPlanTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int People = 400, Urgent = 40, Seats = 45, Ships = 8, MostKills = 3, FewestKills = 2;

    private readonly Guid crisis = Guid.CreateVersion7();
    private NpgsqlDataSource owner = null!;
    private TimelineStore timelines = null!;
    private KilledService service = null!;

    public async ValueTask InitializeAsync()
    {
        owner = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Maximum Pool Size=10");
        timelines = new(owner, new() { Schema = "timeline", MasterKey = house.MasterKey }, TimeProvider.System);
        service = await KilledService.StartAsync(house, Service.EvacuationPlanning, Roles.Coordinator);
    }

    public async ValueTask DisposeAsync()
    {
        service?.Dispose();
        timelines.Dispose();
        await owner.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_on_the_plan_is_seated_once_however_often_the_service_is_killed()
    {
        var people = await RegisteredAsync(People, tier: 4);
        StringContent Points() => new("code,name,latitude,longitude,country\nIN,In,10,10,SOM\nOUT-ZAF,Out,-30,31,ZAF\nOUT-KEN,Out,-4,39,KEN\n", Encoding.UTF8, "text/csv");
        await PostAsync("/assembly-points/import", Points());
        // Who fears a state goes where two accounts said that the way leads.
        using var second = await house.ClientOfAsync(Service.Access, "second-coordinator", null, Roles.Coordinator);
        using var again = new HttpRequestMessage(HttpMethod.Post, "/assembly-points/import") { Content = Points(), Headers = { Authorization = second.DefaultRequestHeaders.Authorization } };
        (await service.Http.SendAsync(again)).EnsureSuccessStatusCode();
        for (var ship = 0; ship < Ships; ship++) await ScheduleAsync(ship, "ZAF");

        await PublishAsync(new Random(2026));
        var seated = await CheckAsync(people);
        Assert.Equal(Ships * Seats, seated);

        // Now with news: those in danger may go by the first ships only, so others are moved to new ones while it is killed.
        var urgent = await RegisteredAsync(Urgent, tier: 1, new FearOfReturnStated(["KEN"], "officer", DateTimeOffset.UtcNow));
        for (var ship = Ships; ship < Ships + 2; ship++) await ScheduleAsync(ship, "KEN");
        await PublishAsync(new Random(2027));
        Assert.Equal(People + Urgent, await CheckAsync([.. people, .. urgent]));
        var timelinesOfUrgent = await timelines.ReadAsync(urgent);
        Assert.All(timelinesOfUrgent, timeline => Assert.Equal(1, SeatsOf(timeline)));
    }

    /// <summary>Drafts and publishes as somebody does who asks again until there is an answer.</summary>
    private async Task PublishAsync(Random dice)
    {
        using var done = new CancellationTokenSource();
        // When is drawn from a seed; what it is doing then is not.
        var killing = Task.Run(async () =>
        {
            var kills = 0;
            while (kills < FewestKills || (!done.IsCancellationRequested && kills < MostKills))
            {
                // It gets a little further each time, so that it is cut off at every stage and still comes to an end.
                await Task.Delay(dice.Next(50, 500 + (kills * 400)));
                service.Kill();
                kills++;
                service.Start();
                await service.ReadyAsync();
            }
        }, TestContext.Current.CancellationToken);

        JsonElement? published = null;
        while (published is null)
        {
            var draft = (await UntilAnsweredAsync("/plans", new { crisisId = crisis }))!.Value.GetProperty("planId").GetGuid();
            published = await UntilAnsweredAsync($"/plans/{draft}/publication", new { });
        }
        await done.CancelAsync();
        await killing;
        Assert.Equal(0, published.Value.GetProperty("notSeatedForChanges").GetInt32());
    }

    /// <summary>What it answers in the end; null where the plan was not checked before the service was killed, so that another must be drafted.</summary>
    private async Task<JsonElement?> UntilAnsweredAsync(string path, object body)
    {
        JsonElement? answered = null;
        await Eventually.TrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            try
            {
                using var answer = await service.Http.SendAsync(request);
                var said = await answer.Content.ReadFromJsonAsync<JsonElement>();
                if (!answer.IsSuccessStatusCode && said.GetProperty("type").GetString() is "plan/not-checked") return true;
                // Another try may still hold the turn, or its connection is not known to be dead yet.
                if (!answer.IsSuccessStatusCode) Assert.Contains(said.GetProperty("type").GetString(), (string[])["plan/being-made", "plan/list-behind", "timeline/busy", "database/unavailable"]);
                answered = said;
                return answer.IsSuccessStatusCode;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                return false;
            }
        }, $"{path} is answered");
        return answered;
    }

    /// <summary>How many people sit on all ships, none of which is over-full, and nobody of whom sits twice.</summary>
    private async Task<int> CheckAsync(IReadOnlyList<Guid> people)
    {
        await using var transports = owner.CreateCommand("select id from timeline.mt_streams where id in (select stream_id from timeline.mt_events where type = 'transport_scheduled')");
        var ships = new List<Guid>();
        await using (var reader = await transports.ExecuteReaderAsync())
            while (await reader.ReadAsync()) ships.Add(reader.GetGuid(0));
        var onShips = new List<(Guid Ship, Guid Person)>();
        foreach (var ship in await timelines.ReadAsync(ships))
        {
            var aboard = new List<Guid>();
            foreach (var e in ship.Events.Select(e => e.Event))
            {
                if (e is SpaceTaken taken) aboard.Add(taken.PersonId);
                if (e is SpaceFreed freed) Assert.True(aboard.Remove(freed.PersonId));
                Assert.True(aboard.Count <= Seats, $"{aboard.Count} people were on a ship of {Seats}.");
            }
            onShips.AddRange(aboard.Select(person => (ship.Id, person)));
        }
        Assert.Equal(onShips.Count, onShips.Select(seat => seat.Person).Distinct().Count());

        var told = new List<(Guid, Guid)>();
        foreach (var page in people.Chunk(500))
            foreach (var timeline in await timelines.ReadAsync(page))
            {
                Guid? seat = null;
                foreach (var e in timeline.Events.Select(e => e.Event))
                {
                    if (e is SeatHeld held)
                    {
                        Assert.Null(seat);
                        seat = held.TransportId;
                    }
                    if (e is SeatReleased released)
                    {
                        Assert.Equal(seat, released.TransportId);
                        seat = null;
                    }
                }
                if (seat is { } ship) told.Add((ship, timeline.Id));
                else Assert.Contains(timeline.Events, e => e.Event is LeftBehind { Reason: "no-seat" });
            }
        Assert.Equal(onShips.Order(), told.Order());
        return told.Count;
    }

    private static int SeatsOf(CrisisCoordination.Timeline.Timeline timeline) => timeline.Events.Sum(e => e.Event is SeatHeld ? 1 : e.Event is SeatReleased ? -1 : 0);

    private async Task<IReadOnlyList<Guid>> RegisteredAsync(int count, int tier, params Event[] then)
    {
        if (tier > 1) await timelines.AttemptAsync(work => Task.FromResult(work.Append(crisis, Decision.Of(new CrisisOpened("killed", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow), new CrisisCountriesSet(["SOM"], "officer", DateTimeOffset.UtcNow)))));
        var (all, now) = (Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList(), DateTimeOffset.UtcNow);
        var form = new Registration
        {
            BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null,
            Nationality = "ETH",
            Document = new("passport", "X", new(2040, 1, 1), DocumentStatus.Valid),
            Position = new Position(10, 10),
        };
        foreach (var page in all.Chunk(100))
            await timelines.AttemptAsync(work =>
            {
                foreach (var person in page)
                    work.Append(person, Decision.Of([
                        new PersonRegistered(Guid.CreateVersion7(), crisis, $"{person}", Channel.Self, true, form, now), new EvacuationConsentGiven(person, "officer", now),
                        new NeedsAssessed(tier, 1, "P/1", null, now), .. then]));
                return Task.FromResult<Refusal?>(null);
            });
        return all;
    }

    private Task ScheduleAsync(int ship, string country) => PostAsync("/transports", JsonContent.Create(new
    {
        code = $"SHIP-{ship}",
        kind = "ship",
        from = "IN",
        to = $"OUT-{country}",
        destinationCountry = country,
        seats = Seats,
        @operator = "navy",
        departsAt = DateTimeOffset.UtcNow.AddHours(30 + ship).ToString("yyyy-MM-ddTHH:mm:ssZ"),
        arrivesAt = DateTimeOffset.UtcNow.AddHours(36 + ship).ToString("yyyy-MM-ddTHH:mm:ssZ"),
    }));

    private async Task PostAsync(string path, HttpContent body)
    {
        var answer = await service.Http.PostAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
