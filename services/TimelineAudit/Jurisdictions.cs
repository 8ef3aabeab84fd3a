using System.Collections.Frozen;

namespace CrisisCoordination.TimelineAudit;

/// <summary>
/// Which states a code stands for: who holds the place, and who claims it. Written from ISO 3166-1 and 3166-3 and ICAO
/// Doc 9303-3, section 5, apart from the table that the services use.
/// </summary>
internal static class Jurisdictions
{
    // Held by another state, or disputed: the code, then every state that holds or claims it.
    private const string Parts = """
        ABW NLD|AIA GBR|ALA FIN|ANT NLD|ASM USA|ATB ATA GBR|ATF FRA|BES NLD|BLM FRA
        BMU GBR|BVT NOR|CCK AUS|COK COK NZL|CUW NLD|CXR AUS|CYM GBR
        ESH ESH MAR|FLK GBR ARG|FRO DNK|FXX FRA|GGY GBR|GIB GBR|GLP FRA|GRL DNK|GUF FRA
        GUM USA|HKG CHN|HMD AUS|IMN GBR|IOT GBR MUS|JEY GBR|MAC CHN
        MAF FRA|MNP USA|MSR GBR|MTQ FRA|MYT FRA COM|NCL FRA|NFK AUS|NIU NIU NZL|PCN GBR|PRI USA|PSE PSE ISR
        PYF FRA|REU FRA|SGS GBR ARG|SHN GBR|SJM NOR
        SPM FRA|SXM NLD|TCA GBR|TKL NZL|TWN TWN CHN|UMI USA|VGB GBR|VIR USA|WLF FRA|ASC GBR|TAA GBR|DGA GBR MUS|CPT FRA|EAZ ESP|ICA ESP
        XUR UKR RUS|XNC CYP TUR|XAB GEO RUS|XSO GEO RUS|XTN MDA RUS|XGH SYR ISR
        UNK KOS SRB|XKX KOS SRB|RKS KOS SRB|XKK KOS SRB|KOS KOS SRB|D DEU|GBD GBR|GBN GBR|GBO GBR|GBP GBR|GBS GBR|NTT NLD|IMC GBR
        AFI DJI|BUR MMR|BYS BLR|CSK CZE SVK|CTE KIR|DDR DEU|DHY BEN|GEL KIR TUV|HVO BFA|JTN USA
        MID USA|NHB VUT|NTZ IRQ SAU|PCI PLW FSM MHL MNP USA
        PCZ PAN|PUS USA|RHO ZWE|ROM ROU|SCG SRB MNE|SKM IND|TMP TLS|VDR VNM|WAK USA|YMD YEM|ZAR COD|ATN ATA|ANR ATA
        SUN ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB|YUG BIH HRV KOS MKD MNE SRB SVN
        """;

    private static readonly FrozenSet<string> NoState = new[]
    {
        "XXA", "XXB", "XXC", "XXX", "UNO", "UNA", "EUE", "XOM", "XXU", "XPO", "XCC", "XCE", "XCO", "XEC", "XES", "XMP", "XDC", "XBA",
            "XIM", "XAA", "IAO", "XCT", "ZZZ",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, string[]> States = Parts
        .Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(' '))
        .ToFrozenDictionary(line => line[0], line => line[1..]);

    /// <summary>None for codes that stand for no state.</summary>
    public static IReadOnlyList<string> Of(string? code) =>
        code?.Trim().ToUpperInvariant() is not { Length: > 0 } known || NoState.Contains(known) ? []
            : States.GetValueOrDefault(known) ?? [known];

    public static bool Touch(string? one, string? other) => Of(one).Intersect(Of(other)).Any();
}
