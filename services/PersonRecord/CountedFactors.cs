using System.Globalization;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>What counted in an assessment, as codes, whichever release stored it.</summary>
public static class CountedFactors
{
    /// <summary>In the rule's order, and as many as there are sentences. Nothing where the personal data is sealed or gone.</summary>
    public static IReadOnlyList<CountedFactor> Counted(this NeedsAssessed assessed) =>
        assessed.FactorCodes ?? [.. (assessed.Factors ?? []).Select(Read)];

    // Until codes stood beside them the sentences began with them: "PG +4: The person is pregnant."
    private static CountedFactor Read(string sentence)
    {
        var head = sentence.Split(':')[0].Split(' ');
        var points = 0;
        if (head.Length > 1) _ = int.TryParse(head[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out points);
        return new(head[0], points);
    }
}
