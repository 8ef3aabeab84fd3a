using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.AppHost.Sample;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>However often the service is killed while it works on a file, every row ends once.</summary>
public sealed class KilledImportTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int Rows = 1_500, MostKills = 8, FewestKills = 2;

    private KilledService service = null!;

    public async ValueTask InitializeAsync() => service = await KilledService.StartAsync(house, Service.ConsularContact, Roles.Officer);

    public ValueTask DisposeAsync()
    {
        service?.Dispose();
        return default;
    }

    // Every tenth row is somebody who stands 9 rows above; every fiftieth cannot be taken.
    private static string Csv()
    {
        var csv = new StringBuilder("registered_at,channel,reference,family_name,given_names,sex,date_of_birth,nationality,specific_needs,mobility,needs_now,fear_of_return_to,share_with,document_no\n");
        for (var i = 0; i < Rows; i++)
        {
            var who = i % 10 == 9 ? i - 9 : i;
            csv.Append($"2026-05-04T08:00:00Z,self,K-{i},Fam{Word(who)},Giv{Word(who * 7)},F,{(i % 50 == 25 ? "1985-02-30" : $"{1950 + (who * 13 % 60)}-{1 + (who % 12):00}-{2 + (who % 26):00}")},ETH,,none,food,,IOM,EP{who:0000000}\n");
        }
        return csv.ToString();

        static string Word(int number) => string.Concat($"{number * 7919:0000000}".Select(digit => "bakelimopu"[digit - '0']));
    }

    private async Task<JsonElement> RestsThroughKillsAsync(string import, int seed)
    {
        var dice = new Random(seed);
        var shown = default(JsonElement);
        var killed = 0;
        for (; killed < FewestKills || (killed < MostKills && !await RestsAsync()); killed++)
        {
            await Task.Delay(dice.Next(1, 700));
            service.Kill();
            service.Start();
            await service.ReadyAsync();
        }
        await Eventually.TrueAsync(RestsAsync, "the import rests");
        return shown;

        async Task<bool> RestsAsync() => (shown = await service.GetAsync(import)).GetProperty("state").GetString() is not ("running" or "undoing");
    }

    private async Task<List<(int Row, string Outcome)>> RowsAsync(string import)
    {
        var rows = new List<(int, string)>();
        for (int? cursor = 0; cursor is not null;)
        {
            var page = await service.GetAsync($"{import}/rows?limit=1000&cursor={cursor}");
            rows.AddRange(page.GetProperty("items").EnumerateArray().Select(r => (r.GetProperty("row").GetInt32(), r.GetProperty("outcome").GetString()!)));
            cursor = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Number ? next.GetInt32() : null;
        }
        return rows;
    }

    [Fact]
    public async Task A_service_killed_again_and_again_takes_every_row_once_and_takes_every_row_back_once()
    {
        var folder = Directory.CreateTempSubdirectory("killed-import-").FullName;
        SampleCrisis.Write(folder, seed: 1, people: 60);
        var opened = await service.Http.PostAsync("/crises", new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, "alert.cap.xml")), Encoding.UTF8, "application/xml"));
        Directory.Delete(folder, recursive: true);
        var crisis = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("crisisId").GetGuid();

        var sent = await service.Http.PostAsync($"/imports?crisis={crisis}&sender=killed&vouched=true", new StringContent(Csv(), Encoding.UTF8, "text/csv"));
        var import = sent.Headers.Location!.ToString();
        var shown = await RestsThroughKillsAsync(import, seed: 5);
        const int refused = Rows / 50, taken = Rows - refused;
        Assert.Equal(("done", Rows, taken, refused, 0), (shown.GetProperty("state").GetString(), shown.GetProperty("read").GetInt32(), shown.GetProperty("accepted").GetInt32(), shown.GetProperty("refused").GetInt32(), shown.GetProperty("known").GetInt32()));
        var rows = await RowsAsync(import);
        Assert.Equal(Enumerable.Range(2, Rows), rows.Select(r => r.Row));
        Assert.Equal(refused, rows.Count(r => r.Outcome == "refused"));

        const string registrations = "from timeline.mt_events where type in ('person_registered', 'registration_repeated')";
        Assert.Equal((taken, taken), (await CountAsync($"select count(*) {registrations}"), await CountAsync($"select count(distinct data ->> 'reference') {registrations}")));
        Assert.Equal(shown.GetProperty("repeated").GetInt32(), await CountAsync("select count(*) from timeline.mt_events where type = 'registration_repeated'"));

        Assert.Equal(HttpStatusCode.Accepted, (await service.Http.PostAsJsonAsync($"{import}/undo", new { reason = "an exercise" })).StatusCode);
        shown = await RestsThroughKillsAsync(import, seed: 6);
        Assert.Equal("undone", shown.GetProperty("state").GetString());
        Assert.All(await RowsAsync(import), row => Assert.Contains(row.Outcome, new[] { "taken-back", "refused" }));
        // Everybody once: those who came with it, and the empty records that repeated registrations went to.
        Assert.Equal((taken, taken), (await CountAsync("select count(*) from timeline.mt_events where type = 'person_erased'"), await CountAsync("select count(distinct stream_id) from timeline.mt_events where type = 'person_erased'")));
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var count = house.Part<NpgsqlDataSource>(Service.Access).CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
