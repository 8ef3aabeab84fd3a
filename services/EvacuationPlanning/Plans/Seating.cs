using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What a plan wants for a group: these people on these legs.</summary>
/// <param name="Movers">Who gets seats.</param>
/// <param name="Party">Who travels together on them, the movers among them.</param>
internal sealed record Seating(Guid GroupId, ImmutableArray<Guid> Movers, ImmutableArray<Guid> Party, ImmutableArray<Leg> Legs);

internal static class SeatingExtensions
{
    /// <summary>Seats all movers on every leg or refuses: people and transports are asked as they are now, not as they were when the plan was made.</summary>
    public static Scene Seat(this Scene scene, Guid planId, Seating seating, DateOnly day, DateTimeOffset at)
    {
        var party = Scene.Party(seating.GroupId, seating.Party.Select(id => scene.People[id]), day);
        var (onLap, escorts) = (OnLaps(scene, seating, party), party.Escorts);
        foreach (var (index, leg) in seating.Legs.Index())
            foreach (var id in seating.Movers.OrderBy(onLap.Contains))
                scene = scene
                    .Ask(id, person => person.Hold(planId, leg, index + 1, seating.Legs.Length, party, at))
                    .AskTransport(leg.Departure.Id, transport => transport.Take(
                        id, seating.GroupId, scene.People[id].Mobility, onLap.Contains(id), at, escorts.Contains(id), scene.People[id].NeedsOxygen));
        return scene;
    }

    // Each adult in a seat takes one infant; the planner counted the same.
    internal static HashSet<Guid> OnLaps(Scene scene, Seating seating, Group party)
    {
        var manifest = scene.Transports[seating.Legs[0].Departure.Id].Manifest;
        var taken = seating.Party.Count(id => manifest.GetValueOrDefault(id) is { IsTaken: true, OnLap: true });
        var laps = party.Travellers.Count(traveller => traveller is { Age: Age.Adult, Space: SpaceKind.Seat });
        return [.. party.Travellers
            .Where(traveller => traveller is { Age: Age.Infant, Space: SpaceKind.Seat } && seating.Movers.Contains(traveller.PersonId))
            .Select(traveller => traveller.PersonId).Order().Take(Math.Max(0, laps - taken))];
    }
}
