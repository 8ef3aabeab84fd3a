using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>A document is void once it was replaced, used, or its holder's own was found (rule D), or its countries are feared (rule N).</summary>
internal sealed record RevokeTravelDocument(Guid ApplicationId, string Why, DateTimeOffset At)
{
    // Codes, not words: the reason is published, and words could tell about the person.
    private static readonly string[] Reasons = ["used", "found", "lost", "stolen", "issued-in-error", "fear-of-return"];

    /// <summary>From the moment a claim is made no document leads there, whoever heard it.</summary>
    public static Decision WhereFeared(TravelDocumentFile file) =>
        Decision.Of(file.Applications
            .Where(application => application.Stands && file.Fears.BarsAny([application.Destination, .. application.Transits]))
            .Select(application => new TravelDocumentRevoked(application.Id, "fear-of-return", file.FearedSince > application.IssuedAt ? file.FearedSince : application.IssuedAt)));

    public static Decision Decide(TravelDocumentFile file, RevokeTravelDocument command) =>
        // A document that was issued under a record merged away can still be made void.
        file.Record.RefuseMissing() is { } refusal ? refusal
        : !Reasons.Contains(command.Why) ? Refusal.Invalid("travel-document/reason-unknown", $"Say why with one of these: {string.Join(", ", Reasons)}.", "why")
        : file.Application(command.ApplicationId) switch
        {
            null => FileRefusals.UnknownApplication,
            { IssuedBy: null } => Refusal.Conflict("travel-document/not-issued", "This document was not issued yet, so there is nothing to revoke."),
            { RevokedWhy: not null } => Decision.Nothing,
            var application => new TravelDocumentRevoked(application.Id, command.Why, command.At),
        };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents/{applicationId:guid}/revocation", async Task<IResult> (Guid personId, Guid applicationId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var outcome = await store.DecideAsync<TravelDocumentFile>(personId,
                file => Decide(file, new(applicationId, body.Why, at)), new(http.User.Identity!.Name), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, applicationId, state = "revoked" }));
        }).Allow(Roles.DocumentOfficer);

    private sealed record Body(string Why, DateTimeOffset? At = null);
}
