namespace CrisisCoordination.Contracts;

/// <summary>A plan was made for people to look at: nothing is held by it and nobody is told. Its own timeline, before <see cref="PlanPublished"/>.</summary>
/// <param name="Placed">Of the people those who have a journey in it.</param>
/// <param name="Hash">SHA-256 of what it says about each group, in hexadecimal: whoever keeps it can show later that nothing was changed.</param>
[Stored("plan_drafted")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PlanDrafted(
    Guid CrisisId, string RuleVersion, int People, int Placed, string Hash, string Coordinator, DateTimeOffset At) : Event(At);
