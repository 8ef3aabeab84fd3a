using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.Mrz;

namespace CrisisCoordination.EvacuationPlanning.Manifests;

/// <summary>
/// Text in the letters that carriers and borders exchange (A–Z). Written by ICAO's tables; by the plain spelling that searches use where
/// ICAO has no table (Greek, Ethiopic); a letter is never left out, for a name with a hole in it is somebody else's.
/// </summary>
internal static class BorderLetters
{
    /// <summary>Where a name cannot be written, the list says so: whoever reads it looks at the document.</summary>
    public static MrzName Unwritten { get; } = new("NAME NOT IN LATIN LETTERS");

    /// <summary>Nothing is known of somebody whose data was erased.</summary>
    public static MrzName NotGiven { get; } = new("NOT GIVEN");

    /// <summary>The name as it is; null where it has a letter that no table holds, or where there is none.</summary>
    public static MrzName? Name(string? family, string? given)
    {
        var (primary, secondary) = (family ?? given ?? "", family is null ? "" : given ?? "");
        return Written(primary) is { Length: > 0 } first && Written(secondary) is { } second ? MrzName.Of(first, second) : null;
    }

    /// <summary>Any other text: digits and signs stay, letters are written by the tables.</summary>
    public static string Text(string text)
    {
        var written = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && !(char.IsAscii(text[i]) && !char.IsAsciiLetter(text[i]))) i++;
            if (i > start) written.Append(Written(text[start..i]) is { } letters ? letters : "UNKNOWN");
            else written.Append(text[i++]);
        }
        return written.ToString();
    }

    // Digits are no part of a name here, and go without being missed.
    private static string? Written(string text) =>
        IsWhole(text) ? string.Join(' ', Transliteration.Components(text))
        : string.Join(' ', Letters.Words(text)) is var plain && IsWhole(plain) ? string.Join(' ', Transliteration.Components(plain))
        : null;

    private static bool IsWhole(string text) => Transliteration.Unwritable(text).All(lost => lost.EnumerateRunes().All(Rune.IsDigit));
}
