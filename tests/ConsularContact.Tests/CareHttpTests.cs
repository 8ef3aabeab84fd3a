using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Whereabouts, exit barriers, detention and notes verbales over the real service.</summary>
public sealed class CareHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private HttpClient Officer => house.Officer;

    private async Task<Guid> RegisteredAsync(string reference, string family, string given) =>
        (await BodyAsync(await Officer.PostAsJsonAsync("/people", house.Person(reference, family, given, $"19{50 + (given.Length + family.Length * 3) % 49}-0{1 + family.Length % 9}-1{given.Length % 9}")))).GetProperty("personId").GetGuid();

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> PostAsync(string path, object body) => await BodyAsync(await Officer.PostAsJsonAsync(path, body));

    private async Task RefusedAsync(string path, object body, HttpStatusCode status, string code)
    {
        var answer = await Officer.PostAsJsonAsync(path, body);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    private async Task<bool> HappenedAsync<T>(Guid person) where T : Event =>
        (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(person)).Events.Any(e => e.Event is T);

    [Fact]
    public async Task The_last_known_position_is_the_latest_that_happened_and_every_moment_has_its_own()
    {
        var id = await RegisteredAsync("W-1", "Negash", "Biniam");
        await PostAsync($"/people/{id}/check-ins", new { state = "needs-help", place = "Dondo, school", position = new { latitude = -19.6, longitude = 34.7 }, at = "2026-05-06T10:00:00Z", source = "message" });
        await PostAsync($"/people/{id}/sightings", new { by = "a neighbour", place = "Chimoio", at = "2026-05-05T10:00:00Z" });

        var now = await Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/whereabouts");
        Assert.Equal(("needs-help", "Dondo, school", "message"), (now.GetProperty("state").GetProperty("state").GetString(), now.GetProperty("lastKnown").GetProperty("place").GetString(), now.GetProperty("lastKnown").GetProperty("source").GetString()));
        Assert.Equal(-19.6, now.GetProperty("lastKnown").GetProperty("position").GetProperty("latitude").GetDouble());
        Assert.True(now.GetProperty("lastKnown").GetProperty("recordedAt").GetDateTimeOffset() > now.GetProperty("lastKnown").GetProperty("at").GetDateTimeOffset());

        var then = await Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/whereabouts?asOf=2026-05-05T12:00:00Z");
        Assert.Equal(("Chimoio", "sighting", 120), (then.GetProperty("lastKnown").GetProperty("place").GetString(), then.GetProperty("lastKnown").GetProperty("source").GetString(), then.GetProperty("lastKnown").GetProperty("ageMinutes").GetInt32()));
        Assert.False(then.TryGetProperty("state", out _));
        Assert.False((await Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/whereabouts?knownAt=2026-05-05T12:00:00Z")).TryGetProperty("lastKnown", out _));
    }

    [Theory]
    [InlineData(Roles.Officer, false)]
    [InlineData(Roles.ProtectionOfficer, false)]
    [InlineData(Roles.Coordinator, true)]
    [InlineData(Roles.AidWorker, true)]
    public async Task A_check_in_tells_whether_an_officer_or_the_person_wrote_it_down(string role, bool relayed)
    {
        var id = await RegisteredAsync($"W-{role}", "Tesfaye", "Mulu");
        using var client = await house.ClientAsync(Service.ConsularContact, role);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync($"/people/{id}/check-ins", new { state = "safe", source = "self", position = new { latitude = 1, longitude = 1 } })).StatusCode);
        var told = (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(id)).Events.Select(e => e.Event).OfType<CheckedIn>().Single();
        Assert.Equal(relayed, told.Relayed);
    }

    [Fact]
    public async Task What_is_no_check_in_is_refused_and_says_why()
    {
        var id = await RegisteredAsync("W-2", "Mekonnen", "Yared");
        await RefusedAsync($"/people/{id}/check-ins", new { state = "fine" }, HttpStatusCode.UnprocessableEntity, "whereabouts/state-unknown");
        await RefusedAsync($"/people/{id}/check-ins", new { state = "safe", position = new { latitude = 99, longitude = 0 } }, HttpStatusCode.UnprocessableEntity, "whereabouts/latitude-out-of-range");
        await RefusedAsync($"/people/{id}/check-ins", new { state = "safe", at = "2126-05-04T08:00:00Z" }, HttpStatusCode.UnprocessableEntity, "request/at-in-future");
        await RefusedAsync($"/people/{Guid.NewGuid()}/sightings", new { by = "x", place = "y" }, HttpStatusCode.NotFound, "person/unknown");
        Assert.Equal(HttpStatusCode.NotFound, (await Officer.GetAsync($"/people/{Guid.NewGuid()}/whereabouts")).StatusCode);
    }

    [Fact]
    public async Task Where_somebody_was_stands_sealed_in_the_database_and_in_no_message()
    {
        var id = await RegisteredAsync("W-3", "Assefa", "Dawit");
        await PostAsync($"/people/{id}/check-ins", new { state = "safe", place = "Zabbaleen quarter" });
        await using var stored = house.Part<Npgsql.NpgsqlDataSource>(Service.ConsularContact).CreateCommand("select string_agg(data::text, '') from timeline.mt_events where stream_id = $1");
        stored.Parameters.Add(new() { Value = id });
        Assert.DoesNotContain("Zabbaleen", (string)(await stored.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task An_exit_barrier_that_nobody_clears_is_overdue_by_itself()
    {
        var id = await RegisteredAsync("X-1", "Tesfaye", "Marta");
        var barrier = (await PostAsync($"/people/{id}/exit-barriers", new { kind = "employer", note = "keeps her wages", at = "2026-05-05T08:00:00Z", dueAt = "2026-05-06T08:00:00Z" })).GetProperty("barrierId").GetGuid();
        await RefusedAsync($"/people/{id}/exit-barriers", new { kind = "employer" }, HttpStatusCode.Conflict, "exit-barrier/already-open");
        await RefusedAsync($"/people/{id}/exit-barriers", new { kind = "debt", owner = "Mr Smith!" }, HttpStatusCode.UnprocessableEntity, "account/name");
        await Eventually.TrueAsync(() => HappenedAsync<ExitBarrierOverdue>(id), "the barrier is overdue");

        await PostAsync($"/people/{id}/exit-barriers/{barrier}/resolution", new { outcome = "wages paid" });
        var shown = (await Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/exit-barriers")).GetProperty("items")[0];
        Assert.Equal((true, true), (shown.GetProperty("overdue").GetBoolean(), shown.TryGetProperty("resolvedAt", out _)));
        await RefusedAsync($"/people/{id}/exit-barriers/{Guid.NewGuid()}/resolution", new { outcome = "x" }, HttpStatusCode.NotFound, "exit-barrier/unknown");
    }

    [Fact]
    public async Task A_detained_person_is_visited_and_a_post_is_told_only_as_they_wish()
    {
        var id = await RegisteredAsync("D-1", "Woldemariam", "Senait");
        var cell = (await PostAsync($"/people/{id}/detentions", new { state = "Sudan", place = "Kober prison", authority = "police", at = "2026-05-05T08:00:00Z" })).GetProperty("detentionId").GetGuid();
        var path = $"/people/{id}/detentions/{cell}";
        await RefusedAsync($"{path}/notices", new { to = "ETH", consent = false }, HttpStatusCode.UnprocessableEntity, "detention/no-consent");
        // The registration says that Eritrea is feared.
        await RefusedAsync($"{path}/notices", new { to = "ERI", consent = true }, HttpStatusCode.Conflict, "detention/notice-to-feared-state");
        var notice = (await PostAsync($"{path}/notices", new { to = "ETH", consent = true, at = "2026-05-05T09:00:00Z" })).GetProperty("noticeId").GetGuid();
        await Eventually.TrueAsync(() => HappenedAsync<DetentionNoticeOverdue>(id), "the notice is overdue");
        await Eventually.TrueAsync(() => HappenedAsync<DetentionVisitOverdue>(id), "the visit is overdue");

        await PostAsync($"{path}/notices/{notice}/given", new { });
        await PostAsync($"{path}/visits", new { officer = "officer-2", findings = "unhurt", nextDueAt = "2036-01-01T00:00:00Z" });
        await PostAsync($"{path}/counsel", new { counsel = "Adv. Osman" });
        var stay = (await Officer.GetFromJsonAsync<JsonElement>($"/people/{id}/detentions")).GetProperty("items")[0];
        Assert.Equal(("SDN", "officer-2", false, "Adv. Osman"), (stay.GetProperty("state").GetString(), stay.GetProperty("visits")[0].GetProperty("officer").GetString(), stay.GetProperty("visitOverdue").GetBoolean(), stay.GetProperty("counsel").GetString()));
        Assert.True(stay.GetProperty("notices")[0].TryGetProperty("givenAt", out _));

        await PostAsync($"{path}/end", new { });
        await RefusedAsync($"{path}/counsel", new { counsel = "x" }, HttpStatusCode.Conflict, "detention/ended");
        await RefusedAsync($"/people/{id}/detentions/{Guid.NewGuid()}/visits", new { }, HttpStatusCode.NotFound, "detention/unknown");
    }

    [Fact]
    public async Task Permissions_come_back_per_person_and_make_ready_to_leave()
    {
        var (first, second) = (await RegisteredAsync("N-1", "Hagos", "Tirhas"), await RegisteredAsync("N-2", "Berhane", "Filmon"));
        await RefusedAsync("/notes-verbales", new { state = "ERI", people = new[] { first } }, HttpStatusCode.Conflict, "note-verbale/feared-state");
        await RefusedAsync("/notes-verbales", new { state = "SDN", people = new[] { first, Guid.NewGuid() } }, HttpStatusCode.UnprocessableEntity, "note-verbale/person-unknown");
        var sudan = (await PostAsync("/notes-verbales", new { state = "SDN", people = new[] { first, second } })).GetProperty("noteId").GetGuid();
        var egypt = (await PostAsync("/notes-verbales", new { state = "EGY", people = new[] { first } })).GetProperty("noteId").GetGuid();

        await PostAsync($"/notes-verbales/{sudan}/answers", new { answers = new object[] { new { personId = first, granted = true, validUntil = "2036-01-01" }, new { personId = second, granted = false, reason = "no stamp" } } });
        await PostAsync($"/notes-verbales/{egypt}/answers", new { answers = new[] { new { personId = first, granted = true } } });
        await Eventually.TrueAsync(() => HappenedAsync<ReadyToLeave>(first), "the first is ready to leave");
        Assert.False(await HappenedAsync<ReadyToLeave>(second));
        Assert.Equal("exit-permit", (await Officer.GetFromJsonAsync<JsonElement>($"/people/{second}/exit-barriers")).GetProperty("items")[0].GetProperty("kind").GetString());

        var shown = await Officer.GetFromJsonAsync<JsonElement>($"/notes-verbales/{sudan}");
        Assert.Equal([("granted", true), ("refused", false)], shown.GetProperty("people").EnumerateArray().Select(p => (p.GetProperty("answer").GetString(), p.GetProperty("readyToLeave").GetBoolean())).OrderBy(p => p.Item1));
        var listed = (await Officer.GetFromJsonAsync<JsonElement>("/notes-verbales")).GetProperty("items").EnumerateArray().Single(n => n.GetProperty("noteId").GetGuid() == sudan);
        Assert.Equal((2, 1, 1, 0), (listed.GetProperty("people").GetInt32(), listed.GetProperty("granted").GetInt32(), listed.GetProperty("refused").GetInt32(), listed.GetProperty("waiting").GetInt32()));

        var (none, without) = (await Officer.PostAsJsonAsync("/notes-verbales", new { state = "ERI", people = new[] { first }, leaveOutWhoFear = true }), await house.ClientAsync(Service.ConsularContact, Roles.AidWorker));
        Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await without.GetAsync($"/notes-verbales/{sudan}")).StatusCode);
        await RefusedAsync($"/notes-verbales/{egypt}/answers", new { answers = new[] { new { personId = second, granted = true } } }, HttpStatusCode.UnprocessableEntity, "note-verbale/not-in-note");
    }
}
