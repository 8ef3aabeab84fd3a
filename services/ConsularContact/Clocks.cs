using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>Everything about a person that has a due time here (rule K). One table holds all of it, so one fold tells it.</summary>
internal sealed record Clocks(Guid Id) : IFold<Clocks>
{
    private Barriers Barriers { get; init; } = Barriers.Start(Id);
    private Detainee Detainee { get; init; } = Detainee.Start(Id);

    private Contacts Contacts { get; init; } = Contacts.Start(Id);

    public IEnumerable<Deadline> Due => [.. Barriers.Due, .. Detainee.Due, .. Contacts.Due];

    public static Clocks Start(Guid id) => new(id);

    public Clocks Apply(Event @event) => this with { Barriers = Barriers.Apply(@event), Detainee = Detainee.Apply(@event), Contacts = Contacts.Apply(@event) };

    public static void Add(CrisisService service)
    {
        // Fears and their withdrawal come from other services too, so the table follows the feed.
        service.Follow(Deadlines.Of<Clocks>(service.Schema, clocks => clocks.Due,
            typeof(ExitBarrierRaised), typeof(ExitBarrierResolved), typeof(ExitBarrierOverdue),
            typeof(DetentionReported), typeof(DetentionEnded), typeof(DetaineeVisited), typeof(DetentionVisitOverdue),
            typeof(DetentionNoticeAsked), typeof(DetentionNoticeWithdrawn), typeof(DetentionNoticeGiven), typeof(DetentionNoticeOverdue),
            typeof(FieldVisitAsked), typeof(FieldVisitMade), typeof(FieldVisitOverdue), typeof(CheckedIn), typeof(RegistrationRepeated),
            typeof(FearOfReturnStated), typeof(FearOfReturnWithdrawn), typeof(PersonErased)));
        service.Reactions
            .OnDue<Barriers>(Barriers.Uncleared, Barriers.Escalate)
            .OnDue<Detainee>(Detainee.NoticeNotGiven, Detainee.Escalate)
            .OnDue<Detainee>(Detainee.NotVisited, Detainee.Escalate)
            .OnDue<Contacts>(Contacts.VisitNotMade, Contacts.Escalate);
    }
}
