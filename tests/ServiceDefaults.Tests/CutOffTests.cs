using System.Net.Http.Json;
using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

/// <summary>Requests whose line broke before the answer came.</summary>
public sealed class CutOffTests : IAsyncLifetime
{
    private readonly Timelines timelines = new();

    public ValueTask InitializeAsync() => timelines.InitializeAsync();

    public ValueTask DisposeAsync() => timelines.DisposeAsync();

    [Fact]
    public async Task Work_that_was_begun_is_finished_once_and_its_whole_answer_is_there_for_whoever_asks_again()
    {
        var (begun, finished) = (0, 0);
        await using var app = await CrisisService.Of(Service.HumanitarianAid).Map(api => api.MapPost("/work", async (HttpContext http, CancellationToken ct) =>
        {
            begun++;
            var (gone, aborted) = (new TaskCompletionSource(), http.RequestAborted);
            using var closed = http.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(gone.SetResult);
            http.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            await gone.Task;
            // Long enough for a request that would hear of it.
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None), Task.Delay(Timeout.Infinite, aborted));
            ct.ThrowIfCancellationRequested();
            finished++;
            return TypedResults.Ok(new { id = http.Ids().Next() });
        }).AllowAnyone("an exercise")).StartAsync(timelines);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        await Assert.ThrowsAsync<HttpRequestException>(AskAsync);
        HttpResponseMessage? again = null;
        await Eventually.TrueAsync(async () => (again = await AskAsync()).IsSuccessStatusCode, "the first try is finished");

        Assert.NotEqual(default, (await again!.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        Assert.Equal((1, 1), (begun, finished));

        Task<HttpResponseMessage> AskAsync() => http.SendAsync(new(HttpMethod.Post, "/work") { Headers = { { "Idempotency-Key", "cut off" } } });
    }
}
