namespace CrisisCoordination.Contracts;

/// <summary>
/// What a person told when they registered: the form as one record, all of it personal data. Codes are kept as the
/// field writes them: countries ISO 3166-1 alpha-3 plus ICAO Doc 9303-3 codes, specific needs UNHCR codes (PG = pregnant).
/// </summary>
public sealed record Registration
{
    /// <summary>Family name as given; may be missing when the person has one name only.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Given names as given. At least one of the two names is there.</summary>
    public string? GivenNames { get; init; }

    /// <summary>The name as the person writes it.</summary>
    public string? NameInOriginalScript { get; init; }

    /// <summary>As said by the person.</summary>
    public Sex Sex { get; init; }

    /// <summary>As far as known.</summary>
    public BirthDate? BirthDate { get; init; }

    /// <summary>Alpha-3 or ICAO code.</summary>
    public string? Nationality { get; init; }

    /// <summary>Alpha-3 or ICAO code.</summary>
    public string? SecondNationality { get; init; }

    /// <summary>The travel document the person has or had.</summary>
    public HeldDocument? Document { get; init; }

    /// <summary>As given; normalised where it is compared.</summary>
    public string? Phone { get; init; }

    /// <summary>As given.</summary>
    public string? Email { get; init; }

    /// <summary>ISO 639-1 code of the language to speak with them.</summary>
    public string? Language { get; init; }

    /// <summary>ISO 639-1 code of the language an interpreter is needed for; null when none is needed.</summary>
    public string? InterpreterLanguage { get; init; }

    /// <summary>The only ways to reach them that are safe: voice, sms, email. Empty: any. Others may read their telephone.</summary>
    public IReadOnlyList<string> SafeChannels { get; init; } = [];

    /// <summary>The only times of day to reach them that are safe, each as 18:00-20:00+02:00. Empty: any.</summary>
    public IReadOnlyList<string> SafeTimes { get; init; } = [];

    /// <summary>They ask to speak with a woman.</summary>
    public bool FemaleOfficer { get; init; }

    /// <summary>The place in words.</summary>
    public string? Place { get; init; }

    /// <summary>Where they are, when they told it.</summary>
    public Position? Position { get; init; }

    /// <summary>The sender's reference of the household; people with the same one belong together.</summary>
    public string? HouseholdReference { get; init; }

    /// <summary>head, spouse, child, single parent, or as given.</summary>
    public string? HouseholdRole { get; init; }

    /// <summary>UNHCR codes: CR, SC, WR, ER, SP, DS, SM, FU, LP, TR, SV; PG pregnant; OX needs oxygen on the way.</summary>
    public IReadOnlyList<string> SpecificNeeds { get; init; } = [];

    /// <summary>What space the person needs on a transport.</summary>
    public Mobility Mobility { get; init; }

    /// <summary>What they need now: food, water, shelter, medical, protection.</summary>
    public IReadOnlyList<string> NeedsNow { get; init; } = [];

    /// <summary>Countries where they fear persecution, torture or other serious harm (rule N).</summary>
    public IReadOnlyList<string> FearOfReturnTo { get; init; } = [];

    /// <summary>As given.</summary>
    public string? SectorOfWork { get; init; }

    /// <summary>As given. Nothing may rank by it (rule P).</summary>
    public string? MigrationStatus { get; init; }

    /// <summary>Agencies that the person lets us share with (rule Q).</summary>
    public IReadOnlyList<string> ShareWith { get; init; } = [];

    /// <summary>Free text; may be hostile.</summary>
    public string? Notes { get; init; }
}

/// <summary>The travel document a person has or had.</summary>
public sealed record HeldDocument(string Type, string? Number, DateOnly? Expiry, DocumentStatus Status)
{
    /// <summary>Whether it can be used to travel on that day.</summary>
    public bool UsableOn(DateOnly day) => Status == DocumentStatus.Valid && Expiry is { } expiry && expiry >= day;
}

/// <summary>WGS 84 degrees.</summary>
public sealed record Position(double Latitude, double Longitude)
{
    /// <summary>Great-circle distance in kilometres on a sphere of 6,371 km.</summary>
    public double KilometresTo(Position other)
    {
        const double radians = Math.PI / 180;
        var (dLat, dLon) = ((other.Latitude - Latitude) * radians, (other.Longitude - Longitude) * radians);
        var h = Math.Pow(Math.Sin(dLat / 2), 2)
              + Math.Cos(Latitude * radians) * Math.Cos(other.Latitude * radians) * Math.Pow(Math.Sin(dLon / 2), 2);
        return 2 * 6371 * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}

/// <summary>ISO/IEC 5218 in words.</summary>
public enum Sex { NotKnown, Female, Male, Other }

/// <summary>The space a person needs on a transport.</summary>
public enum Mobility { None, Wheelchair, Stretcher }

/// <summary>What is known of a travel document.</summary>
public enum DocumentStatus { None, Valid, Expired, Lost, WithheldByEmployer }

/// <summary>How a registration came in.</summary>
public enum Channel { Self, Consulate, Phone, Partner }
