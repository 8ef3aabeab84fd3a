using System.Text;
using CrisisCoordination.ConsularContact.Intake;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class WorkbookTests
{
    private static (string Csv, string? Fault) Read(byte[] workbook)
    {
        using var csv = new StringWriter();
        var fault = Workbook.WriteCsv(new MemoryStream(workbook), csv, default);
        return (csv.ToString(), fault?.Code);
    }

    [Fact]
    public void Texts_dates_numbers_and_what_formulas_came_to_are_read() => Assert.Equal(
        ("name,born,phone,seen,sex,share\nDeng,1985-01-30,249912345678,2026-03-02T06:00:00,F,yes\n", null),
        Read(SomeWorkbook.Of(
            ["name", "born", "phone", "seen", "sex", "share"],
            ["Deng", "<c s=\"1\"><v>31077</v></c>", "<c><v>249912345678</v></c>", "<c s=\"1\"><v>46083.25</v></c>", "<c t=\"inlineStr\"><is><t>F</t></is></c>", "<c t=\"b\"><f>TRUE()</f><v>1</v></c>"])));

    [Fact]
    public void Separators_quotes_and_line_breaks_stay_inside_their_cell() =>
        Assert.Equal(("a,b\n\"one, \"\"two\"\"\nthree\",4\n", null), Read(SomeWorkbook.Of(["a", "b"], ["one, \"two\"\nthree", "4"])));

    [Fact]
    public void A_formula_is_never_worked_out() =>
        Assert.Equal(("a,b\n,x\n", null), Read(SomeWorkbook.Of(["a", "b"], ["<c><f>HYPERLINK(\"http://example.org\")</f></c>", "x"])));

    [Fact]
    public void Rows_keep_their_numbers() => Assert.Equal(("a\n\nb\n", null), Read(SomeWorkbook.Of(["a"], [""], ["b"])));

    [Fact]
    public void Hidden_and_empty_sheets_do_not_count_and_two_others_are_not_chosen_between()
    {
        Assert.Equal(("a\n", null), Read(SomeWorkbook.Of(("Lists", "hidden", [["x"]]), ("Notes", "visible", []), ("People", "visible", [["a"]]))));
        Assert.Equal("import/several-sheets", Read(SomeWorkbook.Of(("North", "visible", [["a"]]), ("South", "visible", [["a"]]))).Fault);
    }

    [Fact]
    public void A_workbook_without_rows_is_empty() => Assert.Equal("import/empty", Read(SomeWorkbook.Of(("Sheet1", "visible", []))).Fault);

    [Fact]
    public void What_grows_out_of_measure_when_it_is_unpacked_is_not_unpacked()
    {
        var bomb = SomeWorkbook.Zip([.. SomeWorkbook.Parts(("Sheet1", "visible", [["a"]])).Where(part => part.Path != "xl/sharedStrings.xml"), ("xl/sharedStrings.xml", new string(' ', 80 << 20))]);
        Assert.True(bomb.Length < 1 << 20);
        Assert.Equal("import/workbook-too-large", Read(bomb).Fault);
    }

    [Fact]
    public void A_part_that_lies_about_its_size_gains_nothing()
    {
        var bomb = SomeWorkbook.Zip([.. SomeWorkbook.Parts(("Sheet1", "visible", [["a"]])).Where(part => part.Path != "xl/sharedStrings.xml"), ("xl/sharedStrings.xml", new string(' ', 80 << 20))]);
        // Its size stands in the directory at the end of the archive and before the part itself.
        byte[] size = BitConverter.GetBytes(80 << 20), said = BitConverter.GetBytes(100);
        for (var at = bomb.AsSpan().IndexOf(size); at >= 0; at = bomb.AsSpan().IndexOf(size)) said.CopyTo(bomb, at);
        Assert.Equal("import/workbook-unreadable", Read(bomb).Fault);
    }

    [Fact]
    public void A_cell_that_holds_a_whole_file_is_refused() =>
        Assert.Equal("import/cell-too-long", Read(SomeWorkbook.Of(["a"], [new string('x', 40_000)])).Fault);

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><worksheet/>")]
    [InlineData("<worksheet")]
    [InlineData("")]
    public void A_sheet_that_is_no_plain_xml_is_refused(string sheet) => Assert.Equal("import/workbook-unreadable",
        Read(SomeWorkbook.Zip([.. SomeWorkbook.Parts(("Sheet1", "visible", [["a"]])).Where(part => !part.Path.StartsWith("xl/worksheets", StringComparison.Ordinal)), ("xl/worksheets/sheet0.xml", sheet)])).Fault);

    [Fact]
    public void Another_archive_and_a_torn_one_are_refused()
    {
        Assert.Equal("import/workbook-unreadable", Read(SomeWorkbook.Zip(("word/document.xml", "<x/>"))).Fault);
        var whole = SomeWorkbook.Of(["a"]);
        Assert.Equal("import/workbook-unreadable", Read(whole[..(whole.Length / 2)]).Fault);
        Assert.Equal("import/workbook-unreadable", Read([.. "PK\u0003\u0004"u8, .. Encoding.ASCII.GetBytes(new string('x', 100))]).Fault);
    }

    [Fact]
    public void A_row_that_says_it_is_the_last_that_could_be_does_not_keep_the_service_busy()
    {
        var parts = SomeWorkbook.Parts(("Sheet1", "visible", [["a"]])).Select(part => (part.Path, part.Text.Replace("<row r=\"1\">", "<row r=\"2000000000\">").Replace("r=\"A1\"", "r=\"A2000000000\""))).ToArray();
        Assert.Contains(Read(SomeWorkbook.Zip(parts)).Fault, new[] { "import/workbook-too-large", "import/workbook-unreadable" });
    }
}
