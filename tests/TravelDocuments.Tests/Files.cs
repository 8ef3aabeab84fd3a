using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.TravelDocuments.Tests;

/// <summary>Files and moments that the specs speak of.</summary>
internal static class Files
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Tuesday = Monday.AddDays(1);
    public static readonly Guid Person = Guid.Parse("01900000-0000-7000-8000-000000000001"), First = Guid.Parse("01900000-0000-7000-8000-0000000000f1");
    public static readonly Guid Earlier = Guid.Parse("01900000-0000-7000-8000-0000000000a1"), Later = Guid.Parse("01900000-0000-7000-8000-0000000000a2");

    public static readonly Registration Anna = new()
    {
        FamilyName = "Eriksson",
        GivenNames = "Anna Maria",
        Sex = Sex.Female,
        BirthDate = new(1974, 8, 12),
        Nationality = "UTO",
        Document = new("passport", "L898902C3", new(2012, 4, 15), DocumentStatus.Lost),
    };

    public static PersonRegistered Registered(Registration form) => new(First, Guid.Empty, "R1", Channel.Self, false, form, Monday);

    public static RegistrationRepeated Repeated(Registration form, DateTimeOffset? at = null) => new(Guid.Empty, Guid.Empty, "R2", Channel.Phone, false, 20, [], form, at ?? Tuesday);

    public static RegistrationCorrected Corrected(Registration form) => new(First, "officer-9", form, "typing error", Tuesday);

    public static TravelDocumentApplicationOpened Opened(Guid? id = null) => new(id ?? Earlier, "lost", Monday);

    public static IdentityVerified VerifiedBy(string officer, Guid? id = null) => new(id ?? Earlier, officer, "old passport copy", Monday);

    public static TravelDocumentApproved ApprovedBy(string officer, Guid? id = null) => new(id ?? Earlier, officer, "NPL", ["EGY"], Monday);

    public static TravelDocumentIssued Issued(Guid? id = null) => new(id ?? Earlier, "NPL", ["EGY"], new(2026, 3, 17), "officer-2", "C23456789", "PU", Monday);

    public static FearOfReturnStated Fears(params string[] countries) => new(countries, "officer-1", Tuesday);

    public static PersonErased Erased { get; } = new("admin", "asked for it", Tuesday);

    public static TravelDocumentFile Given(params IEnumerable<Event> events) => events.Aggregate(TravelDocumentFile.Start(Person), (state, e) => state.Apply(e));

    public static TravelDocumentFile With(this TravelDocumentFile file, Decision decision) => decision.Events.Aggregate(file, (state, e) => state.Apply(e));

    public static void Refused(this Decision decision, string code) => Assert.Equal(code, decision.Refusal?.Code);

    public static T Single<T>(this Decision decision) where T : Event
    {
        Assert.Null(decision.Refusal);
        return Assert.IsType<T>(Assert.Single(decision.Events));
    }

    public static void Nothing(this Decision decision)
    {
        Assert.Null(decision.Refusal);
        Assert.Empty(decision.Events);
    }
}
