using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Lists;

/// <summary>A line of a work list.</summary>
/// <param name="What">A code that says what it is about.</param>
/// <param name="Subject">Which one: a barrier, a notice, a referral … or the person.</param>
/// <param name="Since">Oldest first.</param>
internal sealed record Entry(string List, string What, Guid Subject, DateTimeOffset Since);

/// <summary>What an officer should do something about: one person's lines on the work lists. Codes and times only; names are joined when a list is read.</summary>
internal sealed record Desk(Guid Id) : IFold<Desk>
{
    public const string Unreached = "unreached", HelpAsked = "help-asked", Stale = "stale", Waiting = "waiting", Overdue = "overdue";

    private ImmutableHashSet<Guid> Crises { get; init; } = [];
    private Posts Posts { get; init; } = Posts.None;

    // Whoever stands for this record is the one to reach; what is due on this one, and a cry for help, stays to be seen.
    private bool Merged { get; init; }
    private LastKnown Whereabouts { get; init; } = LastKnown.Start(Id);
    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private Detainee Detainee { get; init; } = Detainee.Start(Id);
    private Permits Permits { get; init; } = Permits.Start(Id);
    private Contacts Contacts { get; init; } = Contacts.Start(Id);
    private ImmutableDictionary<Guid, DateTimeOffset> OpenPapers { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;
    private ImmutableDictionary<Guid, DateTimeOffset> LateReferrals { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    public IEnumerable<Entry> Entries => !Whereabouts.File.Exists ? [] : [.. Contact, .. Decisions, .. Late];

    public static Desk Start(Guid id) => new(id);

    public Desk Apply(Event @event) => (this with
    {
        Posts = Posts.After(@event),
        Whereabouts = Whereabouts.Apply(@event),
        Barriers = Barriers.Apply(@event),
        Detainee = Detainee.Apply(@event),
        Permits = Permits.Apply(@event),
        Contacts = Contacts.Apply(@event),
    }).Told(@event);

    public static IProjection ReadModel(string schema) => new Projection<Desk>($"{schema}.desk", 2,
        [("list", "text not null"), ("what", "text not null"), ("since", "timestamptz not null"), ("crisis_ids", "uuid[] not null"), ("posts", "text[] not null"), ("sort", "text collate \"C\" not null")],
        desk => desk.Entries.Select(entry => new object?[]
        {
            entry.List, entry.What, entry.Since.ToUniversalTime(), desk.Crises.ToArray(), desk.Posts.All.ToArray(), $"{entry.Since.UtcTicks:D19}{desk.Id:N}{entry.Subject:N}{entry.What}",
        }),
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(CheckedIn), typeof(Arrived), typeof(PersonErased), typeof(MergedInto), typeof(UnmergedFrom),
            typeof(ExitBarrierRaised), typeof(ExitBarrierResolved), typeof(ExitBarrierOverdue),
            typeof(DetentionReported), typeof(DetentionNoticeAsked), typeof(DetentionNoticeWithdrawn), typeof(DetentionNoticeGiven), typeof(DetentionNoticeOverdue),
            typeof(DetaineeVisited), typeof(DetentionVisitOverdue), typeof(DetentionEnded), typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn),
            typeof(ExitPermissionAsked), typeof(ExitPermissionGranted), typeof(ExitPermissionRefused),
            typeof(TravelDocumentApplicationOpened), typeof(TravelDocumentIssued), typeof(TravelDocumentRevoked),
            typeof(ReferralOverdue), typeof(ReferralAccepted), typeof(ReferralDeclined),
            typeof(ReplyReceived), typeof(ReplyHandled), typeof(FieldVisitAsked), typeof(FieldVisitMade), typeof(FieldVisitOverdue),
        ],
        "create unique index on {table} (list, sort)");

    private IEnumerable<Entry> Contact
    {
        get
        {
            if (Whereabouts.Condition is { State: LastKnown.NeedsHelp } asked) yield return new(HelpAsked, asked.Source, Id, asked.At);
            if (Merged || Whereabouts.Condition?.State == LastKnown.Left) yield break;
            if (!Whereabouts.Reached) yield return new(Unreached, "registered", Id, Whereabouts.RegisteredAt!.Value);
            yield return new(Stale, "contact", Id, Whereabouts.ContactAt!.Value);
        }
    }

    private IEnumerable<Entry> Decisions =>
    [
        .. Permits.ByState.Values.Where(permit => permit.Granted is null).Select(permit => new Entry(Waiting, $"exit-permission {permit.State}", permit.NoteId, permit.At)),
        .. OpenPapers.Select(papers => new Entry(Waiting, "travel-document", papers.Key, papers.Value)),
        .. Contacts.Unread.Select(reply => new Entry(Waiting, "reply", reply.Id, reply.At)),
        .. Contacts.OpenVisit is { Overdue: false } visit ? (Entry[])[new(Waiting, "field-visit", visit.Id, visit.At)] : [],
    ];

    private IEnumerable<Entry> Late =>
    [
        .. Barriers.Open.Where(barrier => barrier.Overdue).Select(barrier => new Entry(Overdue, $"exit-barrier {barrier.Kind}", barrier.Id, barrier.DueAt)),
        .. Detainee.Current is { VisitOverdue: true } stay ? (Entry[])[new(Overdue, "detention-visit", stay.Id, stay.VisitDueAt)] : [],
        .. Detainee.Current?.Notices.Where(notice => notice.Overdue && Detainee.IsWanted(notice)).Select(notice => new Entry(Overdue, "detention-notice", notice.Id, notice.DueAt)) ?? [],
        .. Contacts.OpenVisit is { Overdue: true } visit ? (Entry[])[new(Overdue, "field-visit", visit.Id, visit.DueAt)] : [],
        .. LateReferrals.Select(referral => new Entry(Overdue, "referral", referral.Key, referral.Value)),
    ];

    private Desk Told(Event @event) => @event switch
    {
        PersonRegistered e => this with { Crises = Crises.Add(e.CrisisId) },
        RegistrationRepeated e => this with { Crises = Crises.Add(e.CrisisId) },
        MergedInto => this with { Merged = true },
        UnmergedFrom => this with { Merged = false },
        TravelDocumentApplicationOpened e => this with { OpenPapers = OpenPapers.SetItem(e.ApplicationId, e.At) },
        TravelDocumentIssued e => this with { OpenPapers = OpenPapers.Remove(e.ApplicationId) },
        TravelDocumentRevoked e => this with { OpenPapers = OpenPapers.Remove(e.ApplicationId) },
        ReferralOverdue e => this with { LateReferrals = LateReferrals.SetItem(e.ReferralId, e.At) },
        ReferralAccepted e => this with { LateReferrals = LateReferrals.Remove(e.ReferralId) },
        ReferralDeclined e => this with { LateReferrals = LateReferrals.Remove(e.ReferralId) },
        _ => this,
    };
}
