using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class ProtectionTests
{
    private static readonly DecideBestInterests MayLeave = new(true, "The aunt is known to the child.", "protection-1", Tuesday, Tuesday);
    private static readonly PersonInNeed Aunt = Fold<PersonInNeed>(Other, [Registered(Adult)]);

    [Fact]
    public void A_child_may_leave_with_a_registered_adult()
    {
        var decided = DecideBestInterests.Decide(Given(Registered(Child)), Aunt, MayLeave).Single<BestInterestsDecided>();
        Assert.Equal((true, (Guid?)Other, "protection-1"), (decided.MayDepart, decided.EscortId, decided.ProtectionOfficer));
    }

    [Fact]
    public void A_child_does_not_leave_alone() => DecideBestInterests.Decide(Given(Registered(Child)), null, MayLeave).Refused("best-interests/escort-missing");

    [Fact]
    public void A_child_stays_without_an_escort() =>
        Assert.False(DecideBestInterests.Decide(Given(Registered(Child)), null, MayLeave with { MayDepart = false }).Single<BestInterestsDecided>().MayDepart);

    [Fact]
    public void An_escort_is_another_registered_adult_whose_data_is_there()
    {
        var child = Given(Registered(Child));
        DecideBestInterests.Decide(child, child, MayLeave).Refused("best-interests/escort-is-the-child");
        DecideBestInterests.Decide(child, Fold<PersonInNeed>(Other, []), MayLeave).Refused("best-interests/escort-unknown");
        DecideBestInterests.Decide(child, Aunt.Apply(Erased), MayLeave).Refused("best-interests/escort-erased");
        DecideBestInterests.Decide(child, Fold<PersonInNeed>(Other, [Registered(Child)]), MayLeave).Refused("best-interests/escort-not-adult");
        DecideBestInterests.Decide(child, Fold<PersonInNeed>(Other, [Registered(Adult with { BirthDate = null })]), MayLeave).Refused("best-interests/escort-not-adult");
        DecideBestInterests.Decide(child, Fold<PersonInNeed>(Other, [Registered(Adult), Repeated(Child)]), MayLeave).Refused("best-interests/escort-not-adult");
    }

    [Fact]
    public void An_unfit_escort_is_refused_also_where_the_child_stays() =>
        DecideBestInterests.Decide(Given(Registered(Child)), Fold<PersonInNeed>(Other, [Registered(Child)]), MayLeave with { MayDepart = false }).Refused("best-interests/escort-not-adult");

    [Fact]
    public void It_is_decided_for_children_only_and_doubt_speaks_for_the_child()
    {
        DecideBestInterests.Decide(Given(Registered(Adult)), Aunt, MayLeave).Refused("best-interests/not-a-child");
        DecideBestInterests.Decide(Given(), Aunt, MayLeave).Refused("person/unknown");
        DecideBestInterests.Decide(Given(Registered(Child), Erased), Aunt, MayLeave).Refused("person/erased");
        DecideBestInterests.Decide(Given(Registered(Adult with { BirthDate = null, SpecificNeeds = ["SC"] })), Aunt, MayLeave).Single<BestInterestsDecided>();
        DecideBestInterests.Decide(Given(Registered(Child with { BirthDate = new(2008) })), Aunt, MayLeave).Single<BestInterestsDecided>();
    }

    // The lie: a child is made an escort by the day that the decision is dated to.
    [Fact]
    public void Who_is_an_adult_is_asked_on_the_day_of_the_clock() =>
        DecideBestInterests.Decide(Given(Registered(Child)), Fold<PersonInNeed>(Other, [Registered(Child)]), MayLeave with { At = Tuesday.AddYears(20) }).Refused("best-interests/escort-not-adult");

    private static readonly GuardianNamed Declared = new(Second, "household", "post", Monday) { Standing = "declared" };

    // The lie: one protection officer sends a child who has a mother with somebody else.
    [Fact]
    public void No_escort_is_named_for_a_child_for_whom_somebody_answers()
    {
        var child = Given(Registered(Child), Declared);
        DecideBestInterests.Decide(child, Aunt, MayLeave).Refused("best-interests/not-alone");
        DecideBestInterests.Decide(child, Aunt, MayLeave with { MayDepart = false }).Refused("best-interests/not-alone");
        DecideBestInterests.Decide(child, null, MayLeave with { MayDepart = false }).Single<BestInterestsDecided>();
        // A child reported alone, or called so, is alone whoever answered for them before; whom only a form proposes answers for nobody.
        DecideBestInterests.Decide(child.Apply(Alone), Aunt, MayLeave).Single<BestInterestsDecided>();
        DecideBestInterests.Decide(child.Apply(Repeated(Child with { SpecificNeeds = ["SC"] })), Aunt, MayLeave).Single<BestInterestsDecided>();
        DecideBestInterests.Decide(Given(Registered(Child), new TieProposed(Second, "household", "self-service", Monday)), Aunt, MayLeave).Single<BestInterestsDecided>();
    }

    // The lie: whom an officer denied comes again as the escort, also under a record that was parted from the one that was denied.
    [Fact]
    public void Whom_an_officer_denied_one_protection_officer_makes_no_escort()
    {
        var child = Given(Registered(Child), new TieProposed(Other, "household", "post", Monday), new TieRefused(Other, "officer", "the child does not know them", Monday));
        DecideBestInterests.Decide(child, Aunt, MayLeave).Refused("best-interests/escort-denied");
        var parted = Fold<PersonInNeed>(Second, [Registered(Adult), new UnmergedFrom(Other, [], Monday)]);
        DecideBestInterests.Decide(child, parted, MayLeave).Refused("best-interests/escort-denied");
        DecideBestInterests.Decide(child, Fold<PersonInNeed>(Second, [Registered(Adult)]), MayLeave).Single<BestInterestsDecided>();
        var again = child.Apply(new GuardianNamed(Other, "customary", "protection-2", Tuesday) { Standing = "confirmed", ProposedBy = "protection-1" }).Apply(Alone);
        DecideBestInterests.Decide(again, Aunt, MayLeave).Single<BestInterestsDecided>();
    }

    [Fact]
    public void An_escort_is_named_with_the_records_that_theirs_stands_for_and_once_more_when_they_change()
    {
        var child = Given(Registered(Child));
        var decided = DecideBestInterests.Decide(child, Aunt, MayLeave);
        Assert.Equal([], decided.Single<BestInterestsDecided>().EscortSeenAs!);
        DecideBestInterests.Decide(child.With(decided), Aunt, MayLeave).Nothing();
        var merged = Aunt.Apply(new DuplicateMerged(Second, "officer", null, [], [], [], Tuesday));
        Assert.Equal([Second], DecideBestInterests.Decide(child.With(decided), merged, MayLeave).Single<BestInterestsDecided>().EscortSeenAs!);
    }

    [Fact]
    public void A_child_whom_a_form_called_alone_stays_so_for_the_order_of_urgency_when_the_form_is_corrected()
    {
        var told = Given(Registered(Child with { HouseholdReference = "H1", SpecificNeeds = ["SC"] }), Declared);
        var corrected = told.Apply(Corrected(Child with { HouseholdReference = "H1" }));
        Assert.True(corrected is { IsAloneAsAChild: true, Needs.Unaccompanied: true });
        Assert.Equal(told.Needs!.Specific, corrected.Needs!.Specific);
    }

    [Fact]
    public void A_decision_that_a_later_one_replaced_does_not_come_back()
    {
        var child = Given(Registered(Child), new BestInterestsDecided(false, null, "p", "The aunt is ill.", Tuesday));
        DecideBestInterests.Decide(child, Aunt, MayLeave with { At = Tuesday.AddHours(-1) }).Refused("best-interests/decided-since");
        DecideBestInterests.Decide(child, Aunt, MayLeave with { At = Tuesday.AddHours(1) }).Single<BestInterestsDecided>();
    }

    [Fact]
    public void A_decision_says_what_it_rests_on() => DecideBestInterests.Decide(Given(Registered(Child)), Aunt, MayLeave with { Grounds = " " }).Refused("best-interests/grounds-missing");

    [Fact]
    public void The_same_decision_again_is_none_and_another_one_replaces_it()
    {
        var child = Given(Registered(Child));
        child = child.With(DecideBestInterests.Decide(child, Aunt, MayLeave));
        DecideBestInterests.Decide(child, Aunt, MayLeave).Nothing();
        DecideBestInterests.Decide(child, null, MayLeave with { MayDepart = false }).Single<BestInterestsDecided>();
    }

    [Fact]
    public void Children_who_are_alone_wait_for_the_decision()
    {
        Assert.True(Given(Registered(Child)).IsAloneAsAChild);
        Assert.True(Given(Registered(Child with { HouseholdReference = "H1", SpecificNeeds = ["SC"] })).IsAloneAsAChild);
        Assert.True(Given(Registered(Child with { HouseholdReference = "H1" })).IsAloneAsAChild);
        Assert.False(Given(Registered(Child with { HouseholdReference = "H1" }), Declared).IsAloneAsAChild);
        Assert.False(Given(Registered(Adult with { HouseholdReference = null })).IsAloneAsAChild);
    }

    private static readonly WithdrawFear Withdraw = new(["SYR"], true, "protection-1", Tuesday);

    [Fact]
    public void A_claim_is_taken_back_after_counselling_and_only_then()
    {
        var person = Given(Registered(Adult), new FearOfReturnStated(["SYR", "ERI"], "officer-1", Monday));
        WithdrawFear.Decide(person, Withdraw with { Counselled = false }).Refused("non-refoulement/counselling-needed");
        var withdrawn = WithdrawFear.Decide(person, Withdraw).Single<FearOfReturnWithdrawn>();
        Assert.Equal(["SYR"], withdrawn.Countries!);
        Assert.Equal(["ERI"], person.Apply(withdrawn).Fears.Now);
    }

    // By a stranger's form, by a merge that was undone, by a form that was another's: the one who never had the fear says so.
    [Fact]
    public void A_fear_that_was_never_theirs_is_taken_back_in_the_same_way_and_stays_with_whose_it_is()
    {
        var (told, brought) = (new FearOfReturnStated(["SYR"], "agency X", Monday) { ToldBy = "agency X" }, new FearOfReturnStated(["SYR"], "", Monday) { Relayed = true });
        Event[][] ways =
        [
            [Registered(Adult), told],
            [Registered(Adult), new DuplicateMerged(Other, "officer-1", null, [], [], [], Monday), brought, new DuplicateUnmerged(Other, "officer-1", "two people", [], [], [], Monday)],
            [Registered(Adult), Repeated(Adult with { FearOfReturnTo = ["SYR"] }), new RegistrationSeparated(Second, Other, "officer-1", "another's", Monday)],
        ];
        foreach (var way in ways)
        {
            WithdrawFear.Decide(Given(way), Withdraw with { Counselled = false }).Refused("non-refoulement/counselling-needed");
            Assert.Equal(["SYR"], Given(way).Fears.Now);
            Assert.Empty(Given(way).With(WithdrawFear.Decide(Given(way), Withdraw)).Fears.Now);
        }
        Assert.Equal(["SYR"], Fold<PersonInNeed>(Other, [Registered(Adult), told with { ToldBy = null }, new MergedInto(Person, [], Monday), new UnmergedFrom(Person, [], Monday)]).Fears.Now);
    }

    [Fact]
    public void Only_countries_that_were_stated_can_be_taken_back()
    {
        var person = Given(Registered(Adult with { FearOfReturnTo = ["SYR"] }));
        WithdrawFear.Decide(person, Withdraw with { Countries = ["SYR", "ERI"] }).Refused("non-refoulement/not-stated");
        WithdrawFear.Decide(person, Withdraw with { Countries = [] }).Refused("non-refoulement/not-stated");
        WithdrawFear.Decide(person.With(WithdrawFear.Decide(person, Withdraw)), Withdraw).Nothing();
        WithdrawFear.Decide(person.Apply(Erased), Withdraw).Refused("person/erased");
    }

    [Fact]
    public void What_is_taken_back_is_what_was_stated_and_never_what_is_under_the_same_hand()
    {
        var person = Given(Registered(Adult with { Nationality = "SDN", FearOfReturnTo = ["HKG", "XXX"] }));
        WithdrawFear.Decide(person, Withdraw with { Countries = ["CHN"] }).Refused("non-refoulement/not-stated");
        var open = person.With(WithdrawFear.Decide(person, Withdraw with { Countries = ["HKG"] }));
        Assert.True(open.Fears is { IsOpen: true } && !open.Fears.Bars("CHN"));
        Assert.False(open.With(WithdrawFear.Decide(open, Withdraw with { Countries = ["XXX"] })).Fears.IsOpen);
    }

    [Fact]
    public void A_claim_that_was_stated_again_since_is_not_taken_back_by_an_older_word() =>
        WithdrawFear.Decide(Given(Registered(Adult), new FearOfReturnStated(["SYR"], "officer-1", Tuesday)), Withdraw with { At = Monday }).Refused("non-refoulement/stated-since");

    [Fact]
    public void A_form_that_leaves_a_country_out_takes_nothing_back() =>
        Assert.Equal(["SYR"], Given(Registered(Adult with { FearOfReturnTo = ["SYR"] }), Corrected(Adult), Repeated(Adult)).Fears.Now);

    [Fact]
    public void Correcting_a_form_states_nothing_anew_that_was_taken_back_and_registering_again_does()
    {
        var fearful = Adult with { FearOfReturnTo = ["SYR"] };
        var person = Given(Registered(fearful), new FearOfReturnWithdrawn(["SYR"], "protection-1", Monday));
        Assert.Empty(person.Apply(Corrected(fearful with { Phone = "1" })).Fears.Now);
        Assert.Equal(["SYR"], person.Apply(Repeated(fearful)).Fears.Now);
    }

    [Fact]
    public void What_tells_of_violence_only_protection_staff_see()
    {
        var survivor = Given(Registered(Adult with { SpecificNeeds = ["SV", "DS"] }));
        Assert.Equal(["SV", "DS"], UrgencyExplained.Of(survivor, restricted: true)!.Factors.Select(factor => factor.Code));
        Assert.Equal(["DS"], UrgencyExplained.Of(survivor, restricted: false)!.Factors.Select(factor => factor.Code));
        Assert.Equal("P/1", UrgencyExplained.Of(survivor, restricted: false)!.RuleVersion);
    }

    private static readonly ChildSeparationReported Alone = new(Second, "separated", "conflict", null, null, "officer", Tuesday.AddDays(3), Tuesday);

    [Fact]
    public void A_child_reported_alone_is_one_from_that_moment_until_it_ends()
    {
        var child = Given(Registered(Child with { HouseholdReference = "H1" }), new HouseholdJoined(Other, "child", Monday));
        Assert.False(child.IsAloneAsAChild);
        var alone = (PersonInNeed)child.Apply(Alone);
        Assert.True(alone is { IsAloneAsAChild: true, Needs.Unaccompanied: true });
        Assert.Equal(2, AssessNeeds.Decide(alone).Events.OfType<NeedsAssessed>().Single().Tier);
        Assert.Contains("child_protection", alone.Concerns);
        Assert.False(alone.Apply(new ChildSeparationEnded(Second, "reunified", Other, "protection-1", Tuesday)).IsAloneAsAChild);
    }

    [Fact]
    public void What_a_form_told_before_it_ended_makes_nobody_alone_again_but_a_child_they_remain()
    {
        var child = Given(Registered(Child with { BirthDate = null, SpecificNeeds = ["SC"], HouseholdReference = "H1" }), Alone,
            new GuardianNamed(Other, "parent", "protection-2", Tuesday) { Standing = "confirmed", ProposedBy = "protection-1" }, new ChildSeparationEnded(Second, "reunified", Other, "protection-1", Tuesday));
        Assert.True(child.IsChildOn(Tuesday));
        Assert.False(child.IsAloneAsAChild);
        Assert.True(child.Apply(Repeated(Child with { SpecificNeeds = ["SC"] })).IsAloneAsAChild);
    }

    [Fact]
    public void A_report_is_answered_in_time_or_it_is_told_once_that_it_was_not()
    {
        var child = Given(Registered(Child), Alone);
        Assert.Equal(Alone.AssessmentDueAt, Assert.Single(DecideBestInterests.Due(child)).DueAt);
        DecideBestInterests.Escalate(child, Tuesday).Nothing();
        var late = child.With(DecideBestInterests.Escalate(child, Tuesday.AddDays(4)));
        Assert.Empty(DecideBestInterests.Due(late));
        Assert.Empty(DecideBestInterests.Due(child.Apply(new BestInterestsDecided(false, null, "protection-1", "grounds", Tuesday.AddDays(1)))));
        Assert.Empty(DecideBestInterests.Due(child.Apply(new ChildSeparationEnded(Second, "of-age", null, "protection-1", Tuesday))));
        Assert.Empty(DecideBestInterests.Due(child.Apply(Erased)));
    }

    [Fact]
    public void What_was_decided_before_the_report_does_not_answer_it()
    {
        var decided = new BestInterestsDecided(true, Other, "protection-1", "grounds", Monday);
        Assert.Null(Given(Registered(Child), decided, Alone).BestInterests);
        Assert.Single(DecideBestInterests.Due(Given(Registered(Child), decided, Alone)));
        // Nor does what is dated later: nobody who decided knew of the report.
        Assert.Single(DecideBestInterests.Due(Given(Registered(Child), decided with { At = Tuesday.AddHours(1) }, Alone)));
        Assert.Empty(DecideBestInterests.Due(Given(Registered(Child), Alone, decided with { At = Tuesday.AddHours(1) })));
    }
}
