using CrisisCoordination.Contracts;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class LifeDatesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Registration = Guid.NewGuid(), Transport = Guid.NewGuid(), Person = Guid.NewGuid();

    [Fact]
    public void Nobody_was_anywhere_before_they_were_born()
    {
        var child = After(Registered(new(2026, 2, 20)));
        Assert.Equal(TooEarly.BeforeBirth, child.WrongWith(Seen(Noon.AddDays(-20))));
        Assert.Equal(TooEarly.BeforeBirth, child.WrongWith(new ExitBarrierRaised(Guid.NewGuid(), "debt", null, "officer", Noon, null, Noon.AddDays(-20))));
        Assert.Null(child.WrongWith(Seen(Noon.AddDays(-2))));
    }

    // Of a birth date that is known in part the earliest day it can be is meant.
    [Fact]
    public void A_child_born_this_year_can_have_been_seen_all_year() => Assert.Null(After(Registered(new(2026))).WrongWith(Seen(Noon.AddDays(-20))));

    [Fact]
    public void Any_birth_date_on_record_counts_and_a_corrected_one_takes_the_place_of_the_first()
    {
        var second = new RegistrationRepeated(Guid.NewGuid(), Guid.NewGuid(), "R-2", Channel.Phone, false, 0, [], new() { BirthDate = new(2026, 2, 20) }, Noon);
        Assert.Equal(TooEarly.BeforeBirth, After(Registered(new(1990)), second).WrongWith(Seen(Noon.AddDays(-20))));
        Assert.Null(After(Registered(new(2026, 2, 20)), new RegistrationCorrected(Registration, "officer", new() { BirthDate = new(2025, 2, 20) }, "typing error", Noon)).WrongWith(Seen(Noon.AddDays(-20))));
    }

    [Fact]
    public void How_somebody_is_in_a_crisis_is_told_of_the_year_before_they_were_known_and_not_of_earlier()
    {
        var adult = After(Registered(new(1990)));
        Assert.Null(adult.WrongWith(Seen(Noon.AddDays(-364))));
        Assert.Equal(TooEarly.BeforeCrisis, adult.WrongWith(Seen(Noon.AddDays(-366))));
        // A passport was withheld, or a family founded, long before.
        Assert.Null(adult.WrongWith(new ExitBarrierRaised(Guid.NewGuid(), "withheld-passport", null, "officer", Noon, null, Noon.AddYears(-5))));
    }

    [Fact]
    public void Nobody_agreed_to_anything_before_anybody_met_them()
    {
        var adult = After(Registered(new(1990)));
        Assert.Equal(TooEarly.BeforeRegistration, adult.WrongWith(new EvacuationConsentGiven(Person, "officer", Noon.AddDays(-2))));
        Assert.Equal(TooEarly.BeforeRegistration, adult.WrongWith(new SharingConsentGiven(["IOM"], Noon.AddYears(-20))));
        Assert.Null(adult.WrongWith(new EvacuationConsentGiven(Person, "officer", Noon.AddHours(-2))));
    }

    [Fact]
    public void A_tie_is_as_old_as_the_child_at_most_and_refused_or_corrected_by_who_met_them()
    {
        var child = After(Registered(new(2020, 5, 1)));
        Assert.Equal(TooEarly.BeforeBirth, child.WrongWith(new TieProposed(Person, "household", "self-service", Noon.AddYears(-10))));
        Assert.Null(child.WrongWith(new TieProposed(Person, "household", "self-service", Noon.AddYears(-2))));
        Assert.Equal(TooEarly.BeforeRegistration, child.WrongWith(new TieRefused(Person, "officer", null, Noon.AddDays(-2))));
        Assert.Equal(TooEarly.BeforeRegistration, child.WrongWith(new AgeChangeProposed(Person, Registration, "officer", new(), null, Noon.AddDays(-2))));
    }

    [Fact]
    public void Nobody_boards_days_before_the_transport_leaves_nor_is_handed_over_days_before_they_came()
    {
        var held = After(Registered(new(1990)), new SeatHeld(Guid.NewGuid(), Transport, "T-1", Mobility.None, 1, 1, "CYP", Noon.AddDays(10), Noon));
        Assert.Equal(TooEarly.BeforeDeparture, held.WrongWith(new Boarded(Transport, "officer", Noon.AddDays(8))));
        Assert.Null(held.WrongWith(new Boarded(Transport, "officer", Noon.AddDays(10).AddHours(-3))));
        Assert.Null(held.After(new SeatChanged(Transport, "CYP", Noon.AddDays(9), Noon)).WrongWith(new Boarded(Transport, "officer", Noon.AddDays(8).AddHours(1))));
        var arrived = held.After(new Arrived(Transport, "CYP", true, "officer", Noon.AddDays(11)));
        Assert.Equal(TooEarly.BeforeArrival, arrived.WrongWith(new HandedOver(Guid.NewGuid(), "self", null, null, "border-officer", [], [], "none", null, "officer", Noon.AddDays(9))));
    }

    [Fact]
    public void A_withdrawal_is_never_too_early() =>
        Assert.All((Event[])[new EvacuationConsentWithdrawn("officer", Noon.AddYears(-50)), new SharingConsentWithdrawn(["IOM"], Noon.AddYears(-50))], withdrawn => Assert.Null(After(Registered(new(1990))).WrongWith(withdrawn)));

    [Fact]
    public void Every_limit_is_for_an_event_of_the_house() =>
        Assert.True(typeof(Event).Assembly.GetTypes().Count(LifeDates.AreLimited) > 30);

    private static CheckedIn Seen(DateTimeOffset at) => new(Guid.NewGuid(), "safe", "self", null, null, at);

    private static PersonRegistered Registered(BirthDate born) => new(Registration, Guid.NewGuid(), "R-1", Channel.Consulate, false, new() { BirthDate = born }, Noon);

    private static LifeDates After(params IEnumerable<Event> events) => events.Aggregate(LifeDates.Unknown, (dates, e) => dates.After(e));
}
