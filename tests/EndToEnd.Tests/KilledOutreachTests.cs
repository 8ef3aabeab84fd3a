using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>A wave over some hundred people by a service that is killed again and again in the middle of it.</summary>
public sealed class KilledOutreachTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int People = 300, MostKills = 12, FewestKills = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("killed-outreach-").FullName;
    private KilledService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await KilledService.StartAsync(house, Service.ConsularContact, Roles.Officer, $"--Outreach:Folder={folder}", "--Outreach:Files:PerSecond=60");
    }

    public ValueTask DisposeAsync()
    {
        service?.Dispose();
        Directory.Delete(folder, recursive: true);
        return default;
    }

    [Fact]
    public async Task Everybody_gets_exactly_one_message_however_often_the_service_is_killed()
    {
        var crisis = await RegisteredAsync();
        var template = await Id(await service.Http.PostAsJsonAsync("/outreach/templates", new { name = "safe?", texts = new[] { new { language = "en", text = "{crisis}: are you safe? Answer 1 or 2. {reference}" } } }), "templateId");
        var wave = await Id(await service.Http.PostAsJsonAsync("/outreach/waves", new { crisisId = crisis, templateId = template, channels = new[] { "sms" } }), "waveId");

        // When is drawn from a seed; what it is doing then is not.
        var dice = new Random(2026);
        var kills = 0;
        while (kills < FewestKills || (kills < MostKills && Files().Length < People))
        {
            await Task.Delay(dice.Next(1200));
            service.Kill();
            kills++;
            service.Start();
            if (dice.Next(3) > 0) await service.ReadyAsync();
        }
        await service.ReadyAsync();
        await Eventually.TrueAsync(async () => await SentAsync(wave) == People, "everybody was written to");

        var messages = Files().Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file))).ToArray();
        Assert.Equal(People, messages.Length);
        Assert.Equal(People, messages.Select(message => message.GetProperty("address").GetString()).Distinct().Count());
        Assert.Equal((People, People, People), (await CountAsync("outreach_asked"), await CountAsync("contact_attempted"), await CountAsync("contact_sent")));
    }

    private string[] Files() => Directory.Exists(Path.Combine(folder, "sms")) ? [.. Directory.GetFiles(Path.Combine(folder, "sms")).Where(file => Path.GetExtension(file) == ".json")] : [];

    private async Task<int> SentAsync(Guid wave) =>
        (await service.Http.GetFromJsonAsync<JsonElement>($"/outreach/waves/{wave}")).GetProperty("progress").GetProperty("counts").GetProperty("sent").GetInt32();

    private async Task<int> CountAsync(string type)
    {
        await using var database = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
        await using var count = database.CreateCommand($"select count(*)::int from timeline.mt_events where type = '{type}'");
        return (int)(await count.ExecuteScalarAsync())!;
    }

    private async Task<Guid> RegisteredAsync()
    {
        const string alert = """
            <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>KILL-1</identifier><sender>cell@example.org</sender><sent>2026-05-04T07:40:00-00:00</sent>
              <status>Exercise</status><msgType>Alert</msgType><scope>Restricted</scope><restriction>posts</restriction><info><category>Met</category><event>Cyclone</event>
              <urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty><area><areaDesc>Town</areaDesc><circle>-19.8,34.8 50</circle></area></info></alert>
            """;
        var crisis = await Id(await service.Http.PostAsync("/crises", new StringContent(alert, Encoding.UTF8, "application/xml")), "crisisId");
        await Parallel.ForEachAsync(Enumerable.Range(0, People), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, ct) =>
        {
            var answer = await service.Http.PostAsJsonAsync("/people", new
            {
                crisisId = crisis,
                reference = $"K-{i}",
                channel = "phone",
                registeredAt = "2026-05-04T08:00:00Z",
                registration = new { familyName = $"Family{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}", givenNames = $"Given{i * 7}", birthDate = $"{1950 + (i % 50)}-{1 + (i % 12):00}-{1 + (i % 28):00}", phone = $"+25884{5_000_000 + (i * 37)}" },
            }, ct);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        });
        Assert.Equal(People, await CountAsync("person_registered"));
        return crisis;
    }

    private static async Task<Guid> Id(HttpResponseMessage answer, string member)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(member).GetGuid();
    }
}
