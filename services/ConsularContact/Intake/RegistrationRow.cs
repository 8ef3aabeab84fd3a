using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>A registration as it came in: when, how, and the sender's own reference, by which a second import is recognised.</summary>
public sealed record RegistrationForm(DateTimeOffset RegisteredAt, Channel Channel, string Reference, Registration Registration);

/// <summary>One row of a file: its number as a spreadsheet shows it (the header is row 1), and a form or what is wrong with it.</summary>
public sealed record RowResult(int RowNumber, IReadOnlyDictionary<string, string> Columns, string Raw, RegistrationForm? Form, IReadOnlyList<RowFault> Faults)
{
    /// <summary>
    /// The row with its time held against our clock and its crisis, as one that comes over HTTP is. Whatever is said later by anybody
    /// else would never count as last beside a registration of the year 2099.
    /// </summary>
    public RowResult HeldAgainst(DateTimeOffset now, DateTimeOffset crisisOpenedAt) =>
        Form is null ? this
        : (ReportedTime.Read(Form.RegisteredAt, now, out var at, "registered_at") ?? EarliestTimes.Refuse(at, crisisOpenedAt)) is { } untimely
            ? this with { Form = null, Faults = [new("registered_at", untimely.Code, untimely.Detail.Replace("registeredAt", "registered_at", StringComparison.Ordinal))] }
        : this with { Form = Form with { RegisteredAt = at } };
}

/// <summary>Reads one row. It only converts; what a registration must hold to is in <see cref="RegistrationRules"/>.</summary>
public static class RegistrationRow
{
    /// <summary>The form, or all that is wrong with the row at once, so that it is put right in one go.</summary>
    public static RowResult Read(IReadOnlyDictionary<string, string> columns, int rowNumber, string raw = "")
    {
        var faults = new List<RowFault>();

        if (!Dates.TryReadMoment(Cell("registered_at"), out var registeredAt))
            Refuse("registered_at", "registration/registered-at-unreadable", "The time of registration is missing or unreadable. Write it as 2023-04-15T08:00:57Z.");
        var reference = Cell("reference");
        if (reference is null) Refuse("reference", "registration/reference-missing", "Give a reference of at most 100 characters, so that the same registration sent again is recognised.");
        faults.AddRange(RegistrationRules.TooLong("reference", reference, 100));

        var form = RegistrationRules.Normalise(new()
        {
            FamilyName = Cell("family_name"),
            GivenNames = Cell("given_names"),
            NameInOriginalScript = Cell("name_in_original_script"),
            Sex = Word("sex", Sexes, Sex.NotKnown),
            BirthDate = Birth(),
            Nationality = Cell("nationality"),
            SecondNationality = Cell("second_nationality"),
            Document = Document(),
            Phone = Cell("phone"),
            Email = Cell("email"),
            Language = Cell("language"),
            InterpreterLanguage = Cell("interpreter_language"),
            SafeChannels = List("safe_channels"),
            SafeTimes = List("safe_times"),
            FemaleOfficer = Word("female_officer", YesOrNo, false),
            Place = Cell("place"),
            Position = Position(),
            HouseholdReference = Cell("household_ref"),
            HouseholdRole = Cell("household_role"),
            SpecificNeeds = List("specific_needs"),
            Mobility = Word("mobility", Mobilities, Mobility.None),
            NeedsNow = List("needs_now"),
            FearOfReturnTo = List("fear_of_return_to"),
            SectorOfWork = Cell("sector_of_work"),
            MigrationStatus = Cell("migration_status"),
            ShareWith = List("share_with"),
            Notes = Cell("notes"),
        });
        // An unreadable channel is a fault, so the value it falls back to is never stored.
        var channel = Cell("channel") is null ? Word("channel", Channels, default, "missing") : Word("channel", Channels, default);
        // Without a time of registration there is no "future" to hold a birth date against.
        faults.AddRange(RegistrationRules.Validate(form, registeredAt == default ? DateTimeOffset.MaxValue : registeredAt));
        return new(rowNumber, columns, raw, faults.Count == 0 ? new(registeredAt, channel, reference!, form) : null, faults);

        string? Cell(string column) => RegistrationRules.Text(columns.GetValueOrDefault(column));
        string[] List(string column) => Cell(column)?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        void Refuse(string column, string code, string message) => faults.Add(new(column, code, message));

        T Word<T>(string column, Dictionary<string, T> words, T whenBlank, string? whenMissing = null) where T : struct
        {
            var word = Cell(column) ?? whenMissing;
            if (word is null) return whenBlank;
            if (words.TryGetValue(word, out var value)) return value;
            faults.Add(RegistrationRules.Unknown(column, column, word, words.Keys));
            return whenBlank;
        }

        BirthDate? Birth()
        {
            if (!Dates.TryReadBirthDate(Cell("date_of_birth"), out var date, out var fault)) Refuse("date_of_birth", "registration/birth-date-impossible", fault);
            return date;
        }

        HeldDocument? Document()
        {
            var (type, number, status) = (Cell("document_type"), Cell("document_no"), Word("document_status", Statuses, DocumentStatus.None));
            if (!Dates.TryReadDay(Cell("document_expiry"), out var expiry, out var fault)) Refuse("document_expiry", "registration/expiry-impossible", fault);
            return type is null && number is null && expiry is null && status == DocumentStatus.None ? null : new(type ?? "", number, expiry, status);
        }

        Position? Position()
        {
            var (north, east) = (Degrees("latitude"), Degrees("longitude"));
            if (Cell("latitude") is null != Cell("longitude") is null)
                Refuse(Cell("latitude") is null ? "latitude" : "longitude", "registration/position-incomplete", "Latitude and longitude go together: one of them is missing. Enter both or neither.");
            return north is { } latitude && east is { } longitude ? new(latitude, longitude) : null;
        }

        double? Degrees(string column)
        {
            if (Cell(column) is not { } text) return null;
            if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)) return degrees;
            Refuse(column, $"registration/{column}-unreadable", $"“{Dates.Shown(text)}” is not a {column} in decimal degrees, such as 15.62174.");
            return null;
        }
    }

    private static readonly Dictionary<string, Channel> Channels = Words<Channel>("self consulate phone partner", "Self Consulate Phone Partner");
    private static readonly Dictionary<string, Mobility> Mobilities = Words<Mobility>("none wheelchair stretcher", "None Wheelchair Stretcher");
    private static readonly Dictionary<string, DocumentStatus> Statuses = Words<DocumentStatus>("none valid expired lost withheld_by_employer", "None Valid Expired Lost WithheldByEmployer");
    private static readonly Dictionary<string, bool> YesOrNo = new(StringComparer.OrdinalIgnoreCase) { ["yes"] = true, ["no"] = false, ["y"] = true, ["n"] = false, ["true"] = true, ["false"] = false, ["1"] = true, ["0"] = false };
    private static readonly Dictionary<string, Sex> Sexes = Words<Sex>(
        "female male f m x other unknown woman man girl boy u 0 1 2 9", "Female Male Female Male Other Other NotKnown Female Male Female Male NotKnown NotKnown Male Female NotKnown");

    private static Dictionary<string, T> Words<T>(string words, string values) where T : struct, Enum =>
        words.Split(' ').Zip(values.Split(' '), (word, value) => (word, Enum.Parse<T>(value))).ToDictionary(p => p.word, p => p.Item2, StringComparer.OrdinalIgnoreCase);
}
