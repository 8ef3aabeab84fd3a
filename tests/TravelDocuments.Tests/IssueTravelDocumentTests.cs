using CrisisCoordination.Contracts;
using CrisisCoordination.Mrz;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class IssueTravelDocumentTests
{
    private static readonly IssueTravelDocument Issue = new(Earlier, "officer-2", "UTO", "D23145890", null, Tuesday);

    [Fact]
    public void The_document_of_the_standard_s_specimen_has_the_specimen_s_zone()
    {
        var issued = IssueTravelDocument.Decide(Approved(Anna), Issue with { At = new(2026, 6, 20, 9, 0, 0, TimeSpan.Zero), ValidUntil = new(2026, 6, 27) }).Single<TravelDocumentIssued>();
        var lines = issued.Mrz!.Split('\n');
        Assert.Equal("PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", lines[0]);
        Assert.StartsWith("D23145890", lines[1], StringComparison.Ordinal);
        Assert.Equal("UTO7408122F2606277<<<<<<<", lines[1][10..35]);
        Assert.True(MrzLayout.Read(issued.Mrz)!.Consistent);
        Assert.Equal(("NPL", "D23145890", "officer-2"), (issued.Destination, issued.Number, issued.Officer));
    }

    [Fact]
    public void It_is_valid_for_fifteen_days_at_most_and_at_least_one()
    {
        Assert.Equal(new DateOnly(2026, 3, 18), IssueTravelDocument.Decide(Approved(Anna), Issue).Single<TravelDocumentIssued>().ValidUntil);
        Assert.Equal(new DateOnly(2026, 3, 4), IssueTravelDocument.Decide(Approved(Anna), Issue with { ValidUntil = new(2026, 3, 4) }).Single<TravelDocumentIssued>().ValidUntil);
        IssueTravelDocument.Decide(Approved(Anna), Issue with { ValidUntil = new(2026, 3, 19) }).Refused("travel-document/validity");
        IssueTravelDocument.Decide(Approved(Anna), Issue with { ValidUntil = new(2026, 3, 3) }).Refused("travel-document/validity");
    }

    [Fact]
    public void Nothing_is_issued_without_two_officers()
    {
        IssueTravelDocument.Decide(Given(Registered(Anna), Opened()), Issue).Refused("travel-document/identity-not-verified");
        IssueTravelDocument.Decide(Given(Registered(Anna), Opened(), VerifiedBy("officer-1")), Issue).Refused("travel-document/not-approved");
        // Also where somebody else than this service wrote the approval.
        IssueTravelDocument.Decide(Given(Registered(Anna), Opened(), VerifiedBy("officer-1"), ApprovedBy("officer-1")), Issue).Refused("travel-document/not-approved");
        IssueTravelDocument.Decide(Approved(Anna).Apply(Corrected(Anna with { BirthDate = new(1975, 8, 12) })), Issue).Refused("travel-document/identity-not-verified");
    }

    [Fact]
    public void It_is_issued_once()
    {
        var file = Approved(Anna);
        IssueTravelDocument.Decide(file.With(IssueTravelDocument.Decide(file, Issue)), Issue).Refused("travel-document/already-issued");
    }

    [Fact]
    public void A_new_document_makes_the_one_before_void()
    {
        var file = Given(Registered(Anna), Opened(), VerifiedBy("officer-1"), ApprovedBy("officer-2"), Issued(),
            Opened(Later), VerifiedBy("officer-1", Later), ApprovedBy("officer-2", Later));
        var decision = IssueTravelDocument.Decide(file, Issue with { ApplicationId = Later });
        Assert.Equal((Earlier, "replaced"), decision.Events.OfType<TravelDocumentRevoked>().Select(e => (e.ApplicationId, e.Why)).Single());
        Assert.Equal([Later], file.With(decision).Applications.Where(application => application.Stands).Select(application => application.Id));
    }

    [Fact]
    public void No_document_leads_to_a_country_that_the_person_fears_or_through_it()
    {
        var approve = new ApproveApplication(Earlier, "officer-2", "NPL", ["EGY"], Tuesday);
        foreach (var country in new[] { "NPL", "EGY", "egy" })
        {
            ApproveApplication.Decide(Given(Registered(Anna), Opened(), VerifiedBy("officer-1"), Fears(country)), approve).Refused("travel-document/non-refoulement");
            ApproveApplication.Decide(Given(Registered(Anna with { FearOfReturnTo = [country] }), Opened(), VerifiedBy("officer-1")), approve).Refused("travel-document/non-refoulement");
            IssueTravelDocument.Decide(Approved(Anna).Apply(Fears(country)), Issue).Refused("travel-document/non-refoulement");
        }
        IssueTravelDocument.Decide(Approved(Anna).Apply(Fears("SYR")), Issue).Single<TravelDocumentIssued>();
    }

    [Fact]
    public void A_destination_that_is_not_known_bars_whoever_fears_anything() =>
        Assert.All(["ZZZ", "XXX"], country => RevokeTravelDocument.WhereFeared(Approved(Anna).Apply(Issued() with { Transits = [country] }).Apply(Fears("SYR"))).Single<TravelDocumentRevoked>());

    [Fact]
    public void A_nationality_that_is_told_later_voids_the_document_home_while_nobody_knows_which_state_is_feared()
    {
        var file = Approved(Anna with { Nationality = "SYR" }).Apply(Fears("XXX")).Apply(Issued());

        RevokeTravelDocument.WhereFeared(file).Nothing();
        RevokeTravelDocument.WhereFeared(file.Apply(Repeated(Anna with { Nationality = "NPL" }))).Single<TravelDocumentRevoked>();
    }

    [Fact]
    public void Only_the_person_s_own_word_to_a_protection_officer_opens_the_way_again() =>
        IssueTravelDocument.Decide(Approved(Anna).Apply(Fears("NPL")).Apply(new FearOfReturnWithdrawn(["NPL"], "protection-1", Tuesday)), Issue).Single<TravelDocumentIssued>();

    [Theory]
    [InlineData("NPL")]
    [InlineData("EGY")]
    public void A_claim_voids_the_document_that_leads_there_at_once_and_once(string country)
    {
        var file = Approved(Anna).Apply(Issued()).Apply(Fears(country));
        var revoked = RevokeTravelDocument.WhereFeared(file);
        Assert.Equal(new TravelDocumentRevoked(Earlier, "fear-of-return", Tuesday), revoked.Single<TravelDocumentRevoked>());
        RevokeTravelDocument.WhereFeared(file.With(revoked)).Nothing();
        RevokeTravelDocument.WhereFeared(Approved(Anna).Apply(Issued()).Apply(Fears("SYR"))).Nothing();
        RevokeTravelDocument.WhereFeared(Approved(Anna).Apply(Fears(country))).Nothing();
    }

    [Fact]
    public void An_officer_revokes_what_was_issued()
    {
        var command = new RevokeTravelDocument(Earlier, "used", Tuesday);
        var issued = Approved(Anna).Apply(Issued());
        var revoked = RevokeTravelDocument.Decide(issued, command);
        Assert.Equal("used", revoked.Single<TravelDocumentRevoked>().Why);
        RevokeTravelDocument.Decide(issued.With(revoked), command).Nothing();
        RevokeTravelDocument.Decide(Approved(Anna), command).Refused("travel-document/not-issued");
        RevokeTravelDocument.Decide(issued, command with { Why = "her brother told us" }).Refused("travel-document/reason-unknown");
        RevokeTravelDocument.Decide(issued, command with { ApplicationId = Later }).Refused("travel-document/application-unknown");
    }

    [Fact]
    public void Whoever_arrived_where_the_document_leads_has_used_it()
    {
        Arrived home = new(Later, "NPL", true, "gate", Tuesday);
        var issued = Approved(Anna).Apply(Issued());
        var revoked = RevokeTravelDocument.WhereUsed(issued.Apply(home));
        Assert.Equal(new TravelDocumentRevoked(Earlier, "used", Tuesday), revoked.Single<TravelDocumentRevoked>());
        RevokeTravelDocument.WhereUsed(issued.Apply(home).With(revoked)).Nothing();
        // In transit, or where a leg ended only, they still need it.
        Assert.All([home with { Country = "EGY" }, home with { JourneyEnded = false }, home with { Country = null }], arrived => RevokeTravelDocument.WhereUsed(issued.Apply(arrived)).Nothing());
        // Issued after they came: another journey.
        RevokeTravelDocument.WhereUsed(Approved(Anna).Apply(home).Apply(Issued())).Nothing();
    }

    [Fact]
    public void No_step_is_dated_before_the_one_that_it_rests_on()
    {
        var early = Monday.AddMinutes(-1);
        OpenApplication.Decide(Given(Registered(Anna)), new(Earlier, "lost", early)).Refused("travel-document/too-early");
        VerifyIdentity.Decide(Given(Registered(Anna), Opened()), new(Earlier, "officer-1", "copy", early)).Refused("travel-document/too-early");
        ApproveApplication.Decide(Given(Registered(Anna), Opened(), VerifiedBy("officer-1")), new(Earlier, "officer-2", "NPL", [], early)).Refused("travel-document/too-early");
        IssueTravelDocument.Decide(Approved(Anna), Issue with { At = early }).Refused("travel-document/too-early");
        RevokeTravelDocument.Decide(Approved(Anna).Apply(Issued()), new(Earlier, "lost", early)).Refused("travel-document/too-early");
    }

    [Fact]
    public void Unknown_parts_of_the_birth_date_and_an_unknown_nationality_are_said_to_be_unknown()
    {
        Assert.Equal("XXX74<<<<", Second(Anna with { BirthDate = new(1974), Nationality = null })[10..19]);
        Assert.Equal("XXX<<<<<<", Second(Anna with { BirthDate = null, Nationality = null })[10..19]);
        Assert.Equal("D<<7408122<", Second(Anna with { Nationality = "DEU", Sex = Sex.Other })[10..21]);
        Assert.Equal('M', Second(Anna with { Sex = Sex.Male })[20]);
    }

    [Fact]
    public void The_spelling_that_the_person_gave_in_latin_letters_goes_before_any_other() =>
        Assert.StartsWith("PUUTOMOHAMMED<<ALI<<", First(Anna with { FamilyName = "Mohammed", GivenNames = "Ali", NameInOriginalScript = "علي محمد" }), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_was_given_in_another_script_only_is_transliterated()
    {
        Assert.StartsWith("PUUTOKOVALENKO<<OLENA<", First(Anna with { FamilyName = "Коваленко", GivenNames = "Олена" }), StringComparison.Ordinal);
        Assert.StartsWith("PUUTOMXHMD<<<", First(Anna with { FamilyName = null, GivenNames = null, NameInOriginalScript = "محمد" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_name_stands_where_family_names_do() =>
        Assert.StartsWith("PUUTOSUHARTO<<<", First(Anna with { FamilyName = null, GivenNames = "Suharto" }), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_the_zone_cannot_hold_is_asked_about_and_never_shortened()
    {
        var refusal = IssueTravelDocument.Decide(Approved(Anna with { FamilyName = "王", GivenNames = "Li" }), Issue).Refusal!;
        Assert.Equal("travel-document/name-unwritable", refusal.Code);
        Assert.Contains("Latin letters", refusal.Detail, StringComparison.Ordinal);
        IssueTravelDocument.Decide(Approved(Anna with { FamilyName = null, GivenNames = null }), Issue).Refused("travel-document/name-missing");
    }

    private static TravelDocumentFile Approved(Registration form) => Given(Registered(form), Opened(), VerifiedBy("officer-1"), ApprovedBy("officer-2"));

    private static string First(Registration form) => Zone(form)[0];

    private static string Second(Registration form) => Zone(form)[1];

    private static string[] Zone(Registration form) => IssueTravelDocument.Decide(Approved(form), Issue).Single<TravelDocumentIssued>().Mrz!.Split('\n');
}
