using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class ChildAloneTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Form = Id(70), Other = Id(71), Aunt = Id(1), Mother = Id(2), Case = Id(50), Duplicate = Id(9);
    private static readonly ChildSeparationReported Report = new(Case, "separated", "conflict", null, null, "o", Now, Now);

    // The lie: one officer, the token's holder, or who takes a form off the record makes a child's escort needless.
    [Fact]
    public void What_a_form_said_of_a_child_alone_stays_until_somebody_sees_that_it_is_over()
    {
        Assert.True(After(Registered(alone: true), Corrected(alone: false)).IsReported);
        Assert.True(After(Registered(alone: false), Repeated(alone: true), new RegistrationSeparated(Other, Id(80), "o", null, Now)).IsReported);
        Assert.True(After(Registered(alone: false), Corrected(alone: true), Corrected(alone: false)).IsReported);
        Assert.False(After(Registered(alone: false), Corrected(alone: false)).IsReported);
        var over = After(Registered(alone: true), Corrected(alone: false), Report, new ChildSeparationEnded(Case, "guardian-appointed", Mother, "p", Now));
        Assert.False(over.IsReported);
        Assert.True(over.After(Corrected(alone: true)).IsReported);
    }

    [Fact]
    public void What_it_says_on_after_the_case_ended_is_not_said_anew()
    {
        var over = After(Registered(alone: true), Report, new ChildSeparationEnded(Case, "reunified", Mother, "p", Now));
        Assert.False(over.After(Corrected(alone: true)).IsReported);
        Assert.True(over.After(Corrected(alone: false)).After(Corrected(alone: true)).IsReported);
        Assert.True(over.After(Repeated(alone: true)).IsReported);
    }

    [Fact]
    public void What_came_with_a_merge_goes_with_it_and_what_was_said_meanwhile_stays()
    {
        var merged = After(Registered(alone: false), Repeated(alone: true) with { MergedFrom = Duplicate });
        Assert.True(merged.IsReported);
        Assert.False(merged.After(Unmerged).IsReported);
        Assert.True(merged.After(Corrected(alone: true)).After(Unmerged).IsReported);
        Assert.True(After(Registered(alone: false), new UnmergedFrom(Duplicate, [], Now) { ChildAlone = true }).IsReported);
        Assert.True(After(Registered(alone: false) with { ChildAlone = true }, Corrected(alone: false)).IsReported);
    }

    // The lie: a decision for an escort puts them in the place of somebody who answers for the child.
    [Fact]
    public void An_escort_counts_for_a_child_who_is_alone_and_not_beside_who_answers_for_them()
    {
        var decided = After(Registered(alone: false), Names(Aunt));
        var declared = Ties.None.After(new GuardianNamed(Mother, "household", "post", Now) { Standing = Ties.Declared });
        Assert.Equal(Aunt, decided.EscortFor(Ties.None)?.AdultId);
        Assert.Null(decided.EscortFor(declared));
        Assert.Equal(Aunt, After(Report, Names(Aunt)).EscortFor(declared)?.AdultId);
        // Whom somebody proposes answers for nobody yet.
        Assert.Equal(Aunt, decided.EscortFor(Ties.None.After(new TieProposed(Mother, "household", "self-service", Now)))?.AdultId);
    }

    [Fact]
    public void Who_is_denied_after_the_decision_is_no_escort_any_more()
    {
        var decided = After(Registered(alone: true), Names(Aunt));
        var denied = Ties.None.After(new TieProposed(Aunt, "household", "post", Now)).After(new TieRefused(Aunt, "o", null, Now));
        Assert.Null(decided.EscortFor(denied));
        Assert.Equal(Aunt, decided.EscortFor(denied.After(new GuardianNamed(Aunt, "legal", "p-2", Now.AddHours(1)) { Standing = Ties.Confirmed, ProposedBy = "p-1" }))?.AdultId);
    }

    [Fact]
    public void A_merge_makes_nobody_an_escort()
    {
        var named = After(Names(Aunt) with { EscortSeenAs = [Id(5)] }).Escort!;
        Assert.True(named.Is(Aunt, [Id(5)]));
        Assert.True(named.Is(Aunt, []));
        Assert.False(named.Is(Aunt, [Id(5), Id(6)]));
        Assert.False(named.Is(Id(6), [Aunt]));
        // As it was before it was recorded under which records they were named.
        Assert.True(After(Names(Aunt)).Escort!.Is(Aunt, [Id(6)]));
    }

    // The lie: denied under the one record, he is an escort by the other.
    [Fact]
    public void Who_is_denied_under_a_record_that_they_were_named_with_is_no_escort_either()
    {
        var decided = After(Registered(alone: true), Names(Aunt) with { EscortSeenAs = [Id(5)] });
        Assert.Null(decided.EscortFor(Ties.None.After(new TieProposed(Id(5), "household", "post", Now)).After(new TieRefused(Id(5), "o", null, Now))));
    }

    // The lie: one officer writes a code into a form, and an escort of long ago is one again.
    [Fact]
    public void A_decision_of_before_somebody_answered_for_the_child_does_not_come_back()
    {
        foreach (var answer in (Event[])[new TieConfirmed(Mother, "papers", "o", Now), new GuardianNamed(Mother, "parent", "o", Now) { Standing = Ties.Confirmed }])
            Assert.True(After(Registered(alone: false), Names(Aunt), answer, Corrected(alone: true)) is { MayDepart: false, Escort: null });
        Assert.NotNull(After(Registered(alone: false), Names(Aunt), new GuardianNamed(Mother, "household", "post", Now) { Standing = Ties.Declared }).Escort);
        // Of a child who is reported the case ends it.
        Assert.NotNull(After(Report, Names(Aunt), new TieConfirmed(Mother, "papers", "o", Now)).Escort);
    }

    // The lie: the code is corrected away, and the record merged into one that never said so.
    [Fact]
    public void A_code_that_no_form_says_any_more_follows_a_merge_and_goes_with_it()
    {
        var merged = After(Registered(alone: false), new DuplicateMerged(Duplicate, "o", null, [], [], [], Now) { ChildCoded = true });
        Assert.True(merged.IsCoded);
        Assert.False(merged.After(Unmerged).IsCoded);
    }

    private static PersonRegistered Registered(bool alone) => new(Form, Id(60), "R-1", Channel.Consulate, false, Told(alone), Now);

    private static RegistrationRepeated Repeated(bool alone) => new(Other, Id(60), "R-2", Channel.Self, false, 20, [], Told(alone), Now);

    private static RegistrationCorrected Corrected(bool alone) => new(Form, "o", Told(alone), "typing error", Now);

    private static BestInterestsDecided Names(Guid escort) => new(true, escort, "p", null, Now);

    private static DuplicateUnmerged Unmerged => new(Duplicate, "o", null, [Other], [], [], Now);

    private static Registration Told(bool alone) => new() { BirthDate = new(2015), SpecificNeeds = alone ? ["SC"] : [] };

    private static Guid Id(int number) => new(number, 1, 0, new byte[8]);

    private static ChildAlone After(params IEnumerable<Event> events) => events.Aggregate(ChildAlone.Unknown, (alone, e) => alone.After(e));
}
