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

    /// <summary>By which it is counted how many are at a place; nobody is compared for it.</summary>
    public static string AtPlace(string place) => $"place:{place}";

    /// <summary>All that is stored of an identity: its keys, and its place to be counted.</summary>
    public static IEnumerable<string> Stored(Identity who) => who.Place is { } place ? Keys(who).Append(AtPlace(place)) : Keys(who);

    /// <summary>The keys of an identity; two identities with none in common are not compared.</summary>
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
        // Who plays a part in an exercise is never taken for somebody in an actual crisis.
        return who.Exercise ? [.. keys.Select(key => $"exercise:{key}")] : [.. keys];
    }
}
