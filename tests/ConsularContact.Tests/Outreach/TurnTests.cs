using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact.Outreach;

/// <summary>What is next for a person in a wave.</summary>
public sealed class TurnTests
{
    internal static readonly Guid Amina = Guid.CreateVersion7(), Crisis = Guid.CreateVersion7(), First = Guid.CreateVersion7(), Second = Guid.CreateVersion7(), Form = Guid.CreateVersion7();
    internal static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Registration Reachable = new() { FamilyName = "Yusuf", Phone = "+258 84 555 0101", Email = "amina@example.org" };
    private static readonly string[] All = ["sms", "email", "voice", "call"];

    internal static PersonRegistered Registered(Registration? form = null) => new(Form, Crisis, "R1", Channel.Self, true, form ?? Reachable, Noon.AddDays(-3)) { Sender = "desk", Post = "lima" };

    private static OutreachAsked Asked(Guid wave, bool urgent = false, bool awaitsAnswer = true, int? unreached = null, params string[] channels) =>
        new(wave, channels.Length > 0 ? channels : All, urgent, awaitsAnswer, unreached, Noon);

    private static Addressee After(params IEnumerable<Event> events) => events.Aggregate(Addressee.Start(Amina), (person, e) => person.Apply(e));

    private static Means? Provider(string way) => way switch { "email" => new("smtp", false), "call" => new("operators", false), _ => new("gateway", true) };

    private static Turn Look(Addressee person, double hours = 0, Guid? wave = null, params Addressee[] others) => Turn.Of(person, others, wave ?? First, Provider, Noon.AddHours(hours));

    private static Event[] Look(IEnumerable<Event> before, double hours) => [.. before, .. Look(After(before), hours).Decision.Events];

    private static T One<T>(Turn turn) where T : Event => Assert.IsType<T>(Assert.Single(turn.Decision.Events));

    [Fact]
    public void An_attempt_is_written_down_before_it_is_sent_under_an_id_that_never_changes()
    {
        var person = After(Registered(), Asked(First));
        var turn = Look(person);
        var attempt = One<ContactAttempted>(turn);
        Assert.Equal(("sms", "gateway", attempt.AttemptId), (attempt.Channel, attempt.Provider, turn.Send!.Id));
        Assert.Equal(attempt.AttemptId, One<ContactAttempted>(Look(person, 5)).AttemptId);
        Assert.NotEqual(attempt.AttemptId, One<ContactAttempted>(Look(After(Registered(), Asked(Second)), 0, Second)).AttemptId);
    }

    [Fact]
    public void A_way_that_tells_repeats_by_key_gets_the_same_again_after_a_crash_and_one_that_does_not_gets_nothing()
    {
        Event[] cutOff = [Registered(), Asked(First), new ContactAttempted(Form, First, "sms", "gateway", Noon)];
        var again = Look(After(cutOff), 0.1);
        Assert.Equal((Form, 0), (again.Send!.Id, again.Decision.Events.Count));

        Event[] mail = [Registered(), Asked(First), new ContactAttempted(Form, First, "email", "smtp", Noon)];
        var uncertain = Look(After(mail), 0.1);
        Assert.Null(uncertain.Send);
        Assert.Equal(Form, One<ContactUncertain>(uncertain).AttemptId);
        // It may have arrived, so the next way waits as after one that did.
        var waiting = Look(After([.. mail, .. uncertain.Decision.Events]), 0.2);
        Assert.Equal((0, Noon.AddHours(12)), (waiting.Decision.Events.Count, waiting.Until));
    }

    [Fact]
    public void What_was_surely_not_sent_is_written_down_once_more_and_sent_whatever_the_way()
    {
        Event[] delayed = [Registered(), Asked(First), new ContactAttempted(Form, First, "email", "smtp", Noon), new ContactDelayed(Form, Noon)];
        var again = Look(After(delayed), 0.1);
        Assert.Equal((Form, Form), (again.Send!.Id, One<ContactAttempted>(again).AttemptId));
        // And is in doubt from then on.
        var cutOff = After([.. delayed, .. again.Decision.Events]);
        Assert.Single(cutOff.Contacts.Attempts);
        One<ContactUncertain>(Look(cutOff, 0.2));
        // A provider that stays away does not keep a person from being tried another way.
        Assert.Equal("not-sent", One<ContactFailed>(Look(After(delayed), 12)).Why);
    }

    [Fact]
    public void A_wave_for_those_who_have_left_reaches_them()
    {
        var left = new CheckedIn(Second, "left", "self", null, null, Noon.AddHours(-5));
        One<ContactAttempted>(Look(After(Registered(), left, Asked(First))));
    }

    [Fact]
    public void Each_way_is_tried_once_with_growing_pauses_then_an_operator_rings_then_somebody_goes_to_look()
    {
        Event[] so = [Registered(), Asked(First)];
        foreach (var (hours, way) in new[] { (0.0, "sms"), (12, "email"), (36, "voice"), (60, "call") })
        {
            Assert.Empty(hours > 0 ? Look(After(so), hours - 0.1).Decision.Events : []);
            so = Look(so, hours);
            var attempt = Assert.IsType<ContactAttempted>(so[^1]);
            Assert.Equal(way, attempt.Channel);
            if (way != "call") so = [.. so, new ContactSent(attempt.AttemptId, attempt.At), new ContactDelivered(attempt.AttemptId, attempt.At)];
        }
        so = Look(so, 84);
        Assert.Equal("not-called", Assert.IsType<ContactFailed>(so[^1]).Why);
        so = Look(so, 84);
        Assert.Equal((new PersonUnreachable(First, "no-answer", Noon.AddHours(84)), Noon.AddHours(84 + 72)), (so[^2], Assert.IsType<FieldVisitAsked>(so[^1]).DueAt));
        Assert.Empty(Look(After(so), 500).Decision.Events);
    }

    [Fact]
    public void What_did_not_arrive_is_tried_the_next_way_at_once_and_a_second_visit_is_not_asked_for()
    {
        Event[] so = Look([Registered(), Asked(First, channels: ["sms", "voice"])], 0);
        so = Look([.. so, new ContactFailed(((ContactAttempted)so[^1]).AttemptId, "absent", Noon)], 0);
        Assert.Equal("voice", Assert.IsType<ContactAttempted>(so[^1]).Channel);
        so = Look([.. so, new ContactFailed(((ContactAttempted)so[^1]).AttemptId, "absent", Noon)], 0);
        Assert.Equal("not-delivered", Assert.IsType<PersonUnreachable>(so[^2]).Why);
        var other = Look(After([.. so, Asked(Second, channels: "email"), .. Look(After([.. so, Asked(Second, channels: "email")]), 0, Second).Decision.Events, new ContactFailed(After([.. so, Asked(Second, channels: "email")]).Contacts.Find(Second)!.NextAttempt(Amina), "absent", Noon)]), 0, Second);
        One<PersonUnreachable>(other);
    }

    [Fact]
    public void Only_an_answer_ends_it()
    {
        Event[] sent = [.. Look([Registered(), Asked(First)], 0)];
        sent = [.. sent, new ContactDelivered(((ContactAttempted)sent[^1]).AttemptId, Noon)];
        Assert.NotEmpty(Look(After(sent), 13).Decision.Events);
        CheckedIn Word(double hours) => new(Second, "safe", "message", null, null, Noon.AddHours(hours));
        Assert.Empty(Look(After([.. sent, Word(1)]), 13).Decision.Events);
        Assert.NotEmpty(Look(After([.. sent, Word(-1)]), 13).Decision.Events);
        Assert.Equal(AskState.Answered, After([.. sent, Word(1)]).Contacts.Find(First)!.State);
    }

    [Fact]
    public void Somebody_who_was_given_up_and_then_answers_needs_no_visit()
    {
        var so = After(Registered(new() { FamilyName = "Yusuf" }), Asked(First), new PersonUnreachable(First, "no-safe-way", Noon), new FieldVisitAsked(Form, First, Noon.AddDays(3), Noon));
        Assert.NotNull(so.Contacts.OpenVisit);
        Assert.Null(so.Apply(new CheckedIn(Second, "safe", "self", null, null, Noon.AddHours(1))).Contacts.OpenVisit);
    }

    [Fact]
    public void One_message_is_enough_where_no_answer_is_awaited()
    {
        var attempt = Look([Registered(), Asked(First, awaitsAnswer: false)], 0);
        var sent = After([.. attempt, new ContactSent(((ContactAttempted)attempt[^1]).AttemptId, Noon)]);
        Assert.Empty(Look(sent, 100).Decision.Events);
        Assert.Null(Turn.NextOf(sent, sent.Contacts.Find(First)!));
        // And nobody is sent to look for a person whom only a reminder did not reach.
        Assert.Equal("no-safe-way", One<OutreachSkipped>(Look(After(Registered(new() { FamilyName = "Yusuf" }), Asked(First, awaitsAnswer: false)))).Why);
    }

    [Theory]
    [InlineData("merged")]
    [InlineData("left")]
    [InlineData("detained")]
    [InlineData("reached")]
    public void Nobody_is_written_to_whom_it_does_not_concern_or_would_endanger(string why)
    {
        Event meanwhile = why switch
        {
            "merged" => new MergedInto(Second, [], Noon),
            "left" => new CheckedIn(Second, "left", "self", null, null, Noon),
            "detained" => new DetentionReported(Second, "SDN", "Kober", null, Noon.AddDays(3), Noon),
            _ => new CheckedIn(Second, "safe", "self", null, null, Noon.AddHours(1)),
        };
        var skipped = Look(After(Registered(), Asked(First, unreached: 12), meanwhile), 2);
        Assert.Null(skipped.Send);
        Assert.Equal(why, One<OutreachSkipped>(skipped).Why);
        if (why == "reached") return;
        // Also what was begun is not begun again.
        var begun = Look(After(Registered(), Asked(First), new ContactAttempted(Form, First, "sms", "gateway", Noon.AddHours(-1)), meanwhile), 2);
        Assert.Null(begun.Send);
    }

    [Fact]
    public void Whoever_got_it_under_another_record_does_not_get_it_again()
    {
        var duplicate = After(Registered(), Asked(First), new ContactAttempted(Form, First, "sms", "gateway", Noon), new MergedInto(Second, [], Noon));
        Assert.Equal("other-record", One<OutreachSkipped>(Look(After(Registered(), Asked(First)), 0, null, duplicate)).Why);
        One<ContactAttempted>(Look(After(Registered(), Asked(First)), 0, null, After(Registered(), Asked(First), new MergedInto(Second, [], Noon))));
    }

    [Fact]
    public void Two_waves_leave_a_person_in_peace_for_a_while_unless_it_is_urgent()
    {
        Event[] sent = [Registered(), Asked(First), new ContactAttempted(Form, First, "sms", "gateway", Noon), new ContactSent(Form, Noon)];
        var quiet = Look(After([.. sent, Asked(Second)]), 1, Second);
        Assert.Equal((0, Noon + Pace.Quiet), (quiet.Decision.Events.Count, quiet.Until));
        One<ContactAttempted>(Look(After([.. sent, Asked(Second)]), 7, Second));
        One<ContactAttempted>(Look(After([.. sent, Asked(Second, urgent: true)]), 1, Second));
    }

    [Fact]
    public void An_erased_person_is_nobodys_to_write_to() =>
        Assert.Equal((0, null), Look(After(Registered(), Asked(First), new PersonErased("o", "wish", Noon)), 5) is var turn ? (turn.Decision.Events.Count, turn.Send) : default);

    [Fact]
    public void A_second_form_never_opens_a_way_that_an_earlier_one_closed()
    {
        RegistrationRepeated Again(Registration form) => new(Second, Crisis, "R2", Channel.Self, true, 30, [], form, Noon.AddDays(-1)) { Sender = "self-service" };
        var safe = Registered(Reachable with { SafeChannels = ["email"], SafeTimes = ["18:00-20:00+00:00"] });
        Assert.Equal(["email"], After(safe, Again(Reachable with { Phone = "+258 99 999 9999" })).Ways);
        Assert.Empty(After(safe, Again(Reachable with { SafeChannels = ["sms"] })).Ways);
        Assert.False(After(safe, Again(Reachable with { SafeTimes = ["08:00-10:00+00:00"] })).Safe.Holds(Noon.AddHours(-3)));
        Assert.Equal("no-safe-way", Look(After(safe, Again(Reachable with { SafeTimes = ["08:00-10:00+00:00"] }), Asked(First))).Decision.Events.OfType<PersonUnreachable>().Single().Why);
        // The person's own correction does.
        Assert.Equal(["sms", "email", "voice", "call"], After(safe, new RegistrationCorrected(Form, "o", Reachable, "asked", Noon)).Ways);
    }

    [Theory]
    [InlineData("+258 84 555-0101", "+258845550101")]
    [InlineData("00258845550101", "+258845550101")]
    [InlineData("٠٨٤٥٥٥٠١٠١", "0845550101")]
    [InlineData("none", null)]
    [InlineData("123", null)]
    public void A_number_is_dialled_as_it_was_meant(string written, string? dialled) => Assert.Equal(dialled, After(Registered(new() { FamilyName = "A", Phone = written })).AddressFor("sms"));

    [Theory]
    [InlineData("amina@example.org", true)]
    [InlineData("no address", false)]
    [InlineData("a@b\r\nBcc: x@y", false)]
    public void A_letter_goes_only_to_what_is_an_address(string written, bool isOne) => Assert.Equal(isOne, After(Registered(new() { FamilyName = "A", Email = written })).AddressFor("email") is not null);

    /// <summary>A sender that dies at any moment, providers that refuse, delay and lose, a person who corrects and answers, and time that goes by.</summary>
    [Fact]
    public void Whatever_happens_nobody_gets_a_message_twice_or_on_a_way_or_at_a_time_that_is_not_safe()
    {
        var times = Gen.Elements(Array.Empty<string>(), ["18:00-20:00+02:00"], ["23:00-01:00+00:00", "09:00-11:00-05:00"]);
        var channels = Gen.Elements(Array.Empty<string>(), ["sms"], ["email"], ["voice", "email"]);
        var forms = from t in times from c in channels select Reachable with { SafeTimes = t, SafeChannels = c };
        Prop.ForAll(Arb.From(Gen.Three(forms)), Arb.From(Gen.ArrayOf(Gen.Choose(0, 1 << 20), 60)), (three, dice) =>
        {
            var (mine, other) = (three.Item1, three.Item2);
            var events = new List<Event> { Registered(mine), new RegistrationRepeated(Second, Crisis, "R2", Channel.Self, true, 30, [], other, Noon.AddDays(-1)), Asked(First), Asked(Second) };
            var (now, arrived) = (Noon, new List<(Guid Key, string Channel, Guid Wave)>());
            foreach (var die in dice)
            {
                now += TimeSpan.FromMinutes(die % 200);
                if (die % 17 == 0) events.Add(new RegistrationCorrected(Form, "o", mine = three.Item3, "asked", now));
                var wave = die / 200 % 2 == 0 ? First : Second;
                var person = After(events);
                var turn = Turn.Of(person, [], wave, Provider, now);
                events.AddRange(turn.Decision.Events);
                if (turn.Send is not { } attempt) continue;
                if (!new[] { mine, other }.All(form => form.SafeChannels.Count == 0 || form.SafeChannels.Contains(attempt.Channel))) return false;
                if (!new[] { mine, other }.All(form => form.SafeTimes.Count == 0 || form.SafeTimes.Any(time => SafeTime.TryRead(time, out var read) && read.Holds(now)))) return false;
                switch (die / 400 % 6)
                {
                    case 0: break; // Died before sending.
                    case 1: Arrive(); break; // Died after sending.
                    case 2: Arrive(); events.Add(new ContactSent(attempt.Id, now)); break;
                    case 3: Arrive(); events.AddRange(new ContactSent(attempt.Id, now), new ContactDelivered(attempt.Id, now)); break;
                    case 4: events.Add(new ContactFailed(attempt.Id, "refused", now)); break;
                    case 5: if (attempt.Channel == "email") events.Add(new ContactDelayed(attempt.Id, now)); break; // Try later.
                }
                void Arrive()
                {
                    // A gateway knows the key; a mail server does not.
                    if (attempt.Channel == "email" || !arrived.Exists(one => one.Key == attempt.Id)) arrived.Add((attempt.Id, attempt.Channel, wave));
                }
            }
            return arrived.GroupBy(one => (one.Wave, one.Channel)).All(same => same.Count() == 1);
        }).QuickCheckThrowOnFailure();
    }
}
