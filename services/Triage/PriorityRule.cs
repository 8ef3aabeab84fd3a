namespace CrisisCoordination.Triage;

/// <summary>
/// Rule P: the most urgent need goes first, whoever the person is. One table holds the rule. A factor that applies
/// calls for its tier; the person's tier is the most urgent one called for, and the score is the sum of the points.
/// Where the data are coarse, the rule takes the reading that protects:
/// <list type="bullet">
/// <item>a serious condition or a stretcher with a medical need today is life-threatening until a health worker says otherwise;</item>
/// <item>a survivor of violence or torture, a woman at risk or a person with a protection case who needs protection today
/// faces imminent violence;</item>
/// <item>the codes do not tell the trimester, so every pregnancy counts as late;</item>
/// <item>a disability that needs a wheelchair or a stretcher is severe; a wheelchair without a DS code is a disability.</item>
/// </list>
/// Every factor only ever asks whether something is present, and no points are negative: learning of one more need
/// never moves a person back.
/// </summary>
public static class PriorityRule
{
    /// <summary>Changes with every change of the table, so that an old ranking can be explained by the rule of its day.</summary>
    public const string Version = "P/1";

    private const SpecificNeeds Threatened = SpecificNeeds.SV | SpecificNeeds.TR | SpecificNeeds.WR | SpecificNeeds.LP;

    private sealed record Row(Tier Tier, Factor Factor, Func<Needs, bool> Applies);

    // Points: 5, 4, 3 and 2 for what calls for tiers 1 to 4; 2 for lacking what one dies without in days, 1 for the rest.
    private static readonly Row[] Table =
    [
        Tier1("BESIEGED", "The place is besieged.", n => n.Has(Dangers.Besieged)),
        Tier1("LIFE", "A condition threatens the person's life.", n => n.Has(Dangers.LifeThreateningCondition)),
        Tier1("MEDICAL-NOW", "A serious condition or a stretcher case needs medical care now, which counts as life-threatening until a health worker says otherwise.",
            n => n.Has(NeedsNow.Medical) && (n.Has(SpecificNeeds.SM) || n.Mobility is Mobility.Stretcher)),
        Tier1("VIOLENCE", "Violence against the person is imminent.", n => n.Has(Dangers.ImminentViolence), restricted: true),
        Tier1("PROTECTION-NOW", "A person at known risk of violence needs protection now.",
            n => n.Has(NeedsNow.Protection) && n.Has(Threatened), restricted: true),

        Tier2("STRETCHER", "The person must be carried lying down.", n => n.Mobility is Mobility.Stretcher),
        Tier2("PG", "The person is pregnant.", n => n.Has(SpecificNeeds.PG)),
        Tier2("INFANT", "The person is under two years old.", n => n.Infant || n.AgeYears < 2),
        Tier2("SC", "A child is without parent or guardian.", n => n.Has(SpecificNeeds.SC) || (n.Unaccompanied && n.IsChild)),
        Tier2("DS-SEVERE", "A disability keeps the person from moving unaided.", n => n.Has(SpecificNeeds.DS) && n.Mobility is not Mobility.None),

        Tier3("SP", "The person cares for children alone.", n => n.Has(SpecificNeeds.SP)),
        Tier3("ER", "The person is sixty or older, or an older person at risk.", n => n.Has(SpecificNeeds.ER) || n.AgeYears >= 60),
        Tier3("SV", "The person survived sexual or gender-based violence.", n => n.Has(SpecificNeeds.SV), restricted: true),
        Tier3("TR", "The person survived torture.", n => n.Has(SpecificNeeds.TR), restricted: true),
        Tier3("TRAFFICKED", "There are signs that the person was trafficked.", n => n.Has(Dangers.Trafficked), restricted: true),
        Tier3("WR", "The person is a woman at risk.", n => n.Has(SpecificNeeds.WR)),
        Tier3("SM", "The person has a serious medical condition.", n => n.Has(SpecificNeeds.SM)),
        Tier3("DS", "The person has a disability.", n => n.Has(SpecificNeeds.DS) || n.Mobility is not Mobility.None),
        Tier3("CR", "The person is a child at risk.", n => n.Has(SpecificNeeds.CR)),
        Tier3("LP", "The person has a legal or physical protection need.", n => n.Has(SpecificNeeds.LP)),

        Tier4("AREA", "The person is in the affected area.", n => n.InAffectedArea),

        Score("WATER", 2, "The person lacks drinking water.", n => n.Has(NeedsNow.Water)),
        Score("MEDICAL", 2, "The person needs medical care.", n => n.Has(NeedsNow.Medical)),
        Score("PROTECTION", 2, "The person needs protection.", n => n.Has(NeedsNow.Protection)),
        Score("FOOD", 1, "The person lacks food.", n => n.Has(NeedsNow.Food)),
        Score("SHELTER", 1, "The person lacks shelter.", n => n.Has(NeedsNow.Shelter)),
        Score("CHILD", 1, "The person is under eighteen.", n => n.IsChild),
        Score("FU", 1, "The family is separated or at risk of being so.", n => n.Has(SpecificNeeds.FU)),
    ];

    /// <summary>Every reason that the rule knows, in its order.</summary>
    public static IReadOnlyList<Factor> Factors { get; } = [.. Table.Select(row => row.Factor)];

    /// <summary>Whether what a code tells is for protection staff only (rule T).</summary>
    public static bool IsRestricted(string code) => Factors.Any(factor => factor.Restricted && factor.Code == code);

    /// <summary>How urgent one person's need is.</summary>
    public static Urgency Assess(Needs needs)
    {
        var applying = Table.Where(row => row.Applies(needs)).ToArray();
        return new(
            applying.Select(row => row.Tier).DefaultIfEmpty(Tier.Other).Min(),
            applying.Sum(row => row.Factor.Points),
            [.. applying.Select(row => row.Factor)],
            Version);
    }

    /// <summary>
    /// How urgent the need of people who travel together is, a household or a child with a guardian: as urgent as
    /// their neediest member's, in whatever order they are named. A larger household gains nothing by its size.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no member.</exception>
    public static Urgency Of(IEnumerable<Needs> members) =>
        members.Select(Assess)
            .OrderBy(urgency => urgency.Tier)
            .ThenByDescending(urgency => urgency.Score)
            .ThenBy(urgency => string.Join(' ', urgency.Factors.Select(factor => factor.Code)), StringComparer.Ordinal)
            .First();

    private static Row Tier1(string code, string sentence, Func<Needs, bool> applies, bool restricted = false) =>
        new(Tier.ImmediateDanger, new(code, 5, sentence, restricted), applies);

    private static Row Tier2(string code, string sentence, Func<Needs, bool> applies) =>
        new(Tier.CannotFleeUnaided, new(code, 4, sentence), applies);

    private static Row Tier3(string code, string sentence, Func<Needs, bool> applies, bool restricted = false) =>
        new(Tier.HeightenedRisk, new(code, 3, sentence, restricted), applies);

    private static Row Tier4(string code, string sentence, Func<Needs, bool> applies) =>
        new(Tier.ExposedArea, new(code, 2, sentence), applies);

    // Orders people inside a tier and calls for none.
    private static Row Score(string code, int points, string sentence, Func<Needs, bool> applies) =>
        new(Tier.Other, new(code, points, sentence), applies);
}
