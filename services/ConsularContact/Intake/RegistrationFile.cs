using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CrisisCoordination.ServiceDefaults;
using CsvHelper;
using CsvHelper.Configuration;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>One record of a file as it stands there, its number as a spreadsheet shows it.</summary>
/// <param name="Complaint">Why it cannot be read; null when it can.</param>
internal sealed record FileRow(int Number, IReadOnlyList<string> Cells, string Raw, RowFault? Complaint);

/// <summary>
/// Reads a file of registrations row by row, so that a file of any length needs the memory of one row. No row is lost:
/// each one comes out as a form or as a refusal. A fault of the whole file comes out as one result for row 1.
/// </summary>
public static class RegistrationFile
{
    private const int LongestField = 200_000, LongestHeader = 200_000;
    private static readonly IReadOnlyDictionary<string, string> NoColumns = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The rows in the order of the file. The stream stays open.</summary>
    public static async IAsyncEnumerable<RowResult> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken stop = default)
    {
        Headers? headers = null;
        await foreach (var row in CellsAsync(file, stop))
            if (headers is not null)
                yield return Read(row, headers);
            else if ((row.Complaint ?? (headers = Headers.Read(row.Cells, ColumnMapping.None)).Fault) is { } fault)
            {
                yield return new(1, NoColumns, "", null, [fault]);
                yield break;
            }
    }

    /// <summary>What a row registers, or what is wrong with it.</summary>
    internal static RowResult Read(FileRow row, Headers headers)
    {
        if (row.Complaint is { } complaint) return new(row.Number, NoColumns, row.Raw, null, [complaint]);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < row.Cells.Count; i++)
            if (headers.Ours[i] is { } column) columns[column] = SafeCell.Read(row.Cells[i]);
        if (headers.AllPassports && !string.IsNullOrWhiteSpace(columns.GetValueOrDefault("document_no"))) columns["document_type"] = "passport";
        return RegistrationRow.Read(columns, row.Number, row.Raw);
    }

    /// <summary>The header and the rows as they stand in the file, without rows that are blank. The stream stays open.</summary>
    internal static async IAsyncEnumerable<FileRow> CellsAsync(Stream file, [EnumeratorCancellation] CancellationToken stop = default)
    {
        using var text = new StreamReader(file, Utf8OrWindows1252(), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var first = await HeaderAsync(text, stop);
        if (string.IsNullOrWhiteSpace(first))
        {
            yield return new(1, [], "", new("", "import/empty", "The file has no rows. Send a table whose first row names the columns. Nothing was read."));
            yield break;
        }
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = SeparatorOf(first).ToString(),
            IgnoreBlankLines = false,
            BadDataFound = null,
            MaxFieldSize = LongestField,
        };
        using var top = new CsvParser(new StringReader(first), configuration);
        string[] header = await top.ReadAsync() ? [.. (top.Record ?? []).Select(name => name.Trim(' ', '"', '\uFEFF'))] : [];
        yield return new(1, header, first, null);

        using var rows = new CsvParser(text, configuration, leaveOpen: true);
        for (var number = 2; ; number++)
        {
            stop.ThrowIfCancellationRequested();
            var (found, endless) = await Next(rows);
            if (endless)
                yield return new(number, [], "", new("", "import/quote-not-closed",
                    $"A text in this row does not end within {LongestField} characters: its closing quotation mark is missing. This row and all after it were not read."));
            if (!found) yield break;
            var cells = rows.Record ?? [];
            if (cells.Length <= 1 && cells.All(string.IsNullOrWhiteSpace)) continue;
            yield return new(number, cells, rows.RawRecord, cells.Length == header.Length ? null
                : new("", "import/wrong-number-of-fields",
                    $"The row has {cells.Length} fields, the header {header.Length}. A separator inside a text must stand in quotes. If one is out of place, check the row and the ones after it."));
        }
    }

    /// <summary>What parts the cells of a header: a comma, a semicolon, a tab or a bar, whichever is there most.</summary>
    internal static char SeparatorOf(string header) => ",;\t|".MaxBy(c => header.Count(c.Equals));

    // A quoted name may go over several lines.
    private static async Task<string?> HeaderAsync(StreamReader text, CancellationToken stop)
    {
        var header = await text.ReadLineAsync(stop);
        while (header is not null && header.Count('"'.Equals) % 2 == 1 && header.Length < LongestHeader && await text.ReadLineAsync(stop) is { } more)
            header = $"{header}\n{more}";
        return header;
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
