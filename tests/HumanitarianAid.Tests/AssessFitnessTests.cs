using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.HumanitarianAid.Tests.People;

namespace CrisisCoordination.HumanitarianAid.Tests;

public sealed class AssessFitnessTests
{
    private static readonly AssessFitness NotBeforeFriday = new(false, new(2026, 3, 6), "Only lying down", "aid-1", Tuesday);

    [Fact]
    public void What_the_health_worker_said_is_recorded_once()
    {
        var person = Given(Registered(Adult));
        var said = AssessFitness.Decide(person, NotBeforeFriday);

        Assert.Equal((false, new DateOnly(2026, 3, 6), "Only lying down"), said.Single<FitToTravelAssessed>() is var e ? (e.Fit, e.ValidUntil, e.Conditions) : default);
        AssessFitness.Decide(person.With(said), NotBeforeFriday).Nothing();
        AssessFitness.Decide(person.With(said), NotBeforeFriday with { Fit = true }).Single<FitToTravelAssessed>();
    }

    [Fact]
    public void A_day_that_has_passed_says_nothing() => AssessFitness.Decide(Given(Registered(Adult)), NotBeforeFriday with { ValidUntil = new(2026, 3, 2) }).Refused("fitness/over-already");

    [Fact]
    public void Conditions_are_words_or_left_out() => AssessFitness.Decide(Given(Registered(Adult)), NotBeforeFriday with { Conditions = " " }).Refused("fitness/conditions");

    [Fact]
    public void Nobody_who_is_not_there_is_assessed()
    {
        AssessFitness.Decide(Given(), NotBeforeFriday).Refused("person/unknown");
        AssessFitness.Decide(Given(Registered(Adult), Erased), NotBeforeFriday).Refused("person/erased");
    }

    [Fact]
    public void What_was_said_last_counts_whatever_was_recorded_last()
    {
        FitToTravelAssessed fit = new(true, null, null, "aid-1", Tuesday), unfitBefore = new(false, null, null, "aid-2", Monday);

        Assert.True(Given(Registered(Adult), fit, unfitBefore).Fitness!.Fit);
    }

    [Fact]
    public void Fitness_follows_a_merge_where_it_was_said_last_and_leaves_with_it()
    {
        FitToTravelAssessed earlier = new(true, null, null, "aid-1", Monday), later = new(false, null, "Oxygen", "aid-2", Tuesday);
        PersonInNeed Duplicate(params Event[] said) => Fold<PersonInNeed>(Other, [Registered(Adult), .. said, new MergedInto(Person, [], Tuesday)]);
        var stays = Given(Registered(Adult), earlier);

        var carried = AssessFitness.Carry(stays, Duplicate(later)).Single<FitToTravelAssessed>();
        Assert.Equal((Other, "Oxygen", Tuesday), (carried.MergedFrom, carried.Conditions, carried.At));
        var merged = (PersonInNeed)stays.Apply(carried);
        AssessFitness.Carry(merged, Duplicate(later)).Nothing();
        AssessFitness.Carry(Given(Registered(Adult), later), Duplicate(earlier)).Nothing();
        AssessFitness.Carry(stays, Duplicate()).Nothing();
        AssessFitness.Carry(stays, Duplicate(later, Erased)).Nothing();
        Assert.True(((PersonInNeed)merged.Apply(new DuplicateUnmerged(Other, "officer", null, [], [], [], Tuesday))).Fitness!.Fit);
    }
}
