namespace CrisisCoordination.Contracts;

/// <summary>The person's document cannot be used, so an application for an emergency travel document was opened.</summary>
/// <param name="Why">A code: none, expired, expiring (within 30 days), expiry-unknown, lost, withheld-by-employer; by hand also stolen, damaged.</param>
[Stored("travel_document_application_opened")]
[AppendedBy(Service.TravelDocuments, Service.ConsularContact)]
public sealed record TravelDocumentApplicationOpened(Guid ApplicationId, string Why, DateTimeOffset At) : Event(At);

/// <summary>A first officer verified who the person is.</summary>
[Stored("identity_verified")]
[AppendedBy(Service.TravelDocuments, Service.ConsularContact)]
public sealed record IdentityVerified(Guid ApplicationId, string Officer, [property: Personal] string? Evidence, DateTimeOffset At) : Event(At);

/// <summary>A second officer approved a single journey to a destination over named transit countries (rule D).</summary>
/// <param name="Destination">Alpha-3 code.</param>
/// <param name="Transits">Alpha-3 codes.</param>
[Stored("travel_document_approved")]
[AppendedBy(Service.TravelDocuments, Service.ConsularContact)]
public sealed record TravelDocumentApproved(
    Guid ApplicationId, string Officer, string Destination, IReadOnlyList<string> Transits, DateTimeOffset At) : Event(At);

/// <summary>
/// The emergency travel document was issued: a TD2-size single sheet, code PU (ICAO Doc 9303-8). With <see cref="Event.MergedFrom"/> it
/// is the one that was issued under a record merged into this one, told again with its application in the append that merged them;
/// when the merge is undone it goes back to that record, where it always stood.
/// </summary>
/// <param name="Number">Nine characters.</param>
/// <param name="Mrz">Two lines of 36.</param>
[Stored("travel_document_issued")]
[AppendedBy(Service.TravelDocuments, Service.ConsularContact)]
public sealed record TravelDocumentIssued(
    Guid ApplicationId, string Destination, IReadOnlyList<string> Transits, DateOnly ValidUntil, string Officer,
    [property: Personal] string? Number, [property: Personal] string? Mrz, DateTimeOffset At) : Event(At)
{
    /// <summary>Issued in an exercise: it is no document, and whatever shows it says so.</summary>
    public bool Exercise { get; init; }
}

/// <summary>
/// The document is void: replaced, used, found, its destination is now feared, or another stands since two records were merged. Of a
/// document that stands on two records, on both in one append.
/// </summary>
/// <param name="Why">A code: replaced, used, found, lost, stolen, issued-in-error, fear-of-return, merged.</param>
[Stored("travel_document_revoked")]
[AppendedBy(Service.TravelDocuments, Service.ConsularContact)]
public sealed record TravelDocumentRevoked(Guid ApplicationId, string Why, DateTimeOffset At) : Event(At);
