using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>
/// What other services hear about a person frees seats as it does at the gate. The rules are asked anew, so a fact heard
/// twice or late frees nothing that is not barred.
/// </summary>
internal static class FreeBarredSeatsReaction
{
    public static void Add(Reactions reactions) => reactions.On(
        woken => woken.Timeline.AttemptAsync(
            async work => (await Scene.AroundAsync(work, woken.StreamId)).Regroup(woken.StreamId, woken.Now).Into(work), woken.By, woken.Stopping),
        typeof(HouseholdLeft), typeof(ChildSeparationReported)).On(RegroupFeature.BringTogetherAsync, typeof(HouseholdChanged)).On(
        woken => woken.Timeline.AttemptAsync(
            async work => (await Scene.AroundAsync(work, woken.StreamId)).FreeDuplicate(woken.StreamId, woken.Now).Into(work), woken.By, woken.Stopping),
        typeof(MergedInto)).On(
        woken => woken.Timeline.AttemptAsync(
            async work => (await Scene.AroundAsync(work, woken.StreamId)).FreeBarredSeats(woken.StreamId, wish: null, woken.Now)
                .Then(scene => scene.NoticeFeared(woken.StreamId, woken.Now)).Into(work),
            woken.By, woken.Stopping),
        typeof(FearOfReturnStated), typeof(EvacuationConsentWithdrawn), typeof(TravelDocumentRevoked), typeof(TieRefused), typeof(GuardianshipEnded), typeof(BestInterestsDecided), typeof(FitToTravelAssessed),
        typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(DuplicateUnmerged), typeof(PersonErased),
        typeof(ExitBarrierRaised), typeof(DetentionReported), typeof(CheckedIn));
}
