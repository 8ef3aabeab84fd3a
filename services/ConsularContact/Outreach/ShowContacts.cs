using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>What was tried to reach a person, what they answered, and that an officer read it.</summary>
internal static class ShowContacts
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/people/{personId:guid}/contacts", async Task<IResult> (Guid personId, TimelineStore store, CancellationToken ct) =>
        {
            var (person, _) = await store.LoadAsync<Addressee>(personId, ct: ct);
            return person.Whereabouts.File.Record.RefuseMissing() is { } missing ? missing.ToProblem() : TypedResults.Ok(new
            {
                personId,
                ways = person.Ways,
                safeNow = person.Safe.Holds(store.Time.GetUtcNow()),
                person.Language,
                person.InterpreterLanguage,
                person.FemaleOfficer,
                waves = person.Contacts.Asks.Select(ask => new
                {
                    ask.WaveId,
                    askedAt = ask.At,
                    state = ask.State,
                    ask.Why,
                    attempts = ask.Attempts.Select(attempt => new { attemptId = attempt.Id, attempt.Channel, attempt.Provider, attempt.At, attempt.State, attempt.Why }),
                }),
                replies = person.Contacts.Replies.Select(reply => new { replyId = reply.Id, reply.AttemptId, reply.Channel, reply.Meaning, reply.Text, reply.At, reply.Handled }),
                visits = person.Contacts.Visits.Select(visit => new { visitId = visit.Id, askedAt = visit.At, visit.DueAt, visit.Overdue, visit.Needless, visit.Made?.Met, visit.Made?.Findings, madeAt = visit.Made?.At }),
            });
        }).Allow(Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("contacts").WithSummary("What was tried to reach a person, and what they answered");

        api.MapPost("/people/{personId:guid}/replies/{replyId:guid}/handled", async Task<IResult> (Guid personId, Guid replyId, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Contacts>(personId, person => Handle(person, replyId, officer, store.Time.GetUtcNow()), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that an answer was read and seen to");
    }

    internal static Decision Handle(Contacts person, Guid replyId, string officer, DateTimeOffset at) =>
        // Also under a record that was merged since: its words were said there.
        person.File.Record.RefuseMissing() is { } missing ? missing
        : person.Replies.Find(reply => reply.Id == replyId) is not { } reply ? Refusal.NotFound("outreach/reply-unknown", "This person gave no answer with that id. Look at their contacts.")
        : reply.Handled ? Decision.Nothing : new ReplyHandled(replyId, officer, at);
}
