using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;

namespace CrisisCoordination.EvacuationPlanning.Checking;

/// <summary>All that a plan was made from.</summary>
public sealed record PlanInput(
    IReadOnlyCollection<string> CrisisCountries, IReadOnlyCollection<AssemblyPoint> Points, IReadOnlyCollection<Departure> Departures,
    IReadOnlyCollection<Group> Groups, IReadOnlyCollection<HeldSpaces> Held, Terms Terms);

/// <summary>What is wrong with a plan: a plain code, and the group, the departure, and the other group concerned.</summary>
public sealed record Fault(string Code, Guid? GroupId = null, string? Departure = null, Guid? Other = null);

/// <summary>
/// What stood against a group that was left behind. Where the reason is not room, <paramref name="Full"/> is nought.
/// </summary>
/// <param name="Full">Departures they may take and could have caught that lack room for them.</param>
/// <param name="AllMoreUrgent">Those of them on which everybody is more urgent, or keeps an earlier promise.</param>
/// <param name="NoPlaceLargeEnough">The others: somebody less urgent is aboard, but no one place of theirs is enough or leads out.</param>
public sealed record StoodAgainst(Guid GroupId, string Code, int Full, int AllMoreUrgent, int NoPlaceLargeEnough);

/// <summary>A plan holds when there are no faults.</summary>
public sealed record Verdict(ImmutableArray<Fault> Faults, ImmutableArray<StoodAgainst> StoodAgainst)
{
    public bool Holds => Faults.IsEmpty;
}

/// <summary>
/// Checks a plan against everything it must keep, and the certificate: nobody is left behind who would fit in the place of one
/// less urgent, and nobody arrives later than by changing places with one. Written apart from the planner: of it, this knows
/// only what goes in and what comes out, and says each rule again in its own words. Where the points lie it is told by their
/// timelines, whatever the plan was made from.
/// </summary>
public static class Checker
{
    public static Verdict Check(PlanInput input, KnownPlaces places, Plan plan)
    {
        var check = new Check(input, places, plan);
        check.EverybodyOnce();
        check.Journeys();
        check.Room();
        check.Held();
        check.Figures();
        // What follows asks what would fit beside the plan; that has no meaning while the plan itself does not fit.
        var against = check.Faults.Count == 0 ? check.Certificate() : [];
        return new([.. check.Faults], against);
    }
}
