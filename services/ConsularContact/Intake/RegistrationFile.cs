using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>
/// Reads a file of registrations row by row, so that a file of any length needs the memory of one row. No row is lost:
/// each one comes out as a form or as a refusal. A fault of the whole file comes out as one result for row 1.
/// </summary>
public static class RegistrationFile
{
    // A misspelt header would silently empty its column. That is an annoyance for an e-mail address; for a claim to
    // protection, a need or a consent it harms, so these must be there even when every cell is blank.
    private static readonly string[] Required =
    [
        "registered_at", "channel", "reference", "family_name", "given_names", "sex", "date_of_birth", "nationality",
        "specific_needs", "mobility", "needs_now", "fear_of_return_to", "share_with",
    ];

    private const int LongestField = 200_000;
    private static readonly IReadOnlyDictionary<string, string> NoColumns = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The rows in the order of the file. The stream stays open.</summary>
    public static async IAsyncEnumerable<RowResult> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken stop = default)
    {
        using var text = new StreamReader(file, Utf8OrWindows1252(), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var first = await text.ReadLineAsync(stop);
        if (first is null || string.IsNullOrWhiteSpace(first))
        {
            yield return WholeFile("import/empty", "The file has no header row.");
            yield break;
        }
        var separator = ",;\t".MaxBy(c => first.Count(c.Equals));
        var header = first.Split(separator).Select(name => name.Trim(' ', '"', '\uFEFF').ToLowerInvariant()).ToArray();
        if (Required.Except(header).ToArray() is { Length: > 0 } missing)
        {
            yield return WholeFile("import/column-missing", $"The file lacks {(missing.Length == 1 ? "the column" : "the columns")} {string.Join(", ", missing)}. Nothing was read.");
            yield break;
        }
        if (header.GroupBy(name => name).FirstOrDefault(g => g.Key.Length > 0 && g.Count() > 1) is { } twice)
        {
            yield return WholeFile("import/column-twice", $"The file has the column {twice.Key} twice. Nothing was read.");
            yield break;
        }

        var strayQuote = false;
        using var rows = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            IgnoreBlankLines = false,
            BadDataFound = _ => strayQuote = true,
            MaxFieldSize = LongestField,
        }, leaveOpen: true);
        for (var number = 2; ; number++)
        {
            stop.ThrowIfCancellationRequested();
            strayQuote = false;
            var (found, endless) = await Next(rows);
            if (endless)
                yield return new(number, NoColumns, "", null, [new("", "import/quote-not-closed",
                    $"A text in this row does not end within {LongestField} characters: its closing quotation mark is missing. This row and all after it were not read.")]);
            if (!found) yield break;
            var cells = rows.Record ?? [];
            if (cells.Length <= 1 && cells.All(string.IsNullOrWhiteSpace)) continue;
            yield return cells.Length == header.Length
                ? RegistrationRow.Read(header.Zip(cells).Where(p => p.First.Length > 0).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal), number, rows.RawRecord)
                : new(number, NoColumns, rows.RawRecord, null, [new("", "import/wrong-number-of-fields",
                    $"The row has {cells.Length} fields, the header {header.Length}. " + (strayQuote || rows.RawRecord.Count('"'.Equals) % 2 == 1
                        ? "A quotation mark in it is not in its place; check the row and the ones after it."
                        : "A separator inside a text must stand in quotes."))]);
        }
    }

    private static async Task<(bool Found, bool Endless)> Next(CsvParser rows)
    {
        try
        {
            return (await rows.ReadAsync(), false);
        }
        catch (MaxFieldSizeException)
        {
            return (false, true);
        }
    }

    private static RowResult WholeFile(string code, string message) => new(1, NoColumns, "", null, [new("", code, message)]);

    /// <summary>UTF-8 in which each byte that is none is read as Windows-1252: what a spreadsheet on an old desk saves.</summary>
    private static Encoding Utf8OrWindows1252() => Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new Windows1252());

    private sealed class Windows1252 : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

        private sealed class Buffer : DecoderFallbackBuffer
        {
            private const string From80To9F = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";
            private string _pending = "";
            private int _next;

            public override int Remaining => _pending.Length - _next;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                _pending = string.Concat(bytesUnknown.Select(b => b is >= 0x80 and < 0xA0 ? From80To9F[b - 0x80] : (char)b));
                _next = 0;
                return true;
            }

            public override char GetNextChar() => _next < _pending.Length ? _pending[_next++] : '\0';

            public override bool MovePrevious() => _next > 0 && _next-- > 0;

            public override void Reset() => (_pending, _next) = ("", 0);
        }
    }
}
