using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class CountedFactorsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_assessment_says_its_codes_itself() =>
        Assert.Equal([new CountedFactor("PG", 4)], (Of("Words that were reworded.") with { FactorCodes = [new("PG", 4)] }).Counted());

    [Fact]
    public void Older_assessments_are_read_by_the_head_of_each_sentence() =>
        Assert.Equal([new("PG", 4), new("TRAFFICKED", 3)], Of("PG +4: The person is pregnant.", "TRAFFICKED +3: There are signs: passport withheld.").Counted());

    [Fact]
    public void There_are_as_many_codes_as_sentences_whatever_they_say() =>
        Assert.Equal(["secret", "", "ER"], Of("secret", "", "ER +x: Old.").Counted().Select(factor => factor.Code));

    [Fact]
    public void Of_sealed_factors_nothing_is_known() => Assert.Empty(new NeedsAssessed(2, 9, "P/1", null, Now).Counted());

    private static NeedsAssessed Of(params string[] factors) => new(2, 9, "P/1", factors, Now);
}
