using System.Runtime.CompilerServices;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// How many people any plan at all could bring out. Why it holds: put a price, any price of at least nothing, on every space
/// of every leg. In a plan each group that goes has paid at least for its cheapest way, and all together have paid no more than
/// all spaces cost. So the people who go are at most what all spaces cost, plus for each group its people less the price of
/// its cheapest way where that is more than nothing (Lagrange). Groups may be cut to pieces here, change as often as they like
/// and stop in the first country outside: each of these only lets more people go. Better prices give a lower bound, and each is
/// valid. They are looked for from two sides, from legs that are full and from legs on which nobody could move, and mended
/// while somebody pays for two seats where one would do. A search along the slope (subgradient) was tried and never found better ones.
/// </summary>
internal sealed class UpperBound
{
    /// <summary>The price of a person. Whole numbers, so that the bound holds to the last person.</summary>
    private const long Person = 1 << 20;

    private const int Kinds = 3, AsGoodAsFull = 3, Discounts = 4;

    private readonly Network network;
    private readonly Terms terms;
    private readonly Spaces[] spaces;
    private readonly List<Wish> wishes = [];
    private readonly Dictionary<Alike, Wish> ofAlike = [];
    private readonly Dictionary<Way, long?> ofOneSeat = new(ReferenceEqualityComparer.Instance);
    private readonly long[] prices, cheapest, costs;
    private readonly int[][] from;
    private readonly (int From, int To, bool LeavesCrisis)[] legs;

    /// <summary>Groups that may go the same ways out and need the same: how many there are of each number of people, tier by tier.</summary>
    private sealed record Wish(Way Way, Spaces Need, SortedDictionary<(int Tier, int Souls), int> Groups);

    /// <summary>Legs out of the crisis as a row of departures (index) and arrivals (complement of the index), connections kept.</summary>
    private sealed record Way(int[] Starts, int[] Events);

    /// <param name="spaces">What there is on each leg beyond what is held.</param>
    public UpperBound(Network network, Terms terms, Spaces[] spaces, IEnumerable<(Alike Alike, int Tier, int Souls)> groups)
    {
        (this.network, this.terms, this.spaces) = (network, terms, spaces);
        (prices, costs) = (new long[spaces.Length * Kinds], new long[spaces.Length]);
        cheapest = new long[network.Points];
        from = [.. cheapest.Select((_, point) => Enumerable.Range(0, spaces.Length).Where(leg => network.Legs[leg] is { FromCountry: null } run && run.From == point).ToArray())];

        legs = [.. network.Legs.Select(leg => (leg.From, leg.To, leg.LeavesCrisis))];

        var ways = new Dictionary<(IndexSet, IndexSet), Way>();
        var known = new Dictionary<(Way, Spaces), Wish>();
        foreach (var (alike, tier, souls) in groups)
        {
            if (!ofAlike.TryGetValue(alike, out var wish)) ofAlike.Add(alike, wish = WishOf(alike));
            wish.Groups[(tier, souls)] = wish.Groups.GetValueOrDefault((tier, souls)) + 1;
        }

        Wish WishOf(Alike alike)
        {
            var (starts, legs) = (alike.Passage.Starts, alike.Passage.LegsOut);
            var key = (IndexSet.Of(cheapest.Length, starts.AsSpan()), IndexSet.Of(spaces.Length, legs));
            if (!ways.TryGetValue(key, out var way))
                ways.Add(key, way = new([.. starts], [.. legs
                    .SelectMany(leg => ((long At, int Event)[])[(network.Legs[leg].DepartsAt, leg), (network.ReadyAfter(network.Legs[leg], terms), ~leg)])
                    .OrderBy(step => step.At).ThenBy(step => step.Event).Select(step => step.Event)]));
            if (!known.TryGetValue((way, alike.Need), out var wish))
            {
                known.Add((way, alike.Need), wish = new(way, alike.Need, []));
                wishes.Add(wish);
            }
            return wish;
        }
    }

    /// <summary>At most so many people of this tier and those before it. Looks for better prices as long as more than <paramref name="placed"/> seem possible.</summary>
    /// <param name="left">What a plan that places so many leaves on each leg; tells where spaces are scarce.</param>
    /// <param name="closed">Legs on which nobody could move for anybody left behind; empty where this was not asked.</param>
    /// <param name="taken">The ways that it uses; nobody would pay more for theirs than another costs.</param>
    public int Through(int tier, int placed, Spaces[] left, bool[] closed, IReadOnlyCollection<(Alike Alike, int[] Way)> taken)
    {
        var asked = wishes.Select(wish => (Wish: wish, Groups: wish.Groups.Where(group => group.Key.Tier <= tier).Select(group => (group.Key.Souls, Many: group.Value)).ToArray()))
            .Where(wish => wish.Groups.Length > 0).ToList();
        var best = (Bound: long.MaxValue, Prices: prices);
        var easy = new bool[spaces.Length];
        AskMostWhereFull(left, easy);
        Keep();
        for (var round = 0; round < Discounts && best.Bound / Person > placed; round++)
        {
            // From one point all up to some hour, as before people come from afar there may be room for everybody; then one by one.
            var dear = Overpaid(taken);
            var before = best.Bound;
            foreach (var some in dear.Select(leg => network.Legs[leg].From).Distinct().SelectMany(UpToSomeHour).Concat(dear.Select(leg => (int[])[leg])))
            {
                var was = some.Where(leg => !easy[leg]).ToList();
                if (was.Count == 0 || best.Bound / Person <= placed) continue;
                foreach (var leg in was) easy[leg] = true;
                AskMostWhereFull(left, easy);
                if (!Keep())
                    foreach (var leg in was) easy[leg] = false;
            }
            best.Prices.CopyTo(prices, 0);
            if (best.Bound == before) break;
        }
        if (closed.Length > 0 && best.Bound / Person > placed)
        {
            var full = best;
            AskWhereClosed();
            if (full.Bound < best.Bound) best = full;
        }
        return (int)(best.Bound / Person);

        // Who is left behind and whoever could make room meets a closed leg on every way; on some they meet two, where one is enough.
        void AskWhereClosed()
        {
            for (var place = 0; place < prices.Length; place++) prices[place] = place % Kinds == 0 && closed[place / Kinds] ? Person : 0;
            best.Bound = long.MaxValue;
            Keep();
            for (var (round, before) = (0, long.MaxValue); round < Discounts && best.Bound < before && best.Bound / Person > placed; round++)
            {
                before = best.Bound;
                best.Prices.CopyTo(prices, 0);
                var dear = Overpaid(taken);
                foreach (var some in dear.GroupBy(leg => (network.Legs[leg].From, network.Legs[leg].To)).SelectMany(BeforeOrAfterSomeHour).Concat(dear.Select(leg => (int[])[leg])))
                {
                    best.Prices.CopyTo(prices, 0);
                    foreach (var leg in some) prices[leg * Kinds] = 0;
                    Keep();
                }
            }
        }

        static IEnumerable<int[]> BeforeOrAfterSomeHour(IEnumerable<int> line)
        {
            int[] all = [.. line];
            for (var many = 2; many <= all.Length; many++)
            {
                yield return all[..many];
                yield return all[^many..];
            }
        }

        IEnumerable<int[]> UpToSomeHour(int point)
        {
            int[] all = [.. Enumerable.Range(0, spaces.Length).Where(leg => network.Legs[leg].From == point)];
            for (var many = all.Length; many > 1; many--) yield return all[..many];
        }

        bool Keep()
        {
            var bound = Bound(asked);
            if (bound >= best.Bound) return false;
            best = (bound, (long[])prices.Clone());
            return true;
        }
    }

    // To be at a point costs what the cheapest way out from there costs, a person's price where there is none. A full leg is as
    // dear as makes it worth no more than waiting for a later one; any other leg is free.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AskMostWhereFull(Spaces[] left, bool[] easy)
    {
        for (var kind = 0; kind < Kinds; kind++)
        {
            var costsOut = new long[spaces.Length];
            for (var leg = spaces.Length - 1; leg >= 0; leg--)
            {
                var run = network.Legs[leg];
                prices[(leg * Kinds) + kind] = 0;
                if (run.FromCountry is not null) continue;
                var onward = run.LeavesCrisis ? 0 : From(run.To, network.ReadyAfter(run, terms), leg);
                costsOut[leg] = !easy[leg] && Of(left[leg], kind) <= (kind == 0 ? AsGoodAsFull : 0) ? Math.Max(onward, From(run.From, run.DepartsAt, leg)) : onward;
                prices[(leg * Kinds) + kind] = costsOut[leg] - onward;
            }

            long From(int point, long at, int after)
            {
                var least = Person;
                foreach (var leg in from[point])
                    if (leg > after && network.Legs[leg].DepartsAt >= at)
                        least = Math.Min(least, costsOut[leg]);
                return least;
            }
        }
    }

    // Whoever sits on a dear leg though a cheaper way is open to them could make room there: it may be full and not scarce.
    private List<int> Overpaid(IReadOnlyCollection<(Alike Alike, int[] Way)> taken)
    {
        var dear = new SortedSet<int>();
        foreach (var (alike, way) in taken)
        {
            var wish = ofAlike[alike];
            if (Cheapest(wish.Way, wish.Need) is { } least && way.Sum(leg => PriceOf(leg, wish.Need)) > least)
                dear.UnionWith(way.Where(leg => PriceOf(leg, wish.Need) > 0));
        }
        return [.. dear];
    }

    private int Offered(int place) => Of(spaces[place / Kinds], place % Kinds);

    private long PriceOf(int leg, Spaces need) =>
        (prices[leg * Kinds] * need.Seats) + (prices[(leg * Kinds) + 1] * need.Wheelchairs) + (prices[(leg * Kinds) + 2] * need.Stretchers);

    private static int Of(Spaces spaces, int kind) => kind switch { 0 => spaces.Seats, 1 => spaces.Wheelchairs, _ => spaces.Stretchers };

    private long Bound(List<(Wish Wish, (int Souls, int Many)[] Groups)> asked)
    {
        var bound = 0L;
        ofOneSeat.Clear();
        for (var place = 0; place < prices.Length; place++) bound += prices[place] * Math.Max(0, Offered(place));
        foreach (var (wish, groups) in asked)
        {
            if (CostOf(wish) is not { } cost) continue;
            foreach (var (souls, many) in groups)
                bound += Math.Max(0, (souls * Person) - cost) * many;
        }
        return bound;

        // Several seats cost as many times what one does, by the same way.
        long? CostOf(Wish wish)
        {
            if (wish.Need is not { Wheelchairs: 0, Stretchers: 0 }) return Cheapest(wish.Way, wish.Need);
            if (!ofOneSeat.TryGetValue(wish.Way, out var cost)) ofOneSeat.Add(wish.Way, cost = Cheapest(wish.Way, new(1, 0, 0)));
            return cost * wish.Need.Seats;
        }
    }

    /// <summary>What the cheapest way costs; null where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long? Cheapest(Way way, Spaces need)
    {
        Array.Fill(cheapest, long.MaxValue);
        foreach (var start in way.Starts) cheapest[start] = 0;
        var least = long.MaxValue;
        foreach (var step in way.Events)
        {
            var leg = step < 0 ? ~step : step;
            ref readonly var run = ref legs[leg];
            if (step < 0) cheapest[run.To] = Math.Min(cheapest[run.To], costs[leg]);
            else
            {
                costs[leg] = cheapest[run.From] == long.MaxValue ? long.MaxValue : cheapest[run.From] + PriceOf(leg, need);
                if (run.LeavesCrisis) least = Math.Min(least, costs[leg]);
            }
        }
        return least == long.MaxValue ? null : least;
    }
}
