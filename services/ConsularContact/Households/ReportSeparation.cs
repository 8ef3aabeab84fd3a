using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// A child is found without those who care for them. From this moment rule C holds for the child; who looks after them is
/// recorded, and a protection officer has three days to assess what is best for them.
/// </summary>
internal sealed record ReportSeparation(Guid CaseId, string Kind, string Cause, BirthDate? Since, string? Last, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private static readonly TimeSpan AssessedWithin = TimeSpan.FromHours(72);

    private static readonly string[]
        Kinds = ["unaccompanied", "separated"],
        Causes = ["conflict", "population-movement", "death", "abandonment", "detention", "medical-evacuation", "trafficking", "other", "not-known"];

    private sealed record Body(string Kind, string Cause, BirthDate? Since = null, string? Last = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/separation", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new ReportSeparation(http.Ids().Next(), body.Kind, body.Cause, body.Since, RegistrationRules.Text(body.Last), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.DecideAsync<Person>(personId, child => Decide(child, command), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/separation", new { personId, command.CaseId, assessmentDueAt = at + AssessedWithin }));
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Report that a child is unaccompanied or separated")
          .WithDescription($"kind: {string.Join(", ", Kinds)}. cause: {string.Join(", ", Causes)}. since: a day, month or year. last: where the child was last with whom.");

        api.MapGet("/people/{personId:guid}/separation", async Task<IResult> (Guid personId, TimelineStore store, CancellationToken ct) =>
            (await store.LoadAsync<Person>(personId, ct: ct)).State switch
            {
                var known when known.Record.RefuseMissing() is { } missing => missing.ToProblem(),
                { Family.Separation: null } => EndSeparation.None.ToProblem(),
                { Family: { Separation: { } alone } family } child => TypedResults.Ok(new
                {
                    personId,
                    alone.CaseId,
                    alone.Kind,
                    alone.Cause,
                    alone.Since,
                    alone.Last,
                    reportedAt = alone.At,
                    alone.AssessmentDueAt,
                    assessmentOverdue = family.AssessmentOverdue is not null,
                    guardians = family.Guardians.All.Values.Select(tie => new GuardianAnswer(tie.AdultId, tie.Basis, tie.Standing)),
                    escortId = child.Alone.EscortFor(family.Guardians)?.AdultId,
                    care = family.Care.Select(care => new { arrangementId = care.Id, care.Kind, care.CarerId, care.With, care.From, care.Until }),
                }),
            }).Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("separation").WithSummary("What is known of a child's separation, and who looks after them");
    }

    internal static Decision Decide(Person child, ReportSeparation command) =>
        !Kinds.Contains(command.Kind) ? Refusal.Invalid("separation/kind-unknown", "Say whether the child is unaccompanied (nobody answers for them) or separated (with other relatives).", "kind")
        : !Causes.Contains(command.Cause) ? Refusal.Invalid("separation/cause-unknown", $"Say what parted them: {string.Join(", ", Causes)}.", "cause")
        : command.Since?.Earliest > DateOnly.FromDateTime(command.At.UtcDateTime) ? Refusal.Invalid("separation/since-later", "They cannot have been parted after it was reported. Check the date.", "since")
        : command.Last?.Length > 2000 ? Refusal.Invalid("separation/last-too-long", "Say in at most 2,000 characters where the child was last with whom.", "last")
        : child.Unavailable is { } gone ? gone
        : !child.IsChildOn(command.Now) ? Refusal.Conflict("separation/not-a-child", "By their birth date this person is no child. If the birth date is wrong, have the registration corrected first.")
        : child.Family.Separation is not null ? Refusal.Conflict("separation/already-reported", "This child is reported as unaccompanied or separated already. Go on with that case.")
        : new ChildSeparationReported(command.CaseId, command.Kind, command.Cause, command.Since, command.Last, command.Officer, command.At + AssessedWithin, command.At);
}
