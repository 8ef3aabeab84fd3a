using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record ArriveWithTransport(Guid TransportId, string Officer, DateTimeOffset At);

/// <param name="Count">Who is there is still to be counted: nobody counts as arrived yet.</param>
internal sealed record Arrival(DateTimeOffset? At = null, bool Count = false);

internal static class ArriveWithTransportFeature
{
    /// <summary>Everybody on board is there: the short way of a count in which nobody is missing.</summary>
    public static Scene Decide(Scene scene, ArriveWithTransport command)
    {
        var aboard = scene.Transports[command.TransportId].In(SpaceState.Boarded).ToList();
        var arrived = scene.AskTransport(command.TransportId, t => t.Arrive(command.Officer, command.At));
        return arrived.Decided.IsEmpty ? arrived
            : aboard.Aggregate(arrived, (next, space) => next.Ask(space.PersonId, p => p.ArriveWith(command.TransportId, command.Officer, command.At)));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/arrival", async (Guid transportId, Arrival? body, HttpContext http, TimelineStore store) =>
            http.Happen(body?.At, out var at) is { } refusal ? refusal.ToProblem()
                : (await store.AttemptAsync(async work =>
                {
                    var transport = await work.LoadAsync<Transport>(transportId);
                    var scene = await Scene.LoadAsync(work, [.. transport.In(SpaceState.Boarded).Select(space => space.PersonId)], [transportId]);
                    return (body?.Count == true
                        ? scene.AskTransport(transportId, t => t.ReportArrival(http.Officer(), at))
                        : Decide(scene, new(transportId, http.Officer(), at))).Into(work);
                }, new By(http.Officer()), http.RequestAborted)).ToResult(http, () => TypedResults.Ok(new { transportId })))
           .Allow(Roles.Coordinator).WithSummary("Report that a transport has arrived")
           .WithDescription("With everybody who was on board, or with count: true to count them in its reconciliation.");
}
