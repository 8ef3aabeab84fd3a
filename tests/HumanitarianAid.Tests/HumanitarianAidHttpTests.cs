using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class HumanitarianAidHouse : House
{
    private NpgsqlDataSource owner = null!;

    public TimelineStore Timelines { get; private set; } = null!;
    public HttpClient AidWorker { get; private set; } = null!;
    public HttpClient Protection { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await StartAsync(HumanitarianAidService.Define());
        owner = NpgsqlDataSource.Create(Deployment.Postgres);
        Timelines = new TimelineStore(owner, new TimelineOptions { MasterKey = MasterKey }, TimeProvider.System);
        AidWorker = await ClientAsync(Service.HumanitarianAid, Roles.AidWorker);
        Protection = await ClientAsync(Service.HumanitarianAid, Roles.ProtectionOfficer);
    }

    public async Task<Guid> HappensAsync(params Event[] events) => await HappensAsync(Guid.CreateVersion7(), events);

    public async Task<Guid> HappensAsync(Guid id, params Event[] events)
    {
        var outcome = await Timelines.AttemptAsync(async work =>
        {
            await work.ReadAsync(id);
            return work.Append(id, Decision.Of(events));
        });
        Assert.Null(outcome.Refusal);
        return id;
    }

    public async Task<T[]> EventsAsync<T>(Guid id) where T : Event => [.. (await Timelines.ReadAsync(id)).Events.Select(e => e.Event).OfType<T>()];

    public Task OnceAsync<T>(Guid id, string what) where T : Event => Eventually.TrueAsync(async () => (await EventsAsync<T>(id)).Length == 1, what);

    public async Task<JsonElement[]> ListAsync(HttpClient client, string path)
    {
        var (all, next) = (new List<JsonElement>(), (string?)"");
        while (next is not null)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{path}{(path.Contains('?') ? '&' : '?')}limit=7&cursor={next}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        return [.. all];
    }
}

public sealed class HumanitarianAidHttpTests(HumanitarianAidHouse house) : IClassFixture<HumanitarianAidHouse>
{
    [Fact]
    public async Task The_most_urgent_get_what_there_is_and_runs_at_once_give_nothing_twice()
    {
        var people = new List<Guid>();
        for (var i = 0; i < 30; i++)
            people.Add(await house.HappensAsync(Registered(Adult with { NeedsNow = ["shelter"], SpecificNeeds = i % 3 == 0 ? ["PG"] : [] }) with { At = Monday.AddMinutes(-i) }));
        foreach (var person in people) await house.OnceAsync<AidNeedOpened>(person, "the need is opened");
        await Eventually.TrueAsync(async () => (await house.ListAsync(house.AidWorker, "/needs?state=open")).Count(n => n.GetProperty("kind").GetString() == "shelter") == 30, "the needs are listed");
        foreach (var place in new[] { "Port Sudan", "Wadi Halfa" })
            Assert.Equal(HttpStatusCode.Created, (await house.AidWorker.PostAsJsonAsync("/stocks", new { place, kind = "shelter", quantity = 6 })).StatusCode);

        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => house.AidWorker.PostAsJsonAsync("/allocations", new { kind = "shelter" })));

        Assert.Equal(12, (await Task.WhenAll(runs.Select(run => run.Content.ReadFromJsonAsync<JsonElement>()))).Sum(run => run.GetProperty("allocated").GetInt32()));
        var given = new List<Guid>();
        foreach (var person in people) if ((await house.EventsAsync<AidAllocated>(person)).Length > 0) given.Add(person);
        Assert.Equal(12, given.Count);
        Assert.Subset(given.ToHashSet(), people.Where((_, i) => i % 3 == 0).ToHashSet());
        // Among equals whoever waited longest.
        Assert.Subset(given.ToHashSet(), new HashSet<Guid> { people[29], people[28] });
        Assert.All((await house.ListAsync(house.AidWorker, "/stocks")).Where(s => s.GetProperty("kind").GetString() == "shelter"), s => Assert.Equal(0, s.GetProperty("remaining").GetInt32()));

        var need = (await house.EventsAsync<AidNeedOpened>(given[0])).Single().NeedId;
        Assert.Equal(HttpStatusCode.OK, (await house.AidWorker.PostAsync($"/people/{given[0]}/needs/{need}/delivery", null)).StatusCode);
        await Eventually.TrueAsync(async () => (await house.ListAsync(house.AidWorker, "/needs?state=delivered")).Any(n => n.GetProperty("needId").GetGuid() == need), "the delivery is listed");
        Assert.Equal(HttpStatusCode.NotFound, (await house.AidWorker.PostAsync($"/people/{given[0]}/needs/{Guid.NewGuid()}/delivery", null)).StatusCode);
    }

    [Fact]
    public async Task A_flood_of_urgent_claims_that_nobody_has_looked_at_takes_nothing_from_those_who_were_seen()
    {
        var claims = new List<Guid>();
        for (var i = 0; i < 10; i++)
            claims.Add(await house.HappensAsync(Registered(Adult with { NeedsNow = ["medical"], SpecificNeeds = ["PG"] }) with { Sender = "self-service", At = Monday.AddDays(-1) }));
        var seen = await house.HappensAsync(Registered(Adult with { NeedsNow = ["medical"] }));
        await Eventually.TrueAsync(async () => (await house.ListAsync(house.AidWorker, "/needs?state=open")).Count(n => n.GetProperty("kind").GetString() == "medical") == 11, "the needs are listed");
        // They rank by their need, and show that nobody has looked.
        Assert.Equal([.. Enumerable.Repeat(false, 10), true], (await house.ListAsync(house.AidWorker, "/needs?state=open")).Where(n => n.GetProperty("kind").GetString() == "medical").Select(n => n.GetProperty("seen").GetBoolean()));
        await house.AidWorker.PostAsJsonAsync("/stocks", new { place = "Kassala", kind = "medical", quantity = 3 });

        async Task<(int, int)> AllocateAsync() => (await (await house.AidWorker.PostAsJsonAsync("/allocations", new { kind = "medical" })).Content.ReadFromJsonAsync<JsonElement>()) is var run
            ? (run.GetProperty("allocated").GetInt32(), run.GetProperty("unseen").GetInt32()) : default;
        Assert.Equal((1, 10), await AllocateAsync());
        Assert.Single(await house.EventsAsync<AidAllocated>(seen));

        await house.HappensAsync(claims[4], new CheckedIn(Guid.CreateVersion7(), "needs-help", "officer", null, null, Tuesday));
        await Eventually.TrueAsync(async () => (await AllocateAsync()).Item1 + (await house.EventsAsync<AidAllocated>(claims[4])).Length > 0, "who was spoken to gets theirs");
    }

    [Fact]
    public async Task What_a_token_asks_for_counts_for_what_is_scarce_once_somebody_has_spoken_to_them()
    {
        var registered = (PersonRegistered)Registered(Adult with { NeedsNow = ["water"] });
        var person = await house.HappensAsync(registered);
        await house.OnceAsync<NeedsAssessed>(person, "they are assessed");
        await house.HappensAsync(person, new RegistrationCorrected(registered.RegistrationId, "self:S-1", Adult with { NeedsNow = ["water", "medical"], SpecificNeeds = ["PG"] }, "mine", Tuesday));
        await Eventually.TrueAsync(async () => (await house.EventsAsync<NeedsAssessed>(person)) is [{ AsHeard: null } first, { AsHeard: { } heard } told]
            && (heard.Tier, heard.Score) == (first.Tier, first.Score) && told.Tier < first.Tier, "what a token asks for is kept apart");
        await house.HappensAsync(person, new CheckedIn(Guid.CreateVersion7(), "needs-help", "officer", null, null, Tuesday.AddHours(1)));
        await Eventually.TrueAsync(async () => (await house.EventsAsync<NeedsAssessed>(person)) is [_, var told, { AsHeard: null } now] && now.Tier == told.Tier, "it counts in full");
    }

    [Fact]
    public async Task Who_registers_while_an_agency_joins_is_referred_to_it_once()
    {
        var form = Adult with { SpecificNeeds = ["SM"] };
        var people = new List<Guid>();
        var registering = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) people.Add(await house.HappensAsync(Registered(form), SharesWith("MSF")));
        });
        await house.HappensAsync(new AgencyRegistered("MSF", "Médecins Sans Frontières", ["medical"], Monday) { OfNoState = true });
        await registering;

        foreach (var person in people) await house.OnceAsync<ReferralOffered>(person, "the referral is offered");
        // A repeated registration wakes everything again.
        await house.HappensAsync(people[0], Repeated(form), new HouseholdJoined(Guid.CreateVersion7(), null, Tuesday));
        await house.HappensAsync(people[0], new FearOfReturnStated(["SYR"], "officer-1", Tuesday));
        await house.OnceAsync<ReferralOffered>(people[0], "there is still one referral");
        await Eventually.TrueAsync(async () => (await house.ListAsync(house.Protection, "/referrals?state=offered")).Any(r => r.GetProperty("personId").GetGuid() == people[0]), "the referral is listed");
    }

    [Fact]
    public async Task A_referral_past_its_time_is_overdue_once()
    {
        var person = await house.HappensAsync(Registered(Adult), SharesWith("ICRC"), new ReferralOffered(Guid.CreateVersion7(), "ICRC", "family_links", Tuesday, Monday));
        await house.OnceAsync<ReferralOverdue>(person, "nobody answered");
        await Eventually.TrueAsync(async () => (await house.ListAsync(house.Protection, "/referrals?state=overdue")).Any(r => r.GetProperty("personId").GetGuid() == person), "it is listed");
    }

    [Fact]
    public async Task A_child_alone_waits_until_somebody_decides_who_goes_with_them()
    {
        var (child, aunt) = (await house.HappensAsync(Registered(Child)), await house.HappensAsync(Registered(Adult)));
        await Eventually.TrueAsync(async () => await Waits(child), "the child waits");
        Assert.Equal(HttpStatusCode.Forbidden, (await house.AidWorker.PostAsJsonAsync($"/people/{child}/best-interests", new { mayDepart = true, escortId = aunt, grounds = "aunt" })).StatusCode);
        var refused = await house.Protection.PostAsJsonAsync($"/people/{child}/best-interests", new { mayDepart = true, grounds = "aunt" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("escortId", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Protection.PostAsJsonAsync($"/people/{child}/best-interests", new { mayDepart = true, escortId = aunt, grounds = "aunt", at = DateTimeOffset.UtcNow.AddHours(1) })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await house.Protection.PostAsJsonAsync($"/people/{child}/best-interests", new { mayDepart = true, escortId = aunt, grounds = "aunt", at = Tuesday })).StatusCode);
        await Eventually.TrueAsync(async () => !await Waits(child), "the child waits no more");

        async Task<bool> Waits(Guid child) => (await house.ListAsync(house.Protection, "/children?awaiting=best-interests")).Any(c => c.GetProperty("personId").GetGuid() == child);
    }

    // The lies of one protection officer: the man whom a colleague denied, the man's other record, and a child who has a mother.
    [Fact]
    public async Task One_protection_officer_entrusts_no_child_to_whom_was_denied_nor_a_child_who_is_not_alone()
    {
        var (denied, mother) = (await house.HappensAsync(Registered(Adult)), await house.HappensAsync(Registered(Adult)));
        var parted = await house.HappensAsync(Registered(Adult), new UnmergedFrom(denied, [], Monday));
        var child = await house.HappensAsync(Registered(Child), new TieProposed(denied, "household", "post", Monday), new TieRefused(denied, "officer", "not his niece", Monday));
        var family = await house.HappensAsync(Registered(Child), new GuardianNamed(mother, "household", "post", Monday) { Standing = "declared" });
        Assert.Equal((HttpStatusCode.Conflict, "best-interests/escort-denied"), await EntrustAsync(child, denied));
        Assert.Equal((HttpStatusCode.Conflict, "best-interests/escort-denied"), await EntrustAsync(child, parted));
        var (older, later) = (await house.HappensAsync(Registered(Adult)), Guid.CreateVersion7());
        await house.HappensAsync(later, Registered(Adult), new PossibleMatchFound(older, Guid.CreateVersion7(), 5, [], [], Monday));
        await house.HappensAsync(child, new TieProposed(later, "household", "post", Monday), new TieRefused(later, "officer", "nobody knows him", Monday));
        Assert.Equal((HttpStatusCode.Conflict, "best-interests/escort-denied"), await EntrustAsync(child, older));
        Assert.Equal((HttpStatusCode.Conflict, "best-interests/not-alone"), await EntrustAsync(family, denied));
        Assert.Equal((HttpStatusCode.OK, null), await EntrustAsync(child, mother));
        Assert.Empty(await house.EventsAsync<BestInterestsDecided>(family));

        async Task<(HttpStatusCode, string?)> EntrustAsync(Guid child, Guid escort)
        {
            var answer = await house.Protection.PostAsJsonAsync($"/people/{child}/best-interests", new { mayDepart = true, escortId = escort, grounds = "he says so" });
            return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task Why_a_person_stands_where_they_stand_is_told_by_role_and_every_look_leaves_a_trace()
    {
        var person = await house.HappensAsync(Registered(Adult with { SpecificNeeds = ["SV", "DS"] }));
        Assert.Equal(["SV", "DS"], await Factors(house.Protection));
        Assert.Equal(["DS"], await Factors(house.AidWorker));
        await using var trace = house.Timelines.Database.CreateCommand("select count(*) from timeline.read_log where person_id = $1 and what = 'urgency'");
        trace.Parameters.Add(new() { Value = person });
        Assert.Equal(2L, await trace.ExecuteScalarAsync());

        async Task<string[]> Factors(HttpClient client) =>
            [.. (await client.GetFromJsonAsync<JsonElement>($"/people/{person}/urgency")).GetProperty("factors").EnumerateArray().Select(f => f.GetProperty("code").GetString()!)];
    }

    [Fact]
    public async Task What_must_be_kept_to_on_the_way_is_told_to_who_looks_after_them_follows_a_merge_and_leaves_a_trace()
    {
        var (duplicate, stays) = (await house.HappensAsync(Registered(Adult)), await house.HappensAsync(Registered(Adult)));
        using var coordinator = await house.ClientAsync(Service.HumanitarianAid, Roles.Coordinator);
        Assert.Equal(HttpStatusCode.NotFound, (await coordinator.GetAsync($"/people/{duplicate}/fit-to-travel")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await house.AidWorker.PostAsJsonAsync($"/people/{duplicate}/fit-to-travel", new { fit = true, conditions = "Only with oxygen" })).StatusCode);
        Assert.Equal("Only with oxygen", await ConditionsAsync(duplicate));

        await house.HappensAsync(duplicate, new MergedInto(stays, [], DateTimeOffset.UtcNow));
        await house.OnceAsync<FitToTravelAssessed>(stays, "it follows the merge");
        Assert.Equal("Only with oxygen", await ConditionsAsync(stays));
        Assert.Equal(HttpStatusCode.Conflict, (await coordinator.GetAsync($"/people/{duplicate}/fit-to-travel")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await coordinator.GetAsync($"/people/{Guid.NewGuid()}/fit-to-travel")).StatusCode);
        await using var trace = house.Timelines.Database.CreateCommand("select count(*) from timeline.read_log where person_id = $1 and what = 'fitness to travel'");
        trace.Parameters.Add(new() { Value = stays });
        Assert.Equal(1L, await trace.ExecuteScalarAsync());

        async Task<string?> ConditionsAsync(Guid person) => (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{person}/fit-to-travel")).GetProperty("conditions").GetString();
    }

    [Fact]
    public async Task A_claim_is_taken_back_by_a_protection_officer_only()
    {
        var person = await house.HappensAsync(Registered(Adult with { FearOfReturnTo = ["SYR"] }));
        var body = new { countries = new[] { "SYR" }, counselled = true };
        Assert.Equal(HttpStatusCode.Forbidden, (await house.AidWorker.PostAsJsonAsync($"/people/{person}/fears/withdrawal", body)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Protection.PostAsJsonAsync($"/people/{person}/fears/withdrawal", new { body.countries })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await house.Protection.PostAsJsonAsync($"/people/{person}/fears/withdrawal", body)).StatusCode);
        Assert.Single(await house.EventsAsync<FearOfReturnWithdrawn>(person));
    }

    [Fact]
    public async Task Of_an_erased_person_no_list_tells_anything()
    {
        var person = await house.HappensAsync(Registered(Child with { NeedsNow = ["food"] }));
        await house.OnceAsync<AidNeedOpened>(person, "the need is opened");
        await Eventually.TrueAsync(() => Listed("/needs", house.AidWorker), "it is listed");
        await house.Timelines.EraseAsync(person, _ => Erased);
        await Eventually.TrueAsync(async () => !await Listed("/needs", house.AidWorker) && !await Listed("/children", house.Protection), "it is gone");
        Assert.Equal(HttpStatusCode.Gone, (await house.Protection.GetAsync($"/people/{person}/urgency")).StatusCode);

        async Task<bool> Listed(string path, HttpClient client) => (await house.ListAsync(client, path)).Any(n => n.GetProperty("personId").GetGuid() == person);
    }
}
