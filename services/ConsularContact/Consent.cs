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
                return work.Append(personId, Give(await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(body.By), officer, at, store.Time.GetUtcNow()));
            }, new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Record consent to be evacuated").WithDescription("by: the person themselves, or for a child the adult who consents for them.");

        api.MapPost("/people/{personId:guid}/evacuation-consent/withdrawal", async Task<IResult> (Guid personId, WithdrawalBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            (await store.DecideAsync<Person>(personId, person => Withdraw(person, http.User.Identity!.Name!, http.AtOnce(body.At)), new By(http.User.Identity!.Name), ct))
                .ToResult(http, () => TypedResults.NoContent()))
            .Allow(Roles.Officer).WithSummary("Record that consent to be evacuated is withdrawn");

        api.MapPost("/people/{personId:guid}/sharing-consent", async Task<IResult> (Guid personId, SharingBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            http.Happen(body.At, out var at) is { } early ? early.ToProblem() : await DecideAsync(personId, body, http, store, (person, agencies) => Share(person, agencies, at), ct))
            .Allow(Roles.Officer).WithSummary("Record consent to share with agencies");

        api.MapPost("/people/{personId:guid}/sharing-consent/withdrawal", (Guid personId, SharingBody body, HttpContext http, TimelineStore store, CancellationToken ct) =>
            DecideAsync(personId, body, http, store, (person, agencies) => StopSharing(person, agencies, http.AtOnce(body.At), store.Time.GetUtcNow()), ct))
            .Allow(Roles.Officer).WithSummary("Record that consent to share is withdrawn");
    }

    /// <param name="now">Who is an adult is asked with the clock: nobody consents for an adult by dating it to their childhood.</param>
    internal static Decision Give(Person person, Person by, string officer, DateTimeOffset at, DateTimeOffset now)
    {
        if (person.Unavailable is { } unavailable) return unavailable;
        if (person.Consents.EvacuationBy == by.Id && person.MayLeaveAt(now)) return Decision.Nothing;
        if (!by.Exists) return Refusal.Invalid("consent/guardian-unknown", "Who consents is not registered. Register the guardian first.", "by");
        if (by.Matches.MergedInto is { } into) return Refusal.Invalid("consent/guardian-merged", $"The record of who consents was merged into another of the same person. Name that one: {into}.", "by");
        if (by.IsChildOn(now)) return Refusal.Invalid("consent/by-child", "A child cannot consent alone. Name a guardian or the adult who travels with the child.", "by");
        if (by.Id != person.Id && !person.IsChildOn(now)) return Refusal.Invalid("consent/adult-decides", "An adult consents for themselves; nobody else can.", "by");
        if (by.Id != person.Id && !by.Childhood.IsAdultOn(now)) return GuardianRefusals.AgeUnknown with { Field = "by" };
        if (by.Id != person.Id && !person.AnsweredBy(by))
            return person.Alone.IsReported && person.Family.IsGuardian(by, TieStanding.Confirmed) ? ReportedAlone : NotTheGuardian;
        // A time before there was anybody to ask is refused as such.
        if (by.Id == person.Id && person.IsChildOn(at) && at >= person.Registrations.Min(told => told.At)) return AChildThen;
        if (person.Consents.WithdrawnSince(at) is { } since) return OrderOfFacts.WithdrawnSince(since);
        if (person.Consents.AgreedSince(at) is { } lapsed && !person.MayLeaveAt(now)) return LapsedSince(lapsed);
        var named = by.Id == person.Id ? null : person.NamedAs(by);
        var given = new EvacuationConsentGiven(by.Id, officer, at) { AnswersAs = named == by.Id ? null : named };
        return by.Id == person.Id || person.Apply(given).MayLeaveAt(now) ? given : NotThen;
    }

    private static Refusal NotThen => Refusal.Invalid("consent/not-then",
        "At the time in `at` this adult did not answer for the child yet, or an officer denied them since. "
        + "Ask them again, and leave `at` out.", "at");

    private static Refusal AChildThen => Refusal.Invalid("consent/child-then",
        "This person was a child at the time in `at`, and what a child agrees to alone does not count. Ask them again, and leave `at` out.", "at");

    private static Refusal LapsedSince(DateTimeOffset since) => Refusal.Conflict("consent/lapsed-since",
        $"A consent of {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC is on record and does not count any more. Ask again now, and leave `at` out.");

    private static Refusal ReportedAlone => Refusal.Conflict("consent/reported-alone",
        "This child is reported alone, so only the escort whom a protection officer named agrees for them. If the child is with this adult "
        + "again, a protection officer ends the case first: POST /people/{personId}/separation/end.") with
    { Field = "by" };

    /// <summary>Rule C: what a child agrees to is agreed by whom an officer saw with them, or by the escort whom a protection officer named.</summary>
    private static Refusal NotTheGuardian => Refusal.Invalid("consent/not-the-guardian",
        "Nobody has confirmed that this adult answers for the child. See them together, look at their papers or ask both, and confirm the family: POST /households/{householdId}/confirmation.", "by");

    internal static Decision Withdraw(Person person, string officer, DateTimeOffset at) =>
        person.Record.RefuseMissing() is { } missing ? missing
        : person.Consents.AgreedSince(at) is { } since ? OrderOfFacts.AgreedSince(since)
        : person.Consents.IsNewWithdrawal(at) ? new EvacuationConsentWithdrawn(officer, at)
        : Decision.Nothing;

    internal static Decision Share(Person person, IReadOnlyList<string> agencies, DateTimeOffset at) =>
        person.Consents.ContradictedSince(agencies, agreed: true, at) is { } since ? OrderOfFacts.WithdrawnSince(since.At)
        : agencies.Except(person.Consents.Heard, StringComparer.OrdinalIgnoreCase).ToArray() is { Length: > 0 } more ? new SharingConsentGiven(more, at)
        : Decision.Nothing;

    /// <param name="now">A consent that is dated later than now came from a wrong clock and keeps nobody from taking it back.</param>
    internal static Decision StopSharing(Person person, IReadOnlyList<string> agencies, DateTimeOffset at, DateTimeOffset now) =>
        person.Consents.ContradictedSince(agencies, agreed: false, at) is { } since && since.At <= now ? OrderOfFacts.AgreedSince(since.At)
        : agencies.Where(agency => person.Consents.IsNewWithdrawal(agency, at)).ToArray() is { Length: > 0 } fewer ? new SharingConsentWithdrawn(fewer, at)
        : Decision.Nothing;

    private static async Task<IResult> DecideAsync(
        Guid personId, SharingBody body, HttpContext http, TimelineStore store, Func<Person, IReadOnlyList<string>, Decision> decide, CancellationToken ct)
    {
        var agencies = body.Agencies.Select(RegistrationRules.Text).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (agencies.Length is 0 or > 50 || agencies.Any(a => a.Length > 100)) return Refusal.Invalid("consent/agencies", "Name 1 to 50 agencies by their codes.", "agencies").ToProblem();
        var outcome = await store.DecideAsync<Person>(personId, person => person.Unavailable is { } unavailable ? unavailable : decide(person, agencies), new By(http.User.Identity!.Name), ct);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }
}
