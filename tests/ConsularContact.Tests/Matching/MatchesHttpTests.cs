using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class MatchesHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static async Task<JsonElement> Body(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private async Task<(Guid Person, Guid Registration)> RegisterAsync(string reference, string given, string? document = null, string born = "1990-04-05")
    {
        var answer = await house.Officer.PostAsJsonAsync("/people", house.Person(reference, "Woldemariam", given, born, document));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await Body(answer);
        return (body.GetProperty("personId").GetGuid(), body.GetProperty("registrationId").GetGuid());
    }

    private async Task<HttpStatusCode> PostAsync(string path, object body) => (await house.Officer.PostAsJsonAsync(path, body)).StatusCode;

    private async Task<string?> RefusedAsync(string path, object body) => (await Body(await house.Officer.PostAsJsonAsync(path, body))).GetProperty("type").GetString();

    private async Task<JsonElement[]> PairsAsync(string state, Guid person) =>
        [.. (await house.Officer.GetFromJsonAsync<JsonElement>($"/matches?state={state}&limit=1000")).GetProperty("items").EnumerateArray().Where(p => p.GetProperty("personId").GetGuid() == person)];

    [Fact]
    public async Task A_possible_match_is_listed_shown_side_by_side_and_not_offered_again_once_dismissed()
    {
        var (first, _) = await RegisterAsync("M-1", "Azeb", "EP1000001");
        var (second, registration) = await RegisterAsync("M-2", "Azeb");
        Assert.NotEqual(first, second);

        var pair = Assert.Single(await PairsAsync("open", second));
        Assert.Equal((first, registration, "review"), (pair.GetProperty("otherPersonId").GetGuid(), pair.GetProperty("registrationId").GetGuid(), pair.GetProperty("band").GetString()));

        var shown = await house.Officer.GetFromJsonAsync<JsonElement>($"/matches/{first}/{second}");
        Assert.Equal("open", shown.GetProperty("state").GetString());
        Assert.Equal("same", shown.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("field").GetString() == "birth-date" || f.GetProperty("field").GetString() == "birthDate").GetProperty("level").GetString());
        var auditor = await house.ClientAsync(Service.Access, Roles.Auditor);
        foreach (var person in (Guid[])[first, second])
            Assert.Contains((await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={person}")).GetProperty("items").EnumerateArray(), read => read.GetProperty("what").GetString() == "match");

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/matches/{second}/{first}/dismissal", new { reason = "cousins with one name and birthday" }));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/matches/{first}/{second}/dismissal", new { reason = "said twice" }));
        Assert.Empty(await PairsAsync("open", second));
        Assert.Single(await PairsAsync("dismissed", second));
    }

    [Fact]
    public async Task A_merge_is_stored_on_both_timelines_and_can_be_undone()
    {
        var (stays, _) = await RegisterAsync("M-3", "Tigist", "EP1000003", "1980-01-05");
        var (duplicate, _) = await RegisterAsync("M-4", "Tigist", born: "1980-01-05");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/people/{stays}/merge", new { duplicateId = duplicate }));

        var read = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{duplicate}");
        Assert.Equal(stays, read.GetProperty("mergedInto").GetGuid());
        Assert.Equal(2, (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{stays}")).GetProperty("registrations").GetArrayLength());
        Assert.Equal([stays], (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=tigist")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("personId").GetGuid()));
        Assert.Equal("merged_into", (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{duplicate}/timeline")).GetProperty("events").EnumerateArray().Last().GetProperty("type").GetString());
        Assert.Equal("confirmed", Assert.Single(await PairsAsync("confirmed", duplicate)).GetProperty("state").GetString());

        // The same form sent again, and what matches the duplicate, land on the one that stays.
        Assert.Equal(stays, (await RegisterAsync("M-4", "Tigist", born: "1980-01-05")).Person);
        Assert.Equal("person/merged", await RefusedAsync($"/people/{duplicate}/sharing-consent", new { agencies = new[] { "ICRC" } }));

        // A fear heard under the old record holds for both.
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/people/{duplicate}/fears", new { countries = new[] { "SDN" } }));
        foreach (var id in (Guid[])[stays, duplicate])
            Assert.Contains("SDN", (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{id}")).GetProperty("fearOfReturnTo").EnumerateArray().Select(c => c.GetString()));

        Assert.Equal("match/reason-missing", await RefusedAsync($"/people/{stays}/unmerge", new { duplicateId = duplicate, reason = " " }));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/people/{stays}/unmerge", new { duplicateId = duplicate, reason = "two cousins" }));
        Assert.Equal("match/not-merged", await RefusedAsync($"/people/{stays}/unmerge", new { duplicateId = duplicate, reason = "two cousins" }));
        Assert.Equal(2, (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=tigist")).GetProperty("items").GetArrayLength());
        Assert.Empty(await PairsAsync("open", duplicate));
        Assert.Equal(duplicate, (await RegisterAsync("M-4", "Tigist", born: "1980-01-05")).Person);
    }

    [Fact]
    public async Task A_fear_heard_by_another_service_spreads_to_the_merged_record()
    {
        var (stays, _) = await RegisterAsync("M-8", "Liyu", "EP1000008", "1981-01-05");
        var (duplicate, _) = await RegisterAsync("M-9", "Liyu", born: "1981-01-05");
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/people/{stays}/merge", new { duplicateId = duplicate }));
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(async work =>
        {
            await work.ReadAsync(stays);
            return work.Append(stays, new FearOfReturnStated(["TCD"], "at the gate", DateTimeOffset.UtcNow));
        });
        await Eventually.TrueAsync(async () => (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{duplicate}")).GetProperty("fearOfReturnTo").EnumerateArray().Any(c => c.GetString() == "TCD"), "the fear holds for both");
    }

    [Fact]
    public async Task A_wrongly_matched_registration_is_taken_off_and_its_reference_follows()
    {
        var (person, first) = await RegisterAsync("M-5", "Hanna", "EP1000005", "1985-01-05");
        var (same, second) = await RegisterAsync("M-6", "Hanna", "EP1000005", "1985-01-05");
        Assert.Equal(person, same);
        var separation = $"/people/{person}/registrations/{second}/separation";
        Assert.Equal("match/reason-missing", await RefusedAsync(separation, new { reason = "" }));
        Assert.Equal("match/first-registration", await RefusedAsync($"/people/{person}/registrations/{first}/separation", new { reason = "x" }));

        var answer = await house.Officer.PostAsJsonAsync(separation, new { reason = "her cousin used her passport" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var other = (await Body(answer)).GetProperty("personId").GetGuid();
        Assert.Equal(second, Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{other}")).GetProperty("registrations").EnumerateArray()).GetProperty("registrationId").GetGuid());
        Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{person}")).GetProperty("registrations").EnumerateArray());
        Assert.Equal(other, (await RegisterAsync("M-6", "Hanna", "EP1000005", "1985-01-05")).Person);
    }

    [Fact]
    public async Task All_pairs_of_both_bands_come_as_a_table_that_no_spreadsheet_takes_for_formulas()
    {
        await RegisterAsync("=M-10", "Sosena", "EP1000010", "1986-01-05");
        await RegisterAsync("=M-11", "Sosena", "EP1000010", "1986-01-05");
        await RegisterAsync("M-12", "Sosena", born: "1986-01-05");
        var answer = await house.Officer.GetAsync("/matches?format=csv");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("person,registration,reference,other_person,other_registration,other_reference,band,score,state,evidence", lines[0]);
        Assert.Contains(lines, line => line.Contains(",'=M-11,", StringComparison.Ordinal) && line.Contains(",'=M-10,automatic,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(",M-12,", StringComparison.Ordinal) && line.Contains(",review,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erasing_a_person_erases_the_records_that_were_merged_into_theirs()
    {
        var (stays, _) = await RegisterAsync("M-13", "Eden", "EP1000013", "1987-01-05");
        var (duplicate, _) = await RegisterAsync("M-14", "Eden", born: "1987-01-05");
        await PostAsync($"/people/{stays}/merge", new { duplicateId = duplicate });
        var administrator = await house.ClientAsync(Service.ConsularContact, Roles.Administrator);
        Assert.Equal(HttpStatusCode.Conflict, (await administrator.PostAsJsonAsync($"/people/{duplicate}/erasure", new { ground = "wish" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostAsJsonAsync($"/people/{stays}/erasure", new { ground = "wish" })).StatusCode);
        foreach (var id in (Guid[])[stays, duplicate]) Assert.Equal(HttpStatusCode.Gone, (await house.Officer.GetAsync($"/people/{id}")).StatusCode);
        Assert.Empty(await PairsAsync("confirmed", duplicate));
    }

    [Fact]
    public async Task Bad_questions_are_refused()
    {
        var nobody = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.GetAsync("/matches?state=maybe")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.GetAsync("/matches?format=xml")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.GetAsync($"/matches/{nobody}/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.GetAsync($"/matches/{nobody}/{nobody}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync($"/people/{nobody}/merge", new { duplicateId = Guid.NewGuid() }));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync($"/people/{nobody}/unmerge", new { duplicateId = Guid.NewGuid(), reason = "x" }));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync($"/matches/{nobody}/{Guid.NewGuid()}/dismissal", new { reason = "x" }));
    }
}
