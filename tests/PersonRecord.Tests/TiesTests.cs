using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class TiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Mother = Id(1), Stranger = Id(2), Home = Id(60), Form = Id(70);

    [Fact]
    public void A_household_reference_is_no_tie()
    {
        var child = After(new HouseholdJoined(Home, "child", Now) { Source = "embassy" });
        Assert.False(child.Any(TieStanding.Proposed));
        Assert.False(child.ByHousehold);
    }

    [Fact]
    public void A_household_from_before_ties_were_recorded_is_enough_to_plan_with_and_for_nothing_else()
    {
        var child = After(new HouseholdJoined(Home, "child", Now));
        Assert.True(child.Any(TieStanding.Declared));
        Assert.False(child.Any(TieStanding.Confirmed));
        Assert.False(After(new HouseholdJoined(Home, "child", Now), new HouseholdLeft(Home, null, "o", Now)).Any(TieStanding.Declared));
        Assert.False(After(new HouseholdJoined(Home, "child", Now), new TieProposed(Stranger, "household", "agency X", Now)).Any(TieStanding.Declared));
    }

    [Fact]
    public void A_guardian_named_before_standings_were_recorded_is_confirmed() =>
        Assert.Equal(TieStanding.Confirmed, After(new GuardianNamed(Mother, "parent", "o", Now)).All[Mother].Standing);

    [Fact]
    public void A_proposal_changes_nothing_that_is_known()
    {
        Assert.Equal(TieStanding.Declared, After(Declared(Mother), new TieProposed(Mother, "legal", "agency X", Now)).All[Mother].Standing);
        Assert.Equal([], After(new TieProposed(Stranger, "household", "agency X", Now)).To(TieStanding.Declared));
    }

    [Fact]
    public void A_child_whom_a_wrong_merge_called_reported_is_so_no_more_once_it_is_undone()
    {
        Event[] merged = [Declared(Mother), new DuplicateMerged(Stranger, "o", null, [], [], [], Now) { ChildReported = true }];
        Event undone = new DuplicateUnmerged(Stranger, "o", null, [], [], [], Now);
        Assert.True(After(merged) is { WasReported: true } ties && ties.TakesTwo(Mother, RecordStatus.Unknown));
        Assert.False(After([.. merged, undone]).WasReported);
        // A report since is of this child too, and knows of nobody who was told before the other one came.
        Event report = new ChildSeparationReported(Form, "separated", "conflict", null, null, "o", Now, Now);
        Assert.True(After([.. merged, report, undone]).TakesTwo(Mother, RecordStatus.Unknown));
        Assert.False(After(Declared(Mother), new UnmergedFrom(Stranger, [], Now) { ChildReported = true }).TakesTwo(Mother, RecordStatus.Unknown));
        Assert.True(After(new UnmergedFrom(Stranger, [], Now) { ChildReported = true }, Declared(Mother)).TakesTwo(Mother, RecordStatus.Unknown));
    }

    [Fact]
    public void A_declaration_lowers_no_confirmed_tie() =>
        Assert.Equal(TieStanding.Confirmed, After(new TieConfirmed(Mother, "papers", "o", Now), Declared(Mother)).All[Mother].Standing);

    [Fact]
    public void Who_was_refused_is_not_proposed_again_by_a_form_and_an_officer_may_still_name_them()
    {
        var refused = After(new TieProposed(Stranger, "household", "post", Now) { RegistrationId = Form }, new TieRefused(Stranger, "o", "the child does not know them", Now.AddHours(1)));
        Assert.Empty(refused.All);
        Assert.Empty(refused.After(new TieProposed(Stranger, "household", "post", Now.AddHours(2)) { RegistrationId = Form }).All);
        Assert.Single(refused.After(new TieConfirmed(Stranger, "papers", "o", Now.AddHours(2))).All);
    }

    [Fact]
    public void What_stood_on_a_registration_alone_falls_with_it()
    {
        Assert.Empty(After(Declared(Mother) with { RegistrationId = Form }, new RegistrationSeparated(Form, Stranger, "o", null, Now)).All);
        Assert.Single(After(Declared(Mother) with { RegistrationId = Form }, new TieConfirmed(Mother, "papers", "o", Now), new RegistrationSeparated(Form, Stranger, "o", null, Now)).All);
        Assert.Empty(After(Declared(Mother) with { MergedFrom = Stranger }, new DuplicateUnmerged(Stranger, "o", null, [], [], [], Now)).All);
    }

    [Fact]
    public void An_adult_is_known_by_every_record_of_theirs()
    {
        var child = After(new TieConfirmed(Mother, "papers", "o", Now));
        Assert.NotNull(child.With(Stranger, ImmutableHashSet.Create(Mother)));
        Assert.Null(child.With(Stranger, ImmutableHashSet<Guid>.Empty));
    }

    [Fact]
    public void A_merge_carries_what_the_record_that_stays_lacks_and_nothing_as_confirmed()
    {
        var (from, to) = (After(Declared(Mother), new TieConfirmed(Stranger, "papers", "o", Now)), After(new TieConfirmed(Mother, "papers", "o", Now)));
        var named = Assert.IsType<GuardianNamed>(Assert.Single(Carried(from, to, alone: false)));
        Assert.Equal((Stranger, "declared", Id(9)), (named.GuardianId, named.Standing, named.MergedFrom));
        Assert.All(Carried(from, Ties.None, alone: true), e => Assert.IsType<TieProposed>(e));
    }

    [Fact]
    public void A_merge_carries_that_somebody_was_denied()
    {
        var denied = After(new TieConfirmed(Stranger, "papers", "o", Now), new GuardianshipEnded(Stranger, "hurt the child", "p", Now.AddHours(1)));
        var confirmed = After(new TieConfirmed(Stranger, "papers", "o", Now.AddHours(2)));
        var merged = Carried(denied, confirmed, alone: false, Now.AddHours(3)).Aggregate(confirmed, (ties, e) => ties.After(e));
        Assert.Empty(merged.All);
        Assert.True(merged.TakesTwo(Stranger, RecordStatus.Unknown));
        Assert.Empty(Carried(confirmed, denied, alone: false));
    }

    [Fact]
    public void Whom_somebody_saw_with_one_child_they_see_again_once_the_record_stands_for_two()
    {
        var (mine, theirs) = (After(new TieConfirmed(Stranger, "papers", "o", Now)), Ties.None);
        Assert.Equal([Stranger], Ties.ToSee(theirs, mine, alone: false));
        Assert.Empty(Ties.ToSee(mine, mine, alone: false));
        var merged = mine.After(Merged(ChildAlone: false));
        Assert.Equal(TieStanding.Declared, merged.All[Stranger].Standing);
        Assert.Equal(TieStanding.Proposed, mine.After(Merged(ChildAlone: true)).All[Stranger].Standing);
        Assert.Equal(TieStanding.Confirmed, merged.After(new TieConfirmed(Stranger, "papers", "o", Now)).All[Stranger].Standing);
        Assert.Equal(TieStanding.Confirmed, merged.After(new DuplicateUnmerged(Id(9), "o", null, [], [], [], Now)).All[Stranger].Standing);

        static DuplicateMerged Merged(bool ChildAlone) => new(Id(9), "o", null, [], [], [], Now) { GuardiansToSee = [Stranger], ChildAlone = ChildAlone };
    }

    [Fact]
    public void A_merge_of_the_adult_makes_nobody_a_guardian()
    {
        var child = After(new TieConfirmed(Mother, "papers", "o", Now) { SeenAs = [] });
        Assert.Equal(TieStanding.Confirmed, child.With(Mother, Nobody)?.Standing);
        Assert.Equal(TieStanding.Declared, child.With(Stranger, ImmutableHashSet.Create(Mother))?.Standing);
        Assert.Equal(TieStanding.Declared, child.With(Mother, ImmutableHashSet.Create(Stranger))?.Standing);
        var again = child.After(new TieConfirmed(Mother, "papers", "o", Now) { SeenAs = [Stranger] });
        Assert.Equal(TieStanding.Confirmed, again.With(Mother, ImmutableHashSet.Create(Stranger))?.Standing);
        // As it was before it was recorded under which records somebody was seen.
        Assert.Equal(TieStanding.Confirmed, After(new TieConfirmed(Mother, "papers", "o", Now)).With(Mother, ImmutableHashSet.Create(Stranger))?.Standing);
    }

    [Fact]
    public void Of_a_child_who_was_reported_alone_two_say_who_answers_for_them_unless_it_was_known_before()
    {
        var alone = new ChildSeparationReported(Id(50), "separated", "conflict", null, null, "o", Now, Now);
        var child = After(Declared(Mother), alone, new ChildSeparationEnded(Id(50), "reported-in-error", null, "p", Now));
        Assert.False(child.TakesTwo(Mother, RecordStatus.Unknown));
        Assert.True(child.TakesTwo(Stranger, RecordStatus.Unknown));
        Assert.True(After(alone, Declared(Mother)).TakesTwo(Mother, RecordStatus.Unknown));
        Assert.True(After(new DuplicateMerged(Id(9), "o", null, [], [], [], Now) { ChildReported = true }).TakesTwo(Stranger, RecordStatus.Unknown));
    }

    // The lie: whoever was denied has their record parted, and comes again as somebody else.
    [Fact]
    public void Who_was_denied_under_one_record_is_denied_under_every_one_that_was_taken_for_it()
    {
        var child = After(new TieProposed(Stranger, "household", "post", Now), new TieRefused(Stranger, "o", null, Now));
        Guid parted = Id(3), third = Id(4);
        Assert.False(child.TakesTwo(parted, RecordStatus.Unknown));
        foreach (var told in (Event[])
        [
            new UnmergedFrom(Stranger, [], Now), new DuplicateUnmerged(Stranger, "o", null, [], [], [], Now), new RegistrationSeparated(Form, Stranger, "o", null, Now),
            new MatchDismissed(Stranger, "o", null, Now), new PossibleMatchFound(Stranger, Form, 20, [], [], Now), Alone(false) with { MayAlsoBe = [Stranger] },
            // The record of a third one swallows the parted one, and takes that along.
            new DuplicateMerged(third, "o", null, [], [], [], Now) { MayAlsoBe = [Stranger] }, new UnmergedFrom(third, [], Now) { MayAlsoBe = [Stranger] },
        ])
            Assert.True(child.TakesTwo(parted, RecordStatus.Unknown.After(told)), told.GetType().Name);
        Assert.Equal([Stranger, third], RecordStatus.Unknown.After(new UnmergedFrom(third, [], Now)).OthersFor(Stranger, parted)!.Order());
        // Two protection officers took the denial back.
        Assert.False(child.After(new GuardianNamed(Stranger, "legal", "p-2", Now) { Standing = "confirmed", ProposedBy = "p-1" })
            .TakesTwo(parted, RecordStatus.Unknown.After(new UnmergedFrom(Stranger, [], Now))));
    }

    [Fact]
    public void A_form_that_says_that_a_child_is_alone_is_a_report()
    {
        Assert.False(After(Alone(false)).WasReported);
        Assert.True(After(Alone(true), Declared(Mother)).TakesTwo(Mother, RecordStatus.Unknown));
        var corrected = After(Alone(false), Declared(Mother), new RegistrationCorrected(Form, "o", Alone(true).Form, null, Now));
        Assert.False(corrected.TakesTwo(Mother, RecordStatus.Unknown));
        Assert.True(corrected.TakesTwo(Stranger, RecordStatus.Unknown));
        Assert.True(corrected.After(new RegistrationCorrected(Form, "o", Alone(false).Form, null, Now)).TakesTwo(Stranger, RecordStatus.Unknown));
    }

    [Fact]
    public void That_a_child_was_reported_alone_once_follows_to_a_record_that_is_parted_from_theirs()
    {
        Assert.True(After(Alone(false) with { ChildReported = true }, Declared(Stranger)).TakesTwo(Stranger, RecordStatus.Unknown));
        Assert.True(After(Alone(false), new UnmergedFrom(Stranger, [], Now) { ChildReported = true }).TakesTwo(Mother, RecordStatus.Unknown));
        Assert.False(After(Alone(false), new UnmergedFrom(Stranger, [], Now)).TakesTwo(Mother, RecordStatus.Unknown));
    }

    private static PersonRegistered Alone(bool said) =>
        new(Form, Home, "R-1", Channel.Consulate, false, new() { BirthDate = new(2015), SpecificNeeds = said ? ["SC"] : [] }, Now);

    [Fact]
    public void A_protection_officer_proposes_beside_what_was_declared()
    {
        var child = After(Declared(Mother), new TieProposed(Mother, "parent", "p-1", Now));
        Assert.Equal((TieStanding.Declared, "p-1"), (child.All[Mother].Standing, child.All[Mother].Proposed?.Officer));
        Assert.Null(After(new TieProposed(Mother, "parent", "p-1", Now) { MergedFrom = Id(9) }).All[Mother].Proposed);
    }

    [Fact]
    public void Who_made_a_family_up_on_record_is_no_witness_of_it()
    {
        HouseholdJoined By(string account, bool late = false) => new(Home, null, Now) { Source = "Khartoum", ToldBy = account, Late = late };
        bool IsTold(Ties child, Ties adult) => child.IsToldBy("Officer-1", Mother, adult, Nobody);
        Assert.False(IsTold(After(By("officer-1")), After(By("officer-1"))));
        Assert.False(IsTold(After(By("officer-2")), After(By("officer-2", late: true))));
        Assert.True(IsTold(After(By("officer-1", late: true)), After(By("officer-1"))));
        Assert.True(IsTold(After(By("officer-2")), After(By("officer-1"))));
        Assert.False(IsTold(After(By("officer-2"), Declared(Mother)), After(By("officer-1"))));
        Assert.True(IsTold(After(new TieProposed(Mother, "household", "Khartoum", Now) { RegistrationId = Form, ToldBy = "officer-1" }), After(By("officer-2"))));
    }

    private static readonly ImmutableHashSet<Guid> Nobody = [];

    private static List<Event> Carried(Ties from, Ties to, bool alone, DateTimeOffset? now = null) => [.. Ties.Carried(Id(9), from, to, alone, "o", now ?? Now)];

    [Fact]
    public void Nobody_answers_for_a_child_whom_the_last_word_so_far_denies() => Prop.ForAll(Words.ToArbitrary(), words =>
    {
        var denied = words.Where(word => word is GuardianshipEnded or TieRefused).Select(word => word.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var told = words.Where(word => word is GuardianNamed or TieConfirmed).Select(word => word.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        return denied <= told || !After(words).Any(TieStanding.Declared);
    }).QuickCheckThrowOnFailure();

    private static Gen<Event[]> Words => Gen.Choose(0, 4).SelectMany(kind => Gen.Choose(0, 5).Select(hour => Word(kind, Now.AddHours(hour)))).ArrayOf();

    private static Event Word(int kind, DateTimeOffset at) => kind switch
    {
        0 => Declared(Mother) with { At = at },
        1 => new TieConfirmed(Mother, "papers", "o", at),
        2 => new TieProposed(Mother, "household", "post", at),
        3 => new TieRefused(Mother, "o", null, at),
        _ => new GuardianshipEnded(Mother, null, "o", at),
    };

    private static GuardianNamed Declared(Guid adult) => new(adult, "household", "post", Now) { Standing = "declared" };

    private static Guid Id(int number) => new(number, 1, 0, new byte[8]);

    private static Ties After(params IEnumerable<Event> events) => events.Aggregate(Ties.None, (ties, e) => ties.After(e));
}
