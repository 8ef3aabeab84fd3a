using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

internal sealed partial record Passenger
{
    /// <inheritdoc cref="Hold"/>
    public Decision CheckIn(Leg leg, Group party, string? gate, string officer, DateTimeOffset at) =>
        OpenSeats.FirstOrDefault(seat => seat.TransportId == leg.Departure.Id) switch
        {
            _ when Gone is { } gone => gone,
            null => Transport.NoSpace,
            { State: SeatState.CheckedIn or SeatState.Boarded } => Decision.Nothing,
            _ when WhyNot(party, leg) is { } reason => Words.Refuse(reason),
            _ => new CheckedInAtGate(leg.Departure.Id, gate, officer, at),
        };

    /// <summary>What to tell somebody who has no space on the transport where they stand.</summary>
    public Refusal NotOnThisOne => Gone ?? (OpenSeats.FirstOrDefault() is { } seat
        ? Refusal.Conflict("check-in/other-departure", string.Create(CultureInfo.InvariantCulture,
            $"This person is not on this transport. They have a space on {seat.Code}, which departs {seat.DepartsAt.UtcDateTime:ddd d MMM HH:mm} UTC. Send them there, or put them on standby here."))
        : Refusal.Conflict("check-in/not-on-manifest",
            "This person is not on this manifest and has no space elsewhere. Put them on standby, or take them as a walk-up when a space is free."));

    private Passenger AtGate(Event @event) => @event switch
    {
        CheckedInAtGate e => With(e.TransportId, SeatState.CheckedIn),
        _ => this,
    };
}
