using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>Something to drive to. What is fetched is brought to the assembly point before the next one.</summary>
/// <param name="At">Where it begins; null when that is not known, and then it costs no way.</param>
/// <param name="Ends">Where the team stands afterwards.</param>
internal sealed record Stop(Guid TaskId, Position? At, Position? Ends, DateTimeOffset DueAt);

/// <param name="Eta">When the team is there.</param>
/// <param name="Late">It cannot be done by its deadline in this order.</param>
internal sealed record PlannedStop(Stop Stop, double Kilometres, DateTimeOffset Eta, DateTimeOffset DoneAt, bool Late);

/// <summary>
/// The order in which a team does its tasks: as few as possible late, then as little late, then as short a way. Begun with
/// the earliest deadline and with the nearest stop, each improved by turning round parts of the way and by moving single
/// stops, until nothing gets better; the better of the two. Never more tasks late than by deadline alone.
/// </summary>
internal static class Route
{
    private const double KilometresPerHour = 40;

    /// <summary>People must be found, helped in and out, and ticked off.</summary>
    private static readonly TimeSpan AtEachStop = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<PlannedStop> Plan(Position from, DateTimeOffset now, IEnumerable<Stop> stops)
    {
        var all = stops.OrderBy(stop => stop.DueAt).ThenBy(stop => stop.TaskId).ToImmutableArray();
        return Walk(from, now, Better(from, now, Improved(from, now, all), Improved(from, now, Nearest(from, all))));
    }

    internal static IReadOnlyList<PlannedStop> Walk(Position from, DateTimeOffset now, ImmutableArray<Stop> order)
    {
        var walked = new List<PlannedStop>(order.Length);
        var (at, time) = (from, now);
        foreach (var stop in order)
        {
            var kilometres = stop.At is { } place ? at.KilometresTo(place) : 0;
            var eta = time + Drive(kilometres);
            var done = eta + AtEachStop + Drive(stop is { At: { } begins, Ends: { } ends } ? begins.KilometresTo(ends) : 0);
            walked.Add(new(stop, kilometres, eta, done, done > stop.DueAt));
            (at, time) = (stop.Ends ?? stop.At ?? at, done);
        }
        return walked;
    }

    /// <summary>What is compared, the first figure first.</summary>
    internal static (int Late, long Minutes, double Kilometres) Cost(IReadOnlyList<PlannedStop> walked) => (
        walked.Count(stop => stop.Late), walked.Sum(stop => stop.Late ? (long)(stop.DoneAt - stop.Stop.DueAt).TotalMinutes : 0), Math.Round(walked.Sum(stop => stop.Kilometres), 3));

    private static ImmutableArray<Stop> Improved(Position from, DateTimeOffset now, ImmutableArray<Stop> order)
    {
        // Each round makes the way strictly better, so it ends; the first best change is taken, so it is always the same.
        for (var best = Cost(Walk(from, now, order)); ;)
        {
            var next = Neighbours(order).Select(changed => (Order: changed, Cost: Cost(Walk(from, now, changed)))).Append((Order: order, Cost: best)).MinBy(one => one.Cost);
            if (next.Cost.CompareTo(best) >= 0) return order;
            (order, best) = next;
        }
    }

    private static IEnumerable<ImmutableArray<Stop>> Neighbours(ImmutableArray<Stop> order)
    {
        for (var first = 0; first < order.Length; first++)
            for (var last = first + 1; last < order.Length; last++)
            {
                yield return [.. order[..first], .. order[first..(last + 1)].Reverse(), .. order[(last + 1)..]];
                yield return order.RemoveAt(first).Insert(last, order[first]);
                yield return order.RemoveAt(last).Insert(first, order[last]);
            }
    }

    private static ImmutableArray<Stop> Nearest(Position from, ImmutableArray<Stop> all)
    {
        var (at, left, order) = (from, all.ToList(), ImmutableArray.CreateBuilder<Stop>(all.Length));
        while (left.Count > 0)
        {
            var next = left.MinBy(stop => stop.At is { } place ? at.KilometresTo(place) : 0)!;
            left.Remove(next);
            order.Add(next);
            at = next.Ends ?? next.At ?? at;
        }
        return order.ToImmutable();
    }

    private static ImmutableArray<Stop> Better(Position from, DateTimeOffset now, ImmutableArray<Stop> one, ImmutableArray<Stop> other) =>
        Cost(Walk(from, now, one)).CompareTo(Cost(Walk(from, now, other))) <= 0 ? one : other;

    private static TimeSpan Drive(double kilometres) => TimeSpan.FromHours(kilometres / KilometresPerHour);
}
