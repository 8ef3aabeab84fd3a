namespace CrisisCoordination.TimelineAudit;

/// <summary>One thing that must never happen and did.</summary>
/// <param name="Code">The rule's letter, a dot, and what it takes to see the breach: <c>N.jurisdiction</c>, <c>V.order</c>.</param>
/// <param name="What">In a sentence.</param>
/// <param name="Stream">The timeline on which it stands.</param>
/// <param name="Version">Of the event there; 0: of no single event.</param>
internal sealed record Breach(string Code, string What, Guid Stream, long Version)
{
    public string Rule => Code.Split('.')[0];

    public override string ToString() => $"{Rule}: {What} [{Code}, {Stream} at {Version}]";
}

/// <summary>
/// The breaches that the house is known to allow still. The one place to switch a check on: take its code away here, and
/// reports and random histories ask for it.
/// </summary>
internal static class Expected
{
    public static IReadOnlySet<string> NotYet { get; } = new HashSet<string>
    {
    };

    public static bool Holds(Breach breach) => !NotYet.Contains(breach.Code);
}
