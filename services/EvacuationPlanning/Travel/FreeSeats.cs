using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>
/// An adult of the household asks that the others travel on without the one who drops out (rule F). An escort asks nothing of it.
/// </summary>
internal sealed record Wish(Guid Of);

/// <summary>
/// What happens to seats when someone drops out: theirs are freed, and those of the people who travel with them. The gate
/// and the reactions to what other services heard both come here.
/// </summary>
internal static class FreeSeatsFeature
{
    private const string Erased = "erased";

    /// <summary>Frees the person's seats that a rule bars now, and the rest of a journey that is broken by it.</summary>
    public static Scene FreeBarredSeats(this Scene scene, Guid person, Wish? wish, DateTimeOffset at)
    {
        var self = scene.People[person];
        return scene.DropOut(person, seat => scene.WhyBarred(self, seat), keep: _ => false, wish,
            (next, seat, reason) => next.Ask(person, p => p.Release(seat.TransportId, reason, at, person)), at);
    }

    /// <summary>The person did not come: this seat and those after it are free.</summary>
    public static Scene MissAt(this Scene scene, Guid person, Guid transport, string officer, Wish? wish, DateTimeOffset at) =>
        scene.DropOut(person, seat => seat.TransportId == transport ? Transport.NoShowReason : null, keep: seat => seat.State is SeatState.Boarded, wish,
            (next, seat, reason) => next.Ask(person, p => seat.TransportId == transport ? p.MissAt(transport, officer, at) : p.Release(seat.TransportId, reason, at, person)), at);

    /// <summary>
    /// Frees what a record holds that was merged into another. Who travels with it travels on, but for a child who would be
    /// alone; the next plan seats the one that stays with them.
    /// </summary>
    public static Scene FreeDuplicate(this Scene scene, Guid person, DateTimeOffset at)
    {
        if (scene.People[person].MergedInto is null || scene.StillFreeable(person) is not [var first, ..] lost) return scene;
        var next = lost.Aggregate(scene, (after, seat) => after.Free(person, seat, Words.Merged, at));
        var lostRuns = lost.Select(seat => seat.TransportId).ToHashSet();
        var rest = Scene.Party(person, lostRuns.SelectMany(run => scene.Transports[run].PartyOf(person)).Where(other => other != person).Distinct().Select(other => scene.People[other]),
            Scene.DayOf(scene.Transports[first.TransportId]));
        foreach (var other in rest.Travellers)
            if (WhoMayGo.KeptBy(rest, other) is { } reason)
                foreach (var seat in next.StillFreeable(other.PersonId).SkipWhile(seat => !lostRuns.Contains(seat.TransportId)))
                    next = next.Free(other.PersonId, seat, reason.Code, at, other.PersonId);
        return next;
    }

    internal static Scene Free(this Scene scene, Guid person, Seat seat, string reason, DateTimeOffset at, Guid? of = null) =>
        scene.Ask(person, p => p.Release(seat.TransportId, reason, at, of)).AskTransport(seat.TransportId, t => t.GiveUp(person, reason, at));

    /// <summary>Why a rule bars the seat to its holder as things stand now.</summary>
    private static string? WhyBarred(this Scene scene, Passenger person, Seat seat) =>
        person.Erased ? Erased : person.WhyNot(scene.PartyOn(seat.TransportId, person.Id), scene.LegOf(person, seat))?.Code;

    private static Scene DropOut(
        this Scene scene, Guid person, Func<Seat, string?> why, Func<Seat, bool> keep, Wish? wish,
        Func<Scene, Seat, string, Scene> release, DateTimeOffset at)
    {
        var open = scene.StillFreeable(person);
        if (open.FirstOrDefault(seat => why(seat) is not null) is not { } first) return scene;

        // Who is under way goes on to the last point before the barred leg; nobody sets out on a journey that breaks off.
        var from = scene.IsUnderWay(person) || why(first) == Transport.NoShowReason ? first.Leg : 1;
        var lost = open.Where(seat => seat.Leg >= from && !keep(seat)).ToList();
        var companions = lost.SelectMany(seat => scene.Transports[seat.TransportId].PartyOf(person)).Where(other => other != person).Distinct().ToList();

        var next = scene;
        foreach (var seat in lost)
        {
            var reason = why(seat) ?? (why(first) == Transport.NoShowReason ? Transport.NoShowReason : Words.JourneyBroken);
            next = release(next, seat, reason).AskTransport(seat.TransportId, t => t.GiveUp(person, reason, at));
        }
        var lostRuns = lost.Select(seat => seat.TransportId).ToHashSet();
        foreach (var (other, reason) in scene.WhoDropsOutToo(person, companions, lost[0].TransportId, wish))
            foreach (var seat in next.StillFreeable(other).SkipWhile(seat => !lostRuns.Contains(seat.TransportId)))
                next = next.Ask(other, p => p.Release(seat.TransportId, reason, at, reason == Words.FamilyUnity ? person : other)).AskTransport(seat.TransportId, t => t.GiveUp(other, reason, at));
        return next;
    }

    // Without an adult's wish the whole party. With it: every child who would be left without an adult of their own, and
    // the whole party after all when a child is the one who drops out or an infant would be without a lap.
    private static IEnumerable<(Guid Person, string Reason)> WhoDropsOutToo(
        this Scene scene, Guid person, IReadOnlyList<Guid> companions, Guid transport, Wish? wish)
    {
        var run = scene.Transports[transport];
        var day = Scene.DayOf(run);
        var everybody = companions.Select(other => (other, Words.FamilyUnity));
        if (wish is null || !companions.Contains(wish.Of) || !scene.People[wish.Of].LivesWith(scene.People[person])
            || scene.People[wish.Of].IsMinorOn(day) || scene.People[person].IsMinorOn(day)) return everybody;

        var rest = Scene.Party(person, companions.Select(other => scene.People[other]), day);
        var alone = rest.Travellers.Select(traveller => WhoMayGo.KeptBy(rest, traveller)).OfType<Reason>().ToList();
        var staying = companions.Except(alone.Select(reason => reason.PersonId!.Value)).ToHashSet();
        var onLaps = staying.Count(other => run.Manifest.GetValueOrDefault(other)?.OnLap is true);
        var laps = staying.Count(other => scene.People[other] is { Mobility: Mobility.None } member && !member.IsMinorOn(day));
        return onLaps > laps ? everybody : alone.Select(reason => (reason.PersonId!.Value, reason.Code));
    }

    internal static List<Seat> StillFreeable(this Scene scene, Guid person) =>
        [.. scene.People[person].OpenSeats.Where(seat => scene.Transports[seat.TransportId] is { Departed: false }).OrderBy(seat => seat.Leg)];

    internal static bool IsUnderWay(this Scene scene, Guid person) => scene.People[person].Seats.Any(seat =>
        seat.State is SeatState.Arrived || (seat.State is SeatState.Boarded && scene.Transports[seat.TransportId].Departed));
}
