using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// The emergency travel documents that were issued to a person and are not void, as their timeline tells. One person has one valid
/// document (rule D), so where two records that are one person both hold one, the merge settles which of them stands.
/// </summary>
internal sealed record EmergencyDocuments
{
    private ImmutableList<Event> Told { get; init; } = [];
    private ImmutableList<TravelDocumentIssued> Standing { get; init; } = [];

    public static EmergencyDocuments None { get; } = new();

    /// <summary>Those whose last day is not over everywhere on earth.</summary>
    public IEnumerable<TravelDocumentIssued> ValidAt(DateTimeOffset now) =>
        Standing.Where(document => document.ValidUntil >= DateOnly.FromDateTime(now.UtcDateTime.AddHours(-12)));

    /// <summary>The record that brought a document here; null when it was issued under this one.</summary>
    public Guid? BroughtBy(Guid applicationId) => Standing.Find(document => document.ApplicationId == applicationId)?.MergedFrom;

    /// <summary>Whether a document is on this record and not void.</summary>
    public bool Holds(Guid applicationId) => Standing.Exists(document => document.ApplicationId == applicationId);

    public EmergencyDocuments After(Event @event) => @event switch
    {
        TravelDocumentApplicationOpened or TravelDocumentApproved => this with { Told = Told.Add(@event) },
        // What showed who they are stays where it was said.
        IdentityVerified e => this with { Told = Told.Add(e with { Evidence = null }) },
        TravelDocumentIssued e => this with { Told = Told.Add(e), Standing = Standing.Add(e) },
        TravelDocumentRevoked e => this with { Standing = Standing.RemoveAll(document => document.ApplicationId == e.ApplicationId) },
        // A document goes back with the record under which it was issued.
        DuplicateUnmerged e => this with
        {
            Told = Told.RemoveAll(told => told.MergedFrom == e.DuplicateId),
            Standing = Standing.RemoveAll(document => document.MergedFrom == e.DuplicateId),
        },
        _ => this,
    };

    /// <summary>
    /// What a merge says about the documents of both. The one that stands is told again on the record that stays, where planning and
    /// the gate look; the other is void in the same append. One that leads where either record fears to go stands on neither (rule N).
    /// </summary>
    public static Settlement Settle(Person stays, Person duplicate, MergePeople command)
    {
        Person[] records = [stays, duplicate];
        var held = (from record in records from document in record.Papers.ValidAt(command.Now) select (Record: record, Document: document)).ToList();
        var valid = held.FindAll(paper => !Array.Exists(records, record => record.Fears.BarsAny([paper.Document.Destination, .. paper.Document.Transits])));
        var standing = command.StandingDocument is { } named ? valid.Find(paper => paper.Document.ApplicationId == named)
            : valid.Count == 1 ? valid[0] : default;
        if (standing.Document is null && command.StandingDocument is not null)
            return new(Refusal.Invalid("match/standing-document",
                $"`standingDocument` is not a valid emergency travel document of these records. Name one of these, or leave it out where there is none: {List()}.",
                "standingDocument"));
        if (standing.Document is null && valid.Count > 1)
            return new(Refusal.Conflict("match/two-documents",
                $"These records hold more than one valid emergency travel document: {List()}. A person has one. Ask them which one they travel with "
                + "and send its application as `standingDocument`. The other becomes void: take it from them."));

        return new(null) { OnDuplicate = [.. Voided(duplicate)], OnStaying = [.. Voided(stays), .. Brought()] };

        string List() => valid.Count == 0 ? "none" : string.Join("; ", valid.Select(paper => $"{paper.Document.ApplicationId} to {paper.Document.Destination}, "
            + $"valid until {paper.Document.ValidUntil:yyyy-MM-dd}, under record {paper.Record.Id}"));

        IEnumerable<Event> Brought() => standing.Document is { } document && ReferenceEquals(standing.Record, duplicate)
            ? duplicate.Papers.Story(document.ApplicationId, duplicate.Id) : [];

        IEnumerable<Event> Voided(Person record) =>
            from paper in held
            where ReferenceEquals(paper.Record, record) && paper.Document.ApplicationId != standing.Document?.ApplicationId
            select new TravelDocumentRevoked(paper.Document.ApplicationId, valid.Contains(paper) ? "merged" : "fear-of-return",
                command.At > paper.Document.At ? command.At : paper.Document.At);
    }

    private IEnumerable<Event> Story(Guid applicationId, Guid record) => Told.Where(told => told switch
    {
        TravelDocumentApplicationOpened e => e.ApplicationId == applicationId,
        IdentityVerified e => e.ApplicationId == applicationId,
        TravelDocumentApproved e => e.ApplicationId == applicationId,
        TravelDocumentIssued e => e.ApplicationId == applicationId,
        _ => false,
    }).Select(told => told with { MergedFrom = record });
}

/// <summary>What goes on both records for the sake of one document, or why an officer must say more.</summary>
internal sealed record Settlement(Refusal? Refusal)
{
    public IReadOnlyList<Event> OnDuplicate { get; init; } = [];
    public IReadOnlyList<Event> OnStaying { get; init; } = [];
}
