using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Import;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Lists;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>Who may say what of whom: what somebody gains from a lie, and what they get.</summary>
public sealed class TrustTests
{
    private static readonly Guid Known = Guid.CreateVersion7(), Stranger = Guid.CreateVersion7(), CrisisId = Guid.CreateVersion7(), KnownForm = Guid.CreateVersion7(), TokenForm = Guid.CreateVersion7();
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Registration Form = new() { FamilyName = "Yusuf", GivenNames = "Amina", BirthDate = new(1990, 3, 2), Nationality = "ETH", Phone = "+251911000111", Document = new("passport", "EP7000111", new(2030, 1, 1), DocumentStatus.Valid) };

    private static PersonRegistered Registered(Guid id, string sender, Registration? form = null) => new(id, CrisisId, $"R-{sender}", Channel.Consulate, false, form ?? Form, At) { Sender = sender };

    private static Person PersonOf(Guid id, params Event[] events) => events.Aggregate(Person.Start(id), (person, e) => person.Apply(e));

    private static IReadOnlyList<(Guid PersonId, FearOfReturnStated Fear)> Spread(Person known, string sender, Registration form)
    {
        var index = new PersonIndex();
        foreach (var identity in known.Identities) index.Add(known.Id, identity);
        var candidates = index.Find(Identity.From(form) with { ToldByAnyone = !Senders.IsPost(sender) });
        var registered = PersonOf(Stranger, Registered(TokenForm, sender, form));
        return SpreadClaims.Of(candidates, id => id == known.Id ? known : registered, new(TokenForm, Stranger, CrisisId, sender, new RegistrationForm(At, Channel.Partner, "U-1", form)), registered);
    }

    [Theory]
    [InlineData("agency UNHCR")]
    [InlineData("self-service")]
    public void A_fear_in_a_form_of_anyone_holds_at_once_for_the_known_person_it_surely_is_about(string sender)
    {
        var (whom, fear) = Assert.Single(Spread(PersonOf(Known, Registered(KnownForm, "post")), sender, Form with { FearOfReturnTo = ["ERI"] }));
        Assert.Equal((Known, sender, sender), (whom, fear.HeardBy, fear.ToldBy));
        Assert.Equal(["ERI"], fear.Countries!);
    }

    [Fact]
    public void It_holds_whichever_of_the_two_came_first()
    {
        var (whom, fear) = Assert.Single(Spread(PersonOf(Known, Registered(KnownForm, "agency UNHCR", Form with { FearOfReturnTo = ["ERI"] })), "post", Form));
        Assert.Equal((Stranger, "agency UNHCR"), (whom, fear.ToldBy));
    }

    [Fact]
    public void Somebody_alike_is_not_somebody_surely_the_same_and_a_stranger_gets_nothing_of_what_the_known_person_told()
    {
        Assert.Empty(Spread(PersonOf(Known, Registered(KnownForm, "post")), "agency UNHCR", Form with { GivenNames = "Hodan", FearOfReturnTo = ["ERI"] }));
        Assert.Empty(Spread(PersonOf(Known, Registered(KnownForm, "post", Form with { FearOfReturnTo = ["ERI"] })), "self-service", Form));
    }

    [Fact]
    public void What_others_told_of_a_fear_waits_for_a_protection_officer_until_it_is_heard_from_the_person_or_taken_back()
    {
        var told = new FearOfReturnStated(["ERI"], "agency UNHCR", At) { ToldBy = "agency UNHCR" };
        Assert.Contains(Desk(Registered(KnownForm, "post"), told), entry => entry is { List: "fears", What: "told-by-others" });
        var heard = Spec.Given<Person>(Known, Registered(KnownForm, "post"), told).When(person => StateFear.Decide(person, ["ERI"], "officer-1", At)).ThenOne<FearOfReturnStated>();
        Assert.DoesNotContain(Desk(Registered(KnownForm, "post"), told, heard), entry => entry.List == "fears");
        Assert.DoesNotContain(Desk(Registered(KnownForm, "post"), told, new FearOfReturnWithdrawn(["ERI"], "protection-1", At)), entry => entry.List == "fears");
    }

    [Fact]
    public void A_form_that_is_corrected_or_a_record_that_was_merged_does_not_answer_whether_the_person_said_it()
    {
        var told = new FearOfReturnStated(["ERI"], "agency UNHCR", At) { ToldBy = "agency UNHCR" };
        var repeated = new FearOfReturnStated(["ERI"], "officer-1", At.AddHours(1)) { Relayed = true };
        Assert.Contains(Desk(Registered(KnownForm, "post"), told, repeated), entry => entry is { List: "fears", What: "told-by-others" });
        Spec.Given<Person>(Known, Registered(KnownForm, "post"), told, repeated)
            .When(person => StateFear.Decide(person, ["ERI"], "officer-1", At.AddHours(2)))
            .ThenOne<FearOfReturnStated>();
    }

    [Fact]
    public void A_token_speaks_for_its_registration_until_that_stands_beside_another()
    {
        Assert.True(Proposals.SpeaksFor(PersonOf(Stranger, Mine), TokenForm));
        Assert.False(Proposals.SpeaksFor(PersonOf(Stranger, Mine, new MergedInto(Known, [], At)), TokenForm));
        Assert.False(Proposals.SpeaksFor(PersonOf(Known, Merged), TokenForm));
        Assert.False(Proposals.SpeaksFor(PersonOf(Known, Registered(KnownForm, "post")), TokenForm));
    }

    [Fact]
    public void A_token_does_not_make_somebody_else_of_whom_an_officer_has_met()
    {
        var met = PersonOf(Stranger, Mine, new EvacuationConsentGiven(Stranger, "officer-1", At));
        foreach (var form in new[] { Form with { FamilyName = "Spy" }, Form with { BirthDate = new(2015) }, Form with { Document = null }, Form with { Nationality = "ERI" } })
        {
            Assert.False(Proposals.MaySay(met, Proposal(Proposals.Registration) with { Form = form }));
            Assert.True(Proposals.MaySay(PersonOf(Stranger, Mine), Proposal(Proposals.Registration) with { Form = form }));
        }
        Assert.True(Proposals.MaySay(met, Proposal(Proposals.Registration) with { Form = Form with { Phone = "+1 555 0100", NeedsNow = ["water"] } }));
        Assert.True(Proposals.MaySay(met, Proposal(Proposals.CheckIn) with { State = LastKnown.Left }));
    }

    [Fact]
    public void After_a_merge_a_change_is_proposed_and_only_its_fear_holds_at_once()
    {
        var decided = Propose(Form with { Phone = "+1 555 0100", FearOfReturnTo = ["ERI"], ShareWith = ["SPY"] });
        Assert.Equal([typeof(ChangeProposed), typeof(FearOfReturnStated)], decided.ThenAll().Select(e => e.GetType()));
        Assert.Equal(At.AddHours(24), decided.ThenAll().OfType<ChangeProposed>().Single().DueAt);
        Assert.Equal(SelfRegistration.Sender, decided.ThenAll().OfType<FearOfReturnStated>().Single().ToldBy);
        var person = PersonOf(Known, [.. Merged, .. decided.ThenAll()]);
        Assert.DoesNotContain(person.Registrations, r => r.Form!.Phone == "+1 555 0100");
        Assert.Empty(person.SharesWith);
    }

    [Fact]
    public void What_is_wrong_is_refused_as_on_a_record_of_their_own() => Propose(new Registration()).ThenRefused("registration/no-name");

    [Fact]
    public void An_officer_who_accepts_makes_it_a_fact_and_no_consent_of_it()
    {
        var proposal = Propose(Form with { Phone = "+1 555 0100", ShareWith = ["SPY"] }).ThenOne<ChangeProposed>();
        Assert.Equal([typeof(ProposalAccepted), typeof(RegistrationCorrected)], Answer(true, null, [.. Merged, proposal]).ThenAll().Select(e => e.GetType()));
        Answer(false, null, [.. Merged, proposal]).ThenRefused("proposal/reason-missing");
        Answer(false, "the person says that it was not them", [.. Merged, proposal]).ThenOne<ProposalDeclined>();
        Answer(true, null, [.. Merged, proposal, new ProposalAccepted(proposal.ProposalId, "o", At)]).ThenNothing();
        Answer(false, "no", [.. Merged, proposal, new ProposalAccepted(proposal.ProposalId, "o", At)]).ThenRefused("proposal/answered");
        Answer(true, null, [.. Merged]).ThenRefused("proposal/unknown");
    }

    [Fact]
    public void A_newer_word_takes_the_place_of_the_older_and_wins_no_time()
    {
        var first = Propose(Form with { Phone = "+1 555 0100" }).ThenOne<ChangeProposed>();
        var second = Propose(Form with { Phone = "+1 555 0200" }, At.AddHours(20), [first]).ThenOne<ChangeProposed>();
        Assert.Equal(first.DueAt, second.DueAt);
        Answer(true, null, [.. Merged, first, second], first.ProposalId).ThenRefused("proposal/replaced");
        Assert.Equal(second.ProposalId, Assert.Single(Fold<Proposals>([.. Merged, first, second]).Open).ProposalId);
        Assert.Empty(Fold<Proposals>([.. Merged, first, new DuplicateUnmerged(Stranger, "o", "not them", [TokenForm], [], [], At)]).Open);
    }

    [Fact]
    public void Nobody_gives_up_the_seat_of_another_with_a_token_and_the_proposal_to_do_so_is_answered_within_the_hour()
    {
        Event[] going = [.. Merged, new EvacuationConsentGiven(Known, "officer-1", At)];
        var proposal = Spec.Given<Proposals>(Known, going).When(before => Proposals.Propose(before, Consent.Withdraw(PersonOf(Known, going), "self:S-1", At), Proposal(Proposals.Withdrawal))).ThenOne<ChangeProposed>();
        Assert.Equal(At.AddHours(1), proposal.DueAt);
        Assert.NotNull(PersonOf(Known, [.. going, proposal]).Consents.EvacuationBy);
        var late = Spec.Given<Proposals>(Known, [.. going, proposal]).When(person => Proposals.Escalate(person, At.AddHours(1))).ThenOne<ProposalOverdue>();
        Assert.Contains(Desk([.. going, proposal, late]), entry => entry is { List: "overdue", What: "proposal evacuation-consent-withdrawal" });
        Assert.Contains(Answer(true, null, [.. going, proposal]).ThenAll(), e => e is EvacuationConsentWithdrawn);
    }

    [Fact]
    public void A_cry_for_help_after_a_merge_is_shown_at_once_and_changes_nothing()
    {
        var cry = Proposal(Proposals.CheckIn) with { State = LastKnown.NeedsHelp, DueAt = At.AddHours(1) };
        Assert.Contains(Desk([.. Merged, cry]), entry => entry is { List: "help-asked", What: "proposal" });
        Assert.Null(Fold<LastKnown>([.. Merged, cry]).Condition);
    }

    [Theory]
    [InlineData("self-service", true)]
    [InlineData("agency UNHCR", true)]
    [InlineData("post", false)]
    public void Danger_to_life_that_nobody_has_looked_at_stands_on_a_list_of_its_own_with_a_clock(string sender, bool shown)
    {
        Event[] told = [Registered(TokenForm, sender), new NeedsAssessed(1, 90, "P/1", [], At)];
        Assert.Equal(shown, Desk(told).Any(entry => entry is { List: "danger", What: "unseen" }));
        if (!shown) return;
        Spec.Given<UnseenDanger>(Stranger, told).When(person => UnseenDanger.Escalate(person, At.AddMinutes(59))).ThenNothing();
        var late = Spec.Given<UnseenDanger>(Stranger, told).When(person => UnseenDanger.Escalate(person, At.AddHours(1))).ThenOne<UnseenDangerOverdue>();
        Assert.Contains(Desk([.. told, late]), entry => entry is { List: "overdue", What: "unseen-danger" });
        Spec.Given<UnseenDanger>(Stranger, [.. told, late]).When(person => UnseenDanger.Escalate(person, At.AddHours(9))).ThenNothing();
        Assert.DoesNotContain(Desk([.. told, late, new CheckedIn(Guid.CreateVersion7(), "needs-help", "officer", null, null, At.AddHours(2))]), entry => entry.List is "danger" || entry.What == "unseen-danger");
        Assert.Contains(Desk([.. told, new CheckedIn(Guid.CreateVersion7(), "needs-help", "self", null, null, At.AddHours(2))]), entry => entry.List == "danger");
    }

    [Theory]
    [InlineData("Embassy Khartoum", false, "Embassy Khartoum")]
    [InlineData("embassy  khartoum", false, "embassy  khartoum")]
    [InlineData("Embassy Juba", false, "list from Embassy Juba")]
    [InlineData("Embassy Juba", true, "Embassy Juba")]
    [InlineData("ACME", false, "list from ACME")]
    [InlineData("list from Embassy Juba", true, "list from Embassy Juba")]
    [InlineData("agency UNHCR", false, "agency UNHCR")]
    [InlineData("Agency UNHCR", true, "agency UNHCR")]
    [InlineData("AGENCY \u00a0UNHCR", true, "agency UNHCR")]
    [InlineData("a\u200bgency UNHCR", true, "agency UNHCR")]
    [InlineData("ａｇｅｎｃｙ UNHCR", true, "agency UNHCR")]
    [InlineData("SELF-SERVICE", true, null)]
    [InlineData("self-\u200bservice", true, null)]
    [InlineData("agency of the Consulate", true, null)]
    [InlineData("\u200b", true, null)]
    public void What_a_file_is_called_decides_nothing_in_its_favour(string said, bool vouched, string? sender)
    {
        var refused = SendFile.Sender(said, false, "Embassy Khartoum", vouched, out var taken);
        Assert.Equal((sender is null, sender), (refused is not null, refused is null ? taken : null));
    }

    [Theory]
    [InlineData("unhcr")]
    [InlineData("UNHCR")]
    [InlineData("agency UNHCR")]
    public void The_list_of_an_agency_that_takes_part_is_the_agencys_whoever_vouches(string said)
    {
        Assert.Null(SendFile.Sender(said, !said.Contains(' ', StringComparison.Ordinal), said, vouched: true, out var taken));
        Assert.True(Senders.IsAgency(taken));
        Assert.False(Senders.IsPost(taken));
    }

    [Theory]
    [InlineData("post", new[] { "IOM" })]
    [InlineData("iom", new string[0])]
    [InlineData("self-service", new[] { "IOM" })]
    [InlineData("agency UNHCR", new string[0])]
    [InlineData("list from ACME", new string[0])]
    public void Only_a_post_and_the_person_let_an_agency_know_and_nobody_lets_themselves(string sender, string[] agencies) =>
        Assert.Equal(agencies, RegisterPerson.Facts(Person.Start(Known), null, sender, null, Form with { ShareWith = ["IOM"] }, "officer-1", At)
            .OfType<SharingConsentGiven>().SelectMany(given => given.Agencies));

    [Fact]
    public void Danger_that_a_token_tells_of_somebody_who_was_seen_is_shown_within_the_hour()
    {
        Event[] seen = [Mine, new CheckedIn(Guid.CreateVersion7(), "safe", "officer", null, null, At), new NeedsAssessed(1, 60, "P/1", [], At)];
        Assert.DoesNotContain(Desk(seen), entry => entry.List == "danger");
        var raised = new RegistrationCorrected(TokenForm, "self:S-1", Form with { SpecificNeeds = ["SM"] }, "w", At.AddHours(5));
        Assert.Contains(Desk([.. seen, raised, new NeedsAssessed(1, 90, "P/1", [], At.AddHours(5))]), entry => entry is { List: "danger", What: "unseen" } && entry.Since == At.AddHours(5));
    }

    [Fact]
    public void A_token_that_raises_the_needs_of_whom_an_officer_has_met_makes_nobody_else_of_them()
    {
        var raised = PersonOf(Known, Mine, new CheckedIn(Guid.CreateVersion7(), "safe", "officer", null, null, At), new RegistrationCorrected(TokenForm, "self:S-1", Form with { NeedsNow = ["medical"] }, "w", At));
        Assert.False(raised.Seen.Yes);
        Assert.False(Proposals.MaySay(raised, Proposal(Proposals.Registration) with { Form = Form with { FamilyName = "Spy", NeedsNow = ["medical"] } }));
    }

    [Fact]
    public void The_household_of_a_strangers_form_does_not_come_along_with_a_merge()
    {
        var (theirs, posts) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var stays = PersonOf(Known, Registered(KnownForm, "post"));
        DuplicateMerged Joined(string sender, Guid household) => MergePeople.Decide(stays, PersonOf(Stranger, Registered(TokenForm, sender), new HouseholdJoined(household, "head", At)), new("officer-1", null, At))
            .OnStaying.Events.OfType<DuplicateMerged>().Single();
        Assert.Empty(Joined("self-service", theirs).Households);
        Assert.Empty(Joined("agency UNHCR", theirs).Households);
        Assert.Equal([posts], Joined("post-2", posts).Households);
    }

    [Theory]
    [InlineData("post", "self-service", null)]
    [InlineData("post", "agency UNHCR", null)]
    [InlineData("self-service", "post", "match/unseen-stays")]
    [InlineData("list from ACME", "post", "match/unseen-stays")]
    [InlineData("self-service", "agency UNHCR", null)]
    [InlineData("post", "post", null)]
    public void What_is_known_is_not_merged_into_what_somebody_typed(string stays, string duplicate, string? refusal)
    {
        Assert.Equal(refusal, MergePeople.Decide(PersonOf(Known, Registered(KnownForm, stays)), PersonOf(Stranger, Registered(TokenForm, duplicate)), Merge).OnStaying.Refusal?.Code);
        // One telephone call to whoever typed it makes no post's record of it.
        Event[] called = [new CheckedIn(Guid.CreateVersion7(), "safe", "officer", null, null, At)];
        Assert.Equal(refusal, MergePeople.Decide(PersonOf(Known, [Registered(KnownForm, stays), .. called]), PersonOf(Stranger, Registered(TokenForm, duplicate)), Merge).OnStaying.Refusal?.Code);
        Assert.Equal(duplicate == "post" || stays == "post" ? refusal : "match/unseen-stays",
            MergePeople.Decide(PersonOf(Known, Registered(KnownForm, stays)), PersonOf(Stranger, [Registered(TokenForm, duplicate), .. called]), Merge).OnStaying.Refusal?.Code);
    }

    [Fact]
    public void Whoever_set_out_under_a_record_stays_under_it_whoever_made_it() =>
        Assert.Null(MergePeople.Decide(PersonOf(Known, Registered(KnownForm, "self-service"), new Boarded(CrisisId, "gate-1", At)), PersonOf(Stranger, Registered(TokenForm, "post")), Merge).OnStaying.Refusal);

    [Fact]
    public void What_only_a_form_agreed_to_lets_nobody_know_of_a_merge_and_does_not_outlive_it()
    {
        Event[] typed = [Mine, .. RegisterPerson.Facts(Person.Start(Known), null, SelfRegistration.Sender, null, Form with { ShareWith = ["SPY", "IOM"] }, "self:S-1", At)];
        Assert.Equal(["IOM", "SPY"], PersonOf(Known, typed).SharesWith.Order());
        Event[] other = [Registered(KnownForm, "agency UNHCR"), new SharingConsentGiven(["SPY", "IOM"], At)];
        var decided = MergePeople.Decide(PersonOf(Known, [.. typed, new SharingConsentGiven(["IOM"], At)]), PersonOf(Stranger, other), Merge);
        Assert.Equal(["IOM"], decided.OnStaying.Events.OfType<DuplicateMerged>().Single().Agencies);
        Assert.Equal(["IOM"], decided.OnDuplicate.Events.OfType<MergedInto>().Single().Agencies);
        var merged = PersonOf(Known, [.. typed, new SharingConsentGiven(["IOM"], At), .. decided.OnStaying.Events]);
        Assert.Equal(["IOM"], merged.SharesWith);
        Assert.Contains("SPY", merged.Consents.EverSharedWith);

        // It was nobody's no: another record that lets them know goes on doing so, and the person may agree when asked.
        Assert.Empty(merged.Consents.TakenBackSince(PersonOf(Stranger, other).Consents, "officer-1"));
        Spec.Given<Person>(Known, [.. typed, .. decided.OnStaying.Events]).When(person => Consent.Share(person, ["SPY"], At)).ThenOne<SharingConsentGiven>();
    }

    [Fact]
    public void What_a_form_told_is_heard_once_somebody_asks_and_a_form_that_repeats_it_takes_nothing_away()
    {
        Event[] typed = [Mine, new SharingConsentGiven(["IOM"], At) { ToldBy = SelfRegistration.Sender }];
        Assert.Empty(PersonOf(Known, typed).Consents.Heard);
        var heard = Spec.Given<Person>(Known, typed).When(person => Consent.Share(person, ["IOM"], At)).ThenOne<SharingConsentGiven>();
        Assert.Equal(["IOM"], PersonOf(Known, [.. typed, heard, typed[1]]).Consents.Heard);
        Assert.Equal(SelfRegistration.Sender, CorrectRegistration.Decide(PersonOf(Known, Mine), new(TokenForm, Form with { ShareWith = ["SPY"] }, "w", Guid.CreateVersion7(), "self:S-1", At, At)).Events.OfType<SharingConsentGiven>().Single().ToldBy);
    }

    [Theory]
    // Told by a post of whom a post took in: heard. Of everything else it is said who told it.
    [InlineData("post", "post", null)]
    [InlineData("agency UNHCR", "post", "agency UNHCR")]
    [InlineData("self-service", "post", "self-service")]
    [InlineData("post", "self-service", "post")]
    public void Who_told_a_fear_goes_along_when_two_records_become_one(string from, string to, string? toldBy)
    {
        var (teller, other) = (PersonOf(Stranger, Registered(TokenForm, from, Form with { FearOfReturnTo = ["ERI"] })), PersonOf(Known, Registered(KnownForm, to)));
        var merged = from == "post" && to != "post" ? MergePeople.Decide(teller, other, Merge).OnDuplicate : MergePeople.Decide(other, teller, Merge).OnStaying;
        Assert.Equal(toldBy, merged.Events.OfType<FearOfReturnStated>().Single().ToldBy);
        Assert.Equal(toldBy, SpreadFears.Decide(teller, other, At).Events.OfType<FearOfReturnStated>().Single().ToldBy);

        // Heard at a desk it is the person's own, whoever made the record.
        var heard = PersonOf(Stranger, Registered(TokenForm, from, Form with { FearOfReturnTo = ["ERI"] }), new FearOfReturnStated(["ERI"], "officer-1", At));
        Assert.Equal(to == "post" ? null : toldBy, SpreadFears.Decide(heard, other, At).Events.OfType<FearOfReturnStated>().Single().ToldBy);
        // What others told of somebody known stays what others told.
        var told = PersonOf(Stranger, Registered(TokenForm, "post"), new FearOfReturnStated(["ERI"], "agency X", At) { ToldBy = "agency X", Relayed = true });
        Assert.NotNull(SpreadFears.Decide(told, other, At).Events.OfType<FearOfReturnStated>().Single().ToldBy);
    }

    [Fact]
    public void What_a_token_says_of_an_age_takes_two_officers()
    {
        var form = Form with { BirthDate = new(2015, 1, 1) };
        var asked = new AgeChangeProposed(Guid.CreateVersion7(), TokenForm, "self:S-1", form, "w", At);
        var adopted = Assert.IsType<AgeChangeProposed>(Assert.Single(SettleAgeChange.Decide(PersonOf(Known, Mine, asked), asked.ChangeId, true, "officer-1", At).Events));
        Assert.Equal((asked.ChangeId, "officer-1"), (adopted.ChangeId, adopted.Officer));
        Assert.False(PersonOf(Known, Mine, asked, adopted).IsChildOn(At));
        Assert.Equal("age-change/second-officer-needed", SettleAgeChange.Decide(PersonOf(Known, Mine, asked, adopted), asked.ChangeId, true, "officer-1", At).Refusal?.Code);
        Assert.Contains(SettleAgeChange.Decide(PersonOf(Known, Mine, asked, adopted), asked.ChangeId, true, "officer-2", At).Events, e => e is RegistrationCorrected);
        Assert.IsType<AgeChangeSettled>(Assert.Single(SettleAgeChange.Decide(PersonOf(Known, Mine, asked), asked.ChangeId, false, "officer-1", At).Events));
    }

    [Fact]
    public void Forms_that_anyone_can_send_keep_no_post_from_finding_somebody_and_no_form_of_theirs_either()
    {
        var index = new PersonIndex();
        index.Add(Known, Identity.From(Form));
        for (var i = 0; i < Blocking.LargestBlock + 1; i++)
            index.Add(Guid.CreateVersion7(), Identity.From(Form with { GivenNames = $"Stranger {(char)('a' + i % 26)}{i}" }) with { ToldByAnyone = true });
        Assert.Equal(Band.Automatic, Assert.Single(index.Find(Identity.From(Form)), candidate => candidate.PersonId == Known).Verdict.Band);
        Assert.True(Assert.Single(index.Find(Identity.From(Form) with { ToldByAnyone = true }), candidate => candidate.PersonId == Known).Verdict.SureButForTeller);
    }

    private static readonly MergePeople Merge = new("officer-1", null, At);

    [Fact]
    public void Of_a_pair_that_is_merged_in_a_batch_whoever_was_seen_stays()
    {
        var (seen, unseen) = (PersonOf(Known, Registered(KnownForm, "post") with { At = At.AddHours(1) }), PersonOf(Stranger, Registered(TokenForm, "agency UNHCR")));
        foreach (var (one, other) in ((Person, Person)[])[(seen, unseen), (unseen, seen)])
        {
            var (onOne, onOther) = DecideMatches.Decide(one, other, new(one.Id, other.Id, "merge"), "officer-1", At, At);
            Assert.Contains((one == seen ? onOne : onOther).Events, e => e is DuplicateMerged);
            Assert.Contains((one == seen ? onOther : onOne).Events, e => e is MergedInto);
        }
        Assert.Equal("match/stays-unknown", DecideMatches.Decide(seen, unseen, new(Known, Stranger, "merge", CrisisId), "o", At, At).OnOne.Refusal?.Code);
        Assert.Equal("match/decision-unknown", DecideMatches.Decide(seen, unseen, new(Known, Stranger, "perhaps"), "o", At, At).OnOne.Refusal?.Code);
        Assert.Equal("match/reason-missing", DecideMatches.Decide(seen, unseen, new(Known, Stranger, "dismiss"), "o", At, At).OnOther.Refusal?.Code);
    }

    [Theory]
    [InlineData(0, 250)]
    [InlineData(9, 241)]
    [InlineData(17, 233)]
    [InlineData(250, 250)]
    [InlineData(260, 240)]
    public void An_answer_leaves_with_the_next_even_step_however_long_the_comparing_took(int taken, int wait) =>
        Assert.Equal(TimeSpan.FromMilliseconds(wait), EvenAnswers.Wait(TimeSpan.FromMilliseconds(taken)));

    private static PersonRegistered Mine => Registered(TokenForm, SelfRegistration.Sender);

    private static Event[] Merged =>
    [
        Registered(KnownForm, "post"), new DuplicateMerged(Stranger, "officer-1", null, [TokenForm], [], [], At),
        new RegistrationRepeated(TokenForm, CrisisId, "S-1", Channel.Self, false, 0, [], Form, At) { Sender = SelfRegistration.Sender, MergedFrom = Stranger },
    ];

    private static ChangeProposed Proposal(string what, DateTimeOffset? at = null) => new(Guid.CreateVersion7(), TokenForm, what, null, null, null, null, At, at ?? At);

    private static T Fold<T>(params Event[] events) where T : IFold<T> => events.Aggregate(T.Start(Known), (state, e) => (T)state.Apply(e));

    private static IEnumerable<Entry> Desk(params Event[] events) => Fold<Desk>(events).Entries;

    private static Decided Propose(Registration form, DateTimeOffset? at = null, Event[]? since = null) => Spec.Given<Proposals>(Known, [.. Merged, .. since ?? []])
        .When(before => Proposals.Propose(before, CorrectRegistration.Decide(PersonOf(Known, Merged), new(TokenForm, form, "Told by the person themselves.", Guid.CreateVersion7(), "self:S-1", at ?? At, at ?? At)), Proposal(Proposals.Registration, at) with { Form = form }));

    private static Decided Answer(bool accepts, string? reason, Event[] events, Guid? proposal = null) => Spec.Given<Proposals>(Known, events).When(proposals => AnswerProposal.Decide(
        proposals, PersonOf(Known, events), Fold<LastKnown>(events), new(proposal ?? events.OfType<ChangeProposed>().FirstOrDefault()?.ProposalId ?? Guid.Empty, accepts, reason, "officer-1", At)));
}
