using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>A registration was matched to the wrong person: it goes on with a person of its own, and is not matched back.</summary>
internal sealed record SeparateRegistration(Guid RegistrationId, Guid NewPersonId, string? Reason, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private sealed record Body(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/registrations/{registrationId:guid}/separation", async Task<IResult> (Guid personId, Guid registrationId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new SeparateRegistration(registrationId, http.Ids().Next(), RegistrationRules.Text(body.Reason), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work =>
            {
                var (onPerson, onNew) = Decide(await work.LoadAsync<Person>(personId), command);
                return work.Append(personId, onPerson) ?? work.Append(command.NewPersonId, onNew);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{command.NewPersonId}", new { personId = command.NewPersonId, registrationId }));
        }).Allow(Roles.Officer).WithSummary("Take a wrongly matched registration off this person").WithDescription("It goes on with a new person of its own.");

    /// <summary>What goes on the person's and on the new timeline, together or not at all; a refusal stands on both.</summary>
    public static (Decision OnPerson, Decision OnNew) Decide(Person person, SeparateRegistration command)
    {
        if (person.Unavailable is { } unavailable) return Both(unavailable);
        if (command.Reason is not { Length: <= 2000 }) return Both(MergePeople.ReasonMissing);
        if (person.Registrations.Find(r => r.Id == command.RegistrationId) is not { Form: { } form } registration)
            return Both(ConsularRefusals.RegistrationUnknown);
        if (registration.Repeated?.MergedFrom is not null)
            return Both(Refusal.Conflict("match/came-by-merge", "This registration came with a merged record. Undo that merge: POST /people/{personId}/unmerge."));
        if (registration.Repeated is null)
            return Both(Refusal.Conflict("match/first-registration", "This is the person's first registration. Take the others off it instead."));

        var separated = new RegistrationSeparated(registration.Id, command.NewPersonId, command.Officer, command.Reason, command.At);
        if (person.Childhood.IsShortenedTo(person.Childhood.After(separated), DateOnly.FromDateTime(command.Now.UtcDateTime)))
            return Both(Refusal.Conflict("match/says-child", "Only this registration says that the person is a child. Correct its birth date first, with a second officer, or leave it here."));

        Event[] begins =
            [
                new PersonRegistered(
                    registration.Id, registration.CrisisId, registration.Reference, registration.Channel, registration.InAffectedArea, form,
                    registration.At)
                {
                    Sender = registration.Sender,
                    Post = registration.Post,
                    Exercise = registration.Exercise,
                    ReceivedAt = registration.ReceivedAt,
                    ChildAlone = person.Alone.IsCoded && person.IsChildOn(command.Now),
                    ChildReported = person.Family.Guardians.WasReported,
                    MayAlsoBe = person.Record.OthersFor(person.Id, command.NewPersonId),
                },
                .. RegisterPerson.Facts(Person.Start(command.NewPersonId), RegisterPerson.HouseholdOf(registration.CrisisId, registration.Sender, registration.Reference, form), registration.Sender, registration.Post, form, command.Officer, registration.At)
                    .Select(e => e is HouseholdJoined joined ? joined with { Late = true } : e),
            ];
        var goesOn = begins.Aggregate(Person.Start(command.NewPersonId), (state, e) => state.Apply(e));
        // Who of the two told what protects nobody can say any more, so it protects both.
        return (
            separated,
            Decision.Of(
            [
                .. begins,
                .. SpreadFears.Decide(person, goesOn, command.Now).Events,
                .. person.Consents.TakenBackSince(goesOn.Consents, command.Officer),
                .. person.Family.Protecting(goesOn, command.Officer, command.Now),
                new MatchDismissed(person.Id, command.Officer, command.Reason, command.At),
            ]));

        static (Decision, Decision) Both(Refusal refusal) => (refusal, refusal);
    }
}
