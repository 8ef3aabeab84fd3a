using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.PartnerGateway.Referrals;
using CrisisCoordination.PartnerGateway.Webhooks;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.PartnerGateway;

/// <summary>What partner agencies learn, and what they answer.</summary>
public static class PartnerGatewayService
{
    public static CrisisService Define() => CrisisService.Of(Service.PartnerGateway)
        .Inline(Agency.ReadModel)
        .Follow(OpenReferrals.ReadModel)
        .Follow(Deliveries.Sharers)
        .Table("delivery", Deliveries.Table)
        .Table("disclosure", Disclosures.Table)
        .Table("subscription", Subscriptions.Table)
        .With(services => services
            .AddSingleton<Deliveries>()
            .AddSingleton<Disclosures>()
            .AddSingleton<Subscriptions>()
            .AddSingleton<WebhookPost>()
            .AddSingleton<WebhookSender>())
        .Beside("deliveries", (services, ct) => services.GetRequiredService<Deliveries>().FollowAsync(ct))
        .Beside("webhooks", (services, ct) => services.GetRequiredService<WebhookSender>().RunAsync(ct))
        .Map(
            RegisterAgencyFeature.Map,
            SetAgencyCountryFeature.Map,
            ListAgenciesFeature.Map,
            ReadFeedFeature.Map,
            ListReferralsFeature.Map,
            AnswerReferralFeature.Map,
            SubscribeFeature.Map,
            UnsubscribeFeature.Map);
}
