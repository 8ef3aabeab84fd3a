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
    public void A_merge_carries_what_the_record_that_stays_lacks()
    {
        var carried = Ties.Carried(Id(9), After(Declared(Mother), new TieConfirmed(Stranger, "papers", "o", Now)), After(new TieConfirmed(Mother, "papers", "o", Now))).ToList();
        var named = Assert.IsType<GuardianNamed>(Assert.Single(carried));
        Assert.Equal((Stranger, "confirmed", Id(9)), (named.GuardianId, named.Standing, named.MergedFrom));
    }

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
