using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record DepartTransport(Guid TransportId, string Officer, DateTimeOffset At);

internal sealed record AtTime(DateTimeOffset? At = null);

internal static class DepartTransportFeature
{
    /// <summary>
    /// The last moment at which a rule can hold somebody back: a child whose adult did not board, a claim heard a minute
    /// ago. Who holds a space and is not on board is a no-show, here and on the later legs.
    /// </summary>
    public static Scene Decide(Scene scene, DepartTransport command)
    {
        var transport = scene.Transports[command.TransportId];
        if (transport.Departed || transport.Schedule is null) return scene.AskTransport(transport.Id, t => t.Depart(command.Officer, command.At));

        foreach (var space in transport.In(SpaceState.Boarded))
        {
            var person = scene.People[space.PersonId];
            var seat = person.OpenSeats.First(open => open.TransportId == transport.Id);
            var aboard = scene.PartyOn(transport.Id, person.Id, other => other.State is SpaceState.Boarded);
            if ((person.WhyNot(aboard, scene.LegOf(person, seat)) ?? WhoMayGo.NotSeenTogether(aboard, person.Id)) is { } reason)
                return scene.Refuse(Refusal.Conflict($"departure/{Words.Discreet(reason.Code)}",
                    $"Person {person.Id} is on board and may not leave like this. {Words.Say(Words.Discreet(reason.Code))} Take them off by recording what they say at the gate, or board the adult they belong to."));
        }

        var next = scene;
        foreach (var space in transport.NotAboard)
        {
            next = next.Ask(space.PersonId, p => p.MissAt(transport.Id, command.Officer, command.At));
            foreach (var seat in scene.People[space.PersonId].OpenSeats.SkipWhile(seat => seat.TransportId != transport.Id).Skip(1).Where(seat => seat.State is SeatState.Held))
                next = next.Ask(space.PersonId, p => p.Release(seat.TransportId, Transport.NoShowReason, command.At, space.PersonId))
                    .AskTransport(seat.TransportId, t => t.GiveUp(space.PersonId, Transport.NoShowReason, command.At));
        }
        return next.AskTransport(transport.Id, t => t.Depart(command.Officer, command.At));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/departure", async (Guid transportId, AtTime? body, HttpContext http, TimelineStore store) =>
            http.Happen(body?.At, out var at) is { } refusal ? refusal.ToProblem()
                : (await store.AttemptAsync(async work =>
                    Decide(await WithEverybodyAsync(work, transportId), new(transportId, http.Officer(), at)).Into(work),
                    new By(http.Officer()), http.RequestAborted)).ToResult(http, () => TypedResults.Ok(new { transportId })))
           .Allow(Roles.Coordinator);

    private static async Task<Scene> WithEverybodyAsync(Work work, Guid transportId)
    {
        var transport = await work.LoadAsync<Transport>(transportId);
        var people = (await Scene.LoadAsync(work, [.. transport.Lines.Where(space => space.IsTaken).Select(space => space.PersonId)], [])).People;
        return await Scene.LoadAsync(work, [.. people.Keys], [.. people.Values.SelectMany(person => person.OpenSeats).Select(seat => seat.TransportId).Append(transportId)]);
    }
}
