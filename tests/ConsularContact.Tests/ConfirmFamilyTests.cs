using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.ConsularContact.Tests;

/// <summary>Who answers for a child (rule C), from the first form to what an officer saw.</summary>
public sealed class ConfirmFamilyTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Home = Id(900), File = Id(901), Form = Id(902);

    [Fact]
    public void A_family_in_one_file_is_declared_whichever_of_them_comes_first()
    {
        var (mother, child) = (Adult(1, Joined("embassy", File)), Child(3, Joined("embassy", File)));
        Assert.Equal("declared", Assert.IsType<GuardianNamed>(Tie(child, mother)).Standing);
        Assert.Equal("declared", Assert.IsType<GuardianNamed>(Tie(mother, child)).Standing);
    }

    [Fact]
    public void A_child_whose_own_form_names_the_household_of_an_adult_of_the_same_post_is_declared() =>
        Assert.Equal("declared", Assert.IsType<GuardianNamed>(Tie(Child(3, Joined("Khartoum")), Adult(1, Joined("Khartoum")))).Standing);

    [Theory]
    [InlineData("Khartoum", "Khartoum")]
    [InlineData("Cairo", "Khartoum")]
    [InlineData("self-service", "self-service")]
    [InlineData("agency X", "agency X")]
    public void An_adult_who_names_a_childs_household_later_or_elsewhere_only_proposes(string adult, string child) =>
        Assert.IsType<TieProposed>(Tie(Adult(1, Joined(adult)), Child(3, Joined(child))));

    [Theory, InlineData("self-service"), InlineData("agency X"), InlineData("Cairo")]
    public void A_child_sent_by_whoever_cannot_know_is_only_proposed_to_an_adult(string source) =>
        Assert.IsType<TieProposed>(Tie(Child(3, Joined(source)), Adult(1, Joined(source == "Cairo" ? "Khartoum" : source))));

    [Fact]
    public void Two_adults_or_two_children_answer_for_nobody()
    {
        Assert.Null(Tie(Adult(1, Joined("post")), Adult(2, Joined("post"))));
        Assert.Null(Tie(Child(3, Joined("post")), Child(4, Joined("post"))));
    }

    [Fact]
    public void A_form_that_was_matched_to_a_known_child_only_proposes_and_who_sent_it_is_no_witness()
    {
        var (stranger, child) = (Adult(1, Joined("Khartoum")), Child(3, Joined("Khartoum") with { ToldBy = "officer-1", Late = true }));
        var proposed = Assert.IsType<TieProposed>(Tie(child, stranger));
        Assert.Equal("officer-1", proposed.ToldBy);
        var family = Family(stranger, child.Apply(proposed));
        Assert.True(child.Apply(proposed).IsAlone);
        Assert.Equal("guardian/another-officer-needed", ConfirmFamily.Decide(family, new([Id(1)], [Id(3)], "papers", "Officer-1", At, At)).Refusal?.Code);
        Assert.Single(ConfirmFamily.Decide(family, new([Id(1)], [Id(3)], "papers", "officer-2", At, At)).Events);
    }

    // A father, then the child, then the mother, at one desk: one act of the same officer.
    [Fact]
    public void Who_registered_a_family_together_confirms_it_in_whatever_order_they_came()
    {
        HouseholdJoined first = Joined("Khartoum") with { ToldBy = "officer-1" };
        var (father, child, mother) = (Adult(1, first), Child(3, first), Adult(2, first));
        child = child.Apply(Tie(child, father)!).Apply(Tie(mother, child)! is TieProposed told ? told : throw new InvalidOperationException());
        Assert.Equal(2, ConfirmFamily.Decide(Family(father, mother, child), new([Id(1), Id(2)], [Id(3)], "papers", "officer-1", At, At)).Events.Count);
    }

    [Fact]
    public void One_act_confirms_a_whole_family()
    {
        var changes = ConfirmFamily.Decide(Family(Adult(1, Joined("post")), Adult(2, Joined("post")), Child(3, Joined("post")), Child(4, Joined("post"))), new([Id(1), Id(2)], [Id(3), Id(4)], "papers", "o", At, At));
        Assert.Null(changes.Refusal);
        Assert.Equal(4, changes.Events.Count(change => change.Event is TieConfirmed { Grounds: "papers" }));
    }

    [Fact]
    public void Nothing_is_confirmed_twice()
    {
        var child = Child(3, Joined("post"), new TieConfirmed(Id(1), "papers", "o", At));
        Assert.Empty(ConfirmFamily.Decide(Family(Adult(1, Joined("post")), child), new([Id(1)], [Id(3)], "asked-both", "o", At, At)).Events);
    }

    // Nobody brings a child out of a case by seeing them with an adult who was told of before.
    [Fact]
    public void A_child_who_is_reported_or_called_alone_is_confirmed_by_no_officer_at_a_desk()
    {
        GuardianNamed told = new(Id(1), "household", "post", At) { Standing = "declared" };
        var reported = Child(3, Joined("post"), told, new ChildSeparationReported(Id(9), "separated", "conflict", null, null, "o", At, At));
        var called = Child(3, Joined("post"), told,
            new RegistrationCorrected(Id(10_003), "o", new() { BirthDate = new(2015, 6, 1), SpecificNeeds = ["SC"] }, null, At));
        foreach (var child in (Person[])[reported, called])
            Assert.Equal("guardian/protection-officer-needed",
                ConfirmFamily.Decide(Family(Adult(1, Joined("post")), child), new([Id(1)], [Id(3)], "papers", "o", At, At)).Refusal?.Code);
    }

    // The child's form, or one in the same file, would declare a stranger who came to the desk with the child.
    [Fact]
    public void No_form_declares_who_was_not_known_when_the_child_was_reported_alone()
    {
        Event[] over = [new ChildSeparationReported(Id(9), "separated", "conflict", null, null, "o", At, At), new ChildSeparationEnded(Id(9), "reported-in-error", null, "p", At)];
        Assert.IsType<TieProposed>(Tie(Child(3, [.. over, Joined("Khartoum")]), Adult(1, Joined("Khartoum"))));
        Assert.IsType<TieProposed>(Tie(Adult(1, Joined("embassy", File)), Child(3, [.. over, Joined("embassy", File)])));
    }

    [Fact]
    public void What_is_no_family_is_not_confirmed()
    {
        var family = Family(Adult(1, Joined("post")), Child(3, Joined("post")), Child(4, Joined("post"), new ChildSeparationReported(Id(9), "separated", "conflict", null, null, "o", At, At)));
        Refused("guardian/grounds-unknown", [1], [3], "I know them");
        Refused("household/not-a-member", [2], [3]);
        Refused("household/not-a-member", [1], [5]);
        Refused("guardian/a-child", [4], [3]);
        Refused("guardian/not-a-child", [1], [1]);
        Refused("guardian/protection-officer-needed", [1], [4]);
        Refused("guardian/whom", [], [3]);
        Refused("guardian/which-child", [1], []);

        void Refused(string code, int[] guardians, int[] children, string grounds = "papers")
        {
            var changes = ConfirmFamily.Decide(family, new([.. guardians.Select(Id)], [.. children.Select(Id)], grounds, "o", At, At));
            Assert.Equal((code, 0), (changes.Refusal?.Code, changes.Events.Count));
        }
    }

    [Fact]
    public void A_child_with_proposed_ties_only_is_alone()
    {
        Assert.True(Child(3, Joined("post"), new TieProposed(Id(1), "household", "agency X", At)).IsAlone);
        Assert.False(Child(3, Joined("post"), new GuardianNamed(Id(1), "household", "post", At) { Standing = "declared" }).IsAlone);
    }

    [Fact]
    public void Only_a_confirmed_guardian_consents_for_a_child()
    {
        var mother = Adult(1, Joined("post"));
        Assert.Equal("consent/not-the-guardian", Consent.Give(Child(3, Joined("post")), mother, "o", At, At).Refusal?.Code);
        Assert.Equal("consent/not-the-guardian", Consent.Give(Child(3, Joined("post"), new TieProposed(Id(1), "household", "self-service", At)), mother, "o", At, At).Refusal?.Code);
        Assert.Equal("consent/not-the-guardian", Consent.Give(Child(3, new GuardianNamed(Id(1), "household", "post", At) { Standing = "declared" }), mother, "o", At, At).Refusal?.Code);
        Assert.IsType<EvacuationConsentGiven>(Assert.Single(Consent.Give(Child(3, new TieConfirmed(Id(1), "papers", "o", At)), mother, "o", At, At).Events));
        Assert.IsType<EvacuationConsentGiven>(Assert.Single(Consent.Give(Child(3, new BestInterestsDecided(true, Id(1), "p", "heard", At)), mother, "o", At, At).Events));
    }

    [Fact]
    public void An_officer_refuses_who_does_not_answer_for_the_child()
    {
        Assert.IsType<TieRefused>(Assert.Single(ConfirmFamily.Refuse(Child(3, new TieProposed(Id(1), "household", "agency X", At)), Id(1), "unknown to the child", "o", At).Events));
        Assert.Equal("guardian/none-such", ConfirmFamily.Refuse(Child(3), Id(1), "unknown", "o", At).Refusal?.Code);
        Assert.Equal("guardian/confirmed", ConfirmFamily.Refuse(Child(3, new TieConfirmed(Id(1), "papers", "o", At)), Id(1), "unknown", "o", At).Refusal?.Code);
        Assert.Equal("guardian/refusal-reason-missing", ConfirmFamily.Refuse(Child(3), Id(1), " ", "o", At).Refusal?.Code);
    }

    [Theory, InlineData("1985-01-30", "2015"), InlineData("2015-06-01", "1985")]
    public void A_correction_across_the_age_of_eighteen_waits_for_a_second_officer(string from, string to)
    {
        var person = Of(3, from);
        var asked = Assert.IsType<AgeChangeProposed>(Assert.Single(Correct(person, to).Events));
        var waiting = person.Apply(asked);
        Assert.Equal(person.IsChildOn(At), waiting.IsChildOn(At));
        Assert.Equal("age-change/second-officer-needed", SettleAgeChange.Decide(waiting, asked.ChangeId, true, "Officer-1", At).Refusal?.Code);
        var agreed = SettleAgeChange.Decide(waiting, asked.ChangeId, true, "officer-2", At).Events;
        Assert.Equal(!person.IsChildOn(At), agreed.Aggregate(waiting, (state, e) => state.Apply(e)).IsChildOn(At));
        Assert.IsType<AgeChangeSettled>(Assert.Single(SettleAgeChange.Decide(waiting, asked.ChangeId, false, "officer-1", At).Events));
        Assert.Equal("age-change/unknown", SettleAgeChange.Decide(agreed.Aggregate(waiting, (state, e) => state.Apply(e)), asked.ChangeId, true, "officer-2", At).Refusal?.Code);
    }

    // On 1 March 2026 nobody comes of age by it; on the morning after they would.
    [Theory, InlineData("2015-06-01", "2008-03-02"), InlineData("2015-06-01", "2014"), InlineData("2009-01-05", "2016"), InlineData("", "2015")]
    public void Nobody_moves_the_day_on_which_a_child_comes_of_age_alone(string from, string to) =>
        Assert.IsType<AgeChangeProposed>(Assert.Single(Correct(Of(3, from), to).Events));

    [Fact]
    public void A_childs_registration_is_corrected_by_two_though_another_still_says_that_they_are_a_child()
    {
        var merged = Of(3, "2015-06-01").Apply(new RegistrationRepeated(Form, Id(1), "R-2", Channel.Phone, false, 20, [], new() { FamilyName = "Yusuf", BirthDate = new(2012) }, At) { MergedFrom = Id(44) });
        var form = new Registration { FamilyName = "Yusuf", BirthDate = new(1990) };
        Assert.IsType<AgeChangeProposed>(Assert.Single(CorrectRegistration.Decide(merged, new(Form, form, "papers seen", Id(77), "officer-1", At, At)).Events));
    }

    [Fact]
    public void A_merge_that_is_undone_makes_no_adult_of_a_child_unasked()
    {
        // As an earlier release merged and corrected: called a child by the household alone, beside the birth date of the one who stays.
        var duplicate = Of(4, "", new HouseholdJoined(Home, "child", At), new MergedInto(Id(3), [], At));
        var stays = Of(3, "2015-06-01", new DuplicateMerged(Id(4), "officer-1", null, [Id(10_004)], [], [], At),
            new RegistrationRepeated(Id(10_004), Id(1), "R4", Channel.Consulate, true, 0, [], new() { FamilyName = "Yusuf" }, At) { MergedFrom = Id(4) });
        var corrected = new RegistrationCorrected(Id(10_004), "officer-1", new() { FamilyName = "Yusuf", BirthDate = new(1990) }, "papers seen", At);
        var (_, back) = UnmergePeople.Decide(stays.Apply(corrected), duplicate, new("two people", "officer-2", At));
        var after = back.Events.Aggregate(duplicate, (person, e) => person.Apply(e));
        Assert.True(after.IsChildOn(At));
        var asked = Assert.Single(after.AgeChanges.Values);
        Assert.Equal("age-change/second-officer-needed", SettleAgeChange.Decide(after, asked.ChangeId, true, "officer-1", At).Refusal?.Code);
        Assert.Equal(2, SettleAgeChange.Decide(after, asked.ChangeId, true, "officer-2", At).Events.Count);
    }

    [Fact]
    public void A_correction_that_two_agreed_to_goes_back_with_the_registration()
    {
        var duplicate = Of(4, "2012");
        var (onDuplicate, onStaying) = MergePeople.Decide(Of(3, "2015-06-01"), duplicate, new("officer-1", null, At));
        var stays = onStaying.Events.Aggregate(Of(3, "2015-06-01"), (person, e) => person.Apply(e));
        var asked = Assert.IsType<AgeChangeProposed>(Assert.Single(CorrectRegistration.Decide(stays, new(Id(10_004), new() { FamilyName = "Yusuf", BirthDate = new(1990) }, "papers seen", Id(77), "officer-1", At, At)).Events));
        stays = SettleAgeChange.Decide(stays.Apply(asked), asked.ChangeId, true, "officer-2", At).Events.Aggregate(stays, (person, e) => person.Apply(e));
        var (_, back) = UnmergePeople.Decide(stays, onDuplicate.Events.Aggregate(duplicate, (person, e) => person.Apply(e)), new("two people", "officer-1", At));
        Assert.Equal("officer-2", Assert.Single(back.Events.OfType<RegistrationCorrected>()).AgreedBy);
    }

    [Fact]
    public void A_merge_makes_no_adult_of_somebody_who_is_a_child_by_their_place_in_a_household_only()
    {
        var called = Of(3, "", new HouseholdJoined(Home, "child", At));
        Assert.Equal("match/child-by-one", MergePeople.Decide(called, Of(4, "1990"), new("o", null, At)).OnStaying.Refusal?.Code);
        Assert.Equal("match/child-by-one", MergePeople.Decide(Of(4, "1990"), called, new("o", null, At)).OnStaying.Refusal?.Code);
        Assert.Equal("match/child-by-one", MergePeople.Decide(called, Of(4, "2008-03-02"), new("o", null, At)).OnStaying.Refusal?.Code);
        Assert.Null(MergePeople.Decide(Of(3, "2015-06-01"), Of(4, "1990"), new("o", null, At)).OnStaying.Refusal);
    }

    [Fact]
    public void A_correction_on_one_side_of_eighteen_counts_at_once() =>
        Assert.IsType<RegistrationCorrected>(Assert.Single(Correct(Of(3, "1985-01-30"), "1986").Events));

    [Fact]
    public void What_was_corrected_since_is_not_overwritten_by_an_older_question()
    {
        var person = Of(3, "2015-06-01");
        var asked = (AgeChangeProposed)Correct(person, "1985").Events[0];
        var corrected = person.Apply(asked).Apply((RegistrationCorrected)Correct(person, "2015-06-01").Events[0]);
        Assert.Equal("age-change/unknown", SettleAgeChange.Decide(corrected, asked.ChangeId, true, "officer-2", At).Refusal?.Code);
    }

    [Fact]
    public void The_registration_that_alone_says_child_is_not_taken_off_by_one_officer()
    {
        var form = new Registration { FamilyName = "Yusuf", BirthDate = new(2015, 6, 1) };
        var person = Of(3, "1985-01-30").Apply(new RegistrationRepeated(Form, Id(1), "R-2", Channel.Phone, false, 20, [], form, At));
        Assert.Equal("match/says-child", SeparateRegistration.Decide(person, new(Form, Id(44), "his nephew", "o", At, At)).OnPerson.Refusal?.Code);
        // Without it they would be an adult by tomorrow.
        var almost = Of(3, "2008-03-02").Apply(new RegistrationRepeated(Form, Id(1), "R-2", Channel.Phone, false, 20, [], form, At));
        Assert.Equal("match/says-child", SeparateRegistration.Decide(almost, new(Form, Id(44), "his nephew", "o", At, At)).OnPerson.Refusal?.Code);
    }

    private static Decision Correct(Person person, string born)
    {
        var form = new Registration { FamilyName = "Yusuf", BirthDate = BirthDate.TryParse(born, out var date) ? date : null };
        return CorrectRegistration.Decide(person, new(Id(10_003), form, "papers seen", Id(77), "officer-1", At, At));
    }

    private static Event? Tie(Person joined, Person other) => FamilyRegistered.Ties(joined, Home, [other], Form, At, At).Select(tie => tie.Event).SingleOrDefault();

    private static Household Family(params Person[] people) => new(Home, [Home], [.. people]);

    private static HouseholdJoined Joined(string source, Guid? file = null) => new(Home, null, At) { Source = source, FileId = file };

    private static Person Adult(int id, params Event[] then) => Of(id, "1985-01-30", then);

    private static Person Child(int id, params Event[] then) => Of(id, "2015-06-01", then);

    private static Person Of(int id, string born, params Event[] then) => then
        .Prepend(new PersonRegistered(Id(id + 10_000), Id(1), $"R{id}", Channel.Consulate, true, new() { FamilyName = "Yusuf", BirthDate = BirthDate.TryParse(born, out var date) ? date : null }, At))
        .Aggregate(Person.Start(Id(id)), (person, e) => person.Apply(e));

    private static Guid Id(int number) => new(number, 1, 0, new byte[8]);
}
