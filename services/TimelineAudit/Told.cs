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
        var document = Part(form, "document");
        return new(
            reference, entry.At, Entry.TextOf(form, "birthDate"),
            [.. new[] { Entry.TextOf(form, "nationality"), Entry.TextOf(form, "secondNationality") }.OfType<string>()],
            [.. Entry.TextsOf(form, "fearOfReturnTo")], [.. Entry.TextsOf(form, "specificNeeds")], Entry.TextOf(form, "householdRole"),
            Entry.TextOf(form, "mobility") ?? "none", Entry.TextOf(document, "status"),
            DateOnly.TryParse(Entry.TextOf(document, "expiry"), CultureInfo.InvariantCulture, out var expiry) ? expiry : null,
            PositionIn(form))
        {
            WaitsSince = DateTimeOffset.TryParse(entry.Text("receivedAt"), CultureInfo.InvariantCulture, out var received) ? received : entry.At,
            Now = [.. Entry.TextsOf(form, "needsNow")],
            IsGone = form.ValueKind != JsonValueKind.Object,
            Order = entry.Order,
        };
    }

    /// <summary>The day from which on they are no child by it; null where it tells no birth date. In doubt the last one.</summary>
    public DateOnly? OfAgeOn =>
        BirthDate?.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is not { } parts ? null
        : new DateOnly(parts[0], parts.Length > 1 ? parts[1] : 12, 1) is var month && parts.Length > 2 ? month.AddDays(parts[2] - 1).AddYears(18)
        : month.AddMonths(1).AddDays(-1).AddYears(18);

    /// <summary>Under so many years on that day. A birth date may be a year or a month only: in doubt it is its last day.</summary>
    public bool YoungerThan(int years, DateOnly on, bool inDoubt)
    {
        if (BirthDate?.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is not { } parts) return false;
        var month = parts.Length > 1 ? parts[1] : inDoubt ? 12 : 1;
        var day = parts.Length > 2 ? parts[2] : inDoubt ? DateTime.DaysInMonth(parts[0], month) : 1;
        return new DateOnly(parts[0], month, day).AddYears(years) > on;
    }

    /// <summary>What a sender says who is no post does not make them wait longer: when it came counts.</summary>
    public DateTimeOffset WaitsSince { get; init; }

    /// <summary>When it was recorded, by its place among all events.</summary>
    public long Order { get; init; }

    /// <summary>What they need now.</summary>
    public HashSet<string> Now { get; private init; } = [];

    /// <summary>Something that takes from others, and was not in the form before.</summary>
    public bool AsksMoreThan(Told before) => Needs.Except(before.Needs).Any() || Now.Except(before.Now).Any();

    /// <summary>Degrees; null where none are told.</summary>
    public static (double North, double East)? PositionIn(JsonElement of) => Part(of, "position") is { ValueKind: JsonValueKind.Object } position
        ? (position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble()) : null;

    public static double Kilometres((double North, double East) a, (double North, double East) b)
    {
        const double radians = Math.PI / 180;
        var h = Math.Pow(Math.Sin((b.North - a.North) * radians / 2),
            2) + (Math.Cos(a.North * radians) * Math.Cos(b.North * radians) * Math.Pow(Math.Sin((b.East - a.East) * radians / 2), 2));
        return 2 * 6371 * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    private static JsonElement Part(JsonElement of, string member) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var part) && part.ValueKind == JsonValueKind.Object ? part
            : default;
}
