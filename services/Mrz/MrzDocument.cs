namespace CrisisCoordination.Mrz;

/// <summary>Sex as the zone shows it; the visual zone shows X where the zone has a filler.</summary>
public enum MrzSex
{
    /// <summary>Filler.</summary>
    Unspecified,
    /// <summary>F.</summary>
    Female,
    /// <summary>M.</summary>
    Male,
}

/// <summary>What a machine readable zone says.</summary>
/// <param name="DocumentCode">Two letters (<see cref="MrzDocument.SingleSheet"/>), or one in older documents.</param>
/// <param name="Issuer">Issuing state or organisation: ISO 3166-1 alpha-3 or one of ICAO's codes, D for Germany.</param>
/// <param name="Name">The holder.</param>
/// <param name="Number">Document number, A-Z and 0-9. More than nine characters spill into the optional data (TD1, TD2).</param>
/// <param name="Nationality">As the issuer.</param>
/// <param name="Birth">Date of birth; parts may be unknown.</param>
/// <param name="Sex">Sex.</param>
/// <param name="Expiry">Last day of validity.</param>
/// <param name="Optional">The issuer's own data; in TD3 the personal number.</param>
/// <param name="Optional2">The second line's optional data of a TD1.</param>
public sealed record MrzDocument(
    string DocumentCode,
    string Issuer,
    MrzName Name,
    string Number,
    string Nationality,
    MrzDate Birth,
    MrzSex Sex,
    MrzDate Expiry,
    string Optional = "",
    string Optional2 = "")
{
    /// <summary>Emergency travel document on a single sheet, composed as TD2 (Doc 9303 Part 8, 4.1.5 and Appendix B).</summary>
    public const string SingleSheet = "PU";

    /// <summary>Emergency passport, a booklet, composed as TD3 (Doc 9303 Part 8, 4.1.5).</summary>
    public const string Booklet = "PE";
}

/// <summary>The fields of a zone.</summary>
public enum MrzField
{
    /// <summary>Document code.</summary>
    DocumentCode,
    /// <summary>Issuing state or organisation.</summary>
    Issuer,
    /// <summary>Name of the holder.</summary>
    Name,
    /// <summary>Document number.</summary>
    Number,
    /// <summary>Nationality.</summary>
    Nationality,
    /// <summary>Date of birth.</summary>
    Birth,
    /// <summary>Sex.</summary>
    Sex,
    /// <summary>Date of expiry.</summary>
    Expiry,
    /// <summary>Optional data or personal number.</summary>
    Optional,
    /// <summary>Optional data of a TD1's second line.</summary>
    Optional2,
    /// <summary>The composite check digit.</summary>
    Composite,
}

/// <summary>One check digit compared.</summary>
/// <param name="Over">What it guards.</param>
/// <param name="Expected">What the zone's characters add up to.</param>
/// <param name="Found">What the zone has.</param>
/// <param name="Holds">The standard accepts what was found.</param>
public sealed record MrzVerdict(MrzField Over, char Expected, char Found, bool Holds);

/// <summary>A zone that was read, with what speaks against it.</summary>
/// <param name="Layout">The layout that its size shows.</param>
/// <param name="Lines">Its lines, without white space.</param>
/// <param name="Document">What it says; a malformed date is read as unknown.</param>
/// <param name="Verdicts">Every check digit.</param>
/// <param name="Malformed">Fields that hold what the standard does not allow there.</param>
/// <param name="NamePossiblyTruncated">The name field ends in a letter: compare as a prefix (Parts 4-6, 4.2.3).</param>
public sealed record MrzReading(
    MrzLayout Layout, IReadOnlyList<string> Lines, MrzDocument Document, IReadOnlyList<MrzVerdict> Verdicts, IReadOnlyList<MrzField> Malformed, bool NamePossiblyTruncated)
{
    /// <summary>Nothing contradicts itself. That is no proof: see <see cref="CheckDigit"/>.</summary>
    public bool Consistent => Malformed.Count == 0 && Verdicts.All(verdict => verdict.Holds);
}
