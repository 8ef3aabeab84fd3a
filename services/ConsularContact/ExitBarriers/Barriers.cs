using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.ExitBarriers;

/// <summary>Something that keeps a person from leaving.</summary>
internal sealed record Barrier(Guid Id, string Kind, string? State, string Owner, DateTimeOffset DueAt, string? Note, DateTimeOffset RaisedAt)
{
    public bool Overdue { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public Guid? MergedFrom { get; init; }

    public bool IsOpen => ResolvedAt is null;
}

/// <summary>What keeps a person from leaving (S3: the right to leave).</summary>
internal sealed record Barriers(Guid Id) : IFold<Barriers>
{
    public const string ExitPermit = "exit-permit", Uncleared = "exit-barrier-uncleared";

    public static readonly TimeSpan Patience = TimeSpan.FromHours(72);

    public static string[] Kinds { get; } = ["withheld-passport", ExitPermit, "employer", "debt", "checkpoint"];

    public OnFile File { get; private init; } = OnFile.Nobody;

    /// <summary>In the order in which they were raised.</summary>
    public ImmutableList<Barrier> All { get; private init; } = [];

    public IEnumerable<Barrier> Open => All.Where(barrier => barrier.IsOpen);

    public IEnumerable<Deadline> Due => File.Stands ? Open.Where(barrier => !barrier.Overdue).Select(barrier => new Deadline(Uncleared, barrier.Id, barrier.DueAt)) : [];

    /// <summary>When the clock says so.</summary>
    public static Decision Escalate(Barriers person, DateTimeOffset now) => Decision.Of(
        person.File.Stands ? person.Open.Where(barrier => !barrier.Overdue && barrier.DueAt <= now).Select(barrier => new ExitBarrierOverdue(barrier.Id, barrier.Kind, barrier.Owner, barrier.DueAt, now)) : []);

    public static Barriers Start(Guid id) => new(id);

    public Barriers Apply(Event @event) => (this with { File = File.After(@event) }).Told(@event);

    private Barriers Told(Event @event) => @event switch
    {
        // Raised again under its own id it is open again.
        ExitBarrierRaised e => this with { All = All.RemoveAll(barrier => barrier.Id == e.BarrierId).Add(new(e.BarrierId, e.Kind, e.State, e.Owner, e.DueAt, e.Note, e.At) { MergedFrom = e.MergedFrom }) },
        DuplicateUnmerged e => this with { All = All.RemoveAll(barrier => barrier.MergedFrom == e.DuplicateId) },
        ExitBarrierResolved e => With(e.BarrierId, barrier => barrier with { ResolvedAt = e.At }),
        ExitBarrierOverdue e => With(e.BarrierId, barrier => barrier with { Overdue = true }),
        _ => this,
    };

    private Barriers With(Guid id, Func<Barrier, Barrier> change) =>
        All.FindIndex(barrier => barrier.Id == id) is var i and >= 0 ? this with { All = All.SetItem(i, change(All[i])) } : this;
}
