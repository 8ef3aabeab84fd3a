namespace CrisisCoordination.Triage;

/// <summary>
/// What rule P may look at, and nothing else: there is no member for legal status, nationality, language, payment,
/// office, rank, sex or belief, so none of them can enter a ranking (HLD 2013; IDM 2009; 1951 Convention Art. 3).
/// </summary>
/// <param name="RegisteredAt">When the person first asked for help; whoever waited longer goes first among equals.</param>
/// <param name="AgeYears">Age in completed years; null where nobody knows. An unknown age adds nothing and takes nothing.</param>
/// <param name="Infant">Seen to be under two although the age is not known.</param>
/// <param name="Unaccompanied">Nobody who by law or custom cares for the person is with them. Counts for a child.</param>
/// <param name="Specific">UNHCR specific needs, by family of codes.</param>
/// <param name="Mobility">What it takes to move the person.</param>
/// <param name="Now">What is lacking today.</param>
/// <param name="Danger">What threatens the person today.</param>
/// <param name="InAffectedArea">The person is inside the area of the crisis.</param>
public sealed record Needs(
    DateTimeOffset RegisteredAt,
    int? AgeYears = null,
    bool Infant = false,
    bool Unaccompanied = false,
    SpecificNeeds Specific = SpecificNeeds.None,
    Mobility Mobility = Mobility.None,
    NeedsNow Now = NeedsNow.None,
    Dangers Danger = Dangers.None,
    bool InAffectedArea = false)
{
    /// <summary>Under eighteen (Convention on the Rights of the Child, Art. 1), as far as is known.</summary>
    public bool IsChild => Infant || AgeYears < 18;

    internal bool Has(SpecificNeeds any) => (Specific & any) != SpecificNeeds.None;
    internal bool Has(NeedsNow any) => (Now & any) != NeedsNow.None;
    internal bool Has(Dangers any) => (Danger & any) != Dangers.None;
}

/// <summary>Families of UNHCR's standardised specific needs codes (IOM/030-FOM/030/2009), and PG for pregnancy.</summary>
[Flags]
public enum SpecificNeeds
{
    /// <summary>None recorded.</summary>
    None = 0,
    /// <summary>Child at risk.</summary>
    CR = 1 << 0,
    /// <summary>Unaccompanied or separated child.</summary>
    SC = 1 << 1,
    /// <summary>Woman at risk.</summary>
    WR = 1 << 2,
    /// <summary>Older person at risk.</summary>
    ER = 1 << 3,
    /// <summary>Single parent or caregiver.</summary>
    SP = 1 << 4,
    /// <summary>Disability.</summary>
    DS = 1 << 5,
    /// <summary>Serious medical condition.</summary>
    SM = 1 << 6,
    /// <summary>Family unity.</summary>
    FU = 1 << 7,
    /// <summary>Specific legal or physical protection needs.</summary>
    LP = 1 << 8,
    /// <summary>Torture.</summary>
    TR = 1 << 9,
    /// <summary>Sexual or gender-based violence.</summary>
    SV = 1 << 10,
    /// <summary>Pregnant.</summary>
    PG = 1 << 11,
}

/// <summary>What it takes to move the person.</summary>
public enum Mobility
{
    /// <summary>Moves unaided.</summary>
    None,
    /// <summary>Needs a wheelchair.</summary>
    Wheelchair,
    /// <summary>Must lie down.</summary>
    Stretcher,
}

/// <summary>What the person lacks today.</summary>
[Flags]
public enum NeedsNow
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Food.</summary>
    Food = 1 << 0,
    /// <summary>Drinking water.</summary>
    Water = 1 << 1,
    /// <summary>Shelter.</summary>
    Shelter = 1 << 2,
    /// <summary>Medical care.</summary>
    Medical = 1 << 3,
    /// <summary>Protection from people.</summary>
    Protection = 1 << 4,
}

/// <summary>What threatens the person, as recorded by whoever saw or heard it.</summary>
[Flags]
public enum Dangers
{
    /// <summary>Nothing known.</summary>
    None = 0,
    /// <summary>The place is encircled or under fire.</summary>
    Besieged = 1 << 0,
    /// <summary>A health worker says that the person may die without care.</summary>
    LifeThreateningCondition = 1 << 1,
    /// <summary>Somebody is about to hurt the person.</summary>
    ImminentViolence = 1 << 2,
    /// <summary>An indicator of trafficking was found; it need not be proved (Palermo Protocol Art. 3; rule T).</summary>
    Trafficked = 1 << 3,
}
