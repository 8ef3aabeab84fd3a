using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>A person says who may learn that they are here.</summary>
internal static class RecordTracingWish
{
    private sealed record Body(string Wish, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/tracing-wish", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Sought>(personId, person => Decide(person, body.Wish, officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record who may learn that a person is here")
          .WithDescription($"wish: {string.Join(", ", Sought.Wishes)}. with-consent holds until something else is said.");

    internal static Decision Decide(Sought person, string wish, string officer, DateTimeOffset at) =>
        !Sought.Wishes.Contains(wish) ? Refusal.Invalid("tracing/wish-unknown", $"The wishes are {string.Join(", ", Sought.Wishes)}.", "wish")
        : person.Person.Unavailable is { } gone ? gone
        : person.Wish == wish ? Decision.Nothing
        : person.WishedAt is { } since && at < since ? OrderOfFacts.DecidedSince("tracing/wish-since", since)
        : new TracingWishRecorded(wish, officer, at);
}
