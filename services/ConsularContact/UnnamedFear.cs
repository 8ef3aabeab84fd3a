using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A fear that names no state: an officer asks "which?" and records the answer with …/fears (rules N and K). Nothing becomes possible by
/// waiting: until then the person's own states are barred.
/// </summary>
internal sealed record UnnamedFear(Guid Id) : IFold<UnnamedFear>
{
    public const string NotAsked = "fear-unnamed";

    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private OnFile File { get; init; } = OnFile.Nobody;
    private DateTimeOffset? LateSince { get; init; }

    /// <summary>Since when somebody should ask; null where nothing is open, or it is asked under another record.</summary>
    public DateTimeOffset? OpenSince => File.Stands ? File.Fears.OpenSince : null;

    public bool Overdue => OpenSince is { } since && LateSince == since + Patience;

    public IEnumerable<Deadline> Due => OpenSince is { } since && !Overdue ? [new(NotAsked, Id, since + Patience)] : [];

    public static Decision Escalate(UnnamedFear person, DateTimeOffset now) =>
        Decision.Of(person.Due.Where(due => due.DueAt <= now).Select(due => new FearUnnamedOverdue(due.DueAt, now)));

    public static UnnamedFear Start(Guid id) => new(id);

    public UnnamedFear Apply(Event @event) =>
        this with { File = File.After(@event), LateSince = @event is FearUnnamedOverdue e ? e.DueAt : LateSince };
}
