using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record ArriveWithTransport(Guid TransportId, string Officer, DateTimeOffset At);

internal static class ArriveWithTransportFeature
{
    public static Scene Decide(Scene scene, ArriveWithTransport command)
    {
        var aboard = scene.Transports[command.TransportId].In(SpaceState.Boarded).ToList();
        var arrived = scene.AskTransport(command.TransportId, t => t.Arrive(command.Officer, command.At));
        return arrived.Decided.IsEmpty ? arrived
            : aboard.Aggregate(arrived, (next, space) => next.Ask(space.PersonId, p => p.ArriveWith(command.TransportId, command.Officer, command.At)));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/arrival", async (Guid transportId, AtTime? body, HttpContext http, TimelineStore store) =>
            http.Happened(body?.At, out var at) is { } refusal ? refusal.ToProblem()
                : (await store.AttemptAsync(async work =>
                {
                    var transport = await work.LoadAsync<Transport>(transportId);
                    var scene = await Scene.LoadAsync(work, [.. transport.In(SpaceState.Boarded).Select(space => space.PersonId)], [transportId]);
                    return Decide(scene, new(transportId, http.Officer(), at)).Into(work);
                }, new By(http.Officer()), http.RequestAborted)).ToResult(http, () => TypedResults.Ok(new { transportId })))
           .Allow(Roles.Coordinator);
}
