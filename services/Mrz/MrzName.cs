namespace CrisisCoordination.Mrz;

/// <summary>
/// The holder's name in the zone's letters: components of A-Z separated by one space. A one-part name is primary.
/// Titles and suffixes belong in neither, unless they are legally part of the name (ICAO Doc 9303 Part 3, 4.6).
/// </summary>
public sealed record MrzName(string Primary, string Secondary = "")
{
    /// <summary>
    /// Transliterates a name; see <see cref="Transliteration.Components"/>. Whoever issues a document first asks
    /// <see cref="Transliteration.Unwritable"/>: of a name in another script nothing may be left.
    /// </summary>
    public static MrzName Of(string primary, string secondary = "", LatinSpelling spelling = LatinSpelling.Expanded, string? language = null)
    {
        var (first, second) = (Written(primary), Written(secondary));
        return first.Length > 0 ? new(first, second) : new(second);

        string Written(string identifier) => string.Join(' ', Transliteration.Components(identifier, spelling, language));
    }

    /// <summary>Transliterates a name as the visual zone prints it: the first comma parts primary from secondary.</summary>
    public static MrzName OfVisualZone(string name, LatinSpelling spelling = LatinSpelling.Expanded, string? language = null) =>
        name.Split([',', '\u060C'], 2) is [var primary, var secondary]
            ? Of(primary, secondary, spelling, language)
            : Of(name, "", spelling, language);

    /// <summary>
    /// The name field. A name that fits is never truncated; a truncated one ends in a letter and keeps at least the
    /// initial of the secondary identifier (Parts 4-6, 4.2.3). Of the ways to truncate that the standard allows, this one
    /// keeps the primary identifier as long as it can be.
    /// </summary>
    public string Field(int length)
    {
        var (primary, secondary) = (Primary.Replace(' ', '<'), Secondary.Replace(' ', '<'));
        if (secondary.Length == 0)
            return Cut(primary, length).PadRight(length, '<');

        var whole = $"{primary}<<{secondary}";
        if (whole.Length <= length)
            return whole.PadRight(length, '<');

        var kept = Cut(primary, length - 3);
        return $"{kept}<<{Cut(secondary, length - kept.Length - 2)}";
    }

    /// <summary>Reads a name field back.</summary>
    public static MrzName Read(string field)
    {
        var parts = field.TrimEnd('<').Split("<<", 2);
        return new(Spaced(parts[0]), parts.Length > 1 ? Spaced(parts[1]) : "");

        static string Spaced(string identifier) => string.Join(' ', identifier.Split('<', StringSplitOptions.RemoveEmptyEntries));
    }

    // What ends in a letter at exactly this length. Where the cut would fall behind a filler, the longest component before
    // it gives up its last letter; where none can, the filler itself goes.
    private static string Cut(string identifier, int length)
    {
        if (identifier.Length <= length)
            return identifier;
        if (identifier[length - 1] != '<')
            return identifier[..length];

        var components = identifier[..(length - 1)].Split('<');
        var longest = Array.FindIndex(components, component => component.Length == components.Max(one => one.Length));
        if (components[longest].Length == 1)
            return identifier[..(length - 1)] + identifier[length];

        components[longest] = components[longest][..^1];
        return $"{string.Join('<', components)}<{identifier[length]}";
    }
}
