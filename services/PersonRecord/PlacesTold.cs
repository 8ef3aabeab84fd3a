using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>How much a word of where somebody is weighs. A word that is only proposed never counts for rule N.</summary>
public enum PlaceStanding
{
    /// <summary>An agency, the family, a neighbour, or one account alone said it.</summary>
    Proposed,

    /// <summary>The person said it, or an officer who spoke with them.</summary>
    Declared,

    /// <summary>A gate saw them, or they were counted where their transport arrived.</summary>
    Confirmed,
}

/// <summary>Where somebody was, as told: in words, as a position, or both.</summary>
public sealed record Spot(string? Place, Position? Position)
{
    /// <summary>Whether anything was told.</summary>
    public bool IsKnown => Place is not null || Position is not null;
}

/// <summary>One telling of where the person was.</summary>
/// <param name="Id">Of the check-in, sighting, registration or transport.</param>
/// <param name="Spot">Nothing where the transport's own points say it.</param>
/// <param name="Source">registration, sighting, gate (where the transport starts), transport (where it ends), or who checked in.</param>
/// <param name="At">When it was told; of what is told late, when it was so.</param>
public sealed record Seen(Guid? Id, Spot Spot, string Source, DateTimeOffset At)
{
    /// <summary>Where it came from.</summary>
    public const string Registration = "registration", Sighting = "sighting", Transport = "transport", Gate = "gate";

    /// <summary>How they were, where it was told.</summary>
    public string? State { get; init; }

    /// <summary>The record that brought it along when it was merged into this one.</summary>
    public Guid? MergedFrom { get; init; }

    /// <summary>Who told it decides.</summary>
    public PlaceStanding Standing { get; init; }

    /// <summary>Since when they were there: the person moved after they had registered, and changed the registration.</summary>
    public DateTimeOffset Since { get; init; } = At;

    /// <summary>An officer changed the place afterwards, and nobody said whether it was so from the first or only then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether the person themselves, or somebody for them, was in contact. A sighting is none, and neither is a journey.</summary>
    public bool IsContact => Source is not (Sighting or Transport or Gate);

    /// <summary>Whether it can be found on a map.</summary>
    public bool IsPlaced => Spot.Position is not null || Source is Transport or Gate;
}

/// <summary>
/// Where somebody is, by whose word and since when. The last word counts, by the time at which it was so. For rule N, which lets a
/// person set out from a country that they fear only where they are in it, the word of those alone counts who can know it and do
/// not gain: the person, an officer who spoke with them, a gate, a count at the arrival.
/// </summary>
public sealed record PlacesTold
{
    private PlacesTold() { }

    /// <summary>Nothing was told.</summary>
    public static PlacesTold None { get; } = new();

    /// <summary>Everything that was told and not taken back, in the order in which it was recorded.</summary>
    public ImmutableList<Seen> All { get; private init; } = [];

    // Records that were merged into this one and that somebody had met: what they brought along is the word of this person.
    private ImmutableHashSet<Guid> Met { get; init; } = [];

    // Transports that one account alone says they came with.
    private ImmutableHashSet<Guid> Unexpected { get; init; } = [];

    /// <summary>Whether nobody told a place.</summary>
    public bool IsEmpty => !All.Exists(seen => seen.IsPlaced);

    /// <summary>The last journey that ended; somebody may have told of another place since.</summary>
    public Seen? Arrival => Last(seen => seen.Source == Seen.Transport);

    /// <summary>
    /// The last words that count for rule N. There are several where they are of one time and of one weight: whoever they tell to be
    /// in two countries may be in either.
    /// </summary>
    public ImmutableArray<Seen> Latest
    {
        get
        {
            if (Last(Counts) is not { } last) return [];
            var latest = All.FindAll(seen => Counts(seen) && (seen.Until ?? seen.Since) >= last.Since);
            var best = latest.Max(seen => seen.Standing);
            return [.. latest.Where(seen => seen.Standing == best)];
        }
    }

    /// <summary>
    /// What does not count by itself, and must not say otherwise: that they came unexpectedly somewhere since; and where no word
    /// counts, the last one that does not.
    /// </summary>
    public ImmutableArray<Seen> Doubts =>
        Last(Counts) is { } last ? [.. All.Where(seen => seen is { Source: Seen.Transport, Standing: PlaceStanding.Proposed } && seen.Since >= last.Since)]
        : Last(seen => seen.IsPlaced) is { } any ? [any] : [];

    /// <summary>The last of those told; of two at one time the one recorded later.</summary>
    public Seen? Last(Func<Seen, bool> which)
    {
        ArgumentNullException.ThrowIfNull(which);
        Seen? last = null;
        foreach (var seen in All)
            if ((last is null || seen.Since >= last.Since) && which(seen)) last = seen;
        return last;
    }

    /// <summary>What holds after one more event.</summary>
    public PlacesTold After(Event @event) => (@event.MergedFrom is { } from && SeenByUs.Meets(@event) ? this with { Met = Met.Add(from) } : this).Hear(@event);

    private PlacesTold Hear(Event @event) => @event switch
    {
        PersonRegistered e => With(Registered(e.RegistrationId, e.Form, e.Sender, e.At)),
        RegistrationRepeated e => With(Registered(e.RegistrationId, e.Form, e.Sender, e.At) with { MergedFrom = e.MergedFrom }),
        RegistrationCorrected e => All.FindIndex(seen => seen.Id == e.RegistrationId) is var i and >= 0
            ? this with { All = All.SetItem(i, Corrected(All[i], e)) } : this,
        RegistrationSeparated e => Without(seen => seen.Id == e.RegistrationId),
        CheckedIn e => With(new(e.CheckInId, new(e.Place, e.Position), e.Source, e.At)
        {
            State = e.State,
            MergedFrom = e.MergedFrom,
            Standing = e is { Relayed: false, Source: "self" or "officer" } ? PlaceStanding.Declared : PlaceStanding.Proposed,
        }),
        Sighted e => With(new(e.SightingId, new(e.Place, e.Position), Seen.Sighting, e.At) { MergedFrom = e.MergedFrom }),
        CheckedInAtGate e => With(ByTransport(e.TransportId, Seen.Gate, e.At)),
        Boarded e => With(ByTransport(e.TransportId, Seen.Gate, e.At)),
        NoShow e => Without(seen => seen.Source == Seen.Gate && seen.Id == e.TransportId),
        UnexpectedAtArrival e => this with { Unexpected = Unexpected.Add(e.TransportId) },
        Arrived e => Without(seen => seen.Source == Seen.Gate && seen.Id == e.TransportId).With(ByTransport(e.TransportId, Seen.Transport, e.At) with
        {
            State = e.Country is null ? null : "left",
            Standing = Unexpected.Contains(e.TransportId) ? PlaceStanding.Proposed : PlaceStanding.Confirmed,
        }),
        // They were not on it when it arrived; or never were on it.
        MissingAtArrival e => Without(seen => seen.Source == Seen.Transport && seen.Id == e.TransportId),
        FoundAfterArrival { Arrived: false } e => Without(seen => seen.Source is Seen.Transport or Seen.Gate && seen.Id == e.TransportId),
        DuplicateUnmerged e => Without(seen => seen.MergedFrom == e.DuplicateId || seen.Source == Seen.Registration && e.Registrations.Contains(seen.Id!.Value))
            with
        { Met = Met.Remove(e.DuplicateId) },
        _ => this,
    };

    private bool Counts(Seen seen) =>
        seen is { IsPlaced: true, Standing: > PlaceStanding.Proposed } && (seen.MergedFrom is not { } from || Met.Contains(from));

    private static Seen Registered(Guid registration, Registration? form, string sender, DateTimeOffset at) => new(registration, In(form), Seen.Registration, at)
    {
        Standing = Senders.IsPost(sender) || sender == SelfRegistration.Sender ? PlaceStanding.Declared : PlaceStanding.Proposed,
    };

    // What an officer corrects was wrong when it was told; who changes their own registration has moved. A correction of anything
    // else says nothing of where they are.
    private static Seen Corrected(Seen seen, RegistrationCorrected e) => (seen with { Spot = In(e.Form) }) switch
    {
        var same when same.Spot.Position == seen.Spot.Position => same,
        var moved when e.Officer.StartsWith("self:", StringComparison.Ordinal) => moved with { Since = e.At },
        var corrected => corrected with { Until = e.At, Standing = PlaceStanding.Declared, MergedFrom = null },
    };

    private static Seen ByTransport(Guid transport, string source, DateTimeOffset at) =>
        new(transport, new(null, null), source, at) { Standing = PlaceStanding.Confirmed };

    private static Spot In(Registration? form) => new(form?.Place, form?.Position);

    private PlacesTold With(Seen seen) => this with { All = All.Add(seen) };

    private PlacesTold Without(Predicate<Seen> which) => All.Exists(which) ? this with { All = All.RemoveAll(which) } : this;
}
