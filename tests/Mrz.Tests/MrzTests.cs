using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Mrz.Tests;

public sealed class MrzTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Alphanumerics = Letters + "0123456789";

    private static readonly MrzDocument Anna = new(
        "I", "UTO", new("ERIKSSON", "ANNA MARIA"), "D23145890", "UTO", MrzDate.Of(new(1974, 8, 12)), MrzSex.Female, MrzDate.Of(new(2012, 4, 15)));

    public static TheoryData<string, string, MrzDocument> Specimens => new()
    {
        {
            "TD3",
            """
            P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
            L898902C36UTO7408122F1204159ZE184226B<<<<<10
            """,
            Anna with { DocumentCode = "P", Number = "L898902C3", Optional = "ZE184226B" }
        },
        {
            "TD2",
            """
            I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
            D231458907UTO7408122F1204159<<<<<<<6
            """,
            Anna
        },
        {
            "TD1",
            """
            I<UTOD231458907<<<<<<<<<<<<<<<
            7408122F1204159UTO<<<<<<<<<<<6
            ERIKSSON<<ANNA<MARIA<<<<<<<<<<
            """,
            Anna
        },
        {
            "TD2", // single-sheet emergency travel document, Part 8 Appendix B
            """
            PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
            D231458907UTO7408122F2606277<<<<<<<8
            """,
            Anna with { DocumentCode = MrzDocument.SingleSheet, Expiry = MrzDate.Of(new(2026, 6, 27)) }
        },
        {
            "TD1", // a number of twelve characters spills into the optional data, Part 5 note j
            """
            I<UTOD23145890<7349<<<<<<<<<<<
            3407127M9507122UTO<<<<<<<<<<<2
            STEVENSON<<PETER<JOHN<<<<<<<<<
            """,
            new("I", "UTO", new("STEVENSON", "PETER JOHN"), "D23145890734", "UTO", new(34, 7, 12), MrzSex.Male, new(95, 7, 12))
        },
    };

    [Theory, MemberData(nameof(Specimens))]
    public void A_specimen_is_composed_to_the_letter(string layout, string zone, MrzDocument document) =>
        Assert.Equal(zone.ReplaceLineEndings("\n"), string.Join('\n', Layout(layout).Compose(document)));

    [Theory, MemberData(nameof(Specimens))]
    public void A_specimen_is_read_back_and_every_check_digit_holds(string layout, string zone, MrzDocument document)
    {
        var reading = MrzLayout.Read(zone)!;
        Assert.Same(Layout(layout), reading.Layout);
        Assert.Equal(document, reading.Document);
        Assert.True(reading.Consistent);
        Assert.False(reading.NamePossiblyTruncated);
    }

    [Theory]
    [InlineData("520727", '3')]
    [InlineData("AB2134<<<", '5')]
    [InlineData("740812", '2')]
    [InlineData("120415", '9')]
    [InlineData("L898902C3", '6')]
    [InlineData("ZE184226B<<<<<", '1')]
    [InlineData("<<<<<<", '0')]
    [InlineData("HA672242<658022549601086<<<<<<<<<<<<<<0", '8')]
    [InlineData("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", '2')]
    [InlineData("HA672242<658022549601086<<<<<<<", '8')]
    public void Check_digits_are_those_of_the_standard(string text, char digit) => Assert.Equal(digit, CheckDigit.Of(text));

    [Theory]
    [InlineData("a")]
    [InlineData("É")]
    [InlineData(" ")]
    public void What_the_zone_cannot_hold_has_no_check_digit(string text) => Assert.Throws<ArgumentException>(() => CheckDigit.Of(text));

    [Fact]
    public void One_misread_character_is_found_unless_both_are_equal_modulo_ten() =>
        Always(
            from text in Text(Alphanumerics + "<", 1, 40)
            from at in Gen.Choose(0, text.Length - 1)
            from other in Gen.Elements((Alphanumerics + "<").ToCharArray())
            select (text, at, other),
            sample =>
            {
                var misread = sample.text.Remove(sample.at, 1).Insert(sample.at, sample.other.ToString());
                return (CheckDigit.Of(misread) == CheckDigit.Of(sample.text)) == (Value(sample.other) == Value(sample.text[sample.at]));
            });

    [Theory]
    [InlineData("TD1")]
    [InlineData("TD2")]
    [InlineData("TD3")]
    public void What_is_composed_reads_back_the_same(string layout) =>
        Always(Document(Layout(layout)), document =>
        {
            var lines = Layout(layout).Compose(document);
            return lines.Count == Layout(layout).Lines
                && lines.All(line => line.Length == Layout(layout).Width && line.All(CheckDigit.Knows))
                && MrzLayout.Read(string.Concat(lines)) is { Consistent: true } reading
                && reading.Document == document
                && reading.Layout == Layout(layout);
        });

    [Theory]
    [InlineData("TD1")]
    [InlineData("TD2")]
    [InlineData("TD3")]
    public void The_fields_and_check_digits_of_a_layout_cover_every_position_once(string layout)
    {
        var covered = Layout(layout).Places
            .SelectMany(place => Enumerable.Range(place.Start, place.Length + (place.Checked ? 1 : 0)).Select(position => (place.Line, position)))
            .ToArray();
        Assert.Equal(Layout(layout).Lines * Layout(layout).Width, covered.Length);
        Assert.Distinct(covered);
    }

    [Fact]
    public void A_misread_number_is_named_and_so_is_the_composite()
    {
        var reading = MrzLayout.Read("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458917UTO7408122F2606277<<<<<<<8")!;
        Assert.Equal([MrzField.Number, MrzField.Composite], reading.Verdicts.Where(verdict => !verdict.Holds).Select(verdict => verdict.Over));
        Assert.False(reading.Consistent);
    }

    [Theory]
    [InlineData('0')]
    [InlineData('<')]
    public void An_empty_personal_number_may_have_a_zero_or_a_filler_for_its_check_digit(char digit)
    {
        var composed = MrzLayout.Td3.Compose(Anna with { DocumentCode = "PE" });
        Assert.Equal('0', composed[1][42]);
        Assert.True(MrzLayout.Read(composed[0] + composed[1].Remove(42, 1).Insert(42, digit.ToString()))!.Consistent);
    }

    [Fact]
    public void A_personal_number_needs_its_check_digit() =>
        Assert.Contains(
            MrzLayout.Read("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<<0")!.Verdicts,
            verdict => verdict is { Over: MrzField.Optional, Expected: '1', Found: '<', Holds: false });

    [Fact]
    public void Unknown_parts_of_a_birth_date_are_fillers_and_all_of_it_has_the_check_digit_zero()
    {
        Assert.Equal("<<<<<<0", MrzLayout.Td2.Compose(Anna with { Birth = default })[1].Substring(13, 7));
        var reading = MrzLayout.Read(string.Concat(MrzLayout.Td2.Compose(Anna with { Birth = new(74, null, null), Sex = MrzSex.Unspecified })))!;
        Assert.Equal((new MrzDate(74, null, null), MrzSex.Unspecified), (reading.Document.Birth, reading.Document.Sex));
        Assert.True(reading.Consistent);
    }

    [Theory]
    [InlineData("PUUTOERIKSS0N<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F2606277<<<<<<<8", MrzField.Name)]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122X2606277<<<<<<<8", MrzField.Sex)]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907U1O7408122F2606277<<<<<<<8", MrzField.Nationality)]
    [InlineData("PU<<<ERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F2606277<<<<<<<8", MrzField.Issuer)]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7413122F2606277<<<<<<<8", MrzField.Birth)]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F2602307<<<<<<<8", MrzField.Expiry)]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<0UTO7408122F2606277<<<<<<<8", MrzField.Number)]
    public void A_field_that_holds_what_it_must_not_is_named(string zone, MrzField field) => Assert.Equal([field], MrzLayout.Read(zone)!.Malformed);

    [Theory]
    [InlineData("")]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<")]
    [InlineData("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F2606277<<<<<<<*")]
    [InlineData("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<L8988901C4XXX4009078F9612109<<<<<<<<")]
    public void What_is_no_such_zone_is_not_read(string text) => Assert.Null(MrzLayout.Read(text));

    [Fact]
    public void A_zone_from_a_careless_reader_is_read_all_the_same() =>
        Assert.Equal(
            MrzDocument.SingleSheet,
            MrzLayout.Read(" puutoeriksson<<anna<maria<<<<<<<<<<<\r\n D231458907UTO 7408122F2606277<<<<<<<8\n")!.Document.DocumentCode);

    [Fact]
    public void Reading_never_throws_whatever_the_characters() =>
        Always(
            from size in Gen.Elements(72, 88, 90)
            from zone in Text(Alphanumerics + "<<<<<<<<", size, size)
            select zone,
            zone => MrzLayout.Read(zone) is not null == (zone[0] != 'V'));

    [Fact]
    public void What_does_not_fit_is_not_composed()
    {
        Assert.Throws<ArgumentException>(() => MrzLayout.Td3.Compose(Anna with { Number = "D231458901" }));
        Assert.Throws<ArgumentException>(() => MrzLayout.Td2.Compose(Anna with { Number = "D23145890123456" }));
        Assert.Throws<ArgumentException>(() => MrzLayout.Td2.Compose(Anna with { Number = "D23145890", Optional = "12345678" }));
        Assert.Throws<ArgumentException>(() => MrzLayout.Td2.Compose(Anna with { Number = "D23145-90" }));
        Assert.Throws<ArgumentException>(() => MrzLayout.Td2.Compose(Anna with { Number = "D23145890<1" }));
    }

    [Theory]
    [InlineData("290229", "2026-03-02", null)]
    [InlineData("260302", "2026-03-02", "2026-03-02")]
    [InlineData("260303", "2026-03-02", "1926-03-03")]
    [InlineData("000229", "2026-03-02", "2000-02-29")]
    public void A_birth_is_never_after_today(string text, string today, string? birth) =>
        Assert.Equal(birth is null ? null : Day(birth), MrzDate.Parse(text)!.Value.AsBirth(Day(today)));

    [Theory]
    [InlineData("260627", "2026-03-02", "2026-06-27")]
    [InlineData("991231", "2026-03-02", "1999-12-31")]
    [InlineData("000101", "2099-12-31", "2100-01-01")]
    public void An_expiry_is_near(string text, string today, string expiry) =>
        Assert.Equal(Day(expiry), MrzDate.Parse(text)!.Value.AsExpiry(Day(today)));

    [Fact]
    public void A_date_with_an_unknown_part_is_no_day() => Assert.Null(new MrzDate(74, 8, null).AsBirth(Day("2026-03-02")));

    private static Gen<MrzDocument> Document(MrzLayout layout) =>
        from code in Gen.Elements("PU", "PE", "P", "I", "C", "AX")
        from issuer in Gen.Elements("UTO", "D", "XXA")
        from name in Name(layout.Places.Single(place => place.Field == MrzField.Name).Length)
        from number in Text(Alphanumerics, 1, layout == MrzLayout.Td3 ? 9 : layout == MrzLayout.Td2 ? 14 : 22)
        from nationality in Gen.Elements("UTO", "D", "XXB")
        from birth in Date
        from sex in Gen.Elements(Enum.GetValues<MrzSex>())
        from expiry in Date
        from optional in Text(Alphanumerics, 0, Room(layout, number))
        from optional2 in Text(Alphanumerics, 0, layout == MrzLayout.Td1 ? 11 : 0)
        select new MrzDocument(code, issuer, name, number, nationality, birth, sex, expiry, optional, optional2);

    private static int Room(MrzLayout layout, string number) =>
        layout.Places.Single(place => place.Field == MrzField.Optional).Length - (number.Length > 9 ? number.Length - 9 + 2 : 0) is var room and > 0 ? room : 0;

    private static Gen<MrzDate> Date =>
        from year in Gen.Choose(-1, 99)
        from month in Gen.Choose(0, 12)
        from day in Gen.Choose(0, 28)
        select new MrzDate(year < 0 ? null : year, month < 1 ? null : month, day < 1 ? null : day);

    private static Gen<MrzName> Name(int length) =>
        from primary in Text(Letters, 1, length - 12)
        from first in Text(Letters, 0, 4)
        from second in Text(Letters, first.Length == 0 ? 0 : 1, first.Length == 0 ? 0 : 5)
        select new MrzName(primary, $"{first} {second}".Trim());

    private static Gen<string> Text(string alphabet, int shortest, int longest) =>
        from length in Gen.Choose(shortest, longest)
        from characters in Gen.Elements(alphabet.ToCharArray()).ArrayOf(length)
        select new string(characters);

    private static int Value(char character) => CheckDigit.Of("<<" + character) - '0';

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private static MrzLayout Layout(string name) => name switch { "TD1" => MrzLayout.Td1, "TD2" => MrzLayout.Td2, _ => MrzLayout.Td3 };

    private static void Always<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
