using System.Collections.Frozen;

namespace CrisisCoordination.Contracts;

/// <summary>What a code stands for.</summary>
public enum JurisdictionKind
{
    /// <summary>A state.</summary>
    State,

    /// <summary>An integral part of a state: its own code, the state's law, and the state's nationals enter by right.</summary>
    Part,

    /// <summary>A territory that a state holds, with borders or rules of entry of its own.</summary>
    Territory,

    /// <summary>A place that more than one state holds or claims.</summary>
    Disputed,

    /// <summary>A withdrawn code. The states are those that hold the territory today.</summary>
    Former,

    /// <summary>A status that people have by the law of a state; no place is called so.</summary>
    Status,

    /// <summary>People without a state, an organisation, or nothing known.</summary>
    NoState,
}

/// <summary>
/// The states in control behind a country's code (rule N). Whoever fears a state must not be brought under its hand by another
/// spelling, so what is feared and where somebody goes are compared by these states and never by their letters. Where states
/// contend for a place, each of them counts: a claim is never settled here, it only protects. Permission is another matter and
/// does not follow from this table, except <see cref="Whole"/>.
/// </summary>
/// <remarks>
/// Sources: ISO 3166-1 with its exceptional reservations (ASC, CPT, CRQ, DGA, TAA); ISO 3166-3, every withdrawn code, and ROM, which was
/// replaced without a withdrawn name; ICAO Doc 9303-3, section 5 (GBD … XXX); user-assigned codes in wide use: Kosovo as XKX (World Bank,
/// European Union), XKK (Unicode CLDR), XXK (Schengen visas) and XKS (GENC), and GENC's codes for the West Bank, Gaza, the sovereign bases on
/// Cyprus, the Paracel and the Spratly Islands; claims as the United Nations lists them (Non-Self-Governing Territories, General
/// Assembly resolutions 1514 (XV), 2758 (XXVI), 67/19, 73/295) and as states have declared them. XAB, XGH, XNC, XSO, XTN and XUR are ours
/// alone, from the range that ISO 3166-1 leaves to its users: parts of a country under the hand of another state, which no code in use names
/// (General Assembly resolutions 37/123, 68/262, ES-11/4; Security Council resolutions 497, 541). A point there is entered with them.
/// </remarks>
public static class Jurisdictions
{
    private static readonly FrozenDictionary<string, (JurisdictionKind Kind, FrozenSet<string> States, string Whole)> Known = Read();

    /// <summary>Every code that has a meaning, in alphabetical order.</summary>
    public static IEnumerable<string> Codes => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>What the code stands for; null when nobody knows it.</summary>
    public static JurisdictionKind? KindOf(string? code) => code is not null && Known.TryGetValue(code, out var found) ? found.Kind : null;

    /// <summary>The states in control as alpha-3 codes: none for an unknown code, people without a state, or an organisation.</summary>
    public static FrozenSet<string> StatesOf(string? code) =>
        code is not null && Known.TryGetValue(code, out var found) ? found.States : FrozenSet<string>.Empty;

    /// <summary>Whether both are under the hand of the same state.</summary>
    public static bool Touch(string? one, string? other) => StatesOf(one).Overlaps(StatesOf(other));

    /// <summary>Whether the code means something, a place or not: what a nationality may be.</summary>
    public static bool IsKnown(string? code) => KindOf(code) is not null;

    /// <summary>Whether somebody can be there or be taken there: what a destination, a transit or a point's country may be.</summary>
    public static bool IsPlace(string? code) => KindOf(code) is <= JurisdictionKind.Disputed;

    /// <summary>
    /// Whether the code answers "which state do you fear?". A withdrawn code does; a status does not, for "UNK" may be short for
    /// unknown, and a British protected person need not mean the United Kingdom.
    /// </summary>
    public static bool NamesState(string? code) => KindOf(code) is <= JurisdictionKind.Former;

    /// <summary>Whether anybody is at home there: scientists and keepers of weather stations are not.</summary>
    public static bool IsInhabited(string? code) => code is not null && !Uninhabited.Contains(code);

    /// <summary>
    /// The state that the code is an integral part of, otherwise the code itself. The only way in which this table widens a
    /// permission: a French national enters Réunion by right, and nobody enters mainland China with Hong Kong's passport.
    /// </summary>
    public static string Whole(string code) => Known.TryGetValue(code, out var found) ? found.Whole : code;

    private static readonly FrozenSet<string> Uninhabited = "ATA ATB ATF ATN BVT CPT HMD JTN MID SGS UMI WAK XPR XSP".Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static FrozenDictionary<string, (JurisdictionKind, FrozenSet<string>, string)> Read()
    {
        var all = new Dictionary<string, (JurisdictionKind, FrozenSet<string>, string)>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] Side(int which) => line.Split('=')[which].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (left, right) = (Side(0), Side(1));
            var kind = Enum.Parse<JurisdictionKind>(left[0]);
            foreach (var code in left[1..])
                all.Add(code, (kind, right.ToFrozenSet(StringComparer.OrdinalIgnoreCase), kind is JurisdictionKind.Part ? right[0] : code));
        }
        foreach (var code in Countries.Assigned.Where(code => !all.ContainsKey(code)))
            all.Add(code, (JurisdictionKind.State, new[] { code }.ToFrozenSet(StringComparer.OrdinalIgnoreCase), code));
        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // Kind, codes = states. Codes of ISO 3166-1 that are not here are states of their own. Of a part the first state is the whole.
    private const string Table = """
        Part ALA = FIN
        Part GLP GUF MTQ REU = FRA
        Part MYT = FRA COM
        Territory BLM CPT MAF NCL PYF SPM WLF = FRA
        Territory ASM GUM MNP PRI VIR = USA
        Territory AIA ASC BMU CRQ CYM GGY IMN JEY MSR PCN SHN TAA TCA VGB = GBR
        Territory ABW BES CUW SXM = NLD
        Territory FRO GRL = DNK
        Territory BVT SJM = NOR
        Territory CCK CXR HMD NFK = AUS
        Territory COK = COK NZL
        Territory NIU = NIU NZL
        Territory TKL = NZL
        Territory HKG MAC = CHN
        Disputed TWN = TWN CHN
        Disputed PSE XGZ XWB = PSE ISR
        Disputed RKS XKK XKS XKX XXK = RKS SRB
        Disputed ESH = ESH MAR
        Disputed FLK SGS = GBR ARG
        Disputed GIB = GBR ESP
        Disputed DGA IOT = GBR MUS
        Disputed XQZ XXD = GBR CYP
        Disputed XUR = UKR RUS
        Disputed XNC = CYP TUR
        Disputed XAB XSO = GEO RUS
        Disputed XTN = MDA RUS
        Disputed XGH = SYR ISR
        Disputed ATF = FRA COM MDG MUS
        Disputed UMI = USA HTI MHL
        Disputed ATA = ARG AUS CHL FRA GBR NOR NZL
        Disputed XPR = CHN TWN VNM
        Disputed XSP = BRN CHN MYS PHL TWN VNM
        Former AFI = DJI
        Former ANT = NLD
        Former ATB = GBR ARG CHL
        Former ATN = NOR
        Former BUR = MMR
        Former BYS = BLR
        Former CSK = CZE SVK
        Former CTE = KIR
        Former DDR = DEU
        Former DHY = BEN
        Former FXX = FRA
        Former GEL = KIR TUV
        Former HVO = BFA
        Former JTN MID PUS = USA
        Former NHB = VUT
        Former NTZ = IRQ SAU
        Former PCI = FSM MHL PLW USA
        Former PCZ = PAN
        Former RHO = ZWE
        Former ROM = ROU
        Former SCG = MNE RKS SRB
        Former SKM = IND
        Former SUN = ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB
        Former TMP = TLS
        Former VDR = VNM
        Former WAK = USA MHL
        Former YMD = YEM
        Former YUG = BIH HRV MKD MNE RKS SRB SVN
        Former ZAR = COD
        Status GBD GBO GBP GBS = GBR
        Status GBN = GBR CHN
        Status UNK = RKS SRB
        NoState EUE IAO UNA UNO XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO XXA XXB XXC XXX =
        """;
}
