using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.PartnerFeed;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.PartnerGateway.Tests;

public class EntryTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2));
    private static readonly Guid Person = new("0197c3a0-0000-7000-8000-000000000001"), Transport = new("0197c3a0-0000-7000-8000-000000000002");

    private static readonly Event
        Registered = new PersonRegistered(Guid.NewGuid(), Guid.NewGuid(), "R-1", default, true, null, At),
        Assessed = new NeedsAssessed(2, 9, "P/1", ["secret"], At),
        SharesWithUnhcr = new SharingConsentGiven(["UNHCR"], At),
        SharesWithBoth = new SharingConsentGiven(["UNHCR", "IOM"], At),
        WithdrawsFromUnhcr = new SharingConsentWithdrawn(["unhcr"], At),
        Boards = new Boarded(Transport, "officer-1", At),
        Released = new SeatReleased(Transport, "claim-of-fear", At),
        Erased = new PersonErased("admin", "asked", At);

    [Fact]
    public void Whoever_has_not_agreed_is_not_spoken_of() => Assert.Empty(LastOf(Registered, Assessed, Boards));

    [Fact]
    public void An_agency_learns_what_happens_to_who_shares_with_it() =>
        Assert.Equal([("unhcr", "boarded")], LastOf(Registered, SharesWithUnhcr, Boards).Select(e => (e.Agency, e.Kind)));

    [Fact]
    public void Every_agency_that_is_shared_with_learns_it() =>
        Assert.Equal(["iom", "unhcr"], LastOf(Registered, SharesWithBoth, Boards).Select(e => e.Agency));

    [Fact]
    public void Consent_begins_with_a_summary_of_what_went_before()
    {
        var entry = Assert.Single(LastOf(Registered, Assessed, Boards, SharesWithUnhcr));
        Assert.Equal(("sharing-consent-given", """{"tier":2,"whereabouts":"boarded"}"""), (entry.Kind, entry.Data));
    }

    [Fact]
    public void Who_did_not_come_or_got_off_again_is_not_told_of_as_on_board()
    {
        var held = new SeatHeld(Guid.NewGuid(), Transport, "T-1", default, 1, 1, "CYP", At, At);
        foreach (var off in (Event[])[Released, new NoShow(Transport, "officer-1", At)])
        {
            Assert.Equal("registered", Fold(held, Boards, off).Whereabouts);
            Assert.Equal("registered", Fold(held, off).Whereabouts);
        }
        // A later leg that they give up takes them off no earlier one.
        Assert.Equal("boarded", Fold(held, Boards, new NoShow(Guid.NewGuid(), "officer-1", At)).Whereabouts);

        static PersonForPartners Fold(params IEnumerable<Event> events) => events.Aggregate(PersonForPartners.Start(Person), (person, e) => person.Apply(e));
    }

    [Fact]
    public void What_is_told_of_an_exercise_says_so_in_the_feed_in_the_webhook_and_on_the_tombstone()
    {
        var exercise = (PersonRegistered)Registered with { Exercise = true };
        foreach (var last in new[] { Boards, Erased })
        {
            var entry = Assert.Single(LastOf(exercise, SharesWithUnhcr, last));
            Assert.True(entry.Exercise);
            Assert.True(CloudEvent.Of(entry).Exercise);
            Assert.Contains("\"exercise\":true", System.Text.Encoding.UTF8.GetString(CrisisCoordination.PartnerGateway.Webhooks.WebhookSender.Body(1, entry)), StringComparison.Ordinal);
        }
        var actual = Assert.Single(LastOf(Registered, SharesWithUnhcr, Boards));
        Assert.Null(CloudEvent.Of(actual).Exercise);
        Assert.DoesNotContain("exercise", System.Text.Encoding.UTF8.GetString(CrisisCoordination.PartnerGateway.Webhooks.WebhookSender.Body(1, actual)), StringComparison.Ordinal);
    }

    [Fact]
    public void Withdrawal_sends_a_tombstone_to_that_agency_only() =>
        Assert.Equal([("unhcr", Entry.Tombstone)], LastOf(Registered, SharesWithBoth, WithdrawsFromUnhcr).Select(e => (e.Agency, e.Kind)));

    [Fact]
    public void Withdrawal_from_an_agency_that_never_knew_tells_it_nothing() => Assert.Empty(LastOf(Registered, new SharingConsentGiven(["IOM"], At), WithdrawsFromUnhcr));

    [Fact]
    public void Erasure_sends_a_tombstone_to_every_agency_that_ever_knew() =>
        Assert.Equal([("iom", Entry.Tombstone), ("unhcr", Entry.Tombstone)], LastOf(Registered, SharesWithBoth, WithdrawsFromUnhcr, Erased).Select(e => (e.Agency, e.Kind)));

    [Fact]
    public void What_was_put_in_under_a_consent_is_not_sent_without_it()
    {
        var boarded = Assert.Single(LastOf(SharesWithUnhcr, Boards));
        Assert.True(boarded.MayBeSent(After(SharesWithUnhcr, Boards)));
        Assert.False(boarded.MayBeSent(After(SharesWithUnhcr, Boards, WithdrawsFromUnhcr)));
        Assert.False(boarded.MayBeSent(After(SharesWithUnhcr, Boards, Erased)));
        Assert.True(boarded.MayBeSent(After(SharesWithUnhcr, Boards, WithdrawsFromUnhcr, SharesWithUnhcr)));
    }

    [Fact]
    public void A_tombstone_is_always_sent() => Assert.True(Assert.Single(LastOf(SharesWithUnhcr, WithdrawsFromUnhcr)).MayBeSent(After(SharesWithUnhcr, WithdrawsFromUnhcr)));

    [Fact]
    public void An_event_that_is_read_after_the_withdrawal_is_not_even_put_in() => Assert.Empty(Entry.Of(After(SharesWithUnhcr, Boards, WithdrawsFromUnhcr), Recorded(Boards)));

    [Fact]
    public void A_referral_goes_to_the_agency_it_is_addressed_to_alone()
    {
        var offered = new ReferralOffered(Guid.NewGuid(), "IOM", "trafficking", At.AddDays(2), At);
        var entry = Assert.Single(LastOf(SharesWithBoth, offered));
        Assert.Equal("iom", entry.Agency);
        Assert.DoesNotContain("trafficking", entry.Data, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_a_seat_was_released_is_not_told() => Assert.Equal("{}", Assert.Single(LastOf(SharesWithUnhcr, Released)).Data);

    [Fact]
    public void A_seat_that_departs_otherwise_than_was_told_is_told_anew_and_not_where_to()
    {
        var held = new SeatHeld(Guid.NewGuid(), Transport, "SHIP-1", Mobility.None, 2, 3, "SAU", At, At);
        var changed = Assert.Single(LastOf(SharesWithUnhcr, held, new SeatChanged(Transport, "EGY", At.AddHours(3), At)));

        var told = JsonElement.Parse(changed.Data);
        Assert.Equal("seat-changed", changed.Kind);
        Assert.Equal(["departsAt", "leg"], told.EnumerateObject().Select(member => member.Name));
        Assert.Equal((At.AddHours(3), 2), (told.GetProperty("departsAt").GetDateTimeOffset(), told.GetProperty("leg").GetInt32()));
    }

    [Fact]
    public void Who_was_told_of_an_arrival_learns_that_it_does_not_hold_and_that_they_were_found()
    {
        Event arrived = new Arrived(Transport, "SAU", true, "o", At), missing = new MissingAtArrival(Transport, true, At.AddHours(1), "o", At);

        Assert.Equal(("missing-at-arrival", $$"""{"transportId":"{{Transport}}"}"""), Only(LastOf(SharesWithUnhcr, arrived, missing)));
        Assert.Equal("""{"whereabouts":"missing"}""", Assert.Single(LastOf(arrived, missing, SharesWithUnhcr)).Data);
        Assert.Equal(("found-after-arrival", $$"""{"transportId":"{{Transport}}","arrived":false}"""), Only(LastOf(SharesWithUnhcr, missing, new FoundAfterArrival(Transport, false, "o", At))));

        static (string, string) Only(Entry[] entries) => (Assert.Single(entries).Kind, entries[0].Data);
    }

    [Fact]
    public void That_somebody_took_them_over_is_told_and_not_who()
    {
        var taken = Assert.Single(LastOf(SharesWithUnhcr, new HandedOver(Guid.NewGuid(), "child-protection", "SAU", null, "social-worker", ["child"], ["child"], "consent", "Quay 4", "o", At)));

        Assert.Equal(("handed-over", "{}"), (taken.Kind, taken.Data));
    }

    [Fact]
    public void No_entry_holds_a_personal_member_of_its_event()
    {
        var assessed = Assert.Single(LastOf(SharesWithUnhcr, Assessed));
        Assert.Equal("""{"tier":2}""", assessed.Data);
    }

    [Fact]
    public void An_entry_is_a_CloudEvents_1_0_event()
    {
        var entry = Assert.Single(LastOf(SharesWithUnhcr, Boards));
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(CloudEvent.Of(entry), EventJson.Options));
        var e = json.RootElement;
        Assert.Equal(["data", "datacontenttype", "id", "source", "specversion", "subject", "time", "type"], e.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("1.0", e.GetProperty("specversion").GetString());
        Assert.Equal(entry.EventId.ToString(), e.GetProperty("id").GetString());
        Assert.Equal("/partner-gateway/unhcr", e.GetProperty("source").GetString());
        Assert.True(Uri.IsWellFormedUriString(e.GetProperty("source").GetString(), UriKind.RelativeOrAbsolute));
        Assert.Equal("org.crisiscoordination.boarded.v1", e.GetProperty("type").GetString());
        Assert.Equal(Person.ToString(), e.GetProperty("subject").GetString());
        Assert.Equal("2026-07-01T10:00:00+00:00", e.GetProperty("time").GetString());
        Assert.Equal("application/json", e.GetProperty("datacontenttype").GetString());
        Assert.Equal(Transport, e.GetProperty("data").GetProperty("transportId").GetGuid());
    }

    [Fact]
    public void A_tombstone_says_only_whom_to_forget()
    {
        var e = CloudEvent.Of(Assert.Single(LastOf(SharesWithUnhcr, WithdrawsFromUnhcr)));
        Assert.Equal(("org.crisiscoordination.person.tombstone.v1", "{}"), (e.Type, e.Data.GetRawText()));
    }

    [Fact]
    public void An_agency_of_a_feared_state_is_told_to_forget_and_nothing_more_and_the_word_fear_leaves_nowhere()
    {
        Event fears = new FearOfReturnStated(["ERI"], "officer-1", At), calm = new FearOfReturnWithdrawn(["ERI"], "protection-1", At);
        Event[] told = [Registered, Assessed, SharesWithBoth, fears];
        Assert.Equal([("unhcr", Entry.Tombstone)], Of(told).Select(e => (e.Agency, e.Kind)));
        Assert.Equal([("iom", "boarded")], Of([.. told, Boards]).Select(e => (e.Agency, e.Kind)));
        Assert.Equal(("unhcr", "sharing-consent-given", """{"tier":2,"whereabouts":"registered"}"""), Assert.Single(Of([.. told, calm])) is var again ? (again.Agency, again.Kind, again.Data) : default);
        Assert.Equal(["iom"], Of([Registered, fears, SharesWithBoth]).Select(e => e.Agency));

        // As the feed tells it: without what is personal.
        static Entry[] Of(Event[] events) => [.. Entry.Of(With(After(events)), Recorded(events[^1] switch
        {
            FearOfReturnStated e => e with { Countries = null },
            FearOfReturnWithdrawn e => e with { Countries = null },
            var other => other,
        }))];
    }

    [Fact]
    public void While_nobody_said_which_state_is_feared_a_form_with_another_nationality_buries_what_the_agencies_of_that_state_know()
    {
        var sudanese = (PersonRegistered)Registered with { Form = new() { Nationality = "SDN" } };
        var also = new RegistrationRepeated(Guid.NewGuid(), Guid.NewGuid(), "R-2", default, true, 20, [], new() { Nationality = "ERI" }, At);

        Assert.Equal([("unhcr", Entry.Tombstone)], Told(new FearOfReturnStated(["XXX"], "o", At), also).Select(e => (e.Agency, e.Kind)));
        Assert.Empty(Told(also));
        Assert.Empty(Told(new FearOfReturnStated(["KEN"], "o", At), also));
        // Once is enough, and a second time would tell that somebody came again.
        Assert.Empty(Told(new FearOfReturnStated(["XXX"], "o", At), also, also with { RegistrationId = Guid.NewGuid() }));

        Entry[] Told(params Event[] then) => [.. Entry.Of(With(After([sudanese, SharesWithBoth, .. then])), Recorded(then[^1]))];
    }

    [Fact]
    public void An_agency_whose_state_nobody_said_is_told_of_nobody_who_fears_one()
    {
        Assert.Equal(["unhcr"], LastOf(Registered, SharesWithUnhcr, Boards).Select(e => e.Agency));
        Assert.Empty(LastOf(Registered, SharesWithUnhcr, new FearOfReturnStated(["ERI"], "o", At), Boards));
    }

    [Fact]
    public void What_was_put_in_before_the_fear_is_not_sent_after_it()
    {
        var boarded = Assert.Single(LastOf(SharesWithUnhcr, Boards));
        Assert.True(boarded.MayBeSent(With(After(SharesWithUnhcr, Boards))));
        Assert.False(boarded.MayBeSent(With(After(SharesWithUnhcr, Boards, new FearOfReturnStated(["ERI"], "o", At)))));
    }

    // UNHCR is played by an agency of Eritrea here, IOM by one of no state.
    private static PersonForPartners With(PersonForPartners person) => person with
    {
        Agencies = new Dictionary<string, AgencyState>
        {
            ["unhcr"] = AgencyState.NotSaid.After(new AgencyCountrySet("ERI", "r", "a", At)),
            ["iom"] = AgencyState.NotSaid.After(new AgencyCountrySet(null, "r", "a", At)),
        },
    };

    [Fact]
    public void Whoever_tells_a_fear_of_somebody_does_not_read_off_the_feed_who_they_are()
    {
        FearOfReturnStated told = new(["ERI"], "agency X", At) { ToldBy = "agency X", Relayed = true }, heard = new(["ERI"], "protection-1", At);
        Event[] known = [Registered, Assessed, SharesWithBoth];

        // Nothing of them goes there from now on, and nothing says so.
        Assert.Empty(Of([.. known, told]));
        Assert.Equal(["iom"], Of([.. known, told, Boards]).Select(entry => entry.Agency));
        Assert.Empty(Of([.. known, told, new FearOfReturnStated(["SDN"], "officer-1", At)]));

        // Taken back as not theirs, it is as if it had never been; heard from them, the agency forgets them.
        Assert.Empty(Of([.. known, told, new FearOfReturnWithdrawn(["ERI"], "protection-1", At)]));
        Assert.Equal(["iom", "unhcr"], Of([.. known, told, new FearOfReturnWithdrawn(["ERI"], "protection-1", At), Boards]).Select(entry => entry.Agency));
        Assert.Equal([("unhcr", Entry.Tombstone)], Of([.. known, told, heard]).Select(entry => (entry.Agency, entry.Kind)));
        Assert.Equal([("unhcr", "sharing-consent-given")], Of([.. known, told, heard, new FearOfReturnWithdrawn(["ERI"], "protection-1", At)]).Select(entry => (entry.Agency, entry.Kind)));

        static Entry[] Of(Event[] events) => [.. Entry.Of(With(After(events)), Recorded(events[^1]))];
    }

    private static Entry[] LastOf(params Event[] events) => [.. Entry.Of(After(events), Recorded(events[^1]))];

    private static PersonForPartners After(params Event[] events) => events.Aggregate(PersonForPartners.Start(Person), (person, e) => person.Apply(e));

    private static RecordedEvent Recorded(Event @event) => new(Guid.CreateVersion7(), Person, 1, default, @event, At, null, null);
}
