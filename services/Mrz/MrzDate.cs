using System.Globalization;

namespace CrisisCoordination.Mrz;

/// <summary>
/// A date of the zone, YYMMDD; unknown parts are fillers (ICAO Doc 9303 Part 3, 4.8). The year has two digits, and the
/// standard does not say which century: whoever needs one says on which day the document is read.
/// </summary>
/// <param name="Year">0 to 99, or null where unknown.</param>
/// <param name="Month">1 to 12, or null where unknown.</param>
/// <param name="Day">1 to 31, or null where unknown.</param>
public readonly record struct MrzDate(int? Year, int? Month, int? Day)
{
    /// <summary>The zone's form of a date.</summary>
    public static MrzDate Of(DateOnly date) => new(date.Year % 100, date.Month, date.Day);

    /// <summary>Reads six characters; null where they are no date.</summary>
    public static MrzDate? Parse(string text) =>
        text.Length == 6 && Part(text[..2], 0, 99, out var year) && Part(text[2..4], 1, 12, out var month) && Part(text[4..], 1, 31, out var day)
        && !(day > DateTime.DaysInMonth(2000, month ?? 1))
            ? new(year, month, day)
            : null;

    /// <summary>The latest such day that is not in the future; null where a part is unknown or no such day exists.</summary>
    public DateOnly? AsBirth(DateOnly today) => Days(today).Where(day => day <= today).Select(day => (DateOnly?)day).LastOrDefault();

    /// <summary>The such day nearest to today; null where a part is unknown or no such day exists.</summary>
    public DateOnly? AsExpiry(DateOnly today) => Days(today).Select(day => (DateOnly?)day).MinBy(day => Math.Abs(day!.Value.DayNumber - today.DayNumber));

    /// <inheritdoc/>
    public override string ToString() => $"{Year?.ToString("00") ?? "<<"}{Month?.ToString("00") ?? "<<"}{Day?.ToString("00") ?? "<<"}";

    private IEnumerable<DateOnly> Days(DateOnly today)
    {
        if (this is not { Year: { } year, Month: { } month, Day: { } day })
            yield break;
        var century = today.Year - (today.Year % 100);
        foreach (var full in new[] { century - 100 + year, century + year, century + 100 + year })
            if (day <= DateTime.DaysInMonth(full, month))
                yield return new(full, month, day);
    }

    private static bool Part(string text, int from, int to, out int? value)
    {
        value = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return value is null ? text == "<<" : value >= from && value <= to;
    }
}
