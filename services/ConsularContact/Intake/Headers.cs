using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Intake;

/// <summary>What a sender's own headers mean, as an officer said.</summary>
/// <param name="Columns">Their header → our column; null when the column is not to be read.</param>
/// <param name="Absent">Columns of ours that the sender does not have. Each of its cells counts as blank.</param>
public sealed record ColumnMapping(IReadOnlyDictionary<string, string?> Columns, IReadOnlyList<string> Absent)
{
    public static ColumnMapping None { get; } = new(new Dictionary<string, string?>(StringComparer.Ordinal), []);

    /// <summary>These, and of the other mapping what they do not say.</summary>
    public ColumnMapping Over(ColumnMapping other)
    {
        var said = Columns.Keys.Select(Headers.Key).ToHashSet(StringComparer.Ordinal);
        return new(
            Columns.Concat(other.Columns.Where(c => !said.Contains(Headers.Key(c.Key)))).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal),
            [.. Absent.Union(other.Absent, StringComparer.Ordinal)]);
    }
}

/// <summary>
/// Which of our columns stand where in a file. Headers are known in several spellings and languages, in any case and with
/// any marks between the words. Only spellings that can mean one thing are known: a plain "Name" may be a family name or a
/// whole name, so somebody must say which.
/// </summary>
public sealed record Headers
{
    // A misspelt header would silently empty its column. That is an annoyance for an e-mail address; for a claim to
    // protection, a need or a consent it harms, so these must be there even when every cell is blank.
    private static readonly string[] Required =
    [
        "registered_at", "channel", "reference", "family_name", "given_names", "sex", "date_of_birth", "nationality",
        "specific_needs", "mobility", "needs_now", "fear_of_return_to", "share_with",
    ];

    private static readonly string[] NeverAbsent = ["registered_at", "channel", "reference", "family_name"];

    private const string Passport = "document_no of a passport";

    private static readonly Dictionary<string, string> Spellings = new (string Column, string Spellings)[]
    {
        ("registered_at", "registration date|date of registration|registration time|registered on|date registered|date d'enregistrement|date d'inscription|fecha de registro|data de registo|registrierungsdatum|registriert am|data di registrazione|تاريخ التسجيل|дата регистрации"),
        ("channel", "registration channel|registered through|canal|kanal|canale|قناة التسجيل"),
        ("reference", "reference no|reference number|ref|ref no|registration no|registration number|case number|référence|numéro de référence|referencia|número de referencia|referenz|referenznummer|riferimento|referência|رقم المرجع|номер дела"),
        ("family_name", "surname|last name|family names|surnames|last names|nom|nom de famille|apellido|apellidos|nachname|familienname|cognome|sobrenome|apelido|اسم العائلة|اللقب|фамилия|soyadı"),
        ("given_names", "given name|first name|first names|forename|forenames|prénom|prénoms|nombre de pila|nombres|vorname|vornamen|primeiro nome|الاسم الأول|имя|adı"),
        ("name_in_original_script", "original script|name in native script|native name|name in own script|nom en écriture d'origine|name in originalschrift"),
        ("sex", "gender|sexe|sexo|geschlecht|sesso|género|genre|الجنس|пол|cinsiyet"),
        ("date_of_birth", "birth date|dob|d.o.b.|born|born on|birthday|date de naissance|né le|fecha de nacimiento|geburtsdatum|geboren am|data di nascita|data de nascimento|تاريخ الميلاد|تاريخ الولادة|дата рождения|doğum tarihi"),
        ("nationality", "citizenship|nationalité|nacionalidad|nacionalidade|staatsangehörigkeit|nationalität|cittadinanza|nazionalità|الجنسية|гражданство|uyruk"),
        ("second_nationality", "other nationality|dual nationality|2nd nationality|deuxième nationalité|autre nationalité|segunda nacionalidad|zweite staatsangehörigkeit|seconda cittadinanza"),
        ("document_type", "type of document|id type|travel document type|type de document|tipo de documento|dokumententyp|ausweisart|tipo di documento|نوع الوثيقة"),
        ("document_no", "document number|travel document no|travel document number|id no|id number|numéro de document|numéro du document|número de documento|dokumentennummer|ausweisnummer|numero del documento|رقم الوثيقة|номер документа"),
        (Passport, "passport|passport no|passport number|passport nr|numéro de passeport|no de passeport|n° de passeport|número de pasaporte|reisepassnummer|passnummer|numero di passaporto|número do passaporte|رقم الجواز|رقم جواز السفر|номер паспорта|pasaport no"),
        ("document_expiry", "expiry|expiry date|date of expiry|valid until|passport expiry|document expiry date|date d'expiration|valable jusqu'au|fecha de caducidad|fecha de vencimiento|gültig bis|ablaufdatum|data di scadenza|تاريخ الانتهاء"),
        ("document_status", "status of document|state of document|passport status|état du document|estado del documento"),
        ("phone", "phone no|phone number|telephone|telephone number|tel|tel no|mobile|mobile no|mobile number|cell phone|téléphone|numéro de téléphone|teléfono|número de teléfono|móvil|telefon|telefonnummer|handynummer|telefono|telefone|رقم الهاتف|الهاتف|телефон"),
        ("email", "e-mail|email address|e-mail address|courriel|adresse e-mail|correo|correo electrónico|e-mail-adresse|البريد الإلكتروني"),
        ("language", "preferred language|mother tongue|langue|idioma|sprache|lingua|língua|اللغة"),
        ("interpreter_language", "interpreter|language of interpreter|langue d'interprète|idioma del intérprete"),
        ("place", "location|place of stay|current location|current place|whereabouts|lieu|lugar|ort|aufenthaltsort|luogo|المكان|مكان الإقامة"),
        ("latitude", "lat|breitengrad|latitud"),
        ("longitude", "lon|long|lng|längengrad|longitud"),
        ("household_ref", "household|household reference|household id|household no|household number|family id|family no|ménage|numéro de ménage|hogar|haushalt"),
        ("household_role", "role in household|role in family|rôle dans le ménage|rol en el hogar"),
        ("specific_needs", "specific need|specific needs codes|besoins spécifiques|necesidades específicas|besondere bedürfnisse"),
        ("mobility", "mobilité|movilidad|mobilität|mobilità"),
        ("needs_now", "immediate needs|urgent needs|current needs|besoins immédiats|besoins urgents|necesidades inmediatas"),
        ("fear_of_return_to", "fear of return|fears return to|cannot return to|crainte de retour|temor de retorno a"),
        ("sector_of_work", "sector|occupation sector|secteur|secteur d'activité|sector de trabajo|branche"),
        ("migration_status", "residence status|statut migratoire|estado migratorio|aufenthaltsstatus"),
        ("share_with", "consent to share with|share data with|partager avec|compartir con"),
        ("notes", "note|remarks|comments|remarques|observations|observaciones|bemerkungen|anmerkungen|osservazioni|ملاحظات|примечания"),
        ("safe_channels", "safe contact channels"), ("safe_times", "safe contact times"), ("female_officer", "female officer wanted"),
    }.SelectMany(known => known.Spellings.Split('|').Append(known.Column).Select(spelling => (Key: Key(spelling), known.Column))).Distinct()
        .ToDictionary(s => s.Key, s => s.Column, StringComparer.Ordinal);

    /// <summary>Our columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Spellings.Values.Where(column => column != Passport).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Theirs, in the order of the file.</summary>
    public required IReadOnlyList<string> Theirs { get; init; }

    /// <summary>Our column for each of theirs; null where it is not read.</summary>
    public required IReadOnlyList<string?> Ours { get; init; }

    /// <summary>Theirs that nobody knows or said anything about. They are not read.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <summary>Ours that must be there and are not.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Ours that several of theirs claim to be.</summary>
    public required IReadOnlyList<string> Twice { get; init; }

    /// <summary>The document numbers are those of passports, because their header says so.</summary>
    public bool AllPassports { get; init; }

    /// <summary>Why no row can be read yet; null when all is clear.</summary>
    public RowFault? Fault =>
        Missing.Count > 0 ? new("", "import/column-missing", $"The file lacks {string.Join(", ", Missing)}. Its first row must name the columns. Nothing was read.")
        : Twice.Count > 0 ? new("", "import/column-twice", $"The file has the column {Twice[0]} twice. Nothing was read.")
        : null;

    /// <summary>Reads the first row of a file.</summary>
    public static Headers Read(IReadOnlyList<string> theirs, ColumnMapping mapping)
    {
        var said = mapping.Columns.GroupBy(c => Key(c.Key)).ToDictionary(c => c.Key, c => c.Last().Value, StringComparer.Ordinal);
        var found = theirs.Select(header => said.TryGetValue(Key(header), out var column) ? column : Spellings.GetValueOrDefault(Key(header))).ToArray();
        string?[] ours = [.. found.Select(column => column == Passport ? "document_no" : column)];
        return new()
        {
            Theirs = theirs,
            Ours = ours,
            Unknown = [.. theirs.Where((header, i) => ours[i] is null && header.Length > 0 && !said.ContainsKey(Key(header)))],
            Missing = [.. Required.Except(ours).Except(mapping.Absent, StringComparer.Ordinal).OfType<string>()],
            Twice = [.. ours.OfType<string>().GroupBy(column => column, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key)],
            AllPassports = found.Contains(Passport) && !ours.Contains("document_type"),
        };
    }

    /// <summary>What is wrong with a mapping; null when it can be used.</summary>
    public static RowFault? Check(ColumnMapping mapping) =>
        mapping.Columns.Count > 500 || mapping.Columns.Keys.Any(header => header.Length is 0 or > 200)
            ? new("columns", "import/header-too-long", "A mapping names at most 500 headers of at most 200 characters each.")
        : mapping.Columns.Values.OfType<string>().Concat(mapping.Absent).FirstOrDefault(column => !Columns.Contains(column)) is { } unknown
            ? new("columns", "import/column-unknown", $"There is no column {Dates.Shown(unknown)}. Columns are {string.Join(", ", Columns)}.")
        : mapping.Absent.FirstOrDefault(NeverAbsent.Contains) is { } needed
            ? new("absent", "import/column-needed", $"No row can be taken without {needed}. Say which header holds it, or add the column to the file.")
        : mapping.Columns.GroupBy(c => Key(c.Key)).FirstOrDefault(same => same.Select(c => c.Value).Distinct(StringComparer.Ordinal).Count() > 1) is { } both
            ? new("columns", "import/header-twice", $"The mapping says two things about {Dates.Shown(both.First().Key)}.")
        : null;

    /// <summary>A header as it is compared: letters and digits, in one spelling per letter.</summary>
    public static string Key(string header) => Letters.Joined(header) is { Length: > 0 } joined ? joined : header.Trim().ToLowerInvariant();
}
