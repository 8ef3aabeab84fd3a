using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record RecordNoShow(Guid TransportId, Guid PersonId, Wish? Wish, string Officer, DateTimeOffset At);

internal static class RecordNoShowFeature
{
    public static Scene Decide(Scene scene, RecordNoShow command)
    {
        var line = scene.Transports[command.TransportId].Manifest.GetValueOrDefault(command.PersonId);
        return scene.Transports[command.TransportId] switch
        {
            { Schedule: null } => scene.Refuse(Transport.Unknown),
            _ when line is { State: SpaceState.NoShow } => scene,
            _ when line is not { IsTaken: true } => scene.Refuse(Transport.NoSpace),
            { Departed: true } => scene.AskTransport(command.TransportId, t => t.GiveUp(command.PersonId, Transport.NoShowReason, command.At)),
            _ when line.State is SpaceState.Boarded => scene.Ask(command.PersonId, p => p.MissAt(command.TransportId, command.Officer, command.At)),
            _ => scene.MissAt(command.PersonId, command.TransportId, command.Officer, command.Wish, command.At),
        };
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/no-shows", async (Guid transportId, AtGate body, HttpContext http, TimelineStore store) =>
            http.Told(body.At, body.OthersTravelOn, body.WishOf, out var at, out var wish) is { } refusal ? refusal.ToProblem()
                : await store.AnswerAsync(http, body.PersonId, scene => Decide(scene, new(transportId, body.PersonId, wish, http.Officer(), at)), transportId))
           .Allow(Roles.Coordinator);
}
