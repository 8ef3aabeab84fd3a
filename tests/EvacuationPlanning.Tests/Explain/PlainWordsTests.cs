using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using Xunit;

namespace CrisisCoordination.EvacuationPlanning.Tests.Explain;

public sealed class PlainWordsTests
{
    public static TheoryData<string> OfTheRules => [.. WhoMayGo.Codes.Concat(["no-seat", "no-journey", "no-assembly-point-in-reach"]).Distinct()];

    public static TheoryData<string> All => [.. WhoMayGo.Codes.Concat(Words.Codes).Distinct()];

    [Theory, MemberData(nameof(OfTheRules))]
    public void Every_code_that_a_rule_can_give_has_words_of_its_own(string code) => Assert.Contains(code, PlainWords.Codes);

    [Theory, MemberData(nameof(All))]
    public void Every_code_has_a_sentence_to_read_out_and_a_next_step(string code)
    {
        foreach (var self in (bool[])[true, false])
        {
            var (says, next) = PlainWords.Of(code, self);
            Assert.Matches("^[A-Z].{15,}[.]$", says);
            Assert.Matches("^[A-Z].{5,}[.]$", next);
            Assert.DoesNotContain('[', says);
            Assert.NotEqual(code, says);
        }
    }

    [Fact]
    public void Everything_that_could_change_has_words() => Assert.All(WhatWouldChange.Codes, code => Assert.NotEmpty(PlainWords.Change(code)));

    [Fact]
    public void Whoever_works_at_a_gate_or_with_a_plan_does_not_read_that_somebody_fears_a_country() =>
        Assert.All(WhoMayGo.Codes, code => Assert.DoesNotContain("fear", Words.Discreet(code) + Words.Refuse(new(code)) + Words.Say(Words.Discreet(code)), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void What_concerns_another_is_not_said_of_the_person() => Assert.StartsWith("Somebody who travels with you", PlainWords.Of("no-consent", self: false).Says, StringComparison.Ordinal);
}
