using System.Text.Json;
using System.Text.Json.Nodes;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>An officer puts a registration right. Who saw an older version is told so, and what has happened since.</summary>
internal static class CorrectRegistration
{
    private sealed record Body(Registration Registration, string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/people/{personId:guid}/registrations/{registrationId:guid}", async Task<IResult> (Guid personId, Guid registrationId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (http.IfMatch() is not { } seen) return Refusal.Invalid("request/if-match-missing", "Send the version you saw as If-Match (the ETag of GET /people/{personId}), so that nobody's work is overwritten.", "If-Match").ToProblem();
            var (form, officer) = (RegistrationRules.Normalise(body.Registration), http.User.Identity!.Name!);
            var (changeId, proposed) = (http.Ids().Next(), false);
            var outcome = await store.AttemptAsync(async work =>
            {
                var timeline = await work.ReadAsync(personId);
                if (timeline.Version > 0 && timeline.Version != seen)
                    return Refusal.Stale("person/changed", $"Somebody changed this person since you looked: {string.Join("; ", Changes(timeline, registrationId, seen))}. Load the person again and repeat your correction.");
                var decision = Decide(timeline.Fold<Person>(), new(registrationId, form, body.Reason, changeId, officer, at, store.Time.GetUtcNow()));
                proposed = decision.Events.Any(e => e is AgeChangeProposed);
                return work.Append(personId, decision);
            }, new By(officer), ct);
            return outcome.ToResult(http, () => proposed ? TypedResults.Accepted((string?)null, new AgeChangeAsked(changeId, SecondOfficer)) : TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Correct a registration")
          .WithDescription("A correction that would make a child of an adult, or move the day on which a child comes of age, answers 202 and waits for a second officer: POST /people/{personId}/age-changes/{changeId}/answer. "
              + "A correction does not take back that a child is alone (SC): a protection officer ends that, POST /people/{personId}/separation/end.");

    internal const string SecondOfficer = "This correction decides until when the person is a child, so a second officer must agree. Until then nothing has changed.";

    internal sealed record AgeChangeAsked(Guid ChangeId, string Waits);

    /// <param name="ChangeId">Names the change where a second officer must agree to it.</param>
    /// <param name="Now">Age is asked today.</param>
    internal sealed record Correction(Guid RegistrationId, Registration Form, string? Reason, Guid ChangeId, string Officer, DateTimeOffset At, DateTimeOffset Now);

    /// <summary>What is new since a version: the fields of this registration, who wrote them, and what else happened.</summary>
    internal static IEnumerable<string> Changes(Timeline.Timeline timeline, Guid registrationId, long seen)
    {
        var before = timeline.Events.Where(e => e.Version <= seen).Aggregate(Person.Start(timeline.Id), (person, e) => person.Apply(e.Event));
        foreach (var e in timeline.Events.Where(e => e.Version > seen))
        {
            var after = before.Apply(e.Event);
            var fields = Fields(Form(before), Form(after)).ToArray();
            yield return fields.Length > 0 ? $"{string.Join(", ", fields)} by {(e.User is null ? "the service" : e.User.StartsWith("self:", StringComparison.Ordinal) ? "the person themselves" : e.User)} at {e.RecordedAt:yyyy-MM-dd HH:mm} UTC" : EventTypes.NameOf(e.Event).Replace('_', ' ');
            before = after;
        }

        Registration? Form(Person person) => person.Registrations.Find(r => r.Id == registrationId)?.Form;
    }

    // Names of fields only: what stands in them is read under the reader's own rights.
    internal static IEnumerable<string> Fields(Registration? before, Registration? after)
    {
        if (before is null || after is null || ReferenceEquals(before, after)) return [];
        var (old, now) = (Written(before), Written(after));
        return old.Select(field => field.Key).Union(now.Select(field => field.Key)).Where(key => !JsonNode.DeepEquals(old[key], now[key]));

        static JsonObject Written(Registration form) => JsonSerializer.SerializeToNode(form, EventJson.Options)!.AsObject();
    }

    internal static Decision Decide(Person person, Correction command)
    {
        var (registrationId, form, _, changeId, officer, at, now) = command;
        if (person.Unavailable is { } unavailable) return unavailable;
        if (person.Registrations.Find(r => r.Id == registrationId) is not { } registration)
            return ConsularRefusals.RegistrationUnknown;
        if (RegistrationRules.Text(command.Reason) is not { Length: <= 2000 } why) return Refusal.Invalid("registration/reason-missing", "Say in a sentence why the registration is corrected.", "reason");
        if (RegistrationRules.Validate(form, registration.At) is [var fault, ..]) return Refusal.Invalid(fault.Code, fault.Message, "registration." + fault.Field);
        var corrected = new RegistrationCorrected(registrationId, officer, form, why, at);
        var decides = person.Childhood.IsDecidedBy(registrationId, form, DateOnly.FromDateTime(now.UtcDateTime));
        var events = new List<Event> { decides ? new AgeChangeProposed(changeId, registrationId, officer, form, why, at) : corrected };
        // What the form did not say before is said now, though it was taken back once; what it goes on saying is not said anew.
        if (form.FearOfReturnTo.Except(person.Fears.Now).Where(code => !person.Fears.Ever.Contains(code) || registration.Form?.FearOfReturnTo.Contains(code) != true).ToArray()
            is { Length: > 0 } fears) events.Add(new FearOfReturnStated(fears, officer, at) { Relayed = true });
        // Only what the correction itself adds: a form that an agency wrote itself into, or an agency that the person has since shut out, grants nothing by being corrected.
        if (form.ShareWith.Except(registration.Form?.ShareWith ?? []).Except(person.Consents.EverNamed, StringComparer.OrdinalIgnoreCase).ToArray() is { Length: > 0 } agencies)
            events.Add(new SharingConsentGiven(agencies, at) { ToldBy = MyRegistration.IsToken(officer) ? SelfRegistration.Sender : null });
        return Decision.Of(events);
    }
}
