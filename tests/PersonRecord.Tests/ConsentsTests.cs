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

    [Fact]
    public void What_a_child_agreed_to_alone_never_counts_not_even_once_they_come_of_age()
    {
        Assert.False(MayLeave(2026, Born("2010-06-01"), Agrees(8)));
        Assert.False(MayLeave(2040, Born("2010-06-01"), Agrees(8)));
        Assert.True(MayLeave(2026, Born("1990-06-01"), Agrees(8)));
    }

    [Fact]
    public void Who_turns_out_a_child_by_a_correction_or_a_merge_is_asked_again_of_who_answers_for_them()
    {
        var agreed = Agrees(8);
        Assert.False(MayLeave(2026, Born("1990-06-01"), agreed, new RegistrationCorrected(Form, "o", new() { BirthDate = new(2012) }, null, Hour(9))));
        Event[] merged = [Born("1990-06-01"), agreed, new RegistrationRepeated(Other, Form, "R-2", Channel.Phone, false, 9, [], new() { BirthDate = new(2012) }, Hour(9))];
        Assert.False(MayLeave(2026, merged));
        Assert.True(MayLeave(2026, [.. merged, new TieConfirmed(Mother, "papers", "o", Hour(9)), Agrees(10, Mother)]));
        Assert.True(MayLeave(2026, [.. merged, new DuplicateUnmerged(Self, "o", null, [Other], [], [], Hour(10))]));
    }

    [Fact]
    public void Nobody_may_leave_as_an_adult_on_what_somebody_else_agreed_to()
    {
        Event[] told = [Born("2012"), new TieConfirmed(Mother, "papers", "o", Hour(7)), Agrees(8, Mother)];
        Assert.True(MayLeave(2026, told));
        Assert.False(MayLeave(2026, [.. told, new RegistrationCorrected(Form, "o", new() { BirthDate = new(1990) }, null, Hour(9))]));
        Assert.False(MayLeave(2032, told));
    }

    [Fact]
    public void A_guardians_consent_falls_with_the_tie_and_does_not_come_back_with_it()
    {
        Event[] told = [Born("2012"), new TieConfirmed(Mother, "papers", "o", Hour(7)), Agrees(8, Mother)];
        foreach (var end in (Event[])[new GuardianshipEnded(Mother, "papers were false", "o", Hour(9)), new TieRefused(Mother, "o", null, Hour(9))])
        {
            Assert.False(MayLeave(2026, [.. told, end]));
            Event[] again = [.. told, end, new TieConfirmed(Mother, "papers", "o", Hour(10))];
            Assert.False(MayLeave(2026, again));
            Assert.True(MayLeave(2026, [.. again, Agrees(11, Mother)]));
        }
        // What ended before it was agreed to, and told late, takes nothing away.
        Assert.True(MayLeave(2026, [.. told, new GuardianshipEnded(Mother, null, "o", Hour(6))]));
    }

    [Fact]
    public void A_consent_falls_with_the_merge_or_the_form_that_brought_the_tie()
    {
        var brought = new GuardianNamed(Mother, "parent", "o", Hour(7)) { Standing = Ties.Confirmed, MergedFrom = Other };
        Assert.True(MayLeave(2026, Born("2012"), brought, Agrees(8, Mother)));
        Assert.False(MayLeave(2026, Born("2012"), brought, Agrees(8, Mother), new DuplicateUnmerged(Other, "o", null, [], [], [], Hour(9))));
    }

    [Fact]
    public void A_declared_or_proposed_tie_carries_no_consent()
    {
        Assert.False(MayLeave(2026, Born("2012"), new GuardianNamed(Mother, "household", "embassy", Hour(7)) { Standing = Ties.Declared }, Agrees(8, Mother)));
        Assert.False(MayLeave(2026, Born("2012"), new TieProposed(Mother, "household", "self-service", Hour(7)), Agrees(8, Mother)));
        Assert.False(MayLeave(2026, Born("2012"), Agrees(8, Mother)));
    }

    [Fact]
    public void The_tie_may_name_the_adult_by_a_record_that_theirs_stands_for()
    {
        Event[] told = [Born("2012"), new TieConfirmed(Other, "papers", "o", Hour(7)), Agrees(8, Mother) with { AnswersAs = Other }];
        Assert.True(MayLeave(2026, told));
        Assert.False(MayLeave(2026, [.. told, new GuardianshipEnded(Other, null, "o", Hour(9))]));
    }

    [Fact]
    public void The_escort_agrees_as_long_as_the_decision_names_them()
    {
        Event[] told = [Born("2012"), new BestInterestsDecided(true, Mother, "p", null, Hour(7)), Agrees(8, Mother)];
        Assert.True(MayLeave(2026, told));
        Assert.False(MayLeave(2026, [.. told, new BestInterestsDecided(true, Other, "p", null, Hour(9))]));
    }

    // The lie: who was denied becomes the escort, and what they agreed to as the guardian counts again.
    [Fact]
    public void What_the_escort_agreed_to_before_they_were_named_or_denied_they_did_not_agree_to_as_the_escort()
    {
        Event[] told = [Born("2012"), new TieConfirmed(Mother, "papers", "o", Hour(5)), Agrees(6, Mother), new GuardianshipEnded(Mother, null, "p", Hour(7)),
            new BestInterestsDecided(true, Mother, "p", null, Hour(8))];
        Assert.False(MayLeave(2026, told));
        Assert.False(MayLeave(2026, [.. told, Agrees(9, Mother)]));
        Event[] named = [Born("2012"), Agrees(6, Other), new BestInterestsDecided(true, Other, "p", null, Hour(7))];
        Assert.False(MayLeave(2026, named));
        Assert.True(MayLeave(2026, [.. named, Agrees(8, Other)]));
        // Named once more they are whom they were; named after somebody else they are asked again.
        Assert.True(MayLeave(2026, [.. named, Agrees(8, Other), new BestInterestsDecided(true, Other, "p", null, Hour(9))]));
        Assert.False(MayLeave(2026, [.. named, Agrees(8, Other), new BestInterestsDecided(false, null, "p", null, Hour(9)), new BestInterestsDecided(true, Other, "p", null, Hour(10))]));
    }

    // No tie was recorded then, and what was stored keeps its meaning for planning; at the gate somebody sees them.
    [Fact]
    public void What_an_adult_of_a_household_agreed_to_before_ties_were_recorded_counts_until_one_is()
    {
        Event[] told = [Born("2012"), new HouseholdJoined(Form, "child", Hour(6)), Agrees(8, Mother)];
        Assert.True(MayLeave(2026, told));
        Assert.True(MayLeave(2026, [.. told, new TieConfirmed(Mother, "papers", "gate", Hour(9))]));
        Assert.False(MayLeave(2026, [.. told, new TieConfirmed(Other, "papers", "gate", Hour(9))]));
    }

    private static readonly Guid Form = new("00000000-0000-0000-0000-00000000000f"), Other = new("00000000-0000-0000-0000-000000000003");

    private static PersonRegistered Born(string date) =>
        new(Form, Form, "R-1", Channel.Phone, false, new() { BirthDate = BirthDate.TryParse(date, out var born) ? born : null }, Hour(1));

    private static bool MayLeave(int year, params IEnumerable<Event> events)
    {
        var (consents, childhood, ties, alone) = (Consents.None, Childhood.Unknown, Ties.None, ChildAlone.Unknown);
        foreach (var e in events) (consents, childhood, ties, alone) = (consents.After(e), childhood.After(e), ties.After(e), alone.After(e));
        return consents.MayLeaveOn(new(year, 3, 1), Self, childhood, ties, alone);
    }

    private static DateTimeOffset Hour(int hour) => Midnight.AddHours(hour);

    private static EvacuationConsentGiven Agrees(int hour, Guid? by = null) => new(by ?? Self, "officer", Hour(hour));

    private static EvacuationConsentWithdrawn Withdraws(int hour) => new("officer", Hour(hour));

    private static SharingConsentGiven Shares(int hour, params string[] agencies) => new(agencies, Hour(hour));

    private static SharingConsentWithdrawn Stops(int hour, params string[] agencies) => new(agencies, Hour(hour));

    private static Consents After(params IEnumerable<Event> events) => events.Aggregate(Consents.None, (consents, e) => consents.After(e));
}
