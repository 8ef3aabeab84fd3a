using System.Text;

namespace CrisisCoordination.TimelineAudit;

/// <summary>Rows of a CSV text by column name. Quotes as in RFC 4180; nothing else is interpreted.</summary>
internal static class Csv
{
    public static IEnumerable<Dictionary<string, string>> Read(string text)
    {
        using var records = Records(text.TrimStart('\uFEFF')).GetEnumerator();
        if (!records.MoveNext()) yield break;
        var header = records.Current;
        while (records.MoveNext())
        {
            if (records.Current is [""]) continue;
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (column, cell) in header.Zip(records.Current)) row[column.Trim()] = cell;
            yield return row;
        }
    }

    private static IEnumerable<List<string>> Records(string text)
    {
        var (record, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else quoted = false;
            }
            else if (c == '"' && cell.Length == 0) quoted = true;
            else if (c is ',' or '\n')
            {
                record.Add(cell.ToString());
                cell.Clear();
                if (c == ',') continue;
                yield return record;
                record = [];
            }
            else if (c != '\r') cell.Append(c);
        }
        if (cell.Length > 0 || record.Count > 0) yield return [.. record, cell.ToString()];
    }
}
