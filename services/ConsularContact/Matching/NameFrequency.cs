using System.Collections.Frozen;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>
/// A rare name in common says more than Mohamed Ahmed. The shares are rough, of the peoples that carry the name, and
/// shipped: counted on the people at hand they would make a verdict depend on who was registered first.
/// </summary>
internal static class NameFrequency
{
    // What the weight of a name is made for; rarer ones are not trusted more, since rare names run in families.
    private const double Usual = .004;

    // Two words that few have, both the same: a family shares one of them, and the other where sons are called like fathers.
    private const double BothRare = 2.2;

    /// <summary>What the evidence of the name gains when few of all who are known have one of the words in common (<see cref="Blocking.Few"/> of some ten thousand), in log2 odds.</summary>
    public const double Rare = 6;

    /// <summary>What the evidence of the name loses when its rarest word in common is a frequent one, in log2 odds: −2 to 0; and what it gains when none of two or more is.</summary>
    public static double Bits(PersonName a, PersonName b, bool ofOneHousehold = false)
    {
        if (!ofOneHousehold && a.Key == b.Key && AllRare(a)) return BothRare;
        var rarest = a.Words.Intersect(b.Words).Select(word => Shares.GetValueOrDefault(word, Usual)).DefaultIfEmpty(Usual).Min();
        return Math.Clamp(Math.Log2(Usual / rarest), -2, 0);
    }

    /// <summary>Whether a word is among those that many have.</summary>
    public static bool IsFrequent(string word) => Shares.ContainsKey(word);

    /// <summary>Whether a name has two different words or more, none of them a frequent one.</summary>
    public static bool AllRare(PersonName name) => name.Words.Distinct(StringComparer.Ordinal).Skip(1).Any() && !name.Words.Any(IsFrequent);

    // In the plain spelling that stands for all of a name (PersonName.Variants).
    private static readonly FrozenDictionary<string, double> Shares = """
        .06 mohamed
        .03 ahmed singh nguien maria
        .02 ali hassan hussein kumar begum khatun khan tran wang li zhang
        .015 ibrahim abdullah fatima mahmoud omar osman deng garang kuol islam akter sharma patel
        .01 iusuf mariam saleh khaled mustafa abdrahman saeed amina haile tesfaie kebede tadese abebe woldemichael habtemariam ghebremedhin
        .01 santos garcia cruz reies jose ram das devi thapa miah rahman udin hosein ivanov ivanova sergei alexander
        .006 idris adam bakr iasin laila mona girma alemu bekele berhane mebrahtu iohannes selam daniel samuel thomas john kim le pham fernando perera silva
        """.Split('\n').Select(line => line.Split(' ')).SelectMany(line => line.Skip(1).Select(word => (word, share: double.Parse(line[0], System.Globalization.CultureInfo.InvariantCulture))))
        .SelectMany(p => PersonName.From(p.word, null).Words.Select(word => (word, p.share)))
        .DistinctBy(p => p.word).ToFrozenDictionary(p => p.word, p => p.share, StringComparer.Ordinal);
}
