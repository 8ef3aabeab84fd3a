using System.Runtime.CompilerServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>Groups that take the same way, the most urgent first.</summary>
internal sealed class Companions(int[] way)
{
    private readonly List<int> groups = [];

    public int[] Way => way;

    public IReadOnlyList<int> Groups => groups;

    /// <summary>The last leg of the way; kept at hand as many are asked for it and few for more.</summary>
    public int End { get; } = way[^1];

    /// <summary>The least urgent group; -1 where all have left.</summary>
    public int Least { get; private set; } = -1;

    public void Join(int group)
    {
        groups.Insert(~groups.BinarySearch(group), group);
        Least = groups[^1];
    }

    public void Leave(int group)
    {
        groups.RemoveAt(groups.BinarySearch(group));
        Least = groups is [.., var last] ? last : -1;
    }
}

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

    public Spaces[] Free { get; } = [.. network.Legs.Select(leg => leg.Departure.Spaces)];

    public int[]? WayOf(int group) => with[group]?.Way;

    public bool IsOverfull(int leg) => Free[leg].IsOverdrawn;

    /// <summary>Groups on a leg that may still be moved, the most urgent first.</summary>
    public List<int> Aboard(int leg) => aboard[leg];

    /// <summary>The same by the way that they take. Some may have been left by all.</summary>
    public List<Companions> CompanionsOn(int leg) => companions[leg];

    /// <summary>Grows whenever news of changes is spread.</summary>
    public int Clock { get; private set; }

    public int ChangedAt(int leg) => changedAt[leg];

    /// <summary>When something last changed on this leg, or on any that a group takes who is on it too.</summary>
    public int ChangedNear(int leg) => changedNear[leg];

    /// <summary>
    /// Says on which legs something is not as it was when news was spread last, and forgets ways that all have left. What was
    /// tried and taken back is no news. What was done until now can no longer be taken back.
    /// </summary>
    public void SpreadNews()
    {
        if (changes.Count == 0) return;
        Clock++;
        foreach (var (group, before) in changes)
            foreach (var those in (ReadOnlySpan<Companions?>)[before, with[group]])
                foreach (var leg in those?.Way ?? [])
                    changedAt[leg] = Clock;
        changes.Clear();
        for (var leg = 0; leg < companions.Length; leg++)
        {
            if (changedAt[leg] < Clock) continue;
            foreach (var those in companions[leg].FindAll(those => those.Least < 0)) Forget(those);
            changedNear[leg] = Clock;
            foreach (var those in companions[leg])
                foreach (var near in those.Way)
                    changedNear[near] = Clock;
        }

        void Forget(Companions those)
        {
            byWay.Remove(those.Way);
            foreach (var leg in those.Way) companions[leg].Remove(those);
        }
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
        byWay.Add(way, same = new(way));
        foreach (var leg in way) companions[leg].Add(same);
        return same;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Set(int group, Companions? to)
    {
        var need = groups[group]!.Need;
        if (with[group] is { } left)
        {
            left.Leave(group);
            foreach (var leg in left.Way)
            {
                Free[leg] += need;
                Leave(aboard[leg], group);
            }
        }
        if (to is not null)
        {
            to.Join(group);
            foreach (var leg in to.Way)
            {
                Free[leg] -= need;
                Join(aboard[leg], group);
            }
        }
        with[group] = to;

        static void Leave(List<int> those, int group) => those.RemoveAt(those.BinarySearch(group));
        static void Join(List<int> those, int group) => those.Insert(~those.BinarySearch(group), group);
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
