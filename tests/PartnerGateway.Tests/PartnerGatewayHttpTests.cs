using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public sealed class PartnerGatewayHouse : House
{
    private NpgsqlDataSource owner = null!;
    private TimelineStore store = null!;

    public HttpClient Administrator { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await StartAsync(PartnerGatewayService.Define());
        owner = NpgsqlDataSource.Create(Deployment.Postgres);
        store = new TimelineStore(owner, new TimelineOptions { MasterKey = MasterKey }, TimeProvider.System);
        Administrator = await ClientAsync(Service.PartnerGateway, Roles.Administrator);
    }

    public async Task HappensAsync(Guid id, params Event[] events)
    {
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync(id);
            return work.Append(id, Decision.Of(events));
        });
        Assert.Null(outcome.Refusal);
    }

    public Task<HttpClient> PartnerAsync(string agency) => ClientOfAsync(Service.PartnerGateway, $"{agency.ToLowerInvariant()}-desk", agency, Roles.Partner);

    /// <summary>What an agency reads of a person from the beginning: kinds, in order.</summary>
    public async Task<string[]> FeedAsync(HttpClient partner, Guid person)
    {
        var (all, after) = (new List<string>(), "");
        while (true)
        {
            var answer = await partner.GetAsync($"/feed?after={after}&limit=50");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            all.AddRange((await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Where(e => e.GetProperty("subject").GetGuid() == person)
                .Select(e => e.GetProperty("type").GetString()!.Replace("org.crisiscoordination.", "", StringComparison.Ordinal).Replace(".v1", "", StringComparison.Ordinal)));
            var next = answer.Headers.GetValues("Feed-Next").Single();
            if (next == (after.Length == 0 ? "0" : after)) return [.. all];
            after = next;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        store.Dispose();
        await owner.DisposeAsync();
        await base.DisposeAsync();
    }
}

public sealed class PartnerGatewayHttpTests(PartnerGatewayHouse house) : IClassFixture<PartnerGatewayHouse>
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Event Registered = new PersonRegistered(Guid.NewGuid(), Guid.NewGuid(), "R-1", Channel.Consulate, true, new() { FamilyName = "Tesfaye" }, At) { Sender = "post" };

    private static Boarded Boards => new(Guid.CreateVersion7(), "officer-1", At);

    private async Task<HttpClient> AgencyAsync(string code, string? country)
    {
        var answer = await house.Administrator.PostAsJsonAsync("/agencies", new { code, name = $"Agency {code}", receives = new[] { "asylum" }, country });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await house.PartnerAsync(code);
    }

    private Task HasAsync(HttpClient partner, Guid person, params string[] kinds) =>
        Eventually.TrueAsync(async () => (await house.FeedAsync(partner, person)).SequenceEqual(kinds), $"the feed tells {string.Join(", ", kinds)}");

    [Fact]
    public async Task An_agency_of_a_feared_state_forgets_and_learns_nothing_while_one_of_no_state_goes_on()
    {
        using var feared = await AgencyAsync("FEARED-A", "ERI");
        using var free = await AgencyAsync("FREE-A", "none");
        using var unsaid = await AgencyAsync("UNSAID-A", null);
        var person = Guid.CreateVersion7();
        await house.HappensAsync(person, Registered, new SharingConsentGiven(["FEARED-A", "FREE-A", "UNSAID-A"], At));
        foreach (var partner in new[] { feared, free, unsaid }) await HasAsync(partner, person, "person-registered", "sharing-consent-given");

        await house.HappensAsync(person, new FearOfReturnStated(["ERI"], "officer-1", At));
        await HasAsync(feared, person, "person.tombstone");
        await HasAsync(unsaid, person, "person.tombstone");
        await house.HappensAsync(person, Boards);
        await HasAsync(free, person, "person-registered", "sharing-consent-given", "boarded");
        Assert.Equal(["person.tombstone"], await house.FeedAsync(feared, person));
        Assert.Equal(["person.tombstone"], await house.FeedAsync(unsaid, person));

        // Said to belong to no state, it is told again, as if for the first time.
        Assert.Equal(HttpStatusCode.NoContent, (await house.Administrator.PutAsJsonAsync("/agencies/unsaid-a/country", new { country = "none", reason = "Its statutes name no state." })).StatusCode);
        await Eventually.TrueAsync(async () => (await house.FeedAsync(unsaid, person))[^1] == "sharing-consent-given", "it is told again");
        var changed = await house.Administrator.PutAsJsonAsync("/agencies/unsaid-a/country", new { country = "ERI", reason = "A letter came." });
        Assert.Equal("agency/second-person-needed", (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        using var second = await house.ClientOfAsync(Service.PartnerGateway, "second-admin", null, Roles.Administrator);
        Assert.Equal(HttpStatusCode.NoContent, (await second.PutAsJsonAsync("/agencies/unsaid-a/country", new { country = "ERI", reason = "A letter came." })).StatusCode);
        await Eventually.TrueAsync(async () => (await house.FeedAsync(unsaid, person)) is ["person.tombstone", "person.tombstone"], "it forgets again");
        Assert.Equal(HttpStatusCode.Forbidden, (await feared.PutAsJsonAsync("/agencies/feared-a/country", new { country = "none", reason = "We are free." })).StatusCode);

        // The person takes the fear back: to the agency it is as if they had let it know.
        await house.HappensAsync(person, new FearOfReturnWithdrawn(["ERI"], "protection-1", At));
        await Eventually.TrueAsync(async () => (await house.FeedAsync(feared, person))[^1] == "sharing-consent-given", "it is told again");
        foreach (var partner in new[] { feared, free, unsaid }) Assert.DoesNotContain(await house.FeedAsync(partner, person), kind => kind.Contains("fear", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_agency_of_a_feared_state_never_learns_that_somebody_exists_not_even_by_being_told_to_forget_them()
    {
        using var feared = await AgencyAsync("FEARED-B", "ERI");
        using var free = await AgencyAsync("FREE-B", "none");
        var person = Guid.CreateVersion7();
        await house.HappensAsync(person, Registered, new FearOfReturnStated(["ERI"], "officer-1", At), new SharingConsentGiven(["FEARED-B", "FREE-B"], At));
        await house.HappensAsync(person, new FearOfReturnStated(["SDN"], "officer-1", At), Boards);
        await Eventually.TrueAsync(async () => (await house.FeedAsync(free, person)) is [.., "boarded"], "the other one is told");
        await house.HappensAsync(person, new SharingConsentWithdrawn(["FEARED-B", "FREE-B"], At));
        await Eventually.TrueAsync(async () => (await house.FeedAsync(free, person)) is [.., "person.tombstone"], "the one that knew forgets");
        Assert.Empty(await house.FeedAsync(feared, person));
    }

    [Fact]
    public async Task An_agency_that_guesses_who_somebody_is_and_tells_a_fear_of_them_reads_no_answer_off_its_feed()
    {
        using var guesses = await AgencyAsync("GUESS-A", "ERI");
        using var free = await AgencyAsync("GUESS-B", "none");
        var person = Guid.CreateVersion7();
        await house.HappensAsync(person, Registered, new SharingConsentGiven(["GUESS-A", "GUESS-B"], At));
        await HasAsync(guesses, person, "person-registered", "sharing-consent-given");
        await house.HappensAsync(person, new FearOfReturnStated(["ERI"], "agency GUESS-A", At) { ToldBy = "agency GUESS-A", Relayed = true }, Boards);
        await HasAsync(free, person, "person-registered", "sharing-consent-given", "boarded");
        Assert.Empty(await house.FeedAsync(guesses, person));

        // Nobody but the person makes it theirs; then it is as with any fear.
        await house.HappensAsync(person, new FearOfReturnStated(["ERI"], "protection-1", At));
        await HasAsync(guesses, person, "person.tombstone");
    }

    [Fact]
    public async Task An_agency_that_guesses_reads_no_answer_off_its_referrals_either()
    {
        using var guesses = await AgencyAsync("GUESS-C", "ERI");
        var referrals = new List<(Guid Person, Guid Referral)>();
        for (var i = 0; i < 3; i++)
        {
            var (person, referral) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            referrals.Add((person, referral));
            await house.HappensAsync(person, Registered, new SharingConsentGiven(["GUESS-C"], At), new ReferralOffered(referral, "GUESS-C", "medical", At.AddDays(2), At));
        }
        await Eventually.TrueAsync(async () => (await PageAsync("?limit=500")).Ids.Length == 3, "the referrals are shown");

        // A fear that it told itself changes nothing that it can see.
        await house.HappensAsync(referrals[0].Person, new FearOfReturnStated(["ERI"], "agency GUESS-C", At) { ToldBy = "agency GUESS-C", Relayed = true });
        Assert.Equal(3, (await PageAsync("")).Ids.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await guesses.PostAsync($"/referrals/{referrals[0].Person}/{referrals[0].Referral}/acceptance", null)).StatusCode);

        // One that was heard hides the referral, and no cursor tells its id.
        await house.HappensAsync(referrals[1].Person, new FearOfReturnStated(["ERI"], "officer-1", At));
        await Eventually.TrueAsync(async () => (await PageAsync("?limit=500")).Ids is [var only] && only == referrals[2].Referral, "one is left");
        var first = await PageAsync("?limit=1");
        Assert.Equal([referrals[2].Referral], first.Ids);
        Assert.Equal((0, (Guid?)null), (await PageAsync($"?limit=1&cursor={first.Next}")) is var last ? (last.Ids.Length, last.Next) : default);

        async Task<(Guid[] Ids, Guid? Next)> PageAsync(string query) =>
            await guesses.GetFromJsonAsync<JsonElement>("/referrals" + query) is var page
                ? ([.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("referralId").GetGuid())],
                    page.TryGetProperty("next", out var next) && next.ValueKind is JsonValueKind.String ? next.GetGuid() : null)
                : default;
    }

    [Fact]
    public async Task A_referral_to_an_agency_of_a_feared_state_is_neither_shown_nor_taken()
    {
        using var feared = await AgencyAsync("FEARED-C", "ERI");
        var (person, referral) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await house.HappensAsync(person, Registered, new SharingConsentGiven(["FEARED-C"], At), new ReferralOffered(referral, "FEARED-C", "asylum", At.AddDays(2), At));
        async Task<int> OpenAsync() => (await feared.GetFromJsonAsync<JsonElement>("/referrals")).GetProperty("items").GetArrayLength();
        await Eventually.TrueAsync(async () => await OpenAsync() == 1, "the referral is shown");
        await house.HappensAsync(person, new FearOfReturnStated(["ERI"], "officer-1", At));
        Assert.Equal(0, await OpenAsync());
        var accepted = await feared.PostAsync($"/referrals/{person}/{referral}/acceptance", null);
        Assert.Equal(HttpStatusCode.Conflict, accepted.StatusCode);
        Assert.DoesNotContain("fear", await accepted.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        await house.HappensAsync(person, new ReferralWithdrawn(referral, "FEARED-C", At));
        Assert.Equal(HttpStatusCode.NotFound, (await feared.PostAsync($"/referrals/{person}/{referral}/acceptance", null)).StatusCode);
    }
}
