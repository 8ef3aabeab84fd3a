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

/// <summary>Why somebody goes or stays, told from what all services know of them.</summary>
[Collection(typeof(InTheBusyHouse))]
public sealed class ExplainEverywhereTests(WholeHouse house)
{
    private static readonly DateTimeOffset Leaves = DateTimeOffset.UtcNow.AddDays(2);

    [Fact]
    public async Task Whoever_stays_hears_why_who_said_so_who_comes_before_them_and_what_would_change_it()
    {
        var crisis = await CrisisAsync();
        using var coordinator = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Coordinator);
        using var officer = await house.SignedInAsync(Service.EvacuationPlanning, Roles.Officer);
        var (first, second, third) = (await PersonAsync(crisis, "E-1", -51.7, Leaves.AddYears(3), "SM"), await PersonAsync(crisis, "E-2", -51.7, null), await PersonAsync(crisis, "E-3", -51.7, Leaves.AddYears(3), "SM"));
        await ConsentAsync(first, second, third);
        await PointsAsync(coordinator, "ESTANLEY", -51.7);
        await RunAsync(coordinator, "EX-1", "ESTANLEY", "EMONTE", "URY", 2);
        // The order rests on how urgent the other service finds them, and it finds that when it comes to it.
        foreach (var person in new[] { first, second, third })
            await Eventually.TrueAsync(async () => (await house.Part<TimelineStore>(Service.HumanitarianAid).ReadAsync(person)).Events.Any(e => e.Event is NeedsAssessed), "they are assessed");
        var draft = (await PostAsync(coordinator, "/plans", new { crisisId = crisis })).GetProperty("planId").GetGuid();
        await PostAsync(coordinator, $"/plans/{draft}/publication", new { });

        var told = default(JsonElement);
        await Eventually.TrueAsync(async () => (told = await coordinator.GetFromJsonAsync<JsonElement>($"/people/{second}/evacuation")).GetProperty("position").GetProperty("beforeWithSeats").GetInt32() == 2, "the list of people shows who has seats");
        Assert.Equal("waiting", told.GetProperty("state").GetString());
        var reason = told.GetProperty("reasons")[0];
        Assert.Equal(("no-usable-document", "person_registered", 1), (reason.GetProperty("code").GetString(), reason.GetProperty("event").GetProperty("type").GetString(), reason.GetProperty("event").GetProperty("version").GetInt32()));
        Assert.Equal((2, 3), (told.GetProperty("position").GetProperty("before").GetInt32(), told.GetProperty("position").GetProperty("groups").GetInt32()));
        Assert.Equal(["emergency-document", "more-seats"], told.GetProperty("wouldChange").GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("code").GetString()).Order());
        Assert.Equal(("left-behind", draft), (told.GetProperty("lastPlan").GetProperty("outcome").GetString(), told.GetProperty("lastPlan").GetProperty("planId").GetGuid()));
        Assert.Contains("valid until", string.Join('\n', told.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetString())), StringComparison.Ordinal);

        var seated = await coordinator.GetFromJsonAsync<JsonElement>($"/people/{third}/evacuation");
        Assert.Equal(("held", "EX-1"), (seated.GetProperty("state").GetString(), seated.GetProperty("journey").GetProperty("legs")[0].GetProperty("transportCode").GetString()));

        // Who fears the only country hears it; the coordinator reads a neutral sentence.
        await PostAsync(coordinator, $"/people/{third}/gate/fears", new { countries = new[] { "URY" } });
        Assert.Equal("protection", (await coordinator.GetFromJsonAsync<JsonElement>($"/people/{third}/evacuation")).GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.DoesNotContain("fear", await coordinator.GetStringAsync($"/people/{third}/evacuation"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("fears-every-destination", (await officer.GetFromJsonAsync<JsonElement>($"/people/{third}/evacuation")).GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await coordinator.GetAsync($"/people/{Guid.NewGuid()}/evacuation")).StatusCode);

        using var auditor = await house.SignedInAsync(Service.Access, Roles.Auditor);
        Assert.Contains((await auditor.GetFromJsonAsync<JsonElement>($"/read-log?person={second}")).GetProperty("items").EnumerateArray(), line => line.GetProperty("what").GetString() == "evacuation");
    }

    private async Task<Guid> CrisisAsync()
    {
        var crisis = Guid.CreateVersion7();
        await AppendAsync(Service.ConsularContact, crisis, new CrisisOpened("explained", "test", "Exercise", "Floods", [], DateTimeOffset.UtcNow), new CrisisCountriesSet(["ARG"], "officer", DateTimeOffset.UtcNow));
        return crisis;
    }

    private async Task<Guid> PersonAsync(Guid crisis, string reference, double latitude, DateTimeOffset? documentUntil, params string[] needs)
    {
        var person = Guid.CreateVersion7();
        await AppendAsync(Service.ConsularContact, person, new PersonRegistered(Guid.CreateVersion7(), crisis, reference, Channel.Phone, true, new()
        {
            FamilyName = $"Family {reference}",
            Nationality = "ARG",
            BirthDate = BirthDate.TryParse("1950-02-03", out var born) ? born : null,
            Position = new(latitude, -57.9),
            SpecificNeeds = needs,
            Document = documentUntil is { } until ? new("passport", "A1", DateOnly.FromDateTime(until.UtcDateTime), DocumentStatus.Valid) : null,
        }, DateTimeOffset.UtcNow.AddHours(-1)));
        return person;
    }

    private async Task ConsentAsync(params Guid[] people)
    {
        foreach (var person in people) await AppendAsync(Service.ConsularContact, person, new EvacuationConsentGiven(person, "officer", DateTimeOffset.UtcNow));
    }

    private static async Task PointsAsync(HttpClient coordinator, string code, double latitude, string country = "ARG") => Assert.True((await coordinator.PostAsync("/assembly-points/import",
        new StringContent(FormattableString.Invariant($"code,name,latitude,longitude,country\n{code},Harbour {code},{latitude},-57.9,{country}\n"), Encoding.UTF8, "text/csv"))).IsSuccessStatusCode);

    private static async Task RunAsync(HttpClient coordinator, string code, string from, string to, string country, int seats)
    {
        await PointsAsync(coordinator, to, 34.9, country);
        await EnterAsync(coordinator, code, from, to, country, seats);
    }

    private static Task EnterAsync(HttpClient coordinator, string code, string from, string to, string country, int seats) => PostAsync(coordinator, "/transports", new
    {
        code,
        kind = "ship",
        from,
        to,
        destinationCountry = country,
        seats,
        @operator = "navy",
        departsAt = $"{Leaves.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
        arrivesAt = $"{Leaves.AddHours(9).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
    });

    private async Task AppendAsync(Service service, Guid stream, params Event[] events) =>
        await house.Part<TimelineStore>(service).AttemptAsync(async work =>
        {
            await work.ReadAsync(stream);
            return work.Append(stream, Decision.Of(events));
        });

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
