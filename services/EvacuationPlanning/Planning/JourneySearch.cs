using System.Collections.Immutable;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// Earliest arrival for one group at a time. Legs are scanned once in the order of departure (connection scan):
/// when a leg's turn comes, everything that could bring the group to it in time has been seen already.
/// The rules ask about single legs only, so the earliest way to a point is never worse than a later one.
/// </summary>
internal sealed class JourneySearch(Network network, Terms terms, Spaces[] free)
{
    /// <summary>Every rule on legs, and room on them as the last.</summary>
    public static int AllRules => WhoMayGo.LegRules.Length + 1;

    private const int FromStart = -1;

    // [legs taken at most][point]: when the group can be there, and by which leg.
    private readonly long[][] there = [.. Enumerable.Range(0, terms.MostLegs + 1).Select(_ => new long[network.Countries.Length])];
    private readonly int[][] by = [.. Enumerable.Range(0, terms.MostLegs + 1).Select(_ => new int[network.Countries.Length])];

    /// <summary>Legs that the last search reached and that only the strictest rule it applied kept it from.</summary>
    public List<Leg> Barred { get; } = [];

    /// <summary>The earliest way home, else the earliest way out of the crisis; the first <paramref name="rules"/> rules hold.</summary>
    public ImmutableArray<int>? Find(Group group, ImmutableArray<int> starts, int rules)
    {
        Begin(starts);
        var (need, homes) = (group.Need, group.Homes);
        var (home, refuge) = (FromStart, FromStart);

        for (var index = 0; index < network.Legs.Length; index++)
        {
            var leg = network.Legs[index];
            if (home >= 0 && leg.DepartsAt >= network.Legs[home].ArrivesAt) break;

            var taken = LegsBefore(leg);
            if (taken == terms.MostLegs || leg.ArrivesAt >= there[taken + 1][leg.To]) continue;

            var bar = FirstBar(group, need, index, rules);
            if (bar < rules)
            {
                if (bar == rules - 1) Barred.Add(leg);
                continue;
            }

            for (var legs = taken + 1; legs <= terms.MostLegs && leg.ArrivesAt < there[legs][leg.To]; legs++)
                (there[legs][leg.To], by[legs][leg.To]) = (leg.ArrivesAt, index);

            if (leg.ToCountry is not { } country) continue;
            if (homes.Contains(country)) home = Earlier(home, index);
            refuge = Earlier(refuge, index);
        }

        var last = home >= 0 ? home : refuge;
        return last < 0 ? null : WayTo(last);
    }

    private void Begin(ImmutableArray<int> starts)
    {
        Barred.Clear();
        for (var legs = 0; legs <= terms.MostLegs; legs++)
        {
            Array.Fill(there[legs], long.MaxValue);
            foreach (var start in starts)
                (there[legs][start], by[legs][start]) = (terms.NotBefore.UtcTicks, FromStart);
        }
    }

    // The fewest legs after which the group stands ready for this one; MostLegs when it is out of reach.
    private int LegsBefore(Leg leg)
    {
        var legs = 0;
        for (var change = 0L; legs < terms.MostLegs; legs++, change = terms.Connection.Ticks)
            if (there[legs][leg.From] <= leg.DepartsAt - change)
                break;
        return legs;
    }

    private int FirstBar(Group group, Spaces need, int index, int rules)
    {
        for (var rule = 0; rule < rules; rule++)
        {
            if (rule == WhoMayGo.LegRules.Length)
                return free[index].Hold(need) ? rules : rule;
            foreach (var traveller in group.Travellers)
                if (WhoMayGo.LegRules[rule].Bars(traveller, network.Legs[index]))
                    return rule;
        }
        return rules;
    }

    private int Earlier(int best, int index) =>
        best < 0 || network.Legs[index].ArrivesAt < network.Legs[best].ArrivesAt ? index : best;

    // A leg noted for a point may since have given way to an earlier one there, which still makes every connection.
    private ImmutableArray<int> WayTo(int last)
    {
        var way = new Stack<int>();
        var point = network.Legs[last].To;
        var legs = 0;
        while (by[legs][point] != last || there[legs][point] == long.MaxValue) legs++;
        for (; by[legs][point] != FromStart; point = network.Legs[by[legs][point]].From, legs--)
            way.Push(by[legs][point]);
        return [.. way];
    }
}
