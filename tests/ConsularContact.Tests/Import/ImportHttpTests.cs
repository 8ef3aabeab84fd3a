using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.ConsularContact.Import;
using CrisisCoordination.ConsularContact.Tests.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Tests.ConsularContact;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Import;

public sealed class ImportHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private const string Header = "registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,notes,document_no";

    // Somebody else for each family name, so that tests beside each other match nobody by chance.
    private static string Row(string reference, string family, string? given = null, string? born = null, string notes = "", string document = "") =>
        $"2026-05-04T08:00:00Z,self,{reference},{family},{given ?? string.Concat(family.Reverse())},M,{born ?? new DateOnly(1940, 1, 2).AddDays(family.Aggregate(7, (sum, letter) => (sum * 31 + letter) % 20_000)).ToString("yyyy-MM-dd")},ETH,,none,food,,,{notes},{document}";

    private static string File(params string[] rows) => string.Join('\n', [Header, .. rows]) + "\n";

    private async Task<string> SendAsync(string sender, HttpContent content, string type = "text/csv", string more = "")
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var answer = await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender={sender}&vouched=true{more}", content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private Task<string> SendAsync(string sender, string csv, string more = "") => SendAsync(sender, new StringContent(csv), more: more);

    private async Task<JsonElement> RestsAsync(string import)
    {
        JsonElement shown = default;
        await Eventually.TrueAsync(async () => (shown = await house.Officer.GetFromJsonAsync<JsonElement>(import)).GetProperty("state").GetString() is not ("running" or "undoing"), $"{import} rests");
        return shown;
    }

    private static string? State(JsonElement import) => import.GetProperty("state").GetString();

    private async Task<List<(int Row, string Outcome, string How)>> RowsAsync(string import) =>
        [.. (await house.Officer.GetFromJsonAsync<JsonElement>($"{import}/rows?limit=1000")).GetProperty("items").EnumerateArray().Select(r => (r.GetProperty("row").GetInt32(), r.GetProperty("outcome").GetString()!, r.GetProperty("how").GetString()!))];

    private async Task<int> FoundAsync(string search) => (await house.Officer.GetFromJsonAsync<JsonElement>($"/people?search={search}")).GetProperty("items").GetArrayLength();

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    [Fact]
    public async Task No_row_is_refused_because_others_keep_changing_the_person()
    {
        var first = await SendAsync("held", File(Row("H-1", "Heldaway", document: "HD1111111")));
        await RestsAsync(first);
        var row = (await house.Officer.GetFromJsonAsync<JsonElement>($"{first}/rows")).GetProperty("items")[0];
        string again;
        await using (var held = await HeldTimeline.HoldAsync(house, row.GetProperty("personId").GetGuid()))
        {
            var rows = File(Row("H-2", "Heldaway", document: "HD1111111"), Row("H-3", "Freetogo", document: "HD2222222"));
            again = await SendAsync("held", rows);
            await held.TriedAsync(10 * TimelineStore.Attempts);
            Assert.Equal("running", State(await house.Officer.GetFromJsonAsync<JsonElement>(again)));
        }
        var shown = await RestsAsync(again);
        int Of(string count) => shown.GetProperty(count).GetInt32();
        Assert.Equal(("done", 2, 0, 1), (State(shown), Of("accepted"), Of("refused"), Of("repeated")));
    }

    [Fact]
    public async Task A_file_in_another_language_is_taken_in_by_its_headers()
    {
        var import = await SendAsync("mission", """
            Date d'enregistrement;Canal;Référence;Nom de famille;Prénoms;Sexe;Date de naissance;Nationalité;Besoins spécifiques;Mobilité;Besoins immédiats;Crainte de retour;Partager avec;N° de passeport
            2026-05-04T08:00:00Z;self;FR-1;Traoré;Mariam;F;30/01/1985;MLI;;none;food;;;P1234567
            """);

        var shown = await RestsAsync(import);
        Assert.Equal(("done", 1), (State(shown), shown.GetProperty("accepted").GetInt32()));
        Assert.Equal(1, await FoundAsync("P1234567"));
    }

    [Fact]
    public async Task Headers_that_nobody_knows_wait_for_an_officer_whose_word_holds_for_the_senders_next_file()
    {
        string Csv(string reference, string name) => File(Row(reference, name)).Replace("family_name", "Name").Replace(",fear_of_return_to,", ",Remarks 2,");
        var import = await SendAsync("agency", Csv("M-1", "Mappable"));

        var shown = await RestsAsync(import);
        Assert.Equal("needs-mapping", State(shown));
        Assert.Equal(["family_name", "fear_of_return_to"], shown.GetProperty("columns").GetProperty("missing").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(["Name", "Remarks 2"], shown.GetProperty("columns").GetProperty("unknown").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(0, await FoundAsync("mappable"));

        Task<HttpResponseMessage> SayAsync(object said) => house.Officer.PutAsJsonAsync($"{import}/mapping", said);
        Assert.Equal("import/column-unknown", await CodeAsync(await SayAsync(new { columns = new Dictionary<string, string> { ["Name"] = "family" } })));
        Assert.Equal("import/column-needed", await CodeAsync(await SayAsync(new { columns = new { }, absent = new[] { "family_name" } })));
        Assert.Equal(HttpStatusCode.BadRequest, (await SayAsync(new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SayAsync(new { columns = new Dictionary<string, string?> { ["NAME"] = "family_name", ["Remarks 2"] = null } })).StatusCode);
        Assert.Equal("needs-mapping", State(await RestsAsync(import)));
        Assert.Equal(HttpStatusCode.NoContent, (await SayAsync(new { columns = new { }, absent = new[] { "fear_of_return_to" } })).StatusCode);
        Assert.Equal("done", State(await RestsAsync(import)));
        Assert.Equal(1, await FoundAsync("mappable"));
        Assert.Equal("import/wrong-state", await CodeAsync(await SayAsync(new { columns = new { } })));

        Assert.Equal("done", State(await RestsAsync(await SendAsync("agency", Csv("M-2", "Mappabla")))));
        Assert.Equal("needs-mapping", State(await RestsAsync(await SendAsync("another-agency", Csv("M-3", "Mappablo")))));
    }

    [Fact]
    public async Task A_workbook_is_taken_in_like_the_same_table_as_text()
    {
        const string xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        var cells = Row("X-1", "Workbooker", "Abel").Split(',');
        cells[6] = "<c s=\"1\"><v>31077</v></c>";
        var import = await SendAsync("workbook", new ByteArrayContent(SomeWorkbook.Of(Header.Split(','), cells)), xlsx);

        Assert.Equal(("done", 1), (State(await RestsAsync(import)), await FoundAsync("workbooker")));
        Assert.Contains(",Workbooker,Abel,M,1985-01-30,", await house.Officer.GetStringAsync($"{import}/result"));

        // Whatever the type says, what is inside counts.
        var other = await SendAsync("workbook", new ByteArrayContent(SomeWorkbook.Of(Header.Split(','), Row("X-2", "Labelledcsv").Split(','))));
        Assert.Equal("done", State(await RestsAsync(other)));
    }

    [Theory]
    [InlineData("import/empty", "")]
    [InlineData("import/old-workbook", "D0CF11E0A1B11AE1")]
    [InlineData("import/not-a-table", "255044462D312E37")]
    [InlineData("import/not-a-table", "00010203FF00")]
    [InlineData("import/workbook-unreadable", "504B030414000600")]
    public async Task What_is_no_table_is_refused_at_once(string code, string hex)
    {
        using var content = new ByteArrayContent(Convert.FromHexString(hex)) { Headers = { ContentType = new("text/csv") } };
        using var answer = await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender=hostile", content);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, code), (answer.StatusCode, await CodeAsync(answer)));
    }

    [Fact]
    public async Task An_endless_line_is_refused_at_once()
    {
        using var content = new StringContent(new string('x', 400_000), Encoding.UTF8, "text/csv");
        Assert.Equal("import/not-a-table", await CodeAsync(await house.Officer.PostAsync($"/imports?crisis={house.Crisis}&sender=hostile", content)));
    }

    [Fact]
    public async Task A_dry_run_tells_everything_and_stores_nobody_until_it_is_committed()
    {
        await RestsAsync(await SendAsync("dry", File(Row("D-1", "Drybefore", document: "DR1234567"))));
        var stored = await house.StoredAsync();
        var csv = File(Row("D-1", "Drybefore"), Row("D-2", "Drybefore", document: "DR1234567"), Row("D-3", "Dryfirst", "Zerihun", "1999-11-23"), Row("D-4", "Drywrong", born: "1985-02-30"));
        var import = await SendAsync("dry", csv, "&dryRun=true");

        var shown = await RestsAsync(import);
        Assert.Equal(("checked", true, 4, 3, 1, 1, 1), (State(shown), shown.GetProperty("dryRun").GetBoolean(), shown.GetProperty("rows").GetInt32(), shown.GetProperty("accepted").GetInt32(),
            shown.GetProperty("known").GetInt32(), shown.GetProperty("repeated").GetInt32(), shown.GetProperty("refused").GetInt32()));
        Assert.Equal([(2, "accepted", "known"), (3, "accepted", "repeated"), (4, "accepted", "new"), (5, "refused", "refused")], await RowsAsync(import));
        Assert.Equal(stored, await house.StoredAsync());
        Assert.Equal(import, await SendAsync("dry", csv, "&dryRun=true"));

        Assert.Equal(HttpStatusCode.Accepted, (await house.Officer.PostAsync($"{import}/commit", null)).StatusCode);
        shown = await RestsAsync(import);
        Assert.Equal(("done", false, 3, 1), (State(shown), shown.GetProperty("dryRun").GetBoolean(), shown.GetProperty("accepted").GetInt32(), shown.GetProperty("refused").GetInt32()));
        Assert.Equal(1, await FoundAsync("dryfirst"));
        Assert.Equal(4, (await RowsAsync(import)).Count);

        // Once more changes nothing.
        stored = await house.StoredAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await house.Officer.PostAsync($"{import}/commit", null)).StatusCode);
        Assert.Equal((import, "done"), (await SendAsync("dry", csv), State(await RestsAsync(import))));
        Assert.Equal(stored, await house.StoredAsync());
    }

    [Fact]
    public async Task The_file_of_a_dry_run_sent_without_it_is_taken_in()
    {
        var csv = File(Row("DS-1", "Drysent"));
        var import = await SendAsync("dry-sent", csv, "&dryRun=true");
        Assert.Equal("checked", State(await RestsAsync(import)));
        Assert.Equal(import, await SendAsync("dry-sent", csv));
        Assert.Equal(("done", 1), (State(await RestsAsync(import)), await FoundAsync("drysent")));
    }

    [Fact]
    public async Task A_paused_import_goes_on_where_it_was_and_a_cancelled_one_stays_as_it_is_until_it_is_sent_again()
    {
        // Held before the first row by a header, so that it can be paused at a moment that is known.
        var csv = File([.. Enumerable.Range(0, 150).Select(i => Row($"P-{i}", $"Paused{i}"))]).Replace("family_name", "Name");
        var import = await SendAsync("pausing", csv);
        await RestsAsync(import);
        Assert.Equal((HttpStatusCode.Conflict, "import/wrong-state"), (await house.Officer.PostAsync($"{import}/pause", null) is var early ? early.StatusCode : default, await CodeAsync(early)));
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsync($"{import}/cancel", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsync($"{import}/cancel", null)).StatusCode);
        Assert.Equal("cancelled", State(await RestsAsync(import)));
        Assert.Equal(HttpStatusCode.Conflict, (await house.Officer.PostAsync($"{import}/resume", null)).StatusCode);

        Assert.Equal(import, await SendAsync("pausing", csv));
        Assert.Equal("needs-mapping", State(await RestsAsync(import)));
        await house.Officer.PutAsJsonAsync($"{import}/mapping", new { columns = new { Name = "family_name" } });
        // Paused somewhere on its way, or already over: either way every row comes in once.
        var paused = await house.Officer.PostAsync($"{import}/pause", null);
        if (paused.StatusCode == HttpStatusCode.NoContent)
        {
            Assert.Equal("paused", State(await RestsAsync(import)));
            Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsync($"{import}/resume", null)).StatusCode);
        }
        var shown = await RestsAsync(import);
        Assert.Equal(("done", 150, 150), (State(shown), shown.GetProperty("read").GetInt32(), shown.GetProperty("accepted").GetInt32()));
        Assert.Equal(Enumerable.Range(2, 150), (await RowsAsync(import)).Select(r => r.Row));
    }

    [Fact]
    public async Task A_reference_that_stands_in_a_file_twice_is_taken_once()
    {
        var import = await SendAsync("twice", File(Row("TW-1", "Twicewritten"), Row("TW-1", "Twicewritten"), Row("TW-1", "Twicechanged")));
        var shown = await RestsAsync(import);
        Assert.Equal((3, 0, 2), (shown.GetProperty("accepted").GetInt32(), shown.GetProperty("repeated").GetInt32(), shown.GetProperty("known").GetInt32()));
        Assert.Equal(["new", "known", "known"], (await RowsAsync(import)).Select(r => r.How));
        Assert.Equal((1, 0), (await FoundAsync("twicewritten"), await FoundAsync("twicechanged")));
    }

    [Fact]
    public async Task The_result_is_the_same_file_with_what_became_of_each_row_and_no_formula_in_it()
    {
        var import = await SendAsync("result", File(Row("R-1", "Resulting", notes: "\"=HYPERLINK(\"\"http://x\"\"),\nnext\""), Row("R-2", "Resultant", born: "1985-02-30"), "", "too,few"));
        Assert.Equal("done", State(await RestsAsync(import)));

        var answer = await house.Officer.GetAsync($"{import}/result");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith($"{Header},outcome,reason\r\n", text.TrimStart('\uFEFF'));
        Assert.Contains("\"'=HYPERLINK(\"\"http://x\"\"),\nnext\",,accepted,a person not known before\r\n", text);
        Assert.Contains(",refused,\"date_of_birth: “1985-02-30” is a day that never was.", text);
        Assert.Contains("\r\n\r\ntoo,few,,,,,,,,,,,,,,refused,", text);

        // It goes back in as it is: what was taken in is known, and what was put right is taken.
        var again = await SendAsync("result", text.Replace("1985-02-30", "1985-02-28"));
        var shown = await RestsAsync(again);
        Assert.Equal(("done", 2, 1), (State(shown), shown.GetProperty("accepted").GetInt32(), shown.GetProperty("known").GetInt32()));
    }

    [Fact]
    public async Task The_result_leaves_a_trace_and_another_post_does_not_find_the_file()
    {
        var import = await SendAsync("traced", File(Row("T-1", "Traced")));
        await RestsAsync(import);
        await house.Officer.GetStringAsync($"{import}/result");
        var auditor = await house.ClientAsync(Service.Access, Roles.Auditor);
        var person = (await house.Officer.GetFromJsonAsync<JsonElement>($"{import}/rows")).GetProperty("items")[0].GetProperty("personId").GetGuid();
        Assert.Contains("imported file", await auditor.GetStringAsync($"/read-log?person={person}"));
        using var elsewhere = await house.ClientOfPostAsync(Service.ConsularContact, "officer-elsewhere", null, "elsewhere", Roles.Officer);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync($"{import}/result")).StatusCode);
    }

    [Fact]
    public async Task A_file_is_kept_sealed_and_for_seven_days()
    {
        var import = await SendAsync("kept", File(Row("K-1", "Keptinside")));
        await RestsAsync(import);
        var database = house.Part<NpgsqlDataSource>(Service.ConsularContact);
        var id = import.Split('/')[^1];
        await using (var sealedPart = database.CreateCommand($"select sealed from consular_contact.import_part where import_id = '{id}'"))
            Assert.DoesNotContain("Keptinside", Encoding.Latin1.GetString((byte[])(await sealedPart.ExecuteScalarAsync())!));

        var files = house.Part<ImportedFiles>(Service.ConsularContact);
        await files.DeleteOldAsync(default);
        Assert.Equal(HttpStatusCode.OK, (await house.Officer.GetAsync($"{import}/result")).StatusCode);
        await using (var older = database.CreateCommand($"update consular_contact.import set finished_at = finished_at - interval '8 days' where id = '{id}'")) await older.ExecuteNonQueryAsync();
        await files.DeleteOldAsync(default);
        Assert.Equal("import/file-deleted", await CodeAsync(await house.Officer.GetAsync($"{import}/result")));
        Assert.Equal([(2, "accepted", "new")], await RowsAsync(import));
    }

    [Fact]
    public async Task A_row_that_may_be_somebody_known_waits_until_an_officer_decides()
    {
        await RestsAsync(await SendAsync("waiting", File(Row("W-1", "Waitbefore", "Belay", "1971-03-09"))));
        var import = await SendAsync("waiting", File(Row("W-2", "Waitfirst", "Belay", "1971-03-09")));
        var shown = await RestsAsync(import);
        var row = Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>($"{import}/rows")).GetProperty("items").EnumerateArray());
        Assert.Equal(("waiting", "review", 1), (row.GetProperty("outcome").GetString(), shown.GetProperty("stage").GetString(), shown.GetProperty("outcomes").GetProperty("waiting").GetInt32()));

        var person = row.GetProperty("personId").GetGuid();
        var pair = (await house.Officer.GetFromJsonAsync<JsonElement>("/matches?state=open&limit=1000")).GetProperty("items").EnumerateArray().First(p => p.GetProperty("personId").GetGuid() == person);
        Assert.Equal(HttpStatusCode.NoContent, (await house.Officer.PostAsJsonAsync($"/matches/{person}/{pair.GetProperty("otherPersonId").GetGuid()}/dismissal", new { reason = "two cousins" })).StatusCode);
        Assert.Equal([(2, "accepted", "new")], await RowsAsync(import));
        Assert.Equal("done", (await RestsAsync(import)).GetProperty("stage").GetString());
    }

    [Fact]
    public async Task An_import_that_is_worked_on_again_goes_on_where_it_was()
    {
        var import = await SendAsync("again", File([.. Enumerable.Range(0, 4).Select(i => Row($"AG-{i}", $"Again{(char)('a' + i)}"))]));
        await RestsAsync(import);
        var (rows, stored) = (await RowsAsync(import), await house.StoredAsync());
        // As if the service had been killed between the last batch and the word that it was the last.
        await using (var forget = house.Part<NpgsqlDataSource>(Service.ConsularContact).CreateCommand($"update consular_contact.import set finished_at = null where id = '{import.Split('/')[^1]}'")) await forget.ExecuteNonQueryAsync();
        var shown = await RestsAsync(import);
        Assert.Equal(("done", 4, 4, 0), (State(shown), shown.GetProperty("read").GetInt32(), shown.GetProperty("accepted").GetInt32(), shown.GetProperty("known").GetInt32()));
        Assert.Equal(rows, await RowsAsync(import));
        Assert.Equal(stored, await house.StoredAsync());
    }

    [Fact]
    public async Task A_row_that_fails_every_time_is_refused_and_the_others_come_in()
    {
        await using var owner = NpgsqlDataSource.Create(house.Deployment.Postgres);
        await using (var trap = owner.CreateCommand("""
            create function public.trap() returns trigger language plpgsql as $$ begin if new.family_name = 'Trapped' then raise exception 'as a fault of ours would'; end if; return new; end $$;
            create trigger trap before insert on consular_contact.person for each row execute function public.trap()
            """)) await trap.ExecuteNonQueryAsync();
        var import = await SendAsync("trap", File([.. Enumerable.Range(0, 12).Select(i => Row($"TR-{i}", i == 7 ? "Trapped" : $"Free{(char)('a' + i)}"))]));

        var shown = await RestsAsync(import);
        Assert.Equal(("done", 12, 11, 1), (State(shown), shown.GetProperty("read").GetInt32(), shown.GetProperty("accepted").GetInt32(), shown.GetProperty("refused").GetInt32()));
        Assert.Equal([(9, "refused", "refused")], (await RowsAsync(import)).Where(row => row.Outcome != "accepted"));
        var refusal = Assert.Single((await house.Officer.GetFromJsonAsync<JsonElement>($"{import}/refusals")).GetProperty("items").EnumerateArray());
        Assert.Equal((9, "import/row-failed"), (refusal.GetProperty("row").GetInt32(), refusal.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_any_more_fails_and_those_after_it_come_in()
    {
        // Held before the first row by a header, so that it can be spoilt at a moment that is known.
        var import = await SendAsync("spoilt", File(Row("SP-1", "Spoilt")).Replace("family_name", "Name"));
        await RestsAsync(import);
        await using (var spoil = house.Part<NpgsqlDataSource>(Service.ConsularContact).CreateCommand($"update consular_contact.import_part set sealed = sha256(sealed) where import_id = '{import.Split('/')[^1]}'")) await spoil.ExecuteNonQueryAsync();
        await using (var go = house.Part<NpgsqlDataSource>(Service.ConsularContact).CreateCommand($"update consular_contact.import set hold = null where id = '{import.Split('/')[^1]}'")) await go.ExecuteNonQueryAsync();

        Assert.Equal("done", State(await RestsAsync(await SendAsync("after-spoilt", File(Row("SP-2", "Unspoilt"))))));
        var shown = await RestsAsync(import);
        Assert.Equal("failed", State(shown));
        Assert.Contains("Send it again", shown.GetProperty("fault").GetString());
    }

    [Fact]
    public async Task What_does_not_exist_or_makes_no_sense_is_told()
    {
        var unknown = $"/imports/{Guid.NewGuid()}";
        foreach (var verb in (string[])["pause", "resume", "cancel", "commit"])
            Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.PostAsync($"{unknown}/{verb}", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.PutAsJsonAsync($"{unknown}/mapping", new { columns = new { } })).StatusCode);
        foreach (var path in (string[])["", "/rows", "/result"]) Assert.Equal(HttpStatusCode.NotFound, (await house.Officer.GetAsync(unknown + path)).StatusCode);
        var import = await SendAsync("sense", File(Row("S-1", "Sensible")));
        await RestsAsync(import);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.GetAsync($"{import}/rows?outcome=maybe")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await house.Officer.GetAsync($"{import}/rows?limit=0")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await house.Officer.PostAsync($"{import}/pause", null)).StatusCode);
    }
}
