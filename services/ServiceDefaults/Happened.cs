using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>When something happened, as the <c>at</c> of a body tells: facts are often recorded late, never early.</summary>
public static class Happened
{
    /// <summary>Now when nothing was said; a refusal when it lies in the future.</summary>
    public static Refusal? Happen(this HttpContext http, DateTimeOffset? said, out DateTimeOffset at)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        at = said ?? now;
        return at > now
            ? Refusal.Invalid("request/at-in-future", "The time in `at` has not come yet. Leave it out for now, or give the time when it happened.", "at")
            : null;
    }
}
