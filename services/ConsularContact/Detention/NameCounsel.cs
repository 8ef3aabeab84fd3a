using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>Who speaks for a detained person before the law.</summary>
internal static class NameCounsel
{
    private sealed record Body(string Counsel, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/detentions/{detentionId:guid}/counsel", async Task<IResult> (Guid personId, Guid detentionId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            http.Happen(body.At, out var at) is { } early ? early.ToProblem()
                : (await store.DecideAsync<Detainee>(personId, person => Decide(person, detentionId, RegistrationRules.Text(body.Counsel), at), new By(http.User.Identity!.Name), ct))
                    .ToResult(http, () => TypedResults.NoContent()))
            .Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record a detained person's counsel").WithDescription("counsel: name and how to reach them.");

    internal static Decision Decide(Detainee person, Guid detentionId, string? counsel, DateTimeOffset at) =>
        counsel is not { Length: <= 500 } ? Refusal.Invalid("detention/counsel-missing", "Give the counsel's name and how to reach them, in at most 500 characters.", "counsel")
        : person.File.Missing is { } missing ? missing
        : person.Find(detentionId) is not { } stay ? Detainee.UnknownStay
        : !stay.IsOpen ? Detainee.Ended
        : stay.Counsel == counsel ? Decision.Nothing
        : new DetaineeCounselNamed(detentionId, counsel, at);
}
