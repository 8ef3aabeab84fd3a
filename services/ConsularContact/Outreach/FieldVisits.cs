using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>Somebody went to look for a person whom no message reached. Who is to be visited stands on the work lists.</summary>
internal sealed record FieldVisits(Guid VisitId, bool Met, string? Findings, Guid CheckInId, string? State, Spot Spot, string Officer, DateTimeOffset At)
{
    private const int LongestFindings = 2000;

    private sealed record Body(bool Met, string? Findings = null, string? State = null, string? Place = null, Position? Position = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/field-visits/{visitId:guid}/outcome", async Task<IResult> (Guid personId, Guid visitId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (Spots.Read(body.Place, body.Position, out var spot) is { } nowhere) return nowhere.ToProblem();
            var command = new FieldVisits(visitId, body.Met, RegistrationRules.Text(body.Findings), http.Ids().Next(), RegistrationRules.Text(body.State), spot, http.User.Identity!.Name!, at);
            var outcome = await store.DecideAsync<Addressee>(personId, person => Decide(person, command), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record what came of a field visit")
          .WithDescription("met: whether the person was found; state then says how they are: safe, needs-help, moving or left. Under a record that was merged since only the visit is recorded; record how they are under the other.");

    internal static Decision Decide(Addressee person, FieldVisits command)
    {
        if (command.Findings?.Length > LongestFindings) return Refusal.Invalid("outreach/findings-too-long", $"The findings take at most {LongestFindings} characters.", "findings");
        if (command.Met && command.State is null) return LastKnown.StateUnknown;
        if (person.Whereabouts.File.Record.RefuseMissing() is { } missing) return missing;
        if (person.Contacts.Visits.Find(visit => visit.Id == command.VisitId) is not { } visit) return Refusal.NotFound("outreach/visit-unknown", "No visit was asked for under that id. Look at the work lists again.");
        if (visit.Made is not null) return Decision.Nothing;
        if (command.At < visit.At) return Refusal.Invalid("outreach/visit-before", "That was before the visit was asked for. Record it as a check-in or a sighting.", "at");
        var made = new FieldVisitMade(visit.Id, command.Officer, command.Met, command.Findings, command.At);
        // How they are is told of whoever stands for them.
        if (!command.Met || person.MergedInto is not null) return made;
        var checkIn = CheckIn.Decide(person.Whereabouts, new(command.CheckInId, command.State!, "officer", command.Spot, command.At));
        return checkIn.Refusal is { } refusal ? refusal : Decision.Of([made, .. checkIn.Events]);
    }
}
