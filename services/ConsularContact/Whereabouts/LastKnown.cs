using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>Where somebody was, as told: in words, as a position, or both.</summary>
internal sealed record Spot(string? Place, Position? Position)
{
    private const int Longest = 500;

    public bool IsKnown => Place is not null || Position is not null;

    public static Refusal? Read(string? place, Position? position, out Spot spot)
    {
        spot = new(RegistrationRules.Text(place), position);
        return spot.Place?.Length > Longest ? Refusal.Invalid("whereabouts/place-too-long", $"The place takes at most {Longest} characters.", "place")
            : position is not null && !(Math.Abs(position.Latitude) <= 90) ? Refusal.Invalid("whereabouts/latitude-out-of-range", "The latitude is not between -90 and 90. Check the decimal point, or leave the position out.", "position.latitude")
            : position is not null && !(Math.Abs(position.Longitude) <= 180) ? Refusal.Invalid("whereabouts/longitude-out-of-range", "The longitude is not between -180 and 180. Check the decimal point, or leave the position out.", "position.longitude")
            : null;
    }
}

/// <summary>One telling of where the person was.</summary>
/// <param name="Id">Of the check-in, sighting, registration or transport.</param>
/// <param name="Source">registration, sighting, transport, or who checked in.</param>
internal sealed record Seen(Guid? Id, Spot Spot, string Source, DateTimeOffset At)
{
    public const string Registration = "registration", Sighting = "sighting", Transport = "transport";

    /// <summary>How they were, where it was told.</summary>
    public string? State { get; init; }

    public Guid? MergedFrom { get; init; }

    /// <summary>Whether the person themselves, or somebody for them, was in contact. A sighting is none.</summary>
    public bool IsContact => Source is not (Sighting or Transport);
}

/// <summary>One telling of how the person is.</summary>
internal sealed record Condition(Guid? Id, string State, string Source, DateTimeOffset At);

/// <summary>
/// Where a person was last known to be and how they are. What happened last counts, not what was recorded last: an old
/// sighting that comes in late never becomes the latest.
/// </summary>
internal sealed record LastKnown(Guid Id) : IFold<LastKnown>
{
    public const string Safe = "safe", NeedsHelp = "needs-help", Moving = "moving", Left = "left";

    public static string[] States { get; } = [Safe, NeedsHelp, Moving, Left];

    public static Refusal StateUnknown => Refusal.Invalid("whereabouts/state-unknown", $"Say how the person is: {string.Join(", ", States)}.", "state");
    public static string[] Sources { get; } = ["self", "family", "officer", "partner", "message"];

    private ImmutableList<Seen> Tellings { get; init; } = [];

    public OnFile File { get; private init; } = OnFile.Nobody;

    public Condition? Condition => Latest(Tellings.Where(telling => telling.State is not null)) is { } said ? new(said.Id, said.State!, said.Source, said.At) : null;

    /// <summary>When they first registered.</summary>
    public DateTimeOffset? RegisteredAt => Tellings.Where(telling => telling.Source == Seen.Registration).Min(telling => (DateTimeOffset?)telling.At);

    /// <summary>When they were last in contact: registered or checked in.</summary>
    public DateTimeOffset? ContactAt => Tellings.Where(telling => telling.IsContact).Max(telling => (DateTimeOffset?)telling.At);

    /// <summary>Whether there was contact after the registration.</summary>
    public bool Reached => Tellings.Exists(telling => telling.IsContact && telling.Source != Seen.Registration);

    public Seen? Last => Latest(Tellings.Where(telling => telling.Spot.IsKnown));

    /// <summary>The latest position told, however long ago.</summary>
    public Position? LastPosition => Latest(Tellings.Where(telling => telling.Spot.Position is not null))?.Spot.Position;

    /// <summary>Everywhere they were told to be, the latest first; of two at one time the one recorded last.</summary>
    public IEnumerable<Seen> LatestFirst => Tellings.Where(telling => telling.Spot.IsKnown).Reverse().OrderByDescending(telling => telling.At);

    public static LastKnown Start(Guid id) => new(id);

    public LastKnown Apply(Event @event) => (this with { File = File.After(@event) }).Told(@event);

    private LastKnown Told(Event @event) => @event switch
    {
        PersonRegistered e => With(new(e.RegistrationId, In(e.Form), Seen.Registration, e.At)),
        RegistrationRepeated e => With(new(e.RegistrationId, In(e.Form), Seen.Registration, e.At) { MergedFrom = e.MergedFrom }),
        // A correction says where they were when they registered, whenever it is made.
        RegistrationCorrected e => Tellings.FindIndex(telling => telling.Id == e.RegistrationId) is var i and >= 0
            ? this with { Tellings = Tellings.SetItem(i, Tellings[i] with { Spot = In(e.Form) }) } : this,
        RegistrationSeparated e => this with { Tellings = Tellings.RemoveAll(telling => telling.Id == e.RegistrationId) },
        CheckedIn e => With(new(e.CheckInId, new(e.Place, e.Position), e.Source, e.At) { State = e.State, MergedFrom = e.MergedFrom }),
        Sighted e => With(new(e.SightingId, new(e.Place, e.Position), Seen.Sighting, e.At) { MergedFrom = e.MergedFrom }),
        Arrived { Country: not null } e => With(new(e.TransportId, new(null, null), Seen.Transport, e.At) { State = Left }),
        // They were not on it.
        MissingAtArrival e => this with { Tellings = Tellings.RemoveAll(telling => telling.Source == Seen.Transport && telling.Id == e.TransportId) },
        DuplicateUnmerged e => this with { Tellings = Tellings.RemoveAll(telling => telling.MergedFrom == e.DuplicateId) },
        _ => this,
    };

    private static Spot In(Registration? form) => new(form?.Place, form?.Position);

    private LastKnown With(Seen seen) => this with { Tellings = Tellings.Add(seen) };

    // Of two at one moment the one told later counts.
    private static Seen? Latest(IEnumerable<Seen> tellings) => tellings.Aggregate((Seen?)null, (last, next) => last is null || next.At >= last.At ? next : last);
}
