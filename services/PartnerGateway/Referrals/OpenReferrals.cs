using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Referrals;

/// <summary>Where to look for an agency's open referrals; what stands in them is read from the timelines.</summary>
internal static class OpenReferrals
{
    public static IProjection ReadModel { get; } = new Projection<PersonForPartners>("partner_gateway.open_referral", 1,
        [("referral_id", "uuid not null"), ("agency", "text not null"), ("offered_at", "timestamptz not null")],
        person => person.OpenReferrals.Select(referral => new object?[] { referral.Id, Agency.Key(referral.Agency), referral.OfferedAt.ToUniversalTime() }),
        [typeof(ReferralOffered), typeof(ReferralAccepted), typeof(ReferralDeclined), typeof(ReferralWithdrawn)],
        "create index on {table} (agency, referral_id)");
}
