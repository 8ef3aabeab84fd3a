using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>An officer saw a detained person, and when they should be seen next.</summary>
internal sealed record VisitDetainee(Guid DetentionId, Guid VisitId, string Officer, string? Findings, DateTimeOffset NextDueAt, DateTimeOffset At)
{
    private sealed record Body(string? Officer = null, string? Findings = null, DateTimeOffset? NextDueAt = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/detentions/{detentionId:guid}/visits", async Task<IResult> (Guid personId, Guid detentionId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (Colleague.Read(body.Officer, http.User.Identity!.Name!, "officer", out var officer) is { } nobody) return nobody.ToProblem();
            var command = new VisitDetainee(detentionId, http.Ids().Next(), officer, RegistrationRules.Text(body.Findings), body.NextDueAt ?? at + Detainee.NextVisitWithin, at);
            var outcome = await store.DecideAsync<Detainee>(personId, person => Decide(person, command), new By(http.User.Identity!.Name), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/detentions", new { personId, detentionId, visitId = command.VisitId, command.NextDueAt }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record a visit to a detained person")
          .WithDescription("officer: the account of who went, yours when left out. nextDueAt: thirty days later when left out.");

    internal static Decision Decide(Detainee person, VisitDetainee command) =>
        command.Findings?.Length > 20_000 ? Refusal.Invalid("detention/findings-too-long", "The findings take at most 20,000 characters.", "findings")
        : command.NextDueAt <= command.At ? Refusal.Invalid("detention/next-visit-before", "The next visit would be due before this one. Give a later time, or leave nextDueAt out.", "nextDueAt")
        : person.File.Missing is { } missing ? missing
        : person.Find(command.DetentionId) is not { } stay ? Detainee.UnknownStay
        : command.At < stay.At || command.At > stay.EndedAt ? Refusal.Invalid("detention/visit-outside", "The person was not detained at that time. Check when the visit was.", "at")
        : new DetaineeVisited(stay.Id, command.VisitId, command.Officer, command.Findings, command.NextDueAt, command.At);
}
