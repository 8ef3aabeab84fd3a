namespace CrisisCoordination.Contracts;

/// <summary>An agency that takes part. Its own timeline.</summary>
/// <param name="Receives">What it takes referrals for: asylum, trafficking, child_protection, medical …</param>
[Stored("agency_registered")]
[AppendedBy(Service.PartnerGateway)]
public sealed record AgencyRegistered(string Code, string Name, IReadOnlyList<string> Receives, DateTimeOffset At) : Event(At);
