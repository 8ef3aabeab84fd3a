using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class MergedTests
{
    private static readonly Guid Stays = Guid.Parse("01900000-0000-7000-8000-000000000009"), Brought = Guid.Parse("01900000-0000-7000-8000-0000000000f9");
    private static readonly MergedInto Merged = new(Stays, [], Tuesday);

    private static TravelDocumentFile Ready => Given(Registered(Anna), Opened(), VerifiedBy("officer-1"), ApprovedBy("officer-2"));

    private static IssueTravelDocument Issue => new(Earlier, "officer-2", "UTO", "C23456789", null, Tuesday);

    [Fact]
    public void Nothing_is_issued_under_a_record_that_was_merged_away_and_the_answer_names_the_person_to_use()
    {
        var refusal = IssueTravelDocument.Decide(Ready.Apply(Merged), Issue);
        refusal.Refused("person/merged");
        Assert.Contains($"{Stays}", refusal.Refusal!.Detail, StringComparison.Ordinal);
        OpenApplication.Decide(Given(Registered(Anna), Merged), new OpenApplication(Later, "lost", Tuesday)).Refused("person/merged");
        OpenApplication.Decide(Given(Registered(Anna), Merged)).Nothing();
        VerifyIdentity.Decide(Given(Registered(Anna), Opened(), Merged), new(Earlier, "officer-1", "copy", Tuesday)).Refused("person/merged");
        Assert.Null(IssueTravelDocument.Decide(Ready.Apply(Merged).Apply(new UnmergedFrom(Stays, [], Tuesday)), Issue).Refusal);
    }

    [Fact]
    public void What_was_issued_stands_until_an_officer_or_a_fear_makes_it_void()
    {
        var merged = Given(Registered(Anna), Opened(), Issued(), Merged);
        Assert.True(Assert.Single(merged.Applications).Stands);
        RevokeTravelDocument.WhereFeared(merged).Nothing();
        RevokeTravelDocument.Decide(merged, new(Earlier, "found", Tuesday)).Single<TravelDocumentRevoked>();
        RevokeTravelDocument.Decide(merged, new(Later, "found", Tuesday)).Refused("travel-document/application-unknown");
        RevokeTravelDocument.WhereFeared(merged.Apply(Fears("NPL"))).Single<TravelDocumentRevoked>();
    }

    [Fact]
    public void One_valid_document_per_person_whichever_record_it_was_issued_under()
    {
        var duplicate = Given(Registered(Anna), Opened(Later), Issued(Later));
        IssueTravelDocument.Decide(Ready, Issue, duplicate).Refused("travel-document/holds-one");
        Assert.Null(IssueTravelDocument.Decide(Ready, Issue, duplicate.Apply(new TravelDocumentRevoked(Later, "found", Tuesday))).Refusal);
    }

    [Fact]
    public void A_document_that_came_with_a_duplicate_is_replaced_as_an_own_one_and_goes_back_with_its_record()
    {
        Event[] brought = [Opened(Later) with { MergedFrom = Stays }, VerifiedBy("officer-1", Later) with { MergedFrom = Stays }, ApprovedBy("officer-2", Later) with { MergedFrom = Stays }, Issued(Later) with { MergedFrom = Stays }];
        var merged = brought.Aggregate(Ready.Apply(new DuplicateMerged(Stays, "officer", null, [], [], [], Tuesday)), (file, e) => file.Apply(e));
        Assert.Equal([(Earlier, false), (Later, true)], merged.Applications.Select(application => (application.Id, application.Stands)));
        Assert.Equal([Stays], merged.AlsoUnder(Later));
        Assert.Empty(merged.AlsoUnder(Earlier));

        // The record under which it was issued is known to hold it: that is the same document, not another.
        var decision = IssueTravelDocument.Decide(merged, Issue, Given(Registered(Anna), Opened(Later), Issued(Later)));
        Assert.Equal([(Later, "replaced")], decision.Events.OfType<TravelDocumentRevoked>().Select(revoked => (revoked.ApplicationId, revoked.Why)));
        Assert.Equal([Earlier], merged.With(decision).Applications.Where(application => application.Stands).Select(application => application.Id));

        OpenApplication.Decide(brought.Aggregate(Given(Registered(Anna), new DuplicateMerged(Stays, "officer", null, [], [], [], Tuesday)), (file, e) => file.Apply(e))).Nothing();
        Assert.Equal([Earlier], merged.Apply(new DuplicateUnmerged(Stays, "officer", null, [], [], [], Tuesday)).Applications.Select(application => application.Id));
    }

    [Fact]
    public void A_document_of_a_duplicate_that_ran_out_stands_in_nobodys_way() =>
        Assert.Null(IssueTravelDocument.Decide(Ready, Issue with { At = Monday.AddDays(30) }, Given(Registered(Anna), Opened(Later), Issued(Later))).Refusal);

    [Fact]
    public void The_registrations_of_the_duplicate_count_and_what_was_verified_before_is_verified_again()
    {
        var merged = Ready.Apply(new DuplicateMerged(Stays, "officer", null, [Brought], [], [], Tuesday))
            .Apply(new RegistrationRepeated(Brought, Guid.Empty, "R9", Channel.Phone, false, 9, [], Anna with { GivenNames = "Anna" }, Tuesday) { MergedFrom = Stays });
        IssueTravelDocument.Decide(merged, Issue).Refused("travel-document/identity-not-verified");
        var older = Ready.Apply(new RegistrationRepeated(Brought, Guid.Empty, "R9", Channel.Phone, false, 9, [], Anna with { GivenNames = "Anna" }, Monday.AddDays(-3)) { MergedFrom = Stays });
        Assert.Equal(Ready.Holder, older.Holder);

        var undone = merged.Apply(new DuplicateUnmerged(Stays, "officer", null, [Brought], [], [], Tuesday));
        Assert.Equal(Ready.Holder, undone.Holder);
        Assert.Null(IssueTravelDocument.Decide(undone, Issue).Refusal);
    }
}
