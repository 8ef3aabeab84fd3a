using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class AssessNeedsTests
{
    [Fact]
    public void Who_registers_is_ranked_and_each_kind_of_aid_they_ask_for_is_opened_once()
    {
        var decision = AssessNeeds.Decide(Given(Registered(Adult with { NeedsNow = ["water", "food"], SpecificNeeds = ["DS"] }, inArea: true)));

        Assert.Equal((3, 8), decision.Events.OfType<NeedsAssessed>().Select(e => (e.Tier, e.Score)).Single());
        Assert.Equal(["food", "water"], decision.Events.OfType<AidNeedOpened>().Select(e => e.Kind).Order());
        Assert.Distinct(decision.Events.OfType<AidNeedOpened>().Select(e => e.NeedId));
        Assert.All(decision.Events, e => Assert.Equal(Monday, e.At));
    }

    [Fact]
    public void Woken_again_nothing_new_is_decided()
    {
        var person = Given(Registered(Adult with { NeedsNow = ["water"] }));
        AssessNeeds.Decide(person.With(AssessNeeds.Decide(person))).Nothing();
    }

    [Fact]
    public void What_an_older_release_told_in_words_only_is_not_told_again_with_codes()
    {
        var person = Given(Registered(Adult with { SpecificNeeds = ["PG"] }));
        var assessed = AssessNeeds.Decide(person).Events.OfType<NeedsAssessed>().Single();

        AssessNeeds.Decide(person.Apply(assessed with { FactorCodes = null })).Nothing();
        Assert.Contains(new CountedFactor("PG", 4), assessed.FactorCodes!);
        Assert.NotEmpty(AssessNeeds.Decide(person.Apply(assessed with { FactorCodes = [] })).Events);
    }

    [Fact]
    public void Two_wakes_at_once_open_needs_with_the_same_ids()
    {
        var person = Given(Registered(Adult with { NeedsNow = ["water", "food"] }));
        Assert.Equal(Ids(person), Ids(person));

        static IEnumerable<Guid> Ids(PersonInNeed person) => AssessNeeds.Decide(person).Events.OfType<AidNeedOpened>().Select(e => e.NeedId);
    }

    [Fact]
    public void A_repeated_registration_adds_to_what_is_known_and_takes_nothing_away()
    {
        var person = Given(Registered(Adult with { SpecificNeeds = ["PG"], NeedsNow = ["water"] }, inArea: true));
        person = person.With(AssessNeeds.Decide(person)).Apply(Repeated(Adult with { NeedsNow = ["medical"] }));

        var decision = AssessNeeds.Decide(person);

        Assert.Equal(2, decision.Events.OfType<NeedsAssessed>().Single().Tier);
        Assert.Equal("medical", decision.Events.OfType<AidNeedOpened>().Single().Kind);
    }

    [Fact]
    public void What_only_a_token_asks_for_ranks_and_what_is_scarce_goes_by_what_was_heard_until_somebody_speaks_to_them()
    {
        var registered = (PersonRegistered)Registered(Adult with { NeedsNow = ["water"] });
        var person = Given(registered, new EvacuationConsentGiven(Guid.Empty, "officer-1", Monday));
        person = person.With(AssessNeeds.Decide(person));
        Assert.Null(person.Assessed!.AsHeard);
        var before = (person.Assessed.Tier, person.Assessed.Score);
        person = person.Apply(new RegistrationCorrected(registered.RegistrationId, "self:S-1", Adult with { NeedsNow = ["water", "medical"], SpecificNeeds = ["PG"] }, "mine", Tuesday));
        AssessNeeds.DecideOnceHeard(person, Tuesday).Nothing();
        person = person.With(AssessNeeds.Decide(person));

        Assert.Equal(before, (person.Assessed!.AsHeard!.Tier, person.Assessed.AsHeard.Score));
        Assert.True(person.Assessed.Tier < before.Tier);
        AssessNeeds.Decide(person).Nothing();
        AssessNeeds.DecideOnceHeard(person.Apply(new CheckedIn(Guid.NewGuid(), "safe", "self", null, null, Tuesday)), Tuesday).Nothing();

        var spoken = person.Apply(new CheckedIn(Guid.NewGuid(), "needs-help", "officer", null, null, Tuesday.AddHours(1)));
        Assert.Null(AssessNeeds.DecideOnceHeard(spoken, Tuesday).Single<NeedsAssessed>().AsHeard);
    }

    [Fact]
    public void A_corrected_registration_is_read_instead_of_the_one_it_corrects()
    {
        var person = Given(Registered(Adult with { Mobility = Mobility.Stretcher }), Corrected(Adult));
        Assert.Equal(5, AssessNeeds.Decide(person).Single<NeedsAssessed>().Tier);
    }

    [Fact]
    public void Where_registrations_disagree_on_the_age_the_one_that_protects_counts()
    {
        Assert.Equal(10, Given(Registered(Adult), Repeated(Child)).Needs!.AgeYears);
        Assert.Equal(65, Given(Registered(Adult), Repeated(Adult with { BirthDate = new(1960) })).Needs!.AgeYears);
    }

    [Fact]
    public void The_age_is_that_of_the_day_of_registration() =>
        Assert.Equal(17, Given(Registered(Adult with { BirthDate = new(2008, 3, 3) })).Needs!.AgeYears);

    [Fact]
    public void A_child_without_any_household_counts_as_unaccompanied_until_one_is_joined()
    {
        Assert.True(Given(Registered(Child)).Needs!.Unaccompanied);
        Assert.False(Given(Registered(Child), new HouseholdJoined(Other, "child", Monday)).Needs!.Unaccompanied);
        Assert.False(Given(Registered(Child with { HouseholdReference = "H1" })).Needs!.Unaccompanied);
    }

    [Fact]
    public void A_passport_kept_by_the_employer_of_somebody_who_needs_protection_is_a_sign_of_trafficking()
    {
        var withheld = Adult with { Document = new("passport", "X1", null, DocumentStatus.WithheldByEmployer) };
        Assert.Equal(Triage.Dangers.Trafficked, Given(Registered(withheld with { NeedsNow = ["protection"] })).Needs!.Danger);
        Assert.Equal(Triage.Dangers.Trafficked, Given(Registered(withheld with { SpecificNeeds = ["LP"] })).Needs!.Danger);
        Assert.Equal(Triage.Dangers.None, Given(Registered(withheld)).Needs!.Danger);
    }

    [Theory]
    [InlineData("4095")]
    [InlineData("SC,TR")]
    [InlineData("")]
    [InlineData("XX")]
    public void A_code_that_nobody_knows_ranks_nobody(string code) =>
        Assert.Equal(Triage.SpecificNeeds.None, Given(Registered(Adult with { SpecificNeeds = [code] })).Needs!.Specific);

    [Fact]
    public void Of_somebody_whose_data_was_erased_nothing_is_decided()
    {
        AssessNeeds.Decide(Given(Registered(Adult with { NeedsNow = ["water"] }), Erased)).Nothing();
        AssessNeeds.Decide(Given(Registered(null!))).Nothing();
    }

    [Fact]
    public void Urgency_follows_a_person_into_an_affected_area_and_out_of_it()
    {
        int Tier(params Event[] events) => AssessNeeds.Decide(Given([Registered(Adult, inArea: true), .. events])).Events.OfType<NeedsAssessed>().Single().Tier;
        AffectedAreaLeft left = new(Guid.Empty, Tuesday);
        Assert.Equal(4, Tier());
        Assert.Equal(5, Tier(left));
        Assert.Equal(4, Tier(left, new AffectedAreaEntered(Guid.Empty, Tuesday)));
        Assert.Equal(5, Tier(new Arrived(Other, "SAU", true, "officer", Tuesday)));
        Assert.Equal(4, Tier(new Arrived(Other, null, true, "officer", Tuesday)));
    }

    [Fact]
    public void A_person_in_two_crises_is_exposed_while_they_are_inside_one_of_them()
    {
        var both = Given(Registered(Adult, inArea: true), Repeated(Adult) with { CrisisId = Other, InAffectedArea = true });
        Assert.True(both.Apply(new AffectedAreaLeft(Other, Tuesday)).Needs!.InAffectedArea);
        Assert.False(((PersonInNeed)both.Apply(new AffectedAreaLeft(Other, Tuesday))).Apply(new AffectedAreaLeft(Guid.Empty, Tuesday)).Needs!.InAffectedArea);
        Assert.True(((PersonInNeed)both.Apply(new AffectedAreaLeft(Other, Tuesday))).Apply(new RegistrationSeparated(Second, Other, "officer", "reason", Tuesday)).Needs!.InAffectedArea);
    }
}
