using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>
/// Which registrations are compared at all: those that share a key. Each key is a pass that some kind of mistake cannot
/// break, and each stays small: a key like the name alone would put every Mohamed Ahmed of a crisis into one heap. A key that
/// becomes a heap all the same (a partner's desk telephone, a made-up number) is left out; finer keys beside it still join.
/// </summary>
public static class Blocking
{
    /// <summary>Whoever shares a key with more people than this is not found by it.</summary>
    public const int LargestBlock = 50;

    /// <summary>A place, or a word of a name, that more people have than this is no rare one.</summary>
    public const int Few = 10;

    /// <summary>By which it is counted how many are at a place.</summary>
    public static string AtPlace(string place) => $"place:{place}";

    /// <summary>By which it is counted how many have a word in their name.</summary>
    public static string Named(string word) => $"word:{word}";

    /// <summary>The key as it is for somebody of an exercise, who is never taken for somebody in an actual crisis.</summary>
    public static string In(bool exercise, string key) => exercise ? $"exercise:{key}" : key;

    /// <summary>
    /// What is counted: how many have it. Where few do, all of them are compared, because that catches a name and a birth date
    /// that are both wrong. It never brings up more than officers see: who agrees in what makes a match automatic shares a key.
    /// </summary>
    public static IEnumerable<string> Counted(Identity who) => who.Name.Words.Where(IsCounted).Distinct().Select(Named)
        .Concat(who.Place is { } place ? [AtPlace(place)] : []).Select(key => In(who.Exercise, key));

    /// <summary>Whether a word of a name can be rare at all: no initial, and none of which it is known that many have it, whoever is registered.</summary>
    public static bool IsCounted(string word) => word.Length > 2 && !NameFrequency.IsFrequent(word);

    /// <summary>
    /// All that is stored of an identity. What anyone may have typed has blocks apart, each with its own limit: fifty forms of the
    /// public page with somebody's telephone would otherwise keep the posts from finding that person.
    /// </summary>
    public static IEnumerable<string> Stored(Identity who) => Keys(who).Concat(Counted(who)).Select(key => who.ToldByAnyone ? Typed(key) : key);

    /// <summary>The blocks of one key: of those whom posts took in, and of what anyone may have typed.</summary>
    public static IEnumerable<string> Apart(string key) => [key, Typed(key)];

    private static string Typed(string key) => $"typed:{key}";

    /// <summary>The keys of an identity; two identities that share none, and nothing rare, are not compared.</summary>
    public static IReadOnlyList<string> Keys(Identity who)
    {
        // Sorted consonants outlive exchanged letters and swapped names.
        var words = who.Name.Words.Select(w => string.Concat(Spelling.Sound(w).Distinct().Order())).Order(StringComparer.Ordinal).ToArray();
        var name = string.Join('.', words);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        if (who.DocumentNumber is { } number) keys.Add($"document:{number}");
        if (who.Phone is { } phone)
        {
            keys.Add($"phone:{phone}");
            keys.Add($"phone-name:{phone}:{name}");
            if (who.BirthDate is { } birth) keys.Add($"phone-born:{phone}:{birth}");
        }
        if (who.BirthDate is { } born)
        {
            keys.Add($"name-year:{name}:{born.Year}");
            // Registers write 1 January where no day is known: it would bring a whole year's people together, and says no more than the year.
            if (born is { Month: { } month, Day: { } day } and not { Month: 1, Day: 1 })
                foreach (var word in words) keys.Add($"born-word:{born.Year}-{Math.Min(month, day):00}-{Math.Max(month, day):00}:{word}");
        }
        if (NameFrequency.AllRare(who.Name)) keys.Add($"name:{name}");
        if (who.Place is { } place)
        {
            if (who.BirthDate is { } year) foreach (var word in words) keys.Add($"word-year-place:{word}:{year.Year}:{place}");
            keys.Add($"name-place:{name}:{place}");
            if (who.BirthDate is { Month: { } m, Day: { } d } date) keys.Add($"born-place:{date.Year}-{Math.Min(m, d):00}-{Math.Max(m, d):00}:{place}");
        }
        if (who.DocumentExpiry is { } expiry) keys.Add($"name-expiry:{name}:{expiry:yyyyMMdd}");
        if (who.Household is { } household) foreach (var word in words) keys.Add($"household-word:{household}:{word}");
        if (who.Position is { } at) keys.Add(FormattableString.Invariant($"name-spot:{name}:{Math.Round(at.Latitude, 3)}:{Math.Round(at.Longitude, 3)}"));
        return [.. keys.Select(key => In(who.Exercise, key))];
    }
}
