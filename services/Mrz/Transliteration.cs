using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CrisisCoordination.Mrz;

/// <summary>Which alternative an issuer writes where ICAO Doc 9303 Part 3, section 6 A lists several: Ä, Å, Ñ, Ö and Ü.</summary>
public enum LatinSpelling
{
    /// <summary>The first one listed: AE, AA, N, OE, UE.</summary>
    Expanded,
    /// <summary>The bare letter: A, A, N, O, U.</summary>
    Plain,
    /// <summary>Reversible where the standard offers it: NXX, UXX; otherwise as expanded.</summary>
    Escaped,
}

/// <summary>
/// Names from Latin, Cyrillic and Arabic script in the letters A-Z, by the tables of ICAO Doc 9303 Part 3, section 6.
/// A letter without a row is left out and never guessed: <see cref="Unwritable"/> tells which, and an issuer asks for
/// the spelling instead of printing a name with a hole in it.
/// </summary>
public static class Transliteration
{
    private const char Shadda = '\u0651';
    private const char TehMarbuta = '\u0629';

    // Section 6 A, "strip the mark": a base letter and what it stands for. Beyond the table's own rows, the letters whose
    // Unicode decomposition is a base letter and marks (Vietnamese, Romanian, Yoruba, …), which the table does not forbid, and
    // those with a stroke or hook (Hausa, Fula, Ewe, …), which it writes so where it has them (Đ, Ħ, Ł, Ŧ).
    // Spelled out because string.Normalize does nothing to them under invariant globalisation.
    private static readonly FrozenDictionary<char, string> Stripped =
        """
        AÀÁÂÃĀĂĄǍǠȀȂȦȺḀẠẢẤẦẨẪẬẮẰẲẴẶẚ BḂḄḆɃƁ CÇĆĈĊČḈȻƇ DÐĎĐḊḌḎḐḒƉƊ EÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆɆ FḞƑ GĜĞĠĢǦǴḠǤƓ HĤĦȞḢḤḦḨḪẖ
        IÌÍÎÏĨĪĬĮİıǏȈȊḬḮỈỊƗ JĴǰɈ KĶǨḰḲḴƘ LĹĻĽĿŁḶḸḺḼȽ MḾṀṂ NŃŅŇŊǸṄṆṈṊŉƝȠ OÒÓÔÕŌŎŐƠǑǪǬȌȎȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ PṔṖƤ Q
        RŔŖŘȐȒṘṚṜṞɌ SŚŜŞŠȘṠṢṤṦṨẛſ TŢŤŦȚṪṬṮṰẗȾƬƮ UÙÚÛŨŪŬŮŰŲƯǓȔȖṲṴṶṸṺỤỦỨỪỬỮỰ VṼṾƲ WŴẀẂẄẆẈẘ XẊẌ YÝŶŸȲẎỲỴỶỸẙɎƳ
        ZŹŻŽẐẒẔƵȤ
        """
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(row => row.Select(letter => KeyValuePair.Create(letter, row[..1])))
        .ToFrozenDictionary();

    // Section 6 A, the other rows; alternatives in the order of LatinSpelling. A second mark (Ǟ, Ǖ) changes nothing.
    private static readonly FrozenDictionary<char, string[]> Latin = Rows(
        """
        Ä AE/A/AE Ǟ AE/A/AE Å AA/A/AA Ǻ AA/A/AA Æ AE Ǽ AE Ǣ AE Ñ N/N/NXX Ö OE/O/OE Ȫ OE/O/OE Ø OE Ǿ OE
        Ü UE/U/UXX Ǖ UE/U/UXX Ǘ UE/U/UXX Ǚ UE/U/UXX Ǜ UE/U/UXX Þ TH Ĳ IJ Œ OE ẞ SS ß SS Ǆ DZ ǅ DZ Ǳ DZ ǲ DZ Ǉ LJ ǈ LJ Ǌ NJ ǋ NJ
        """)
        .ToFrozenDictionary(row => row.Key, row => row.Value.Split('/'));

    // Section 6 B. Ѓ and Ћ have no row of their own: they take that of their Latin twins Ǵ and Ć. The last line: letters that
    // are another with a mark (Tajik Ӣ and Ӯ, …) are written as that one, so that both ways to encode them give one name.
    private static readonly FrozenDictionary<char, string> Cyrillic = Rows(
        """
        А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH
        Ъ IE Ы Y Ь - Э E Ю IU Я IA Ђ D Є IE Ѕ DZ І I Ї I Ј J Љ LJ Њ NJ Ќ K Ў U Џ DZ Ѫ U Ѵ Y Ґ G Ғ G Һ C Ѓ G Ћ C Ѐ E Ѝ I
        Ӣ I Ӯ U Ӂ ZH Ӑ A Ӓ A Ӗ E Ӝ ZH Ӟ Z Ӥ I Ӧ O Ӭ E Ӱ U Ӳ U Ӵ CH Ӹ Y Ѷ Y
        """);

    // Section 6 B, "except": by ISO 639-1 code; ^ where the letter is the first of a component.
    private static readonly FrozenDictionary<string, FrozenDictionary<char, string>> CyrillicExceptions =
        new Dictionary<string, string>
        {
            ["be"] = "Ё IO Г H",
            ["bg"] = "Щ SHT",
            // The standard prints GJ at Ғ, where Macedonian has no letter; Ѓ is meant.
            ["mk"] = "Ѓ GJ Ғ GJ Ќ KJ Џ DJ Х H Ц C",
            ["sr"] = "Г H Ж Z Х H Ц C Ч C Ш S",
            ["uk"] = "Г H И Y",
            ["uk^"] = "Є YE Ї YI Й Y Ю YU Я YA",
        }.ToFrozenDictionary(row => row.Key, row => Rows(row.Value));

    // Section 6 C and Appendix B.5.4, by code point because mixed writing directions make a table unreadable. Four archaic
    // letters (069C, 06A2, 06A7, 06A8) are "not encoded" there: they are told as unwritable and not dropped.
    private static readonly FrozenDictionary<char, string> Arabic = Rows(
        """
        0621 XE 0622 XAA 0623 XAE 0624 U 0625 I 0626 XI 0627 A 0628 B 0629 XTA 062A T 062B XTH 062C J 062D XH 062E XKH 062F D 0630 XDH
        0631 R 0632 Z 0633 S 0634 XSH 0635 XSS 0636 XDZ 0637 XTT 0638 XZZ 0639 E 063A G 0640 - 0641 F 0642 Q 0643 K 0644 L 0645 M 0646 N
        0647 H 0648 W 0649 XAY 064A Y 0671 XXA 0679 XXT 067C XRT 067E P 0681 XKE 0685 XXH 0686 XC 0688 XXD 0689 XDR 0691 XXR 0693 XRR
        0696 XRX 0698 XJ 069A XXS 06A4 V 06A5 XF 06A9 XKK 06AB XXK 06AD XNG 06AF XGG 06BA XNN 06BC XXN
        06BE XDO 06C0 XYH 06C1 XXG 06C2 XGE 06C3 XTG 06CC XYA 06CD XXY 06D0 Y 06D2 XYB 06D3 XBE
        """);

    // Letters that have a row of their own, by the letter and the mark that they decompose into.
    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = new Dictionary<(char, char), char>
    {
        [('A', '\u0308')] = 'Ä',
        [('A', '\u030A')] = 'Å',
        [('N', '\u0303')] = 'Ñ',
        [('O', '\u0308')] = 'Ö',
        [('U', '\u0308')] = 'Ü',
        [('Е', '\u0308')] = 'Ё',
        [('И', '\u0306')] = 'Й',
        [('І', '\u0308')] = 'Ї',
        [('К', '\u0301')] = 'Ќ',
        [('Г', '\u0301')] = 'Ѓ',
        [('\u0627', '\u0653')] = '\u0622',
        [('\u0627', '\u0654')] = '\u0623',
        [('\u0648', '\u0654')] = '\u0624',
        [('\u0627', '\u0655')] = '\u0625',
        [('\u064A', '\u0654')] = '\u0626',
        [('\u06D5', '\u0654')] = '\u06C0',
        [('\u06C1', '\u0654')] = '\u06C2',
        [('\u06D2', '\u0654')] = '\u06D3',
    }.ToFrozenDictionary();

    /// <summary>
    /// The components of one identifier, each of A-Z only (Part 3, 4.6): spaces, hyphens and commas separate, apostrophes
    /// and all other punctuation vanish without a gap, digits are not allowed and vanish too.
    /// </summary>
    /// <param name="text">Primary or secondary identifier as people write it.</param>
    /// <param name="spelling">The issuer's choice among listed alternatives.</param>
    /// <param name="language">ISO 639-1 code of the name's language, for the exceptions of section 6 B.</param>
    public static IReadOnlyList<string> Components(string text, LatinSpelling spelling = LatinSpelling.Expanded, string? language = null) =>
        [.. Split(Compose(text)).Select(component => Component(component, spelling, language)).Where(component => component.Length > 0)];

    /// <summary>
    /// Letters and digits of the name that the zone cannot hold, each once; empty when nothing would be lost. What nobody can
    /// read is among them: characters without a meaning, and the mark of a text that was decoded wrongly.
    /// </summary>
    public static IReadOnlyList<string> Unwritable(string text) =>
        [.. Compose(text).EnumerateRunes().Where(IsLost).Select(rune => rune.ToString()).Distinct()];

    /// <summary>
    /// The identifier in every spelling that an issuer may have chosen: for comparing with a zone that somebody else
    /// printed (Part 3, section 6 A). Each letter is spelled alike throughout; components are separated by a space.
    /// </summary>
    public static IReadOnlyList<string> Variants(string text, string? language = null) =>
        [.. Latin.Where(row => row.Value.Length > 1)
            .Aggregate<KeyValuePair<char, string[]>, IEnumerable<string>>([Compose(text)], (texts, row) =>
                texts.SelectMany(one => one.Contains(row.Key) ? row.Value.Select(spelled => one.Replace(row.Key.ToString(), spelled)) : [one]))
            .Select(one => string.Join(' ', Components(one, language: language)))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static string Component(string letters, LatinSpelling spelling, string? language)
    {
        var written = new StringBuilder();
        var (last, sequence) = ('\0', "");
        foreach (var letter in letters)
        {
            if (letter == Shadda)
                written.Append(sequence);
            else if (Row(letter, spelling, language, first: last == '\0') is { } row)
            {
                (last, sequence) = (letter, row);
                written.Append(row);
            }
        }

        return last == TehMarbuta ? written.Remove(written.Length - 3, 3).Append("XAH").ToString() : written.ToString();
    }

    private static string? Row(char letter, LatinSpelling spelling, string? language, bool first) =>
        Stripped.TryGetValue(letter, out var stripped) ? stripped
        : Latin.TryGetValue(letter, out var alternatives) ? alternatives[Math.Min((int)spelling, alternatives.Length - 1)]
        : (first ? Exception(language + "^", letter) : null) ?? Exception(language ?? "", letter)
            ?? Cyrillic.GetValueOrDefault(letter) ?? Arabic.GetValueOrDefault(letter);

    private static string? Exception(string key, char letter) => CyrillicExceptions.GetValueOrDefault(key)?.GetValueOrDefault(letter);

    private static bool IsLost(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        // Written as apostrophes are (Gʻofur, Hawaiʻi), they go the same way.
        UnicodeCategory.ModifierLetter when rune.Value is >= 0x2B9 and <= 0x2C1 or >= 0x2C6 and <= 0x2D1 or 0x2EC or 0x2EE => false,
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse =>
            !rune.IsBmp || Row((char)rune.Value, LatinSpelling.Expanded, language: null, first: false) is null,
        _ => rune == Rune.ReplacementChar,
    };

    // Capitals, of usual width, each with the mark that gives it a row of its own. By canonical order marks that do not touch
    // that one may stand between the two: those below or through the letter, and the Arabic vowels with shadda.
    private static string Compose(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var character in text) letters.Append(Usual(character));
        letters = new StringBuilder(letters.ToString().ToUpperInvariant());
        for (var i = 0; i < letters.Length; i++)
            for (var mark = i + 1; mark < letters.Length; mark++)
                if (Composed.TryGetValue((letters[i], letters[mark]), out var together))
                {
                    letters[i] = together;
                    letters.Remove(mark, 1);
                    break;
                }
                else if (letters[mark] is not (>= '\u0316' and <= '\u033C' or >= '\u064B' and <= '\u0652' or '\u0670'))
                    break;
        return letters.ToString();
    }

    // Letters of full width, as East Asian keyboards write them, and the signs of kelvin and ångström, which are letters.
    private static char Usual(char character) => character switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        '\u212A' => 'K',
        '\u212B' => 'Å',
        _ => character,
    };

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !Separates(text[i]))
                continue;
            yield return text[start..i];
            start = i + 1;
        }
    }

    private static bool Separates(char character) =>
        character is ',' or '\u060C' or '<' || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation;

    private static FrozenDictionary<char, string> Rows(string table) =>
        table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Chunk(2)
            .ToFrozenDictionary(
                row => row[0].Length == 1 ? row[0][0] : (char)Convert.ToInt32(row[0], 16),
                row => row[1] == "-" ? "" : row[1]);
}
