using System.Collections.Frozen;
using System.Text.RegularExpressions;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>How alike two names are, best first.</summary>
public enum NameLikeness
{
    /// <summary>The same words in any order, up to spellings of one name (Mohamed, Muhammad, محمد).</summary>
    Same,

    /// <summary>The same but for two neighbouring letters exchanged in one word, or a space: a slip of the hand that hardly ever makes another name.</summary>
    Slip,

    /// <summary>All words of the shorter name, at least two, are in the longer.</summary>
    Contained,

    /// <summary>Each word resembles one of the other; Hassan and Hussein do, so this never merges by itself.</summary>
    Alike,

    /// <summary>A word in common, as in a family.</summary>
    Shared,

    /// <summary>Nothing in common.</summary>
    Different,
}

/// <summary>A name made comparable: words in a plain spelling, without particles, in alphabetical order because forms swap family and given names.</summary>
public sealed partial class PersonName : IEquatable<PersonName>
{
    private PersonName(string[] words) => (Words, Key) = (words, string.Join(' ', words));

    /// <summary>The words in their plain spelling, ordered.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The words as one text.</summary>
    public string Key { get; }

    /// <summary>Both names as given, in either script.</summary>
    public static PersonName From(string? familyName, string? givenNames)
    {
        // The Arabic article is written onto its word.
        var words = Letters.Words(ArabicArticle().Replace($"{familyName} {givenNames}", "al "));
        var telling = words.Where(w => !Particles.Contains(w)).ToArray();
        return new([.. (telling.Length > 0 ? telling : words).Aggregate(new List<string>(), JoinServantOf).Select(Plain).Order(StringComparer.Ordinal)]);
    }

    /// <summary>How alike the names are; the same whichever comes first.</summary>
    public NameLikeness To(PersonName other)
    {
        if (Words.Count == 0 || other.Words.Count == 0) return NameLikeness.Different;
        if (Key == other.Key) return NameLikeness.Same;
        // A fixed order of the two makes the greedy pairing below symmetric.
        var (shorter, longer) = (Words.Count, Key).CompareTo((other.Words.Count, other.Key)) <= 0 ? (this, other) : (other, this);
        var (left, right) = (shorter.Words.ToList(), longer.Words.ToList());
        var same = Pair(left, right, (a, b) => a == b);
        var slips = Pair(left, right, Spelling.IsTransposition) + Rejoin(left, right) + Rejoin(right, left);
        var alike = Pair(left, right, Spelling.IsAlike);
        return (left.Count, right.Count, alike) switch
        {
            (0, 0, 0) when slips == 1 => NameLikeness.Slip,
            (0, > 0, 0) when same >= 2 && slips == 0 => NameLikeness.Contained,
            (0, 0, _) => NameLikeness.Alike,
            (0, _, _) when same >= 1 && shorter.Words.Count >= 2 => NameLikeness.Alike,
            _ when same + slips >= 1 => NameLikeness.Shared,
            _ => NameLikeness.Different,
        };
    }

    /// <inheritdoc/>
    public bool Equals(PersonName? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PersonName);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Key;

    private static int Pair(List<string> left, List<string> right, Func<string, string, bool> fits)
    {
        var pairs = 0;
        for (var i = left.Count - 1; i >= 0; i--)
            if (right.FindIndex(word => fits(left[i], word)) is >= 0 and var j)
            {
                left.RemoveAt(i);
                right.RemoveAt(j);
                pairs++;
            }
        return pairs;
    }

    // Two words of one that the other writes as one: Haile Mariam, Hailemariam.
    private static int Rejoin(List<string> parted, List<string> whole)
    {
        for (var i = 0; i < whole.Count; i++)
            foreach (var (one, other) in parted.SelectMany((one, at) => parted.Where((_, j) => j != at).Select(other => (one, other))))
                if (one.Length + other.Length == whole[i].Length && one + other == whole[i])
                {
                    whole.RemoveAt(i);
                    parted.Remove(one);
                    parted.Remove(other);
                    return 1;
                }
        return 0;
    }

    // "Abdel Rahman" and "Abd al-Rahman" are one word, as in Abdelrahman.
    private static List<string> JoinServantOf(List<string> words, string word)
    {
        if (words is [.., "abd" or "abdel" or "abdul" or "abdal"]) words[^1] = "abd" + word;
        else words.Add(word);
        return words;
    }

    private static string Plain(string word)
    {
        var plain = Spell(word);
        return Variants.GetValueOrDefault(word) ?? Variants.GetValueOrDefault(plain, plain);
    }

    private static string Spell(string word) => Spellings.Aggregate(word, (w, rule) => rule.Pattern.Replace(w, rule.With));

    [GeneratedRegex(@"(?<!\p{L})ال(?=\p{L}{2})", RegexOptions.None, 1000)]
    private static partial Regex ArabicArticle();

    private static readonly FrozenSet<string> Particles = "al el ul as ad ar bin ibn ben bint binti de del dela la di".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Spellings that change with the clerk, not with the person. Only those are here that hardly ever part two given
    // names: e and a, or o and u, part Dina from Dana and Jon from Jun, so single names are listed as variants instead.
    // nxx and uxx are Ñ and Ü in a machine-readable zone (ICAO Doc 9303-3, 6.A).
    private static readonly (Regex Pattern, string With)[] Spellings =
    [
        (Rule("^abd[aeiou]?(l|r(?=r))?(?=.{2})"), "abd"), (Rule("nxx"), "n"), (Rule("uxx"), "u"), (Rule("ksh|x"), "ks"), (Rule("ph"), "f"),
        (Rule("q|ck"), "k"), (Rule("ou|oo|ue"), "u"), (Rule("ee"), "i"), (Rule("ae|aa"), "a"), (Rule("oe"), "o"), (Rule("dj"), "j"),
        (Rule("th"), "t"), (Rule("y"), "i"), (Rule("(?<letter>.)\\k<letter>+"), "${letter}"), (Rule("(?<=[aeiou])h$"), ""),
    ];

    private static Regex Rule(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    // One line per name; the first spelling stands for all. The Latin spellings of محمد are those that ICAO Doc 9303-3
    // lists as seen in practice. Arabic stands as Letters writes it, without short vowels (محمد mhmd, محمود mhmwd);
    // عمر is left out because it would read as Amr, another name.
    private static readonly FrozenDictionary<string, string> Variants = """
        mohamed mohammed mohammad mohamad mohamod muhammad muhamad muhammed muhamed mouhammed mouhamed mohamet moohammad mahomed mokhammed mukhammad mukhammed magomed mohd md mhmd
        mahmoud mahmud mahmood mahmod mehmood mhmwd
        ahmed ahmad ahmet akhmed ahmd
        hassan hasan hassen hsn
        hussein hussain husain husein hossain hossein hosain huseyin husayn hsyn
        yusuf yousef yousuf youssef yusef yosef ywsf
        omar omer umar umer
        osman othman usman uthman athman
        abdullah abdallah abdollah abdulla abdalla abdallh
        ali aly
        fatima fatma fatema fatimah fathima fatmh
        mariam maryam miriam meriem mariyam mrym
        ibrahim ebrahim ibraheem abrahym
        khaled khalid khald
        mustafa mostafa moustafa mustapha mstfa
        yassin yasin yaseen yassine
        saleh salih salh
        saeed said sayeed saied
        amina aminah amynh
        layla leila laila leyla lyla
        mona muna mouna mna
        nagwa najwa njwa
        khatun khatoon khatoun
        rahman rehman rhmn
        abdrahman abdrhmn
        alexander aleksandr alexandr aleksander oleksandr
        sergei sergey serhii sergiy sergii
        dmitri dmitry dmitrii dmytro dimitri
        julia yulia yuliya iuliia
        ekaterina yekaterina katerina kateryna
        evgeni yevgeny evgeny evgenii yevhen
        yohannes johannes yohanes
        """.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(names => names.SelectMany(name => new[] { name, Spell(name) }).Select(name => (name, names[0])))
        .DistinctBy(p => p.name).ToFrozenDictionary(p => p.name, p => p.Item2, StringComparer.Ordinal);
}
