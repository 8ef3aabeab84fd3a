using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Gate;

/// <summary>Fifty officers and coordinators at two departures of one hour, everything said twice at the same moment.</summary>
public sealed class CrowdedGateTests(GateHouse house) : IClassFixture<GateHouse>
{
    private const int Planned = 12, WalkUps = 30, StandBys = 44, Clients = 50;

    [Fact]
    public async Task Never_one_too_many_nobody_twice_and_nobody_lost()
    {
        var (ship, other) = (await house.TransportAsync(seats: 20, wheelchairs: 2), await house.TransportAsync(seats: 6, wheelchairs: 1));
        var people = new Guid[Clients];
        for (var i = 0; i < Clients; i++) people[i] = await house.PersonAsync(tier: 1 + (i % 5), score: i, mobility: i % 9 == 8 ? Mobility.Wheelchair : Mobility.None);
        foreach (var person in people.Take(Planned)) Assert.Null(await house.SeatAsync(ship, person));

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(async () =>
        {
            var body = new { personId = people[i] };
            return i switch
            {
                < 6 => await TwiceAsync($"/transports/{ship}/boarding", body),
                < 9 => await TwiceAsync($"/transports/{ship}/check-in", body) is { } refused && refused.Length > 0 ? refused : await TwiceAsync($"/transports/{ship}/boarding", body),
                < Planned => await TwiceAsync($"/transports/{ship}/no-shows", body),
                // At both gates in the same second.
                < WalkUps => string.Join(' ', await Task.WhenAll(TwiceAsync($"/transports/{ship}/walk-up", body), TwiceAsync($"/transports/{other}/walk-up", body))),
                < StandBys => await TwiceAsync($"/transports/{ship}/standby", body),
                _ => await PlanAsync(ship, people[i]),
            };
        })));

        Assert.All(answers.Take(Planned), answer => Assert.Equal("", answer));
        // What is free goes to whoever stands by, by itself.
        await Eventually.TrueAsync(async () => !(await house.GetAsync($"/transports/{ship}/standby")).GetProperty("items").EnumerateArray().Any(one => !one.TryGetProperty("why", out _)),
            "nobody stands by whom a free space would fit");

        var runs = new[] { await house.LoadAsync(ship), await house.LoadAsync(other) };
        foreach (var run in runs)
        {
            var taken = run.Lines.Where(space => space.IsTaken).Aggregate(default(Spaces), (sum, space) => sum + space.Needs);
            Assert.True(run.Offered.Hold(taken) && taken == run.Taken, $"{run.Schedule!.Code} has {taken} of {run.Offered}");
            Assert.Equal(run.People.Count, run.People.Distinct().Count());
        }
        for (var i = 0; i < Clients; i++)
        {
            var person = await house.PassengerAsync(people[i]);
            var on = runs.Where(run => run.Manifest.GetValueOrDefault(person.Id) is { IsTaken: true }).Select(run => run.Id).ToArray();
            Assert.True(on.Length <= 1, $"Client {i} is on two transports.");
            Assert.Equal(on, person.OpenSeats.Select(seat => seat.TransportId));
            // Each has a space, waits, did not come, or was told why not.
            Assert.True(on.Length == 1 || person.StandsBy == ship || runs[0].Manifest.GetValueOrDefault(person.Id) is { State: SpaceState.NoShow } || answers[i].Trim().Length > 0, $"Client {i} is lost.");
        }
        Assert.All(people.Take(9), person => Assert.Equal(SpaceState.Boarded, runs[0].Manifest[person].State));
    }

    /// <summary>The same message twice at once, each until somebody has time for it; the code of the refusal, or nothing.</summary>
    private async Task<string> TwiceAsync(string path, object body)
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(SendAsync(path, body, key), SendAsync(path, body, key));
        return answers.Contains("") ? "" : answers[0];
    }

    private async Task<string> SendAsync(string path, object body, string key)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };
            using var answer = await house.Coordinator.SendAsync(request);
            if (answer.IsSuccessStatusCode) return "";
            var code = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!;
            Assert.True(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode} {code}");
            if (code is not ("idempotency/in-progress" or "timeline/busy" or "plan/list-behind")) return code;
        }
    }

    private async Task<string> PlanAsync(Guid transport, Guid person)
    {
        while (true)
            if ((await house.SeatAsync(transport, person))?.Code is not "timeline/busy" and var code) return code ?? "";
    }
}
