namespace CrisisCoordination.Contracts;

/// <summary>A place where people gather for a transport, or a transport ends. Its own timeline.</summary>
/// <param name="ConnectionMinutes">Least time between arriving here and departing again; null: the usual hour.</param>
[Stored("assembly_point_opened")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record AssemblyPointOpened(string Code, string Name, Position Position, DateTimeOffset At, int? ConnectionMinutes = null) : Event(At)
{
    /// <summary>The country in which it lies, alpha-3; null: not known until a <see cref="PointCountrySet"/> tells.</summary>
    public string? Country { get; init; }

    /// <summary>The account that entered it; null before this was kept.</summary>
    public string? Officer { get; init; }
}

/// <summary>A departure was entered with what it can carry. The transport's own timeline.</summary>
/// <param name="Kind">bus, convoy, ship, aircraft.</param>
/// <param name="From">Code of the point it leaves from.</param>
/// <param name="To">Code of the point it goes to.</param>
/// <param name="DestinationCountry">As whoever entered it told it, alpha-3 or null. Where <paramref name="To"/> lies is told by that point's timeline alone.</param>
/// <param name="Seats">All that people sit on, those kept for escorts and those promised to others among them.</param>
/// <param name="EscortSeats">Of the seats, those that only escorts of unaccompanied children and of stretcher patients may have.</param>
/// <param name="MostInfants">Infants on laps at most; null: one for each adult who sits.</param>
/// <param name="MostCarried">Persons in wheelchair and stretcher spaces together at most; null: as many as there are spaces.</param>
/// <param name="OxygenPlaces">Persons who need oxygen on the way at most. None unless the operator says so.</param>
/// <param name="Promised">Seats that others fill.</param>
[Stored("transport_scheduled")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportScheduled(
    string Code, string Kind, string From, string To, string? DestinationCountry, DateTimeOffset DepartsAt,
    DateTimeOffset ArrivesAt, int Seats, int WheelchairSpaces, int StretcherSpaces, string Operator, DateTimeOffset At,
    int EscortSeats = 0, int? MostInfants = null, int? MostCarried = null, int OxygenPlaces = 0, IReadOnlyList<PromisedSeats>? Promised = null) : Event(At)
{
    /// <summary>Codes of the points that it may be diverted to; null: none is known.</summary>
    public IReadOnlyList<string>? Alternates { get; init; }
}

/// <summary>A space on the transport is held for a person. On the transport's timeline, in one append with <see cref="SeatHeld"/>.</summary>
/// <param name="Infant">On an adult's lap: a soul on board, not a seat.</param>
/// <param name="Escort">May sit on a seat kept for escorts.</param>
/// <param name="Oxygen">Needs oxygen on the way.</param>
[Stored("space_taken")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceTaken(Guid PersonId, Guid GroupId, Mobility Space, bool Infant, DateTimeOffset At, bool Escort = false, bool Oxygen = false) : Event(At);

/// <summary>A space on the transport is free again.</summary>
[Stored("space_freed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceFreed(Guid PersonId, string Reason, DateTimeOffset At) : Event(At);

/// <summary>Who held a space is on the transport. On the transport's timeline, in one append with <see cref="Boarded"/>.</summary>
[Stored("space_boarded")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SpaceBoarded(Guid PersonId, DateTimeOffset At) : Event(At);

/// <summary>The transport left; nobody can board any more. The transport's own timeline.</summary>
[Stored("transport_departed")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportDeparted(string Officer, DateTimeOffset At) : Event(At);

/// <summary>The transport arrived with everybody on board. The transport's own timeline, in one append with their <see cref="Arrived"/>.</summary>
[Stored("transport_arrived")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TransportArrived(string Officer, DateTimeOffset At) : Event(At);

/// <summary>A seat is held for the person on a leg of their journey.</summary>
/// <param name="Leg">1-based position in the journey of <paramref name="Legs"/> legs.</param>
[Stored("seat_held")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SeatHeld(
    Guid PlanId, Guid TransportId, string TransportCode, Mobility Space, int Leg, int Legs, string? DestinationCountry,
    DateTimeOffset DepartsAt, DateTimeOffset At) : Event(At);

/// <summary>The seat is given up: withdrawn consent, claim of fear, no-show, missed connection, cancelled.</summary>
[Stored("seat_released")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record SeatReleased(Guid TransportId, string Reason, DateTimeOffset At) : Event(At)
{
    /// <summary>Whose reason it is: the person's own, or somebody's who travels with them. Null: nobody's, or not known; of another's fear it is never said.</summary>
    public Guid? Of { get; init; }
}

/// <summary>A plan could not take the person, and why.</summary>
/// <param name="Reason">The first hard reason as a code: no-consent, no-seat, no-usable-document …</param>
/// <param name="Detail">In words.</param>
[Stored("left_behind")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record LeftBehind(Guid PlanId, string Reason, [property: Personal] string? Detail, DateTimeOffset At) : Event(At)
{
    /// <summary>Whose reason it is: the person's own, or somebody's who travels with them. Null: nobody's, or not known; of another's fear it is never said.</summary>
    public Guid? Of { get; init; }
}

/// <summary>The person is on the transport.</summary>
[Stored("boarded")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record Boarded(Guid TransportId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person did not come to the gate; their seats on this and later legs are released.</summary>
[Stored("no_show")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record NoShow(Guid TransportId, string Officer, DateTimeOffset At) : Event(At);

/// <summary>The person arrived with the transport.</summary>
/// <param name="Country">Alpha-3 code, or null inside the country of the crisis.</param>
/// <param name="JourneyEnded">Whether it was the last leg.</param>
[Stored("arrived")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record Arrived(Guid TransportId, string? Country, bool JourneyEnded, string Officer, DateTimeOffset At) : Event(At);

/// <summary>A plan was published. Its own timeline; seats stand on the people's and the transports'.</summary>
[Stored("plan_published")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record PlanPublished(
    Guid CrisisId, string RuleVersion, int People, int Groups, int Seated, IReadOnlyDictionary<string, int> LeftBehind,
    string Coordinator, DateTimeOffset At) : Event(At)
{
    /// <summary>People for whom it was to change something and did not, because they or a transport had changed since the plan was drafted.</summary>
    public int Unchanged { get; init; }
}

/// <summary>A field team was sent. The task's own timeline.</summary>
/// <param name="Kind">gate-duty, pick-up, medical-transfer, escort.</param>
/// <param name="AssemblyPoint">Code of the point.</param>
[Stored("task_dispatched")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskDispatched(Guid TransportId, string Kind, string AssemblyPoint, int People, DateTimeOffset DueAt, DateTimeOffset At) : Event(At);

/// <summary>The team did it.</summary>
[Stored("task_done")]
[AppendedBy(Service.EvacuationPlanning)]
public sealed record TaskDone(string Team, DateTimeOffset At) : Event(At)
{
    /// <summary>The team, where it has a timeline of its own.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The account that reported it.</summary>
    public string? Officer { get; init; }

    /// <summary>Of the report sent later, where it was taken down without connection.</summary>
    public Guid? ResultId { get; init; }
}
