using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record BoardPerson(Guid TransportId, Guid PersonId, string Officer, DateTimeOffset At);

internal static class BoardPersonFeature
{
    /// <summary>Every rule is asked once more: what was true when the seat was held may not be true at the gate.</summary>
    public static Scene Decide(Scene scene, BoardPerson command)
    {
        var (transport, person) = (command.TransportId, scene.People[command.PersonId]);
        var boarded = scene.AskTransport(transport, t => t.Board(person.Id, command.At, command.Officer));
        var seat = person.OpenSeats.FirstOrDefault(open => open.TransportId == transport);
        return boarded.Refusal is not null || boarded.Decided.IsEmpty ? boarded
            : boarded.Ask(person.Id, p => seat is null ? Transport.NoSpace
                : p.Board(scene.LegOf(person, seat), scene.PartyOn(transport, person.Id, atGate: true), command.Officer, command.At));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/boarding", async (Guid transportId, AtGate body, HttpContext http, TimelineStore store) =>
            http.Happen(body.At, out var at) is { } refusal ? refusal.ToProblem()
                : await store.AnswerAsync(http, body.PersonId, scene => Decide(scene, new(transportId, body.PersonId, http.Officer(), at)), transportId))
           .Allow(Roles.Coordinator);
}
