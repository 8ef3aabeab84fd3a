using CrisisCoordination.Contracts;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.PersonRecord.Tests;

public sealed class ConsentsTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Self = new("00000000-0000-0000-0000-000000000001"), Mother = new("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void An_older_consent_never_undoes_a_withdrawal() => Assert.Null(After(Agrees(8), Withdraws(10), Agrees(9)).EvacuationBy);

    [Fact]
    public void Of_two_at_one_moment_the_one_recorded_last_counts()
    {
        Assert.Equal(Self, After(Withdraws(10), Agrees(10)).EvacuationBy);
        Assert.Null(After(Agrees(10), Withdraws(10)).EvacuationBy);
    }

    [Fact]
    public void The_consent_that_was_given_last_says_who_gave_it() => Assert.Equal(Self, After(Agrees(10), Agrees(9, Mother)).EvacuationBy);

    // The present release stored such withdrawals, and they held.
    [Fact]
    public void A_withdrawal_on_the_timeline_holds_even_where_its_time_is_older() => Assert.Null(After(Agrees(10), Withdraws(9)).EvacuationBy);

    [Fact]
    public void An_older_form_does_not_bring_an_agency_back_that_was_taken_out()
    {
        Assert.Empty(After(Shares(8, "UNHCR"), Stops(10, "unhcr"), Shares(9, "UNHCR")).SharesWith);
        Assert.Equal(["IOM"], After(Shares(8, "UNHCR", "IOM"), Stops(10, "UNHCR"), Shares(9, "UNHCR", "IOM")).SharesWith);
        Assert.Equal(["UNHCR"], After(Stops(10, "UNHCR"), Shares(11, "UNHCR")).SharesWith);
    }

    [Fact]
    public void An_agency_that_once_knew_is_remembered() => Assert.Equal(["UNHCR"], After(Shares(8, "UNHCR"), Stops(10, "UNHCR")).EverSharedWith);

    [Fact]
    public void A_form_alone_and_a_merge_grant_nothing() => Assert.Empty(After(
        new PersonRegistered(Guid.NewGuid(), Guid.NewGuid(), "R-1", Channel.Partner, false, new Registration { ShareWith = ["IOM"] }, Midnight),
        new DuplicateMerged(Guid.NewGuid(), "officer", null, [], [], ["IOM"], Midnight)).SharesWith);

    [Fact]
    public void Nothing_outlives_the_data_of_who_gave_it()
    {
        var erased = After(Agrees(8), Shares(8, "UNHCR"), new PersonErased("officer", "asked", Hour(9)));
        Assert.Null(erased.EvacuationBy);
        Assert.Empty(erased.SharesWith);
    }

    /// <summary>
    /// Whatever the order in which officers come to tell it: each is decided as the doors decide (what the record contradicts is
    /// refused), and in the end somebody leaves only if the last that was so is a consent.
    /// </summary>
    [Fact]
    public void In_whatever_order_it_is_told_what_was_so_last_holds()
    {
        var said = from count in Gen.Choose(1, 8)
                   from hours in Gen.Shuffle(Enumerable.Range(0, 24).ToArray())
                   from gives in Gen.Elements(true, false).ArrayOf(count)
                   from order in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
                   select (facts: hours.Take(count).Zip(gives).Select(pair => (At: pair.First, Gives: pair.Second)).ToArray(), order);
        Prop.ForAll(said.ToArbitrary(), it =>
        {
            var last = it.facts.MaxBy(fact => fact.At);
            var told = it.order.Select(i => it.facts[i]).ToArray();
            return Told(told) == last.Gives && Shared(told) == last.Gives;
        }).QuickCheckThrowOnFailure();

        static bool Told(IEnumerable<(int At, bool Gives)> facts) => facts.Aggregate(Consents.None, (consents, fact) =>
            fact.Gives ? consents.WithdrawnSince(Hour(fact.At)) is not null ? consents : consents.After(Agrees(fact.At))
            : consents.AgreedSince(Hour(fact.At)) is not null || !consents.IsNewWithdrawal(Hour(fact.At)) ? consents : consents.After(Withdraws(fact.At))).EvacuationBy is not null;

        // A form is not refused: what it grants too late is kept and changes nothing.
        static bool Shared(IEnumerable<(int At, bool Gives)> facts) => facts.Aggregate(Consents.None, (consents, fact) =>
            fact.Gives ? consents.After(Shares(fact.At, "IOM"))
            : consents.ContradictedSince(["iom"], false, Hour(fact.At)) is not null || !consents.IsNewWithdrawal("iom", Hour(fact.At)) ? consents : consents.After(Stops(fact.At, "iom"))).SharesWith.Contains("IOM");
    }

    [Fact]
    public void Of_consents_alone_any_order_of_recording_gives_the_same()
    {
        var said = from count in Gen.Choose(1, 8)
                   from hours in Gen.Shuffle(Enumerable.Range(0, 24).ToArray())
                   from mothers in Gen.Elements(true, false).ArrayOf(count)
                   from order in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
                   select (facts: hours.Take(count).Zip(mothers).Select(pair => Agrees(pair.First, pair.Second ? Mother : Self)).ToArray(), order);
        Prop.ForAll(said.ToArbitrary(), it => After(it.order.Select(i => it.facts[i])).EvacuationBy == After(it.facts.OrderBy(fact => fact.At)).EvacuationBy).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_contradicts_the_record_is_found_with_its_time()
    {
        Assert.Equal(Hour(10), After(Agrees(8), Withdraws(10)).WithdrawnSince(Hour(9)));
        Assert.Null(After(Agrees(8), Withdraws(10)).WithdrawnSince(Hour(10)));
        Assert.Equal(Hour(10), After(Agrees(10)).AgreedSince(Hour(9)));
        Assert.Null(After(Agrees(10)).AgreedSince(Hour(11)));
        Assert.Equal(("unhcr", Hour(10)), After(Stops(10, "UNHCR")).ContradictedSince(["iom", "unhcr"], true, Hour(9)));
        Assert.Null(After(Shares(10, "UNHCR")).ContradictedSince(["unhcr"], true, Hour(9)));
    }

    [Fact]
    public void What_was_taken_back_under_one_record_is_taken_back_under_the_other_unless_it_was_given_there_later()
    {
        Assert.Equal([new EvacuationConsentWithdrawn("o", Hour(10))], After(Withdraws(10)).TakenBackSince(After(Agrees(9)), "o"));
        Assert.Empty(After(Withdraws(10)).TakenBackSince(After(Agrees(11)), "o"));
        Assert.Empty(After(Withdraws(10)).TakenBackSince(After(Withdraws(10)), "o"));
        // A consent of before that is told afterwards must find it.
        Assert.Equal([new EvacuationConsentWithdrawn("o", Hour(10))], After(Withdraws(10)).TakenBackSince(Consents.None, "o"));
        Assert.Empty(After(Agrees(10)).TakenBackSince(After(Agrees(9)), "o"));
    }

    [Fact]
    public void Each_agency_that_was_taken_out_under_one_record_is_taken_out_under_the_other()
    {
        var stopped = After(Stops(10, "iom", "UNHCR"), Stops(12, "MSF"), Stops(7, "ICRC"), Shares(11, "UNICEF"));
        var taken = stopped.TakenBackSince(After(Shares(8, "IOM", "UNHCR", "MSF", "ICRC", "UNICEF")), "").Cast<SharingConsentWithdrawn>().ToArray();
        Assert.Equal([(10, "UNHCR iom"), (12, "MSF")], taken.Select(e => (e.At.Hour, string.Join(' ', e.Agencies))));
    }

    private static DateTimeOffset Hour(int hour) => Midnight.AddHours(hour);

    private static EvacuationConsentGiven Agrees(int hour, Guid? by = null) => new(by ?? Self, "officer", Hour(hour));

    private static EvacuationConsentWithdrawn Withdraws(int hour) => new("officer", Hour(hour));

    private static SharingConsentGiven Shares(int hour, params string[] agencies) => new(agencies, Hour(hour));

    private static SharingConsentWithdrawn Stops(int hour, params string[] agencies) => new(agencies, Hour(hour));

    private static Consents After(params IEnumerable<Event> events) => events.Aggregate(Consents.None, (consents, e) => consents.After(e));
}
