using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Alerts, updates and cancels, and who is inside, over the real service.</summary>
public sealed class CrisisHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static string Message(string id, int minute, string type = "Alert", string area = "1,1 1,3 3,3 3,1 1,1", string status = "Exercise", params string[] references) => $"""
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>cell@example.org</sender><sent>2026-05-04T07:{minute:00}:00-00:00</sent>
        <status>{status}</status><msgType>{type}</msgType><scope>Public</scope>{(references.Length > 0 ? $"<references>{string.Join(' ', references.Select(to => $"cell@example.org,{to},2026-05-04T07:00:00-00:00"))}</references>" : "")}
        {(type == "Cancel" ? "" : $"<info><category>Met</category><event>Cyclone</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty><area><areaDesc>{id}-area</areaDesc><polygon>{area}</polygon></area></info>")}</alert>
        """;

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string message)
    {
        var answer = await house.Officer.PostAsync("/crises", new StringContent(message, Encoding.UTF8, "application/xml"));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<Guid> OpenedAsync(string message)
    {
        var (status, body) = await SendAsync(message);
        Assert.Equal(HttpStatusCode.Created, status);
        return body.GetProperty("crisisId").GetGuid();
    }

    private async Task<Guid> RegisteredAsync(Guid crisis, string reference, string given, double north, double east, string born = "1990-04-05")
    {
        var answer = await house.Officer.PostAsJsonAsync("/people", new
        {
            crisisId = crisis,
            reference,
            channel = "consulate",
            registeredAt = "2026-05-04T08:00:00Z",
            registration = new { familyName = reference.Split('-')[0], givenNames = given, birthDate = born, position = new { latitude = north, longitude = east } },
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    private async Task<string[]> AreasOfAsync(Guid person) => [.. (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(person)).Events.Select(e => e.Event.GetType().Name).Where(name => name.StartsWith("AffectedArea", StringComparison.Ordinal))];

    private async Task<Guid[]> InsideAsync(Guid crisis, HttpClient? by = null) =>
        [.. (await (by ?? house.Officer).GetFromJsonAsync<JsonElement>($"/crises/{crisis}/people-inside?limit=1000")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("personId").GetGuid()).Order()];

    [Fact]
    public async Task One_account_alone_moves_no_crisis_to_other_countries()
    {
        var path = $"/crises/{house.Crisis}/countries";
        using var second = await house.ClientOfAsync(Service.ConsularContact, "second-officer", null, Roles.Officer);
        async Task<(HttpStatusCode, string?)> AskAsync(HttpClient by, string to, object body)
        {
            using var answer = await by.PostAsJsonAsync(to, body);
            return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        }

        async Task<string[]> ReadAsync(string member) => (await house.Officer.GetFromJsonAsync<JsonElement>($"/crises/{house.Crisis}")).GetProperty(member) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(country => country.GetString()!)] : [];

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "country/unknown"), await AskAsync(house.Officer, path, new { countries = new[] { "Atlantis" } }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "country/no-place"), await AskAsync(house.Officer, path, new { countries = new[] { "XXA" } }));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(house.Officer, path, new { countries = new[] { "sdn" } }));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(house.Officer, path, new { countries = new[] { "Sudan" } }));
        Assert.Equal(["SDN"], await ReadAsync("countries"));
        Assert.Equal((HttpStatusCode.Conflict, "crisis/countries-contradict"), await AskAsync(second, path, new { countries = new[] { "ERI" } }));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(second, path, new { countries = new[] { "SDN", "TCD" }, reason = "It spread" }));
        Assert.Equal((HttpStatusCode.Forbidden, "crisis/second-officer-needed"), await AskAsync(second, $"{path}/confirmation", new { countries = new[] { "SDN", "TCD" } }));
        Assert.Equal(["SDN"], await ReadAsync("countries"));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync(house.Officer, $"{path}/confirmation", new { countries = new[] { "SDN", "TCD" } }));
        Assert.Equal(["SDN", "TCD"], await ReadAsync("countries"));
    }

    private Task<JsonElement> CountAsync(Guid crisis) => house.Officer.GetFromJsonAsync<JsonElement>($"/crises/{crisis}/people-inside/count");

    [Fact]
    public async Task Who_is_inside_follows_people_as_they_move()
    {
        var crisis = await OpenedAsync(Message("MV-1", 1));
        var (one, other) = (await RegisteredAsync(crisis, "Moreno-1", "Ana", 2, 2), await RegisteredAsync(crisis, "Nunes-2", "Rui", 9, 9, "1971-08-09"));
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual([one]), "the one registered inside is listed");

        Assert.True((await house.Officer.PostAsJsonAsync($"/people/{one}/check-ins", new { state = "safe", position = new { latitude = 8, longitude = 8 }, at = "2026-05-05T08:00:00Z" })).IsSuccessStatusCode);
        Assert.True((await house.Officer.PostAsJsonAsync($"/people/{other}/sightings", new { by = "a friend", position = new { latitude = 2.5, longitude = 2.5 }, at = "2026-05-05T09:00:00Z" })).IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual([other]), "they have changed places");
        Assert.Equal(["AffectedAreaLeft"], await AreasOfAsync(one));
        Assert.Equal(["AffectedAreaEntered"], await AreasOfAsync(other));

        Assert.True((await house.Officer.PostAsJsonAsync($"/people/{one}/sightings", new { by = "a friend", position = new { latitude = 2, longitude = 2 }, at = "2026-05-04T20:00:00Z" })).IsSuccessStatusCode);
        Assert.True((await house.Officer.PostAsJsonAsync($"/people/{other}/check-ins", new { state = "left", at = "2026-05-06T08:00:00Z" })).IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).Length == 0, "nobody is inside");
        Assert.Equal(["AffectedAreaLeft"], await AreasOfAsync(one));
    }

    [Fact]
    public async Task An_update_moves_the_area_a_cancel_ends_it_and_the_same_again_changes_nothing()
    {
        var crisis = await OpenedAsync(Message("UP-1", 1));
        var people = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => RegisteredAsync(crisis, $"Pires{(char)('a' + i)}-{i}", $"Given{(char)('a' + i)}", i < 6 ? 2 : 20, 2, $"19{60 + i}-0{1 + i % 9}-1{i % 9}")));
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual(people[..6].Order()), "six are inside");
        await Eventually.TrueAsync(async () => await CountAsync(crisis) is var count && count.TryGetProperty("outside", out var outside) && outside.GetInt32() == 6
            && count.GetProperty("inside").GetInt32() == 6 && count.GetProperty("left").GetInt32() == 0 && count.GetProperty("upToDate").GetBoolean(), "six are counted inside and six outside");

        var moved = Message("UP-2", 2, "Update", "19,1 19,3 21,3 21,1 19,1", "Exercise", "UP-1");
        var (status, body) = await SendAsync(moved);
        Assert.Equal((HttpStatusCode.OK, crisis, true, "UP-2-area"), (status, body.GetProperty("crisisId").GetGuid(), body.GetProperty("inForce").GetBoolean(), body.GetProperty("areas")[0].GetString()));
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual(people[6..].Order()), "the other six are inside");
        Assert.All(people, person => Assert.Single(AreasOfAsync(person).Result));
        await Eventually.TrueAsync(async () => (await CountAsync(crisis)).GetProperty("upToDate").GetBoolean(), "all are worked out");

        var before = await house.StoredAsync();
        foreach (var again in new[] { moved, Message("UP-1", 1) }) Assert.Equal(HttpStatusCode.OK, (await SendAsync(again)).Status);
        Assert.Equal(before, await house.StoredAsync());

        Assert.True((await SendAsync(Message("UP-3", 3, "Cancel", "", "Exercise", "UP-1", "UP-2"))).Body.GetProperty("ended").GetBoolean());
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).Length == 0, "nobody is inside an area that ended");
        var late = await RegisteredAsync(crisis, "Quadros-9", "Zita", 20, 2, "1999-09-09");
        Assert.Equal((false, 1), ((await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(late)).Events[0].Event is PersonRegistered { InAffectedArea: true }, (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(late)).Events.Count));
        Assert.True((await house.Officer.GetFromJsonAsync<JsonElement>($"/crises/{crisis}")).GetProperty("ended").GetBoolean());
    }

    [Fact]
    public async Task Whom_others_keep_changing_is_worked_out_against_the_new_area_when_they_have_done()
    {
        var crisis = await OpenedAsync(Message("HE-1", 5));
        var person = await RegisteredAsync(crisis, "Heldarea-1", "Nunes", 20, 2, "1966-06-16");
        await using (var held = await HeldTimeline.HoldAsync(house, person))
        {
            var moved = Message("HE-2", 6, "Update", "19,1 19,3 21,3 21,1 19,1", "Exercise", "HE-1");
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(moved)).Status);
            await held.TriedAsync(TimelineStore.Attempts + 1);
            Assert.False((await CountAsync(crisis)).GetProperty("upToDate").GetBoolean());
        }
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).Contains(person), "they are inside the new area");
    }

    [Fact]
    public async Task An_alert_that_has_run_out_is_told_and_leaves_nobody_out_until_somebody_sends_another()
    {
        string Until(string message, string expires) => message.Replace("</certainty>", $"</certainty><expires>{expires}</expires>");
        var crisis = await OpenedAsync(Until(Message("XP-1", 1), "2026-05-05T07:00:00-00:00"));
        var one = await RegisteredAsync(crisis, "Simoes-1", "Lara", 2, 2, "1981-01-21");
        var read = await house.Officer.GetFromJsonAsync<JsonElement>($"/crises/{crisis}");
        Assert.Equal(("2026-05-05T07:00:00+00:00", true, false), (read.GetProperty("expires").GetString(), read.GetProperty("expired").GetBoolean(), read.GetProperty("ended").GetBoolean()));
        Assert.True((await ListedAsync(crisis)).GetProperty("expired").GetBoolean());
        Assert.True((await CountAsync(crisis)).GetProperty("expired").GetBoolean());
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual([one]), "they are still inside");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Until(Message("XP-2", 2, "Update", references: "XP-1"), "2126-05-05T07:00:00-00:00"))).Status);
        Assert.False((await house.Officer.GetFromJsonAsync<JsonElement>($"/crises/{crisis}")).GetProperty("expired").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Message("XP-3", 3, "Update", references: "XP-2"))).Status);
        var listed = await ListedAsync(crisis);
        Assert.False(listed.GetProperty("expired").GetBoolean() || listed.TryGetProperty("expires", out _));

        async Task<JsonElement> ListedAsync(Guid id) => (await house.Officer.GetFromJsonAsync<JsonElement>("/crises")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("crisisId").GetGuid() == id);
    }

    [Fact]
    public async Task Messages_come_in_any_order_and_of_any_status_but_never_mix()
    {
        var crisis = await OpenedAsync(Message("OR-2", 2, "Update", references: "OR-1"));
        var (status, body) = await SendAsync(Message("OR-1", 1));
        Assert.Equal((HttpStatusCode.OK, crisis, false), (status, body.GetProperty("crisisId").GetGuid(), body.GetProperty("inForce").GetBoolean()));
        Assert.Equal("crisis/status-differs", (await SendAsync(Message("OR-3", 3, "Update", status: "Actual", references: "OR-1"))).Body.GetProperty("type").GetString());
        Assert.Equal("crisis/alert-unknown", (await SendAsync(Message("OR-4", 4, "Cancel", "", "Exercise", "OR-9"))).Body.GetProperty("type").GetString());
        await OpenedAsync(Message("OR-5", 5));
        Assert.Equal("crisis/alert-of-two", (await SendAsync(Message("OR-6", 6, "Update", "1,1 1,3 3,3 3,1 1,1", "Exercise", "OR-1", "OR-5"))).Body.GetProperty("type").GetString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(Message("OR-7", 7))));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("crisisId").GetGuid()).Distinct());
    }

    [Fact]
    public async Task Another_post_sees_nobody_and_small_numbers_are_left_out()
    {
        using var elsewhere = await house.ClientOfPostAsync(Service.ConsularContact, "officer-of-quito", null, "quito", Roles.Officer);
        var crisis = await OpenedAsync(Message("PO-1", 1));
        var one = await RegisteredAsync(crisis, "Rocha-1", "Lia", 2, 2, "1988-08-08");
        await Eventually.TrueAsync(async () => (await InsideAsync(crisis)).SequenceEqual([one]), "one is inside");
        Assert.Empty(await InsideAsync(crisis, elsewhere));
        Assert.False((await CountAsync(crisis)).TryGetProperty("inside", out _));
        Assert.Equal(0, (await elsewhere.GetFromJsonAsync<JsonElement>($"/crises/{crisis}/people-inside/count")).GetProperty("inside").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.GetAsync($"/crises/{Guid.NewGuid()}/people-inside")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.GetAsync($"/crises/{Guid.NewGuid()}/people-inside/count")).StatusCode);
    }

    [Fact]
    public async Task The_same_person_in_an_exercise_and_in_an_actual_crisis_is_two_records_and_in_two_exercises_one()
    {
        var (exercise, other, actual) = (await OpenedAsync(Message("KI-1", 1)), await OpenedAsync(Message("KI-2", 1, area: "60,60 60,61 61,61 61,60 60,60")), await OpenedAsync(Message("KI-3", 1, status: "Actual")));
        async Task<Guid> In(Guid crisis, string reference, double north, string at)
        {
            var answer = await house.Officer.PostAsJsonAsync("/people", new
            {
                crisisId = crisis,
                reference,
                channel = "consulate",
                registeredAt = at,
                registration = new { familyName = "Sequeira", givenNames = "Marina", birthDate = "1977-07-17", sex = "female", document = new { type = "passport", number = "MZ7654321", status = "valid", expiry = "2030-01-01" }, position = new { latitude = north, longitude = north } },
            });
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        }
        var one = await In(exercise, "KI-1", 2, "2026-05-04T08:00:00Z");
        Assert.Equal(one, await In(other, "KI-2", 60.5, "2026-05-04T09:00:00Z"));
        Assert.NotEqual(one, await In(actual, "KI-3", 2, "2026-05-04T09:00:00Z"));
        await Eventually.TrueAsync(async () => (await InsideAsync(other)).SequenceEqual([one]) && (await InsideAsync(exercise)).Length == 0, "she is inside the area she told last");

        var found = await house.Officer.GetFromJsonAsync<JsonElement>($"/people?search=sequeira&crisis={exercise}");
        Assert.Equal(one, Assert.Single(found.GetProperty("items").EnumerateArray()).GetProperty("personId").GetGuid());
        await Eventually.TrueAsync(async () => (await house.Officer.GetFromJsonAsync<JsonElement>($"/lists/unreached?crisis={other}&limit=1000")).GetProperty("items").EnumerateArray().Any(line => line.GetProperty("personId").GetGuid() == one), "she is on the list of either crisis");
    }
}
