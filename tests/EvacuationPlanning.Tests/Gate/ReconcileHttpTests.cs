using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;

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
    }

    private async Task<Guid> UnderWayAsync(params Guid[][] groups)
    {
        var ship = await house.TransportAsync(departsInHours: 12);
        foreach (var group in groups) Assert.Null(await house.SeatAsync(ship, group));
        foreach (var person in groups.SelectMany(group => group)) await house.PostAsync($"/transports/{ship}/boarding", new { personId = person });
        await house.PostAsync($"/transports/{ship}/departure", new { });
        return ship;
    }

    private static string[] Figures(JsonElement count) =>
        [count.GetProperty("state").GetString()!, $"{count.GetProperty("present")}", $"{count.GetProperty("toCount").GetArrayLength()}", $"{count.GetProperty("unexpected").GetArrayLength()}"];
}
