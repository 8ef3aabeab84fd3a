using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.Triage.Tests.Some;

namespace CrisisCoordination.Triage.Tests;

public sealed class PriorityRuleTests
{
    private static readonly Needs Nothing = new(Monday, AgeYears: 30);

    public static TheoryData<string, Needs> ImmediateDanger => new()
    {
        { "BESIEGED", Nothing with { Danger = Dangers.Besieged } },
        { "LIFE", Nothing with { Danger = Dangers.LifeThreateningCondition } },
        { "VIOLENCE", Nothing with { Danger = Dangers.ImminentViolence } },
        { "MEDICAL-NOW", Nothing with { Specific = SpecificNeeds.SM, Now = NeedsNow.Medical } },
        { "MEDICAL-NOW", Nothing with { Mobility = Mobility.Stretcher, Now = NeedsNow.Medical } },
        { "PROTECTION-NOW", Nothing with { Specific = SpecificNeeds.SV, Now = NeedsNow.Protection } },
        { "PROTECTION-NOW", Nothing with { Specific = SpecificNeeds.TR, Now = NeedsNow.Protection } },
        { "PROTECTION-NOW", Nothing with { Specific = SpecificNeeds.WR, Now = NeedsNow.Protection } },
        { "PROTECTION-NOW", Nothing with { Specific = SpecificNeeds.LP, Now = NeedsNow.Protection } },
    };

    [Theory, MemberData(nameof(ImmediateDanger))]
    public void Immediate_danger_to_life_is_tier_1(string because, Needs needs) => InTier(Tier.ImmediateDanger, because, needs);

    public static TheoryData<string, Needs> CannotFleeUnaided => new()
    {
        { "STRETCHER", Nothing with { Mobility = Mobility.Stretcher } },
        { "PG", Nothing with { Specific = SpecificNeeds.PG } },
        { "INFANT", Nothing with { AgeYears = 1 } },
        { "INFANT", Nothing with { AgeYears = null, Infant = true } },
        { "SC", Nothing with { Specific = SpecificNeeds.SC } },
        { "SC", Nothing with { AgeYears = 17, Unaccompanied = true } },
        { "DS-SEVERE", Nothing with { Specific = SpecificNeeds.DS, Mobility = Mobility.Wheelchair } },
        { "DS-SEVERE", Nothing with { Specific = SpecificNeeds.DS, Mobility = Mobility.Stretcher } },
    };

    [Theory, MemberData(nameof(CannotFleeUnaided))]
    public void Who_cannot_survive_or_flee_unaided_is_in_tier_2(string because, Needs needs) => InTier(Tier.CannotFleeUnaided, because, needs);

    public static TheoryData<string, Needs> HeightenedRisk => new()
    {
        { "SP", Nothing with { Specific = SpecificNeeds.SP } },
        { "ER", Nothing with { Specific = SpecificNeeds.ER } },
        { "ER", Nothing with { AgeYears = 60 } },
        { "SV", Nothing with { Specific = SpecificNeeds.SV } },
        { "TR", Nothing with { Specific = SpecificNeeds.TR } },
        { "TRAFFICKED", Nothing with { Danger = Dangers.Trafficked } },
        { "WR", Nothing with { Specific = SpecificNeeds.WR } },
        { "SM", Nothing with { Specific = SpecificNeeds.SM } },
        { "DS", Nothing with { Specific = SpecificNeeds.DS } },
        { "DS", Nothing with { Mobility = Mobility.Wheelchair } },
        { "CR", Nothing with { Specific = SpecificNeeds.CR } },
        { "LP", Nothing with { Specific = SpecificNeeds.LP } },
    };

    [Theory, MemberData(nameof(HeightenedRisk))]
    public void Heightened_risk_is_tier_3(string because, Needs needs) => InTier(Tier.HeightenedRisk, because, needs);

    [Fact]
    public void Who_is_in_the_affected_area_is_in_tier_4() => InTier(Tier.ExposedArea, "AREA", Nothing with { InAffectedArea = true });

    public static TheoryData<string, Needs> OnlyPoints => new()
    {
        { "WATER", Nothing with { Now = NeedsNow.Water } },
        { "MEDICAL", Nothing with { Now = NeedsNow.Medical } },
        { "PROTECTION", Nothing with { Now = NeedsNow.Protection } },
        { "FOOD", Nothing with { Now = NeedsNow.Food } },
        { "SHELTER", Nothing with { Now = NeedsNow.Shelter } },
        { "CHILD", Nothing with { AgeYears = 17 } },
        { "FU", Nothing with { Specific = SpecificNeeds.FU } },
    };

    [Theory, MemberData(nameof(OnlyPoints))]
    public void Other_needs_add_points_and_no_tier(string because, Needs needs)
    {
        InTier(Tier.Other, because, needs);
        Assert.True(PriorityRule.Assess(needs).Score > 0);
    }

    [Fact]
    public void Who_needs_nothing_is_in_tier_5_with_no_points_and_no_reasons()
    {
        var urgency = PriorityRule.Assess(Nothing);
        Assert.Equal((Tier.Other, 0, PriorityRule.Version), (urgency.Tier, urgency.Score, urgency.RuleVersion));
        Assert.Empty(urgency.Factors);
    }

    [Fact]
    public void Just_outside_an_age_the_age_does_not_count()
    {
        Assert.Equal(Tier.Other, PriorityRule.Assess(Nothing with { AgeYears = 2 }).Tier);
        Assert.Equal(Tier.Other, PriorityRule.Assess(Nothing with { AgeYears = 59 }).Tier);
        Assert.Equal(Tier.Other, PriorityRule.Assess(Nothing with { AgeYears = 18, Unaccompanied = true }).Tier);
        Assert.Empty(PriorityRule.Assess(Nothing with { AgeYears = null, Unaccompanied = true }).Factors);
    }

    [Fact]
    public void Protection_and_medical_needs_alone_are_no_immediate_danger() =>
        Assert.Equal(Tier.Other, PriorityRule.Assess(Nothing with { Now = NeedsNow.Medical | NeedsNow.Protection }).Tier);

    [Fact]
    public void The_explanation_names_every_reason_and_adds_up_to_the_score() =>
        Always(Anyone, needs =>
        {
            var urgency = PriorityRule.Assess(needs);
            return urgency.Score == urgency.Factors.Sum(factor => factor.Points)
                && urgency.Factors.Select(factor => factor.Code).Distinct().Count() == urgency.Factors.Count
                && urgency.Factors.All(factor => factor is { Points: > 0, Sentence: [>= 'A' and <= 'Z', .., '.'] });
        });

    [Theory]
    [InlineData(SpecificNeeds.SV, Dangers.None)]
    [InlineData(SpecificNeeds.TR, Dangers.None)]
    [InlineData(SpecificNeeds.None, Dangers.Trafficked)]
    public void What_tells_of_violence_or_trafficking_is_marked_as_restricted(SpecificNeeds specific, Dangers danger) =>
        Assert.All(PriorityRule.Assess(Nothing with { Specific = specific, Danger = danger, Now = NeedsNow.Protection }).Factors,
            factor => Assert.Equal(factor.Code != "PROTECTION", factor.Restricted));

    [Fact]
    public void Learning_of_one_more_need_never_lowers_the_urgency() =>
        Always(from needs in Anyone from more in Anyone select (needs, more), pair =>
        {
            var (needs, more) = pair;
            Needs[] grown =
            [
                needs with { Infant = needs.Infant || more.Infant },
                needs with { Unaccompanied = needs.Unaccompanied || more.Unaccompanied },
                needs with { Specific = needs.Specific | more.Specific },
                needs with { Mobility = (Mobility)Math.Max((int)needs.Mobility, (int)more.Mobility) },
                needs with { Now = needs.Now | more.Now },
                needs with { Danger = needs.Danger | more.Danger },
                needs with { InAffectedArea = needs.InAffectedArea || more.InAffectedArea },
                needs with { AgeYears = needs.AgeYears ?? more.AgeYears },
            ];
            return grown.All(next => NotLessUrgent(PriorityRule.Assess(next), PriorityRule.Assess(needs)));
        });

    [Fact]
    public void A_group_is_exactly_as_urgent_as_its_neediest_member() =>
        Always(AnyGroup, members =>
        {
            var group = PriorityRule.Of(members);
            var each = members.Select(PriorityRule.Assess).ToArray();
            return each.All(member => NotLessUrgent(group, member)) && each.Any(member => NotLessUrgent(member, group));
        });

    [Fact]
    public void The_order_in_which_members_are_named_does_not_matter() =>
        Always(AnyGroup, members => Same(PriorityRule.Of(members), PriorityRule.Of([.. members.Reverse()]))
            && Same(PriorityRule.Of(members), PriorityRule.Of([.. members.OrderBy(member => member.AgeYears)])));

    [Fact]
    public void A_healthy_guardian_travels_in_the_tier_of_the_child() =>
        Assert.Equal(Tier.CannotFleeUnaided, PriorityRule.Of([Nothing, Nothing with { AgeYears = 0 }]).Tier);

    private static void InTier(Tier tier, string because, Needs needs)
    {
        var urgency = PriorityRule.Assess(needs);
        Assert.Equal(tier, urgency.Tier);
        Assert.Contains(urgency.Factors, factor => factor.Code == because);
    }

    private static bool NotLessUrgent(Urgency left, Urgency right) => (left.Tier, -left.Score).CompareTo((right.Tier, -right.Score)) <= 0;

    private static bool Same(Urgency left, Urgency right) =>
        left.Tier == right.Tier && left.Score == right.Score && left.Factors.SequenceEqual(right.Factors);
}
