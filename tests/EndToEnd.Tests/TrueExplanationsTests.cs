using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>
/// What people who wait are told, and what their timelines say: every statement of every explanation is worked out again from
/// the exported timelines and the list of transports, by code of its own.
/// </summary>
public sealed class TrueExplanationsTests : IAsyncLifetime
{
    private static readonly Service[] Ports =
        [Service.ConsularContact, Service.EvacuationPlanning, Service.TravelDocuments, Service.HumanitarianAid, Service.PartnerGateway,
            Service.Access];

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private AppHostProcess sample = null!;

    // As it is run by whoever tries the project.
    public async ValueTask InitializeAsync()
    {
        sample = new();
        await sample.ReportAsync();
        await sample.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (sample is not null) await sample.DisposeAsync();
    }

    [Fact]
    public async Task Every_statement_of_every_explanation_is_true_by_the_timelines()
    {
        using var coordinator = await SignInAsync("coordinator", Service.EvacuationPlanning);
        using var officer = await SignInAsync("officer", Service.EvacuationPlanning);
        using var auditor = await SignInAsync("auditor", Service.ConsularContact);
        var crisis = (await auditor.GetFromJsonAsync<JsonElement>("/crises")).GetProperty("items")[0].GetProperty("crisisId").GetGuid();
        using var desk = await SignInAsync("officer", Service.ConsularContact);
        var codes = new SortedSet<string>(StringComparer.Ordinal);

        // As the sample ends: its transports have left.
        var published = (await HearAsync(auditor)).SelectMany(one => one.Events).Where(e => e.Type == "left_behind").MaxBy(e => e.Recorded);
        await TrueAsync(Chronicle.IdIn(published.Data, "planId")!.Value);

        // Few seats for many: who is told that they can go, and who that they cannot for want of a seat?
        await RunAsync(coordinator, "NEAR-1", 5, seats: 4);
        await RunAsync(coordinator, "NEAR-2", 6, seats: 14, wheelchairs: 1);
        var first = await PlanAsync(coordinator, crisis);
        await WithdrawAsync(coordinator, await HearAsync(auditor));
        await PostAsync(coordinator, $"/transports/{await FindAsync(coordinator, "NEAR-2")}/cancellation",
            new { reason = "The ship is broken." });
        await RunAsync(coordinator, "NEAR-3", 7, seats: 2);
        await BarAsync(desk, await HearAsync(auditor));
        await TrueAsync(first);

        // Room for everybody: whoever is told that the next plan can seat them is seated by it.
        await RunAsync(coordinator, "NEAR-4", 8, seats: 900, wheelchairs: 300);
        var told = await TrueAsync(first);
        var certain = told.Where(one => one.Value.Contains("next-plan-seats")).Select(one => one.Key).ToList();
        var second = await PostAsync(coordinator, "/plans", new { crisisId = crisis });
        var gained = await ListAsync(coordinator, $"/plans/{second.GetProperty("planId").GetGuid()}/changes?kind=gained");
        Assert.NotEmpty(certain);
        Assert.Subset(gained.SelectMany(line => line.GetProperty("people").EnumerateArray().Select(person => person.GetGuid())).ToHashSet(),
            certain.ToHashSet());

        // Nothing was found true because it was never said.
        foreach (var code in (string[])["urgency", "factor", "no-consent", "exit-barrier", "fears-every-destination", "protection",
            "no-usable-document", "no-journey", "no-assembly-point-in-reach", "no-seat", "transport-full", "transport-lacks-room",
            "way-is-open", "next-plan-seats", "order", "plan-left-behind", "plan-transports-full", "seat-lost", "would-help", "rules"])
            Assert.Contains(code, codes);

        async Task<Dictionary<Guid, HashSet<string>>> TrueAsync(Guid plan)
        {
            // The lists follow the timelines: they are asked again until they have come up to them.
            for (var waited = Stopwatch.StartNew(); ; await Task.Delay(500))
            {
                var audit = new Audit(crisis, await HearAsync(auditor), await ListAsync(coordinator, "/transports"),
                    await ListAsync(coordinator, $"/plans/{plan}/certificate", "stoodAgainst"),
                    (plan, (await coordinator.GetFromJsonAsync<JsonElement>($"/plans/{plan}")).GetProperty("published").GetProperty("at")
                        .GetDateTimeOffset()), sample.Sample);
                var said = new Dictionary<Guid, HashSet<string>>();
                foreach (var person in audit.Waiting)
                {
                    var (forOfficer, forCoordinator) = (await officer.GetFromJsonAsync<JsonElement>($"/people/{person}/evacuation"),
                        await coordinator.GetFromJsonAsync<JsonElement>($"/people/{person}/evacuation"));
                    said[person] = [.. audit.Check(person, forOfficer, mayKnow: true),
                        .. audit.Check(person, forCoordinator, mayKnow: false)];
                }
                if (audit.Findings.Count == 0 || waited.Elapsed > TimeSpan.FromMinutes(4))
                {
                    Assert.True(audit.Findings.Count == 0,
                        $"{audit.Findings.Count} statements are not true:\n{string.Join('\n', audit.Findings.Take(25))}");
                    Assert.True(said.Count >= 20, $"Only {said.Count} people wait.");
                    codes.UnionWith(said.Values.SelectMany(one => one));
                    return said;
                }
            }
        }
    }

    // One of a family gives up: the others lose their seats for it, and must not hear that they did.
    private static async Task WithdrawAsync(HttpClient coordinator, IReadOnlyList<Chronicle> people)
    {
        if (people.Where(one => one.Holds && one.Household is not null
            && one.Seats.Exists(seat => seat.Code.StartsWith("NEAR-", StringComparison.Ordinal)))
            .GroupBy(one => one.Household).FirstOrDefault(family => family.Count() > 1) is { } family)
            await PostAsync(coordinator, $"/people/{family.First().Id}/gate/consent-withdrawal", new { });
    }

    // What keeps one of a family keeps the others too, and is not theirs.
    private static async Task BarAsync(HttpClient desk, IReadOnlyList<Chronicle> people)
    {
        var families = people.Where(one => one.Household is not null && one.Planned).GroupBy(one => one.Household)
            .Where(family => family.Count() > 1 && family.All(one => one is { Waits: true, Consent: true, Fears.Count: 0 }))
            .Take(2).ToList();
        await PostAsync(desk, $"/people/{families[0].First().Id}/exit-barriers", new { kind = "debt" });
        await PostAsync(desk, $"/people/{families[1].First().Id}/fears", new { countries = new[] { "ZAF" } });
    }

    private static async Task<Guid> PlanAsync(HttpClient coordinator, Guid crisis)
    {
        var plan = (await PostAsync(coordinator, "/plans", new { crisisId = crisis })).GetProperty("planId").GetGuid();
        await PostAsync(coordinator, $"/plans/{plan}/publication", new { });
        return plan;
    }

    private static Task RunAsync(HttpClient coordinator, string code, int days, int seats, int wheelchairs = 0) =>
        PostAsync(coordinator, "/transports", new
        {
            code,
            kind = "ship",
            from = "BEW-P",
            to = "DUR",
            destinationCountry = "ZAF",
            departsAt = $"{Now.AddDays(days).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
            arrivesAt = $"{Now.AddDays(days).AddHours(36).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
            seats,
            wheelchairSpaces = wheelchairs,
            stretcherSpaces = 0,
            @operator = "navy",
        });

    private static async Task<Guid> FindAsync(HttpClient coordinator, string code) =>
        (await ListAsync(coordinator, "/transports")).Single(run => Chronicle.Text(run, "code") == code).GetProperty("transportId")
            .GetGuid();

    private static async Task<List<JsonElement>> ListAsync(HttpClient client, string path, string? within = null)
    {
        var (all, cursor) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{path}{(path.Contains('?') ? '&' : '?')}limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            if (within is not null) page = page.GetProperty(within);
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = Chronicle.Text(page, "next");
        }
        while (cursor is not null);
        return all;
    }

    private static async Task<List<Chronicle>> HearAsync(HttpClient auditor)
    {
        var (all, after) = (new List<Chronicle>(), (string?)null);
        do
        {
            using var page = await auditor.GetAsync($"/timelines?limit=500{(after is null ? "" : $"&after={after}")}");
            all.AddRange((await page.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Chronicle.Read));
            after = page.Headers.TryGetValues("Timelines-Next", out var next) ? next.Single() : null;
        }
        while (after is not null);
        return all;
    }

    private async Task<HttpClient> SignInAsync(string role, Service service)
    {
        var account = sample.Accounts.Single(one => (string?)one!["name"] == $"{role}-1")!;
        using var access = new HttpClient { BaseAddress = Address(Service.Access) };
        var answer = await PostAsync(access, "/sign-in",
            new JsonObject { ["account"] = (string?)account["name"], ["password"] = (string?)account["password"] });
        var client = new HttpClient { BaseAddress = Address(service), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Chronicle.Text(answer, "accessToken"));
        return client;

        Uri Address(Service of) => new($"http://127.0.0.1:{sample.BasePort + 1 + Array.IndexOf(Ports, of)}");
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}

/// <summary>Everything that was exported, and whether what is said agrees with it.</summary>
internal sealed class Audit
{
    private const double ReachInKilometres = 60;

    private sealed record Ship(Guid Id, string Code, string From, string To, string? Country, DateTimeOffset Departs,
        DateTimeOffset Arrives, string State, int Seats, int Wheelchairs, int Stretchers);

    private readonly Dictionary<Guid, Chronicle> people;
    private readonly Dictionary<Guid, Ship> ships;
    private readonly Dictionary<Guid, List<Chronicle>> parties = [];
    private readonly Dictionary<Guid, Guid> partyOf = [];
    private readonly Dictionary<Guid, JsonElement> certificate;
    private readonly Dictionary<string, (double North, double East)> points;
    private readonly (Guid Id, DateTimeOffset At) plan;
    private readonly DateOnly day;
    private readonly Dictionary<(string Reason, string Who), HashSet<string>> toPersons = [];

    // What keeps one person, and is never said of another as their own.
    private static readonly string[] OfOne =
    [
        "no-consent", "exit-barrier", "child-without-escort", "no-best-interests-decision", "unfit-to-travel", "fears-destination",
        "fears-every-destination", "fear-unnamed", "no-usable-document", "no-entry-right", "no-show",
    ];

    private static readonly string[] Fearful = ["fears-destination", "fears-every-destination", "taken-to-a-feared-country"];

    public Audit(Guid crisis, IReadOnlyList<Chronicle> told, IReadOnlyList<JsonElement> transports, IReadOnlyList<JsonElement> certificate,
        (Guid Id, DateTimeOffset At) plan, string scenario)
    {
        people = told.Where(one => one.Crises.Contains(crisis)).ToDictionary(one => one.Id);
        this.plan = plan;
        this.certificate = certificate.ToDictionary(one => one.GetProperty("groupId").GetGuid());
        ships = transports.Select(run => new Ship(
            run.GetProperty("transportId").GetGuid(), Chronicle.Text(run, "code")!, Chronicle.Text(run, "from")!,
                Chronicle.Text(run, "to")!, Chronicle.Text(run, "destinationCountry"),
            run.GetProperty("departsAt").GetDateTimeOffset(), run.GetProperty("arrivesAt").GetDateTimeOffset(),
                Chronicle.Text(run, "state")!, run.GetProperty("seats").GetInt32(),
            run.GetProperty("wheelchairSpaces").GetInt32(), run.GetProperty("stretcherSpaces").GetInt32())).ToDictionary(run => run.Id);
        points = File.ReadAllLines(Path.Combine(scenario, "assembly-points.csv")).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells.Length > 3)
            .ToDictionary(cells => cells[0], cells => (Number(cells[^2]), Number(cells[^1])));
        day = DateOnly.FromDateTime(Open.Select(ship => ship.Departs).DefaultIfEmpty(DateTimeOffset.UtcNow).Min().UtcDateTime);
        Gather();
    }

    public List<string> Findings { get; } = [];

    public IEnumerable<Guid> Waiting => people.Values.Where(one => one.Waits).Select(one => one.Id).Order();

    private IEnumerable<Ship> Open => ships.Values.Where(ship => ship.State == "scheduled" && ship.Departs > DateTimeOffset.UtcNow);

    // Those of one household, with the children whose escort is one of them, and what a merge brought together.
    private void Gather()
    {
        var planned = people.Values.Where(one => one.Planned).OrderBy(one => one.Id).ToList();
        foreach (var one in planned) partyOf[one.Id] = one.Household ?? one.Id;
        void Join(Guid from, Guid to)
        {
            foreach (var one in planned.Where(one => partyOf[one.Id] == from).ToList()) partyOf[one.Id] = to;
        }
        foreach (var child in planned.Where(one => one.Escort is { } escort && partyOf.ContainsKey(escort))) Join(partyOf[child.Id],
            partyOf[child.Escort!.Value]);
        foreach (var one in planned)
            foreach (var household in one.HouseholdsMerged) Join(household, partyOf[one.Id]);
        foreach (var one in planned)
            if (parties.TryGetValue(partyOf[one.Id], out var party)) party.Add(one);
            else parties[partyOf[one.Id]] = [one];
    }

    /// <summary>Every statement of one answer; returns their codes.</summary>
    public IEnumerable<string> Check(Guid asked, JsonElement told, bool mayKnow)
    {
        var self = people[asked];
        var party = parties[partyOf[asked]];
        var statements = told.GetProperty("statements").EnumerateArray().ToList();
        foreach (var statement in statements)
        {
            var code = Chronicle.Text(statement, "code")!;
            if (WhyUntrue(code, statement, self, party, told) is { } why) Findings.Add($"{asked} {code}: {why} — {statement}");
            var said = Chronicle.Text(statement, "person")!;
            if (party.SelectMany(one => one.Names).FirstOrDefault(name =>
                said.Contains(name, StringComparison.Ordinal)) is not null) Findings.Add($"{asked} {code}: the person is told a name — {said}");
            Hear(asked, statement, self, party, mayKnow);
            if (Who(statement) != "person" && (said.Contains("You have not agreed", StringComparison.Ordinal)
                || said.Contains("fear", StringComparison.OrdinalIgnoreCase)))
                Findings.Add($"{asked} {code}: what is another's is told the person — {said}");
            yield return code;
        }
        if (!mayKnow && told.GetRawText().Contains("fear",
            StringComparison.OrdinalIgnoreCase)) Findings.Add($"{asked}: a coordinator reads of a fear");
        foreach (var reason in OfOne)
            if (toPersons.GetValueOrDefault((reason, "person"))?.Overlaps(toPersons.GetValueOrDefault((reason, "companion")) ?? []) is true)
                Findings.Add($"{asked} {reason}: of another the same is said as of the person");

        // What must be said is said: of everybody who has not agreed, and of every seat that was lost.
        Same(asked, "no-consent", statements.Where(statement => Is(statement, "no-consent")).Select(statement => Id(statement)!.Value),
            (party.Exists(one => one.Holds) ? party.Where(one => one.Waits) : party).Where(one => !one.Consent).Select(one => one.Id));
        Same(asked, "seat-lost", statements.Where(statement => Is(statement, "seat-lost"))
            .Select(statement => statement.GetProperty("parameters").GetProperty("transportId").GetGuid()),
            self.Lost.Where(lost => lost.Code.Length > 0).Select(lost => lost.Transport));
        if (!party.Exists(one => one.Holds))
        {
            foreach (var one in party.Where(one => one.Barriers.Count > 0
                && !statements.Exists(statement => Is(statement, "exit-barrier") && Id(statement) == one.Id)))
                Findings.Add($"{asked}: what keeps {one.Id} is not said");
            if (statements.Count(one => Is(one, "way-is-open") || Is(one, "next-plan-seats") || Is(one, "would-help")) != 1)
                Findings.Add($"{asked}: neither that a way is open nor what would help is said, or both");
        }
        foreach (var must in (string[])["urgency", "order", "rules"])
            if (!statements.Exists(statement => Is(statement, must))) Findings.Add($"{asked}: {must} is not said");

        static bool Is(JsonElement statement, string code) => Chronicle.Text(statement, "code") == code;
    }

    // Whom the sentences name.
    private void Hear(Guid asked, JsonElement statement, Chronicle self, List<Chronicle> party, bool mayKnow)
    {
        var (code, who, officer) = (Chronicle.Text(statement, "code")!, Who(statement), Chronicle.Text(statement, "officer")!);
        var reason = Chronicle.Text(statement.GetProperty("parameters"), "reason") ?? code;
        if (!mayKnow && party.SelectMany(one => one.Names).Any(name => officer.Contains(name, StringComparison.Ordinal)))
            Findings.Add($"{asked} {code}: a coordinator reads a name — {officer}");
        if (!OfOne.Contains(reason)) return;
        var said = Chronicle.Text(statement, "person")!;
        // The time and transport of a seat or plan stand before the reason.
        var sentence = said.Split("The reason then: ")[^1].Split("The reason: ")[^1];
        if (!toPersons.TryGetValue((reason, who), out var sentences)) toPersons[(reason, who)] = sentences = [];
        sentences.Add(sentence);
        if (who != "person" && sentence.StartsWith("You ", StringComparison.Ordinal))
            Findings.Add($"{asked} {code}: another's is told as theirs — {said}");
        if (mayKnow && Id(statement) is { } id && (who is "companion" || code == reason)
            && people.GetValueOrDefault(id)?.Names.Any(name => officer.Contains(name, StringComparison.OrdinalIgnoreCase)) is false)
            Findings.Add($"{asked} {code}: the officer does not read of whom — {officer}");
    }

    // What a code is called to who may not know of fears.
    private static bool IsCalled(string? said, string reason) => said == reason || (said == "protection" && Fearful.Contains(reason));

    private string? WhyUntrue(string code, JsonElement statement, Chronicle self, List<Chronicle> party, JsonElement told)
    {
        var facts = statement.GetProperty("parameters");
        var whom = Id(statement) is { } id ? people.GetValueOrDefault(id) : null;
        if (Who(statement) is "companion" && (whom is null || whom == self
            || !party.Contains(whom))) return "it concerns nobody who travels with them";
        if (Who(statement) is "person" && whom != self) return "it concerns another";
        int Int(string member) => facts.GetProperty(member).GetInt32();
        var turn = Turn(party);
        var before = parties.Values.Where(other => other != party && Turn(other).CompareTo(turn) < 0).ToList();
        var (groupsBefore, seatless) = (before.Count, before.Count(other => !other.Exists(one => one.Holds)));

        // The event that says so is on the timeline of whom it concerns.
        if (facts.TryGetProperty("eventVersion", out var version) && version.ValueKind == JsonValueKind.Number
            && ((whom ?? self).Events.ElementAtOrDefault(version.GetInt32() - 1).Type is var type
            && type != (Chronicle.Text(facts, "eventType") ?? type))) return $"the event is {type}";

        switch (code)
        {
            case "urgency":
                var tier = party.Min(one => one.Tier);
                return Expect(Int("tier"), tier) ?? Expect(Int("score"), party.Where(one => one.Tier == tier).Max(one => one.Score))
                    ?? Expect(Int("people"), party.Count) ?? Expect(Int("ownTier"), self.Tier);
            case "factor":
                return self.Factors.Contains(Chronicle.Text(facts, "factor")!) ? null : "no assessment says so";
            case "order":
                return Expect(Int("before"), groupsBefore) ?? Expect(Int("beforeWithSeats"), groupsBefore - seatless)
                    ?? Expect(Int("groups"), parties.Count)
                    ?? (groupsBefore == 0 || statement.GetProperty("person")
                        .GetString()!.StartsWith($"{groupsBefore} group", StringComparison.Ordinal) ? null
                        : "the sentence has another number");
            case "rules":
                return Chronicle.Text(facts, "plan") == Chronicle.Text(told, "ruleVersion")
                    && Chronicle.Text(facts, "urgency") == self.UrgencyRule ? null : "these are other rules";

            case "no-consent": return whom is { Consent: false } ? null : "they have agreed";
            case "exit-barrier":
                return whom is not null && (whom.Barriers.Count > 0 || whom.PassportWithheld) ? null
                : "nothing keeps them";
            case "child-without-escort":
                return whom is not null && whom.IsUnder(18, day) && Alone(whom, party)
                && !party.Exists(other => other.Id == whom.Escort && !other.IsUnder(18, day)) ? null : "they are not alone";
            case "no-best-interests-decision":
                return whom is not null && whom.IsUnder(18, day) && Alone(whom, party) && !whom.MayDepart
                ? null : "it is decided, or needs none";
            case "unfit-to-travel":
                return whom?.Fitness is { } fitness && (!fitness.Fit || fitness.Until is not null) ? null
                : "no health worker said so";
            case "fears-destination" or "fears-every-destination":
                return whom is not null
                && whom.Fears.Contains(Chronicle.Text(facts, "country")!) ? null : "they fear no such country";
            case "protection": return party.Exists(one => one.Fears.Count > 0) ? null : "nobody of them fears a country";
            case "no-usable-document":
                return whom is not null && Open.Any(ship => ship.Country == Chronicle.Text(facts, "country") && !Opens(whom, ship))
                    ? null : "their document opens it";
            case "no-entry-right":
                return whom is not null && !whom.Nationalities.Contains(Chronicle.Text(facts, "country")!) ? null
                : "it is a country of theirs";
            case "no-assembly-point-in-reach": return Near(party).Count == 0 ? null : "there is one";
            case "no-journey": return Near(party) is { Count: > 0 } near && !LeadsOut(near) ? null : "there is one";
            case "no-seat":
                var named = Chronicle.Texts(facts, "transports").ToList();
                return named.Count > 0 && named.TrueForAll(run =>
                    ships.Values.Any(ship => ship.Code == run && Lacks(Free(ship), Need(party, party)))) || told.GetProperty("wouldChange")
                    .ToString().Contains("escort-named", StringComparison.Ordinal)
                    ? null : "one of them has room";
            case "no-seat-with-family": return party.Exists(one => one.Holds) ? null : "the family has no seats";

            case "transport-full" or "transport-lacks-room":
                return Room(facts, self, party, mustFit: false)
                    ?? (ships[facts.GetProperty("transportId").GetGuid()] is var full
                    && (code == "transport-full") == IsFull(Free(full), Needed(party)) ? null
                    : "full is said of what has spaces free, or not said");
            case "way-is-open" or "next-plan-seats":
                var others = people.Values.Count(one => one.Planned) - party.Count;
                return Expect(Int("groupsBefore"), seatless) ?? Expect(Int("otherPeople"), others)
                    ?? (code == "way-is-open" && !party.Exists(one => one.Holds) && facts.GetProperty("transports") is var ways
                        && ways.GetArrayLength() == 1 && ships[ways[0].GetProperty("transportId").GetGuid()] is var first
                        && Open.FirstOrDefault(run => (run.From, run.To, run.Country) == (first.From, first.To, first.Country)
                            && Enough(Free(run), Needed(party), others) && party.TrueForAll(one => Opens(one, run))) is { } sure
                        ? $"{sure.Code} is certain, and not said" : null)
                    ?? facts.GetProperty("transports").EnumerateArray().Select(room => Room(room, self, party, mustFit: true))
                        .FirstOrDefault(wrong => wrong is not null)
                    ?? (code == "way-is-open" || facts.GetProperty("transports").EnumerateArray()
                        .All(room => ships[room.GetProperty("transportId").GetGuid()] is var run
                        && Enough(Free(run), Needed(party), others)) ? null : "it is not certain");

            case "plan-left-behind":
                return self.Left is not { } left ? "no plan left them"
                    : facts.GetProperty("planId").GetGuid() != plan.Id || facts.GetProperty("at").GetDateTimeOffset() != plan.At
                        ? "another plan was the last"
                    : Chronicle.Text(facts, "reason") is var reason && !IsCalled(reason, left.Reason) ? "for another reason"
                    : left.Of is { } theirs && Id(statement) is { } concerned && concerned != theirs ? "the reason was another's"
                    : left.Of is { } whose && OfOne.Contains(reason!) && Id(statement) != whose ? "it is known whose reason it was"
                    : reason == "no-consent" && (whom is null || whom.ConsentAt(left.Recorded)) ? "whoever it concerns had agreed by then"
                    : reason is "exit-barrier" && (whom is null || (whom.Barriers.Count == 0 && !whom.PassportWithheld))
                        ? "nothing kept them" : null;
            case "plan-seated":
                return self.Seats.Exists(seat => seat.Plan == facts.GetProperty("planId").GetGuid())
                || self.Events.Exists(e => e.Type == "seat_held" && Chronicle.IdIn(e.Data, "planId") == facts.GetProperty("planId")
                .GetGuid()) ? null : "it gave them none";
            case "plan-transports-full":
                return certificate.GetValueOrDefault(partyOf[self.Id]) is { ValueKind: JsonValueKind.Object } against
                    && against.GetProperty("full").GetInt32() == Int("full") && against.GetProperty("allMoreUrgent")
                    .GetInt32() == Int("allMoreUrgent") ? null : "the certificate says otherwise";
            case "seat-lost":
                return self.Lost.Find(lost => lost.Transport == facts.GetProperty("transportId").GetGuid()) is not { } gone
                    ? "they lost no such seat"
                    : gone.Code != Chronicle.Text(facts, "transport") || gone.At != facts.GetProperty("at").GetDateTimeOffset()
                        ? "it was another, or another time"
                    : Chronicle.Text(facts, "reason") is var why && !IsCalled(why, gone.Reason) ? "for another reason"
                    : gone.Of is { } of && why == "family-unity" && Id(statement) != of ? "somebody else dropped out"
                    : why == "family-unity" && gone.Of is { } dropped && people[dropped] is { Consent: true, Lost: [] }
                        ? "nobody dropped out" : null;
            case "would-help": return WhyNoHelp(facts, party, seatless);
            default: return "nobody works this statement out again";
        }
    }

    private string? WhyNoHelp(JsonElement facts, List<Chronicle> party, int seatless)
    {
        var changes = facts.GetProperty("changes").EnumerateArray().Select(change => Chronicle.Text(change, "code")!).ToHashSet();
        var legs = facts.GetProperty("then").EnumerateArray().Select(leg => leg.GetProperty("transportId").GetGuid()).ToList();
        if (legs.Exists(leg => !Open.Any(ship => ship.Id == leg))) return "a transport of the way is gone";
        var way = legs.ConvertAll(leg => ships[leg]);
        // Where no adult is among them, one would come along.
        var need = Need(party, party);
        if (changes.Contains("escort-named") && party.TrueForAll(one => one.IsUnder(18, day))) need.Seats++;
        foreach (var change in facts.GetProperty("changes").EnumerateArray())
        {
            var those = Chronicle.Texts(change, "people").Select(id => people[Guid.Parse(id)]).ToList();
            if (those.Exists(one => !party.Contains(one))) return "it names somebody else";
            var wrong = Chronicle.Text(change, "code") switch
            {
                "consent" => !those.Select(one => one.Id).ToHashSet().SetEquals(party.Where(one => !one.Consent).Select(one => one.Id)),
                "exit-barrier-cleared" => those.Count == 0 || those.Exists(one => one.Barriers.Count == 0),
                "escort-named" or "best-interests-decided" => those.Count == 0 || those.Exists(one => !one.IsUnder(18, day)),
                "fit-to-travel" => those.Count == 0 || those.Exists(one => one.Fitness is null),
                "emergency-document" => way.Count == 0 || Chronicle.Text(change, "destination") != way[^1].Country
                    || Chronicle.Text(change, "validUntil") != $"{way[^1].Arrives.UtcDateTime:yyyy-MM-dd}"
                    || those.Exists(one => Open.Where(ship => ship.Country == way[^1].Country).All(ship => Opens(one, ship)))
                    || party.Exists(one => !those.Contains(one) && way.Exists(ship => ship.Country is not null && !Opens(one, ship))),
                "pick-up" => Near(party).Count > 0 || StartOf(party) is not { } start
                    || !points.TryGetValue(Chronicle.Text(change.GetProperty("broughtTo"), "code")!, out var there)
                    || change.GetProperty("kilometres").GetInt32() != (int)Math.Round(Kilometres(start, there)),
                "position-known" => StartOf(party) is not null,
                "more-seats" => way.Exists(ship => Missing(change, ship) != Lacking(Free(ship), need)),
                "another-transport" => way.Count > 0 || (LeadsOut(Near(party)) && !party.Exists(one => one.Fears.Count > 0)),
                _ => true,
            };
            if (wrong) return $"{Chronicle.Text(change, "code")} would not";
        }
        if (!changes.Contains("more-seats") && way.Exists(ship => Lacks(Free(ship), need))) return "it has no room";
        if (way.Count > 0 && (way[^1].Country is null || party.Exists(one => way.Exists(ship => one.Fears.Contains(ship.Country ?? "")))))
            return "it does not lead out, or where somebody fears to go";
        if (way.Count > 0 && !changes.Contains("pick-up") && !Near(party).Contains(way[0].From)) return "it does not begin near them";
        if (way.Zip(way.Skip(1)).Any(pair => pair.First.To != pair.Second.From || pair.First.Arrives > pair.Second.Departs))
            return "one leg does not lead to the next";
        return Expect(facts.GetProperty("groupsBefore").GetInt32(), seatless);
    }

    private static bool Opens(Chronicle one, Ship ship) => DateOnly.FromDateTime(ship.Arrives.UtcDateTime) is var arrives
        && ((one.HasOwnPaper(arrives) && !one.PassportWithheld) || one.HasPaperFor(ship.Country!, arrives));

    private static (int Seats, int Wheelchairs, int Stretchers) Missing(JsonElement change, Ship ship) =>
        change.GetProperty("missing").EnumerateArray().FirstOrDefault(missing => Chronicle.Text(missing, "transport") == ship.Code)
            is { ValueKind: JsonValueKind.Object } missing
            ? (missing.GetProperty("seats").GetInt32(), missing.GetProperty("wheelchairs").GetInt32(),
                missing.GetProperty("stretchers").GetInt32())
            : default;

    private static (int Seats, int Wheelchairs, int Stretchers) Lacking((int Seats, int Wheelchairs, int Stretchers) free,
        (int Seats, int Wheelchairs, int Stretchers) need) =>
        (Math.Max(0, need.Seats - free.Seats), Math.Max(0, need.Wheelchairs - free.Wheelchairs),
            Math.Max(0, need.Stretchers - free.Stretchers));

    private string? Room(JsonElement room, Chronicle self, List<Chronicle> party, bool mustFit)
    {
        var ship = ships[room.GetProperty("transportId").GetGuid()];
        var (free, need) = (Free(ship), Needed(party));
        var (f, n) = (room.GetProperty("free"), room.GetProperty("need"));
        return Expect(f.GetProperty("seats").GetInt32(), free.Seats)
            ?? Expect(f.GetProperty("wheelchairSpaces").GetInt32(), free.Wheelchairs)
            ?? Expect(f.GetProperty("stretcherSpaces").GetInt32(), free.Stretchers)
            ?? Expect(n.GetProperty("seats").GetInt32(), need.Seats)
                ?? Expect(n.GetProperty("wheelchairSpaces").GetInt32(), need.Wheelchairs)
                ?? Expect(n.GetProperty("stretcherSpaces").GetInt32(), need.Stretchers)
            ?? Expect(room.GetProperty("people").GetInt32(), Seekers(party).Count)
                ?? (Lacks(free, need) == mustFit ? "there is room, or none" : null);
    }

    // Where the family has seats, those who wait.
    private static List<Chronicle> Seekers(List<Chronicle> party) => party.Exists(one => one.Holds) ? [.. party.Where(one => one.Waits)]
        : party;

    private (int Seats, int Wheelchairs, int Stretchers) Needed(List<Chronicle> party)
    {
        var (all, held) = (Need(party, party), party.Exists(one => one.Holds) ? Need([.. party.Where(one => one.Holds)], party) : default);
        return (all.Seats - held.Seats, all.Wheelchairs - held.Wheelchairs, all.Stretchers - held.Stretchers);
    }

    // Each adult in a seat has one infant on the lap.
    private (int Seats, int Wheelchairs, int Stretchers) Need(List<Chronicle> those, List<Chronicle> party)
    {
        var sitting = those.Where(one => one.Mobility == "none").ToList();
        return (sitting.Count - Math.Min(sitting.Count(one => one.IsSurelyInfant(day)), sitting.Count(one => !one.IsUnder(18, day))),
            those.Count(one => one.Mobility == "wheelchair"), those.Count(one => one.Mobility == "stretcher"));
    }

    private (int Seats, int Wheelchairs, int Stretchers) Free(Ship ship)
    {
        var aboard = people.Values.Where(one => one.Seats.Exists(seat => seat.Transport == ship.Id && !seat.Arrived))
            .GroupBy(one => partyOf.GetValueOrDefault(one.Id, one.Id)).Select(group => Need([.. group], [.. group])).ToList();
        return (ship.Seats - aboard.Sum(need => need.Seats), ship.Wheelchairs - aboard.Sum(need => need.Wheelchairs),
            ship.Stretchers - aboard.Sum(need => need.Stretchers));
    }

    private static bool Lacks((int Seats, int Wheelchairs, int Stretchers) free, (int Seats, int Wheelchairs, int Stretchers) need) =>
        free.Seats < need.Seats || free.Wheelchairs < need.Wheelchairs || free.Stretchers < need.Stretchers;

    private static bool IsFull((int Seats, int Wheelchairs, int Stretchers) free, (int Seats, int Wheelchairs, int Stretchers) need) =>
        (need.Seats == 0 || free.Seats == 0) && (need.Wheelchairs == 0 || free.Wheelchairs == 0)
            && (need.Stretchers == 0 || free.Stretchers == 0);

    private static bool Enough((int Seats, int Wheelchairs, int Stretchers) free, (int Seats, int Wheelchairs, int Stretchers) need,
        int others) =>
        (need.Seats == 0 || free.Seats - others >= need.Seats) && (need.Wheelchairs == 0 || free.Wheelchairs - others >= need.Wheelchairs)
            && (need.Stretchers == 0 || free.Stretchers - others >= need.Stretchers);

    private bool Alone(Chronicle child, List<Chronicle> party) => child.IsSeparated
        || !party.Exists(other => !other.IsUnder(18, day)
            && (child.AnsweredBy.Contains(other.Id) || other.StandsFor.Overlaps(child.AnsweredBy)
            || (child.SinceBeforeTies && child.AnsweredBy.Count == 0 && child.Household is not null)));

    private static (int, int, DateTimeOffset, Guid) Turn(List<Chronicle> party)
    {
        var tier = party.Min(one => one.Tier);
        return (tier, -party.Where(one => one.Tier == tier).Max(one => one.Score), party.Min(one => one.Since), party[0].Household
            ?? party[0].Id);
    }

    // From where the one is who can move least, then the head, then who registered first.
    private (double North, double East)? StartOf(List<Chronicle> party) => party
        .OrderByDescending(one => Array.IndexOf(["none", "wheelchair", "stretcher"], one.Mobility))
        .ThenByDescending(one => one.Role == "head").ThenBy(one => one.Since)
        .Select(one => one.CameWith is { } with && ships.TryGetValue(with, out var run) && points.TryGetValue(run.To, out var there)
            ? there : one.Position).FirstOrDefault(at => at is not null);

    private List<string> Near(List<Chronicle> party)
    {
        var abroad = ships.Values.Where(ship => ship.Country is not null).Select(ship => ship.To).ToHashSet();
        return StartOf(party) is not { } here ? [] : [.. points.Where(point => !abroad.Contains(point.Key)
            && Kilometres(here, point.Value) <= ReachInKilometres).Select(point => point.Key)];
    }

    private bool LeadsOut(List<string> near)
    {
        var reached = near.ToDictionary(point => point, _ => DateTimeOffset.MinValue);
        foreach (var ship in Open.OrderBy(ship => ship.Departs))
            if (reached.TryGetValue(ship.From, out var there) && there <= ship.Departs)
            {
                if (ship.Country is not null) return true;
                reached.TryAdd(ship.To, ship.Arrives.AddHours(1));
            }
        return false;
    }

    private void Same(Guid asked, string what, IEnumerable<Guid> said, IEnumerable<Guid> so)
    {
        var (one, other) = (said.Order().ToList(), so.Order().ToList());
        if (!one.SequenceEqual(other)) Findings.Add($"{asked} {what}: said of {string.Join(' ', one)}, and it is so of {string.Join(' ', other)}");
    }

    private static string? Expect(int said, int so) => said == so ? null : $"{said} is said, and it is {so}";

    private static string Who(JsonElement statement) => Chronicle.Text(statement.GetProperty("concerns"), "who")!;

    private static Guid? Id(JsonElement statement) => Chronicle.IdIn(statement.GetProperty("concerns"), "personId");

    private static double Number(string text) => double.Parse(text.Trim('"'), CultureInfo.InvariantCulture);

    private static double Kilometres((double North, double East) a, (double North, double East) b)
    {
        const double radians = Math.PI / 180;
        var h = Math.Pow(Math.Sin((b.North - a.North) * radians / 2), 2)
            + (Math.Cos(a.North * radians) * Math.Cos(b.North * radians) * Math.Pow(Math.Sin((b.East - a.East) * radians / 2), 2));
        return 2 * 6371.0088 * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
