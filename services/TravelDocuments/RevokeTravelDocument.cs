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

    /// <summary>From the moment its holder arrived where it leads, it leads nowhere.</summary>
    public static Decision WhereUsed(TravelDocumentFile file) =>
        Decision.Of(file.Applications.Where(application => application is { Stands: true, UsedAt: not null })
            .Select(application => new TravelDocumentRevoked(application.Id, "used", application.UsedAt!.Value)));

    public static Decision Decide(TravelDocumentFile file, RevokeTravelDocument command) =>
        // Under a record that was merged away, or of somebody whose data was erased, a document can still be made void.
        !file.Record.Registered ? PersonRefusals.Unknown
        : !Reasons.Contains(command.Why) ? Refusal.Invalid("travel-document/reason-unknown", $"Say why with one of these: {string.Join(", ", Reasons)}.", "why")
        : file.Application(command.ApplicationId) switch
        {
            null => FileRefusals.UnknownApplication,
            { IssuedBy: null } => Refusal.Conflict("travel-document/not-issued", "This document was not issued yet, so there is nothing to revoke."),
            { RevokedWhy: not null } => Decision.Nothing,
            { IssuedAt: var issued } when command.At < issued => FileRefusals.TooEarly("The document was issued", issued),
            var application => new TravelDocumentRevoked(application.Id, command.Why, command.At),
        };

    public static Task ReactAsync(Woken woken, Func<TravelDocumentFile, Decision> decide) =>
        woken.Timeline.AttemptAsync(work => work.DecideAsync(woken.StreamId, decide), woken.By, woken.Stopping);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents/{applicationId:guid}/revocation", async Task<IResult> (Guid personId, Guid applicationId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var command = new RevokeTravelDocument(applicationId, body.Why, at);
            var outcome = await store.AttemptAsync(work => work.DecideAsync(personId, file => Decide(file, command)), new(http.User.Identity!.Name), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, applicationId, state = "revoked" }));
        }).Allow(Roles.DocumentOfficer);

    private sealed record Body(string Why, DateTimeOffset? At = null);
}

/// <summary>
/// A document that came with a merge is on two records. What makes it void goes on both in one append: else it would be valid again
/// once the merge is undone, or still be valid at the gate.
/// </summary>
internal static class OnEveryRecord
{
    public static async Task<Refusal?> DecideAsync(this Work work, Guid personId, Func<TravelDocumentFile, Decision> decide)
    {
        var file = await work.LoadAsync<TravelDocumentFile>(personId);
        return await work.AppendAsync(file, decide(file));
    }

    public static async Task<Refusal?> AppendAsync(this Work work, TravelDocumentFile file, Decision decision)
    {
        foreach (var revoked in decision.Events.OfType<TravelDocumentRevoked>())
            foreach (var record in file.AlsoUnder(revoked.ApplicationId))
                if ((await work.LoadAsync<TravelDocumentFile>(record)).Application(revoked.ApplicationId) is { Stands: true })
                    work.Append(record, revoked);
        return work.Append(file.PersonId, decision);
    }
}
