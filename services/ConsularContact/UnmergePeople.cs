using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Two records that were merged are two people after all: what came with the duplicate goes back to it. What was registered
/// since stays where it was put, and fears stay on both.
/// </summary>
internal sealed record UnmergePeople(string? Reason, string Officer, DateTimeOffset At)
{
    /// <summary>By our clock.</summary>
    public DateTimeOffset Now { get; init; } = At;

    private sealed record Body(Guid DuplicateId, string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/unmerge", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new UnmergePeople(RegistrationRules.Text(body.Reason), http.User.Identity!.Name!, at) { Now = store.Time.GetUtcNow() };
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([personId, body.DuplicateId]);
                var (onStaying, onDuplicate) = Decide(await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(body.DuplicateId), command);
                return work.Append(body.DuplicateId, onDuplicate) ?? work.Append(personId, onStaying);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Undo a merge").WithDescription("The pair is not offered again.");

    /// <summary>What goes on both timelines, together or not at all; a refusal stands on both.</summary>
    public static (Decision OnStaying, Decision OnDuplicate) Decide(Person person, Person duplicate, UnmergePeople command)
    {
        if ((person.Record.RefuseMissing() ?? duplicate.Record.RefuseMissing()) is { } missing) return Both(missing);
        if (command.Reason is not { Length: <= 2000 }) return Both(MergePeople.ReasonMissing);
        if (duplicate.Matches.MergedInto != person.Id || !person.Matches.Duplicates.TryGetValue(duplicate.Id, out var merged))
            return Both(Refusal.Conflict("match/not-merged", "That record is not merged into this one. GET /people/{personId} says which are."));

        string[] agencies = [.. person.Consents.Heard.Intersect(duplicate.Consents.Heard).Order(StringComparer.Ordinal)];
        var corrected = duplicate.Registrations
            .Join(person.Registrations, was => was.Id, now => now.Id, (was, now) => (was, now))
            .Where(pair => pair.now.Form is not null && !ReferenceEquals(pair.was.Form, pair.now.Form) && Written(pair.was.Form) != Written(pair.now.Form))
            .Select(pair => Corrected(duplicate, pair.now, command));
        return (
            new DuplicateUnmerged(duplicate.Id, command.Officer, command.Reason, merged.Registrations, merged.Households, agencies, command.At),
            Decision.Of(
            [
                .. corrected,
                // Told of the one that stayed while they were one, it may have been told of this one.
                .. SpreadFears.Decide(person, duplicate, command.Now).Events,
                .. person.Family.ToldSince(duplicate, command.Now),
                new UnmergedFrom(person.Id, agencies, command.At)
                {
                    ChildAlone = person.Family.IsSaidAloneSince(duplicate.Id) && person.Alone.IsCoded && duplicate.IsChildOn(command.Now),
                    ChildReported = person.Family.Guardians.WasReported,
                    MayAlsoBe = person.Record.OthersFor(person.Id, duplicate.Id),
                },
            ]));

        static (Decision, Decision) Both(Refusal refusal) => (refusal, refusal);
    }

    // Beside the other record's birth date nobody asked whether a correction makes an adult of a child by this one. Whoever
    // corrected it, or undid the merge, is no second officer to themselves.
    private static Event Corrected(Person duplicate, TakenRegistration now, UnmergePeople command) =>
        now.AgeAgreedBy is null && duplicate.Childhood.IsDecidedBy(now.Id, now.Form, DateOnly.FromDateTime(command.Now.UtcDateTime))
            ? new AgeChangeProposed(Ids.Of(now.Id, "unmerged", 0), now.Id, now.CorrectedBy ?? command.Officer, now.Form, command.Reason, command.At)
            : new RegistrationCorrected(now.Id, command.Officer, now.Form, command.Reason, command.At) { AgreedBy = now.AgeAgreedBy };

    // Records compare their lists by reference.
    private static string Written(Registration? form) => System.Text.Json.JsonSerializer.Serialize(form, EventJson.Options);
}
