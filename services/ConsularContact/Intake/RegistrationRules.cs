using System.Globalization;
using System.Text;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>Why a form is refused: the column at fault, a stable code, and a sentence for the officer who must put it right.</summary>
public sealed record RowFault(string Column, string Code, string Message)
{
    /// <summary>The same place in the JSON form.</summary>
    public string Field => Column switch
    {
        "date_of_birth" => "birthDate",
        "document_no" => "document.number",
        "document_type" or "document_expiry" or "document_status" => "document." + Column["document_".Length..],
        "latitude" or "longitude" => "position." + Column,
        "household_ref" => "householdReference",
        _ => string.Concat(Column.Split('_').Select((w, i) => i == 0 || w.Length == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..])),
    };
}

/// <summary>What a registration must hold to, the same for a form over HTTP and a row of a file.</summary>
public static class RegistrationRules
{
    /// <summary>The codes of specific needs (UNHCR; PG = pregnant).</summary>
    public static IReadOnlyList<string> SpecificNeeds { get; } = ["CR", "SC", "WR", "ER", "SP", "DS", "SM", "FU", "LP", "TR", "SV", "PG", "OX"];

    /// <summary>What can be needed now.</summary>
    public static IReadOnlyList<string> NeedsNow { get; } = ["food", "water", "shelter", "medical", "protection"];

    /// <summary>The ways to reach somebody.</summary>
    public static IReadOnlyList<string> Channels { get; } = ["voice", "sms", "email"];

    // Generous on purpose: a limit is there to stop a mistake (a whole file in one field), not to shorten a name.
    private const int Short = 100, Name = 200, Long = 500, Notes = 20_000, Items = 50;

    /// <summary>
    /// The form as it is stored: trimmed, blanks as null, countries and codes in their one spelling. What cannot be read
    /// stays as it was written, for <see cref="Validate"/> to refuse. Free text keeps everything but U+0000 and broken
    /// surrogates, which PostgreSQL cannot store.
    /// </summary>
    public static Registration Normalise(Registration form) => form with
    {
        FamilyName = Text(form.FamilyName),
        GivenNames = Text(form.GivenNames),
        NameInOriginalScript = Text(form.NameInOriginalScript),
        Nationality = Country(form.Nationality),
        SecondNationality = Country(form.SecondNationality),
        Document = form.Document is { } d ? d with { Type = Text(d.Type) ?? "", Number = Text(d.Number) } : null,
        Phone = Text(form.Phone),
        Email = Text(form.Email),
        Language = Text(form.Language)?.ToLowerInvariant(),
        InterpreterLanguage = Text(form.InterpreterLanguage)?.ToLowerInvariant(),
        SafeChannels = Each(form.SafeChannels, s => s.ToLowerInvariant()),
        SafeTimes = Each(form.SafeTimes, s => SafeTime.TryRead(s, out var time) ? time.ToString() : s),
        Place = Text(form.Place),
        HouseholdReference = Text(form.HouseholdReference),
        HouseholdRole = Text(form.HouseholdRole)?.ToLowerInvariant(),
        SpecificNeeds = Each(form.SpecificNeeds, s => s.ToUpperInvariant()),
        NeedsNow = Each(form.NeedsNow, s => s.ToLowerInvariant()),
        FearOfReturnTo = Each(form.FearOfReturnTo, s => Country(s)!),
        SectorOfWork = Text(form.SectorOfWork),
        MigrationStatus = Text(form.MigrationStatus),
        ShareWith = Each(form.ShareWith, s => s),
        Notes = Text(form.Notes),
    };

    /// <summary>Everything that is wrong with a normalised form; empty when it can be taken.</summary>
    public static IReadOnlyList<RowFault> Validate(Registration form, DateTimeOffset registeredAt) =>
    [
        .. NoName(form), .. Birth(form.BirthDate, registeredAt), .. Where(form.Position),
        .. KnownCountry("nationality", form.Nationality), .. KnownCountry("second_nationality", form.SecondNationality),
        .. (form.FearOfReturnTo ?? []).Take(Items).SelectMany(c => KnownCountry("fear_of_return_to", c)),
        .. Codes("specific_needs", "need", form.SpecificNeeds, SpecificNeeds), .. Codes("needs_now", "need", form.NeedsNow, NeedsNow),
        .. Codes("safe_channels", "way to reach somebody", form.SafeChannels, Channels), .. Times(form.SafeTimes),
        .. Defined("sex", form.Sex), .. Defined("mobility", form.Mobility), .. Defined("document_status", form.Document?.Status ?? DocumentStatus.None),
        .. TooLong("family_name", form.FamilyName, Name), .. TooLong("given_names", form.GivenNames, Name),
        .. TooLong("name_in_original_script", form.NameInOriginalScript, Name),
        .. TooLong("document_type", form.Document?.Type, Short), .. TooLong("document_no", form.Document?.Number, Short),
        .. TooLong("phone", form.Phone, Short), .. TooLong("email", form.Email, 254), .. TooLong("language", form.Language, Short),
        .. TooLong("interpreter_language", form.InterpreterLanguage, Short), .. TooMany("safe_channels", form.SafeChannels), .. TooMany("safe_times", form.SafeTimes),
        .. TooLong("place", form.Place, Long), .. TooLong("household_ref", form.HouseholdReference, Short),
        .. TooLong("household_role", form.HouseholdRole, Short), .. TooLong("sector_of_work", form.SectorOfWork, Short),
        .. TooLong("migration_status", form.MigrationStatus, Short), .. TooLong("notes", form.Notes, Notes),
        .. TooMany("specific_needs", form.SpecificNeeds), .. TooMany("needs_now", form.NeedsNow),
        .. TooMany("fear_of_return_to", form.FearOfReturnTo), .. TooMany("share_with", form.ShareWith),
        .. (form.ShareWith ?? []).Take(Items).SelectMany(agency => TooLong("share_with", agency, Short)),
    ];

    /// <summary>Trimmed, null when there is nothing to be seen, and storable.</summary>
    internal static string? Text(string? text)
    {
        if (text is null || text.All(IsUnseen)) return null;
        if (text.Contains('\0') || text.Any(char.IsSurrogate))
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal)));
        return text.Trim() is { Length: > 0 } trimmed ? trimmed : null;
    }

    // Marks that turn or join letters show nothing by themselves.
    private static bool IsUnseen(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static string? Country(string? text) => Countries.TryParse(text, out var alpha3) ? alpha3 : Text(text);

    private static List<string> Each(IReadOnlyList<string>? items, Func<string, string> spell) =>
        [.. (items ?? []).Select(Text).OfType<string>().Select(spell).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<RowFault> NoName(Registration form)
    {
        if (HasLetter(form.FamilyName) || HasLetter(form.GivenNames)) yield break;
        yield return new("family_name", "registration/no-name", "There is neither a family name nor a given name. Enter at least one, as the person gives it.");
    }

    private static bool HasLetter(string? name) => (name ?? "").EnumerateRunes().Any(Rune.IsLetter);

    private static IEnumerable<RowFault> Birth(BirthDate? date, DateTimeOffset registeredAt)
    {
        // The day is already tomorrow somewhere: a child born this morning in Manila is no mistake.
        var today = DateOnly.FromDateTime(registeredAt.UtcDateTime is var t && t < DateTime.MaxValue.AddDays(-1) ? t.AddHours(14) : t);
        if (date is { } born && (born.Year == 0 || born.Year < 1900))
            yield return new("date_of_birth", "registration/birth-date-too-early", $"The birth date {born} is before 1900. Check the year.");
        else if (date?.Earliest > today)
            yield return new("date_of_birth", "registration/birth-date-in-future", $"The birth date {date} is later than the registration. Check the year.");
    }

    private static IEnumerable<RowFault> Where(Position? position)
    {
        if (position is null) yield break;
        if (!(Math.Abs(position.Latitude) <= 90)) yield return OutOfRange("latitude", position.Latitude, 90);
        if (!(Math.Abs(position.Longitude) <= 180)) yield return OutOfRange("longitude", position.Longitude, 180);
    }

    private static RowFault OutOfRange(string column, double value, int limit) => new(column, $"registration/{column}-out-of-range",
        string.Create(CultureInfo.InvariantCulture, $"The {column} {value} is not between -{limit} and {limit}. Check the decimal point, or leave the position out."));

    private static IEnumerable<RowFault> KnownCountry(string column, string? code)
    {
        if (code is null || Countries.IsCode(code)) yield break;
        var refusal = ConsularRefusals.CountryUnknown(code, column);
        yield return new(column, refusal.Code, refusal.Detail);
    }

    private static IEnumerable<RowFault> Codes(string column, string what, IReadOnlyList<string>? given, IReadOnlyList<string> known) =>
        (given ?? []).Where(code => code is null || !known.Contains(code, StringComparer.Ordinal)).Take(Items).Select(code => Unknown(column, what, code, known));

    // A time that cannot be read would let somebody call when it is dangerous.
    private static IEnumerable<RowFault> Times(IReadOnlyList<string>? times) =>
        (times ?? []).Where(time => !SafeTime.TryRead(time, out _)).Take(Items).Select(time => new RowFault("safe_times", "registration/safe-time-unreadable",
            $"“{Dates.Shown(time ?? "")}” is no time of day with its distance from UTC. Write it as 18:00-20:00+02:00."));

    private static IEnumerable<RowFault> Defined<T>(string column, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) yield return Unknown(column, column, value.ToString(), Enum.GetNames<T>());
    }

    /// <summary>The refusal of a word outside a closed list; it names the list, so that it can be put right at once.</summary>
    internal static RowFault Unknown(string column, string what, string? given, IEnumerable<string> known) => new(column, $"registration/{column.Replace('_', '-')}-unknown",
        $"“{Dates.Shown(given ?? "")}” is no {what.Replace('_', ' ')} we know. Use one of: {string.Join(", ", known)}.");

    /// <summary>The refusal of text longer than the field can be.</summary>
    internal static IEnumerable<RowFault> TooLong(string column, string? text, int limit)
    {
        if (text?.Length > limit)
            yield return new(column, "registration/too-long", $"The text has {text.Length} characters; {column.Replace('_', ' ')} takes at most {limit}. Was something pasted into the wrong field?");
    }

    private static IEnumerable<RowFault> TooMany(string column, IReadOnlyList<string>? items)
    {
        if (items?.Count > Items) yield return new(column, "registration/too-many", $"There are {items.Count} entries; {column.Replace('_', ' ')} takes at most {Items}.");
    }
}
