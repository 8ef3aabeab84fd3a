using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>When something happened, as the <c>at</c> of a body tells: facts are often recorded late, never early.</summary>
public static class Happened
{
    // Nobody lives who could tell of it; a year was mistyped.
    private const int Earliest = 1900;

    /// <summary>Now when nothing was said; a refusal when it lies in the future, or in nobody's lifetime.</summary>
    public static Refusal? Happen(this HttpContext http, DateTimeOffset? said, out DateTimeOffset at)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        at = said ?? now;
        return at > now ? Refusal.Invalid("request/at-in-future", "The time in `at` has not come yet. Leave it out for now, or give the time when it happened.", "at")
            : at.Year < Earliest ? Refusal.Invalid("request/at-too-early", $"The time in `at` is before {Earliest}. Check the year.", "at")
            : null;
    }
}
