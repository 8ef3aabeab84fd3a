using System.Collections.Immutable;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.SelfService;
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
    public const string Unreached = "unreached", HelpAsked = "help-asked", Stale = "stale", Waiting = "waiting", Overdue = "overdue", Missing = "missing", Danger = "danger", Fears = "fears", FearUnnamed = "fear-unnamed";

    private Person Person { get; init; } = Person.Start(Id);

    // Whoever stands for this record is the one to reach and to look after; what others were asked for under this one stays to be seen.
    private bool Merged => Person.Matches.MergedInto is not null;
    private LastKnown Whereabouts { get; init; } = LastKnown.Start(Id);
    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private Detainee Detainee { get; init; } = Detainee.Start(Id);
    private Permits Permits { get; init; } = Permits.Start(Id);
    private FamilyTies Family { get; init; } = FamilyTies.None;
    private Contacts Contacts { get; init; } = Contacts.Start(Id);
    private MissingPerson Sought { get; init; } = MissingPerson.Start(Id);
    private UnnamedFear Unnamed { get; init; } = UnnamedFear.Start(Id);
    private Proposals Proposals { get; init; } = Proposals.Start(Id);
    private UnseenDanger Unseen { get; init; } = UnseenDanger.Start(Id);
    private ImmutableDictionary<Guid, DateTimeOffset> OpenPapers { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;
    private ImmutableDictionary<Guid, DateTimeOffset> LateReferrals { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    public IEnumerable<Entry> Entries => !Whereabouts.File.Exists ? [] : Merged ? Asked : [.. Contact, .. Decisions, .. Late, .. Asked];

    public static Desk Start(Guid id) => new(id);

    public Desk Apply(Event @event) => (this with
    {
        Person = Person.Apply(@event),
        Whereabouts = Whereabouts.Apply(@event),
        Barriers = Barriers.Apply(@event),
        Detainee = Detainee.Apply(@event),
        Permits = Permits.Apply(@event),
        Family = Family.After(@event, Person.Alone.IsSaidAnew(@event)),
        Contacts = Contacts.Apply(@event),
        Sought = Sought.Apply(@event),
        Unnamed = Unnamed.Apply(@event),
        Proposals = Proposals.Apply(@event),
        Unseen = Unseen.Apply(@event),
    }).Told(@event);

    public static IProjection ReadModel(string schema) => new Projection<Desk>($"{schema}.desk", 6,
        [("list", "text not null"), ("what", "text not null"), ("since", "timestamptz not null"), ("crisis_ids", "uuid[] not null"), ("found_by", "text[] not null"), ("seen", "boolean not null"), ("sort", "text collate \"C\" not null")],
        desk => desk.Entries.Select(entry => new object?[]
        {
            entry.List, entry.What, entry.Since.ToUniversalTime(), desk.Person.Registrations.Select(registration => registration.CrisisId).Distinct().ToArray(), Posts.Of(desk.Person).Select(post => FoundBy(entry.List, post)).ToArray(), desk.Person.Seen.Yes, $"{entry.Since.UtcTicks:D19}{desk.Id:N}{entry.Subject:N}{entry.What}",
        }),
        [
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(CheckedIn), typeof(Arrived), typeof(PersonErased), typeof(MergedInto), typeof(UnmergedFrom),
            typeof(RegistrationCorrected), typeof(AgeChangeProposed), typeof(AgeChangeSettled), typeof(GuardianNamed), typeof(TieProposed), typeof(TieConfirmed), typeof(TieRefused), typeof(GuardianshipEnded),
            typeof(PossibleMatchFound), typeof(MatchDismissed), typeof(DuplicateMerged), typeof(DuplicateUnmerged), typeof(RegistrationSeparated),
            typeof(ExitBarrierRaised), typeof(ExitBarrierResolved), typeof(ExitBarrierOverdue),
            typeof(DetentionReported), typeof(DetentionNoticeAsked), typeof(DetentionNoticeWithdrawn), typeof(DetentionNoticeGiven), typeof(DetentionNoticeOverdue),
            typeof(DetaineeVisited), typeof(DetentionVisitOverdue), typeof(DetentionEnded), typeof(RegistrationCorrected), typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(FearUnnamedOverdue),
            typeof(ExitPermissionAsked), typeof(ExitPermissionGranted), typeof(ExitPermissionRefused), typeof(ExitPermissionOverdue), typeof(ExitPermissionExpired),
            typeof(TravelDocumentApplicationOpened), typeof(TravelDocumentIssued), typeof(TravelDocumentRevoked),
            typeof(ReferralOverdue), typeof(ReferralAccepted), typeof(ReferralDeclined),
            typeof(ChildSeparationReported), typeof(ChildSeparationEnded), typeof(BestInterestsDecided), typeof(BestInterestsOverdue),
            typeof(MissingAtArrival), typeof(MissingPersonOverdue), typeof(FoundAfterArrival),
            typeof(ReplyReceived), typeof(ReplyHandled), typeof(FieldVisitAsked), typeof(FieldVisitMade), typeof(FieldVisitOverdue),
            typeof(ChangeProposed), typeof(ProposalAccepted), typeof(ProposalDeclined), typeof(ProposalOverdue), typeof(NeedsAssessed), typeof(UnseenDangerOverdue),
            .. SeenByUs.Matters,
        ],
        "create unique index on {table} (list, sort)", "create index on {table} using gin (found_by)");

    /// <summary>One element for list and post, so that one index knows how many lines a post has on a list.</summary>
    public static string FoundBy(string list, string post) => $"{list}/{post}";

    private IEnumerable<Entry> Contact
    {
        get
        {
            if (Unseen.Since is { } danger) yield return new(Danger, "unseen", Id, danger);
            foreach (var help in Proposals.Open.Where(told => told.State == LastKnown.NeedsHelp)) yield return new(HelpAsked, "proposal", help.ProposalId, help.At);
            if (Whereabouts.Condition is { State: LastKnown.NeedsHelp } asked) yield return new(HelpAsked, asked.Source, Id, asked.At);
            if (Whereabouts.Condition?.State == LastKnown.Left || Whereabouts.RegisteredAt is not { } registered) yield break;
            if (!Whereabouts.Reached) yield return new(Unreached, "registered", Id, registered);
            yield return new(Stale, "contact", Id, Whereabouts.ContactAt!.Value);
        }
    }

    private IEnumerable<Entry> Decisions =>
    [
        .. Person.Matches.Found.Values.Where(pair => Person.Matches.StateOf(pair.OtherPersonId) == "open" && Person.Registrations.Exists(registration => registration.Id == pair.RegistrationId))
            .Select(pair => new Entry(Waiting, "match", pair.OtherPersonId, pair.At)),
        .. Proposals.Open.Select(told => new Entry(Waiting, $"proposal {told.What}", told.ProposalId, told.At)),
        .. Person.AgeChanges.Values.Select(change => new Entry(Waiting, "age-change", change.ChangeId, change.At)),
        .. Family.Guardians.All.Values.Where(tie => tie.Standing is TieStanding.Proposed || tie.Proposed is not null).Select(tie => new Entry(Waiting, "guardian", tie.AdultId, tie.At)),
        .. Unnamed.OpenSince is { } since ? (Entry[])[new(FearUnnamed, "fear", Id, since)] : [],
        .. Permits.ByState.Values.Where(permit => permit.Granted is null).Select(permit => new Entry(Waiting, $"exit-permission {permit.State}", permit.NoteId, permit.At)),
    ];

    private IEnumerable<Entry> Late =>
    [
        .. Unseen.IsLate ? (Entry[])[new(Overdue, "unseen-danger", Id, Unseen.Since!.Value)] : [],
        .. Proposals.Open.Where(Proposals.IsLate).Select(told => new Entry(Overdue, $"proposal {told.What}", told.ProposalId, told.DueAt)),
        .. Permits.ByState.Values.Where(permit => permit is { Granted: null, Overdue: true }).Select(permit => new Entry(Overdue, $"exit-permission {permit.State}", permit.NoteId, permit.DueAt!.Value)),
        .. Unnamed is { Overdue: true, OpenSince: { } since } ? (Entry[])[new(Overdue, UnnamedFear.NotAsked, Id, since)] : [],
        .. Barriers.Open.Where(barrier => barrier.Overdue).Select(barrier => new Entry(Overdue, $"exit-barrier {barrier.Kind}", barrier.Id, barrier.DueAt)),
        .. Detainee.Current is { VisitOverdue: true } stay ? (Entry[])[new(Overdue, "detention-visit", stay.Id, stay.VisitDueAt)] : [],
        .. Detainee.Current?.Notices.Where(notice => notice.Overdue && Detainee.IsWanted(notice)).Select(notice => new Entry(Overdue, "detention-notice", notice.Id, notice.DueAt)) ?? [],
        .. Family is { Separation: not null, AssessmentOverdue: { } unassessed } ? (Entry[])[new(Overdue, "best-interests", unassessed.CaseId, unassessed.DueAt)] : [],
    ];

    private IEnumerable<Entry> Asked =>
    [
        .. Person.ToldByOthers.Since is { } told ? (Entry[])[new(Fears, "told-by-others", Id, told)] : [],
        // Also of a record that was merged since: whoever looks for a child looks for every name it goes by.
        .. Sought.Open.Values.Select(missing => new Entry(Missing, missing.Child ? "missing-child" : "missing-person", missing.TransportId, missing.Since)),
        .. Sought.Open.Values.Where(missing => missing.Overdue).Select(missing => new Entry(Overdue, missing.Child ? "missing-child" : "missing-person", missing.TransportId, missing.Since)),
        .. OpenPapers.Select(papers => new Entry(Waiting, "travel-document", papers.Key, papers.Value)),
        .. Contacts.Unread.Select(reply => new Entry(Waiting, "reply", reply.Id, reply.At)),
        .. Contacts.OpenVisit is { } visit ? (Entry[])[visit.Overdue ? new(Overdue, "field-visit", visit.Id, visit.DueAt) : new(Waiting, "field-visit", visit.Id, visit.At)] : [],
        .. LateReferrals.Select(referral => new Entry(Overdue, "referral", referral.Key, referral.Value)),
    ];

    private Desk Told(Event @event) => @event switch
    {
        TravelDocumentApplicationOpened e => this with { OpenPapers = OpenPapers.SetItem(e.ApplicationId, e.At) },
        TravelDocumentIssued e => this with { OpenPapers = OpenPapers.Remove(e.ApplicationId) },
        TravelDocumentRevoked e => this with { OpenPapers = OpenPapers.Remove(e.ApplicationId) },
        ReferralOverdue e => this with { LateReferrals = LateReferrals.SetItem(e.ReferralId, e.At) },
        ReferralAccepted e => this with { LateReferrals = LateReferrals.Remove(e.ReferralId) },
        ReferralDeclined e => this with { LateReferrals = LateReferrals.Remove(e.ReferralId) },
        _ => this,
    };
}
