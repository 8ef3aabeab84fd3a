using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Reads a country from what was sent, the same way at every door. A code that nobody knows is taken nowhere: it would compare as
/// different from every state that somebody fears.
/// </summary>
public static class CountryField
{
    /// <summary>The refusal of what names nothing.</summary>
    public const string Unknown = "country/unknown";

    /// <summary>The refusal of what is known but nowhere that anybody can be.</summary>
    public const string NoPlace = "country/no-place";

    /// <summary>What a nationality may be: any known code, name or spelling, a withdrawn or stateless one too.</summary>
    public static Refusal? Read(string? text, string field, out string code) =>
        Countries.TryParse(text, out code) ? null : Refusal.Invalid(Unknown,
            "This country is not known. Write its name or its three-letter code (ISO 3166-1), such as NPL. If it could mean two countries, write the full name.",
            field);

    /// <summary>What a destination, a transit, a point's country or a state that acts may be: a place under the hand of a state.</summary>
    public static Refusal? ReadPlace(string? text, string field, out string code) =>
        Read(text, field, out code) ?? (Jurisdictions.IsPlace(code) ? null : Refusal.Invalid(NoPlace,
            "This stands for people, an organisation or a state of the past, and nobody can be taken there. Name the country as it is called today.",
            field));

    /// <summary>Several that may be places, each once.</summary>
    public static Refusal? ReadPlaces(IEnumerable<string?> texts, string field, out IReadOnlyList<string> codes) =>
        ReadEach(texts, field, ReadPlace, out codes);

    /// <summary>Several that must be known, each once: a fear may name no state, which asks "which?".</summary>
    public static Refusal? ReadAll(IEnumerable<string?> texts, string field, out IReadOnlyList<string> codes) =>
        ReadEach(texts, field, Read, out codes);

    private delegate Refusal? Reading(string? text, string field, out string code);

    private static Refusal? ReadEach(IEnumerable<string?> texts, string field, Reading read, out IReadOnlyList<string> codes)
    {
        var all = new List<string>();
        codes = all;
        foreach (var text in texts)
            if (read(text, field, out var code) is { } refusal) return refusal;
            else if (!all.Contains(code)) all.Add(code);
        return null;
    }
}
