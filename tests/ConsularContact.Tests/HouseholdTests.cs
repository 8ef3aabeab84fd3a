using System.Collections.Immutable;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class HouseholdTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Home = Id(900), Away = Id(901), Case = Id(950);

    internal static Guid Id(int number) => new(number, 1, 0, new byte[8]);

    private static Person Adult(int id, params Event[] then) => Of(id, new(1985, 1, 30), then);

    private static Person Child(int id, params Event[] then) => Of(id, new(2015, 6, 1), then);

    private static Person Of(int id, BirthDate born, params Event[] then) => then.Prepend(
        new PersonRegistered(Id(id + 10_000), Id(1), $"R{id}", Channel.Self, true, new() { FamilyName = "Yusuf", BirthDate = born }, At)).Aggregate(Person.Start(Id(id)), (person, e) => person.Apply(e));

    private static HouseholdJoined In(Guid household, string role = "relative") => new(household, role, At);

    private static GuardianNamed Guardian(int id) => new(Id(id), "parent", "o", At);

    private static ChildSeparationReported Alone => new(Case, "separated", "conflict", null, null, "o", At.AddDays(3), At);

    private static Household Of(Guid id, params Person[] people) => new(id, [id], [.. people]);

    private static LeaveHousehold Leave(int who, params int[] with) => new(Id(who), [.. with.Select(Id)], Away, "o", At, At);

    private static Changes Leaving(Household household, int who, params int[] with) => LeaveHousehold.Decide(household, Leave(who, with));

    private static void Refused(Changes changes, string code) => Assert.Equal((code, 0), (changes.Refusal?.Code, changes.Events.Count));

    private static string[] Events(Changes changes, int person)
    {
        Assert.Null(changes.Refusal);
        return [.. changes.Events.Where(change => change.Stream == Id(person)).Select(change => change.Event switch { HouseholdJoined e => $"joined {e.HouseholdId == Away} {e.Role}", HouseholdLeft => "left", var e => e.GetType().Name })];
    }

    [Fact]
    public void An_adult_leaves_and_the_others_stay_together()
    {
        var changes = Leaving(Of(Home, Adult(1, In(Home, "head")), Adult(2, In(Home, "spouse")), Child(3, In(Home, "child"))), 2);
        Assert.Equal(["left"], Events(changes, 2));
        Assert.Equal(([], []), (Events(changes, 1), Events(changes, 3)));
        Assert.Single(changes.Events, change => change.Stream == Home && change.Event is HouseholdChanged { Left: [var left] } && left == Id(2));
    }

    [Fact]
    public void When_the_head_leaves_another_adult_is_the_head() =>
        Assert.Equal(["joined False head"], Events(Leaving(Of(Home, Adult(1, In(Home, "head")), Adult(2, In(Home, "spouse")), Child(3, In(Home, "child"))), 1), 2));

    [Fact]
    public void A_guardian_takes_children_along_and_they_are_a_household()
    {
        var changes = Leaving(Of(Home, Adult(1, In(Home, "head")), Adult(2, In(Home)), Child(3, In(Home, "child"), Guardian(2))), 2, 3);
        Assert.Equal(["left", "joined True head"], Events(changes, 2));
        Assert.Equal(["left", "joined True child"], Events(changes, 3));
    }

    [Fact]
    public void No_child_leaves_on_their_own_wish_or_with_somebody_who_does_not_answer_for_them()
    {
        var home = Of(Home, Adult(1, In(Home)), Adult(2, In(Home)), Child(3, In(Home), Guardian(1)));
        Refused(Leaving(home, 3), "household/child-cannot-leave");
        Refused(Leaving(home, 2, 3), "household/not-the-guardian");
        Refused(Leaving(home, 1, 2), "household/adult-decides");
        Refused(Leaving(home, 7), "household/not-a-member");
        Refused(Leaving(home, 1, 7), "household/not-a-member");
        Refused(Leaving(Of(Home), 1), "household/unknown");
    }

    [Fact]
    public void No_child_stays_behind_with_nobody_unless_they_are_reported_alone()
    {
        Refused(Leaving(Of(Home, Adult(1, In(Home)), Child(3, In(Home))), 1), "household/child-left-alone");
        Refused(Leaving(Of(Home, Adult(1, In(Home)), Adult(2, In(Home)), Child(3, In(Home), Guardian(1))), 1), "household/child-left-alone");
        Assert.Null(Leaving(Of(Home, Adult(1, In(Home)), Adult(2, In(Home)), Child(3, In(Home), Guardian(9))), 1).Refusal);
        Assert.Null(Leaving(Of(Home, Adult(1, In(Home)), Child(3, In(Home), Alone)), 1).Refusal);
    }

    [Fact]
    public void A_guardian_named_under_a_record_that_was_merged_away_is_one_under_the_other_once_they_were_seen_again()
    {
        var mother = Adult(1, In(Home), new DuplicateMerged(Id(11), "o", null, [], [], [], At));
        var child = Child(3, In(Home), Guardian(11));
        Refused(Leaving(Of(Home, mother, Adult(2, In(Home)), child), 1, 3), "household/not-the-guardian");
        var seen = ConfirmFamily.Decide(Of(Home, mother, child), new([Id(1)], [Id(3)], "papers", "o", At, At)).Events;
        Assert.Null(Leaving(Of(Home, mother, Adult(2, In(Home)), seen.Aggregate(child, (person, change) => person.Apply(change.Event))), 1, 3).Refusal);
    }

    [Fact]
    public void A_merge_makes_nobody_a_guardian_whichever_record_stays()
    {
        var seen = new TieConfirmed(Id(1), "papers", "o", At) { SeenAs = [] };
        var child = Child(3, In(Home), seen);
        Assert.Null(Consent.Give(child, Adult(1), "o", At, At).Refusal);
        foreach (var (stays, duplicate) in new[] { (Adult(1, In(Home)), Adult(2, In(Home))), (Adult(2, In(Home)), Adult(1, In(Home))) })
        {
            var merged = MergePeople.Decide(stays, duplicate, new("o", null, At)).OnStaying.Events.Aggregate(stays, (person, e) => person.Apply(e));
            Assert.Equal("consent/not-the-guardian", Consent.Give(child, merged, "o", At, At).Refusal?.Code);
        }
    }

    [Fact]
    public void An_invented_child_brings_nobody_to_a_child_who_is_alone()
    {
        var invented = Child(4, In(Home), new TieConfirmed(Id(1), "papers", "o", At) { SeenAs = [] });
        foreach (var (stays, duplicate) in new[] { (Child(3), invented), (invented, Child(3)) })
        {
            var merged = MergePeople.Decide(stays, duplicate, new("o", null, At)).OnStaying.Events.Aggregate(stays, (person, e) => person.Apply(e));
            Assert.Equal(TieStanding.Proposed, merged.Family.TieTo(Adult(1))?.Standing);
            Assert.True(merged.IsAlone);
            var together = Of(Home, Adult(1, In(Home)), merged);
            Refused(ConfirmFamily.Decide(together, new([Id(1)], [merged.Id], "papers", "O", At, At)), "guardian/another-officer-needed");
            Assert.Single(ConfirmFamily.Decide(together, new([Id(1)], [merged.Id], "papers", "second", At, At)).Events);
        }
    }

    [Fact]
    public void A_merge_forgets_nobody_who_was_denied()
    {
        var denied = Child(3, In(Home), Guardian(1), new GuardianshipEnded(Id(1), "hurt the child", "p", At));
        var other = Child(4, In(Home), Guardian(1));
        var merged = MergePeople.Decide(other, denied, new("o", null, At)).OnStaying.Events.Aggregate(other, (person, e) => person.Apply(e));
        Assert.Null(merged.Family.TieTo(Adult(1)));
        Refused(ConfirmFamily.Decide(Of(Home, Adult(1, In(Home)), merged), new([Id(1)], [Id(4)], "papers", "second", At, At)), "guardian/protection-officer-needed");
    }

    [Fact]
    public void Who_was_denied_is_named_again_by_two_protection_officers_only()
    {
        var child = Child(3, In(Home), Guardian(2), Guardian(1), new GuardianshipEnded(Id(1), "hurt the child", "p", At));
        Refused(ConfirmFamily.Decide(Of(Home, Adult(1, In(Home)), child), new([Id(1)], [Id(3)], "papers", "o", At, At)), "guardian/protection-officer-needed");
        Assert.Equal("guardian/protection-officer-needed", NameGuardian.Decide(child, Adult(1), new("parent", "papers", false, "o", At, At)).Refusal?.Code);
        var proposed = Assert.IsType<TieProposed>(Assert.Single(NameGuardian.Decide(child, Adult(1), new("parent", "papers", true, "p", At, At)).Events));
        Assert.IsType<GuardianNamed>(Assert.Single(NameGuardian.Decide(child.Apply(proposed), Adult(1), new("parent", "papers", true, "q", At, At)).Events));
    }

    [Fact]
    public void Whoever_acts_for_a_child_is_surely_an_adult()
    {
        var undated = Person.Start(Id(1)).Apply(new PersonRegistered(Id(10_001), Id(1), "R1", Channel.Self, true, new() { FamilyName = "Yusuf" }, At)).Apply(In(Home));
        var child = Child(3, In(Home), Guardian(1));
        Assert.Equal("guardian/age-unknown", NameGuardian.Decide(child, undated, new("legal", "papers", false, "o", At, At)).Refusal?.Code);
        Assert.Equal("guardian/age-unknown", Consent.Give(child, undated, "o", At, At).Refusal?.Code);
        Refused(ConfirmFamily.Decide(Of(Home, undated, Child(3, In(Home))), new([Id(1)], [Id(3)], "papers", "o", At, At)), "guardian/age-unknown");
    }

    [Fact]
    public void An_end_ends_every_tie_to_an_adult_by_whichever_record()
    {
        var ended = NameGuardian.Finish(Child(3, Guardian(1), Guardian(11)), [Id(1), Id(11)], "hurt the child", "p", At).Events;
        Assert.Equal([Id(1), Id(11)], ended.Cast<GuardianshipEnded>().Select(e => e.GuardianId));
    }

    [Fact]
    public void An_escort_is_over_when_the_case_is()
    {
        var child = Child(3, Alone, new BestInterestsDecided(true, Id(1), "p", "heard", At));
        Assert.True(child.AnsweredBy(Adult(1)));
        Assert.False(child.Apply(new ChildSeparationEnded(Case, "reunified", Id(2), "p", At)).AnsweredBy(Adult(1)));
        Assert.False(Child(3, new BestInterestsDecided(true, Id(1), "p", "heard", At), Alone).AnsweredBy(Adult(1)));
        Assert.False(Child(3, In(Home), Guardian(2), new BestInterestsDecided(true, Id(1), "p", "heard", At)).AnsweredBy(Adult(1)));
    }

    [Fact]
    public void Two_protection_officers_confirm_a_mother_whose_tie_was_only_declared()
    {
        var child = Child(3, In(Home), new GuardianNamed(Id(1), "household", "post", At) { Standing = "declared" }, Alone);
        var proposed = Assert.IsType<TieProposed>(Assert.Single(NameGuardian.Decide(child, Adult(1), new("parent", null, true, "p", At, At)).Events));
        Assert.IsType<GuardianNamed>(Assert.Single(NameGuardian.Decide(child.Apply(proposed), Adult(1), new("parent", null, true, "q", At, At)).Events));
    }

    private static Changes Joining(Household household, Person person, Household? from = null, string role = "relative", int? wishOf = null) =>
        JoinHousehold.Decide(household, person, from, new(role, wishOf is { } adult ? Id(adult) : null, "o", At, At));

    [Fact]
    public void Adults_join_when_they_belong_to_no_other_household()
    {
        var home = Of(Home, Adult(1, In(Home, "head")));
        Assert.Equal(["joined False spouse"], Events(Joining(home, Adult(2), role: "spouse"), 2));
        Refused(Joining(home, Adult(2, In(Away)), Of(Away, Adult(2, In(Away)))), "household/in-another");
        Refused(Joining(home, Adult(2), role: "head"), "household/has-a-head");
        Refused(Joining(home, Adult(2), role: "king"), "household/role-unknown");
        Refused(Joining(Of(Home), Adult(2)), "household/unknown");
        Refused(Joining(home, Person.Start(Id(2))), "person/unknown");
        Assert.Empty(Joining(home, home.Members[0], role: "head").Events);
        Assert.Equal(["joined False parent"], Events(Joining(home, home.Members[0], role: "parent"), 1));
    }

    [Fact]
    public void A_child_joins_a_guardian_and_moves_on_the_guardians_wish_only()
    {
        var home = Of(Home, Adult(1, In(Home, "head")));
        Refused(Joining(home, Child(3), role: "child"), "household/child-without-guardian");
        Refused(Joining(Of(Home, Adult(1, In(Home))), Child(3, Guardian(1)), role: "head"), "household/head-is-a-child");
        Assert.Equal(["joined False child"], Events(Joining(home, Child(3, Guardian(1)), role: "child"), 3));

        var elsewhere = Child(3, Guardian(1), In(Away, "child"));
        Refused(Joining(home, elsewhere, Of(Away, Adult(5, In(Away)), elsewhere), "child"), "household/whose-wish");
        Refused(Joining(home, elsewhere, Of(Away, Adult(5, In(Away)), elsewhere), "child", wishOf: 5), "household/whose-wish");
        var moved = Joining(home, elsewhere, Of(Away, Adult(5, In(Away)), elsewhere), "child", wishOf: 1);
        Assert.Equal(["left", "joined False child"], Events(moved, 3));
        Assert.Equal([Home, Away], moved.Events.Where(change => change.Event is HouseholdChanged).Select(change => change.Stream).Order());
    }

    [Fact]
    public void A_child_reported_alone_lives_with_whoever_takes_them_in_and_stays_reported()
    {
        var changes = Joining(Of(Home, Adult(1, In(Home, "head"))), Child(3, Alone), role: "child");
        Assert.Equal(["joined False child"], Events(changes, 3));
    }

    [Fact]
    public void Who_answers_for_a_child_alone_is_said_by_a_protection_officer()
    {
        Decision Name(Person child, Person adult, bool protection = false, string basis = "parent", string officer = "o") => NameGuardian.Decide(child, adult, new(basis, null, protection, officer, At, At));
        Assert.Equal("guardian/protection-officer-needed", Name(Child(3), Adult(1)).Refusal?.Code);
        Assert.Equal("guardian/protection-officer-needed", Name(Child(3, In(Home), Alone), Adult(1)).Refusal?.Code);
        var proposed = Assert.IsType<TieProposed>(Assert.Single(Name(Child(3), Adult(1), protection: true).Events));
        Assert.Empty(Name(Child(3, proposed), Adult(1), protection: true, officer: "O").Events);
        Assert.Equal("guardian/second-officer-needed", Name(Child(3, proposed), Adult(1), protection: true, basis: "legal").Refusal?.Code);
        var named = Assert.IsType<GuardianNamed>(Assert.Single(Name(Child(3, proposed), Adult(1), protection: true, officer: "second").Events));
        Assert.Equal(("confirmed", "o"), (named.Standing, named.ProposedBy));
        Assert.IsType<GuardianNamed>(Assert.Single(Name(Child(3, In(Home)), Adult(1)).Events));
        Assert.Empty(Name(Child(3, In(Home), Guardian(1)), Adult(1)).Events);
        Assert.Equal("guardian/a-child", Name(Child(3, In(Home)), Child(4)).Refusal?.Code);
        Assert.Equal("guardian/not-a-child", Name(Adult(3, In(Home)), Adult(1)).Refusal?.Code);
        Assert.Equal("guardian/the-child", Name(Child(3, In(Home)), Child(3)).Refusal?.Code);
        Assert.Equal("guardian/unknown", Name(Child(3, In(Home)), Person.Start(Id(1))).Refusal?.Code);
        Assert.Equal("guardian/basis-unknown", Name(Child(3, In(Home)), Adult(1), basis: "friend").Refusal?.Code);
    }

    [Fact]
    public void Only_a_confirmed_guardian_consents_for_the_child()
    {
        Assert.Equal("consent/not-the-guardian", Consent.Give(Child(3, Guardian(1)), Adult(2), "o", At, At).Refusal?.Code);
        Assert.IsType<EvacuationConsentGiven>(Assert.Single(Consent.Give(Child(3, Guardian(1)), Adult(1), "o", At, At).Events));
        Assert.Equal("consent/not-the-guardian", Consent.Give(Child(3), Adult(2), "o", At, At).Refusal?.Code);
    }

    [Fact]
    public void A_case_is_opened_once_for_children_only_and_has_its_clock()
    {
        static ReportSeparation Report(string kind = "unaccompanied", string cause = "conflict", BirthDate? since = null) => new(Case, kind, cause, since, "the bus station", "o", At, At);
        Assert.Equal(At.AddHours(72), Assert.IsType<ChildSeparationReported>(Assert.Single(ReportSeparation.Decide(Child(3), Report()).Events)).AssessmentDueAt);
        Assert.Equal("separation/already-reported", ReportSeparation.Decide(Child(3, Alone), Report()).Refusal?.Code);
        Assert.Equal("separation/not-a-child", ReportSeparation.Decide(Adult(3), Report()).Refusal?.Code);
        Assert.Equal("separation/kind-unknown", ReportSeparation.Decide(Child(3), Report("lost")).Refusal?.Code);
        Assert.Equal("separation/cause-unknown", ReportSeparation.Decide(Child(3), Report(cause: "fate")).Refusal?.Code);
        Assert.Equal("separation/since-later", ReportSeparation.Decide(Child(3), Report(since: new(2027))).Refusal?.Code);
    }

    [Fact]
    public void Care_is_arranged_one_after_the_other_with_an_adult_or_in_words()
    {
        Decision Arrange(Person child, Person? carer, string? with = null, string kind = "kin") => ArrangeCare.Decide(child, carer, new(Id(77), kind, with, "o", At, At));
        var cared = Child(3, Alone, Assert.IsType<CareArranged>(Assert.Single(Arrange(Child(3, Alone), Adult(5)).Events)), new CareArranged(Case, Id(78), "hospital", null, "ward 3", "o", At.AddHours(2)));
        Assert.Equal([At.AddHours(2), null], cared.Family.Care.Select(care => care.Until));
        Assert.Equal("care/carer-unfit", Arrange(Child(3, Alone), Child(4)).Refusal?.Code);
        Assert.Equal("care/with-whom", Arrange(Child(3, Alone), null).Refusal?.Code);
        Assert.Equal("separation/none", Arrange(Child(3), Adult(5)).Refusal?.Code);
        Assert.Equal("care/kind-unknown", Arrange(Child(3, Alone), Adult(5), kind: "hotel").Refusal?.Code);
        Assert.Empty(ArrangeCare.Finish(cared, Id(77), "o", At.AddHours(3)).Events);
        Assert.IsType<CareEnded>(Assert.Single(ArrangeCare.Finish(cared, Id(78), "o", At.AddHours(3)).Events));
        Assert.Equal("care/unknown", ArrangeCare.Finish(cared, Id(79), "o", At).Refusal?.Code);
    }

    [Fact]
    public void A_case_ends_with_a_guardian_in_whose_household_the_child_is()
    {
        Changes End(Person child, Household? home, Person? guardian, string outcome = "reunified") => EndSeparation.Decide(child, home, guardian, new(outcome, "p", At, At));
        var (mother, child) = (Adult(1, In(Home)), Child(3, In(Home), Alone, Guardian(1)));
        Assert.Contains(End(child, Of(Home, mother, child), mother).Events, change => change.Stream == Id(3) && change.Event is ChildSeparationEnded { With: var with } && with == Id(1));
        Refused(End(child, Of(Home, mother, child), null), "separation/with-whom");
        Refused(End(child, Of(Home, Adult(2, In(Home)), child), Adult(2, In(Home))), "separation/not-the-guardian");
        // Nobody knows that they are an adult.
        var ageless = Adult(1, In(Home), new RegistrationCorrected(Id(10_001), "o", new() { FamilyName = "Yusuf" }, null, At));
        Refused(End(child, Of(Home, ageless, child), ageless), "separation/not-the-guardian");
        Refused(End(child, Of(Home, child), Adult(1)), "separation/not-together");
        Refused(End(child, Of(Home, child), null, "reported-in-error"), "separation/still-alone");
        Refused(End(child, Of(Home, child), null, "of-age"), "separation/still-a-child");
        Refused(End(child, Of(Home, child), null, "forgotten"), "separation/outcome-unknown");
        Refused(End(Child(3), null, null), "separation/none");
        // Who joined or was named since may be whom the report is about.
        Refused(End(child, Of(Home, mother, child), null, "reported-in-error"), "separation/still-alone");
        var known = Child(3, In(Home), Guardian(1), Alone);
        Assert.Null(End(known, Of(Home, mother, known), null, "reported-in-error").Refusal);
    }

    [Fact]
    public void A_child_reported_alone_under_a_record_that_is_merged_away_is_alone()
    {
        var (_, onStaying) = MergePeople.Decide(Child(3), Child(4, Alone, Guardian(1)), new("o", null, At));
        var merged = onStaying.Events.Aggregate(Child(3), (person, e) => person.Apply(e));
        Assert.NotNull(merged.Family.Separation);
        Assert.Equal(TieStanding.Proposed, merged.Family.TieTo(Adult(1))?.Standing);
    }

    [Fact]
    public void A_form_does_not_bring_anybody_back_whom_an_adult_took_away()
    {
        var form = new Registration { FamilyName = "Yusuf", HouseholdReference = "H1" };
        var home = RegisterPerson.HouseholdId(Id(1), "officer", "H1", "R-1");
        Assert.Single(RegisterPerson.Facts(Adult(1), home, "officer", null, form, "o", At));
        Assert.Empty(RegisterPerson.Facts(Adult(1, In(home), new HouseholdLeft(home, Id(1), "o", At)), home, "officer", null, form, "o", At));
    }

    // Four adults and three children in two households; what officers record about them in any order.
    private abstract record Step;
    private sealed record Leaves(int Who, int[] With) : Step;
    private sealed record Joins(int Who, int Household, int? WishOf) : Step;
    private sealed record Names(int Child, int Guardian) : Step;
    private sealed record Reports(int Child) : Step;
    private sealed record Ends(int Child, int? Guardian, string Outcome) : Step;

    private static readonly Gen<int> Who = Gen.Choose(1, 7), Children = Gen.Choose(5, 7), Adults = Gen.Choose(1, 4);

    private static Gen<Step[]> Steps => Gen.OneOf(
        (from who in Who from with in Gen.ArrayOf(Children) select (Step)new Leaves(who, [.. with.Distinct()])),
        (from who in Who from home in Gen.Choose(0, 1) from wish in Adults select (Step)new Joins(who, home, wish)),
        (from child in Children from adult in Adults select (Step)new Names(child, adult)),
        (from child in Children select (Step)new Reports(child)),
        (from child in Children from adult in Adults from outcome in Gen.Elements("reunified", "reported-in-error") select (Step)new Ends(child, adult, outcome))).ArrayOf();

    [Fact]
    public void Joining_and_leaving_in_any_order_leaves_no_child_alone_unless_it_is_reported() => Prop.ForAll(Steps.ToArbitrary(), steps =>
    {
        var people = Enumerable.Range(1, 7).ToDictionary(Id, id => id <= 4 ? Adult(id, id <= 2 ? [In(Home, id == 1 ? "head" : "spouse")] : id == 3 ? [In(Away, "head")] : []) : Child(id, id == 7 ? In(Away, "child") : In(Home, "child")));
        var fresh = 1000;
        foreach (var step in steps)
        {
            var changes = step switch
            {
                Leaves leave => people[Id(leave.Who)].Households is { Count: > 0 } mine ? LeaveHousehold.Decide(HouseholdOf(mine.First()), new(Id(leave.Who), [.. leave.With.Select(Id)], Id(fresh++), "o", At, At)) : Changes.None,
                Joins join => Joined(join),
                Names name => Alone(name.Child, NameGuardian.Decide(people[Id(name.Child)], people[Id(name.Guardian)], new("parent", null, true, "o", At, At))),
                Reports report => Alone(report.Child, ReportSeparation.Decide(people[Id(report.Child)], new(Id(fresh++), "unaccompanied", "conflict", null, null, "o", At, At))),
                Ends end => people[Id(end.Child)] is var child && child.Households.IsEmpty ? EndSeparation.Decide(child, null, people[Id(end.Guardian!.Value)], new(end.Outcome, "p", At, At))
                    : EndSeparation.Decide(child, HouseholdOf(child.Households.First()), people[Id(end.Guardian!.Value)], new(end.Outcome, "p", At, At)),
                _ => Changes.None,
            };
            foreach (var (stream, e) in changes.Events.Where(change => people.ContainsKey(change.Stream))) people[stream] = people[stream].Apply(e);
            foreach (var child in people.Values.Where(person => person.IsChildOn(At) && person.Family.Separation is null))
                if (child.Households.IsEmpty || !people.Values.Any(adult => !adult.IsChildOn(At) && !adult.Households.Intersect(child.Households).IsEmpty)) return false;
            if (people.Values.Any(person => person.Households.Count > 1)) return false;
        }
        return true;

        Household HouseholdOf(Guid id) => new(id, [id], [.. people.Values.Where(person => person.Households.Contains(id)).OrderBy(person => person.Id)]);

        static Changes Alone(int person, Decision decision) => decision.Refusal is { } refusal ? refusal : Changes.None.And(Id(person), decision.Events);

        Changes Joined(Joins join)
        {
            var person = people[Id(join.Who)];
            var target = join.Household == 0 ? Home : people.Values.SelectMany(p => p.Households).Where(id => id != Home).Order().FirstOrDefault();
            return JoinHousehold.Decide(HouseholdOf(target), person, person.Households.Where(id => id != target).Select(HouseholdOf).FirstOrDefault(), new("relative", join.WishOf is { } adult ? Id(adult) : null, "o", At, At));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
}
