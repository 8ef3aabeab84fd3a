using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Tracing;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class TellOfArrivalTests
{
    private static readonly Guid Mother = Guid.CreateVersion7(), Son = Guid.CreateVersion7(), Old = Guid.CreateVersion7(), Request = Guid.CreateVersion7(), Ship = Guid.CreateVersion7(), Flood = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly TracingMatchFound Matched = new(Request, Mother, 3, [], Noon.AddDays(3), Noon);
    private static readonly TracingAnswered Yes = new(Request, true, "self", null, "o", Noon), No = new(Request, false, "self", null, "o", Noon);
    private static readonly MissingAtArrival Missing = new(Ship, false, Noon.AddHours(12), "o", Noon);
    private static readonly Arrived Home = new(Ship, "ETH", true, "o", Noon), OnTheWay = new(Ship, "SAU", false, "o", Noon);

    private static PersonRegistered Registered => new(Guid.CreateVersion7(), Flood, "R1", Channel.Self, true, new() { FamilyName = "Hailu" }, Noon);

    private static Sought SoughtOf(params Event[] then) => then.Prepend(Registered).Aggregate(Sought.Start(Son), (person, e) => person.Apply(e));

    private static Seeker SeekerOf(params Event[] then) => ((Event[])[Registered, new TracingRequested(Request, new() { FamilyName = "Hailu" }, "child", "o", Noon), .. then]).Aggregate(Seeker.Start(Mother), (seeker, e) => seeker.Apply(e));

    private static readonly RelativeFound Found = new(Request, Son, "I am well", Noon);

    private static bool Tells(Sought person, Seeker? seeker = null, params Sought[] others)
    {
        var on = person.Asked.IsEmpty ? others.First(other => !other.Asked.IsEmpty) : person;
        var (told, news) = TellOfArrival.Decide([person, .. others], (on, on.Asked[0]), seeker ?? SeekerOf(Found), null, Noon);
        Assert.Equal(told.Events.Count, news.Events.Count);
        return news.Events.Count == 1;
    }

    [Fact]
    public void The_mother_whom_the_son_agreed_to_hears_that_he_has_arrived_and_not_where()
    {
        var person = SoughtOf(Matched, Yes, Home);
        var (_, news) = TellOfArrival.Decide([person], (person, person.Asked[0]), SeekerOf(Found), null, Noon);

        Assert.Equal(new RelativeArrived(Request, Son, null, Noon), Assert.Single(news.Events));
    }

    [Fact]
    public void An_answer_after_the_arrival_tells_it_too() => Assert.True(Tells(SoughtOf(Matched, Home, Yes)));

    [Fact]
    public void Nothing_is_told_without_a_yes_before_the_arrival_or_against_a_wish()
    {
        Assert.False(Tells(SoughtOf(Matched, Home)));
        Assert.False(Tells(SoughtOf(Matched, No, Home)));
        Assert.False(Tells(SoughtOf(Matched, Yes, OnTheWay)));
        Assert.False(Tells(SoughtOf(Matched, Yes, new TracingWishRecorded("nobody", "o", Noon), Home)));
        Assert.True(Tells(SoughtOf(Matched, Yes, new TracingWishRecorded("nobody", "o", Noon), Home, new TracingWishRecorded("anyone", "o", Noon))));
    }

    [Fact]
    public void It_is_told_once_to_who_still_looks()
    {
        Assert.False(Tells(SoughtOf(Matched, Yes, Home, new ArrivalTold(Request, Noon))));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home), SeekerOf(Found, new RelativeArrived(Request, Son, null, Noon))));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home), SeekerOf(Found, new TracingWithdrawn(Request, "o", Noon))));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home), SeekerOf(Found, new PersonErased("o", "asked", Noon))));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home), SeekerOf()));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home, new PersonErased("o", "asked", Noon))));
    }

    [Fact]
    public void Of_somebody_registered_twice_what_was_said_under_either_record_holds()
    {
        Sought Other(params Event[] then) => then.Prepend(Registered).Aggregate(Sought.Start(Old), (person, e) => person.Apply(e));

        Assert.True(Tells(SoughtOf(Matched, Yes), null, Other(Home)));
        Assert.False(Tells(SoughtOf(Matched, Yes, Home), null, Other(new TracingWishRecorded("nobody", "o", Noon))));
    }

    [Fact]
    public void What_does_not_hold_is_taken_back_once_and_told_anew_when_they_are_found()
    {
        Event[] told = [Matched, Yes, Home, new ArrivalTold(Request, Noon)];
        var (mother, misled) = (SeekerOf(Found), SeekerOf(Found, new RelativeArrived(Request, Son, null, Noon)));

        Assert.False(TakesBack(SoughtOf(told), misled));
        Assert.False(TakesBack(SoughtOf(Matched, Yes, Home, Missing), mother));
        Assert.True(TakesBack(SoughtOf([.. told, Missing]), misled));
        Assert.True(TakesBack(SoughtOf([.. told, new TracingWishRecorded("nobody", "o", Noon), Missing]), misled));

        Sought corrected = SoughtOf([.. told, Missing, new ArrivalTakenBack(Request, Noon)]), found = SoughtOf([.. told, Missing, new ArrivalTakenBack(Request, Noon), Home]);
        var knows = SeekerOf(Found, new RelativeArrived(Request, Son, null, Noon), new RelativeArrivalTakenBack(Request, Son, null, Noon));
        Assert.False(TakesBack(corrected, knows));
        Assert.False(Tells(corrected, knows));
        Assert.True(Tells(found, knows));
        Assert.Equal(2, found.Asked[0].News);

        static bool TakesBack(Sought person, Seeker seeker)
        {
            var (back, news) = TellOfArrival.TakeBack([person], (person, person.Asked[0]), seeker, null, Noon);
            Assert.Equal(back.Events.Count, news.Events.Count);
            return news.Events.Count == 1;
        }
    }

    [Fact]
    public void A_message_is_stopped_only_while_it_surely_reached_nobody()
    {
        var crisis = Crisis.Start(Flood).Apply(new CrisisOpened("floods", "cell", "Actual", "Floods", [], Noon));
        var wave = Wave.Start(Request).Apply(TellOfArrival.Send(Wave.Start(Request), crisis, Mother, _ => ["sms"], correction: false, Noon).Events.Single());
        var (asked, attempted) = (new OutreachAsked(Request, ["sms"], false, false, null, Noon), new ContactAttempted(Old, Request, "sms", "gateway", Noon));

        Assert.True(IsUnsent(wave));
        Assert.True(IsUnsent(wave, asked));
        Assert.True(IsUnsent(wave, asked, attempted, new ContactDelayed(Old, Noon)));
        Assert.True(IsUnsent(wave, asked, attempted, new ContactFailed(Old, "no-address", Noon)));
        Assert.False(IsUnsent(wave, asked, attempted));
        Assert.False(IsUnsent(wave, asked, attempted, new ContactSent(Old, Noon)));
        Assert.False(IsUnsent(Wave.Start(Request)));

        static bool IsUnsent(Wave wave, params Event[] then) => TellOfArrival.IsUnsent(wave, then.Aggregate(Contacts.Start(Mother), (contacts, e) => contacts.Apply(e)));
    }

    [Fact]
    public void A_correction_is_urgent_rings_too_and_waits_for_an_answer()
    {
        var crisis = Crisis.Start(Flood).Apply(new CrisisOpened("floods", "cell", "Actual", "Floods", [], Noon));
        var started = Assert.IsType<OutreachWaveStarted>(Assert.Single(TellOfArrival.Send(Wave.Start(Request), crisis, Mother, _ => ["sms", "call"], correction: true, Noon).Events));

        Assert.Equal((true, true), (started.Urgent, started.AwaitsAnswer));
        Assert.Equal(["sms", "call"], started.Channels);
    }

    [Fact]
    public void Whatever_was_said_in_whatever_order_nobody_hears_it_against_the_last_wish_or_without_a_yes() => Prop.ForAll(
        Arb.From(Gen.ListOf(Gen.Elements<Event>(Matched, Yes, No, Home, Missing, OnTheWay, new TracingWishRecorded("nobody", "o", Noon), new TracingWishRecorded("anyone", "o", Noon), new TracingMatchClosed(Request, "not-the-person", null, "o", Noon)))),
        told =>
        {
            var person = SoughtOf([Matched, .. told.Where(e => e is not TracingMatchFound)]);
            var wish = told.OfType<TracingWishRecorded>().LastOrDefault()?.Wish;
            return Tells(person) == (told.OfType<TracingAnswered>().LastOrDefault() == Yes && told.LastOrDefault(e => e == Home || e == Missing) == Home && wish != "nobody" && !told.OfType<TracingMatchClosed>().Any());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));

    [Fact]
    public void The_message_says_that_there_is_news_to_one_person_on_ways_that_are_set_up()
    {
        var crisis = Crisis.Start(Flood).Apply(new CrisisOpened("floods", "cell", "Exercise", "Floods", [], Noon));
        var started = Assert.IsType<OutreachWaveStarted>(Assert.Single(TellOfArrival.Send(Wave.Start(Request), crisis, Mother, _ => ["sms", "call"], correction: false, Noon).Events));

        Assert.Equal((Mother, false, true), (started.Filter.PersonId, started.AwaitsAnswer, started.Exercise));
        Assert.Equal(["sms"], started.Channels);
        Assert.Empty(TellOfArrival.Send(Wave.Start(Request).Apply(started), crisis, Mother, _ => ["sms"], correction: false, Noon).Events);
        Assert.Empty(TellOfArrival.Send(Wave.Start(Request), crisis, Mother, _ => [], correction: false, Noon).Events);
    }
}
