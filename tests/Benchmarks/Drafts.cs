using System.Diagnostics;
using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.Benchmarks;

/// <summary>Drafts over the real store: by a service that has just started, and by one that has made a plan before.</summary>
internal static class Drafts
{
    private const int People = 10_000, Ships = 40, Page = 250;

    public static async Task RunAsync(Ground ground)
    {
        Console.WriteLine($"\nDrafts over the store: {People:N0} people, {Ships} ships");
        var connections = ground.Services["evacuation_planning"];
        await using var app = EvacuationPlanningService.Define().Build(
        [
            $"--ConnectionStrings:Postgres={connections.Postgres}", $"--ConnectionStrings:RabbitMq={connections.Amqp}", $"--Timeline:MasterKey={Convert.ToBase64String(ground.MasterKey)}",
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
        ]);
        await app.StartAsync();
        using (var http = new HttpClient { BaseAddress = new(app.Urls.First()) })
            while (!(await http.GetAsync("/health/ready")).IsSuccessStatusCode) await Task.Delay(100);

        using var owner = new TimelineStore(ground.Owner, new TimelineOptions { MasterKey = ground.MasterKey }, TimeProvider.System);
        var (crisis, people) = await FillAsync(owner, app.Services.GetRequiredService<TimelineStore>());
        var (drafting, publishing) = (app.Services.GetRequiredService<DraftPlanFeature>(), app.Services.GetRequiredService<PublishPlanFeature>());
        var asked = new Asked(crisis, DateTimeOffset.MinValue, DateTimeOffset.UtcNow, false);

        var plan = await TimedAsync("first draft: everybody is read", () => DraftAsync());
        await TimedAsync("again, nothing changed", () => DraftAsync());
        await owner.DecideAsync<Nothing>(people[^1], _ => new NeedsAssessed(1, 9, "P/1", null, DateTimeOffset.UtcNow));
        plan = await TimedAsync("again, one person got worse", () => DraftAsync());
        await TimedAsync("published", async () =>
        {
            var (published, refusal) = await publishing.PublishOnceAsync(new(plan.PlanId, "bench", DateTimeOffset.UtcNow), CancellationToken.None);
            return published ?? throw new InvalidOperationException(refusal!.Code);
        });
        await TimedAsync("draft after that: everybody has news", () => DraftAsync());
        await owner.DecideAsync<Nothing>(people[^2], _ => new NeedsAssessed(1, 9, "P/1", null, DateTimeOffset.UtcNow));
        await TimedAsync("again, one person got worse", () => DraftAsync());
        await app.StopAsync();

        async Task<DraftedPlan> DraftAsync()
        {
            var (made, refusal) = await drafting.DraftAsync(Guid.CreateVersion7(), asked, "bench", DateTimeOffset.UtcNow, CancellationToken.None);
            return made ?? throw new InvalidOperationException(refusal!.Code);
        }
    }

    private static async Task<T> TimedAsync<T>(string what, Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var done = await work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-40} {watch.Elapsed.TotalSeconds,7:0.00} s"));
        return done;
    }

    private static async Task<(Guid Crisis, IReadOnlyList<Guid> People)> FillAsync(TimelineStore everybody, TimelineStore own)
    {
        var (crisis, now, dice) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow, new Random(4));
        var people = Enumerable.Range(0, People).Select(_ => Guid.CreateVersion7()).ToList();
        await everybody.AttemptAsync(work => Task.FromResult(work.Append(crisis, Decision.Of(new CrisisOpened("drafts", "bench", "Exercise", "Floods", [], now), new CrisisCountriesSet(["SOM"], "bench", now)))));
        await own.AttemptAsync(work =>
        {
            work.Append(StreamId.AssemblyPoint("BENCH"), new AssemblyPointOpened("BENCH", "Port", new(10, 10), now) { Country = "SOM" });
            work.Append(StreamId.AssemblyPoint("ABROAD"), new AssemblyPointOpened("ABROAD", "Port", new(-4, 39), now) { Country = "KEN" });
            for (var ship = 0; ship < Ships; ship++)
                work.Append(StreamId.Transport($"BENCH-{ship}"), new TransportScheduled($"BENCH-{ship}", "ship", "BENCH", "ABROAD", "KEN", now.AddHours(24 + ship), now.AddHours(36 + ship), People / Ships * 9 / 10, 2, 1, "navy", now));
            return Task.FromResult<Refusal?>(null);
        });
        foreach (var page in people.Chunk(Page))
            await everybody.AttemptAsync(work =>
            {
                var household = Guid.CreateVersion7();
                foreach (var (index, person) in page.Index())
                {
                    if (index % 3 == 0) household = Guid.CreateVersion7();
                    var form = new Registration { BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null, Nationality = "ETH", Document = new("passport", "X", new(2040, 1, 1), DocumentStatus.Valid), Position = new Position(10, 10) };
                    work.Append(person, Decision.Of([
                        new PersonRegistered(Guid.CreateVersion7(), crisis, $"{person}", Channel.Self, true, form, now.AddMinutes(-dice.Next(9000))), new EvacuationConsentGiven(person, "officer", now),
                        new NeedsAssessed(2 + dice.Next(4), dice.Next(20), "P/1", null, now), new HouseholdJoined(household, "head", now)]));
                }
                return Task.FromResult<Refusal?>(null);
            });
        return (crisis, people);
    }

    private sealed record Nothing : IFold<Nothing>
    {
        public static Nothing Start(Guid id) => new();

        public Nothing Apply(Event @event) => this;
    }
}
