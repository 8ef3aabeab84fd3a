using System.Collections.Immutable;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// Plans who travels on what: as many people of the first tier as can be, then of the second, and so on; within that the
/// most urgent first and as early as can be (rule P). The same input gives the same plan, whatever the order in which it arrives.
/// </summary>
public static class Planner
{
    /// <summary>Changes whenever the same input may give another plan.</summary>
    public const string RuleVersion = "plan-5";

    private const string NoSeat = "no-seat";

    /// <param name="network">Where transports go.</param>
    /// <param name="groups">Everybody waiting. A group that holds spaces is listed too while it may still change.</param>
    /// <param name="promised">
    /// Kept as they are while the rules, the departures and the group's size allow. Where they no longer do, or the group
    /// grew, the spaces are free again and the group is planned anew. Spaces of groups that are not listed are simply taken.
    /// </param>
    /// <param name="terms">Left out: the usual ones.</param>
    /// <exception cref="ArgumentException">A group is given, or holds spaces, twice.</exception>
    public static Plan Plan(Network network, IEnumerable<Group> groups, IEnumerable<HeldSpaces> promised, Terms? terms = null)
    {
        terms ??= new();
        var turns = groups.Select(InFixedOrder).OrderBy(group => group.Turn, Turn.Order).ToList();
        var listed = turns.ToDictionary(group => group.Id);
        var holds = promised.ToDictionary(hold => hold.GroupId);

        var alike = new Alike?[turns.Count];
        var (search, passages) = (new JourneySearch(network, terms), new Passages(network, terms));
        var seats = new Seats(network, alike);
        var souls = new int[network.Legs.Length];

        foreach (var hold in holds.Values.Where(hold => !listed.ContainsKey(hold.GroupId)))
            Keep(hold.Departures.Select(network.IndexOf).OfType<int>(), hold.Spaces, hold.Souls);

        // Holders before all others, and among them by turn: a transport that shrank keeps the most urgent.
        var kept = new int[]?[turns.Count];
        foreach (var (number, group) in turns.Index())
            if (holds.TryGetValue(group.Id, out var hold) && StillHeld(group, hold, network, seats.Free) is { } legs)
                Keep(kept[number] = [.. legs], group.Need, 0);

        var reasons = new ImmutableArray<Reason>[turns.Count];
        var leads = new Dictionary<Passage, bool>();
        var held = new int[]?[turns.Count];
        foreach (var (number, group) in turns.Index())
        {
            if (kept[number] is { } own)
            {
                if (holds[group.Id].MayMove && network.WithinReach(group.Start, terms.ReachInKilometres) is { IsEmpty: false } near && passages.Of(group, near) is var same && IsWay(same.Passage, own))
                    (alike[number], held[number], kept[number]) = (same, own, null);
                continue;
            }
            reasons[number] = WhoMayGo.KeptBy(group);
            if (!reasons[number].IsEmpty) continue;
            var starts = network.WithinReach(group.Start, terms.ReachInKilometres);
            if (starts.IsEmpty) reasons[number] = [new("no-assembly-point-in-reach")];
            else if (passages.Of(group, starts) is var one && Leads(one.Passage)) alike[number] = one;
            else reasons[number] = FirstBar(group, starts);
        }

        // Who may be moved is planned like the others, from where they sit.
        foreach (var (number, way) in held.Index())
            foreach (var leg in way ?? [])
                seats.Free[leg] += alike[number]!.Need;
        var spaces = (Spaces[])seats.Free.Clone();
        foreach (var (number, way) in held.Index())
            if (way is not null)
                seats.Move(number, way);

        var draft = new Draft(search, seats, alike, turns, held, terms);
        draft.Make();

        var full = new Dictionary<Alike, ImmutableArray<Reason>>();
        var journeys = new Journey?[turns.Count];
        foreach (var (number, group) in turns.Index())
            if ((kept[number] ?? (alike[number] is null ? null : seats.WayOf(number))) is { } way)
                journeys[number] = JourneyOf(group, way, wasHeld: (kept[number] ?? held[number]) is { } before && before.AsSpan().SequenceEqual(way));
            else if (alike[number] is { } same)
                reasons[number] = full.TryGetValue(same, out var told) ? told : full[same] = FullLegs(same);

        return new(
            RuleVersion,
            [.. journeys.OfType<Journey>()],
            [.. turns.Index().Where(turn => journeys[turn.Index] is null).Select(turn => new LeftBehind(turn.Item.Id, reasons[turn.Index]))],
            [.. network.Legs.Select((leg, index) =>
                new Load(leg.Departure.Id, leg.Departure.Code, leg.Departure.Spaces - seats.Free[index], leg.Departure.Spaces, souls[index]))],
            Figures());

        void Keep(IEnumerable<int> legs, Spaces spaces, int people)
        {
            foreach (var leg in legs)
            {
                seats.Free[leg] -= spaces;
                souls[leg] += people;
            }
        }

        bool IsWay(Passage passage, int[] way)
        {
            for (var index = 1; index < way.Length; index++)
                if (network.ReadyAfter(network.Legs[way[index - 1]], terms) > network.Legs[way[index]].DepartsAt)
                    return false;
            return way.Length <= terms.MostLegs && passage.Allows(way) && search.Meets(passage, [], way[0]) is 0;
        }

        bool Leads(Passage passage) => leads.TryGetValue(passage, out var known) ? known
            : leads[passage] = search.Find(passage, new AnyRoom(), Outcome.None, outOnly: true) is not null;

        // Adds the rules one by one: the first that leaves no way out is the reason.
        ImmutableArray<Reason> FirstBar(Group group, ImmutableArray<int> starts)
        {
            if (!LeadsOut(0)) return [new("no-journey")];
            for (var index = 0; ; index++)
            {
                if (LeadsOut(index + 1)) continue;
                var rule = WhoMayGo.LegRules[index];
                var barred = new List<int>();
                search.Find(passages.Of(group, starts, index), new Among(passages.Unbarred(group, index + 1)), Outcome.None, outOnly: true, barred);
                var found = barred.Select(leg => network.Legs[leg]).SelectMany(leg => group.Travellers
                    .Where(traveller => rule.Bars(traveller, leg))
                    .Select(traveller => rule.Against(traveller, leg) with { Code = rule.WhenEveryWayIsBarred }));
                return [.. found.DistinctBy(reason => (reason.PersonId, reason.Country))];
            }

            bool LeadsOut(int rules) => search.Reached(starts, passages.Unbarred(group, rules)).Exists(leg => network.Legs[leg].LeavesCrisis);
        }

        ImmutableArray<Reason> FullLegs(Alike same)
        {
            var legs = new List<int>();
            search.Find(same.Passage, new FreeRoom(seats.Free, same.Need), Outcome.None, outOnly: true, legs);
            return [.. legs.Select(leg => new Reason(NoSeat, Country: network.Legs[leg].ToCountry, Departure: network.Legs[leg].Departure.Code))];
        }

        Journey JourneyOf(Group group, int[] way, bool wasHeld)
        {
            foreach (var leg in way) souls[leg] += group.Souls;
            var country = network.Legs[way[^1]].ToCountry!;
            return new(
                group.Id, [.. way.Select(leg => network.Legs[leg].Departure)], group.Need, group.Souls,
                country, EndsAtHome: group.IsHome(country), wasHeld);
        }

        ImmutableArray<TierFigures> Figures()
        {
            var bound = new UpperBound(network, terms, spaces, turns.Index()
                .Where(turn => alike[turn.Index] is not null).Select(turn => (alike[turn.Index]!, turn.Item.Tier, turn.Item.Souls)));
            var (fixedly, placed, left) = (0, 0, (Spaces[])spaces.Clone());
            var (figures, taken) = (new List<TierFigures>(), new HashSet<(Alike, int[])>());
            foreach (var tier in turns.Index().GroupBy(turn => turn.Item.Tier))
            {
                int People(Func<int, bool> which) => tier.Where(turn => which(turn.Index)).Sum(turn => turn.Item.Souls);
                var before = placed;
                var could = People(number => journeys[number] is not null || alike[number] is not null);
                fixedly += People(number => kept[number] is not null);
                placed += People(number => journeys[number] is not null);
                foreach (var (number, _) in tier)
                    if (alike[number] is { } same && seats.WayOf(number) is { } way)
                    {
                        taken.Add((same, way));
                        foreach (var leg in way) left[leg] -= same.Need;
                    }
                figures.Add(new(
                    tier.Key, People(_ => true), placed - before, People(number => journeys[number] is { EndsAtHome: true }),
                    AtMost: placed - before == could ? could : Math.Min(could, fixedly + bound.Through(tier.Key, placed - fixedly, left, draft.Closed.GetValueOrDefault(tier.Key, []), taken) - before)));
            }
            return [.. figures];
        }
    }

    // Who is named first in a reason must not depend on the order in which members were given.
    private static Group InFixedOrder(Group group)
    {
        for (var index = 1; index < group.Travellers.Length; index++)
            if (group.Travellers[index - 1].PersonId.CompareTo(group.Travellers[index].PersonId) > 0)
                return group with { Travellers = [.. group.Travellers.OrderBy(traveller => traveller.PersonId)] };
        return group;
    }

    private static ImmutableArray<int>? StillHeld(Group group, HeldSpaces hold, Network network, Spaces[] free)
    {
        ImmutableArray<int> legs = [.. hold.Departures.Select(network.IndexOf).OfType<int>()];
        var need = group.Need;
        var stands = legs.Length == hold.Departures.Length
            && legs is [.., var last] && network.Legs[last].ToCountry is not null
            && hold.Spaces.Hold(need)
            && WhoMayGo.KeptBy(group).IsEmpty
            && legs.All(leg => free[leg].Hold(need) && WhoMayGo.BarredFrom(group, network.Legs[leg]) is null);
        return stands ? legs : null;
    }

    private readonly struct Among(IndexSet legs) : IRoom
    {
        public bool On(int leg) => legs[leg];
    }
}
