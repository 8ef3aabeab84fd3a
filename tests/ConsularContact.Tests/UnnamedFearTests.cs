using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class UnnamedFearTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Amina = Guid.CreateVersion7();
    private static readonly PersonRegistered Registered =
        new(Guid.CreateVersion7(), Guid.Empty, "R-1", Channel.Consulate, false, new Registration { Nationality = "SDN", FearOfReturnTo = ["XXX"] }, Noon);

    private static FearOfReturnStated States(params string[] countries) => new(countries, "officer-1", Noon.AddHours(2));

    [Fact]
    public void A_fear_that_names_no_state_is_due_to_be_asked_about_in_a_day_and_escalates_once()
    {
        var asked = Spec.Given<UnnamedFear>(Amina, Registered);
        asked.When(person => UnnamedFear.Escalate(person, Noon.AddHours(23))).ThenNothing();
        var late = asked.When(person => UnnamedFear.Escalate(person, Noon.AddHours(24))).ThenOne<FearUnnamedOverdue>();
        Spec.Given<UnnamedFear>(Amina, Registered, late).When(person => UnnamedFear.Escalate(person, Noon.AddDays(9))).ThenNothing();
        Assert.True(Spec.Given<UnnamedFear>(Amina, Registered, late).State.Overdue);
        Spec.Given<UnnamedFear>(Amina, Registered, States("ERI")).When(person => UnnamedFear.Escalate(person, Noon.AddDays(9))).ThenNothing();
        Spec.Given<UnnamedFear>(Amina, Registered, new PersonErased("o", "asked", Noon)).When(person => UnnamedFear.Escalate(person, Noon.AddDays(9))).ThenNothing();
    }

    [Fact]
    public void What_was_stated_before_is_recorded_again_when_it_answers_which() =>
        Spec.Given<Person>(Amina, Registered, States("ERI") with { Relayed = true }).When(person => StateFear.Decide(person, ["ERI"], "o", Noon.AddHours(3), byProtection: true))
            .Then(new FearOfReturnStated(["ERI"], "o", Noon.AddHours(3)) { ByProtection = true });

    [Fact]
    public void An_officer_alone_adds_a_state_and_closes_no_question() => Assert.True(Spec.Given<Person>(Amina, Registered,
        Spec.Given<Person>(Amina, Registered).When(person => StateFear.Decide(person, ["ERI"], "o", Noon.AddHours(3))).ThenOne<FearOfReturnStated>()).State.Fears is { IsOpen: true } fears
        && fears.Bars("SDN") && fears.Bars("ERI"));

    [Fact]
    public void A_merge_brings_the_open_question_along_and_answers_none()
    {
        var open = Spec.Given<Person>(Amina, Registered).State;
        var named = Spec.Given<Person>(Guid.CreateVersion7(), Registered with { Form = new Registration { Nationality = "ERI", FearOfReturnTo = ["FRA"] } }).State;

        var brought = Assert.IsType<FearOfReturnStated>(Assert.Single(SpreadFears.Decide(open, named, Noon.AddHours(1)).Events));
        Assert.True(named.Apply(brought).Fears.Bars("ERI"));
        var back = Assert.IsType<FearOfReturnStated>(Assert.Single(SpreadFears.Decide(named, open, Noon.AddHours(1)).Events));
        Assert.True(open.Apply(back).Fears is { IsOpen: true } fears && fears.Bars("SDN") && fears.Bars("FRA"));
    }
}

public sealed class UnnamedFearHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private async Task<HttpClient> OfficerAsync(string post) => await house.ClientOfPostAsync(Service.ConsularContact, $"{post}-officer", null, post, Roles.Officer);

    private async Task<Guid> RegisterAsync(HttpClient officer, string reference, params string[] fears)
    {
        var who = reference.Split('/')[0];
        var form = JsonSerializer.SerializeToNode(house.Person(reference, $"Tesfai {who}", "Saba", $"1971-{1 + (who.Length % 12):00}-{1 + (who.Sum(c => c) % 28):00}", $"EP{who}"))!;
        form["registration"]!["nationality"] = "Hong Kong";
        form["registration"]!["fearOfReturnTo"] = JsonSerializer.SerializeToNode(fears);
        var answer = await officer.PostAsJsonAsync("/people", form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    private static async Task<string?> RefusedAsync(HttpClient officer, string path, object body)
    {
        var answer = await officer.PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
    }

    private static async Task<Guid[]> ListedAsync(HttpClient officer) =>
        [.. (await officer.GetFromJsonAsync<JsonElement>("/lists/fear-unnamed")).GetProperty("items").EnumerateArray().Select(line => line.GetProperty("personId").GetGuid())];

    [Theory]
    [InlineData("unknown")]
    [InlineData("stateless")]
    [InlineData("UN")]
    [InlineData("refugee")]
    public async Task A_fear_that_names_no_state_is_taken_asks_which_and_bars_their_own_until_a_protection_officer_records_the_answer(string told)
    {
        using var officer = await OfficerAsync($"asmara-{told.ToLowerInvariant()}");
        var person = await RegisterAsync(officer, $"UF-{told}", told);

        await Eventually.TrueAsync(async () => (await ListedAsync(officer)).SequenceEqual([person]), "an officer is asked to find out which");
        Assert.NotEqual(JsonValueKind.Null, (await officer.GetFromJsonAsync<JsonElement>($"/people/{person}")).GetProperty("fearUnnamedSince").ValueKind);
        Assert.Equal("note-verbale/feared-state", await RefusedAsync(officer, "/notes-verbales", new { state = "China", people = new[] { person } }));

        foreach (var harmless in (string[])["Eritrea", "Antarctica"])
            Assert.Null(await RefusedAsync(officer, $"/people/{person}/fears", new { countries = new[] { harmless } }));
        Assert.Equal("note-verbale/feared-state", await RefusedAsync(officer, "/notes-verbales", new { state = "China", people = new[] { person } }));
        using var protection = await house.ClientAsync(Service.ConsularContact, Roles.ProtectionOfficer);
        Assert.Null(await RefusedAsync(protection, $"/people/{person}/fears", new { countries = new[] { "Eritrea" } }));
        await Eventually.TrueAsync(async () => (await ListedAsync(officer)).Length == 0, "nothing is left to ask");
        Assert.Null(await RefusedAsync(officer, "/notes-verbales", new { state = "China", people = new[] { person } }));
        Assert.Equal("note-verbale/feared-state", await RefusedAsync(officer, "/notes-verbales", new { state = "Eritrea", people = new[] { person } }));
    }

    [Fact]
    public async Task A_second_form_that_names_a_harmless_state_opens_no_way_home()
    {
        using var officer = await OfficerAsync("asmara-two");
        var person = await RegisterAsync(officer, "UF2/1", "unknown");
        Assert.Equal(person, await RegisterAsync(officer, "UF2/2", "France"));

        Assert.Equal("note-verbale/feared-state", await RefusedAsync(officer, "/notes-verbales", new { state = "China", people = new[] { person } }));
    }

    [Theory]
    [InlineData("Atlantis", "country/unknown")]
    [InlineData("ZZZ", "country/unknown")]
    [InlineData("UNO", "country/no-place")]
    [InlineData("XXA", "country/no-place")]
    [InlineData("SUN", "country/no-place")]
    public async Task A_state_that_nobody_knows_or_that_is_nowhere_is_refused_at_every_door(string state, string code)
    {
        using var officer = await OfficerAsync("asmara-three");
        var person = await RegisterAsync(officer, $"UF-3-{state}");

        Assert.Equal(code, await RefusedAsync(officer, "/notes-verbales", new { state, people = new[] { person } }));
        Assert.Equal(code, await RefusedAsync(officer, $"/people/{person}/detentions", new { state, place = "Kober" }));
        Assert.Equal(code, await RefusedAsync(officer, $"/people/{person}/exit-barriers", new { kind = "exit-permit", state }));
        Assert.Equal(code == "country/unknown" ? code : null, await RefusedAsync(officer, $"/people/{person}/fears", new { countries = new[] { state } }));
        Assert.Null(await RefusedAsync(officer, $"/people/{person}/detentions", new { state = "SDN", place = "Kober" }));
        var stay = (await officer.GetFromJsonAsync<JsonElement>($"/people/{person}/detentions")).GetProperty("items")[0].GetProperty("detentionId").GetGuid();
        Assert.Equal(code, await RefusedAsync(officer, $"/people/{person}/detentions/{stay}/notices", new { to = state, consent = true }));
    }
}
