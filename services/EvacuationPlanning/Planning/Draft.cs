using System.Runtime.CompilerServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// A plan in the making. Groups are numbers in the order of their turn; those without an <see cref="Alike"/> are not to be seated.
/// One against one, urgency decides, about the seat and about the hour; only where one group stands against several are people counted.
/// </summary>
/// <param name="held">The ways that groups hold since an earlier plan and are on.</param>
internal sealed class Draft(JourneySearch search, Seats seats, Alike?[] groups, IReadOnlyList<Group> turns, int[]?[] held, Terms terms)
{
    /// <summary>How many searches the steps that only polish may take: a tenth of a second, and the same in every run.</summary>
    private const int Effort = 50_000;

    // Where most of a plan stands already there is less to polish, and somebody waits for the answer.
    private readonly int effort = held.Any(way => way is not null) ? Effort / 5 : Effort;

    private readonly MakingRoom making = new(search, seats, groups, held, turns, terms);

    private int rounds = Effort;

    // When it was last found that nothing better is open to a group, and to the one asked last of those alike on a way.
    private readonly int[] settledAt = [.. Enumerable.Repeat(-1, groups.Length)];
    private readonly Dictionary<(int Alike, int[] Way), (int Group, int At)> settledBy = [];

    /// <summary>By tier: where those of it and of the tiers before it who are left behind found nobody who could move.</summary>
    public Dictionary<int, bool[]> Closed { get; } = [];

    public void Make()
    {
        SeatInTurn();
        SeatSeveralForOne();
        do
        {
            while (LetTheUrgentGo()) SeatInTurn();
            GoBack();
            while (BringForward()) { }
        }
        while (SeatInTurn() | GoBack() | LetTheUrgentGo());
    }

    /// <summary>A group that holds a place gives it up for somebody only where that is said; otherwise it is moved at the most.</summary>
    private bool MayLose(int group) => held[group] is null || terms.MoveHeld;

    /// <summary>Nobody moves it for the sake of the hour alone.</summary>
    private bool IsSettled(int group) => held[group] is { } way && (!terms.MoveHeld || way.AsSpan().SequenceEqual(seats.WayOf(group)));

    /// <summary>Whoever was moved goes back where there is room again: as few are moved as can be.</summary>
    private bool GoBack()
    {
        var anybody = false;
        for (var group = 0; group < held.Length; group++)
        {
            if (held[group] is not { } own || seats.WayOf(group) is not { } way || own.AsSpan().SequenceEqual(way)) continue;
            var room = new OwnOrFreeRoom(seats.Free, groups[group]!.Need, way);
            if (!own.All(room.On)) continue;
            seats.Move(group, own);
            anybody = true;
        }
        return anybody;
    }

    private IEnumerable<int> Seated => Enumerable.Range(0, groups.Length).Where(group => groups[group] is not null && seats.WayOf(group) is not null);

    private IEnumerable<int> Waiting => Enumerable.Range(0, groups.Length).Where(group => groups[group] is not null && seats.WayOf(group) is null);

    /// <summary>
    /// Each group in its turn gets the best way that is left, or room is made for it. Nobody seated before loses their way out,
    /// so no group of lower urgency, however large, can keep out one of higher urgency.
    /// </summary>
    private bool SeatInTurn()
    {
        making.Reopen();
        var anybody = false;
        var known = new Dictionary<int, int[]?>();
        foreach (var tier in Waiting.GroupBy(group => turns[group].Tier).ToList())
        {
            anybody |= SeatInTurn(tier, known);
            Closed[tier.Key] = making.Closed;
        }
        return anybody;
    }

    private bool SeatInTurn(IEnumerable<int> those, Dictionary<int, int[]?> known)
    {
        var anybody = false;
        foreach (var group in those)
        {
            var alike = groups[group]!;
            // As long as nobody moves, room only shrinks: the best way stays the best while it holds, and no way stays none.
            if (known.TryGetValue(alike.Number, out var way) && way is null) continue;
            if (way is null || !way.All(leg => seats.Free[leg].Hold(alike.Need)))
                way = search.Find(alike.Passage, new FreeRoom(seats.Free, alike.Need), Outcome.None);

            if (way is not null) seats.Move(group, way);
            else if (making.TrySeat(group, Outcome.None, after: -1, outOnly: true))
            {
                foreach (var stale in known.Keys.Where(number => known[number] is not null).ToList()) known.Remove(stale);
                anybody = true;
                continue;
            }
            anybody |= way is not null;
            known[alike.Number] = way;
        }
        return anybody;
    }

    /// <summary>
    /// Where the last free spaces are too few for anybody left, one group may stand aside for several of its tier who are more
    /// people together, unless it could take the place of one of them.
    /// </summary>
    private void SeatSeveralForOne()
    {
        var most = search.Searches + effort;
        foreach (var tier in turns.Select(group => group.Tier).Distinct().ToList())
        {
            var rivals = Seated.Where(group => turns[group].Tier == tier && turns[group].Souls > 1 && held[group] is null).Reverse().ToList();
            var left = Left();
            for (var index = 0; index < rivals.Count && search.Searches < most && left.Count > 0; index++)
                if (StandAside(rivals[index], left, most))
                    left = Left();

            List<int> Left() => [.. Waiting.Where(group => turns[group].Tier == tier)];
        }
    }

    private bool StandAside(int rival, List<int> left, int most)
    {
        var mark = seats.Mark;
        foreach (var order in (IEnumerable<int>[])[left, left.OrderByDescending(group => turns[group].Souls)])
        {
            seats.Move(rival, null);
            making.Reopen();
            var (won, failed) = (0, new HashSet<Alike>());
            foreach (var group in order)
            {
                if (search.Searches >= most || failed.Contains(groups[group]!)) continue;
                if (making.TrySeat(group, Outcome.None, after: -1, outOnly: true)) won += turns[group].Souls;
                else failed.Add(groups[group]!);
            }
            if (won > turns[rival].Souls && Exchange(rival) is null) return true;
            seats.BackTo(mark);
        }
        return false;
    }

    /// <summary>Nobody is left behind who would fit in the place of one less urgent.</summary>
    private bool LetTheUrgentGo()
    {
        var anybody = false;
        var asked = new HashSet<int>();
        foreach (var group in Waiting.ToList())
        {
            // The less urgent of two alike has fewer to take a place from.
            if (asked.Contains(groups[group]!.Number)) continue;
            if (Exchange(group) is not { } found)
            {
                asked.Add(groups[group]!.Number);
                continue;
            }
            seats.Move(found.Other, null);
            seats.Move(group, found.Way);
            making.Reopen();
            making.TrySeat(found.Other, Outcome.None, after: -1, outOnly: true);
            anybody = true;
        }
        return anybody;
    }

    /// <summary>Nobody arrives later than they would by changing places with one less urgent, if both still get out.</summary>
    private bool BringForward()
    {
        var anybody = false;
        seats.SpreadNews();
        foreach (var group in Seated.Where(group => !IsSettled(group)).ToList())
        {
            while (Advance(group, Since(group)))
            {
                anybody = true;
                seats.SpreadNews();
            }
            settledAt[group] = seats.Clock;
            settledBy[(groups[group]!.Number, seats.WayOf(group)!)] = (group, seats.Clock);
        }
        return anybody;

        // What the more urgent of two alike on the same way did not find, the other does not find either.
        int Since(int group) => settledBy.TryGetValue((groups[group]!.Number, seats.WayOf(group)!), out var settled) && settled.Group < group
            ? Math.Max(settled.At, settledAt[group]) : settledAt[group];
    }

    private bool Advance(int group, int since)
    {
        if (since == seats.Clock) return false;
        var alike = groups[group]!;
        var way = seats.WayOf(group)!;
        var now = search.OutcomeOf(alike.Passage, way);
        if (search.Find(alike.Passage, new OwnOrFreeRoom(seats.Free, alike.Need, way), now) is not { } better)
            return ChangePlaces(group, now, way.Any(leg => seats.ChangedAt(leg) > since) ? -1 : since) || MoveOthersOn(group, now);
        seats.Move(group, better);
        return true;
    }

    // Three or more change places in a round, all others less urgent. For single travellers on direct transports this makes the
    // hours, too, the best there are in the order of urgency; among ten thousands of groups there is no time to try it for all.
    private bool MoveOthersOn(int group, Outcome now)
    {
        if (rounds <= 0) return false;
        var (mark, before) = (seats.Mark, search.Searches);
        seats.Move(group, null);
        making.Reopen();
        var moved = making.TrySeat(group, now, after: group, outOnly: false);
        if (!moved) seats.BackTo(mark);
        rounds -= search.Searches - before;
        return moved;
    }

    /// <summary>
    /// Changes places with one less urgent and so comes to something better than <paramref name="now"/>: all the way, or from a
    /// point that both come through.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ChangePlaces(int group, Outcome now, int since)
    {
        var (alike, way) = (groups[group]!, seats.WayOf(group)!);
        foreach (var leg in alike.Passage.Legs)
        {
            if (seats.ChangedNear(leg) <= since || seats.Aboard(leg) is not [.., var least] || least <= group || search.Meets(alike.Passage, way, leg) is null) continue;
            // What is tried may add to the list.
            for (var on = 0; on < seats.CompanionsOn(leg).Count; on++)
            {
                var companions = seats.CompanionsOn(leg)[on];
                if (companions.Least <= group || !search.EndsBetter(alike.Passage, companions.End, now)) continue;
                var (place, others) = (companions.Way, companions.Groups);
                var rest = place.AsSpan(Array.IndexOf(place, leg));
                if (!alike.Passage.Allows(rest) || search.Join(alike.Passage, way, rest) is not { } better) continue;
                var missing = Missing(rest);
                for (var index = others.Count - 1; index >= 0 && others[index] > group; index--)
                    if (!IsSettled(others[index]) && groups[others[index]]!.Need.Hold(missing) && Change(group, better, others[index], rest.Length))
                        return true;
            }
        }
        return false;

        // What the other must give up on legs that the group is not on already.
        Spaces Missing(ReadOnlySpan<int> rest)
        {
            var most = default(Spaces);
            foreach (var leg in rest)
                if (!way.Contains(leg))
                    most = Spaces.Most(most, alike.Need - seats.Free[leg]);
            return most;
        }
    }

    /// <summary>A group goes on as another, which goes on as the group did from where they meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Change(int group, int[] better, int other, int shared)
    {
        var (need, two) = (groups[group]!.Need, groups[other]!);
        var (way, place) = (seats.WayOf(group)!, seats.WayOf(other)!);
        var rest = way.AsSpan(better.Length - shared);
        if (!two.Passage.Allows(rest) || search.Join(two.Passage, place.AsSpan(0, place.Length - shared), rest) is not { } others) return false;

        foreach (var leg in rest)
            if (!place.Contains(leg) && !(better.Contains(leg) ? seats.Free[leg] : seats.Free[leg] + need).Hold(two.Need))
                return false;
        foreach (var leg in better)
            if (!way.Contains(leg) && !(others.Contains(leg) ? seats.Free[leg] : seats.Free[leg] + two.Need).Hold(need))
                return false;

        seats.Move(group, null);
        seats.Move(other, others);
        seats.Move(group, better);
        return true;
    }

    /// <summary>One less urgent group in whose place this one, which is left behind, would get out.</summary>
    private (int Other, int[] Way)? Exchange(int group)
    {
        // Were each full leg to give the place of one, whoever that is: where even this is no way, nobody needs to be asked.
        var (passage, need) = (groups[group]!.Passage, groups[group]!.Need);
        if (search.Find(passage, new PlaceOfOne(this, group), Outcome.None, outOnly: true) is null) return null;

        var asked = new HashSet<(Spaces, int[])>();
        foreach (var other in passage.LegsOut.Where(leg => !seats.Free[leg].Hold(need))
            .SelectMany(leg => seats.Aboard(leg).Where(other => IsEnough(leg, group, other))).Distinct().OrderDescending().ToList())
        {
            if (!asked.Add((groups[other]!.Need, seats.WayOf(other)!))) continue;
            var mark = seats.Mark;
            seats.Move(other, null);
            var way = search.Find(passage, new FreeRoom(seats.Free, need), Outcome.None);
            seats.BackTo(mark);
            if (way is not null) return (other, way);
        }
        return null;
    }

    private bool IsEnough(int leg, int group, int other) => other > group && MayLose(other) && (seats.Free[leg] + groups[other]!.Need).Hold(groups[group]!.Need);

    private bool HoldsInPlaceOfOne(int leg, int group)
    {
        if (seats.Free[leg].Hold(groups[group]!.Need)) return true;
        var aboard = seats.Aboard(leg);
        for (var last = aboard.Count - 1; last >= 0 && aboard[last] > group; last--)
            if (IsEnough(leg, group, aboard[last]))
                return true;
        return false;
    }

    private readonly struct PlaceOfOne(Draft draft, int group) : IRoom
    {
        public bool On(int leg) => draft.HoldsInPlaceOfOne(leg, group);
    }
}
