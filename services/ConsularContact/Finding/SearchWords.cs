using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Finding;

/// <summary>
/// The words that people are found by and the question that finds them. Every word typed must begin a word that is stored,
/// or sound like a name; a number is found with or without its country code, blanks and hyphens.
/// </summary>
internal static class SearchWords
{
    private const int Longest = 60, MostStored = 300, MostAsked = 8, ShortestSound = 3, PhoneDigits = 9;

    /// <summary>As PostgreSQL writes a tsvector. Words hold letters and digits only, so quotes need no care. The first of them count when there are too many.</summary>
    public static string Stored(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted).Distinct().Take(MostStored));

    /// <summary>The same question about the people of these posts only; about everybody when none are named.</summary>
    public static string? Within(string? asked, IEnumerable<string>? posts) => (asked, posts is null ? null : Any(posts.Select(post => Quoted(OfPost(post))))) switch
    {
        (null, var own) => own,
        (_, null) => asked,
        var (words, own) => $"({words}) & {own}",
    };

    /// <summary>A post as a word that nobody can type: whose people they are is then answered by the same index.</summary>
    public static string OfPost(string post) => $"@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(post)).AsSpan(0, 10))}";

    /// <summary>A reference or the number of a document: its parts, and all of it in one.</summary>
    public static IEnumerable<string> OfCode(string? code) => Letters.Words(code).Append(Letters.Joined(code)).Where(word => word.Length > 0);

    /// <summary>Everything a form can be found by.</summary>
    public static IEnumerable<string> OfForm(Registration form) =>
    [
        .. Letters.Words(form.FamilyName), .. Letters.Words(form.GivenNames), .. Letters.Words(form.NameInOriginalScript),
        .. Together(form.FamilyName), .. Together(form.GivenNames),
        .. OfName(PersonName.From(form.FamilyName, form.GivenNames)), .. OfName(PersonName.From(form.NameInOriginalScript, null)),
        .. OfCode(form.Document?.Number), .. OfPhone(form.Phone), .. Letters.Words(form.Place),
    ];

    /// <summary>As PostgreSQL writes a tsquery; null when there is no word in it to look for.</summary>
    public static string? Asked(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Asking).OfType<string>().Take(MostAsked).ToArray();
        if (words.Length == 0) return null;
        var each = string.Join(" & ", words);
        // A number that was typed with blanks.
        return words.Length > 1 && Letters.Joined(text) is { Length: >= 5 } number && number.All(char.IsAsciiDigit) ? $"({each}) | {Number(number)}" : each;
    }

    private static string? Asking(string word)
    {
        var parts = Letters.Words(word);
        if (parts.Count == 0) return null;
        var ways = new List<string> { All(parts.Select(Begins)) };
        var joined = string.Concat(parts);
        if (joined.All(char.IsAsciiDigit)) ways.Add(Number(joined));
        else
        {
            if (parts.Count > 1) ways.Add(Begins(joined));
            if (PersonName.From(word, null).Words is { Count: > 0 } name) ways.Add(All(name.Select(part => SoundOf(part) is { } sound ? Any([Begins(part), Quoted(sound)]) : Begins(part))));
        }
        return Any(ways.Distinct());
    }

    // Al-Hassan is Alhassan elsewhere.
    private static IEnumerable<string> Together(string? name) =>
        Letters.Words(name) is { Count: > 1 } words ? words.Zip(words.Skip(1), string.Concat).SelectMany(pair => OfName(PersonName.From(pair, null)).Append(pair)) : [];

    private static IEnumerable<string> OfName(PersonName name) => name.Words.Concat(name.Words.Select(SoundOf).OfType<string>());

    private static IEnumerable<string> OfPhone(string? phone) =>
        string.Concat(Letters.Joined(phone).Where(char.IsAsciiDigit)) is { Length: > 0 } digits ? [.. OfCode(phone), digits, National(digits)] : [];

    // Nobody knows whether 00249, +249 or 0 was written before it.
    private static string Number(string digits) => Any([.. new[] { digits, digits.TrimStart('0'), National(digits) }.Where(way => way.Length > 0).Distinct().Select(Begins)]);

    private static string National(string digits) => digits[Math.Max(0, digits.Length - PhoneDigits)..];

    // Two consonants are half the names of a list.
    private static string? SoundOf(string word) => Spelling.Sound(word) is { Length: >= ShortestSound } sound && sound.All(char.IsLetter) ? $"~{sound}" : null;

    // One letter begins half of all words; it is looked for as it stands, an initial.
    private static string Begins(string word) => word.Length == 1 ? Quoted(word) : $"{Quoted(word)}:*";

    private static string Quoted(string word) => $"'{(word.Length <= Longest ? word : char.IsHighSurrogate(word[Longest - 1]) ? word[..(Longest - 1)] : word[..Longest])}'";

    private static string All(IEnumerable<string> terms) => $"({string.Join(" & ", terms)})";

    private static string Any(IEnumerable<string> terms) => $"({string.Join(" | ", terms)})";
}
