using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExcelDataReader;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>
/// Writes the table of an .xlsx workbook as CSV, so that everything behind reads one format. Formulas are never worked out:
/// what the workbook says that they came to is taken. Rows keep their numbers, the header being row 1.
/// </summary>
internal static class Workbook
{
    private const long MostUnpacked = 256 << 20, MostTexts = 64 << 20;
    private const int MostParts = 2_000, MostColumns = 1_000, MostRows = 1 << 20, LongestCell = 1 << 15;

    // The reader asks for Windows-1252 whether it needs it or not, and .NET brings it only on demand.
    static Workbook() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private static RowFault Unreadable { get; } = new("", "import/workbook-unreadable", "This is no workbook that can be read: it is damaged, or not really an .xlsx file. Open it in a spreadsheet and save it again, or save it as CSV.");

    /// <summary>Whether a file begins like a workbook: both are zip archives.</summary>
    public static bool IsOne(ReadOnlySpan<byte> beginning) => beginning.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Writes the only table of the workbook; tells what is wrong when there is none to write.</summary>
    public static RowFault? WriteCsv(Stream workbook, TextWriter csv, CancellationToken stop)
    {
        try
        {
            if (Suspicious(workbook) is { } fault) return fault;
            using var reader = ExcelReaderFactory.CreateOpenXmlReader(workbook, new() { LeaveOpen = true });
            string? written = null;
            do
            {
                if (reader.VisibleState != "visible") continue;
                var rows = 0;
                while (reader.Read())
                {
                    stop.ThrowIfCancellationRequested();
                    if (++rows > MostRows || reader.FieldCount > MostColumns) return TooLarge;
                    var cells = Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i))).ToArray();
                    if (cells.FirstOrDefault(cell => cell.Length > LongestCell) is not null) return new("", "import/cell-too-long", $"A cell in row {rows} of the sheet {Dates.Shown(reader.Name)} is longer than {LongestCell:N0} characters.");
                    if (cells.All(cell => cell.Length == 0))
                    {
                        if (written == reader.Name) csv.Write('\n');
                        continue;
                    }
                    if (written is not null && written != reader.Name)
                        return new("", "import/several-sheets", $"The workbook has rows on the sheets {Dates.Shown(written)} and {Dates.Shown(reader.Name)}. Save the one to import as a workbook of its own, or hide the other.");
                    written = reader.Name;
                    csv.Write(string.Join(',', cells.Select(Quoted)));
                    csv.Write('\n');
                }
            }
            while (reader.NextResult());
            return written is null ? new("", "import/empty", "The file has no rows. Send a table whose first row names the columns. Nothing was read.") : null;
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or OutOfMemoryException))
        {
            // A hostile or damaged workbook makes the reader fail in ways of its own.
            return Unreadable;
        }
    }

    private static RowFault TooLarge => new("", "import/workbook-too-large",
        $"The workbook is too large: a sheet takes {MostRows:N0} rows and {MostColumns:N0} columns, and all of it {MostUnpacked >> 20} MB unpacked. Save what you need as CSV, in several files.");

    // What a part of an archive says of its size is never passed when it is unpacked, so it can be believed.
    private static RowFault? Suspicious(Stream workbook)
    {
        using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MostParts || archive.Entries.Sum(part => Math.Min(part.Length, MostUnpacked)) >= MostUnpacked
            || archive.Entries.Any(part => part.FullName.EndsWith("sharedStrings.xml", StringComparison.OrdinalIgnoreCase) && part.Length > MostTexts))
            return TooLarge;
        return archive.GetEntry("xl/workbook.xml") is null ? Unreadable : null;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        // A telephone number that a spreadsheet took for a number has no exponent.
        double number => number.ToString(Math.Abs(number) < 1e17 ? "0.###############" : "R", CultureInfo.InvariantCulture),
        bool yes => yes ? "yes" : "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\r\n", "\n", StringComparison.Ordinal),
    };

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
