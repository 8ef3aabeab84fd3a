using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>A second officer approves a single journey to a destination over named transit countries (rule D).</summary>
internal sealed record ApproveApplication(Guid ApplicationId, string Officer, string Destination, IReadOnlyList<string> Transits, DateTimeOffset At)
{
    private const int MostTransits = 10;

    /// <summary>By our clock: who is a child does not depend on how somebody dates the approval.</summary>
    public DateTimeOffset Now { get; init; } = At;

    public static Decision Decide(TravelDocumentFile file, ApproveApplication command) =>
        file.Closed(command.ApplicationId) is { } refusal ? refusal
        : CountryField.ReadPlace(command.Destination, "destination", out var destination) is { } nowhere ? nowhere
        : command.Transits.Count > MostTransits ? Refusal.Invalid("travel-document/transits", $"Name at most {MostTransits} transit countries.", "transits")
        : CountryField.ReadPlaces(command.Transits, "transits", out var transits) is { } unknown ? unknown
        : Approve(file, command with { Destination = destination, Transits = transits });

    private static Decision Approve(TravelDocumentFile file, ApproveApplication command) =>
        file.Refoulement(command.Destination, command.Transits) is { } refoulement ? refoulement
        : file.NobodyAgreed(command.Now) is { } nobody ? nobody
        : file.Application(command.ApplicationId)! switch
        {
            var application when !application.VerifiedFor(file.Holder) => NotVerified,
            var application when Application.SameOfficer(application.VerifiedBy, command.Officer) =>
                Refusal.Forbidden("travel-document/second-officer-needed", "You verified this identity yourself. Ask a colleague to approve the journey: two officers answer for each document."),
            { ApprovedBy: not null } application when application.Destination == command.Destination && application.Transits.SequenceEqual(command.Transits) => Decision.Nothing,
            var application when command.At < application.DoneAt => FileRefusals.TooEarly("The last step was done", application.DoneAt),
            var application => new TravelDocumentApproved(application.Id, command.Officer, command.Destination, [.. command.Transits], command.At),
        };

    internal static Refusal NotVerified { get; } = Refusal.Conflict("travel-document/identity-not-verified",
        "Nobody verified the person's identity as the registration stands now. Verify it first; a second officer approves then.");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents/{applicationId:guid}/approval", async Task<IResult> (Guid personId, Guid applicationId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<TravelDocumentFile>(personId,
                file => Decide(file, new(applicationId, by, body.Destination, body.Transits ?? [], at) { Now = store.Time.GetUtcNow() }), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, applicationId, state = "approved" }));
        }).Allow(Roles.DocumentOfficer);

    private sealed record Body(string Destination, IReadOnlyList<string>? Transits = null, DateTimeOffset? At = null);
}
