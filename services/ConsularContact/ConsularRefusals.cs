using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>Refusals that several features give: each is declared once, so that it has one text.</summary>
internal static class ConsularRefusals
{
    public static Refusal RegistrationUnknown { get; } = Refusal.NotFound("registration/unknown", "The person has no registration with this id. Look at the person again.");

    public static Refusal CountryUnknown(string? told, string field) =>
        Refusal.Invalid("registration/country-unknown", $"“{Dates.Shown(told ?? "")}” is not a country we know. Write its name or its three-letter code (ISO 3166-1).", field);

    public static Refusal PageLimit(int most) => Refusal.Invalid("list/limit", $"A page has 1 to {most} entries.", "limit");
}
