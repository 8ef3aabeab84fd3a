using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Tests.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;
using Town = CrisisCoordination.EvacuationPlanning.Tests.Plans.PlansHttpTests.Town;

namespace CrisisCoordination.EvacuationPlanning.Tests.Places;

/// <summary>What a coordinator may try who wants somebody carried into the country they fear, here ERI; and what it gets.</summary>
public sealed class PlaceLiesHttpTests(PlanningHouse house) : IClassFixture<PlanningHouse>
{
    private static FearOfReturnStated FearsEritrea => new(["ERI"], "officer", DateTimeOffset.UtcNow);

    [Theory]
    [InlineData("/plans")]
    [InlineData("/plans/what-if")]
    public async Task A_plan_that_says_where_the_crisis_is_is_refused(string path)
    {
        var town = await Town.OpenAsync(house, seats: 1);
        await town.RegisterAsync(tier: 3, then: FearsEritrea);

        await RefusedAsync(town, path, new { crisisId = town.Crisis, crisisCountry = "ERI", cancel = new[] { $"{town.Name}-first" } }, HttpStatusCode.UnprocessableEntity, "plan/country-not-asked", "crisisCountry");
        Assert.Empty(await town.TakenAsync());
    }

    [Fact]
    public async Task A_transport_that_does_not_say_that_it_goes_there_carries_only_who_does_not_fear_it()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var (fears, other) = (await town.RegisterAsync(tier: 1, then: FearsEritrea), await town.RegisterAsync(tier: 4));
        await town.House.PointAsync($"{town.Name}-OUT", "ERI");
        await town.EnterAsync("silent", $"{town.Name}-OUT", told: null);

        var draft = await town.DraftAsync();
        Assert.True((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());
        await town.PublishAsync(draft);
        Assert.Equal([other], await town.TakenAsync());
        Assert.DoesNotContain(await EventsAsync(fears), e => e is SeatHeld);
        Assert.Equal("ERI", (await EventsAsync(other)).OfType<SeatHeld>().Single().DestinationCountry);
    }

    [Fact]
    public async Task A_transport_that_contradicts_its_point_is_refused_with_who_told_where_the_point_lies()
    {
        var town = await Town.OpenAsync(house, seats: null);
        await town.House.PointAsync($"{town.Name}-OUT", "ERI");

        foreach (var lie in (string[])["MOZ", "ZAF"])
            Assert.Contains("lies in ERI, as test-coordinator told on", await RefusedAsync(town, "/transports", town.Ship("lie", $"{town.Name}-OUT", lie), HttpStatusCode.Conflict, "transport/country-contradicts", "destinationCountry"), StringComparison.Ordinal);
        var file = $"code,kind,from,to,destination_country,departs_at,arrives_at,seats,wheelchair_spaces,stretcher_spaces,operator\n{town.Name}-file,ship,{town.Name}-IN,{town.Name}-OUT,MOZ,2030-01-01T00:00Z,2030-01-02T00:00Z,9,0,0,navy\n";
        var answer = await (await town.Coordinator.PostAsync("/transports/import", new StringContent(file, Encoding.UTF8, "text/csv"))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("transport/country-contradicts", answer.GetProperty("refused").EnumerateArray().Single().GetProperty("code").GetString());
        await RefusedAsync(town, "/plans/what-if", new { crisisId = town.Crisis, add = new[] { town.Ship("lie", $"{town.Name}-OUT", "MOZ") } }, HttpStatusCode.Conflict, "transport/country-contradicts", "add[0].destinationCountry");
    }

    [Fact]
    public async Task A_transport_to_or_from_a_point_that_nobody_entered_is_refused()
    {
        var town = await Town.OpenAsync(house, seats: null);

        await RefusedAsync(town, "/transports", town.Ship("lost", "NOWHERE", null), HttpStatusCode.UnprocessableEntity, "transport/point-unknown", "to");
        await RefusedAsync(town, "/transports", town.Ship("lost", $"{town.Name}-IN", null), HttpStatusCode.UnprocessableEntity, "transport/same-point", "to");
        await town.House.PointAsync($"{town.Name}-OUT", "ZAF");
        await RefusedAsync(town, "/transports", town.Ship("lost", $"{town.Name}-OUT", null, alternates: "NOWHERE"), HttpStatusCode.UnprocessableEntity, "transport/point-unknown", "alternates");
    }

    [Fact]
    public async Task Where_the_crisis_is_must_be_told_before_anybody_is_planned()
    {
        var town = await Town.OpenAsync(house, seats: 1);
        var silent = Guid.CreateVersion7();
        await house.Timelines.AttemptAsync(work => Task.FromResult(work.Append(silent, new CrisisOpened($"{silent}", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow))));

        await RefusedAsync(town, "/plans", new { crisisId = silent }, HttpStatusCode.Conflict, "crisis/countries-unknown", field: null);
    }

    [Fact]
    public async Task A_transport_to_a_point_of_which_nobody_told_the_country_is_named_in_the_draft_and_stops_nobody()
    {
        var town = await Town.OpenAsync(house, seats: 1);
        var (fears, other) = (await town.RegisterAsync(tier: 4, then: FearsEritrea), await town.RegisterAsync(tier: 3));
        var answer = await town.PointsAsync($"{town.Name}-DARK,Dark,{(-town.Latitude).ToString(System.Globalization.CultureInfo.InvariantCulture)},170,");
        Assert.Equal([$"{town.Name}-DARK"], answer.GetProperty("countryUnknown").EnumerateArray().Select(code => code.GetString()));
        await town.EnterAsync("dark", $"{town.Name}-DARK", told: "ZAF");

        var draft = await town.DraftAsync();
        var left = draft.GetProperty("transportsLeftOut").EnumerateArray().Single(run => run.GetProperty("transportCode").GetString() == $"{town.Name}-dark");
        Assert.Equal("country-unknown", left.GetProperty("code").GetString());
        await town.PublishAsync(draft);
        Assert.Equal([other], await town.TakenAsync());
        Assert.DoesNotContain(await EventsAsync(fears), e => e is SeatHeld);
    }

    [Fact]
    public async Task One_account_alone_moves_no_point_to_another_country()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var (fears, place) = (await town.RegisterAsync(tier: 3, then: FearsEritrea), $"{town.Name}-OUT");
        await town.House.PointAsync(place, "ERI");
        await town.EnterAsync("out", place, told: null);

        Assert.Contains("as test-coordinator told on", await RefusedAsync(town, $"/assembly-points/{place}/country", new { country = "ZAF" }, HttpStatusCode.Conflict, "point/country-contradicts", field: null), StringComparison.Ordinal);
        await town.PostAsync($"/assembly-points/{place}/country", new { country = "ZAF", reason = "Surveyed" });
        await RefusedAsync(town, $"/assembly-points/{place}/country/confirmation", new { country = "ZAF" }, HttpStatusCode.Forbidden, "point/second-officer-needed", field: null);
        await RefusedAsync(town, $"/assembly-points/{place}/country/confirmation", new { country = "KEN" }, HttpStatusCode.Conflict, "point/nothing-proposed", field: null);
        foreach (var row in new[] { $"{place},{place},1,1,ZAF", $"{place},Another name,1,1,ERI" })
            Assert.Equal("import/code-taken", (await town.PointsAsync(row)).GetProperty("refused").EnumerateArray().Single().GetProperty("code").GetString());

        await town.PublishAsync(await town.DraftAsync());
        Assert.Empty(await town.TakenAsync());
        Assert.DoesNotContain(await EventsAsync(fears), e => e is SeatHeld);
    }

    [Fact]
    public async Task A_second_officer_corrects_a_wrong_country_and_who_feared_it_may_go_then()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var (fears, place) = (await town.RegisterAsync(tier: 3, then: FearsEritrea), $"{town.Name}-OUT");
        await town.House.PointAsync(place, "ERI");
        await town.EnterAsync("out", place, told: null);
        await town.PostAsync($"/assembly-points/{place}/country", new { country = "ZAF", reason = "A slip" });
        using var second = await house.ClientOfAsync(Service.EvacuationPlanning, "second-coordinator", null, Roles.Coordinator);
        Assert.Equal(HttpStatusCode.OK, (await second.PostAsJsonAsync($"/assembly-points/{place}/country/confirmation", new { country = "ZAF" })).StatusCode);

        await town.PublishAsync(await town.DraftAsync());
        Assert.Equal([fears], await town.TakenAsync());
    }

    [Fact]
    public async Task From_the_moment_somebody_says_that_a_point_lies_in_the_feared_country_the_seats_there_are_free()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var (fears, other, place) = (await town.RegisterAsync(tier: 3, then: FearsEritrea), await town.RegisterAsync(tier: 3), $"{town.Name}-OUT");
        await town.House.PointAsync(place, "ZAF");
        await town.EnterAsync("out", place, told: "ZAF");
        await town.PublishAsync(await town.DraftAsync());
        Assert.Equal(new[] { fears, other }.Order(), (await town.TakenAsync()).Order());

        await town.PostAsync($"/assembly-points/{place}/country", new { country = "ERI", reason = "It lies across the border" });
        await Eventually.TrueAsync(async () => (await town.TakenAsync()).SequenceEqual([other]), "the seat of whoever fears it is free");
    }

    [Fact]
    public async Task Diverting_or_naming_an_alternate_in_the_feared_country_takes_nobody_there_who_fears_it()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var fears = await town.RegisterAsync(tier: 3, then: FearsEritrea);
        var (safe, feared) = ($"{town.Name}-ZAF", $"{town.Name}-ERI");
        foreach (var (code, country) in new[] { (safe, "ZAF"), (feared, "ERI") }) await town.House.PointAsync(code, country);
        var (ship, spare) = (await town.EnterAsync("one", safe, told: null, hours: 40), await town.EnterAsync("two", safe, told: null, hours: 60));
        await town.PublishAsync(await town.DraftAsync());
        Assert.Equal([fears], await town.TakenAsync());

        await RefusedAsync(town, $"/transports/{ship}/changes", new { reason = "Storm", to = feared, destinationCountry = "ZAF" }, HttpStatusCode.Conflict, "transport/country-contradicts", "destinationCountry");
        await RefusedAsync(town, $"/transports/{ship}/changes", new { reason = "Storm", to = "NOWHERE" }, HttpStatusCode.UnprocessableEntity, "transport/point-unknown", "to");
        await town.PointsAsync($"{town.Name}-DARK,Dark,{(-town.Latitude).ToString(System.Globalization.CultureInfo.InvariantCulture)},171,");
        await RefusedAsync(town, $"/transports/{ship}/changes", new { reason = "Storm", to = $"{town.Name}-DARK" }, HttpStatusCode.Conflict, "travel/country-unknown", field: null);
        Assert.Equal([fears], await town.TakenAsync());

        await town.PostAsync($"/transports/{ship}/changes", new { reason = "Storm", alternates = new[] { feared } });
        Assert.Empty(await town.TakenAsync());
        await town.PostAsync($"/transports/{spare}/changes", new { reason = "Storm", to = feared });
        await town.PublishAsync(await town.DraftAsync());
        Assert.Empty(await town.TakenAsync());
    }

    [Fact]
    public async Task At_a_gate_nobody_gets_a_space_to_the_country_they_fear_though_the_transport_does_not_say_so()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var fears = await town.RegisterAsync(tier: 3, then: FearsEritrea);
        await town.House.PointAsync($"{town.Name}-OUT", "ERI");
        var ship = await town.EnterAsync("gate", $"{town.Name}-OUT", told: null);

        using var walked = await town.AskAsync(HttpMethod.Post, $"/transports/{ship}/walk-up", new { personId = fears });
        Assert.Equal("travel/protection", await CodeAsync(walked));
        await town.PostAsync($"/transports/{ship}/manifest/seal", new { });
        Assert.False((await town.PostAsync($"/transports/{ship}/standby", new { personId = fears })).GetProperty("hasSpace").GetBoolean());
        Assert.Empty(await town.TakenAsync());
    }

    // Nobody knows the place, and no neighbour contradicts who says that it is elsewhere.
    [Fact]
    public async Task A_place_of_which_one_account_alone_told_the_country_takes_nobody_who_fears_a_state_until_a_second_tells_the_same()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var (fears, other) = (await town.RegisterAsync(tier: 1, then: FearsEritrea), await town.RegisterAsync(tier: 4));
        var place = $"{town.Name}-FAR";
        await town.Coordinator.ToldByOneAsync(place, "ZAF");
        await town.EnterAsync("far", place, told: null);
        await PublishAsync();
        Assert.Equal([other], await town.TakenAsync());
        Assert.Equal("country-told-by-one", (await EventsAsync(fears)).OfType<LeftBehind>().Single().Reason);

        // The same account twice is one account, whichever door it takes.
        Assert.Equal([place], Codes(await town.PointsAsync(PointsExamples.Row(place, "ZAF"))));
        await RefusedAsync(town, $"/assembly-points/{place}/country/confirmation", new { country = "ZAF" }, HttpStatusCode.Forbidden, "point/second-officer-needed", null);
        await town.PostAsync($"/assembly-points/{place}/country", new { country = "ZAF" });
        await PublishAsync();
        Assert.Equal([other], await town.TakenAsync());

        using var second = await house.SecondCoordinatorAsync();
        Assert.Empty(Codes(await second.ImportPointsAsync(PointsExamples.Row(place, "ZAF"))));
        await PublishAsync();
        Assert.Equal([fears, other], (await town.TakenAsync()).Order());

        async Task PublishAsync()
        {
            var draft = await town.DraftAsync();
            Assert.True((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());
            await town.PublishAsync(draft);
        }

        static IEnumerable<string?> Codes(JsonElement answer) => answer.GetProperty("countryToldByOne").EnumerateArray().Select(code => code.GetString());
    }

    [Fact]
    public async Task Of_neighbours_that_are_entered_at_once_in_two_countries_one_is_refused()
    {
        var town = await Town.OpenAsync(house, seats: null);
        using var second = await house.SecondCoordinatorAsync();
        var latitude = town.Latitude.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var pair in Enumerable.Range(0, 8))
        {
            var answers = await Task.WhenAll(
                town.PointsAsync($"{town.Name}-L{pair},L,{latitude},{-90 + pair},ZAF"), second.ImportPointsAsync($"{town.Name}-R{pair},R,{latitude},{-90 + pair}.001,ERI"));
            Assert.Equal("point/country-contradicts", answers.SelectMany(answer => answer.GetProperty("refused").EnumerateArray()).Single().GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Nobody_across_the_border_is_sent_into_the_country_they_fear_to_set_out_from_there()
    {
        var town = await Town.OpenAsync(house, seats: 9);
        var (fears, across) = (new FearOfReturnStated(["MOZ"], "officer", DateTimeOffset.UtcNow), new Contracts.Position(town.Latitude + 0.25, 10));
        CheckedIn At(Contracts.Position place) => new(Guid.CreateVersion7(), "safe", "self", null, place, DateTimeOffset.UtcNow.AddSeconds(30));
        var (gone, there, fearless) = (await town.RegisterAsync(3, then: [fears, At(across)]), await town.RegisterAsync(3, then: fears), await town.RegisterAsync(3, then: At(across)));
        var says = await town.RegisterAsync(3);

        var draft = await town.DraftAsync();
        Assert.True((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());
        await town.PublishAsync(draft);
        Assert.Equal(new[] { there, fearless, says }.Order(), (await town.TakenAsync()).Order());

        // Told after they were seated it frees the seat of who is across the border, and keeps it for who is there and has to get out.
        await town.PostAsync($"/people/{says}/gate/fears", new { countries = new[] { "MOZ" } });
        await town.PostAsync($"/people/{fearless}/gate/fears", new { countries = new[] { "MOZ" } });
        Assert.Equal(new[] { there, says }.Order(), (await town.TakenAsync()).Order());
        // One account enters a point beside who is across, and says that it lies there.
        await town.PointsAsync(FormattableString.Invariant($"{town.Name}-BESIDE,Beside,{town.Latitude + 0.249},10,MOZ"));
        var ship = await town.EnterAsync("gate", $"{town.Name}-ZAF", told: null, hours: 60);
        using var walked = await town.AskAsync(HttpMethod.Post, $"/transports/{ship}/walk-up", new { personId = gone });
        Assert.Equal("travel/protection", await CodeAsync(walked));
        await house.Timelines.AttemptAsync(async work => { await work.ReadAsync(there); return work.Append(there, At(across)); });
        await Eventually.TrueAsync(async () => (await town.TakenAsync()).SequenceEqual([says]), "the seat of who crossed the border is free");
    }

    [Fact]
    public async Task Nobody_is_called_to_a_gate_in_the_country_they_fear_abroad_or_where_it_may_lie_in_it()
    {
        var town = await Town.OpenAsync(house, seats: 9);
        var (fears, other, abroad) = (await town.RegisterAsync(tier: 3, then: FearsEritrea), await town.RegisterAsync(tier: 3), $"{town.Name}-ERI");
        await town.House.PointAsync(abroad, "ERI");
        await town.House.PointAsync($"{town.Name}-ZAF", "ZAF");
        using var entered = await town.AskAsync(HttpMethod.Post, "/transports", new
        {
            code = $"{town.Name}-away",
            kind = "ship",
            from = abroad,
            to = $"{town.Name}-ZAF",
            destinationCountry = "ZAF",
            seats = 9,
            @operator = "navy",
            departsAt = DateTimeOffset.UtcNow.AddHours(60),
            arrivesAt = DateTimeOffset.UtcNow.AddHours(70),
        });
        Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        var away = (await entered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("transportId").GetGuid();

        // A coordinator calls them across the border, and lets them stand by there.
        using var walked = await town.AskAsync(HttpMethod.Post, $"/transports/{away}/walk-up", new { personId = fears });
        Assert.Equal("travel/protection", await CodeAsync(walked));
        await town.PublishAsync(await town.DraftAsync());
        Assert.Equal(new[] { fears, other }.Order(), (await town.TakenAsync()).Order());

        // From the moment somebody says that the town lies there, nobody who fears it is to come to it.
        await town.PostAsync($"/assembly-points/{town.Name}-IN/country", new { country = "ERI", reason = "It lies across the border" });
        await Eventually.TrueAsync(async () => (await town.TakenAsync()).SequenceEqual([other]), "the seat of whoever fears it is free");
        Assert.DoesNotContain((await house.Timelines.ReadAsync([away])).Single().Fold<Transport>().Lines, space => space.IsTaken);
    }

    [Fact]
    public async Task A_corrected_telephone_number_brings_nobody_back_across_the_border()
    {
        var town = await Town.OpenAsync(house, seats: 9);
        var fears = new FearOfReturnStated(["MOZ"], "officer", DateTimeOffset.UtcNow);
        CheckedIn At(double north) => new(Guid.CreateVersion7(), "safe", "self", null, new(town.Latitude + north, 10), DateTimeOffset.UtcNow.AddSeconds(30));
        var (across, here) = (await town.RegisterAsync(3, then: [fears, At(0.25)]), await town.RegisterAsync(3, then: [fears, At(0)]));
        foreach (var person in (Guid[])[across, here])
            await house.Timelines.AttemptAsync(async work =>
            {
                var told = (await work.ReadAsync(person)).Events.Select(e => e.Event).OfType<PersonRegistered>().Single();
                return work.Append(person, new RegistrationCorrected(told.RegistrationId, "officer", told.Form! with { Phone = "+258 84 000" }, "A new number", DateTimeOffset.UtcNow.AddMinutes(1)));
            });

        var draft = await town.DraftAsync();
        Assert.True((await town.CertificateAsync(draft)).GetProperty("holds").GetBoolean());
        await town.PublishAsync(draft);
        Assert.Equal([here], await town.TakenAsync());
    }

    [Fact]
    public async Task Two_points_at_one_place_cannot_lie_in_two_countries()
    {
        var town = await Town.OpenAsync(house, seats: null);
        var latitude = town.Latitude.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = await town.PointsAsync($"{town.Name}-TWIN,Twin,{latitude},10.001,ZAF", $"{town.Name}-A,A,{latitude},-100,ZAF", $"{town.Name}-B,B,{latitude},-100.001,ERI");
        Assert.Equal([(2, "point/country-contradicts"), (4, "point/country-contradicts")],
            answer.GetProperty("refused").EnumerateArray().Select(row => (row.GetProperty("row").GetInt32(), row.GetProperty("code").GetString()!)));
    }

    private static async Task<string> RefusedAsync(Town town, string path, object body, HttpStatusCode status, string code, string? field)
    {
        using var answer = await town.AskAsync(HttpMethod.Post, path, body);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, said);
        var problem = JsonDocument.Parse(said).RootElement;
        Assert.Equal((code, field), (problem.GetProperty("type").GetString(), problem.TryGetProperty("field", out var at) ? at.GetString() : null));
        return problem.GetProperty("detail").GetString()!;
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString();

    private async Task<IEnumerable<Event>> EventsAsync(Guid stream) => (await house.Timelines.ReadAsync(stream)).Events.Select(e => e.Event);
}
