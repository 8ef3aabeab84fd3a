using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <param name="ByProtection">A protection officer records it.</param>
internal sealed record StateFear(Guid PersonId, IReadOnlyList<string> Countries, Wish? Wish, string HeardBy, DateTimeOffset At, bool ByProtection = false);

/// <summary>Anyone, at any time, also at the gate (rule N). From this moment no seat touches the country.</summary>
internal static class StateFearFeature
{
    public static Scene Decide(Scene scene, StateFear command) => scene
        .Ask(command.PersonId, p => p.StateFear(command.Countries, command.HeardBy, command.At, command.ByProtection))
        .Then(next => next.FreeBarredSeats(command.PersonId, command.Wish, command.At))
        .Then(next => next.NoticeFeared(command.PersonId, command.At));

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/gate/fears", async (Guid personId, FearsAtGate body, HttpContext http, TimelineStore store) =>
        {
            if (http.Told(body.At, body.OthersTravelOn, body.WishOf, out var at, out var wish) is { } early) return early.ToProblem();
            if (Named(body.Countries, out var countries) is { } unknown) return unknown.ToProblem();
            return await store.AnswerAsync(http, personId, async (work, scene) =>
                Decide(await scene.KnowingWhereTheyAreAsync(work), new(personId, countries, wish, http.Officer(), at, http.User.IsInRole(Roles.ProtectionOfficer))));
        })
           .Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.AidWorker);

    // A word that names no state is taken too: somebody fears something, and must not be put on board before they were asked which.
    private static Refusal? Named(IReadOnlyList<string>? told, out IReadOnlyList<string> countries) =>
        CountryField.ReadAll(told ?? [], "countries", out countries) is { } unknown ? unknown
        : countries.Count == 0 ? Refusal.Invalid("fear/no-country", "Name at least one country.", "countries") : null;

    internal sealed record FearsAtGate(IReadOnlyList<string> Countries, DateTimeOffset? At = null, bool OthersTravelOn = false, Guid? WishOf = null);
}
