namespace CrisisCoordination.Contracts;

/// <summary>How urgent the person's case is (rule P).</summary>
/// <param name="Tier">1 (immediate danger to life) to 5.</param>
/// <param name="Score">Orders people inside a tier, higher first.</param>
/// <param name="RuleVersion">The version of the rule that said so.</param>
/// <param name="Factors">Each factor with its points, in words of that day: for people to read. Code reads <see cref="FactorCodes"/>.</param>
[Stored("needs_assessed")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record NeedsAssessed(
    int Tier, int Score, string RuleVersion, [property: Personal] IReadOnlyList<string>? Factors, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// The same as codes, in the same order. Null in assessments of releases that told them in words only; <c>Counted()</c> of
    /// PersonRecord reads both.
    /// </summary>
    [Personal]
    public IReadOnlyList<CountedFactor>? FactorCodes { get; init; }

    /// <summary>
    /// The same without what only a token's holder told since somebody spoke to the person: what is scarce goes by this. Null: it is the same.
    /// </summary>
    [Personal]
    public HeardUrgency? AsHeard { get; init; }
}

/// <summary>How urgent a case is by what somebody heard from the person.</summary>
/// <param name="Tier">1 (immediate danger to life) to 5.</param>
/// <param name="Score">Orders people inside a tier, higher first.</param>
/// <param name="Factors">What counted.</param>
public sealed record HeardUrgency(int Tier, int Score, IReadOnlyList<CountedFactor> Factors);

/// <summary>Something that counted in an assessment.</summary>
/// <param name="Code">The factor of rule P, such as <c>PG</c>.</param>
/// <param name="Points">What it added to the score.</param>
public sealed record CountedFactor(string Code, int Points);

/// <summary>A health worker saw the person and said whether they can be moved. It holds until somebody says otherwise.</summary>
/// <param name="Fit">Whether they may travel.</param>
/// <param name="ValidUntil">Fit: the last day for which it was said. Not fit: the last day on which they must not be moved; null when nobody can say.</param>
/// <param name="Conditions">What must be kept to on the way, in words.</param>
[Stored("fit_to_travel_assessed")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record FitToTravelAssessed(
    bool Fit, DateOnly? ValidUntil, [property: Personal] string? Conditions, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A need that aid can meet: food, water, shelter, medical, protection.</summary>
[Stored("aid_need_opened")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record AidNeedOpened(Guid NeedId, string Kind, DateTimeOffset At) : Event(At);

/// <summary>Nobody waits for this any more.</summary>
/// <param name="Why">A code: merged (the person is helped under another record), not-theirs (somebody else's registration told it).</param>
[Stored("aid_need_closed")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record AidNeedClosed(Guid NeedId, string Why, DateTimeOffset At) : Event(At);

/// <summary>Stock was set aside for the need.</summary>
[Stored("aid_allocated")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record AidAllocated(Guid NeedId, Guid StockId, string Kind, int Quantity, DateTimeOffset At) : Event(At);

/// <summary>The aid reached the person.</summary>
[Stored("aid_delivered")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record AidDelivered(Guid NeedId, string DeliveredBy, DateTimeOffset At) : Event(At);

/// <summary>Aid arrived at a place and can be allocated. The stock's own timeline.</summary>
[Stored("stock_received")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record StockReceived(string Place, string Kind, int Quantity, DateTimeOffset At) : Event(At);

/// <summary>Part of a stock was set aside. On the stock's timeline, in one append with <see cref="AidAllocated"/>.</summary>
[Stored("stock_allocated")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record StockAllocated(Guid PersonId, Guid NeedId, int Quantity, DateTimeOffset At) : Event(At);

/// <summary>The person was referred to an agency, which has until <paramref name="DueAt"/> to answer (rule K).</summary>
/// <param name="Concern">What for, in the agency's own codes: asylum, trafficking, child_protection, medical, family_links …</param>
[Stored("referral_offered")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReferralOffered(
    Guid ReferralId, string Agency, [property: Personal] string? Concern, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The agency takes the case.</summary>
[Stored("referral_accepted")]
[AppendedBy(Service.PartnerGateway)]
public sealed record ReferralAccepted(Guid ReferralId, string Agency, DateTimeOffset At) : Event(At);

/// <summary>The agency does not take the case.</summary>
[Stored("referral_declined")]
[AppendedBy(Service.PartnerGateway)]
public sealed record ReferralDeclined(Guid ReferralId, string Agency, [property: Personal] string? Reason, DateTimeOffset At) : Event(At);

/// <summary>Nobody answered in time; the case escalates (rule K).</summary>
[Stored("referral_overdue")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReferralOverdue(Guid ReferralId, string Agency, DateTimeOffset At) : Event(At);

/// <summary>The agency may not know of the person any more (rule N), so the referral is taken back; it is offered again if that ends.</summary>
[Stored("referral_withdrawn")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record ReferralWithdrawn(Guid ReferralId, string Agency, DateTimeOffset At) : Event(At);

/// <summary>
/// What is in an unaccompanied or separated child's best interests was assessed, and who travels with them (rule C:
/// CRC Art. 3; UNHCR Best Interests Procedure Guidelines 2021).
/// </summary>
/// <param name="MayDepart">Whether leaving is in the child's best interests.</param>
/// <param name="EscortId">A registered adult who travels on the same transports.</param>
[Stored("best_interests_decided")]
[AppendedBy(Service.HumanitarianAid)]
public sealed record BestInterestsDecided(
    bool MayDepart, Guid? EscortId, string ProtectionOfficer, [property: Personal] string? Grounds, DateTimeOffset At) : Event(At)
{
    /// <summary>
    /// The other records that the escort's one stood for when they were named: whoever is merged with it later is not whom the protection
    /// officer named. Null where nobody was named, and in events from before it was recorded.
    /// </summary>
    public IReadOnlyList<Guid>? EscortSeenAs { get; init; }
}
