using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.EvacuationPlanning.Tests.Plans;

/// <summary>The service with a store beside it that may tell what other services tell.</summary>
public sealed class PlanningHouse : House
{
    private NpgsqlDataSource owner = null!;

    internal TimelineStore Timelines { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        owner = NpgsqlDataSource.Create(Deployment.Postgres + ";Maximum Pool Size=10");
        Timelines = new(owner, new() { Schema = "timeline", MasterKey = MasterKey }, TimeProvider.System);
        await StartAsync(EvacuationPlanningService.Define());
    }

    /// <summary>Events that somebody's request appended; what the service decides by itself comes when it comes.</summary>
    public async Task<long> RequestedAsync()
    {
        await using var count = owner.CreateCommand("select count(*) from timeline.mt_events where user_name is not null");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        Timelines.Dispose();
        await owner.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class PlansHttpTests(PlanningHouse house) : IClassFixture<PlanningHouse>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task A_draft_holds_nothing_until_it_is_published_and_publishing_twice_does_nothing_new()
    {
        var town = await TownAsync(seats: 2);
        var (first, second, third) = (await town.RegisterAsync(tier: 3), await town.RegisterAsync(tier: 2), await town.RegisterAsync(tier: 4));

        var draft = await town.DraftAsync();
        Assert.Equal(("draft", 3, 2, 2), (draft.GetProperty("state").GetString(), Number(draft, "people"), Number(draft, "placed"), Number(draft.GetProperty("changes"), "gained")));
        Assert.Equal(1, Number(draft.GetProperty("leftBehind"), "no-seat"));
        Assert.Equal(3, draft.GetProperty("tiers").GetArrayLength());
        Assert.Empty(await town.TakenAsync());
        Assert.DoesNotContain(await TimelineAsync(third), e => e is Contracts.LeftBehind);

        var published = await town.PublishAsync(draft);
        Assert.Equal((3, 2, 0), (Number(published, "people"), Number(published, "seated"), Number(published, "notSeatedForChanges")));
        Assert.Equal(new[] { first, second }.Order(), (await town.TakenAsync()).Order());
        Assert.Contains(await TimelineAsync(third), e => e is Contracts.LeftBehind { Reason: "no-seat" });

        var stored = await house.RequestedAsync();
        Assert.Equal(published.GetRawText(), (await town.PublishAsync(draft)).GetRawText());
        Assert.Equal(stored, await house.RequestedAsync());
        Assert.Equal("published", (await town.GetAsync($"/plans/{draft.GetProperty("planId").GetGuid()}")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task One_whom_others_keep_changing_keeps_nobody_else_from_hearing_what_a_plan_means_for_them()
    {
        var town = await TownAsync(seats: 3);
        var people = new List<Guid>();
        for (var i = 0; i < 3; i++) people.Add(await town.RegisterAsync(tier: 4));
        await town.PublishAsync(await town.DraftAsync());
        for (var i = 0; i < 3; i++) await town.RegisterAsync(tier: 1);
        var (busy, left) = (people[1], people.Where(person => person != people[1]).ToList());

        var draft = await town.DraftAsync(moveHeld: true);
        await using (await HeldTimeline.HoldAsync(house, busy)) await town.PublishAsync(draft);
        foreach (var person in left) Assert.Contains(await TimelineAsync(person), e => e is Contracts.LeftBehind);
        Assert.DoesNotContain(await TimelineAsync(busy), e => e is Contracts.LeftBehind or SeatReleased);
        // Two seats became free, and whoever keeps theirs keeps it on the transport too.
        Assert.Equal(3, (await town.TakenAsync()).Count);
        Assert.Contains(busy, await town.TakenAsync());
    }

    [Fact]
    public async Task A_review_says_who_gains_who_is_moved_and_who_is_left_and_why()
    {
        var town = await TownAsync(seats: 1);
        var early = await town.RegisterAsync(tier: 4);
        await town.PublishAsync(await town.DraftAsync());
        var late = await town.RegisterAsync(tier: 3);
        var kept = await town.RegisterAsync(tier: 3, consents: false);

        var draft = await town.DraftAsync();
        var changes = draft.GetProperty("changes");
        Assert.Equal((1, 0, 0, 0, 2), (Number(changes, "kept"), Number(changes, "gained"), Number(changes, "moved"), Number(changes, "lost"), Number(changes, "left")));
        var left = (await town.GetAsync($"/plans/{Id(draft)}/changes?kind=left")).GetProperty("items").EnumerateArray().ToDictionary(line => line.GetProperty("people")[0].GetGuid(), line => line.GetProperty("keptBy").GetProperty("code").GetString());
        Assert.Equal(("no-seat", "no-consent"), (left[late], left[kept]));

        await town.ScheduleAsync("second", hours: 60, seats: 3);
        var next = await town.DraftAsync();
        var line = Assert.Single((await town.GetAsync($"/plans/{Id(next)}/changes")).GetProperty("items").EnumerateArray());
        Assert.Equal((late, "gained", "newly-planned"), (line.GetProperty("people")[0].GetGuid(), line.GetProperty("kind").GetString(), line.GetProperty("why").GetProperty("code").GetString()));
        Assert.Contains("to", line.EnumerateObject().Select(member => member.Name));
        Assert.DoesNotContain(early, left.Keys);
    }

    [Fact]
    public async Task Pages_of_changes_hold_everybody_once_and_each_person_shown_is_in_the_log()
    {
        var town = await TownAsync(seats: 7);
        var people = new List<Guid>();
        for (var i = 0; i < 7; i++) people.Add(await town.RegisterAsync(tier: 3));
        var draft = await town.DraftAsync();

        var seen = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await town.GetAsync($"/plans/{Id(draft)}/changes?kind=gained&limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("people")[0].GetGuid()));
            cursor = page.GetProperty("next").GetString();
        }
        Assert.Equal(people.Order(), seen.Order());
        await using var logged = house.Timelines.Database.CreateCommand("select count(distinct person_id)::int from timeline.read_log where what = 'plan changes' and person_id = any($1)");
        logged.Parameters.Add(new() { Value = people.ToArray() });
        Assert.Equal(people.Count, await logged.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_changed_since_the_draft_is_asked_again_and_counted()
    {
        var town = await TownAsync(seats: 5);
        var (stays, withdraws) = (await town.RegisterAsync(tier: 3), await town.RegisterAsync(tier: 2));
        var draft = await town.DraftAsync();
        await AppendAsync(withdraws, new EvacuationConsentWithdrawn("officer", Now));

        var published = await town.PublishAsync(draft);
        Assert.Equal((1, 1, 1), (Number(published, "seated"), Number(published, "notSeatedForChanges"), Number(published.GetProperty("leftBehind"), "changed-while-planning")));
        Assert.Equal([stays], await town.TakenAsync());
    }

    [Fact]
    public async Task A_draft_older_than_the_last_publication_is_refused()
    {
        var town = await TownAsync(seats: 5);
        await town.RegisterAsync(tier: 3);
        var (older, newer) = (await town.DraftAsync(), await town.DraftAsync());
        await town.PublishAsync(newer);

        var refused = await town.Coordinator.PostAsJsonAsync($"/plans/{Id(older)}/publication", new { });
        Assert.Equal((HttpStatusCode.Conflict, "plan/outdated"), (refused.StatusCode, await CodeAsync(refused)));
    }

    [Fact]
    public async Task Two_coordinators_who_draft_and_publish_at_once_seat_everybody_once()
    {
        var town = await TownAsync(seats: 30);
        for (var i = 0; i < 20; i++) await town.RegisterAsync(tier: 3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await town.AskAsync(HttpMethod.Post, $"/plans/{Id(await town.DraftAsync())}/publication", new { })));

        Assert.Contains(answers, answer => answer.IsSuccessStatusCode);
        foreach (var refused in answers.Where(answer => !answer.IsSuccessStatusCode))
            Assert.Contains(await CodeAsync(refused), (string[])["plan/being-made", "plan/outdated"]);
        var taken = await town.TakenAsync();
        Assert.Equal((20, 20), (taken.Count, taken.Distinct().Count()));
    }

    [Fact]
    public async Task The_certificate_holds_and_the_same_facts_give_the_same_plan_byte_for_byte()
    {
        var town = await TownAsync(seats: 2);
        for (var i = 0; i < 4; i++) await town.RegisterAsync(tier: 2 + (i % 3));
        // What a plan is asked for is part of what it is made from: without a time told it begins with the hour at which it is asked.
        Task<JsonElement> DraftAsync() => town.PostAsync("/plans", new { crisisId = town.Crisis, notBefore = new DateTimeOffset(Now.Date, TimeSpan.Zero) });
        var (one, same) = (await town.CertificateAsync(await DraftAsync()), await town.CertificateAsync(await DraftAsync()));

        Assert.True(one.GetProperty("holds").GetBoolean());
        Assert.Empty(one.GetProperty("faults").EnumerateArray());
        var against = one.GetProperty("stoodAgainst").GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, against.Count);
        Assert.All(against, line => Assert.Equal(("no-seat", 1, 1), (line.GetProperty("code").GetString(), Number(line, "full"), Number(line, "allMoreUrgent"))));
        Assert.Equal(one.GetProperty("hash").GetString(), same.GetProperty("hash").GetString());

        await town.RegisterAsync(tier: 5);
        Assert.NotEqual(one.GetProperty("hash").GetString(), (await town.CertificateAsync(await DraftAsync())).GetProperty("hash").GetString());
    }

    [Fact]
    public async Task A_plan_that_somebody_changed_in_the_database_is_found_out()
    {
        var town = await TownAsync(seats: 1);
        await town.RegisterAsync(tier: 2);
        var (draft, other) = (await town.DraftAsync(), await town.DraftAsync());
        await town.CertificateAsync(draft);
        await town.RegisterAsync(tier: 3);
        var third = await town.DraftAsync();
        await using (var tamper = house.Timelines.Database.CreateCommand("update evacuation_planning.drafted_plan set content = (select content from evacuation_planning.drafted_plan where plan_id = $2) where plan_id = $1"))
        {
            tamper.Parameters.Add(new() { Value = Id(draft) });
            tamper.Parameters.Add(new() { Value = Id(third) });
            await tamper.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        Assert.False((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());
        Assert.True((await town.CertificateAsync(other)).GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task No_stored_plan_names_a_nationality_or_what_anybody_fears()
    {
        var town = await TownAsync(seats: 1);
        await AppendAsync(await town.RegisterAsync(tier: 2), new FearOfReturnStated(["ZAF"], "officer", Now));
        await town.RegisterAsync(tier: 3);
        var draft = await town.DraftAsync();
        await town.CertificateAsync(draft);

        await using var command = house.Timelines.Database.CreateCommand("select plan::text, content, verdict from evacuation_planning.drafted_plan where plan_id = $1");
        command.Parameters.Add(new() { Value = Id(draft) });
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await row.ReadAsync(TestContext.Current.CancellationToken));
        var all = row.GetString(0) + Unpacked(row.GetFieldValue<byte[]>(1)) + Unpacked(row.GetFieldValue<byte[]>(2));
        Assert.Contains("fears-every-destination", all, StringComparison.Ordinal);
        Assert.DoesNotContain("ETH", all, StringComparison.Ordinal);
        Assert.DoesNotContain("ZAF", all, StringComparison.Ordinal);

        static string Unpacked(byte[] packed)
        {
            using var reader = new StreamReader(new System.IO.Compression.BrotliStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress));
            return reader.ReadToEnd();
        }
    }

    [Fact]
    public async Task That_somebody_fears_a_country_is_told_to_whoever_may_read_their_timeline_and_to_no_planner()
    {
        var town = await TownAsync(seats: 1);
        await town.RegisterAsync(tier: 2, then: new FearOfReturnStated(["ZAF"], "officer", Now));
        var draft = await town.DraftAsync();
        string[] paths = [$"/plans/{Id(draft)}", $"/plans/{Id(draft)}/changes?kind=left", $"/plans/{Id(draft)}/certificate"];
        var told = new List<JsonElement> { draft };
        foreach (var path in paths) told.Add(await town.GetAsync(path));
        told.Add(await town.PublishAsync(draft));
        Assert.All(told, answer => Assert.DoesNotContain("fear", answer.GetRawText(), StringComparison.OrdinalIgnoreCase));
        Assert.Equal((1, "protection", "protection", 1), (
            Number(draft.GetProperty("leftBehind"), "protection"), told[2].GetProperty("items")[0].GetProperty("keptBy").GetProperty("code").GetString(),
            told[3].GetProperty("stoodAgainst").GetProperty("items")[0].GetProperty("code").GetString(), Number(told[4].GetProperty("leftBehind"), "protection")));

        using var auditor = await house.ClientAsync(Service.EvacuationPlanning, Roles.Auditor);
        foreach (var path in paths) Assert.Contains("fears-every-destination", await auditor.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_urgent_gets_the_seat_of_one_who_can_go_later_and_the_review_says_so()
    {
        var town = await TownAsync(seats: 1);
        var patient = await town.RegisterAsync(tier: 4);
        await town.PublishAsync(await town.DraftAsync());
        await town.ScheduleAsync("later", hours: 60, seats: 1, country: "KEN");
        // Only the first ship takes them where they do not fear to go.
        var urgent = await town.RegisterAsync(tier: 1, then: new FearOfReturnStated(["KEN"], "officer", Now));

        var draft = await town.DraftAsync();
        var line = Assert.Single((await town.GetAsync($"/plans/{Id(draft)}/changes?kind=moved")).GetProperty("items").EnumerateArray());
        Assert.Equal((patient, "made-room-for-someone-more-urgent"), (line.GetProperty("people")[0].GetGuid(), line.GetProperty("why").GetProperty("code").GetString()));
        Assert.Equal(($"{town.Name}-first", $"{town.Name}-later"), (line.GetProperty("from")[0].GetString(), line.GetProperty("to")[0].GetString()));
        Assert.True((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());

        var published = await town.PublishAsync(draft);
        Assert.Equal((2, 0), (Number(published, "seated"), Number(published, "notSeatedForChanges")));
        Assert.Equal([urgent, patient], await town.TakenAsync());
        var moved = (await TimelineAsync(patient)).ToList();
        Assert.Equal(["SeatHeld", "SeatReleased", "SeatHeld"], moved.Where(e => e is SeatHeld or SeatReleased).Select(e => e.GetType().Name));
        Assert.Contains(moved, e => e is SeatReleased { Reason: "moved" });
    }

    [Fact]
    public async Task Whoever_is_less_urgent_loses_a_seat_only_where_the_coordinator_asked_for_that()
    {
        var town = await TownAsync(seats: 1);
        var holder = await town.RegisterAsync(tier: 4);
        await town.PublishAsync(await town.DraftAsync());
        var urgent = await town.RegisterAsync(tier: 3);
        Assert.Equal(0, Number((await town.DraftAsync()).GetProperty("changes"), "lost"));

        var draft = await town.DraftAsync(moveHeld: true);
        var line = Assert.Single((await town.GetAsync($"/plans/{Id(draft)}/changes?kind=lost")).GetProperty("items").EnumerateArray());
        Assert.Equal((holder, "made-room-for-someone-more-urgent", "no-seat"), (line.GetProperty("people")[0].GetGuid(), line.GetProperty("why").GetProperty("code").GetString(), line.GetProperty("keptBy").GetProperty("code").GetString()));
        await town.PublishAsync(draft);
        Assert.Equal([urgent], await town.TakenAsync());
        Assert.Contains(await TimelineAsync(holder), e => e is Contracts.LeftBehind { Reason: "no-seat" });
    }

    [Fact]
    public async Task Seats_on_a_transport_that_is_about_to_leave_stay_as_they_are()
    {
        var town = await TownAsync(seats: 1);
        await town.RegisterAsync(tier: 4);
        await town.PublishAsync(await town.DraftAsync());
        await town.RegisterAsync(tier: 1);

        var draft = await town.PostAsync("/plans", new { crisisId = town.Crisis, moveHeld = true, freezeMinutes = 60 * 40 });
        Assert.Equal((1, 0), (Number(draft.GetProperty("changes"), "kept"), Number(draft.GetProperty("changes"), "lost")));
    }

    [Fact]
    public async Task Nobody_is_planned_on_what_should_have_left_by_now()
    {
        var town = await TownAsync(seats: 0);
        await town.ScheduleAsync("yesterday", hours: -24, seats: 5);
        await town.RegisterAsync(tier: 2);
        Assert.Equal(0, Number(await town.DraftAsync(), "placed"));
        Assert.Equal(1, Number(await town.PostAsync("/plans", new { crisisId = town.Crisis, notBefore = Now.AddDays(-2) }), "placed"));
    }

    [Fact]
    public async Task What_if_says_what_a_ship_more_or_less_would_change_and_touches_nothing()
    {
        var town = await TownAsync(seats: 1);
        var people = new[] { await town.RegisterAsync(tier: 2), await town.RegisterAsync(tier: 3) };
        await town.PublishAsync(await town.DraftAsync());
        var stored = await house.RequestedAsync();
        object more = new { code = $"{town.Name}-more", kind = "bus", from = $"{town.Name}-IN", to = $"{town.Name}-ZAF", destinationCountry = "ZAF", seats = 4, @operator = "army", departsAt = Time(50), arrivesAt = Time(60) };

        var better = await town.PostAsync("/plans/what-if", new { crisisId = town.Crisis, add = new[] { more } });
        Assert.Equal((1, 2, people[1], 0), (Number(better, "placed"), Number(better, "wouldBePlaced"), better.GetProperty("gain").GetProperty("groupIds")[0].GetGuid(), Number(better.GetProperty("lose"), "people")));
        var worse = await town.PostAsync("/plans/what-if", new { crisisId = town.Crisis, cancel = new[] { $"{town.Name}-first" } });
        Assert.Equal((1, 0, people[0]), (Number(worse, "placed"), Number(worse, "wouldBePlaced"), worse.GetProperty("lose").GetProperty("groupIds")[0].GetGuid()));
        var larger = await town.PostAsync("/plans/what-if", new { crisisId = town.Crisis, change = new[] { new { id = $"{town.Name}-first", seats = 2 } } });
        Assert.Equal(2, Number(larger, "wouldBePlaced"));
        Assert.Equal(stored, await house.RequestedAsync());

        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
        {
            (new { crisisId = town.Crisis }, HttpStatusCode.UnprocessableEntity, "what-if/nothing"),
            (new { crisisId = town.Crisis, cancel = new[] { "nowhere" } }, HttpStatusCode.NotFound, "transport/unknown"),
            (new { crisisId = town.Crisis, cancel = new string?[] { null } }, HttpStatusCode.NotFound, "transport/unknown"),
            (new { crisisId = town.Crisis, change = new[] { new { id = $"{town.Name}-first", seats = -2 } } }, HttpStatusCode.UnprocessableEntity, "transport/number-out-of-range"),
            (new { crisisId = town.Crisis, change = new[] { new { id = $"{town.Name}-first", arrivesAt = "2001-01-01T00:00:00Z" } } }, HttpStatusCode.UnprocessableEntity, "transport/arrives-before-it-departs"),
            (new { crisisId = town.Crisis, change = new[] { new { id = $"{town.Name}-first", departsAt = "9999-12-31T23:59:59Z" } } }, HttpStatusCode.UnprocessableEntity, "transport/time-out-of-range"),
            (new { crisisId = town.Crisis, add = new[] { more, more } }, HttpStatusCode.UnprocessableEntity, "transport/code-taken"),
            (new { crisisId = town.Crisis, add = new[] { new { code = "x y", kind = "camel", from = "A", to = "A", departsAt = "soon", arrivesAt = "", seats = -1, @operator = "" } } }, HttpStatusCode.UnprocessableEntity, "transport/code-malformed"),
            (new { crisisId = Guid.NewGuid(), cancel = new[] { "x" } }, HttpStatusCode.NotFound, "crisis/unknown"),
        })
        {
            var refused = await town.Coordinator.PostAsJsonAsync("/plans/what-if", body);
            Assert.Equal((status, code), (refused.StatusCode, await CodeAsync(refused)));
        }
    }

    [Theory]
    [InlineData("POST", "/plans", "{\"crisisId\":\"019a0000-0000-7000-8000-000000000001\"}", HttpStatusCode.NotFound, "crisis/unknown")]
    [InlineData("POST", "/plans", "{\"crisisId\":\"019a0000-0000-7000-8000-000000000001\",\"crisisCountry\":\"SDN\"}", HttpStatusCode.UnprocessableEntity, "plan/country-not-asked")]
    [InlineData("POST", "/plans", "{\"crisisId\":\"019a0000-0000-7000-8000-000000000001\",\"freezeMinutes\":-1}", HttpStatusCode.UnprocessableEntity, "plan/freeze")]
    [InlineData("POST", "/plans", "{\"crisisId\":\"019a0000-0000-7000-8000-000000000001\",\"at\":\"2999-01-01T00:00:00Z\"}", HttpStatusCode.UnprocessableEntity, "request/at-in-future")]
    [InlineData("POST", "/plans/019a0000-0000-7000-8000-000000000001/publication", "{}", HttpStatusCode.NotFound, "plan/unknown")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001", null, HttpStatusCode.NotFound, "plan/unknown")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001/changes", null, HttpStatusCode.NotFound, "plan/unknown")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001/changes?kind=3", null, HttpStatusCode.UnprocessableEntity, "plan/kind-unknown")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001/changes?limit=0", null, HttpStatusCode.UnprocessableEntity, "request/limit")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001/certificate?cursor=x", null, HttpStatusCode.UnprocessableEntity, "request/cursor")]
    [InlineData("GET", "/plans/019a0000-0000-7000-8000-000000000001/certificate", null, HttpStatusCode.NotFound, "plan/unknown")]
    public async Task What_cannot_be_is_refused_with_a_word_about_it(string method, string path, string? body, HttpStatusCode status, string code)
    {
        using var coordinator = await house.ClientAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var request = new HttpRequestMessage(new(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        var answer = await coordinator.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((status, code), (answer.StatusCode, await CodeAsync(answer)));
    }

    private static string Time(int hours) => Now.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static int Number(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.GetInt32() : 0;

    private static Guid Id(JsonElement plan) => plan.GetProperty("planId").GetGuid();

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString();

    private Task AppendAsync(Guid stream, params Event[] events) =>
        house.Timelines.AttemptAsync(async work => { await work.ReadAsync(stream); return work.Append(stream, Decision.Of(events)); });

    private async Task<IEnumerable<Event>> TimelineAsync(Guid stream) => (await house.Timelines.ReadAsync(stream)).Events.Select(e => e.Event);

    private Task<Town> TownAsync(int seats) => Town.OpenAsync(house, seats);

    internal sealed record Town(PlanningHouse House, HttpClient Coordinator, Guid Crisis, string Name, int Place)
    {
        // Far from each other: nobody of one crisis is in reach of another's ships.
        private static int places;

        public double Latitude => -60 + (Place * 4);

        /// <summary>A crisis of its own in MOZ: a town with one ship to a first refuge, or with none.</summary>
        public static async Task<Town> OpenAsync(PlanningHouse house, int? seats)
        {
            var town = new Town(house, await house.ClientAsync(Service.EvacuationPlanning, Roles.Coordinator), Guid.CreateVersion7(), $"T{Guid.NewGuid():N}"[..12], Interlocked.Increment(ref places) - 1);
            await house.Timelines.AttemptAsync(work => Task.FromResult(work.Append(town.Crisis, Decision.Of(
                [new CrisisOpened(town.Name, "test", "Exercise", "Floods", [], Now), new CrisisCountriesSet(["MOZ"], "officer", Now)]))));
            var point = $"{town.Name}-IN,In,{town.Latitude.ToString(System.Globalization.CultureInfo.InvariantCulture)},10,MOZ";
            await town.PointsAsync(point);
            using var second = await house.SecondCoordinatorAsync();
            await second.ImportPointsAsync(point);
            if (seats is { } many) await town.ScheduleAsync("first", hours: 30, many);
            return town;
        }

        public Task<JsonElement> PointsAsync(params string[] rows) => Coordinator.ImportPointsAsync(rows);

        private readonly List<Guid> ships = [];

        public async Task<Guid> RegisterAsync(int tier, bool consents = true, params Event[] then)
        {
            var person = Guid.CreateVersion7();
            var form = new Registration
            {
                BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null,
                Nationality = "ETH",
                Document = new("passport", "X", new(2040, 1, 1), DocumentStatus.Valid),
                Position = new Position(Latitude, 10),
            };
            await House.Timelines.AttemptAsync(work => Task.FromResult(work.Append(person, Decision.Of([
                new PersonRegistered(Guid.CreateVersion7(), Crisis, $"{person}", Channel.Self, true, form, Now),
                .. consents ? (Event[])[new EvacuationConsentGiven(person, "officer", Now)] : [],
                new NeedsAssessed(tier, 1, "P/1", null, Now), .. then]))));
            return person;
        }

        public async Task ScheduleAsync(string code, int hours, int seats, string country = "ZAF")
        {
            await House.PointAsync($"{Name}-{country}", country);
            await EnterAsync(code, $"{Name}-{country}", country, hours, seats);
        }

        /// <summary>As a request for a transport that leaves from the town.</summary>
        public object Ship(string code, string to, string? told, int hours = 30, int seats = 9, params string[] alternates) => new
        {
            code = $"{Name}-{code}",
            kind = "ship",
            from = $"{Name}-IN",
            to,
            destinationCountry = told,
            seats,
            @operator = "navy",
            departsAt = Time(hours),
            arrivesAt = Time(hours + 5),
            alternates,
        };

        public async Task<Guid> EnterAsync(string code, string to, string? told, int hours = 30, int seats = 9, params string[] alternates)
        {
            var answer = await Coordinator.PostAsJsonAsync("/transports", Ship(code, to, told, hours, seats, alternates));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            ships.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("transportId").GetGuid());
            return ships[^1];
        }

        public Task<JsonElement> DraftAsync(bool moveHeld = false) => PostAsync("/plans", new { crisisId = Crisis, moveHeld });

        public Task<JsonElement> PublishAsync(JsonElement draft) => PostAsync($"/plans/{Id(draft)}/publication", new { });

        public Task<JsonElement> CertificateAsync(JsonElement draft) => GetAsync($"/plans/{Id(draft)}/certificate");

        public Task<JsonElement> PostAsync(string path, object body) => SoundAsync(HttpMethod.Post, path, body);

        public Task<JsonElement> GetAsync(string path) => SoundAsync(HttpMethod.Get, path, null);

        /// <summary>Asks again as long as it is told to: while the list of people is behind, or the plan is still being checked.</summary>
        public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body)
        {
            HttpResponseMessage answer = null!;
            await Eventually.TrueAsync(async () =>
            {
                using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
                answer = await Coordinator.SendAsync(request);
                return answer.StatusCode is not HttpStatusCode.Conflict || await CodeAsync(answer) is not ("plan/list-behind" or "plan/not-checked");
            }, $"{path} is ready");
            return answer;
        }

        private async Task<JsonElement> SoundAsync(HttpMethod method, string path, object? body)
        {
            using var answer = await AskAsync(method, path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }

        /// <summary>Who has a space on any of the ships; somebody on two of them is here twice.</summary>
        public async Task<List<Guid>> TakenAsync()
        {
            var all = new List<Guid>();
            foreach (var timeline in await House.Timelines.ReadAsync(ships))
                all.AddRange(timeline.Fold<Transport>().Lines.Where(space => space.IsTaken).Select(space => space.PersonId));
            return all;
        }
    }
}
