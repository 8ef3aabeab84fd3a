using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Whereabouts;

/// <summary>Reads where somebody was from what a request tells.</summary>
internal static class Spots
{
    private const int Longest = 500;

    public static Refusal? Read(string? place, Position? position, out Spot spot)
    {
        spot = new(RegistrationRules.Text(place), position);
        return spot.Place?.Length > Longest ? Refusal.Invalid("whereabouts/place-too-long", $"The place takes at most {Longest} characters.", "place")
            : position is not null && !(Math.Abs(position.Latitude) <= 90) ? Refusal.Invalid("whereabouts/latitude-out-of-range", "The latitude is not between -90 and 90. Check the decimal point, or leave the position out.", "position.latitude")
            : position is not null && !(Math.Abs(position.Longitude) <= 180) ? Refusal.Invalid("whereabouts/longitude-out-of-range", "The longitude is not between -180 and 180. Check the decimal point, or leave the position out.", "position.longitude")
            : null;
    }
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

    private PlacesTold Places { get; init; } = PlacesTold.None;

    private ImmutableList<Seen> Tellings => Places.All;

    public OnFile File { get; private init; } = OnFile.Nobody;

    public Condition? Condition => Places.Last(telling => telling.State is not null) is { } said ? new(said.Id, said.State!, said.Source, said.At) : null;

    /// <summary>When they first registered.</summary>
    public DateTimeOffset? RegisteredAt => Tellings.Where(telling => telling.Source == Seen.Registration).Min(telling => (DateTimeOffset?)telling.At);

    /// <summary>When they were last in contact: registered or checked in.</summary>
    public DateTimeOffset? ContactAt => Tellings.Where(telling => telling.IsContact).Max(telling => (DateTimeOffset?)telling.At);

    /// <summary>Whether there was contact after the registration.</summary>
    public bool Reached => Tellings.Exists(telling => telling.IsContact && telling.Source != Seen.Registration);

    public Seen? Last => Places.Last(telling => telling.Spot.IsKnown);

    /// <summary>The latest position told, however long ago.</summary>
    public Position? LastPosition => Places.Last(telling => telling.Spot.Position is not null)?.Spot.Position;

    /// <summary>Everywhere they were told to be, the latest first; of two at one time the one recorded last.</summary>
    public IEnumerable<Seen> LatestFirst => Tellings.Where(telling => telling.Spot.IsKnown).Reverse().OrderByDescending(telling => telling.Since);

    public static LastKnown Start(Guid id) => new(id);

    public LastKnown Apply(Event @event) => this with { File = File.After(@event), Places = Places.After(@event) };
}
