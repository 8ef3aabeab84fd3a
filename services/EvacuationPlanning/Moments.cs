using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>When something happened, as told by whoever reports it.</summary>
internal static class Moments
{
    // Devices at a gate are never quite on time.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>The time told, or now; a refusal when it lies in the future.</summary>
    public static Refusal? Happened(this HttpContext http, DateTimeOffset? told, out DateTimeOffset at)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        at = (told ?? now).ToUniversalTime();
        return !IsAhead(at, now) ? null : Refusal.Invalid("request/in-the-future", "This time lies in the future. Say when it happened, or leave it out if it is now.", "at");
    }

    public static bool IsAhead(DateTimeOffset at, DateTimeOffset now) => at > now + Slack;

    public static string Officer(this HttpContext http) => http.User.Identity?.Name ?? "";
}
