using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class CheckInHttpTests(GateHouse house) : IClassFixture<GateHouse>
{
    [Fact]
    public async Task A_manifest_is_sealed_opened_and_sealed_anew_and_every_format_says_which_one_it_is()
    {
        var (ship, one, two) = (await house.TransportAsync(), await house.PersonAsync("Abebe"), await house.PersonAsync("Bekele"));
        Assert.Null(await house.SeatAsync(ship, one));
        var seal = (await house.PostAsync($"/transports/{ship}/manifest/seal", new { })).GetProperty("seal");
        Assert.Equal((1, false), (seal.GetProperty("number").GetInt32(), seal.GetProperty("changed").GetBoolean()));
        Assert.Equal(seal.GetRawText(), (await house.PostAsync($"/transports/{ship}/manifest/seal", new { })).GetProperty("seal").GetRawText());
        Assert.Equal("transport/sealed", (await house.SeatAsync(ship, two))?.Code);

        Assert.Equal("draft", (await house.PostAsync($"/transports/{ship}/manifest/unseal", new { reason = "wrong-people" })).GetProperty("state").GetString());
        Assert.Null(await house.SeatAsync(ship, two));
        var second = (await house.PostAsync($"/transports/{ship}/manifest/seal", new { })).GetProperty("seal");
        var sum = second.GetProperty("sha256").GetString()!;
        Assert.Equal(2, second.GetProperty("number").GetInt32());
        Assert.NotEqual(seal.GetProperty("sha256").GetString(), sum);

        Assert.Equal(sum, (await house.GetAsync($"/transports/{ship}/manifest")).GetProperty("seal").GetProperty("sha256").GetString());
        Assert.Contains($",2,{sum}", await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=csv"), StringComparison.Ordinal);
        Assert.Contains($"RFF+TN:{sum.ToUpperInvariant()}:::2'", await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=paxlst"), StringComparison.Ordinal);
        Assert.Contains($"Seal 2</b> ({sum[..12]})", await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=page"), StringComparison.Ordinal);
        Assert.Equal("manifest/reason-unknown", await house.RefusedAsync($"/transports/{ship}/manifest/unseal", new { reason = "because" }));
        Assert.Equal("transport/unknown", await house.RefusedAsync($"/transports/{Guid.NewGuid()}/manifest/seal", new { }));
    }

    [Fact]
    public async Task By_token_number_or_zone_the_officer_learns_who_it_is_and_with_whom_they_travel()
    {
        var (ship, home) = (await house.TransportAsync(), Guid.CreateVersion7());
        const string token = "AAECAwQFBgcICQoLDA0ODw";
        var mother = await house.PersonAsync("Girma", household: home, document: "L898902C3", token: token);
        var child = await house.PersonAsync("Girma", born: "2015-01-30", household: home, agrees: mother);
        Assert.Null(await house.SeatAsync(ship, mother, child));
        await house.TellAsync(Service.HumanitarianAid, child, new FitToTravelAssessed(true, null, "Oxygen at hand", "health-worker", GateHouse.Registered));

        const string zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        foreach (var shown in new object[] { new { token, gate = "A" }, new { document = "l898 902-C3", gate = "A" }, new { document = zone, gate = "A" }, new { personId = mother } })
        {
            var answer = await house.PostAsync($"/transports/{ship}/check-in", shown);
            Assert.Equal((mother, "Girma", "checkedIn"), (answer.GetProperty("person").GetProperty("personId").GetGuid(), answer.GetProperty("person").GetProperty("familyName").GetString(), answer.GetProperty("person").GetProperty("state").GetString()));
            var with = Assert.Single(answer.GetProperty("travelsWith").EnumerateArray());
            Assert.Equal((false, true), (answer.GetProperty("person").GetProperty("onConditions").GetBoolean(), with.GetProperty("onConditions").GetBoolean()));
            Assert.Equal((child, "child", "held"), (with.GetProperty("personId").GetGuid(), with.GetProperty("age").GetString(), with.GetProperty("state").GetString()));
        }
        Assert.Equal("check-in/at-another-gate", await house.RefusedAsync($"/transports/{ship}/check-in", new { personId = mother, gate = "B" }));
        Assert.Equal("checkingIn", (await house.GetAsync($"/transports/{ship}/manifest")).GetProperty("state").GetString());

        await using var log = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        await using var reads = log.CreateCommand("select count(distinct person_id)::int from timeline.read_log where what = 'check-in' and person_id = any ($1)");
        reads.Parameters.Add(new() { Value = new[] { mother, child } });
        Assert.Equal(2, await reads.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Who_is_at_the_wrong_gate_is_sent_to_the_right_one()
    {
        var (ship, other, person) = (await house.TransportAsync(from: "Wharf"), await house.TransportAsync(from: "Wharf", departsInHours: 26), await house.PersonAsync(document: "WRONG1"));
        Assert.Null(await house.SeatAsync(other, person));

        foreach (var shown in new object[] { new { personId = person }, new { document = "wrong 1" } })
        {
            using var answer = await house.Coordinator.PostAsJsonAsync($"/transports/{ship}/check-in", shown);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("check-in/other-departure", problem.GetProperty("type").GetString());
            Assert.Contains((await house.LoadAsync(other)).Schedule!.Code, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_says_nobody_or_too_much_is_refused()
    {
        var (ship, person) = (await house.TransportAsync(), await house.PersonAsync());
        var path = $"/transports/{ship}/check-in";

        Assert.Equal("check-in/who", await house.RefusedAsync(path, new { }));
        Assert.Equal("check-in/who", await house.RefusedAsync(path, new { personId = person, document = "X" }));
        Assert.Equal("check-in/token", await house.RefusedAsync(path, new { token = "no token" }));
        Assert.Equal("check-in/document", await house.RefusedAsync(path, new { document = " - " }));
        Assert.Equal("check-in/zone-misread", await house.RefusedAsync(path, new { document = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C37UTO7408122F1204159ZE184226B<<<<<10" }));
        Assert.Equal("check-in/nobody-found", await house.RefusedAsync(path, new { document = "NOBODYHASTHIS" }));
        Assert.Equal("check-in/not-on-manifest", await house.RefusedAsync(path, new { personId = person }));
        Assert.Equal("person/unknown", await house.RefusedAsync(path, new { personId = Guid.NewGuid() }));
        Assert.Equal("check-in/gate", await house.RefusedAsync(path, new { personId = person, gate = "" }));
        Assert.Equal("transport/unknown", await house.RefusedAsync($"/transports/{Guid.NewGuid()}/check-in", new { personId = person }));
        Assert.Equal("request/at-in-future", await house.RefusedAsync(path, new { personId = person, at = DateTimeOffset.UtcNow.AddDays(1) }));
    }

    [Fact]
    public async Task Two_people_with_one_number_are_told_apart_by_the_officer()
    {
        var (ship, one, two) = (await house.TransportAsync(), await house.PersonAsync(document: "SAME1"), await house.PersonAsync(document: "SAME1"));
        Assert.Null(await house.SeatAsync(ship, one));
        Assert.Null(await house.SeatAsync(ship, two));

        Assert.Equal("check-in/several-found", await house.RefusedAsync($"/transports/{ship}/check-in", new { document = "SAME1" }));
    }
}
