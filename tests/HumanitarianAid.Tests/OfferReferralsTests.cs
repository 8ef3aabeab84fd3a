using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class OfferReferralsTests
{
    private static readonly AgencyState OfNoState = AgencyState.NotSaid.After(new AgencyCountrySet(null, "r", "a", Monday));
    private static readonly Agency
        Unhcr = new("UNHCR", ["asylum", "statelessness"]) { State = OfNoState }, Iom = new("IOM", ["trafficking", "return"]) { State = OfNoState }, Unicef = new("UNICEF", ["child_protection"]) { State = OfNoState },
        Msf = new("MSF", ["medical"]) { State = OfNoState }, Icrc = new("ICRC", ["family_links"]) { State = OfNoState };
    private static readonly Agency[] All = [Unhcr, Iom, Unicef, Msf, Icrc];
    private static readonly SharingConsentGiven WithAll = SharesWith("UNHCR", "IOM", "UNICEF", "MSF", "ICRC");

    [Fact]
    public void Each_concern_goes_to_the_agency_that_takes_it()
    {
        Offers(Adult with { FearOfReturnTo = ["SYR"] }, "UNHCR asylum");
        Offers(Adult with { Nationality = "XXB" }, "UNHCR asylum");
        Offers(Adult with { Nationality = "XXA" }, "UNHCR statelessness");
        Offers(Adult with { SpecificNeeds = ["LP"], Document = new("passport", null, null, DocumentStatus.WithheldByEmployer) }, "IOM trafficking");
        Offers(Child with { SpecificNeeds = ["SC"] }, "UNICEF child_protection");
        Offers(Child with { HouseholdReference = "H1", SpecificNeeds = ["CR"] }, "UNICEF child_protection");
        Offers(Child, "UNICEF child_protection");
        Offers(Adult with { NeedsNow = ["medical"] }, "MSF medical");
        Offers(Adult with { SpecificNeeds = ["SM", "FU"] }, "MSF medical", "ICRC family_links");
        Offers(Adult with { NeedsNow = ["water"], SpecificNeeds = ["DS"] });
    }

    [Fact]
    public void A_fear_that_others_told_refers_nobody_and_takes_no_referral_back_until_somebody_heard_it()
    {
        var told = new FearOfReturnStated(["SYR"], "agency UNHCR", Monday) { ToldBy = "agency UNHCR", Relayed = true };
        var person = Given(Registered(Adult), WithAll, told);
        OfferReferrals.Decide(person, All, Tuesday).Nothing();
        var heard = person.Apply(new FearOfReturnStated(["SYR"], "protection-1", Tuesday));
        Assert.Equal("UNHCR", OfferReferrals.Decide(heard, All, Tuesday).Single<ReferralOffered>().Agency);

        // An agency of the state that it names itself: what it was offered before stays, and nothing more comes.
        var syrian = new Agency("GOV", ["medical", "family_links"]) { State = AgencyState.NotSaid.After(new AgencyCountrySet("SYR", "r", "a", Monday)) };
        var offered = Given(Registered(Adult with { SpecificNeeds = ["SM"] }), SharesWith("GOV"));
        offered = offered.With(OfferReferrals.Decide(offered, [syrian], Monday)).Apply(told).Apply(Repeated(Adult with { SpecificNeeds = ["FU"] }));
        OfferReferrals.Decide(offered, [syrian], Tuesday).Nothing();
        OfferReferrals.Decide(offered.Apply(new FearOfReturnStated(["SYR"], "officer-1", Tuesday)), [syrian], Tuesday).Single<ReferralWithdrawn>();
    }

    [Fact]
    public void Nobody_is_referred_to_an_agency_they_did_not_let_know() =>
        OfferReferrals.Decide(Given(Registered(Adult with { FearOfReturnTo = ["SYR"] }), SharesWith("IOM")), All, Tuesday).Nothing();

    [Fact]
    public void A_withdrawn_consent_is_none() =>
        OfferReferrals.Decide(Given(Registered(Adult with { SpecificNeeds = ["SM"] }), SharesWith("MSF"), new SharingConsentWithdrawn(["MSF"], Monday)), All, Tuesday).Nothing();

    [Fact]
    public void A_referral_is_offered_once_per_agency_and_concern_also_when_woken_again()
    {
        var person = Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll);
        person = person.With(OfferReferrals.Decide(person, All, Monday));
        OfferReferrals.Decide(person, All, Tuesday).Nothing();
        OfferReferrals.Decide(person, [Msf, Msf], Tuesday).Nothing();
        var more = OfferReferrals.Decide(person.Apply(new FearOfReturnStated(["SYR"], "officer-1", Tuesday)), All, Tuesday).Single<ReferralOffered>();
        Assert.Equal("asylum", more.Concern);
        Assert.NotEqual(person.Referrals[0].Id, more.ReferralId);
    }

    [Fact]
    public void An_agency_that_registered_twice_gets_one_offer() =>
        OfferReferrals.Decide(Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll), [Msf, Msf], Monday).Single<ReferralOffered>();

    [Fact]
    public void The_agency_has_two_days_to_answer() =>
        Assert.Equal(Tuesday.AddHours(48), OfferReferrals.Decide(Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll), All, Tuesday).Single<ReferralOffered>().DueAt);

    [Fact]
    public void An_id_does_not_tell_the_concern()
    {
        var one = OfferReferrals.Decide(Given(Registered(Adult with { FearOfReturnTo = ["SYR"] }), WithAll), All, Monday).Single<ReferralOffered>();
        var other = OfferReferrals.Decide(Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll), All, Monday).Single<ReferralOffered>();
        Assert.Equal(one.ReferralId, other.ReferralId);
    }

    [Fact]
    public void A_referral_that_nobody_answered_is_overdue_once()
    {
        var person = Offered();
        OfferReferrals.Escalate(person, Monday.AddHours(47)).Nothing();
        var overdue = OfferReferrals.Escalate(person, Monday.AddHours(48));
        Assert.Equal("MSF", overdue.Single<ReferralOverdue>().Agency);
        OfferReferrals.Escalate(person.With(overdue), Monday.AddHours(60)).Nothing();
        Assert.Empty(OfferReferrals.Due(person.With(overdue)));
    }

    [Fact]
    public void An_answer_in_time_ends_the_clock()
    {
        var person = Offered();
        Assert.Single(OfferReferrals.Due(person));
        foreach (var answer in new Event[] { new ReferralAccepted(person.Referrals[0].Id, "MSF", Tuesday), new ReferralDeclined(person.Referrals[0].Id, "MSF", null, Tuesday) })
        {
            OfferReferrals.Escalate(person.Apply(answer), Monday.AddDays(9)).Nothing();
            Assert.Empty(OfferReferrals.Due(person.Apply(answer)));
        }
    }

    [Fact]
    public void Whoever_withdrew_their_consent_leaves_nothing_to_answer() =>
        OfferReferrals.Escalate(Offered().Apply(new SharingConsentWithdrawn(["MSF"], Tuesday)), Monday.AddDays(9)).Nothing();

    [Fact]
    public void Somebody_whose_data_was_erased_is_referred_to_nobody()
    {
        OfferReferrals.Decide(Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll, Erased), All, Tuesday).Nothing();
        OfferReferrals.Escalate(Offered().Apply(Erased), Monday.AddDays(9)).Nothing();
    }

    [Fact]
    public void Nobody_is_referred_to_an_agency_of_a_state_that_they_fear_or_whose_state_nobody_said()
    {
        var person = Given(Registered(Adult with { FearOfReturnTo = ["SYR"] }), WithAll);
        OfferReferrals.Decide(person, [Unhcr with { State = Of("SYR") }], Tuesday).Nothing();
        OfferReferrals.Decide(person, [Unhcr with { State = AgencyState.NotSaid }], Tuesday).Nothing();
        Assert.Equal("asylum", OfferReferrals.Decide(person, [Unhcr with { State = Of("DEU") }], Tuesday).Single<ReferralOffered>().Concern);
    }

    [Fact]
    public void A_fear_takes_open_referrals_back_from_an_agency_of_that_state_and_they_are_offered_again_when_it_ends()
    {
        Agency[] syrian = [Msf with { State = Of("SYR") }];
        var person = Offered().Apply(new FearOfReturnStated(["SYR"], "officer-1", Tuesday));
        var taken = OfferReferrals.Decide(person, syrian, Tuesday);
        Assert.Equal("MSF", taken.Single<ReferralWithdrawn>().Agency);
        person = person.With(taken);
        OfferReferrals.Decide(person, syrian, Tuesday).Nothing();
        Assert.Empty(OfferReferrals.Due(person));
        var again = OfferReferrals.Decide(person.Apply(new FearOfReturnWithdrawn(["SYR"], "protection-1", Tuesday)), syrian, Tuesday).Single<ReferralOffered>();
        Assert.NotEqual(person.Referrals[0].Id, again.ReferralId);
        OfferReferrals.Decide(Offered().Apply(new FearOfReturnStated(["SYR"], "officer-1", Tuesday)), [Msf with { State = OfNoState }], Tuesday).Nothing();
    }

    private static AgencyState Of(string country) => AgencyState.NotSaid.After(new AgencyCountrySet(country, "r", "a", Monday));

    private static PersonInNeed Offered()
    {
        var person = Given(Registered(Adult with { SpecificNeeds = ["SM"] }), WithAll);
        return person.With(OfferReferrals.Decide(person, All, Monday));
    }

    private static void Offers(Registration form, params string[] expected) =>
        Assert.Equal(expected, OfferReferrals.Decide(Given(Registered(form), WithAll), All, Tuesday).Events.Cast<ReferralOffered>().Select(e => $"{e.Agency} {e.Concern}"));
}
