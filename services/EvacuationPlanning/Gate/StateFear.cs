using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record StateFear(Guid PersonId, IReadOnlyList<string> Countries, Wish? Wish, string HeardBy, DateTimeOffset At);

/// <summary>Anyone, at any time, also at the gate (rule N). From this moment no seat touches the country.</summary>
internal static class StateFearFeature
{
    public static Scene Decide(Scene scene, StateFear command) => scene
        .Ask(command.PersonId, p => p.StateFear(command.Countries, command.HeardBy, command.At))
        .Then(next => next.FreeBarredSeats(command.PersonId, command.Wish, command.At));

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/gate/fears", async (Guid personId, FearsAtGate body, HttpContext http, TimelineStore store) =>
            (http.Told(body.At, body.OthersTravelOn, body.WishOf, out var at, out var wish) ?? Named(body.Countries)) is { } refusal
                ? refusal.ToProblem()
                : await store.AnswerAsync(http, personId, scene => Decide(scene, new(personId, [.. body.Countries.Distinct()], wish, http.Officer(), at))))
           .Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.AidWorker);

    // A code that means no country would protect from nothing and nobody would notice.
    private static Refusal? Named(IReadOnlyList<string> countries) =>
        countries is { Count: > 0 } && countries.All(Countries.IsCode) ? null
            : Refusal.Invalid("gate/country-unknown", "Name each country by its three-letter code (ISO 3166-1), such as SDN.", "countries");

    internal sealed record FearsAtGate(IReadOnlyList<string> Countries, DateTimeOffset? At = null, bool OthersTravelOn = false, Guid? WishOf = null);
}
