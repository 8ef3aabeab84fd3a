using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>The points, and the departures with what is free on them now.</summary>
/// <param name="Gone">Departed or cancelled: nobody can catch them any more.</param>
/// <param name="Crisis">The countries that people leave.</param>
internal sealed record Ways(IReadOnlyCollection<AssemblyPoint> Points, IReadOnlyCollection<Departure> Open, IReadOnlyCollection<Departure> Gone, Terms Terms, IReadOnlyCollection<string> Crisis)
{
    private static readonly Spaces Plenty = Spaces.Offer(9999, 9999, 9999, laps: 9999, carried: 9999, oxygen: 9999);

    public Network Network => field ??= Of(run => run);

    /// <summary>The same, were there room for everybody.</summary>
    public Network Roomy => field ??= Of(run => run with { Spaces = Plenty });

    /// <summary>What is left of free spaces when that many others have taken one of each kind: more than that nobody takes.</summary>
    public static Spaces LeftBy(int others, Spaces free)
    {
        var taken = new Spaces(others, others, others) { Laps = others, Carried = others, Oxygen = others };
        return Spaces.Most(default, free - taken);
    }

    /// <summary>The same with only that room.</summary>
    public Network LeftBy(int others) => Of(run => run with { Spaces = LeftBy(others, run.Spaces) });

    // What is gone departs before anybody can be there.
    private Network Of(Func<Departure, Departure> open) =>
        Network.From(Crisis, Points, [.. Open.Select(open), .. Gone.Select(run => run with { DepartsAt = DateTimeOffset.MinValue, ArrivesAt = DateTimeOffset.MinValue.AddHours(1), Spaces = default })]);
}

/// <summary>Spaces that are lacking on a departure.</summary>
internal sealed record Shortage(Departure Departure, Spaces Spaces);

/// <summary>One thing that it takes.</summary>
/// <param name="Code">See <see cref="ExplanationText"/>.</param>
/// <param name="People">Whom it concerns.</param>
internal sealed record Change(string Code, ImmutableArray<Guid> People)
{
    /// <summary>Where an emergency document must lead, over which countries, and until when it must be valid at least.</summary>
    public string? Destination { get; init; }

    public ImmutableArray<string> Transits { get; init; } = [];

    public DateOnly? ValidUntil { get; init; }

    /// <summary>Where they would have to be brought.</summary>
    public AssemblyPoint? Point { get; init; }

    public int? Kilometres { get; init; }

    public ImmutableArray<Shortage> Missing { get; init; } = [];
}

/// <summary>Whether a group could go now, every reason why not, and what together would change it.</summary>
/// <param name="Legs">Of the journey that they could take then; empty where nothing that we know of would help.</param>
internal sealed record Prospect(ImmutableArray<Reason> Reasons, ImmutableArray<Change> Changes, ImmutableArray<Leg> Legs)
{
    public bool CouldGoNow => Reasons.IsEmpty && Legs.Length > 0;
}

/// <summary>
/// What would get a group out that has no journey. The planner and its rules are asked again and again, each time with the
/// one thing supplied that stood against the group last, until they give a journey; so every reason comes up, and nothing is
/// promised that the rules would not keep. A fear is nothing to be supplied or taken away.
/// </summary>
internal static class WhatWouldChange
{
    public const string Consent = "consent", Escort = "escort-named", BestInterests = "best-interests-decided", Barrier = "exit-barrier-cleared", Fit = "fit-to-travel",
        Document = "emergency-document", PickUp = "pick-up", Position = "position-known", Seats = "more-seats", Transport = "another-transport";

    /// <summary>The adult whom a decision would have to name, where the group has none.</summary>
    public static readonly Guid SomeAdult = new("ffffffff-ffff-8fff-bfff-ffffffffffff");

    private const int MostSteps = 12, MostPoints = 6;

    public static ImmutableArray<string> Codes { get; } = [Consent, Escort, BestInterests, Barrier, Fit, Document, PickUp, Position, Seats, Transport];

    private sealed record Case(Group Group, bool Roomy = false)
    {
        public Case With(IReadOnlyCollection<Guid> people, Func<Traveller, Traveller> change) =>
            this with { Group = Group with { Travellers = [.. Group.Travellers.Select(one => people.Contains(one.PersonId) ? change(one) : one)] } };
    }

    private sealed record Step(Change Change, Func<Case, Case>? Supply);

    public static Prospect Of(Ways ways, Group group)
    {
        var (steps, reasons) = (new List<Step>(), new List<Reason>());
        while (Ask(ways, group, steps) is { LeftBehind: [var left] })
        {
            reasons.AddRange(left.Reasons);
            var step = steps.Count < MostSteps ? Remedy(ways, Supplied(group, steps), left.Reasons) : null;
            if (step?.Supply is null || steps.Exists(before => before.Change.Code == step.Change.Code && step.Change.People.All(before.Change.People.Contains)))
                return new([.. reasons.Distinct()], [.. steps.Select(before => before.Change), step is { Supply: null } ? step.Change : new(Transport, [])], []);
            steps.Add(step);
        }
        // What came later may have made an earlier one needless.
        for (var index = steps.Count - 1; index >= 0; index--)
            if (steps.Where((_, other) => other != index).ToList() is var others && Ask(ways, group, others).LeftBehind.IsEmpty)
                steps = others;

        var journey = Ask(ways, group, steps).Journeys[0];
        var legs = LegsOf(journey, ways);
        return new([.. reasons.Distinct()], [.. steps.Select(step => For(step.Change, journey.Spaces, legs))], legs);
    }

    /// <summary>The way that they can have whatever a plan gives to others, the first or a later one; empty: none.</summary>
    /// <param name="others">Everybody else who waits or holds seats.</param>
    public static ImmutableArray<Leg> CertainWay(Ways ways, Group group, int others) =>
        Planner.Plan(ways.LeftBy(others), [group], [], ways.Terms).Journeys is [var journey] ? LegsOf(journey, ways) : [];

    private static ImmutableArray<Leg> LegsOf(Journey journey, Ways ways) =>
        [.. journey.Departures.Select(run => ways.Network.Legs.First(leg => leg.Departure.Id == run.Id))];

    private static Plan Ask(Ways ways, Group group, IReadOnlyList<Step> steps)
    {
        var given = Supplied(group, steps);
        return Planner.Plan(given.Roomy ? ways.Roomy : ways.Network, [given.Group], [], ways.Terms);
    }

    private static Case Supplied(Group group, IEnumerable<Step> steps) => steps.Aggregate(new Case(group), (given, step) => step.Supply!(given));

    private static Step? Remedy(Ways ways, Case given, ImmutableArray<Reason> reasons)
    {
        ImmutableArray<Guid> people = [.. reasons.Select(reason => reason.PersonId).OfType<Guid>().Distinct()];
        var those = given.Group.Travellers.Where(one => people.Contains(one.PersonId));
        return reasons[0].Code switch
        {
            "no-consent" => new(new(Consent, people), now => now.With(people, one => one with { Consent = true })),
            "child-without-escort" => new(new(Escort, people), now => WithEscort(now, people)),
            "no-best-interests-decision" => new(new(BestInterests, people), now => now.With(people, one => one with { BestInterestsDecision = true })),
            "exit-barrier" when those.Any(one => one.HeldBack) && those.Where(one => one.HeldBack).Select(one => one.PersonId).ToImmutableArray() is var held =>
                new(new(Barrier, held), now => now.With(held, one => one with { HeldBack = false })),
            "unfit-to-travel" => new(new(Fit, people), now => now.With(people, one => one with { UnfitThrough = null, FitThrough = null })),
            "exit-barrier" or "no-usable-document" => new(new(Document, people), now => now.With(people, one => one with { EmergencyDocument = Any(ways) })),
            "no-assembly-point-in-reach" => given.Group.Start is { } start ? Bring(ways, given.Group, start) : new(new(Position, []), null),
            "no-seat" => new(new(Seats, []), now => now with { Roomy = true }),
            _ => null,
        };
    }

    private static Case WithEscort(Case given, ImmutableArray<Guid> children)
    {
        var adult = given.Group.Travellers.FirstOrDefault(one => one.Age is Age.Adult);
        var escort = adult?.PersonId ?? SomeAdult;
        var next = given.With(children, one => one with { EscortId = escort, BestInterestsDecision = true });
        return adult is not null ? next : next with
        {
            Group = next.Group with
            {
                Travellers = next.Group.Travellers.Add(new(SomeAdult, SpaceKind.Seat, Age.Adult) { Consent = true, Nationalities = given.Group.Homes, DocumentValidUntil = DateOnly.MaxValue }),
            },
        };
    }

    // A paper that opens every border, to see which ones it takes.
    private static EmergencyDocument Any(Ways ways) =>
        new("", [.. ways.Network.Legs.Select(leg => leg.Destination).OfType<string>().Distinct().Order(StringComparer.Ordinal)], DateOnly.MaxValue);

    private static Step? Bring(Ways ways, Group group, Position start)
    {
        var near = ways.Points.Where(point => !ways.Network.WithinReach(point.Position, 0.001).IsEmpty
                && group.Travellers.All(one => WhoMayGo.MayStartIn(one, point.Country)))
            .OrderBy(point => start.KilometresTo(point.Position)).ThenBy(point => point.Code, StringComparer.Ordinal).Take(MostPoints).ToList();
        return (near.Find(point => Of(ways, group with { Start = point.Position }).Legs.Length > 0) ?? near.FirstOrDefault()) is { } there
            ? new(new(PickUp, []) { Point = there, Kilometres = (int)Math.Round(start.KilometresTo(there.Position)) }, now => now with { Group = now.Group with { Start = there.Position } })
            : null;
    }

    private static Change For(Change change, Spaces need, ImmutableArray<Leg> legs)
    {
        var borders = legs.Where(leg => leg.CrossesBorder).ToList();
        return change.Code switch
        {
            Document => change with
            {
                Destination = borders[^1].Destination,
                Transits = [.. borders.SkipLast(1).Select(leg => leg.Destination!).Distinct()],
                ValidUntil = borders[^1].ArrivesOn,
            },
            Seats => change with
            {
                Missing = [.. legs.Where(leg => !leg.Departure.Spaces.Hold(need)).Select(leg => new Shortage(leg.Departure, Spaces.Most(need - leg.Departure.Spaces, default)))],
            },
            _ => change,
        };
    }
}
