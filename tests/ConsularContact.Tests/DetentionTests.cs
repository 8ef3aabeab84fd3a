using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class DetentionTests
{
    private static readonly Guid Amina = Guid.CreateVersion7(), Cell = Guid.CreateVersion7(), Wish = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly PersonRegistered Registered = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R1", Channel.Self, true, new() { FamilyName = "Yusuf", Nationality = "ERI" }, Noon);
    private static readonly DetentionReported Held = new(Cell, "SDN", "Kober", null, Noon.AddDays(3), Noon);
    private static readonly DetentionNoticeAsked Asked = new(Cell, Wish, "ERI", "officer-1", Noon.AddDays(1), Noon);
    private static readonly FearOfReturnStated Fears = new(["ERI"], "officer-1", Noon);

    private static Given<Detainee> Given(params Event[] events) => Spec.Given<Detainee>(Amina, [Registered, Held, .. events]);

    private static GiveNotice.Ask Ask(string to = "ERI", bool consent = true) => new(Cell, Wish, to, consent, "officer-1", Noon);

    private static Decision Tell(Detainee person) => GiveNotice.Given(person, Cell, Wish, "officer-1", Noon.AddHours(1));

    [Fact]
    public void A_person_is_detained_once_at_a_time()
    {
        ReportDetention report = new(Guid.CreateVersion7(), "SDN", "Kober", "police", Noon);
        Spec.Given<Detainee>(Amina, Registered).When(person => ReportDetention.Decide(person, report)).ThenOne<DetentionReported>();
        Given().When(person => ReportDetention.Decide(person, report)).ThenRefused("detention/already-open");
        Given(new DetentionEnded(Cell, "o", Noon)).When(person => ReportDetention.Decide(person, report)).ThenOne<DetentionReported>();
        Spec.Given<Detainee>(Amina, Registered).When(person => ReportDetention.Decide(person, report with { Place = null })).ThenRefused("detention/place-missing");
        Spec.Given<Detainee>(Amina).When(person => ReportDetention.Decide(person, report)).ThenRefused("person/unknown");
    }

    [Fact]
    public void A_post_is_told_only_if_the_person_wants_it()
    {
        Given().When(person => GiveNotice.Decide(person, Ask(consent: false))).ThenRefused("detention/no-consent");
        Assert.Equal(Noon.AddDays(1), Given().When(person => GiveNotice.Decide(person, Ask())).ThenOne<DetentionNoticeAsked>().DueAt);
        Given().When(Tell).ThenRefused("detention/notice-unknown");
        Given(Asked).When(Tell).ThenOne<DetentionNoticeGiven>();
    }

    [Fact]
    public void Who_takes_the_wish_back_before_the_post_was_told_is_heard()
    {
        var back = Given(Asked).When(person => GiveNotice.Withdraw(person, Cell, Wish, "o", Noon)).ThenOne<DetentionNoticeWithdrawn>();
        Given(Asked, back).When(Tell).ThenRefused("detention/wish-taken-back");
        Given(Asked, new DetentionNoticeGiven(Cell, Wish, "o", Noon)).When(person => GiveNotice.Withdraw(person, Cell, Wish, "o", Noon)).ThenRefused("detention/notice-given");
    }

    [Fact]
    public void Rule_N_a_state_that_is_feared_is_never_told_whenever_the_fear_was_said()
    {
        Given(Fears).When(person => GiveNotice.Decide(person, Ask())).ThenRefused("detention/notice-to-feared-state");
        Given(Asked, Fears).When(Tell).ThenRefused("detention/notice-to-feared-state");
        Given(Fears).When(person => GiveNotice.Decide(person, Ask("GBR"))).ThenOne<DetentionNoticeAsked>();
        // And nobody is hurried to tell it.
        Given(Asked, Fears).When(person => Detainee.Escalate(person, Noon.AddDays(2))).ThenNothing();
    }

    [Fact]
    public void Rule_N_whatever_happens_no_notice_goes_to_a_state_feared_at_that_moment()
    {
        Event[] all = [Fears, new FearOfReturnWithdrawn(["ERI"], "p", Noon), Asked, new DetentionNoticeWithdrawn(Cell, Wish, "o", Noon), new DetaineeVisited(Cell, Wish, "o", null, Noon.AddDays(9), Noon), new DetentionEnded(Cell, "o", Noon)];
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.Elements(all))), events =>
        {
            var person = new Event[] { Registered, Held }.Concat(events).Aggregate(Detainee.Start(Amina), (state, e) => state.Apply(e));
            return !person.File.Fears.Touches("ERI") || Tell(person).Events.Count == 0 && GiveNotice.Decide(person, Ask()).Events.Count == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Both_clocks_escalate_once()
    {
        Given(Asked).When(person => Detainee.Escalate(person, Noon.AddHours(23))).ThenNothing();
        var late = Given(Asked).When(person => Detainee.Escalate(person, Noon.AddDays(3))).ThenAll();
        Assert.Equal([typeof(DetentionNoticeOverdue), typeof(DetentionVisitOverdue)], late.Select(e => e.GetType()));
        Given([Asked, .. late]).When(person => Detainee.Escalate(person, Noon.AddDays(9))).ThenNothing();
    }

    [Fact]
    public void A_visit_sets_the_clock_for_the_next_and_one_told_late_does_not_take_it_back()
    {
        DetaineeVisited Visited(int day, int next) => new(Cell, Guid.CreateVersion7(), "o", null, Noon.AddDays(next), Noon.AddDays(day));
        Given(Visited(2, 32)).When(person => Detainee.Escalate(person, Noon.AddDays(31))).ThenNothing();
        Given(Visited(2, 32), Visited(1, 4)).When(person => Detainee.Escalate(person, Noon.AddDays(31))).ThenNothing();
        Given(Visited(2, 32)).When(person => Detainee.Escalate(person, Noon.AddDays(32))).ThenOne<DetentionVisitOverdue>();
        Given(new DetentionEnded(Cell, "o", Noon)).When(person => Detainee.Escalate(person, Noon.AddDays(32))).ThenNothing();
    }

    [Fact]
    public void A_visit_lies_within_the_detention()
    {
        VisitDetainee visit = new(Cell, Guid.CreateVersion7(), "officer-1", "thin, calm", Noon.AddDays(31), Noon.AddDays(1));
        Given().When(person => VisitDetainee.Decide(person, visit)).ThenOne<DetaineeVisited>();
        Given().When(person => VisitDetainee.Decide(person, visit with { At = Noon.AddDays(-1) })).ThenRefused("detention/visit-outside");
        Given(new DetentionEnded(Cell, "o", Noon.AddHours(1))).When(person => VisitDetainee.Decide(person, visit)).ThenRefused("detention/visit-outside");
        Given().When(person => VisitDetainee.Decide(person, visit with { NextDueAt = Noon })).ThenRefused("detention/next-visit-before");
        Given().When(person => VisitDetainee.Decide(person, visit with { DetentionId = Wish })).ThenRefused("detention/unknown");
    }

    [Fact]
    public void Counsel_is_named_while_the_detention_lasts()
    {
        Given().When(person => NameCounsel.Decide(person, Cell, "Adv. Osman", Noon)).ThenOne<DetaineeCounselNamed>();
        Given(new DetaineeCounselNamed(Cell, "Adv. Osman", Noon)).When(person => NameCounsel.Decide(person, Cell, "Adv. Osman", Noon)).ThenNothing();
        Given().When(person => NameCounsel.Decide(person, Cell, null, Noon)).ThenRefused("detention/counsel-missing");
        Given(new DetentionEnded(Cell, "o", Noon)).When(person => NameCounsel.Decide(person, Cell, "Adv. Osman", Noon)).ThenRefused("detention/ended");
    }
}
