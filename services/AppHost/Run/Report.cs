using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.TimelineAudit;
using Spectre.Console;

namespace CrisisCoordination.AppHost.Run;

/// <summary>What the import says of itself.</summary>
/// <param name="Known">Rows that were taken in before, by their reference; counted among the accepted.</param>
internal sealed record Import(long Read, long Accepted, long Known, IReadOnlyDictionary<string, long> Refused);

internal sealed record RowFigures(long Read, long Accepted, IReadOnlyDictionary<string, long> Refused);
internal sealed record TierFigures(int Tier, int Registered, int Seated, int Boarded, int Arrived, IReadOnlyDictionary<string, int> LeftBehind);
internal sealed record IssuedFigures(int Issued);
internal sealed record DeliveryFigures(int Deliveries);
internal sealed record EventFigures(long Appended);
internal sealed record MessageFigures(long Published, long Consumed);
internal sealed record BreachFigures(
    [property: System.Text.Json.Serialization.JsonPropertyName("N")] int N, [property: System.Text.Json.Serialization.JsonPropertyName("C")] int C,
    [property: System.Text.Json.Serialization.JsonPropertyName("F")] int F, [property: System.Text.Json.Serialization.JsonPropertyName("V")] int V,
    [property: System.Text.Json.Serialization.JsonPropertyName("P")] int P, [property: System.Text.Json.Serialization.JsonPropertyName("D")] int D,
    [property: System.Text.Json.Serialization.JsonPropertyName("Q")] int Q, [property: System.Text.Json.Serialization.JsonPropertyName("M")] int M,
    [property: System.Text.Json.Serialization.JsonPropertyName("E")] int E, int Capacity)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public int All => N + C + F + V + P + D + Q + M + E + Capacity;

    public static BreachFigures Of(Breaches breaches) => new(
        breaches.Of("N"), breaches.Of("C"), breaches.Of("F"), breaches.Of("V"), breaches.Of("P"), breaches.Of("D"), breaches.Of("Q"), breaches.Of("M"), breaches.Of("E"), breaches.Of("capacity"));
}

/// <summary>What became of the crisis, from the finished timelines and what the services publicly say of themselves.</summary>
internal sealed record Report(
    RowFigures Rows, int People, int Households, IReadOnlyList<TierFigures> Tiers, IssuedFigures Documents, DeliveryFigures Aid, int Referrals,
    EventFigures Events, MessageFigures Messages, double Seconds, BreachFigures Breaches)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Each check that did not hold, in a sentence. They are told, not stored.</summary>
    private IReadOnlyList<string> failures = [];

    public bool Holds => Failures().Count == 0;

    public static Report? Find(LocalFolder local) =>
        File.Exists(local.Report) ? JsonSerializer.Deserialize<Report>(File.ReadAllText(local.Report), Json) : null;

    public static async Task<Report> MakeAsync(Scenario scenario, Cast cast, Import import, Progress progress, long started, CancellationToken ct)
    {
        var messages = (Appended: 0L, Published: 0L, Consumed: 0L);
        await progress.StepAsync("messages delivered", async step => messages = await CountMessagesAsync(cast, step, ct));
        var lines = new List<string>();
        await progress.StepAsync("timelines", async step =>
        {
            await ExportAsync(cast.Auditor, "/timelines", lines, step, ct);
            await ExportAsync(cast.Auditor, "/timelines/shared", lines, step, ct);
        });
        (IReadOnlyCollection<Life> lives, var breaches) = ([], new Breaches([]));
        await progress.StepAsync("rules checked", _ => Task.Run(() => (lives, breaches) = Rulebook.Check(lines, scenario.Text("registrations.csv"), scenario.Text("transports.csv"), scenario.Text("assembly-points.csv")), ct));
        return Of(import, lives, Csv.Read(scenario.Text("registrations.csv")).Count(), breaches, messages, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
    }

    public static Report Of(Import import, IReadOnlyCollection<Life> lives, int rowsInFile, Breaches breaches, (long Appended, long Published, long Consumed) messages, double seconds)
    {
        var (read, accepted, refused) = (import.Read, import.Accepted, import.Refused.Values.Sum());
        var references = lives.SelectMany(life => life.References).ToList();
        var found = breaches.All.Where(Expected.Holds).Select(breach => breach.ToString()).ToList();
        Must(read == rowsInFile, $"{read} rows were read, and the file has {rowsInFile}");
        Must(read == accepted + refused, $"{read} rows were read, but {accepted} accepted and {refused} refused");
        Must(references.Count == accepted - import.Known && references.Distinct().Count() == references.Count,
            $"{accepted - import.Known} different rows were accepted, and {references.Count} stand on timelines, {references.Distinct().Count()} of them different");
        Must(messages.Published == messages.Appended, $"{messages.Appended} events were appended and {messages.Published} published");
        return new Report(
            new(read, accepted, import.Refused), lives.Count, lives.Select(life => life.HouseholdAt(long.MaxValue)).OfType<Guid>().Distinct().Count(),
            [.. lives.GroupBy(life => life.Assessments.LastOrDefault()?.Tier ?? 0).OrderBy(tier => tier.Key).Select(tier => Figures(tier.Key, [.. tier]))],
            new(lives.Sum(life => life.Papers.Count)), new(lives.Sum(life => life.Deliveries)), lives.Sum(life => life.Referrals),
            new(messages.Appended), new(messages.Published, messages.Consumed), Math.Round(seconds, 1),
            BreachFigures.Of(new([.. breaches.All.Where(Expected.Holds)])))
        { failures = found };

        void Must(bool holds, string otherwise)
        {
            if (!holds) found.Add(otherwise);
        }
    }

    public void Save(LocalFolder local) => Servers.Secret.Write(local.Report, JsonSerializer.Serialize(this, Json));

    public void Show(IReadOnlyList<Account> accounts)
    {
        var tiers = new Table().Title("The crisis by urgency").AddColumns("tier", "registered", "seated", "boarded", "arrived", "left behind");
        foreach (var tier in Tiers)
            tiers.AddRow($"{tier.Tier}", $"{tier.Registered}", $"{tier.Seated}", $"{tier.Boarded}", $"{tier.Arrived}", Markup.Escape(string.Join(", ", tier.LeftBehind.Select(reason => $"{reason.Value} {reason.Key}"))));
        AnsiConsole.Write(tiers);
        var figures = new Table().HideHeaders().AddColumns("", "");
        foreach (var (what, figure) in (ReadOnlySpan<(string, string)>)
        [
            ("rows", $"{Rows.Read} read, {Rows.Accepted} accepted, {Rows.Refused.Values.Sum()} refused"),
            ("refused for", string.Join(", ", Rows.Refused.Select(reason => $"{reason.Value} {reason.Key}"))),
            ("people, households", $"{People}, {Households}"), ("documents issued", $"{Documents.Issued}"), ("aid delivered", $"{Aid.Deliveries}"), ("referrals", $"{Referrals}"),
            ("events appended", $"{Events.Appended}"), ("messages", $"{Messages.Published} published, {Messages.Consumed} consumed"), ("seconds", $"{Seconds:0.0}"),
            ("breaches", $"N {Breaches.N}, C {Breaches.C}, F {Breaches.F}, V {Breaches.V}, P {Breaches.P}, D {Breaches.D}, Q {Breaches.Q}, M {Breaches.M}, E {Breaches.E}, capacity {Breaches.Capacity}"),
        ])
            figures.AddRow(what, Markup.Escape(figure));
        AnsiConsole.Write(figures);
        foreach (var account in accounts) Console.WriteLine($"{account.Role,-20} {account.Name,-22} {account.Password}");
        foreach (var failure in Failures().Take(50)) Console.WriteLine($"CHECK FAILED  {failure}");
        if (Holds) Console.WriteLine("All checks hold.");
    }

    /// <summary>Also of a report read from its file, which holds the figures but no findings.</summary>
    private List<string> Failures()
    {
        List<string> all = [.. failures];
        if (failures.Count == 0 && Breaches.All > 0) all.Add("rules were broken");
        if (Rows.Read != Rows.Accepted + Rows.Refused.Values.Sum() && failures.Count == 0) all.Add("the rows do not add up");
        if (Tiers.Sum(tier => tier.Registered) != People) all.Add($"the tiers hold {Tiers.Sum(tier => tier.Registered)} of {People} people");
        foreach (var tier in Tiers)
        {
            if (tier.Tier == 0) all.Add($"{tier.Registered} people were not assessed");
            if (tier.Registered != tier.Boarded + tier.LeftBehind.Values.Sum()) all.Add($"tier {tier.Tier}: {tier.Registered} registered, but {tier.Boarded} boarded and {tier.LeftBehind.Values.Sum()} left behind");
            if (tier.Arrived > tier.Boarded || tier.Boarded > tier.Seated) all.Add($"tier {tier.Tier}: more arrived than boarded, or more boarded than were seated");
        }
        return all;
    }

    private static TierFigures Figures(int tier, IReadOnlyList<Life> people) => new(
        tier, people.Count, people.Count(life => life.Seats.Count > 0), people.Count(life => life.Boarded.Count > 0), people.Count(life => life.Arrivals.Any(arrival => arrival.JourneyEnded)),
        people.Where(life => life.Boarded.Count == 0).GroupBy(WhyLeft).OrderByDescending(reason => reason.Count()).ThenBy(reason => reason.Key, StringComparer.Ordinal).ToDictionary(reason => reason.Key, reason => reason.Count()));

    /// <summary>The last thing that kept the person: the plan's reason, or why the seat was given up.</summary>
    private static string WhyLeft(Life life) =>
        life.LeftBehind.Select(left => (left.Version, Why: left.Reason))
            .Concat(life.Seats.Where(seat => seat.Released is not null).Select(seat => (Version: seat.Released!.Value, Why: seat.Why ?? "seat-released")))
            .OrderBy(reason => reason.Version).Select(reason => reason.Why).LastOrDefault() ?? (life.Seats.Count > 0 ? "not-boarded" : "not-planned");

    private static async Task ExportAsync(Actor auditor, string path, List<string> lines, Step step, CancellationToken ct)
    {
        for (Guid? after = null; ;)
        {
            var page = (await auditor.GetTextAsync(Service.ConsularContact, $"{path}?limit=200{(after is null ? "" : $"&after={after}")}", ct))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (page.Length == 0) return;
            lines.AddRange(page);
            after = JsonDocument.Parse(page[^1]).RootElement.EnumerateObject().First().Value.GetGuid();
            step.Done(page.Length);
        }
    }

    // Everything that was appended is published in the end; then the consumers come to rest.
    private static async Task<(long Appended, long Published, long Consumed)> CountMessagesAsync(Cast cast, Step step, CancellationToken ct)
    {
        var (before, same, waited) = ((0L, 0L, 0L), 0, 0);
        while (true)
        {
            var (appended, published, consumed) = (0L, 0L, 0L);
            foreach (var service in Addresses.Services)
            {
                var figures = (await cast.Auditor.GetAsync(service, "/figures", ct)).OrFail("The figures");
                (appended, published) = (Math.Max(appended, CrisisRun.Number(figures, "appended")), Math.Max(published, CrisisRun.Number(figures, "published")));
                consumed += CrisisRun.Number(figures, "consumed");
            }
            step.Expect(appended);
            step.IsAt(published);
            (same, before) = (before == (appended, published, consumed) ? same + 1 : 0, (appended, published, consumed));
            // A relay that stands still this long will not catch up; the report then says so.
            if (same >= 2 && (published == appended || ++waited > 30)) return before;
            await Task.Delay(1000, ct);
        }
    }
}
