using System.Globalization;
using System.Text.Json;

namespace CrisisCoordination.TimelineAudit;

/// <summary>What one person told in one form, as far as the rules ask.</summary>
internal sealed record Told(
    string Reference, DateTimeOffset At, string? BirthDate, HashSet<string> Nationalities, HashSet<string> Fears, HashSet<string> Needs,
    string? Role, string Mobility, string? DocumentStatus, DateOnly? DocumentExpiry, (double North, double East)? Position)
{
    /// <summary>Said to be a child without the family.</summary>
    public bool SaidToBeAlone => Needs.Contains("SC");

    /// <summary>Called a child, whatever the birth date says.</summary>
    public bool CalledChild => IsChildRole(Role) || SaidToBeAlone || Needs.Contains("CR");

    public static bool IsChildRole(string? role) =>
        role?.Trim().ToLowerInvariant() is "child" or "son" or "daughter" or "grandchild" or "grandson" or "granddaughter"
            or "infant" or "baby" or "minor";

    /// <summary>The person was erased, and the form with them: it tells nothing, and what it told is known to nobody any more.</summary>
    public bool IsGone { get; private init; }

    public static Told Of(Entry entry, string reference)
    {
        var form = Part(entry.Data, "form");
        var (document, position) = (Part(form, "document"), Part(form, "position"));
        return new(
            reference, entry.At, Entry.TextOf(form, "birthDate"),
            [.. new[] { Entry.TextOf(form, "nationality"), Entry.TextOf(form, "secondNationality") }.OfType<string>()],
            [.. Entry.TextsOf(form, "fearOfReturnTo")], [.. Entry.TextsOf(form, "specificNeeds")], Entry.TextOf(form, "householdRole"),
            Entry.TextOf(form, "mobility") ?? "none", Entry.TextOf(document, "status"),
            DateOnly.TryParse(Entry.TextOf(document, "expiry"), CultureInfo.InvariantCulture, out var expiry) ? expiry : null,
            position.ValueKind == JsonValueKind.Object
                ? (position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble()) : null)
        { IsGone = form.ValueKind != JsonValueKind.Object };
    }

    /// <summary>Under so many years on that day. A birth date may be a year or a month only: in doubt it is its last day.</summary>
    public bool YoungerThan(int years, DateOnly on, bool inDoubt)
    {
        if (BirthDate?.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is not { } parts) return false;
        var month = parts.Length > 1 ? parts[1] : inDoubt ? 12 : 1;
        var day = parts.Length > 2 ? parts[2] : inDoubt ? DateTime.DaysInMonth(parts[0], month) : 1;
        return new DateOnly(parts[0], month, day).AddYears(years) > on;
    }

    private static JsonElement Part(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var part) && part.ValueKind == JsonValueKind.Object ? part
            : default;
}
