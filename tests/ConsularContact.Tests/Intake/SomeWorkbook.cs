using System.IO.Compression;
using System.Security;
using System.Text;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

/// <summary>Workbooks as a spreadsheet saves them, and as nobody should.</summary>
internal static class SomeWorkbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>One visible sheet; a cell that begins with &lt; is taken as it is, any other as a text.</summary>
    public static byte[] Of(params string[][] rows) => Of([("Sheet1", "visible", rows)]);

    public static byte[] Of(params (string Name, string State, string[][] Rows)[] sheets) => Zip([.. Parts(sheets)]);

    public static IEnumerable<(string Path, string Text)> Parts(params (string Name, string State, string[][] Rows)[] sheets)
    {
        var texts = sheets.SelectMany(sheet => sheet.Rows.SelectMany(row => row)).Where(cell => !cell.StartsWith('<')).Distinct().ToList();
        yield return ("[Content_Types].xml", """
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>
            """);
        yield return ("_rels/.rels", $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
        yield return ("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relationships}"><sheets>{string.Concat(sheets.Select((sheet, i) => $"""<sheet name="{sheet.Name}" sheetId="{i + 1}" state="{sheet.State}" r:id="s{i}"/>"""))}</sheets></workbook>""");
        yield return ("xl/_rels/workbook.xml.rels", $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t" Type="{Relationships}/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="y" Type="{Relationships}/styles" Target="styles.xml"/>{string.Concat(sheets.Select((_, i) => $"""<Relationship Id="s{i}" Type="{Relationships}/worksheet" Target="worksheets/sheet{i}.xml"/>"""))}</Relationships>
            """);
        yield return ("xl/styles.xml", $"""<styleSheet xmlns="{Main}"><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>""");
        yield return ("xl/sharedStrings.xml", $"""<sst xmlns="{Main}">{string.Concat(texts.Select(text => $"""<si><t xml:space="preserve">{SecurityElement.Escape(text)}</t></si>"""))}</sst>""");
        for (var i = 0; i < sheets.Length; i++)
            yield return ($"xl/worksheets/sheet{i}.xml", $"""
                <worksheet xmlns="{Main}"><sheetData>{string.Concat(sheets[i].Rows.Select((row, r) => $"""<row r="{r + 1}">{string.Concat(row.Select((cell, c) => Cell($"{Column(c)}{r + 1}", cell, texts)))}</row>"""))}</sheetData></worksheet>
                """);
    }

    public static byte[] Zip(params (string Path, string Text)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, text) in parts)
            {
                using var part = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        return bytes.ToArray();
    }

    private static string Cell(string at, string cell, List<string> texts) =>
        cell.StartsWith('<') ? cell.Replace("<c", $"""<c r="{at}" """) : cell.Length == 0 ? "" : $"""<c r="{at}" t="s"><v>{texts.IndexOf(cell)}</v></c>""";

    private static string Column(int number) => number < 26 ? $"{(char)('A' + number)}" : $"{Column((number / 26) - 1)}{(char)('A' + (number % 26))}";
}
