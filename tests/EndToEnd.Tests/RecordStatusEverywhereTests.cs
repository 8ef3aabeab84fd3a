using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Unknown and erased are answered alike at every door, also at those that will be added.</summary>
[Collection(typeof(InTheBusyHouse))]
public sealed class RecordStatusEverywhereTests(WholeHouse house)
{
    [Fact]
    public async Task Every_service_says_in_the_same_words_that_nobody_has_an_id() => await AnswersAsync(Guid.CreateVersion7(), PersonRefusals.Unknown, HttpStatusCode.NotFound);

    [Fact]
    public async Task Every_service_says_in_the_same_words_that_a_person_was_erased()
    {
        var crisis = Guid.CreateVersion7();
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work =>
            Task.FromResult(work.Append(crisis, new CrisisOpened("erased", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow))));
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        using var administrator = await house.SignedInAsync(Service.ConsularContact, Roles.Administrator);
        var registered = await officer.PostAsJsonAsync("/people", new
        {
            crisisId = crisis,
            reference = "E-1",
            channel = "phone",
            registeredAt = "2026-05-04T08:00:00Z",
            registration = new { familyName = "Abebe", givenNames = "Sara", birthDate = "1990-04-05" },
        });
        var person = (await registered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostAsJsonAsync($"/people/{person}/erasure", new { ground = "the person's wish" })).StatusCode);
        await AnswersAsync(person, PersonRefusals.Erased, HttpStatusCode.Gone);
    }

    private async Task AnswersAsync(Guid person, Refusal refusal, HttpStatusCode status)
    {
        var asked = house.Endpoints.Where(endpoint => endpoint.Method == "GET" && endpoint.Path.StartsWith("/people/{personId}", StringComparison.Ordinal) && endpoint.Path.Count('{') == 1)
            // The chain of events stays whole when a person is erased.
            .Where(endpoint => status == HttpStatusCode.NotFound || !endpoint.Path.EndsWith("/timeline", StringComparison.Ordinal)).ToList();
        Assert.True(asked.Count >= 15, $"Only {asked.Count} doors were found.");
        var wrong = new List<string>();
        foreach (var endpoint in asked)
        {
            using var client = await house.AllowedAsync(endpoint);
            using var answer = await client.GetAsync(endpoint.Path.Replace("{personId}", $"{person}", StringComparison.Ordinal));
            var told = answer.StatusCode == HttpStatusCode.OK ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (answer.StatusCode != status || told.GetProperty("type").GetString() != refusal.Code || told.GetProperty("detail").GetString() != refusal.Detail)
                wrong.Add($"{endpoint}: {(int)answer.StatusCode} {told}");
        }
        Assert.Empty(wrong);
    }
}
