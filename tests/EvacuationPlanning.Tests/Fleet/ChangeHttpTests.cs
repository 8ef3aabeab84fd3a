using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Sudan;

namespace CrisisCoordination.EvacuationPlanning.Tests.Fleet;

/// <summary>The service with a store beside it that may tell what other services tell.</summary>
public sealed class FleetHouse : House
{
    private NpgsqlDataSource owner = null!;

    internal TimelineStore Timelines { get; private set; } = null!;

    public HttpClient Coordinator { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        owner = NpgsqlDataSource.Create(Deployment.Postgres + ";Maximum Pool Size=10");
        Timelines = new(owner, new() { Schema = "timeline", MasterKey = MasterKey }, TimeProvider.System);
        await StartAsync(EvacuationPlanningService.Define());
        Coordinator = await ClientAsync(Service.EvacuationPlanning, Roles.Coordinator);
        await Timelines.AttemptAsync(work => Task.FromResult(work.Append(Crisis, Decision.Of([
            new CrisisOpened("FLEET", "test", "Exercise", "Fighting", [], Noon), new CrisisCountriesSet(["SDN"], "officer", Noon)]))));
        foreach (var (code, country) in new[] { ("I", "SDN"), ("JED", "SAU"), ("SUEZ", "EGY") }) await this.PointAsync(code, country);
    }

    /// <summary>Somebody with a seat of their own on each of these, in this order.</summary>
    public async Task<Guid> SeatedAsync(IReadOnlyList<Guid> runs, int tier, params Event[] more)
    {
        var person = Guid.CreateVersion7();
        Event[] told =
        [
            new PersonRegistered(Guid.CreateVersion7(), Crisis, $"{person}", Channel.Self, true, new()
            {
                FamilyName = "Rao",
                BirthDate = BirthDate.TryParse("1985-01-30", out var born) ? born : null,
                Nationality = "IND",
                Document = new("passport", "X", new(2099, 1, 1), DocumentStatus.Valid),
            }, Noon),
            new EvacuationConsentGiven(person, "officer", Noon), new NeedsAssessed(tier, 0, "P/1", null, Noon), .. more,
        ];
        var outcome = await Timelines.AttemptAsync(async work =>
        {
            if (runs.Count == 0) return work.Append(person, Decision.Of(told));
            var passenger = Passenger.Start(person).After(told);
            var scene = await Scene.Of([passenger], (await Scene.LoadAsync(work, [], runs)).Transports.Values).KnowingAsync(work);
            var seated = scene.Seat(PlanId, new(person, [person], [person], [.. runs.Select(run => scene.LegOf(passenger, run))]), DateOnly.FromDateTime(Day), Noon);
            work.Append(person, Decision.Of(told));
            return seated.Into(work);
        });
        Assert.Null(outcome.Refusal);
        return person;
    }

    public async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await Coordinator.PostAsJsonAsync(path, body);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{path} answered {(int)answer.StatusCode}: {said}");
        return JsonSerializer.Deserialize<JsonElement>(said);
    }

    public async Task<JsonElement> ImportAsync(string rows, string query = "")
    {
        var answer = await Coordinator.PostAsync($"/transports/import{query}", new StringContent(rows, Encoding.UTF8, "text/csv"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Enters the points too, if they are new: the first in SDN, the other in the country.</summary>
    public async Task<Guid> TransportAsync(string code, string from, string to, string? country, int departsInHours, int seats = 9, string? promised = null)
    {
        await this.PointAsync(from, "SDN");
        await this.PointAsync(to, country ?? "SDN");
        return await EnterAsync(code, from, to, country, departsInHours, seats, promised);
    }

    public async Task<Guid> EnterAsync(string code, string from, string to, string? country, int departsInHours, int seats = 9, string? promised = null) => (await PostAsync("/transports", new
    {
        code,
        kind = "ship",
        from,
        to,
        destinationCountry = country,
        seats,
        @operator = "navy",
        promisedSeats = promised,
        departsAt = Time(departsInHours),
        arrivesAt = Time(departsInHours + 5),
    }, HttpStatusCode.Created)).GetProperty("transportId").GetGuid();

    // One day for the whole run, also where it goes on past midnight, and none that begins meanwhile.
    private static readonly DateTime Day = DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(2);

    public static string Time(int hours) => Day.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    public async Task<JsonElement> ListedAsync(Guid run)
    {
        for (var cursor = ""; ;)
        {
            var page = await Coordinator.GetFromJsonAsync<JsonElement>($"/transports?limit=500&cursor={cursor}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
                if (item.GetProperty("transportId").GetGuid() == run)
                    return item;
            cursor = page.GetProperty("next").GetString() ?? throw new InvalidOperationException("Not listed.");
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Timelines.Dispose();
        await owner.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class ChangeHttpTests(FleetHouse house) : IClassFixture<FleetHouse>
{
    private const string Header = "code,kind,from,to,destination_country,departs_at,arrives_at,seats,wheelchair_spaces,stretcher_spaces,operator";

    [Fact]
    public async Task A_smaller_aircraft_says_who_lost_a_seat_and_the_same_again_changes_nothing()
    {
        var run = await house.TransportAsync("H-1", "H", "JED", "SAU", 10);
        var (calm, urgent) = (await house.SeatedAsync([run], 5), await house.SeatedAsync([run], 1));

        var answer = await house.PostAsync($"/transports/{run}/changes", new { reason = "Smaller aircraft", seats = 1, kind = "aircraft" });
        Assert.Equal((calm, "smaller-transport", 1), (Lost(answer).Single().Person, Lost(answer).Single().Reason, answer.GetProperty("kept").GetInt32()));
        var again = await house.PostAsync($"/transports/{run}/changes", new { reason = "Smaller aircraft", seats = 1, kind = "aircraft" });
        Assert.Empty(Lost(again));
        Assert.Equal(1, again.GetProperty("kept").GetInt32());

        var events = (await house.Timelines.ReadAsync(run)).Events.Select(e => e.Event).ToList();
        Assert.Equal(("Smaller aircraft", "test-coordinator"), events.OfType<TransportResized>().Single() switch { var e => (e.Reason, e.Officer) });
        Assert.Single(events, e => e is TransportReplaced);
        Assert.Contains((await house.Timelines.ReadAsync(calm)).Events, e => e.Event is SeatReleased { Reason: "smaller-transport" });
        var listed = await house.ListedAsync(run);
        Assert.Equal(("aircraft", 1, 0, 1), (listed.GetProperty("kind").GetString(), listed.GetProperty("seats").GetInt32(), listed.GetProperty("freeSeats").GetInt32(), listed.GetProperty("souls").GetInt32()));
        Assert.True((await house.Timelines.ReadAsync(urgent)).Fold<Passenger>().HoldsSeat);
    }

    [Fact]
    public async Task A_delay_moves_the_arrival_too_and_frees_whoever_misses_the_next_leg()
    {
        var (bus, ship) = (await house.TransportAsync("D-1", "D", "D-PORT", null, 0), await house.TransportAsync("D-2", "D-PORT", "JED", "SAU", 7));
        var person = await house.SeatedAsync([bus, ship], 3);

        Assert.Empty(Lost(await house.PostAsync($"/transports/{bus}/changes", new { reason = "Checkpoint", departsAt = FleetHouse.Time(1) })));
        Assert.Equal(FleetHouse.Time(6), (await house.ListedAsync(bus)).GetProperty("arrivesAt").GetDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        var missed = await house.PostAsync($"/transports/{bus}/changes", new { reason = "Checkpoint", departsAt = FleetHouse.Time(4) });
        Assert.Equal([(ship, "missed-connection"), (bus, "journey-broken")], Lost(missed).OrderByDescending(lost => lost.Reason).Select(lost => (lost.Run, lost.Reason)));
        Assert.False((await house.Timelines.ReadAsync(person)).Fold<Passenger>().HoldsSeat);
    }

    [Fact]
    public async Task A_ship_under_way_that_turns_to_where_somebody_is_in_danger_raises_an_alarm()
    {
        var ship = await house.TransportAsync("A-1", "A", "JED", "SAU", 3);
        var (afraid, other) = (await house.SeatedAsync([ship], 2, new FearOfReturnStated(["EGY"], "officer", Noon)), await house.SeatedAsync([ship], 2));
        foreach (var person in new[] { afraid, other }) await house.PostAsync($"/transports/{ship}/boarding", new { personId = person });
        await house.PostAsync($"/transports/{ship}/departure", new { });

        Assert.Equal("transport/departed", await RefusedAsync(ship, new { reason = "Smaller", seats = 1 }, HttpStatusCode.Conflict));
        var answer = await house.PostAsync($"/transports/{ship}/changes", new { reason = "Port closed", to = "SUEZ", destinationCountry = "EGY", arrivesAt = FleetHouse.Time(20) });
        Assert.Equal((afraid, "protection"), answer.GetProperty("alarms").EnumerateArray().Select(alarm => (alarm.GetProperty("personId").GetGuid(), alarm.GetProperty("reason").GetString())).Single());
        Assert.Contains((await house.Timelines.ReadAsync(afraid)).Events, e => e.Event is CarriedWhereBarred { Reason: "fears-destination" });
        Assert.Equal("EGY", (await house.Timelines.ReadAsync(other)).Fold<Passenger>().Seats[0].Country);
        Assert.Equal(("departed", "SUEZ"), await house.ListedAsync(ship) switch { var listed => (listed.GetProperty("state").GetString(), listed.GetProperty("to").GetString()) });
        await house.PostAsync($"/transports/{ship}/arrival", new { });
        Assert.Contains((await house.Timelines.ReadAsync(other)).Events, e => e.Event is Arrived { Country: "EGY" });
    }

    [Fact]
    public async Task A_cancelled_transport_frees_everybody_and_refuses_what_comes_after()
    {
        var run = await house.TransportAsync("C-1", "C", "JED", "SAU", 3);
        var person = await house.SeatedAsync([run], 3);

        var answer = await house.PostAsync($"/transports/{run}/cancellation", new { reason = "Storm" });
        Assert.Equal([(person, run, "cancelled")], Lost(answer));
        Assert.Empty(Lost(await house.PostAsync($"/transports/{run}/cancellation", new { reason = "Storm" })));
        Assert.Equal("transport/cancelled", await RefusedAsync(run, new { reason = "Late", departsAt = FleetHouse.Time(9) }, HttpStatusCode.Conflict));
        Assert.Equal("transport/cancelled", (await house.PostAsync($"/transports/{run}/departure", new { }, HttpStatusCode.Conflict)).GetProperty("type").GetString());
        Assert.Equal("cancelled", (await house.ListedAsync(run)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Seats_given_back_on_a_sealed_transport_go_to_whoever_stands_by()
    {
        var run = await house.TransportAsync("S-1", "S", "JED", "SAU", 3, seats: 2, promised: "EGY:1");
        await house.SeatedAsync([run], 3);
        var person = await house.SeatedAsync([], 3);
        await house.PostAsync($"/transports/{run}/manifest/seal", new { });
        Assert.Equal("sealed", (await house.ListedAsync(run)).GetProperty("state").GetString());
        await house.PostAsync($"/transports/{run}/standby", new { personId = person });

        await house.PostAsync($"/transports/{run}/promises", new { to = "EGY", seats = 0 });
        await Eventually.TrueAsync(async () => (await house.Timelines.ReadAsync(person)).Fold<Passenger>().HoldsSeat, "who stands by has the seat");
    }

    [Fact]
    public async Task Seats_are_promised_and_given_back()
    {
        var run = await house.TransportAsync("P-1", "P", "JED", "SAU", 3, seats: 5, promised: "EGY:2; Red Cross:1:nurses");
        Assert.Equal(2, (await house.ListedAsync(run)).GetProperty("freeSeats").GetInt32());

        await house.PostAsync($"/transports/{run}/promises", new { to = "EGY", seats = 0 });
        var listed = await house.ListedAsync(run);
        Assert.Equal((4, "Red Cross"), (listed.GetProperty("freeSeats").GetInt32(), listed.GetProperty("promised").EnumerateArray().Single().GetProperty("to").GetString()));
        Assert.Contains((await house.Timelines.ReadAsync(run)).Events, e => e.Event is SeatsGivenBack { To: "EGY", Seats: 2 });
        Assert.Equal("transport/no-seats-to-promise", await RefusedAsync(await WithSomebodyAsync(), new { to = "EGY", seats = 9 }, HttpStatusCode.Conflict, "promises"));
        Assert.Equal("transport/promised-to", await RefusedAsync(run, new { to = " ", seats = 1 }, HttpStatusCode.UnprocessableEntity, "promises"));
        Assert.Equal("transport/number-out-of-range", await RefusedAsync(run, new { to = "EGY", seats = -1 }, HttpStatusCode.UnprocessableEntity, "promises"));
        Assert.Equal("transport/unknown", await RefusedAsync(Guid.NewGuid(), new { to = "EGY", seats = 1 }, HttpStatusCode.NotFound, "promises"));

        async Task<Guid> WithSomebodyAsync()
        {
            var full = await house.TransportAsync("P-2", "P", "JED", "SAU", 3);
            await house.SeatedAsync([full], 3);
            return full;
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_change_is_said_with_its_field_and_nothing_changes()
    {
        var run = await house.TransportAsync("W-1", "W", "JED", "SAU", 3);
        foreach (var (body, code, field) in new (object, string, string?)[]
        {
            (new { reason = " ", seats = 3 }, "transport/reason", "reason"),
            (new { reason = "x" }, "transport/nothing-changes", null),
            (new { reason = "x", seats = -1 }, "transport/number-out-of-range", "seats"),
            (new { reason = "x", departsAt = "tomorrow" }, "transport/time-malformed", "departsAt"),
            (new { reason = "x", departsAt = "9999-12-31T23:59Z" }, "transport/time-out-of-range", "departsAt"),
            (new { reason = "x", arrivesAt = FleetHouse.Time(-50) }, "transport/arrives-before-it-departs", "arrivesAt"),
            (new { reason = "x", to = "W" }, "transport/same-point", "to"),
            (new { reason = "x", to = "SUEZ", destinationCountry = "Atlantis" }, "transport/country-unknown", "destinationCountry"),
            (new { reason = "x", kind = "rocket" }, "transport/unknown-kind", "kind"),
            (new { reason = "x", @operator = "" }, "transport/missing", "operator"),
            (new { reason = "x", oxygenPlaces = 99_999 }, "transport/number-out-of-range", "oxygenPlaces"),
        })
        {
            var problem = await house.PostAsync($"/transports/{run}/changes", body, HttpStatusCode.UnprocessableEntity);
            Assert.Equal((code, field), (problem.GetProperty("type").GetString(), problem.TryGetProperty("field", out var at) ? at.GetString() : null));
        }
        Assert.Equal("transport/seats-promised", await RefusedAsync(run, new { reason = "x", escortSeats = 10 }, HttpStatusCode.Conflict));
        Assert.Equal("transport/unknown", await RefusedAsync(Guid.NewGuid(), new { reason = "x", seats = 1 }, HttpStatusCode.NotFound));
        Assert.Equal("transport/unknown", await RefusedAsync(Guid.NewGuid(), new { reason = "x" }, HttpStatusCode.NotFound, "cancellation"));
        Assert.Single((await house.Timelines.ReadAsync(run)).Events);
    }

    [Fact]
    public async Task A_file_with_changed_rows_is_refused_unless_changes_are_asked_for()
    {
        var row = $"I-1,ship,I,JED,SAU,{FleetHouse.Time(3)},{FleetHouse.Time(9)},5,0,0,navy";
        Assert.Equal(1, (await house.ImportAsync($"{Header},escort_seats,most_infants,oxygen_places,promised_seats\n{row},1,2,1,EGY:1")).GetProperty("accepted").GetInt32());
        var run = StreamId.Transport("I-1");
        var person = await house.SeatedAsync([run], 3);
        var smaller = $"{Header}\n{row.Replace(",5,0,0,", ",2,0,0,", StringComparison.Ordinal)}";

        var refused = (await house.ImportAsync(smaller)).GetProperty("refused").EnumerateArray().Single();
        Assert.Equal("import/code-taken", refused.GetProperty("code").GetString());
        var changed = await house.ImportAsync(smaller, "?changes=true");
        Assert.Equal(1, changed.GetProperty("accepted").GetInt32());
        Assert.Equal([(person, run, "smaller-transport")], Lost(changed.GetProperty("changed").EnumerateArray().Single()));
        var listed = await house.ListedAsync(run);
        // What the file does not name stays as it is.
        Assert.Equal((2, 1, 2, 1, 1), (listed.GetProperty("seats").GetInt32(), listed.GetProperty("escortSeats").GetInt32(), listed.GetProperty("mostInfants").GetInt32(),
            listed.GetProperty("oxygenPlaces").GetInt32(), listed.GetProperty("promised").GetArrayLength()));
        Assert.Empty((await house.ImportAsync(smaller, "?changes=true")).GetProperty("changed").EnumerateArray().SelectMany(Lost));
    }

    [Fact]
    public async Task A_row_with_a_promise_that_cannot_be_read_is_refused()
    {
        var refused = (await house.ImportAsync($"{Header},promised_seats\nX-1,ship,X,JED,SAU,{FleetHouse.Time(3)},{FleetHouse.Time(9)},5,0,0,navy,EGY\nX-2,ship,X,JED,SAU,{FleetHouse.Time(3)},{FleetHouse.Time(9)},5,0,0,navy,EGY:6"))
            .GetProperty("refused").EnumerateArray().Select(row => row.GetProperty("code").GetString());

        Assert.Equal(["import/promise-malformed", "import/more-than-seats"], refused);
    }

    [Fact]
    public async Task A_point_tells_how_long_a_change_takes_there()
    {
        var answer = await house.Coordinator.PostAsync("/assembly-points/import", new StringContent("code,name,latitude,longitude,connection_minutes,country\nQ-1,Quay,19,37,180,SDN\nQ-2,Road,19,37,,SDN\nQ-3,Far,19,37,99999,SDN", Encoding.UTF8, "text/csv"));
        Assert.Equal(2, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accepted").GetInt32());
        var (bus, ship) = (await house.TransportAsync("Q-B", "Q-0", "Q-1", null, 0), await house.TransportAsync("Q-S", "Q-1", "JED", "SAU", 9));
        var person = await house.SeatedAsync([bus, ship], 3);

        Assert.Contains(Lost(await house.PostAsync($"/transports/{bus}/changes", new { reason = "Late", departsAt = FleetHouse.Time(2) })), lost => lost == (person, ship, "missed-connection"));
    }

    [Fact]
    public async Task However_many_coordinators_and_gate_officers_act_at_once_nobody_stays_on_a_seat_that_is_not_there()
    {
        var run = await house.TransportAsync("N-1", "N", "JED", "SAU", 3);
        var people = new List<Guid>();
        for (var tier = 1; tier <= 8; tier++) people.Add(await house.SeatedAsync([run], 1 + (tier % 5)));

        var answers = await Task.WhenAll([
            .. people.Select(person => house.Coordinator.PostAsJsonAsync($"/transports/{run}/boarding", new { personId = person })),
            .. Enumerable.Range(3, 4).Select(seats => house.Coordinator.PostAsJsonAsync($"/transports/{run}/changes", new { reason = "Smaller", seats }))]);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }));

        var transport = (await house.Timelines.ReadAsync(run)).Fold<Transport>();
        Assert.False(transport.Free.IsOverdrawn);
        foreach (var person in people)
            Assert.Equal(transport.Manifest[person].IsTaken, (await house.Timelines.ReadAsync(person)).Fold<Passenger>().HoldsSeat);
    }

    private async Task<string?> RefusedAsync(Guid run, object body, HttpStatusCode status, string what = "changes") =>
        (await house.PostAsync($"/transports/{run}/{what}", body, status)).GetProperty("type").GetString();

    private static List<(Guid Person, Guid Run, string? Reason)> Lost(JsonElement answer) => [.. answer.GetProperty("lost").EnumerateArray()
        .Select(lost => (lost.GetProperty("personId").GetGuid(), lost.GetProperty("transportId").GetGuid(), lost.GetProperty("reason").GetString()))];
}
