using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway;

internal enum ReferralAnswer { None, Accepted, Declined }

/// <summary>A referral as the agency it is addressed to sees it.</summary>
/// <param name="Agency">The agency's code as whoever referred wrote it.</param>
internal sealed record Referral(Guid Id, string Agency, string? Concern, DateTimeOffset OfferedAt, DateTimeOffset DueAt, bool Overdue = false, ReferralAnswer Answer = ReferralAnswer.None)
{
    public bool IsTo(string agencyKey) => PartnerGateway.Agencies.Agency.Key(Agency) == agencyKey;
}

/// <summary>What of a person's timeline matters to partners: who may know (rules Q and N), how it stands, and what they are asked.</summary>
internal sealed record PersonForPartners(
    Guid Id, ImmutableDictionary<Guid, Referral> Referrals, int? Tier = null, string Whereabouts = "registered", bool Exercise = false) : IFold<PersonForPartners>
{
    private Consents Consents { get; init; } = Consents.None;

    /// <summary>Keys of the agencies that may know of the person now.</summary>
    public ImmutableHashSet<string> SharesWith { get; private init; } = [];

    /// <summary>Keys of those that may have learnt of them.</summary>
    public ImmutableHashSet<string> EverSharedWith { get; private init; } = [];

    // The transport that they boarded last.
    private Guid? Aboard { get; init; }

    /// <summary>Which leg of their journey a transport was to be.</summary>
    public ImmutableDictionary<Guid, int> Legs { get; private init; } = ImmutableDictionary<Guid, int>.Empty;

    public FearedCountries Fears { get; private init; } = FearedCountries.None;

    /// <summary>
    /// Those of them that somebody heard from the person. What others told of them keeps everything from an agency of that state and
    /// has it forget nothing: whoever guesses who somebody is, and tells a fear of them, would read the answer off their own feed.
    /// </summary>
    public FearedCountries Heard { get; private init; } = FearedCountries.None;

    // What was heard before each withdrawal. The feed tells when somebody took a fear back and not which.
    private ImmutableList<(DateTimeOffset At, FearedCountries Fears)> Before { get; init; } = [];

    // What was heard before each form that came while nobody had said which state is feared, by its registration.
    private ImmutableDictionary<Guid, FearedCountries> BeforeForms { get; init; } = ImmutableDictionary<Guid, FearedCountries>.Empty;

    /// <summary>Which states agencies belong to, by their keys; it stands on their timelines and not on the person's.</summary>
    public IReadOnlyDictionary<string, AgencyState> Agencies { get; init; } = ImmutableDictionary<string, AgencyState>.Empty;

    public static PersonForPartners Start(Guid id) => new(id, ImmutableDictionary<Guid, Referral>.Empty);

    /// <summary>Whether the agency may know of the person now: they agreed (rule Q), and it is no agency of a state that they fear (rule N).</summary>
    public bool MayKnow(string agency) => SharesWith.Contains(agency) && !StateOf(agency).Bars(Fears);

    /// <summary>Whether the agency goes on seeing, and may answer, a referral that it was offered: until somebody heard that they fear its state.</summary>
    public bool MayAnswer(string agency) => SharesWith.Contains(agency) && !StateOf(agency).Bars(Heard);

    /// <summary>Those that forget the person, because somebody heard that they fear the agency's state.</summary>
    public IEnumerable<string> Barred => SharesWith.Where(agency => StateOf(agency).Bars(Heard));

    /// <summary>Those of them that forget the person only since that form told another nationality.</summary>
    public IEnumerable<string> BarredSince(Guid registration) =>
        Barred.Where(agency => BeforeForms.TryGetValue(registration, out var before) && !StateOf(agency).Bars(before));

    /// <summary>Those that may know of the person.</summary>
    public IEnumerable<string> Known => SharesWith.Where(MayKnow);

    /// <summary>Those that may know of the person again since a fear was taken back at that time.</summary>
    public IEnumerable<string> KnownAgain(DateTimeOffset at) =>
        Known.Where(agency => Before.Exists(before => before.At == at && StateOf(agency).Bars(before.Fears))).Order(StringComparer.Ordinal);

    public AgencyState StateOf(string agency) => Agencies.GetValueOrDefault(agency, AgencyState.NotSaid);

    public PersonForPartners Apply(Event @event)
    {
        var consents = Consents.After(@event);
        var next = this with
        {
            Fears = Fears.After(@event),
            Heard = Heard.AfterHearing(@event),
            BeforeForms = Fears.IsOpen && FormOf(@event) is { } form ? BeforeForms.SetItem(form, Heard) : BeforeForms,
            Before = @event is FearOfReturnWithdrawn ? Before.Add((@event.At, Heard)) : Before,
        };
        return (ReferenceEquals(consents, Consents) ? next : next with
        {
            Consents = consents,
            SharesWith = [.. consents.SharesWith.Select(Agency.Key)],
            EverSharedWith = [.. consents.EverSharedWith.Select(Agency.Key)],
        }).Hear(@event);
    }

    private static Guid? FormOf(Event @event) => @event switch
    {
        RegistrationRepeated e => e.RegistrationId,
        RegistrationCorrected e => e.RegistrationId,
        _ => null,
    };

    private PersonForPartners Hear(Event @event) => @event switch
    {
        PersonRegistered { Exercise: true } or RegistrationRepeated { Exercise: true } => this with { Exercise = true },
        NeedsAssessed e => this with { Tier = e.Tier },
        SeatHeld e => this with { Whereabouts = "seat-held", Legs = Legs.SetItem(e.TransportId, e.Leg) },
        SeatReleased e => WithoutSeat(e.TransportId),
        NoShow e => WithoutSeat(e.TransportId),
        Boarded e => this with { Whereabouts = "boarded", Aboard = e.TransportId },
        Arrived e => this with { Whereabouts = e.JourneyEnded ? "arrived" : "under-way" },
        MissingAtArrival => this with { Whereabouts = "missing" },
        FoundAfterArrival { Arrived: false } => this with { Whereabouts = "registered" },
        ReferralOffered e => this with { Referrals = Referrals.SetItem(e.ReferralId, new(e.ReferralId, e.Agency, e.Concern, e.At, e.DueAt)) },
        ReferralAccepted e => With(e.ReferralId, referral => referral with { Answer = ReferralAnswer.Accepted }),
        ReferralDeclined e => With(e.ReferralId, referral => referral with { Answer = ReferralAnswer.Declined }),
        ReferralWithdrawn e => this with { Referrals = Referrals.Remove(e.ReferralId) },
        ReferralOverdue e => With(e.ReferralId, referral => referral with { Overdue = true }),
        _ => this,
    };

    // Also who boarded may get off again before it leaves.
    private PersonForPartners WithoutSeat(Guid transport) =>
        Whereabouts == "seat-held" || Whereabouts == "boarded" && Aboard == transport ? this with { Whereabouts = "registered" } : this;

    public IEnumerable<Referral> OpenReferrals => Referrals.Values.Where(referral => referral.Answer == ReferralAnswer.None);

    private PersonForPartners With(Guid referralId, Func<Referral, Referral> change) =>
        Referrals.TryGetValue(referralId, out var referral) ? this with { Referrals = Referrals.SetItem(referralId, change(referral)) } : this;
}

internal static class PeopleForPartners
{
    /// <summary>
    /// How these people stand at this moment, and the agencies that they let know of them, from their timelines: a read model
    /// could be late, and late is too late to stop sending.
    /// </summary>
    public static async Task<Dictionary<Guid, PersonForPartners>> OfAsync(this TimelineStore store, IEnumerable<Guid> people, CancellationToken ct)
    {
        var found = (await store.ReadAsync(people.Distinct().ToArray(), ct)).Select(timeline => timeline.Fold<PersonForPartners>()).ToArray();
        var keys = found.SelectMany(person => person.EverSharedWith).Distinct().ToDictionary(Agency.StreamId);
        var states = (await store.ReadAsync(keys.Keys.ToArray(), ct)).ToDictionary(timeline => keys[timeline.Id], timeline => timeline.Fold<Agency>().State);
        return found.ToDictionary(person => person.Id, person => person with { Agencies = states });
    }
}
