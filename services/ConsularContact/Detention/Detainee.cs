using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Detention;

/// <summary>A post that the person wants to be told; the state is null once the person is erased.</summary>
internal sealed record Notice(Guid Id, string? To, DateTimeOffset AskedAt, DateTimeOffset DueAt)
{
    public bool Overdue { get; init; }
    public bool Withdrawn { get; init; }
    public DateTimeOffset? GivenAt { get; init; }

    public bool IsOpen => GivenAt is null && !Withdrawn;
}

internal sealed record Visit(Guid Id, string Officer, string? Findings, DateTimeOffset At);

/// <summary>One time in detention.</summary>
internal sealed record Stay(Guid Id, string State, string? Place, string? Authority, DateTimeOffset VisitDueAt, DateTimeOffset At)
{
    public ImmutableList<Notice> Notices { get; init; } = [];
    public ImmutableList<Visit> Visits { get; init; } = [];
    public bool VisitOverdue { get; init; }
    public string? Counsel { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public Guid? MergedFrom { get; init; }

    public bool IsOpen => EndedAt is null;
}

/// <summary>A person as those see them who look after people in detention (Vienna Convention on Consular Relations Art. 36).</summary>
internal sealed record Detainee(Guid Id) : IFold<Detainee>
{
    public const string NoticeNotGiven = "detention-notice-not-given", NotVisited = "detainee-not-visited";

    /// <summary>Art. 36 says “without delay”; a day is the latest that can be called so.</summary>
    public static readonly TimeSpan NoticeWithin = TimeSpan.FromHours(24), FirstVisitWithin = TimeSpan.FromDays(3), NextVisitWithin = TimeSpan.FromDays(30);

    public OnFile File { get; private init; } = OnFile.Nobody;
    public ImmutableList<Stay> Stays { get; private init; } = [];

    public Stay? Current => Stays.Find(stay => stay.IsOpen);

    public Stay? Find(Guid id) => Stays.Find(stay => stay.Id == id);

    /// <summary>A notice that must be given. One to a state that is feared must not, whatever was asked before the fear was known.</summary>
    public bool IsWanted(Notice notice) => notice.IsOpen && notice.To is { } to && !File.Fears.Bars(to);

    public IEnumerable<Deadline> Due => File.Stands && Current is { } stay
        ? [
            .. stay.Notices.Where(notice => IsWanted(notice) && !notice.Overdue).Select(notice => new Deadline(NoticeNotGiven, notice.Id, notice.DueAt)),
            .. stay.VisitOverdue ? [] : (Deadline[])[new(NotVisited, stay.Id, stay.VisitDueAt)],
        ]
        : [];

    /// <summary>When a clock says so; both clocks are looked at whichever it was.</summary>
    public static Decision Escalate(Detainee person, DateTimeOffset now) => Decision.Of(person.Due.Where(due => due.DueAt <= now).Select(due => due.Kind == NotVisited
        ? (Event)new DetentionVisitOverdue(due.Subject, due.DueAt, now)
        : new DetentionNoticeOverdue(person.Current!.Id, due.Subject, due.DueAt, now)));

    public static Refusal UnknownStay => Refusal.NotFound("detention/unknown", "This person has no detention with that id. Look at their detentions.");

    public static Refusal Ended => Refusal.Conflict("detention/ended", "This detention is over. If they are held again, report a new one.");

    public static Detainee Start(Guid id) => new(id);

    public Detainee Apply(Event @event) => (this with { File = File.After(@event) }).Told(@event);

    private Detainee Told(Event @event) => @event switch
    {
        DetentionReported e => this with { Stays = Stays.Add(new(e.DetentionId, e.State, e.Place, e.Authority, e.VisitDueAt, e.At) { MergedFrom = e.MergedFrom }) },
        DuplicateUnmerged e => this with { Stays = Stays.RemoveAll(stay => stay.MergedFrom == e.DuplicateId) },
        DetentionNoticeAsked e => With(e.DetentionId, stay => stay with { Notices = stay.Notices.Add(new(e.NoticeId, e.To, e.At, e.DueAt)) }),
        DetentionNoticeWithdrawn e => With(e.DetentionId, e.NoticeId, notice => notice with { Withdrawn = true }),
        DetentionNoticeGiven e => With(e.DetentionId, e.NoticeId, notice => notice with { GivenAt = e.At }),
        DetentionNoticeOverdue e => With(e.DetentionId, e.NoticeId, notice => notice with { Overdue = true }),
        DetaineeVisited e => With(e.DetentionId, stay => After(stay, e)),
        DetentionVisitOverdue e => With(e.DetentionId, stay => stay with { VisitOverdue = true }),
        DetaineeCounselNamed e => With(e.DetentionId, stay => stay with { Counsel = e.Counsel }),
        DetentionEnded e => With(e.DetentionId, stay => stay with { EndedAt = e.At }),
        _ => this,
    };

    // A visit that is told late does not take the clock back.
    private static Stay After(Stay stay, DetaineeVisited e)
    {
        var seen = stay with { Visits = stay.Visits.Add(new(e.VisitId, e.Officer, e.Findings, e.At)) };
        return stay.Visits.All(visit => visit.At <= e.At) ? seen with { VisitDueAt = e.NextDueAt, VisitOverdue = false } : seen;
    }

    private Detainee With(Guid id, Func<Stay, Stay> change) =>
        Stays.FindIndex(stay => stay.Id == id) is var i and >= 0 ? this with { Stays = Stays.SetItem(i, change(Stays[i])) } : this;

    private Detainee With(Guid stay, Guid id, Func<Notice, Notice> change) => With(stay, one =>
        one.Notices.FindIndex(notice => notice.Id == id) is var i and >= 0 ? one with { Notices = one.Notices.SetItem(i, change(one.Notices[i])) } : one);
}
