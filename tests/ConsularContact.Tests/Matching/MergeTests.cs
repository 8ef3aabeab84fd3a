using System.Collections.Immutable;
using System.Text.Json;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class MergeTests
{
    private static readonly Guid A = new("0197c3a0-0000-7000-8000-00000000000a"), B = new("0197c3a0-0000-7000-8000-00000000000b"), C = new("0197c3a0-0000-7000-8000-00000000000c"), Flood = Guid.CreateVersion7();
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Crisis Crisis = Crisis.Start(Flood).Apply(new CrisisOpened("C1", "cell@example.org", "Actual", "Floods", [], At));
    private static readonly Registration Selam = new()
    {
        FamilyName = "Abebe",
        GivenNames = "Selam",
        Sex = Sex.Female,
        BirthDate = new(1990, 4, 5),
        Nationality = "ETH",
        Phone = "+251911223344",
        Document = new("passport", "EP1234567", new(2030, 1, 1), DocumentStatus.Valid),
        HouseholdReference = "H1",
        FearOfReturnTo = ["ERI"],
    };
    private static readonly MergePeople Merge = new("officer-1", "the same passport", At);
    private static readonly UnmergePeople Unmerge = new("two sisters", "officer-2", At);

    private static readonly Registration WithoutNumber = Selam with { Document = null, Phone = null };

    private static Event Registered(string reference, Registration? form = null) =>
        new PersonRegistered(Guid.CreateVersion7(), Flood, reference, Channel.Phone, true, form ?? Selam, At) { Sender = "post" };

    private static Person PersonOf(Guid id, params IEnumerable<Event> events) => events.Aggregate(Person.Start(id), (person, e) => person.Apply(e));

    private static (Person Stays, Person Duplicate) Merged(Person stays, Person duplicate)
    {
        var (onDuplicate, onStaying) = MergePeople.Decide(stays, duplicate, Merge);
        Assert.Null(onStaying.Refusal);
        return (onStaying.Events.Aggregate(stays, (p, e) => p.Apply(e)), onDuplicate.Events.Aggregate(duplicate, (p, e) => p.Apply(e)));
    }

    private static (Person Stays, Person Duplicate) Unmerged(Person stays, Person duplicate)
    {
        var (onStaying, onDuplicate) = UnmergePeople.Decide(stays, duplicate, Unmerge);
        Assert.Null(onStaying.Refusal);
        return (onStaying.Events.Aggregate(stays, (p, e) => p.Apply(e)), onDuplicate.Events.Aggregate(duplicate, (p, e) => p.Apply(e)));
    }

    [Fact]
    public void Whoever_looks_like_somebody_is_offered_to_an_officer_on_their_own_timeline()
    {
        var offered = Assert.Single(new Intake().Take(Selam, A).Take(WithoutNumber, B).EventsOf(B).OfType<PossibleMatchFound>());
        Assert.Equal(A, offered.OtherPersonId);
        Assert.Contains("match/no-identifier-in-common", offered.AgainstAutomatic);
        Assert.Contains(offered.Evidence, code => code.StartsWith("Name:Same", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pair_that_was_dismissed_is_not_offered_again_after_a_new_registration()
    {
        var intake = new Intake().Take(Selam, A).Take(WithoutNumber with { Phone = "+251900000001" }, B);
        var (a, b) = (intake.People[A], intake.People[B]);
        var dismiss = new DismissMatch("sisters", "officer-1", At);
        intake = intake.Hear(A, DismissMatch.Decide(a, b, dismiss).Events).Hear(B, DismissMatch.Decide(b, a, dismiss).Events);
        Assert.Equal("dismissed", intake.People[B].Matches.StateOf(A));
        var before = intake.EventsOf(B).Count;

        intake = intake.Take(WithoutNumber with { Phone = "+251900000001" }, C);

        Assert.IsType<RegistrationRepeated>(Assert.Single(intake.EventsOf(B).Skip(before)));
        Assert.False(intake.People.ContainsKey(C));
    }

    [Fact]
    public void A_pair_that_is_still_to_be_looked_at_is_not_offered_again_whichever_of_the_two_registers()
    {
        var known = WithoutNumber with { Phone = "+251900000001" };
        var intake = new Intake().Take(Selam, A).Take(known, B);
        foreach (var again in (Registration[])[known, Selam]) intake = intake.Take(again, C);
        Assert.False(intake.People.ContainsKey(C));
        Assert.Equal((0, 1), (intake.EventsOf(A).OfType<PossibleMatchFound>().Count(), intake.EventsOf(B).OfType<PossibleMatchFound>().Count()));
    }

    [Fact]
    public void A_dismissal_needs_a_reason_and_two_people()
    {
        var (a, b) = (PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        Assert.Equal("match/reason-missing", DismissMatch.Decide(a, b, new(null, "o", At)).Refusal!.Code);
        Assert.Equal("match/same-person", DismissMatch.Decide(a, a, new("x", "o", At)).Refusal!.Code);
        Assert.Equal("person/unknown", DismissMatch.Decide(a, Person.Start(B), new("x", "o", At)).Refusal!.Code);
        var (stays, duplicate) = Merged(a, b);
        Assert.Equal("match/merged", DismissMatch.Decide(stays, duplicate, new("x", "o", At)).Refusal!.Code);
    }

    [Fact]
    public void The_one_that_stays_has_the_registrations_households_and_fears_of_both_and_the_other_says_where_to_look()
    {
        var household = Guid.CreateVersion7();
        var (stays, duplicate) = Merged(
            PersonOf(A, Registered("1")),
            PersonOf(B, Registered("2", Selam with { FearOfReturnTo = ["SDN"] }), new HouseholdJoined(household, null, At)));

        Assert.Equal(["1", "2"], stays.Registrations.Select(r => r.Reference));
        Assert.Contains(household, stays.Households);
        Assert.Equal(["ERI", "SDN"], stays.Fears.Now.Order());
        Assert.Equal(["ERI", "SDN"], duplicate.Fears.Now.Order());
        Assert.Equal(A, duplicate.Matches.MergedInto);
        Assert.Single(duplicate.Registrations);
        Assert.Empty(duplicate.Identities);
        Assert.Equal("person/merged", duplicate.Unavailable!.Code);
        Assert.Contains(A.ToString(), duplicate.Unavailable.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Consents_hold_for_what_the_person_was_asked_under_and_do_not_follow()
    {
        var (stays, _) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2"), new SharingConsentGiven(["IOM"], At), new EvacuationConsentGiven(B, "o", At)));
        Assert.Empty(stays.SharesWith);
        Assert.Null(stays.Consents.EvacuationBy);
    }

    [Fact]
    public void What_was_taken_back_under_either_record_is_taken_back_under_both()
    {
        var (before, after) = (At.AddHours(-2), At.AddHours(-1));
        var agreed = PersonOf(A, Registered("1"), new SharingConsentGiven(["IOM"], before), new EvacuationConsentGiven(A, "o", before));
        var refused = PersonOf(B, Registered("2"), new SharingConsentWithdrawn(["IOM"], after), new EvacuationConsentWithdrawn("o", after));
        var (stays, duplicate) = (Merged(agreed, refused).Stays, Merged(refused with { }, agreed).Duplicate);
        Assert.Null(stays.Consents.EvacuationBy);
        Assert.Empty(stays.SharesWith);
        Assert.Null(duplicate.Consents.EvacuationBy);
        Assert.Empty(duplicate.SharesWith);
    }

    [Fact]
    public void What_is_taken_back_after_the_merge_is_taken_back_on_the_other_record_too()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2"), new SharingConsentGiven(["IOM"], At)));
        var later = stays.Apply(new SharingConsentWithdrawn(["IOM"], At.AddHours(1)));
        Assert.Equal(["IOM"], Assert.IsType<SharingConsentWithdrawn>(Assert.Single(SpreadWithdrawals.Decide(later, duplicate).Events)).Agencies);
        Assert.Empty(SpreadWithdrawals.Decide(later, duplicate.Apply(new SharingConsentWithdrawn(["IOM"], At.AddHours(1)))).Events);
    }

    [Fact]
    public void A_fear_that_was_taken_back_does_not_come_with_an_old_form()
    {
        var (stays, _) = Merged(PersonOf(A, Registered("1", Selam with { FearOfReturnTo = [] })), PersonOf(B, Registered("2"), new FearOfReturnWithdrawn(["ERI"], "p", At)));
        Assert.Empty(stays.Fears.Now);
    }

    [Fact]
    public void A_fear_heard_later_under_either_record_holds_for_both()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        Assert.IsType<FearOfReturnStated>(Assert.Single(SpreadFears.Decide(stays.Apply(new FearOfReturnStated(["SDN"], "o", At)), duplicate, At).Events));
        Assert.IsType<FearOfReturnStated>(Assert.Single(SpreadFears.Decide(duplicate.Apply(new FearOfReturnStated(["SDN"], "o", At)), stays, At).Events));
        Assert.Empty(SpreadFears.Decide(duplicate, stays.Apply(new FearOfReturnWithdrawn(["ERI"], "p", At)), At).Events);
    }

    [Theory]
    [InlineData(true, "XXX")]
    [InlineData(true)]
    [InlineData(false, "XXX")]
    [InlineData(false)]
    public void No_merge_narrows_a_fear_that_was_told_when_no_nationality_was_known(bool askedStays, params string[] other)
    {
        var (asked, known) = (PersonOf(A, Registered("1", Selam with { Nationality = null, FearOfReturnTo = ["XXX"] })), PersonOf(B, Registered("2", Selam with { FearOfReturnTo = other })));
        Assert.True(asked.Fears.EveryState && !known.Fears.EveryState);

        var (stays, duplicate) = askedStays ? Merged(asked, known) : Merged(known, asked);
        Assert.True(stays.Fears.EveryState && duplicate.Fears.EveryState);
    }

    [Fact]
    public void A_fear_told_while_two_were_one_goes_back_with_the_merge_that_is_undone()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        (stays, duplicate) = Unmerged(stays.Apply(new FearOfReturnStated(["SDN"], "o", At)), duplicate);
        Assert.Contains("SDN", duplicate.Fears.Now);
    }

    [Fact]
    public void A_merge_that_is_dated_back_loses_no_fear()
    {
        var (one, other) = (PersonOf(A, Registered("1"), new FearOfReturnStated(["SDN"], "o", At.AddDays(-2)), new FearOfReturnWithdrawn(["SDN"], "p", At.AddDays(-1))), PersonOf(B, Registered("2"), new FearOfReturnStated(["SDN"], "o", At)));
        var (_, onStaying) = MergePeople.Decide(one, other, Merge with { At = At.AddDays(-3), Now = At.AddHours(1) });
        Assert.Contains("SDN", onStaying.Events.Aggregate(one, (person, e) => person.Apply(e)).Fears.Now);
        var (onOne, _) = DecideMatches.Decide(one, other, new(A, B, "merge", A), "o", At.AddDays(-3), At.AddHours(1));
        Assert.Contains("SDN", onOne.Events.Aggregate(one, (person, e) => person.Apply(e)).Fears.Now);
    }

    [Fact]
    public void A_registration_that_is_taken_off_somebody_takes_their_fears_along_and_what_they_took_back()
    {
        var again = new RegistrationRepeated(C, Flood, "2", Channel.Phone, true, 12, [], Selam with { ShareWith = ["IOM"], FearOfReturnTo = [] }, At) { Sender = "post" };
        var person = PersonOf(A, Registered("1"), again, new FearOfReturnStated(["SDN"], "o", At), new SharingConsentWithdrawn(["IOM"], At), new EvacuationConsentWithdrawn("o", At));
        var (_, onNew) = SeparateRegistration.Decide(person, new(C, B, "her sister", "o", At, At));
        var other = PersonOf(B, onNew.Events);
        Assert.Equal(["ERI", "SDN"], other.Fears.Now.Order());
        Assert.Empty(other.SharesWith);
        Assert.NotNull(other.Consents.WithdrawnSince(At.AddDays(-1)));
    }

    [Fact]
    public void What_protects_a_child_and_was_told_while_two_records_were_one_goes_back_too()
    {
        var child = Selam with { BirthDate = new(2016, 1, 1), FearOfReturnTo = [] };
        var mother = new GuardianNamed(C, "parent", "o", At);
        var alone = new ChildSeparationReported(Guid.NewGuid(), "separated", "conflict", null, null, "o", At.AddDays(3), At);
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1", child)), PersonOf(B, Registered("2", child), mother));
        var (_, back) = Unmerged(stays.Apply(alone).Apply(new GuardianshipEnded(C, "hurt the child", "p", At.AddHours(1))), duplicate);
        Assert.NotNull(back.Family.Separation);
        Assert.Null(back.Family.Guardians.All.GetValueOrDefault(C));

        // What was told of the one that stays before the merge is theirs alone.
        (stays, duplicate) = Merged(PersonOf(A, Registered("1", child), alone), PersonOf(B, Registered("2", child), mother));
        Assert.Null(Unmerged(stays, duplicate).Duplicate.Family.Separation);
    }

    [Fact]
    public void That_a_child_was_alone_and_whom_a_record_was_taken_for_follow_to_the_record_that_goes_back()
    {
        var child = Selam with { BirthDate = new(2016, 1, 1), FearOfReturnTo = [] };
        var first = (PersonRegistered)Registered("1", child);
        var (stays, duplicate) = Merged(PersonOf(A, first, new MatchDismissed(C, "o", null, At)), PersonOf(B, Registered("2", child)));
        Assert.False(Unmerged(stays, duplicate).Duplicate.Alone.IsReported);
        var alone = child with { SpecificNeeds = ["SC"] };
        var (_, back) = Unmerged(stays.Apply(new RegistrationCorrected(first.RegistrationId, "o", alone, "as they say", At)), duplicate);
        Assert.True(back.Alone.IsReported);
        Assert.True(back.Family.Guardians.WasReported);
        Assert.Equal([A, C], back.Record.MayAlsoBe.Order());

        // What was told of the one that stays before the merge makes nobody else alone, and two still say who answers for them.
        (stays, duplicate) = Merged(PersonOf(A, Registered("1", alone)), PersonOf(B, Registered("2", child)));
        back = Unmerged(stays, duplicate).Duplicate;
        Assert.Equal((false, true), (back.Alone.IsReported, back.Family.Guardians.WasReported));
        Assert.True(Merged(PersonOf(A, Registered("1", child)), PersonOf(B, Registered("2", alone))).Stays.Family.Guardians.WasReported);
    }

    // Taken back in March; in May they say it again, and the officer writes it into the form.
    [Fact]
    public void A_fear_that_a_corrected_form_tells_again_holds_again()
    {
        var first = (PersonRegistered)Registered("1");
        var person = PersonOf(A, first, new FearOfReturnWithdrawn(["ERI"], "p", At), new RegistrationCorrected(first.RegistrationId, "o", Selam with { FearOfReturnTo = [] }, "as they say", At));
        Assert.Empty(person.Fears.Now);
        var again = CorrectRegistration.Decide(person, new(first.RegistrationId, Selam, "as they say", C, "o", At.AddDays(1), At.AddDays(1))).Events;
        Assert.Contains("ERI", again.Aggregate(person, (state, e) => state.Apply(e)).Fears.Now);
    }

    [Fact]
    public void What_cannot_be_merged_is_refused_with_what_to_do()
    {
        var (a, b, c) = (PersonOf(A, Registered("1")), PersonOf(B, Registered("2")), PersonOf(C, Registered("3")));
        Assert.Equal("match/same-person", Refused(a, a));
        Assert.Equal("person/unknown", Refused(a, Person.Start(B)));
        var (stays, duplicate) = Merged(a, b);
        Assert.Equal("person/merged", Refused(c, duplicate));
        Assert.Equal("person/merged", Refused(duplicate, c));
        Assert.Equal("match/has-duplicates", Refused(c, stays));
        Assert.Equal("match/exercise-and-actual", Refused(a, PersonOf(B, (PersonRegistered)Registered("R-E") with { Exercise = true })));
        Assert.Equal("match/duplicate-travels", Refused(a, b.Apply(new Boarded(Guid.NewGuid(), "o", At))));
        Assert.Empty(MergePeople.Decide(stays, duplicate, Merge).OnStaying.Events);

        static string? Refused(Person stays, Person duplicate) => MergePeople.Decide(stays, duplicate, Merge).OnStaying.Refusal?.Code;
    }

    [Fact]
    public void What_was_to_be_looked_at_for_the_duplicate_is_looked_at_for_the_one_that_stays()
    {
        var first = (PersonRegistered)Registered("2");
        var (stays, _) = Merged(PersonOf(A, Registered("1")), PersonOf(B, first, new PossibleMatchFound(C, first.RegistrationId, 3, [], [], At), new PossibleMatchFound(A, first.RegistrationId, 3, [], [], At)));
        Assert.Equal([C], stays.Matches.Found.Keys);
        Assert.Equal("open", stays.Matches.StateOf(C));

        var (dismissed, _) = Merged(PersonOf(A, Registered("1")), PersonOf(B, first, new PossibleMatchFound(C, first.RegistrationId, 3, [], [], At), new MatchDismissed(C, "o", "sisters", At)));
        Assert.Empty(dismissed.Matches.Found);
    }

    [Fact]
    public void An_undone_pair_is_not_offered_again_and_corrections_go_back_with_the_registration()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        stays = stays.Apply(new RegistrationCorrected(duplicate.Registrations[0].Id, "o", Selam with { GivenNames = "Selamawit" }, "spelling", At));
        (stays, duplicate) = Unmerged(stays, duplicate);
        Assert.Equal(("dismissed", "dismissed"), (stays.Matches.StateOf(B), duplicate.Matches.StateOf(A)));
        Assert.Equal(("Selam", "Selamawit"), (stays.Latest!.GivenNames, duplicate.Latest!.GivenNames));
        Assert.Equal("match/not-merged", UnmergePeople.Decide(stays, duplicate, Unmerge).OnStaying.Refusal!.Code);
    }

    [Fact]
    public void An_unmerge_needs_a_reason()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        Assert.Equal("match/reason-missing", UnmergePeople.Decide(stays, duplicate, Unmerge with { Reason = null }).OnStaying.Refusal!.Code);
    }

    [Fact]
    public void Merging_and_unmerging_restores_both_but_for_fears()
    {
        var facts = Gen.OneOf(
            Gen.Elements("X1", "X2", "X3").Select(reference => Registered(reference, Selam with { FearOfReturnTo = [] })),
            Gen.Elements("X4", "X5").Select(reference => (Event)new RegistrationRepeated(Guid.CreateVersion7(), Flood, reference, Channel.Self, false, 12, ["Name:Same:9.0"], Selam with { Phone = null }, At) { Sender = "post" }),
            Gen.Elements(A, B, C).Select(id => (Event)new HouseholdJoined(id, null, At)),
            Gen.Elements("IOM", "UNHCR").Select(agency => (Event)new SharingConsentGiven([agency], At)),
            Gen.Constant((Event)new EvacuationConsentGiven(A, "o", At)));
        var someone = from first in Gen.Elements("1", "2").Select(reference => Registered(reference)) from more in facts.ListOf() select more.Prepend(first).ToArray();

        Prop.ForAll(someone.Two().ToArbitrary(), pair =>
        {
            var (one, other) = (PersonOf(A, pair.Item1), PersonOf(B, pair.Item2));
            var (stays, duplicate) = Merged(one, other);
            var (after, afterDuplicate) = Unmerged(stays, duplicate);
            return Written(after) == Written(one) && Written(afterDuplicate) == Written(other);
        }).QuickCheckThrowOnFailure();

        static string Written(Person p) => JsonSerializer.Serialize(new
        {
            registrations = p.Registrations.Select(r => new { r.Id, r.Reference, r.Form }),
            households = p.Households.Order(),
            sharesWith = p.SharesWith.Order(),
            EvacuationConsentBy = p.Consents.EvacuationBy,
            keys = p.Identities.SelectMany(Blocking.Keys).Order(StringComparer.Ordinal),
            p.Matches.MergedInto,
            duplicates = p.Matches.Duplicates.Count,
        }, EventJson.Options);
    }

    [Fact]
    public void A_wrongly_repeated_registration_goes_on_with_a_person_of_its_own_and_is_not_matched_back()
    {
        var intake = new Intake().Take(Selam, A).Take(Selam with { Nationality = null }, B);
        var registration = intake.People[A].Registrations[1].Id;
        var (onPerson, onNew) = SeparateRegistration.Decide(intake.People[A], new(registration, C, "her sister", "officer-1", At, At));
        intake = intake.Hear(A, onPerson.Events).Hear(C, onNew.Events);

        Assert.Single(intake.People[A].Registrations);
        Assert.Equal(registration, Assert.Single(intake.People[C].Registrations).Id);
        Assert.Contains("ERI", intake.People[C].Fears.Now);

        // A third form like both merges with neither and makes no pair of them.
        var third = Guid.CreateVersion7();
        intake = intake.Take(Selam, third);
        Assert.Equal([A, C], intake.EventsOf(third).OfType<PossibleMatchFound>().Select(e => e.OtherPersonId).Order());
        Assert.Equal(("dismissed", "dismissed"), (intake.People[A].Matches.StateOf(C), intake.People[C].Matches.StateOf(A)));
    }

    [Fact]
    public void Only_a_registration_that_was_matched_by_itself_is_taken_off()
    {
        var (stays, duplicate) = Merged(PersonOf(A, Registered("1")), PersonOf(B, Registered("2")));
        Assert.Equal("match/first-registration", Refused(stays, stays.Registrations[0].Id));
        Assert.Equal("match/came-by-merge", Refused(stays, duplicate.Registrations[0].Id));
        Assert.Equal("person/merged", Refused(duplicate, duplicate.Registrations[0].Id));
        Assert.Equal("registration/unknown", Refused(stays, Guid.NewGuid()));

        static string? Refused(Person person, Guid registration) => SeparateRegistration.Decide(person, new(registration, C, "x", "o", At, At)).OnPerson.Refusal?.Code;
    }

    [Fact]
    public void A_registration_that_is_surely_two_known_people_makes_them_one()
    {
        // The first gave no document, the second no telephone: only the third shows that they are one.
        var intake = new Intake().Take(Selam with { Document = null }, A).Take(Selam with { Phone = null }, B).Take(Selam, C);
        Assert.Equal(A, intake.People[B].Matches.MergedInto);
        Assert.Equal(3, intake.People[A].Registrations.Count);
        Assert.False(intake.People.ContainsKey(C));
    }

    [Fact]
    public void Who_registers_themselves_as_somebody_known_changes_nothing_of_theirs_and_an_officer_is_asked()
    {
        var known = new Intake().Take(Selam, A);
        var intake = known.Take(Selam with { Phone = "+251900000666", ShareWith = ["X-AGENCY"], HouseholdReference = null }, B, sender: SelfRegistration.Sender);
        Assert.Equal(known.People[A], intake.People[A]);
        Assert.Equal([A], intake.EventsOf(B).OfType<PossibleMatchFound>().Select(offered => offered.OtherPersonId));
        Assert.Contains("X-AGENCY", intake.People[B].SharesWith);

        // And the other way round: nobody waits under a name for the one whose name it is.
        intake = new Intake().Take(Selam, B, sender: SelfRegistration.Sender).Take(Selam, A);
        Assert.Single(intake.People[B].Registrations);
        Assert.Equal([B], intake.EventsOf(A).OfType<PossibleMatchFound>().Select(offered => offered.OtherPersonId));

        // Once an officer has merged them, an officer's form finds the record again; another one typed by anyone still does not.
        var (stays, duplicate) = Merged(intake.People[A], intake.People[B]);
        intake = intake.Hear(A, [.. MergePeople.Decide(intake.People[A], intake.People[B], Merge).OnStaying.Events]).Hear(B, [.. MergePeople.Decide(intake.People[A], intake.People[B], Merge).OnDuplicate.Events]);
        Assert.Equal((2, (Guid?)A), (stays.Registrations.Count, duplicate.Matches.MergedInto));
        intake = intake.Take(Selam with { Place = "Gondar" }, C);
        Assert.False(intake.People.ContainsKey(C));
        Assert.True(intake.Take(Selam, C, sender: SelfRegistration.Sender).People.ContainsKey(C));
    }

    [Fact]
    public void What_anyone_may_have_typed_makes_no_two_people_one()
    {
        var intake = new Intake().Take(Selam with { Document = null }, A).Take(Selam with { Phone = null }, B).Take(Selam, C, sender: SelfRegistration.Sender);
        Assert.All(intake.People.Values, person => Assert.Null(person.Matches.MergedInto));
        Assert.Equal([A, B], intake.EventsOf(C).OfType<PossibleMatchFound>().Select(offered => offered.OtherPersonId).Order());
    }

    [Fact]
    public void Two_people_who_contradict_each_other_are_not_made_one_by_a_registration_that_says_too_little()
    {
        var intake = new Intake().Take(Selam, A).Take(Selam with { Document = Selam.Document! with { Number = "EP7654321" } }, B).Take(Selam with { Document = null }, C);
        Assert.Equal([A, B, C], intake.People.Keys.Order());
        Assert.All(intake.People.Values, person => Assert.Null(person.Matches.MergedInto));
        Assert.Equal([A, B], intake.EventsOf(C).OfType<PossibleMatchFound>().Select(e => e.OtherPersonId).Order());
    }

    [Fact]
    public void A_registration_like_a_merged_duplicate_lands_on_the_one_that_stays()
    {
        var intake = new Intake().Take(Selam, A).Take(Selam with { FamilyName = "Tesfaye", Document = Selam.Document! with { Number = "EP7654321" } }, B);
        var (onDuplicate, onStaying) = MergePeople.Decide(intake.People[A], intake.People[B], Merge);
        intake = intake.Hear(B, onDuplicate.Events).Hear(A, onStaying.Events).Take(Selam with { FamilyName = "Tesfaye", Document = Selam.Document! with { Number = "EP7654321" } }, C);
        Assert.Equal(3, intake.People[A].Registrations.Count);
        Assert.False(intake.People.ContainsKey(C));
    }

    [Fact]
    public void A_family_registered_three_times_in_any_order_comes_out_as_one_family()
    {
        Registration[] family =
        [
            Selam,
            Selam with { GivenNames = "Dawit", Sex = Sex.Male, BirthDate = new(1988, 1, 9), Document = Selam.Document! with { Number = "EP2222222" }, HouseholdRole = "spouse" },
            // Twins: one birthday, one telephone.
            Selam with { GivenNames = "Meron", BirthDate = new(2015, 6, 7), Document = Selam.Document with { Number = "EP3333333" }, HouseholdRole = "child" },
            Selam with { GivenNames = "Marta", BirthDate = new(2015, 6, 7), Document = Selam.Document with { Number = "EP4444444" }, HouseholdRole = "child" },
        ];
        var changes = new Func<Registration, Registration>[]
        {
            form => form,
            form => form with { FamilyName = form.GivenNames, GivenNames = form.FamilyName },
            form => form with { Document = null },
            form => form with { Phone = null },
            form => form with { BirthDate = new(form.BirthDate!.Value.Year) },
            form => form with { HouseholdReference = null, HouseholdRole = null },
        };
        var forms = from change in Gen.Elements(changes).ArrayOf(12) select family.SelectMany((form, i) => Enumerable.Range(0, 3).Select(n => (Who: i, Form: n == 0 ? form : change[i * 3 + n](form)))).ToArray();
        var two = from all in forms from one in Gen.Shuffle(all) from other in Gen.Shuffle(all) select (one, other);

        Prop.ForAll(two.ToArbitrary(), orders => People(orders.one) is var people && people == "0+0+0 1+1+1 2+2+2 3+3+3" && people == People(orders.other)).QuickCheckThrowOnFailure();

        static string People((int Who, Registration Form)[] order)
        {
            var who = order.Index().ToDictionary(pair => $"R{pair.Index}", pair => pair.Item.Who);
            var intake = order.Index().Aggregate(new Intake(), (intake, pair) => intake.Take(pair.Item.Form, Guid.CreateVersion7(), $"R{pair.Index}"));
            return string.Join(' ', intake.People.Values.Where(p => p.Matches.MergedInto is null).Select(p => string.Join('+', p.Registrations.Select(r => who[r.Reference]).Order())).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>What the intake does, without a database.</summary>
    private sealed record Intake
    {
        public ImmutableDictionary<Guid, Person> People { get; private init; } = ImmutableDictionary<Guid, Person>.Empty;
        private ImmutableList<(Guid Id, Event Event)> Events { get; init; } = [];

        public Intake Take(Registration form, Guid newId, string? reference = null, string sender = "post")
        {
            var registration = new NewRegistration(Guid.CreateVersion7(), newId, Flood, sender, new RegistrationForm(At, Channel.Phone, reference ?? $"{newId}", form));
            var joined = MergePeople.Automatic(Candidates(form, sender), id => People[id], At, At).Aggregate(this, (intake, decided) => intake.Hear(decided.PersonId, decided.Events));
            var decided = RegisterPerson.Decide(joined.Candidates(form, sender), id => joined.People[id], Crisis, registration, "officer-1");
            return joined.Hear(decided.PersonId, decided.Events);
        }

        public Intake Hear(Guid id, IReadOnlyList<Event> events) => this with
        {
            People = People.SetItem(id, events.Aggregate(People.GetValueOrDefault(id) ?? Person.Start(id), (person, e) => person.Apply(e))),
            Events = Events.AddRange(events.Select(e => (id, e))),
        };

        public IReadOnlyList<Event> EventsOf(Guid id) => [.. Events.Where(e => e.Id == id).Select(e => e.Event)];

        private IReadOnlyList<Candidate> Candidates(Registration form, string sender)
        {
            var index = new PersonIndex();
            foreach (var person in People.Values)
                foreach (var identity in person.Identities) index.Add(person.Id, identity);
            return index.Find(Identity.From(form) with { ToldByAnyone = !Senders.IsPost(sender) });
        }
    }
}
