using System.Globalization;
using CrisisCoordination.ServiceDefaults;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class SafeCellTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")")]
    [InlineData("+1+1")]
    [InlineData("-2+3+cmd|' /C calc'!A0")]
    [InlineData("@SUM(1)")]
    [InlineData("  =1+1")]
    [InlineData("\t=1")]
    [InlineData("＝1+1")]
    public void What_begins_like_a_formula_is_a_text(string cell) => Assert.StartsWith("'", Parsed(SafeCell.Write(cell)), StringComparison.Ordinal);

    [Theory]
    [InlineData("+249 912 345 678")]
    [InlineData("-12.5")]
    [InlineData("O'Brien")]
    [InlineData("")]
    public void Other_texts_and_numbers_stay_as_they_are(string cell) => Assert.Equal(cell, Parsed(SafeCell.Write(cell)));

    [Fact]
    public void Whatever_is_written_is_no_formula_and_comes_back_as_it_was() => Prop.ForAll(
        Gen.Elements("=", "+", "-", "@", "'", "\t", "\n", "\r\n", "\"", ",", ";", "a", "1", " ", "＝", "é").ArrayOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            var written = Parsed(SafeCell.Write(text));
            Assert.DoesNotMatch("^ *[=@＝]", written);
            // A text that had an apostrophe before what looks like a formula is one that was made safe before.
            Assert.Equal(SafeCell.Read(text), SafeCell.Read(written));
        }).QuickCheckThrowOnFailure();

    private static string Parsed(string cell)
    {
        using var csv = new CsvParser(new StringReader($"{cell},end\r\n"), CultureInfo.InvariantCulture);
        Assert.True(csv.Read());
        Assert.Equal(2, csv.Record!.Length);
        return csv.Record[0];
    }
}
