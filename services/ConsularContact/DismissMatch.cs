using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>An officer says that two records are two people. The pair is not offered again.</summary>
internal sealed record DismissMatch(string? Reason, string Officer, DateTimeOffset At)
{
    private sealed record Body(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/matches/{personId:guid}/{otherPersonId:guid}/dismissal", async Task<IResult> (Guid personId, Guid otherPersonId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new DismissMatch(RegistrationRules.Text(body.Reason), http.User.Identity!.Name!, at);
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([personId, otherPersonId]);
                var (one, other) = (await work.LoadAsync<Person>(personId), await work.LoadAsync<Person>(otherPersonId));
                return work.Append(personId, Decide(one, other, command)) ?? work.Append(otherPersonId, Decide(other, one, command));
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer).WithSummary("Say that two records are two people");

    /// <summary>What goes on the timeline of <paramref name="person"/>; the other's is decided alike.</summary>
    public static Decision Decide(Person person, Person other, DismissMatch command)
    {
        if ((person.Record.RefuseMissing() ?? other.Record.RefuseMissing()) is { } missing) return missing;
        if (person.Id == other.Id) return MergePeople.Same("otherPersonId");
        if (command.Reason is not { Length: <= 2000 }) return MergePeople.ReasonMissing;
        if (person.Matches.MergedInto == other.Id || other.Matches.MergedInto == person.Id)
            return Refusal.Conflict("match/merged", "These two records were merged. Undo the merge: POST /people/{personId}/unmerge.");
        // The pair may have been offered under a record that has since been merged into the other.
        return Decision.Of(other.Matches.Duplicates.Keys.Where(person.Matches.Found.ContainsKey).Order().Append(other.Id).Except(person.Matches.Apart)
            .Select(id => new MatchDismissed(id, command.Officer, command.Reason, command.At)));
    }
}
