using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Xunit;

namespace CrisisCoordination.HumanitarianAid.Tests;

/// <summary>People and moments that the specs speak of.</summary>
internal static class People
{
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Tuesday = Monday.AddDays(1);
    public static readonly Guid Person = Guid.Parse("01900000-0000-7000-8000-000000000001"), Other = Guid.Parse("01900000-0000-7000-8000-000000000002");
    public static readonly Guid First = Guid.Parse("01900000-0000-7000-8000-0000000000f1"), Second = Guid.Parse("01900000-0000-7000-8000-0000000000f2");

    public static readonly Registration Adult = new() { FamilyName = "Thapa", BirthDate = new(1985, 1, 30), HouseholdReference = "H1" };
    public static readonly Registration Child = new() { FamilyName = "Thapa", BirthDate = new(2015, 6, 1) };

    public static PersonRegistered Registered(Registration form, bool inArea = false) => new(First, Guid.Empty, "R1", Channel.Self, inArea, form, Monday);

    public static RegistrationRepeated Repeated(Registration form) => new(Second, Guid.Empty, "R2", Channel.Phone, false, 20, [], form, Tuesday);

    public static RegistrationCorrected Corrected(Registration form) => new(First, "officer-1", form, "typing error", Tuesday);

    public static SharingConsentGiven SharesWith(params string[] agencies) => new(agencies, Monday);

    public static PersonErased Erased { get; } = new("admin", "asked for it", Tuesday);

    public static PersonInNeed Given(params IEnumerable<Event> events) => Fold<PersonInNeed>(Person, events);

    public static T Fold<T>(Guid id, IEnumerable<Event> events) where T : IFold<T> => events.Aggregate(T.Start(id), (state, e) => state.Apply(e));

    public static PersonInNeed With(this PersonInNeed person, Decision decision) => decision.Events.Aggregate(person, (state, e) => state.Apply(e));

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
