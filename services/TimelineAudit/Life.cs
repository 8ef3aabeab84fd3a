using System.Globalization;
using System.Text.Json;

namespace CrisisCoordination.TimelineAudit;

// This folder reads the finished timelines as a stranger would: from the export's text and the scenario's own files, with
// no type of the services. A mistake made there is not made here a second time.

/// <summary>What one person told in one form, as far as the rules ask.</summary>
internal sealed record Told(
    string Reference, DateTimeOffset At, string? BirthDate, HashSet<string> Nationalities, HashSet<string> Fears, HashSet<string> Needs,
    string? Role, string Mobility, string? DocumentStatus, DateOnly? DocumentExpiry, (double North, double East)? Position);

internal sealed record Held(Guid Plan, Guid Transport, string Code, string Space, int Leg, string? Country, long Version, DateTimeOffset At)
{
    /// <summary>When it was given up again.</summary>
    public long? Released { get; set; }
    public string? Why { get; set; }
}

internal sealed record Fear(HashSet<string> Countries, long Version, DateTimeOffset At, bool Withdrawn);
internal sealed record Consent(bool Given, Guid By, long Version, DateTimeOffset At);
internal sealed record Aboard(Guid Transport, long Version, DateTimeOffset At);
internal sealed record Paper(Guid Application, string Destination, HashSet<string> Transits, DateOnly ValidUntil, long Version, DateTimeOffset At)
{
    public bool Revoked { get; set; }
}
internal sealed record Assessed(int Tier, int Score, long Version);
internal sealed record BestInterests(bool MayDepart, Guid? Escort, long Version);
internal sealed record Left(Guid Plan, string Reason, long Version);

/// <summary>One person's timeline, read once from the first event to the last.</summary>
internal sealed class Life
{
    public Guid Id { get; private init; }
    public int Events { get; private set; }
    public List<string> References { get; } = [];
    public Dictionary<Guid, Told> Forms { get; } = [];
    public List<(Guid Household, long Version)> Households { get; } = [];
    public List<Fear> Fears { get; } = [];
    public List<Consent> Consents { get; } = [];
    public List<Held> Seats { get; } = [];
    public List<Aboard> Boarded { get; } = [];
    public List<Aboard> NoShows { get; } = [];
    public List<(Guid Transport, bool JourneyEnded)> Arrivals { get; } = [];
    public List<Paper> Papers { get; } = [];
    public List<Assessed> Assessments { get; } = [];
    public List<BestInterests> BestInterests { get; } = [];
    public List<Left> LeftBehind { get; } = [];
    public int Deliveries { get; private set; }
    public int Referrals { get; private set; }

    public DateTimeOffset WaitingSince => Forms.Values.Select(form => form.At).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    public string Mobility => Forms.Values.Select(form => form.Mobility).DefaultIfEmpty("none").MaxBy(mobility => Array.IndexOf(["none", "wheelchair", "stretcher"], mobility))!;

    public HashSet<string> Nationalities => [.. Forms.Values.SelectMany(form => form.Nationalities)];

    public Guid? HouseholdAt(long version) => Households.Where(joined => joined.Version < version).Select(joined => (Guid?)joined.Household).LastOrDefault();

    /// <summary>Under 18 on that day, in doubt too; where no birth date is known, what the household calls them decides.</summary>
    public bool IsChild(DateTimeOffset on) => Forms.Values.Any(form => form.BirthDate is null ? form.Role == "child" || form.Needs.Contains("SC") : YoungerThan(form, 18, on, inDoubt: true));

    public bool IsSurelyChild(DateTimeOffset on) => Forms.Count > 0 && Forms.Values.All(form => YoungerThan(form, 18, on, inDoubt: false));

    public bool MayBeInfant(DateTimeOffset on) => Forms.Values.Any(form => YoungerThan(form, 2, on, inDoubt: true));

    public bool IsSurelyInfant(DateTimeOffset on) => Forms.Count > 0 && Forms.Values.All(form => YoungerThan(form, 2, on, inDoubt: false));

    /// <summary>
    /// Whether the person feared the country when something was done to them: stated on the timeline before it or told to
    /// have happened before it, and not taken back in between; or written in a form.
    /// </summary>
    public bool Feared(string? country, long version, DateTimeOffset? at)
    {
        if (country is null) return false;
        var feared = Forms.Values.Any(form => form.Fears.Contains(country));
        foreach (var fear in Fears.Where(fear => fear.Countries.Contains(country)))
            if (fear.Version < version) feared = !fear.Withdrawn;
            else if (!fear.Withdrawn && at is { } then && fear.At < then) feared = true;
        return feared;
    }

    public bool Consented(long version) => Consents.LastOrDefault(consent => consent.Version < version) is { Given: true } last
        && !(last.By == Id && IsSurelyChild(last.At));

    /// <summary>One line of the export.</summary>
    public static Life Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var life = new Life { Id = root.GetProperty("personId").GetGuid() };
        foreach (var e in root.GetProperty("events").EnumerateArray().OrderBy(e => e.GetProperty("version").GetInt64()))
        {
            life.Events++;
            var data = e.GetProperty("data");
            life.Apply(e.GetProperty("type").GetString()!, e.GetProperty("version").GetInt64(),
                (e.TryGetProperty("at", out var at) ? at : data.GetProperty("at")).GetDateTimeOffset(), data);
        }
        return life;
    }

    private void Apply(string type, long version, DateTimeOffset at, JsonElement data)
    {
        switch (type)
        {
            case "person_registered" or "registration_repeated":
                var reference = data.GetProperty("reference").GetString()!;
                References.Add(reference);
                Forms[Id("registrationId")] = Form(reference);
                break;
            case "registration_corrected":
                Forms[Id("registrationId")] = Form(Forms.GetValueOrDefault(Id("registrationId"))?.Reference ?? "");
                break;
            case "household_joined":
                Households.Add((Id("householdId"), version));
                break;
            case "fear_of_return_stated" or "fear_of_return_withdrawn":
                Fears.Add(new([.. Texts(data, "countries")], version, at, type == "fear_of_return_withdrawn"));
                break;
            case "evacuation_consent_given":
                Consents.Add(new(true, Id("by"), version, at));
                break;
            case "evacuation_consent_withdrawn":
                Consents.Add(new(false, default, version, at));
                break;
            case "needs_assessed":
                Assessments.Add(new(data.GetProperty("tier").GetInt32(), data.GetProperty("score").GetInt32(), version));
                break;
            case "best_interests_decided":
                BestInterests.Add(new(data.GetProperty("mayDepart").GetBoolean(), data.TryGetProperty("escortId", out var escort) && escort.ValueKind == JsonValueKind.String ? escort.GetGuid() : null, version));
                break;
            case "travel_document_issued":
                Papers.Add(new(Id("applicationId"), data.GetProperty("destination").GetString()!, [.. Texts(data, "transits")], DateOnly.Parse(data.GetProperty("validUntil").GetString()!, CultureInfo.InvariantCulture), version, at));
                break;
            case "travel_document_revoked":
                foreach (var paper in Papers.Where(paper => paper.Application == Id("applicationId"))) paper.Revoked = true;
                break;
            case "seat_held":
                Seats.Add(new(Id("planId"), Id("transportId"), data.GetProperty("transportCode").GetString()!, Text(data, "space") ?? "none", data.GetProperty("leg").GetInt32(), Text(data, "destinationCountry"), version, at));
                break;
            case "seat_released" or "no_show":
                if (type == "no_show") NoShows.Add(new(Id("transportId"), version, at));
                foreach (var seat in Seats.Where(seat => seat.Transport == Id("transportId") && seat.Released is null)) (seat.Released, seat.Why) = (version, Text(data, "reason") ?? "no-show");
                break;
            case "left_behind":
                LeftBehind.Add(new(Id("planId"), data.GetProperty("reason").GetString()!, version));
                break;
            case "boarded":
                Boarded.Add(new(Id("transportId"), version, at));
                break;
            case "arrived":
                Arrivals.Add((Id("transportId"), data.TryGetProperty("journeyEnded", out var ended) && ended.GetBoolean()));
                break;
            case "aid_delivered":
                Deliveries++;
                break;
            case "referral_offered":
                Referrals++;
                break;
        }

        Guid Id(string member) => data.GetProperty(member).GetGuid();

        Told Form(string reference)
        {
            // An erased person's form is gone.
            var form = data.TryGetProperty("form", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
            var document = form.ValueKind == JsonValueKind.Object && form.TryGetProperty("document", out var held) && held.ValueKind == JsonValueKind.Object ? held : default;
            return new(
                reference, at, Text(form, "birthDate"), [.. new[] { Text(form, "nationality"), Text(form, "secondNationality") }.OfType<string>()],
                [.. Texts(form, "fearOfReturnTo")], [.. Texts(form, "specificNeeds")], Text(form, "householdRole"), Text(form, "mobility") ?? "none", Text(document, "status"),
                DateOnly.TryParse(Text(document, "expiry"), CultureInfo.InvariantCulture, out var expiry) ? expiry : null,
                form.ValueKind == JsonValueKind.Object && form.TryGetProperty("position", out var position) && position.ValueKind == JsonValueKind.Object
                    ? (position.GetProperty("latitude").GetDouble(), position.GetProperty("longitude").GetDouble()) : null);
        }
    }

    private static string? Text(JsonElement data, string member) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement data, string member) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.GetString()).OfType<string>() : [];

    // A birth date may be a year or a month only; doubt is between its first and its last day.
    private static bool YoungerThan(Told form, int years, DateTimeOffset on, bool inDoubt)
    {
        if (form.BirthDate?.Split('-').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is not { } parts) return false;
        var month = parts.Length > 1 ? parts[1] : inDoubt ? 12 : 1;
        var day = parts.Length > 2 ? parts[2] : inDoubt ? DateTime.DaysInMonth(parts[0], month) : 1;
        return new DateOnly(parts[0], month, day).AddYears(years) > DateOnly.FromDateTime(on.UtcDateTime);
    }
}
