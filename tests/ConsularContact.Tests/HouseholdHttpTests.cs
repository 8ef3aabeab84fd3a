using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Households, guardians and children alone over the real service.</summary>
public sealed class HouseholdHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private async Task<Guid> RegisteredAsync(string reference, string given, string born, string? household, string? role, double? latitude = null)
    {
        var answer = await house.Officer.PostAsJsonAsync("/people", new
        {
            crisisId = house.Crisis,
            reference,
            channel = "consulate",
            registeredAt = "2026-05-04T08:00:00Z",
            registration = new { familyName = reference.Split('-')[0], givenNames = given, birthDate = born, householdReference = household, householdRole = role, position = latitude is { } north ? new { latitude = north, longitude = 2.0 } : null },
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    private static async Task<JsonElement> DoneAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> PostAsync(string path, object body, HttpClient? by = null) => await DoneAsync(await (by ?? house.Officer).PostAsJsonAsync(path, body));

    private async Task RefusedAsync(string path, object body, HttpStatusCode status, string code)
    {
        var answer = await house.Officer.PostAsJsonAsync(path, body);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    private Task<JsonElement> HouseholdAsync(Guid person) => house.Officer.GetFromJsonAsync<JsonElement>($"/people/{person}/household");

    private static Guid[] Members(JsonElement household) => [.. household.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("personId").GetGuid())];

    [Fact]
    public async Task A_household_in_two_places_is_shown_with_who_answers_for_whom_and_every_member_read_leaves_a_trace()
    {
        var mother = await RegisteredAsync("Bekele-1", "Marta", "1988-02-03", "HB", "head", 1.5);
        var child = await RegisteredAsync("Bekele-2", "Dawit", "2015-09-01", "HB", "child", 2.5);
        await PostAsync($"/people/{child}/guardians", new { guardianId = mother, basis = "parent" });
        await PostAsync($"/people/{mother}/evacuation-consent", new { by = mother });

        var shown = await HouseholdAsync(mother);
        Assert.Equal(new[] { mother, child }.Order(), Members(shown).Order());
        Assert.Equal((true, 111.2, false), (shown.GetProperty("inDifferentPlaces").GetBoolean(), shown.GetProperty("kilometresApart").GetDouble(), shown.GetProperty("allConsented").GetBoolean()));
        var (head, ward) = (shown.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("personId").GetGuid() == mother), shown.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("personId").GetGuid() == child));
        Assert.Equal(("head", false, true, child), (head.GetProperty("role").GetString(), head.GetProperty("isChild").GetBoolean(), head.GetProperty("consented").GetBoolean(), head.GetProperty("guardianOf")[0].GetGuid()));
        Assert.Equal((mother, "parent", 2.5), (ward.GetProperty("guardians")[0].GetProperty("guardianId").GetGuid(), ward.GetProperty("guardians")[0].GetProperty("basis").GetString(), ward.GetProperty("lastKnown").GetProperty("position").GetProperty("latitude").GetDouble()));

        var auditor = await house.ClientAsync(Service.Access, Roles.Auditor);
        Assert.Contains((await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={child}")).GetProperty("items").EnumerateArray(), read => read.GetProperty("what").GetString() == "household");

        using var documents = await house.ClientAsync(Service.ConsularContact, Roles.DocumentOfficer);
        var less = await documents.GetFromJsonAsync<JsonElement>($"/people/{mother}/household");
        Assert.DoesNotContain("lastKnown", less.GetRawText(), StringComparison.Ordinal);
        Assert.False(less.TryGetProperty("kilometresApart", out _));
    }

    [Fact]
    public async Task An_adult_leaves_with_the_child_they_answer_for_and_no_form_brings_them_back()
    {
        var (head, spouse, child) = (await RegisteredAsync("Chala-1", "Abdi", "1980-01-09", "HC", "head"), await RegisteredAsync("Chala-2", "Hawi", "1984-03-07", "HC", "spouse"), await RegisteredAsync("Chala-3", "Bontu", "2016-06-06", "HC", "child"));
        var household = (await HouseholdAsync(head)).GetProperty("householdId").GetGuid();

        await RefusedAsync($"/households/{household}/departures", new { wishOf = child }, HttpStatusCode.UnprocessableEntity, "household/child-cannot-leave");
        await RefusedAsync($"/households/{household}/departures", new { wishOf = spouse, with = new[] { child } }, HttpStatusCode.UnprocessableEntity, "household/not-the-guardian");
        await RefusedAsync($"/households/{Guid.NewGuid()}/departures", new { wishOf = spouse }, HttpStatusCode.NotFound, "household/unknown");
        await PostAsync($"/people/{child}/guardians/{head}/refusal", new { reason = "A friend of the mother, by her own word" });
        await PostAsync($"/people/{child}/guardians", new { guardianId = spouse, basis = "parent" });
        await RefusedAsync($"/households/{household}/departures", new { wishOf = spouse, with = new[] { child } }, HttpStatusCode.UnprocessableEntity, "household/not-the-guardian");
        await PostAsync($"/people/{child}/guardians", new { guardianId = spouse, basis = "parent", grounds = "papers" });
        await RefusedAsync($"/households/{household}/departures", new { wishOf = spouse }, HttpStatusCode.Conflict, "household/child-left-alone");

        var left = await PostAsync($"/households/{household}/departures", new { wishOf = spouse, with = new[] { child } });
        Assert.Equal([head], Members(await house.Officer.GetFromJsonAsync<JsonElement>($"/households/{household}")));
        Assert.Equal(new[] { spouse, child }.Order(), Members(await house.Officer.GetFromJsonAsync<JsonElement>($"/households/{left.GetProperty("newHouseholdId").GetGuid()}")).Order());

        await RefusedAsync($"/households/{household}/members", new { personId = spouse, role = "spouse" }, HttpStatusCode.Conflict, "household/in-another");
        await RefusedAsync($"/households/{household}/members", new { personId = child, role = "child" }, HttpStatusCode.Conflict, "household/child-without-guardian");
        await RefusedAsync($"/people/{child}/guardians", new { guardianId = head, basis = "parent" }, HttpStatusCode.Forbidden, "guardian/protection-officer-needed");
        foreach (var account in (string[])["protection-1", "protection-2"])
        {
            using var protection = await house.ClientOfAsync(Service.ConsularContact, account, null, Roles.ProtectionOfficer);
            await PostAsync($"/people/{child}/guardians", new { guardianId = head, basis = "parent" }, protection);
        }
        await RefusedAsync($"/households/{household}/members", new { personId = child, role = "child" }, HttpStatusCode.UnprocessableEntity, "household/whose-wish");
        await PostAsync($"/households/{household}/members", new { personId = child, role = "child", wishOf = head });
        Assert.Equal(new[] { head, child }.Order(), Members(await HouseholdAsync(head)).Order());
    }

    [Fact]
    public async Task Of_two_parents_who_leave_at_the_same_moment_one_stays_with_the_child()
    {
        var (one, other) = (await RegisteredAsync("Diriba-1", "Lelisa", "1980-01-09", "HD", "head"), await RegisteredAsync("Diriba-2", "Chaltu", "1984-03-07", "HD", "spouse"));
        await RegisteredAsync("Diriba-3", "Kena", "2016-06-06", "HD", "child");
        var household = (await HouseholdAsync(one)).GetProperty("householdId").GetGuid();
        var answers = await Task.WhenAll(new[] { one, other }.Select(wishOf => house.Officer.PostAsJsonAsync($"/households/{household}/departures", new { wishOf })));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task A_child_alone_is_reported_looked_after_and_brought_back_to_a_guardian()
    {
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        using var second = await house.ClientOfAsync(Service.ConsularContact, "protection-second", null, Roles.ProtectionOfficer);
        var (child, aunt) = (await RegisteredAsync("Edao-1", "Sena", "2014-06-06", null, null), await RegisteredAsync("Edao-2", "Ayantu", "1979-03-03", null, null));

        await RefusedAsync($"/people/{child}/separation", new { kind = "lost", cause = "conflict" }, HttpStatusCode.UnprocessableEntity, "separation/kind-unknown");
        await RefusedAsync($"/people/{aunt}/separation", new { kind = "separated", cause = "conflict" }, HttpStatusCode.Conflict, "separation/not-a-child");
        await PostAsync($"/people/{child}/separation", new { kind = "unaccompanied", cause = "conflict", since = "2026-04", last = "With the mother at the bus station" });
        await RefusedAsync($"/people/{child}/guardians", new { guardianId = aunt, basis = "customary" }, HttpStatusCode.Forbidden, "guardian/protection-officer-needed");
        await PostAsync($"/people/{child}/separation/care", new { kind = "kin", carerId = aunt });

        var seen = await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{child}/separation");
        Assert.Equal(("unaccompanied", "With the mother at the bus station", aunt), (seen.GetProperty("kind").GetString(), seen.GetProperty("last").GetString(), seen.GetProperty("care")[0].GetProperty("carerId").GetGuid()));

        var home = (await PostAsync("/households", new { headId = aunt })).GetProperty("householdId").GetGuid();
        await PostAsync($"/people/{child}/guardians", new { guardianId = aunt, basis = "customary" }, protection);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await protection.PostAsJsonAsync($"/people/{child}/separation/end", new { outcome = "guardian-appointed", with = aunt })).StatusCode);
        await PostAsync($"/people/{child}/guardians", new { guardianId = aunt, basis = "customary" }, second);
        Assert.Equal(HttpStatusCode.Conflict, (await protection.PostAsJsonAsync($"/people/{child}/separation/end", new { outcome = "guardian-appointed", with = aunt })).StatusCode);
        await PostAsync($"/households/{home}/members", new { personId = child, role = "child" });
        await PostAsync($"/people/{child}/separation/end", new { outcome = "guardian-appointed", with = aunt }, protection);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.GetAsync($"/people/{child}/separation")).StatusCode);

        var timeline = (await house.Part<TimelineStore>(Service.ConsularContact).ReadAsync(child)).Events.Select(e => e.Event.GetType().Name);
        Assert.Equal(["PersonRegistered", "ChildSeparationReported", "CareArranged", "TieProposed", "GuardianNamed", "HouseholdJoined", "ChildSeparationEnded"], timeline);
    }
}
