using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Assesses needs, meets them from stock, refers people to agencies, and decides in a child's best interests.</summary>
public static class HumanitarianAidService
{
    /// <summary>The service, for its own process or a test's.</summary>
    public static CrisisService Define()
    {
        var service = CrisisService.Of(Service.HumanitarianAid)
            .Inline(Stocks.ReadModel)
            .Follow(Needs.ReadModel)
            .Follow(Agencies.ReadModel)
            .Follow(OfferReferrals.OpenConcerns)
            .Follow(OfferReferrals.ReadModel)
            .Follow(Deadlines.Of<PersonInNeed>("humanitarian_aid", person => [.. OfferReferrals.Due(person), .. DecideBestInterests.Due(person), .. Reintegrate.Due(person)], [.. OfferReferrals.Matters, .. DecideBestInterests.Matters, .. Reintegrate.Matters]))
            .Follow(DecideBestInterests.ReadModel)
            .Follow(Reintegrate.ReadModel)
            .Map(Stocks.Map, Needs.Map, AllocateAid.Map, DeliverAid.Map, DecideBestInterests.Map, OfferReferrals.Map, ExplainUrgency.Map, WithdrawFear.Map, AssessFitness.Map, Reintegrate.Map);
        AssessFitness.Add(service.Reactions);
        service.Reactions
            .On(AssessNeeds.OfThisPerson,
                typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(HouseholdJoined),
                typeof(DuplicateMerged), typeof(DuplicateUnmerged), typeof(UnmergedFrom), typeof(RegistrationSeparated),
                typeof(HouseholdLeft), typeof(ChildSeparationReported), typeof(ChildSeparationEnded), typeof(AffectedAreaEntered), typeof(AffectedAreaLeft),
                typeof(GuardianNamed), typeof(TieConfirmed), typeof(TieRefused), typeof(GuardianshipEnded))
            .On<PersonInNeed>(AssessNeeds.DecideOnceHeard, [.. SeenByUs.Contacts.Except([typeof(CheckedInAtGate), typeof(Boarded), typeof(Arrived), typeof(HandedOver)])])
            .On<PersonInNeed>(CloseNeeds.Decide, typeof(MergedInto), typeof(DuplicateUnmerged), typeof(RegistrationSeparated))
            .On(OfferReferrals.ToThisPerson,
                typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(HouseholdJoined),
                typeof(SharingConsentGiven), typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(UnmergedFrom), typeof(ChildSeparationReported), typeof(TieRefused), typeof(GuardianshipEnded))
            .On(OfferReferrals.ToThisAgency, typeof(AgencyRegistered), typeof(AgencyCountrySet))
            .On<PersonInNeed>(Reintegrate.Offer, typeof(Arrived))
            .OnDue<PersonInNeed>(Reintegrate.NotFollowed, Reintegrate.Escalate)
            .OnDue<PersonInNeed>(OfferReferrals.Unanswered, OfferReferrals.Escalate)
            .OnDue<PersonInNeed>(DecideBestInterests.Unassessed, DecideBestInterests.Escalate);
        return service;
    }
}
