using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.Triage.Tests.Some;

namespace CrisisCoordination.Triage.Tests;

public sealed class UrgencyOrderTests
{
    private static readonly Needs Nothing = new(Monday, AgeYears: 30);

    private static int Compare(Ranked left, Ranked right) => Math.Sign(UrgencyOrder.MostUrgentFirst.Compare(left, right));

    [Fact]
    public void The_tier_goes_before_any_score() =>
        First(Nothing with { Mobility = Mobility.Stretcher }, before: Nothing with { Specific = SpecificNeeds.SV | SpecificNeeds.TR | SpecificNeeds.SP, Now = NeedsNow.Water });

    [Fact]
    public void Inside_a_tier_the_higher_score_goes_first() =>
        First(Nothing with { InAffectedArea = true, Now = NeedsNow.Water }, before: Nothing with { InAffectedArea = true, Now = NeedsNow.Food });

    [Fact]
    public void Among_equals_who_waited_longer_goes_first() => First(Nothing, before: Nothing with { RegisteredAt = Monday.AddMinutes(1) });

    [Fact]
    public void Waiting_is_counted_in_moments_not_in_clock_faces() =>
        First(Nothing with { RegisteredAt = new(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(2)) }, before: Nothing);

    [Fact]
    public void A_group_waits_since_its_first_registration() =>
        Assert.Equal(Monday, Ranked.Of(Guid.Empty, [Nothing with { RegisteredAt = Monday.AddDays(1) }, Nothing]).WaitingSince);

    [Fact]
    public void The_order_is_total() =>
        Always(from a in AnyPlace from b in AnyPlace from c in AnyPlace select (a, b, c), three =>
        {
            var (a, b, c) = three;
            return Compare(a, b) == -Compare(b, a)
                && (Compare(a, b) > 0 || Compare(b, c) > 0 || Compare(a, c) <= 0)
                && (Compare(a, b) != 0 || (a.Id == b.Id && a.WaitingSince == b.WaitingSince && a.Urgency.Tier == b.Urgency.Tier && a.Urgency.Score == b.Urgency.Score));
        });

    [Fact]
    public void Two_different_people_are_never_tied() =>
        Always(from a in AnyPlace from b in AnyPlace select (a, b), two => two.a.Id == two.b.Id || Compare(two.a, two.b) != 0);

    private static void First(Needs first, Needs before) =>
        Assert.Equal(-1, Compare(Ranked.Of(Guid.AllBitsSet, [first]), Ranked.Of(Guid.Empty, [before])));
}
