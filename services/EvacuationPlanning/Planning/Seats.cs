using System.Runtime.CompilerServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>Groups that take the same way, the most urgent first.</summary>
internal sealed record Companions(int[] Way, List<int> Groups);

/// <summary>
/// Who sits where while a plan is made. Groups are numbers in the order of their turn, legs are indexes of the network.
/// Every change can be taken back, so that something may be tried and given up without a trace.
/// </summary>
internal sealed class Seats(Network network, Alike?[] groups)
{
    private readonly List<int>[] aboard = [.. network.Legs.Select(_ => new List<int>())];
    private readonly List<Companions>[] companions = [.. network.Legs.Select(_ => new List<Companions>())];
    private readonly Dictionary<int[], Companions> byWay = new(new SameLegs());
    private readonly Companions?[] with = new Companions?[groups.Length];
    private readonly Stack<(int Group, Companions? Before)> changes = new();
    private readonly int[] changedAt = new int[network.Legs.Length], changedNear = new int[network.Legs.Length];
    private readonly List<int> changed = [];
    private int spreadAt;

    public Spaces[] Free { get; } = [.. network.Legs.Select(leg => leg.Departure.Spaces)];

    public int[]? WayOf(int group) => with[group]?.Way;

    public bool IsOverfull(int leg) => Free[leg].IsOverdrawn;

    /// <summary>Groups on a leg that may still be moved, the most urgent first.</summary>
    public List<int> Aboard(int leg) => aboard[leg];

    /// <summary>The same by the way that they take. Some may have been left by all.</summary>
    public List<Companions> CompanionsOn(int leg) => companions[leg];

    /// <summary>Grows with every change.</summary>
    public int Clock { get; private set; }

    public int ChangedAt(int leg) => changedAt[leg];

    /// <summary>When something last changed on this leg, or on any that a group takes who is on it too, as far as news was spread.</summary>
    public int ChangedNear(int leg) => changedNear[leg];

    public void SpreadNews()
    {
        foreach (var leg in changed)
            foreach (var (way, _) in companions[leg])
                foreach (var near in way)
                    changedNear[near] = Clock;
        changed.Clear();
        spreadAt = Clock;
    }

    /// <summary>Moves a group to this way, or off its own with null. More may be taken than there is: whoever does so makes it good.</summary>
    public void Move(int group, int[]? way)
    {
        changes.Push((group, with[group]));
        Set(group, way is null ? null : On(way));
    }

    public int Mark => changes.Count;

    public void BackTo(int mark)
    {
        while (changes.Count > mark)
        {
            var (group, before) = changes.Pop();
            Set(group, before);
        }
    }

    private Companions On(int[] way)
    {
        if (byWay.TryGetValue(way, out var same)) return same;
        byWay.Add(way, same = new(way, []));
        foreach (var leg in way) companions[leg].Add(same);
        return same;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Set(int group, Companions? to)
    {
        Clock++;
        var need = groups[group]!.Need;
        if (with[group] is { } left)
        {
            Leave(left.Groups, group);
            foreach (var leg in left.Way)
            {
                Free[leg] += need;
                Leave(aboard[leg], group);
                Note(leg);
            }
        }
        if (to is not null)
        {
            Join(to.Groups, group);
            foreach (var leg in to.Way)
            {
                Free[leg] -= need;
                Join(aboard[leg], group);
                Note(leg);
            }
        }
        with[group] = to;

        static void Leave(List<int> those, int group) => those.RemoveAt(those.BinarySearch(group));
        static void Join(List<int> those, int group) => those.Insert(~those.BinarySearch(group), group);
    }

    private void Note(int leg)
    {
        if (changedAt[leg] <= spreadAt) changed.Add(leg);
        changedAt[leg] = Clock;
    }

    private sealed class SameLegs : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? left, int[]? right) => left.AsSpan().SequenceEqual(right);

        public int GetHashCode(int[] way)
        {
            var hash = 0;
            foreach (var leg in way) hash = (hash * 65_599) + leg;
            return hash;
        }
    }
}
