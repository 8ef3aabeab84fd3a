using CrisisCoordination.ConsularContact;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact;

/// <summary>One person has one valid emergency travel document, also when they turn out to have had two records (rule D).</summary>
public sealed class OneDocumentTests
{
    private static readonly Guid A = new("0197c3a0-0000-7000-8000-00000000000a"), B = new("0197c3a0-0000-7000-8000-00000000000b"), Earlier = new("0197c3a0-0000-7000-8000-00000000000e");
    private static readonly Guid One = new("0197c3a0-0000-7000-8000-0000000000d1"), Two = new("0197c3a0-0000-7000-8000-0000000000d2");
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly MergePeople Merge = new("officer-1", "the same passport", At);

    private static readonly Registration Selam = new()
    {
        FamilyName = "Abebe",
        GivenNames = "Selam",
        Sex = Sex.Female,
        BirthDate = new(1990, 4, 5),
        Nationality = "ETH",
        Phone = "+251911223344",
        Document = new("passport", "EP1234567", new(2030, 1, 1), DocumentStatus.Lost),
    };

    private static Person Registered(Guid id, params IEnumerable<Event> more) => more.Aggregate(
        Person.Start(id).Apply(new PersonRegistered(Guid.CreateVersion7(), Guid.Empty, $"{id}", Channel.Phone, true, Selam, At.AddDays(-9)) { Sender = "post" }),
        (person, e) => person.Apply(e));

    private static Event[] Document(Guid id, string destination = "ETH", int lastDay = 16) =>
    [
        new TravelDocumentApplicationOpened(id, "lost", At.AddDays(-3)),
        new IdentityVerified(id, "verifier", "her sister knew her", At.AddDays(-2)),
        new TravelDocumentApproved(id, "approver", destination, ["EGY"], At.AddDays(-2)),
        new TravelDocumentIssued(id, destination, ["EGY"], new(2026, 5, lastDay), "approver", $"C{id:N}"[..9], "PU", At.AddDays(-1)),
    ];

    private static Person After(Person person, Decision decision) => decision.Events.Aggregate(person, (state, e) => state.Apply(e));

    private static IEnumerable<Guid> Valid(Person person) => person.Papers.ValidAt(At).Select(document => document.ApplicationId);

    [Fact]
    public void A_merge_of_two_holders_is_refused_until_it_says_which_document_stands()
    {
        var (onDuplicate, onStaying) = MergePeople.Decide(Registered(A, Document(One)), Registered(B, Document(Two)), Merge);
        Assert.Equal(("match/two-documents", RefusalKind.Conflict), (onStaying.Refusal?.Code, onStaying.Refusal?.Kind));
        Assert.Equal(onStaying.Refusal, onDuplicate.Refusal);
        Assert.All([$"{One}", $"{Two}", "standingDocument"], text => Assert.Contains(text, onStaying.Refusal!.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void The_document_of_the_record_that_stays_stands_and_the_other_is_void_in_the_same_append()
    {
        var (stays, duplicate) = (Registered(A, Document(One)), Registered(B, Document(Two)));
        var (onDuplicate, onStaying) = MergePeople.Decide(stays, duplicate, Merge with { StandingDocument = One });
        Assert.Equal(new TravelDocumentRevoked(Two, "merged", At), Assert.Single(onDuplicate.Events.OfType<TravelDocumentRevoked>()));
        Assert.DoesNotContain(onStaying.Events, e => e is TravelDocumentIssued or TravelDocumentRevoked);
        Assert.Equal([One], Valid(After(stays, onStaying)));
        Assert.Empty(Valid(After(duplicate, onDuplicate)));
    }

    [Fact]
    public void The_document_of_the_duplicate_follows_with_its_application_and_goes_back_when_the_merge_is_undone()
    {
        var (stays, duplicate) = (Registered(A, Document(One)), Registered(B, Document(Two)));
        var (onDuplicate, onStaying) = MergePeople.Decide(stays, duplicate, Merge with { StandingDocument = Two });
        Assert.Equal(new TravelDocumentRevoked(One, "merged", At), Assert.Single(onStaying.Events.OfType<TravelDocumentRevoked>()));
        var told = onStaying.Events.SkipWhile(e => e is not TravelDocumentRevoked).Where(e => e.MergedFrom == B && e is not RegistrationRepeated).ToArray();
        Assert.Equal(
            [typeof(TravelDocumentApplicationOpened), typeof(IdentityVerified), typeof(TravelDocumentApproved), typeof(TravelDocumentIssued)], told.Select(e => e.GetType()));
        Assert.Null(told.OfType<IdentityVerified>().Single().Evidence);

        var (merged, away) = (After(stays, onStaying), After(duplicate, onDuplicate));
        Assert.All([merged, away], record => Assert.Equal([Two], Valid(record)));
        var (back, gone) = UnmergePeople.Decide(merged, away, new("two sisters", "officer-2", At));
        Assert.Empty(Valid(After(merged, back)));
        Assert.Equal([Two], Valid(After(away, gone)));
    }

    [Fact]
    public void The_only_document_of_two_records_follows_without_a_question()
    {
        var (stays, duplicate) = (Registered(A), Registered(B, Document(Two)));
        var (_, onStaying) = MergePeople.Decide(stays, duplicate, Merge);
        Assert.Equal([Two], Valid(After(stays, onStaying)));
        Assert.Empty(Valid(After(Registered(A), MergePeople.Decide(Registered(A), Registered(B), Merge).OnStaying)));
    }

    [Fact]
    public void What_is_named_must_be_one_of_their_valid_documents()
    {
        var (one, two) = (Registered(A, Document(One)), Registered(B, Document(Two)));
        Assert.All(
            new[]
            {
                MergePeople.Decide(one, two, Merge with { StandingDocument = Guid.CreateVersion7() }),
                MergePeople.Decide(Registered(A), Registered(B), Merge with { StandingDocument = One }),
                MergePeople.Decide(one, Registered(B, [.. Document(Two), new TravelDocumentRevoked(Two, "found", At)]), Merge with { StandingDocument = Two }),
                MergePeople.Decide(one, Registered(B, Document(Two, lastDay: 2)), Merge with { StandingDocument = Two }),
            },
            decided => Assert.Equal(("match/standing-document", "standingDocument"), (decided.OnStaying.Refusal?.Code, decided.OnStaying.Refusal?.Field)));
    }

    [Fact]
    public void Whether_a_document_is_still_valid_is_asked_with_the_clock_and_not_with_the_day_that_the_officer_writes()
    {
        var (stays, duplicate) = (Registered(A, Document(One)), Registered(B, Document(Two)));
        Assert.Equal("match/two-documents", MergePeople.Decide(stays, duplicate, Merge with { At = At.AddYears(-1), Now = At }).OnStaying.Refusal?.Code);
        // On its last day it is valid somewhere on earth until noon of the next.
        Assert.Equal("match/two-documents", MergePeople.Decide(stays, duplicate, Merge with { Now = new(2026, 5, 17, 11, 59, 0, TimeSpan.Zero) }).OnStaying.Refusal?.Code);
        Assert.Null(MergePeople.Decide(stays, duplicate, Merge with { Now = new(2026, 5, 17, 12, 0, 0, TimeSpan.Zero) }).OnStaying.Refusal);
        var dated = MergePeople.Decide(stays, duplicate, Merge with { At = At.AddYears(-1), Now = At, StandingDocument = One }).OnDuplicate;
        Assert.Equal(At.AddDays(-1), dated.Events.OfType<TravelDocumentRevoked>().Single().At);
    }

    [Fact]
    public void A_document_that_leads_where_either_record_fears_to_go_stands_on_neither()
    {
        var (stays, duplicate) = (Registered(A, [.. Document(One), new FearOfReturnStated(["ERI"], "officer-1", At)]), Registered(B, Document(Two, "ERI")));
        var (onDuplicate, onStaying) = MergePeople.Decide(stays, duplicate, Merge);
        Assert.Equal("fear-of-return", onDuplicate.Events.OfType<TravelDocumentRevoked>().Single().Why);
        Assert.Equal([One], Valid(After(stays, onStaying)));
        Assert.Empty(Valid(After(duplicate, onDuplicate)));
        Assert.Equal("match/standing-document", MergePeople.Decide(stays, duplicate, Merge with { StandingDocument = Two }).OnStaying.Refusal?.Code);
    }

    [Fact]
    public void A_third_record_that_holds_one_asks_again()
    {
        var (stays, first) = (Registered(A), Registered(B, Document(Two)));
        stays = After(stays, MergePeople.Decide(stays, first, Merge).OnStaying);
        var third = Registered(Earlier, Document(One));
        Assert.Equal("match/two-documents", MergePeople.Decide(stays, third, Merge).OnStaying.Refusal?.Code);
        var onStaying = MergePeople.Decide(stays, third, Merge with { StandingDocument = One }).OnStaying;
        Assert.Equal(B, stays.Papers.BroughtBy(onStaying.Events.OfType<TravelDocumentRevoked>().Single().ApplicationId));
        Assert.Equal([One], Valid(After(stays, onStaying)));
    }

    [Fact]
    public void A_form_that_anybody_sent_merges_nobody_away_who_holds_a_document_and_an_officer_is_asked()
    {
        Person none = Registered(A), holder = Registered(B, Document(Two)), other = Registered(Earlier, Document(One));
        Assert.Equal([A, B], Automatic(none, Registered(B)).Select(decided => decided.PersonId).Order());
        // One holder: the record that holds it stays, whichever is older.
        Assert.Equal([(A, typeof(MergedInto)), (B, typeof(DuplicateMerged))], Automatic(none, holder).Select(decided => (decided.PersonId, decided.Events[0].GetType())));
        Assert.Empty(Automatic(other, holder));
        // Neither does it move a document that a merge has brought.
        var merged = After(none, MergePeople.Decide(none, holder, Merge).OnStaying);
        Assert.Empty(Automatic(merged, Registered(Earlier)));
        Assert.NotEmpty(Automatic(After(none, MergePeople.Decide(none, Registered(B), Merge).OnStaying), Registered(Earlier)));
        // Once it is over nothing stands in the way.
        Assert.NotEmpty(Automatic(other, holder, At.AddDays(30)));

        static IReadOnlyList<(Guid PersonId, IReadOnlyList<Event> Events)> Automatic(Person one, Person two, DateTimeOffset? now = null)
        {
            var index = new PersonIndex();
            Person[] people = [one, two];
            foreach (var person in people)
                foreach (var identity in person.Identities) index.Add(person.Id, identity);
            return MergePeople.Automatic(index.Find(Identity.From(Selam)), id => people.Single(person => person.Id == id), At, now ?? At);
        }
    }
}
