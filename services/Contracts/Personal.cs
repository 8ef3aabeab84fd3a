namespace CrisisCoordination.Contracts;

/// <summary>
/// Marks a member of an event as personal data. It is encrypted in the stored JSON with a key of the person whose
/// timeline the event is on, left out of what the relay publishes, and gone once that key is deleted; the member
/// must therefore be nullable, and null means "not known any more".
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute : Attribute;

/// <summary>The services of the house, as owners of events, database roles and broker users.</summary>
public enum Service
{
    Access,
    ConsularContact,
    EvacuationPlanning,
    TravelDocuments,
    HumanitarianAid,
    PartnerGateway,
}

/// <summary>
/// Names the services that may append an event. The database enforces it: the role of any other service is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AppendedByAttribute(params Service[] services) : Attribute
{
    /// <summary>The owners, at least one.</summary>
    public IReadOnlyList<Service> Services { get; } = services;
}

/// <summary>
/// A fact on a timeline: past tense, small, and never changed once stored. When it was recorded is kept by the store.
/// </summary>
/// <param name="At">When it happened, as told by whoever reported it.</param>
public abstract record Event(DateTimeOffset At)
{
    /// <summary>The record on which it was told first, where it stands on this timeline because the two were merged (or unmerged).</summary>
    public Guid? MergedFrom { get; init; }
}
