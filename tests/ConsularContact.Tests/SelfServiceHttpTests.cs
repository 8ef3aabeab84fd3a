using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class SelfServiceHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private static async Task<JsonElement> Body(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    private HttpClient Anyone => field ??= house.Anyone(Service.ConsularContact);

    private Task<HttpResponseMessage> RegisterAsync(string family, string given, string phone = "+258 84 555 0101") =>
        Anyone.PostAsJsonAsync("/self-registrations", new { crisisId = house.Crisis, registration = new { familyName = family, givenNames = given, birthDate = "1990-05-06", nationality = "ETH", phone } });

    private async Task<HttpResponseMessage> MineAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/self-registrations/mine" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null) request.Headers.Add(TrackingToken.Header, token);
        return await Anyone.SendAsync(request);
    }

    [Fact]
    public async Task Without_an_account_somebody_registers_confirms_changes_and_signs_off()
    {
        Assert.Contains((await Anyone.GetFromJsonAsync<JsonElement>("/self-registrations/crises")).GetProperty("items").EnumerateArray(), crisis => crisis.GetProperty("crisisId").GetGuid() == house.Crisis);
        var answer = await RegisterAsync("Abera", "Lulit");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var token = (await Body(answer)).GetProperty("trackingToken").GetString()!;

        var fresh = await Body(await MineAsync(HttpMethod.Get, "", token));
        Assert.Equal((false, JsonValueKind.Undefined), (fresh.GetProperty("stale").GetBoolean(), fresh.TryGetProperty("state", out var none) ? none.ValueKind : JsonValueKind.Undefined));
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", token, new { state = "needs-help", place = "School of Dondo" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Put, "", token, new { registration = new { familyName = "Abera", givenNames = "Lulit", birthDate = "1990-05-06", needsNow = new[] { "water" } } })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", token, new { state = "left" })).StatusCode);
        var mine = await Body(await MineAsync(HttpMethod.Get, "", token));
        Assert.Equal("left", mine.GetProperty("state").GetString());
        Assert.False(mine.TryGetProperty("confirmBefore", out var due) && due.ValueKind != JsonValueKind.Null);

        var found = await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=abera");
        var person = found.GetProperty("items")[0].GetProperty("personId").GetGuid();
        Assert.Equal("School of Dondo", (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{person}/whereabouts")).GetRawText() is var text && text.Contains("School of Dondo") ? "School of Dondo" : text);
    }

    [Fact]
    public async Task Who_types_the_name_of_somebody_known_learns_nothing_of_them()
    {
        var first = await Body(await RegisterAsync("Tessema", "Hanna"));
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", first.GetProperty("trackingToken").GetString(), new { state = "needs-help", place = "Cellar, Rua 7" })).StatusCode);
        var second = await Body(await RegisterAsync("Tessema", "Hanna"));
        Assert.Equal(first.EnumerateObject().Select(member => member.Name), second.EnumerateObject().Select(member => member.Name));
        Assert.Equal(2, (await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=tessema")).GetProperty("items").GetArrayLength());

        var seen = await (await MineAsync(HttpMethod.Get, "", second.GetProperty("trackingToken").GetString())).Content.ReadAsStringAsync();
        Assert.DoesNotContain("Rua 7", seen);
        Assert.DoesNotContain("needs-help", seen);
        Assert.DoesNotContain("personId", seen);
    }

    [Fact]
    public async Task Who_types_everything_about_somebody_known_changes_nothing_of_theirs_until_an_officer_has_looked()
    {
        var known = (await Body(await house.Officer.PostAsJsonAsync("/people", house.Person("SELF-1", "Gebreyes", "Netsanet", "1991-02-03", "EP2000777")))).GetProperty("personId").GetGuid();
        var before = await house.Officer.GetStringAsync($"/people/{known}");
        var answer = await Anyone.PostAsJsonAsync("/self-registrations", new
        {
            crisisId = house.Crisis,
            registration = new { familyName = "Gebreyes", givenNames = "Netsanet", birthDate = "1991-02-03", nationality = "ETH", phone = "+258 84 666 6666", document = new { type = "passport", number = "EP2000777", expiry = "2030-01-01", status = "valid" }, shareWith = new[] { "X-AGENCY" } },
        });
        var token = (await Body(answer)).GetProperty("trackingToken").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await MineAsync(HttpMethod.Post, "/check-in", token, new { state = "safe" })).StatusCode);
        Assert.Equal(before, await house.Officer.GetStringAsync($"/people/{known}"));

        var pair = Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>("/matches?state=open&limit=1000")).GetProperty("items").EnumerateArray(), pair => pair.GetProperty("otherPersonId").GetGuid() == known);
        var stranger = pair.GetProperty("personId").GetGuid();
        var shown = await house.Officer.GetFromJsonAsync<JsonElement>($"/matches/{known}/{stranger}");
        Assert.Equal("review", shown.GetProperty("band").GetString());
        Assert.Contains("match/told-by-anyone", shown.GetProperty("againstAutomatic").EnumerateArray().Select(code => code.GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/people/{known}/merge", new { duplicateId = stranger })).StatusCode);
        Assert.Equal(2, (await house.Officer.GetFromJsonAsync<JsonElement>($"/people/{known}")).GetProperty("registrations").GetArrayLength());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S-00000000000000000000000000000000")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("' or 1=1 --AAAAAAAAAAA")]
    public async Task A_wrong_token_leads_nowhere(string? token)
    {
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[] { (HttpMethod.Get, "", null), (HttpMethod.Post, "/check-in", new { state = "safe" }), (HttpMethod.Put, "", new { registration = new { familyName = "A" } }) })
        {
            var answer = await MineAsync(method, path, token, body);
            Assert.Equal((HttpStatusCode.NotFound, "self-registration/unknown"), (answer.StatusCode, (await Body(answer)).GetProperty("type").GetString()));
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_nobody_is_registered()
    {
        var nameless = await Anyone.PostAsJsonAsync("/self-registrations", new { crisisId = house.Crisis, registration = new { birthDate = "1990-05-06" } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nameless.StatusCode);
        var nowhere = await Anyone.PostAsJsonAsync("/self-registrations", new { crisisId = Guid.Empty, registration = new { familyName = "Nowhere" } });
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Empty((await house.Officer.GetFromJsonAsync<JsonElement>("/people?search=nowhere")).GetProperty("items").EnumerateArray());

        var token = (await Body(await RegisterAsync("Bekele", "Sara"))).GetProperty("trackingToken").GetString();
        var unknown = await MineAsync(HttpMethod.Post, "/check-in", token, new { state = "fine" });
        Assert.Equal("whereabouts/state-unknown", (await Body(unknown)).GetProperty("type").GetString());
    }
}

/// <summary>Where one address may ask for little.</summary>
public sealed class StrictHouse : House
{
    protected override Task PrepareAsync() => StartAsync(ConsularContactService.Define(), "--SelfService:PerAddressPerMinute=30");
}

public sealed class PublicLimitsTests(StrictHouse house) : IClassFixture<StrictHouse>
{
    [Fact]
    public async Task One_address_cannot_try_tokens_for_ever()
    {
        using var anyone = house.Anyone(Service.ConsularContact);
        // All at once, as a slow machine would let one after the other through.
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => anyone.SendAsync(new(HttpMethod.Get, "/self-registrations/mine") { Headers = { { TrackingToken.Header, TrackingToken.New() } } })));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests }));
        Assert.NotNull(answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).Headers.RetryAfter);
    }
}
