namespace CrisisCoordination.TravelDocuments;

/// <summary>
/// Countries as documents name them: three letters, of ISO 3166-1 or ICAO Doc 9303 Part 3, section 5. Whether a state has
/// the code is not checked: a code that is too new for a list must not keep a person from travelling.
/// </summary>
internal static class CountryCode
{
    public static bool IsWellFormed(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);

    /// <summary>As the machine readable zone writes it: Germany is one letter there, and a missing nationality is XXX.</summary>
    public static string InZone(string? code) => code switch { null => "XXX", "DEU" => "D", _ => code };
}
