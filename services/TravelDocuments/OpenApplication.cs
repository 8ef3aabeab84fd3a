using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.TravelDocuments;

/// <summary>A file opens by itself when the person has no document they can travel with, and by hand when an officer knows more.</summary>
internal sealed record OpenApplication(Guid ApplicationId, string Why, DateTimeOffset At)
{
    // Codes, not words: the reason is published, and words could tell about the person.
    private static readonly string[] Reasons = ["none", "expired", "expiring", "expiry-unknown", "lost", "stolen", "damaged", "withheld-by-employer"];

    /// <summary>When somebody registered, registered again, or was corrected.</summary>
    public static Decision Decide(TravelDocumentFile file)
    {
        // Of what was told so far: a wake that comes again, also after the document was issued and revoked, opens no second one.
        var id = Ids.Of(file.PersonId, "travel-document", file.Told);
        return file.NoUsableDocument is { } why && !file.Applications.Any(application => application.IsOpen || application.Stands || application.Id == id)
            ? new TravelDocumentApplicationOpened(id, why, file.ToldAt)
            : Decision.Nothing;
    }

    public static Decision Decide(TravelDocumentFile file, OpenApplication command) =>
        file.Record.Refuse() is { } refusal ? refusal
        : !Reasons.Contains(command.Why)
            ? Refusal.Invalid("travel-document/reason-unknown", $"Say why with one of these: {string.Join(", ", Reasons)}.", "why")
        : command.At < file.RegisteredAt ? FileRefusals.TooEarly("The person was registered", file.RegisteredAt)
        : file.Application(command.ApplicationId) is not null ? Decision.Nothing
        : file.Open is not null
            ? Refusal.Conflict("travel-document/already-open", "An application for this person is open. Go on with that one.")
        : new TravelDocumentApplicationOpened(command.ApplicationId, command.Why, command.At);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/travel-documents", async Task<IResult> (Guid personId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var id = http.Ids().Next();
            var outcome = await store.DecideAsync<TravelDocumentFile>(personId, file => Decide(file, new(id, body.Why, at)), new(http.User.Identity!.Name), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/travel-documents", new { personId, applicationId = id }));
        }).Allow(Roles.DocumentOfficer);

    private sealed record Body(string Why, DateTimeOffset? At = null);
}
