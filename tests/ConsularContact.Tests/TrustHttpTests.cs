using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Lies with real accounts: what a partner, a stranger and the holder of a token would gain, and what they get.</summary>
public sealed class TrustHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static async Task<JsonElement> Body(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private Task<HttpClient> PartnerAsync() => house.ClientOfAsync(Service.ConsularContact, "unhcr-trust", "UNHCR", Roles.Partner);

    private object Form(string reference, string family, string born, string document, string phone = "+258 84 700 0000", string[]? fears = null, string? household = null) => new
    {
        crisisId = house.Crisis,
        reference,
        registeredAt = "2026-05-04T08:00:00Z",
        registration = new
        {
            familyName = family,
            givenNames = "Netsanet",
            sex = "female",
            birthDate = born,
            nationality = "ETH",
            phone,
            document = new { type = "passport", number = document, status = "valid", expiry = "2030-01-01" },
            shareWith = new[] { "UNHCR", "IOM" },
            fearOfReturnTo = fears ?? [],
            householdReference = household,
            needsNow = new[] { "water" },
        },
    };

    private async Task<Guid> KnownAsync(string reference, string family, string born, string document) =>
        (await Body(await house.Officer.PostAsJsonAsync("/people", house.Person(reference, family, "Netsanet", born, document)))).GetProperty("personId").GetGuid();

    private async Task<JsonElement> ReadAsync(Guid person) => await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{person}");

    private async Task<JsonElement[]> PairsAsync(Guid known, string sender) =>
        [.. (await house.Officer.GetFromJsonAsync<JsonElement>($"/matches?state=open&limit=1000&sender={Uri.EscapeDataString(sender)}")).GetProperty("items").EnumerateArray().Where(pair => pair.GetProperty("otherPersonId").GetGuid() == known)];

    private async Task<JsonElement[]> ListAsync(string list) => [.. (await house.Officer.GetFromJsonAsync<JsonElement>($"/lists/{list}?limit=1000")).GetProperty("items").EnumerateArray()];

    private async Task HappensAsync(Guid id, Event happened)
    {
        await using var owner = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        using var store = new TimelineStore(owner, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        await store.AttemptAsync(async work =>
        {
            await work.ReadAsync(id);
            return work.Append(id, happened);
        });
    }

    [Fact]
    public async Task A_partner_who_knows_everything_about_somebody_changes_nothing_of_theirs_and_cannot_tell_them_from_somebody_new()
    {
        var known = await KnownAsync("TRUST-1", "Alemu", "1991-02-03", "EP7000001");
        var before = await house.Officer.GetStringAsync($"/people/{known}");
        using var partner = await PartnerAsync();
        var sure = await partner.PostAsJsonAsync("/partner-registrations", Form("T-1", "Alemu", "1991-02-03", "EP7000001", household: "H1"));
        var nobody = await partner.PostAsJsonAsync("/partner-registrations", Form("T-2", "Zzyzx", "1961-12-13", "EP7999999"));
        var again = await partner.PostAsJsonAsync("/partner-registrations", Form("T-1", "Alemu", "1991-02-03", "EP7000001", household: "H1"));

        Assert.Equal(before, await house.Officer.GetStringAsync($"/people/{known}"));
        foreach (var answer in new[] { sure, nobody, again })
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal(["received", "reference"], (await Body(answer)).EnumerateObject().Select(member => member.Name).Order());
            Assert.Equal(sure.Headers.Select(header => header.Key).Order(), answer.Headers.Select(header => header.Key).Order());
        }

        var pair = Assert.Single(await PairsAsync(known, "agency UNHCR"));
        Assert.Empty(await PairsAsync(known, "agency IOM"));
        var own = await ReadAsync(pair.GetProperty("personId").GetGuid());
        Assert.Empty(own.GetProperty("sharesWith").EnumerateArray());
        Assert.False(own.GetProperty("seen").GetBoolean());
        Assert.Equal("agency UNHCR", own.GetProperty("registrations")[0].GetProperty("sender").GetString());
        Assert.Equal(["UNHCR", "IOM"], own.GetProperty("registrations")[0].GetProperty("form").GetProperty("shareWith").EnumerateArray().Select(agency => agency.GetString()));

        // An officer's yes makes its words theirs, and still no consent of anything.
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/merge", new { duplicateId = own.GetProperty("personId").GetGuid() })).StatusCode);
        var merged = await ReadAsync(known);
        Assert.Equal(2, merged.GetProperty("registrations").GetArrayLength());
        Assert.Equal(["IOM"], merged.GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));
        Assert.Empty(merged.GetProperty("households").EnumerateArray());
    }

    [Fact]
    public async Task A_fear_that_a_partner_tells_of_somebody_known_holds_at_once_and_a_protection_officer_is_shown_it()
    {
        var known = await KnownAsync("TRUST-2", "Bekele", "1992-02-03", "EP7000002");
        using var partner = await PartnerAsync();
        await partner.PostAsJsonAsync("/partner-registrations", Form("T-3", "Bekele", "1992-02-03", "EP7000002", fears: ["SDN"]));
        Assert.Equal(["ERI", "SDN"], (await ReadAsync(known)).GetProperty("fearOfReturnTo").EnumerateArray().Select(country => country.GetString()));
        await Eventually.TrueAsync(async () => (await ListAsync("fears")).Any(line => line.GetProperty("personId").GetGuid() == known), "the fear is shown");

        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/fears", new { countries = new[] { "SDN" } })).StatusCode);
        await Eventually.TrueAsync(async () => (await ListAsync("fears")).All(line => line.GetProperty("personId").GetGuid() != known), "the person was asked");
    }

    [Fact]
    public async Task A_partners_list_that_an_officer_imports_under_its_name_is_taken_as_its_forms_are()
    {
        var known = await KnownAsync("TRUST-3", "Chala", "1993-02-03", "EP7000003");
        const string file = "registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,document_type,document_no\n"
            + "2026-05-04T08:00:00Z,partner,L-1,Chala,Netsanet,female,1993-02-03,ETH,,,,,UNHCR,passport,EP7000003\n";
        Task<HttpResponseMessage> SendAsync(string sender) => house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender={Uri.EscapeDataString(sender)}&vouched=true", new StringContent(file, System.Text.Encoding.UTF8, "text/csv"));
        Assert.Equal("import/sender-reserved", (await Body(await SendAsync("self-service"))).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("agency UNHCR")).StatusCode);
        await Eventually.TrueAsync(async () => (await PairsAsync(known, "agency UNHCR")).Length == 1, "the row waits for an officer");
        Assert.Single((await ReadAsync(known)).GetProperty("registrations").EnumerateArray());
    }

    [Fact]
    public async Task What_an_officer_calls_a_file_makes_no_post_of_whoever_wrote_it()
    {
        await HappensAsync(AgencyState.TimelineOf("UNHCR"), new AgencyRegistered("UNHCR", "UNHCR", [], DateTimeOffset.UtcNow));
        var known = await KnownAsync("TRUST-5", "Dibaba", "1995-02-03", "EP7000015");
        async Task<string> TakenAsync(string sender, string reference, string more = "")
        {
            var file = "registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,document_type,document_no\n"
                + $"2026-05-04T08:00:00Z,partner,{reference},Dibaba,Netsanet,female,1995-02-03,ETH,,,,,UNHCR,passport,EP7000015\n";
            var answer = await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender={Uri.EscapeDataString(sender)}{more}", new StringContent(file, System.Text.Encoding.UTF8, "text/csv"));
            if (answer.StatusCode != HttpStatusCode.Accepted) return (await Body(answer)).GetProperty("type").GetString()!;
            await Eventually.TrueAsync(async () => (await house.Officer.GetFromJsonAsync<JsonElement>(answer.Headers.Location)).GetProperty("state").GetString() == "done", "it was taken in");
            return (await Body(answer)).GetProperty("sender").GetString()!;
        }

        // An agency's, however it is written and whoever answers for it; nobody's, unless somebody answers for it.
        Assert.Equal("agency UNHCR", await TakenAsync("UNHCR", "N-1", "&vouched=true"));
        Assert.Equal("agency unhcr", await TakenAsync("AGENCY unhcr", "N-2", "&vouched=true"));
        Assert.Equal("list from UN refugee office", await TakenAsync("UN refugee office", "N-3"));
        Assert.Equal("import/sender-reserved", await TakenAsync("SELF-SERVICE", "N-4", "&vouched=true"));
        Assert.Equal("import/vouched", await TakenAsync("test", "N-5", "&vouched=perhaps"));
        var after = await ReadAsync(known);
        Assert.Single(after.GetProperty("registrations").EnumerateArray());
        Assert.Equal(["IOM"], after.GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));
        foreach (var sender in new[] { "agency UNHCR", "agency unhcr", "list from UN refugee office" })
        {
            var own = await ReadAsync(Assert.Single(await PairsAsync(known, sender)).GetProperty("personId").GetGuid());
            Assert.False(own.GetProperty("seen").GetBoolean());
            Assert.Empty(own.GetProperty("sharesWith").EnumerateArray());
        }

        // The account's own post, and a list that the crisis cell answers for, are taken as before.
        Assert.Equal("Test", await TakenAsync("Test", "N-6"));
        Assert.Equal("embassy", await TakenAsync("embassy", "N-7", "&vouched=true"));
        Assert.Equal(3, (await ReadAsync(known)).GetProperty("registrations").GetArrayLength());
    }

    [Fact]
    public async Task Many_possible_matches_are_settled_at_once_each_by_itself_and_a_batch_sent_again_changes_nothing()
    {
        using var partner = await PartnerAsync();
        var decisions = new List<object>();
        for (var i = 0; i < 6; i++)
        {
            var known = await KnownAsync($"TRUST-B{i}", "Desta", $"198{i}-06-07", $"EP71000{i}0");
            await partner.PostAsJsonAsync("/partner-registrations", Form($"B-{i}", "Desta", $"198{i}-06-07", $"EP71000{i}0"));
            var pair = Assert.Single(await PairsAsync(known, "agency UNHCR"));
            decisions.Add(new { personId = pair.GetProperty("personId").GetGuid(), otherPersonId = known, decision = i < 4 ? "merge" : "dismiss", reason = i == 5 ? null : "compared by telephone" });
        }
        decisions.Add(new { personId = Guid.NewGuid(), otherPersonId = Guid.NewGuid(), decision = "merge" });

        var first = await Body(await house.Officer.PostAsJsonAsync("/matches/decisions", new { decisions }));
        Assert.Equal(["done", "done", "done", "done", "done", "refused", "refused"], first.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("outcome").GetString()));
        Assert.Equal(["match/reason-missing", "person/unknown"], first.GetProperty("results").EnumerateArray().Skip(5).Select(result => result.GetProperty("code").GetString()));
        var stored = await house.StoredAsync();
        var second = await Body(await house.Officer.PostAsJsonAsync("/matches/decisions", new { decisions }));
        Assert.Equal(["unchanged", "unchanged", "unchanged", "unchanged", "unchanged", "refused", "refused"], second.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("outcome").GetString()));
        Assert.Equal(stored, await house.StoredAsync());

        Assert.Equal("match/decisions", (await Body(await house.Officer.PostAsJsonAsync("/matches/decisions", new { decisions = Enumerable.Repeat(decisions[0], 201) }))).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await partner.PostAsJsonAsync("/matches/decisions", new { decisions })).StatusCode);
    }

    [Fact]
    public async Task Who_holds_the_token_of_a_record_that_was_merged_reads_their_own_words_and_rewrites_nothing()
    {
        var known = await KnownAsync("TRUST-4", "Girma", "1994-02-03", "EP7000004");
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/evacuation-consent", new { by = known })).StatusCode);
        using var anyone = house.Anyone(Service.ConsularContact);
        object Registration(string phone, string[]? fears = null) => new
        {
            registration = new { familyName = "Girma", givenNames = "Netsanet", sex = "female", birthDate = "1994-02-03", nationality = "ETH", phone, document = new { type = "passport", number = "EP7000004", expiry = "2030-01-01", status = "valid" }, shareWith = new[] { "SPY" }, fearOfReturnTo = fears ?? [] },
        };
        var form = JsonSerializer.SerializeToNode(Registration("+258 84 666 6666"))!.AsObject();
        form["crisisId"] = house.Crisis.ToString();
        var token = (await Body(await anyone.PostAsJsonAsync("/self-registrations", form))).GetProperty("trackingToken").GetString();
        async Task<HttpResponseMessage> MineAsync(HttpMethod method, string path, object? body = null)
        {
            using var request = new HttpRequestMessage(method, "/self-registrations/mine" + path) { Content = body is null ? null : JsonContent.Create(body), Headers = { { TrackingToken.Header, token } } };
            return await anyone.SendAsync(request);
        }

        var own = await Body(await MineAsync(HttpMethod.Get, ""));
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", new { state = "moving" })).StatusCode);
        var stranger = Assert.Single(await PairsAsync(known, "self-service")).GetProperty("personId").GetGuid();
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/merge", new { duplicateId = stranger })).StatusCode);
        await Eventually.TrueAsync(async () => (await house.Officer.GetStringAsync($"/people/{known}/timeline")).Contains("checked_in", StringComparison.Ordinal), "what was told before is carried along");
        Assert.Equal("moving", (await Body(await MineAsync(HttpMethod.Get, ""))).GetProperty("state").GetString());

        // The same answers as before the merge, and nothing of it is so.
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
            { (HttpMethod.Put, "", Registration("+1 555 0100", ["SDN"])), (HttpMethod.Post, "/check-in", new { state = "left" }), (HttpMethod.Post, "/evacuation-consent/withdrawal", null) })
            Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(method, path, body)).StatusCode);
        var merged = await ReadAsync(known);
        Assert.DoesNotContain("555 0100", merged.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(known, merged.GetProperty("evacuationConsentBy").GetGuid());
        Assert.Equal(["IOM"], merged.GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));
        Assert.Equal(["ERI", "SDN"], merged.GetProperty("fearOfReturnTo").EnumerateArray().Select(country => country.GetString()));
        Assert.DoesNotContain("left", (await house.Officer.GetStringAsync($"/people/{known}/whereabouts")), StringComparison.Ordinal);

        var mine = await Body(await MineAsync(HttpMethod.Get, ""));
        Assert.Equal("left", mine.GetProperty("state").GetString());
        Assert.Subset(own.EnumerateObject().Select(member => member.Name).Append("state").ToHashSet(), mine.EnumerateObject().Select(member => member.Name).ToHashSet());
        Assert.DoesNotContain("personId", mine.GetRawText(), StringComparison.Ordinal);

        var proposals = (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{known}/proposals")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["registration", "check-in", "evacuation-consent-withdrawal"], proposals.Select(proposal => proposal.GetProperty("what").GetString()));
        Assert.Contains("phone", proposals[0].GetProperty("changes").EnumerateArray().Select(field => field.GetString()));
        await Eventually.TrueAsync(async () => (await ListAsync("waiting")).Count(line => line.GetProperty("personId").GetGuid() == known && line.GetProperty("what").GetString()!.StartsWith("proposal", StringComparison.Ordinal)) == 3, "they wait for an officer");

        Task<HttpResponseMessage> AnswerAsync(int i, string answer, object body) => house.Officer.PostAsJsonAsync($"/people/{known}/proposals/{proposals[i].GetProperty("proposalId").GetGuid()}/{answer}", body);
        Assert.Equal(HttpStatusCode.NoContent, (await AnswerAsync(0, "acceptance", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await AnswerAsync(2, "decline", new { reason = "The person was called and wants to leave." })).StatusCode);
        Assert.Equal("proposal/answered", (await Body(await AnswerAsync(2, "acceptance", new { }))).GetProperty("type").GetString());
        Assert.Contains("555 0100", (await ReadAsync(known)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["IOM"], (await ReadAsync(known)).GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));

        // Undone, the token speaks for its own record again.
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/unmerge", new { duplicateId = stranger, reason = "two people" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", new { state = "needs-help" })).StatusCode);
        Assert.Contains("needs-help", await house.Officer.GetStringAsync($"/people/{stranger}/whereabouts"), StringComparison.Ordinal);
    }

    private async Task<(Guid Person, string Token)> TypedAsync(object registration)
    {
        using var anyone = house.Anyone(Service.ConsularContact);
        var answer = await Body(await anyone.PostAsJsonAsync("/self-registrations", new { crisisId = house.Crisis, registration }));
        var name = JsonSerializer.SerializeToElement(registration).GetProperty("familyName").GetString();
        var found = (await house.Officer.GetFromJsonAsync<JsonElement>($"/people?search={name}&limit=50")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("personId").GetGuid());
        foreach (var id in found)
            if ((await ReadAsync(id)).GetProperty("registrations").EnumerateArray().Any(one => one.GetProperty("reference").GetString() == answer.GetProperty("reference").GetString()))
                return (id, answer.GetProperty("trackingToken").GetString()!);
        throw new InvalidOperationException("The form made no record.");
    }

    private async Task<HttpResponseMessage> WithTokenAsync(string token, HttpMethod method, string path, object? body = null)
    {
        using var anyone = house.Anyone(Service.ConsularContact);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body), Headers = { { TrackingToken.Header, token } } };
        return await anyone.SendAsync(request);
    }

    [Fact]
    public async Task A_public_form_that_names_a_spy_neither_covers_somebody_known_nor_tells_the_spy_who_they_are()
    {
        var known = await KnownAsync("TRUST-6", "Eshetu", "1996-02-03", "EP7000016");
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/sharing-consent", new { agencies = new[] { "SPY" } })).StatusCode);
        var (typed, _) = await TypedAsync(new { familyName = "Eshetu", givenNames = "Netsanet", sex = "female", birthDate = "1996-02-03", nationality = "ETH", document = new { type = "passport", number = "EP7000016", expiry = "2030-01-01", status = "valid" }, shareWith = new[] { "SPY", "X" }, householdReference = "SPIES" });
        Assert.Equal(["SPY", "X"], (await ReadAsync(typed)).GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));
        var wrong = await house.Officer.PostAsJsonAsync($"/people/{typed}/merge", new { duplicateId = known });
        Assert.Equal((HttpStatusCode.Conflict, "match/unseen-stays"), (wrong.StatusCode, (await Body(wrong)).GetProperty("type").GetString()));
        Assert.Equal(HttpStatusCode.Created, (await house.Officer.PostAsJsonAsync($"/people/{typed}/check-ins", new { state = "safe" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await house.Officer.PostAsJsonAsync($"/people/{typed}/merge", new { duplicateId = known })).StatusCode);

        var batch = await Body(await house.Officer.PostAsJsonAsync("/matches/decisions", new { decisions = new[] { new { personId = typed, otherPersonId = known, decision = "merge" } } }));
        Assert.Equal("done", batch.GetProperty("results")[0].GetProperty("outcome").GetString());
        var merged = await ReadAsync(known);
        Assert.Equal(["IOM", "SPY"], merged.GetProperty("sharesWith").EnumerateArray().Select(agency => agency.GetString()));
        Assert.Empty(merged.GetProperty("households").EnumerateArray());
        foreach (var id in new[] { known, typed })
            Assert.All(await ToldOfMergeAsync(id), agencies => Assert.DoesNotContain("SPY", agencies));
    }

    private async Task<string[][]> ToldOfMergeAsync(Guid id)
    {
        await using var owner = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        using var store = new TimelineStore(owner, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        var told = (await store.ReadAsync(id)).Events.Select(e => e.Event).Select(e => e is DuplicateMerged merged ? merged.Agencies : e is MergedInto into ? into.Agencies : null).OfType<IReadOnlyList<string>>().ToArray();
        Assert.NotEmpty(told);
        return [.. told.Select(agencies => agencies.ToArray())];
    }

    [Fact]
    public async Task Who_was_seen_once_is_a_claim_again_when_a_token_raises_their_needs()
    {
        object Typed(params string[] needs) => new { familyName = "Fikadu", givenNames = "Netsanet", sex = "female", birthDate = "1997-02-03", nationality = "ETH", needsNow = needs };
        var (person, token) = await TypedAsync(Typed());
        Assert.Equal(HttpStatusCode.Created, (await house.Officer.PostAsJsonAsync($"/people/{person}/check-ins", new { state = "safe" })).StatusCode);
        Assert.True((await ReadAsync(person)).GetProperty("seen").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await WithTokenAsync(token, HttpMethod.Put, "/self-registrations/mine", new { registration = Typed("medical") })).StatusCode);
        Assert.False((await ReadAsync(person)).GetProperty("seen").GetBoolean());
        Assert.Equal(HttpStatusCode.Created, (await house.Officer.PostAsJsonAsync($"/people/{person}/check-ins", new { state = "needs-help" })).StatusCode);
        Assert.True((await ReadAsync(person)).GetProperty("seen").GetBoolean());
    }

    [Fact]
    public async Task A_stranger_who_knows_a_familys_reference_does_not_hold_it_back_and_their_own_token_adds_to_it()
    {
        object Typed(string given) => new { familyName = "Gebre", givenNames = given, sex = "female", birthDate = "1988-02-03", nationality = "ETH", householdReference = "GEBRE-1" };
        var (mother, token) = await TypedAsync(Typed("Hana"));
        var (stranger, _) = await TypedAsync(Typed("Zenebech"));
        async Task<string?> HomeAsync(Guid person) => Assert.Single((await ReadAsync(person)).GetProperty("households").EnumerateArray()).ToString();
        Assert.NotEqual(await HomeAsync(mother), await HomeAsync(stranger));

        var added = await WithTokenAsync(token, HttpMethod.Post, "/self-registrations", new { crisisId = house.Crisis, registration = Typed("Liya") });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var liya = (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=gebre%20liya&limit=5")).GetProperty("items")[0].GetProperty("personId").GetGuid();
        Assert.Equal(await HomeAsync(mother), await HomeAsync(liya));
        // So does the token of whoever was added.
        var again = await WithTokenAsync((await Body(added)).GetProperty("trackingToken").GetString()!, HttpMethod.Post, "/self-registrations", new { crisisId = house.Crisis, registration = Typed("Mimi") });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        var mimi = (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=gebre%20mimi&limit=5")).GetProperty("items")[0].GetProperty("personId").GetGuid();
        Assert.Equal(await HomeAsync(mother), await HomeAsync(mimi));

        var (_, alone) = await TypedAsync(new { familyName = "Gebrealone", givenNames = "Sara", nationality = "ETH" });
        Assert.Equal("self-registration/no-family", (await Body(await WithTokenAsync(alone, HttpMethod.Post, "/self-registrations", new { crisisId = house.Crisis, registration = Typed("Sara") }))).GetProperty("type").GetString());
        Assert.Equal("self-registration/unknown", (await Body(await WithTokenAsync(TrackingToken.New(), HttpMethod.Post, "/self-registrations", new { crisisId = house.Crisis, registration = Typed("Sara") }))).GetProperty("type").GetString());

        // The same answer, and the same family, after an officer made two records one: nothing tells that somebody is known.
        var known = await KnownAsync("TRUST-7", "Gebre", "1988-02-03", "EP7000017");
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/merge", new { duplicateId = mother })).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await WithTokenAsync(token, HttpMethod.Post, "/self-registrations", new { crisisId = house.Crisis, registration = Typed("Tigist") })).StatusCode);
        Assert.Empty((await ReadAsync(known)).GetProperty("households").EnumerateArray());
    }

    [Fact]
    public async Task A_token_that_changes_an_age_learns_nothing_and_two_officers_answer_it()
    {
        object Typed(string born) => new { familyName = "Hailu", givenNames = "Netsanet", sex = "female", birthDate = born, nationality = "ETH" };
        var (person, token) = await TypedAsync(Typed("1998-02-03"));
        async Task<string?> ConfirmedAsync() => (await Body(await WithTokenAsync(token, HttpMethod.Get, "/self-registrations/mine"))).GetProperty("confirmedAt").GetString();
        var before = await ConfirmedAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await WithTokenAsync(token, HttpMethod.Put, "/self-registrations/mine", new { registration = Typed("2015-02-03") })).StatusCode);
        Assert.NotEqual(before, await ConfirmedAsync());

        var change = Assert.Single((await ReadAsync(person)).GetProperty("ageChanges").EnumerateArray()).GetProperty("changeId").GetGuid();
        using var second = await house.ClientOfAsync(Service.ConsularContact, "officer-trust-2", null, Roles.Officer);
        Task<HttpResponseMessage> AgreeAsync(HttpClient officer) => officer.PostAsJsonAsync($"/people/{person}/age-changes/{change}/answer", new { agreed = true });
        Assert.Equal(HttpStatusCode.Accepted, (await AgreeAsync(house.Officer)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AgreeAsync(house.Officer)).StatusCode);
        Assert.Contains("1998", (await ReadAsync(person)).GetProperty("registrations").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await AgreeAsync(second)).StatusCode);
        Assert.Contains("2015", (await ReadAsync(person)).GetProperty("registrations").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_forms_with_somebodys_telephone_and_passport_keep_no_post_from_finding_them()
    {
        var known = await KnownAsync("TRUST-8", "Imru", "1999-02-03", "EP7000018");
        using var partner = await PartnerAsync();
        for (var i = 0; i < 52; i++) await partner.PostAsJsonAsync("/partner-registrations", Form($"FLOOD-{i}", "Imru", "1999-02-03", "EP7000018"));
        var again = await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("TRUST-8B", "Imru", "Netsanet", "1999-02-03", "EP7000018")));
        Assert.True(again.GetProperty("repeated").GetBoolean());
        Assert.Equal(known, again.GetProperty("personId").GetGuid());
    }

    [Fact]
    public async Task Nobody_has_waited_longer_because_a_partner_says_so()
    {
        using var partner = await PartnerAsync();
        await partner.PostAsJsonAsync("/partner-registrations", Form("T-10", "Jemberu", "1966-06-06", "EP7000020"));
        var known = await KnownAsync("TRUST-9", "Kidane", "1966-06-06", "EP7000021");
        var person = (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=jemberu")).GetProperty("items")[0].GetProperty("personId").GetGuid();
        await using var owner = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        using var store = new TimelineStore(owner, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        async Task<PersonRegistered> FormOfAsync(Guid id) => (await store.ReadAsync(id)).Events.Select(e => e.Event).OfType<PersonRegistered>().Single();
        Assert.Null((await FormOfAsync(known)).ReceivedAt);
        Assert.True((await FormOfAsync(person)).ReceivedAt > DateTimeOffset.UtcNow.AddMinutes(-5));

        // It goes along where an officer makes it one with a known record.
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/merge", new { duplicateId = person })).StatusCode);
        Assert.NotNull((await store.ReadAsync(known)).Events.Select(e => e.Event).OfType<RegistrationRepeated>().Single().ReceivedAt);
    }

    [Fact]
    public async Task Danger_to_life_that_a_stranger_tells_is_shown_at_once_until_somebody_has_spoken_to_them()
    {
        using var partner = await PartnerAsync();
        await partner.PostAsJsonAsync("/partner-registrations", Form("T-9", "Haddis", "1966-06-06", "EP7000009"));
        var person = (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=haddis")).GetProperty("items")[0].GetProperty("personId").GetGuid();
        await HappensAsync(person, new NeedsAssessed(1, 90, "P/1", [], DateTimeOffset.UtcNow));
        await Eventually.TrueAsync(async () => (await ListAsync("danger")).Any(line => line.GetProperty("personId").GetGuid() == person && !line.GetProperty("seen").GetBoolean()), "it is shown");
        Assert.Equal(HttpStatusCode.Created, (await house.Officer.PostAsJsonAsync($"/people/{person}/check-ins", new { state = "needs-help" })).StatusCode);
        await Eventually.TrueAsync(async () => (await ListAsync("danger")).All(line => line.GetProperty("personId").GetGuid() != person), "somebody has spoken to them");
        Assert.True((await ReadAsync(person)).GetProperty("seen").GetBoolean());
    }
}
