using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.EvacuationPlanning.Checking;

/// <summary>A group on its way; departures by number.</summary>
/// <param name="Stays">Where it was before; it is asked for its place, not for the hour.</param>
internal sealed record Seated(Group Group, Spaces Need, int[] Way, bool Stays)
{
    public int Last => Way[^1];
}

/// <param name="HasWay">The rules and the timetable leave a way out, were there room.</param>
/// <param name="RoomFor">Set where there is room after all: free, or in the place of the other.</param>
internal sealed record Barrier(bool HasWay, (Guid? Other, bool _)? RoomFor, int Full, int AllMoreUrgent);

/// <summary>Whether urgency was respected, one group against one.</summary>
internal sealed class Certificate
{
    private readonly Timetable timetable;
    private readonly Spaces[] free;
    private readonly List<Seated> seated;
    private readonly Check.Answers answers;
    private readonly List<Seated>[] aboard;

    // For each departure the needs of those aboard, and for each need the least urgent who has it.
    private readonly Dictionary<Spaces, Seated>[] leastUrgent;

    public Certificate(Timetable timetable, Spaces[] free, List<Seated> seated, Check.Answers answers)
    {
        (this.timetable, this.free, this.answers) = (timetable, free, answers);
        // The least urgent first: whom others may replace.
        this.seated = [.. seated.OrderByDescending(one => one.Group.Turn, Turn.Order)];
        aboard = [.. timetable.Runs.Select(_ => new List<Seated>())];
        leastUrgent = [.. timetable.Runs.Select(_ => new Dictionary<Spaces, Seated>())];
        foreach (var one in this.seated)
            foreach (var run in one.Way)
            {
                aboard[run].Add(one);
                leastUrgent[run].TryAdd(one.Need, one);
            }
    }

    public Barrier WhatStandsAgainst(Group group, Spaces need)
    {
        var reached = Reach(group, _ => true, out var hasWay);
        if (!hasWay) return new(false, null, 0, 0);
        Reach(group, run => Check.Fits(need, free[run]), out var goes);
        if (goes) return new(true, (null, false), 0, 0);

        // Legs on which one less urgent would leave enough, whoever that is on each: a quick no for most.
        bool OneWouldDo(int run) => leastUrgent[run].Values.Any(other => Check.Fits(need, free[run] + other.Need) && IsLess(other.Group, group));
        Reach(group, run => Check.Fits(need, free[run]) || OneWouldDo(run), out var perhaps);
        if (perhaps)
            foreach (var other in seated.TakeWhile(other => IsLess(other.Group, group)))
            {
                if (!other.Way.Any(run => !Check.Fits(need, free[run]) && Check.Fits(need, free[run] + other.Need))) continue;
                Reach(group, run => Check.Fits(need, other.Way.Contains(run) ? free[run] + other.Need : free[run]), out var instead);
                if (instead) return new(true, (other.Group.Id, false), 0, 0);
            }

        var full = reached.Where(run => !Check.Fits(need, free[run])).ToList();
        return new(true, null, full.Count, full.Count(run => aboard[run] is not [var least, ..] || !IsLess(least.Group, group)));
    }

    /// <summary>Who would be better off on free spaces, or by changing places with one less urgent while both still get out.</summary>
    public IEnumerable<(Guid Group, Guid? Other)> Late()
    {
        foreach (var one in seated.Where(one => !one.Stays))
        {
            if (Best(one, run => Check.Fits(one.Need, one.Way.Contains(run) ? free[run] + one.Need : free[run]))) yield return (one.Group.Id, null);
            else if (WhoGoesBefore(one) is { } other) yield return (one.Group.Id, other);
        }
    }

    private Guid? WhoGoesBefore(Seated one)
    {
        var may = answers.For(one.Group).May;
        var better = timetable.Runs.Select((_, run) => may[run] && IsBetter(one, run)).ToArray();
        for (var run = 0; run < aboard.Length; run++)
        {
            if (!may[run] || aboard[run] is not [var least, ..] || !IsLess(least.Group, one.Group) || Stands(one, one.Way.Length, run) is null) continue;
            foreach (var other in aboard[run])
                if (!other.Stays && better[other.Last] && IsLess(other.Group, one.Group) && CanSwap(one, other, Array.IndexOf(other.Way, run)))
                    return other.Group.Id;
        }
        return null;
    }

    // One goes on as the other from the other's leg at this place; the other goes on as one did from where one changed.
    private bool CanSwap(Seated one, Seated other, int place)
    {
        foreach (var run in other.Way.AsSpan(place))
            if (!one.Way.Contains(run) && !Check.Fits(one.Need, free[run] + other.Need))
                return false;
        if (Stands(one, one.Way.Length, other.Way[place]) is not { } taken) return false;
        int[] first = [.. one.Way[..taken], .. other.Way[place..]];
        var rest = one.Way[taken..];
        int[] second;
        if (rest.Length == 0)
        {
            if (place == 0 || timetable.EndsIn[other.Way[place - 1]] is null) return false;
            second = other.Way[..place];
        }
        else if (Stands(other, place, rest[0]) is { } kept) second = [.. other.Way[..kept], .. rest];
        else return false;

        return first.Length <= timetable.MostLegs && second.Length <= timetable.MostLegs
            && first.All(run => answers.For(one.Group).May[run]) && second.All(run => answers.For(other.Group).May[run])
            && first.Concat(second).All(run =>
            {
                var room = free[run];
                if (one.Way.Contains(run)) room += one.Need;
                if (other.Way.Contains(run)) room += other.Need;
                if (first.Contains(run)) room -= one.Need;
                if (second.Contains(run)) room -= other.Need;
                return Check.Fits(default, room);
            });
    }

    // After how many of the first legs of its way a group can board this run: none where it starts there.
    private int? Stands(Seated one, int legs, int run)
    {
        if (answers.For(one.Group).Start[run]) return 0;
        for (var taken = 1; taken <= legs; taken++)
            if (timetable.Connects(one.Way[taken - 1], run))
                return taken;
        return null;
    }

    private bool IsBetter(Seated one, int last)
    {
        if (timetable.EndsIn[last] is not { } country || timetable.EndsIn[one.Last] is not { } now) return false;
        var (home, atHome) = (Check.Answers.IsHome(one.Group, country), Check.Answers.IsHome(one.Group, now));
        return home != atHome ? home : timetable.Runs[last].ArrivesAt < timetable.Runs[one.Last].ArrivesAt;
    }

    private bool Best(Seated one, Func<int, bool> room) => Reach(one.Group, room, out _).Any(run => IsBetter(one, run));

    private static bool IsLess(Group one, Group than) => Turn.Order.Compare(one.Turn, than.Turn) > 0;

    // Every leg the group can come to be on, with no more legs before it than are allowed.
    private List<int> Reach(Group group, Func<int, bool> room, out bool leaves)
    {
        leaves = false;
        var (may, start) = answers.For(group);
        var reached = new List<int>();
        var legs = new int[may.Length];
        for (var run = 0; run < may.Length; run++)
        {
            if (start[run]) legs[run] = 1;
            if (!may[run] || legs[run] == 0) continue;
            reached.Add(run);
            if (!room(run)) continue;
            leaves |= timetable.EndsIn[run] is not null;
            if (legs[run] < timetable.MostLegs)
                foreach (var next in timetable.Onward[run])
                    legs[next] = legs[next] == 0 ? legs[run] + 1 : Math.Min(legs[next], legs[run] + 1);
        }
        if (leaves) reached.RemoveAll(run => !room(run));
        return reached;
    }
}
