using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A family that changes in one service, and what becomes of its seats and of its child in the others.</summary>
public sealed class FamilyEverywhereTests(WholeHouse house) : IClassFixture<WholeHouse>
{
    [Fact]
    public async Task Who_leaves_a_family_keeps_the_seat_who_joins_travels_with_it_and_a_child_alone_does_not_leave()
    {
        var crisis = Guid.CreateVersion7();
        await house.Part<TimelineStore>(Service.ConsularContact).AttemptAsync(work => Task.FromResult(work.Append(crisis, new CrisisOpened("family", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow))));
        using var officer = await house.SignedInAsync(Service.ConsularContact, Roles.Officer);
        await PostAsync(officer, $"/crises/{crisis}/countries", new { countries = new[] { "MOZ" } });
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var protection = await house.SignedInAsync(Service.HumanitarianAid, Roles.ProtectionOfficer);
        var (mother, uncle, child, friend) = (await RegisterAsync("F-1", "Marta", "1985-02-03", "head", "FAM"), await RegisterAsync("F-2", "Yonas", "1979-05-06", "relative", "FAM"),
            await RegisterAsync("F-3", "Selam", "2015-07-08", "child", "FAM"), await RegisterAsync("F-4", "Hana", "1990-09-10", null, null));
        foreach (var person in new[] { mother, uncle, friend }) await PostAsync(officer, $"/people/{person}/evacuation-consent", new { by = person });
        var home = (await officer.GetFromJsonAsync<JsonElement>($"/people/{child}/household")).GetProperty("householdId").GetGuid();
        await PostAsync(officer, $"/households/{home}/confirmation", new { guardians = new[] { mother }, children = new[] { child }, grounds = "papers" });
        await PostAsync(officer, $"/people/{child}/evacuation-consent", new { by = mother });

        Assert.True((await coordinator.PostAsync("/assembly-points/import", new StringContent("code,name,latitude,longitude,country\nPORT,Port,-19.8,34.8,MOZ\nABROAD,Abroad,-29.9,31.0,ZAF\n", Encoding.UTF8, "text/csv"))).IsSuccessStatusCode);
        var (first, second) = (await ScheduleAsync("FAM-1", 24, 3), await ScheduleAsync("FAM-2", 30, 3));
        foreach (var person in new[] { mother, uncle, child, friend }) await Eventually.TrueAsync(async () => (await TimelineAsync(person)).Any(e => e is NeedsAssessed), "all are assessed");
        var draft = (await PostAsync(coordinator, "/plans", new { crisisId = crisis })).GetProperty("planId").GetGuid();
        await PostAsync(coordinator, $"/plans/{draft}/publication", new { });
        Assert.Equal(3, await GroupOfAsync(first, mother, uncle, child) is { } together ? (await TakenAsync(first)).Count(space => space.GroupId == together) : 0);
        Assert.NotNull(await GroupOfAsync(second, friend));

        var family = (await officer.GetFromJsonAsync<JsonElement>($"/people/{mother}/household")).GetProperty("householdId").GetGuid();
        await PostAsync(officer, $"/households/{family}/departures", new { wishOf = uncle });
        await Eventually.TrueAsync(async () => await GroupOfAsync(first, mother, child) is { } stay && await GroupOfAsync(first, uncle) is { } left && stay != left, "the uncle has a seat of his own and the others theirs");

        await PostAsync(officer, $"/households/{family}/members", new { personId = friend, role = "relative" });
        await Eventually.TrueAsync(async () => (await TimelineAsync(friend)).Any(e => e is SeatReleased { Reason: "family-unity" }), "the friend waits for a seat beside the family");

        await PostAsync(officer, $"/people/{child}/separation", new { kind = "separated", cause = "population-movement" });
        await Eventually.TrueAsync(async () => (await TimelineAsync(child)).Any(e => e is SeatReleased { Reason: "child-without-escort" }), "the child's seat is given up");
        await Eventually.TrueAsync(async () => (await protection.GetFromJsonAsync<JsonElement>("/children?awaiting=best-interests&limit=1000")).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("personId").GetGuid() == child), "the child is on the protection officer's list");
        await Eventually.TrueAsync(async () => (await TimelineAsync(child)).OfType<NeedsAssessed>().Last().Tier == 2, "the child is as urgent as a child alone");
        Assert.Equal(HttpStatusCode.Conflict, (await coordinator.PostAsJsonAsync($"/transports/{first}/boarding", new { personId = child })).StatusCode);

        async Task<Guid> RegisterAsync(string reference, string given, string born, string? role, string? household) => (await PostAsync(officer, "/people", new
        {
            crisisId = crisis,
            reference,
            channel = "phone",
            registeredAt = "2026-05-04T08:00:00Z",
            registration = new
            {
                familyName = "Haileselassie",
                givenNames = given,
                birthDate = born,
                nationality = "ETH",
                householdRole = role,
                householdReference = household,
                position = new { latitude = -19.81, longitude = 34.81 },
                document = new { type = "passport", number = $"EP88{born[..4]}", status = "valid", expiry = "2035-01-01" },
            },
        })).GetProperty("personId").GetGuid();

        async Task<Guid> ScheduleAsync(string code, int hours, int seats) => (await PostAsync(coordinator, "/transports", new
        {
            code,
            kind = "ship",
            from = "PORT",
            to = "ABROAD",
            destinationCountry = "ZAF",
            seats,
            @operator = "navy",
            departsAt = DateTimeOffset.UtcNow.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ"),
            arrivesAt = DateTimeOffset.UtcNow.AddHours(hours + 5).ToString("yyyy-MM-ddTHH:mm:ssZ"),
        })).GetProperty("transportId").GetGuid();

        async Task<IEnumerable<Event>> TimelineAsync(Guid id) => (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(id)).Events.Select(e => e.Event);

        async Task<List<SpaceTaken>> TakenAsync(Guid transport)
        {
            var taken = new Dictionary<Guid, SpaceTaken>();
            foreach (var e in await TimelineAsync(transport))
                if (e is SpaceTaken space) taken[space.PersonId] = space;
                else if (e is SpaceFreed freed) taken.Remove(freed.PersonId);
            return [.. taken.Values];
        }

        // null unless all of them are in one.
        async Task<Guid?> GroupOfAsync(Guid transport, params Guid[] people) =>
            (await TakenAsync(transport)).Where(space => people.Contains(space.PersonId)).ToList() is { } theirs && theirs.Count == people.Length && theirs.Select(space => space.GroupId).Distinct().Count() == 1 ? theirs[0].GroupId : null;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
