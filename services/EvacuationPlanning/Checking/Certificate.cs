using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.EvacuationPlanning.Checking;

/// <summary>A group on its way; departures by number.</summary>
internal sealed record Seated(Group Group, Spaces Need, int[] Way);

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

    public Certificate(Timetable timetable, Spaces[] free, List<Seated> seated, Check.Answers answers)
    {
        (this.timetable, this.free, this.answers) = (timetable, free, answers);
        // The least urgent first: whom others may replace.
        this.seated = [.. seated.OrderByDescending(one => one.Group.Turn, Turn.Order)];
        aboard = [.. timetable.Runs.Select(_ => new List<Seated>())];
        foreach (var one in this.seated)
            foreach (var run in one.Way)
                aboard[run].Add(one);
    }

    public Barrier WhatStandsAgainst(Group group, Spaces need)
    {
        var reached = Reach(group, _ => true, out var hasWay);
        if (!hasWay) return new(false, null, 0, 0);
        Reach(group, run => Check.Fits(need, free[run]), out var goes);
        if (goes) return new(true, (null, false), 0, 0);

        // Legs on which one less urgent would leave enough, whoever that is on each: a quick no for most.
        bool OneWouldDo(int run) => LessUrgent(run, group).Any(other => Check.Fits(need, free[run] + other.Need));
        Reach(group, run => Check.Fits(need, free[run]) || OneWouldDo(run), out var perhaps);
        if (perhaps)
            foreach (var other in seated.TakeWhile(other => IsLess(other.Group, group)))
            {
                if (!other.Way.Any(run => !Check.Fits(need, free[run]) && Check.Fits(need, free[run] + other.Need))) continue;
                Reach(group, run => Check.Fits(need, other.Way.Contains(run) ? free[run] + other.Need : free[run]), out var instead);
                if (instead) return new(true, (other.Group.Id, false), 0, 0);
            }

        var full = reached.Where(run => !Check.Fits(need, free[run])).ToList();
        return new(true, null, full.Count, full.Count(run => !LessUrgent(run, group).Any()));
    }

    /// <summary>Who would be better off on free spaces, or by changing places with one less urgent while both still get out.</summary>
    public IEnumerable<(Guid Group, Guid? Other)> Late()
    {
        foreach (var one in seated)
        {
            if (Best(one, run => Check.Fits(one.Need, one.Way.Contains(run) ? free[run] + one.Need : free[run]))) yield return (one.Group.Id, null);
            else if (WhoGoesBefore(one) is { } other) yield return (one.Group.Id, other);
        }
    }

    private Guid? WhoGoesBefore(Seated one)
    {
        for (var run = 0; run < aboard.Length; run++)
        {
            if (aboard[run].Count == 0 || !IsLess(aboard[run][0].Group, one.Group) || !answers.For(one.Group).May[run] || Stands(one, one.Way.Length, run) is null) continue;
            foreach (var other in LessUrgent(run, one.Group))
                if (IsBetter(one, other.Way[^1]) && CanSwap(one, other, Array.IndexOf(other.Way, run)))
                    return other.Group.Id;
        }
        return null;
    }

    // One goes on as the other from the other's leg at this place; the other goes on as one did from where one changed.
    private bool CanSwap(Seated one, Seated other, int place)
    {
        if (Stands(one, one.Way.Length, other.Way[place]) is not { } taken) return false;
        int[] first = [.. one.Way[..taken], .. other.Way[place..]];
        var rest = one.Way[taken..];
        int[] second;
        if (rest.Length == 0)
        {
            if (place == 0 || timetable.CountryOf(timetable.Runs[other.Way[place - 1]].To) is null) return false;
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
        if (timetable.CountryOf(timetable.Runs[last].To) is not { } country || timetable.CountryOf(timetable.Runs[one.Way[^1]].To) is not { } now) return false;
        var (home, atHome) = (Check.Answers.IsHome(one.Group, country), Check.Answers.IsHome(one.Group, now));
        return home != atHome ? home : timetable.Runs[last].ArrivesAt < timetable.Runs[one.Way[^1]].ArrivesAt;
    }

    private bool Best(Seated one, Func<int, bool> room) => Reach(one.Group, room, out _).Any(run => IsBetter(one, run));

    private IEnumerable<Seated> LessUrgent(int run, Group group) => aboard[run].TakeWhile(other => IsLess(other.Group, group));

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
            leaves |= timetable.CountryOf(timetable.Runs[run].To) is not null;
            if (legs[run] < timetable.MostLegs)
                foreach (var next in timetable.Onward[run])
                    legs[next] = legs[next] == 0 ? legs[run] + 1 : Math.Min(legs[next], legs[run] + 1);
        }
        if (leaves) reached.RemoveAll(run => !room(run));
        return reached;
    }
}
