using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// An adult answers for a child. Of a child who is alone only a protection officer says so: whoever wants to take a child away
/// says that they are the uncle.
/// </summary>
/// <param name="ByProtection">A protection officer says it.</param>
internal sealed record NameGuardian(string? Basis, bool ByProtection, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private static readonly string[] Bases = ["parent", "legal", "customary"];

    private sealed record Body(Guid GuardianId, string Basis, DateTimeOffset? At = null);

    private sealed record End(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/guardians", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new NameGuardian(body.Basis, http.User.IsInRole(Roles.ProtectionOfficer), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => work.Append(personId, Decide(await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(body.GuardianId), command)), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, body.GuardianId, body.Basis }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record who answers for a child").WithDescription("basis: parent, legal or customary. For a child who is alone a protection officer records it.");

        api.MapPost("/people/{personId:guid}/guardians/{guardianId:guid}/end", async Task<IResult> (Guid personId, Guid guardianId, End body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Person>(personId, child => Finish(child, guardianId, RegistrationRules.Text(body.Reason), officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.ProtectionOfficer).WithSummary("Record that somebody no longer answers for a child");
    }

    internal static Decision Decide(Person child, Person guardian, NameGuardian command) =>
        !Bases.Contains(command.Basis) ? Refusal.Invalid("guardian/basis-unknown", $"Say on what it rests: {string.Join(", ", Bases)}.", "basis")
        : child.Unavailable is { } gone ? gone
        : !child.IsChildOn(command.Now) ? Refusal.Conflict("guardian/not-a-child", "By their birth date this person is no child. If the birth date is wrong, have the registration corrected first.")
        : guardian.Id == child.Id ? Refusal.Invalid("guardian/the-child", "The child cannot be their own guardian. Name an adult.", "guardianId")
        : guardian.Matches.MergedInto is { } into ? Refusal.Invalid("guardian/merged", $"The guardian's record was merged into another of the same person. Name that one: {into}.", "guardianId")
        : !guardian.Exists ? Refusal.Invalid("guardian/unknown", "The guardian is not registered. Register them first.", "guardianId")
        : guardian.IsChildOn(command.Now) ? Refusal.Invalid("guardian/a-child", "Who answers for a child must be an adult. Name another person, or have their birth date corrected.", "guardianId")
        : child.Family.Guardians.GetValueOrDefault(guardian.Id)?.Basis == command.Basis ? Decision.Nothing
        : !command.ByProtection && IsAlone(child) ? Refusal.Forbidden("guardian/protection-officer-needed", "This child is alone, so a protection officer records who answers for them.")
        : new GuardianNamed(guardian.Id, command.Basis!, command.Officer, command.At);

    internal static Decision Finish(Person child, Guid guardian, string? reason, string officer, DateTimeOffset at) =>
        reason is not { Length: <= 2000 } ? Refusal.Invalid("guardian/reason-missing", "Say in at most 2,000 characters why the adult no longer answers for the child.", "reason")
        : child.Unavailable is { } gone ? gone
        : child.Family.Guardians.ContainsKey(guardian) ? new GuardianshipEnded(guardian, reason, officer, at)
        : Refusal.NotFound("guardian/none-such", "That person is no guardian of this child.");

    private static bool IsAlone(Person child) =>
        child.Family.Separation is not null || child.Households.IsEmpty || child.Registrations.Any(r => r.Form?.SpecificNeeds.Contains("SC") == true);
}
