using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// When something happened, as whoever reports it says: one rule at every door. No clock is quite on time, so a little ahead is
/// now. How far back a fact may reach depends on what it is: <see cref="EarliestTimes"/>.
/// </summary>
public static class ReportedTime
{
    // Nobody lives who could tell of it; a year was mistyped.
    private const int Earliest = 1900;

    /// <summary>How far ahead of ours a clock may be.</summary>
    public static TimeSpan Ahead { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Now when nothing was said; a refusal when it lies in the future, or in nobody's lifetime.</summary>
    public static Refusal? Happen(this HttpContext http, DateTimeOffset? said, out DateTimeOffset at, string field = "at") =>
        Read(said, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), out at, field);

    /// <inheritdoc cref="Happen"/>
    public static Refusal? Read(DateTimeOffset? said, DateTimeOffset now, out DateTimeOffset at, string field = "at")
    {
        at = Clamp(said, now);
        return said > now + Ahead ? InFuture(field)
            : at.Year < Earliest ? Refusal.Invalid("request/at-too-early", $"The time in `{field}` is before {Earliest}. Check the year.", field)
            : null;
    }

    /// <summary>The time told, and never later than now: for what holds at once whatever a clock says, such as a consent withdrawn.</summary>
    public static DateTimeOffset Clamp(DateTimeOffset? said, DateTimeOffset now) => said is { } told && told < now ? told.ToUniversalTime() : now;

    /// <inheritdoc cref="Clamp"/>
    public static DateTimeOffset AtOnce(this HttpContext http, DateTimeOffset? said) =>
        Clamp(said, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <summary>The one refusal of a time that has not come.</summary>
    public static Refusal InFuture(string field) => Refusal.Invalid("request/at-in-future",
        $"`{field}` is in the future. Give the time it happened, and check the clock of the device; `at` can be left out for \"now\".", field);
}
