namespace CrisisCoordination.Mrz;

/// <summary>Where a field stands, counted from 1 as in the standard. A check digit stands right behind what it guards.</summary>
public sealed record MrzPlace(MrzField Field, int Line, int Start, int Length, bool Checked = false);

/// <summary>
/// The three layouts of ICAO Doc 9303 Parts 4 to 6, each described once; composing, reading and verifying follow from
/// the description.
/// </summary>
public sealed class MrzLayout
{
    /// <summary>Card, three lines of 30 (Part 5).</summary>
    public static MrzLayout Td1 { get; } = new(3, 30, longNumbers: true,
        [
            new(MrzField.DocumentCode, 1, 1, 2), new(MrzField.Issuer, 1, 3, 3), new(MrzField.Number, 1, 6, 9, Checked: true), new(MrzField.Optional, 1, 16, 15),
            new(MrzField.Birth, 2, 1, 6, Checked: true), new(MrzField.Sex, 2, 8, 1), new(MrzField.Expiry, 2, 9, 6, Checked: true),
            new(MrzField.Nationality, 2, 16, 3), new(MrzField.Optional2, 2, 19, 11), new(MrzField.Composite, 2, 30, 1),
            new(MrzField.Name, 3, 1, 30),
        ],
        composite: [(1, 6, 30), (2, 1, 7), (2, 9, 15), (2, 19, 29)]);

    /// <summary>Larger card and the single-sheet emergency travel document, two lines of 36 (Part 6; Part 8, Appendix B).</summary>
    public static MrzLayout Td2 { get; } = new(2, 36, longNumbers: true,
        [
            new(MrzField.DocumentCode, 1, 1, 2), new(MrzField.Issuer, 1, 3, 3), new(MrzField.Name, 1, 6, 31),
            new(MrzField.Number, 2, 1, 9, Checked: true), new(MrzField.Nationality, 2, 11, 3), new(MrzField.Birth, 2, 14, 6, Checked: true),
            new(MrzField.Sex, 2, 21, 1), new(MrzField.Expiry, 2, 22, 6, Checked: true), new(MrzField.Optional, 2, 29, 7), new(MrzField.Composite, 2, 36, 1),
        ],
        composite: [(2, 1, 10), (2, 14, 20), (2, 22, 35)]);

    /// <summary>Passport book and emergency passport, two lines of 44 (Part 4).</summary>
    public static MrzLayout Td3 { get; } = new(2, 44, longNumbers: false,
        [
            new(MrzField.DocumentCode, 1, 1, 2), new(MrzField.Issuer, 1, 3, 3), new(MrzField.Name, 1, 6, 39),
            new(MrzField.Number, 2, 1, 9, Checked: true), new(MrzField.Nationality, 2, 11, 3), new(MrzField.Birth, 2, 14, 6, Checked: true),
            new(MrzField.Sex, 2, 21, 1), new(MrzField.Expiry, 2, 22, 6, Checked: true), new(MrzField.Optional, 2, 29, 14, Checked: true), new(MrzField.Composite, 2, 44, 1),
        ],
        composite: [(2, 1, 10), (2, 14, 20), (2, 22, 43)]);

    private readonly bool _longNumbers;
    private readonly (int Line, int From, int To)[] _composite;

    private MrzLayout(int lines, int width, bool longNumbers, MrzPlace[] places, (int Line, int From, int To)[] composite) =>
        (Lines, Width, _longNumbers, Places, _composite) = (lines, width, longNumbers, places, composite);

    /// <summary>How many lines.</summary>
    public int Lines { get; }

    /// <summary>Characters in a line.</summary>
    public int Width { get; }

    /// <summary>Every field, in the order of the zone.</summary>
    public IReadOnlyList<MrzPlace> Places { get; }

    /// <summary>The lines of the zone.</summary>
    /// <exception cref="ArgumentException">A field has a character that the zone cannot hold, or is too long; the message names the field only.</exception>
    public IReadOnlyList<string> Compose(MrzDocument document)
    {
        var zone = Enumerable.Range(0, Lines).Select(_ => new string('<', Width).ToCharArray()).ToArray();
        var spilled = _longNumbers && document.Number.Length > Place(MrzField.Number).Length;
        if (spilled && document.Number.Contains('<'))
            throw new ArgumentException("A filler would end the Number that continues in the optional data.", nameof(document));

        foreach (var place in Places.Where(place => place.Field != MrzField.Composite))
        {
            var text = Checked(place, Text(document, place, spilled));
            text.CopyTo(0, zone[place.Line - 1], place.Start - 1, place.Length);
            if (place.Checked && !(spilled && place.Field == MrzField.Number))
                zone[place.Line - 1][place.Start - 1 + place.Length] = CheckDigit.Of(text);
        }

        var lines = Array.ConvertAll(zone, line => new string(line));
        var last = Place(MrzField.Composite);
        zone[last.Line - 1][last.Start - 1] = CheckDigit.Of(Composite(lines));
        return Array.ConvertAll(zone, line => new string(line));
    }

    /// <summary>
    /// Reads a zone of whichever layout its size shows; white space does not matter. Null where it is none of the three:
    /// another size, a character that no zone holds, or a visa, which has the size of a TD2 or TD3 and other check digits.
    /// </summary>
    public static MrzReading? Read(string zone)
    {
        var characters = string.Concat(zone.Where(character => !char.IsWhiteSpace(character))).ToUpperInvariant();
        return !characters.StartsWith('V') && characters.All(CheckDigit.Knows)
            && Array.Find([Td1, Td2, Td3], one => one.Lines * one.Width == characters.Length) is { } layout
                ? layout.Read([.. characters.Chunk(layout.Width).Select(line => new string(line))])
                : null;
    }

    internal MrzReading Read(string[] lines)
    {
        var (number, optional) = (Of(MrzField.Number), Of(MrzField.Optional));
        var spilled = _longNumbers && Behind(MrzField.Number) == '<' && optional[0] != '<';
        var end = optional.IndexOf('<') is var filler and >= 0 ? filler : optional.Length;

        // The remainder and its check digit, up to a filler, at the start of the optional data (Parts 5 and 6, note j).
        var (remainder, digit) = spilled ? (optional[..(end - 1)], optional[end - 1]) : ("", Behind(MrzField.Number));
        var document = new MrzDocument(
            Trimmed(MrzField.DocumentCode), Trimmed(MrzField.Issuer), MrzName.Read(Of(MrzField.Name)), (number + remainder).TrimEnd('<'),
            Trimmed(MrzField.Nationality), Date(MrzField.Birth) ?? default, Sex(Of(MrzField.Sex)), Date(MrzField.Expiry) ?? default,
            (spilled ? optional[Math.Min(end + 1, optional.Length)..] : optional).TrimEnd('<'),
            Places.Any(place => place.Field == MrzField.Optional2) ? Trimmed(MrzField.Optional2) : "");

        return new(
            this,
            lines,
            document,
            [
                .. Places.Where(place => place.Checked).Select(place => place.Field == MrzField.Number
                    ? Verdict(place.Field, number + remainder, digit)
                    : Verdict(place.Field, Of(place.Field), Behind(place.Field))),
                Verdict(MrzField.Composite, Composite(lines), Of(MrzField.Composite)[0]),
            ],
            [.. Places.Select(place => place.Field).Where(field => !WellFormed(field, Of(field)))],
            Of(MrzField.Name)[^1] != '<');

        string From(MrzField field) => lines[Place(field).Line - 1][(Place(field).Start - 1)..];
        string Of(MrzField field) => From(field)[..Place(field).Length];
        string Trimmed(MrzField field) => Of(field).TrimEnd('<');
        char Behind(MrzField field) => From(field)[Place(field).Length];
        MrzDate? Date(MrzField field) => MrzDate.Parse(Of(field));
    }

    // A personal number that is all filler may have a filler for its check digit (Part 4, 4.2.2.2).
    private static MrzVerdict Verdict(MrzField field, string over, char found) =>
        new(field, CheckDigit.Of(over), found,
            CheckDigit.Of(over) == found || (field == MrzField.Optional && found == '<' && over.All(character => character == '<')));

    private static bool WellFormed(MrzField field, string text) =>
        field switch
        {
            MrzField.DocumentCode => char.IsAsciiLetter(text[0]),
            MrzField.Issuer or MrzField.Nationality => text.TrimEnd('<') is { Length: > 0 } code && code.All(char.IsAsciiLetter),
            MrzField.Name => char.IsAsciiLetter(text[0]) && !text.Any(char.IsAsciiDigit),
            MrzField.Number => text[0] != '<',
            MrzField.Birth or MrzField.Expiry => MrzDate.Parse(text) is not null,
            MrzField.Sex => text is "M" or "F" or "<",
            _ => true,
        };

    private static string Text(MrzDocument document, MrzPlace place, bool spilled) =>
        place.Field switch
        {
            MrzField.DocumentCode => document.DocumentCode,
            MrzField.Issuer => document.Issuer,
            MrzField.Name => document.Name.Field(place.Length),
            MrzField.Number => spilled ? document.Number[..place.Length] : document.Number,
            MrzField.Nationality => document.Nationality,
            MrzField.Birth => document.Birth.ToString(),
            MrzField.Sex => document.Sex switch { MrzSex.Female => "F", MrzSex.Male => "M", _ => "<" },
            MrzField.Expiry => document.Expiry.ToString(),
            MrzField.Optional => spilled ? $"{document.Number[9..]}{CheckDigit.Of(document.Number)}<{document.Optional}" : document.Optional,
            MrzField.Optional2 => document.Optional2,
            _ => "",
        };

    private static string Checked(MrzPlace place, string text) =>
        text.Length <= place.Length && text.All(CheckDigit.Knows)
            ? text.PadRight(place.Length, '<')
            : throw new ArgumentException($"{place.Field} does not fit the zone.", nameof(text));

    private static MrzSex Sex(string text) => text switch { "F" => MrzSex.Female, "M" => MrzSex.Male, _ => MrzSex.Unspecified };

    private string Composite(string[] lines) =>
        string.Concat(_composite.Select(range => lines[range.Line - 1][(range.From - 1)..range.To]));

    private MrzPlace Place(MrzField field) => Places.First(place => place.Field == field);
}
