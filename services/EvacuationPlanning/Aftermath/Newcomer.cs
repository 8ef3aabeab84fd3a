using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Aftermath;

/// <summary>A person whose journey ended, and who takes over from there.</summary>
internal sealed record Newcomer(Guid Id) : IFold<Newcomer>
{
    public const string NotHandedOver = "handover-not-made", NotPlanned = "onward-not-planned";

    // Who cannot look after themselves does not wait at a quay.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24), ForChildrenAndCarried = TimeSpan.FromHours(4), ForOnward = TimeSpan.FromDays(7);

    public Passenger Person { get; private init; } = new(Id);
    public Arrived? Ended { get; private init; }
    public HandoverOpened? Handover { get; private init; }
    public bool HandoverOverdue { get; private init; }
    public HandedOver? Taken { get; private init; }
    public OnwardOpened? Onward { get; private init; }
    public bool OnwardOverdue { get; private init; }
    public OnwardPlanned? Planned { get; private init; }
    public OnwardDone? Done { get; private init; }

    /// <summary>Since it was opened they turned out to be missing from the transport: nobody can take them over.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>The agencies that may know of the person (rule Q).</summary>
    public ImmutableHashSet<string> SharesWith => Person.Consents.SharesWith;

    /// <summary>There are signs of trafficking; they need not be proved (rule T).</summary>
    public bool LooksTrafficked { get; private init; }

    private int Opened { get; init; }

    public bool IsHere => Person is { IsKnown: true, Erased: false, MergedInto: null };

    public bool IsAlone(DateOnly day) => Person.AsTraveller(day) is { IsMinor: true, IsUnaccompanied: true };

    public string StateOfHandover => IsMissing ? "withdrawn" : Taken is not null ? "done" : HandoverOverdue ? "overdue" : "open";

    public string StateOfOnward => IsMissing ? "withdrawn" : Done is not null ? "done" : Planned is not null ? "planned" : OnwardOverdue ? "overdue" : "open";

    /// <summary>On arrival somebody takes over, and who is not home yet gets a plan; once for each journey, and anew for whoever was missing and is found.</summary>
    public static Decision Open(Newcomer person, DateTimeOffset now)
    {
        if (!person.IsHere || person.Ended is not { } ended || (person.Handover?.TransportId == ended.TransportId && !person.IsMissing)) return Decision.Nothing;
        var traveller = person.Person.AsTraveller(DateOnly.FromDateTime(ended.At.UtcDateTime));
        var home = ended.Country is { } country && traveller.Nationalities.Contains(Jurisdictions.Whole(country));
        var patience = traveller.IsMinor || person.Person.Mobility is Mobility.Stretcher ? ForChildrenAndCarried : Patience;
        return Decision.Of([
            new HandoverOpened(Ids.Of(person.Id, "handover", person.Opened), ended.TransportId, ended.Country, home, ended.At + patience, now),
            .. home ? (Event[])[] : [new OnwardOpened(Ids.Of(person.Id, "onward", person.Opened), ended.Country, ended.At + ForOnward, now)]]);
    }

    public static IEnumerable<Deadline> Due(Newcomer person)
    {
        if (!person.IsHere || person.IsMissing) yield break;
        if (person is { Handover: { } handover, Taken: null, HandoverOverdue: false }) yield return new(NotHandedOver, handover.HandoverId, handover.DueAt);
        if (person is { Onward: { } onward, Planned: null, Done: null, OnwardOverdue: false }) yield return new(NotPlanned, onward.OnwardId, onward.DueAt);
    }

    public static Decision Escalate(Newcomer person, DateTimeOffset now) => Decision.Of(Due(person).Where(due => due.DueAt <= now).Select(due => (Event)(due.Kind == NotHandedOver
        ? new HandoverOverdue(due.Subject, due.DueAt, now) : new OnwardOverdue(due.Subject, due.DueAt, now))));

    /// <summary>A plan that leads where they fear to be is none.</summary>
    public static Decision Void(Newcomer person, DateTimeOffset now) =>
        person is { IsHere: true, Planned: { } planned, Done: null } && person.Person.Fears.BarsAny(planned.LeadsTo()) ? new OnwardVoided(planned.OnwardId, "fears-destination", now)
        : Decision.Nothing;

    public static Type[] Matters { get; } =
        [typeof(HandoverOpened), typeof(HandedOver), typeof(HandoverOverdue), typeof(OnwardOpened), typeof(OnwardPlanned),
            typeof(OnwardVoided), typeof(OnwardOverdue), typeof(OnwardDone),
            typeof(MissingAtArrival), typeof(PersonErased), typeof(MergedInto), typeof(UnmergedFrom)];

    public static Newcomer Start(Guid id) => new(id);

    public Newcomer Apply(Event @event) => (this with { Person = Person.Apply(@event) }).Hear(@event);

    private Newcomer Hear(Event @event) => @event switch
    {
        Arrived { JourneyEnded: true } e => this with { Ended = e },
        MissingAtArrival e => this with { Ended = Ended?.TransportId == e.TransportId ? null : Ended, IsMissing = IsMissing || Handover?.TransportId == e.TransportId },
        HandoverOpened e => this with { Handover = e, IsMissing = false, Taken = null, HandoverOverdue = false, Onward = null, OnwardOverdue = false, Planned = null, Done = null, Opened = Opened + 1 },
        Contracts.HandoverOverdue => this with { HandoverOverdue = true },
        HandedOver e => this with { Taken = e },
        OnwardOpened e => this with { Onward = e },
        Contracts.OnwardOverdue => this with { OnwardOverdue = true },
        OnwardPlanned e => this with { Planned = e },
        OnwardVoided => this with { Planned = null },
        OnwardDone e => this with { Done = e },
        NeedsAssessed e => this with { LooksTrafficked = e.Counted().Any(factor => factor.Code == "TRAFFICKED") },
        _ => this,
    };
}

/// <summary>An agency that can take over.</summary>
internal sealed record Receiver(string? Code, IReadOnlyList<string> Receives) : IFold<Receiver>
{
    public static IProjection Table => new Projection<Receiver>("evacuation_planning.agency", 1,
        [("code", "text not null")], agency => agency.Code is null ? [] : [[agency.Code]], [typeof(AgencyRegistered)], "create index on {table} (lower(code))");

    /// <summary>Which state it belongs to.</summary>
    public AgencyState State { get; init; } = AgencyState.NotSaid;

    public static Receiver Start(Guid id) => new(null, []);

    public Receiver Apply(Event @event) => (@event is AgencyRegistered e ? new(e.Code, e.Receives) : this) with { State = State.After(@event) };
}
