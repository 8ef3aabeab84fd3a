using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Dispatch.DispatchHouse;

namespace CrisisCoordination.EvacuationPlanning.Tests.Dispatch;

public sealed class DispatchHttpTests(DispatchHouse house) : IClassFixture<DispatchHouse>, IAsyncLifetime
{
    private static readonly Registration Marta = new()
    {
        FamilyName = "Tesfaye",
        GivenNames = "Marta",
        BirthDate = new(1985),
        Nationality = "ETH",
        Phone = "+249911000111",
        Mobility = Mobility.Wheelchair,
        SpecificNeeds = ["SM", "SV"],
        Position = new(10, 30),
        SafeChannels = ["email"],
        Language = "am",
    };

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync() => await house.ClearAsync();

    [Fact]
    public async Task A_task_is_offered_to_the_nearest_team_that_can_accepted_and_done()
    {
        var (transport, point) = await house.TransportAsync(10);
        var near = await house.TeamAsync("Near without vehicle", point, ["driver"]);
        var able = await house.TeamAsync("Able", new Position(10.3, 30), members: "able-1");
        await house.TeamAsync("Far", new Position(14, 30));
        var marta = await house.PersonAsync(Marta);
        await house.SeatAsync(transport, marta);

        var task = await house.TaskAsync(transport, "medical-transfer", "offered", able);
        await house.TaskAsync(transport, "gate-duty", "offered", near);
        Assert.Equal(1, task.GetProperty("people").GetInt32());

        using var worker = await house.WorkerAsync("able-1");
        var list = await worker.GetFromJsonAsync<JsonElement>($"/teams/{able}/tasks");
        var stop = list.GetProperty("tasks")[0];
        var person = stop.GetProperty("task").GetProperty("people")[0];
        Assert.Equal(("Marta", false, "SM", "am"), (person.GetProperty("givenNames").GetString(), person.TryGetProperty("phone", out _),
            string.Join(' ', person.GetProperty("needs").EnumerateArray().Select(need => need.GetString())), person.GetProperty("language").GetString()));
        Assert.True(stop.GetProperty("kilometres").GetDouble() is > 33 and < 34 && !stop.GetProperty("late").GetBoolean());
        Assert.Contains(marta, await ReadersAsync("able-1"));

        Assert.Equal("accepted", (await house.PostAsync($"/tasks/{Id(task)}/acceptance", new { teamId = able }, worker)).GetProperty("state").GetString());
        Assert.Equal("under-way", (await house.PostAsync($"/tasks/{Id(task)}/start", new { teamId = able }, worker)).GetProperty("state").GetString());
        Assert.Equal("done", (await house.PostAsync($"/tasks/{Id(task)}/done", new { teamId = able }, worker)).GetProperty("state").GetString());
        Assert.Equal("done", (await house.PostAsync($"/tasks/{Id(task)}/done", new { teamId = able }, worker)).GetProperty("state").GetString());
        Assert.Equal("Able", (await house.TaskAsync(transport, "medical-transfer", "done")).GetProperty("team").GetString());
        Assert.Empty((await worker.GetFromJsonAsync<JsonElement>($"/teams/{able}/tasks")).GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task A_team_sees_and_answers_only_its_own_tasks()
    {
        var (transport, point) = await house.TransportAsync(10);
        var (one, two) = (await house.TeamAsync("One", point, members: "one-1"), await house.TeamAsync("Two", new Position(11, 30), members: "two-1"));
        await house.SeatAsync(transport, await house.PersonAsync(Marta with { Mobility = Mobility.None, SpecificNeeds = [] }));
        var task = Id(await house.TaskAsync(transport, "gate-duty", "offered", one));

        using var stranger = await house.WorkerAsync("two-1");
        foreach (var path in (string[])[$"/teams/{one}/tasks", $"/teams/{one}/bundle"]) Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync(path)).StatusCode);
        await house.RefusedAsync($"/tasks/{task}/acceptance", new { teamId = one }, HttpStatusCode.Forbidden, "team/not-yours", stranger);
        await house.RefusedAsync($"/tasks/{task}/acceptance", new { teamId = two }, HttpStatusCode.NotFound, "task/unknown", stranger);
        await house.RefusedAsync($"/teams/{one}/results", new { results = new[] { new { id = Guid.NewGuid(), at = house.Now, taskId = task, what = "done" } } }, HttpStatusCode.Forbidden, "team/not-yours", stranger);
        Assert.Equal(["Two"], (await stranger.GetFromJsonAsync<JsonElement>("/teams")).GetProperty("items").EnumerateArray().Select(team => team.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("/tasks")).StatusCode);
        await house.RefusedAsync($"/tasks/{Guid.NewGuid()}/acceptance", new { teamId = one }, HttpStatusCode.NotFound, "task/unknown");
        await house.RefusedAsync($"/tasks/{task}/acceptance", new { teamId = Guid.NewGuid() }, HttpStatusCode.NotFound, "team/unknown");
        await house.RefusedAsync($"/tasks/{task}/refusal", new { teamId = one, reason = "rain" }, HttpStatusCode.UnprocessableEntity, "task/reason-unknown");
        await house.RefusedAsync($"/tasks/{task}/acceptance", new { teamId = one, at = house.Now.AddDays(1) }, HttpStatusCode.UnprocessableEntity, "request/at-in-future");
        await house.TaskAsync(transport, "gate-duty", "offered", one);
    }

    [Fact]
    public async Task What_nobody_answers_goes_from_team_to_team_and_then_to_the_coordinator_and_of_two_late_answers_one_counts()
    {
        var (transport, point) = await house.TransportAsync(10, hours: 2.1);
        var (one, two) = (await house.TeamAsync("One", point), await house.TeamAsync("Two", new Position(11, 30)));
        await house.SeatAsync(transport, await house.PersonAsync(Marta with { Mobility = Mobility.None, SpecificNeeds = [] }));

        await house.TaskAsync(transport, "gate-duty", "offered", one);
        house.Later(TimeSpan.FromMinutes(5.5));
        await house.TaskAsync(transport, "gate-duty", "offered", two);
        house.Later(TimeSpan.FromMinutes(5.5));
        var waiting = await house.TaskAsync(transport, "gate-duty", "unassigned");
        Assert.Equal(("all-asked", true), (waiting.GetProperty("why").GetString(), waiting.GetProperty("reason").GetString()!.Contains("not answered", StringComparison.Ordinal)));
        Assert.Contains((await house.Coordinator.GetFromJsonAsync<JsonElement>("/tasks?state=unassigned")).GetProperty("items").EnumerateArray(), task => Id(task) == Id(waiting));

        var answers = await Task.WhenAll(new[] { one, two }.Select(team => house.Coordinator.PostAsJsonAsync($"/tasks/{Id(waiting)}/acceptance", new { teamId = team })));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        var refused = await answers.Single(answer => answer.StatusCode is HttpStatusCode.Conflict).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("task/with-another-team", refused.GetProperty("type").GetString());

        await house.TaskAsync(transport, "gate-duty", "accepted");
        await Eventually.TrueAsync(async () => (await house.Coordinator.GetFromJsonAsync<JsonElement>("/tasks?state=late")).GetProperty("items").EnumerateArray().Any(task => Id(task) == Id(waiting)), "what is not done in time is seen");
    }

    [Fact]
    public async Task A_declined_task_goes_on_and_a_coordinator_moves_it_by_hand()
    {
        var (transport, point) = await house.TransportAsync(10);
        var (one, two) = (await house.TeamAsync("One", point, atOnce: 1), await house.TeamAsync("Two", new Position(11, 30)));
        await house.SeatAsync(transport, await house.PersonAsync(Marta with { Mobility = Mobility.None, SpecificNeeds = [] }));
        var task = Id(await house.TaskAsync(transport, "gate-duty", "offered", one));
        await house.PostAsync($"/tasks/{task}/refusal", new { teamId = one, reason = "no-vehicle" });
        await house.TaskAsync(transport, "gate-duty", "offered", two);

        await house.PostAsync($"/tasks/{task}/assignment", new { teamId = one });
        await house.TaskAsync(transport, "gate-duty", "offered", one);
        Assert.Equal(["re-assigned"], (await house.Coordinator.GetFromJsonAsync<JsonElement>($"/teams/{two}/tasks")).GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("why").GetString()));
        await house.RefusedAsync($"/tasks/{task}/done", new { teamId = two }, HttpStatusCode.Conflict, "task/with-another-team");

        var (other, _) = await house.TransportAsync(10);
        await house.SeatAsync(other, await house.PersonAsync(Marta with { Mobility = Mobility.None, SpecificNeeds = [] }));
        var second = Id(await house.TaskAsync(other, "gate-duty", "offered", two));
        await house.RefusedAsync($"/tasks/{second}/assignment", new { teamId = one }, HttpStatusCode.Conflict, "team/full");
        await house.RefusedAsync($"/tasks/{second}/assignment", new { teamId = Guid.NewGuid() }, HttpStatusCode.NotFound, "team/unknown");
        await house.TaskAsync(other, "gate-duty", "offered", two);

        await house.PostAsync($"/teams/{one}/stand-down", new { });
        await house.TaskAsync(transport, "gate-duty", "offered", two);
        await house.RefusedAsync($"/tasks/{task}/assignment", new { teamId = one }, HttpStatusCode.Conflict, "team/stood-down");
        await house.PostAsync($"/teams/{one}/return", new { });
        await house.PostAsync($"/tasks/{task}/assignment", new { teamId = one });
        await house.TaskAsync(transport, "gate-duty", "offered", one);
    }

    [Fact]
    public async Task A_team_with_nothing_in_its_lists_is_refused_and_nobody_calls_back_who_was_never_formed()
    {
        string[] skills = ["driver"], nobody = [null!], languages = ["ar"];
        foreach (var (body, code) in new (object, string)[]
        {
            (new { name = "Void", peoplePerTrip = 1, tasksAtOnce = 1, skills, members = nobody, position = new { latitude = 1, longitude = 1 } }, "team/members"),
            (new { name = "Void", peoplePerTrip = 1, tasksAtOnce = 1, skills = nobody, members = skills, position = new { latitude = 1, longitude = 1 } }, "team/skill-unknown"),
            (new { name = "Void", peoplePerTrip = 1, tasksAtOnce = 1, skills, members = languages, languages = nobody, position = new { latitude = 1, longitude = 1 } }, "team/language-unknown"),
        })
            await house.RefusedAsync("/teams", body, HttpStatusCode.UnprocessableEntity, code);
        await house.RefusedAsync($"/teams/{Guid.NewGuid()}/return", new { }, HttpStatusCode.NotFound, "team/unknown");
    }

    [Fact]
    public async Task Tasks_follow_the_manifest_and_what_becomes_of_people()
    {
        var (transport, point) = await house.TransportAsync(10);
        var team = await house.TeamAsync("One", point);
        var (marta, omar) = (await house.PersonAsync(Marta), await house.PersonAsync(Marta with { GivenNames = "Omar", Mobility = Mobility.None, SpecificNeeds = [] }));
        await house.SeatAsync(transport, marta);
        await house.TaskAsync(transport, "medical-transfer", "offered", team);
        await house.SeatAsync(transport, omar);
        await Eventually.TrueAsync(async () => (await house.TaskAsync(transport, "gate-duty", "offered")).GetProperty("people").GetInt32() == 2, "the gate expects two");

        await house.TellAsync(omar, new TravelDocumentIssued(Guid.CreateVersion7(), "SAU", [], DateOnly.FromDateTime(house.Now.UtcDateTime).AddDays(9), "o", "PU1", "", house.Now));
        await house.TaskAsync(transport, "document-handover", "offered", team);
        await house.TellAsync(omar, new CheckedIn(Guid.CreateVersion7(), "needs-help", "self", null, new(12, 30), house.Now));
        await house.TaskAsync(transport, "pick-up", "offered", team);

        await house.FreeAsync(transport, marta);
        Assert.Contains("gave up", (await house.TaskAsync(transport, "medical-transfer", "called-off")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("called-off", (await house.Coordinator.GetFromJsonAsync<JsonElement>($"/teams/{team}/tasks")).GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("why").GetString()));
        await Eventually.TrueAsync(async () => (await house.TaskAsync(transport, "gate-duty", "offered")).GetProperty("people").GetInt32() == 1, "the gate expects one");
    }

    [Fact]
    public async Task A_delay_moves_the_deadline_and_a_cancelled_transport_calls_its_tasks_off()
    {
        var (transport, point) = await house.TransportAsync(10);
        var team = await house.TeamAsync("One", point);
        await house.SeatAsync(transport, await house.PersonAsync(Marta with { Mobility = Mobility.None, SpecificNeeds = [], Document = new("passport", "EP1", new(2040, 1, 1), DocumentStatus.Valid) }));
        var before = await house.TaskAsync(transport, "gate-duty", "offered", team);
        var departs = new DateTimeOffset(house.Now.UtcDateTime.Date.AddDays(3), TimeSpan.Zero);
        await house.PostAsync($"/transports/{transport}/changes", new { reason = "storm", departsAt = $"{departs:yyyy-MM-dd'T'HH:mm'Z'}", arrivesAt = $"{departs.AddHours(9):yyyy-MM-dd'T'HH:mm'Z'}" });
        await Eventually.TrueAsync(async () => (await house.TaskAsync(transport, "gate-duty", "offered")).GetProperty("dueAt").GetDateTimeOffset() == departs.AddHours(-2), "the gate opens later");

        await house.PostAsync($"/transports/{transport}/cancellation", new { reason = "storm" });
        var off = await house.TaskAsync(transport, "gate-duty", "called-off");
        Assert.Equal((Id(before), "cancelled", "The transport was cancelled."), (Id(off), off.GetProperty("why").GetString(), off.GetProperty("reason").GetString()));
        Assert.Equal(["called-off"], (await house.Coordinator.GetFromJsonAsync<JsonElement>($"/teams/{team}/tasks")).GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("why").GetString()));
    }

    [Fact]
    public async Task Why_there_is_no_team_stands_on_the_list_and_it_is_offered_once_there_is_one()
    {
        var (transport, point) = await house.TransportAsync(10);
        await house.SeatAsync(transport, await house.PersonAsync(Marta));
        Assert.Equal("no-team", (await house.TaskAsync(transport, "medical-transfer", "unassigned")).GetProperty("why").GetString());
        var walkers = await house.TeamAsync("Walkers", point, []);
        await house.TaskAsync(transport, "gate-duty", "offered", walkers);
        await Eventually.TrueAsync(async () => (await house.TaskAsync(transport, "medical-transfer", "unassigned")).GetProperty("why").GetString() == "no-skill", "the reason is another one");

        Assert.Equal(HttpStatusCode.NoContent, (await house.Coordinator.PutAsJsonAsync($"/teams/{walkers}", new
        { name = "Drivers", assemblyPoint = point, peoplePerTrip = 4, tasksAtOnce = 3, skills = new[] { "medical", "wheelchair-vehicle" }, members = new[] { "a" } })).StatusCode);
        await house.TaskAsync(transport, "medical-transfer", "offered", walkers);
    }

    [Fact]
    public async Task Teams_that_are_none_are_refused_with_the_field_at_fault()
    {
        foreach (var (field, body) in new (string, object)[]
        {
            ("name", new { name = " ", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" }, assemblyPoint = "X" }),
            ("peoplePerTrip", new { name = "T", peoplePerTrip = -1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" }, assemblyPoint = "X" }),
            ("tasksAtOnce", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 0, skills = Array.Empty<string>(), members = new[] { "a" }, assemblyPoint = "X" }),
            ("skills", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = new[] { "flying" }, members = new[] { "a" }, assemblyPoint = "X" }),
            ("members", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = Array.Empty<string>(), assemblyPoint = "X" }),
            ("assemblyPoint", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" } }),
            ("assemblyPoint", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" }, assemblyPoint = "NOWHERE" }),
            ("position", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" }, position = new { latitude = 91, longitude = 0 } }),
            ("languages", new { name = "T", peoplePerTrip = 1, tasksAtOnce = 1, skills = Array.Empty<string>(), members = new[] { "a" }, assemblyPoint = "X", languages = new[] { "Arabic" } }),
        })
        {
            var answer = await house.Coordinator.PostAsJsonAsync("/teams", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, field), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("field").GetString()));
        }
        Assert.DoesNotContain((await house.Coordinator.GetFromJsonAsync<JsonElement>("/teams?limit=500")).GetProperty("items").EnumerateArray(), team => team.GetProperty("name").GetString() == "T");
    }

    [Fact]
    public async Task A_bundle_is_taken_once_per_change_and_zipped_when_asked()
    {
        var (transport, point) = await house.TransportAsync(10);
        var team = await house.TeamAsync("One", point, members: "bundle-1");
        var marta = await house.PersonAsync(Marta with { SafeChannels = [] });
        await house.SeatAsync(transport, marta);
        await house.TaskAsync(transport, "medical-transfer", "offered", team);
        await house.TaskAsync(transport, "gate-duty", "offered", team);
        using var worker = await house.WorkerAsync("bundle-1");

        var first = await worker.GetAsync($"/teams/{team}/bundle");
        var bundle = await BodyAsync(first);
        Assert.Equal($"\"{bundle.GetProperty("version").GetString()}\"", first.Headers.ETag!.Tag);
        Assert.Equal((2, "+249911000111", point), (bundle.GetProperty("tasks").GetArrayLength(),
            bundle.GetProperty("tasks").EnumerateArray().SelectMany(task => task.GetProperty("people").EnumerateArray()).Single().GetProperty("phone").GetString(),
            bundle.GetProperty("assemblyPoints")[0].GetProperty("code").GetString()));

        Assert.Equal(HttpStatusCode.NotModified, (await ConditionalAsync(worker, team, first.Headers.ETag.Tag)).StatusCode);
        await house.PostAsync($"/tasks/{Id(await house.TaskAsync(transport, "gate-duty", "offered"))}/acceptance", new { teamId = team }, worker);
        var changed = await ConditionalAsync(worker, team, first.Headers.ETag.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var zipped = new HttpRequestMessage(HttpMethod.Get, $"/teams/{team}/bundle") { Headers = { { "Accept-Encoding", "gzip" } } };
        var answer = await worker.SendAsync(zipped);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        using var unzipped = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(changed.Headers.ETag!.Tag.Trim('"'), (await JsonSerializer.DeserializeAsync<JsonElement>(unzipped)).GetProperty("version").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await house.Coordinator.GetAsync($"/teams/{Guid.NewGuid()}/bundle")).StatusCode);
    }

    [Fact]
    public async Task Results_sent_later_in_any_order_and_twice_count_once_by_their_own_times()
    {
        var (transport, point) = await house.TransportAsync(10);
        var team = await house.TeamAsync("One", point, members: "later-1");
        var marta = await house.PersonAsync(Marta);
        await house.SeatAsync(transport, marta);
        var task = Id(await house.TaskAsync(transport, "medical-transfer", "offered", team));
        using var worker = await house.WorkerAsync("later-1");
        object Result(string what, int minutesAgo, Guid? of = null, Guid? person = null, Guid? id = null) => new { id = id ?? Guid.NewGuid(), at = house.Now.AddMinutes(-minutesAgo), taskId = of ?? task, what, personId = person };

        var done = Result("done", 10);
        Assert.Equal(["applied"], await StatusesAsync(done));
        Assert.Equal(["already-known", "applied", "applied", "applied", "already-known"], await StatusesAsync(done, Result("under-way", 40), Result("accepted", 50), Result("person-picked-up", 20, person: marta), Result("accepted", 45)));

        var (unknown, elsewhere) = (Result("done", 5, of: Guid.NewGuid()), Result("person-not-found", 5, person: Guid.NewGuid()));
        Assert.Equal(["conflict", "conflict", "refused"], await StatusesAsync(unknown, elsewhere, Result("done", -90)));
        Assert.Equal(["conflict", "conflict"], await StatusesAsync(unknown, elsewhere));
        Assert.Equal((1, 1), (await CountAsync("task_report_in_conflict", task), await CountAsync("task_report_in_conflict", team)));
        Assert.Equal((1, 1, 1), (await CountAsync("task_done", task), await CountAsync("task_begun", task), await CountAsync("task_accepted", task)));

        foreach (var (bad, code) in new[] { ("eaten", "results/what-unknown"), ("failed", "task/reason-unknown"), ("person-picked-up", "results/person-missing") })
            await house.RefusedAsync($"/teams/{team}/results", new { results = new[] { Result("person-not-found", 1, person: marta), Result(bad, 1) } }, HttpStatusCode.UnprocessableEntity, code, worker);
        Assert.Equal(0, await CountAsync("task_person_not_found", task));
        await house.RefusedAsync($"/teams/{team}/results", new { results = Array.Empty<object>() }, HttpStatusCode.UnprocessableEntity, "results/count", worker);

        async Task<string[]> StatusesAsync(params object[] results) => [.. (await house.PostAsync($"/teams/{team}/results", new { results }, worker)).GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetString()!)];
    }

    [Fact]
    public async Task What_happened_meanwhile_is_told_per_result_and_the_rest_counts()
    {
        var (transport, point) = await house.TransportAsync(10);
        var (one, two) = (await house.TeamAsync("One", point), await house.TeamAsync("Two", new Position(10.2, 30)));
        var marta = await house.PersonAsync(Marta);
        await house.SeatAsync(transport, marta);
        var (gate, medical) = (Id(await house.TaskAsync(transport, "gate-duty", "offered", one)), Id(await house.TaskAsync(transport, "medical-transfer", "offered", one)));
        await house.PostAsync($"/tasks/{medical}/assignment", new { teamId = two });

        var answer = await house.PostAsync($"/teams/{one}/results", new
        {
            results = new[]
            {
                new { id = Guid.NewGuid(), at = house.Now.AddMinutes(-9), taskId = medical, what = "accepted" },
                new { id = Guid.NewGuid(), at = house.Now.AddMinutes(-8), taskId = gate, what = "done" },
            },
        });
        Assert.Equal([("conflict", "with-another-team", "offered"), ("applied", null, "done")], answer.GetProperty("results").EnumerateArray()
            .Select(result => (result.GetProperty("status").GetString()!, result.TryGetProperty("code", out var code) ? code.GetString() : null, result.GetProperty("state").GetString()!)));
        await house.TaskAsync(transport, "medical-transfer", "offered", two);

        await house.FreeAsync(transport, marta);
        await house.TaskAsync(transport, "medical-transfer", "called-off");
        var late = await house.PostAsync($"/teams/{two}/results", new { results = new[] { new { id = Guid.NewGuid(), at = house.Now.AddMinutes(-1), taskId = medical, what = "done" } } });
        Assert.Equal(("conflict", "called-off"), (late.GetProperty("results")[0].GetProperty("status").GetString(), late.GetProperty("results")[0].GetProperty("code").GetString()));
    }

    private static async Task<HttpResponseMessage> ConditionalAsync(HttpClient client, Guid team, string known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/teams/{team}/bundle") { Headers = { { "If-None-Match", known } } };
        return await client.SendAsync(request);
    }

    private async Task<int> CountAsync(string type, Guid stream)
    {
        await using var count = house.Part<NpgsqlDataSource>(Service.EvacuationPlanning).CreateCommand("select count(*)::int from timeline.mt_events where type = $1 and stream_id = $2");
        count.Parameters.Add(new() { Value = type });
        count.Parameters.Add(new() { Value = stream });
        return (int)(await count.ExecuteScalarAsync())!;
    }

    private async Task<List<Guid>> ReadersAsync(string account)
    {
        await using var database = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        await using var log = database.CreateCommand("select person_id from timeline.read_log where account = $1 and person_id is not null");
        log.Parameters.Add(new() { Value = account });
        await using var reader = await log.ExecuteReaderAsync();
        var people = new List<Guid>();
        while (await reader.ReadAsync()) people.Add(reader.GetGuid(0));
        return people;
    }
}
