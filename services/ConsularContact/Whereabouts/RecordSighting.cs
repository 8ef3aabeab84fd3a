using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>Somebody else saw a person.</summary>
internal sealed record RecordSighting(Guid SightingId, string? By, Spot Spot, DateTimeOffset At)
{
    private sealed record Body(string By, string? Place = null, Position? Position = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/sightings", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (Spots.Read(body.Place, body.Position, out var spot) is { } nowhere) return nowhere.ToProblem();
            var id = http.Ids().Next();
            var outcome = await store.DecideAsync<LastKnown>(personId, person => Decide(person, new(id, RegistrationRules.Text(body.By), spot, at)), new By(http.User.Identity!.Name), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/whereabouts", new { personId, sightingId = id }));
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record that somebody saw a person");

    internal static Decision Decide(LastKnown person, RecordSighting command) =>
        command.By is not { Length: <= 200 } by ? Refusal.Invalid("whereabouts/by-missing", "Say in at most 200 characters who saw the person.", "by")
        : !command.Spot.IsKnown ? Refusal.Invalid("whereabouts/nowhere", "Say where the person was seen: a place in words, or a position.", "place")
        : person.File.Missing is { } missing ? missing
        : new Sighted(command.SightingId, by, command.Spot.Place, command.Spot.Position, command.At);
}
