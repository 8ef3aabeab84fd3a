using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>What a journey comes to: home before a refuge, then the sooner the better.</summary>
internal readonly record struct Outcome(bool AtHome, long ArrivesAt)
{
    /// <summary>Every journey is better than none.</summary>
    public static Outcome None { get; } = new(false, long.MaxValue);

    public bool IsBetterThan(Outcome other) => AtHome != other.AtHome ? AtHome : ArrivesAt < other.ArrivesAt;
}

/// <summary>Says whether a group could be on a leg. Implemented by structs only, so that the search is compiled for each.</summary>
internal interface IRoom
{
    bool On(int leg);
}

internal readonly struct AnyRoom : IRoom
{
    public bool On(int leg) => true;
}

internal readonly struct FreeRoom(Spaces[] free, Spaces need) : IRoom
{
    public bool On(int leg) => free[leg].Hold(need);
}

/// <summary>For a group that is seated: where it sits it may stay.</summary>
internal readonly struct OwnOrFreeRoom(Spaces[] free, Spaces need, int[] own) : IRoom
{
    public bool On(int leg) => free[leg].Hold(need) || own.AsSpan().Contains(leg);
}

/// <summary>
/// Earliest arrival for one group at a time. Legs are scanned once in the order of departure (connection scan):
/// when a leg's turn comes, everything that could bring the group to it in time has been seen already.
/// Rules and room ask about single legs only, so the earliest way to a point is never worse than a later one.
/// </summary>
internal sealed class JourneySearch(Network network, Terms terms)
{
    private const int FromStart = -1;

    private readonly int points = network.Points, most = terms.MostLegs;
    private readonly long notBefore = terms.NotBefore.UtcTicks;
    private readonly long[] connection = [.. network.Connections.Select(own => (own ?? terms.Connection).Ticks)];
    private readonly (long DepartsAt, long ArrivesAt, int From, int To, bool EndsOutside)[] legs =
        [.. network.Legs.Select(leg => (leg.DepartsAt, leg.ArrivesAt, leg.From, leg.To, leg.ToCountry is not null))];

    // [legs taken at most × points + point]: when the group can be there, and by which leg.
    private readonly long[] there = new long[(terms.MostLegs + 1) * network.Points];
    private readonly int[] by = new int[(terms.MostLegs + 1) * network.Points];

    /// <summary>How many searches were made: the measure of effort, which unlike time is the same in every run.</summary>
    public int Searches { get; private set; }

    /// <summary>The best way with room on it that is better than <paramref name="than"/>; null when there is none.</summary>
    /// <param name="outOnly">Looks no further than the first country outside the crisis.</param>
    /// <param name="full">Collects the legs that would have brought the group on, had there been room.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int[]? Find<TRoom>(Passage passage, TRoom room, Outcome than, bool outOnly = false, ICollection<int>? full = null) where TRoom : struct, IRoom
    {
        Searches++;
        Begin(passage.Starts);
        var seeksHome = !outOnly && passage.LeadsHome;
        var (home, refuge) = (FromStart, FromStart);
        var homeBy = than.AtHome ? than.ArrivesAt : long.MaxValue;
        var refugeBy = than.AtHome ? long.MinValue : than.ArrivesAt;

        foreach (var index in outOnly ? passage.LegsOut : passage.Legs)
        {
            ref readonly var leg = ref legs[index];
            if (leg.DepartsAt >= (seeksHome ? homeBy : refugeBy)) break;

            var taken = LegsBefore(leg.From, leg.DepartsAt);
            if (taken == most || leg.ArrivesAt >= there[((taken + 1) * points) + leg.To]) continue;
            if (!room.On(index))
            {
                full?.Add(index);
                continue;
            }
            Relax(index, taken);

            if (!leg.EndsOutside) continue;
            if (leg.ArrivesAt < refugeBy) (refuge, refugeBy) = (index, leg.ArrivesAt);
            if (seeksHome && leg.ArrivesAt < homeBy && passage.EndsAtHome[index]) (home, homeBy) = (index, leg.ArrivesAt);
        }

        var last = home >= 0 ? home : refuge;
        return last < 0 ? null : WayTo(last);
    }

    /// <summary>Legs among <paramref name="may"/> that can be caught, in the order of departure.</summary>
    public List<int> Reached(ImmutableArray<int> starts, IndexSet may)
    {
        Begin(starts);
        var reached = new List<int>();
        for (var index = 0; index < legs.Length; index++)
        {
            if (!may[index] || LegsBefore(legs[index].From, legs[index].DepartsAt) is var taken && taken == most) continue;
            reached.Add(index);
            Relax(index, taken);
        }
        return reached;
    }

    /// <summary>After how many legs of <paramref name="way"/> a group stands ready for this leg; none when it never does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int? Meets(Passage passage, ReadOnlySpan<int> way, int leg)
    {
        var (departs, _, from, _, _) = legs[leg];
        if (departs >= notBefore)
            foreach (var start in passage.Starts)
                if (start == from)
                    return 0;
        for (var taken = 0; taken < way.Length; taken++)
            if (legs[way[taken]].To == from && legs[way[taken]].ArrivesAt <= departs - connection[from])
                return taken + 1;
        return null;
    }

    /// <summary>As much of <paramref name="way"/> as it takes to change to <paramref name="rest"/>, and then that; null where this leads nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int[]? Join(Passage passage, ReadOnlySpan<int> way, ReadOnlySpan<int> rest)
    {
        if (rest.IsEmpty) return !way.IsEmpty && legs[way[^1]].EndsOutside ? way.ToArray() : null;
        return Meets(passage, way, rest[0]) is { } taken && taken + rest.Length <= most ? [.. way[..taken], .. rest] : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndsBetter(Passage passage, int leg, Outcome than) =>
        legs[leg].EndsOutside && new Outcome(passage.EndsAtHome[leg], legs[leg].ArrivesAt).IsBetterThan(than);

    public Outcome OutcomeOf(Passage passage, int[] way) => new(passage.EndsAtHome[way[^1]], legs[way[^1]].ArrivesAt);

    private void Begin(ImmutableArray<int> starts)
    {
        Array.Fill(there, long.MaxValue);
        foreach (var start in starts)
            for (var at = start; at < there.Length; at += points)
                (there[at], by[at]) = (notBefore, FromStart);
    }

    // The fewest legs after which the group stands ready for this one; the most allowed when it is out of reach.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int LegsBefore(int point, long departsAt)
    {
        if (there[point] <= departsAt) return 0;
        var ready = departsAt - connection[point];
        // With more legs nobody comes later.
        if (there[((most - 1) * points) + point] > ready) return most;
        for (var taken = 1; taken < most; taken++)
            if (there[(taken * points) + point] <= ready)
                return taken;
        return most;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Relax(int index, int taken)
    {
        var (_, arrives, _, to, _) = legs[index];
        for (var at = ((taken + 1) * points) + to; at < there.Length && arrives < there[at]; at += points)
            (there[at], by[at]) = (arrives, index);
    }

    // A leg noted for a point may since have given way to an earlier one there, which still makes every connection.
    private int[] WayTo(int last)
    {
        var at = legs[last].To;
        while (by[at] != last || there[at] == long.MaxValue) at += points;
        var way = new Stack<int>();
        for (; by[at] != FromStart; at += legs[way.Peek()].From - legs[way.Peek()].To - points)
            way.Push(by[at]);
        return [.. way];
    }
}
