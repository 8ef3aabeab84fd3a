using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Aftermath;

/// <summary>All of what comes after a journey, for the service to take in.</summary>
internal static class Arrivals
{
    public static void Add(CrisisService service)
    {
        service
            .Inline(HandOverFeature.Table)
            .Inline(PlanOnwardFeature.Table)
            .Follow(Receiver.Table)
            .Map(HandOverFeature.Map, PlanOnwardFeature.Map);
        service.Reactions
            .On<Newcomer>(Newcomer.Open, typeof(Arrived))
            .On<Newcomer>(Newcomer.Void, typeof(FearOfReturnStated), typeof(RegistrationRepeated), typeof(RegistrationCorrected))
            .OnDue<Newcomer>(Newcomer.NotHandedOver, Newcomer.Escalate)
            .OnDue<Newcomer>(Newcomer.NotPlanned, Newcomer.Escalate);
    }
}
