using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A merge in one service, and what the others make of it. In a house of its own, since it leaves wakes under way.</summary>
public sealed class MergedEverywhereTests(WholeHouse house) : IClassFixture<WholeHouse>
{
    [Fact]
    public async Task Whoever_was_registered_twice_is_helped_once_and_twice_again_when_it_was_wrong()
    {
        var crisis = Guid.CreateVersion7();
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(crisis, new CrisisOpened("merged", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow))));
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        using var aid = await house.SignedInAsync(Service.HumanitarianAid, Roles.AidWorker);
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var documents = await house.SignedInAsync(Service.TravelDocuments, Roles.DocumentOfficer);
        var (stays, duplicate) = (await RegisterAsync("E-1", "EP7000001"), await RegisterAsync("E-2", null));
        Assert.NotEqual(stays, duplicate);
        await Eventually.TrueAsync(async () => (await NeedsAsync("open")).IsSupersetOf([stays, duplicate]), "both wait for water");

        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{stays}/merge", new { duplicateId = duplicate })).StatusCode);

        await Eventually.TrueAsync(async () => (await NeedsAsync("closed")).Contains(duplicate), "the duplicate's need is closed");
        Assert.Equal([stays], await NeedsAsync("open"));
        Assert.Equal("merged", (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{duplicate}/evacuation")).GetProperty("state").GetString());
        var refused = await documents.PostAsJsonAsync($"/people/{duplicate}/travel-documents", new { why = "lost" });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains($"{stays}", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{stays}/unmerge", new { duplicateId = duplicate, reason = "cousins" })).StatusCode);
        await Eventually.TrueAsync(async () => (await NeedsAsync("open")).SetEquals([stays, duplicate]), "both wait again");
        Assert.Equal("waiting", (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{duplicate}/evacuation")).GetProperty("state").GetString());

        async Task<HashSet<Guid>> NeedsAsync(string state) =>
            [.. (await aid.GetFromJsonAsync<JsonElement>($"/needs?state={state}")).GetProperty("items").EnumerateArray().Select(need => need.GetProperty("personId").GetGuid())];

        async Task<Guid> RegisterAsync(string reference, string? number)
        {
            var answer = await officer.PostAsJsonAsync("/people", new
            {
                crisisId = crisis,
                reference,
                channel = "phone",
                registeredAt = "2026-05-04T08:00:00Z",
                registration = new
                {
                    familyName = "Woldemariam",
                    givenNames = "Azeb",
                    sex = "female",
                    birthDate = "1990-04-05",
                    nationality = "ETH",
                    needsNow = new[] { "water" },
                    document = number is null ? null : new { type = "passport", number, status = "valid", expiry = "2030-01-01" },
                },
            });
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
        }
    }
}
