using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>
/// Dates as forms carry them: 1985-01-30, 30/01/1985, 30.1.1985, 30 Jan 1985, Jan 1985, 1985. A numeric date that does not
/// begin with the year is always read day first; month first is never guessed, so 01/30/1985 is refused, because a guess
/// that is right for some rows silently swaps day and month in others.
/// </summary>
public static partial class Dates
{
    private const string HowToWrite = "Write it as 1985-01-30 or 30/01/1985 (day first), or only the year if no more is known.";
    private static readonly HashSet<string> NotKnown = new(["unknown", "not known", "n/a", "na", "nk", "none", "null", "-", "?", "??", "inconnu"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a birth date as far as it is known; null when it is not. False when it must be refused.</summary>
    public static bool TryReadBirthDate(string? text, out BirthDate? date, out string fault)
    {
        (date, fault) = (null, "");
        var written = WesternDigits(text);
        if (written.Length == 0 || NotKnown.Contains(written)) return true;
        var match = Styles().Match(written);
        if (!match.Success)
        {
            fault = $"“{Shown(written)}” is not a date. {HowToWrite}";
            return false;
        }
        var year = Number(match.Groups["y"]);
        var month = match.Groups["name"] is { Success: true } name ? MonthOf(name.Value) : Number(match.Groups["m"]);
        var day = Number(match.Groups["d"]);
        // Registers write 00 for a part that is not known.
        (month, day) = (month is 0 ? null : month, month is 0 or null || day is 0 ? null : day);
        if (year is null or 0 || month is < 1 or > 12 || day > DateTime.DaysInMonth(year.Value, month ?? 1))
        {
            fault = month is > 12 && day is <= 12 && !match.Groups["y"].Value.Equals(written[..4], StringComparison.Ordinal)
                ? $"“{Shown(written)}” has no month {month}: a date is read day first. {HowToWrite}"
                : $"“{Shown(written)}” is a day that never was. {HowToWrite}";
            return false;
        }
        date = new BirthDate(year.Value, month, day);
        return true;
    }

    /// <summary>Reads a full day, such as an expiry date; null when it is not known.</summary>
    public static bool TryReadDay(string? text, out DateOnly? day, out string fault)
    {
        day = null;
        if (!TryReadBirthDate(text, out var date, out fault)) return false;
        if (date is { Day: null }) fault = $"“{Shown(text!)}” lacks the day. Write it as 2027-01-30 or 30/01/2027 (day first).";
        if (date is { Day: not null }) day = date.Value.Earliest;
        return fault.Length == 0;
    }

    /// <summary>Reads a moment in ISO 8601; one without an offset is taken as UTC.</summary>
    public static bool TryReadMoment(string? text, out DateTimeOffset moment)
    {
        moment = default;
        return text is not null && IsoMoment().IsMatch(text.Trim())
            && DateTimeOffset.TryParse(text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }

    internal static string Shown(string text) => text.Trim() is { Length: > 60 } all ? all[..60] + "…" : text.Trim();

    private static string WesternDigits(string? text) => string.Concat((text ?? "").Trim().EnumerateRunes()
        .Select(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.DecimalDigitNumber ? ((int)Rune.GetNumericValue(r)).ToString(CultureInfo.InvariantCulture) : r.ToString()));

    private static int? Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : null;

    private static int MonthOf(string name) =>
        Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, m => m.Length > 0 && name.StartsWith(m, StringComparison.OrdinalIgnoreCase)) + 1;

    [GeneratedRegex("""
        ^(?:
            (?<y>\d{4}) (?: [-/.](?<m>\d{1,2}) (?: [-/.](?<d>\d{1,2}) (?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)? )? )?
          | (?: (?<d>\d{1,2})[-/.] )? (?<m>\d{1,2})[-/.](?<y>\d{4})
          | (?: (?<d>\d{1,2}) (?:st|nd|rd|th)? [-\ /.]+ )? (?<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december) [-\ /.,]+ (?<y>\d{4})
        )$
        """, RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Styles();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IsoMoment();
}
