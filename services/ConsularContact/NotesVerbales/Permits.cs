using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Barrier = CrisisCoordination.ConsularContact.ExitBarriers.Barrier;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>A state's permission for a person to leave; <see cref="Granted"/> is null while it has not answered.</summary>
internal sealed record Permit(Guid NoteId, string State, bool? Granted, DateTimeOffset At, DateOnly? ValidUntil = null);

/// <summary>
/// Which states let a person leave. An exit permit that is missing is an exit barrier, so that it has an owner and a clock
/// and keeps the person from a plan like any other; asking alone is none.
/// </summary>
internal sealed record Permits(Guid Id) : IFold<Permits>
{
    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private bool Announced { get; init; }

    public OnFile File => Barriers.File;

    /// <summary>The latest of each state.</summary>
    public ImmutableSortedDictionary<string, Permit> ByState { get; private init; } = ImmutableSortedDictionary.Create<string, Permit>(StringComparer.Ordinal);

    public IEnumerable<Barrier> Missing => Barriers.Open.Where(barrier => barrier.Kind == Barriers.ExitPermit);

    public bool IsReady => File.Exists && ByState.Count > 0 && ByState.Values.All(permit => permit.Granted == true) && !Missing.Any();

    /// <summary>Said once each time it becomes so.</summary>
    public static Decision Announce(Permits person, DateTimeOffset now) => person is { IsReady: true, Announced: false } ? new ReadyToLeave(now) : Decision.Nothing;

    public static void Add(Reactions reactions) => reactions.On<Permits>(Announce, typeof(ExitPermissionGranted), typeof(ExitBarrierResolved));

    /// <summary>What an answer means for this person. The same answer again means nothing new.</summary>
    public Decision Answer(Guid noteId, string state, bool granted, DateOnly? validUntil, string? reason, Guid barrierId, string officer, DateTimeOffset at)
    {
        if (!granted) validUntil = null;
        if (!File.Exists || ByState.GetValueOrDefault(state) is not { } permit || permit.NoteId != noteId || permit.Granted == granted && permit.ValidUntil == validUntil) return Decision.Nothing;
        if (!granted)
            return Decision.Of([
                new ExitPermissionRefused(noteId, state, reason, at),
                .. Missing.Any(barrier => barrier.State == state) ? [] : (Event[])[new ExitBarrierRaised(barrierId, Barriers.ExitPermit, state, officer, at + Barriers.Patience, reason, at)],
            ]);
        var answered = new ExitPermissionGranted(noteId, state, validUntil, at);
        var all = Apply(answered).ByState.Values.All(one => one.Granted == true);
        // A barrier that names no state stands until everybody asked has agreed.
        return Decision.Of([answered, .. Missing.Where(barrier => barrier.State == state || barrier.State is null && all).Select(barrier => new ExitBarrierResolved(barrier.Id, officer, null, at))]);
    }

    public static Permits Start(Guid id) => new(id);

    public Permits Apply(Event @event) => (this with { Barriers = Barriers.Apply(@event) }).Told(@event);

    private Permits Told(Event @event) => @event switch
    {
        ExitPermissionAsked e => With(new(e.NoteId, e.State, null, e.At)) with { Announced = false },
        ExitPermissionGranted e => With(new(e.NoteId, e.State, true, e.At, e.ValidUntil)),
        ExitPermissionRefused e => With(new(e.NoteId, e.State, false, e.At)) with { Announced = false },
        ExitBarrierRaised { Kind: Barriers.ExitPermit } => this with { Announced = false },
        ReadyToLeave => this with { Announced = true },
        _ => this,
    };

    private Permits With(Permit permit) => this with { ByState = ByState.SetItem(permit.State, permit) };
}
