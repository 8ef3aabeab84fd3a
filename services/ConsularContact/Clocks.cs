using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Lists;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.ConsularContact.Tracing;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>Everything about a person that has a due time here (rule K). One table holds all of it, so one fold tells it.</summary>
internal sealed record Clocks(Guid Id) : IFold<Clocks>
{
    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private Permits Permits { get; init; } = Permits.Start(Id);
    private Confirmation Confirmation { get; init; } = Confirmation.Start(Id);
    private Detainee Detainee { get; init; } = Detainee.Start(Id);
    private Sought Sought { get; init; } = Sought.Start(Id);

    private Contacts Contacts { get; init; } = Contacts.Start(Id);

    private MissingPerson Missing { get; init; } = MissingPerson.Start(Id);
    private UnnamedFear Unnamed { get; init; } = UnnamedFear.Start(Id);

    private Proposals Proposals { get; init; } = Proposals.Start(Id);

    private UnseenDanger Unseen { get; init; } = UnseenDanger.Start(Id);

    public IEnumerable<Deadline> Due => [.. Barriers.Due, .. Permits.Due, .. Confirmation.Due, .. Detainee.Due, .. Sought.Due, .. Contacts.Due, .. Missing.Due, .. Proposals.Due, .. Unseen.Due, .. Unnamed.Due];

    public static Clocks Start(Guid id) => new(id);

    public Clocks Apply(Event @event) => this with
    {
        Barriers = Barriers.Apply(@event),
        Permits = Permits.Apply(@event),
        Confirmation = Confirmation.Apply(@event),
        Detainee = Detainee.Apply(@event),
        Sought = Sought.Apply(@event),
        Contacts = Contacts.Apply(@event),
        Missing = Missing.Apply(@event),
        Unnamed = Unnamed.Apply(@event),
        Proposals = Proposals.Apply(@event),
        Unseen = Unseen.Apply(@event),
    };

    public static void Add(CrisisService service)
    {
        // Fears and their withdrawal come from other services too, so the table follows the feed.
        service.Follow(Deadlines.Of<Clocks>(service.Schema, clocks => clocks.Due,
        [
            typeof(ExitBarrierRaised), typeof(ExitBarrierResolved), typeof(ExitBarrierOverdue),
            typeof(ExitPermissionAsked), typeof(ExitPermissionGranted), typeof(ExitPermissionRefused), typeof(ExitPermissionOverdue), typeof(ExitPermissionExpired), typeof(Arrived),
            typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(CheckedIn), typeof(ConfirmationMissed), typeof(SelfRegistrationExpired), typeof(RegistrationSeparated),
            typeof(DetentionReported), typeof(DetentionEnded), typeof(DetaineeVisited), typeof(DetentionVisitOverdue),
            typeof(DetentionNoticeAsked), typeof(DetentionNoticeWithdrawn), typeof(DetentionNoticeGiven), typeof(DetentionNoticeOverdue),
            typeof(MissingAtArrival), typeof(MissingPersonOverdue), typeof(FoundAfterArrival),
            typeof(FieldVisitAsked), typeof(FieldVisitMade), typeof(FieldVisitOverdue),
            typeof(RegistrationCorrected), typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(FearUnnamedOverdue), typeof(PersonErased), typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateUnmerged),
            typeof(TracingMatchFound), typeof(TracingMatchClosed), typeof(TracingAnswered), typeof(TracingAnswerOverdue),
            typeof(ChangeProposed), typeof(ProposalAccepted), typeof(ProposalDeclined), typeof(ProposalOverdue), typeof(NeedsAssessed), typeof(UnseenDangerOverdue), .. SeenByUs.Matters,
        ]));
        service.Reactions
            .OnDue<Barriers>(Barriers.Uncleared, Barriers.Escalate)
            .OnDue<Permits>(Permits.Unanswered, Permits.Escalate)
            .OnDue<Permits>(Permits.Expired, Permits.Escalate)
            .OnDue<Confirmation>(Confirmation.Unconfirmed, Confirmation.Lapse)
            .OnDue<Confirmation>(Confirmation.Outdated, Confirmation.Lapse)
            .OnDue<Detainee>(Detainee.NoticeNotGiven, Detainee.Escalate)
            .OnDue<Detainee>(Detainee.NotVisited, Detainee.Escalate)
            .OnDue<Sought>(Sought.Unanswered, Sought.Escalate)
            .OnDue<UnnamedFear>(UnnamedFear.NotAsked, UnnamedFear.Escalate)
            .OnDue<MissingPerson>(MissingPerson.NotFound, MissingPerson.Escalate)
            .OnDue<Contacts>(Contacts.VisitNotMade, Contacts.Escalate)
            .OnDue<Proposals>(Proposals.Unanswered, Proposals.Escalate)
            .OnDue<UnseenDanger>(UnseenDanger.NotSpokenTo, UnseenDanger.Escalate);
    }
}
