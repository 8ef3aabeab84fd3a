namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>What was learnt from pairs that nobody labelled.</summary>
/// <param name="Share">The share of the pairs that are one person.</param>
/// <param name="Rates">How often each level occurs in pairs of one person (M) and of two (U).</param>
internal sealed record Trained(double Share, IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> Rates);

/// <summary>
/// Estimates the parameters of Fellegi–Sunter by expectation maximisation (Winkler 1988): how likely each pair is one person
/// by the rates so far, then the rates by these likelihoods, until nothing moves. Pairs come from blocking, so U is that of
/// people who have something in common, and a field that keys are made of says less than it does of two at random: the
/// shipped weights follow a training with care. Families must not be what brings pairs together, or it finds families.
/// </summary>
internal static class Training
{
    public static Trained Estimate(IEnumerable<IReadOnlyDictionary<Field, Level>> pairs, IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> start, double share, int mostRounds = 200)
    {
        // Pairs that compare alike are one line with a count.
        var lines = pairs.Select(levels => levels.OrderBy(l => l.Key).Select(l => (l.Key, l.Value)).ToArray())
            .GroupBy(line => string.Join(' ', line)).Select(group => (Levels: group.First(), Count: group.Count())).ToArray();
        var trained = new Trained(share, start);
        for (var round = 0; round < mostRounds; round++)
        {
            var next = Improve(lines, trained);
            var moved = Math.Abs(next.Share - trained.Share) + next.Rates.Sum(rate => Math.Abs(rate.Value.M - trained.Rates[rate.Key].M));
            trained = next;
            if (moved < 1e-6) break;
        }
        return trained;
    }

    private static Trained Improve(((Field Field, Level Level)[] Levels, int Count)[] lines, Trained so)
    {
        var (one, two) = (so.Rates.ToDictionary(rate => rate.Key, _ => Smoothing), so.Rates.ToDictionary(rate => rate.Key, _ => Smoothing));
        var (same, all) = (0d, 0d);
        foreach (var (levels, count) in lines)
        {
            var odds = levels.Aggregate(so.Share / (1 - so.Share), (odds, level) => odds * so.Rates[level].M / so.Rates[level].U);
            var likely = double.IsInfinity(odds) ? 1 : odds / (1 + odds);
            (same, all) = (same + (likely * count), all + count);
            foreach (var level in levels)
            {
                one[level] += likely * count;
                two[level] += (1 - likely) * count;
            }
        }
        var (ones, twos) = (Sums(one), Sums(two));
        return new(Math.Clamp(same / all, 1e-6, 1 - 1e-6), so.Rates.ToDictionary(rate => rate.Key, rate => (one[rate.Key] / ones[rate.Key.Field], two[rate.Key] / twos[rate.Key.Field])));

        static Dictionary<Field, double> Sums(Dictionary<(Field Field, Level Level), double> counts) =>
            counts.GroupBy(count => count.Key.Field).ToDictionary(group => group.Key, group => group.Sum(count => count.Value));
    }

    // A level that never occurred is not impossible.
    private const double Smoothing = .01;
}
