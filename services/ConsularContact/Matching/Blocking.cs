using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>
/// Which registrations are compared at all: those that share a key. Each key is a pass that some kind of mistake cannot
/// break, and each stays small: a key like the name alone would put every Mohamed Ahmed of a crisis into one heap.
/// </summary>
public static class Blocking
{
    /// <summary>The keys of an identity; two identities with none in common are not compared.</summary>
    public static IReadOnlyList<string> Keys(Identity who)
    {
        // Sorted consonants outlive exchanged letters and swapped names.
        var words = who.Name.Words.Select(w => string.Concat(Spelling.Sound(w).Distinct().Order())).Order(StringComparer.Ordinal).ToArray();
        var name = string.Join('.', words);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        if (who.DocumentNumber is { } number) keys.Add($"document:{number}");
        if (who.Phone is { } phone) keys.Add($"phone:{phone}");
        if (who.BirthDate is { } born)
        {
            keys.Add($"name-year:{name}:{born.Year}");
            if (born is { Month: { } month, Day: { } day })
                foreach (var word in words) keys.Add($"born-word:{born.Year}-{Math.Min(month, day):00}-{Math.Max(month, day):00}:{word}");
        }
        if (who.DocumentExpiry is { } expiry) keys.Add($"name-expiry:{name}:{expiry:yyyyMMdd}");
        if (who.Household is { } household) foreach (var word in words) keys.Add($"household-word:{household}:{word}");
        if (who.Position is { } at) keys.Add(FormattableString.Invariant($"name-spot:{name}:{Math.Round(at.Latitude, 3)}:{Math.Round(at.Longitude, 3)}"));
        return [.. keys];
    }
}
