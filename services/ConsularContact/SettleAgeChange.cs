using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>A second officer agrees to a correction that decides until when somebody is a child, or refuses it (rule C).</summary>
internal static class SettleAgeChange
{
    internal sealed record AgeChangeAnswer(bool Agreed, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/age-changes/{changeId:guid}/answer", async Task<IResult> (Guid personId, Guid changeId, AgeChangeAnswer body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var waits = false;
            var outcome = await store.DecideAsync<Person>(personId, person =>
            {
                var decision = Decide(person, changeId, body.Agreed, officer, at);
                waits = decision.Events.Any(e => e is AgeChangeProposed);
                return decision;
            }, new By(officer), ct);
            return outcome.ToResult(http, () => waits
                ? TypedResults.Accepted((string?)null, new CorrectRegistration.AgeChangeAsked(changeId, CorrectRegistration.SecondOfficer))
                : TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Agree to a correction across the age of eighteen, or refuse it")
          .WithDescription("Another officer than the one who corrected it. GET /people/{personId} shows what is asked. What the holder of a tracking token asks takes two: the first who agrees makes it their own, which answers 202.");

    internal static Decision Decide(Person person, Guid changeId, bool agreed, string officer, DateTimeOffset at) =>
        person.Unavailable is { } gone ? gone
        : person.AgeChanges.GetValueOrDefault(changeId) is not { } change || !person.Registrations.Exists(r => r.Id == change.RegistrationId)
            ? Refusal.NotFound("age-change/unknown", "No such correction waits for an answer. It was answered, or the registration was corrected since. Load the person again.")
        : agreed && NameGuardian.SameAccount(change.Officer, officer)
            ? Refusal.Forbidden("age-change/second-officer-needed", "You made this correction. Another officer must agree before it counts, because it decides whether this person is a child.")
        : !agreed || change.Form is not { } form ? new AgeChangeSettled(changeId, false, officer, at)
        // Whoever holds a token is no officer, and may be this one: their word becomes the officer's, and another agrees to it.
        : MyRegistration.IsToken(change.Officer) ? change with { Officer = officer, At = at }
        : Decision.Of([new RegistrationCorrected(change.RegistrationId, change.Officer, form, change.Reason, at) { AgreedBy = officer }, new AgeChangeSettled(changeId, true, officer, at)]);
}
