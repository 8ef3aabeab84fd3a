using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Lists;

/// <summary>
/// Somebody whom nobody has seen tells of danger to life. It takes nothing from others before anybody has spoken to them, so
/// somebody must speak to them at once: they stand on a list of their own, with a clock (rule K).
/// </summary>
internal sealed record UnseenDanger(Guid Id) : IFold<UnseenDanger>
{
    public const string NotSpokenTo = "unseen-danger";

    private static readonly TimeSpan Within = TimeSpan.FromHours(1);

    private OnFile File { get; init; } = OnFile.Nobody;
    private SeenByUs Seen { get; init; } = SeenByUs.NotYet;
    private DateTimeOffset? Claimed { get; init; }
    private DateTimeOffset? Late { get; init; }

    /// <summary>When they told it; null where there is none, or somebody has spoken to them.</summary>
    public DateTimeOffset? Since => File.Stands && !Seen.Yes ? Claimed : null;

    public bool IsLate => Since is { } since && Late == since;

    public IEnumerable<Deadline> Due => Since is { } since && !IsLate ? [new Deadline(NotSpokenTo, Id, since + Within)] : [];

    public static Decision Escalate(UnseenDanger person, DateTimeOffset now) =>
        person.Due.Any(due => due.DueAt <= now) ? new UnseenDangerOverdue(person.Since!.Value, now) : Decision.Nothing;

    public static UnseenDanger Start(Guid id) => new(id);

    public UnseenDanger Apply(Event @event)
    {
        var next = this with { File = File.After(@event), Seen = Seen.After(@event) };
        return @event switch
        {
            NeedsAssessed e => next with { Claimed = e.Tier == 1 ? Claimed ?? e.At : null },
            // Whom somebody had seen asks for more: the hour to speak to them begins.
            _ when Seen.Yes && !next.Seen.Yes && Claimed is not null => next with { Claimed = @event.At },
            UnseenDangerOverdue e => next with { Late = e.ClaimedAt },
            _ => next,
        };
    }
}
