namespace CrisisCoordination.Mrz;

/// <summary>One character that was probably misread.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record MrzChange(int Line, int Column, char Found, char Proposed);

/// <summary>A zone that would contradict itself nowhere, and what must have been misread for it. A proposal: only the document itself decides.</summary>
public sealed record MrzRepair(IReadOnlyList<string> Lines, IReadOnlyList<MrzChange> Changes)
{
    private const int MostOffered = 5, MostPerField = 8, MostZones = 64;

    // What cameras and scanners of OCR-B take for each other, in either direction; the likelier first.
    private static readonly string[] Alike = ["0ODQU", "1IL7", "2Z7", "6G", "5S6", "8B3", "4A", "9G", "CG", "VY", "UV", "MN", "KX"];

    private static readonly Dictionary<char, string> TakenFor = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        .ToDictionary(character => character, character => string.Concat(Alike.Where(group => group.Contains(character)).SelectMany(group => group).Where(other => other != character).Distinct()));

    private enum Holds { Letters, Digits, Both }

    /// <summary>
    /// The likeliest readings of a zone that contradicts itself, those with the fewest misread characters first; none for a
    /// consistent one. First a character of a kind that its place cannot hold is replaced by the one it looks like; then, for
    /// each check digit that fails, up to two characters that it guards, or the digit itself.
    /// </summary>
    public static IReadOnlyList<MrzRepair> Offer(MrzReading reading)
    {
        if (reading.Consistent) return [];
        var found = reading.Lines.Select(line => line.ToCharArray()).ToArray();
        var zones = new List<char[][]> { found.Select(line => (char[])line.Clone()).ToArray() };
        foreach (var (line, column) in Positions(reading.Layout, Holds.Letters).Where(at => char.IsAsciiDigit(At(found, at)))) zones = Each(zones, line, column, char.IsAsciiLetter);
        foreach (var (line, column) in Positions(reading.Layout, Holds.Digits).Where(at => char.IsAsciiLetter(At(found, at)))) zones = Each(zones, line, column, char.IsAsciiDigit);
        foreach (var place in reading.Layout.Places.Where(place => place.Checked)) zones = [.. zones.SelectMany(zone => Repaired(reading.Layout, zone, place)).Take(MostZones)];
        return
        [
            .. zones.Select(zone => Array.ConvertAll(zone, line => new string(line)))
                .Where(zone => MrzLayout.Read(string.Concat(zone)) is { Consistent: true })
                .Select(zone => new MrzRepair(zone, [.. Between(found, zone)]))
                .Where(repair => repair.Changes.Count > 0)
                .DistinctBy(repair => string.Concat(repair.Lines))
                .OrderBy(repair => repair.Changes.Count)
                .Take(MostOffered),
        ];
    }

    // The zone as it is when this check digit holds, else every way of making it hold.
    private static IEnumerable<char[][]> Repaired(MrzLayout layout, char[][] zone, MrzPlace place)
    {
        if (Verdict(zone)) return [zone];
        var line = place.Line - 1;
        var places = Enumerable.Range(place.Start - 1, place.Length + 1).Where(column => zone[line][column] != '<').ToArray();
        var kind = KindOf(place.Field);
        var once = places.SelectMany(column => Alternatives(zone, column)).ToList();
        var hold = once.Where(Verdict).ToList();
        if (hold.Count == 0)
            hold = [.. once.SelectMany(changed => places.SelectMany(column => Alternatives(changed, column))).Where(Verdict)];
        return hold.Take(MostPerField).Append(zone);

        IEnumerable<char[][]> Alternatives(char[][] of, int column)
        {
            // The check digit itself is a digit, whatever it guards.
            var digit = kind == Holds.Digits || column == place.Start - 1 + place.Length;
            return TakenFor.GetValueOrDefault(of[line][column], "").Where(other => !digit || char.IsAsciiDigit(other)).Select(other => With(of, line, column, other));
        }

        bool Verdict(char[][] candidate) => layout.Read(Array.ConvertAll(candidate, one => new string(one))).Verdicts.First(verdict => verdict.Over == place.Field).Holds;
    }

    private static List<char[][]> Each(List<char[][]> zones, int line, int column, Func<char, bool> fits) =>
        [.. zones.SelectMany(zone => TakenFor.GetValueOrDefault(zone[line][column], "").Where(fits).Select(other => With(zone, line, column, other)).DefaultIfEmpty(zone)).Take(MostZones)];

    private static IEnumerable<(int Line, int Column)> Positions(MrzLayout layout, Holds kind)
    {
        foreach (var place in layout.Places)
        {
            if (KindOf(place.Field) == kind)
                for (var i = 0; i < place.Length; i++) yield return (place.Line - 1, place.Start - 1 + i);
            if (place.Checked && kind == Holds.Digits) yield return (place.Line - 1, place.Start - 1 + place.Length);
        }
    }

    private static Holds KindOf(MrzField field) => field switch
    {
        MrzField.Birth or MrzField.Expiry or MrzField.Composite => Holds.Digits,
        MrzField.Issuer or MrzField.Nationality or MrzField.Name or MrzField.Sex => Holds.Letters,
        _ => Holds.Both,
    };

    private static IEnumerable<MrzChange> Between(char[][] found, string[] proposed)
    {
        for (var line = 0; line < found.Length; line++)
            for (var column = 0; column < found[line].Length; column++)
                if (found[line][column] != proposed[line][column]) yield return new(line + 1, column + 1, found[line][column], proposed[line][column]);
    }

    private static char At(char[][] zone, (int Line, int Column) at) => zone[at.Line][at.Column];

    private static char[][] With(char[][] zone, int line, int column, char character)
    {
        var changed = (char[][])zone.Clone();
        changed[line] = (char[])zone[line].Clone();
        changed[line][column] = character;
        return changed;
    }
}
