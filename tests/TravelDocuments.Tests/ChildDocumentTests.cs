using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

/// <summary>Rules C and V: a child gets a document on the word of who answers for them, or of who decided for a child alone.</summary>
public sealed class ChildDocumentTests
{
    private static readonly Guid Mother = Guid.Parse("01900000-0000-7000-8000-000000000002"), Uncle = Guid.Parse("01900000-0000-7000-8000-000000000003");
    private static readonly Registration Tove = Anna with { GivenNames = "Tove", BirthDate = new(2015, 8, 12) };
    private static readonly ApproveApplication Approve = new(Earlier, "officer-2", "NPL", [], Tuesday);
    private static readonly IssueTravelDocument Issue = new(Earlier, "officer-2", "UTO", "D23145890", null, Tuesday);
    private static readonly TieConfirmed Confirmed = new(Mother, "papers", "officer-9", Monday);
    private static readonly EvacuationConsentGiven Agrees = new(Mother, "officer-9", Monday);

    private static TravelDocumentFile Verified(params IEnumerable<Event> then) => Given([Registered(Tove), Opened(), VerifiedBy("officer-1"), .. then]);

    private static void Refused(string? code, params IEnumerable<Event> told)
    {
        Assert.Equal(code, ApproveApplication.Decide(Verified(told), Approve).Refusal?.Code);
        Assert.Equal(code, IssueTravelDocument.Decide(Verified([.. told, ApprovedBy("officer-2")]), Issue).Refusal?.Code);
    }

    [Fact]
    public void A_child_gets_one_once_who_is_confirmed_to_answer_for_them_agreed() => Refused(null, Confirmed, Agrees);

    [Fact]
    public void Two_officers_alone_send_no_child_anywhere()
    {
        Refused("travel-document/best-interests-needed");
        Refused("travel-document/guardian-consent-needed", Confirmed);
        Refused("travel-document/guardian-consent-needed", Confirmed, Agrees, new EvacuationConsentWithdrawn("officer-9", Tuesday));
    }

    [Fact]
    public void The_child_agrees_to_none_and_neither_does_who_only_says_that_they_answer()
    {
        Refused("travel-document/guardian-consent-needed", Confirmed, Agrees with { By = Person });
        Refused("travel-document/guardian-consent-needed", Confirmed, Agrees with { By = Uncle });
        Refused("travel-document/guardian-consent-needed", new GuardianNamed(Uncle, "household", "embassy", Monday) { Standing = "declared" }, Agrees with { By = Uncle });
        Refused("travel-document/best-interests-needed", new TieProposed(Uncle, "household", "self-service", Monday), Agrees with { By = Uncle });
        // From before ties were recorded: enough to plan with, not for what cannot be taken back.
        Refused("travel-document/guardian-consent-needed", new HouseholdJoined(Uncle, "child", Monday), Agrees);
    }

    [Fact]
    public void A_consent_falls_with_the_tie_also_between_approval_and_issue()
    {
        Refused("travel-document/best-interests-needed", Confirmed, Agrees, new GuardianshipEnded(Mother, "false papers", "protection-1", Tuesday));
        Refused("travel-document/guardian-consent-needed", Confirmed, new TieConfirmed(Uncle, "papers", "officer-9", Monday), Agrees, new TieRefused(Mother, "officer-9", null, Tuesday));
        var approved = Verified(Confirmed, Agrees, ApprovedBy("officer-2"));
        IssueTravelDocument.Decide(approved.Apply(new TieRefused(Mother, "officer-9", null, Tuesday)), Issue).Refused("travel-document/best-interests-needed");
    }

    [Fact]
    public void Of_a_child_who_is_alone_a_protection_officer_decides()
    {
        Refused(null, new BestInterestsDecided(true, Uncle, "protection-1", "heard", Monday));
        Refused("travel-document/best-interests-needed", new BestInterestsDecided(false, null, "protection-1", "heard", Monday));
        var alone = new ChildSeparationReported(Uncle, "separated", "conflict", null, null, "officer-9", Tuesday, Tuesday);
        Refused("travel-document/best-interests-needed", Confirmed, Agrees, alone);
        Refused("travel-document/best-interests-needed", new BestInterestsDecided(true, Uncle, "protection-1", "heard", Monday), alone);
        Refused(null, alone, new BestInterestsDecided(true, Uncle, "protection-1", "heard", Tuesday));
    }

    [Fact]
    public void Who_is_a_child_is_asked_with_the_clock_and_not_by_how_it_is_dated()
    {
        var of = Verified(ApprovedBy("officer-2"));
        IssueTravelDocument.Decide(of, Issue with { At = Tuesday.AddYears(8), Now = Tuesday }).Refused("travel-document/best-interests-needed");
        ApproveApplication.Decide(of, Approve with { At = Tuesday.AddYears(8), Now = Tuesday }).Refused("travel-document/best-interests-needed");
    }
}
