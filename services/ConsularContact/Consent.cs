using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>Consent to be evacuated (rule V) and to share with agencies (rule Q); given and withdrawn at any time.</summary>
internal static class Consent
{
    private sealed record EvacuationBody(Guid By, DateTimeOffset? At = null);
    private sealed record WithdrawalBody(DateTimeOffset? At = null);
    private sealed record SharingBody(IReadOnlyList<string> Agencies, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/evacuation-consent", async Task<IResult> (Guid personId, EvacuationBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([personId, body.By]);
                return work.Append(personId, Give(await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(body.By), officer, at));
            }, new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Record consent to be evacuated").WithDescription("by: the person themselves, or for a child the adult who consents for them.");

        api.MapPost("/people/{personId:guid}/evacuation-consent/withdrawal", async Task<IResult> (Guid personId, WithdrawalBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            http.Happen(body.At, out var at) is { } early ? early.ToProblem()
                : (await store.DecideAsync<Person>(personId, person => Withdraw(person, http.User.Identity!.Name!, at), new By(http.User.Identity!.Name), ct))
                    .ToResult(http, () => TypedResults.NoContent()))
            .Allow(Roles.Officer).WithSummary("Record that consent to be evacuated is withdrawn");

        api.MapPost("/people/{personId:guid}/sharing-consent", (Guid personId, SharingBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            Share(personId, body, http, store, (person, agencies, at) => agencies.Except(person.SharesWith).ToArray() is { Length: > 0 } more ? new SharingConsentGiven(more, at) : Decision.Nothing, ct))
            .Allow(Roles.Officer).WithSummary("Record consent to share with agencies");

        api.MapPost("/people/{personId:guid}/sharing-consent/withdrawal", (Guid personId, SharingBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            Share(personId, body, http, store, (person, agencies, at) => agencies.Intersect(person.SharesWith).ToArray() is { Length: > 0 } fewer ? new SharingConsentWithdrawn(fewer, at) : Decision.Nothing, ct))
            .Allow(Roles.Officer).WithSummary("Record that consent to share is withdrawn");
    }

    internal static Decision Give(Person person, Person by, string officer, DateTimeOffset at)
    {
        if (person.Unavailable is { } unavailable) return unavailable;
        if (person.EvacuationConsentBy == by.Id) return Decision.Nothing;
        if (!by.Exists) return Refusal.Invalid("consent/guardian-unknown", "Who consents is not registered. Register the guardian first.", "by");
        if (by.IsChildOn(at)) return Refusal.Invalid("consent/by-child", "A child cannot consent alone. Name a guardian or the adult who travels with the child.", "by");
        if (by.Id != person.Id && !person.IsChildOn(at)) return Refusal.Invalid("consent/adult-decides", "An adult consents for themselves; nobody else can.", "by");
        if (by.Id != person.Id && !person.AnsweredBy(by)) return NotTheGuardian;
        return new EvacuationConsentGiven(by.Id, officer, at);
    }

    /// <summary>Rule C: what a child agrees to is agreed by whom an officer saw with them, or by the escort whom a protection officer named.</summary>
    private static Refusal NotTheGuardian => Refusal.Invalid("consent/not-the-guardian",
        "Nobody has confirmed that this adult answers for the child. See them together, look at their papers or ask both, and confirm the family: POST /households/{householdId}/confirmation.", "by");

    internal static Decision Withdraw(Person person, string officer, DateTimeOffset at) =>
        person.Record.RefuseMissing() is { } missing ? missing : person.EvacuationConsentBy is null ? Decision.Nothing : new EvacuationConsentWithdrawn(officer, at);

    private static async Task<IResult> Share(
        Guid personId, SharingBody body, HttpContext http, TimelineStore store, Func<Person, IReadOnlyList<string>, DateTimeOffset, Decision> decide, CancellationToken ct)
    {
        if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
        var agencies = body.Agencies.Select(RegistrationRules.Text).OfType<string>().Distinct().ToArray();
        if (agencies.Length is 0 or > 50 || agencies.Any(a => a.Length > 100)) return Refusal.Invalid("consent/agencies", "Name 1 to 50 agencies by their codes.", "agencies").ToProblem();
        var outcome = await store.DecideAsync<Person>(personId, person => person.Unavailable is { } unavailable ? unavailable : decide(person, agencies, at), new By(http.User.Identity!.Name), ct);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }
}
