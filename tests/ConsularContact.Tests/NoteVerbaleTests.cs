using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

public sealed class NoteVerbaleTests
{
    private static readonly Guid Amina = Guid.CreateVersion7(), Omar = Guid.CreateVersion7(), ToSudan = Guid.CreateVersion7(), ToEgypt = Guid.CreateVersion7(), Barrier = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly PersonRegistered Registered = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "R1", Channel.Self, true, new() { FamilyName = "Yusuf" }, Noon);
    private static readonly ExitPermissionAsked AskedSudan = new(ToSudan, "SDN", Noon), AskedEgypt = new(ToEgypt, "EGY", Noon);

    private static Permits PersonOf(Guid id, params Event[] events) => events.Prepend(Registered).Aggregate(Permits.Start(id), (person, e) => person.Apply(e));

    private static Given<Permits> Given(params Event[] events) => Spec.Given<Permits>(Amina, [Registered, .. events]);

    private static Decision Grants(Permits person, string state = "SDN") => person.Answer(state == "SDN" ? ToSudan : ToEgypt, state, true, null, null, Barrier, "o", Noon);

    private static Decision Refuses(Permits person, string state = "SDN") => person.Answer(state == "SDN" ? ToSudan : ToEgypt, state, false, null, "no stamp", Barrier, "o", Noon);

    private static ExitBarrierRaised Misses(string? state) => new(Barrier, "exit-permit", state, "o", Noon.AddDays(3), null, Noon);

    private static SendNoteVerbale Note(bool leaveOut = false) => new(ToSudan, "SDN", leaveOut, Noon.AddDays(3), "officer-1", Noon);

    [Fact]
    public void A_note_stands_on_its_own_timeline_and_on_that_of_everybody_it_names()
    {
        var (refusal, decided) = SendNoteVerbale.Decide([PersonOf(Amina), PersonOf(Omar)], Note());
        Assert.Null(refusal);
        Assert.Equal([ToSudan, Amina, Omar], decided.Select(d => d.StreamId));
        Assert.Equal([Amina, Omar], Assert.IsType<NoteVerbaleSent>(decided[0].Event).People);
    }

    [Fact]
    public void Rule_N_who_fears_the_state_is_not_named_to_it_and_is_left_out_only_if_the_caller_says_so()
    {
        Permits[] people = [PersonOf(Amina, new FearOfReturnStated(["SDN"], "o", Noon)), PersonOf(Omar)];
        var (refusal, decided) = SendNoteVerbale.Decide(people, Note());
        Assert.Equal("note-verbale/feared-state", refusal?.Code);
        Assert.Contains("rule N", refusal!.Detail);
        Assert.Empty(decided);

        var without = SendNoteVerbale.Decide(people, Note(leaveOut: true));
        Assert.Null(without.Refusal);
        Assert.DoesNotContain(without.Decided, d => d.StreamId == Amina);
        Assert.Equal([Omar], Assert.IsType<NoteVerbaleSent>(without.Decided[0].Event).People);

        Assert.Equal("note-verbale/nobody-left", SendNoteVerbale.Decide([people[0]], Note(leaveOut: true)).Refusal?.Code);
    }

    [Fact]
    public void Nobody_unknown_is_named() =>
        Assert.Equal("note-verbale/person-unknown", SendNoteVerbale.Decide([Permits.Start(Omar)], Note()).Refusal?.Code);

    [Fact]
    public void An_answer_for_somebody_erased_is_nobodys_and_what_a_merge_brings_is_not_news_when_it_is_older()
    {
        Assert.Empty(Grants(PersonOf(Amina, AskedSudan, new PersonErased("o", "wish", Noon))).Events);
        var refusedBefore = new ExitPermissionRefused(ToEgypt, "SDN", null, Noon.AddDays(-1)) { MergedFrom = Omar };
        Assert.True(PersonOf(Amina, [AskedSudan, .. Grants(PersonOf(Amina, AskedSudan)).Events, refusedBefore]).IsReady);
    }

    [Fact]
    public void A_permission_clears_the_permit_of_its_state_only()
    {
        var events = Given(AskedSudan, AskedEgypt, Misses("SDN")).When(person => Grants(person)).ThenAll();
        Assert.Equal([typeof(ExitPermissionGranted), typeof(ExitBarrierResolved)], events.Select(e => e.GetType()));
        Given(AskedSudan, AskedEgypt, Misses("EGY")).When(person => Grants(person)).ThenOne<ExitPermissionGranted>();
    }

    [Fact]
    public void A_permit_of_no_named_state_is_missing_until_everybody_asked_agrees()
    {
        Given(AskedSudan, AskedEgypt, Misses(null)).When(person => Grants(person)).ThenOne<ExitPermissionGranted>();
        Assert.Equal(2, Given(AskedSudan, AskedEgypt, Misses(null), new ExitPermissionGranted(ToEgypt, "EGY", null, Noon)).When(person => Grants(person)).ThenAll().Count);
    }

    [Fact]
    public void A_refusal_is_an_exit_barrier_with_an_owner_and_a_clock()
    {
        var events = Given(AskedSudan).When(person => Refuses(person)).ThenAll();
        Assert.Equal([typeof(ExitPermissionRefused), typeof(ExitBarrierRaised)], events.Select(e => e.GetType()));
        Assert.Equal(("exit-permit", "SDN", "o"), ((ExitBarrierRaised)events[1]) is var b ? (b.Kind, b.State, b.Owner) : default);
        Given(AskedSudan, Misses("SDN")).When(person => Refuses(person)).ThenOne<ExitPermissionRefused>();
    }

    [Fact]
    public void The_same_answer_again_and_an_answer_to_an_older_note_mean_nothing_new()
    {
        Given(AskedSudan, new ExitPermissionGranted(ToSudan, "SDN", null, Noon)).When(person => Grants(person)).ThenNothing();
        Given(AskedSudan, new ExitPermissionAsked(Guid.CreateVersion7(), "SDN", Noon)).When(person => Grants(person)).ThenNothing();
    }

    [Fact]
    public void Ready_to_leave_is_who_has_every_permission_and_misses_no_permit()
    {
        ExitPermissionGranted sudan = new(ToSudan, "SDN", null, Noon), egypt = new(ToEgypt, "EGY", null, Noon);
        Given(AskedSudan, AskedEgypt, sudan).When(person => Permits.Announce(person, Noon)).ThenNothing();
        Given(AskedSudan, AskedEgypt, sudan, egypt, Misses(null)).When(person => Permits.Announce(person, Noon)).ThenNothing();
        Given(AskedSudan, AskedEgypt, sudan, egypt).When(person => Permits.Announce(person, Noon)).ThenOne<ReadyToLeave>();
        Given(AskedSudan, AskedEgypt, sudan, egypt, new ReadyToLeave(Noon)).When(person => Permits.Announce(person, Noon)).ThenNothing();
        Given().When(person => Permits.Announce(person, Noon)).ThenNothing();
    }

    [Fact]
    public void Who_lost_a_permission_and_got_it_again_is_ready_again()
    {
        var refused = PersonOf(Amina, AskedSudan, new ExitPermissionGranted(ToSudan, "SDN", null, Noon), new ReadyToLeave(Noon));
        var lost = Refuses(refused).Events.Aggregate(refused, (person, e) => person.Apply(e));
        Assert.False(lost.IsReady);
        var regained = Grants(lost).Events.Aggregate(lost, (person, e) => person.Apply(e));
        Assert.IsType<ReadyToLeave>(Assert.Single(Permits.Announce(regained, Noon).Events));
    }

    [Fact]
    public void A_state_that_does_not_answer_in_time_is_seen_and_can_answer_still()
    {
        var asked = AskedSudan with { DueAt = Noon.AddDays(3) };
        Given(asked).When(person => Permits.Escalate(person, Noon.AddDays(3).AddSeconds(-1))).ThenNothing();
        var late = Given(asked).When(person => Permits.Escalate(person, Noon.AddDays(3))).ThenOne<ExitPermissionOverdue>();
        Assert.Equal((ToSudan, "SDN"), (late.NoteId, late.State));
        Given(asked, late).When(person => Permits.Escalate(person, Noon.AddDays(9))).ThenNothing();
        Given(asked, late).When(person => Grants(person)).ThenOne<ExitPermissionGranted>();
        Given(asked, new ExitPermissionGranted(ToSudan, "SDN", null, Noon)).When(person => Permits.Escalate(person, Noon.AddDays(9))).ThenNothing();
        // Nobody waits for it any more, unless it turns out that they did not leave.
        Arrived left = new(ToEgypt, "EGY", true, "o", Noon.AddDays(1));
        Given(asked, left).When(person => Permits.Escalate(person, Noon.AddDays(9))).ThenNothing();
        Given(asked, left, new MissingAtArrival(ToEgypt, false, Noon.AddDays(2), "o", Noon.AddDays(1))).When(person => Permits.Escalate(person, Noon.AddDays(9))).ThenOne<ExitPermissionOverdue>();
    }

    [Fact]
    public void A_permission_that_was_not_used_in_time_is_a_missing_permit_again()
    {
        Event[] granted = [AskedSudan, new ExitPermissionGranted(ToSudan, "SDN", new(2026, 5, 6), Noon) { Officer = "o", BarrierId = Barrier }, new ReadyToLeave(Noon)];
        // The last day ends first at UTC+14.
        var over = new DateTimeOffset(2026, 5, 6, 10, 0, 0, TimeSpan.Zero);
        Given(granted).When(person => Permits.Escalate(person, over.AddSeconds(-1))).ThenNothing();
        var events = Given(granted).When(person => Permits.Escalate(person, over)).ThenAll();
        Assert.Equal([typeof(ExitPermissionExpired), typeof(ExitBarrierRaised)], events.Select(e => e.GetType()));
        Assert.Equal((Barrier, "exit-permit", "SDN", "o"), ((ExitBarrierRaised)events[1]) is var b ? (b.BarrierId, b.Kind, b.State, b.Owner) : default);
        Given([.. granted, .. events]).When(person => Permits.Escalate(person, over.AddDays(1))).ThenNothing();
        Given([.. granted, .. events]).When(person => Permits.Announce(person, over)).ThenNothing();

        // A new last day clears it, and the person is ready once more.
        var again = Given([.. granted, .. events]).When(person => person.Answer(ToSudan, "SDN", true, new(2026, 5, 20), null, Guid.CreateVersion7(), "o", over)).ThenAll();
        Assert.Equal([typeof(ExitPermissionGranted), typeof(ExitBarrierResolved)], again.Select(e => e.GetType()));
        Given([.. granted, .. events, .. again]).When(person => Permits.Announce(person, over)).ThenOne<ReadyToLeave>();
    }

    [Fact]
    public void Who_has_left_the_country_needs_no_permission_any_more()
    {
        var gone = new Arrived(Guid.CreateVersion7(), "EGY", true, "o", Noon);
        Given(AskedSudan, new ExitPermissionGranted(ToSudan, "SDN", new(2026, 5, 6), Noon), gone).When(person => Permits.Escalate(person, Noon.AddDays(30))).ThenNothing();
    }

    [Fact]
    public void An_answer_for_a_record_that_was_merged_counts_for_the_one_that_stands_and_once()
    {
        var note = NoteVerbale.Start(ToSudan).Apply(new NoteVerbaleSent("SDN", [Amina, Omar], "o", Noon));
        var stands = PersonOf(Amina, AskedSudan);
        AnswerNoteVerbale command = new(ToSudan, [(new Answer(Omar, false), Barrier), (new Answer(Amina, true), Barrier)], "o", Noon);
        var decided = AnswerNoteVerbale.Decide(note, new Dictionary<Guid, Permits> { [Amina] = stands, [Omar] = stands }, command).ToList();
        Assert.Equal([ToSudan, Amina], decided.Select(d => d.StreamId));
        Assert.IsType<ExitPermissionGranted>(Assert.Single(decided[1].Decision.Events));
    }

    [Fact]
    public void An_answer_is_for_people_of_the_note_once_each_and_not_before_it()
    {
        var note = NoteVerbale.Start(ToSudan).Apply(new NoteVerbaleSent("SDN", [Amina], "o", Noon));
        AnswerNoteVerbale Answers(params Guid[] people) => new(ToSudan, [.. people.Select(id => (new Answer(id, true), Barrier))], "o", Noon);
        Assert.Null(AnswerNoteVerbale.Check(note, Answers(Amina)));
        Assert.Equal("note-verbale/not-in-note", AnswerNoteVerbale.Check(note, Answers(Omar))?.Code);
        Assert.Equal("note-verbale/answered-twice", AnswerNoteVerbale.Check(note, Answers(Amina, Amina))?.Code);
        Assert.Equal("note-verbale/no-answers", AnswerNoteVerbale.Check(note, Answers())?.Code);
        Assert.Equal("note-verbale/answered-before", AnswerNoteVerbale.Check(note, Answers(Amina) with { At = Noon.AddDays(-1) })?.Code);
        Assert.Equal("note-verbale/unknown", AnswerNoteVerbale.Check(NoteVerbale.Start(ToSudan), Answers(Amina))?.Code);
    }
}
