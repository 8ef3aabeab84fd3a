using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
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

    private object Form(string reference, string given, string? born, string? household = null, string? role = null, string[]? fears = null) => new
    {
        crisisId = house.Crisis,
        reference,
        channel = "consulate",
        registeredAt = "2026-05-04T08:00:00Z",
        registration = Told(reference, given, born, household, role, fears),
    };

    private static object Told(string reference, string given, string? born, string? household = null, string? role = null, string[]? fears = null) => new
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
}
