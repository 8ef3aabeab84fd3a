using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Aftermath;
using CrisisCoordination.EvacuationPlanning.Dispatch;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Fleet;
using CrisisCoordination.EvacuationPlanning.Gate;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>Transports and assembly points, the plan that seats people on them, and the gate.</summary>
public static class EvacuationPlanningService
{
    public static CrisisService Define()
    {
        var service = CrisisService.Of(Service.EvacuationPlanning)
            .Inline(ImportAssemblyPointsFeature.Table)
            .Inline(ListTransportsFeature.Table)
            .Inline(ListTasksFeature.Table)
            .Inline(FormTeamFeature.Table)
            .Follow(TravellersOfCrisis.Table)
            .Follow(Clocks.Table)
            .Table("drafted_plan", PlanShelf.Table)
            .With(services => services.AddSingleton<CrisisFacts>().AddSingleton<Situations>().AddSingleton<PlanShelf>()
                .AddSingleton<DraftPlanFeature>().AddSingleton<PublishPlanFeature>().AddSingleton<CertifyPlanFeature>())
            .Beside("the facts that plans are made from", (services, ct) => services.GetRequiredService<CrisisFacts>().FollowAsync(ct))
            .Map(ImportAssemblyPointsFeature.Map, SetPointCountryFeature.Map, ImportTransportsFeature.Map, ScheduleTransportFeature.Map, ListTransportsFeature.Map)
            .Map(ChangeTransportFeature.Map, PromiseSeatsFeature.Map)
            .Map(DraftPlanFeature.Map, ReviewPlanFeature.Map, PublishPlanFeature.Map, CertifyPlanFeature.Map, WhatIfFeature.Map)
            .Map(FormTeamFeature.Map, ListTasksFeature.Map, AnswerTaskFeature.Map, AssignTaskFeature.Map, TakeBundleFeature.Map, ReportResultsFeature.Map)
            .Map(SealManifestFeature.Map, CheckInPersonFeature.Map, StandByFeature.Map, WalkUpFeature.Map, ReconcileFeature.Map)
            .Map(ConfirmFamilyAtGate.Map, BoardPersonFeature.Map, RecordNoShowFeature.Map, DepartTransportFeature.Map, ArriveWithTransportFeature.Map)
            .Map(StateFearFeature.Map, WithdrawConsentFeature.Map, ShowManifestFeature.Map, ExplainEvacuationFeature.Map, ShowDestinationsFeature.Map);
        FreeBarredSeatsReaction.Add(service.Reactions);
        LookAgainAtPlacesReaction.Add(service.Reactions);
        Standby.Add(service.Reactions);
        Arrivals.Add(service);
        AnswerTaskFeature.Add(service.Reactions);
        Dispatcher.Add(service);
        return service;
    }
}
