using System.Buffers;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// A cell that a spreadsheet does not take for a formula: what begins like one gets an apostrophe in front, as a spreadsheet
/// itself writes a text, and loses it again when the file comes back.
/// </summary>
public static class SafeCell
{
    private const string Begins = "=+-@\t\r＝＋－＠";
    private static readonly SearchValues<char> InNumbers = SearchValues.Create("0123456789. ");

    /// <summary>The cell as it stands in a file of separated values, quoted where it must be.</summary>
    public static string Write(object? value, char separator = ',')
    {
        var text = value?.ToString() ?? "";
        if (IsFormula(text) && !IsNumber(text)) text = $"'{text}";
        return text.AsSpan().IndexOfAny(separator, '"', '\r') < 0 && !text.Contains('\n') ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>What was in the cell before it was made safe.</summary>
    public static string Read(string cell) => cell is ['\'', .. var rest] && IsFormula(rest) ? rest : cell;

    private static bool IsFormula(string text) => text.TrimStart(' ') is [var first, ..] && Begins.Contains(first);

    // A negative score or a telephone number in international form.
    private static bool IsNumber(string text) => text is ['+' or '-', _, ..] && text.AsSpan(1).IndexOfAnyExcept(InNumbers) < 0;
}
