using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What a coordinator asks of a plan.</summary>
/// <param name="NotBefore">Nothing that departs earlier is planned, for whatever should have left and did not has new times to be told first. A transport reported as departed never is.</param>
/// <param name="FrozenUntil">Whoever holds a seat on a transport that departs before this keeps it, whatever else changes.</param>
/// <param name="MoveHeld">
/// Whoever holds seats may be moved, and may lose them, for anybody more urgent. Otherwise they are moved only so that
/// somebody of the first two tiers gets out, and nobody loses a journey that still stands.
/// </param>
internal sealed record Asked(Guid CrisisId, DateTimeOffset NotBefore, DateTimeOffset FrozenUntil, bool MoveHeld)
{
    public Terms Terms => new() { NotBefore = NotBefore, MoveHeld = MoveHeld };
}

/// <summary>What a plan changes for a group, against the seats that are held.</summary>
internal enum Change { Kept, Gained, Moved, Lost, Left }

/// <summary>A transport that no plan can use as it is, and why.</summary>
internal sealed record LeftOut(Guid TransportId, string TransportCode, string Code, string Says);

/// <summary>A departure that a plan speaks of.</summary>
internal sealed record PlannedRun(Guid Id, string Code);

/// <summary>A group as a plan has it. Ids and codes only: neither names nor nationality nor what anybody fears.</summary>
/// <param name="Was">The departures that they hold seats on, by number in the plan's list.</param>
/// <param name="Now">Those that they take in the plan; none when they are left behind.</param>
/// <param name="Why">Why it is otherwise than it was.</param>
/// <param name="Reason">What keeps them, where they are left behind.</param>
/// <param name="Movers">Whom it is about, where the others of the group keep their seats.</param>
/// <param name="Had">They had a journey under the last publication and gave it up since.</param>
/// <param name="WhyOf">Whose it is, where <paramref name="Why"/> is somebody's of them.</param>
/// <param name="ReasonOf">Whose it is, where <paramref name="Reason"/> is somebody's of them.</param>
internal sealed record PlannedGroup(
    Guid Id, int Tier, int Score, Spaces Need, ImmutableArray<Guid> Members, ImmutableArray<int> Was, ImmutableArray<int> Now,
    string? Why = null, string? Reason = null, ImmutableArray<Guid>? Movers = null, bool Had = false,
    ImmutableArray<Guid>? WhyOf = null, ImmutableArray<Guid>? ReasonOf = null)
{
    /// <summary>
    /// Whose reason it is to be told to this member: their own, or the first one's. Of another's fear nobody is told whose it is, nor on
    /// whose account a country is made sure of.
    /// </summary>
    public static Guid? Whose(string? code, ImmutableArray<Guid>? of, Guid member) => of switch
    {
        [var first, ..] those => those.Contains(member) ? member : code is WhoMayGo.CountryToldByOne || Words.Discreet(code ?? "") != code ? null : first,
        _ => null,
    };

    [JsonIgnore]
    public ImmutableArray<Guid> Concerned => Movers ?? Members;

    [JsonIgnore]
    public Change Change => (Was.IsEmpty, Now.IsEmpty) switch
    {
        _ when Movers is not null => Now.IsEmpty ? Change.Left : Change.Gained,
        (true, false) => Change.Gained,
        (_, true) => Was.IsEmpty && !Had ? Change.Left : Change.Lost,
        _ => Was.SequenceEqual(Now) ? Change.Kept : Change.Moved,
    };
}

/// <summary>How a tier fares, in people.</summary>
/// <param name="AtMost">No plan that brings out as many of the tiers before could place more.</param>
internal sealed record PlannedTier(int Tier, int People, int Placed, int AtHome, int AtMost, int Kept, int Gained, int Moved, int Lost, int Left)
{
    public int Gap => AtMost - Placed;

    public double GapPercent => AtMost == 0 ? 0 : Math.Round(100.0 * Gap / AtMost, 2);
}

/// <summary>A plan beside what stands: a pure function of what was read and what was asked.</summary>
internal sealed record Proposal(PlanInput Input, Plan Plan, ImmutableArray<PlannedRun> Runs, ImmutableArray<PlannedGroup> Groups, ImmutableArray<PlannedTier> Tiers)
{
    /// <summary>Transports that no plan can use as they are.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    public static Proposal Of(Situation now, Asked asked) => new Making(now, asked).Make();

    private sealed class Making
    {
        private readonly Situation now;
        private readonly Asked asked;
        private readonly Network network;
        private readonly DateOnly day;
        private readonly HashSet<Guid> misplaced;
        private readonly Dictionary<Guid, Spaces> taken, free;
        private readonly Dictionary<Guid, int> numbers = [];
        private readonly List<PlannedRun> runs = [];
        private readonly Dictionary<(Guid Run, Guid Group), int> together;

        private readonly List<(Turn Turn, PlannedGroup Group)> planned = [];
        private readonly List<(Group Group, bool AtHome, int Placed)> beside = [];

        public Making(Situation now, Asked asked)
        {
            (this.now, this.asked) = (now, asked);
            network = now.Network();
            // Whoever holds seats on these keeps them until it is told where they go.
            misplaced = [.. network.Unusable.Where(run => run.Code is "point-unknown" or "country-unknown" or "contradictory-country").Select(run => run.Departure.Id)];
            day = DateOnly.FromDateTime(now.Departures.Where(run => !now.IsClosed(run.Id) && run.DepartsAt >= asked.NotBefore)
                .Select(run => run.DepartsAt).DefaultIfEmpty(asked.FrozenUntil).Min().UtcDateTime);
            taken = now.Transports.Values.Where(run => !run.IsClosed && !run.Cancelled).ToDictionary(run => run.Id, run => run.Taken);
            free = now.Departures.Where(run => !now.IsClosed(run.Id)).ToDictionary(run => run.Id, run => run.Spaces - taken.GetValueOrDefault(run.Id));
            together = now.Transports.Values.Where(run => !run.Departed)
                .SelectMany(run => run.Lines.Where(space => space.IsTaken).Select(space => (run.Id, space.GroupId))).CountBy(space => space).ToDictionary();
        }

        public Proposal Make()
        {
            var groups = new Dictionary<Guid, (Household Household, Group Group, HeldSpaces? Hold)>();
            var held = new List<HeldSpaces>();
            foreach (var household in now.Households)
            {
                var group = network.Locate(household.AsGroup(day, PointOf));
                if (!household.Holders.Any()) groups.Add(group.Id, (household, group, null));
                else if (household.Waiting.Any()) Join(household, group, held);
                else if (Hold(household, group) is { } hold) groups.Add(group.Id, (household, group, hold));
                else Stay(household, group);
            }

            foreach (var (_, _, hold) in groups.Values)
                foreach (var run in (hold?.Departures ?? []).Where(taken.ContainsKey))
                    taken[run] -= hold!.Spaces;
            held.AddRange(taken.Where(run => run.Value != default).Select(run => new HeldSpaces(run.Key, [run.Key], run.Value, 0)));
            held.AddRange(groups.Values.Select(group => group.Hold).OfType<HeldSpaces>());

            var input = new PlanInput(now.CrisisCountries, [.. now.Points.Values], now.Departures, [.. groups.Values.Select(group => group.Group)], held, asked.Terms);
            var plan = Planner.Plan(network, input.Groups, held, input.Terms);

            foreach (var journey in plan.Journeys)
            {
                var (household, group, hold) = groups[journey.GroupId];
                ImmutableArray<Guid> way = [.. journey.Departures.Select(departure => departure.Id)];
                var why = hold is null ? household.Members.Any(member => member.LeftBecause is not null || member.FreedBecause is not null) ? Words.PlaceFound : Words.NewlyPlanned
                    : hold.Departures.SequenceEqual(way) ? null : WhyNotKept(group, hold).Code;
                Add(group, household, hold, way, why is null ? [] : [new(why)], []);
            }
            foreach (var left in plan.LeftBehind)
            {
                var (household, group, hold) = groups[left.GroupId];
                ImmutableArray<Reason> why = hold is not null ? [WhyNotKept(group, hold)]
                    : [.. household.Members.Select(member => member.FreedBecause).OfType<string>().Take(1).Select(reason => new Reason(reason))];
                Add(group, household, hold, [], why, left.Reasons);
            }

            planned.Sort((left, right) => Turn.Order.Compare(left.Turn, right.Turn));
            ImmutableArray<PlannedGroup> all = [.. planned.Select(entry => entry.Group)];
            return new(input, plan, [.. runs], all, Tiers(plan, all))
            {
                LeftOut = [.. network.Unusable.Where(run => !now.IsClosed(run.Departure.Id) && run.Departure.DepartsAt >= asked.NotBefore)
                    .Select(run => new LeftOut(run.Departure.Id, run.Departure.Code, run.Code, Words.LeftOut(run)))],
            };
        }

        private void Add(Group group, Household household, HeldSpaces? hold, ImmutableArray<Guid> way, ImmutableArray<Reason> why, ImmutableArray<Reason> reasons) => planned.Add((group.Turn, new(
            group.Id, group.Tier, group.Score, group.Need, [.. household.Members.Select(member => member.Id)], Numbers(hold?.Departures ?? []), Numbers(way),
            why.FirstOrDefault()?.Code, reasons.FirstOrDefault()?.Code,
            Had: hold is null && way.IsEmpty && household.Members.Any(member => member.FreedBecause is not null), WhyOf: Of(why), ReasonOf: Of(reasons))));

        // Of the first reason, which is the one that is told.
        private static ImmutableArray<Guid>? Of(ImmutableArray<Reason> reasons)
        {
            ImmutableArray<Guid> those = [.. reasons.Where(reason => reason.Code == reasons[0].Code).Select(reason => reason.PersonId).OfType<Guid>().Distinct()];
            return those.IsEmpty ? null : those;
        }

        /// <summary>The seats of a whole household that may still be moved: together on every leg, nobody on board, and not about to leave.</summary>
        private HeldSpaces? Hold(Household household, Group group)
        {
            var first = household.Members[0];
            ImmutableArray<Guid> way = [.. first.OpenSeats.OrderBy(seat => seat.Leg).Select(seat => seat.TransportId)];
            foreach (var member in household.Members)
                if (member.IsOnJourney || !member.OpenSeats.OrderBy(seat => seat.Leg).Select(seat => seat.TransportId).SequenceEqual(way)) return null;
            foreach (var id in way)
            {
                if (now.Transports.GetValueOrDefault(id) is not { Departed: false, Schedule: { } schedule } run || schedule.DepartsAt < asked.FrozenUntil || (run.IsClosed && network.IndexOf(id) is not null) || misplaced.Contains(id)) return null;
                if (run.Manifest.GetValueOrDefault(first.Id) is not { State: SpaceState.Held, GroupId: var party } || together[(id, party)] != household.Members.Length) return null;
                var spaces = default(Spaces);
                foreach (var member in household.Members)
                    if (run.Manifest.GetValueOrDefault(member.Id) is { State: SpaceState.Held } space && space.GroupId == party) spaces += space.Needs;
                    else return null;
                if (spaces != group.Need) return null;
            }
            return new(group.Id, way, group.Need, group.Souls) { MayMove = true };
        }

        /// <summary>Whoever cannot be moved as a whole keeps what they hold; their spaces are simply taken.</summary>
        private void Stay(Household household, Group group)
        {
            var seats = household.Members.SelectMany(member => member.OpenSeats).OrderBy(seat => seat.Leg).ToList();
            var way = Numbers([.. seats.Select(seat => seat.TransportId).Distinct()]);
            planned.Add((group.Turn, new(group.Id, group.Tier, group.Score, group.Need, [.. household.Members.Select(member => member.Id)], way, way)));
            beside.Add((group, seats[^1].Country is { } country && group.IsHome(country), group.Souls));
        }

        /// <summary>Who belongs to a family that holds seats can only travel on those transports.</summary>
        private void Join(Household household, Group group, List<HeldSpaces> held)
        {
            var joining = Joining.Of(household, group);
            var (seats, way, need, movers) = (joining.Seats, joining.Way, joining.Need, joining.Movers);
            var legs = seats.Index().Where(seat => now.Transports.ContainsKey(seat.Item.TransportId)).Select(seat => now.Ground().LegOf(
                now.Transports[seat.Item.TransportId].AsDeparture(), seat.Index == 0 ? null : seats[seat.Index - 1].Country, seat.Item.Country));
            var barred = joining.KeptBy(legs).FirstOrDefault();
            var reason = barred?.Code ?? (way.All(run => free.TryGetValue(run, out var left) && left.Hold(need)) ? null : Words.NoSeatWithFamily);
            if (reason is null)
            {
                foreach (var run in way) free[run] -= need;
                held.Add(new(group.Id, way, need, movers.Length));
            }
            planned.Add((group.Turn, new(
                group.Id, group.Tier, group.Score, need, joining.Party, [], reason is null ? Numbers(way) : [], reason is null ? Words.JoinsFamily : null, reason, movers,
                ReasonOf: barred?.PersonId is { } whose ? [whose] : null)));
            beside.Add((group, seats[^1].Country is { } country && group.IsHome(country), group.Souls - (reason is null ? 0 : movers.Length)));
        }

        private Position? PointOf(Guid transport, bool end) => now.Transports.GetValueOrDefault(transport)?.Schedule is { } run
            ? now.Points.GetValueOrDefault(end ? run.To : run.From)?.Position : null;

        private Reason WhyNotKept(Group group, HeldSpaces hold)
        {
            if (WhoMayGo.KeptBy(group) is [var kept, ..]) return kept;
            foreach (var id in hold.Departures)
            {
                if (network.IndexOf(id) is not { } leg || !network.Legs[leg].Departure.Spaces.Hold(now.Transports[id].Taken)) return new(Words.TransportChanged);
                if (WhoMayGo.BarredFrom(group, network.Legs[leg]) is { } barred) return barred;
            }
            return new(Words.MadeRoom);
        }

        private ImmutableArray<int> Numbers(ImmutableArray<Guid> way)
        {
            foreach (var run in way)
                if (numbers.TryAdd(run, runs.Count))
                    runs.Add(new(run, now.Departures.FirstOrDefault(departure => departure.Id == run)?.Code ?? now.Transports.GetValueOrDefault(run)?.Schedule?.Code ?? ""));
            return [.. way.Select(run => numbers[run])];
        }

        private ImmutableArray<PlannedTier> Tiers(Plan plan, ImmutableArray<PlannedGroup> all)
        {
            var figures = plan.Tiers.ToDictionary(tier => tier.Tier);
            var changes = new Dictionary<(int Tier, Change Change), int>();
            foreach (var group in all)
            {
                Count(group.Change, group.Concerned.Length);
                Count(Change.Kept, group.Members.Length - group.Concerned.Length);
                void Count(Change change, int people) => changes[(group.Tier, change)] = changes.GetValueOrDefault((group.Tier, change)) + people;
            }
            return [.. figures.Keys.Concat(beside.Select(one => one.Group.Tier)).Distinct().Order().Select(tier =>
            {
                var own = figures.GetValueOrDefault(tier);
                var others = beside.Where(one => one.Group.Tier == tier).ToList();
                int People(Change change) => changes.GetValueOrDefault((tier, change));
                return new PlannedTier(
                    tier, (own?.People ?? 0) + others.Sum(one => one.Group.Souls), (own?.Placed ?? 0) + others.Sum(one => one.Placed),
                    (own?.AtHome ?? 0) + others.Where(one => one.AtHome).Sum(one => one.Placed), (own?.AtMost ?? 0) + others.Sum(one => one.Group.Souls),
                    People(Change.Kept), People(Change.Gained), People(Change.Moved), People(Change.Lost), People(Change.Left));
            })];
        }
    }
}
