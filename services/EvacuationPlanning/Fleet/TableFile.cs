using System.Globalization;
using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CsvHelper;
using CsvHelper.Configuration;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

/// <summary>Why a row of a file is not taken. The header is row 1.</summary>
internal sealed record RefusedRow(int Row, string Column, string Code, string Message);

/// <summary>What became of a file: rows read, rows that stand now, and the others with what is wrong with them.</summary>
/// <param name="Changed">What became of those who held seats on transports that the file changed.</param>
/// <param name="CountryUnknown">Codes of points of which nobody has told in which country they lie.</param>
/// <param name="CountryToldByOne">Codes of points of which one account alone told it.</param>
internal sealed record ImportAnswer(
    int Read, int Accepted, IReadOnlyList<RefusedRow> Refused, IReadOnlyList<ChangeAnswer>? Changed = null, IReadOnlyList<string>? CountryUnknown = null,
    IReadOnlyList<string>? CountryToldByOne = null);

/// <summary>A small CSV file with a header row, and for each row its fields by column.</summary>
internal sealed record TableFile(IReadOnlyList<(int Row, Fields Fields)> Rows, IReadOnlyList<RefusedRow> Broken)
{
    private const int MostRows = 20_000;

    /// <summary>The file, or why none of it can be read.</summary>
    public static async Task<(TableFile? File, Refusal? Refusal)> ReadAsync(Stream body, string[] columns, CancellationToken ct)
    {
        using var reader = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var text = await reader.ReadToEndAsync(ct);
        var delimiter = ",;\t".MaxBy(c => text.AsSpan(0, Math.Max(0, text.IndexOf('\n'))).Count(c)).ToString();
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            BadDataFound = null,
            MaxFieldSize = 10_000,
        });
        try
        {
            if (!await csv.ReadAsync()) return (null, Refusal.Invalid("import/empty", "The file has no rows. Send a table whose first row names the columns. Nothing was read."));
            var header = csv.Record!.Select(name => name.Trim().ToLowerInvariant()).ToArray();
            if (columns.Except(header).ToArray() is { Length: > 0 } missing)
                return (null, Refusal.Invalid("import/column-missing", $"The file lacks {string.Join(", ", missing)}. Its first row must name the columns. Nothing was read."));
            if (header.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                return (null, Refusal.Invalid("import/column-twice", $"The file has the column {twice.Key} twice. Nothing was read."));

            var (rows, broken) = (new List<(int, Fields)>(), new List<RefusedRow>());
            for (var number = 2; await csv.ReadAsync(); number++)
            {
                if (rows.Count == MostRows) return (null, Refusal.Invalid("import/too-long", $"The file has more than {MostRows} rows. Send it in parts. Nothing was read."));
                if (csv.Record!.Length == header.Length) rows.Add((number, new(header.Zip(csv.Record).ToDictionary(cell => cell.First, cell => cell.Second.Trim()))));
                else broken.Add(new(number, "", "import/wrong-number-of-fields", $"The row has {csv.Record.Length} fields, the header {header.Length}. A separator inside a text must stand in quotes. If one is out of place, check the row and the ones after it."));
            }
            return (new(rows, broken), null);
        }
        catch (CsvHelperException)
        {
            return (null, Refusal.Invalid("import/unreadable", "The file is no CSV file, or a quotation mark in it is never closed. Nothing was read."));
        }
    }
}

/// <summary>One row, or one form, whose fields are read; what is wrong with them is noted.</summary>
internal sealed class Fields(IReadOnlyDictionary<string, string> cells)
{
    private readonly List<(string Column, string Code, string Message)> faults = [];

    public IReadOnlyList<(string Column, string Code, string Message)> Faults => faults;

    /// <summary>The field was sent at all, be it empty.</summary>
    public bool Has(string column) => cells.ContainsKey(column);

    public string Text(string column, int longest)
    {
        var text = cells[column];
        if (text.Length == 0) Fault(column, "missing", "This field is empty. Fill it in.");
        else if (text.Length > longest) Fault(column, "too-long", $"This text has {text.Length} characters; at most {longest} are taken.");
        else if (text.Any(char.IsControl)) Fault(column, "unprintable", "This text has characters that cannot be printed. Write it anew.");
        return text;
    }

    public string Code(string column)
    {
        var code = Text(column, 40);
        if (code.Length is > 0 and <= 40 && !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            Fault(column, "code-malformed", "A code has letters from A to Z, digits, hyphens, dots and underscores only.");
        return code;
    }

    public string OneOf(string column, params string[] known)
    {
        var text = cells[column].ToLowerInvariant();
        if (!known.Contains(text)) Fault(column, "unknown-kind", $"This must be one of {string.Join(", ", known)}.");
        return text;
    }

    public string? Country(string column)
    {
        var text = cells[column];
        if (text.Length == 0) return null;
        if (CountryField.ReadPlace(text, column, out var code) is { } refusal) Fault(column, "country-unknown", $"{refusal.Detail} Or leave it empty.");
        return code;
    }

    public DateTimeOffset Time(string column)
    {
        var text = cells[column];
        string[] forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];
        if (DateTimeOffset.TryParseExact(text, [.. forms.Select(form => form + "zzz"), .. forms.Select(form => form + "'Z'")],
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            if (IsOfOurTime(time)) return time.ToUniversalTime();
            Fault(column, "time-out-of-range", OutOfRange);
        }
        else Fault(column, "time-malformed", "Write the time as 2023-04-23T18:00Z or 2023-04-23T21:00+03:00, with its offset from UTC.");
        return default;
    }

    internal const string OutOfRange = "This year is a slip: a transport runs between 2000 and 2199. Check the time.";

    /// <summary>Beyond it an hour more or less could not be reckoned any more.</summary>
    internal static bool IsOfOurTime(DateTimeOffset time) => time.UtcDateTime.Year is >= 2000 and < 2200;

    public int Count(string column, int most)
    {
        if (!int.TryParse(cells[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || count < 0 || count > most)
            Fault(column, "number-out-of-range", $"This must be a whole number from 0 to {most}.");
        return count;
    }

    /// <summary>Null where nothing stands.</summary>
    public int? CountIfAny(string column, int most) => cells.GetValueOrDefault(column) is { Length: > 0 } ? Count(column, most) : null;

    /// <summary>Parts with semicolons between.</summary>
    public IReadOnlyList<string> List(string column) =>
        cells.GetValueOrDefault(column) is not { Length: > 0 } ? [] : [.. Text(column, 1000).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    public double Degrees(string column, double most)
    {
        if (!double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) || !(Math.Abs(degrees) <= most))
            Fault(column, "degrees-out-of-range", $"This must be decimal degrees from -{most} to {most}.");
        return degrees;
    }

    public void Fault(string column, string code, string message) => faults.Add((column, $"import/{code}", message));
}
