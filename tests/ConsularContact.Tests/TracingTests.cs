using CrisisCoordination.ConsularContact.Tracing;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class TracingTests
{
    private static readonly Guid Mother = Guid.CreateVersion7(), Son = Guid.CreateVersion7(), Request = Guid.CreateVersion7(), Uncle = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Registration Form = new() { FamilyName = "Teklehaimanot", GivenNames = "Yonas", BirthDate = new(1999, 7, 8), Sex = Sex.Male };
    private static readonly Registration Described = new() { FamilyName = "Tekle-Haymanot", GivenNames = "Yonas", BirthDate = new(1999, 7, 8) };
    private static readonly TracingMatchFound Found = new(Request, Mother, 3, [], Noon.AddDays(3), Noon);

    private static PersonRegistered Registered(Registration form) => new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R1", Channel.Self, true, form, Noon);

    private static Seeker SeekerOf(Registration sought, params Event[] then) => ((Event[])[Registered(new() { FamilyName = "Teklehaimanot", GivenNames = "Marta" }), new TracingRequested(Request, sought, "child", "o", Noon), .. then])
        .Aggregate(Seeker.Start(Mother), (seeker, e) => seeker.Apply(e));

    private static Sought SoughtOf(Registration form, params Event[] then) => then.Prepend(Registered(form)).Aggregate(Sought.Start(Son), (person, e) => person.Apply(e));

    private static Decision Compare(Registration form, Registration described, params Event[] then) => SeekerOf(described) is var seeker ? Sought.Compare(SoughtOf(form, then), seeker, seeker.Searches[0], Noon) : Decision.Nothing;

    [Theory]
    [InlineData("Teklehaimanot", "Yonas", "1999-07-08", true)]
    [InlineData("Teklehaimanot", "Yonas", "1999", true)]
    [InlineData("Teklehaimanot", "Yonas", null, true)]
    [InlineData("Teklehaimanot", "Yonas", "1961-01-02", false)]
    [InlineData("Teklehaimanot", "Selam", null, false)]
    [InlineData("Yonas", null, null, false)]
    public void Whoever_is_likely_enough_the_one_described_is_found_by_what_a_relative_knows(string family, string? given, string? born, bool found) =>
        Assert.Equal(found, Compare(Form, new() { FamilyName = family, GivenNames = given, BirthDate = BirthDate.TryParse(born, out var date) ? date : null }).Events.Count == 1);

    [Fact]
    public void A_match_is_found_once_with_its_clock_and_never_after_the_request_ended()
    {
        Assert.Equal(Noon.AddHours(72), Assert.IsType<TracingMatchFound>(Assert.Single(Compare(Form, Described).Events)).AnswerDueAt);
        Assert.Empty(Compare(Form, Described, Found).Events);
        Assert.Empty(Compare(Form, Described, new PersonErased("o", "asked", Noon)).Events);
        var seeker = SeekerOf(Described);
        Assert.Empty(Sought.Compare(Sought.Start(Son).Apply(Registered(Form) with { Exercise = true }), seeker, seeker.Searches[0], Noon).Events);
        var withdrawn = SeekerOf(Described, new TracingWithdrawn(Request, "o", Noon));
        Assert.Empty(Sought.Compare(SoughtOf(Form), withdrawn, withdrawn.Searches[0], Noon).Events);
        Assert.Empty(SeekerOf(Described, new PersonErased("o", "asked", Noon)).Open);
    }

    private static AnswerTracing Answer(bool agreed, string by, Guid? guardian = null, bool protection = false) => new(Request, agreed, by, guardian, null, protection, "o", Noon, Noon);

    private static string? Refused(Sought person, AnswerTracing answer, Seeker? seeker = null)
    {
        var (onSought, onSeeker) = AnswerTracing.Decide(person, seeker ?? SeekerOf(Described), answer);
        Assert.Equal(onSought.Refusal?.Code, onSeeker.Refusal?.Code);
        return onSought.Refusal?.Code;
    }

    [Fact]
    public void The_seeker_is_told_when_the_person_agrees_and_nothing_when_they_refuse()
    {
        var (yes, told) = AnswerTracing.Decide(SoughtOf(Form, Found), SeekerOf(Described), Answer(true, "self"));
        Assert.IsType<TracingAnswered>(Assert.Single(yes.Events));
        Assert.Equal(Son, Assert.IsType<RelativeFound>(Assert.Single(told.Events)).PersonId);

        var (no, nothing) = AnswerTracing.Decide(SoughtOf(Form, Found), SeekerOf(Described), Answer(false, "self"));
        Assert.IsType<TracingAnswered>(Assert.Single(no.Events));
        Assert.Empty(nothing.Events);
    }

    [Fact]
    public void Who_refused_may_agree_later_and_what_was_told_cannot_be_untold()
    {
        Assert.Null(Refused(SoughtOf(Form, Found, new TracingAnswered(Request, false, "self", null, "o", Noon)), Answer(true, "self")));
        Assert.Equal("tracing/told-already", Refused(SoughtOf(Form, Found, new TracingAnswered(Request, true, "self", null, "o", Noon)), Answer(false, "self")));
    }

    [Fact]
    public void Nobody_else_decides_for_an_adult()
    {
        Assert.Equal("tracing/adult-decides", Refused(SoughtOf(Form, Found), Answer(true, "guardian", Uncle)));
        Assert.Equal("tracing/adult-decides", Refused(SoughtOf(Form, Found), Answer(true, "best-interests", protection: true)));
        Assert.Equal("tracing/wish-says-otherwise", Refused(SoughtOf(Form, Found), Answer(true, "wish")));
        Assert.Null(Refused(SoughtOf(Form, Found, new TracingWishRecorded("anyone", "o", Noon)), Answer(true, "wish")));
        Assert.Equal("tracing/by-unknown", Refused(SoughtOf(Form, Found), Answer(true, "rumour")));
    }

    [Fact]
    public void For_a_child_a_guardian_decides_who_is_not_the_seeker_or_a_protection_officer()
    {
        var child = Form with { BirthDate = new(2015, 7, 8) };
        var guarded = SoughtOf(child, new GuardianNamed(Uncle, "customary", "o", Noon), new GuardianNamed(Mother, "parent", "o", Noon), Found);
        Assert.Equal("tracing/child-cannot-decide", Refused(guarded, Answer(true, "self")));
        Assert.Equal("tracing/child-cannot-decide", Refused(SoughtOf(child, new TracingWishRecorded("anyone", "o", Noon), Found), Answer(true, "wish")));
        Assert.Null(Refused(guarded, Answer(true, "guardian", Uncle)));
        Assert.Equal("tracing/not-the-guardian", Refused(guarded, Answer(true, "guardian", Mother)));
        Assert.Equal("tracing/not-the-guardian", Refused(guarded, Answer(true, "guardian", Guid.CreateVersion7())));
        Assert.Equal("tracing/protection-officer-needed", Refused(guarded, Answer(true, "best-interests")));
        Assert.Null(Refused(guarded, Answer(true, "best-interests", protection: true)));
        var alone = SoughtOf(child, new GuardianNamed(Uncle, "customary", "o", Noon), new ChildSeparationReported(Request, "separated", "conflict", null, null, "o", Noon, Noon), Found);
        Assert.Equal("tracing/protection-officer-needed", Refused(alone, Answer(true, "guardian", Uncle)));
    }

    [Theory]
    [InlineData("nobody", null)]
    [InlineData(null, "SV")]
    [InlineData(null, "TR")]
    public void Who_does_not_want_to_be_found_or_is_at_risk_is_known_to_protection_officers_only(string? wish, string? need)
    {
        var person = SoughtOf(Form with { SpecificNeeds = need is null ? [] : [need] }, wish is null ? [Found] : [Found, new TracingWishRecorded(wish, "o", Noon)]);
        Assert.Equal("tracing/match-unknown", Refused(person, Answer(true, "self")));
        Assert.Equal("tracing/match-unknown", AnswerTracing.Close(person, Request, "an other", false, "o", Noon).Refusal?.Code);
        Assert.Null(Refused(person, Answer(true, "self", protection: true)));
    }

    [Fact]
    public void A_request_that_ended_tells_nobody_anything_more()
    {
        Assert.Equal("tracing/request-ended", Refused(SoughtOf(Form, Found), Answer(true, "self"), SeekerOf(Described, new TracingWithdrawn(Request, "o", Noon))));
        Assert.Equal("tracing/closed", Refused(SoughtOf(Form, Found, new TracingMatchClosed(Request, "withdrawn", null, "o", Noon)), Answer(true, "self")));
    }

    [Fact]
    public void Whom_nobody_asked_in_time_is_seen_once()
    {
        var late = Spec.Given<Sought>(Son, Registered(Form), Found).When(person => Sought.Escalate(person, Noon.AddDays(4))).ThenOne<TracingAnswerOverdue>();
        Spec.Given<Sought>(Son, Registered(Form), Found).When(person => Sought.Escalate(person, Noon.AddDays(2))).ThenNothing();
        Spec.Given<Sought>(Son, Registered(Form), Found, late).When(person => Sought.Escalate(person, Noon.AddDays(5))).ThenNothing();
        Spec.Given<Sought>(Son, Registered(Form), Found, new TracingAnswered(Request, false, "self", null, "o", Noon)).When(person => Sought.Escalate(person, Noon.AddDays(5))).ThenNothing();
    }

    [Fact]
    public void Nobody_looks_for_a_list_of_strangers()
    {
        var many = Enumerable.Range(0, 20).Aggregate(SeekerOf(Described, new TracingWithdrawn(Request, "o", Noon)), (seeker, _) => seeker.Apply(new TracingRequested(Guid.CreateVersion7(), Described, "child", "o", Noon)));
        RequestTracing request = new(Request, Described, "child", "o", Noon);
        Assert.Equal("tracing/too-many", RequestTracing.Decide(many, request).Refusal?.Code);
        Assert.Equal("tracing/relation-unknown", RequestTracing.Decide(many, request with { Relation = "debtor" }).Refusal?.Code);
        Assert.Equal("person/unknown", RequestTracing.Decide(Seeker.Start(Mother), request).Refusal?.Code);
        Assert.NotNull(RequestTracing.Decide(SeekerOf(Described), request with { Sought = new() }).Refusal);
    }
}
