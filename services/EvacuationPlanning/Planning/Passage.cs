using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>A set of legs, or of points, by index. Equal sets are equal, whoever made them.</summary>
internal sealed class IndexSet : IEquatable<IndexSet>
{
    private readonly ulong[] bits;

    private IndexSet(ulong[] bits) => this.bits = bits;

    public static IndexSet Of(int count, Func<int, bool> has)
    {
        var words = new ulong[(count + 63) / 64];
        for (var index = 0; index < count; index++)
            if (has(index))
                words[index >> 6] |= 1UL << index;
        return new(words);
    }

    public static IndexSet Of(int count, ReadOnlySpan<int> indexes)
    {
        var words = new ulong[(count + 63) / 64];
        foreach (var index in indexes) words[index >> 6] |= 1UL << index;
        return new(words);
    }

    public IndexSet Without(IEnumerable<int> indexes)
    {
        var words = (ulong[])bits.Clone();
        foreach (var index in indexes) words[index >> 6] &= ~(1UL << index);
        return new(words);
    }

    public bool this[int index] => (bits[index >> 6] & (1UL << index)) != 0;

    public static IndexSet operator &(IndexSet left, IndexSet right)
    {
        if (ReferenceEquals(left, right)) return left;
        var both = new ulong[left.bits.Length];
        for (var word = 0; word < both.Length; word++) both[word] = left.bits[word] & right.bits[word];
        return new(both);
    }

    public bool Equals(IndexSet? other) => other is not null && bits.AsSpan().SequenceEqual(other.bits);

    public override bool Equals(object? obj) => Equals(obj as IndexSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in bits) hash.Add(word);
        return hash.ToHashCode();
    }
}

/// <summary>Where a group may go: one for all groups that start at the same points and to whom the rules give the same answer on every leg.</summary>
internal sealed class Passage
{
    public required ImmutableArray<int> Starts { get; init; }

    /// <summary>Legs that they may take and that lie on a way out or on a way home, in the order of departure.</summary>
    public required int[] Legs { get; init; }

    /// <summary>The same as a set.</summary>
    public required IndexSet May { private get; init; }

    /// <summary>Those that lie on a way out of the crisis country and end there at the latest.</summary>
    public required int[] LegsOut { get; init; }

    public required IndexSet EndsAtHome { get; init; }

    public required bool LeadsHome { get; init; }

    public bool Allows(ReadOnlySpan<int> way)
    {
        foreach (var leg in way)
            if (!May[leg])
                return false;
        return true;
    }
}

/// <summary>Groups that can stand in for one another: they may go the same ways and need the same spaces.</summary>
internal sealed class Alike(int number, Passage passage, Spaces need)
{
    public int Number => number;

    public Passage Passage => passage;

    public Spaces Need => need;
}

/// <summary>
/// Asks the rules once for all who would get the same answers. Hundreds of passages stand for ten thousands of groups,
/// which is what makes searching for each of them affordable.
/// </summary>
internal sealed class Passages(Network network, Terms terms)
{
    private readonly Dictionary<Traveller, ImmutableArray<IndexSet>> byPapers = new(new SamePapers(network.Legs.Select(leg => leg.ArrivesOn).DefaultIfEmpty().Max()));
    private readonly Dictionary<(IndexSet Starts, IndexSet Legs, IndexSet Homes), Passage> passages = [];
    private readonly Dictionary<(Passage Passage, Spaces Need), Alike> alike = [];
    private readonly Dictionary<string, IndexSet> homes = new(StringComparer.Ordinal);
    private readonly IndexSet all = IndexSet.Of(network.Legs.Length, _ => true);
    private readonly JourneySearch search = new(network, terms);

    // A rule gives one answer about all legs between the same places that depart and arrive on the same days.
    private readonly ILookup<(string?, string?, string, bool, DateOnly, DateOnly), int> kinds = network.Legs.Index().ToLookup(
        leg => (leg.Item.Origin, leg.Item.OriginPerhaps, string.Join(' ', leg.Item.Landings.Select(place => place.Country ?? "?")), leg.Item.ToldByOne, leg.Item.DepartsOn, leg.Item.ArrivesOn), leg => leg.Index);

    public int Count => alike.Count;

    public Alike Of(Group group, ImmutableArray<int> starts) => AlikeTo(Of(group, starts, WhoMayGo.LegRules.Length), group.Need);

    /// <summary>Where they could go if only the first <paramref name="rules"/> rules held.</summary>
    public Passage Of(Group group, ImmutableArray<int> starts, int rules)
    {
        var may = Unbarred(group, rules);
        var points = IndexSet.Of(network.Points, starts.AsSpan());
        var home = Homes(group.Homes);
        if (!passages.TryGetValue((points, may, home), out var passage))
            passages.Add((points, may, home), passage = Between(starts, may, home));
        return passage;
    }

    /// <summary>Legs that none of the first <paramref name="rules"/> rules bars to anybody of the group.</summary>
    public IndexSet Unbarred(Group group, int rules)
    {
        var may = all;
        foreach (var traveller in group.Travellers) may &= Answers(traveller)[rules];
        return may;
    }

    private Alike AlikeTo(Passage passage, Spaces need)
    {
        if (!alike.TryGetValue((passage, need), out var same))
            alike.Add((passage, need), same = new(alike.Count, passage, need));
        return same;
    }

    // By the number of rules that hold, the legs that none of these bars.
    private ImmutableArray<IndexSet> Answers(Traveller traveller)
    {
        if (!byPapers.TryGetValue(traveller, out var answers))
        {
            answers = [all];
            foreach (var rule in WhoMayGo.LegRules)
            {
                var barred = kinds.Where(kind => rule.Bars(traveller, network.Legs[kind.First()])).ToList();
                answers = answers.Add(barred.Count == 0 ? answers[^1] : answers[^1].Without(barred.SelectMany(kind => kind)));
            }
            byPapers.Add(traveller, answers);
        }
        return answers;
    }

    private IndexSet Homes(ImmutableArray<string> countries)
    {
        var key = countries is [var only] ? only : string.Join(',', countries);
        if (!homes.TryGetValue(key, out var legs))
            homes.Add(key, legs = IndexSet.Of(network.Legs.Length, leg => network.Legs[leg].EntersAs is { } nationality && countries.Contains(nationality)));
        return legs;
    }

    private Passage Between(ImmutableArray<int> starts, IndexSet may, IndexSet home)
    {
        var reached = search.Reached(starts, may);

        // The last departure from each point with which one still gets out, or from abroad home.
        var (outBy, homeBy) = (Never(), Never());
        long[] Never() => [.. Enumerable.Repeat(long.MinValue, network.Points)];

        var (legs, legsOut) = (new List<int>(), new List<int>());
        foreach (var index in reached.AsEnumerable().Reverse())
        {
            var leg = network.Legs[index];
            bool Connects(long[] by) => by[leg.To] >= network.ReadyAfter(leg, terms);
            var isOut = leg.FromCountry is null && (leg.LeavesCrisis || Connects(outBy));
            var isHome = home[index] || Connects(homeBy);
            if (isOut)
            {
                legsOut.Add(index);
                outBy[leg.From] = Math.Max(outBy[leg.From], leg.DepartsAt);
            }
            if (isHome) homeBy[leg.From] = Math.Max(homeBy[leg.From], leg.DepartsAt);
            if (isOut || isHome) legs.Add(index);
        }
        legs.Reverse();
        legsOut.Reverse();
        return new() { Starts = starts, Legs = [.. legs], May = IndexSet.Of(network.Legs.Length, CollectionsMarshal.AsSpan(legs)), LegsOut = [.. legsOut], EndsAtHome = home, LeadsHome = legs.Any(leg => home[leg]) };
    }

    /// <summary>Travellers of whom every rule about a leg says the same. A paper that outlives the last leg is as good as any other.</summary>
    private sealed class SamePapers(DateOnly lastDay) : IEqualityComparer<Traveller>
    {
        public bool Equals(Traveller? left, Traveller? right) => ReferenceEquals(left, right) || (left is not null && right is not null
            && left.Nationalities.AsSpan().SequenceEqual(right.Nationalities.AsSpan()) && left.FearedCountries.AsSpan().SequenceEqual(right.FearedCountries.AsSpan())
            && Terms(left) == Terms(right)
            && (left.EmergencyDocument, right.EmergencyDocument) switch
            {
                (null, null) => true,
                ({ } one, { } other) => one.Destination == other.Destination && Day(one.ValidUntil) == Day(other.ValidUntil) && one.Transits.AsSpan().SequenceEqual(other.Transits.AsSpan()),
                _ => false,
            });

        public int GetHashCode(Traveller traveller)
        {
            var hash = new HashCode();
            foreach (var country in traveller.Nationalities) hash.Add(country);
            foreach (var country in traveller.FearedCountries) hash.Add(country);
            hash.Add(Terms(traveller));
            hash.Add(traveller.EmergencyDocument?.Destination);
            return hash.ToHashCode();
        }

        private (int, bool, bool, string?, DateOnly?, DateOnly?) Terms(Traveller traveller) =>
            (traveller.DocumentValidUntil is { } until ? Day(until) : -1, traveller.ExitBarrier, traveller.FearsEveryCountry, traveller.IsIn,
                traveller.UnfitThrough, traveller.FitThrough);

        private int Day(DateOnly until) => Math.Min(until.DayNumber, lastDay.DayNumber);
    }
}
