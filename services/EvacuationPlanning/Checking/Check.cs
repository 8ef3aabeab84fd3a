using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Checking;

/// <summary>One check of one plan.</summary>
internal sealed class Check
{
    private readonly PlanInput input;
    private readonly Plan plan;
    private readonly Dictionary<Guid, Group> groups;
    private readonly Dictionary<Guid, Journey> journeys;
    private readonly Dictionary<Guid, HeldSpaces> held;
    private readonly Timetable timetable;
    private readonly Spaces[] free;
    private readonly Dictionary<(Guid, string), bool> reach = [];
    private readonly Dictionary<Guid, string?> where = [];

    // Groups that sit where they were promised, or could, and may be moved from there.
    private readonly HashSet<Guid> movable = [];

    public List<Fault> Faults { get; } = [];

    public Check(PlanInput input, KnownPlaces places, Plan plan)
    {
        (this.input, this.plan) = (input, plan);
        timetable = new(input, places);
        groups = input.Groups.ToDictionary(group => group.Id);
        held = input.Held.ToDictionary(hold => hold.GroupId);
        journeys = [];
        foreach (var journey in plan.Journeys)
            if (!journeys.TryAdd(journey.GroupId, journey))
                Fault("travels-twice", journey.GroupId);

        free = [.. timetable.Runs.Select(run => run.Spaces)];
        foreach (var hold in input.Held.Where(hold => !groups.ContainsKey(hold.GroupId)))
            foreach (var run in hold.Departures.Select(timetable.Find).Where(run => run >= 0))
                free[run] -= hold.Spaces;
        foreach (var journey in plan.Journeys)
            if (groups.TryGetValue(journey.GroupId, out var group))
                foreach (var run in journey.Departures.Select(departure => timetable.Find(departure.Id)).Where(run => run >= 0))
                    free[run] -= NeedOf(group);
    }

    private void Fault(string code, Guid? group = null, string? departure = null, Guid? other = null) => Faults.Add(new(code, group, departure, other));

    public void EverybodyOnce()
    {
        var left = new HashSet<Guid>();
        foreach (var behind in plan.LeftBehind)
        {
            if (!left.Add(behind.GroupId)) Fault("left-behind-twice", behind.GroupId);
            if (journeys.ContainsKey(behind.GroupId)) Fault("travels-and-is-left-behind", behind.GroupId);
            if (behind.Reasons.IsDefaultOrEmpty) Fault("left-behind-without-reason", behind.GroupId);
        }
        foreach (var id in journeys.Keys.Concat(left).Where(id => !groups.ContainsKey(id))) Fault("unknown-group", id);
        foreach (var id in groups.Keys.Where(id => !journeys.ContainsKey(id) && !left.Contains(id))) Fault("forgotten", id);
    }

    public void Journeys()
    {
        foreach (var journey in plan.Journeys.Where(journey => groups.ContainsKey(journey.GroupId)))
        {
            var group = groups[journey.GroupId];
            if (journey.Spaces != NeedOf(group) || journey.Souls != group.Travellers.Length) Fault("not-all-of-the-group", group.Id);
            if (StaysBecause(group) is { } why) Fault(why, group.Id);

            var way = journey.Departures.Select(departure => timetable.Find(departure.Id)).ToArray();
            if (way.Length == 0 || way.Contains(-1) || journey.Departures.Any(departure => timetable.Runs[timetable.Find(departure.Id)] != departure))
            {
                Fault("departure-not-in-the-timetable", group.Id);
                continue;
            }
            foreach (var run in way)
                if (BarredBecause(group, run) is { } barred)
                    Fault(barred, group.Id, timetable.Runs[run].Code);
            for (var leg = 1; leg < way.Length; leg++)
                if (!journey.WasHeld && !timetable.Connects(way[leg - 1], way[leg]))
                    Fault("connection-missed", group.Id, timetable.Runs[way[leg]].Code);
            if (!journey.WasHeld && !CanStart(group, way[0])) Fault("start-out-of-reach", group.Id, timetable.Runs[way[0]].Code);
            if (!journey.WasHeld && way.Length > input.Terms.MostLegs) Fault("too-many-legs", group.Id);

            var end = timetable.CountryOf(timetable.Runs[way[^1]].To);
            if (end is null) Fault("does-not-leave-the-crisis", group.Id);
            if (end != journey.Country || (end is not null && IsHome(group, end) != journey.EndsAtHome)) Fault("wrong-end", group.Id);
        }
    }

    public void Room()
    {
        var loads = plan.Loads.ToDictionary(load => load.DepartureId);
        var souls = new int[free.Length];
        foreach (var (departures, people) in plan.Journeys.Where(journey => groups.ContainsKey(journey.GroupId)).Select(journey => (journey.Departures.Select(run => run.Id), journey.Souls))
            .Concat(input.Held.Where(hold => !groups.ContainsKey(hold.GroupId)).Select(hold => (hold.Departures.AsEnumerable(), hold.Souls))))
            foreach (var run in departures.Select(timetable.Find).Where(run => run >= 0).Distinct())
                souls[run] += people;
        for (var run = 0; run < free.Length; run++)
        {
            var departure = timetable.Runs[run];
            if (!Fits(default, free[run])) Fault("over-full", departure: departure.Code);
            if (!timetable.IsUsable(run)) continue;
            if (!loads.TryGetValue(departure.Id, out var load) || load.Used != departure.Spaces - free[run] || load.Offered != departure.Spaces || load.Souls != souls[run])
                Fault("wrong-load", departure: departure.Code);
        }
    }

    /// <summary>A promise may be broken only where it cannot be kept, or where those more urgent who were promised the same leave no room.</summary>
    public void Held()
    {
        foreach (var journey in plan.Journeys.Where(journey => journey.WasHeld))
            if (!held.TryGetValue(journey.GroupId, out var hold) || !journey.Departures.Select(departure => departure.Id).SequenceEqual(hold.Departures))
                Fault("was-not-held", journey.GroupId);

        // What is left on a departure when those who are no longer planned, and the more urgent who were promised it too, sit there.
        var left = timetable.Runs.Select(run => run.Spaces).ToArray();
        foreach (var hold in input.Held.Where(hold => !groups.ContainsKey(hold.GroupId)))
            foreach (var run in hold.Departures.Select(timetable.Find).Where(run => run >= 0))
                left[run] -= hold.Spaces;

        foreach (var hold in input.Held.Where(hold => groups.ContainsKey(hold.GroupId)).OrderBy(hold => groups[hold.GroupId].Turn, Turn.Order))
        {
            var (group, journey) = (groups[hold.GroupId], journeys.GetValueOrDefault(hold.GroupId));
            var (way, need) = (hold.Departures.Select(timetable.Find).ToArray(), NeedOf(group));
            var couldStand = way.Length > 0 && !way.Contains(-1) && timetable.CountryOf(timetable.Runs[way[^1]].To) is not null
                && Fits(need, hold.Spaces) && StaysBecause(group) is null && way.All(run => BarredBecause(group, run) is null && Fits(need, left[run]));
            if (!couldStand) continue;
            foreach (var run in way) left[run] -= need;
            if (hold.MayMove && CanStart(group, way[0]) && way.Length <= input.Terms.MostLegs && way.Zip(way.Skip(1)).All(pair => timetable.Connects(pair.First, pair.Second)))
                movable.Add(group.Id);
            if (journey is { WasHeld: true }) continue;
            if (!hold.MayMove || (!input.Terms.MoveHeld && journey is null)) Fault("held-and-not-kept", group.Id);
            else if (journey is not null) Moved(group, need, way, journey);
        }

        // Nobody is moved who could stay, nor for the sake of somebody who is not more urgent.
        void Moved(Group group, Spaces need, int[] way, Journey journey)
        {
            if (way.All(run => Fits(need, free[run] + (journey.Departures.Any(taken => taken.Id == timetable.Runs[run].Id) ? need : default)))) Fault("moved-without-need", group.Id);
            if (!plan.Journeys.Any(other => !other.WasHeld && groups.GetValueOrDefault(other.GroupId) is { } one && Turn.Order.Compare(one.Turn, group.Turn) < 0 && (input.Terms.MoveHeld || one.Tier <= input.Terms.MovesForTier)))
                Fault("moved-for-nobody-more-urgent", group.Id);
        }
    }

    public void Figures()
    {
        foreach (var tier in groups.Values.GroupBy(group => group.Tier))
        {
            var figures = plan.Tiers.Where(figure => figure.Tier == tier.Key).ToList();
            int People(Func<Journey?, bool> which) => tier.Where(group => which(journeys.GetValueOrDefault(group.Id))).Sum(group => group.Travellers.Length);
            if (figures is not [var told] || told.People != People(_ => true) || told.Placed != People(journey => journey is not null)
                || told.AtHome != People(journey => journey is { EndsAtHome: true }) || told.Placed > told.AtMost)
                Fault("wrong-figures");
        }
    }

    public ImmutableArray<StoodAgainst> Certificate()
    {
        // A promise is nobody's to take, wherever it was moved, unless it was asked to.
        var seated = plan.Journeys.Where(journey => movable.Contains(journey.GroupId) ? input.Terms.MoveHeld : !journey.WasHeld).Select(journey => new Seated(
            groups[journey.GroupId], NeedOf(groups[journey.GroupId]), [.. journey.Departures.Select(departure => timetable.Find(departure.Id))], journey.WasHeld)).ToList();
        var certificate = new Certificate(timetable, free, seated, new Answers(this));
        var against = new List<StoodAgainst>();
        foreach (var behind in plan.LeftBehind)
        {
            var group = groups[behind.GroupId];
            if (StaysBecause(group) is not null)
            {
                if (behind.Reasons[0].Code == "no-seat") Fault("wrong-reason", group.Id);
                against.Add(new(group.Id, behind.Reasons[0].Code, 0, 0, 0));
                continue;
            }
            var barrier = certificate.WhatStandsAgainst(group, NeedOf(group));
            if (barrier.RoomFor is { } place) Fault(place.Other is null ? "there-is-room" : "fits-in-the-place-of-another", group.Id, other: place.Other);
            if (behind.Reasons[0].Code == "no-seat" != barrier.HasWay) Fault("wrong-reason", group.Id);
            against.Add(new(group.Id, behind.Reasons[0].Code, barrier.Full, barrier.AllMoreUrgent, barrier.Full - barrier.AllMoreUrgent));
        }
        foreach (var (group, other) in certificate.Late()) Fault(other is null ? "could-go-sooner" : "later-than-one-less-urgent", group, other: other);
        return [.. against];
    }

    /// <summary>The rules as the certificate asks them: once for each group.</summary>
    internal sealed class Answers(Check check)
    {
        private readonly Dictionary<Guid, (bool[] May, bool[] Start)> byGroup = [];

        public (bool[] May, bool[] Start) For(Group group)
        {
            if (byGroup.TryGetValue(group.Id, out var known)) return known;
            var may = new bool[check.free.Length];
            var start = new bool[check.free.Length];
            for (var run = 0; run < may.Length; run++)
            {
                may[run] = check.timetable.IsUsable(run) && check.BarredBecause(group, run) is null;
                start[run] = may[run] && check.CanStart(group, run);
            }
            byGroup.Add(group.Id, known = (may, start));
            return known;
        }

        public static bool IsHome(Group group, string country) => Check.IsHome(group, country);
    }

    internal static bool Fits(Spaces need, Spaces room) =>
        need.Seats <= room.Seats && need.Ordinary <= room.Ordinary && need.Wheelchairs <= room.Wheelchairs && need.Stretchers <= room.Stretchers
        && need.Carried <= room.Carried && need.Laps <= room.Laps && need.Oxygen <= room.Oxygen;

    // On each leg a space of their own for everybody, but an infant for each adult who sits goes on that adult's lap. Who
    // escorts a child alone, or sits beside a stretcher, is content with a seat kept for escorts.
    private static Spaces NeedOf(Group group)
    {
        int Count(SpaceKind kind, Func<Traveller, bool> which) => group.Travellers.Count(traveller => traveller.Space == kind && which(traveller));
        var laps = Math.Min(Count(SpaceKind.Seat, one => one.Age == Age.Adult), Count(SpaceKind.Seat, one => one.Age == Age.Infant));
        var (seats, wheelchairs, stretchers) = (Count(SpaceKind.Seat, _ => true) - laps, Count(SpaceKind.Wheelchair, _ => true), Count(SpaceKind.Stretcher, _ => true));
        var withChildren = Count(SpaceKind.Seat, one => one.Age == Age.Adult && group.Travellers.Any(child => child.IsUnaccompanied && child.Age != Age.Adult && child.EscortId == one.PersonId));
        var besideStretchers = Math.Min(stretchers, Count(SpaceKind.Seat, one => one.Age == Age.Adult) - withChildren);
        return new()
        {
            Seats = seats,
            Ordinary = seats - withChildren - besideStretchers,
            Wheelchairs = wheelchairs,
            Stretchers = stretchers,
            Carried = wheelchairs + stretchers,
            Laps = laps,
            Oxygen = group.Travellers.Count(traveller => traveller.NeedsOxygen),
        };
    }

    private static bool IsHome(Group group, string country) => group.Travellers.All(traveller => traveller.Nationalities.Contains(Jurisdictions.Whole(country)));

    private bool CanStart(Group group, int run)
    {
        var departure = timetable.Runs[run];
        if (departure.DepartsAt < input.Terms.NotBefore || group.Start is not { } start) return false;
        if (!reach.TryGetValue((group.Id, departure.From), out var can))
            reach.Add((group.Id, departure.From), can = timetable.IsGathering(departure.From)
                && timetable.PositionOf(departure.From) is { } there && start.KilometresTo(there) <= input.Terms.ReachInKilometres);
        return can;
    }

    // Rules V and C, and whatever holds a person back.
    // Who lives with a child is told to answer for them, or the household is from before that was told.
    private static bool AnswersFor(Traveller adult, Traveller child) =>
        child.AnsweredByHousehold || child.AnsweredBy.Intersect(adult.StandsFor.Add(adult.PersonId)).Any();

    // As they were known when they were named: whoever was merged with them since is not whom the decision names.
    private static bool IsEscort(Traveller adult, Traveller child) => adult is { Age: Age.Adult, IsOfUnknownAge: false } && adult.PersonId == child.EscortId
        && !adult.StandsFor.Except(child.EscortSeenAs ?? adult.StandsFor).Any();

    private static string? StaysBecause(Group group)
    {
        foreach (var one in group.Travellers)
        {
            if (!one.Consent) return "travels-without-consent";
            if (one.HeldBack || (one.ExitBarrier && one.EmergencyDocument is null)) return "travels-in-spite-of-an-exit-barrier";
            if (one.Age is Age.Adult || (!one.IsUnaccompanied && group.Travellers.Any(other => other.Age is Age.Adult && AnswersFor(other, one)))) continue;
            if (!group.Travellers.Any(other => IsEscort(other, one))) return "child-travels-without-escort";
            if (!one.BestInterestsDecision) return "child-travels-without-best-interests-decision";
        }
        return null;
    }

    // Rule N, fitness, papers and entry, on one leg.
    private string? BarredBecause(Group group, int run)
    {
        var departure = timetable.Runs[run];
        var (start, end, ends) = (timetable.StartsIn[run], timetable.MayEndIn[run][0], timetable.MayEndIn[run]);
        var (from, to) = (timetable.CountryOf(departure.From), timetable.CountryOf(departure.To));
        foreach (var one in group.Travellers)
        {
            // Who is in a country of the crisis may be moved within it and leave from it, feared or not: that is how they get out.
            bool MayBeIn(string? country) => !MustNotBeIn(one, country)
                || (timetable.MayStartIn[run].All(point => point == country) && timetable.IsInCrisis(country) && WhereIs(group, one) == country);
            if (!Array.TrueForAll(ends, MayBeIn)) return "taken-to-a-feared-country";
            // Nor is anybody sent into one to set out from it, wherever the point is said to lie.
            if (timetable.MayStartIn[run].Any(from => MustNotBeIn(one, from) && WhereIs(group, one) != from)) return "taken-to-a-feared-country";
            if (timetable.IsToldByOne[run] && (one.FearsEveryCountry || !one.FearedCountries.IsEmpty))
                return "taken-where-one-account-said";
            var (departs, arrives) = (DateOnly.FromDateTime(departure.DepartsAt.UtcDateTime), DateOnly.FromDateTime(departure.ArrivesAt.UtcDateTime));
            if ((one.UnfitThrough is { } unfit && unfit >= departs) || (one.FitThrough is { } fit && fit < arrives)) return "travels-unfit";
            if (start == end) continue;
            var passport = !one.ExitBarrier && one.DocumentValidUntil is { } until && until >= arrives;
            var emergency = one.EmergencyDocument is { } paper && paper.ValidUntil >= arrives && end is not null && (paper.Destination == end || paper.Transits.Contains(end));
            if (!passport && !emergency) return "crosses-a-border-without-document";
            if (from is not null && to is not null && !one.Nationalities.Contains(Jurisdictions.Whole(to))) return "enters-without-right";
        }
        return null;
    }

    // By the nearest place whose country its timeline tells; farther away than this it tells nothing.
    private string? WhereIs(Group group, Traveller one)
    {
        const double farInKilometres = 20;
        if (where.TryGetValue(one.PersonId, out var known)) return known;
        string?[] countries = one.MayBeAnywhere ? [] : [.. one.AlsoToldAt.Select(place => Near(place)).Append(Near(one.Whereabouts ?? group.Start)).Distinct()];
        return where[one.PersonId] = countries is [var country] ? country : null;

        string? Near(Position? place)
        {
            var (nearest, least) = ((string?)null, farInKilometres);
            if (place is { } here)
                foreach (var point in timetable.Places)
                    if (point.Country is { } lies && here.KilometresTo(point.Position) is var away && away <= least)
                        (nearest, least) = (point.ByOne || point.Perhaps is not null ? null : lies, away);
            return nearest;
        }
    }

    // Where nobody knows whose hand reaches, it may be theirs.
    private static bool MustNotBeIn(Traveller one, string? country)
    {
        if (one.FearsEveryCountry) return true;
        if (one.FearedCountries.IsEmpty) return false;
        var states = Jurisdictions.StatesOf(country);
        return states.Count == 0 || one.FearedCountries.Any(states.Contains);
    }
}

/// <summary>Departures in the order in which they leave, and where their points lie by their own timelines.</summary>
internal sealed class Timetable
{
    private readonly Dictionary<Guid, int> byId;
    private readonly KnownPlaces places;
    private readonly TimeSpan connection;
    private readonly Dictionary<string, TimeSpan> connections;
    private readonly bool[] usable;

    public Timetable(PlanInput input, KnownPlaces places)
    {
        this.places = places;
        connection = input.Terms.Connection;
        connections = input.Points.Where(point => point.Connection is not null).ToDictionary(point => point.Code, point => point.Connection!.Value);
        MostLegs = input.Terms.MostLegs;
        Runs = [.. input.Departures.OrderBy(run => run.DepartsAt).ThenBy(run => run.Id)];
        byId = Runs.Index().ToDictionary(run => run.Item.Id, run => run.Index);
        StartsIn = [.. Runs.Select(run => Lies(run.From))];
        MayStartIn = [.. Runs.Select(run => Perhaps(run.From).ToArray())];
        MayEndIn = [.. Runs.Select(run => Perhaps(run.To).Concat((run.Alternates ?? []).SelectMany(Perhaps)).ToArray())];
        usable = [.. Runs.Select((run, index) => run.ArrivesAt > run.DepartsAt && Check.Fits(default, run.Spaces)
            && Lies(run.From) is not null && Lies(run.To) is { } to && (run.DestinationCountry is null || run.DestinationCountry == to)
            && (IsInCrisis(StartsIn[index]) || !IsInCrisis(to)))];
    }

    public ImmutableArray<Departure> Runs { get; }

    /// <summary>The country in which each run ends; null in those of the crisis.</summary>
    public string?[] EndsIn => field ??= [.. Runs.Select(run => CountryOf(run.To))];

    /// <summary>The country in which each run starts; null where it is not known.</summary>
    public string?[] StartsIn { get; }

    /// <summary>Every country in which each run starts or may start; null where it is not known.</summary>
    public string?[][] MayStartIn { get; }

    /// <summary>Every country in which each run ends or may end, its own first; null where one is not known.</summary>
    public string?[][] MayEndIn { get; }

    /// <summary>Whether one account alone told the country of a point that each run may touch.</summary>
    public bool[] IsToldByOne => field ??= [.. Runs.Select(run =>
        ((string[])[run.From, run.To, .. run.Alternates ?? []]).Any(code => places.Points.GetValueOrDefault(code) is { ByOne: true }))];

    /// <summary>Runs that depart from where each one arrives, and late enough.</summary>
    public int[][] Onward => field ??= [.. Runs.Select((_, run) => Enumerable.Range(0, Runs.Length).Where(next => Connects(run, next)).ToArray())];

    public int MostLegs { get; }

    public int Find(Guid departure) => byId.TryGetValue(departure, out var run) && usable[run] ? run : -1;

    public bool IsUsable(int run) => usable[run];

    public bool IsGathering(string point) => IsInCrisis(Lies(point));

    public IEnumerable<KnownPoint> Places => places.Points.Values;

    public Position? PositionOf(string point) => places.Points.GetValueOrDefault(point)?.Position;

    /// <summary>Null in the countries of the crisis.</summary>
    public string? CountryOf(string point) => Lies(point) is { } country && !IsInCrisis(country) ? country : null;

    public bool IsInCrisis(string? country) => country is not null && places.Crisis.Contains(country);

    public bool Connects(int run, int next) => Runs[run].To == Runs[next].From && Runs[run].ArrivesAt + connections.GetValueOrDefault(Runs[run].To, connection) <= Runs[next].DepartsAt;

    private string? Lies(string point) => places.Points.GetValueOrDefault(point)?.Country;

    private IEnumerable<string?> Perhaps(string point) =>
        places.Points.GetValueOrDefault(point) is { } known ? known.Perhaps is null ? [known.Country] : [known.Country, known.Perhaps] : [null];
}
