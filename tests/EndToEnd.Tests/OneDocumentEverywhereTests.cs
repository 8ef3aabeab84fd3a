using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Two records that are one person, both on their way to a document: officers of two services at once (rule D).</summary>
public sealed class OneDocumentEverywhereTests(WholeHouse house) : IClassFixture<WholeHouse>
{
    private const int Pairs = 12;

    private readonly Guid crisis = Guid.CreateVersion7();

    [Fact]
    public async Task A_merge_of_two_holders_asks_which_document_stands_and_only_that_one_counts_until_it_is_undone()
    {
        var (stays, duplicate) = (await ReadyAsync(), await ReadyAsync());
        Assert.Equal(HttpStatusCode.Created, await IssueAsync(stays));
        Assert.Equal(HttpStatusCode.Created, await IssueAsync(duplicate));
        var (answer, problem) = await MergeAsync(stays.Person, duplicate.Person, null);
        Assert.Equal((HttpStatusCode.Conflict, "match/two-documents"), (answer, problem));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "match/standing-document"), await MergeAsync(stays.Person, duplicate.Person, Guid.CreateVersion7()));
        Assert.Equal((HttpStatusCode.NoContent, null), await MergeAsync(stays.Person, duplicate.Person, duplicate.Application));
        // Asked again, as after a lost answer.
        Assert.Equal((HttpStatusCode.NoContent, null), await MergeAsync(stays.Person, duplicate.Person, duplicate.Application));

        Assert.Equal([(duplicate.Application, duplicate.Person)], await ValidAsync(stays.Person));
        using var documents = await house.SignedInAsync(Service.TravelDocuments, Roles.DocumentOfficer);
        var listed = (await documents.GetFromJsonAsync<JsonElement>($"/people/{stays.Person}/travel-documents")).GetProperty("items").EnumerateArray();
        Assert.Equal([$"{stays.Application} revoked", $"{duplicate.Application} issued"],
            listed.Select(item => $"{item.GetProperty("applicationId").GetGuid()} {item.GetProperty("state").GetString()}").Where(item => !item.EndsWith("opened")));

        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        Assert.Equal(HttpStatusCode.NoContent, (await officer.PostAsJsonAsync($"/people/{stays.Person}/unmerge", new { duplicateId = duplicate.Person, reason = "two sisters" })).StatusCode);
        Assert.Empty(await ValidAsync(stays.Person));
        Assert.Equal([duplicate.Application], (await ValidAsync(duplicate.Person)).Select(valid => valid.Application));
    }

    [Fact]
    public async Task Two_officers_who_issue_while_a_third_merges_never_leave_two_valid_documents()
    {
        var pairs = new List<(Ready Stays, Ready Duplicate)>();
        for (var i = 0; i < Pairs; i++) pairs.Add((await ReadyAsync(), await ReadyAsync()));
        await Parallel.ForEachAsync(pairs.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (pair, ct) =>
        {
            var (i, (stays, duplicate)) = pair;
            // With and without naming one, and issued before or not, so that the three meet in every order.
            if (i % 3 == 1) await IssueAsync(duplicate);
            await Task.WhenAll(IssueAsync(stays), MergeAsync(stays.Person, duplicate.Person, i % 2 == 0 ? null : duplicate.Application), IssueAsync(duplicate));
        });
        foreach (var (stays, duplicate) in pairs)
        {
            var away = (await EventsAsync(duplicate.Person)).Any(e => e is MergedInto);
            var valid = await ValidAsync(stays.Person);
            Assert.True(valid.Count <= 1, $"{valid.Count} valid on {stays.Person}");
            if (!away) continue;
            // What the duplicate still holds is the one that the record which stays tells of.
            Assert.All(await ValidAsync(duplicate.Person), one => Assert.Contains(one.Application, valid.Select(told => told.Application)));
            var (again, _) = await MergeAsync(stays.Person, duplicate.Person, null);
            Assert.Equal(HttpStatusCode.NoContent, again);
        }
    }

    private sealed record Ready(Guid Person, Guid Application);

    /// <summary>Somebody whose journey two officers have answered for; the document is only to be issued.</summary>
    private async Task<Ready> ReadyAsync()
    {
        var (person, store) = (Guid.CreateVersion7(), house.Part<TimelineStore>(Service.ConsularContact));
        Registration form = new() { FamilyName = "Woldemariam", GivenNames = "Azeb", Sex = Sex.Female, BirthDate = new(1990, 4, 5), Nationality = "ETH" };
        var at = DateTimeOffset.UtcNow.AddHours(-1);
        var registered = await store.AttemptAsync(async work =>
        {
            if ((await work.ReadAsync(crisis)).Version == 0) work.Append(crisis, new CrisisOpened($"one-document-{crisis}", "test", "Actual", "Floods", [], at));
            return work.Append(person, new PersonRegistered(Guid.CreateVersion7(), crisis, $"{person}", Channel.Phone, true, form, at) { Sender = "post" });
        });
        Assert.Null(registered.Refusal);
        await Eventually.TrueAsync(async () => (await EventsAsync(person)).Exists(e => e is TravelDocumentApplicationOpened), "a file opens by itself");
        var application = (await EventsAsync(person)).OfType<TravelDocumentApplicationOpened>().Single().ApplicationId;
        using var one = await house.ClientOfAsync(Service.TravelDocuments, "documents-1", null, Roles.DocumentOfficer);
        using var two = await house.ClientOfAsync(Service.TravelDocuments, "documents-2", null, Roles.DocumentOfficer);
        Assert.Equal(HttpStatusCode.OK, (await one.PostAsJsonAsync($"/people/{person}/travel-documents/{application}/identity", new { evidence = "her sister" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await two.PostAsJsonAsync($"/people/{person}/travel-documents/{application}/approval", new { destination = "ETH", transits = new[] { "EGY" } })).StatusCode);
        return new(person, application);
    }

    private async Task<HttpStatusCode> IssueAsync(Ready ready)
    {
        using var two = await house.ClientOfAsync(Service.TravelDocuments, "documents-2", null, Roles.DocumentOfficer);
        return (await two.PostAsJsonAsync($"/people/{ready.Person}/travel-documents/{ready.Application}/issue", new { })).StatusCode;
    }

    private async Task<(HttpStatusCode Status, string? Code)> MergeAsync(Guid stays, Guid duplicate, Guid? standingDocument)
    {
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        var answer = await officer.PostAsJsonAsync($"/people/{stays}/merge", new { duplicateId = duplicate, reason = "the same passport", standingDocument });
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    // By the timeline alone: issued here or brought here by a merge that stands, and void nowhere.
    private async Task<List<(Guid Application, Guid? From)>> ValidAsync(Guid person)
    {
        var valid = new List<(Guid Application, Guid? From)>();
        foreach (var e in await EventsAsync(person))
            switch (e)
            {
                case TravelDocumentIssued issued: valid.Add((issued.ApplicationId, issued.MergedFrom)); break;
                case TravelDocumentRevoked revoked: valid.RemoveAll(one => one.Application == revoked.ApplicationId); break;
                case DuplicateUnmerged undone: valid.RemoveAll(one => one.From == undone.DuplicateId); break;
            }
        return valid;
    }

    private async Task<List<Event>> EventsAsync(Guid person) => [.. (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(person)).Events.Select(e => e.Event)];
}
