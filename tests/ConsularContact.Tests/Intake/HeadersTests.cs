using CrisisCoordination.ConsularContact.Intake;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Intake;

public sealed class HeadersTests
{
    private static readonly string[] Canonical =
        ["registered_at", "channel", "reference", "family_name", "given_names", "sex", "date_of_birth", "nationality", "specific_needs", "mobility", "needs_now", "fear_of_return_to", "share_with"];

    private static Headers Read(params string[] theirs) => Headers.Read(theirs, ColumnMapping.None);

    private static ColumnMapping Saying(params (string Header, string? Column)[] said) => new(said.ToDictionary(s => s.Header, s => s.Column), []);

    [Theory]
    [InlineData("Surname", "family_name")]
    [InlineData("LAST NAME", "family_name")]
    [InlineData("Nom de famille", "family_name")]
    [InlineData("Apellidos", "family_name")]
    [InlineData("اسم العائلة", "family_name")]
    [InlineData("First name(s)", "given_names")]
    [InlineData("Prénom", "given_names")]
    [InlineData("PRENOM", "given_names")]
    [InlineData("Geburtsdatum", "date_of_birth")]
    [InlineData("Date\nof birth", "date_of_birth")]
    [InlineData("D.O.B.", "date_of_birth")]
    [InlineData("تاريخ الميلاد", "date_of_birth")]
    [InlineData("Дата рождения", "date_of_birth")]
    [InlineData("Passport No.", "document_no")]
    [InlineData("N° de passeport", "document_no")]
    [InlineData("date of birth", "date_of_birth")]
    [InlineData("date_of_birth", "date_of_birth")]
    public void A_header_is_known_in_the_spellings_that_desks_use(string header, string column) => Assert.Equal(column, Assert.Single(Read(header).Ours));

    [Theory]
    [InlineData("Name")]
    [InlineData("Nombre completo")]
    [InlineData("Date")]
    [InlineData("Number")]
    [InlineData("Status")]
    public void What_may_mean_several_things_is_never_guessed(string header)
    {
        Assert.Null(Assert.Single(Read(header).Ours));
        Assert.Equal([header], Read(header).Unknown);
    }

    [Fact]
    public void A_file_with_our_own_headers_lacks_nothing() => Assert.Null(Read(Canonical).Fault);

    [Fact]
    public void What_lacks_is_told_by_name_together_with_what_nobody_knows()
    {
        var headers = Read([.. Canonical.Except(["family_name", "sex"]), "Name", "M or W"]);

        Assert.Equal(["family_name", "sex"], headers.Missing);
        Assert.Equal(["Name", "M or W"], headers.Unknown);
        Assert.Equal("import/column-missing", headers.Fault!.Code);
    }

    [Fact]
    public void Two_headers_that_claim_one_column_must_be_told_apart_by_hand()
    {
        string[] theirs = [.. Canonical, "Surname"];
        Assert.Equal("import/column-twice", Read(theirs).Fault!.Code);

        var told = Headers.Read(theirs, Saying(("surname", null)));
        Assert.Null(told.Fault);
        Assert.Empty(told.Unknown);
    }

    [Fact]
    public void What_an_officer_said_counts_more_than_what_is_known()
    {
        var headers = Headers.Read(["Nom", "Name"], Saying(("NOM", "notes"), ("Name", "family_name")));
        Assert.Equal(["notes", "family_name"], headers.Ours);
    }

    [Fact]
    public void What_the_sender_does_not_have_is_not_missed_and_reads_as_blank() =>
        Assert.Null(Headers.Read([.. Canonical.Except(["needs_now", "share_with"])], new(ColumnMapping.None.Columns, ["needs_now", "share_with"])).Fault);

    [Fact]
    public void A_later_word_adds_to_an_earlier_one_and_prevails()
    {
        var both = Saying(("Name", "family_name")).Over(Saying(("NAME", "given_names"), ("Alias", "notes")));
        Assert.Equal(["family_name", "notes"], Headers.Read(["name", "alias"], both).Ours);
    }

    [Theory]
    [InlineData("family_nam", null, "import/column-unknown")]
    [InlineData("notes", "nothing", "import/column-unknown")]
    [InlineData("notes", "reference", "import/column-needed")]
    [InlineData("notes", "family_name", "import/column-needed")]
    [InlineData("notes", "sex", null)]
    public void A_mapping_onto_what_does_not_exist_is_refused(string column, string? absent, string? code) =>
        Assert.Equal(code, Headers.Check(new(new Dictionary<string, string?> { ["x"] = column }, absent is null ? [] : [absent]))?.Code);

    [Fact]
    public void A_mapping_that_says_two_things_of_one_header_is_refused() =>
        Assert.Equal("import/header-twice", Headers.Check(Saying(("Name", "family_name"), ("NAME", "notes")))!.Code);

    [Fact]
    public void The_number_under_a_header_that_says_passport_is_a_passports()
    {
        Assert.True(Read([.. Canonical, "Passport no"]).AllPassports);
        Assert.False(Read([.. Canonical, "Passport no", "document_type"]).AllPassports);
        Assert.False(Read([.. Canonical, "document_no"]).AllPassports);
    }

    [Fact]
    public void Case_and_marks_between_the_words_change_nothing() => Prop.ForAll(
        Gen.Elements([.. Headers.Columns]).Zip(Gen.Elements(" ", "-", "_", " / ", ". ", "\n")).Zip(Gen.Elements(true, false), (a, b) => (Column: a.Item1, Mark: a.Item2, Upper: b)).ToArbitrary(),
        told => Assert.Equal(told.Column, Read((told.Upper ? told.Column.ToUpperInvariant() : told.Column).Replace("_", told.Mark)).Ours[0])).QuickCheckThrowOnFailure();
}
