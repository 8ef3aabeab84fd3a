using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

internal enum ManifestState { Draft, Sealed, CheckingIn, Boarding, Departed, Arrived, Reconciled }

/// <param name="People">Without a space.</param>
/// <param name="With">Of their household, with one.</param>
internal sealed record StandingBy(ImmutableArray<Guid> People, ImmutableArray<Guid> With);

/// <summary>The manifest's life: who may still be put on it, and how far the gate is.</summary>
internal sealed partial record Transport
{
    public ManifestSealed? Seal { get; private init; }

    private int Seals { get; init; }

    public bool Reconciled { get; private init; }

    /// <summary>Groups that wait at the gate, in the order in which they came.</summary>
    public ImmutableList<StandingBy> Standby { get; private init; } = [];

    /// <summary>Of whom one count says this and another that.</summary>
    public ImmutableHashSet<Guid> Disputed { get; private init; } = [];

    /// <summary>Who came and was not on board by the manifest: registered, or described in a note.</summary>
    public ImmutableList<(Guid? PersonId, Guid? NoteId)> Unexpected { get; private init; } = [];

    /// <summary>No plan has a say here any more.</summary>
    public bool IsClosed => Departed || Seal is not null;

    public ManifestState State => this switch
    {
        { Reconciled: true } => ManifestState.Reconciled,
        { Arrived: true } => ManifestState.Arrived,
        { Departed: true } => ManifestState.Departed,
        { Seal: null } => ManifestState.Draft,
        _ when In(SpaceState.Boarded).Any() => ManifestState.Boarding,
        _ when In(SpaceState.CheckedIn).Any() => ManifestState.CheckingIn,
        _ => ManifestState.Sealed,
    };

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(
        Lines.Where(space => space.IsTaken).Select(space => $"{space.PersonId:D} {ManifestTable.Name(space)}\n").Order(StringComparer.Ordinal).Prepend($"{Id:D}\n")))));

    public Decision SealManifest(string officer, DateTimeOffset at) => this switch
    {
        { Schedule: null } => Unknown,
        { Seal: not null } => Decision.Nothing,
        { Departed: true } => TooLate,
        { Cancelled: true } => Off,
        _ => Decision.Of(SealedFor(officer, at)),
    };

    public Decision UnsealManifest(string reason, string officer, DateTimeOffset at) => this switch
    {
        { Schedule: null } => Unknown,
        { Departed: true } => TooLate,
        { Seal: null } => Decision.Nothing,
        _ => new ManifestUnsealed(reason, officer, at),
    };

    public Decision CheckIn(Guid person, string? gate, string officer, DateTimeOffset at) => Manifest.GetValueOrDefault(person) switch
    {
        _ when Schedule is null => Unknown,
        { State: SpaceState.CheckedIn or SpaceState.Boarded } own when own.Gate is { } there && gate is not null && there != gate => Refusal.Conflict("check-in/at-another-gate",
            $"This person checked in at gate {there}. Compare their papers with the name on the manifest: somebody else may be using them."),
        { State: SpaceState.CheckedIn or SpaceState.Boarded } => Decision.Nothing,
        _ when Departed => TooLate,
        { State: SpaceState.Held } => Decision.Of([.. SealedFor(officer, at), new SpaceCheckedIn(person, gate, at)]),
        _ => NoSpace,
    };

    public Decision StandBy(IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid> with, DateTimeOffset at)
    {
        if (Schedule is null) return Unknown;
        if (Departed) return TooLate;
        if (Cancelled) return Off;
        if (Standby.Exists(group => group.People.Order().SequenceEqual(people.Order()) && group.With.Order().SequenceEqual(with.Order()))) return Decision.Nothing;
        // Who joins a group that waits already waits with it from now on.
        return Decision.Of([.. LeaveStandby(people, Gate.Standby.WentAway, at).Events, new StandbyJoined([.. people], [.. with], at)]);
    }

    public Decision LeaveStandby(IReadOnlyCollection<Guid> people, string reason, DateTimeOffset at) =>
        Standby.SelectMany(group => group.People).Intersect(people).ToArray() is { Length: > 0 } waiting ? new StandbyLeft(waiting, reason, at) : Decision.Nothing;

    public Decision ReportArrival(string officer, DateTimeOffset at) => this switch
    {
        { Schedule: null } => Unknown,
        { Departed: false } => NotDeparted,
        { Arrived: true } => Decision.Nothing,
        _ => new ArrivalReported(officer, at),
    };

    /// <summary>Counts somebody who was on board. What contradicts an earlier count is noted beside it.</summary>
    public Decision Count(Guid person, bool present, bool child, string officer, DateTimeOffset at) => (Manifest.GetValueOrDefault(person)?.State, present) switch
    {
        (SpaceState.Boarded, true) => new SpaceCounted(person, officer, at),
        (SpaceState.Boarded, false) => new SpaceMissing(person, child, officer, at),
        (SpaceState.Arrived, true) or (SpaceState.Missing, false) => Decision.Nothing,
        (SpaceState.Arrived or SpaceState.Missing, _) => Disputed.Contains(person) ? Decision.Nothing : new CountDisputed(person, present, officer, at),
        _ => Refusal.Invalid("reconciliation/not-expected", $"Person {person} was not on board by the manifest. Report who came all the same under `unexpected`.", present ? "present" : "missing"),
    };

    public Decision Reconcile(string officer, DateTimeOffset at) => Reconciled ? Decision.Nothing
        : new ManifestReconciled(In(SpaceState.Arrived).Count(), In(SpaceState.Missing).Count(), Unexpected.Count, officer, at);

    public Decision Settle(Guid person, bool arrived, string officer, DateTimeOffset at) => Manifest.GetValueOrDefault(person)?.State switch
    {
        SpaceState.Missing => new SpaceFound(person, arrived, officer, at),
        SpaceState.Arrived when arrived => Disputed.Contains(person) ? new SpaceFound(person, Arrived: true, officer, at) : Decision.Nothing,
        _ => Refusal.Conflict("reconciliation/not-missing", "This person is not missing from this transport. Look at its reconciliation for who is."),
    };

    private static Refusal ClosedToPlans => Refusal.Conflict("transport/sealed",
        "This manifest is sealed: only the gate adds people now, from standby or as walk-ups. Plan them on another transport, or unseal it first.");

    /// <summary>Whoever comes first to the gate closes it to plans.</summary>
    private IEnumerable<Event> SealedFor(string officer, DateTimeOffset at) =>
        Seal is null ? [new ManifestSealed(Seals + 1, Sha256, Lines.Count(space => space.IsTaken), officer, at)] : [];

    private Transport NoLongerWaiting(IEnumerable<Guid> people) => Standby.IsEmpty ? this
        : this with { Standby = [.. Standby.Select(group => group with { People = [.. group.People.Except(people)] }).Where(group => !group.People.IsEmpty)] };

    private Transport AtGate(Event @event) => @event switch
    {
        ManifestSealed e => this with { Seal = e, Seals = e.Number },
        ManifestUnsealed => this with { Seal = null },
        StandbyJoined e => this with { Standby = Standby.Add(new([.. e.People], [.. e.With])) },
        StandbyLeft e => NoLongerWaiting(e.People),
        ArrivalReported => this with { Arrived = true },
        SpaceCounted e => With(e.PersonId, SpaceState.Arrived),
        SpaceMissing e => With(e.PersonId, SpaceState.Missing) with { Disputed = Disputed.Remove(e.PersonId) },
        CountDisputed e => this with { Disputed = Disputed.Add(e.PersonId) },
        SpaceFound e => With(e.PersonId, e.Arrived ? SpaceState.Arrived : SpaceState.Released) with { Disputed = Disputed.Remove(e.PersonId) },
        UnexpectedFound e => this with { Unexpected = Unexpected.Add((e.PersonId, e.NoteId)) },
        ManifestReconciled => this with { Reconciled = true },
        SpaceCheckedIn e => Manifest.GetValueOrDefault(e.PersonId) is { } space ? With(space with { State = SpaceState.CheckedIn, Gate = e.Gate }) : this,
        _ => this,
    };
}
