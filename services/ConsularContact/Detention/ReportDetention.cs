using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>A person is held by the authorities of a state.</summary>
internal sealed record ReportDetention(Guid DetentionId, string State, string? Place, string? Authority, DateTimeOffset At)
{
    private sealed record Body(string State, string Place, string? Authority = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/detentions", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (CountryField.ReadPlace(body.State, "state", out var state) is { } nowhere) return nowhere.ToProblem();
            var id = http.Ids().Next();
            var outcome = await store.DecideAsync<Detainee>(personId,
                person => Decide(person, new(id, state, RegistrationRules.Text(body.Place), RegistrationRules.Text(body.Authority), at)), new By(http.User.Identity!.Name), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/detentions", new { personId, detentionId = id, visitDueAt = at + Detainee.FirstVisitWithin }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Report that a person is detained")
          .WithDescription("Nobody is told of it by this. A post is told with …/notices, and only if the person wants it.");

        api.MapGet("/people/{personId:guid}/detentions", async Task<IResult> (Guid personId, TimelineStore store, CancellationToken ct) =>
        {
            var (person, _) = await store.LoadAsync<Detainee>(personId, ct: ct);
            return person.File.Missing is { } missing ? missing.ToProblem() : TypedResults.Ok(new
            {
                personId,
                items = person.Stays.Select(stay => new
                {
                    detentionId = stay.Id,
                    stay.State,
                    stay.Place,
                    stay.Authority,
                    stay.At,
                    stay.EndedAt,
                    stay.Counsel,
                    stay.VisitDueAt,
                    stay.VisitOverdue,
                    visits = stay.Visits.OrderBy(visit => visit.At).Select(visit => new { visitId = visit.Id, visit.Officer, visit.Findings, visit.At }),
                    notices = stay.Notices.Select(notice => new { noticeId = notice.Id, notice.To, notice.AskedAt, notice.DueAt, notice.Overdue, notice.Withdrawn, notice.GivenAt }),
                }),
            });
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("detentions").WithSummary("The detentions of a person, with visits, notices and counsel");
    }

    internal static Decision Decide(Detainee person, ReportDetention command) =>
        command.Place is not { Length: <= 500 } place ? Refusal.Invalid("detention/place-missing", "Say in at most 500 characters where the person is held.", "place")
        : command.Authority?.Length > 500 ? Refusal.Invalid("detention/authority-too-long", "The authority takes at most 500 characters.", "authority")
        : person.File.Missing is { } missing ? missing
        : person.Current is not null ? Refusal.Conflict("detention/already-open", "This person is recorded as detained already. Go on with that record, or end it first.")
        : new DetentionReported(command.DetentionId, command.State, place, command.Authority, command.At + Detainee.FirstVisitWithin, command.At);
}
