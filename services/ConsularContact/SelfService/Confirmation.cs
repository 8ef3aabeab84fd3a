using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// Who registered themselves confirms once a day. A day of silence is told, so that they are reminded; after three the
/// registration no longer counts as true, until they are heard of again.
/// </summary>
internal sealed record Confirmation(Guid Id) : IFold<Confirmation>
{
    public const string Unconfirmed = "registration-unconfirmed", Outdated = "registration-outdated";

    public static readonly TimeSpan MissedAfter = MyRegistration.Fresh, ExpiredAfter = TimeSpan.FromHours(72);

    private LastKnown Whereabouts { get; init; } = LastKnown.Start(Id);
    private bool SelfRegistered { get; init; }

    // The last contact before each was said: a new one starts both clocks again.
    private DateTimeOffset? MissedSince { get; init; }
    private DateTimeOffset? ExpiredSince { get; init; }

    public IEnumerable<Deadline> Due => !IsWaitedFor ? []
        : MissedSince != Whereabouts.ContactAt ? [new Deadline(Unconfirmed, Id, Whereabouts.ContactAt!.Value + MissedAfter)]
        : ExpiredSince != Whereabouts.ContactAt ? [new Deadline(Outdated, Id, Whereabouts.ContactAt!.Value + ExpiredAfter)] : [];

    // Safe or left is a farewell until they say otherwise.
    private bool IsWaitedFor => SelfRegistered && Whereabouts is { File.Stands: true, ContactAt: not null, Condition: null or { State: LastKnown.NeedsHelp or LastKnown.Moving } };

    /// <summary>A day of silence was told and nothing was heard since, but three are not over.</summary>
    public bool IsMissed => IsWaitedFor && MissedSince == Whereabouts.ContactAt && ExpiredSince != Whereabouts.ContactAt;

    /// <summary>When a clock says so.</summary>
    public static Decision Lapse(Confirmation person, DateTimeOffset now) => person.Due.Where(due => due.DueAt <= now).Select(due => due.Kind == Unconfirmed
        ? (Event)new ConfirmationMissed(person.Whereabouts.ContactAt!.Value, now)
        : new SelfRegistrationExpired(person.Whereabouts.ContactAt!.Value, now)).FirstOrDefault() is { } lapsed ? lapsed : Decision.Nothing;

    public static Confirmation Start(Guid id) => new(id);

    public Confirmation Apply(Event @event) => (this with { Whereabouts = Whereabouts.Apply(@event) }).Told(@event);

    private Confirmation Told(Event @event) => @event switch
    {
        PersonRegistered { Sender: TrackingToken.Sender } or RegistrationRepeated { Sender: TrackingToken.Sender } => this with { SelfRegistered = true },
        ConfirmationMissed e => this with { MissedSince = e.LastContactAt },
        SelfRegistrationExpired e => this with { ExpiredSince = e.LastContactAt },
        _ => this,
    };
}
