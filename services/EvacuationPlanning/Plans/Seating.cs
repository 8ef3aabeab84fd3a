using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What a plan wants for a group: these people on these legs.</summary>
/// <param name="Movers">Who gets seats.</param>
/// <param name="Party">Who travels together on them, the movers among them.</param>
internal sealed record Seating(Guid GroupId, ImmutableArray<Guid> Movers, ImmutableArray<Guid> Party, ImmutableArray<Leg> Legs)
{
    /// <summary>The transports on which they give up their seats for these.</summary>
    public ImmutableArray<Guid> Leaves { get; init; } = [];

    /// <summary>What they take up on each leg.</summary>
    public Spaces Need { get; init; }
}

internal static class SeatingExtensions
{
    private static Refusal Changed => Refusal.Conflict($"plan/{Words.ChangedWhilePlanning}", Words.Say(Words.ChangedWhilePlanning));

    /// <summary>
    /// Seats all movers on every leg or refuses: people and transports are asked as they are now, not as they were when the plan
    /// was made. What they held before is given up in the same step.
    /// </summary>
    public static Scene Seat(this Scene scene, Guid planId, Seating seating, DateOnly day, DateTimeOffset at) =>
        scene.GiveUp(seating.Movers, seating.Leaves, Words.Moved, at).Then(next => next.Take(planId, seating, day, at));

    /// <summary>
    /// Groups that wait for one another's seats change all at once. One who cannot keeps what they hold, and so may others who
    /// counted on it.
    /// </summary>
    public static (Scene Scene, IReadOnlyList<Seating> Refused) SeatTogether(this Scene scene, Guid planId, IReadOnlyList<Seating> seatings, DateOnly day, DateTimeOffset at)
    {
        var (able, refused) = (seatings.ToList(), new List<Seating>());
        while (able.Count > 0)
        {
            var next = scene;
            var unable = able.FirstOrDefault(one => (next = next.GiveUp(one.Movers, one.Leaves, Words.Moved, at)).Refusal is not null)
                ?? able.FirstOrDefault(one => (next = next.Take(planId, one, day, at)).Refusal is not null);
            if (unable is null) return (next, refused);
            able.Remove(unable);
            refused.Add(unable);
        }
        return (scene, refused);
    }

    /// <summary>Frees the seats of all of them, if they hold just these and nobody stands at a gate, has boarded or left.</summary>
    /// <param name="scene">As it stands.</param>
    /// <param name="people">Whose.</param>
    /// <param name="transports">Just these.</param>
    /// <param name="reason">Why.</param>
    /// <param name="at">When.</param>
    /// <param name="of">Whose reason it is, asked for each of them.</param>
    public static Scene GiveUp(this Scene scene, ImmutableArray<Guid> people, ImmutableArray<Guid> transports, string reason, DateTimeOffset at, Func<Guid, Guid?>? of = null)
    {
        if (transports.IsEmpty) return scene;
        var next = scene;
        foreach (var id in people)
        {
            var seats = scene.People[id].OpenSeats.OrderBy(seat => seat.Leg).ToList();
            if (!seats.Select(seat => seat.TransportId).SequenceEqual(transports) || scene.People[id].IsOnJourney
                || transports.Any(run => scene.Transports[run].IsClosed || scene.Transports[run].Manifest.GetValueOrDefault(id) is not { State: SpaceState.Held }))
                return scene.Refuse(Changed);
            next = seats.Aggregate(next, (after, seat) => after.Free(id, seat, reason, at, of?.Invoke(id)));
        }
        return next;
    }

    private static Scene Take(this Scene scene, Guid planId, Seating seating, DateOnly day, DateTimeOffset at)
    {
        var party = scene.Located(Scene.Party(seating.GroupId, seating.Party.Select(id => scene.People[id]), day), seating.Legs[0].Departure.Id);
        var (onLap, escorts) = (OnLaps(scene, seating, party), party.Escorts);
        if (seating.Legs.Any(leg => scene.HasChanged(leg))) return scene.Refuse(Changed);
        foreach (var (index, leg) in seating.Legs.Index())
            foreach (var id in seating.Movers.OrderBy(onLap.Contains))
                scene = scene
                    .Ask(id, person => person.Hold(planId, leg, index + 1, seating.Legs.Length, party, at))
                    .AskTransport(leg.Departure.Id, transport => transport.Take(
                        id, seating.GroupId, scene.People[id].Mobility, onLap.Contains(id), at, escorts.Contains(id), scene.People[id].NeedsOxygen));
        return scene;
    }

    // The plan was made for a transport at these times between points in these countries, and publishing it takes a while.
    private static bool HasChanged(this Scene scene, Leg leg)
    {
        var now = scene.Atlas.For([]).LegOf(scene.Transports[leg.Departure.Id].AsDeparture());
        return Planned(now) != Planned(leg)
            || !now.Landings.Select(place => place.Country).SequenceEqual(leg.Landings.Select(place => place.Country));

        static (string, string, DateTimeOffset, DateTimeOffset, string?, string?) Planned(Leg leg) =>
            (leg.Departure.From, leg.Departure.To, leg.Departure.DepartsAt, leg.Departure.ArrivesAt, leg.Origin, leg.OriginPerhaps);
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

/// <summary>
/// Which seating comes when: one that needs another's seats comes after it. Those that wait for each other in a ring are one
/// step. Otherwise in the order given, so that whoever is more urgent is stored first.
/// </summary>
internal static class SeatingOrder
{
    public static IEnumerable<IReadOnlyList<Seating>> Of(IReadOnlyList<Seating> seatings, IReadOnlyDictionary<Guid, Spaces> free)
    {
        var room = new Dictionary<Guid, Spaces>(free);
        var waiting = seatings.ToList();
        while (waiting.Count > 0)
        {
            var next = new List<Seating>();
            foreach (var seating in waiting)
                if (!seating.Legs.All(leg => (room.GetValueOrDefault(leg.Departure.Id) + (seating.Leaves.Contains(leg.Departure.Id) ? seating.Need : default)).Hold(seating.Need))) next.Add(seating);
                else
                {
                    foreach (var leg in seating.Legs) room[leg.Departure.Id] = room.GetValueOrDefault(leg.Departure.Id) - seating.Need;
                    foreach (var run in seating.Leaves) room[run] = room.GetValueOrDefault(run) + seating.Need;
                    yield return [seating];
                }
            if (next.Count == waiting.Count) break;
            waiting = next;
        }
        // What is left are rings, whoever counts on them, and those for whom there is no room any more.
        if (waiting.Where(seating => !seating.Leaves.IsEmpty).ToList() is { Count: > 0 } ring) yield return ring;
        foreach (var seating in waiting.Where(seating => seating.Leaves.IsEmpty)) yield return [seating];
    }
}
