using CrisisCoordination.Contracts;
using CrisisCoordination.Mrz;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>Who a document names, as registrations say it.</summary>
internal sealed record Holder(string? FamilyName, string? GivenNames, string? NameInOriginalScript, string? Nationality, BirthDate? BirthDate, Sex Sex)
{
    /// <summary>
    /// The name in the zone's letters. The spelling that the person gave in Latin letters goes before any transliteration;
    /// a letter that the zone cannot hold is asked about and never left out.
    /// </summary>
    public Refusal? Name(out MrzName name)
    {
        var (family, given) = FamilyName is null && GivenNames is null ? (NameInOriginalScript ?? "", "") : (FamilyName ?? "", GivenNames ?? "");
        name = MrzName.Of(family, given);
        return Transliteration.Unwritable($"{family} {given}") is { Count: > 0 } letters
                ? Refusal.Conflict("travel-document/name-unwritable", $"The name has letters that a travel document cannot show ({string.Join(" ", letters.Take(10))}). Ask the person how they spell their name in Latin letters, and correct the registration.")
            : name.Primary.Length == 0
                ? Refusal.Conflict("travel-document/name-missing", "No name is registered. Ask the person for it, and correct the registration.")
            : null;
    }

    /// <summary>The machine readable zone of a single-sheet emergency travel document (ICAO Doc 9303 Part 8, Appendix B).</summary>
    public string Zone(MrzName name, string issuer, string number, DateOnly validUntil) =>
        string.Join('\n', MrzLayout.Td2.Compose(new(
            MrzDocument.SingleSheet, CountryCode.InZone(issuer), name, number, CountryCode.InZone(Nationality),
            BirthDate is { } birth ? new(birth.Year % 100, birth.Month, birth.Day) : default,
            Sex switch { Sex.Female => MrzSex.Female, Sex.Male => MrzSex.Male, _ => MrzSex.Unspecified },
            MrzDate.Of(validUntil))));
}
