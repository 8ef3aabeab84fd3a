using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>What is compared.</summary>
public enum Field { Name, Script, BirthDate, Sex, Nationality, Document, Expiry, Phone, Household, Place }

/// <summary>How well a field agrees. A field that one side lacks says nothing and is left out.</summary>
public enum Level { Same, Slip, Part, Alike, Shared, Different, Rare }

/// <summary>What is done with a pair (rule M).</summary>
public enum Band { None, Review, Automatic }

/// <summary>One field's part in the verdict, in log2 odds: +3 makes it eight times likelier that both are one person.</summary>
public sealed record Evidence(Field Field, Level Level, double Bits);

/// <summary>The verdict on a pair, with all that an officer needs to follow or overturn it.</summary>
public sealed record Verdict(Band Band, double Bits, IReadOnlyList<Evidence> Evidence, IReadOnlyList<string> AgainstAutomatic)
{
    /// <summary>Why nothing is automatic about it: anyone may have told it.</summary>
    public const string ToldByAnyone = "match/told-by-anyone";

    /// <summary>It would be automatic if a post had taken both down.</summary>
    public bool SureButForTeller { get; init; }

    /// <summary>The evidence in codes that say nothing about anybody, as events keep it.</summary>
    public IReadOnlyList<string> Codes => [.. Evidence.Select(e => FormattableString.Invariant($"{e.Field}:{e.Level}:{e.Bits:0.0}"))];

    /// <summary>Something was told that speaks against one person, and not only too little for it.</summary>
    public bool Contradicts => AgainstAutomatic.Any(code => code is not ("match/no-identifier-in-common" or "match/birth-date-not-known" or ToldByAnyone));
}

/// <summary>
/// Compares two identities: Fellegi–Sunter odds say how likely, and a list of vetoes says what may never be automatic
/// however likely it looks. Fellegi–Sunter takes fields as independent; in a household they are not (twins share all
/// but a given name), which is why the vetoes are needed and no threshold could replace them.
/// </summary>
public static class Match
{
    /// <summary>From here on, and with no veto, a pair is merged without an officer: about one in a thousand would be wrong by the odds alone.</summary>
    public const double AutomaticBits = 10;

    /// <summary>From here on an officer looks: as likely as not.</summary>
    public const double ReviewBits = 0;

    // In a crisis of some thousand people with one repeat per fourteen, about one pair in 2^15 is a repeat.
    private const double Prior = -15;

    private sealed record Weight(Field Field, Level Level, double M, double U, string Why)
    {
        /// <summary>What a training makes of the careful rates; null where it leaves them.</summary>
        public (double M, double U)? Trained { get; init; }

        public (double M, double U) Rates => Trained ?? (M, U);
    }

    // m: how often the level occurs when both are one person; u: when they are not. M and U are careful guesses, Trained what
    // `-- train` (tests/Benchmarks) made of them on the Khartoum scenario and FEBRL data set 1, rounded (see Training.Rates).
    private static readonly Weight[] Weights =
    [
        new(Field.Name, Level.Same, .75, .0015, "u is far above random because names run in villages and generations") { Trained = (.682, .0015) },
        new(Field.Name, Level.Slip, .10, .0005, "as typed in a hurry"),
        new(Field.Name, Level.Part, .04, .002, "a middle name left out"),
        new(Field.Name, Level.Alike, .07, .004, "transliteration, or siblings with names alike") { Trained = (.125, .004) },
        new(Field.Name, Level.Shared, .02, .03, "a family name in common says little"),
        new(Field.Name, Level.Different, .02, .96, "marriage, or the wrong form") { Trained = (.033, .98) },
        new(Field.Script, Level.Same, .90, .05, "few names make up most of a script's population") { Trained = (.9, .057) },
        new(Field.Script, Level.Different, .10, .95, "one form holds the full name, the other a part"),
        new(Field.BirthDate, Level.Same, .85, .0001, "u: one day of 70 years, doubled for the heaps in registers") { Trained = (.832, .0001) },
        new(Field.BirthDate, Level.Slip, .06, .002, "day and month exchanged, or one digit"),
        new(Field.BirthDate, Level.Part, .06, .02, "only the year is known, or 1 January stands for it"),
        new(Field.BirthDate, Level.Alike, .02, .004, "two of year, month and day agree; u: 1 in 365 shares the day, and father and son do too"),
        new(Field.BirthDate, Level.Different, .012, .976, "people are unsure of their age more often than the scenario has it") { Trained = (.028, .996) },
        new(Field.Sex, Level.Same, .98, .5, "by definition"),
        new(Field.Sex, Level.Different, .02, .5, "a clerk's slip"),
        new(Field.Nationality, Level.Same, .97, .08, "u: a crisis has a few large nationalities") { Trained = (.97, .085) },
        new(Field.Nationality, Level.Different, .03, .92, "dual nationals"),
        new(Field.Document, Level.Same, .93, .00002, "u: children are entered with a parent's passport"),
        new(Field.Document, Level.Slip, .03, .0001, "one character"),
        new(Field.Document, Level.Different, .04, .99, "renewed, or a second passport"),
        new(Field.Expiry, Level.Same, .90, .0006, "u: random pairs agree on one day of ten years"),
        new(Field.Expiry, Level.Different, .10, .99, "renewed"),
        new(Field.Phone, Level.Same, .70, .0005, "u: spouses, families and a partner's desk share a telephone"),
        new(Field.Phone, Level.Slip, .03, .00005, "one digit"),
        new(Field.Phone, Level.Different, .27, .99, "a local card is bought during the crisis"),
        new(Field.Household, Level.Same, .80, .002, "u: a household has up to ten members"),
        new(Field.Household, Level.Different, .20, .99, "registered alone the second time"),
        new(Field.Place, Level.Same, .50, .01, "within 200 m; u: households and shelters"),
        new(Field.Place, Level.Rare, .60, .0005, "the same place in words, where ten or fewer are of some ten thousand"),
        new(Field.Place, Level.Part, .25, .15, "within 5 km, or the same place in words"),
        new(Field.Place, Level.Different, .25, .84, "people flee"),
    ];

    private static readonly Dictionary<(Field, Level), double> Bits = Weights.ToDictionary(w => (w.Field, w.Level), w => Math.Log2(w.Rates.M / w.Rates.U));

    /// <summary>The rates that the weights are made of.</summary>
    internal static IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> Rates { get; } = Weights.ToDictionary(w => (w.Field, w.Level), w => w.Rates);

    /// <summary>The careful rates, where a training begins and behind which it does not go.</summary>
    internal static IReadOnlyDictionary<(Field Field, Level Level), (double M, double U)> Careful { get; } = Weights.ToDictionary(w => (w.Field, w.Level), w => (w.M, w.U));

    /// <summary>The verdict; the same whichever comes first.</summary>
    /// <param name="isRare">
    /// Whether few share a key of <see cref="Blocking.Counted"/>. That only ever brings a pair before an officer: how many
    /// have it depends on who was registered first, and what is automatic must not.
    /// </param>
    public static Verdict Score(Identity a, Identity b, Func<string, bool>? isRare = null)
    {
        var levels = Levels(a, b);
        var ofOneHousehold = levels.GetValueOrDefault(Field.Household, Level.Different) == Level.Same;
        var evidence = levels.OrderBy(l => l.Key).Select(l => new Evidence(l.Key, l.Value, Bits[(l.Key, l.Value)]
            + (l is { Key: Field.Name, Value: Level.Same or Level.Slip or Level.Part or Level.Shared } ? NameFrequency.Bits(a.Name, b.Name, ofOneHousehold) : 0))).ToList();
        var against = AgainstAutomatic(a, b, levels).ToList();
        var isSure = Prior + evidence.Sum(e => e.Bits) is >= AutomaticBits;
        if (isSure && against.Count == 0) return new(Band.Automatic, Prior + evidence.Sum(e => e.Bits), evidence, against);
        // A household has one name and is at one place by nature, so beside its other signs these say nothing more. And twins have each a passport.
        if (isRare is not null && !ofOneHousehold && levels.GetValueOrDefault(Field.Phone, Level.Different) != Level.Same)
            evidence = evidence.ConvertAll(e => e switch
            {
                { Field: Field.Name, Level: not Level.Different } when !(levels.TryGetValue(Field.Document, out var document) && document == Level.Different) && HaveOneRareWord(a.Name, b.Name, isRare)
                    => e with { Bits = Bits[(Field.Name, e.Level)] + NameFrequency.Rare },
                { Field: Field.Place } when (a.Position is null || b.Position is null) && AtOneRarePlace(a.Place, b.Place, isRare) => new(Field.Place, Level.Rare, Bits[(Field.Place, Level.Rare)]),
                _ => e,
            });
        var bits = Prior + evidence.Sum(e => e.Bits);
        return new(bits < ReviewBits ? Band.None : Band.Review, bits, evidence, against) { SureButForTeller = isSure && against is [Verdict.ToldByAnyone] };
    }

    /// <summary>How each field that both know agrees.</summary>
    internal static Dictionary<Field, Level> Levels(Identity a, Identity b) => Compare(a, b).ToDictionary(c => c.Field, c => c.Level);

    /// <summary>Whether what both told cannot well be said of one person.</summary>
    public static bool Contradict(Identity a, Identity b) => Score(a, b).Contradicts;

    private static IEnumerable<(Field Field, Level Level)> Compare(Identity a, Identity b)
    {
        yield return (Field.Name, a.Name.To(b.Name) switch
        {
            NameLikeness.Same => Level.Same,
            NameLikeness.Slip => Level.Slip,
            NameLikeness.Contained => Level.Part,
            NameLikeness.Alike => Level.Alike,
            NameLikeness.Shared => Level.Shared,
            _ => Level.Different,
        });
        if (a.Script is { } script && b.Script is { } otherScript) yield return (Field.Script, SameOr(script == otherScript));
        if (a.BirthDate is { } born && b.BirthDate is { } otherBorn) yield return (Field.BirthDate, Dates(born, otherBorn));
        if (a.Sex != Sex.NotKnown && b.Sex != Sex.NotKnown) yield return (Field.Sex, SameOr(a.Sex == b.Sex));
        if (a.Nationalities.Count > 0 && b.Nationalities.Count > 0) yield return (Field.Nationality, SameOr(a.Nationalities.Intersect(b.Nationalities).Any()));
        if (a.DocumentNumber is { } number && b.DocumentNumber is { } otherNumber)
        {
            // A passport and an identity card have different numbers by nature.
            if (number == otherNumber || a.DocumentType is null || b.DocumentType is null || a.DocumentType == b.DocumentType)
                yield return (Field.Document, Numbers(number, otherNumber));
        }
        else if (a.DocumentExpiry is { } expiry && b.DocumentExpiry is { } otherExpiry)
            yield return (Field.Expiry, SameOr(expiry == otherExpiry));
        if (a.Phone is { } phone && b.Phone is { } otherPhone) yield return (Field.Phone, Numbers(phone, otherPhone));
        if (a.Household is { } household && b.Household is { } otherHousehold) yield return (Field.Household, SameOr(household == otherHousehold));
        if (a.Position is { } here && b.Position is { } there) yield return (Field.Place, here.KilometresTo(there) switch { < 0.2 => Level.Same, < 5 => Level.Part, _ => Level.Different });
        else if (a.Place is { } place && b.Place is { } otherPlace) yield return (Field.Place, place == otherPlace ? Level.Part : Level.Different);
    }

    // Each line is a way in which two people look like one. None has an exception by score.
    private static IEnumerable<string> AgainstAutomatic(Identity a, Identity b, Dictionary<Field, Level> levels)
    {
        Level? Of(Field field) => levels.TryGetValue(field, out var level) ? level : null;
        var (document, born) = (Of(Field.Document), Of(Field.BirthDate));

        if (a.ToldByAnyone || b.ToldByAnyone) yield return Verdict.ToldByAnyone;                                            // a stranger who knows name, birthday and passport
        if (Of(Field.Name) is not (Level.Same or Level.Slip)) yield return "match/name-not-the-same";                         // twins, siblings, spouses
        if (Of(Field.Sex) == Level.Different) yield return "match/sex-differs";                                               // a twin sister
        if (Of(Field.Nationality) == Level.Different) yield return "match/nationality-differs";
        if (document is Level.Different or Level.Slip) yield return "match/document-differs";                                 // passports of siblings are numbered in a row
        if (a.IsChild is { } child && b.IsChild is { } other && child != other) yield return "match/household-role-differs";  // father and son
        if (Of(Field.Script) == Level.Different) yield return "match/name-in-script-differs";
        if (document != Level.Same && Of(Field.Phone) != Level.Same) yield return "match/no-identifier-in-common";            // namesakes
        if (born is Level.Different or Level.Alike) yield return "match/birth-date-differs";                                                 // father and son, siblings
        if (born is null) yield return "match/birth-date-not-known";
        if (born == Level.Part && document != Level.Same) yield return "match/birth-date-not-known";                          // namesakes at a shared telephone
        if (born == Level.Slip && !(document == Level.Same && Of(Field.Name) == Level.Same && Of(Field.Sex) == Level.Same && Of(Field.Phone) != Level.Different))
            yield return "match/birth-date-differs";
    }

    private static bool HaveOneRareWord(PersonName one, PersonName other, Func<string, bool> isRare) =>
        one.Words.Intersect(other.Words).Any(word => Blocking.IsCounted(word) && isRare(Blocking.Named(word)));

    private static bool AtOneRarePlace(string? one, string? other, Func<string, bool> isRare) =>
        one is not null && other is not null && (one == other || one.Length >= 5 && Spelling.IsOneEdit(one, other)) && isRare(Blocking.AtPlace(one)) && isRare(Blocking.AtPlace(other));

    private static Level SameOr(bool same) => same ? Level.Same : Level.Different;

    private static Level Numbers(string a, string b) => a == b ? Level.Same : Spelling.IsOneEdit(a, b) ? Level.Slip : Level.Different;

    private static Level Dates(BirthDate a, BirthDate b)
    {
        // Where no day is known, registers write 1 January.
        static bool OnlyYear(BirthDate d) => d.Day is null || d is { Month: 1, Day: 1 };
        if (a.Year == b.Year && (OnlyYear(a) || OnlyYear(b)))
            return a.Month is { } month && b.Month is { } other && month != other && a.Day is null == b.Day is null && month != 1 && other != 1 ? Level.Different : Level.Part;
        if (a == b) return Level.Same;
        var exchanged = a.Year == b.Year && a.Month == b.Day && a.Day == b.Month;
        // One digit of day or month, or the year next door; 1978 and 1998 are father and son.
        var oneDigit = Math.Abs(a.Year - b.Year) <= 1 && Spelling.IsOneEdit(a.ToString(), b.ToString());
        if (exchanged || oneDigit) return Level.Slip;
        return (a.Year == b.Year, a.Month is { } m && m == b.Month, a.Day is { } d && d == b.Day) is (true, true, false) or (true, false, true) or (false, true, true) ? Level.Alike : Level.Different;
    }
}
