using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Mrz;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class TravelDocumentsHouse : House
{
    public TimelineStore Timelines { get; private set; } = null!;
    public HttpClient One { get; private set; } = null!;
    public HttpClient Two { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await StartAsync(TravelDocumentsService.Define(), "--TravelDocuments:Issuer=UTO");
        Timelines = new TimelineStore(NpgsqlDataSource.Create(Deployment.Postgres), new TimelineOptions { MasterKey = MasterKey }, TimeProvider.System);
        One = await ClientOfAsync(Service.TravelDocuments, "officer-1", null, Roles.DocumentOfficer);
        Two = await ClientOfAsync(Service.TravelDocuments, "officer-2", null, Roles.DocumentOfficer);
    }

    public async Task<Guid> HappensAsync(Guid id, params Event[] events)
    {
        Assert.Null((await Timelines.AttemptAsync(async work =>
        {
            await work.ReadAsync(id);
            return work.Append(id, Decision.Of(events));
        })).Refusal);
        return id;
    }

    public async Task<T[]> EventsAsync<T>(Guid id) where T : Event => [.. (await Timelines.ReadAsync(id)).Events.Select(e => e.Event).OfType<T>()];

    /// <summary>Somebody without a document, and the address of the file that opened by itself.</summary>
    public async Task<(Guid Person, string File)> SomebodyAsync(Registration? form = null)
    {
        var person = await HappensAsync(Guid.CreateVersion7(), Registered(form ?? Anna));
        await Eventually.TrueAsync(async () => (await EventsAsync<TravelDocumentApplicationOpened>(person)).Length == 1, "a file opens by itself");
        return (person, $"/people/{person}/travel-documents/{(await EventsAsync<TravelDocumentApplicationOpened>(person))[0].ApplicationId}");
    }
}

public sealed class TravelDocumentsHttpTests(TravelDocumentsHouse house) : IClassFixture<TravelDocumentsHouse>
{
    private static readonly object Evidence = new { evidence = "old passport copy" }, Journey = new { destination = "NPL", transits = new[] { "EGY" } };

    [Fact]
    public async Task From_a_lost_passport_to_an_emergency_document_in_two_officers_hands()
    {
        var (person, file) = await house.SomebodyAsync();
        await Refused(house.Two, file + "/approval", Journey, HttpStatusCode.Conflict, "travel-document/identity-not-verified");
        await Done(house.One, file + "/identity", Evidence);
        await Refused(house.One, file + "/approval", Journey, HttpStatusCode.Forbidden, "travel-document/second-officer-needed");
        await Refused(house.Two, file + "/approval", new { destination = "ZZZ" }, HttpStatusCode.UnprocessableEntity, "country/unknown");
        await Done(house.Two, file + "/approval", Journey);
        await Refused(house.Two, file + "/issue", new { at = DateTimeOffset.UtcNow.AddHours(1) }, HttpStatusCode.UnprocessableEntity, "request/at-in-future");

        await Refused(house.Two, file + "/issue", new { at = Tuesday }, HttpStatusCode.UnprocessableEntity, "travel-document/too-early");
        var day = DateOnly.FromDateTime(DateTimeOffset.UtcNow.UtcDateTime);

        var answer = await house.Two.PostAsJsonAsync(file + "/issue", new { });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var issued = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(issued.TryGetProperty("mrz", out _), "The zone is read where the read leaves a trace.");
        Assert.InRange(DateOnly.Parse(issued.GetProperty("validUntil").GetString()!, CultureInfo.InvariantCulture), day.AddDays(15), day.AddDays(16));
        Assert.Equal("NPL", issued.GetProperty("destination").GetString());
        await Refused(house.Two, file + "/issue", new { }, HttpStatusCode.Conflict, "travel-document/already-issued");
        var listed = (await house.One.GetFromJsonAsync<JsonElement>($"/people/{person}/travel-documents")).GetProperty("items")[0];
        Assert.Equal("issued", listed.GetProperty("state").GetString());
        Assert.True(MrzLayout.Read(listed.GetProperty("mrz").GetString()!) is { Consistent: true } zone && zone.Document.Number == issued.GetProperty("number").GetString());
        await Eventually.TrueAsync(() => Listed(person, "issued"), "the desk sees it");
    }

    [Fact]
    public async Task A_claim_of_fear_voids_the_document_that_leads_there_whoever_heard_it()
    {
        var (person, file) = await house.SomebodyAsync();
        await Issued(file);
        await house.HappensAsync(person, Fears("EGY"));
        await Eventually.TrueAsync(async () => (await house.EventsAsync<TravelDocumentRevoked>(person)) is [{ Why: "fear-of-return" }], "the document is void");
        await Eventually.TrueAsync(() => Listed(person, "revoked"), "the desk sees it");
        var again = await house.One.PostAsJsonAsync($"/people/{person}/travel-documents", new { why = "lost" });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        var second = $"/people/{person}/travel-documents/{(await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("applicationId").GetGuid()}";
        await Done(house.One, second + "/identity", Evidence);
        await Refused(house.Two, second + "/approval", Journey, HttpStatusCode.Conflict, "travel-document/non-refoulement");
        await Done(house.Two, second + "/approval", new { destination = "NPL", transits = new[] { "JOR" } });
    }

    [Theory]
    [InlineData("HKG", "CHN")]
    [InlineData("CHN", "HKG")]
    [InlineData("REU", "FRA")]
    [InlineData("PSE", "ISR")]
    [InlineData("ISR", "PSE")]
    [InlineData("RKS", "SRB")]
    [InlineData("SRB", "RKS")]
    [InlineData("TWN", "CHN")]
    [InlineData("ESH", "MAR")]
    public async Task No_document_leads_under_the_hand_of_a_feared_state_by_another_name(string feared, string destination)
    {
        var (person, file) = await house.SomebodyAsync();
        await house.HappensAsync(person, Fears(feared));
        await Done(house.One, file + "/identity", Evidence);
        await Refused(house.Two, file + "/approval", new { destination }, HttpStatusCode.Conflict, "travel-document/non-refoulement");
        await Refused(house.Two, file + "/approval", new { destination = "NPL", transits = new[] { destination } }, HttpStatusCode.Conflict, "travel-document/non-refoulement");
    }

    [Fact]
    public async Task No_document_leads_home_while_nobody_knows_which_state_is_feared()
    {
        var (person, file) = await house.SomebodyAsync(Anna with { Nationality = "NPL" });
        await Issued(file);
        await house.HappensAsync(person, Fears("XXX"));
        await Eventually.TrueAsync(async () => (await house.EventsAsync<TravelDocumentRevoked>(person)) is [{ Why: "fear-of-return" }], "the document home is void");
        var again = await house.One.PostAsJsonAsync($"/people/{person}/travel-documents", new { why = "lost" });
        var second = $"/people/{person}/travel-documents/{(await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("applicationId").GetGuid()}";
        await Done(house.One, second + "/identity", Evidence);
        await Refused(house.Two, second + "/approval", Journey, HttpStatusCode.Conflict, "travel-document/non-refoulement");
        await house.HappensAsync(person, Fears("SYR") with { At = DateTimeOffset.UtcNow });
        await Done(house.Two, second + "/approval", Journey);
    }

    [Fact]
    public async Task Two_officers_who_lie_together_get_no_document_for_a_child_whose_guardian_did_not_agree()
    {
        var (child, file) = await house.SomebodyAsync(Anna with { BirthDate = new(DateTime.UtcNow.Year - 10) });
        var mother = Guid.CreateVersion7();
        await Done(house.One, file + "/identity", Evidence);
        await Refused(house.Two, file + "/approval", Journey, HttpStatusCode.Conflict, "travel-document/best-interests-needed");
        await house.HappensAsync(child, new TieConfirmed(mother, "papers", "officer-9", Tuesday));
        // Dated to when the child will be an adult, or was not born, it is the same child.
        foreach (var at in (DateTimeOffset?[])[null, DateTimeOffset.UtcNow.AddMinutes(4)])
            await Refused(house.Two, file + "/approval", new { destination = "NPL", at }, HttpStatusCode.Conflict, "travel-document/guardian-consent-needed");
        await house.HappensAsync(child, new EvacuationConsentGiven(mother, "officer-9", DateTimeOffset.UtcNow));
        await Done(house.Two, file + "/approval", Journey);
        await house.HappensAsync(child, new GuardianshipEnded(mother, "false papers", "protection-1", DateTimeOffset.UtcNow));
        await Refused(house.Two, file + "/issue", new { }, HttpStatusCode.Conflict, "travel-document/best-interests-needed");
        await house.HappensAsync(child, new BestInterestsDecided(true, mother, "protection-1", "heard", DateTimeOffset.UtcNow));
        await Done(house.Two, file + "/issue", new { });
    }

    [Fact]
    public async Task A_document_of_somebody_whose_data_was_erased_can_still_be_made_void_and_nothing_else_is_done_for_them()
    {
        var (person, file) = await house.SomebodyAsync();
        await Issued(file);
        await house.Timelines.EraseAsync(person, _ => new PersonErased("officer", "asked", DateTimeOffset.UtcNow));
        await Refused(house.One, $"/people/{person}/travel-documents", new { why = "lost" }, HttpStatusCode.Gone, "person/erased");
        Assert.True(await Listed(person, "issued"));
        var listed = await house.One.GetStringAsync("/applications?state=issued&limit=1000");
        Assert.DoesNotContain((await house.EventsAsync<TravelDocumentIssued>(person)).Single().Number ?? "ERIKSSON", listed, StringComparison.Ordinal);

        await Done(house.One, file + "/revocation", new { why = "stolen" });
        Assert.Equal("stolen", (await house.EventsAsync<TravelDocumentRevoked>(person)).Single().Why);
        await Eventually.TrueAsync(async () => !await Listed(person, "issued") && !await Listed(person, "revoked"), "the desk has nothing left to do for them");
    }

    [Fact]
    public async Task A_number_is_given_once_and_drawn_again_when_it_is_taken()
    {
        var (_, first) = await house.SomebodyAsync();
        var taken = (await Issued(first)).GetProperty("number").GetString()!;
        var (person, file) = await house.SomebodyAsync();
        await Done(house.One, file + "/identity", Evidence);
        await Done(house.Two, file + "/approval", Journey);
        var draws = new Queue<string>([taken, taken, "CCCCCCCCC"]);
        var id = (await house.EventsAsync<TravelDocumentApplicationOpened>(person))[0].ApplicationId;

        var outcome = await IssueTravelDocument.RunAsync(house.Part<TimelineStore>(Service.TravelDocuments), person,
            number => new(id, "officer-2", "UTO", number, null, DateTimeOffset.UtcNow), draws.Dequeue, new("officer-2"), CancellationToken.None);

        Assert.Null(outcome.Refusal);
        Assert.Equal("CCCCCCCCC", (await house.EventsAsync<TravelDocumentIssued>(person)).Single().Number);
    }

    [Fact]
    public async Task Two_officers_who_issue_at_once_issue_one_document()
    {
        var (person, file) = await house.SomebodyAsync();
        await Done(house.One, file + "/identity", Evidence);
        await Done(house.Two, file + "/approval", Journey);
        var answers = await Task.WhenAll(new[] { house.One, house.Two }.Select(officer => officer.PostAsync(file + "/issue", null)));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Single(await house.EventsAsync<TravelDocumentIssued>(person));
    }

    [Fact]
    public async Task What_makes_a_document_void_makes_it_void_on_every_record_that_it_stands_on()
    {
        // Made void under the record that stays, under the one merged away, by a claim of fear, by arriving, and by another document.
        Func<Guid, Guid, Guid, Task>[] ways =
        [
            async (stays, _, document) => await Done(house.One, $"/people/{stays}/travel-documents/{document}/revocation", new { why = "lost" }),
            async (_, duplicate, document) => await Done(house.One, $"/people/{duplicate}/travel-documents/{document}/revocation", new { why = "stolen" }),
            async (stays, _, _) => await house.HappensAsync(stays, Fears("EGY")),
            async (stays, _, _) => await house.HappensAsync(stays, new Arrived(Guid.CreateVersion7(), "NPL", true, "gate", DateTimeOffset.UtcNow)),
            async (stays, _, _) =>
            {
                var opened = await Done(house.One, $"/people/{stays}/travel-documents", new { why = "damaged" });
                await Issued($"/people/{stays}/travel-documents/{opened.GetProperty("applicationId").GetGuid()}");
            },
        ];
        foreach (var (way, why) in ways.Zip(["lost", "stolen", "fear-of-return", "used", "replaced"]))
        {
            var (duplicate, file) = await house.SomebodyAsync();
            await Issued(file);
            var stays = await house.HappensAsync(Guid.CreateVersion7(), Registered(Anna with { Document = Anna.Document! with { Status = DocumentStatus.Valid, Expiry = new(2036, 1, 1) } }));
            var story = (await house.Timelines.ReadAsync(duplicate)).Events.Select(e => e.Event).Where(e => e is not PersonRegistered).Select(e => e with { MergedFrom = duplicate });
            await house.HappensAsync(stays, [new DuplicateMerged(duplicate, "officer", null, [], [], [], Tuesday), .. story]);
            await house.HappensAsync(duplicate, new MergedInto(stays, [], Tuesday));
            var document = (await house.EventsAsync<TravelDocumentIssued>(stays)).Single().ApplicationId;
            Assert.Equal(document, (await house.One.GetFromJsonAsync<JsonElement>($"/people/{stays}/travel-documents")).GetProperty("items").EnumerateArray().Single().GetProperty("applicationId").GetGuid());
            await Eventually.TrueAsync(() => Listed(stays, "issued"), "the desk sees it under the record that stays");
            await Eventually.TrueAsync(async () => !await Listed(duplicate, "issued"), "and no longer under the other");

            await way(stays, duplicate, document);

            foreach (var record in new[] { stays, duplicate })
                await Eventually.TrueAsync(async () => (await house.EventsAsync<TravelDocumentRevoked>(record)) is [{ } revoked] && (revoked.ApplicationId, revoked.Why) == (document, why), $"{why} on {(record == stays ? "one" : "the other")}");
            // Undone, it comes back void.
            await house.HappensAsync(stays, new DuplicateUnmerged(duplicate, "officer", null, [], [], [], DateTimeOffset.UtcNow));
            await house.HappensAsync(duplicate, new UnmergedFrom(stays, [], DateTimeOffset.UtcNow));
            var items = (await house.One.GetFromJsonAsync<JsonElement>($"/people/{duplicate}/travel-documents")).GetProperty("items").EnumerateArray();
            Assert.Equal("revoked", items.Single(item => item.GetProperty("applicationId").GetGuid() == document).GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task Only_document_officers_work_here_and_what_nobody_knows_is_not_found()
    {
        var officer = await house.ClientAsync(Service.TravelDocuments, Roles.Officer);
        Assert.Equal(HttpStatusCode.Forbidden, (await officer.GetAsync("/applications")).StatusCode);
        await Refused(house.One, $"/people/{Guid.NewGuid()}/travel-documents", new { why = "lost" }, HttpStatusCode.NotFound, "person/unknown");
        var (person, _) = await house.SomebodyAsync();
        await Refused(house.One, $"/people/{person}/travel-documents/{Guid.NewGuid()}/identity", Evidence, HttpStatusCode.NotFound, "travel-document/application-unknown");
        await Refused(house.One, $"/people/{person}/travel-documents", new { why = "lost" }, HttpStatusCode.Conflict, "travel-document/already-open");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.One.GetAsync("/applications?state=bogus")).StatusCode);
    }

    private async Task<JsonElement> Issued(string file)
    {
        await Done(house.One, file + "/identity", Evidence);
        await Done(house.Two, file + "/approval", Journey);
        return await Done(house.Two, file + "/issue", new { });
    }

    private async Task<bool> Listed(Guid person, string state) =>
        (await house.One.GetFromJsonAsync<JsonElement>($"/applications?state={state}&limit=1000")).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("personId").GetGuid() == person);

    private static async Task<JsonElement> Done(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task Refused(HttpClient client, string path, object body, HttpStatusCode status, string code)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }
}
