using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

internal sealed partial record Passenger
{
    private static readonly TimeSpan ChildFoundWithin = TimeSpan.FromHours(1), FoundWithin = TimeSpan.FromHours(12);

    /// <summary>The transport at whose gate they wait for a space.</summary>
    public Guid? StandsBy { get; private init; }

    /// <param name="over">Whether the transport that they waited for before has left.</param>
    public Decision StandBy(Guid transport, bool over, string officer, DateTimeOffset at) => this switch
    {
        _ when Gone is { } gone => gone,
        { HasArrived: true } => ArrivedAlready,
        _ when AtAnotherGate is { } elsewhere => elsewhere,
        _ when StandsBy == transport => Decision.Nothing,
        { StandsBy: { } } when !over => Refusal.Conflict("standby/elsewhere", "This person stands by for another departure. Take them off that list first."),
        _ => Decision.Of([.. StandsBy is null ? Array.Empty<Event>() : [new StandbyEnded(StandsBy.Value, Gate.Standby.WentAway, at)], new StandbyStarted(transport, officer, at)]),
    };

    public Refusal? AtAnotherGate => StillSought is { } sought ? sought : OpenSeats.Any(seat => seat.State is not SeatState.Held)
        ? Refusal.Conflict("standby/at-another-gate", "This person is on board or checked in elsewhere. Record there that they did not come, if it is really they who stand here.") : null;

    public Decision EndStandby(string reason, DateTimeOffset at) => StandsBy is { } transport ? new StandbyEnded(transport, reason, at) : Decision.Nothing;

    // One place at one time: another seat for the same leg, or one that overlaps with it.
    private bool IsElsewhere(Leg leg, int number) => OpenSeats.Any(seat => seat.Leg == number
        || (seat.Leg < number ? seat.DepartsAt >= leg.Departure.DepartsAt : seat.DepartsAt < leg.Departure.ArrivesAt));

    /// <inheritdoc cref="Hold"/>
    public Decision CheckIn(Leg leg, Group party, string? gate, string officer, DateTimeOffset at) =>
        OpenSeats.FirstOrDefault(seat => seat.TransportId == leg.Departure.Id) switch
        {
            _ when Gone is { } gone => gone,
            null => Transport.NoSpace,
            { State: SeatState.CheckedIn or SeatState.Boarded } => Decision.Nothing,
            _ when StillSought is { } sought => sought,
            _ when WhyNot(party, leg) is { } reason => Words.Refuse(reason),
            _ => new CheckedInAtGate(leg.Departure.Id, gate, officer, at),
        };

    /// <param name="child">Whether they are, or may be, under 18.</param>
    public Decision MissAtArrival(Guid transport, bool child, string officer, DateTimeOffset at) =>
        Seats.FirstOrDefault(seat => seat.TransportId == transport) is { State: SeatState.Boarded or SeatState.Arrived }
            ? new MissingAtArrival(transport, child, at + (child ? ChildFoundWithin : FoundWithin), officer, at) : Decision.Nothing;

    /// <summary>Was seen on a later leg, and so was on this one.</summary>
    public bool HasGoneOnFrom(Guid transport) => Seats.Find(seat => seat.TransportId == transport) is { } seat
        && Seats.Exists(later => later.Leg > seat.Leg && later.State is SeatState.CheckedIn or SeatState.Boarded or SeatState.Arrived);

    public Decision FindAfterArrival(Guid transport, bool arrived, string officer, DateTimeOffset at) =>
        Seats.FirstOrDefault(seat => seat.TransportId == transport) is not { State: SeatState.Missing } seat ? Decision.Nothing
        : arrived ? Decision.Of([new FoundAfterArrival(transport, Arrived: true, officer, at), new Arrived(transport, seat.Country, seat.Leg == seat.Legs, officer, at)])
        : new FoundAfterArrival(transport, Arrived: false, officer, at);

    /// <summary>They are there, whatever was planned for them; nobody was asked whether they may be.</summary>
    /// <param name="feared">Why they should not have come with it, where they fear a place on its way: the alarm is given.</param>
    public Decision ArriveUnexpectedly(Guid transport, string? country, Bar? feared, string officer, DateTimeOffset at) => this switch
    {
        _ when Gone is { } gone => gone,
        _ when OpenSeats.FirstOrDefault() is { } other => Refusal.Conflict("reconciliation/on-another",
            $"Person {Id} is on board {other.Code} by its manifest, or missing from it. Settle that in its reconciliation first."),
        _ => Decision.Of([
            new UnexpectedAtArrival(transport, officer, at), new Arrived(transport, country, JourneyEnded: country is not null, officer, at),
            .. feared is null ? Array.Empty<Event>() : [new CarriedWhereBarred(transport, feared.Code, at) { Country = feared.Country }]]),
    };

    /// <summary>What to tell somebody who has no space on the transport where they stand.</summary>
    public Refusal NotOnThisOne => Gone ?? (OpenSeats.FirstOrDefault() is { } seat
        ? Refusal.Conflict("check-in/other-departure", string.Create(CultureInfo.InvariantCulture,
            $"This person is not on this transport. They have a space on {seat.Code}, which departs {seat.DepartsAt.UtcDateTime:ddd d MMM HH:mm} UTC. Send them there, or put them on standby here."))
        : Refusal.Conflict("check-in/not-on-manifest",
            "This person is not on this manifest and has no space elsewhere. Put them on standby, or take them as a walk-up when a space is free."));

    /// <summary>Who is missing from an earlier leg stands here now: that must be told first, for others are looking for them.</summary>
    private Refusal? StillSought => Seats.Any(seat => seat.State is SeatState.Missing)
        ? Refusal.Conflict("travel/missing", "This person is being looked for: they were missing when an earlier transport arrived. Record there that they were found, then go on.") : null;

    private Passenger AtGate(Event @event) => @event switch
    {
        StandbyStarted e => this with { StandsBy = e.TransportId },
        StandbyEnded e => this with { StandsBy = StandsBy == e.TransportId ? null : StandsBy },
        CheckedInAtGate e => With(e.TransportId, seat => seat with { State = SeatState.CheckedIn }),
        // Whatever was believed before, they have not arrived.
        MissingAtArrival e => With(e.TransportId, seat => seat with { State = SeatState.Missing }) with { HasArrived = false },
        FoundAfterArrival { Arrived: false } e => this with { Seats = Seats.RemoveAll(seat => seat.TransportId == e.TransportId) },
        _ => this,
    };
}
