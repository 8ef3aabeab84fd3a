using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Tests.Plans;
using CrisisCoordination.Testing;
using Xunit;
using Town = CrisisCoordination.EvacuationPlanning.Tests.Plans.PlansHttpTests.Town;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

public sealed class QueueHttpTests(PlanningHouse house) : IClassFixture<PlanningHouse>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task A_family_that_was_registered_twice_stands_in_line_once_whoever_of_it_asks()
    {
        var town = await Town.OpenAsync(house, seats: 1);
        var (home, twice) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var merged = new DuplicateMerged(Guid.CreateVersion7(), "officer", null, [], [twice], [], Now);
        var one = await town.RegisterAsync(tier: 2, then: [new HouseholdJoined(home, "head", Now), merged]);
        var other = await town.RegisterAsync(tier: 4, then: new HouseholdJoined(twice, "member", Now));
        var stranger = await town.RegisterAsync(tier: 3);

        foreach (var (person, before) in new[] { (one, 0), (other, 0), (stranger, 1) })
        {
            (int Before, int Groups) told = default;
            await Eventually.TrueAsync(async () => (told = await PositionAsync(town, person)) == (before, 2), $"{before} of two groups before them, and not {told}");
        }
    }

    private static async Task<(int Before, int Groups)> PositionAsync(Town town, Guid person)
    {
        var position = (await town.Coordinator.GetFromJsonAsync<JsonElement>($"/people/{person}/evacuation")).GetProperty("position");
        return (position.GetProperty("before").GetInt32(), position.GetProperty("groups").GetInt32());
    }
}
