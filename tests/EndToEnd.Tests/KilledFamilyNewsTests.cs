using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Npgsql;
using Xunit;

namespace CrisisCoordination.EndToEnd.Tests;

/// <summary>Families who are told of an arrival by a service that is killed again and again while it tells them.</summary>
public sealed class KilledFamilyNewsTests(House house) : IClassFixture<House>, IAsyncLifetime
{
    private const int Families = 40, MostKills = 6, FewestKills = 2;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly string folder = Directory.CreateTempSubdirectory("killed-news-").FullName;
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(house.Deployment.Postgres + ";Pooling=false");
    private KilledService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await KilledService.StartAsync(house, Service.ConsularContact, Roles.Officer, $"--Outreach:Folder={folder}");
    }

    public async ValueTask DisposeAsync()
    {
        service?.Dispose();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_family_is_told_exactly_once_however_often_the_service_is_killed()
    {
        using var store = new TimelineStore(database, new TimelineOptions { Schema = "timeline", MasterKey = house.MasterKey, Events = EventTypes.House }, TimeProvider.System);
        var crisis = Guid.CreateVersion7();
        await AppendAsync(store, crisis, new CrisisOpened("news", "test", "Exercise", "Floods", [], Now));
        for (var i = 0; i < Families; i++)
        {
            var (mother, son, request) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            await AppendAsync(store, mother, Registered(crisis, $"M-{i}", $"+25884{7_000_000 + (i * 37)}"), new TracingRequested(request, new() { FamilyName = "Sought" }, "child", "officer", Now), new RelativeFound(request, son, null, Now));
            await AppendAsync(store, son, Registered(crisis, $"S-{i}", null), new TracingMatchFound(request, mother, 3, [], Now.AddDays(3), Now), new TracingAnswered(request, true, "self", null, "officer", Now), new Arrived(crisis, "ETH", true, "gate", Now));
        }

        // When is drawn from a seed; what it is doing then is not.
        var dice = new Random(2026);
        var kills = 0;
        while (kills < FewestKills || kills < MostKills && await CountAsync("relative_arrived") < Families)
        {
            await Task.Delay(dice.Next(1500));
            service.Kill();
            kills++;
            service.Start();
            if (dice.Next(3) > 0) await service.ReadyAsync();
        }
        await service.ReadyAsync();
        await Eventually.TrueAsync(async () => await CountAsync("relative_arrived") >= Families && Files().Length >= Families && await CountAsync("contact_sent") >= Families, "every mother is told and written to");

        Assert.Equal((Families, Families, Families), (await CountAsync("relative_arrived"), await CountAsync("arrival_told"), await CountAsync("outreach_wave_started")));
        Assert.Equal(Families, Files().Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)).GetProperty("address").GetString()).Distinct().Count());
        Assert.Equal(Families, Files().Length);
    }

    private static PersonRegistered Registered(Guid crisis, string reference, string? phone) =>
        new(Guid.CreateVersion7(), crisis, reference, Channel.Phone, false, new() { FamilyName = $"Family {reference}", Phone = phone }, Now) { Exercise = true };

    private static async Task AppendAsync(TimelineStore store, Guid stream, params Event[] events) =>
        await store.AttemptAsync(work => Task.FromResult(work.Append(stream, Decision.Of(events))));

    private string[] Files() => Directory.Exists(Path.Combine(folder, "sms")) ? [.. Directory.GetFiles(Path.Combine(folder, "sms")).Where(file => Path.GetExtension(file) == ".json")] : [];

    private async Task<int> CountAsync(string type)
    {
        await using var count = database.CreateCommand($"select count(*)::int from timeline.mt_events where type = '{type}'");
        return (int)(await count.ExecuteScalarAsync())!;
    }
}
