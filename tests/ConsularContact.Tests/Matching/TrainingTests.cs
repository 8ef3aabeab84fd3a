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

    [Fact]
    public void What_ships_takes_no_mistake_for_rarer_and_no_agreement_for_more_telling_than_the_careful_rates()
    {
        // A file of people who never err, and another of people who often tell another birth date.
        var dice = new Random(5);
        IReadOnlyCollection<IReadOnlyDictionary<Field, Level>> File(double errs, double namesakes) => [.. Enumerable.Range(0, 4_000).Select(i => new Dictionary<Field, Level>
        {
            [Field.Name] = i % 20 == 0 ? Level.Shared : i % 4 == 0 || dice.NextDouble() < namesakes ? Level.Same : Level.Different,
            [Field.BirthDate] = i % 4 == 0 && dice.NextDouble() >= errs ? Level.Same : Level.Different,
            [Field.Phone] = i % 4 == 0 ? Level.Same : Level.Different,
            [Field.Sex] = i % 4 == 0 || dice.Next(2) == 0 ? Level.Same : Level.Different,
        })];
        IReadOnlyCollection<IReadOnlyDictionary<Field, Level>> strangers = [.. Enumerable.Range(0, 1_000).Select(i => new Dictionary<Field, Level> { [Field.Name] = i % 10 == 0 ? Level.Same : Level.Different, [Field.Phone] = Level.Different })];

        var rates = Training.Rates([(File(0, .01), strangers), (File(.4, .01), [])], Match.Careful);

        Assert.Equal(Match.Careful.Keys, rates.Keys);
        Assert.All(rates, rate => Assert.True(rate.Value.U >= Match.Careful[rate.Key].U && (rate.Key.Level is Level.Same or Level.Rare || rate.Value.M >= Match.Careful[rate.Key].M), $"{rate}"));
        Assert.All(rates.Where(rate => rate.Key.Level != Level.Rare).GroupBy(rate => rate.Key.Field), field => Assert.Equal(1, field.Sum(rate => rate.Value.M), .01));
        Assert.Equal(Match.Careful[(Field.Name, Level.Shared)].M, rates[(Field.Name, Level.Shared)].M);
        Assert.InRange(rates[(Field.BirthDate, Level.Different)].M, .15, .25);
        Assert.Equal(.1, rates[(Field.Name, Level.Same)].U, 3);
        Assert.Equal(Match.Careful[(Field.Phone, Level.Same)].U, rates[(Field.Phone, Level.Same)].U);
    }

    [Fact]
    public void Every_weight_as_shipped_is_on_the_careful_side()
    {
        Assert.All(Match.Rates, rate => Assert.True(rate.Value.U >= Match.Careful[rate.Key].U && (rate.Key.Level is Level.Same or Level.Rare || rate.Value.M >= Match.Careful[rate.Key].M), $"{rate}"));
        Assert.Contains(Match.Rates, rate => rate.Value != Match.Careful[rate.Key]);
    }
}
