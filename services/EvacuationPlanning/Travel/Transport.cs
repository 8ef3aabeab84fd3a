using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

internal enum SpaceState { Held, Boarded, NoShow, Arrived, Released, CheckedIn, Missing }

/// <summary>A line of the manifest: what became of the space that a person took last.</summary>
internal sealed record Space(Guid PersonId, Guid GroupId, Mobility Kind, bool OnLap, SpaceState State, bool Escort = false, bool Oxygen = false)
{
    public bool IsTaken => State is not (SpaceState.NoShow or SpaceState.Released);

    /// <summary>Where they checked in.</summary>
    public string? Gate { get; init; }

    public Spaces Needs => Spaces.Of((SpaceKind)Kind, OnLap, Escort, Oxygen);
}

/// <summary>
/// One departure with what it carries. It alone says who has a space, so it is here that an over-full transport, a person
/// twice, or a boarding after departure is refused.
/// </summary>
internal sealed partial record Transport(Guid Id) : IFold<Transport>
{
    public const string NoShowReason = "no-show";

    /// <summary>As it stands after all changes.</summary>
    public TransportScheduled? Schedule { get; private init; }

    /// <summary>As it was entered.</summary>
    public TransportScheduled? Entered { get; private init; }

    public ImmutableDictionary<Guid, Space> Manifest { get; private init; } = ImmutableDictionary<Guid, Space>.Empty;

    /// <summary>In the order in which spaces were taken.</summary>
    public ImmutableList<Guid> People { get; private init; } = [];

    public Spaces Taken { get; private init; }

    public bool Departed { get; private init; }

    public bool Arrived { get; private init; }

    public bool Cancelled { get; private init; }

    /// <summary>To our own people: what is promised to others is theirs until they give it back.</summary>
    public Spaces Offered => Schedule is { } s && !Cancelled ? s.Offers() : default;

    public Spaces Free => Offered - Taken;

    public IEnumerable<Space> Lines => People.Select(person => Manifest[person]);

    /// <summary>Who holds a space and is not on board yet.</summary>
    public IEnumerable<Space> NotAboard => Lines.Where(space => space.State is SpaceState.Held or SpaceState.CheckedIn);

    public IEnumerable<Space> In(SpaceState state) => Lines.Where(space => space.State == state);

    /// <summary>As the planner sees it.</summary>
    public Departure AsDeparture() => Schedule is { } s
        ? new(Id, s.Code, s.Kind, s.From, s.To, s.DestinationCountry, s.DepartsAt, s.ArrivesAt, Offered, s.Operator) { Alternates = s.Alternates }
        : throw new InvalidOperationException($"Transport {Id} was never scheduled.");

    /// <summary>Those who travel together with this person and have a space, themselves included.</summary>
    public IEnumerable<Guid> PartyOf(Guid person) => Manifest.GetValueOrDefault(person) is { IsTaken: true } own
        ? Lines.Where(space => space.IsTaken && space.GroupId == own.GroupId).Select(space => space.PersonId)
        : [];

    /// <param name="atGate">A sealed manifest takes nobody else.</param>
    public Decision Take(Guid person, Guid group, Mobility kind, bool onLap, DateTimeOffset at, bool escort = false, bool oxygen = false, bool atGate = false) => this switch
    {
        { Schedule: null } => Unknown,
        { Cancelled: true } => Off,
        { Departed: true } => TooLate,
        { Seal: not null } when !atGate => ClosedToPlans,
        _ when Manifest.GetValueOrDefault(person) is { IsTaken: true } =>
            Refusal.Conflict("transport/already-on-it", "This person already has a space on this transport. Nothing needs to be done."),
        _ when onLap && LapsFree(group) < 1 =>
            Refusal.Conflict("transport/no-lap", "No adult of the household has a free lap for this infant. Give the infant a seat of its own."),
        _ when Lacking(kind, onLap, escort, oxygen) is { } lacking => lacking,
        _ => new SpaceTaken(person, group, kind, onLap, at, escort, oxygen),
    };

    /// <summary>After departure a space is no longer anybody's to give.</summary>
    public Decision GiveUp(Guid person, string reason, DateTimeOffset at) => Manifest.GetValueOrDefault(person) switch
    {
        not { IsTaken: true } => Decision.Nothing,
        _ when Departed => TooLate,
        _ => new SpaceFreed(person, reason, at),
    };

    public Decision Board(Guid person, DateTimeOffset at, string officer = "") => Manifest.GetValueOrDefault(person) switch
    {
        _ when Schedule is null => Unknown,
        { State: SpaceState.Boarded or SpaceState.Arrived } => Decision.Nothing,
        _ when Departed => TooLate,
        { State: SpaceState.Held or SpaceState.CheckedIn } => Decision.Of([.. SealedFor(officer, at), new SpaceBoarded(person, at)]),
        _ => NoSpace,
    };

    /// <summary>Who holds a space and is not on board stays behind.</summary>
    public Decision Depart(string officer, DateTimeOffset at) => this switch
    {
        { Schedule: null } => Unknown,
        { Departed: true } => Decision.Nothing,
        { Cancelled: true } => Off,
        _ => Decision.Of([
            .. NotAboard.Select(space => new SpaceFreed(space.PersonId, NoShowReason, at)),
            new TransportDeparted(officer, at)]),
    };

    public Decision Arrive(string officer, DateTimeOffset at) => this switch
    {
        { Schedule: null } => Unknown,
        { Departed: false } => NotDeparted,
        { Arrived: true } => Decision.Nothing,
        _ => Decision.Of([new TransportArrived(officer, at), new ManifestReconciled(In(SpaceState.Boarded).Count(), 0, 0, officer, at)]),
    };

    public static Transport Start(Guid id) => new(id);

    public Transport Apply(Event @event) => @event switch
    {
        TransportScheduled e => this with { Schedule = e, Entered = e },
        TransportCancelled => this with { Cancelled = true },
        SpaceTaken e => NoLongerWaiting([e.PersonId]).With(new Space(e.PersonId, e.GroupId, e.Space, e.Infant, SpaceState.Held, e.Escort, e.Oxygen)),
        SpaceFreed e => With(e.PersonId, e.Reason == NoShowReason ? SpaceState.NoShow : SpaceState.Released),
        SpaceBoarded e => With(e.PersonId, SpaceState.Boarded),
        TransportDeparted => this with { Departed = true },
        TransportArrived => this with
        {
            Arrived = true,
            Manifest = Manifest.SetItems(In(SpaceState.Boarded).Select(space => KeyValuePair.Create(space.PersonId, space with { State = SpaceState.Arrived }))),
        },
        _ => Schedule?.After(@event) is { } now ? this with { Schedule = now } : AtGate(@event),
    };

    internal static Refusal Unknown => Refusal.NotFound("transport/unknown", "There is no such transport. Look it up in the list of transports.");

    internal static Refusal NoSpace =>
        Refusal.Conflict("transport/no-space-held", "This person holds no space on this transport. Check the manifest; a new plan can give them a space where one is free.");

    internal static Refusal Off => Refusal.Conflict("transport/cancelled", "This transport was cancelled. Enter one that runs instead under a code of its own.");
    private static Refusal NotDeparted => Refusal.Conflict("transport/not-departed",
        "This transport has not been reported as departed. Report the departure first, so that it is known who is on board.");

    internal static Refusal TooLate => Refusal.Conflict("transport/departed",
        "This transport has departed. Only where it goes and when it arrives can still change; for people who are not on board a new plan finds another one.");

    private Refusal? Lacking(Mobility kind, bool onLap, bool escort, bool oxygen) =>
        Spaces.Of((SpaceKind)kind, onLap, escort, oxygen) switch
        {
            var need when Free.Hold(need) => null,
            var need when need.Laps > Free.Laps => Refusal.Conflict("transport/most-infants",
                $"No more infants on laps may be on {Schedule!.Code}. Choose another transport, or wait until a space is given up."),
            var need when need.Oxygen > Free.Oxygen => Refusal.Conflict("transport/no-oxygen",
                $"There is no oxygen for this person on {Schedule!.Code}. Choose another transport, or wait until a space is given up."),
            var need when need.Seats <= Free.Seats && need.Ordinary > Free.Ordinary => Refusal.Conflict("transport/kept-for-escorts",
                $"Only seats kept for escorts are free on {Schedule!.Code}. Choose another transport, or wait until a space is given up."),
            var need when need.Wheelchairs <= Free.Wheelchairs && need.Stretchers <= Free.Stretchers && need.Carried > Free.Carried => Refusal.Conflict("transport/most-carried",
                $"No more persons who must be carried may be on {Schedule!.Code}. Choose another transport, or wait until a space is given up."),
            _ => Refusal.Conflict("transport/full", $"No {Name(kind)} is free on {Schedule!.Code}. Choose another transport, or wait until a space is given up."),
        };

    private int LapsFree(Guid group) =>
        Lines.Where(space => space.IsTaken && space.GroupId == group).Sum(space => space.OnLap ? -1 : space.Kind is Mobility.None ? 1 : 0);

    private Transport With(Guid person, SpaceState state) =>
        Manifest.GetValueOrDefault(person) is { } space ? With(space with { State = state }) : this;

    private Transport With(Space space)
    {
        var before = Manifest.GetValueOrDefault(space.PersonId);
        return this with
        {
            Manifest = Manifest.SetItem(space.PersonId, space),
            People = before is null ? People.Add(space.PersonId) : People,
            Taken = Taken - (before is { IsTaken: true } ? before.Needs : default) + (space.IsTaken ? space.Needs : default),
        };
    }

    private static string Name(Mobility kind) => kind switch
    {
        Mobility.Wheelchair => "wheelchair space",
        Mobility.Stretcher => "stretcher space",
        _ => "seat",
    };
}
