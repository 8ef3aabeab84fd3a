using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Relatives who look for each other, over the real service.</summary>
public sealed class TracingHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private async Task<Guid> RegisteredAsync(string reference, string family, string given, string born, HttpClient? by = null, params string[] needs)
    {
        var answer = await (by ?? house.Officer).PostAsJsonAsync("/people", new
        {
            crisisId = house.Crisis, reference, channel = "consulate", registeredAt = "2026-05-04T08:00:00Z",
            registration = new { familyName = family, givenNames = given, birthDate = born, specificNeeds = needs },
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    private async Task<JsonElement> PostAsync(string path, object body, HttpClient? by = null)
    {
        var answer = await (by ?? house.Officer).PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<Guid> SearchAsync(Guid seeker, string family, string given, string? born) =>
        (await PostAsync($"/people/{seeker}/tracing-requests", new { sought = new { familyName = family, givenNames = given, birthDate = born }, relation = "child" })).GetProperty("requestId").GetGuid();

    private static async Task<bool> ListsAsync(HttpClient client, Guid person, Guid request) =>
        (await client.GetFromJsonAsync<JsonElement>("/tracing-matches?limit=1000")).GetProperty("items").EnumerateArray().Any(m => m.GetProperty("personId").GetGuid() == person && m.GetProperty("requestId").GetGuid() == request);

    private async Task<JsonElement> SearchOfAsync(Guid seeker) => (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{seeker}/tracing-requests")).GetProperty("items")[0];

    [Fact]
    public async Task A_mother_finds_her_son_when_he_agrees_and_learns_nothing_before()
    {
        var (mother, son) = (await RegisteredAsync("T-1", "Woldemariam", "Abrehet", "1960-02-03"), await RegisteredAsync("T-2", "Woldemariam", "Kidane", "1990-04-05"));
        var request = await SearchAsync(mother, "Wolde-Mariam", "Kidane", "1990");
        await Eventually.TrueAsync(() => ListsAsync(house.Officer, son, request), "the match is on the list");

        Assert.Equal("searching", (await SearchOfAsync(mother)).GetProperty("state").GetString());
        Assert.DoesNotContain($"{son}", (await house.Officer.GetStringAsync($"/people/{mother}/timeline")) + await house.Officer.GetStringAsync($"/people/{mother}/tracing-requests"), StringComparison.Ordinal);
        Assert.DoesNotContain($"{mother}", await house.Officer.GetStringAsync($"/people/{son}/timeline"), StringComparison.Ordinal);

        var seen = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{son}/tracing-matches/{request}");
        Assert.Equal(("child", "Abrehet", "with-consent"), (seen.GetProperty("relation").GetString(), seen.GetProperty("seeker").GetProperty("givenNames").GetString(), seen.GetProperty("wish").GetString()));
        await PostAsync($"/people/{son}/tracing-matches/{request}/answer", new { agreed = true, by = "self", message = "At the school in Dondo" });

        var found = await SearchOfAsync(mother);
        Assert.Equal(("found", son, "At the school in Dondo"), (found.GetProperty("state").GetString(), found.GetProperty("foundPersonId").GetGuid(), found.GetProperty("message").GetString()));
        Assert.False(await ListsAsync(house.Officer, son, request));
    }

    [Fact]
    public async Task Whoever_registers_later_is_found_by_a_request_made_before()
    {
        var father = await RegisteredAsync("T-3", "Gebreselassie", "Tesfay", "1955-02-03");
        var request = await SearchAsync(father, "Gebreselassie", "Almaz", "2001-06-07");
        var daughter = await RegisteredAsync("T-4", "Gebre Selassie", "Almaz Tesfay", "2001-06-07");
        await Eventually.TrueAsync(() => ListsAsync(house.Officer, daughter, request), "the match is on the list");
        await PostAsync($"/people/{father}/tracing-requests/{request}/withdrawal", new { });
        Assert.False(await ListsAsync(house.Officer, daughter, request));
        Assert.Equal("withdrawn", (await SearchOfAsync(father)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Who_does_not_want_to_be_found_appears_before_protection_officers_only_and_another_post_sees_nobody()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        using var elsewhere = await house.ClientOfPostAsync(Service.ConsularContact, "officer-of-lima", null, "lima", Roles.Officer);
        var (husband, wife, sister) = (await RegisteredAsync("T-5", "Habtemichael", "Goitom", "1975-02-03"), await RegisteredAsync("T-6", "Habtemichael", "Senait", "1980-09-09"), await RegisteredAsync("T-7", "Habtemichael", "Letebrhan", "1982-03-09"));
        await PostAsync($"/people/{wife}/tracing-wish", new { wish = "nobody" });
        var (request, other) = (await SearchAsync(husband, "Habtemichael", "Senait", "1980-09-09"), await SearchAsync(husband, "Habtemichael", "Letebrhan", "1982-03-09"));
        await Eventually.TrueAsync(() => ListsAsync(protection, wife, request), "the protection officer sees it");
        await Eventually.TrueAsync(() => ListsAsync(house.Officer, sister, other), "the officer sees the other one");

        Assert.False(await ListsAsync(house.Officer, wife, request));
        Assert.False(await ListsAsync(elsewhere, sister, other));
        foreach (var path in new[] { $"/people/{wife}/tracing-matches/{request}", $"/people/{wife}/tracing-matches/{Guid.NewGuid()}" })
            Assert.Equal("tracing/match-unknown", (await (await house.Officer.GetAsync(path)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.PostAsJsonAsync($"/people/{wife}/tracing-matches/{request}/answer", new { agreed = true, by = "self" })).StatusCode);
        await PostAsync($"/people/{wife}/tracing-matches/{request}/answer", new { agreed = false, by = "self" }, protection);
        Assert.All((await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{husband}/tracing-requests")).GetProperty("items").EnumerateArray(), search => Assert.Equal("searching", search.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("""{"sought":{},"relation":"child"}""", 422)]
    [InlineData("""{"sought":{"familyName":"A"},"relation":"enemy"}""", 422)]
    [InlineData("""{"sought":{"familyName":"A","nationality":"Atlantis"},"relation":"child"}""", 422)]
    [InlineData("""{"sought":null,"relation":"child"}""", 400)]
    [InlineData("""{"relation":"child"}""", 400)]
    public async Task A_request_that_describes_nobody_is_refused(string body, int status)
    {
        var seeker = await RegisteredAsync($"T-8-{body.GetHashCode()}", "Kahsay", "Berhe", "1970-01-02");
        var answer = await house.Officer.PostAsync($"/people/{seeker}/tracing-requests", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }
}
