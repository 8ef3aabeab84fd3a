using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class FindingHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private async Task<Guid> RegisterAsync(string reference, object registration, HttpClient? officer = null)
    {
        var answer = await (officer ?? house.Officer).PostAsJsonAsync("/people", new { crisisId = house.Crisis, reference, channel = "consulate", registeredAt = "2026-05-04T08:00:00Z", registration });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();
    }

    private async Task<Guid[]> FindAsync(string search, HttpClient? officer = null) =>
        [.. (await (officer ?? house.Officer).GetFromJsonAsync<JsonElement>($"/people?search={Uri.EscapeDataString(search)}")).GetProperty("items").EnumerateArray().Select(p => p.GetProperty("personId").GetGuid())];

    [Fact]
    public async Task A_person_is_found_by_anything_that_is_known_of_them()
    {
        var id = await RegisterAsync("KRT-2026/0815", new
        {
            familyName = "Al-Shehri",
            givenNames = "Mohammed",
            nameInOriginalScript = "محمد الشهري",
            birthDate = "1984-01-02",
            nationality = "SAU",
            phone = "+249 91 234 56 78",
            document = new { type = "passport", number = "MC 503-71 63", status = "valid", expiry = "2030-01-01" },
            place = "Khartoum, Riyadh quarter",
        });
        await RegisterAsync("KRT-2026/0816", new { familyName = "Petrov", givenNames = "Ilya", birthDate = "1985-01-02", nationality = "BGR", phone = "+359 88 123 4567", place = "Plovdiv" });
        foreach (var search in new[]
        {
            "Mohammed Al-Shehri", "shehri mohammed", "alshehri", "mohamed alshehry", "Muhammad", "mohamed", "محمد", "الشهري", "moham", "KRT-2026/0815", "krt20260815", "MC503716", "mc 503-71 63",
            "+249912345678", "0912345678", "91 234 56 78", "00249912345678", "riyadh", "quarter khartoum",
        })
            Assert.True((await FindAsync(search)) is [var only] && only == id, $"»{search}« does not find them, or others too.");
        foreach (var search in new[] { "Petrov Mohammed", "0816 shehri", "912345679", "zzz", "!!!", "'", "~" }) Assert.DoesNotContain(id, await FindAsync(search));

        (await house.Officer.PostAsJsonAsync($"/people/{id}/check-ins", new { state = "moving", place = "Wadi Halfa ferry" })).EnsureSuccessStatusCode();
        Assert.Equal([id], await FindAsync("halfa"));
    }

    [Fact]
    public async Task What_a_correction_took_away_finds_nobody_any_more()
    {
        var id = await RegisterAsync("COR-1", new { familyName = "Ghebreyesus", givenNames = "Lemlem", birthDate = "1977-03-03", nationality = "ETH" });
        var person = await house.Officer.GetAsync($"/people/{id}");
        var registration = (await person.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("registrations")[0].GetProperty("registrationId").GetGuid();
        using var correction = new HttpRequestMessage(HttpMethod.Put, $"/people/{id}/registrations/{registration}")
        { Content = JsonContent.Create(new { registration = new { familyName = "Tewolde", givenNames = "Lemlem" }, reason = "another name" }), Headers = { { "If-Match", person.Headers.ETag!.Tag } } };
        (await house.Officer.SendAsync(correction)).EnsureSuccessStatusCode();
        Assert.Empty(await FindAsync("ghebreyesus"));
        Assert.Equal([id], await FindAsync("tewolde"));
    }

    [Fact]
    public async Task Who_belongs_to_another_post_is_not_found_until_they_register_here_too()
    {
        var (cairo, cell, auditor) = (await house.ClientOfPostAsync(Service.ConsularContact, "cairo-officer", null, "cairo", Roles.Officer),
            await house.ClientOfPostAsync(Service.ConsularContact, "cell-officer", null, null, Roles.Officer), await house.ClientAsync(Service.ConsularContact, Roles.Auditor));
        var colleague = await house.ClientOfPostAsync(Service.ConsularContact, "cairo-coordinator", null, "cairo", Roles.Coordinator);
        var form = new { familyName = "Zerezghi", givenNames = "Aster", birthDate = "1969-09-09", nationality = "ERI", document = new { type = "passport", number = "ER7654321", status = "valid", expiry = "2030-01-01" } };
        var id = await RegisterAsync("P-1", form, cairo);
        foreach (var client in new[] { cairo, colleague, cell, auditor }) Assert.Equal([id], await FindAsync("zerezghi", client));
        Assert.Empty(await FindAsync("zerezghi"));
        Assert.DoesNotContain(id, await FindAsync(""));

        Assert.Equal(id, await RegisterAsync("P-2", form));
        Assert.Equal([id], await FindAsync("zerezghi"));
    }

    [Fact]
    public async Task Whatever_is_typed_or_stored_is_a_question_and_words_that_the_database_takes()
    {
        await using var database = NpgsqlDataSource.Create(house.Deployment.Postgres);
        var alphabet = Gen.Elements("a", "Z", "é", "ß", "м", "ح", "漢", "𐐀", "\uD800", "\0", "'", "\\", ":", "*", "&", "|", "!", "(", ")", "<->", "-", "0", "٣", " ", "\t", "~", "%", "kh", "al-", "عبد ");
        foreach (var text in Gen.Sample(Gen.Select(Gen.ArrayOf(alphabet), string.Concat), 300, 40).Append(string.Concat(Enumerable.Repeat("𐐀", 90))).Append("a" + string.Concat(Enumerable.Repeat("𐐀", 90))))
        {
            await using var command = database.CreateCommand("select cast($1::text as tsquery), cast($2::text as tsvector)");
            command.Parameters.Add(new() { Value = SearchWords.Asked(text) ?? "" });
            command.Parameters.Add(new() { Value = SearchWords.Stored(SearchWords.OfForm(new() { FamilyName = text, Place = text, Phone = text, Document = new("passport", text, null, DocumentStatus.None) })) });
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Pages_follow_each_other_and_end()
    {
        for (var i = 0; i < 7; i++) await RegisterAsync($"PG-{i}", new { familyName = "Qwertz", givenNames = $"Nr{(char)('a' + i)}{(char)('k' + i)}", birthDate = $"19{60 + i}-0{1 + i}-1{i}", nationality = "ETH" });
        var (all, next) = (new List<Guid>(), (string?)Guid.Empty.ToString());
        do
        {
            var page = await house.Officer.GetFromJsonAsync<JsonElement>($"/people?search=qwertz&limit=3&cursor={next}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("personId").GetGuid()));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        } while (next is not null);
        Assert.Equal((7, 7), (all.Count, all.Distinct().Count()));
    }
}
