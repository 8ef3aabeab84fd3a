using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class MergedTests
{
    private static readonly MergedInto Merged = new(Other, [], Tuesday);
    private static readonly DuplicateMerged Duplicate = new(Other, "officer", null, [Second], [], [], Tuesday);
    private static readonly DuplicateUnmerged Undone = new(Other, "officer", null, [Second], [], [], Tuesday);

    private static PersonInNeed Thirsty => Given(Registered(Adult with { NeedsNow = ["water", "food"] })) is var person ? person.With(AssessNeeds.Decide(person)) : null!;

    [Fact]
    public void Under_a_record_that_was_merged_away_no_need_is_opened_and_the_open_ones_are_closed()
    {
        AssessNeeds.Decide(Given(Registered(Adult with { NeedsNow = ["water"] }), Merged)).Nothing();

        var merged = Thirsty.Apply(Merged);
        var closed = CloseNeeds.Decide(merged, Tuesday);
        Assert.Equal(["merged", "merged"], closed.Events.Cast<AidNeedClosed>().Select(e => e.Why));
        CloseNeeds.Decide(merged.With(closed), Tuesday).Nothing();
        CloseNeeds.Decide(Thirsty, Tuesday).Nothing();
    }

    [Fact]
    public void What_is_allocated_already_is_delivered_under_either_record_and_not_given_again()
    {
        var water = Thirsty.AidNeeds.Single(need => need.Kind == "water");
        var duplicate = Thirsty.Apply(new AidAllocated(water.Id, Other, "water", 1, Monday)).Apply(Merged);
        duplicate = duplicate.With(CloseNeeds.Decide(duplicate, Tuesday));

        Assert.Equal(["closed", "allocated"], duplicate.AidNeeds.Select(need => need.State).Order(StringComparer.Ordinal).Reverse());
        DeliverAid.Decide(duplicate, new(water.Id, "aid-1", Tuesday)).Single<AidDelivered>();
        DeliverAid.Decide(duplicate, new(duplicate.AidNeeds.Single(need => need.Kind == "food").Id, "aid-1", Tuesday)).Refused("aid/need-closed");

        var stays = Given(Registered(Adult with { NeedsNow = [] }), Duplicate, Repeated(Adult with { NeedsNow = ["water", "food"] }) with { MergedFrom = Other });
        Assert.Equal(["food"], AssessNeeds.Decide(stays, duplicate).Events.OfType<AidNeedOpened>().Select(e => e.Kind));
    }

    [Fact]
    public void Once_undone_both_are_helped_for_what_they_told()
    {
        var stays = Given(Registered(Adult), Duplicate, Repeated(Adult with { NeedsNow = ["water"] }) with { MergedFrom = Other });
        stays = stays.With(AssessNeeds.Decide(stays)).Apply(Undone);
        Assert.Equal("not-theirs", CloseNeeds.Decide(stays, Tuesday).Single<AidNeedClosed>().Why);

        var duplicate = Thirsty.Apply(Merged);
        duplicate = duplicate.With(CloseNeeds.Decide(duplicate, Tuesday)).Apply(new UnmergedFrom(Other, [], Tuesday));
        var again = AssessNeeds.Decide(duplicate).Events.OfType<AidNeedOpened>().ToList();
        Assert.Equal(["food", "water"], again.Select(e => e.Kind).Order());
        Assert.Empty(again.Select(e => e.NeedId).Intersect(duplicate.AidNeeds.Select(need => need.Id)));
    }

    [Fact]
    public void Whoever_asks_under_the_old_record_is_told_the_person_to_use()
    {
        var merged = Given(Registered(Child), Merged);
        Assert.Contains($"{Other}", merged.Record.Refuse()!.Detail, StringComparison.Ordinal);
        WithdrawFear.Decide(merged, new(["ERI"], true, "protection", Tuesday)).Refused("person/merged");
        Assert.False(merged.IsAloneAsAChild);
        Assert.Empty(merged.Concerns);
        DecideBestInterests.Decide(Given(Registered(Child)), Fold<PersonInNeed>(Other, [Registered(Adult), new MergedInto(Second, [], Monday)]), new(true, "aunt", "protection", Tuesday, Tuesday)).Refused("best-interests/escort-merged");
    }

    [Fact]
    public void A_registration_that_was_taken_off_tells_nothing_of_the_person_any_more()
    {
        var person = Given(Registered(Adult), Repeated(Adult with { SpecificNeeds = ["PG"], NeedsNow = ["medical"] }));
        person = person.With(AssessNeeds.Decide(person)).Apply(new RegistrationSeparated(Second, Other, "officer", null, Tuesday));
        Assert.DoesNotContain("medical", person.Concerns);
        CloseNeeds.Decide(person, Tuesday).Single<AidNeedClosed>();
    }
}
