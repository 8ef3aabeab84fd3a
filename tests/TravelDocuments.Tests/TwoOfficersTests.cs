using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class TwoOfficersTests
{
    private static readonly VerifyIdentity Verify = new(Earlier, "officer-1", "old passport copy", Tuesday);
    private static readonly ApproveApplication Approve = new(Earlier, "officer-2", "NPL", ["EGY"], Tuesday);
    private static readonly Event[] Applied = [Registered(Anna), Opened()];
    private static readonly Event[] Verified = [.. Applied, VerifiedBy("officer-1")];

    [Fact]
    public void The_first_officer_verifies_the_identity_once()
    {
        var file = Given(Applied);
        var verified = VerifyIdentity.Decide(file, Verify);
        Assert.Equal("officer-1", verified.Single<IdentityVerified>().Officer);
        VerifyIdentity.Decide(file.With(verified), Verify).Nothing();
        VerifyIdentity.Decide(file.With(verified), Verify with { Officer = "officer-3" }).Refused("travel-document/identity-already-verified");
        VerifyIdentity.Decide(file, Verify with { Evidence = " " }).Refused("travel-document/evidence-missing");
    }

    [Fact]
    public void A_second_officer_approves_the_journey()
    {
        var approved = ApproveApplication.Decide(Given(Verified), Approve);
        Assert.Equal(("officer-2", "NPL", "EGY"), approved.Single<TravelDocumentApproved>() is var e ? (e.Officer, e.Destination, e.Transits[0]) : default);
        ApproveApplication.Decide(Given(Verified).With(approved), Approve).Nothing();
        ApproveApplication.Decide(Given(Verified).With(approved), Approve with { Transits = [] }).Single<TravelDocumentApproved>();
    }

    [Theory]
    [InlineData("officer-1")]
    [InlineData("OFFICER-1")]
    public void The_officer_who_verified_the_identity_cannot_also_approve(string officer) =>
        ApproveApplication.Decide(Given(Verified), Approve with { Officer = officer }).Refused("travel-document/second-officer-needed");

    [Fact]
    public void Nothing_is_approved_for_somebody_whose_identity_nobody_verified() =>
        ApproveApplication.Decide(Given(Applied), Approve).Refused("travel-document/identity-not-verified");

    [Fact]
    public void An_identity_that_changed_after_it_was_verified_is_verified_again()
    {
        var changed = Given([.. Verified, Corrected(Anna with { FamilyName = "Johansson" })]);
        ApproveApplication.Decide(changed, Approve).Refused("travel-document/identity-not-verified");
        var again = changed.With(VerifyIdentity.Decide(changed, Verify with { Officer = "officer-2" }));
        ApproveApplication.Decide(again, Approve).Refused("travel-document/second-officer-needed");
        ApproveApplication.Decide(again, Approve with { Officer = "officer-1" }).Single<TravelDocumentApproved>();
    }

    [Fact]
    public void A_correction_that_does_not_touch_the_identity_changes_nothing() =>
        ApproveApplication.Decide(Given([.. Verified, Corrected(Anna with { Phone = "+249977035432" })]), Approve).Single<TravelDocumentApproved>();

    [Theory]
    [InlineData("ZZZ", "country/unknown")]
    [InlineData("N1L", "country/unknown")]
    [InlineData("UTO", "country/unknown")]
    [InlineData("", "country/unknown")]
    [InlineData("XXA", "country/no-place")]
    [InlineData("UNO", "country/no-place")]
    [InlineData("SUN", "country/no-place")]
    public void A_code_that_nobody_knows_or_that_is_nowhere_is_on_no_document(string country, string code)
    {
        ApproveApplication.Decide(Given(Verified), Approve with { Destination = country }).Refused(code);
        ApproveApplication.Decide(Given(Verified), Approve with { Transits = ["EGY", country] }).Refused(code);
        IssueTravelDocument.Decide(Given([.. Verified, ApprovedBy("officer-2") with { Destination = country }]), new(Earlier, "officer-2", "UTO", "D23145890", null, Tuesday)).Refused(code);
    }

    [Fact]
    public void A_country_is_written_on_a_document_in_its_one_spelling() =>
        Assert.Equal(("NPL", "COD"), ApproveApplication.Decide(Given(Verified), Approve with { Destination = "Nepal", Transits = ["ZAR"] })
            .Single<TravelDocumentApproved>() is var approved ? (approved.Destination, approved.Transits.Single()) : default);

    [Fact]
    public void What_nobody_applied_for_and_what_is_done_cannot_be_worked_on()
    {
        ApproveApplication.Decide(Given(), Approve).Refused("person/unknown");
        ApproveApplication.Decide(Given([.. Verified, Erased]), Approve).Refused("person/erased");
        ApproveApplication.Decide(Given(Verified), Approve with { ApplicationId = Later }).Refused("travel-document/application-unknown");
        VerifyIdentity.Decide(Given([.. Verified, Issued()]), Verify).Refused("travel-document/already-issued");
        VerifyIdentity.Decide(Given([.. Verified, Issued(), new TravelDocumentRevoked(Earlier, "used", Tuesday)]), Verify).Refused("travel-document/revoked");
    }

    [Fact]
    public void Whatever_officers_do_in_whatever_order_two_of_them_answer_for_each_document_and_one_document_stands_and_none_leads_to_a_feared_country()
    {
        string[] officers = ["anna", "ben", "cleo"], countries = ["NPL", "EGY", "JOR"];
        var step = from what in Gen.Choose(0, 7) from officer in Gen.Elements(officers) from country in Gen.Elements(countries) from transit in Gen.Elements(countries) select (what, officer, country, transit);
        Prop.ForAll(step.ListOf(40).ToArbitrary(), steps =>
        {
            var (file, n) = (Given(Registered(Anna)), 0);
            foreach (var (what, officer, country, transit) in steps)
            {
                n++;
                var id = file.Applications.LastOrDefault()?.Id ?? Earlier;
                var before = file;
                file = what switch
                {
                    0 => file.With(OpenApplication.Decide(file, new(new Guid(n, 0, 0, new byte[8]), "lost", Monday))),
                    1 or 2 => file.With(VerifyIdentity.Decide(file, new(id, officer, "copy", Monday))),
                    3 or 4 => file.With(ApproveApplication.Decide(file, new(id, officer, country, [transit], Monday))),
                    5 => file.With(IssueTravelDocument.Decide(file, new(id, officer, "UTO", TravelDocumentNumber.From((ulong)n), null, Monday))),
                    6 when n % 3 == 0 => file.Apply(Corrected(Anna with { GivenNames = officer })),
                    7 when n % 5 == 0 => file.Apply(Fears(country)) is var afraid ? afraid.With(RevokeTravelDocument.WhereFeared(afraid)) : file,
                    _ => file,
                };
                var standing = file.Applications.Where(application => application.Stands).ToArray();
                if (standing.Length > 1) return false;
                if (standing.Any(document => Mrz.MrzLayout.Read(document.Mrz!) is not { Consistent: true })) return false;
                if (standing.Any(document => file.Fears.Touches([document.Destination, .. document.Transits]))) return false;
                if (file.Applications.Any(document => document.IssuedBy is not null && (document.VerifiedBy is null || document.ApprovedBy is null || document.VerifiedBy == document.ApprovedBy))) return false;
                if (before.Applications.Count(application => application.IsOpen) > 1) return false;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
