using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class StandbyHttpTests(GateHouse house) : IClassFixture<GateHouse>
{
    [Fact]
    public async Task A_no_shows_space_goes_to_the_most_urgent_who_stand_by_and_the_answer_says_whom_to_call()
    {
        var (ship, other) = (await house.TransportAsync(seats: 1), await house.TransportAsync(seats: 1, departsInHours: 48));
        var (late, calm, urgent) = (await house.PersonAsync(), await house.PersonAsync(), await house.PersonAsync(tier: 2, score: 7));
        Assert.Null(await house.SeatAsync(ship, late));
        Assert.Null(await house.SeatAsync(other, urgent));
        await house.PostAsync($"/transports/{ship}/manifest/seal", new { });
        foreach (var person in (Guid[])[calm, urgent]) Assert.Empty((await house.PostAsync($"/transports/{ship}/standby", new { personId = person })).GetProperty("seatedNow").EnumerateArray());

        var line = (await house.GetAsync($"/transports/{ship}/standby")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([(1, 2, 7, urgent, "transport/full"), (2, 5, 0, calm, "transport/full")], line.Select(one => (
            one.GetProperty("position").GetInt32(), one.GetProperty("tier").GetInt32(), one.GetProperty("score").GetInt32(), one.GetProperty("people")[0].GetGuid(), one.GetProperty("why").GetString()!)));
        Assert.Equal(other, Assert.Single((await house.PassengerAsync(urgent)).OpenSeats).TransportId);

        Assert.Equal(2, (await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=csv")).Split("standby").Length - 1);
        Assert.Contains("Standing by: 2", await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=page"), StringComparison.Ordinal);

        var next = (await house.PostAsync($"/transports/{ship}/no-shows", new { personId = late })).GetProperty("seatedNext");
        Assert.Equal(urgent, Assert.Single(next.EnumerateArray()).GetProperty("personId").GetGuid());
        Assert.Equal(ship, Assert.Single((await house.PassengerAsync(urgent)).OpenSeats).TransportId);
        Assert.Equal(0, (await house.LoadAsync(other)).Taken.Seats);
        Assert.Equal([calm], (await house.LoadAsync(ship)).Standby.SelectMany(group => group.People));
    }

    [Fact]
    public async Task A_space_that_frees_itself_elsewhere_in_the_house_is_given_away_too()
    {
        var (ship, holder, waiting) = (await house.TransportAsync(seats: 1), await house.PersonAsync(), await house.PersonAsync());
        Assert.Null(await house.SeatAsync(ship, holder));
        await house.PostAsync($"/transports/{ship}/check-in", new { personId = holder });
        await house.PostAsync($"/transports/{ship}/standby", new { personId = waiting });
        await house.TellAsync(holder, new EvacuationConsentWithdrawn("officer", DateTimeOffset.UtcNow));

        await Eventually.TrueAsync(async () => (await house.PassengerAsync(waiting)).HoldsSeat, "the one who stands by has the space");
        Assert.False((await house.PassengerAsync(holder)).HoldsSeat);
    }

    [Fact]
    public async Task Who_stands_by_and_may_go_after_all_gets_the_space_that_is_free()
    {
        var ship = await house.TransportAsync(seats: 2);
        Guid[] waiting =
        [
            await house.PersonAsync(more: new EvacuationConsentWithdrawn("officer", GateHouse.Registered)),
            await house.PersonAsync(more: new ExitBarrierRaised(Guid.CreateVersion7(), "withheld-passport", null, "officer", GateHouse.Registered.AddDays(9), null, GateHouse.Registered)),
        ];
        await house.PostAsync($"/transports/{ship}/manifest/seal", new { });
        foreach (var person in waiting) Assert.False((await house.PostAsync($"/transports/{ship}/standby", new { personId = person })).GetProperty("hasSpace").GetBoolean());

        await house.TellAsync(waiting[0], new EvacuationConsentGiven(waiting[0], "officer", DateTimeOffset.UtcNow));
        await Eventually.TrueAsync(async () => (await house.PassengerAsync(waiting[0])).HoldsSeat, "who gave consent again has a space");
        Assert.False((await house.PassengerAsync(waiting[1])).HoldsSeat);
        await house.TellAsync(Service.TravelDocuments, waiting[1], new TravelDocumentIssued(Guid.CreateVersion7(), "SAU", [], new(2040, 1, 1), "officer", "L1", null, DateTimeOffset.UtcNow));
        await Eventually.TrueAsync(async () => (await house.PassengerAsync(waiting[1])).HoldsSeat, "who got papers has a space");
    }

    [Fact]
    public async Task A_claim_of_somebody_checked_in_frees_the_seat_the_later_leg_refuses_them_and_who_is_on_board_is_shown()
    {
        var (ship, flight) = (await house.TransportAsync(seats: 1), await house.TransportAsync(seats: 5, departsInHours: 60, from: "Jeddah", to: "Delhi", country: "IND"));
        var (afraid, aboard) = (await house.PersonAsync(), await house.PersonAsync());
        await house.PostAsync($"/transports/{ship}/walk-up", new { personId = afraid });
        var answer = await house.PostAsync($"/people/{afraid}/gate/fears", new { countries = new[] { "SAU" } });
        Assert.Equal("protection", answer.GetProperty("released")[0].GetProperty("reason").GetString());
        Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = afraid }));

        await house.PostAsync($"/transports/{ship}/walk-up", new { personId = aboard });
        await house.PostAsync($"/transports/{ship}/boarding", new { personId = aboard });
        await house.PostAsync($"/transports/{ship}/departure", new { });
        Assert.Equal(ship, (await house.PostAsync($"/people/{aboard}/gate/fears", new { countries = new[] { "SAU" } })).GetProperty("stillOnBoard")[0].GetGuid());
        Assert.Equal("standby/at-another-gate", await house.RefusedAsync($"/transports/{flight}/standby", new { personId = aboard }));
    }

    [Theory]
    [InlineData("CHN", "Hong Kong")]
    [InlineData("HKG", "CHN")]
    [InlineData("FRA", "REU")]
    [InlineData("SRB", "Kosovo")]
    [InlineData("IND", "unknown")]
    [InlineData("IND", "UN")]
    public async Task A_claim_at_the_gate_frees_every_seat_under_the_hand_of_the_state_and_the_answer_to_which_opens_the_rest(string country, string feared)
    {
        var (ship, person) = (await house.TransportAsync(seats: 1, to: $"Harbour-{country}-{feared.Length}", country: country), await house.PersonAsync());
        await house.PostAsync($"/transports/{ship}/walk-up", new { personId = person });
        Assert.Equal("country/unknown", await house.RefusedAsync($"/people/{person}/gate/fears", new { countries = new[] { "ZZZ" } }));
        var answer = await house.PostAsync($"/people/{person}/gate/fears", new { countries = new[] { feared } });
        Assert.Equal("protection", answer.GetProperty("released")[0].GetProperty("reason").GetString());
        Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = person }));
        if (country != "IND") return;
        // Whoever wants them on board names a harmless state, or one where nobody lives.
        foreach (var harmless in (string[])["SAU", "ATA"]) await house.PostAsync($"/people/{person}/gate/fears", new { countries = new[] { harmless } });
        Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = person }));
        using var protection = await house.ClientAsync(Service.EvacuationPlanning, Roles.ProtectionOfficer);
        Assert.Equal(HttpStatusCode.OK, (await protection.PostAsJsonAsync($"/people/{person}/gate/fears", new { countries = new[] { "SAU" } })).StatusCode);
        await house.PostAsync($"/transports/{ship}/walk-up", new { personId = person });
    }

    [Fact]
    public async Task A_family_walks_up_together_and_a_stranger_is_sent_to_be_registered()
    {
        var (ship, home) = (await house.TransportAsync(seats: 3), Guid.CreateVersion7());
        var mother = await house.PersonAsync(household: home);
        var child = await house.PersonAsync(born: "2016-01-01", household: home, agrees: mother);
        var walked = await house.PostAsync($"/transports/{ship}/walk-up", new { personId = child, gate = "North" });

        Assert.Equal([mother, child], walked.GetProperty("checkedIn").EnumerateArray().Select(id => id.GetGuid()).Order());
        Assert.Equal("checkingIn", (await house.GetAsync($"/transports/{ship}/manifest")).GetProperty("state").GetString());
        Assert.Equal("person/unknown", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = Guid.NewGuid() }));
        Assert.Equal("gate/whose-wish", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = mother, othersTravelOn = true }));
        Assert.Equal("transport/unknown", await house.RefusedAsync($"/transports/{Guid.NewGuid()}/walk-up", new { personId = mother }));
        Assert.Equal("transport/unknown", await house.RefusedAsync($"/transports/{Guid.NewGuid()}/standby", new { personId = mother }));
        Assert.True((await house.PostAsync($"/transports/{ship}/standby", new { personId = mother })).GetProperty("hasSpace").GetBoolean());
        Assert.Empty((await house.LoadAsync(ship)).Standby);
        Assert.Equal("person/unknown", await house.RefusedAsync($"/transports/{ship}/standby", new { personId = Guid.NewGuid() }));
    }

    [Fact]
    public async Task Who_goes_away_is_taken_off_the_list()
    {
        var (ship, person) = (await house.TransportAsync(seats: 0, wheelchairs: 0), await house.PersonAsync());
        await house.PostAsync($"/transports/{ship}/standby", new { personId = person });
        Assert.Equal(person, (await house.LoadAsync(ship)).Standby.Single().People.Single());
        (await house.Coordinator.DeleteAsync($"/transports/{ship}/standby/{person}")).EnsureSuccessStatusCode();
        Assert.Empty((await house.LoadAsync(ship)).Standby);
        Assert.Null((await house.PassengerAsync(person)).StandsBy);
    }
}
