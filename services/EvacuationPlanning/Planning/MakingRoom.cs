namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// Finds room for a group by moving others, who all keep a way out. For single travellers on one leg this is the search
/// for an augmenting path (Kuhn), which finds room whenever there is any; with groups, kinds of spaces and several legs
/// it can miss room, never invent it.
/// </summary>
internal sealed class MakingRoom(JourneySearch search, Seats seats, Alike?[] groups, int[]?[] held, IReadOnlyList<Group> turns, Terms terms)
{
    private const int Kinds = 3;

    // Per leg and kind. Tried: who was turned away in the search under way. Closed: the least need for which a search that
    // failed found nobody to move; as room only shrinks, nobody who needs as much has to ask there again.
    private readonly int[] tried = new int[seats.Free.Length * Kinds];
    private readonly int[] closed = [.. Enumerable.Repeat(int.MaxValue, seats.Free.Length * Kinds)];
    private readonly List<int> triedList = [];

    // For whom room is made: of those who hold places only the less urgent are moved, and nobody where this is the last of all.
    private int asker;

    /// <summary>Forgets what was closed. Needed once groups moved for another reason than to make room.</summary>
    public void Reopen() => Array.Fill(closed, int.MaxValue);

    /// <summary>Seats a group better than <paramref name="than"/>, moving only groups whose turn is after <paramref name="after"/>.</summary>
    public bool TrySeat(int group, Outcome than, int after, bool outOnly)
    {
        asker = than == Outcome.None && (terms.MoveHeld || turns[group].Tier <= terms.MovesForTier) ? group : int.MaxValue;
        // Short chains first: they disturb the fewest.
        foreach (var depth in (ReadOnlySpan<int>)[1, 2, int.MaxValue])
        {
            var found = Chain(group, than, after, outOnly, depth);
            foreach (var place in triedList)
            {
                if (!found && depth == int.MaxValue) closed[place] = Math.Min(closed[place], tried[place]);
                tried[place] = 0;
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
        var relieved = new List<int>();
        for (var last = way.Length - 1; last >= 0; last--)
        {
            if (!IsShort(way[last], need)) continue;
            var places = Try(way[last], need);
            if (!Relieve(way[last], group, after, depth))
            {
                // What was relieved in vain is open to the next attempt, on another way.
                foreach (var place in relieved) (tried[place], _) = (0, triedList.Remove(place));
                return false;
            }
            relieved.AddRange(places);
        }
        return true;
    }

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
    private bool IsShort(int leg, Spaces need)
    {
        var free = seats.Free[leg];
        return (free.Seats < 0 && need.Seats > 0) || (free.Wheelchairs < 0 && need.Wheelchairs > 0) || (free.Stretchers < 0 && need.Stretchers > 0);
    }

    private List<int> Try(int leg, Spaces need)
    {
        var (free, place, places) = (seats.Free[leg], leg * Kinds, new List<int>(Kinds));
        Note(place, free.Seats, need.Seats);
        Note(place + 1, free.Wheelchairs, need.Wheelchairs);
        Note(place + 2, free.Stretchers, need.Stretchers);
        triedList.AddRange(places);
        return places;

        void Note(int where, int left, int needed)
        {
            if (left >= 0 || needed == 0) return;
            tried[where] = needed;
            places.Add(where);
        }
    }

    private bool CouldHold(int leg, Spaces need, int after)
    {
        var free = seats.Free[leg];
        if (free.Hold(need)) return true;
        var place = leg * Kinds;
        if (IsShut(place, need.Seats, free.Seats) || IsShut(place + 1, need.Wheelchairs, free.Wheelchairs) || IsShut(place + 2, need.Stretchers, free.Stretchers))
            return false;

        var aboard = seats.Aboard(leg);
        for (var last = aboard.Count - 1; last >= 0 && aboard[last] > after; last--)
            if (!IsBound(aboard[last]) && (free += groups[aboard[last]]!.Need).Hold(need))
                return true;
        return false;
    }

    private bool IsShut(int place, int need, int free) => need > free && (tried[place] > 0 || need >= closed[place]);

    private readonly struct RoomToMake(MakingRoom making, Spaces need, int after) : IRoom
    {
        public bool On(int leg) => making.CouldHold(leg, need, after);
    }
}
