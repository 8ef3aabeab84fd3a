using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.ExitBarriers;

/// <summary>What kept a person from leaving does so no more.</summary>
internal sealed record ResolveExitBarrier(Guid BarrierId, string Officer, string? Outcome, DateTimeOffset At)
{
    private sealed record Body(string Outcome, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/exit-barriers/{barrierId:guid}/resolution", async Task<IResult> (Guid personId, Guid barrierId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Barriers>(personId, person => Decide(person, new(barrierId, officer, RegistrationRules.Text(body.Outcome), at)), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer).WithSummary("Record that an exit barrier is cleared");

    internal static Decision Decide(Barriers person, ResolveExitBarrier command) =>
        command.Outcome is not { Length: <= 2000 } ? Refusal.Invalid("exit-barrier/outcome-missing", "Say in at most 2,000 characters how it was cleared.", "outcome")
        : person.File.Missing is { } missing ? missing
        : person.All.Find(barrier => barrier.Id == command.BarrierId) is not { } barrier ? Refusal.NotFound("exit-barrier/unknown", "This person has no exit barrier with that id. Look at their exit barriers.")
        : !barrier.IsOpen ? Decision.Nothing
        : command.At < barrier.RaisedAt ? Refusal.Invalid("exit-barrier/resolved-before", "It cannot have been cleared before it was met. Check the time.", "at")
        : new ExitBarrierResolved(barrier.Id, command.Officer, command.Outcome, command.At);
}
