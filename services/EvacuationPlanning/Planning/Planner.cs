using System.Collections.Immutable;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>
/// Seats groups in the order of their turn (rule P), each on the best journey that is left. So no longer journey of
/// one group can push out another of higher urgency, and a group that moves up in the order never loses its place.
/// The same input gives the same plan, whatever the order in which it arrives.
/// </summary>
public static class Planner
{
    /// <summary>Changes whenever the same input may give another plan.</summary>
    public const string RuleVersion = "plan-1";

    private const string NoSeat = "no-seat";

    /// <param name="network">Where transports go.</param>
    /// <param name="groups">Everybody waiting. A group that holds spaces is listed too while it may still change.</param>
    /// <param name="held">
    /// Kept as they are while the rules, the departures and the group's size allow. Where they no longer do, or the group
    /// grew, the spaces are free again and the group is planned anew. Spaces of groups that are not listed are simply taken.
    /// </param>
    /// <param name="terms">Left out: the usual ones.</param>
    /// <exception cref="ArgumentException">A group is given, or holds spaces, twice.</exception>
    public static Plan Plan(Network network, IEnumerable<Group> groups, IEnumerable<HeldSpaces> held, Terms? terms = null)
    {
        terms ??= new();
        var turns = groups.Select(InFixedOrder).OrderBy(group => group.Turn, Turn.Order).ToList();
        var listed = turns.ToDictionary(group => group.Id);
        var holds = held.ToDictionary(hold => hold.GroupId);
        var seating = new Seating(network);

        foreach (var hold in holds.Values.Where(hold => !listed.ContainsKey(hold.GroupId)))
            seating.Take(hold.Departures.Select(network.IndexOf).OfType<int>(), hold.Spaces, hold.Souls);

        // Holders before all others, and among them by turn: a transport that shrank keeps the most urgent.
        var journeys = new Dictionary<Guid, Journey>();
        foreach (var group in turns)
            if (holds.TryGetValue(group.Id, out var hold) && StillHeld(group, hold, network, seating) is { } legs)
                journeys.Add(group.Id, seating.Seat(group, legs, wasHeld: true));

        var search = new JourneySearch(network, terms, seating.Free);
        var left = new Dictionary<Guid, LeftBehind>();
        foreach (var group in turns.Where(group => !journeys.ContainsKey(group.Id)))
            if (WhoMayGo.KeptBy(group) is { IsEmpty: false } reasons)
                left.Add(group.Id, new(group.Id, reasons));
            else if (network.WithinReach(group.Start, terms.ReachInKilometres) is not { IsEmpty: false } starts)
                left.Add(group.Id, new(group.Id, [new("no-assembly-point-in-reach")]));
            else if (search.Find(group, starts, JourneySearch.AllRules) is { } found)
                journeys.Add(group.Id, seating.Seat(group, found, wasHeld: false));
            else
                left.Add(group.Id, new(group.Id, FirstBar(search, group, starts)));

        return new(
            RuleVersion,
            [.. turns.Where(group => journeys.ContainsKey(group.Id)).Select(group => journeys[group.Id])],
            [.. turns.Where(group => left.ContainsKey(group.Id)).Select(group => left[group.Id])],
            seating.Loads,
            [.. turns.GroupBy(group => group.Tier).Select(tier => Figures(tier, network, journeys, left))]);
    }

    // Who is named first in a reason must not depend on the order in which members were given.
    private static Group InFixedOrder(Group group) =>
        group with { Travellers = [.. group.Travellers.OrderBy(traveller => traveller.PersonId)] };

    private static ImmutableArray<int>? StillHeld(Group group, HeldSpaces hold, Network network, Seating seating)
    {
        ImmutableArray<int> legs = [.. hold.Departures.Select(network.IndexOf).OfType<int>()];
        var stands = legs.Length == hold.Departures.Length
            && legs is [.., var last] && network.Legs[last].ToCountry is not null
            && hold.Spaces.Hold(group.Need)
            && WhoMayGo.KeptBy(group).IsEmpty
            && legs.All(leg => seating.Free[leg].Hold(group.Need) && WhoMayGo.BarredFrom(group, network.Legs[leg]) is null);
        return stands ? legs : null;
    }

    // Adds the rules one by one, the room on board last: the first that leaves no way out is the reason.
    private static ImmutableArray<Reason> FirstBar(JourneySearch search, Group group, ImmutableArray<int> starts)
    {
        if (search.Find(group, starts, rules: 0) is null)
            return [new("no-journey")];

        for (var index = 0; index < WhoMayGo.LegRules.Length; index++)
        {
            if (search.Find(group, starts, rules: index + 1) is not null) continue;
            var rule = WhoMayGo.LegRules[index];
            var barred = search.Barred.SelectMany(leg => group.Travellers
                .Where(traveller => rule.Bars(traveller, leg))
                .Select(traveller => new Reason(rule.WhenEveryWayIsBarred, traveller.PersonId, leg.ToCountry, leg.Departure.Code)));
            return [.. barred.DistinctBy(reason => (reason.PersonId, reason.Country))];
        }

        search.Find(group, starts, JourneySearch.AllRules);
        return [.. search.Barred.Select(leg => new Reason(NoSeat, Country: leg.ToCountry, Departure: leg.Departure.Code))];
    }

    private static TierFigures Figures(
        IGrouping<int, Group> tier, Network network, Dictionary<Guid, Journey> journeys, Dictionary<Guid, LeftBehind> left)
    {
        int People(Func<Group, bool> which) => tier.Where(which).Sum(group => group.Souls);
        bool CouldGo(Group group) => !left.TryGetValue(group.Id, out var kept) || kept.Reasons[0].Code == NoSeat;

        var wanted = tier.Where(CouldGo).Aggregate(default(Spaces), (sum, group) => sum + group.Need);
        var ways = network.Legs.Where(leg => leg.LeavesCrisis).Aggregate(default(Spaces), (sum, leg) => sum + leg.Departure.Spaces);
        var onLaps = People(CouldGo) - wanted.Total;

        return new(
            tier.Key,
            People: People(_ => true),
            Placed: People(group => journeys.ContainsKey(group.Id)),
            AtHome: People(group => journeys.TryGetValue(group.Id, out var journey) && journey.EndsAtHome),
            AtMost: onLaps + Spaces.Least(wanted, ways).Total);
    }

    /// <summary>What is still free while a plan is made. Indexes are those of the network's legs.</summary>
    private sealed class Seating(Network network)
    {
        private readonly int[] souls = new int[network.Legs.Length];

        public Spaces[] Free { get; } = [.. network.Legs.Select(leg => leg.Departure.Spaces)];

        public ImmutableArray<Load> Loads => [.. network.Legs.Select((leg, index) =>
            new Load(leg.Departure.Id, leg.Departure.Code, leg.Departure.Spaces - Free[index], leg.Departure.Spaces, souls[index]))];

        public void Take(IEnumerable<int> legs, Spaces spaces, int people)
        {
            foreach (var leg in legs)
            {
                Free[leg] -= spaces;
                souls[leg] += people;
            }
        }

        public Journey Seat(Group group, ImmutableArray<int> legs, bool wasHeld)
        {
            Take(legs, group.Need, group.Souls);
            var country = network.Legs[legs[^1]].ToCountry!;
            return new(
                group.Id, [.. legs.Select(leg => network.Legs[leg].Departure)], group.Need, group.Souls,
                country, EndsAtHome: group.Homes.Contains(country), wasHeld);
        }
    }
}
