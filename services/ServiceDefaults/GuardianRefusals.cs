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

    /// <summary>403: of a child who is alone two protection officers say who answers for them.</summary>
    public static Refusal ProtectionOfficerNeeded { get; } = Refusal.Forbidden("guardian/protection-officer-needed",
        "This child is alone, so two protection officers record who answers for them. Call one: POST /people/{personId}/guardians.");
}
