using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>What tells of violence, torture or trafficking is for protection officers, wherever it is asked for (rule T).</summary>
[Collection(typeof(InTheBusyHouse))]
public sealed class RestrictedEverywhereTests(WholeHouse house)
{
    [Fact]
    public async Task What_makes_a_survivor_urgent_is_read_by_protection_officers_only_here_as_there()
    {
        var person = Guid.CreateVersion7();
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(person, new PersonRegistered(
            Guid.CreateVersion7(), Guid.CreateVersion7(), "T-SV", Channel.Phone, false, new() { FamilyName = "Restricted", GivenNames = "Rahel", SpecificNeeds = ["SV", "SM"], NeedsNow = ["protection", "water"] }, DateTimeOffset.UtcNow))));
        await Eventually.TrueAsync(async () => (await house.Part<TimelineStore>(Service.HumanitarianAid).ReadAsync(person)).Events.Any(e => e.Event is NeedsAssessed), "they are assessed");

        foreach (var (service, role, path) in new[]
        {
            (Service.ConsularContact, Roles.Officer, "timeline"), (Service.ConsularContact, Roles.Auditor, "timeline"), (Service.HumanitarianAid, Roles.Coordinator, "urgency"), (Service.HumanitarianAid, Roles.Auditor, "urgency"),
        })
        {
            var told = await FactorsAsync(service, role, path);
            Assert.Contains("SM", told);
            Assert.Empty(told.Intersect(["SV", "PROTECTION-NOW"]));
        }
        foreach (var (service, path) in new[] { (Service.ConsularContact, "timeline"), (Service.HumanitarianAid, "urgency") })
            Assert.Empty(new[] { "SV", "PROTECTION-NOW", "SM" }.Except(await FactorsAsync(service, Roles.ProtectionOfficer, path)));

        // The form too, but to whoever must be able to correct it.
        foreach (var role in new[] { Roles.Coordinator, Roles.DocumentOfficer }) Assert.Equal(["SM"], await NeedsAsync(role));
        foreach (var role in new[] { Roles.Officer, Roles.ProtectionOfficer }) Assert.Equal(["SV", "SM"], await NeedsAsync(role));

        async Task<string[]> FactorsAsync(Service service, string role, string path)
        {
            using var client = await house.SignedInAsync(service, role);
            var answer = await client.GetFromJsonAsync<JsonElement>($"/people/{person}/{path}");
            if (path == "urgency") return Codes(answer.GetProperty("factors"));
            var data = answer.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("type").GetString() == "needs_assessed").GetProperty("data");
            var sentences = data.GetProperty("factors").EnumerateArray().Select(factor => factor.GetString()!.Split(' ')[0]).ToArray();
            // What is kept out of the words is kept out of the codes beside them.
            Assert.Equal(sentences, Codes(data.GetProperty("factorCodes")));
            return sentences;

            static string[] Codes(JsonElement factors) => [.. factors.EnumerateArray().Select(factor => factor.GetProperty("code").GetString()!)];
        }

        async Task<string[]> NeedsAsync(string role)
        {
            using var client = await house.SignedInAsync(Service.ConsularContact, role);
            return [.. (await client.GetFromJsonAsync<JsonElement>($"/people/{person}")).GetProperty("registrations")[0].GetProperty("form").GetProperty("specificNeeds").EnumerateArray().Select(code => code.GetString()!)];
        }
    }
}
