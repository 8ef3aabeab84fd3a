using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>
/// What becomes of those who hold seats on a transport that changed: whom a rule bars now, whose connection is missed, and
/// who no longer fits lose theirs, in the append that stores the change.
/// </summary>
internal static class ReseatFeature
{
    /// <param name="connection">Least time to change at a point, by its code.</param>
    public static Scene Change(this Scene scene, Guid run, TransportScheduled to, Func<string, TimeSpan> connection, string reason, string officer, DateTimeOffset at)
    {
        var next = scene.AskTransport(run, transport => transport.Change(to, reason, officer, at));
        if (next.Decided.Count == scene.Decided.Count) return next;
        if (next.Decided.Exists(decided => decided.Event is TransportDiverted or TransportAlternatesSet) && WhyNotThere(scene, to) is { } refusal) return scene.Refuse(refusal);
        if (next.Decided.Exists(decided => decided.Event is TransportRescheduled or TransportDiverted or TransportAlternatesSet))
        {
            next = next.LookAgain(run, at, person => WhyBarred(scene, scene.People[person], run));
            next = Holders(next, run).Aggregate(next, (after, person) => after.KeepConnections(person, run, connection, at));
        }
        return next.KeepMostUrgent(run, at);
    }

    /// <summary>
    /// Asks again about everybody on a transport of which it is known otherwise where it goes: their seats say so, whoever may not
    /// go there loses theirs, and of whoever is under way already the alarm is given.
    /// </summary>
    /// <param name="before">Why they might not be on it by what was known before.</param>
    public static Scene LookAgain(this Scene scene, Guid run, DateTimeOffset at, Func<Guid, Bar?>? before = null)
    {
        var (holders, to) = (Holders(scene, run), scene.Transports[run].Schedule!);
        var next = holders.Aggregate(scene, (after, person) => after.Ask(person, p => p.ChangeSeat(run, scene.EndsIn(p, run), to.DepartsAt, at)));
        if (scene.Transports[run].Departed)
            next = holders.Aggregate(next, (after, person) => after.Ask(person, p => p.NoticeBar(News(WhyBarred(after, p, run), before?.Invoke(person)), run, at)));
        return holders.Aggregate(next, (after, person) => after.FreeBarredSeats(person, wish: null, at));
    }

    /// <summary>Of whoever is on board of a transport that has left for where they fear to be, the alarm is given once.</summary>
    public static Scene NoticeFeared(this Scene scene, Guid person, DateTimeOffset at) => scene.People[person].OpenSeats
        .Where(seat => seat.State is SeatState.Boarded && scene.Transports[seat.TransportId].Departed)
        .Aggregate(scene, (next, seat) => next.Ask(person, p => p.NoticeBar(
            WhyBarred(next, p, seat.TransportId) is { Code: "fears-destination" } bar ? News(bar, p.NoticedBar(seat.TransportId)) : null, seat.TransportId, at)));

    // Another country that they may not be brought to is news as well; an alarm from before countries were kept may be about this one.
    private static Bar? News(Bar? bar, Bar? before) =>
        bar is null || bar.Code == before?.Code && (before.Country is null || before.Country == bar.Country) ? null : bar;

    private static Refusal? WhyNotThere(Scene scene, TransportScheduled to) => scene.Atlas.Check(to)
        ?? (scene.Atlas.Find(to.To)?.Country is null ? Words.CountryUnknown(to.To) : null);

    // As seats store it.
    private static string? EndsIn(this Scene scene, Passenger person, Guid run) =>
        person.OpenSeats.FirstOrDefault(seat => seat.TransportId == run) is { } seat ? scene.LegOf(person, seat).ToCountry : null;

    public static Scene Cancel(this Scene scene, Guid run, string reason, string officer, DateTimeOffset at)
    {
        var next = scene.AskTransport(run, transport => transport.Cancel(reason, officer, at));
        if (next.Decided.Count == scene.Decided.Count) return next;
        next = Holders(next, run).Aggregate(next, (after, person) => after.BreakOff(person, run, Words.Cancelled, at));
        // Whoever hoped for a space on it may stand by for another.
        Guid[] waiting = [.. next.Transports[run].Standby.SelectMany(group => group.People)];
        return waiting.Aggregate(next.AskTransport(run, transport => transport.LeaveStandby(waiting, Words.Cancelled, at)),
            (after, person) => after.Ask(person, p => p.StandsBy == run ? p.EndStandby(Words.Cancelled, at) : Decision.Nothing));
    }

    private static List<Guid> Holders(Scene scene, Guid run) => [.. scene.Transports[run].Lines.Where(space => space.IsTaken).Select(space => space.PersonId)];

    // What was so before is known: only what the change brought about is said.
    private static Bar? WhyBarred(Scene scene, Passenger person, Guid run) =>
        person.OpenSeats.FirstOrDefault(seat => seat.TransportId == run) is { } seat && scene.WhyBarredFrom(person, seat) is { } why
            ? new(why.Code, why.Country) : null;

    // The legs that meet at either end of the transport that changed. Who has arrived where it leaves has made that connection.
    private static Scene KeepConnections(this Scene scene, Guid person, Guid run, Func<string, TimeSpan> connection, DateTimeOffset at)
    {
        var seats = scene.People[person].Seats;
        if (seats.Find(seat => seat.TransportId == run) is not { } changed) return scene;
        foreach (var seat in seats.Where(seat => seat.Leg == changed.Leg || seat.Leg == changed.Leg + 1).OrderBy(seat => seat.Leg))
            if (seats.Find(before => before.Leg == seat.Leg - 1) is { State: not SeatState.Arrived } before && WhyMissed(before, seat) is { } why)
                return scene.BreakOff(person, seat.TransportId, why, at);
        // Where the last leg ends inside the country of the crisis, the journey leads nowhere.
        return changed.Leg == changed.Legs && changed.Country is null ? scene.BreakOff(person, run, Words.Diverted, at) : scene;

        string? WhyMissed(Seat before, Seat after)
        {
            var (from, to) = (scene.Transports[before.TransportId].Schedule!, scene.Transports[after.TransportId].Schedule!);
            return from.To != to.From ? Words.Diverted : from.ArrivesAt + connection(from.To) > to.DepartsAt ? Words.MissedConnection : null;
        }
    }

    // Whole groups in the order of their turn (rule P), as many as fit: nobody keeps a seat that a more urgent group could have had.
    private static Scene KeepMostUrgent(this Scene scene, Guid run, DateTimeOffset at)
    {
        var transport = scene.Transports[run];
        if (transport.Departed || transport.Offered.Hold(transport.Taken)) return scene;
        var (next, left) = (scene, transport.Offered);
        foreach (var group in transport.Lines.Where(space => space.IsTaken).GroupBy(space => space.GroupId)
            .OrderBy(group => TurnOf(group.Key, [.. group.Select(space => scene.People[space.PersonId]).Where(person => person.IsKnown)]), Turn.Order).ToList())
        {
            var need = group.Aggregate(default(Spaces), (sum, space) => sum + space.Needs);
            if (left.Hold(need)) left -= need;
            else next = group.Aggregate(next, (after, space) => after.BreakOff(space.PersonId, run, Words.SmallerTransport, at));
        }
        return next;

        Turn TurnOf(Guid group, ImmutableArray<Passenger> members) => members.IsEmpty
            ? new(int.MaxValue, 0, at, group) : new Household(group, members).AsGroup(Scene.DayOf(transport), (_, _) => null).Turn;
    }

    // Who is under way goes on to the last point before the leg, as does whoever is out of the crisis country by then;
    // nobody else sets out on a journey that breaks off.
    private static Scene BreakOff(this Scene scene, Guid person, Guid run, string reason, DateTimeOffset at)
    {
        var open = scene.StillFreeable(person);
        if (open.Find(seat => seat.TransportId == run) is not { } lost) return scene;
        var leadsOut = scene.People[person].Seats.Find(seat => seat.Leg == lost.Leg - 1)?.Country is not null;
        var from = leadsOut || scene.IsUnderWay(person) ? lost.Leg : 1;
        return open.Where(seat => seat.Leg >= from)
            .Aggregate(scene, (after, seat) => after.Free(person, seat, seat.TransportId == run ? reason : Words.JourneyBroken, at));
    }
}
