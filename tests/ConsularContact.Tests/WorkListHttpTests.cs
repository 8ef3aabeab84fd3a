using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class WorkListHttpTests(ConsularContactHouse house) : IClassFixture<ConsularContactHouse>
{
    private Task<HttpClient> OfficerOfAsync(string post) => house.ClientOfPostAsync(Service.ConsularContact, $"{post}-officer", null, post, Roles.Officer);

    private async Task<Guid> RegisterAsync(HttpClient officer, string reference, string family, string born) =>
        (await (await officer.PostAsJsonAsync("/people", house.Person(reference, family, "Saba", born))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("personId").GetGuid();

    private static async Task PostAsync(HttpClient officer, string path, object body)
    {
        var answer = await officer.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(Guid Person, string What)[]> ListAsync(HttpClient officer, string list)
    {
        var (all, next) = (new List<(Guid, string)>(), (string?)"");
        while (next is not null)
        {
            var page = await officer.GetFromJsonAsync<JsonElement>($"/lists/{list}{(list.Contains('?') ? '&' : '?')}limit=2&cursor={next}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(line => (line.GetProperty("personId").GetGuid(), line.GetProperty("what").GetString()!)));
            next = page.GetProperty("next").GetString();
        }
        return [.. all];
    }

    private static Task ListsAsync(HttpClient officer, string list, params (Guid Person, string What)[] lines) =>
        Eventually.TrueAsync(async () => (await ListAsync(officer, list)).Order().SequenceEqual(lines.Order()), $"{list} has {lines.Length} lines");

    [Fact]
    public async Task Each_list_holds_who_belongs_there_and_lets_go_when_it_is_done()
    {
        var officer = await OfficerOfAsync("lima");
        var quiet = await RegisterAsync(officer, "L-1", "Abraha", "1961-01-11");
        var help = await RegisterAsync(officer, "L-2", "Kidane", "1962-02-12");
        var gone = await RegisterAsync(officer, "L-3", "Okbay", "1963-03-13");
        await PostAsync(officer, $"/people/{help}/check-ins", new { state = "needs-help", source = "message" });
        await PostAsync(officer, $"/people/{gone}/check-ins", new { state = "left" });
        await ListsAsync(officer, "unreached", (quiet, "registered"));
        await ListsAsync(officer, "help-asked", (help, "message"));
        await ListsAsync(officer, "stale", (quiet, "contact"));
        await ListsAsync(officer, "stale?hours=0", (quiet, "contact"), (help, "contact"));

        await PostAsync(officer, $"/people/{quiet}/exit-barriers", new { kind = "checkpoint", at = "2026-05-05T08:00:00Z", dueAt = "2026-05-06T08:00:00Z" });
        await PostAsync(officer, $"/people/{quiet}/detentions", new { state = "SDN", place = "Kober", at = "2026-05-05T08:00:00Z" });
        await PostAsync(officer, "/notes-verbales", new { state = "SDN", people = new[] { help } });
        await ListsAsync(officer, "overdue", (quiet, "exit-barrier checkpoint"), (quiet, "detention-visit"));
        await ListsAsync(officer, "waiting", (help, "exit-permission SDN"));

        var detention = (await officer.GetFromJsonAsync<JsonElement>($"/people/{quiet}/detentions")).GetProperty("items")[0].GetProperty("detentionId").GetGuid();
        await PostAsync(officer, $"/people/{quiet}/detentions/{detention}/visits", new { });
        await PostAsync(officer, $"/people/{help}/check-ins", new { state = "safe" });
        await ListsAsync(officer, "overdue", (quiet, "exit-barrier checkpoint"));
        await ListsAsync(officer, "help-asked");

        var twin = await RegisterAsync(officer, "L-4", "Kidane", "1962-02-21");
        await ListsAsync(officer, "waiting", (help, "exit-permission SDN"), (twin, "match"));
        await PostAsync(officer, $"/matches/{twin}/{help}/dismissal", new { reason = "A cousin." });
        await ListsAsync(officer, "waiting", (help, "exit-permission SDN"));

        var other = await OfficerOfAsync("quito");
        foreach (var list in new[] { "unreached", "help-asked", "stale?hours=0", "waiting", "overdue" }) Assert.Empty(await ListAsync(other, list));
        Assert.Contains((quiet, "registered"), await ListAsync(await house.ClientAsync(Service.ConsularContact, Roles.Auditor), "unreached"));
    }

    [Fact]
    public async Task A_list_as_a_file_holds_all_lines_and_runs_no_formula()
    {
        var officer = await OfficerOfAsync("dakar");
        await RegisterAsync(officer, "+D-1", "=cmd|' /C calc'!A0", "1971-01-11");
        await RegisterAsync(officer, "D-2", "محمد, \"x\"", "1972-02-12");
        await Eventually.TrueAsync(async () => (await ListAsync(officer, "unreached")).Length == 2, "both are listed");

        var answer = await officer.GetAsync("/lists/unreached?format=csv");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("PersonId,Reference,FamilyName,GivenNames,What,Since,Seen", lines[0]);
        Assert.Equal(3, lines.Length);
        var cells = lines.Skip(1).SelectMany(line => line.Split(',')).Select(cell => cell.Trim('"'));
        Assert.DoesNotContain(cells, cell => cell.Length > 0 && "=+-@".Contains(cell[0]));
        Assert.Contains("محمد, \"\"x\"\"", Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("/lists/everybody", HttpStatusCode.NotFound, "list/unknown")]
    [InlineData("/lists/stale?hours=-1", HttpStatusCode.UnprocessableEntity, "list/hours")]
    [InlineData("/lists/stale?format=xls", HttpStatusCode.UnprocessableEntity, "list/format")]
    [InlineData("/lists/stale?hours=soon", HttpStatusCode.BadRequest, "request/malformed")]
    public async Task What_is_no_list_is_refused(string path, HttpStatusCode status, string code)
    {
        var answer = await house.Officer.GetAsync(path);
        Assert.Equal((status, code), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }
}
