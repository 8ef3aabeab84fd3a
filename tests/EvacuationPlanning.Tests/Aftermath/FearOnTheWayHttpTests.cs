using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Tests.Gate;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Aftermath;

/// <summary>A fear told when the ship has left already, or when what comes after it is planned.</summary>
public sealed class FearOnTheWayHttpTests(GateHouse house) : IClassFixture<GateHouse>
{
    [Fact]
    public async Task Who_fears_where_the_ship_goes_that_carries_them_is_pointed_out_and_not_named_to_that_state()
    {
        var (ship, afraid, other) = (await house.TransportAsync(), await house.PersonAsync("Lemma"), await house.PersonAsync("Zaki"));
        await SailAsync(ship, afraid, other);
        Assert.Contains("LEMMA", await ListAsync(ship, leftOut: 0), StringComparison.Ordinal);

        // An officer far from the ship hears it.
        await house.TellAsync(afraid, new FearOfReturnStated(["SAU"], "officer", DateTimeOffset.UtcNow));
        await Eventually.TrueAsync(async () => (await house.Of(Service.EvacuationPlanning).ReadAsync(afraid)).Events.Any(e =>
            e.Event is CarriedWhereBarred { Reason: "fears-destination", Country: "SAU" }), "the alarm is given");
        var list = await ListAsync(ship, leftOut: 1);
        Assert.DoesNotContain("LEMMA", list, StringComparison.Ordinal);
        Assert.DoesNotContain(afraid.ToString("N").ToUpperInvariant(), list, StringComparison.Ordinal);
        Assert.Contains("ZAKI", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_moved_on_by_a_plan_to_where_they_fear_to_be_by_now_or_against_their_will()
    {
        var (ship, afraid, unwilling) = (await house.TransportAsync(), await house.PersonAsync(), await house.PersonAsync());
        await SailAsync(ship, afraid, unwilling);
        await house.PostAsync($"/transports/{ship}/arrival", new { });
        var plan = new { destination = "IND", means = "flight", on = "2100-01-01", responsible = "IOM", transits = new[] { "Oman" } };
        foreach (var person in (Guid[])[afraid, unwilling])
        {
            await Eventually.TrueAsync(async () => (await house.Coordinator.GetAsync($"/people/{person}/handover")).IsSuccessStatusCode, "they have arrived");
            await house.PostAsync($"/people/{person}/onward", plan);
        }

        await house.PostAsync($"/people/{afraid}/gate/fears", new { countries = new[] { "OMN" } });
        Assert.Contains(await house.RefusedAsync($"/people/{afraid}/onward/done", new { outcome = "moved-on" }), new[] { "onward/non-refoulement", "onward/not-planned" });
        await Eventually.TrueAsync(async () => await StateAsync(afraid) == "open", "what was planned is void");
        Assert.Equal("onward/not-planned", await house.RefusedAsync($"/people/{afraid}/onward/done", new { outcome = "moved-on" }));
        Assert.Equal("onward/non-refoulement", await house.RefusedAsync($"/people/{afraid}/onward", plan));

        await house.PostAsync($"/people/{unwilling}/gate/consent-withdrawal", new { });
        Assert.Equal("onward/no-consent", await house.RefusedAsync($"/people/{unwilling}/onward/done", new { outcome = "moved-on" }));
        Assert.Equal("planned", await StateAsync(unwilling));
    }

    private async Task SailAsync(Guid ship, params Guid[] people)
    {
        foreach (var person in people) await house.PostAsync($"/transports/{ship}/walk-up", new { personId = person });
        foreach (var person in people) await house.PostAsync($"/transports/{ship}/boarding", new { personId = person });
        await house.PostAsync($"/transports/{ship}/departure", new { });
    }

    private async Task<string> ListAsync(Guid ship, int leftOut)
    {
        using var answer = await house.Coordinator.GetAsync($"/transports/{ship}/manifest?format=paxlst");
        Assert.Equal([$"{leftOut}"], answer.Headers.GetValues("Passengers-Left-Out"));
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<string?> StateAsync(Guid person) => (await house.GetAsync($"/people/{person}/handover")).GetProperty("onward").GetProperty("state").GetString();
}
