using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>A detained person is free.</summary>
internal static class EndDetention
{
    private sealed record Body(DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/detentions/{detentionId:guid}/end", async Task<IResult> (Guid personId, Guid detentionId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Detainee>(personId, person => Decide(person, detentionId, officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that a person is not detained any more");

    internal static Decision Decide(Detainee person, Guid detentionId, string officer, DateTimeOffset at) =>
        person.File.Missing is { } missing ? missing
        : person.Find(detentionId) is not { } stay ? Detainee.UnknownStay
        : !stay.IsOpen ? Decision.Nothing
        : at < stay.At ? Refusal.Invalid("detention/ended-before", "It cannot have ended before it began. Check the time.", "at")
        : new DetentionEnded(detentionId, officer, at);
}
