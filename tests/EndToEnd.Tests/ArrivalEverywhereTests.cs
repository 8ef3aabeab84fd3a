using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>What one arrival makes happen in all services.</summary>
[Collection(typeof(InTheBusyHouse))]
public sealed class ArrivalEverywhereTests(WholeHouse house)
{
    private static readonly Guid Ship = Guid.CreateVersion7();

    [Fact]
    public async Task Coming_home_is_handed_over_followed_up_and_told_to_the_mother_who_looked_once()
    {
        var (mother, son, request) = (await PersonAsync("H-1", "1960-02-03"), await PersonAsync("H-2", "1990-02-03"), Guid.CreateVersion7());
        await AppendAsync(Service.ConsularContact, mother, new TracingRequested(request, new() { FamilyName = "Sought" }, "child", "officer", Now), new RelativeFound(request, son, null, Now));
        await AppendAsync(Service.ConsularContact, son, new TracingMatchFound(request, mother, 3, [], Now.AddDays(3), Now), new TracingAnswered(request, true, "self", null, "officer", Now));
        await ArriveAsync(son, "ARG");

        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var aid = await house.SignedInAsync(Service.HumanitarianAid, Roles.AidWorker);
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        await Eventually.TrueAsync(async () => await TellsAsync<RelativeArrived>(mother) == 1, "the mother is told");
        await Eventually.TrueAsync(async () => await ListedAsync(coordinator, "/handovers?state=open&limit=500", son), "the handover is on the list");
        await Eventually.TrueAsync(async () => await ListedAsync(aid, "/reintegrations?state=offered&limit=500", son), "help with starting again is offered");

        var search = (await officer.GetFromJsonAsync<JsonElement>($"/people/{mother}/tracing-requests")).GetProperty("items")[0];
        Assert.True(search.TryGetProperty("arrived", out _));
        Assert.DoesNotContain("ARG", search.GetRawText(), StringComparison.Ordinal);

        // Woken again by whatever else is said, nothing is told twice.
        await AppendAsync(Service.ConsularContact, son, new TracingWishRecorded("anyone", "officer", Now));
        var taken = await PostAsync(coordinator, $"/people/{son}/handover", new { to = "state", receiver = "ARG", receivedBy = "border-officer", place = "Quay 4", care = new[] { "medical" } });
        Assert.Equal(("done", "none"), (taken.GetProperty("state").GetString(), taken.GetProperty("handover").GetProperty("basis").GetString()));
        Assert.Equal("reintegration/not-agreed", await RefusedAsync(aid, $"/people/{son}/reintegration/follow-ups", new { number = 1, outcome = "well" }, HttpStatusCode.Conflict));
        await PostAsync(aid, $"/people/{son}/reintegration", new { agreed = true });
        Assert.Equal(2, (await PostAsync(aid, $"/people/{son}/reintegration/follow-ups", new { number = 1, outcome = "well", notes = "Found work" })).GetProperty("next").GetProperty("number").GetInt32());
        Assert.Equal("closed", (await PostAsync(aid, $"/people/{son}/reintegration/closing", new { outcome = "settled" })).GetProperty("state").GetString());
        Assert.Equal("closed", (await aid.GetFromJsonAsync<JsonElement>($"/people/{son}/reintegration")).GetProperty("state").GetString());
        Assert.Equal(1, await TellsAsync<RelativeArrived>(mother));
        Assert.Equal("onward/at-home", await RefusedAsync(coordinator, $"/people/{son}/onward", new { destination = "ARG", means = "road", on = "2100-01-01", responsible = "IOM" }, HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Who_turns_out_to_be_missing_is_handed_over_followed_and_told_of_no_more_and_anew_when_found()
    {
        var (mother, son, request) = (await PersonAsync("H-8", "1960-02-03"), await PersonAsync("H-9", "1990-02-03"), Guid.CreateVersion7());
        await AppendAsync(Service.ConsularContact, mother, new TracingRequested(request, new() { FamilyName = "Sought" }, "child", "officer", Now), new RelativeFound(request, son, null, Now));
        await AppendAsync(Service.ConsularContact, son, new TracingMatchFound(request, mother, 3, [], Now.AddDays(3), Now), new TracingAnswered(request, true, "self", null, "officer", Now));
        await ArriveAsync(son, "ARG");
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var aid = await house.SignedInAsync(Service.HumanitarianAid, Roles.AidWorker);
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        await Eventually.TrueAsync(async () => await TellsAsync<RelativeArrived>(mother) == 1, "the mother is told");
        await Eventually.TrueAsync(async () => await TellsAsync<HandoverOpened>(son) == 1 && await TellsAsync<ReintegrationOffered>(son) == 1, "he is to be received");

        await AppendAsync(Service.EvacuationPlanning, son, new MissingAtArrival(Ship, false, Now.AddHours(12), "gate", Now));
        await Eventually.TrueAsync(async () => await TellsAsync<RelativeArrivalTakenBack>(mother) == 1, "it is taken back");
        var search = await SearchAsync();
        Assert.Equal((false, true), (search.TryGetProperty("arrived", out _), search.TryGetProperty("takenBack", out _)));
        Assert.Equal("handover/missing", await RefusedAsync(coordinator, $"/people/{son}/handover", new { to = "state", receiver = "ARG", receivedBy = "border-officer" }, HttpStatusCode.Conflict));
        await Eventually.TrueAsync(async () => await ListedAsync(coordinator, "/handovers?state=withdrawn&limit=500", son), "the handover is withdrawn");
        Assert.Equal("reintegration/not-home", await RefusedAsync(aid, $"/people/{son}/reintegration", new { agreed = true }, HttpStatusCode.Conflict));

        await AppendAsync(Service.EvacuationPlanning, son, new FoundAfterArrival(Ship, Arrived: true, "gate", Now), new Arrived(Ship, "ARG", true, "gate", Now));
        await Eventually.TrueAsync(async () => await TellsAsync<RelativeArrived>(mother) == 2, "she is told anew");
        await Eventually.TrueAsync(async () => await TellsAsync<HandoverOpened>(son) == 2 && await TellsAsync<ReintegrationOffered>(son) == 2, "he is to be received after all");
        await PostAsync(coordinator, $"/people/{son}/handover", new { to = "state", receiver = "ARG", receivedBy = "border-officer" });
        Assert.Equal((true, false), (await SearchAsync() is var now ? (now.TryGetProperty("arrived", out _), now.TryGetProperty("takenBack", out _)) : default));

        async Task<JsonElement> SearchAsync() => (await officer.GetFromJsonAsync<JsonElement>($"/people/{mother}/tracing-requests")).GetProperty("items")[0];
    }

    [Fact]
    public async Task Who_is_out_of_danger_and_not_at_home_gets_a_plan_and_who_wants_to_be_found_by_nobody_is_not_told_of()
    {
        var (husband, wife, request) = (await PersonAsync("H-3", "1960-02-03"), await PersonAsync("H-4", "1990-02-03"), Guid.CreateVersion7());
        await AppendAsync(Service.ConsularContact, husband, new TracingRequested(request, new() { FamilyName = "Sought" }, "spouse", "officer", Now), new RelativeFound(request, wife, null, Now));
        await AppendAsync(Service.ConsularContact, wife,
            new TracingMatchFound(request, husband, 3, [], Now.AddDays(3), Now), new TracingAnswered(request, true, "self", null, "officer", Now), new TracingWishRecorded("nobody", "officer", Now), new EvacuationConsentGiven(wife, "officer", Now));
        await ArriveAsync(wife, "URY");

        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        await Eventually.TrueAsync(async () => await ListedAsync(coordinator, "/onward-plans?state=open&limit=500", wife), "the onward plan is on the list");
        Assert.Equal("country/unknown", await RefusedAsync(coordinator, $"/people/{wife}/handover", new { to = "state", receiver = "nowhere", receivedBy = "border-officer" }, HttpStatusCode.UnprocessableEntity));
        Assert.Equal("handover/agency-unknown", await RefusedAsync(coordinator, $"/people/{wife}/handover", new { to = "agency", receiver = "NOBODY", receivedBy = "agency-staff" }, HttpStatusCode.UnprocessableEntity));
        await PostAsync(coordinator, $"/people/{wife}/onward", new { destination = "ARG", means = "flight", on = "2100-01-01", responsible = "IOM", notes = "Needs a visa photograph" });
        var shown = (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{wife}/handover")).GetProperty("onward");
        Assert.Equal(("planned", "ARG", "Needs a visa photograph"), (shown.GetProperty("state").GetString(), shown.GetProperty("destination").GetString(), shown.GetProperty("notes").GetString()));
        await PostAsync(coordinator, $"/people/{wife}/onward/done", new { outcome = "moved-on" });
        Assert.True(await ListedAsync(coordinator, "/onward-plans?state=done&limit=500", wife));

        Assert.Equal((0, 0), (await TellsAsync<RelativeArrived>(husband), await TellsAsync<ArrivalTold>(wife)));
        Assert.Equal("reintegration/not-home", await RefusedAsync(await house.SignedInAsync(Service.HumanitarianAid, Roles.AidWorker), $"/people/{wife}/reintegration", new { agreed = true }, HttpStatusCode.Conflict));
        Assert.Equal("handover/not-arrived", await RefusedAsync(coordinator, $"/people/{husband}/handover", new { to = "self", receivedBy = "none" }, HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Who_fears_a_state_that_they_did_not_name_goes_to_none_whatever_nationality_an_officer_adds()
    {
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        using var protection = await house.SignedInAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        var (person, registration) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        object Form(string? nationality) => new { familyName = "Nameless", givenNames = "H-10", birthDate = "1990-02-03", nationality, fearOfReturnTo = new[] { "XXX" } };
        await AppendAsync(Service.ConsularContact, person, new PersonRegistered(registration, Crisis, "H-10", Channel.Phone, true,
            new() { FamilyName = "Nameless", GivenNames = "H-10", BirthDate = new(1990, 2, 3), FearOfReturnTo = ["XXX"] }, Now.AddHours(-1)));
        await ArriveAsync(person, "URY");
        await Eventually.TrueAsync(async () => await TellsAsync<HandoverOpened>(person) == 1, "they are to be received");
        var path = $"/people/{person}/handover";

        // Whoever gains by it tells a nationality for them, or takes them over under another name.
        // The services still tell what the arrival means for them: whoever corrects looks again and repeats it.
        await Eventually.TrueAsync(async () =>
        {
            using var correction = new HttpRequestMessage(HttpMethod.Put, $"/people/{person}/registrations/{registration}")
            {
                Content = JsonContent.Create(new { registration = Form("SDN"), reason = "They showed a card." }),
                Headers = { { "If-Match", $"\"{(await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(person)).Version}\"" } },
            };
            var status = (await officer.SendAsync(correction)).StatusCode;
            Assert.Contains(status, new[] { HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed });
            return status is HttpStatusCode.NoContent;
        }, "the nationality is told");
        Assert.Equal("handover/non-refoulement", await RefusedAsync(coordinator, path, new { to = "state", receiver = "URY", receivedBy = "border-officer" }, HttpStatusCode.Conflict));
        Assert.True((await officer.PostAsJsonAsync($"/people/{person}/fears", new { countries = new[] { "SDN" } })).IsSuccessStatusCode);
        Assert.Equal("handover/non-refoulement", await RefusedAsync(coordinator, path, new { to = "state", receiver = "URY", receivedBy = "border-officer" }, HttpStatusCode.Conflict));
        Assert.Equal("handover/received-by-another", await RefusedAsync(coordinator, path, new { to = "self", receivedBy = "border-officer" }, HttpStatusCode.UnprocessableEntity));
        Assert.Equal("handover/receiver-not-asked", await RefusedAsync(coordinator, path, new { to = "self", receiver = "URY", receivedBy = "none" }, HttpStatusCode.UnprocessableEntity));

        // A protection officer heard which state it is.
        Assert.True((await protection.PostAsJsonAsync($"/people/{person}/fears", new { countries = new[] { "SDN" } })).IsSuccessStatusCode);
        Assert.Equal("done", (await PostAsync(coordinator, path, new { to = "state", receiver = "URY", receivedBy = "border-officer" })).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_handover_that_nobody_made_in_time_is_seen_as_overdue()
    {
        var person = await PersonAsync("H-5", "1990-02-03");
        await ArriveAsync(person, "ARG", Now.AddDays(-2));
        using var officer = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Officer);
        await Eventually.TrueAsync(async () => await ListedAsync(officer, "/handovers?state=overdue&limit=500", person), "the handover is overdue");
        Assert.Equal(1, await TellsAsync<HandoverOverdue>(person));
    }

    [Fact]
    public async Task Who_is_said_to_be_unfit_loses_the_seat_and_hears_which_countries_are_closed_until_then()
    {
        var person = await PersonAsync("H-6", "1990-02-03");
        var (transport, leaves) = (Guid.CreateVersion7(), Now.AddDays(3));
        await AppendAsync(Service.ConsularContact, Crisis, new CrisisOpened("unfit", "test", "Exercise", "Floods", [], Now), new CrisisCountriesSet(["URY"], "officer", Now));
        await AppendAsync(Service.ConsularContact, person, new EvacuationConsentGiven(person, "officer", Now));
        await AppendAsync(Service.EvacuationPlanning, transport, new TransportScheduled("UNFIT-1", "ship", "ZQ", "ZR", "CHL", leaves, leaves.AddHours(4), 5, 0, 0, "navy", Now), new SpaceTaken(person, person, Mobility.None, false, Now));
        await AppendAsync(Service.EvacuationPlanning, person, new SeatHeld(Guid.CreateVersion7(), transport, "UNFIT-1", Mobility.None, 1, 1, "CHL", leaves, Now));
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var aid = await house.SignedInAsync(Service.HumanitarianAid, Roles.AidWorker);
        Assert.True((await coordinator.PostAsync("/assembly-points/import", new StringContent(
            "code,name,latitude,longitude,country\nZQ,Quay,-34.6,-58.4,URY\nZR,Port,-33.0,-71.6,CHL\n", System.Text.Encoding.UTF8, "text/csv"))).IsSuccessStatusCode);
        Assert.True((await DestinationAsync()).GetProperty("may").GetBoolean());

        Assert.Equal("fitness/over-already", await RefusedAsync(aid, $"/people/{person}/fit-to-travel", new { fit = false, validUntil = "2020-01-01" }, HttpStatusCode.UnprocessableEntity));
        await PostAsync(aid, $"/people/{person}/fit-to-travel", new { fit = false, validUntil = $"{leaves:yyyy-MM-dd}", conditions = "Lying down" });
        var closed = await DestinationAsync();
        Assert.Equal((false, "unfit-to-travel", "fit_to_travel_assessed"), (closed.GetProperty("may").GetBoolean(), closed.GetProperty("reasons")[0].GetProperty("code").GetString(), closed.GetProperty("reasons")[0].GetProperty("event").GetProperty("type").GetString()));
        await Eventually.TrueAsync(async () => await TellsAsync<SeatReleased>(person) == 1, "the seat is freed");

        async Task<JsonElement> DestinationAsync() => (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{person}/destinations")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("country").GetString() == "CHL");
    }

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private static readonly Guid Crisis = Guid.CreateVersion7();

    private async Task<Guid> PersonAsync(string reference, string born)
    {
        var person = Guid.CreateVersion7();
        await AppendAsync(Service.ConsularContact, person, new PersonRegistered(Guid.CreateVersion7(), Crisis, reference, Channel.Phone, true, new()
        {
            FamilyName = $"Family {reference}",
            Nationality = "ARG",
            BirthDate = BirthDate.TryParse(born, out var date) ? date : null,
            Document = new("passport", "A1", new(2100, 1, 1), DocumentStatus.Valid),
        }, Now.AddHours(-1)));
        return person;
    }

    private Task ArriveAsync(Guid person, string country, DateTimeOffset? at = null) => AppendAsync(Service.EvacuationPlanning, person, new Arrived(Ship, country, true, "gate", at ?? Now));

    private async Task AppendAsync(Service service, Guid stream, params Event[] events)
    {
        await house.Part<TimelineStore>(service).AttemptAsync(async work =>
        {
            await work.ReadAsync(stream);
            return work.Append(stream, Decision.Of(events));
        });
    }

    private async Task<int> TellsAsync<T>(Guid stream) => (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(stream)).Events.Count(e => e.Event is T);

    private static async Task<bool> ListedAsync(HttpClient client, string path, Guid person) =>
        (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("personId").GetGuid() == person);

    private static async Task<string?> RefusedAsync(HttpClient client, string path, object body, HttpStatusCode status)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.Equal(status, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
