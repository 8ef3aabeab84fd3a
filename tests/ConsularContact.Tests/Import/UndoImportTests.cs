using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.ConsularContact.Import;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Tests.ConsularContact;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Import;

public sealed class UndoImportTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private const string Header = "registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,document_no";

    private static string Row(string reference, string family, string document, string share = "") => $"2026-05-04T08:00:00Z,self,{reference},{family},Abel,M,1985-01-30,ETH,,none,food,,{share},{document}";

    private async Task<string> ImportedAsync(string sender, params string[] rows)
    {
        var answer = await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender={sender}&vouched=true", new StringContent(string.Join('\n', [Header, .. rows]), Encoding.UTF8, "text/csv"));
        await RestsAsync(answer.Headers.Location!.ToString());
        return answer.Headers.Location!.ToString();
    }

    private async Task<string?> RestsAsync(string import)
    {
        string? state = null;
        await Eventually.TrueAsync(async () => (state = (await house.Officer.GetFromJsonAsync<JsonElement>(import)).GetProperty("state").GetString()) is not ("running" or "undoing"), $"{import} rests");
        return state;
    }

    private async Task<List<(string Outcome, string? Why, Guid Person)>> RowsAsync(string import) =>
        [.. (await house.Officer.GetFromJsonAsync<JsonElement>($"{import}/rows")).GetProperty("items").EnumerateArray()
            .Select(r => (r.GetProperty("outcome").GetString()!, r.TryGetProperty("why", out var why) ? why.GetString() : null, r.TryGetProperty("personId", out var id) ? id.GetGuid() : default))];

    private async Task UndoneAsync(string import)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await house.Officer.PostAsJsonAsync($"{import}/undo", new { reason = "the wrong file" })).StatusCode);
        Assert.Equal("undone", await RestsAsync(import));
    }

    private async Task<int> FoundAsync(string search) => (await house.Officer.GetFromJsonAsync<JsonElement>($"/people?search={search}")).GetProperty("items").GetArrayLength();

    private async Task<Person> PersonAsync(Guid id) => (await house.Part<TimelineStore>(Service.ConsularContact).LoadAsync<Person>(id)).State;

    [Fact]
    public async Task Nobody_is_told_to_be_taken_back_while_others_keep_changing_them()
    {
        var import = await ImportedAsync("undo-held", Row("UH-1", "Undoheld", "UH1111111"));
        var person = Assert.Single(await RowsAsync(import)).Person;
        await using (var held = await HeldTimeline.HoldAsync(house, person))
        {
            var asked = await house.Officer.PostAsJsonAsync($"{import}/undo", new { reason = "the wrong file" });
            Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
            await held.TriedAsync(2 * TimelineStore.Attempts + 1);
            Assert.Equal("undoing", (await house.Officer.GetFromJsonAsync<JsonElement>(import)).GetProperty("state").GetString());
            Assert.NotEqual("taken-back", Assert.Single(await RowsAsync(import)).Outcome);
        }
        Assert.Equal("undone", await RestsAsync(import));
        Assert.Equal("taken-back", Assert.Single(await RowsAsync(import)).Outcome);
        Assert.True((await PersonAsync(person)).Erased);
    }

    [Fact]
    public async Task Whoever_came_with_the_import_alone_is_erased_and_can_be_imported_again()
    {
        var import = await ImportedAsync("undo", Row("U-1", "Undoable", "UN1111111", "IOM"), Row("U-2", "Undosecond", "UN2222222"), Row("U-3", "Undoable", "UN1111111", "IOM"));
        Assert.Equal(1, await FoundAsync("undoable"));
        var people = (await RowsAsync(import)).ConvertAll(r => r.Person);
        Assert.Equal(people[0], people[2]);

        await UndoneAsync(import);
        Assert.Equal(0, await FoundAsync("undoable"));
        Assert.True((await PersonAsync(people[0])).Erased && (await PersonAsync(people[1])).Erased);
        Assert.All(await RowsAsync(import), row => Assert.Equal(("taken-back", null), (row.Outcome, row.Why)));
        Assert.DoesNotContain("Undosecond", await house.Officer.GetStringAsync($"{import}/result"));

        // Taken back once more changes nothing; sent again the file comes in anew.
        var stored = await house.StoredAsync();
        await UndoneAsync(import);
        Assert.Equal(stored, await house.StoredAsync());
        Assert.Equal(import, await ImportedAsync("undo", Row("U-1", "Undoable", "UN1111111", "IOM"), Row("U-2", "Undosecond", "UN2222222"), Row("U-3", "Undoable", "UN1111111", "IOM")));
        Assert.Equal(1, await FoundAsync("undoable"));
        Assert.All(await RowsAsync(import), row => Assert.Equal("accepted", row.Outcome));
    }

    [Fact]
    public async Task A_registration_of_somebody_known_before_is_taken_off_them_and_nothing_else()
    {
        var before = await ImportedAsync("undo-known", Row("V-1", "Undoknown", "UN3333333", "IOM"));
        var person = (await RowsAsync(before))[0].Person;
        var import = await ImportedAsync("undo-known", Row("V-2", "Undoknown", "UN3333333", "IOM;UNHCR"));
        Assert.Equal(2, (await PersonAsync(person)).Registrations.Count);

        await UndoneAsync(import);
        var now = await PersonAsync(person);
        Assert.Equal(["V-1"], now.Registrations.Select(r => r.Reference));
        Assert.Equal(["IOM"], now.SharesWith);
        Assert.Equal(1, await FoundAsync("undoknown"));
        Assert.Equal("accepted", Assert.Single(await RowsAsync(before)).Outcome);
    }

    [Fact]
    public async Task Nobody_vanishes_for_whom_something_was_done_since()
    {
        var import = await ImportedAsync("undo-kept", Row("K-1", "Undocorrected", "UN4444444"), Row("K-2", "Undoagain", "UN5555555"), Row("K-3", "Undofree", "UN6666666"));
        var rows = await RowsAsync(import);
        var corrected = await PersonAsync(rows[0].Person);
        using var correction = new HttpRequestMessage(HttpMethod.Put, $"/people/{corrected.Id}/registrations/{corrected.Registrations[0].Id}")
        {
            Content = JsonContent.Create(new { registration = new { familyName = "Undocorrected", givenNames = "Abebe" }, reason = "spelling" }),
            Headers = { { "If-Match", (await house.Officer.GetAsync($"/people/{corrected.Id}")).Headers.ETag!.Tag } },
        };
        var answer = await house.Officer.SendAsync(correction);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await ImportedAsync("undo-kept", Row("K-4", "Undoagain", "UN5555555"));

        await UndoneAsync(import);
        Assert.Equal([("kept", "registration_corrected since"), ("kept", "registered again since"), ("taken-back", null)], (await RowsAsync(import)).Select(r => (r.Outcome, r.Why)));
        Assert.Equal((1, 1, 0), (await FoundAsync("undocorrected"), await FoundAsync("undoagain"), await FoundAsync("undofree")));
    }

    [Fact]
    public async Task Cut_off_after_any_row_it_ends_the_same()
    {
        var import = await ImportedAsync("undo-cut", Row("C-1", "Undocut", "UN7777777"), Row("C-2", "Undocut", "UN7777777", "IOM"));
        var id = Guid.Parse(import.Split('/')[^1]);
        await UndoneAsync(import);
        var stored = await house.StoredAsync();

        // As if the process had been killed between doing and noting it.
        await using (var forget = house.Part<NpgsqlDataSource>(Service.ConsularContact).CreateCommand($"update consular_contact.import_row set how = case row_number when 2 then 'new' else 'repeated' end where import_id = '{id}'")) await forget.ExecuteNonQueryAsync();
        while (await house.Part<UndoImport>(Service.ConsularContact).WorkAsync(id, "test-officer", default)) { }
        Assert.All(await RowsAsync(import), row => Assert.Equal(("taken-back", null), (row.Outcome, row.Why)));
        Assert.Equal(stored, await house.StoredAsync());
    }

    [Fact]
    public async Task It_needs_a_reason_and_an_import_that_is_done()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.PostAsJsonAsync($"/imports/{Guid.NewGuid()}/undo", new { reason = "why" })).StatusCode);
        var import = await ImportedAsync("undo-reason", Row("R-1", "Undoreason", "UN8888888").Replace("Abel", "Abelo"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.PostAsJsonAsync($"{import}/undo", new { reason = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await house.Officer.PostAsJsonAsync($"{import}/undo", new { })).StatusCode);
        Assert.Equal(1, await FoundAsync("undoreason"));

        var tried = await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender=undo-reason&vouched=true&dryRun=true", new StringContent($"{Header}\n{Row("R-2", "Undodry", "UN9999999")}", Encoding.UTF8, "text/csv"));
        Assert.Equal("checked", await RestsAsync(tried.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.Conflict, (await house.Officer.PostAsJsonAsync($"{tried.Headers.Location}/undo", new { reason = "nothing to undo" })).StatusCode);
    }
}
