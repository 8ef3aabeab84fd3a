using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Tracing;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>What somebody gains who gives another time than that at which it was so, and what they are answered.</summary>
public sealed class ConsentLiesTests
{
    private static readonly Guid Amina = new("00000000-0000-0000-0000-000000000001"), Other = new("00000000-0000-0000-0000-000000000002"), Home = new("00000000-0000-0000-0000-000000000003");
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero), Childhood = new(2005, 5, 4, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nobody_consents_for_an_adult_by_dating_it_to_their_childhood() =>
        Given().When(person => Consent.Give(person, Adult(Other), "o", Childhood, Now)).ThenRefused("consent/adult-decides");

    [Fact]
    public void Nobody_consents_as_an_adult_by_dating_it_to_the_day_when_they_will_be_one() =>
        Spec.Given<Person>(Amina, Registered(new(2010))).When(person => Consent.Give(person, person, "o", Now.AddYears(10), Now)).ThenRefused("consent/by-child");

    [Fact]
    public void Nobody_consents_under_a_record_that_another_stands_for_and_that_may_say_that_they_are_a_child() =>
        Spec.Given<Person>(Amina, Registered(new(2015)), new GuardianNamed(Other, "parent", "o", Now))
            .When(child => Consent.Give(child, Adult(Other).Apply(new MergedInto(Home, [], Now)), "o", Now, Now)).ThenRefused("consent/guardian-merged");

    [Fact]
    public void Nobody_is_made_a_child_again_by_an_old_date()
    {
        Assert.Equal("guardian/not-a-child", NameGuardian.Decide(Adult(Amina), Adult(Other), new("parent", null, true, "o", Childhood, Now)).Refusal?.Code);
        Assert.Equal("separation/not-a-child", ReportSeparation.Decide(Adult(Amina), new(Home, "separated", "conflict", null, null, "o", Childhood, Now)).Refusal?.Code);
    }

    [Fact]
    public void Nobody_is_an_adult_by_a_date_that_has_not_come() =>
        Assert.Equal("guardian/a-child", NameGuardian.Decide(Child(Amina), Child(Other), new("parent", null, true, "o", Now.AddYears(10), Now)).Refusal?.Code);

    [Fact]
    public void Nobody_brings_a_consent_of_their_childhood_along_when_they_come_of_age() =>
        Spec.Given<Person>(Amina, Registered(new(2008, 5, 1)) with { At = Now.AddDays(-60) }).When(person => Consent.Give(person, person, "o", Now.AddDays(-30), Now)).ThenRefused("consent/child-then");

    [Fact]
    public void What_an_adult_agreed_to_who_no_longer_answers_for_the_child_is_asked_again()
    {
        Event[] told = [Registered(new(2015)), new TieConfirmed(Other, "papers", "o", Hour(7)), new EvacuationConsentGiven(Other, "o", Hour(8))];
        Event[] ended = [.. told, new GuardianshipEnded(Other, "false papers", "p", Hour(9))];
        Spec.Given<Person>(Amina, told).When(child => Consent.Give(child, Adult(Other), "o", Now, Now)).ThenNothing();
        Assert.False(Person(Amina, ended).MayLeaveAt(Now));
        Spec.Given<Person>(Amina, ended).When(child => Consent.Give(child, Adult(Other), "o", Now, Now)).ThenRefused("consent/not-the-guardian");
        // Confirmed again they are asked again, and a time before the end does not spare it.
        Event[] again = [.. ended, new TieConfirmed(Other, "papers", "o", Hour(9))];
        Spec.Given<Person>(Amina, again).When(child => Consent.Give(child, Adult(Other), "o", Hour(7), Now)).ThenRefused("consent/lapsed-since");
        Assert.True(Person(Amina, [.. again, Spec.Given<Person>(Amina, again).When(child => Consent.Give(child, Adult(Other), "o", Now, Now))
            .ThenOne<EvacuationConsentGiven>()]).MayLeaveAt(Now));
    }

    [Fact]
    public void A_mother_whom_the_child_knows_by_a_merged_record_consents_once_she_was_seen_with_the_child_again()
    {
        var mother = Person(Other, Registered(new(1990)), new DuplicateMerged(Home, "o", null, [], [], [], Hour(6)));
        var child = Spec.Given<Person>(Amina, Registered(new(2015)), new TieConfirmed(Home, "papers", "o", Hour(7)));
        child.When(child => Consent.Give(child, mother, "o", Hour(8), Now)).ThenRefused("consent/not-the-guardian");
        var given = Spec.Given<Person>(Amina, Registered(new(2015)), new TieConfirmed(Other, "papers", "o", Hour(7)) { SeenAs = [Home] })
            .When(child => Consent.Give(child, mother, "o", Hour(8), Now)).ThenOne<EvacuationConsentGiven>();
        Assert.Equal(Other, given.By);
    }

    [Fact]
    public void A_consent_of_before_the_withdrawal_changes_nothing_and_the_officer_is_told_so()
    {
        var said = Given(Agrees(8), Withdraws(9)).When(person => Consent.Give(person, person, "o", Hour(8), Now)).ThenRefused("consent/withdrawn-since");
        Assert.Contains("2026-05-04 at 09:00 UTC", said.Detail, StringComparison.Ordinal);
        Assert.Contains("leave out `at`", said.Detail, StringComparison.Ordinal);
        Given(Agrees(8), Withdraws(9)).When(person => Consent.Give(person, person, "o", Now, Now)).ThenOne<EvacuationConsentGiven>();
    }

    [Fact]
    public void A_withdrawal_of_before_the_consent_is_answered_with_that_consent_and_one_of_now_holds()
    {
        var said = Given(Agrees(9)).When(person => Consent.Withdraw(person, "o", Hour(8))).ThenRefused("consent/given-since");
        Assert.Contains("2026-05-04 at 09:00 UTC", said.Detail, StringComparison.Ordinal);
        Given(Agrees(9)).When(person => Consent.Withdraw(person, "o", Now)).ThenOne<EvacuationConsentWithdrawn>();
    }

    // A paper of the morning that is typed in the evening.
    [Fact]
    public void A_withdrawal_before_any_consent_is_kept_for_the_consent_that_is_told_later()
    {
        var withdrawn = Given().When(person => Consent.Withdraw(person, "o", Hour(9))).ThenOne<EvacuationConsentWithdrawn>();
        Given(withdrawn).When(person => Consent.Give(person, person, "o", Hour(8), Now)).ThenRefused("consent/withdrawn-since");
    }

    [Fact]
    public void Sharing_is_held_to_the_same_order_for_each_agency_by_itself_and_however_it_is_spelt()
    {
        Given(Shares(8, "UNHCR", "IOM"), Stops(9, "UNHCR")).When(person => Consent.Share(person, ["unhcr"], Hour(8))).ThenRefused("consent/withdrawn-since");
        Given(Shares(8, "UNHCR", "IOM"), Stops(9, "UNHCR")).When(person => Consent.Share(person, ["IOM"], Hour(8))).ThenNothing();
        Given(Shares(9, "UNHCR")).When(person => Consent.StopSharing(person, ["unhcr"], Hour(8), Now)).ThenRefused("consent/given-since");
        Given(Shares(9, "UNHCR")).When(person => Consent.StopSharing(person, ["unhcr"], Now, Now)).ThenOne<SharingConsentWithdrawn>();
    }

    // Files of an earlier release came in with the year 2099.
    [Fact]
    public void A_consent_of_a_wrong_clock_keeps_nobody_from_taking_it_back()
    {
        var stopped = Given(new SharingConsentGiven(["IOM"], Now.AddYears(73))).When(person => Consent.StopSharing(person, ["IOM"], Now, Now)).ThenOne<SharingConsentWithdrawn>();
        Assert.Empty(Person(Amina, Registered(new(1990)), new SharingConsentGiven(["IOM"], Now.AddYears(73)), stopped).SharesWith);
    }

    [Fact]
    public void A_corrected_form_does_not_give_an_agency_back_what_was_taken_from_it()
    {
        var form = new Registration { FamilyName = "Yusuf", BirthDate = new(1990), ShareWith = ["UNHCR", "IOM"] };
        var events = Given(Shares(8, "UNHCR"), Stops(9, "UNHCR")).When(person => CorrectRegistration.Decide(person, new(Home, form, "spelling", Other, "o", Now, Now))).ThenAll();
        Assert.Equal(["IOM"], events.OfType<SharingConsentGiven>().Single().Agencies);
    }

    [Fact]
    public void Who_joined_since_did_not_leave_before()
    {
        var member = Person(Amina, Registered(new(1990)), new HouseholdJoined(Home, "head", Hour(9)));
        LeaveHousehold leave = new(Amina, [], Other, "o", Hour(8), Now);
        Assert.Equal("household/moved-since", LeaveHousehold.Decide(new(Home, [Home], [member]), leave).Refusal?.Code);
        Assert.Null(LeaveHousehold.Decide(new(Home, [Home], [member]), leave with { At = Now }).Refusal);
    }

    [Fact]
    public void Who_left_since_did_not_join_before()
    {
        var gone = Person(Amina, Registered(new(1990)), new HouseholdJoined(Home, "spouse", Hour(7)), new HouseholdLeft(Home, Amina, "o", Hour(9)));
        JoinHousehold join = new("spouse", null, "o", Hour(8), Now);
        Assert.Equal("household/moved-since", JoinHousehold.Decide(new(Home, [Home], [Adult(Other)]), gone, null, join).Refusal?.Code);
        Assert.Null(JoinHousehold.Decide(new(Home, [Home], [Adult(Other)]), gone, null, join with { At = Now }).Refusal);
    }

    // The state agreed, and took it back later: the first answer, told late, clears no barrier.
    [Fact]
    public void An_older_answer_of_a_state_clears_no_barrier()
    {
        var note = Guid.NewGuid();
        Permits refused = ((Event[])[Registered(new(1990)), new ExitPermissionAsked(note, "SDN", Hour(6)) { DueAt = Now }, new ExitPermissionRefused(note, "SDN", "list", Hour(9)),
            new ExitBarrierRaised(Home, Barriers.ExitPermit, "SDN", "o", Now, null, Hour(9))]).Aggregate(Permits.Start(Amina), (person, e) => person.Apply(e));
        Assert.Equal("note-verbale/answered-since", refused.Answer(note, "SDN", true, null, null, Guid.NewGuid(), "o", Hour(8)).Refusal?.Code);
        Assert.Contains(refused.Answer(note, "SDN", true, null, null, Guid.NewGuid(), "o", Now).Events, e => e is ExitBarrierResolved);
    }

    [Fact]
    public void An_older_wish_does_not_show_somebody_who_wants_to_be_hidden()
    {
        Sought hidden = ((Event[])[Registered(new(1990)), new TracingWishRecorded(Sought.Nobody, "o", Hour(9))]).Aggregate(Sought.Start(Amina), (person, e) => person.Apply(e));
        Assert.Equal("tracing/wish-since", RecordTracingWish.Decide(hidden, Sought.Anyone, "o", Hour(8)).Refusal?.Code);
        Assert.Null(RecordTracingWish.Decide(hidden, Sought.Anyone, "o", Now).Refusal);
    }

    [Fact]
    public void Care_that_is_told_late_was_over_when_the_next_began()
    {
        var alone = new ChildSeparationReported(Home, "separated", "conflict", null, null, "o", Now, Hour(5));
        var care = Person(Amina, Registered(new(2015)), alone, new CareArranged(Home, Other, "hospital", null, "ward", "o", Hour(9)), new CareArranged(Home, Amina, "kin", null, "aunt", "o", Hour(7))).Family.Care;
        Assert.Equal([(Hour(7), Hour(9)), (Hour(9), (DateTimeOffset?)null)], care.Select(one => (one.From, one.Until)));
    }

    private static Given<Person> Given(params Event[] events) => Spec.Given<Person>(Amina, [Registered(new(1990)), .. events]);

    private static Person Adult(Guid id) => Person(id, Registered(new(1990)));

    private static Person Child(Guid id) => Person(id, Registered(new(2015)));

    private static Person Person(Guid id, params Event[] events) => events.Aggregate(CrisisCoordination.ConsularContact.Person.Start(id), (person, e) => person.Apply(e));

    private static PersonRegistered Registered(BirthDate born) => new(Home, Guid.NewGuid(), "R-1", Channel.Consulate, false, new() { FamilyName = "Yusuf", BirthDate = born }, Hour(6));

    private static DateTimeOffset Hour(int hour) => Now.AddHours(hour - 10);

    private static EvacuationConsentGiven Agrees(int hour) => new(Amina, "o", Hour(hour));

    private static EvacuationConsentWithdrawn Withdraws(int hour) => new("o", Hour(hour));

    private static SharingConsentGiven Shares(int hour, params string[] agencies) => new(agencies, Hour(hour));

    private static SharingConsentWithdrawn Stops(int hour, params string[] agencies) => new(agencies, Hour(hour));
}
