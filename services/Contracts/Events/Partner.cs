namespace CrisisCoordination.Contracts;

/// <summary>An agency that takes part. Its own timeline.</summary>
/// <param name="Receives">What it takes referrals for: asylum, trafficking, child_protection, medical …</param>
[Stored("agency_registered")]
[AppendedBy(Service.PartnerGateway)]
public sealed record AgencyRegistered(string Code, string Name, IReadOnlyList<string> Receives, DateTimeOffset At) : Event(At)
{
    /// <summary>The state that it is an agency of, as alpha-3 code; null where it is of none or where nobody said.</summary>
    public string? Country { get; init; }

    /// <summary>It was said that it is no state's agency. Neither this nor a country: nobody said.</summary>
    public bool OfNoState { get; init; }

    /// <summary>The account that registered it.</summary>
    public string? By { get; init; }
}

/// <summary>Which state the agency belongs to was said, or said otherwise than before (rule N: an agency of a feared state learns nothing).</summary>
/// <param name="Country">Alpha-3 code; null: it is no state's agency.</param>
/// <param name="Reason">In words about the agency; it names no person.</param>
[Stored("agency_country_set")]
[AppendedBy(Service.PartnerGateway)]
public sealed record AgencyCountrySet(string? Country, string Reason, string By, DateTimeOffset At) : Event(At);
