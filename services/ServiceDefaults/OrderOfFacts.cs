using System.Globalization;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>What is told late and was followed by the opposite: it changes nothing any more, and whoever tells it must know.</summary>
public static class OrderOfFacts
{
    /// <summary>A consent taken back before it was given again.</summary>
    public static Refusal AgreedSince(DateTimeOffset since) =>
        Refusal.Conflict("consent/given-since", $"They agreed again on {Written(since)}, after the time in `at`, so that consent stands. If they take it back now, leave out `at`.");

    /// <summary>A consent given before it was taken back.</summary>
    public static Refusal WithdrawnSince(DateTimeOffset since) =>
        Refusal.Conflict("consent/withdrawn-since", $"They took their consent back on {Written(since)}, after the time in `at`, so there is none. If they agree again now, leave out `at`.");

    /// <summary>A move into or out of a household that another one followed.</summary>
    public static Refusal MovedSince(DateTimeOffset since) =>
        Refusal.Conflict("household/moved-since", $"They joined or left this household on {Written(since)}, after the time in `at`. Leave it out if they move now, or give the time it happened.");

    /// <summary>A decision, wish or answer that a later one replaced.</summary>
    public static Refusal DecidedSince(string code, DateTimeOffset since) =>
        Refusal.Conflict(code, $"Something else was said on {Written(since)}, after the time in `at`, and that stands. If this is what holds now, leave out `at`.");

    private static string Written(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd 'at' HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
