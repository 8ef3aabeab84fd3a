using CrisisCoordination.Contracts;
using Xunit;
using static CrisisCoordination.TravelDocuments.Tests.Files;

namespace CrisisCoordination.TravelDocuments.Tests;

public sealed class OpenApplicationTests
{
    private static readonly HeldDocument Valid = new("passport", "L898902C3", new(2030, 1, 1), DocumentStatus.Valid);

    [Fact]
    public void A_file_opens_where_the_document_cannot_be_used_and_says_why()
    {
        Opens(null, "none");
        Opens(new("", null, null, DocumentStatus.None), "none");
        Opens(Valid with { Status = DocumentStatus.Lost }, "lost");
        Opens(Valid with { Status = DocumentStatus.WithheldByEmployer }, "withheld-by-employer");
        Opens(Valid with { Status = DocumentStatus.Expired }, "expired");
        Opens(Valid with { Expiry = new(2026, 3, 1) }, "expired");
        Opens(Valid with { Expiry = new(2026, 3, 2) }, "expiring");
        Opens(Valid with { Expiry = new(2026, 3, 31) }, "expiring");
        Opens(Valid with { Expiry = null }, "expiry-unknown");
    }

    [Fact]
    public void No_file_opens_for_a_document_that_is_good_for_thirty_days()
    {
        OpenApplication.Decide(Given(Registered(Anna with { Document = Valid }))).Nothing();
        OpenApplication.Decide(Given(Registered(Anna with { Document = Valid with { Expiry = new(2026, 4, 1) } }))).Nothing();
    }

    [Fact]
    public void It_is_the_day_of_registration_that_counts() =>
        Assert.Equal(Monday, OpenApplication.Decide(Given(Registered(Anna))).Single<TravelDocumentApplicationOpened>().At);

    [Fact]
    public void Of_several_documents_the_best_one_counts()
    {
        var lost = Valid with { Number = "A1", Status = DocumentStatus.Lost };
        OpenApplication.Decide(Given(Registered(Anna with { Document = Valid }), Repeated(Anna with { Document = lost }))).Nothing();
        OpenApplication.Decide(Given(Registered(Anna with { Document = lost }), Repeated(Anna with { Document = Valid }))).Nothing();
    }

    [Theory]
    [InlineData("L898902C3")]
    [InlineData("l898902c3")]
    [InlineData(null)]
    public void A_passport_that_was_lost_since_is_lost(string? number) =>
        Assert.Equal("lost", OpenApplication.Decide(Given(
            Registered(Anna with { Document = Valid }),
            Repeated(Anna with { Document = Valid with { Number = number, Expiry = null, Status = DocumentStatus.Lost } }))).Single<TravelDocumentApplicationOpened>().Why);

    [Fact]
    public void A_second_form_that_says_nothing_of_documents_takes_none_away()
    {
        OpenApplication.Decide(Given(Registered(Anna with { Document = Valid }), Repeated(Anna with { Document = null }))).Nothing();
        OpenApplication.Decide(Given(Registered(Anna with { Document = Valid }), Repeated(Anna with { Document = new("", null, null, DocumentStatus.None) }))).Nothing();
    }

    [Fact]
    public void A_correction_replaces_what_the_form_said() =>
        OpenApplication.Decide(Given(Registered(Anna), Corrected(Anna with { Document = Valid }))).Nothing();

    [Fact]
    public void Woken_twice_or_late_no_second_file_opens()
    {
        var file = Given(Registered(Anna));
        var opened = OpenApplication.Decide(file).Single<TravelDocumentApplicationOpened>();
        Assert.Equal(opened, OpenApplication.Decide(file).Single<TravelDocumentApplicationOpened>());
        OpenApplication.Decide(file.Apply(opened)).Nothing();
        OpenApplication.Decide(Given(Registered(Anna), opened, Issued(opened.ApplicationId))).Nothing();
        OpenApplication.Decide(Given(Registered(Anna), opened, Issued(opened.ApplicationId), new TravelDocumentRevoked(opened.ApplicationId, "used", Tuesday))).Nothing();
    }

    [Fact]
    public void After_a_document_became_void_the_next_registration_opens_a_new_file()
    {
        var file = Given(Registered(Anna), Opened(), Issued(), new TravelDocumentRevoked(Earlier, "used", Tuesday), Repeated(Anna));
        Assert.NotEqual(Earlier, OpenApplication.Decide(file).Single<TravelDocumentApplicationOpened>().ApplicationId);
    }

    [Fact]
    public void Of_somebody_whose_data_was_erased_nothing_is_decided()
    {
        OpenApplication.Decide(Given(Registered(Anna), Erased)).Nothing();
        OpenApplication.Decide(Given(Registered(null!))).Nothing();
    }

    [Fact]
    public void An_officer_opens_a_file_by_hand_one_at_a_time()
    {
        var command = new OpenApplication(Later, "stolen", Tuesday);
        var sound = Given(Registered(Anna with { Document = Valid }));
        Assert.Equal("stolen", OpenApplication.Decide(sound, command).Single<TravelDocumentApplicationOpened>().Why);
        OpenApplication.Decide(sound.With(OpenApplication.Decide(sound, command)), command).Nothing();
        OpenApplication.Decide(Given(Registered(Anna), Opened()), command).Refused("travel-document/already-open");
        OpenApplication.Decide(Given(Registered(Anna), Opened(), Issued()), command).Single<TravelDocumentApplicationOpened>();
        OpenApplication.Decide(sound, command with { Why = "she was robbed by her employer" }).Refused("travel-document/reason-unknown");
        OpenApplication.Decide(Given(), command).Refused("person/unknown");
        OpenApplication.Decide(sound.Apply(Erased), command).Refused("person/erased");
    }

    private static void Opens(HeldDocument? document, string why) =>
        Assert.Equal(why, OpenApplication.Decide(Given(Registered(Anna with { Document = document }))).Single<TravelDocumentApplicationOpened>().Why);
}
