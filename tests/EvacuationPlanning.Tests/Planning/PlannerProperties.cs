using System.Collections.Immutable;
using System.Text.Json;
using CrisisCoordination.EvacuationPlanning.Checking;
using CrisisCoordination.EvacuationPlanning.Planning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.EvacuationPlanning.Tests.Planning.World;

namespace CrisisCoordination.EvacuationPlanning.Tests.Planning;

public sealed class PlannerProperties
{
    public sealed record Case(ImmutableArray<Departure> Departures, ImmutableArray<Group> Groups, int Seed)
    {
        public Network Network => Network(Departures);

        public Plan Plan => PlanFor(Network, Groups);

        public PlanInput Input => new(["SDN"], Points, Departures, Groups, [], new());

        public Group this[Guid id] => Groups.Single(group => group.Id == id);

        public override string ToString() => JsonSerializer.Serialize(this, Json);
    }

    internal static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [Fact]
    public void No_departure_carries_more_of_any_kind_than_it_offers() => Holds(given =>
        given.Plan.Loads.All(load =>
        {
            var aboard = given.Plan.Journeys.Where(journey => journey.Departures.Any(departure => departure.Id == load.DepartureId)).ToList();
            return load.Offered.Hold(load.Used)
                && load.Used == aboard.Aggregate(default(Spaces), (sum, journey) => sum + given[journey.GroupId].Need)
                && load.Souls == aboard.Sum(journey => given[journey.GroupId].Travellers.Length);
        }));

    [Fact]
    public void Every_group_travels_whole_or_is_left_with_a_reason() => Holds(given =>
    {
        var plan = given.Plan;
        return plan.Journeys.Select(journey => journey.GroupId).Concat(plan.LeftBehind.Select(left => left.GroupId)).Order()
                .SequenceEqual(given.Groups.Select(group => group.Id).Order())
            && plan.LeftBehind.All(left => !left.Reasons.IsEmpty)
            && plan.Journeys.All(journey => journey.Spaces == given[journey.GroupId].Need);
    });

    [Fact]
    public void Nobody_is_on_a_leg_that_a_rule_forbids_or_that_they_cannot_catch() => Holds(given =>
        given.Plan.Journeys.All(journey => IsSafe(given[journey.GroupId], journey.Departures)));

    [Fact]
    public void A_group_alone_gets_the_earliest_way_home_or_else_the_earliest_way_out() => Holds(given =>
        given.Groups.All(group =>
        {
            var all = SafeWays(given, group, departure => departure.Spaces).ToList();
            var home = all.Where(way => group.Travellers.All(traveller => traveller.Nationalities.Contains(Lies[way[^1].To]!))).ToList();
            var best = (home.Count > 0 ? home : all).Select(way => (DateTimeOffset?)way[^1].ArrivesAt).Min();
            return PlanFor(given.Network, group).Journeys.SingleOrDefault()?.Departures[^1].ArrivesAt == best;
        }));

    [Fact]
    public void The_same_input_gives_the_same_plan_in_whatever_order_it_comes() => Holds(given =>
    {
        var random = new Random(given.Seed);
        ImmutableArray<T> Shuffled<T>(ImmutableArray<T> items)
        {
            var copy = items.ToArray();
            random.Shuffle(copy);
            return [.. copy];
        }

        var shuffled = given with
        {
            Departures = Shuffled(given.Departures),
            Groups = [.. Shuffled(given.Groups).Select(group => group with { Travellers = Shuffled(group.Travellers) })],
        };
        return JsonSerializer.Serialize(given.Plan) == JsonSerializer.Serialize(shuffled.Plan);
    });

    [Fact]
    public void Nobody_without_a_seat_could_have_one_if_one_less_urgent_group_gave_up_theirs() => Holds(given =>
    {
        var plan = given.Plan;
        var free = plan.Loads.ToDictionary(load => load.DepartureId, load => load.Offered - load.Used);
        return plan.LeftBehind.Where(left => left.Reasons[0].Code == "no-seat").Select(left => given[left.GroupId]).All(group =>
            plan.Journeys
                .Where(journey => Turn.Order.Compare(given[journey.GroupId].Turn, group.Turn) > 0)
                .Append(null)
                .All(released => !SafeWays(given, group, departure =>
                    released?.Departures.Contains(departure) is true ? free[departure.Id] + released.Spaces : free[departure.Id]).Any()));
    });

    [Fact]
    public void Who_is_left_for_another_reason_than_seats_has_no_way_even_on_empty_transports() => Holds(given =>
        given.Plan.LeftBehind.Where(left => left.Reasons[0].Code != "no-seat")
            .All(left => !SafeWays(given, given[left.GroupId], _ => Spaces.Offer(99, 99, 99)).Any()));

    [Fact]
    public void Who_becomes_more_urgent_does_not_lose_a_place() => Holds(given =>
        given.Plan.Journeys.All(journey =>
        {
            var random = new Random(given.Seed);
            var group = given[journey.GroupId];
            var raised = group with { Tier = random.Next(1, group.Tier + 1), Score = group.Score + random.Next(3) };
            return (given with { Groups = given.Groups.Replace(group, raised) }).Plan.Journeys.Any(after => after.GroupId == group.Id);
        }));

    [Fact]
    public void What_is_held_is_kept_when_the_plan_is_made_again() => Holds(given =>
    {
        var random = new Random(given.Seed);
        var held = given.Plan.Journeys.Where(_ => random.Next(2) == 0).ToList();
        var again = Planner.Plan(given.Network, given.Groups, held.Select(journey =>
            new HeldSpaces(journey.GroupId, [.. journey.Departures.Select(departure => departure.Id)], journey.Spaces, journey.Souls)));

        return held.All(before => again.Journeys.Any(after =>
                after.WasHeld && after.GroupId == before.GroupId && after.Departures.SequenceEqual(before.Departures)))
            && again.Loads.All(load => load.Offered.Hold(load.Used));
    });

    [Fact]
    public void No_tier_places_more_people_than_its_upper_figure() => Holds(given =>
        given.Plan.Tiers.All(tier => tier.Placed <= tier.AtMost && tier.AtMost <= tier.People));

    internal static void Holds(Func<Case, bool> property) => Holds(Cases, property, 300);

    internal static void Holds(Gen<Case> from, Func<Case, bool> property, int cases) =>
        Prop.ForAll(Arb.From(from), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true));

    // The rules once more, written down without the planner's own: what a reader of domain.md would check by hand.
    private static bool IsSafe(Group group, IReadOnlyList<Departure> way)
    {
        var starts = group.Start == InTheCapital ? "Capital" : "Port";
        return way.Count <= 4
            && way[0].From == starts
            && Lies[way[^1].To] is not null
            && way.Zip(way.Skip(1)).All(pair => pair.First.To == pair.Second.From && pair.First.ArrivesAt.AddHours(1) <= pair.Second.DepartsAt)
            && group.Travellers.All(traveller => traveller.Consent && IsCaredFor(traveller) && way.All(leg => MayTake(traveller, leg)));

        bool IsCaredFor(Traveller traveller) =>
            traveller.Age is Age.Adult
            || (!traveller.IsUnaccompanied && group.Travellers.Any(other => other.Age is Age.Adult))
            || (traveller.BestInterestsDecision && group.Travellers.Any(other => other.Age is Age.Adult && other.PersonId == traveller.EscortId));

        static bool MayTake(Traveller traveller, Departure leg)
        {
            var (from, to) = (Lies[leg.From], Lies[leg.To]);
            if (DateOnly.FromDateTime(leg.DepartsAt.UtcDateTime) <= traveller.UnfitThrough || DateOnly.FromDateTime(leg.ArrivesAt.UtcDateTime) > traveller.FitThrough) return false;
            if (from == to) return true;
            if (to is null || traveller.FearedCountries.Contains(to)) return false;
            var passport = !traveller.ExitBarrier && traveller.DocumentValidUntil >= DateOnly.FromDateTime(leg.ArrivesAt.UtcDateTime);
            var emergency = traveller.EmergencyDocument is { } paper && (paper.Destination == to || paper.Transits.Contains(to));
            return (passport || emergency) && (from is null || traveller.Nationalities.Contains(to));
        }
    }

    internal static IEnumerable<List<Departure>> SafeWays(Case given, Group group, Func<Departure, Spaces> room)
    {
        var usable = given.Departures.Where(departure => room(departure).Hold(group.Need)).ToList();
        return Extend([]).Where(way => IsSafe(group, way));

        IEnumerable<List<Departure>> Extend(List<Departure> way) => way.Count == 4
            ? []
            : usable.Where(next => way.Count == 0 || (way[^1].To == next.From && way[^1].ArrivesAt < next.DepartsAt))
                .SelectMany(next => Extend([.. way, next]).Prepend([.. way, next]));
    }

    private static Gen<bool> Chance(int percent) => Gen.Choose(1, 100).Select(roll => roll <= percent);

    private static readonly string[] Abroad = ["SAU", "CYP", "IND", "GBR", "EGY"];

    private static Gen<Departure> Departures(int id) =>
        from way in Gen.Elements(
            ("Capital", "Port"), ("Capital", "Port"), ("Port", "Capital"), ("Port", "Jeddah"), ("Port", "Jeddah"), ("Port", "Larnaca"),
            ("Capital", "Cairo"), ("Hill", "Cairo"), ("Port", "Hill"), ("Jeddah", "Delhi"), ("Jeddah", "London"), ("Larnaca", "London"),
            ("Jeddah", "Cairo"), ("Cairo", "Delhi"))
        from departs in Gen.Choose(0, 40)
        from hours in Gen.Choose(1, 9)
        from seats in Gen.Choose(0, 5)
        from wheelchairs in Gen.Choose(0, 1)
        from stretchers in Gen.Choose(0, 1)
        select Run(way.Item1, way.Item2, departs, departs + hours, seats, wheelchairs, stretchers, id);

    private static Gen<Traveller> Travellers(int id, int escort) =>
        from age in Gen.Elements(Age.Adult, Age.Adult, Age.Child, Age.Infant)
        from space in Gen.Elements(SpaceKind.Seat, SpaceKind.Seat, SpaceKind.Seat, SpaceKind.Seat, SpaceKind.Wheelchair, SpaceKind.Stretcher)
        from nationality in Gen.Elements("IND", "IND", "GBR", "EGY", "NPL")
        from fears in Chance(15)
        from feared in Gen.Elements(Abroad)
        from consents in Chance(95)
        from barrier in Chance(5)
        from alone in Chance(10)
        from decided in Chance(60)
        from validDays in Gen.Elements(-1, 0, 1, 300, 300, 300, 300, 300)
        from emergency in Chance(20)
        from transit in Gen.Elements(Abroad)
        from unfit in Gen.Elements(-1, -1, -1, -1, -1, -1, -1, -1, 0, 1)
        from fit in Gen.Elements(9, 9, 9, 9, 9, 9, 9, 9, 0, 1)
        select new Traveller(Id(id), space, age)
        {
            AnsweredByHousehold = true,
            Consent = consents,
            Nationalities = [nationality],
            FearedCountries = fears ? [feared] : [],
            DocumentValidUntil = DateOnly.FromDateTime(Dawn.UtcDateTime).AddDays(validDays),
            EmergencyDocument = emergency ? new(nationality, [transit], NextYear) : null,
            ExitBarrier = barrier,
            IsUnaccompanied = alone,
            EscortId = alone ? Id(escort) : null,
            BestInterestsDecision = decided,
            UnfitThrough = unfit < 0 ? null : DateOnly.FromDateTime(Dawn.UtcDateTime).AddDays(unfit),
            FitThrough = fit > 8 ? null : DateOnly.FromDateTime(Dawn.UtcDateTime).AddDays(fit),
        };

    private static Gen<Group> Groups(int id) =>
        from size in Gen.Elements(1, 1, 2, 2, 3, 4)
        from members in Each(size, member => Travellers((id * 10) + member, id * 10))
        from tier in Gen.Choose(1, 3)
        from score in Gen.Choose(0, 2)
        from waited in Gen.Choose(0, 2)
        from start in Gen.Elements(InTheCapital, InThePort)
        select new Group(Id(id), members, tier, score, Dawn.AddDays(-waited), start);

    internal static Gen<Case> Cases =>
        from runs in Gen.Choose(2, 16)
        from departures in Each(runs, number => Departures(number + 1))
        from count in Gen.Choose(1, 12)
        from groups in Each(count, number => Groups(number + 1))
        from seed in Gen.Choose(0, int.MaxValue)
        select new Case(departures, groups, seed);

    /// <summary>Who may travel, all from the same place and by a single leg.</summary>
    internal static Gen<Case> Families =>
        from runs in Gen.Choose(2, 3)
        from departures in Each(runs, number =>
            from to in Gen.Elements("Jeddah", "Larnaca", "Cairo")
            from seats in Gen.Choose(3, 6)
            select Run("Capital", to, number * 10, (number * 10) + 5, seats, 0, 0, number + 1))
        from count in Gen.Choose(4, 8)
        from groups in Each(count, number =>
            from size in Gen.Choose(1, 4)
            from fears in Chance(40)
            from feared in Gen.Elements("SAU", "CYP", "EGY")
            from tier in Gen.Choose(1, 3)
            from score in Gen.Choose(0, 9)
            select Household(number + 1, [.. Enumerable.Range(number * 10, size).Select(member => Adult(member) with { FearedCountries = fears ? [feared] : [] })]) with { Tier = tier, Score = score })
        select new Case(departures, groups, 0);

    internal static Gen<ImmutableArray<T>> Each<T>(int count, Func<int, Gen<T>> one) =>
        Enumerable.Range(0, count).Aggregate(
            Gen.Constant(ImmutableArray<T>.Empty),
            (all, number) => all.SelectMany(items => one(number).Select(items.Add)));
}
