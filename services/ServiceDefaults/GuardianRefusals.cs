using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>What an officer and a gate are told alike when they say who answers for a child (rule C).</summary>
public static class GuardianRefusals
{
    private const int Most = 50;

    /// <summary>What may have been looked at, where a tie is confirmed.</summary>
    public static IReadOnlyList<string> AllGrounds { get; } = ["papers", "asked-both", "decision"];

    /// <summary>Why an act for a whole family cannot be read, or null.</summary>
    public static Refusal? Malformed(IReadOnlyList<Guid> guardians, IReadOnlyList<Guid> children, string? grounds) =>
        !AllGrounds.Contains(grounds) ? GroundsUnknown
        : guardians.Count is 0 or > Most ? Refusal.Invalid("guardian/whom", $"Name 1 to {Most} adults.", "guardians")
        : children.Count is 0 or > Most ? Refusal.Invalid("guardian/which-child", $"Name 1 to {Most} children.", "children")
        : null;

    /// <summary>422: what was looked at is none of the codes.</summary>
    public static Refusal GroundsUnknown { get; } = Refusal.Invalid("guardian/grounds-unknown", $"Say what you looked at: {string.Join(", ", AllGrounds)}.", "grounds");

    /// <summary>422: the one named to answer for a child is one.</summary>
    public static Refusal AChild { get; } =
        Refusal.Invalid("guardian/a-child", "The person who answers for a child must be an adult. Name another person, or have their birth date corrected.");

    /// <summary>409: nobody answers for an adult.</summary>
    public static Refusal NotAChild { get; } = Refusal.Conflict("guardian/not-a-child", "This person is recorded as an adult. If that is wrong, correct the birth date first.");

    /// <summary>403: of a child who is or was alone, and of an adult who was denied, two protection officers say who answers for the child.</summary>
    public static Refusal ProtectionOfficerNeeded { get; } = Refusal.Forbidden("guardian/protection-officer-needed",
        "This child is or was reported alone, or an officer denied that this adult answers for them. So two protection officers record who does. Call one: POST /people/{personId}/guardians.");

    /// <summary>422: whoever acts for a child is surely an adult.</summary>
    public static Refusal AgeUnknown { get; } = Refusal.Invalid("guardian/age-unknown",
        "Nobody has recorded when this adult was born, and only an adult acts for a child. Ask them or look at their papers, correct their registration, and try again. A year is enough.");

    /// <summary>403: who made a family up is no witness of it.</summary>
    public static Refusal AnotherOfficerNeeded { get; } = Refusal.Forbidden("guardian/another-officer-needed",
        "You brought this adult and this child together on record yourself, later than their first registrations. Another officer or the gate must see them together. Call a colleague.");

    /// <summary>Why this account cannot say that it saw a child and an adult together, asked alike at a desk and at a gate; null when it can.</summary>
    /// <param name="child">Who answers for the child.</param>
    /// <param name="adults">The same of the adult: how they came to their households.</param>
    /// <param name="records">What else the adult is known as.</param>
    public static Refusal? WhyNotSeen(Ties child, Guid adult, Ties adults, RecordStatus records, string account) =>
        child.TakesTwo(adult, records) ? ProtectionOfficerNeeded
        : child.IsToldBy(account, adult, adults, records.Duplicates) ? AnotherOfficerNeeded
        : null;
}
