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
/// <param name="Id">Of the check-in, sighting or registration.</param>
/// <param name="Source">registration, sighting, or who checked in.</param>
internal sealed record Seen(Guid Id, Spot Spot, string Source, DateTimeOffset At);

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
    public static string[] Sources { get; } = ["self", "family", "officer", "partner", "message"];

    private ImmutableList<Seen> Tellings { get; init; } = [];

    public OnFile File { get; private init; } = OnFile.Nobody;
    public Condition? Condition { get; private init; }

    /// <summary>When they first registered.</summary>
    public DateTimeOffset? RegisteredAt { get; private init; }

    /// <summary>When they were last in contact: registered or checked in. A sighting is none.</summary>
    public DateTimeOffset? ContactAt { get; private init; }

    /// <summary>Whether there was contact after the registration.</summary>
    public bool Reached { get; private init; }

    public Seen? Last => Tellings.Where(telling => telling.Spot.IsKnown).Aggregate((Seen?)null, (last, next) => last is null || next.At >= last.At ? next : last);

    /// <summary>Everywhere they were told to be, the latest first; of two at one time the one recorded last.</summary>
    public IEnumerable<Seen> LatestFirst => Tellings.Where(telling => telling.Spot.IsKnown).Reverse().OrderByDescending(telling => telling.At);

    public static LastKnown Start(Guid id) => new(id);

    public LastKnown Apply(Event @event) => (this with { File = File.After(@event) }).Told(@event);

    private LastKnown Told(Event @event) => @event switch
    {
        PersonRegistered e => Registered(e.RegistrationId, e.Form, e.At),
        RegistrationRepeated e => Registered(e.RegistrationId, e.Form, e.At),
        // A correction says where they were when they registered, whenever it is made.
        RegistrationCorrected e => Tellings.FindIndex(telling => telling.Id == e.RegistrationId) is var i and >= 0
            ? this with { Tellings = Tellings.SetItem(i, Tellings[i] with { Spot = In(e.Form) }) } : this,
        // What somebody else's registration told was never about them.
        RegistrationSeparated e => this with { Tellings = Tellings.RemoveAll(telling => telling.Id == e.RegistrationId) },
        DuplicateUnmerged e => this with { Tellings = Tellings.RemoveAll(telling => e.Registrations.Contains(telling.Id)) },
        CheckedIn e => With(new(e.CheckInId, new(e.Place, e.Position), e.Source, e.At)).InContact(e.At).Is(new(e.CheckInId, e.State, e.Source, e.At)) with { Reached = true },
        Sighted e => With(new(e.SightingId, new(e.Place, e.Position), "sighting", e.At)),
        Arrived { Country: not null } e => Is(new(null, Left, "transport", e.At)),
        _ => this,
    };

    private static Spot In(Registration? form) => new(form?.Place, form?.Position);

    private LastKnown Registered(Guid id, Registration? form, DateTimeOffset at) =>
        With(new(id, In(form), "registration", at)).InContact(at) with { RegisteredAt = RegisteredAt is { } first && first <= at ? first : at };

    private LastKnown With(Seen seen) => this with { Tellings = Tellings.Add(seen) };

    private LastKnown InContact(DateTimeOffset at) => ContactAt > at ? this : this with { ContactAt = at };

    private LastKnown Is(Condition condition) => Condition?.At > condition.At ? this : this with { Condition = condition };
}
