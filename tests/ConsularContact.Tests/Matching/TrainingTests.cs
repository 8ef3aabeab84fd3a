using CrisisCoordination.ConsularContact.Matching;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests.Matching;

public sealed class TrainingTests
{
    [Fact]
    public void From_pairs_that_nobody_labelled_it_finds_the_rates_that_made_them()
    {
        Dictionary<(Field Field, Level Level), (double M, double U)> truth = new()
        {
            [(Field.Name, Level.Same)] = (.8, .05),
            [(Field.Name, Level.Alike)] = (.15, .15),
            [(Field.Name, Level.Different)] = (.05, .8),
            [(Field.BirthDate, Level.Same)] = (.9, .02),
            [(Field.BirthDate, Level.Different)] = (.1, .98),
            [(Field.Phone, Level.Same)] = (.7, .1),
            [(Field.Phone, Level.Different)] = (.3, .9),
            [(Field.Sex, Level.Same)] = (.97, .5),
            [(Field.Sex, Level.Different)] = (.03, .5),
        };
        var dice = new Random(11);
        var pairs = Enumerable.Range(0, 40_000).Select(i => (IReadOnlyDictionary<Field, Level>)truth.GroupBy(t => t.Key.Field)
            // A field in ten is not known to both.
            .Where(field => field.Key == Field.Name || dice.NextDouble() > .1)
            .ToDictionary(field => field.Key, field => Draw([.. field.Select(t => (t.Key.Level, i % 5 == 0 ? t.Value.M : t.Value.U))])));
        var start = truth.ToDictionary(t => t.Key, t => t.Key.Level == Level.Same ? (.6, .3) : t.Key.Level == Level.Different ? (.2, .5) : (.2, .2));

        var trained = Training.Estimate(pairs, start, share: .5);

        Assert.InRange(trained.Share, .18, .22);
        Assert.All(truth, t => Assert.True(Math.Abs(trained.Rates[t.Key].M - t.Value.M) < .04 && Math.Abs(trained.Rates[t.Key].U - t.Value.U) < .02, $"{t.Key}: {trained.Rates[t.Key]}, not {t.Value}"));

        Level Draw((Level Level, double Rate)[] levels)
        {
            var at = dice.NextDouble();
            foreach (var (level, rate) in levels)
                if ((at -= rate) < 0) return level;
            return levels[^1].Level;
        }
    }
}
