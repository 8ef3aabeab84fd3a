namespace CrisisCoordination.Contracts;

/// <summary>Seats on a transport that another state or operator fills with people of its own.</summary>
/// <param name="To">Who has them: a state's alpha-3 code, or an operator or agency by name.</param>
/// <param name="Note">What was agreed.</param>
public sealed record PromisedSeats(string To, int Seats, string? Note = null);

/// <summary>The transport leaves or arrives at another time. The transport's own timeline, as all of these.</summary>
/// <param name="Reason">Why, in the coordinator's words; nothing about a person.</param>
[Stored("transport_rescheduled")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportRescheduled(DateTimeOffset DepartsAt, DateTimeOffset ArrivesAt, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Another vehicle, or the same with other limits: what it can carry from now on. Members as in <see cref="TransportScheduled"/>.</summary>
/// <param name="Reason">As in <see cref="TransportRescheduled"/>.</param>
[Stored("transport_resized")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportResized(
    int Seats, int WheelchairSpaces, int StretcherSpaces, int EscortSeats, int? MostInfants, int? MostCarried, int OxygenPlaces,
    string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The transport goes elsewhere, also when it is under way.</summary>
/// <param name="To">Code of the point.</param>
/// <param name="DestinationCountry">As whoever reported it told it, alpha-3 or null. Where <paramref name="To"/> lies is told by that point's timeline alone.</param>
/// <param name="Reason">As in <see cref="TransportRescheduled"/>.</param>
[Stored("transport_diverted")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportDiverted(string To, string? DestinationCountry, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The transport may be diverted to these points, and to no others that are known.</summary>
/// <param name="Alternates">Codes of points.</param>
/// <param name="Reason">As in <see cref="TransportRescheduled"/>.</param>
[Stored("transport_alternates_set")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportAlternatesSet(IReadOnlyList<string> Alternates, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Another kind of vehicle or another operator runs the transport.</summary>
/// <param name="Reason">As in <see cref="TransportRescheduled"/>.</param>
[Stored("transport_replaced")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportReplaced(string Kind, string Operator, string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The transport does not run. Everybody's space was freed in the same append.</summary>
/// <param name="Reason">As in <see cref="TransportRescheduled"/>.</param>
[Stored("transport_cancelled")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportCancelled(string Reason, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Another state or operator has so many seats from now on, in place of those it had.</summary>
[Stored("seats_promised")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SeatsPromised(string To, int Seats, string? Note, string Officer, DateTimeOffset At) : Event(At);

/// <summary>Another state or operator gave so many of its seats back.</summary>
[Stored("seats_given_back")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SeatsGivenBack(string To, int Seats, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A transport on which the person holds a seat, or is on board, changed. On the person's timeline, in one append with the change.</summary>
/// <param name="DestinationCountry">Where it goes now: alpha-3 code, or null inside the country of the crisis.</param>
/// <param name="DepartsAt">When it leaves now.</param>
[Stored("seat_changed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SeatChanged(Guid TransportId, string? DestinationCountry, DateTimeOffset DepartsAt, DateTimeOffset At) : Event(At);

/// <summary>
/// The person is on board of a transport under way that goes where a rule bars them, since it was diverted, it was told otherwise where
/// it goes, or they said what they fear: whoever meets it must know.
/// </summary>
/// <param name="Reason">The rule as a code: fears-destination, no-usable-document, no-entry-right.</param>
[Stored("carried_where_barred")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record CarriedWhereBarred(Guid TransportId, string Reason, DateTimeOffset At) : Event(At)
{
    /// <summary>The country that it is about, alpha-3; null where none is known, and before this was kept.</summary>
    [Personal]
    public string? Country { get; init; }
}
