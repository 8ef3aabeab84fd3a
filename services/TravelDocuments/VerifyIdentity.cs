using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>A first officer verified who the person is, as they are registered now.</summary>
internal sealed record VerifyIdentity(Guid ApplicationId, string Officer, string Evidence, DateTimeOffset At)
{
    private const int LongestEvidence = 4000;

    public static Decision Decide(TravelDocumentFile file, VerifyIdentity command) =>
        file.Closed(command.ApplicationId) is { } refusal ? refusal
        : string.IsNullOrWhiteSpace(command.Evidence) || command.Evidence.Length > LongestEvidence || command.Evidence.Contains('\0')
            ? Refusal.Invalid("travel-document/evidence-missing", $"Say in at most {LongestEvidence} characters what shows who the person is: a copy of a document, witnesses, an answer from the register.", "evidence")
        : command.At < file.RegisteredAt ? FileRefusals.TooEarly("The person was registered", file.RegisteredAt)
        : file.Application(command.ApplicationId)! switch
        {
            var application when !application.VerifiedFor(file.Holder) => new IdentityVerified(application.Id, command.Officer, command.Evidence, command.At),
            var application when Application.SameOfficer(application.VerifiedBy, command.Officer) => Decision.Nothing,
            _ => Refusal.Conflict("travel-document/identity-already-verified", "A colleague verified this identity already. If you agree, go on to the approval."),
        };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents/{applicationId:guid}/identity", async Task<IResult> (Guid personId, Guid applicationId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<TravelDocumentFile>(personId, file => Decide(file, new(applicationId, by, body.Evidence, at)), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, applicationId, state = "verified" }));
        }).Allow(Roles.DocumentOfficer);

    private sealed record Body(string Evidence, DateTimeOffset? At = null);
}
