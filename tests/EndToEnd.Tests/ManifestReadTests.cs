using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

[Collection(typeof(InTheBusyHouse))]
public sealed class ManifestReadTests(WholeHouse house)
{
    [Theory]
    [InlineData("csv")]
    [InlineData("paxlst")]
    [InlineData("page")]
    public async Task Whoever_reads_a_name_on_a_manifest_leaves_a_trace_with_the_person(string format)
    {
        var (transport, person) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var now = DateTimeOffset.UtcNow;
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(person,
            new PersonRegistered(Guid.CreateVersion7(), Guid.CreateVersion7(), $"M-{format}", Channel.Phone, false, new() { FamilyName = "Lemma", GivenNames = "Tsion" }, now))));
        await house.Part<TimelineStore>(Service.EvacuationPlanning).AttemptAsync(work => Task.FromResult(work.Append(transport, Decision.Of(
            new TransportScheduled($"M-{format}", "bus", "A", "B", null, now.AddDays(1), now.AddDays(2), 10, 0, 0, "Operator", now), new SpaceTaken(person, person, Mobility.None, false, now)))));

        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        var manifest = await coordinator.GetStringAsync($"/transports/{transport}/manifest?format={format}");
        Assert.Contains("LEMMA", manifest, StringComparison.OrdinalIgnoreCase);

        using var auditor = await house.SignedInAsync(Service.Access, Roles.Auditor);
        await Eventually.TrueAsync(async () => (await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={person}")).GetProperty("items").EnumerateArray()
            .Any(line => line.GetProperty("what").GetString() == "manifest"), "the read is in the log of the person");
    }
}
