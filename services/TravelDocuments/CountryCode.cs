using CrisisCoordination.Contracts;

namespace CrisisCoordination.TravelDocuments;

/// <summary>Countries as documents name them.</summary>
internal static class CountryCode
{
    // ICAO's specimen state (Doc 9303-3, section 5): it issues for exercises, and nobody comes from it or is taken to it.
    private const string Specimen = "UTO";

    /// <summary>Whether it may issue: a state, or one of the organisations that ICAO gives a code.</summary>
    public static bool MayIssue(string? code) =>
        code is Specimen || code is { Length: 3 } && code.All(char.IsAsciiLetterUpper) && Jurisdictions.IsKnown(code);

    /// <summary>As the machine readable zone writes it: Germany is one letter there, and a missing nationality is XXX.</summary>
    public static string InZone(string? code) => code switch { null => "XXX", "DEU" => "D", _ => code };
}
