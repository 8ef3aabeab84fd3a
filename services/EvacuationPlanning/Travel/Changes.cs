using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>How a transport that was entered changes. What this means for people is decided in <see cref="ReseatFeature"/>.</summary>
internal static class Changes
{
    extension(TransportScheduled schedule)
    {
        public int PromisedSeats => schedule.Promised?.Sum(promise => promise.Seats) ?? 0;

        public Spaces Offers() => Spaces.Offer(
            schedule.Seats - schedule.PromisedSeats, schedule.WheelchairSpaces, schedule.StretcherSpaces, schedule.EscortSeats,
            schedule.MostInfants, schedule.MostCarried, schedule.OxygenPlaces);

        public bool IsSameAs(TransportScheduled? other) => other is not null
            && schedule with { At = other.At, Promised = null, Alternates = null } == other with { Promised = null, Alternates = null }
            && (schedule.Alternates ?? []).SequenceEqual(other.Alternates ?? [])
            && (schedule.Promised ?? []).OrderBy(promise => promise.To, StringComparer.Ordinal).SequenceEqual((other.Promised ?? []).OrderBy(promise => promise.To, StringComparer.Ordinal));

        /// <summary>Null where the event is about something else.</summary>
        public TransportScheduled? After(Event @event) => @event switch
        {
            TransportRescheduled e => schedule with { DepartsAt = e.DepartsAt, ArrivesAt = e.ArrivesAt },
            TransportDiverted e => schedule with { To = e.To, DestinationCountry = e.DestinationCountry },
            TransportAlternatesSet e => schedule with { Alternates = e.Alternates.Count == 0 ? null : e.Alternates },
            TransportReplaced e => schedule with { Kind = e.Kind, Operator = e.Operator },
            TransportResized e => schedule with
            {
                Seats = e.Seats,
                WheelchairSpaces = e.WheelchairSpaces,
                StretcherSpaces = e.StretcherSpaces,
                EscortSeats = e.EscortSeats,
                MostInfants = e.MostInfants,
                MostCarried = e.MostCarried,
                OxygenPlaces = e.OxygenPlaces,
            },
            SeatsPromised e => schedule with { Promised = [.. schedule.PromisedToOthersThan(e.To), new(e.To, e.Seats, e.Note)] },
            SeatsGivenBack e when schedule.PromisedTo(e.To) is { } had => schedule with
            {
                Promised = [.. schedule.PromisedToOthersThan(e.To), .. had.Seats > e.Seats ? [had with { Seats = had.Seats - e.Seats }] : Array.Empty<PromisedSeats>()],
            },
            _ => null,
        };

        public PromisedSeats? PromisedTo(string other) => schedule.Promised?.FirstOrDefault(promise => promise.To == other);

        public IEnumerable<PromisedSeats> PromisedToOthersThan(string other) => (schedule.Promised ?? []).Where(promise => promise.To != other);
    }

    /// <summary>Enters it, or takes what was entered before as it is.</summary>
    public static Decision Enter(this Transport transport, TransportScheduled told) => transport switch
    {
        { Schedule: null } => told,
        _ when told.IsSameAs(transport.Entered) || told.IsSameAs(transport.Schedule) => Decision.Nothing,
        _ => Fleet.Entries.CodeTaken,
    };

    /// <summary>Everything that is different from now on, with one reason.</summary>
    public static Decision Change(this Transport transport, TransportScheduled to, string reason, string officer, DateTimeOffset at)
    {
        if (transport.Schedule is not { } now) return Transport.Unknown;
        var changes = Between(now, to, reason, officer, at).ToList();
        return transport switch
        {
            _ when now.From != to.From => Refusal.Conflict("transport/leaves-elsewhere", "A transport cannot be moved to another point of departure. Cancel it and enter the other one under a code of its own."),
            _ when changes.Count == 0 => Decision.Nothing,
            { Cancelled: true } => Transport.Off,
            { Arrived: true } => Refusal.Conflict("transport/arrived", "This transport has arrived. Nothing about it can change any more."),
            { Departed: true } when now.DepartsAt != to.DepartsAt || changes.Exists(change => change is not (TransportDiverted or TransportRescheduled or TransportAlternatesSet)) =>
                Transport.TooLate,
            _ when to.EscortSeats + to.PromisedSeats > to.Seats => Refusal.Conflict("transport/seats-promised",
                $"Of {to.Seats} seats {to.EscortSeats} are kept for escorts and {to.PromisedSeats} are promised to others. Have seats given back, or keep fewer for escorts."),
            _ when to.PromisedSeats > now.PromisedSeats && !to.Offers().Hold(transport.Taken) => Refusal.Conflict("transport/no-seats-to-promise",
                $"People hold these seats. Only {Math.Max(0, Math.Min(transport.Free.Seats, transport.Free.Ordinary))} are free to be promised."),
            _ => Decision.Of(changes),
        };
    }

    /// <summary>It does not run; whoever holds a space on it loses it in the same append.</summary>
    public static Decision Cancel(this Transport transport, string reason, string officer, DateTimeOffset at) => transport switch
    {
        { Schedule: null } => Transport.Unknown,
        { Cancelled: true } => Decision.Nothing,
        { Departed: true } => Transport.TooLate,
        _ => new TransportCancelled(reason, officer, at),
    };

    private static IEnumerable<Event> Between(TransportScheduled now, TransportScheduled to, string reason, string officer, DateTimeOffset at)
    {
        if ((now.DepartsAt, now.ArrivesAt) != (to.DepartsAt, to.ArrivesAt)) yield return new TransportRescheduled(to.DepartsAt, to.ArrivesAt, reason, officer, at);
        if ((now.To, now.DestinationCountry) != (to.To, to.DestinationCountry)) yield return new TransportDiverted(to.To, to.DestinationCountry, reason, officer, at);
        if (!(now.Alternates ?? []).SequenceEqual(to.Alternates ?? [])) yield return new TransportAlternatesSet(to.Alternates ?? [], reason, officer, at);
        if ((now.Kind, now.Operator) != (to.Kind, to.Operator)) yield return new TransportReplaced(to.Kind, to.Operator, reason, officer, at);
        if (Size(now) != Size(to))
            yield return new TransportResized(to.Seats, to.WheelchairSpaces, to.StretcherSpaces, to.EscortSeats, to.MostInfants, to.MostCarried, to.OxygenPlaces, reason, officer, at);
        foreach (var had in now.Promised ?? [])
            if (had.Seats - (to.PromisedTo(had.To)?.Seats ?? 0) is > 0 and var back)
                yield return new SeatsGivenBack(had.To, back, officer, at);
        foreach (var promise in to.Promised ?? [])
            if (promise.Seats > (now.PromisedTo(promise.To)?.Seats ?? 0))
                yield return new SeatsPromised(promise.To, promise.Seats, promise.Note, officer, at);

        static (int, int, int, int, int?, int?, int) Size(TransportScheduled s) =>
            (s.Seats, s.WheelchairSpaces, s.StretcherSpaces, s.EscortSeats, s.MostInfants, s.MostCarried, s.OxygenPlaces);
    }
}
