using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>An officer holds a wave, lets it go on, or calls it off. What a provider took already cannot be called back.</summary>
internal static class StopWave
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Map(api, "pause", "Pause a wave", Pause);
        Map(api, "resumption", "Let a paused wave go on", Resume);
        Map(api, "cancellation", "Call a wave off", Cancel);
    }

    internal static Decision Pause(Wave wave, string officer, DateTimeOffset at) => wave.IsOver ? Over : wave.State == Wave.Paused ? Decision.Nothing : new OutreachWavePaused(officer, at);

    internal static Decision Resume(Wave wave, string officer, DateTimeOffset at) => wave.IsOver ? Over : wave.State == Wave.Running ? Decision.Nothing : new OutreachWaveResumed(officer, at);

    internal static Decision Cancel(Wave wave, string officer, DateTimeOffset at) => wave.State == Wave.Cancelled ? Decision.Nothing : wave.IsOver ? Over : new OutreachWaveCancelled(officer, at);

    private static Refusal Over => Refusal.Conflict("outreach/wave-over", "This wave is over. Start another.");

    private static void Map(IEndpointRouteBuilder api, string what, string summary, Func<Wave, string, DateTimeOffset, Decision> decide) =>
        api.MapPost($"/outreach/waves/{{waveId:guid}}/{what}", async Task<IResult> (Guid waveId, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (await ShowWaves.FindAsync(waveId, http.User, store, ct) is null) return Wave.Unknown.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Wave>(waveId, wave => decide(wave, officer, store.Time.GetUtcNow()), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary(summary);
}
