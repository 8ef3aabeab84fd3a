using System.Runtime.CompilerServices;
using System.Security.Claims;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>The waves of a post and how far they are, also while one looks on. Whose people they are not for does not learn of them, nor their count.</summary>
internal static class ShowWaves
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Readers = [Roles.Officer, Roles.Coordinator, Roles.Auditor];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/outreach/waves", async Task<IResult> (HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, Guid? crisis = null, string? cursor = null, int? limit = null) =>
            TypedResults.Ok(await store.Database.PageAsync(
                $"""
                select sort, stream_id, crisis_id, template_id, state, urgent, officer, started_at from {service.Schema}.outreach_wave
                where ($1 = '{Guid.Empty}'::uuid or crisis_id = $1) and ($2 or $3 = any (posts))
                """,
                "sort", cursor, limit,
                row => new { waveId = row.GetGuid(1), crisisId = row.GetGuid(2), templateId = row.GetGuid(3), state = row.GetString(4), urgent = row.GetBoolean(5), officer = row.GetString(6), startedAt = row.GetFieldValue<DateTimeOffset>(7) },
                [crisis ?? Guid.Empty, Posts.FindsAll(http.User), Posts.Of(http.User) ?? ""], ct))).Allow(Readers).WithSummary("The waves, newest first");

        api.MapGet("/outreach/waves/{waveId:guid}", async Task<IResult> (Guid waveId, HttpContext http, TimelineStore store, Progresses progresses, CancellationToken ct) =>
        {
            if (await FindAsync(waveId, http.User, store, ct) is not { } wave) return Wave.Unknown.ToProblem();
            var s = wave.Started!;
            return TypedResults.Ok(new
            {
                s.CrisisId,
                s.TemplateId,
                s.Filter,
                s.Channels,
                s.Language,
                s.Phone,
                s.Link,
                s.Urgent,
                s.AwaitsAnswer,
                s.Exercise,
                s.Officer,
                startedAt = s.At,
                progress = await progresses.OfAsync(wave, ct),
            });
        }).Allow(Readers).WithSummary("A wave and how far it is")
          .WithDescription("progress.counts: waiting (for a safe time or a pause), queued, sending, sent, delivered, failed (the next way follows), uncertain, calling (on the call list), answered, unreachable, skipped. Delivered is not reached: only an answer is.");

        api.MapGet("/outreach/waves/{waveId:guid}/progress", async Task<IResult> (Guid waveId, HttpContext http, TimelineStore store, Progresses progresses, CancellationToken ct) =>
            await FindAsync(waveId, http.User, store, ct) is null ? Wave.Unknown.ToProblem()
                : TypedResults.ServerSentEvents(WatchAsync(waveId, store, progresses, ct), "progress")).Allow(Readers).WithSummary("How far a wave is, live (server-sent events)")
          .WithDescription("An event whenever something changed, until the wave is over.");
    }

    /// <summary>null when there is none, or none of the asker's.</summary>
    internal static async Task<Wave?> FindAsync(Guid id, ClaimsPrincipal user, TimelineStore store, CancellationToken ct) =>
        (await store.LoadAsync<Wave>(id, ct: ct)).State is { Started: not null } wave && IsSeenBy(wave, user) ? wave : null;

    internal static bool IsSeenBy(Wave wave, ClaimsPrincipal user) => Posts.FindsAll(user) || (Posts.Of(user) is { } post && wave.Started?.Posts?.Contains(post) == true);

    private static async IAsyncEnumerable<Progress> WatchAsync(Guid id, TimelineStore store, Progresses progresses, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var before = ""; ; await Task.Delay(Look, store.Time, ct))
        {
            var (wave, _) = await store.LoadAsync<Wave>(id, ct: ct);
            var progress = await progresses.OfAsync(wave, ct);
            var now = System.Text.Json.JsonSerializer.Serialize(progress);
            if (now != before) yield return progress;
            if (wave.IsOver) yield break;
            before = now;
        }
    }
}
