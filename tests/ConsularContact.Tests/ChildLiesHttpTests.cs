using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>What one officer would send to have a child (rule C), with real accounts, and what they are answered.</summary>
public sealed class ChildLiesHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(DateTime.UtcNow);

    private static async Task<JsonElement> Body(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private Task<HttpResponseMessage> SendAsync(string path, object body, HttpClient? by = null) => (by ?? house.Officer).PostAsJsonAsync(path, body);

    private async Task<JsonElement> DoneAsync(string path, object body, HttpClient? by = null)
    {
        var answer = await SendAsync(path, body, by);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await Body(answer);
    }

    private async Task RefusedAsync(string code, string path, object body, HttpClient? by = null) =>
        Assert.Equal(code, (await Body(await SendAsync(path, body, by))).GetProperty("type").GetString());

    private async Task TellAsync(Guid person, Event told)
    {
        await using var owner = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        using var store = new TimelineStore(owner, new TimelineOptions { MasterKey = house.MasterKey }, TimeProvider.System);
        await store.AttemptAsync(async work => { await work.ReadAsync(person); return work.Append(person, told); });
    }

    private object Form(string reference, string given, string? born, string? household = null, string? role = null, string[]? fears = null, string[]? needs = null) => new
    {
        crisisId = house.Crisis,
        reference,
        channel = "consulate",
        registeredAt = "2026-05-04T08:00:00Z",
        registration = Told(reference, given, born, household, role, fears, needs),
    };

    private static object Told(string reference, string given, string? born, string? household = null, string? role = null, string[]? fears = null, string[]? needs = null) => new
    {
        familyName = reference.Split('-')[0],
        givenNames = given,
        birthDate = born,
        sex = "female",
        nationality = "ETH",
        document = new { type = "passport", number = $"LIE{reference.Split('-')[0]}{given}", status = "valid", expiry = "2035-01-01" },
        householdReference = household,
        householdRole = role,
        fearOfReturnTo = fears ?? [],
        specificNeeds = needs ?? [],
    };

    private async Task<(Guid Person, Guid Registration)> RegisteredAsync(
        string reference, string given, string? born, string? household = null, string? role = null, HttpClient? by = null, string[]? fears = null)
    {
        var taken = await DoneAsync("/people", Form(reference, given, born, household, role, fears), by);
        return (taken.GetProperty("personId").GetGuid(), taken.GetProperty("registrationId").GetGuid());
    }

    private async Task<HttpStatusCode> CorrectAsync(Guid person, Guid registration, object form)
    {
        var seen = (await house.Officer.GetAsync($"/people/{person}")).Headers.ETag;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/people/{person}/registrations/{registration}")
        { Content = JsonContent.Create(new { registration = form, reason = "papers seen" }), Headers = { { "If-Match", seen!.ToString() } } };
        return (await house.Officer.SendAsync(request)).StatusCode;
    }

    private async Task<IEnumerable<string>> HistoryAsync(Guid person) =>
        (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(person)).Events.Select(e => e.Event.GetType().Name);

    [Fact]
    public async Task Nobody_makes_an_adult_by_tomorrow_of_a_child_alone()
    {
        var (child, registration) = await RegisteredAsync("Tomorrow-1", "Liya", "2016-01-05");
        var form = Told("Tomorrow-1", "Liya", Today.AddYears(-18).AddDays(1).ToString("yyyy-MM-dd"));
        Assert.Equal(HttpStatusCode.Accepted, await CorrectAsync(child, registration, form));
        Assert.Equal(["PersonRegistered", "AgeChangeProposed"], (await HistoryAsync(child)).Take(2));
        Assert.Equal(HttpStatusCode.NoContent, await CorrectAsync(child, registration, Told("Tomorrow-1", "Liyya", "2016-01-05")));
    }

    [Fact]
    public async Task Nobody_makes_an_adult_of_a_child_by_a_merge_that_they_undo()
    {
        var (child, registration) = await RegisteredAsync("Detour-1", "Mimi", "2016-01-05");
        var (other, _) = await RegisteredAsync("Detour-2", "Saba", "2014-07-09");
        await DoneAsync($"/people/{other}/merge", new { duplicateId = child });
        Assert.Equal(HttpStatusCode.Accepted, await CorrectAsync(other, registration, Told("Detour-1", "Mimi", "1990-01-05")));
        await DoneAsync($"/people/{other}/unmerge", new { duplicateId = child, reason = "two children" });
        await RefusedAsync("consent/by-child", $"/people/{child}/evacuation-consent", new { by = child });
    }

    private async Task<Guid> HouseholdOfAsync(Guid person) =>
        (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{person}/household")).GetProperty("householdId").GetGuid();

    private Task<HttpClient> SecondAsync() => house.ClientOfAsync(Service.ConsularContact, "second-officer", null, Roles.Officer);

    private async Task ConfirmAsync(Guid adult, Guid child, HttpClient? by = null) =>
        await DoneAsync($"/households/{await HouseholdOfAsync(child)}/confirmation", new { guardians = new[] { adult }, children = new[] { child }, grounds = "papers" }, by);

    [Theory, InlineData(true), InlineData(false)]
    public async Task Nobody_takes_a_child_by_merging_the_mother_with_themselves(bool strangerStays)
    {
        var name = strangerStays ? "Takes" : "Taken";
        var (mother, _) = await RegisteredAsync($"{name}-1", "Hiwot", "1988-02-03", $"H{name}", "head");
        var (child, _) = await RegisteredAsync($"{name}-2", "Beti", "2015-09-01", $"H{name}", "child");
        var (stranger, _) = await RegisteredAsync($"{name}-3", "Girma", "1979-05-06");
        await ConfirmAsync(mother, child);
        var (stays, duplicate) = strangerStays ? (stranger, mother) : (mother, stranger);
        await DoneAsync($"/people/{stays}/merge", new { duplicateId = duplicate });
        await RefusedAsync("consent/not-the-guardian", $"/people/{child}/evacuation-consent", new { by = stays });
        await ConfirmAsync(stays, child);
        await DoneAsync($"/people/{child}/evacuation-consent", new { by = stays });
    }

    [Fact]
    public async Task Nobody_brings_an_adult_to_a_child_alone_by_an_invented_one()
    {
        var (child, _) = await RegisteredAsync("Invent-1", "Kidist", "2015-09-01");
        var (adult, _) = await RegisteredAsync("Invent-2", "Tesfaye", "1981-05-06", "HInvent", "head");
        var (invented, _) = await RegisteredAsync("Invent-3", "Other", "2014-03-02", "HInvent", "child");
        await ConfirmAsync(adult, invented);
        await DoneAsync($"/people/{child}/merge", new { duplicateId = invented });
        await RefusedAsync("consent/not-the-guardian", $"/people/{child}/evacuation-consent", new { by = adult });
        await RefusedAsync("guardian/another-officer-needed", $"/households/{await HouseholdOfAsync(child)}/confirmation", new { guardians = new[] { adult }, children = new[] { child }, grounds = "papers" });
        await RefusedAsync("guardian/protection-officer-needed", $"/people/{child}/guardians", new { guardianId = adult, basis = "legal", grounds = "papers" });
    }

    [Fact]
    public async Task Nobody_brings_an_adult_to_a_child_alone_by_the_childs_own_form()
    {
        var (child, _) = await RegisteredAsync("Again-1", "Rahel", "2015-09-01");
        var (adult, _) = await RegisteredAsync("Again-2", "Daniel", "1981-05-06", "HAgain", "head");
        var again = await DoneAsync("/people", Form("Again-3", "Rahel", "2015-09-01", "HAgain", "child"));
        Assert.Equal((child, true), (again.GetProperty("personId").GetGuid(), again.GetProperty("repeated").GetBoolean()));
        var body = new { guardians = new[] { adult }, children = new[] { child }, grounds = "papers" };
        await RefusedAsync("guardian/another-officer-needed", $"/households/{await HouseholdOfAsync(child)}/confirmation", body);
        await RefusedAsync("guardian/protection-officer-needed", $"/people/{child}/guardians", new { guardianId = adult, basis = "legal", grounds = "papers" });
        using var second = await SecondAsync();
        await DoneAsync($"/households/{await HouseholdOfAsync(child)}/confirmation", body, second);
    }

    [Fact]
    public async Task A_child_reported_alone_is_not_given_to_who_joined_since_by_calling_the_report_an_error()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        var (child, _) = await RegisteredAsync("Error-1", "Marta", "2015-09-01");
        var (adult, _) = await RegisteredAsync("Error-2", "Solomon", "1981-05-06", "HError", "head");
        await DoneAsync($"/people/{child}/separation", new { kind = "unaccompanied", cause = "conflict" });
        await DoneAsync($"/households/{await HouseholdOfAsync(adult)}/members", new { personId = child, role = "child" });
        await RefusedAsync("separation/still-alone", $"/people/{child}/separation/end", new { outcome = "reported-in-error" }, protection);
    }

    [Fact]
    public async Task One_officer_who_corrects_a_form_takes_no_childs_protection_away()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        var (adult, _) = await RegisteredAsync("Coded-1", "Habtamu", "1981-05-06", "HCoded", "head");
        var taken = await DoneAsync("/people", Form("Coded-2", "Eden", "2015-09-01", "HCoded", "child", needs: ["SC"]));
        var (child, registration) = (taken.GetProperty("personId").GetGuid(), taken.GetProperty("registrationId").GetGuid());
        Assert.Equal(HttpStatusCode.NoContent, await CorrectAsync(child, registration, Told("Coded-2", "Eden", "2015-09-01", "HCoded", "child")));
        var body = new { guardians = new[] { adult }, children = new[] { child }, grounds = "papers" };
        await RefusedAsync("guardian/protection-officer-needed", $"/households/{await HouseholdOfAsync(child)}/confirmation", body);
        await RefusedAsync("separation/only-coded", $"/people/{child}/separation/end", new { outcome = "reported-in-error" }, protection);
        await DoneAsync($"/people/{child}/separation", new { kind = "separated", cause = "conflict" });
        await RefusedAsync("separation/still-alone", $"/people/{child}/separation/end", new { outcome = "reported-in-error" }, protection);
        // Two protection officers say who answers for the child, and the case ends.
        using var second = await house.ClientOfAsync(Service.ConsularContact, "second-protection", null, Roles.ProtectionOfficer);
        await DoneAsync($"/people/{child}/guardians", new { guardianId = adult, basis = "parent" }, protection);
        await DoneAsync($"/people/{child}/guardians", new { guardianId = adult, basis = "parent" }, second);
        await DoneAsync($"/people/{child}/separation/end", new { outcome = "guardian-appointed", with = adult }, protection);
        await DoneAsync($"/people/{child}/evacuation-consent", new { by = adult });
    }

    [Fact]
    public async Task Nobody_who_was_denied_answers_for_a_child_under_a_record_that_is_parted_from_theirs()
    {
        var (mother, _) = await RegisteredAsync("Part-1", "Almaz", "1988-02-03", "HPart", "head");
        var (denied, _) = await RegisteredAsync("Part-2", "Kebede", "1979-05-06", "HPart", "spouse");
        var (child, _) = await RegisteredAsync("Part-3", "Tigist", "2015-09-01", "HPart", "child");
        var (other, _) = await RegisteredAsync("Part-4", "Worku", "1975-05-06");
        await DoneAsync($"/people/{denied}/merge", new { duplicateId = other });
        await DoneAsync($"/people/{child}/guardians/{denied}/refusal", new { reason = "the child fears him" });
        await DoneAsync($"/people/{denied}/unmerge", new { duplicateId = other, reason = "two men" });
        await RefusedAsync("guardian/protection-officer-needed", $"/people/{child}/guardians", new { guardianId = other, basis = "legal", grounds = "papers" });
        // Nor under one that may be his: the possible match stands on the timeline of the one that came later.
        var (older, _) = await RegisteredAsync("Part-6", "Girma", "1974-05-06");
        var (later, _) = await RegisteredAsync("Part-7", "Solomon", "1973-05-06");
        await TellAsync(later, new PossibleMatchFound(older, Guid.CreateVersion7(), 5, [], [], DateTimeOffset.UtcNow));
        await DoneAsync($"/people/{child}/guardians", new { guardianId = later, basis = "legal" });
        await DoneAsync($"/people/{child}/guardians/{later}/refusal", new { reason = "the child does not know him" });
        await RefusedAsync("guardian/protection-officer-needed", $"/people/{child}/guardians", new { guardianId = older, basis = "legal", grounds = "papers" });
        // What was denied at noon is not named as of the morning.
        await RefusedAsync("guardian/ended-since", $"/people/{child}/guardians", new { guardianId = later, basis = "legal", at = DateTimeOffset.UtcNow.AddMinutes(-2) });
        // Of whom nobody was taken for him one officer says it.
        var (uncle, _) = await RegisteredAsync("Part-5", "Dawit", "1983-05-06");
        await DoneAsync($"/people/{child}/guardians", new { guardianId = uncle, basis = "legal", grounds = "papers" });
        await ConfirmAsync(mother, child);
    }

    [Fact]
    public async Task A_child_reported_alone_once_is_so_under_a_record_that_is_taken_off_theirs()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        var (mother, _) = await RegisteredAsync("Once-1", "Hanna", "1988-02-03", "HOnce", "head");
        var (child, _) = await RegisteredAsync("Once-2", "Abel", "2015-09-01", "HOnce", "child");
        await DoneAsync($"/people/{child}/separation", new { kind = "separated", cause = "conflict" });
        await DoneAsync($"/people/{child}/separation/end", new { outcome = "reported-in-error" }, protection);
        var (stranger, _) = await RegisteredAsync("Once-3", "Getachew", "1979-05-06", "HOnce2", "head");
        var again = await DoneAsync("/people", Form("Once-4", "Abel", "2015-09-01", "HOnce2", "child"));
        Assert.Equal(child, again.GetProperty("personId").GetGuid());
        var taken = await DoneAsync($"/people/{child}/registrations/{again.GetProperty("registrationId").GetGuid()}/separation", new { reason = "another boy" });
        var parted = taken.GetProperty("personId").GetGuid();
        using var second = await SecondAsync();
        await RefusedAsync("guardian/protection-officer-needed", $"/households/{await HouseholdOfAsync(parted)}/confirmation",
            new { guardians = new[] { stranger }, children = new[] { parted }, grounds = "papers" }, second);
        await ConfirmAsync(mother, child);
    }

    [Fact]
    public async Task Nobody_whose_age_is_not_known_acts_for_a_child_until_it_is_recorded()
    {
        var (adult, registration) = await RegisteredAsync("Undated-1", "Yohannes", null, "HUndated", "head");
        var (child, _) = await RegisteredAsync("Undated-2", "Sara", "2015-09-01", "HUndated", "child");
        var body = new { guardians = new[] { adult }, children = new[] { child }, grounds = "asked-both" };
        await RefusedAsync("guardian/age-unknown", $"/households/{await HouseholdOfAsync(child)}/confirmation", body);
        await RefusedAsync("guardian/age-unknown", $"/people/{child}/guardians", new { guardianId = adult, basis = "parent", grounds = "asked-both" });
        Assert.Equal(HttpStatusCode.NoContent, await CorrectAsync(adult, registration, Told("Undated-1", "Yohannes", "1985", "HUndated", "head")));
        await DoneAsync($"/households/{await HouseholdOfAsync(child)}/confirmation", body);
    }

    [Fact]
    public async Task Who_was_ended_as_a_guardian_is_not_confirmed_again_by_one_officer()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        var (adult, _) = await RegisteredAsync("Ended-1", "Bekele", "1981-05-06", "HEnded", "head");
        var (child, _) = await RegisteredAsync("Ended-2", "Lemlem", "2015-09-01", "HEnded", "child");
        await ConfirmAsync(adult, child);
        await DoneAsync($"/people/{child}/guardians/{adult}/end", new { reason = "hurt the child" }, protection);
        await RefusedAsync("guardian/protection-officer-needed", $"/households/{await HouseholdOfAsync(child)}/confirmation", new { guardians = new[] { adult }, children = new[] { child }, grounds = "papers" });
    }

    [Fact]
    public async Task A_registration_that_one_officer_takes_off_somebody_takes_their_fears_along()
    {
        var (person, _) = await RegisteredAsync("Fears-1", "Nahom", "1985-01-05", fears: ["ERI"]);
        var again = await DoneAsync("/people", Form("Fears-2", "Nahom", "1985-01-05"));
        Assert.Equal(person, again.GetProperty("personId").GetGuid());
        var taken = await DoneAsync($"/people/{person}/registrations/{again.GetProperty("registrationId").GetGuid()}/separation", new { reason = "another man" });
        var other = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{taken.GetProperty("personId").GetGuid()}");
        Assert.Equal(["ERI"], other.GetProperty("fearOfReturnTo").EnumerateArray().Select(country => country.GetString()));
    }
}
