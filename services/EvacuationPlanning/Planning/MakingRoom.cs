using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// Finds room for a group by moving others, who all keep a way out. For single travellers on one leg this is the search
/// for an augmenting path (Kuhn), which finds room whenever there is any; with groups, kinds of spaces and several legs
/// it can miss room, never invent it.
/// </summary>
internal sealed class MakingRoom(JourneySearch search, Seats seats, Alike?[] groups, int[]?[] held, IReadOnlyList<Group> turns, Terms terms)
{
    private static readonly Vector256<int> Open = Vector256.Create(int.MaxValue);

    // Per leg and kind. Tried: for whom room is being made there, in the chain under way. Failed: the least need for which this
    // search found nobody to move; fewer may still find somebody. Closed: the same of searches that failed altogether; as room
    // only shrinks, nobody who needs as much has to ask there again.
    private readonly Vector256<int>[] tried = new Vector256<int>[seats.Free.Length];
    private readonly Vector256<int>[] failed = [.. Enumerable.Repeat(Open, seats.Free.Length)];
    private readonly Vector256<int>[] closed = [.. Enumerable.Repeat(Open, seats.Free.Length)];
    private readonly List<(int Leg, Vector256<int> Kinds)> triedList = [];

    // For whom room is made: of those who hold places only the less urgent are moved, and nobody where this is the last of all.
    private int asker;

    /// <summary>Forgets what was closed. Needed once groups moved for another reason than to make room.</summary>
    public void Reopen() => Array.Fill(closed, Open);

    /// <summary>Legs on which those who searched found nobody who could move even for a single traveller.</summary>
    public bool[] Closed => [.. closed.Select(least => least[0] <= 1)];

    /// <summary>Seats a group better than <paramref name="than"/>, moving only groups whose turn is after <paramref name="after"/>.</summary>
    public bool TrySeat(int group, Outcome than, int after, bool outOnly)
    {
        asker = than == Outcome.None && (terms.MoveHeld || turns[group].Tier <= terms.MovesForTier) ? group : int.MaxValue;
        // Short chains first: they disturb the fewest.
        foreach (var depth in (ReadOnlySpan<int>)[1, 2, int.MaxValue])
        {
            var found = Chain(group, than, after, outOnly, depth);
            foreach (var (leg, kinds) in triedList)
            {
                if (!found && depth == int.MaxValue) closed[leg] = Vector256.Min(closed[leg], failed[leg]);
                (tried[leg], failed[leg]) = (tried[leg] & ~kinds, Open);
            }
            triedList.Clear();
            if (found) return true;
        }
        return false;
    }

    private bool Chain(int group, Outcome than, int after, bool outOnly, int depth)
    {
        var (passage, need) = (groups[group]!.Passage, groups[group]!.Need);
        while (search.Find(passage, new RoomToMake(this, need, after), than, outOnly) is { } way)
        {
            var mark = seats.Mark;
            seats.Move(group, way);
            if (Relieved(group, way, after, depth)) return true;
            seats.BackTo(mark);
        }
        return false;
    }

    // Legs at the end of a way are those that all others want too, so they fail first.
    private bool Relieved(int group, int[] way, int after, int depth)
    {
        var need = groups[group]!.Need;
        var relieved = new List<(int Leg, Vector256<int> Kinds)>();
        for (var last = way.Length - 1; last >= 0; last--)
        {
            if (!IsShort(way[last], need)) continue;
            var place = Try(way[last], need);
            if (!Relieve(way[last], group, after, depth))
            {
                failed[way[last]] = Vector256.ConditionalSelect(place.Kinds, Vector256.Min(failed[way[last]], need.Counts), failed[way[last]]);
                tried[way[last]] &= ~place.Kinds;
                // What was relieved in vain is open to the next attempt, on another way.
                foreach (var before in relieved) (tried[before.Leg], _) = (tried[before.Leg] & ~before.Kinds, triedList.Remove(before));
                return false;
            }
            relieved.Add(place);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Relieve(int leg, int forWhom, int after, int depth)
    {
        var need = groups[forWhom]!.Need;
        var stuck = new HashSet<int>();
        foreach (var other in seats.Aboard(leg).AsEnumerable().Reverse().ToArray())
        {
            if (other <= after) break;
            var alike = groups[other]!;
            if (other == forWhom || IsBound(other) || !IsShort(leg, alike.Need) || stuck.Contains(alike.Number)) continue;

            var mark = seats.Mark;
            seats.Move(other, null);
            if (search.Find(alike.Passage, new FreeRoom(seats.Free, alike.Need), Outcome.None) is { } elsewhere)
                seats.Move(other, elsewhere);
            else if (depth == 1 || !Chain(other, Outcome.None, after, outOnly: true, depth - 1))
            {
                seats.BackTo(mark);
                stuck.Add(alike.Number);
                continue;
            }
            if (!IsShort(leg, need)) return true;
        }
        return false;
    }

    private bool IsBound(int other) => held[other] is not null && other <= asker;

    /// <summary>True where more is taken than there is, of a kind that is needed.</summary>
    private bool IsShort(int leg, Spaces need) => Short(leg, need) != Vector256<int>.Zero;

    private Vector256<int> Short(int leg, Spaces need) =>
        Vector256.LessThan(seats.Free[leg].Counts, Vector256<int>.Zero) & Vector256.GreaterThan(need.Counts, Vector256<int>.Zero);

    private (int Leg, Vector256<int> Kinds) Try(int leg, Spaces need)
    {
        var place = (leg, Short(leg, need));
        tried[leg] = Vector256.ConditionalSelect(place.Item2, need.Counts, tried[leg]);
        triedList.Add(place);
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool CouldHold(int leg, Spaces need, int after)
    {
        var free = seats.Free[leg];
        if (free.Hold(need)) return true;
        var shut = Vector256.GreaterThan(tried[leg], Vector256<int>.Zero) | Vector256.GreaterThanOrEqual(need.Counts, Vector256.Min(failed[leg], closed[leg]));
        if ((shut & Vector256.GreaterThan(need.Counts, free.Counts)) != Vector256<int>.Zero) return false;

        var aboard = seats.Aboard(leg);
        for (var last = aboard.Count - 1; last >= 0 && aboard[last] > after; last--)
            if (!IsBound(aboard[last]) && (free += groups[aboard[last]]!.Need).Hold(need))
                return true;
        return false;
    }

    private readonly struct RoomToMake(MakingRoom making, Spaces need, int after) : IRoom
    {
        public bool On(int leg) => making.CouldHold(leg, need, after);
    }
}
