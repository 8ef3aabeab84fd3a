using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

internal sealed record StandBy(Guid TransportId, Guid PersonId, Wish? Wish, string Officer, DateTimeOffset At);

/// <summary>Waiting at the gate for a space that somebody gives up, with the household as one group.</summary>
internal static class StandByFeature
{
    internal static Refusal FamilyElsewhere => Refusal.Conflict("standby/family-elsewhere",
        "Others of this household are checked in at another gate, and a household travels together. Send this person there, or ask an adult of it whether they travel apart.");

    /// <param name="Why">What keeps them from what is free now: no space, or a rule; null when they are just being seated.</param>
    internal sealed record InLine(
        int Position, int Tier, int Score, DateTimeOffset WaitingSince, IReadOnlyList<Guid> People, IReadOnlyList<Guid> With, Spaces Needs, string? Why, string? Detail);

    public static Scene Decide(Scene scene, StandBy command)
    {
        var (transport, person) = (command.TransportId, scene.People[command.PersonId]);
        if (scene.Transports[transport].Schedule is null) return scene.Refuse(Transport.Unknown);
        // Asked again after they got one: there is nothing to wait for.
        if (scene.IsOn(person, transport)) return scene;
        var household = scene.GroupOf(transport, person.Id, command.Wish);
        if (scene.IsParted(household, transport)) return scene.Refuse(person.AtAnotherGate ?? FamilyElsewhere);
        Guid[] movers = [.. household.Members.Where(member => !scene.IsOn(member, transport)).Select(member => member.Id)];
        foreach (var mover in movers)
        {
            var over = scene.People[mover].StandsBy is { } place && scene.Transports[place].Departed;
            scene = scene.Ask(mover, p => p.StandBy(transport, over, command.Officer, command.At));
        }
        return scene.AskTransport(transport, t => t.StandBy(movers, [.. household.Members.Select(member => member.Id).Except(movers)], command.At));
    }

    /// <summary>They went away, together as they came.</summary>
    public static Scene Leave(Scene scene, Guid transport, Guid person, DateTimeOffset at)
    {
        if (scene.Transports[transport].Standby.Find(group => group.People.Contains(person)) is not { } group) return scene;
        return group.People.Aggregate(scene.AskTransport(transport, t => t.LeaveStandby(group.People, Standby.WentAway, at)),
            (next, member) => next.Ask(member, p => p.StandsBy == transport ? p.EndStandby(Standby.WentAway, at) : Decision.Nothing));
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/transports/{transportId:guid}/standby", async Task<IResult> (Guid transportId, AtGate body, HttpContext http, TimelineStore store, Feed feed, CancellationToken ct) =>
        {
            if (http.Told(body.At, body.OthersTravelOn, body.WishOf, out var at, out var wish) is { } refusal) return refusal.ToProblem();
            if (await TravellersOfCrisis.ListedUptoAsync(feed, store.Time, ct) is null) return Situations.ListBehind.ToProblem();
            var (hasSpace, waitedFor) = (false, new Transport(transportId));
            var outcome = await store.AttemptAsync(async work =>
            {
                var scene = Decide(await Standby.LoadAsync(work, store.Database, transportId, body.PersonId), new(transportId, body.PersonId, wish, http.Officer(), at));
                (hasSpace, waitedFor) = (scene.IsOn(scene.People[body.PersonId], transportId), scene.Transports[transportId]);
                return scene.Into(work);
            }, new By(http.Officer()), ct);
            if (outcome.Refusal is not null) return outcome.Refusal.ToProblem();
            var seated = await Standby.FillAsync(store, waitedFor, new By(http.Officer()), at, ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { transportId, hasSpace = hasSpace || seated.Contains(body.PersonId), seatedNow = seated }));
        }).Allow(Roles.Coordinator).WithSummary("Put somebody who is at the gate on standby, with their household")
          .WithDescription("When a space on a sealed manifest is free, the next in the order of urgency who fit get it. othersTravelOn with wishOf: alone, because an adult of the household asks so.");

        api.MapDelete("/transports/{transportId:guid}/standby/{personId:guid}", async (Guid transportId, Guid personId, HttpContext http, TimelineStore store, CancellationToken ct) =>
            (await store.AttemptAsync(async work =>
            {
                var transport = await work.LoadAsync<Transport>(transportId);
                return transport.Schedule is null ? Transport.Unknown
                    : Leave(await Scene.LoadAsync(work, [.. transport.Standby.SelectMany(group => group.People)], [transportId]), transportId, personId, store.Time.GetUtcNow()).Into(work);
            }, new By(http.Officer()), ct)).ToResult(http, () => TypedResults.NoContent()))
           .Allow(Roles.Coordinator).WithSummary("They no longer stand by");

        api.MapGet("/transports/{transportId:guid}/standby", async Task<IResult> (Guid transportId, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            Scene? scene = null;
            // A decision about nothing: it reads as decisions do.
            await store.AttemptAsync(async work =>
            {
                scene = await Standby.LoadAsync(work, store.Database, transportId);
                return null;
            }, ct: ct);
            if (scene!.Transports[transportId] is not { Schedule: not null } transport) return Transport.Unknown.ToProblem();
            return TypedResults.Ok(new { transportId, transport.State, transport.Free, Items = InOrder(scene, transportId, store.Time.GetUtcNow()) });
        }).LogsRead("standby").Allow(Roles.Coordinator, Roles.Auditor).WithSummary("Who stands by, in the order of their turn (rule P)");
    }

    internal static IReadOnlyList<InLine> InOrder(Scene scene, Guid transport, DateTimeOffset now) => [.. scene.Waiting(transport).Select((waiting, index) =>
    {
        var (household, group) = waiting;
        var why = scene.SeatAtGate(transport, household, now).Refusal;
        return new InLine(index + 1, group.Tier, group.Score, group.WaitingSince,
            [.. household.Members.Where(member => !scene.IsOn(member, transport)).Select(member => member.Id)], [.. household.Members.Where(member => scene.IsOn(member, transport)).Select(member => member.Id)],
            group.Need, why?.Code, why?.Detail);
    })];
}
