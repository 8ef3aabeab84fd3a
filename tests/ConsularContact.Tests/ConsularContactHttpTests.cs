using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class ConsularContactHouse : House
{
    public HttpClient Officer { get; private set; } = null!;
    public Guid Crisis { get; private set; }

    protected override async Task PrepareAsync()
    {
        await StartAsync(ConsularContactService.Define());
        Officer = await ClientAsync(Service.ConsularContact, Roles.Officer);
        var answer = await Officer.PostAsync("/crises", new StringContent(AlertTests.Alert, Encoding.UTF8, "application/xml"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Crisis = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("crisisId").GetGuid();
    }

    public object Person(string reference, string family = "Abebe", string given = "Selam", string born = "1990-04-05", string? document = null) => new
    {
        crisisId = Crisis,
        reference,
        channel = "consulate",
        registeredAt = "2026-05-04T08:00:00Z",
        registration = new { familyName = family, givenNames = given, sex = "female", birthDate = born, nationality = "Ethiopian", document = document is null ? null : new { type = "passport", number = document, status = "valid", expiry = "2030-01-01" }, shareWith = new[] { "IOM" }, fearOfReturnTo = new[] { "ERI" } },
    };
}

public sealed class ConsularContactHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static async Task<JsonElement> Body(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private static HttpRequestMessage Keyed(string path, object body, string key) =>
        new(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };

    [Fact]
    public async Task A_person_is_registered_found_and_read_with_their_timeline_at_two_times()
    {
        var answer = await house.Officer.PostAsJsonAsync("/people", house.Person("A-1", "Girma", "Tsehay", "1988-02-03"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var id = (await Body(answer)).GetProperty("personId").GetGuid();

        var found = await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=tsehay girma");
        Assert.Equal(id, found.GetProperty("items")[0].GetProperty("personId").GetGuid());

        var timeline = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/timeline");
        Assert.Equal(["person_registered", "sharing_consent_given", "fear_of_return_stated"], timeline.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
        Assert.Equal("ETH", timeline.GetProperty("events")[0].GetProperty("data").GetProperty("form").GetProperty("nationality").GetString());
        Assert.Empty((await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/timeline?knownAt=2026-05-04T09:00:00Z")).GetProperty("events").EnumerateArray());
        Assert.Equal(3, (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/timeline?asOf=2026-05-04T09:00:00Z")).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task The_same_request_sent_again_or_twice_at_once_gives_the_first_answer()
    {
        var body = house.Person("B-1", "Kebede", "Almaz", "1979-09-09");
        var first = await house.Officer.SendAsync(Keyed("/people", body, "key-b1"));
        var again = await house.Officer.SendAsync(Keyed("/people", body, "key-b1"));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        await using var kept = house.Part<Npgsql.NpgsqlDataSource>(Service.ConsularContact).CreateCommand("select body from consular_contact.idempotency where key = 'key-b1'");
        Assert.DoesNotContain("personId", System.Text.Encoding.Latin1.GetString((byte[])(await kept.ExecuteScalarAsync())!));

        var other = await house.Officer.SendAsync(Keyed("/people", house.Person("B-2"), "key-b1"));
        Assert.Equal(("idempotency/key-reused", HttpStatusCode.UnprocessableEntity), ((await Body(other)).GetProperty("type").GetString(), other.StatusCode));

        var body3 = house.Person("B-3", "Worku", "Hirut", "1969-01-09");
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => house.Officer.SendAsync(Keyed("/people", body3, "key-b3"))));
        Assert.All(all, a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=hirut")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Twenty_officers_registering_one_person_at_once_make_one_person()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => house.Officer.PostAsJsonAsync("/people", house.Person($"C-{i}", "Desta", "Meron", "1991-12-24", "EP1234567"))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(Body))).Select(b => b.GetProperty("personId").GetGuid()).Distinct());
    }

    [Fact]
    public async Task The_second_of_two_who_correct_is_told_what_changed()
    {
        var person = await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("D-1", "Haile", "Sara", "1983-03-03")));
        var (id, registration) = (person.GetProperty("personId").GetGuid(), person.GetProperty("registrationId").GetGuid());
        var seen = (await house.Officer.GetAsync($"/people/{id}")).Headers.ETag!.Tag;
        HttpRequestMessage Correction(string name, string? language = null) => new(HttpMethod.Put, $"/people/{id}/registrations/{registration}")
        { Content = JsonContent.Create(new { registration = new { familyName = "Haile", givenNames = name, language }, reason = "spelling" }), Headers = { { "If-Match", seen } } };

        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.SendAsync(Correction("Sarah", "am"))).StatusCode);
        await house.Officer.PostAsJsonAsync($"/people/{id}/check-ins", new { state = "safe" });
        var second = await house.Officer.SendAsync(Correction("Zara"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        var detail = (await Body(second)).GetProperty("detail").GetString();
        Assert.Matches(@"givenNames.*language.* by .+ at \d{4}-\d\d-\d\d \d\d:\d\d UTC; checked in\. Load", detail);
        Assert.DoesNotContain("Sarah", detail);
    }

    [Fact]
    public async Task A_partner_registers_somebody_and_does_not_learn_whether_they_were_known()
    {
        using var partner = await house.ClientOfAsync(Service.ConsularContact, "unhcr-desk", "UNHCR", Roles.Partner);
        object Form(string reference) => new { crisisId = house.Crisis, reference, registeredAt = "2026-05-04T08:00:00Z", registration = new { familyName = "Kebede", givenNames = "Liya", birthDate = "1988-08-08", phone = "+251911000777", shareWith = new[] { "UNHCR" } } };
        var first = await partner.PostAsJsonAsync("/partner-registrations", Form("U-1"));
        var again = await partner.PostAsJsonAsync("/partner-registrations", Form("U-1"));
        var twice = await partner.PostAsJsonAsync("/partner-registrations", Form("U-2"));
        foreach (var answer in new[] { first, again, twice })
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal(["received", "reference"], (await Body(answer)).EnumerateObject().Select(p => p.Name).Order());
        }

        // Every post finds both forms, each as a record of its own that waits for an officer; the partner finds nobody.
        using var post = await house.ClientOfPostAsync(Service.ConsularContact, "nairobi-officer", null, "nairobi", Roles.Officer);
        var found = (await post.GetFromJsonAsync<JsonElement>("/people?search=liya+kebede")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([1, 1], found.Select(one => one.GetProperty("registrations").GetInt32()));
        Assert.Equal(HttpStatusCode.Forbidden, (await partner.GetAsync("/people?search=liya")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await partner.PostAsJsonAsync("/partner-registrations", new { crisisId = house.Crisis, reference = "U-3", registeredAt = "2026-05-04T08:00:00Z", registration = new { } })).StatusCode);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("""{"crisisId":"x"}""", 400)]
    [InlineData("""{"crisisId":"00000000-0000-0000-0000-000000000001","reference":"x","channel":"self","registeredAt":"2026-05-04T08:00:00Z","registration":{"familyName":"A"}}""", 404)]
    [InlineData("""{"crisisId":"00000000-0000-0000-0000-000000000001","reference":"x","channel":"pigeon","registeredAt":"2026-05-04T08:00:00Z","registration":{"familyName":"A"}}""", 400)]
    [InlineData("""{"crisisId":"00000000-0000-0000-0000-000000000001","reference":"x","channel":"self","registeredAt":"2126-05-04T08:00:00Z","registration":{"familyName":"A"}}""", 422)]
    [InlineData("""{"crisisId":"00000000-0000-0000-0000-000000000001","reference":"x","channel":"self","registeredAt":"2026-05-04T08:00:00Z","registration":{}}""", 422)]
    [InlineData("""{"crisisId":"00000000-0000-0000-0000-000000000001","reference":"x","channel":"self","registeredAt":"2026-05-04T08:00:00Z","registration":{"familyName":"A","birthDate":"2026-02-30"}}""", 400)]
    public async Task Bad_input_gets_a_problem_and_changes_nothing(string body, int status)
    {
        var before = await house.StoredAsync();
        var answer = await house.Officer.PostAsync("/people", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty((await Body(answer)).GetProperty("type").GetString()!);
        Assert.Equal(before, await house.StoredAsync());
    }

    [Fact]
    public async Task A_passports_zone_is_read_and_a_misread_character_only_pointed_out()
    {
        const string zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8989O2C36UTO7408122F1204159ZE184226B<<<<<10";
        var answer = await house.Officer.PostAsJsonAsync("/people/mrz", new { zone });
        var read = await Body(answer);
        Assert.Equal(("TD3", false, "ERIKSSON", "L8989O2C3", "1974-08-12"), (read.GetProperty("layout").GetString(), read.GetProperty("consistent").GetBoolean(),
            read.GetProperty("fields").GetProperty("familyName").GetString(), read.GetProperty("fields").GetProperty("number").GetString(), read.GetProperty("fields").GetProperty("birthDate").GetString()));
        Assert.Contains(read.GetProperty("checks").EnumerateArray(), check => check.GetProperty("over").GetString() == "number" && !check.GetProperty("holds").GetBoolean());
        Assert.Equal("0", read.GetProperty("repairs")[0].GetProperty("changes")[0].GetProperty("proposed").GetString());

        var none = await house.Officer.PostAsJsonAsync("/people/mrz", new { zone = zone[..60] });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "mrz/not-a-zone"), (none.StatusCode, (await Body(none)).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_date_that_no_calendar_has_is_named()
    {
        var answer = await house.Officer.PostAsJsonAsync("/people", new { registration = new { familyName = "Haile", birthDate = "1987-02-30" } });
        var problem = await Body(answer);
        Assert.Equal("registration.birthDate", problem.GetProperty("field").GetString());
        Assert.Contains("day of the calendar", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_is_missing_or_cannot_be_read_is_named_in_words_of_the_caller()
    {
        var id = (await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("W-1", "Wordless", "Mimi", "1961-06-07")))).GetProperty("personId").GetGuid();
        async Task IsAsync(string type, string? field, Task<HttpResponseMessage> asked)
        {
            var problem = await Body(await asked);
            Assert.Equal((type, field), (problem.GetProperty("type").GetString(), problem.TryGetProperty("field", out var named) ? named.GetString() : null));
            Assert.DoesNotContain("Nullable", problem.GetProperty("detail").GetString());
            Assert.DoesNotContain("parameter", problem.GetProperty("detail").GetString());
        }
        await IsAsync("request/malformed", null, house.Officer.PostAsync($"/people/{id}/check-ins", null));
        await IsAsync("request/malformed", "at", house.Officer.PostAsJsonAsync($"/people/{id}/check-ins", new { state = "safe", at = "2026-05-04T08:00:00" }));
        await IsAsync("request/malformed", "place", house.Officer.PostAsJsonAsync($"/people/{id}/detentions", new { state = "SDN" }));
        await IsAsync("request/malformed", "sought", house.Officer.PostAsJsonAsync($"/people/{id}/tracing-requests", new { }));
        await IsAsync("request/malformed", "asOf", house.Officer.GetAsync($"/people/{id}/timeline?asOf=yesterday"));
        await IsAsync("request/malformed", "limit", house.Officer.GetAsync("/people?limit=many"));
        await IsAsync("request/at-too-early", "at", house.Officer.PostAsJsonAsync($"/people/{id}/check-ins", new { state = "safe", at = "0206-05-04T08:00:00Z" }));
        // Marks that nobody sees are no reason.
        await IsAsync("import/reason-missing", "reason", house.Officer.PostAsJsonAsync($"/imports/{await ImportedAsync()}/undo", new { reason = "\u202E\u200B " }));

        async Task<string> ImportedAsync() => (await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender=unseen&vouched=true", new StringContent("reference,family_name\nUN-1,Unseen\n", Encoding.UTF8, "text/csv"))).Headers.Location!.ToString().Split('/')[^1];
    }

    [Fact]
    public async Task A_huge_body_is_refused()
    {
        var answer = await house.Officer.PostAsync("/people", new StringContent(new string(' ', 10_000_000), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_file_is_imported_once_with_every_refused_row_named()
    {
        var csv = new StringBuilder("registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,notes\n");
        for (var i = 0; i < 250; i++) csv.Append($"2026-05-04T08:00:00Z,self,F-{i},Family{i},Given{(char)('a' + i % 26)}{i},F,19{60 + i % 40}-01-{1 + i % 28:00},ETH,,none,food,,,\"line\n'; DROP TABLE mt_events;--\"\n");
        csv.Append("2026-05-04T08:00:00Z,self,F-bad,,,F,2031-01-01,Atlantis,,none,,,,\n");
        var path = $"/imports?crisis={house.Crisis}&sender=desk&vouched=true";
        var first = await house.Officer.PostAsync(path, new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        JsonElement import = default;
        await Eventually.TrueAsync(async () => (import = await house.Officer.GetFromJsonAsync<JsonElement>(first.Headers.Location)).GetProperty("state").GetString() != "running", "the import is done");
        Assert.Equal("done", import.GetProperty("state").GetString() + (import.TryGetProperty("fault", out var fault) ? fault.GetString() : ""));
        Assert.Equal((251, 250, 1), (import.GetProperty("read").GetInt32(), import.GetProperty("accepted").GetInt32(), import.GetProperty("refused").GetInt32()));
        var refusals = (await house.Officer.GetFromJsonAsync<JsonElement>($"{first.Headers.Location}/refusals")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["date_of_birth", "family_name", "nationality"], refusals.Select(r => r.GetProperty("column").GetString()).Order());

        var end = await house.StoredAsync();
        var again = await house.Officer.PostAsync(path, new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(end, await house.StoredAsync());
    }

    [Fact]
    public async Task Every_read_of_a_person_leaves_a_trace()
    {
        var id = (await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("L-1", "Tadesse", "Liya", "1993-07-07")))).GetProperty("personId").GetGuid();
        await house.Officer.GetAsync($"/people/{id}");
        var auditor = await house.ClientAsync(Service.Access, Roles.Auditor);
        var log = await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={id}");
        Assert.Equal("test-officer", log.GetProperty("items")[0].GetProperty("account").GetString());
    }

    [Fact]
    public async Task Whoever_is_shown_on_a_list_or_among_the_found_has_a_trace_of_it_too()
    {
        var id = (await Body(await house.Officer.PostAsJsonAsync("/people", new
        {
            crisisId = house.Crisis,
            reference = "LL-1",
            channel = "consulate",
            registeredAt = "2026-05-04T08:00:00Z",
            registration = new { familyName = "Teklehaimanot", givenNames = "Feven", birthDate = "1992-06-07", phone = "+251911222333" },
        }))).GetProperty("personId").GetGuid();
        await house.Officer.GetAsync("/people?search=teklehaimanot");
        foreach (var more in new[] { "", "&format=csv" })
            await Eventually.TrueAsync(async () => (await house.Officer.GetStringAsync("/lists/unreached?limit=1000" + more)).Contains($"{id}"), "they are on the list");
        using var auditor = await house.ClientAsync(Service.Access, Roles.Auditor);
        using var export = await house.ClientAsync(Service.ConsularContact, Roles.Auditor);
        await export.GetStringAsync("/timelines?limit=1000");
        var log = (await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={id}")).GetProperty("items").EnumerateArray().Select(line => line.GetProperty("what").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "search people", "work list", "export of all timelines" }, log);
    }

    [Fact]
    public async Task Whose_account_is_locked_is_turned_away_with_the_token_they_have_until_it_is_unlocked()
    {
        using var colleague = await house.ClientOfPostAsync(Service.ConsularContact, "gone-officer", null, "test", Roles.Officer);
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/people?search=x")).StatusCode);
        using var administrator = await house.ClientAsync(Service.Access, Roles.Administrator);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostAsync("/accounts/gone-officer/lock", null)).StatusCode);
        await Eventually.TrueAsync(async () => (await colleague.GetAsync("/people?search=x")).StatusCode == HttpStatusCode.Unauthorized, "they are turned away");
        Assert.Equal("access/sign-in-needed", (await Body(await colleague.PostAsJsonAsync("/people", house.Person("GO-1")))).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await house.Officer.GetAsync("/people?search=x")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostAsync("/accounts/gone-officer/unlock", null)).StatusCode);
        await Eventually.TrueAsync(async () => (await colleague.GetAsync("/people?search=x")).StatusCode == HttpStatusCode.OK, "they come in again");
    }

    private async Task<(Guid Stays, Guid Duplicate)> MergedAsync(object one, object other)
    {
        var (stays, duplicate) = (await RegisteredAsync(one), await RegisteredAsync(other));
        var merged = await house.Officer.PostAsJsonAsync($"/people/{stays}/merge", new { duplicateId = duplicate });
        Assert.Equal(HttpStatusCode.NoContent, merged.StatusCode);
        return (stays, duplicate);

        async Task<Guid> RegisteredAsync(object person) =>
            (await Body(await house.Officer.PostAsJsonAsync("/people", person))).GetProperty("personId").GetGuid();
    }

    [Fact]
    public async Task Nobody_is_called_erased_while_a_record_that_was_merged_into_theirs_is_not()
    {
        var (stays, duplicate) = await MergedAsync(house.Person("EH-1", "Heldwell", "Abrehet", "1962-02-03"),
            house.Person("EH-2", "Onlyheld", "Desta", "1975-11-30"));
        var administrator = await house.ClientAsync(Service.ConsularContact, Roles.Administrator);
        Task<HttpResponseMessage> EraseAsync() =>
            administrator.PostAsJsonAsync($"/people/{stays}/erasure", new { ground = "the person's wish" });
        await using (await HeldTimeline.HoldAsync(house, duplicate))
        {
            var refused = await EraseAsync();
            Assert.Equal((HttpStatusCode.Conflict, "timeline/busy"),
                (refused.StatusCode, (await Body(refused)).GetProperty("type").GetString()));
        }
        Assert.Equal(HttpStatusCode.NoContent, (await EraseAsync()).StatusCode);
        foreach (var id in (Guid[])[stays, duplicate])
            Assert.Equal(HttpStatusCode.Gone, (await house.Officer.GetAsync($"/people/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_no_reaches_the_other_record_of_the_person_though_others_kept_changing_that_one()
    {
        var (stays, duplicate) = await MergedAsync(house.Person("FH-1", "Fearsome", "Senait", "1964-02-03"),
            house.Person("FH-2", "Heldback", "Mulu", "1977-11-30"));
        await using (var held = await HeldTimeline.HoldAsync(house, duplicate))
        {
            var told = await house.Officer.PostAsJsonAsync($"/people/{stays}/evacuation-consent/withdrawal", new { });
            Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
            // Longer than one try of the reaction lasts.
            await held.TriedAsync(TimelineStore.Attempts + 1);
        }
        var store = house.Part<TimelineStore>(Service.ConsularContact);
        await Eventually.TrueAsync(async () =>
            (await store.ReadAsync(duplicate)).Events.Any(e => e.Event is EvacuationConsentWithdrawn), "the no holds there");
    }

    [Fact]
    public async Task An_erased_person_cannot_be_found_and_their_timeline_stays_whole()
    {
        var id = (await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("E-1", "Zewdie", "Rahel", "1971-05-05")))).GetProperty("personId").GetGuid();
        var administrator = await house.ClientAsync(Service.ConsularContact, Roles.Administrator);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostAsJsonAsync($"/people/{id}/erasure", new { ground = "the person's wish" })).StatusCode);
        Assert.Empty((await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=zewdie")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.Gone, (await house.Officer.GetAsync($"/people/{id}")).StatusCode);
        var events = (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/timeline")).GetProperty("events");
        Assert.Equal(4, events.GetArrayLength());
        Assert.False(events[0].GetProperty("data").TryGetProperty("form", out _));
    }
}
