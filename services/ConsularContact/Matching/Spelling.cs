namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>How alike two words are.</summary>
public static class Spelling
{
    /// <summary>Jaro–Winkler with a prefix weight of 0.1 over at most four letters: 0 to 1.</summary>
    public static double JaroWinkler(string a, string b)
    {
        if (a == b) return 1;
        var reach = Math.Max(0, Math.Max(a.Length, b.Length) / 2 - 1);
        var (inA, inB) = (new bool[a.Length], new bool[b.Length]);
        var common = 0;
        for (var i = 0; i < a.Length; i++)
            for (var j = Math.Max(0, i - reach); j < Math.Min(b.Length, i + reach + 1); j++)
                if (!inB[j] && a[i] == b[j])
                {
                    inA[i] = inB[j] = true;
                    common++;
                    break;
                }
        if (common == 0) return 0;
        var outOfPlace = a.Where((_, i) => inA[i]).Zip(b.Where((_, j) => inB[j])).Count(p => p.First != p.Second) / 2d;
        var jaro = ((double)common / a.Length + (double)common / b.Length + (common - outOfPlace) / common) / 3;
        var prefix = a.Zip(b).Take(4).TakeWhile(p => p.First == p.Second).Count();
        return jaro + prefix * 0.1 * (1 - jaro);
    }

    /// <summary>Two neighbouring letters exchanged, in a word of at least four.</summary>
    public static bool IsTransposition(string a, string b)
    {
        if (a.Length != b.Length || a.Length < 4) return false;
        var first = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        return first < a.Length - 1 && a[first] == b[first + 1] && a[first + 1] == b[first] && a.AsSpan(first + 2).SequenceEqual(b.AsSpan(first + 2));
    }

    /// <summary>One letter changed, missing, added or exchanged with its neighbour.</summary>
    public static bool IsOneEdit(string a, string b)
    {
        if (a == b || Math.Abs(a.Length - b.Length) > 1) return false;
        if (IsTransposition(a, b)) return true;
        var head = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        var tail = a.Reverse().Zip(b.Reverse()).TakeWhile(p => p.First == p.Second).Count();
        return head + tail >= Math.Max(a.Length, b.Length) - 1;
    }

    /// <summary>Alike enough for an officer to look: nearly the same letters, or the same consonants.</summary>
    public static bool IsAlike(string a, string b) =>
        JaroWinkler(a, b) >= 0.90 || Math.Min(a.Length, b.Length) >= 4 && IsOneEdit(a, b) || Sound(a) is { Length: >= 2 } sound && sound == Sound(b);

    /// <summary>The consonants in order, by groups that scripts and clerks mix up: what stays of a name in any spelling.</summary>
    public static string Sound(string word)
    {
        var sound = string.Concat(word.Replace("kh", "h", StringComparison.Ordinal).Replace("gh", "g", StringComparison.Ordinal).Replace("sh", "s", StringComparison.Ordinal).Replace("ch", "s", StringComparison.Ordinal)
            .Select(c => c switch { 'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'w' => "", 'z' => "s", 'v' => "f", 'p' => "b", 'c' or 'q' => "k", _ => c.ToString() }));
        return sound.Length > 1 ? sound.TrimEnd('h') : sound.Length > 0 ? sound : word;
    }
}
