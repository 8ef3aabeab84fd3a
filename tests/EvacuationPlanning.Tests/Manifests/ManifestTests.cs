using System.Text;
using System.Xml.Linq;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Manifests;

public sealed class ManifestTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Flight = Guid.CreateVersion7(), Family = Guid.CreateVersion7(), Alone = Guid.CreateVersion7();
    private static readonly Guid Amina = Guid.CreateVersion7(), Baby = Guid.CreateVersion7(), Boy = Guid.CreateVersion7();

    private static readonly Registration Mother = new()
    {
        FamilyName = "O'Brien+Núñez",
        GivenNames = "Amina: \"Mina\"",
        NameInOriginalScript = "أمينة",
        Sex = Sex.Female,
        BirthDate = new(1990, 4, 5),
        Nationality = "SYR",
        Mobility = Mobility.Wheelchair,
        SpecificNeeds = ["SM"],
        Document = new("passport", "AX123", new(2030, 1, 1), DocumentStatus.Valid),
    };

    private static Listed Person(Guid id, Registration? form, params Event[] more) => more
        .Prepend(new PersonRegistered(Guid.CreateVersion7(), Guid.CreateVersion7(), "R", Channel.Phone, true, form, Noon.AddDays(-1)))
        .Aggregate(Listed.Start(id), (listed, e) => listed.Apply(e));

    private static Manifest Of(params (Listed Person, Guid Group, Mobility Space, bool OnLap)[] people)
    {
        var transport = people.Aggregate(
            Transport.Start(Flight).Apply(new TransportScheduled("T0001", "aircraft", "PZU", "JED", "SAU", Noon.AddDays(1), Noon.AddDays(1).AddHours(3), 50, 5, 2, "Saudi Air", Noon)),
            (t, line) => t.Apply(new SpaceTaken(line.Person.Id, line.Group, line.Space, line.OnLap, Noon)));
        return Manifest.Of(transport, 7, people.ToDictionary(line => line.Person.Id, line => line.Person));
    }

    private static Manifest Sample => Of(
        (Person(Boy, new() { FamilyName = "Zaki", GivenNames = "Omar", BirthDate = new(2014, 7, 1), Sex = Sex.Male, Nationality = "SDN", SpecificNeeds = ["SC"] }), Alone, Mobility.None, false),
        (Person(Amina, Mother), Family, Mobility.Wheelchair, false),
        (Person(Baby, new() { FamilyName = "O'Brien+Núñez", GivenNames = "Noor", BirthDate = new(2025, 12, 1), Nationality = "SYR" }, new TieConfirmed(Amina, "papers", "officer", Noon)), Family, Mobility.None, true));

    // Segments, data elements and components, read by the syntax rules of ISO 9735 with the usual separators.
    private static List<string[][]> Read(string interchange)
    {
        var (segments, elements, components, text) = (new List<string[][]>(), new List<string[]>(), new List<string>(), new StringBuilder());
        for (var i = 0; i < interchange.Length; i++)
            switch (interchange[i])
            {
                case '?': text.Append(interchange[++i]); break;
                case ':': Component(); break;
                case '+': Element(); break;
                case '\'': Element(); segments.Add([.. elements]); elements.Clear(); break;
                case '\n': break;
                case var c: text.Append(c); break;
            }
        Assert.Equal(0, text.Length);
        return segments;

        void Component()
        {
            components.Add(text.ToString());
            text.Clear();
        }

        void Element()
        {
            Component();
            elements.Add([.. components]);
            components.Clear();
        }
    }

    [Fact]
    public void Families_stand_together_and_the_help_they_need_beside_them()
    {
        var lines = Sample.Lines;
        Assert.Equal([Amina, Baby, Boy], lines.Select(line => line.Person.Id));
        Assert.Equal(["WCHC MEDA", "INFT", "UMNR"], lines.Select(line => string.Join(' ', line.Assistance)));
    }

    [Fact]
    public void A_passenger_list_holds_what_the_border_asks_for()
    {
        var segments = Read(Paxlst.Write(Sample, Noon));
        Assert.Equal(["UNB", "UNG", "UNH", "BGM"], segments.Take(4).Select(s => s[0][0]));
        Assert.Equal(["745"], segments[3][1]);
        Assert.Contains(segments, s => s[0][0] == "LOC" && s[1][0] == "87" && s[2][0] == "JED");
        Assert.Contains(segments, s => s[0][0] == "DTM" && s[1] is ["189", "2605051200", "201"]);
        var mother = segments.SkipWhile(s => s[0][0] != "NAD" || s[1][0] != "FL").Skip(1).TakeWhile(s => s[0][0] != "NAD").ToList();
        Assert.Contains(mother, s => s[0][0] == "ATT" && s[3][0] == "F");
        Assert.Contains(mother, s => s[0][0] == "DTM" && s[1] is ["329", "900405"]);
        Assert.Contains(mother, s => s[0][0] == "NAT" && s[2][0] == "SYR");
        Assert.Contains(mother, s => s[0][0] == "DOC" && s[2][0] == "AX123");
        Assert.Contains(segments, s => s[0][0] == "CNT" && s[1] is ["42", "3"]);
    }

    [Fact]
    public void Nobody_is_named_to_a_state_that_they_fear_and_our_own_lists_say_so()
    {
        var afraid = Person(Amina, Mother, new FearOfReturnStated(["ERI"], "officer", Noon));
        var (boy, lands) = (Person(Boy, new() { FamilyName = "Zaki", GivenNames = "Omar" }), Of((afraid, Family, Mobility.Wheelchair, false), (Person(Boy, new() { FamilyName = "Zaki", GivenNames = "Omar" }), Alone, Mobility.None, false)));
        foreach (var country in (string?[])["ERI", null])
        {
            var manifest = lands with { Lands = ["SAU", country] };
            var list = Paxlst.Write(manifest, Noon);
            Assert.DoesNotContain("BRIEN", list, StringComparison.Ordinal);
            Assert.DoesNotContain(Amina.ToString("N").ToUpperInvariant(), list, StringComparison.Ordinal);
            Assert.Contains("ZAKI", list, StringComparison.Ordinal);
            Assert.Contains("CNT+42:1'", list, StringComparison.Ordinal);
            var table = Encoding.UTF8.GetString(ManifestTable.Write(manifest));
            Assert.Single(table.Split("\r\n"), line => line.EndsWith(",left out", StringComparison.Ordinal) && line.Contains($"{Amina}", StringComparison.Ordinal));
            Assert.Single(table.Split("\r\n"), line => line.EndsWith(",named", StringComparison.Ordinal) && line.Contains($"{boy.Id}", StringComparison.Ordinal));
            Assert.Contains("No. 1: not on the list for carriers and borders", ManifestPage.Write(manifest, Noon), StringComparison.Ordinal);
        }
        Assert.Contains("BRIEN", Paxlst.Write(lands with { Lands = ["SAU"] }, Noon), StringComparison.Ordinal);
        Assert.DoesNotContain("not on the list", ManifestPage.Write(lands with { Lands = ["SAU"] }, Noon), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Quispe", "Yaqub", "QUISPE:YAQUB")]
    [InlineData("Коваленко", "Олена", "KOVALENKO:OLENA")]
    [InlineData("القاسم", "ثريا", "ALQASM:XTHRYA")]
    [InlineData("Παπαδόπουλος", "Γιώργος", "PAPADOPOULOS:GIORGOS")]
    [InlineData("አበበ", "ማርታ", "ABEBE:MARTA")]
    [InlineData("Louis 14", "", "LOUIS")]
    [InlineData("ကျော်", "မိုးမိုး", "NAME NOT IN LATIN LETTERS")]
    [InlineData("Wang 王", "Li", "NAME NOT IN LATIN LETTERS")]
    [InlineData(null, null, "NOT GIVEN")]
    public void Each_letter_of_a_name_reaches_the_border_or_the_list_says_that_it_cannot(string? family, string? given, string written) =>
        Assert.Contains($"NAD+FL+++{written}'", Paxlst.Write(Of((Person(Amina, new() { FamilyName = family, GivenNames = given }), Family, Mobility.None, false)), Noon));

    [Fact]
    public void A_name_is_as_the_emergency_document_shows_it_or_as_it_was_told_in_letters_that_can_be_written()
    {
        var script = new Registration { NameInOriginalScript = "ကျော်" };
        RegistrationRepeated spelled = new(Guid.CreateVersion7(), Guid.Empty, "R2", Channel.Phone, true, 20, [], new() { FamilyName = "Kyaw", GivenNames = "Moe" }, Noon.AddDays(-2));
        TravelDocumentIssued issued = new(Guid.CreateVersion7(), "SAU", [], new(2026, 6, 1), "o", "C23456789",
            "PUUTOKYAW<<MOE<MOE".PadRight(36, '<') + "\nC234567890MMR9004055F2606014<<<<<<<0", Noon);
        Assert.Equal((null, true), (Person(Amina, script).NameAtBorder, Person(Amina, script).LacksBorderName));
        Assert.Equal("KYAW MOE", Spaced(Person(Amina, script, spelled)));
        Assert.Equal("KYAW MOE MOE", Spaced(Person(Amina, script, spelled, issued)));
        Assert.Null(Person(Amina, script, spelled, issued, new PersonErased("o", "wish", Noon)).NameAtBorder);

        var page = ManifestPage.Write(Of((Person(Amina, script), Family, Mobility.None, false), (Person(Boy, Mother), Alone, Mobility.None, false)), Noon);
        Assert.Contains("No. 1: carriers and borders cannot read the name.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot read", ManifestPage.Write(Sample, Noon), StringComparison.Ordinal);

        static string Spaced(Listed person) => $"{person.NameAtBorder!.Primary} {person.NameAtBorder.Secondary}";
    }

    [Fact]
    public void Places_and_numbers_lose_no_letter_either()
    {
        var transport = Transport.Start(Flight).Apply(new TransportScheduled("Т0001", "ship", "Порт-Судан", "جدة", "SAU", Noon.AddDays(1), Noon.AddDays(1).AddHours(3), 50, 5, 2, "Ça Qatar", Noon))
            .Apply(new SpaceTaken(Amina, Family, Mobility.None, false, Noon));
        var written = Paxlst.Write(Manifest.Of(transport, 7, new Dictionary<Guid, Listed> { [Amina] = Person(Amina, Mother with { Document = Mother.Document! with { Number = "ЖQ-12" } }) }), Noon);
        Assert.All(new[] { "LOC+125+PORT-SUDAN'", "LOC+87+JDXAH'", "TDT+20+T0001+++CA QATAR'", "DOC+P+ZHQ-12'" }, segment => Assert.Contains(segment, written, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_a_name_holds_the_list_keeps_its_shape() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<NonNull<string>>(), (family, given) =>
        {
            var written = Paxlst.Write(Of((Person(Amina, Mother with { FamilyName = family.Get, GivenNames = given.Get }), Family, Mobility.None, false)), Noon);
            var segments = Read(written);
            var message = segments.SkipWhile(s => s[0][0] != "UNH").TakeWhile(s => s[0][0] != "UNE").ToList();
            Assert.Equal(message.Count.ToString(), message[^1][1][0]);
            Assert.Equal(message[0][1][0], message[^1][2][0]);
            Assert.Equal(2, segments.Count(s => s[0][0] == "NAD"));
            Assert.All(written, c => Assert.True(c is '\n' or (>= ' ' and <= 'Z'), $"U+{(int)c:X4}"));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_emergency_document_goes_before_a_passport_until_it_is_revoked()
    {
        var issued = new TravelDocumentIssued(Guid.CreateVersion7(), "SAU", [], new(2026, 6, 1), "o", "PU1234567", "", Noon);
        Assert.Equal("PU1234567", Person(Amina, Mother, issued).Document(new(2026, 5, 5)).Number);
        Assert.Equal("AX123", Person(Amina, Mother, issued, new TravelDocumentRevoked(issued.ApplicationId, "found", Noon)).Document(new(2026, 5, 5)).Number);
        Assert.Null(Person(Amina, Mother).Document(new(2031, 5, 5)).Number);
    }

    [Fact]
    public void A_table_runs_no_formula_and_a_page_runs_no_script()
    {
        var hostile = Of((Person(Amina, Mother with { FamilyName = "=cmd|' /C calc'!A0", GivenNames = "<script>alert(1)</script>" }), Family, Mobility.None, false));
        var cells = Encoding.UTF8.GetString(ManifestTable.Write(hostile)).Split("\r\n")[1].Split(',').Select(cell => cell.Trim('"'));
        Assert.DoesNotContain(cells, cell => cell.Length > 0 && "=+-@".Contains(cell[0]));

        var page = XDocument.Parse(ManifestPage.Write(hostile, Noon).Replace("<!doctype html>", "", StringComparison.Ordinal));
        Assert.Empty(page.Descendants("script"));
        Assert.Contains("<script>alert(1)</script>", page.Descendants("td").Select(td => td.Value).Single(text => text.Contains("calc")));
    }

    [Fact]
    public void Whose_data_was_erased_is_a_number_and_a_space() =>
        Assert.Contains("NAD+FL+++NOT GIVEN'", Paxlst.Write(Of((Person(Amina, null, new PersonErased("o", "wish", Noon)), Family, Mobility.None, false)), Noon));
}
