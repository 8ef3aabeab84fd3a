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

internal sealed record WalkUp(Guid TransportId, Guid PersonId, Wish? Wish, string? Gate, string Officer, DateTimeOffset At);

/// <summary>Somebody comes to the gate unplanned while a space is free: they get it and are checked in, with their household.</summary>
internal static class WalkUpFeature
{
    internal sealed record Walker(Guid PersonId, string? Gate = null, bool OthersTravelOn = false, Guid? WishOf = null, DateTimeOffset? At = null);

    public static Scene Decide(Scene scene, WalkUp command)
    {
        var (transport, person) = (command.TransportId, scene.People[command.PersonId]);
        if (scene.Transports[transport].Schedule is null) return scene.Refuse(Transport.Unknown);
        if (person.Record.RefuseMissing() is { } missing) return scene.Refuse(missing);
        if (scene.IsOn(person, transport)) return CheckInPersonFeature.Decide(scene, new(transport, person.Id, command.Gate, command.Officer, command.At));
        if (person.AtAnotherGate is { } elsewhere) return scene.Refuse(elsewhere);
        var household = scene.GroupOf(transport, person.Id, command.Wish);
        if (scene.IsParted(household, transport)) return scene.Refuse(StandByFeature.FamilyElsewhere);
        var turn = household.AsGroup(Scene.DayOf(scene.Transports[transport]), (_, _) => null).Turn;
        foreach (var (other, group) in scene.Waiting(transport).TakeWhile(waiting => Turn.Order.Compare(waiting.Group.Turn, turn) < 0))
            if (!other.Members.Intersect(household.Members).Any() && scene.SeatAtGate(transport, other, command.At).Refusal is null)
                return scene.Refuse(Refusal.Conflict("walk-up/others-first", $"The free space belongs to others who stand by and are more urgent (tier {group.Tier}). Put this person on standby; the list shows their turn."));

        var movers = household.Members.Where(member => !scene.IsOn(member, transport)).ToList();
        var seated = scene.SeatAtGate(transport, household, command.At);
        return movers.Aggregate(seated, (next, mover) => next.Then(then =>
            CheckInPersonFeature.Decide(then, new(transport, mover.Id, command.Gate, command.Officer, command.At))));
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/walk-up", async Task<IResult> (Guid transportId, Walker body, HttpContext http, TimelineStore store, Feed feed, CancellationToken ct) =>
        {
            if ((http.Told(body.At, body.OthersTravelOn, body.WishOf, out var at, out var wish) ?? CheckInPersonFeature.Named(body.Gate)) is { } refusal) return refusal.ToProblem();
            if (await TravellersOfCrisis.ListedUptoAsync(feed, store.Time, ct) is null) return Situations.ListBehind.ToProblem();
            Scene? decided = null;
            var outcome = await store.AttemptAsync(async work =>
            {
                var scene = await Standby.LoadAsync(work, store.Database, transportId, body.PersonId);
                return (decided = Decide(scene, new(transportId, body.PersonId, wish, body.Gate?.Trim(), http.Officer(), at))).Into(work);
            }, new By(http.Officer()), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new
            {
                transportId,
                checkedIn = decided!.Transports[transportId].PartyOf(body.PersonId).Where(id => decided.Transports[transportId].Manifest[id].State is SpaceState.CheckedIn),
                gaveUp = FreedSeat.Of(decided),
            }));
        }).Allow(Roles.Coordinator).WithSummary("Take somebody who comes unplanned, with their household")
          .WithDescription("A registered person gets a free space and is checked in, unless somebody more urgent stands by. Every rule is asked. Whoever is not registered is registered first (POST /people of the consular service); then record their consent, and take them with the personId that it answers.");
}
