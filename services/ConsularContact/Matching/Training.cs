namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>What was learnt from pairs that nobody labelled.</summary>
/// <param name="Share">The share of the pairs that are one person.</param>
/// <param name="Rates">How often each level occurs in pairs of one person (M) and of two (U).</param>
/// <param name="Found">How many pairs of one person have the level.</param>
internal sealed record Trained(double Share, IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> Rates, IReadOnlyDictionary<(Field Field, Level Level), double> Found);

/// <summary>
/// Estimates the parameters of Fellegi–Sunter by expectation maximisation (Winkler 1988): how likely each pair is one person
/// by the rates so far, then the rates by these likelihoods, until nothing moves. Families must not be what brings pairs
/// together, or it finds families.
/// </summary>
internal static class Training
{
    /// <summary>
    /// The rates to ship, from files of different crises. M by expectation maximisation in each, all repeats counted together;
    /// but no mistake is taken for rarer than the careful rates have it, because made-up people repeat themselves more exactly
    /// than real ones. A word in common keeps its careful rate: made-up mistakes exchange a whole name as families do, and an
    /// officer would be asked about every sister. U from pairs at random that nobody would take for one person; but nothing is taken for rarer than the careful rates have it, because in a
    /// family fields are not independent.
    /// </summary>
    public static Dictionary<(Field Field, Level Level), (double M, double U)> Rates(
        IEnumerable<(IReadOnlyCollection<IReadOnlyDictionary<Field, Level>> Compared, IReadOnlyCollection<IReadOnlyDictionary<Field, Level>> AtRandom)> files,
        IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> careful)
    {
        // How rare a place is shows in no pair.
        var levels = careful.Where(rate => rate.Key.Level != Level.Rare).ToDictionary(rate => rate.Key, rate => rate.Value);
        var (found, random) = (levels.ToDictionary(rate => rate.Key, _ => Smoothing), levels.ToDictionary(rate => rate.Key, _ => 0d));
        foreach (var (compared, atRandom) in files)
        {
            foreach (var (level, count) in Estimate(compared, levels, share: .1).Found) found[level] += count;
            foreach (var level in atRandom.SelectMany(pair => pair)) random[(level.Key, level.Value)]++;
        }
        var (sums, randoms, rates) = (Sums(found), Sums(random), new Dictionary<(Field Field, Level Level), (double M, double U)>(careful));
        foreach (var (key, (m, u)) in levels.Where(rate => rate.Key.Field != Field.Place)) rates[key] = (key is (Field.Name, Level.Shared) ? m : Math.Max(m, found[key] / sums[key.Field]), Math.Max(u, random[key] / Math.Max(1, randoms[key.Field])));
        foreach (var field in sums.Keys.Where(field => field != Field.Place)) rates[(field, Level.Same)] = (1 - levels.Keys.Where(key => key.Field == field && key.Level != Level.Same).Sum(key => rates[key].M), rates[(field, Level.Same)].U);
        return rates;
    }

    public static Trained Estimate(IEnumerable<IReadOnlyDictionary<Field, Level>> pairs, IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> start, double share, int mostRounds = 200)
    {
        // Pairs that compare alike are one line with a count.
        var lines = pairs.Select(levels => levels.OrderBy(l => l.Key).Select(l => (l.Key, l.Value)).ToArray())
            .GroupBy(line => string.Join(' ', line)).Select(group => (Levels: group.First(), Count: group.Count())).ToArray();
        var trained = new Trained(share, start, start.ToDictionary(rate => rate.Key, _ => 0d));
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
        return new(Math.Clamp(same / all, 1e-6, 1 - 1e-6), so.Rates.ToDictionary(rate => rate.Key, rate => (one[rate.Key] / ones[rate.Key.Field], two[rate.Key] / twos[rate.Key.Field])), one);
    }

    private static Dictionary<Field, double> Sums(Dictionary<(Field Field, Level Level), double> counts) =>
        counts.GroupBy(count => count.Key.Field).ToDictionary(group => group.Key, group => group.Sum(count => count.Value));

    // A level that never occurred is not impossible.
    private const double Smoothing = .01;
}
