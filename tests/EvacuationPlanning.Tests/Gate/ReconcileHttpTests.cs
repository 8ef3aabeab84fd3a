using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using Xunit;
using Position = CrisisCoordination.Contracts.Position;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

public sealed class ReconcileHttpTests(GateHouse house) : IClassFixture<GateHouse>
{
    [Fact]
    public async Task A_count_goes_on_over_several_messages_and_whoever_it_lacks_is_missing_and_found()
    {
        var (mother, alone, stranger) = (await house.PersonAsync(), await house.PersonAsync(), await house.PersonAsync());
        var child = await house.PersonAsync(born: "2015-01-01", agrees: mother, more: new TieConfirmed(mother, "papers", "officer", GateHouse.Registered));
        var ship = await UnderWayAsync([mother, child], [alone]);
        var path = $"/transports/{ship}/reconciliation";

        await house.PostAsync($"/transports/{ship}/arrival", new { count = true });
        Assert.False((await house.PassengerAsync(mother)).HasArrived);
        var first = await house.PostAsync(path, new { present = new[] { mother }, unexpected = new object[] { new { personId = stranger }, new { note = "A man of about 60, says his name is Kofi." } } });
        Assert.Equal(["arrived", "1", "2", "2"], Figures(first));
        await house.PostAsync(path, new { unexpected = new object[] { new { personId = stranger }, new { note = "A man of about 60, says his name is Kofi." } } });
        var closed = await house.PostAsync(path, new { present = new[] { alone }, close = true, at = DateTimeOffset.UtcNow.AddMinutes(-20) });
        Assert.Equal(["reconciled", "2", "0", "2"], Figures(closed));
        Assert.Equal((child, true), closed.GetProperty("missing").EnumerateArray().Select(one => (one.GetProperty("personId").GetGuid(), one.GetProperty("child").GetBoolean())).Single());
        Assert.Equal((true, false, true), ((await house.PassengerAsync(stranger)).HasArrived, (await house.PassengerAsync(child)).HasArrived, (await house.PassengerAsync(alone)).HasArrived));

        // A count taken before the other one was closed comes last.
        Assert.Equal(child, (await house.PostAsync(path, new { present = new[] { child } })).GetProperty("disputed")[0].GetGuid());
        Assert.False((await house.PassengerAsync(child)).HasArrived);
        Assert.Contains("MISSING", await house.Coordinator.GetStringAsync($"/transports/{ship}/manifest?format=page"), StringComparison.Ordinal);
        await house.PostAsync($"{path}/resolution", new { personId = child, outcome = "arrived" });
        Assert.True((await house.PassengerAsync(child)).HasArrived);

        var shown = await house.GetAsync(path);
        Assert.Equal(["reconciled", "3", "0", "2"], Figures(shown));
        Assert.Contains("A man of about 60, says his name is Kofi.", shown.GetProperty("unexpected").EnumerateArray().Select(other => other.TryGetProperty("note", out var note) ? note.GetString() : null));
        Assert.Empty(shown.GetProperty("disputed").EnumerateArray());
    }

    [Fact]
    public async Task A_count_that_says_nothing_or_names_strangers_is_refused_whole()
    {
        var (one, two) = (await house.PersonAsync(), await house.PersonAsync());
        var ship = await UnderWayAsync([one]);
        var path = $"/transports/{ship}/reconciliation";

        Assert.Equal("reconciliation/empty", await house.RefusedAsync(path, new { }));
        Assert.Equal("reconciliation/present-and-missing", await house.RefusedAsync(path, new { present = new[] { one }, missing = new[] { one } }));
        Assert.Equal("reconciliation/not-expected", await house.RefusedAsync(path, new { present = new[] { one, two } }));
        Assert.Equal("reconciliation/unexpected", await house.RefusedAsync(path, new { unexpected = new[] { new { } } }));
        Assert.Equal("reconciliation/unexpected", await house.RefusedAsync(path, new { unexpected = new object?[] { null } }));
        Assert.Equal("reconciliation/note", await house.RefusedAsync(path, new { unexpected = new[] { new { note = " " } } }));
        Assert.Equal("person/unknown", await house.RefusedAsync(path, new { present = new[] { one }, unexpected = new[] { new { personId = Guid.NewGuid() } } }));
        Assert.Equal("reconciliation/outcome", await house.RefusedAsync($"{path}/resolution", new { personId = one, outcome = "gone" }));
        Assert.Equal("reconciliation/not-missing", await house.RefusedAsync($"{path}/resolution", new { personId = one, outcome = "arrived" }));
        Assert.Equal("transport/unknown", await house.RefusedAsync($"/transports/{Guid.NewGuid()}/reconciliation", new { close = true }));
        Assert.Equal(ManifestState.Departed, (await house.LoadAsync(ship)).State);
    }

    [Fact]
    public async Task Whoever_came_unexpectedly_to_where_they_are_in_danger_is_pointed_out()
    {
        var (one, afraid) = (await house.PersonAsync(), await house.PersonAsync(more: new FearOfReturnStated(["SAU"], "officer", GateHouse.Registered)));
        var ship = await UnderWayAsync([one]);

        Assert.Equal(afraid, (await house.PostAsync($"/transports/{ship}/reconciliation", new { unexpected = new[] { new { personId = afraid } } })).GetProperty("inDanger")[0].GetGuid());
        Assert.Contains((await house.Of(Service.EvacuationPlanning).ReadAsync(afraid)).Events, e => e.Event is CarriedWhereBarred { Reason: "fears-destination", Country: "SAU" });
    }

    [Fact]
    public async Task One_coordinator_who_reports_that_somebody_came_puts_nobody_into_the_country_they_fear()
    {
        var (one, across) = (await house.PersonAsync(), await AcrossAsync());
        var bus = await UnderWayAsync("Capital", "Port", null, [one]);
        await house.PostAsync($"/transports/{bus}/reconciliation", new { present = new[] { one }, unexpected = new[] { new { personId = across } } });

        Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{await house.TransportAsync()}/walk-up", new { personId = across }));
    }

    [Fact]
    public async Task Who_never_was_on_board_is_not_where_it_went_and_where_they_say_later_that_they_are_counts()
    {
        var (never, left) = (await house.PersonAsync(), await house.PersonAsync());
        var bus = await UnderWayAsync("Capital", "Port", null, [never]);
        await house.PostAsync($"/transports/{bus}/reconciliation", new { present = new[] { never } });
        // The first leg of two.
        await house.TellAsync(Service.EvacuationPlanning, left, new Arrived(bus, null, JourneyEnded: false, "officer", DateTimeOffset.UtcNow));
        foreach (var outcome in (string[])["missing", "not-aboard"])
            await house.PostAsync($"/transports/{bus}/reconciliation/resolution", new { personId = never, outcome });
        await house.TellAsync(never, Across(GateHouse.Registered), Fear);
        await house.TellAsync(left, Across(DateTimeOffset.UtcNow.AddSeconds(1)), Fear);
        var ship = await house.TransportAsync(departsInHours: 48);

        foreach (var person in (Guid[])[never, left])
            Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = person }));
    }

    [Theory]
    [InlineData("partner", false)]
    [InlineData("family", false)]
    [InlineData("self", true)]
    [InlineData("officer", true)]
    public async Task Whoever_else_says_that_they_are_in_the_country_they_fear_gets_them_no_space_there(string source, bool counts)
    {
        var (across, ship) = (await AcrossAsync(), await house.TransportAsync());
        var port = await PortAsync();
        await house.TellAsync(across, new CheckedIn(Guid.CreateVersion7(), "safe", source, null, port, DateTimeOffset.UtcNow));

        if (counts) await house.PostAsync($"/transports/{ship}/walk-up", new { personId = across });
        else Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = across }));
    }

    [Fact]
    public async Task A_record_that_nobody_met_and_that_was_merged_into_theirs_puts_nobody_where_they_fear_to_be()
    {
        var (unmet, undone, met) = (await AcrossAsync(), await AcrossAsync(), await AcrossAsync());
        var (stranger, ship, port) = (Guid.CreateVersion7(), await house.TransportAsync(), await PortAsync());
        CheckedIn Carried(string source, int minutes) => new(Guid.CreateVersion7(), "safe", source, null, port, DateTimeOffset.UtcNow.AddMinutes(minutes)) { MergedFrom = stranger };
        await house.TellAsync(unmet, Carried("self", 0));
        foreach (var person in (Guid[])[met, undone]) await house.TellAsync(person, Carried("officer", -1), Carried("self", 0));
        await house.TellAsync(undone, new DuplicateUnmerged(stranger, "officer", "Another person", [], [], [], DateTimeOffset.UtcNow));

        foreach (var person in (Guid[])[unmet, undone])
            Assert.Equal("travel/protection", await house.RefusedAsync($"/transports/{ship}/walk-up", new { personId = person }));
        await house.PostAsync($"/transports/{ship}/walk-up", new { personId = met });
    }

    private static FearOfReturnStated Fear => new(["SDN"], "officer", GateHouse.Registered);

    private static CheckedIn Across(DateTimeOffset at) => new(Guid.CreateVersion7(), "safe", "self", null, new(-80, 100), at);

    // Far from every place in SDN, which they fear.
    private Task<Guid> AcrossAsync() => house.PersonAsync(more: [Fear, Across(GateHouse.Registered)]);

    private async Task<Position> PortAsync()
    {
        await house.PointAsync("Port", "SDN");
        return (await house.Of(Service.EvacuationPlanning).LoadAsync<EvacuationPlanning.Places.Point>(StreamId.AssemblyPoint("Port"))).State.Opened!.Position;
    }

    private Task<Guid> UnderWayAsync(params Guid[][] groups) => UnderWayAsync("Port", "Jeddah", "SAU", groups);

    private async Task<Guid> UnderWayAsync(string from, string to, string? country, params Guid[][] groups)
    {
        var ship = await house.TransportAsync(departsInHours: 12, from: from, to: to, country: country);
        foreach (var group in groups) Assert.Null(await house.SeatAsync(ship, group));
        foreach (var person in groups.SelectMany(group => group)) await house.PostAsync($"/transports/{ship}/boarding", new { personId = person });
        await house.PostAsync($"/transports/{ship}/departure", new { });
        return ship;
    }

    private static string[] Figures(JsonElement count) =>
        [count.GetProperty("state").GetString()!, $"{count.GetProperty("present")}", $"{count.GetProperty("toCount").GetArrayLength()}", $"{count.GetProperty("unexpected").GetArrayLength()}"];
}
