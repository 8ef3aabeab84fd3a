using System.Globalization;
using System.Text.RegularExpressions;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>A time of day at which it is safe to reach somebody; one that ends before it begins goes over midnight.</summary>
/// <param name="Offset">Distance of the person's clock from UTC.</param>
public readonly partial record struct SafeTime(TimeOnly From, TimeOnly Until, TimeSpan Offset)
{
    /// <summary>Reads 18:00-20:00+02:00; the end is not part of it.</summary>
    public static bool TryRead(string? text, out SafeTime time)
    {
        time = default;
        if (text is null || Written().Match(text) is not { Success: true } match) return false;
        var offset = TimeSpan.ParseExact(match.Groups["offset"].Value, @"hh\:mm", CultureInfo.InvariantCulture) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        time = new(Time("from"), Time("until"), offset);
        return time.From != time.Until && offset.Duration() <= TimeSpan.FromHours(14);

        TimeOnly Time(string group) => TimeOnly.ParseExact(match.Groups[group].Value, "HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a moment lies in it.</summary>
    public bool Holds(DateTimeOffset moment) => TimeOnly.FromDateTime(moment.ToOffset(Offset).DateTime).IsBetween(From, Until);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{Until:HH\\:mm}{(Offset < TimeSpan.Zero ? '-' : '+')}{Offset:hh\\:mm}");

    [GeneratedRegex(@"^(?<from>([01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*(?<until>([01]\d|2[0-3]):[0-5]\d)\s*(?<sign>[-+])(?<offset>([01]\d):[0-5]\d)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
