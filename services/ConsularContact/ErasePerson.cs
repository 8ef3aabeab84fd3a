using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>Erases a person's data: the key goes, the rows officers search go, partners get a tombstone; the chain of events stays whole.</summary>
internal static class ErasePerson
{
    private sealed record Body(string Ground, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/erasure", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            if (RegistrationRules.Text(body.Ground) is not { Length: <= 500 } ground) return Refusal.Invalid("erasure/ground-missing", "Say on what ground: the person's wish, end of retention, or an order.", "ground").ToProblem();
            var matches = (await store.LoadAsync<Person>(personId, ct: ct)).State.Matches;
            if (matches.MergedInto is { } into) return PersonRefusals.Merged(into).ToProblem();
            // Their own record last: whoever is stopped in the middle repeats it.
            foreach (var duplicate in matches.Duplicates.Keys)
                if ((await EraseAsync(duplicate)).Refusal is { } busy) return busy.ToProblem();
            return (await EraseAsync(personId)).ToResult(http, () => TypedResults.NoContent());

            Task<Outcome> EraseAsync(Guid id) =>
                store.EraseAsync(id, timeline => Decide(timeline.Fold<Person>(), officer, ground, at), new By(officer), ct);
        }).Allow(Roles.Administrator).WithSummary("Erase a person's data");

    internal static Decision Decide(Person person, string officer, string ground, DateTimeOffset at) =>
        person.Registrations.Count == 0 ? PersonRefusals.Unknown : person.Erased ? Decision.Nothing : new PersonErased(officer, ground, at);
}
