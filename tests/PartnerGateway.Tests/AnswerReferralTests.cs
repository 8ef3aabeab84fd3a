using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.PartnerGateway.Referrals;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class AnswerReferralTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Referral = new("0197c3a0-0000-7000-8000-000000000009");
    private static readonly Event
        Shares = new SharingConsentGiven(["UNHCR"], At),
        Offered = new ReferralOffered(Referral, "UNHCR", "asylum", At.AddDays(1), At),
        Accepted = new ReferralAccepted(Referral, "UNHCR", At),
        Declined = new ReferralDeclined(Referral, "UNHCR", "full", At),
        Withdrawn = new SharingConsentWithdrawn(["UNHCR"], At);

    [Fact]
    public void An_agency_accepts_what_it_was_offered() => Assert.Equal(Accepted, Assert.Single(Answer(ReferralAnswer.Accepted, Shares, Offered).Events));

    [Fact]
    public void An_agency_says_why_it_declines() => Assert.Equal("no beds", Assert.IsType<ReferralDeclined>(Assert.Single(Answer(ReferralAnswer.Declined, Shares, Offered).Events)).Reason);

    [Fact]
    public void An_overdue_referral_can_still_be_accepted() => Assert.Single(Answer(ReferralAnswer.Accepted, Shares, Offered, new ReferralOverdue(Referral, "UNHCR", At)).Events);

    [Fact]
    public void Another_agencys_referral_does_not_exist() => Assert.Equal("referral/unknown", Answer(ReferralAnswer.Accepted, Shares, new ReferralOffered(Referral, "IOM", null, At, At)).Refusal?.Code);

    [Fact]
    public void A_referral_that_was_never_made_does_not_exist() => Assert.Equal(RefusalKind.NotFound, Answer(ReferralAnswer.Accepted, Shares).Refusal?.Kind);

    [Fact]
    public void The_same_answer_again_changes_nothing()
    {
        Assert.Same(Decision.Nothing, Answer(ReferralAnswer.Accepted, Shares, Offered, Accepted));
        Assert.Same(Decision.Nothing, Answer(ReferralAnswer.Declined, Shares, Offered, Declined));
    }

    [Fact]
    public void An_answer_cannot_be_turned_round() => Assert.Equal("referral/answered", Answer(ReferralAnswer.Declined, Shares, Offered, Accepted).Refusal?.Code);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_consent_nothing_is_accepted(bool erased) =>
        Assert.Equal("referral/consent-withdrawn", Answer(ReferralAnswer.Accepted, Shares, Offered, erased ? new PersonErased("a", "b", At) : Withdrawn).Refusal?.Code);

    [Fact]
    public void Only_a_fear_that_somebody_heard_ends_what_was_offered()
    {
        var fear = new FearOfReturnStated(["ERI"], "x", At);
        Assert.Single(Answer(ReferralAnswer.Accepted, Shares, Offered, fear with { ToldBy = "agency UNHCR", Relayed = true }).Events);
        Assert.Equal("referral/consent-withdrawn", Answer(ReferralAnswer.Accepted, Shares, Offered, fear).Refusal?.Code);
    }

    private static Decision Answer(ReferralAnswer answer, params Event[] events) => AnswerReferralFeature.Decide(
        events.Aggregate(PersonForPartners.Start(Guid.Empty), (person, e) => person.Apply(e)), new(Referral, Agency.Key("UNHCR"), answer, answer == ReferralAnswer.Declined ? "no beds" : null, At));
}
