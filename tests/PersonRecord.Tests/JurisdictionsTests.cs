using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class JurisdictionsTests
{
    // Written down from the standards and not from the table.
    private const string Iso =
        """
        ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT
        BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI
        FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR
        ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR
        MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE
        PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM
        TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
        """;

    // ISO 3166-3 (its ATF was narrowed and is in use), and ROM, replaced by ROU in 2002.
    private const string Withdrawn =
        "AFI ANT ATB ATN BUR BYS CSK CTE DDR DHY FXX GEL HVO JTN MID NHB NTZ PCI PCZ PUS RHO ROM SCG SKM SUN TMP VDR WAK YMD YUG ZAR";

    private const string Icao = "EUE GBD GBN GBO GBP GBS RKS UNA UNK UNO XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO XXA XXB XXC XXX";

    private static string[] Listed(string codes) => codes.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] StatesOf(string code) => [.. Jurisdictions.StatesOf(code).Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_code_of_ISO_3166_1_is_a_place_with_a_state_in_control()
    {
        Assert.Equal(249, Listed(Iso).Length);
        Assert.All(Listed(Iso), code =>
        {
            Assert.True(Jurisdictions.IsPlace(code), code);
            Assert.True(Countries.TryParse(code, out var read) && read == code, code);
            Assert.NotEmpty(StatesOf(code));
        });
    }

    [Fact]
    public void Every_withdrawn_code_leads_to_the_states_that_hold_the_territory_today() => Assert.All(Listed(Withdrawn), code =>
    {
        Assert.Equal(JurisdictionKind.Former, Jurisdictions.KindOf(code));
        Assert.NotEmpty(StatesOf(code));
        Assert.False(Jurisdictions.IsPlace(code), code);
    });

    [Fact]
    public void Every_code_of_ICAO_has_a_kind() => Assert.All(Listed(Icao), code => Assert.NotNull(Jurisdictions.KindOf(code)));

    [Fact]
    public void The_states_in_control_are_states_themselves() => Assert.All(Jurisdictions.Codes, code => Assert.All(Jurisdictions.StatesOf(code), state =>
        Assert.True(Jurisdictions.StatesOf(state).Contains(state) && (Listed(Iso).Contains(state) || state == "RKS"), $"{code} is held by {state}")));

    [Fact]
    public void Whatever_three_letters_are_read_as_has_a_kind()
    {
        var letters = Enumerable.Range('A', 26).Select(letter => (char)letter).ToArray();
        Assert.All(letters.SelectMany(one => letters.SelectMany(two => letters.Select(three => $"{one}{two}{three}"))), text =>
            Assert.True(!Countries.TryParse(text, out var code) || Jurisdictions.IsKnown(code), text));
    }

    [Fact]
    public void Every_code_of_the_table_can_be_written_but_one_that_could_be_two_countries() => Assert.All(Jurisdictions.Codes, code =>
    {
        Assert.True(Countries.TryParse(code, out var read) == (code != "BUR"), code);
        // A spelling stands for a place under the same states.
        if (code != "BUR") Assert.True(Jurisdictions.StatesOf(code).IsSubsetOf(Jurisdictions.StatesOf(read)), $"{code} is read as {read}");
    });

    [Theory]
    [InlineData("Sevastopol", "XUR")]
    [InlineData("Northern Cyprus", "XNC")]
    [InlineData("Abkhazia", "XAB")]
    [InlineData("Golan Heights", "XGH")]
    public void A_part_of_a_country_under_another_hand_has_a_code_and_is_a_place(string written, string code)
    {
        Assert.True(Countries.TryParse(written, out var read) && read == code && Jurisdictions.IsPlace(code));
        Assert.Equal(code, Jurisdictions.Whole(code));
    }

    [Fact]
    public void Touching_is_mutual_and_every_place_touches_itself()
    {
        var codes = Jurisdictions.Codes.ToArray();
        Assert.All(codes, code => Assert.Equal(Jurisdictions.StatesOf(code).Count > 0, Jurisdictions.Touch(code, code)));
        Assert.All(codes, one => Assert.All(codes, other => Assert.Equal(Jurisdictions.Touch(one, other), Jurisdictions.Touch(other, one))));
    }

    [Theory]
    [InlineData("HKG", "CHN")]
    [InlineData("MAC", "CHN")]
    [InlineData("REU", "FRA")]
    [InlineData("NCL", "FRA")]
    [InlineData("PRI", "USA")]
    [InlineData("GIB", "ESP GBR")]
    [InlineData("FLK", "ARG GBR")]
    [InlineData("IOT", "GBR MUS")]
    [InlineData("XUR", "RUS UKR")]
    [InlineData("XNC", "CYP TUR")]
    [InlineData("XAB", "GEO RUS")]
    [InlineData("XSO", "GEO RUS")]
    [InlineData("XTN", "MDA RUS")]
    [InlineData("XGH", "ISR SYR")]
    [InlineData("GRL", "DNK")]
    [InlineData("SJM", "NOR")]
    [InlineData("ALA", "FIN")]
    [InlineData("NFK", "AUS")]
    [InlineData("NIU", "NIU NZL")]
    [InlineData("SXM", "NLD")]
    [InlineData("TWN", "CHN TWN")]
    [InlineData("ESH", "ESH MAR")]
    [InlineData("PSE", "ISR PSE")]
    [InlineData("RKS", "RKS SRB")]
    [InlineData("XKX", "RKS SRB")]
    [InlineData("DDR", "DEU")]
    [InlineData("CSK", "CZE SVK")]
    [InlineData("SCG", "MNE RKS SRB")]
    [InlineData("NTZ", "IRQ SAU")]
    [InlineData("ANT", "NLD")]
    [InlineData("GBN", "CHN GBR")]
    [InlineData("KOR", "KOR")]
    [InlineData("PRK", "PRK")]
    [InlineData("XXA", "")]
    [InlineData("UNO", "")]
    [InlineData("EUE", "")]
    [InlineData("ZZZ", "")]
    public void A_code_stands_for_the_states_that_hold_or_claim_the_place(string code, string states) => Assert.Equal(Listed(states), StatesOf(code));

    [Fact]
    public void The_Soviet_Union_touches_each_of_its_successors_and_Yugoslavia_too()
    {
        Assert.Equal(15, StatesOf("SUN").Length);
        Assert.All(Listed("RUS UKR BLR LTU TJK"), state => Assert.True(Jurisdictions.Touch("SUN", state)));
        Assert.All(Listed("SRB HRV RKS MKD"), state => Assert.True(Jurisdictions.Touch("YUG", state)));
        Assert.False(Jurisdictions.Touch("SUN", "POL"));
    }

    [Fact]
    public void People_and_organisations_are_never_a_place_and_name_no_state() => Assert.All(Listed("XXA XXB XXC XXX UNO UNA EUE XOM XPO UNK GBP ZZZ UTO"), code =>
    {
        Assert.False(Jurisdictions.IsPlace(code), code);
        Assert.False(Jurisdictions.NamesState(code), code);
    });

    [Fact]
    public void Protection_widens_and_permission_does_not()
    {
        Assert.Equal("FRA", Jurisdictions.Whole("REU"));
        Assert.Equal("FIN", Jurisdictions.Whole("ALA"));
        Assert.All(Listed("HKG TWN PRI GIB PSE RKS NCL SUN GBD XXA ZZZ"), code => Assert.Equal(code, Jurisdictions.Whole(code)));
    }

    [Theory]
    [InlineData("Zaire", "COD")]
    [InlineData("ZAR", "COD")]
    [InlineData("East Germany", "DEU")]
    [InlineData("TMP", "TLS")]
    [InlineData("GER", "DEU")]
    [InlineData("ENG", "GBR")]
    [InlineData("USSR", "SUN")]
    [InlineData("Yugoslavia", "YUG")]
    [InlineData("Kosovo", "RKS")]
    [InlineData("XKX", "RKS")]
    [InlineData("Gaza", "PSE")]
    [InlineData("UN", "UNO")]
    [InlineData("Diego Garcia", "DGA")]
    public void What_is_in_use_is_read(string text, string code) => Assert.True(Countries.TryParse(text, out var read) && read == code, $"{text} is read as {read}");

    [Theory]
    [InlineData("BUR")]
    [InlineData("CS")]
    [InlineData("NIG")]
    [InlineData("CHI")]
    [InlineData("MAL")]
    [InlineData("SLO")]
    public void A_code_that_could_be_two_countries_asks(string text) => Assert.False(Countries.TryParse(text, out _));
}
