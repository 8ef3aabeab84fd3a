using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.TimelineAudit;
using Xunit;

namespace CrisisCoordination.Histories.Tests;

/// <summary>
/// Lets many people work at once in one house, honest and not, and keeps what they asked and were answered. The same seed
/// gives the same intents; only ids, times and who comes first differ.
/// </summary>
internal sealed class History(HistoriesHouse house, int seed, int commands)
{
    private const int AtOnce = 8;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const string Alert = """
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>HISTORY</identifier><sender>crisis-cell@example.org</sender><sent>2026-01-10T05:10:00-00:00</sent>
          <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
          <info><language>en</language><category>Safety</category><event>Fighting</event>
            <responseType>Evacuate</responseType><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>
            <area><areaDesc>Port Sudan</areaDesc><circle>19.6,37.2 60</circle></area></info>
        </alert>
        """;

    private readonly World world = new(seed, people: Math.Clamp(commands / 25, 60, 400));
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> answers = new();
    private readonly ConcurrentQueue<string> faults = [];
    private readonly HashSet<(Service, string)> described = [];
    private int sent, next;

    /// <summary>What no answer may be: a server error, a refusal without a code, or a plan in which the checker found a fault.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>Per door how often it answered what.</summary>
    public IReadOnlyDictionary<string, ConcurrentDictionary<string, int>> Answers => answers;

    public int Sent => sent;

    public async Task RunAsync()
    {
        foreach (var service in Enum.GetValues<Service>())
            if (await ReadAsync(service, "officer-1",
                "/openapi/v1.json") is { } description) foreach (var path in description.GetProperty("paths")
                .EnumerateObject()) described.Add((service, path.Name));
        var doors = new Doors(world, ReadAsync, Has);
        await PrepareAsync(doors);
        var weighted = doors.All;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref sent) < commands) await TellAsync(Interlocked.Increment(ref next), doors, weighted);
        })));
    }

    /// <summary>Everybody's and everything's timeline, as the auditor exports them, once nothing moves any more.</summary>
    public async Task<IReadOnlyList<string>> ExportAsync()
    {
        await QuietAsync();
        var client = await house.ClientAsync(Service.ConsularContact, "auditor-1");
        var lines = new List<string>();
        foreach (var path in (string[])["/timelines", "/timelines/shared"])
            for (var after = Guid.Empty; ;)
            {
                using var page = await client.GetAsync($"{path}?limit=500&after={after}");
                lines.AddRange((await page.EnsureSuccessStatusCode().Content.ReadAsStringAsync())
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries));
                if (!page.Headers.TryGetValues("Timelines-Next", out var following)) break;
                after = Guid.Parse(following.Single());
            }
        return lines;
    }

    /// <summary>Whom an agency reads of now.</summary>
    public async Task<IReadOnlyList<Guid>> FeedAsync(string partner)
    {
        var client = await house.ClientAsync(Service.PartnerGateway, partner);
        var told = new List<Guid>();
        for (var after = "0"; ;)
        {
            using var page = await client.GetAsync($"/feed?limit=500&after={after}");
            page.EnsureSuccessStatusCode();
            foreach (var entry in (await page.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray())
                if (!entry.GetProperty("type").GetString()!.Contains("tombstone",
                    StringComparison.Ordinal)) told.Add(Guid.Parse(entry.GetProperty("subject").GetString()!));
            var following = page.Headers.GetValues("Feed-Next").Single();
            if (following == after) return told;
            after = following;
        }
    }

    /// <summary>What anybody sees who has to find out why a history broke a rule.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var (door, codes) in answers.OrderBy(door => door.Key, StringComparer.Ordinal))
            text.Append(door.PadRight(30)).AppendJoin(", ", codes.OrderByDescending(code => code.Value).Select(code =>
                $"{code.Value} {code.Key}")).Append('\n');
        return text.ToString();
    }

    private bool Has(Service service, string path) => described.Contains((service, path));

    // The crisis, the places where they truly are, agencies, and transports that tell the truth come first.
    private async Task PrepareAsync(Doors doors)
    {
        await SendAsync(new("open the crisis", Service.ConsularContact, "/crises", null, "officer-1", answer =>
            world.Crisis = answer.GetProperty("crisisId").GetGuid())
        { File = (Alert, "application/xml") }, "crisis");
        var placed = Has(Service.ConsularContact, "/crises/{crisisId}/countries");
        if (placed) await SendAsync(new("tell the crisis's countries", Service.ConsularContact, $"/crises/{world.Crisis}/countries",
            new { countries = new[] { "SDN" } }, "officer-1"), "crisis/countries");
        var points = string.Concat(World.Points.Select(point =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{point.Code},{point.Code},{point.North},{point.East}{(placed ? $",{point.Country ?? "SDN"}" : "")}\n")));
        foreach (var coordinator in (string[])["coordinator-1", "coordinator-2"])
            await SendAsync(new("points", Service.EvacuationPlanning, "/assembly-points/import", null,
                coordinator)
            { File = ($"code,name,latitude,longitude{(placed ? ",country" : "")}\n" + points, "text/csv") }, $"points/{coordinator}");
        foreach (var (code, receives) in ((string, string)[])[("IOM", "trafficking"), ("GOVSAU", "return"), ("UNICEF", "child_protection")])
            await SendAsync(new("register an agency", Service.PartnerGateway, "/agencies",
                new { code, name = code, receives = new[] { receives }, country = code == "GOVSAU" ? "SAU" : null }, "admin-1"),
                $"agency/{code}");
        for (var way = 0; way < 9; way++) await SendAsync(doors.Schedule(new Draw(way), lies: false, way)!, $"way/{way}");
    }

    private async Task TellAsync(int number, Doors doors, IReadOnlyList<(int Weight, Func<Draw, Task<Command?>> Make)> weighted)
    {
        var draw = new Draw(unchecked((seed * 1_000_003) + number));
        // Families come first, in their own order; then everything happens at once.
        var families = world.Souls.GroupBy(soul => soul.Family).ToList();
        if (number <= families.Count) await ArriveAsync([.. families[number - 1]], draw, doors, $"{number}");
        else if (draw.Chance(0.018)) await DepartAsync(draw, doors, $"{number}");
        else if (draw.Chance(0.012)) await PaperAsync(draw, doors, $"{number}");
        else if (draw.Chance(0.004)) await ReuniteAsync(draw, doors, $"{number}");
        else
        {
            var at = draw.Number(weighted.Sum(door => door.Weight));
            var door = weighted.First(door => (at -= door.Weight) < 0);
            if (await door.Make(draw) is { } command) await SendAsync(command, $"{number}", draw);
        }
    }

    private async Task ArriveAsync(IReadOnlyList<Soul> family, Draw draw, Doors doors, string key)
    {
        foreach (var soul in family) await SendAsync(doors.Register(draw, soul)!, $"{key}/register/{soul.Number}", draw);
        foreach (var soul in family.Where(soul => soul.Known is not null))
        {
            if (soul.Parent >= 0 && draw.Chance(0.85)) await SendAsync(doors.NameGuardian(draw, soul, honest: true)!,
                $"{key}/guardian/{soul.Number}", draw);
            if (draw.Chance(0.85)) await SendAsync(doors.Consent(draw, soul, honest: true)!, $"{key}/consent/{soul.Number}", draw);
        }
    }

    // A plan is made, its seats are held, and transports leave with whoever may.
    private async Task DepartAsync(Draw draw, Doors doors, string key)
    {
        if (!await SendAsync(doors.Schedule(draw, lies: draw.Chance(0.15), way: draw.Number(4))!, $"{key}/schedule", draw)) return;
        // While others change what it rests on, a plan is made anew.
        for (var (draft, drafts) = (draw.Chance(0.85) ? doors.DraftHonestly(draw) : doors.Draft(draw)!, 0); drafts < 3; drafts++)
        {
            Guid? plan = null;
            await SendAsync(draft with { Then = answer => { draft.Then!(answer); plan = answer.GetProperty("planId").GetGuid(); } },
                $"{key}/draft/{drafts}", draw);
            var code = "plan/being-made";
            for (var tries = 0; plan is not null && tries < 40 && code == "plan/being-made"; tries++)
            {
                if (tries > 0) await Task.Delay(250);
                code = (await OnceAsync(new("publish a plan", Service.EvacuationPlanning, $"/plans/{plan}/publication", new { },
                    "coordinator-1"), $"{key}/publish/{drafts}/{tries}", count: false)).Code;
            }
            answers.GetOrAdd("publish a plan", _ => new()).AddOrUpdate(code, 1, (_, before) => before + 1);
            if (code == "accepted") break;
        }
        foreach (var (ride, i) in (await LoadedAsync(draw)).Take(2).Select((ride, i) => (ride, i)))
        {
            if (await ReadAsync(Service.EvacuationPlanning, "coordinator-1",
                $"/transports/{ride.Id}/manifest") is not { } manifest) continue;
            var held = manifest.GetProperty("people").EnumerateArray().Where(line =>
                line.GetProperty("state").GetString() is "held" or "checkedIn").Select(line => line.GetProperty("personId").GetGuid())
                .OrderBy(person => world.Souls.FirstOrDefault(soul => soul.Known?.Id == person)?.IsChild == true).ToList();
            if (held.Count == 0) continue;
            // The gate sees families, mostly those that are ones.
            foreach (var family in manifest.GetProperty("people").EnumerateArray().GroupBy(line =>
                line.GetProperty("groupId").GetGuid(), line => line.GetProperty("personId").GetGuid()))
            {
                var souls = family.ToLookup(person => world.Souls.FirstOrDefault(soul => soul.Known?.Id == person)?.IsChild);
                if (souls[true].Any() && souls[false].Any() && draw.Chance(0.8)
                    && Has(Service.EvacuationPlanning, "/transports/{transportId}/families"))
                    await SendAsync(doors.FamilyAtGate(draw, ride.Id, [.. souls[false]], [.. souls[true]]),
                        $"{key}/{i}/family/{family.Key}", draw);
            }
            foreach (var person in held)
            {
                if (draw.Chance(0.2)) await SendAsync(doors.At(draw, ride.Id, person, "check in at the gate", "check-in"), $"{key}/{i}/in/{person}", draw);
                if (draw.Chance(0.06)) await SendAsync(doors.At(draw, ride.Id, person, "no-show", "no-shows"), $"{key}/{i}/none/{person}", draw);
                else if (draw.Chance(0.95)) await SendAsync(doors.At(draw, ride.Id, person, "board", "boarding"), $"{key}/{i}/{person}", draw);
            }
            if (draw.Chance(0.75)) await SendAsync(doors.Depart(draw, ride), $"{key}/{i}/depart", draw);
            if (draw.Chance(0.75)) await SendAsync(doors.Arrive(draw, ride), $"{key}/{i}/arrive", draw);
            if (ride.Departed && held.Count > 0 && draw.Chance(0.4))
            {
                var lost = held.Take(1).ToList();
                await SendAsync(doors.Count(draw, ride, [.. held.Skip(1).Take(2)], lost, close: false), $"{key}/{i}/count", draw);
                await SendAsync(doors.Settle(draw, ride, lost[0]), $"{key}/{i}/settle", draw);
                await SendAsync(doors.Count(draw, ride, [], [], close: true), $"{key}/{i}/close", draw);
            }
            foreach (var person in held)
            {
                if (draw.Chance(0.3)) await SendAsync(doors.PlanOnward(draw, person), $"{key}/{i}/onward/{person}", draw);
                if (draw.Chance(0.5)) await SendAsync(doors.HandOver(draw, person), $"{key}/{i}/hand-over/{person}", draw);
                if (draw.Chance(0.3)) await SendAsync(doors.OnwardDone(draw, person), $"{key}/{i}/gone/{person}", draw);
                if (draw.Chance(0.4)) await SendAsync(doors.Reintegrate(draw, person), $"{key}/{i}/home/{person}", draw);
            }
        }
    }

    // Transports on which somebody has a seat.
    private async Task<IReadOnlyList<Ride>> LoadedAsync(Draw draw)
    {
        if (await ReadAsync(Service.EvacuationPlanning, "coordinator-1", "/transports?limit=500") is not { } list) return [];
        var loaded = list.GetProperty("items").EnumerateArray().Where(one =>
            one.GetProperty("souls").GetInt32() > 0 && one.GetProperty("state").GetString() is "scheduled" or "sealed").Select(one =>
            world.RideOf(one.GetProperty("transportId").GetGuid())).OfType<Ride>().ToList();
        if (loaded.Count == 0) return [];
        var from = draw.Number(loaded.Count);
        return [.. loaded.Skip(from), .. loaded.Take(from)];
    }

    private async Task ReuniteAsync(Draw draw, Doors doors, string key)
    {
        foreach (var step in doors.Reunite(draw))
            if (step() is { } command) await SendAsync(command, $"{key}/{command.Door}", draw);
    }

    private async Task PaperAsync(Draw draw, Doors doors, string key)
    {
        // Two documents by a merge: one under each record, and then both are one person.
        if (draw.Chance(0.3) && world.Twice(draw) is var (one, other))
        {
            await PaperAsync(draw, doors, $"{key}/one", one);
            await PaperAsync(draw, doors, $"{key}/other", other);
            await SendAsync(doors.Merge(draw, one, other), $"{key}/merge", draw);
        }
        else if (world.AnyRecord(draw) is { } person) await PaperAsync(draw, doors, key, person);
    }

    private async Task PaperAsync(Draw draw, Doors doors, string key, Guid person)
    {
        Guid? application = null;
        var open = doors.Open(draw, person);
        await SendAsync(open with
        {
            Then = answer =>
            { open.Then!(answer); application = answer.GetProperty("applicationId").GetGuid(); }
        }, $"{key}/open", draw);
        if (application is not { } id) return;
        await SendAsync(Doors.On("verify an identity", person, id, "identity", new { evidence = "The old passport" }, "document-1"),
            $"{key}/verify", draw);
        await SendAsync(Doors.On("approve a document", person, id, "approval",
            new { destination = draw.Pick("IND", "ETH", "SAU", "HKG", "CHN") }, draw.Pick("document-1", "document-2", "document-2")),
            $"{key}/approve", draw);
        await SendAsync(Doors.On("issue a document", person, id, "issue", new { }, draw.Pick("document-1", "document-2")), $"{key}/issue",
            draw);
    }

    /// <summary>Sends it, sometimes twice, sometimes twice at the same moment.</summary>
    private async Task<bool> SendAsync(Command command, string key, Draw? draw = null)
    {
        var keyed = command.Method == HttpMethod.Post && draw?.Chance(0.15) != true ? $"{seed}/{key}" : null;
        if (draw?.Chance(0.03) == true)
        {
            var both = await Task.WhenAll(OnceAsync(command, keyed), OnceAsync(command, keyed));
            return both[0].Accepted || both[1].Accepted;
        }
        var first = await OnceAsync(command, keyed);
        if (draw?.Chance(0.05) == true)
        {
            var again = await OnceAsync(command, draw.Chance(0.5) ? keyed : keyed is null ? null : keyed + "/again", count: false);
            if (again.Key is not null && again.Key == keyed && first.Accepted && again.Status != first.Status)
                faults.Enqueue($"{command.Door}: sent again with the same key it answered {again.Status} after {first.Status}");
        }
        return first.Accepted;
    }

    private async Task<(bool Accepted, int Status, string? Key, string Code)> OnceAsync(Command command, string? key, bool count = true)
    {
        Interlocked.Increment(ref sent);
        using var request = new HttpRequestMessage(command.Method, command.Path);
        if (command.File is var (text, type)) request.Content = new StringContent(text, Encoding.UTF8, type);
        else if (command.Body is not null) request.Content = JsonContent.Create(command.Body, options: Json);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        foreach (var (name, value) in command.Headers) request.Headers.TryAddWithoutValidation(name, value);
        var client = await house.ClientAsync(command.To, command.Account);
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var (accepted, code) = (answer.IsSuccessStatusCode, "accepted");
        if (!accepted)
        {
            code = CodeOf(answer, body);
            if ((int)answer.StatusCode >= 500 || code is "" or "plan/faulty") faults.Enqueue($"{command.Door}: {command.Method} {command.Path} answered {(int)answer.StatusCode}: {body}; it was sent {JsonSerializer.Serialize(command.Body, Json)}");
        }
        else if (command.Then is { } learn && body.Length > 0)
            learn(JsonSerializer.Deserialize<JsonElement>(body));
        else if (command.Then is { } done)
            done(default);
        if (count) answers.GetOrAdd(command.Door, _ => new()).AddOrUpdate(code, 1, (_, before) => before + 1);
        return (accepted, (int)answer.StatusCode, key, code);
    }

    private static string CodeOf(HttpResponseMessage answer, string body)
    {
        if (answer.StatusCode == HttpStatusCode.TooManyRequests) return "429";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return "";
        return JsonSerializer.Deserialize<JsonElement>(body).TryGetProperty("type", out var type) && type.GetString() is { } code
            && code.Contains('/', StringComparison.Ordinal) && !code.Contains(':', StringComparison.Ordinal) ? code : "";
    }

    private async Task<JsonElement?> ReadAsync(Service service, string account, string path)
    {
        using var answer = await (await house.ClientAsync(service, account)).GetAsync(path);
        if ((int)answer.StatusCode >= 500) faults.Enqueue($"GET {path} answered {(int)answer.StatusCode}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : null;
    }

    // All that was appended is published, and the consumers have come to rest.
    private async Task QuietAsync()
    {
        var (before, same) = ((Published: -1L, Consumed: 0L), 0);
        await Eventually.TrueAsync(async () =>
        {
            await Task.Delay(500);
            var (appended, published, consumed) = (await house.StoredAsync(), 0L, 0L);
            foreach (var service in Enum.GetValues<Service>())
            {
                using var answer = await (await house.ClientAsync(service, "auditor-1")).GetAsync("/figures");
                if (!answer.IsSuccessStatusCode) continue;
                var figures = await answer.Content.ReadFromJsonAsync<JsonElement>();
                published = Math.Max(published, figures.GetProperty("published").GetInt64());
                consumed += figures.GetProperty("consumed").GetInt64();
            }
            (same, before) = (before == (published, consumed) && published >= appended ? same + 1 : 0, (published, consumed));
            return same >= 4;
        }, "the house is quiet");
    }
}
