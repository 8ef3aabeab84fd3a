using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>A child is no longer alone: back with a guardian whose household they belong to, of age, or never alone at all.</summary>
internal sealed record EndSeparation(string Outcome, string ProtectionOfficer, DateTimeOffset At, DateTimeOffset Now)
{
    private static readonly string[] Outcomes = ["reunified", "guardian-appointed", "of-age", "reported-in-error"];

    private sealed record Body(string Outcome, Guid? With = null, DateTimeOffset? At = null);

    public static Refusal None => Refusal.NotFound("separation/none", "This child is not reported as unaccompanied or separated.");

    private static Refusal OnlyCoded => Refusal.Conflict("separation/only-coded",
        "A registration says that this child is alone, and nobody has reported it. Report it first, so that it is known who answered for "
        + "the child until now: POST /people/{personId}/separation. Then record how it ended.");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/separation/end", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new EndSeparation(body.Outcome, http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work =>
            {
                var child = await work.LoadAsync<Person>(personId);
                var household = child.Households.Count > 0 ? await Household.LoadAsync(work, store.Database, service, child.Households.Order().First(), ct) : null;
                return Decide(child, household, body.With is { } guardian ? await work.LoadAsync<Person>(guardian) : null, command).Into(work);
            }, new By(command.ProtectionOfficer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.ProtectionOfficer).WithSummary("Record that a child is no longer unaccompanied or separated")
          .WithDescription($"outcome: {string.Join(", ", Outcomes)}. with: for the first two the guardian, in whose household the child is by then.");

    internal static Changes Decide(Person child, Household? household, Person? guardian, EndSeparation command)
    {
        if (!Outcomes.Contains(command.Outcome)) return Refusal.Invalid("separation/outcome-unknown", $"Say how it ended: {string.Join(", ", Outcomes)}.", "outcome");
        if (child.Unavailable is { } gone) return gone;
        if (child.Family.Separation is not { } alone) return child.Alone.IsCoded ? OnlyCoded : None;
        if (command.At < alone.At) return Refusal.Invalid("separation/ended-before", "It cannot have ended before it was reported. Check the time.", "at");
        var refusal = command.Outcome switch
        {
            "of-age" => child.IsChildOn(command.Now) ? Refusal.Conflict("separation/still-a-child", "By their birth date this person is still a child, or may be.") : null,
            // Who joined since, or was named since by one officer, may be whom the report is about.
            "reported-in-error" => household?.AdultsOn(command.Now).Any(adult =>
                child.Family.IsGuardian(adult) && child.Family.Guardians.WasKnownAtReport(adult.Id, adult.Record.Duplicates)) == true ? null
                : Refusal.Conflict("separation/still-alone", "Nobody of the child's household was on record as answering for the child when they were reported. "
                    + "Two protection officers record who does: POST /people/{personId}/guardians. Then end it as guardian-appointed or reunified."),
            _ when guardian is null => Refusal.Invalid("separation/with-whom", "Say which guardian the child is with.", "with"),
            _ when guardian.Unavailable is not null || !guardian.Childhood.IsAdultOn(command.Now) || !child.Family.IsGuardian(guardian, TieStanding.Confirmed) =>
                Refusal.Invalid("separation/not-the-guardian", "That is no guardian on record of this child. Record who is first: POST /people/{personId}/guardians.", "with"),
            _ when household?.Has(guardian.Id) != true =>
                Refusal.Conflict("separation/not-together", "The child does not belong to the guardian's household yet. Have the child join it first: POST /households/{householdId}/members."),
            _ => null,
        };
        if (refusal is not null) return refusal;
        var ended = Changes.None.And(child.Id, new ChildSeparationEnded(alone.CaseId, command.Outcome, command.Outcome is "of-age" or "reported-in-error" ? null : guardian?.Id, command.ProtectionOfficer, command.At));
        // Rests on who is there now: nobody may be leaving at the same moment.
        return household?.Noted(ended, [], [], null, command.ProtectionOfficer, command.At) ?? ended;
    }
}
