using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>
/// One rule for the time of a fact at every door. The doors are found in the endpoints' own description, so a new one is tried by
/// itself.
/// </summary>
[Collection(typeof(InTheBusyHouse))]
public sealed class ReportedTimesTests(WholeHouse house)
{
    private const string Ahead = "request/at-in-future";

    // A withdrawal holds at once, whatever a clock says. What a provider's machine reports is clamped: it cannot correct itself.
    private static readonly string[] NeverRefused =
    [
        "POST ConsularContact /people/{personId}/evacuation-consent/withdrawal", "POST ConsularContact /people/{personId}/sharing-consent/withdrawal",
        "POST EvacuationPlanning /people/{personId}/gate/consent-withdrawal",
    ];

    [Fact]
    public async Task Every_door_takes_a_clock_that_is_a_little_ahead_and_refuses_what_has_not_come()
    {
        var wrong = new List<string>();
        var (doors, told) = (await DoorsAsync(), 0);
        Assert.True(doors.Count > 50, $"Only {doors.Count} doors take a time.");
        foreach (var (endpoint, form, time) in doors)
        {
            foreach (var (seconds, refused) in ((long, bool)[])[(5, false), (240, false), (360, true), (73 * 365 * 86_400L, true)])
            {
                var said = await SendAsync(endpoint, form, time, Written(DateTimeOffset.UtcNow.AddSeconds(seconds)));
                // What is wrong with the rest may be said first, and of somebody unknown only that; taken is none of them.
                if (said.Type == Ahead) told++;
                if (said.Status >= 500 || (!refused && said.Type == Ahead) || (refused && said.Status < 300 && !NeverRefused.Contains($"{endpoint}")) || (NeverRefused.Contains($"{endpoint}") && said.Type == Ahead))
                    wrong.Add($"{endpoint} answered {said.Status} {said.Type} to {time} {seconds} s ahead");
            }
            if (await SendAsync(endpoint, form, time, "2026-05-04T08:00:00") is { Status: < 300 }) wrong.Add($"{endpoint} takes {time} without an offset");
            if (await SendAsync(endpoint, form, time, "0202-05-04T08:00:00Z") is { Status: >= 500 }) wrong.Add($"{endpoint} falls over the year 202");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(told > 60, $"Only {told} answers said that the time has not come.");
    }

    [Fact]
    public async Task A_time_in_an_address_has_its_offset_too()
    {
        var (person, _) = await RegisterAsync("1990-04-05");
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        foreach (var path in (string[])[$"/people/{person}/timeline", $"/people/{person}/whereabouts"])
            foreach (var name in (string[])["asOf", "knownAt"])
            {
                var refused = await officer.GetAsync($"{path}?{name}=2026-05-04T08:00:00");
                Assert.Equal((HttpStatusCode.BadRequest, name), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString()));
                Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync($"{path}?{name}=2026-05-04T08:00:00Z")).StatusCode);
                Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync($"{path}?{name}=2026-05-04T08:00:00%2B03:00")).StatusCode);
            }
    }

    [Fact]
    public async Task No_fact_is_older_than_what_it_is_about()
    {
        var wrong = new List<string>();
        foreach (var (path, body, consent) in ((string, JsonObject, bool)[])[
            ("check-ins", new() { ["state"] = "safe" }, false),
            ("sightings", new() { ["by"] = "a neighbour", ["place"] = "the port" }, false),
            ("fears", new() { ["countries"] = new JsonArray("ERI") }, false),
            ("exit-barriers", new() { ["kind"] = "debt" }, false),
            ("detentions", new() { ["state"] = "SDN", ["place"] = "the port" }, false),
            ("evacuation-consent", new() { ["by"] = "{self}" }, true),
            ("sharing-consent", new() { ["agencies"] = new JsonArray("UNHCR") }, true),
            ("tracing-wish", new() { ["wish"] = "anyone" }, true),
        ])
        {
            var (person, officer) = await RegisterAsync("1990-04-05");
            Assert.Equal("request/at-before-birth", await ToldAsync("1990-04-01T08:00:00Z"));
            var longAgo = await ToldAsync(Written(DateTimeOffset.UtcNow.AddYears(-3)));
            if (longAgo != (consent ? "request/at-before-registration" : path is "check-ins" or "sightings" ? "request/at-before-crisis" : "")) wrong.Add($"{path} three years ago: {longAgo}");
            if (await ToldAsync(Written(DateTimeOffset.UtcNow.AddHours(-1))) is { Length: > 0 } hourAgo && !hourAgo.EndsWith("/already-open", StringComparison.Ordinal)) wrong.Add($"{path} an hour ago: {hourAgo}");

            async Task<string> ToldAsync(string at)
            {
                var sent = body.DeepClone().AsObject();
                if ($"{sent["by"]}" == "{self}") sent["by"] = $"{person}";
                sent["at"] = at;
                var answer = await officer.PostAsJsonAsync($"/people/{person}/{path}", sent);
                return answer.IsSuccessStatusCode ? "" : $"{JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["type"]}";
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_desk_whose_clock_is_ahead_registers_people_and_one_of_2099_does_not()
    {
        var crisis = await CrisisAsync();
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        Assert.Equal((HttpStatusCode.Created, ""), await ToldAsync(DateTimeOffset.UtcNow.AddSeconds(5)));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, Ahead), await ToldAsync(new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "request/at-before-crisis"), await ToldAsync(DateTimeOffset.UtcNow.AddYears(-3)));
        Assert.Equal((HttpStatusCode.Created, ""), await ToldAsync(DateTimeOffset.UtcNow.AddMonths(-6)));

        async Task<(HttpStatusCode, string)> ToldAsync(DateTimeOffset registeredAt)
        {
            var answer = await officer.PostAsJsonAsync("/people", Form(crisis, "1990-04-05", registeredAt));
            return (answer.StatusCode, answer.IsSuccessStatusCode ? "" : $"{JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["type"]}");
        }
    }

    // The attack: one adult consents for another by dating the consent to the other's childhood.
    [Fact]
    public async Task Nobody_consents_for_an_adult_whatever_the_date()
    {
        var ((adult, officer), (other, _)) = (await RegisterAsync("1990-04-05"), await RegisterAsync("1985-04-05"));
        foreach (var at in (string?[])["2001-01-01T00:00:00Z", Written(DateTimeOffset.UtcNow.AddMinutes(-30)), null])
        {
            var refused = await officer.PostAsJsonAsync($"/people/{adult}/evacuation-consent", new { by = other, at });
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "consent/adult-decides"), (refused.StatusCode, $"{JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["type"]}"));
        }
    }

    [Fact]
    public async Task A_withdrawal_is_taken_with_any_clock_and_what_was_said_before_does_not_undo_it()
    {
        var (person, officer) = await RegisterAsync("1990-04-05");
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{person}/evacuation-consent", new { by = person, at = now.AddMinutes(-30) })).StatusCode);
        Assert.Equal("consent/given-since", await TypeAsync(officer.PostAsJsonAsync($"/people/{person}/evacuation-consent/withdrawal", new { at = now.AddMinutes(-40) })));
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{person}/evacuation-consent/withdrawal", new { at = "2099-01-01T00:00:00Z" })).StatusCode);
        Assert.Equal("consent/withdrawn-since", await TypeAsync(officer.PostAsJsonAsync($"/people/{person}/evacuation-consent", new { by = person, at = now.AddMinutes(-20) })));
        Assert.False((await officer.GetFromJsonAsync<JsonElement>($"/people/{person}")).TryGetProperty("evacuationConsentBy", out _));
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{person}/evacuation-consent", new { by = person })).StatusCode);

        static async Task<string> TypeAsync(Task<HttpResponseMessage> answer) => $"{JsonNode.Parse(await (await answer).Content.ReadAsStringAsync())!["type"]}";
    }

    private async Task<List<(Endpoint Endpoint, JsonForm Form, string Time)>> DoorsAsync()
    {
        var doors = new List<(Endpoint, JsonForm, string)>();
        foreach (var endpoint in house.Endpoints.Where(endpoint => endpoint.Method is "POST" or "PUT" or "PATCH"))
            if (await JsonForm.OfAsync(house, endpoint) is { } form && form.Sensible("unknown") is JsonObject body)
                foreach (var name in (string[])["at", "registeredAt"])
                    if (body.ContainsKey(name)) doors.Add((endpoint, form, name));
        return doors;
    }

    private async Task<(int Status, string Type)> SendAsync(Endpoint endpoint, JsonForm form, string time, string value)
    {
        using var client = await house.AllowedAsync(endpoint);
        var body = form.Sensible("unknown").AsObject();
        body[time] = value;
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.UnknownAddress) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(endpoint.ContentType)) };
        using var answer = await client.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? $"{JsonNode.Parse(said)!["type"]}" : "");
    }

    private async Task<(Guid Person, HttpClient Officer)> RegisterAsync(string born)
    {
        var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        var answer = await officer.PostAsJsonAsync("/people", Form(await CrisisAsync(), born, DateTimeOffset.UtcNow.AddHours(-2)));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return ((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid(), officer);
    }

    // Nobody's name is another's, so that nobody is matched.
    private static object Form(Guid crisis, string birthDate, DateTimeOffset registeredAt) => new
    {
        crisisId = crisis,
        reference = $"{Guid.NewGuid()}",
        channel = "phone",
        registeredAt,
        registration = new { familyName = Name(), givenNames = Name(), sex = "female", birthDate, nationality = "ETH" },
    };

    private static string Name() => string.Concat(Guid.NewGuid().ToString("N").Select(c => (char)('a' + Convert.ToInt32($"{c}", 16))));

    private async Task<Guid> CrisisAsync()
    {
        var crisis = Guid.CreateVersion7();
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(crisis, new CrisisOpened($"{crisis}", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow.AddDays(-1)))));
        return crisis;
    }

    private static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
