using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record WithdrawConsent(Guid PersonId, Wish? Wish, string Officer, DateTimeOffset At);

/// <summary>Nobody is evacuated against their will, up to the gate (rule V).</summary>
internal static class WithdrawConsentFeature
{
    public static Scene Decide(Scene scene, WithdrawConsent command) => scene
        .Ask(command.PersonId, p => p.WithdrawConsent(command.Officer, command.At))
        .Then(next => next.FreeBarredSeats(command.PersonId, command.Wish, command.At));

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/gate/consent-withdrawal", async (Guid personId, WithdrawalAtGate? body, HttpContext http, TimelineStore store) =>
            http.Told(http.AtOnce(body?.At), body?.OthersTravelOn ?? false, body?.WishOf, out var at, out var wish) is { } refusal
                ? refusal.ToProblem()
                : await store.AnswerAsync(http, personId, scene => Decide(scene, new(personId, wish, http.Officer(), at))))
           .Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.AidWorker);

    internal sealed record WithdrawalAtGate(DateTimeOffset? At = null, bool OthersTravelOn = false, Guid? WishOf = null);
}
