using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Xunit;
using Filter = CrisisCoordination.ConsularContact.Outreach.Filter;
using Outcome = CrisisCoordination.ConsularContact.Outreach.Sending.Outcome;
using Template = CrisisCoordination.ConsularContact.Outreach.Template;

namespace CrisisCoordination.Tests.ConsularContact.Outreach;

/// <summary>Templates, filters, answers, receipts, calls and visits, each by itself.</summary>
public sealed class OutreachRulesTests
{
    private static readonly Guid Id = Guid.CreateVersion7(), Other = Guid.CreateVersion7();
    private static readonly DateTimeOffset Noon = TurnTests.Noon;
    private static readonly CrisisOpened Floods = new("F-1", "cell", "Actual", "Floods", [new("Town", [new(1, 1), new(1, 3), new(3, 3), new(3, 1), new(1, 1)], null, 0)], Noon.AddDays(-9));

    private static readonly Crisis Flooded = Crisis.Start(Id).Apply(Floods);

    private static Addressee Asked(params IEnumerable<Event> more) =>
        more.Prepend(new OutreachAsked(TurnTests.First, ["sms", "call"], false, true, null, Noon)).Prepend(TurnTests.Registered()).Aggregate(Addressee.Start(TurnTests.Amina), (person, e) => person.Apply(e));

    [Theory]
    [InlineData("1", "safe")]
    [InlineData(" 1.", "safe")]
    [InlineData("١", "safe")]
    [InlineData("SAFE", "safe")]
    [InlineData("I am safe", "safe")]
    [InlineData("نحن بخير", "safe")]
    [InlineData("Мы в безопасности", "safe")]
    [InlineData("estoy a salvo", "safe")]
    [InlineData("2", "needs-help")]
    [InlineData("HELP!!", "needs-help")]
    [InlineData("please help us, no water", "needs-help")]
    [InlineData("أحتاج مساعدة", "needs-help")]
    [InlineData("Помогите", "needs-help")]
    [InlineData("I am safe but my sister needs help", "needs-help")]
    [InlineData("not safe", "other")]
    [InlineData("yes", "other")]
    [InlineData("ok", "other")]
    [InlineData("1 or 2?", "other")]
    [InlineData("2 children are with me", "other")]
    [InlineData("who is this", "other")]
    [InlineData("", "other")]
    public void An_answer_is_taken_for_what_it_surely_says(string text, string meaning) => Assert.Equal(meaning, Meaning.Of(text));

    [Theory]
    [InlineData(160, 'a', "GSM-7", 1)]
    [InlineData(161, 'a', "GSM-7", 2)]
    [InlineData(306, 'a', "GSM-7", 2)]
    [InlineData(307, 'a', "GSM-7", 3)]
    [InlineData(80, '€', "GSM-7", 1)]
    [InlineData(81, '€', "GSM-7", 2)]
    [InlineData(152, '€', "GSM-7", 2)]
    [InlineData(153, '€', "GSM-7", 3)]
    [InlineData(70, 'ú', "UCS-2", 1)]
    [InlineData(71, 'ب', "UCS-2", 2)]
    [InlineData(134, 'ب', "UCS-2", 2)]
    public void A_text_is_counted_as_a_telephone_counts_it(int times, char letter, string encoding, int segments) =>
        Assert.Equal((encoding, segments), Sms.Of(new string(letter, times)) is var sms ? (sms.Encoding, sms.Segments) : default);

    private static Decision Write(params (string Language, string Text)[] texts) =>
        WriteTemplate.Decide(Template.Start(Id), new("Are you safe", [.. texts.Select(t => WriteTemplate.Normalise(new(t.Language, null, t.Text)))], "officer-1", Noon));

    [Theory]
    [InlineData("en", "Are you safe? {crisis} {phone} {link} {reference}", null)]
    [InlineData("ar", "هل أنت بخير", "outreach/template-english-missing")]
    [InlineData("english", "x", "outreach/template-language")]
    [InlineData("en", "", "outreach/template-text")]
    [InlineData("en", "Dear {familyName}", "outreach/template-placeholder")]
    [InlineData("en", "Dear {", "outreach/template-placeholder")]
    [InlineData("en", "You fear {fearOfReturnTo}", "outreach/template-placeholder")]
    public void A_template_says_nothing_about_a_person(string language, string text, string? code) => Assert.Equal(code, Write((language, text)).Refusal?.Code);

    [Fact]
    public void A_text_is_there_once_in_each_language_and_found_in_the_language_asked_for_the_waves_or_English()
    {
        Assert.Equal("outreach/template-language-twice", Write(("en", "a"), ("EN ", "b")).Refusal!.Code);
        var template = Template.Start(Id).Apply(Write(("en", "one"), ("ar", "two"), ("fr", "three")).Events[0]);
        Assert.Equal(["two", "three", "one"], new[] { template.In("ar", "fr"), template.In("pt", "fr"), template.In(null, null) }.Select(text => text.Text));
    }

    private static Decision Start(StartWave? command = null, CrisisOpened? opened = null, string text = "Are you safe?", params string[] ways)
    {
        var template = Template.Start(Id).Apply(Write(("en", text)).Events[0]);
        return StartWave.Decide(Wave.Start(Other), Crisis.Start(Id).Apply(opened ?? Floods), template, exercise => exercise && ways.Length == 0 ? [] : ways.Length > 0 ? ways : ["sms", "call"], command ?? Command());
    }

    private static StartWave Command(OutreachFilter? filter = null, IReadOnlyList<string>? channels = null, string? phone = null, string? link = null) =>
        new(Id, Id, filter ?? new(), channels, null, phone, link, false, true, ["lima"], "officer-1", Noon);

    [Fact]
    public void A_wave_uses_the_channels_there_are_and_an_exercise_only_files()
    {
        var started = Assert.IsType<OutreachWaveStarted>(Assert.Single(Start().Events));
        Assert.Equal((false, "sms,call"), (started.Exercise, string.Join(',', started.Channels)));
        Assert.Equal("outreach/no-channel", Start(Command(channels: ["voice"])).Refusal!.Code);
        Assert.Equal("outreach/no-channel", Start(opened: Floods with { Status = "Exercise" }).Refusal!.Code);
        Assert.True(Assert.IsType<OutreachWaveStarted>(Start(null, Floods with { Status = "Test" }, "x", "sms").Events[0]).Exercise);
    }

    [Fact]
    public void A_wave_says_all_that_its_message_names()
    {
        Assert.Equal("outreach/phone-missing", Start(text: "Call {phone}").Refusal!.Code);
        Assert.Equal("outreach/link-missing", Start(text: "See {link}").Refusal!.Code);
        Assert.Equal("outreach/link", Start(Command(link: "http://plain.example")).Refusal!.Code);
        Assert.Equal("outreach/phone", Start(Command(phone: "call me")).Refusal!.Code);
        Assert.Null(Start(Command(phone: "+258 21 (0) 555-01", link: "https://example.org/a"), text: "Call {phone} {link}").Refusal);
        Assert.Equal("outreach/channel-unknown", Start(Command(channels: ["pigeon"])).Refusal!.Code);
    }

    public static TheoryData<string, bool> Filters => new()
    {
        { "{}", true }, { """{"nationalities":["ETH"]}""", true }, { """{"nationalities":["ERI"]}""", false }, { """{"needs":["water","PG"]}""", true }, { """{"needs":["food"]}""", false },
        { """{"states":["needs-help"]}""", true }, { """{"states":["not-known","safe"]}""", false }, { """{"notReachedForHours":12}""", true }, { """{"notReachedForHours":24}""", false },
        { """{"inAffectedArea":true}""", true }, { """{"centre":{"latitude":2,"longitude":2},"radiusKilometres":1}""", true }, { """{"centre":{"latitude":2,"longitude":3},"radiusKilometres":100}""", false },
    };

    private static readonly Reachable Hana = new(Id, [Id], [], ["lima"], ["ETH"], ["water"], "needs-help", Noon.AddHours(-13), new(2, 2), "am", ["sms"], false);

    [Theory, MemberData(nameof(Filters))]
    public void A_filter_asks_for_what_it_names_and_nothing_else(string filter, bool covers) =>
        Assert.Equal(covers, System.Text.Json.JsonSerializer.Deserialize<OutreachFilter>(filter, ServiceDefaults.EventJson.Options)!.Covers(Hana, Flooded, null, Noon));

    [Fact]
    public void A_wave_is_for_the_posts_own_people_who_are_still_there()
    {
        Assert.True(new OutreachFilter().Covers(Hana, Flooded, ["lima", "self-service"], Noon));
        Assert.False(new OutreachFilter().Covers(Hana, Flooded, ["quito"], Noon));
        Assert.False(new OutreachFilter().Covers(Hana, Crisis.Start(Other).Apply(Floods), null, Noon));
        Assert.False(new OutreachFilter().Covers(Hana with { State = "left" }, Flooded, null, Noon));
        Assert.True(new OutreachFilter { States = ["left"] }.Covers(Hana with { State = "left" }, Flooded, null, Noon));
        // Whose position nobody knows is where they registered as being.
        Assert.False(new OutreachFilter { InAffectedArea = true }.Covers(Hana with { Position = null }, Flooded, null, Noon));
        Assert.True(new OutreachFilter { InAffectedArea = true }.Covers(Hana with { Position = null, Affected = [Id] }, Flooded, null, Noon));
    }

    [Fact]
    public void Whoever_was_written_to_lately_can_be_left_in_peace()
    {
        var filter = new OutreachFilter { NotWrittenToForHours = 24 };
        Assert.True(filter.Covers(Hana, Flooded, null, Noon));
        Assert.True(filter.Covers(Hana with { WrittenAt = Noon.AddHours(-25) }, Flooded, null, Noon));
        Assert.False(filter.Covers(Hana with { WrittenAt = Noon.AddHours(-23) }, Flooded, null, Noon));
        Assert.Equal(Noon, Asked(Texted).Reachable!.WrittenAt);
        Assert.False(new OutreachFilter { Unconfirmed = true }.Covers(Hana, Flooded, null, Noon));
        Assert.True(new OutreachFilter { Unconfirmed = true }.Covers(Hana with { Unconfirmed = true }, Flooded, null, Noon));
    }

    [Fact]
    public void A_reminder_is_a_wave_that_asks_once_and_rings_nobody()
    {
        var wave = Assert.IsType<OutreachWaveStarted>(Assert.Single(RemindStale.Decide(Wave.Start(Other), Flooded, _ => ["sms", "call"], Noon).Events));
        Assert.Equal((false, "sms", "self-service"), (wave.AwaitsAnswer, Assert.Single(wave.Channels), Assert.Single(wave.Posts!)));
        Assert.Empty(RemindStale.Decide(Wave.Start(Other).Apply(wave), Flooded, _ => ["sms"], Noon).Events);
        Assert.Empty(RemindStale.Decide(Wave.Start(Other), Flooded, _ => ["call"], Noon).Events);
        Assert.Empty(RemindStale.Decide(Wave.Start(Other), Crisis.Start(Id), _ => ["sms"], Noon).Events);
    }

    [Theory]
    [InlineData("""{"nationalities":["Atlantis"]}""", "outreach/nationality-unknown")]
    [InlineData("""{"needs":["money"]}""", "outreach/need-unknown")]
    [InlineData("""{"states":["fine"]}""", "outreach/state-unknown")]
    [InlineData("""{"notReachedForHours":0}""", "outreach/hours")]
    [InlineData("""{"notWrittenToForHours":-1}""", "outreach/hours")]
    [InlineData("""{"centre":{"latitude":2,"longitude":2}}""", "outreach/radius-missing")]
    [InlineData("""{"centre":{"latitude":2,"longitude":2},"radiusKilometres":0.01}""", "outreach/radius")]
    [InlineData("""{"centre":{"latitude":99,"longitude":2},"radiusKilometres":9}""", "whereabouts/latitude-out-of-range")]
    [InlineData("""{"nationalities":["Ethiopian","sdn"],"needs":["Water","pg"]}""", null)]
    public void What_a_filter_cannot_mean_is_refused(string filter, string? code) =>
        Assert.Equal(code, Filter.Fault(Filter.Normalise(System.Text.Json.JsonSerializer.Deserialize<OutreachFilter>(filter, ServiceDefaults.EventJson.Options)!))?.Code);

    [Fact]
    public void A_wave_is_put_on_a_timeline_once()
    {
        var wave = Wave.Start(TurnTests.First).Apply(new OutreachWaveStarted(TurnTests.Crisis, Id, new(), ["sms"], null, null, null, false, true, false, ["lima"], "officer-1", Noon));
        var crisis = Crisis.Start(TurnTests.Crisis).Apply(Floods);
        var person = Addressee.Start(TurnTests.Amina).Apply(TurnTests.Registered());
        var asked = Assert.Single(AskPeople.Decide(person, wave, crisis, Noon).Events);
        Assert.Empty(AskPeople.Decide(person.Apply(asked), wave, crisis, Noon).Events);
        Assert.Empty(AskPeople.Decide(person.Apply(new MergedInto(Other, [], Noon)), wave, crisis, Noon).Events);
        Assert.Empty(AskPeople.Decide(person.Apply(new PersonErased("o", "wish", Noon)), wave, crisis, Noon).Events);
        Assert.Empty(AskPeople.Decide(person, wave.Apply(new OutreachWavePaused("o", Noon)), crisis, Noon).Events);
    }

    [Fact]
    public void A_wave_is_held_let_go_on_and_called_off()
    {
        var wave = Wave.Start(Id).Apply(new OutreachWaveStarted(Id, Id, new(), ["sms"], null, null, null, false, true, false, null, "officer-1", Noon));
        var paused = wave.Apply(Assert.Single(StopWave.Pause(wave, "o", Noon).Events));
        Assert.Empty(StopWave.Pause(paused, "o", Noon).Events);
        Assert.Equal(Wave.Running, paused.Apply(Assert.Single(StopWave.Resume(paused, "o", Noon).Events)).State);
        var cancelled = paused.Apply(Assert.Single(StopWave.Cancel(paused, "o", Noon).Events));
        Assert.Equal("outreach/wave-over", StopWave.Resume(cancelled, "o", Noon).Refusal!.Code);
        Assert.Empty(StopWave.Cancel(cancelled, "o", Noon).Events);
    }

    private static readonly ContactAttempted Texted = new(Other, TurnTests.First, "sms", "gateway", Noon), Listed = new(Other, TurnTests.First, "call", "operators", Noon);

    [Fact]
    public void Receipts_come_twice_and_out_of_order()
    {
        Event Receipt(Addressee person, bool delivered) => Assert.Single(HearProviders.Decide(person.Contacts, Other, delivered, "absent subscriber 258845550101", Noon).Events);
        var failed = Assert.IsType<ContactFailed>(Receipt(Asked(Texted), false));
        Assert.Equal("not-delivered", failed.Why);
        Assert.IsType<ContactDelivered>(Receipt(Asked(Texted, failed), true));
        Assert.Empty(HearProviders.Decide(Asked(Texted, failed).Contacts, Other, false, null, Noon).Events);
        Assert.Empty(HearProviders.Decide(Asked(Texted, new ContactDelivered(Other, Noon)).Contacts, Other, false, null, Noon).Events);
        Assert.Equal(AttemptState.Delivered, Asked(Texted, new ContactDelivered(Other, Noon), new ContactFailed(Other, "late", Noon)).Contacts.FindAttempt(Other)!.State);
        Assert.Equal("outreach/attempt-unknown", HearProviders.Decide(Asked().Contacts, Other, true, null, Noon).Refusal!.Code);
        Assert.Equal("absent-subscriber", Assert.IsType<ContactFailed>(HearProviders.Decide(Asked(Texted).Contacts, Other, false, "Absent subscriber", Noon).Events[0]).Why);
    }

    private static Decision Answer(Addressee person, string text, bool certain = true) => HearProviders.Decide(person, Id, Other, "sms", text, certain, Noon.AddHours(1));

    [Fact]
    public void A_word_that_is_understood_is_a_check_in_and_anything_else_is_for_an_officer()
    {
        var safe = Answer(Asked(Texted), "1").Events;
        Assert.Null(((ReplyReceived)safe[0]).Text);
        Assert.Equal(("safe", "message"), safe[1] is CheckedIn e ? (e.State, e.Source) : default);
        Assert.Equal(AskState.Answered, Asked([Texted, .. safe]).Contacts.Find(TurnTests.First)!.State);
        Assert.Empty(Asked([Texted, .. safe]).Contacts.Unread);

        var words = Assert.IsType<ReplyReceived>(Assert.Single(Answer(Asked(Texted), "my leg is broken").Events));
        Assert.Equal(("other", "my leg is broken"), (words.Meaning, words.Text));
        Assert.Single(Asked(Texted, words).Contacts.Unread);
        Assert.Empty(Asked(Texted, words, new ReplyHandled(Id, "o", Noon)).Contacts.Unread);

        var help = Answer(Asked(Texted), "help, no water here").Events;
        Assert.Equal("needs-help", Assert.IsType<CheckedIn>(help[1]).State);
        Assert.Single(Asked([Texted, .. help]).Contacts.Unread);
    }

    [Fact]
    public void An_answer_counts_once_and_that_of_somebody_unknown_is_nobodys_check_in()
    {
        Assert.Empty(Answer(Asked([Texted, .. Answer(Asked(Texted), "1").Events]), "1").Events);
        Assert.Equal("1", Assert.IsType<ReplyReceived>(Assert.Single(Answer(Asked(Texted), "1", certain: false).Events)).Text);
        Assert.Equal("outreach/attempt-unknown", Answer(Asked(Texted, new PersonErased("o", "wish", Noon)), "1").Refusal!.Code);
        Assert.Equal(HearProviders.ReplyId("sms", "x"), HearProviders.ReplyId("sms", "x"));
        Assert.NotEqual(HearProviders.ReplyId("sms", "x"), HearProviders.ReplyId("voice", "x"));
    }

    private static Decision Ring(Addressee person, string outcome, string? state = null, double hours = 1) =>
        CallList.Decide(person, new(Other, outcome, Id, state, new(null, null), "officer-1", Noon.AddHours(hours)));

    [Fact]
    public void Nobody_is_on_the_call_list_outside_their_safe_time_or_while_they_are_held()
    {
        Event[] listed = [TurnTests.Registered(new() { FamilyName = "Yusuf", Phone = "+258 84 555 0101", SafeTimes = ["10:00-14:00+00:00"] }), new OutreachAsked(TurnTests.First, ["call"], false, true, null, Noon), Listed];
        int At(double hours, params Event[] more) => CallList.LinesOf(listed.Concat(more).Aggregate(Addressee.Start(TurnTests.Amina), (person, e) => person.Apply(e)), null, Noon.AddHours(hours)).Count();
        Assert.Equal((1, 0), (At(0), At(3)));
        Assert.Equal(0, At(0, new DetentionReported(Id, "SDN", "Kober", "police", Noon.AddDays(3), Noon)));
    }

    [Fact]
    public void What_an_operator_hears_is_a_check_in_and_what_they_do_not_hear_goes_on()
    {
        Assert.Equal([typeof(ContactDelivered), typeof(CheckedIn)], Ring(Asked(Listed), "answered", "needs-help").Events.Select(e => e.GetType()));
        Assert.Equal("no-answer", Assert.IsType<ContactFailed>(Assert.Single(Ring(Asked(Listed), "no-answer").Events)).Why);
        Assert.Empty(Ring(Asked(Listed, new ContactFailed(Other, "no-answer", Noon)), "no-answer").Events);
        Assert.Equal("whereabouts/state-unknown", Ring(Asked(Listed), "answered").Refusal!.Code);
        Assert.Equal("whereabouts/state-unknown", Ring(Asked(Listed), "answered", "fine").Refusal!.Code);
        Assert.Equal("outreach/call-outcome", Ring(Asked(Listed), "hung-up").Refusal!.Code);
        Assert.Equal("outreach/call-unknown", Ring(Asked(Texted), "no-answer").Refusal!.Code);
        Assert.Equal("outreach/call-before", Ring(Asked(Listed), "answered", "safe", -1).Refusal!.Code);
    }

    private static readonly FieldVisitAsked Visit = new(Other, TurnTests.First, Noon.AddDays(3), Noon);

    private static Decision Went(Addressee person, bool met, string? state = null, double hours = 1) =>
        FieldVisits.Decide(person, new(Other, met, "in the school", Id, state, new("School", null), "officer-1", Noon.AddHours(hours)));

    [Fact]
    public void A_visit_is_made_once_and_finds_the_person_or_not()
    {
        Assert.Equal([typeof(FieldVisitMade), typeof(CheckedIn)], Went(Asked(Visit), true, "safe").Events.Select(e => e.GetType()));
        Assert.IsType<FieldVisitMade>(Assert.Single(Went(Asked(Visit), false).Events));
        Assert.Empty(Went(Asked([Visit, .. Went(Asked(Visit), false).Events]), true, "safe").Events);
        Assert.Equal("outreach/visit-unknown", Went(Asked(), true, "safe").Refusal!.Code);
        Assert.Equal("whereabouts/state-unknown", Went(Asked(Visit), true).Refusal!.Code);
        Assert.Equal("outreach/visit-before", Went(Asked(Visit), false, null, -1).Refusal!.Code);
    }

    [Fact]
    public void A_visit_that_nobody_makes_escalates_once()
    {
        var asked = Asked(Visit).Contacts;
        Assert.Equal(Noon.AddDays(3), Assert.Single(asked.Due).DueAt);
        Assert.Empty(Contacts.Escalate(asked, Noon.AddDays(2)).Events);
        var late = Assert.Single(Contacts.Escalate(asked, Noon.AddDays(3)).Events);
        Assert.Empty(Contacts.Escalate(asked.Apply(late), Noon.AddDays(9)).Events);
        Assert.Empty(Contacts.Escalate(asked.Apply(new CheckedIn(Id, "safe", "self", null, null, Noon.AddHours(1))), Noon.AddDays(9)).Events);
    }

    [Fact]
    public void An_answer_is_handled_once()
    {
        var reply = Answer(Asked(Texted), "who is this").Events[0];
        Assert.IsType<ReplyHandled>(Assert.Single(ShowContacts.Handle(Asked(Texted, reply).Contacts, Id, "o", Noon).Events));
        Assert.Empty(ShowContacts.Handle(Asked(Texted, reply, new ReplyHandled(Id, "o", Noon)).Contacts, Id, "o", Noon).Events);
        Assert.Equal("outreach/reply-unknown", ShowContacts.Handle(Asked(Texted).Contacts, Id, "o", Noon).Refusal!.Code);
    }

    [Fact]
    public void The_next_safe_moment_is_safe_and_none_before_it_is()
    {
        var quarter = Gen.Choose(0, 95).Select(q => $"{q / 4:00}:{q % 4 * 15:00}");
        var time = from f in quarter from u in quarter.Where(u => u != f) from offset in Gen.Elements("+00:00", "+05:30", "-08:00", "+14:00") select $"{f}-{u}{offset}";
        var forms = Gen.ArrayOf(Gen.ArrayOf(time, 2), 2);
        Prop.ForAll(Arb.From(forms), Arb.From(Gen.Choose(0, 24 * 60 * 3)), (lists, minutes) =>
        {
            var safe = SafeMoments.Of(lists.Select(times => new Registration { SafeTimes = times }));
            var from = Noon.AddMinutes(minutes);
            var all = Enumerable.Range(0, 24 * 60 + 1).Select(m => from.AddMinutes(m)).Where(safe.Holds).Take(1).ToArray();
            return safe.First(from) is { } first
                ? safe.Holds(first) && first == all[0] && (lists.All(times => times.Length == 0) ? safe.Until(first) is null : safe.Until(first) is { } until && Enumerable.Range(0, 50).Select(part => first + ((until - SafeMoments.Margin - first) * part / 49)).All(safe.Holds))
                : all.Length == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_never_safe_and_none_is_always()
    {
        Assert.Null(SafeMoments.Of([new() { SafeTimes = ["evenings"] }]).First(Noon));
        Assert.Equal(Noon, SafeMoments.Of([new()]).First(Noon));
        Assert.Null(SafeMoments.Of([new()]).Until(Noon));
        // So near to its end nothing is begun.
        Assert.False(SafeMoments.Of([new() { SafeTimes = ["11:00-12:01+00:00"] }]).Holds(Noon));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "Taken")]
    [InlineData(HttpStatusCode.Accepted, "Taken")]
    [InlineData(HttpStatusCode.Conflict, "Taken")]
    [InlineData(HttpStatusCode.UnprocessableEntity, "Refused")]
    [InlineData(HttpStatusCode.Unauthorized, "Later")]
    [InlineData(HttpStatusCode.NotFound, "Later")]
    [InlineData(HttpStatusCode.TooManyRequests, "Later")]
    [InlineData(HttpStatusCode.BadGateway, "Later")]
    [InlineData(HttpStatusCode.Found, "Later")]
    public void Only_what_a_gateway_says_of_this_very_message_is_its_end(HttpStatusCode status, string outcome) => Assert.Equal(outcome, GatewayChannel.Judge(status).Outcome.ToString());

    [Fact]
    public void Of_a_mail_that_broke_off_nobody_knows_and_what_the_server_said_is_known()
    {
        Outcome Of(SmtpStatusCode code, Exception? inner = null) => SmtpChannel.Judge(inner is null ? new SmtpException(code) : new SmtpException("x", inner)).Outcome;
        Assert.Equal(Outcome.Later, Of(SmtpStatusCode.GeneralFailure, new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal(Outcome.Uncertain, Of(SmtpStatusCode.GeneralFailure, new IOException("reset")));
        Assert.Equal(Outcome.Uncertain, SmtpChannel.Judge(new OperationCanceledException()).Outcome);
        Assert.Equal(Outcome.Later, Of(SmtpStatusCode.MailboxBusy));
        Assert.Equal(Outcome.Refused, Of(SmtpStatusCode.MailboxUnavailable));
        Assert.Equal(Outcome.Later, Of(SmtpStatusCode.MustIssueStartTlsFirst));
    }

    [Fact]
    public void A_signature_holds_for_what_was_signed_by_whom_and_when()
    {
        var (secret, body, now) = (ProviderSignature.Read("whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ="), "{\"a\":1}"u8.ToArray(), Noon);
        string Time(DateTimeOffset at) => $"{at.ToUnixTimeSeconds()}";
        bool Holds(string id, string timestamp, string signature, byte[]? other = null) =>
            ProviderSignature.Holds(secret, new HeaderDictionary { [ProviderSignature.Id] = id, [ProviderSignature.Timestamp] = timestamp, [ProviderSignature.Signature] = signature }, other ?? body, now);
        var good = ProviderSignature.Sign(secret, "m1", Time(now), body);
        Assert.True(Holds("m1", Time(now), good));
        Assert.True(Holds("m1", Time(now), "v1,AAAA " + good));
        Assert.False(Holds("m2", Time(now), good));
        Assert.False(Holds("m1", Time(now), good, "{\"a\":2}"u8.ToArray()));
        Assert.False(Holds("m1", Time(now), good[3..]));
        Assert.False(Holds("m1", Time(now.AddMinutes(-6)), ProviderSignature.Sign(secret, "m1", Time(now.AddMinutes(-6)), body)));
        Assert.False(Holds("m1", Time(now), ProviderSignature.Sign([1, 2, 3], "m1", Time(now), body)));
        Assert.False(Holds("m1", "99999999999999999999", good));
        Assert.False(Holds("", "", ""));
    }
}
