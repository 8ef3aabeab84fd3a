using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CrisisCoordination.Contracts;

/// <summary>
/// Letters as they are compared: lower case, without marks, Arabic, Cyrillic, Greek and Ethiopic written in Latin. One plain spelling
/// per letter, not the ICAO spelling (محمد is MXHMD there), because nobody types that; scripts without a table stay as they are.
/// </summary>
public static class Letters
{
    /// <summary>The words of a text. Apostrophes and marks vanish, everything else that is no letter or digit parts words.</summary>
    public static IReadOnlyList<string> Words(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter:
                case var _ when Apostrophes.Contains(rune.ToString()):
                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    word.Append((int)Rune.GetNumericValue(rune));
                    break;
                // Greek ου, αυ, ευ are u, av, ev (ELOT 743); υ elsewhere is y.
                case var _ when rune.Value is 'υ' or 'ύ' or 'Υ' or 'Ύ' && word.Length > 0 && word[^1] is 'o' or 'a' or 'e':
                    word.Append(word[^1] == 'o' ? 'u' : 'v');
                    break;
                case var _ when Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpacingCombiningMark:
                    word.Append(Plain(Rune.ToLowerInvariant(rune)));
                    break;
                default:
                    Break();
                    break;
            }
        Break();
        return words;

        void Break()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>The words in one, for codes and numbers: "mc 503-71 63" is mc5037163.</summary>
    public static string Joined(string? text) => string.Concat(Words(text));

    private static string Plain(Rune letter) => letter.Value switch
    {
        < 0xC0 => letter.ToString(),
        < 0x250 when Latin[letter.Value - 0xC0] is not '.' and var plain => plain.ToString(),
        >= 0x1E00 and < 0x1F00 when LatinAdditional[letter.Value - 0x1E00] is not '.' and var plain => plain.ToString(),
        >= 0x1200 and < 0x1360 when Ethiopic(letter.Value - 0x1200) is { } syllable => syllable,
        var value => OtherScripts.GetValueOrDefault(value) ?? letter.ToString(),
    };

    private const string Apostrophes = "'’‘`´ʼʿʾ";

    // The base letters of U+00C0 to U+024F and U+1E00 to U+1EFF. Normalisation form D would do, but with invariant
    // globalisation string.Normalize leaves text as it is.
    private const string Latin =
        "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggg"
        + "hhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs.b....o."
        + "..d...eee..g..i.kk......oo.............uu..yy...............dddlllnnnaaiioouuuuuuuuuueaaaa....ggkkoo"
        + "oo..jdddgg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................";
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssss"
        + "ssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas..s.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeee"
        + "iiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    // The consonants of the rows of U+1200 to U+135F, and the vowels of their columns, as the Unicode chart names them; the
    // sixth order is written without a vowel, as names are (ገብረ Gebre).
    private static readonly string[] EthiopicConsonants =
        "h l h m s r s sh k kw k kw b v t ch h hw n ny - k kw kh khw w - z zh y d d j g gw ng t ch p ts ts f p".Split(' ');
    private static readonly string[] EthiopicVowels = ["e", "u", "i", "a", "e", "", "o", "wa"];

    private static string? Ethiopic(int place) => EthiopicConsonants.ElementAtOrDefault(place / 8) switch
    {
        null => null,
        // The bare vowels: the first of them is a, as in አበበ Abebe, and the sixth is spoken.
        "-" => (place % 8) switch { 0 => "a", 5 => "i", var column => EthiopicVowels[column] },
        "h" when place % 8 == 0 => "ha",
        var consonant => consonant + EthiopicVowels[place % 8],
    };

    private static readonly FrozenDictionary<int, string> OtherScripts = Pairs(
        "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю iu я ia " +
        "і i ї i є e ґ g ў u ђ dj ј i љ l њ n ћ c џ dz ѓ g ќ k ѕ z қ k ғ g ү u ұ u ө o ң n һ h ә a ҳ h ҷ j ӣ i ӯ u " +
        "ا a أ a إ a آ a ٱ a ء - ب b ت t ث th ج j ح h خ kh د d ذ dh ر r ز z س s ش sh ص s ض d ط t ظ z ع a غ gh ف f ق q ك k ل l م m ن n ه h ة a و w ؤ w ي y ى a ئ y " +
        "α a ά a β v γ g δ d ε e έ e ζ z η i ή i θ th ι i ί i ϊ i ΐ i κ k λ l μ m ν n ξ x ο o ό o π p ρ r σ s ς s τ t υ y ύ y ϋ y ΰ y φ f χ ch ψ ps ω o ώ o " +
        "پ p چ ch ژ zh ک k گ g ٹ t ڈ d ڑ r ں n ھ h ہ h ی y ے y ټ t ځ z څ ts ډ d ړ r ږ zh ښ sh ګ g ڼ n ې e ۍ y ە e ۆ o ێ e ڤ v ڕ r ڵ l");

    private static FrozenDictionary<int, string> Pairs(string table) =>
        table.Split(' ').Chunk(2).ToFrozenDictionary(p => char.ConvertToUtf32(p[0], 0), p => p[1].Trim('-'));
}
