using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Barrier = CrisisCoordination.ConsularContact.ExitBarriers.Barrier;

namespace CrisisCoordination.ConsularContact.NotesVerbales;

/// <summary>A state's permission for a person to leave; <see cref="Granted"/> is null while it has not answered.</summary>
internal sealed record Permit(Guid NoteId, string State, bool? Granted, DateTimeOffset At)
{
    public Guid? MergedFrom { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public bool Overdue { get; init; }
    public DateOnly? ValidUntil { get; init; }

    // Who sees to it, and as which barrier, when it expires.
    public string? Officer { get; init; }
    public Guid? BarrierId { get; init; }

    // The first moment at which its last day is over anywhere (UTC+14): nobody is sent to a border with a permit in doubt.
    public DateTimeOffset? ExpiresAt => Granted == true && ValidUntil is { } last && last < DateOnly.MaxValue ? new DateTimeOffset(last.AddDays(1), default, TimeSpan.Zero).AddHours(-14) : null;
}

/// <summary>
/// Which states let a person leave. An exit permit that is missing is an exit barrier, so that it has an owner and a clock
/// and keeps the person from a plan like any other; asking alone is none.
/// </summary>
internal sealed record Permits(Guid Id) : IFold<Permits>
{
    public const string Unanswered = "exit-permission-unanswered", Expired = "exit-permission-expired";

    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private bool Announced { get; init; }
    private bool Departed { get; init; }

    public OnFile File => Barriers.File;

    /// <summary>The latest of each state.</summary>
    public ImmutableSortedDictionary<string, Permit> ByState { get; private init; } = ImmutableSortedDictionary.Create<string, Permit>(StringComparer.Ordinal);

    public IEnumerable<Barrier> Missing => Barriers.Open.Where(barrier => barrier.Kind == Barriers.ExitPermit);

    public bool IsReady => File.Stands && ByState.Count > 0 && ByState.Values.All(permit => permit.Granted == true) && !Missing.Any();

    public IEnumerable<Deadline> Due => !File.Stands || Departed ? [] : ByState.Values.SelectMany(permit =>
        permit is { Granted: null, Overdue: false, DueAt: { } due } ? [new Deadline(Unanswered, permit.NoteId, due)]
        : permit.ExpiresAt is { } end ? (Deadline[])[new Deadline(Expired, permit.NoteId, end)] : []);

    /// <summary>When a clock says so: a state that does not answer, and a permission that was not used in time.</summary>
    public static Decision Escalate(Permits person, DateTimeOffset now) => Decision.Of(
        from due in person.Due
        where due.DueAt <= now
        let permit = person.ByState.Values.First(one => one.NoteId == due.Subject)
        from e in due.Kind == Unanswered
            ? (Event[])[new ExitPermissionOverdue(permit.NoteId, permit.State, due.DueAt, now)]
            : [
                new ExitPermissionExpired(permit.NoteId, permit.State, permit.ValidUntil!.Value, now),
                .. person.Missing.Any(barrier => barrier.State == permit.State) ? [] : (Event[])[new ExitBarrierRaised(permit.BarrierId ?? permit.NoteId, Barriers.ExitPermit, permit.State, permit.Officer ?? "", now + Barriers.Patience, null, now)],
            ]
        select e);

    /// <summary>Said once each time it becomes so.</summary>
    public static Decision Announce(Permits person, DateTimeOffset now) => person is { IsReady: true, Announced: false } ? new ReadyToLeave(now) : Decision.Nothing;

    public static void Add(Reactions reactions) => reactions.On<Permits>(Announce, typeof(ExitPermissionGranted), typeof(ExitBarrierResolved));

    /// <summary>What an answer means for this person. The same answer again means nothing new.</summary>
    public Decision Answer(Guid noteId, string state, bool granted, DateOnly? validUntil, string? reason, Guid barrierId, string officer, DateTimeOffset at)
    {
        if (!File.Stands || ByState.GetValueOrDefault(state) is not { } permit || permit.NoteId != noteId || permit.Granted == granted && (!granted || permit.ValidUntil == validUntil)) return Decision.Nothing;
        // The later answer replaced this one: a permission that was taken back clears nothing.
        if (permit.Granted is not null && at < permit.At) return OrderOfFacts.DecidedSince("note-verbale/answered-since", permit.At);
        if (!granted)
            return Decision.Of([
                new ExitPermissionRefused(noteId, state, reason, at),
                .. Missing.Any(barrier => barrier.State == state) ? [] : (Event[])[new ExitBarrierRaised(barrierId, Barriers.ExitPermit, state, officer, at + Barriers.Patience, reason, at)],
            ]);
        var answered = new ExitPermissionGranted(noteId, state, validUntil, at) { Officer = officer, BarrierId = barrierId };
        var all = Apply(answered).ByState.Values.All(one => one.Granted == true);
        // A barrier that names no state stands until everybody asked has agreed.
        return Decision.Of([answered, .. Missing.Where(barrier => barrier.State == state || barrier.State is null && all).Select(barrier => new ExitBarrierResolved(barrier.Id, officer, null, at))]);
    }

    public static Permits Start(Guid id) => new(id);

    public Permits Apply(Event @event) => (this with { Barriers = Barriers.Apply(@event) }).Told(@event);

    private Permits Told(Event @event) => @event switch
    {
        ExitPermissionAsked e => With(new(e.NoteId, e.State, null, e.At) { DueAt = e.DueAt, MergedFrom = e.MergedFrom }) with { Announced = false },
        ExitPermissionOverdue e => ByState.GetValueOrDefault(e.State) is { } late && late.NoteId == e.NoteId ? With(late with { Overdue = true }) : this,
        ExitPermissionGranted e => With(new(e.NoteId, e.State, true, e.At) { ValidUntil = e.ValidUntil, Officer = e.Officer, BarrierId = e.BarrierId, MergedFrom = e.MergedFrom }),
        ExitPermissionExpired e => ByState.GetValueOrDefault(e.State) is { } over && over.NoteId == e.NoteId ? With(over with { Granted = false }) : this,
        ExitPermissionRefused e => With(new(e.NoteId, e.State, false, e.At) { MergedFrom = e.MergedFrom }) with { Announced = false },
        ExitBarrierRaised { Kind: Barriers.ExitPermit } => this with { Announced = false },
        DuplicateUnmerged e => this with { ByState = ByState.RemoveRange(ByState.Values.Where(permit => permit.MergedFrom == e.DuplicateId).Select(permit => permit.State)) },
        ReadyToLeave => this with { Announced = true },
        Arrived { Country: not null } => this with { Departed = true },
        MissingAtArrival => this with { Departed = false },
        _ => this,
    };

    // What a merge brings may be older than what is known.
    private Permits With(Permit permit) => ByState.GetValueOrDefault(permit.State)?.At > permit.At ? this : this with { ByState = ByState.SetItem(permit.State, permit) };
}
