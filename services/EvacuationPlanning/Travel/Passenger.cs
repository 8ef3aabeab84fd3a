using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>Waiting and held can be planned; the others cannot.</summary>
internal enum TravelState { Waiting, Held, UnderWay, Arrived, Erased, Merged }

internal enum SeatState { Held, Boarded, Arrived, CheckedIn, Missing }

/// <summary>The rule that bars somebody from a leg, and where.</summary>
internal sealed record Bar(string Code, string? Country);

/// <summary>A seat on one leg of the journey that the person is on.</summary>
internal sealed record Seat(
    Guid PlanId, Guid TransportId, string Code, Mobility Space, int Leg, int Legs, string? Country, DateTimeOffset DepartsAt, SeatState State);

/// <summary>
/// A person as evacuation sees them. It alone says that they hold a seat or board, so it is here that rules N, V and C
/// refuse: for a plan, for a gate, and for whatever comes later.
/// </summary>
internal sealed partial record Passenger(Guid Id) : IFold<Passenger>
{
    private const string WithheldPassport = "withheld-passport";

    // Who comes of age between the plan and the gate is asked at the gate, and their family is planned.
    private const int ComingOfAge = 7;

    /// <summary>Needs oxygen on the way. No code of UNHCR's: whoever carries them must know (IATA's OXYG).</summary>
    public const string Oxygen = "OX";

    /// <summary>What one registration told.</summary>
    private sealed record Told(
        ImmutableArray<string> Nationalities, HeldDocument? Document, Mobility Mobility, ImmutableHashSet<string> Needs, DateTimeOffset At);

    // Latest told last.
    private ImmutableList<(Guid Id, Told Told)> Registrations { get; init; } = [];
    private ImmutableList<(Guid Id, Guid? MergedFrom, EmergencyDocument Document)> Documents { get; init; } = [];

    // What keeps them from leaving, by the id of the exit barrier or detention.
    private ImmutableDictionary<Guid, (string Kind, Guid? MergedFrom)> Barriers { get; init; } = ImmutableDictionary<Guid, (string, Guid?)>.Empty;

    private ImmutableList<(Guid Id, Guid Crisis, DateTimeOffset At)> Enrolled { get; init; } = [];

    /// <summary>Who is a child (rule C).</summary>
    public Childhood Childhood { get; private init; } = Childhood.Unknown;

    /// <summary>Who answers for this child.</summary>
    public Ties Ties { get; private init; } = Ties.None;

    /// <summary>The records that this one stands for.</summary>
    public IReadOnlySet<Guid> Duplicates => Record.Duplicates;

    /// <summary>The adult answers for this child, with at least that standing.</summary>
    public bool IsAnsweredBy(Passenger adult, TieStanding least) => Ties.With(adult.Id, adult.Duplicates)?.Standing >= least;

    public ImmutableHashSet<Guid> Crises => [.. Enrolled.Select(registration => registration.Crisis)];
    public Guid? HouseholdId { get; private init; }

    /// <summary>Households that came with records merged into this one: one family, registered more than once.</summary>
    public ImmutableHashSet<Guid> HouseholdsMerged { get; private init; } = [];

    /// <summary>The households that they belong to.</summary>
    public IEnumerable<Guid> Households => HouseholdId is { } own ? HouseholdsMerged.Append(own) : HouseholdsMerged;

    /// <summary>They belong to one household, or it is one and the same person.</summary>
    public bool LivesWith(Passenger other) => other.Id == Id || Households.Intersect(other.Households).Any();

    public string? Role { get; private init; }
    public DateTimeOffset? RegisteredAt => Enrolled.IsEmpty ? null : Enrolled.Min(registration => registration.At);

    /// <summary>Whether there is a record to work under.</summary>
    public RecordStatus Record { get; init; } = RecordStatus.Unknown;

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto => Record.MergedInto;

    public bool Erased => Record.Erased;
    public int Tier { get; private init; } = 5;
    public int Score { get; private init; }
    public Consents Consents { get; private init; } = Consents.None;

    /// <summary>Whether this child is alone, and what was decided about it.</summary>
    public ChildAlone Alone { get; private init; } = ChildAlone.Unknown;

    // What health workers said, latest last.
    private ImmutableList<FitToTravelAssessed> Examined { get; init; } = [];

    private FitToTravelAssessed? Fitness => Examined.LastOrDefault();

    /// <summary>Something must be kept to on the way; what it is, who looks after them reads where it was said.</summary>
    public bool TravelsOnConditions => Fitness?.Conditions is not null;

    /// <summary>Whom a decision names to travel with this child, as long as the child is alone and no officer denied them.</summary>
    public Guid? EscortId => Alone.EscortFor(Ties)?.AdultId;

    /// <summary>The adult, as they are known now, is whom the decision names to travel with this child.</summary>
    public bool IsEscortedBy(Passenger adult) =>
        Alone.EscortFor(Ties)?.Is(adult.Id, adult.Duplicates) == true && !Ties.Denies(adult.Id, adult.Record);

    private ImmutableDictionary<Guid, Bar> Noticed { get; init; } = ImmutableDictionary<Guid, Bar>.Empty;

    public FearedCountries Fears { get; private init; } = FearedCountries.None;

    private SeenByUs Contact { get; init; } = SeenByUs.NotYet;

    private FearsToldByOthers ToldByOthers { get; init; } = FearsToldByOthers.None;

    /// <summary>Of the present journey, in the order of its legs.</summary>
    public ImmutableList<Seat> Seats { get; private init; } = [];

    /// <summary>Where they are, by whose word and since when.</summary>
    public PlacesTold Places { get; private init; } = PlacesTold.None;

    /// <summary>The transport that took them furthest, where a journey broke off or ended.</summary>
    public Guid? CameWith => Places.Arrival?.Id;

    public bool HasArrived { get; private init; }

    /// <summary>What the last plan said about why they stay.</summary>
    public string? LeftBecause { get; private init; }

    /// <summary>Whose reason that is.</summary>
    public Guid? LeftBecauseOf { get; private init; }

    /// <summary>Why a journey was given up that no plan has spoken of since.</summary>
    public string? FreedBecause { get; private init; }

    public bool IsKnown => RegisteredAt is not null;

    public IEnumerable<Seat> OpenSeats => Seats.Where(seat => seat.State is not SeatState.Arrived);

    public bool HoldsSeat => OpenSeats.Any();

    /// <summary>On a transport, or between two.</summary>
    public bool IsOnJourney => HoldsSeat && Seats.Any(seat => seat.State is not SeatState.Held);

    public TravelState State => this switch
    {
        { Erased: true } => TravelState.Erased,
        { MergedInto: not null } => TravelState.Merged,
        { HasArrived: true } => TravelState.Arrived,
        { IsOnJourney: true } => TravelState.UnderWay,
        { HoldsSeat: true } => TravelState.Held,
        _ => TravelState.Waiting,
    };

    public bool NeedsOxygen => Registrations.Any(r => r.Told.Needs.Contains(Oxygen) && Contact.Before(r.Id)?.SpecificNeeds.Contains(Oxygen) != false);

    /// <summary>The space they need, by what somebody heard: a wheelchair space is taken from others by no word of a token's holder.</summary>
    public Mobility Mobility => Registrations
        .Select(r => Contact.Before(r.Id)?.Mobility is { } before && before < r.Told.Mobility ? before : r.Told.Mobility).DefaultIfEmpty().Max();

    /// <inheritdoc cref="Childhood.IsChildOn(DateOnly)"/>
    public bool IsMinorOn(DateOnly day) => Childhood.IsChildOn(day);

    /// <inheritdoc cref="Consents.MayLeaveOn"/>
    public bool HasConsentOn(DateOnly day) => !Erased && Consents.MayLeaveOn(day, Id, Childhood, Ties, Alone);

    /// <summary>As the planner and its rules see them on that day.</summary>
    public Traveller AsTraveller(DateOnly day)
    {
        var document = Registrations.Select(r => r.Told.Document).LastOrDefault(document => document is not null);
        return new(Id, (SpaceKind)Mobility, !IsMinorOn(day) ? Age.Adult : Childhood.IsInfantOn(day) ? Age.Infant : Age.Child)
        {
            Consent = HasConsentOn(day.AddDays(-ComingOfAge)),
            Nationalities = [.. Registrations.SelectMany(r => r.Told.Nationalities).Select(Jurisdictions.Whole).Distinct().Order(StringComparer.Ordinal)],
            FearedCountries = [.. Fears.States.Order(StringComparer.Ordinal)],
            FearsEveryCountry = Fears.EveryState,
            DocumentValidUntil = document is { Status: DocumentStatus.Valid } ? document.Expiry : null,
            EmergencyDocument = Documents.IsEmpty ? null : Documents[^1].Document,
            ExitBarrier = document is { Status: DocumentStatus.WithheldByEmployer } || Barriers.Values.Any(barrier => barrier.Kind == WithheldPassport),
            HeldBack = Barriers.Values.Any(barrier => barrier.Kind != WithheldPassport),
            UnfitThrough = Fitness is { Fit: false } unfit ? unfit.ValidUntil ?? DateOnly.MaxValue : null,
            FitThrough = Fitness is { Fit: true } fit ? fit.ValidUntil : null,
            IsUnaccompanied = Alone.IsReported || IsMinorOn(day) && Alone.IsAlone(Ties),
            AnsweredBy = [.. Ties.To(TieStanding.Declared).Order()],
            ConfirmedBy = [.. Ties.All.Values.Where(tie => tie.Standing is TieStanding.Confirmed).OrderBy(tie => tie.AdultId)],
            IsOfUnknownAge = !IsMinorOn(day) && !Childhood.IsAdultOn(day),
            AnsweredByHousehold = Ties.ByHousehold,
            StandsFor = [.. Duplicates.Order()],
            EscortId = EscortId,
            EscortSeenAs = Alone.Escort?.SeenAs is { } seen ? [.. seen.Order()] : null,
            BestInterestsDecision = Alone.MayDepart,
            NeedsOxygen = NeedsOxygen,
        };
    }

    /// <param name="party">All who travel together on this leg, this person among them.</param>
    public Decision Hold(Guid planId, Leg leg, int number, int of, Group party, DateTimeOffset at) => this switch
    {
        _ when Gone is { } gone => gone,
        { HasArrived: true } => ArrivedAlready,
        _ when OpenSeats.Any(seat => seat.TransportId == leg.Departure.Id || seat.PlanId != planId) || IsElsewhere(leg, number) =>
            Refusal.Conflict("travel/has-a-journey", "This person already holds seats on a journey. Release those first if they should travel otherwise."),
        _ when WhyNot(party, leg) is { } reason => Words.Refuse(reason),
        _ when leg.Origin is null || leg.Destination is null => Words.CountryUnknown(leg.Origin is null ? leg.Departure.From : leg.Departure.To),
        _ => new SeatHeld(planId, leg.Departure.Id, leg.Departure.Code, Mobility, number, of, leg.ToCountry, leg.Departure.DepartsAt, at),
    };

    /// <inheritdoc cref="Hold"/>
    public Decision Board(Leg leg, Group party, string officer, DateTimeOffset at) =>
        OpenSeats.FirstOrDefault(seat => seat.TransportId == leg.Departure.Id) switch
        {
            _ when Gone is { } gone => gone,
            null => Transport.NoSpace,
            { State: SeatState.Boarded } => Decision.Nothing,
            _ when StillSought is { } sought => sought,
            _ when (WhyNot(party, leg) ?? WhoMayGo.NotSeenTogether(party, Id)) is { } reason => Words.Refuse(reason),
            _ when !HasConsentOn(DateOnly.FromDateTime(leg.Departure.DepartsAt.UtcDateTime)) => OwnConsentNeeded,
            _ => new Boarded(leg.Departure.Id, officer, at),
        };

    /// <summary>The rule that keeps this person from the leg in this company; null when they may take it.</summary>
    public Reason? WhyNot(Group party, Leg leg)
    {
        var self = party.Travellers.Single(traveller => traveller.PersonId == Id);
        return WhoMayGo.KeptBy(party, self) ?? WhoMayGo.BarredFrom(party with { Travellers = [self] }, leg);
    }

    /// <param name="of">Whose reason it is, where it is somebody's.</param>
    public Decision Release(Guid transport, string reason, DateTimeOffset at, Guid? of = null) =>
        OpenSeats.Any(seat => seat.TransportId == transport) ? new SeatReleased(transport, reason, at) { Of = of } : Decision.Nothing;

    public Decision MissAt(Guid transport, string officer, DateTimeOffset at) =>
        OpenSeats.FirstOrDefault(seat => seat.TransportId == transport) switch
        {
            null => Decision.Nothing,
            { State: SeatState.Boarded } => Refusal.Conflict("travel/on-board", "This person was reported on board. Check who is meant; a person on board is no no-show."),
            _ => new NoShow(transport, officer, at),
        };

    public Decision ArriveWith(Guid transport, string officer, DateTimeOffset at) =>
        Seats.FirstOrDefault(seat => seat.TransportId == transport) is { State: SeatState.Boarded } seat
            ? new Arrived(transport, seat.Country, seat.Leg == seat.Legs, officer, at)
            : Decision.Nothing;

    /// <summary>What the seat is now that its transport changed.</summary>
    public Decision ChangeSeat(Guid transport, string? country, DateTimeOffset departsAt, DateTimeOffset at) =>
        OpenSeats.FirstOrDefault(seat => seat.TransportId == transport) is { } seat && (seat.Country != country || seat.DepartsAt != departsAt)
            ? new SeatChanged(transport, country, departsAt, at)
            : Decision.Nothing;

    /// <summary>On board of a transport under way that goes where a rule bars them: nobody can keep them off it any more.</summary>
    public Decision NoticeBar(Bar? bar, Guid transport, DateTimeOffset at) =>
        bar is not null && OpenSeats.Any(seat => seat.TransportId == transport && seat.State is SeatState.Boarded)
            ? new CarriedWhereBarred(transport, bar.Code, at) { Country = bar.Country } : Decision.Nothing;

    /// <summary>What was noticed last of being carried where they are barred.</summary>
    public Bar? NoticedBar(Guid transport) => Noticed.GetValueOrDefault(transport);

    /// <param name="byProtection">A protection officer records it.</param>
    public Decision StateFear(IReadOnlyList<string> countries, string heardBy, DateTimeOffset at, bool byProtection) => this switch
    {
        _ when Gone is { } gone => gone,
        // What others told for them they say themselves now: nobody needs to ask them any more.
        _ when Fears.Learns(countries, byProtection) || ToldByOthers.Countries.Intersect(countries, StringComparer.OrdinalIgnoreCase).Any() =>
            new FearOfReturnStated(countries, heardBy, at) { ByProtection = byProtection },
        _ => Decision.Nothing,
    };

    /// <summary>An adult who is told to answer for this child, or lives with them, was seen together with them.</summary>
    public Decision ConfirmTie(Passenger adult, DateOnly day, string grounds, string officer, DateTimeOffset at) => this switch
    {
        _ when Gone is { } gone => gone,
        _ when !IsMinorOn(day) => GuardianRefusals.NotAChild,
        _ when Alone.IsReported => GuardianRefusals.ProtectionOfficerNeeded,
        _ when IsAnsweredBy(adult, TieStanding.Confirmed) => Decision.Nothing,
        _ when !IsAnsweredBy(adult, TieStanding.Proposed) && !Ties.TakesTwo(adult.Id, adult.Record) && !Ties.SharesHousehold(adult.Ties) => Refusal.Conflict("guardian/not-in-the-household",
            "Nothing on record says that this adult belongs to the child. Have an officer look at their papers: POST /people/{personId}/guardians."),
        _ when GuardianRefusals.WhyNotSeen(Ties, adult.Id, adult.Ties, adult.Record, officer) is { } why => why,
        _ => new TieConfirmed(adult.Id, grounds, officer, at) { SeenAs = [.. adult.Duplicates.Order()] },
    };

    public Decision WithdrawConsent(string officer, DateTimeOffset at) => this switch
    {
        _ when Gone is { } gone => gone,
        _ when Consents.AgreedSince(at) is { } since => OrderOfFacts.AgreedSince(since),
        _ => Consents.IsNewWithdrawal(at) ? new EvacuationConsentWithdrawn(officer, at) : Decision.Nothing,
    };

    /// <summary>Said once, and again only when the reason is another one, or another's.</summary>
    /// <param name="of">Whose reason it is, where it is somebody's.</param>
    public Decision LeaveBehind(Guid planId, string reason, DateTimeOffset at, Guid? of = null) =>
        Erased || MergedInto is not null || HoldsSeat || HasArrived || (LeftBecause == reason && LeftBecauseOf == of) ? Decision.Nothing
        : new LeftBehind(planId, reason, Words.Say(reason), at) { Of = of };

    public static Passenger Start(Guid id) => new(id);

    public Passenger Apply(Event @event) => (this with
    {
        Record = Record.After(@event),
        Fears = Fears.After(@event),
        ToldByOthers = ToldByOthers.After(@event),
        Consents = Consents.After(@event),
        Childhood = Childhood.After(@event),
        Ties = Ties.After(@event),
        Alone = Alone.After(@event),
        Places = Places.After(@event),
        Contact = Contact.After(@event),
    }).Hear(@event);

    private Passenger Hear(Event @event) => @event switch
    {
        PersonRegistered e => Registered(e.RegistrationId, e.CrisisId, e.ReceivedAt ?? e.At).Tell(e.RegistrationId, e.Form, e.At),
        RegistrationRepeated e => Registered(e.RegistrationId, e.CrisisId, e.ReceivedAt ?? e.At).Tell(e.RegistrationId, e.Form, e.At),
        RegistrationCorrected e => Tell(e.RegistrationId, e.Form, e.At),
        RegistrationSeparated e => Without([e.RegistrationId]),
        DuplicateMerged e => this with { HouseholdsMerged = HouseholdsMerged.Union(e.Households) },
        DuplicateUnmerged e => Without(e.Registrations) with
        {
            HouseholdsMerged = HouseholdsMerged.Except(e.Households),
            Examined = Examined.RemoveAll(said => said.MergedFrom == e.DuplicateId),
            Documents = Documents.RemoveAll(document => document.MergedFrom == e.DuplicateId),
            Barriers = Barriers.RemoveRange(Barriers.Where(barrier => barrier.Value.MergedFrom == e.DuplicateId).Select(barrier => barrier.Key)),
        },
        HouseholdJoined e => this with { HouseholdId = e.HouseholdId, Role = e.Role },
        HouseholdLeft e => this with { HouseholdId = HouseholdId == e.HouseholdId ? null : HouseholdId, HouseholdsMerged = HouseholdsMerged.Remove(e.HouseholdId) },
        NeedsAssessed e => this with { Tier = e.AsHeard?.Tier ?? e.Tier, Score = e.AsHeard?.Score ?? e.Score },
        FitToTravelAssessed e => this with { Examined = Examined.Insert(Examined.Count(before => before.At <= e.At), e) },
        TravelDocumentIssued e => this with { Documents = Documents.Add((e.ApplicationId, e.MergedFrom, new(e.Destination, [.. e.Transits], e.ValidUntil))) },
        TravelDocumentRevoked e => this with { Documents = Documents.RemoveAll(document => document.Id == e.ApplicationId) },
        ExitBarrierRaised e => this with { Barriers = Barriers.SetItem(e.BarrierId, (e.Kind, e.MergedFrom)) },
        ExitBarrierResolved e => this with { Barriers = Barriers.Remove(e.BarrierId) },
        DetentionReported e => this with { Barriers = Barriers.SetItem(e.DetentionId, ("detention", e.MergedFrom)) },
        DetentionEnded e => this with { Barriers = Barriers.Remove(e.DetentionId) },
        SeatHeld e => this with
        {
            // A leg may change under the later ones of its journey.
            Seats = With(e.Leg == 1 ? Seats.RemoveAll(seat => seat.PlanId != e.PlanId) : Seats, new(e.PlanId, e.TransportId, e.TransportCode, e.Space, e.Leg, e.Legs, e.DestinationCountry, e.DepartsAt, SeatState.Held)),
            LeftBecause = null,
            LeftBecauseOf = null,
            StandsBy = StandsBy == e.TransportId ? null : StandsBy,
            FreedBecause = null,
        },
        SeatChanged e => With(e.TransportId, seat => seat with { Country = e.DestinationCountry, DepartsAt = e.DepartsAt }),
        SeatReleased e => this with { Seats = Seats.RemoveAll(seat => seat.TransportId == e.TransportId), FreedBecause = e.Reason },
        NoShow e => this with { Seats = Seats.RemoveAll(seat => seat.TransportId == e.TransportId), FreedBecause = Transport.NoShowReason },
        Boarded e => With(e.TransportId, seat => seat with { State = SeatState.Boarded }),
        Arrived e => With(e.TransportId, seat => seat with { State = SeatState.Arrived }) with { HasArrived = e.JourneyEnded },
        CarriedWhereBarred e => this with { Noticed = Noticed.SetItem(e.TransportId, new(e.Reason, e.Country)) },
        LeftBehind e => this with { LeftBecause = e.Reason, LeftBecauseOf = e.Of, FreedBecause = null },
        _ => AtGate(@event),
    };

    private static Refusal OwnConsentNeeded => Refusal.Conflict("travel/own-consent-needed",
        "Somebody else agreed for this person while they were a child. They are an adult now: ask them, record their own consent, and board them then.");

    private Refusal? Gone => Record.Refuse();

    private static Refusal ArrivedAlready { get; } = Refusal.Conflict("travel/has-arrived", "This person has arrived. No further seat is needed.");

    private Passenger Registered(Guid registration, Guid crisis, DateTimeOffset at) => this with { Enrolled = Enrolled.Add((registration, crisis, at)) };

    private Passenger Without(IReadOnlyList<Guid> registrations) => this with
    {
        Enrolled = Enrolled.RemoveAll(registration => registrations.Contains(registration.Id)),
        Registrations = Registrations.RemoveAll(registration => registrations.Contains(registration.Id)),
    };

    private Passenger Tell(Guid registration, Registration? form, DateTimeOffset at)
    {
        if (form is null) return this;
        var told = new Told(
            [.. new[] { form.Nationality, form.SecondNationality }.OfType<string>()],
            form.Document, form.Mobility, [.. form.SpecificNeeds], at);
        // A merge can bring forms that are older than what is known.
        var others = Registrations.RemoveAll(r => r.Id == registration);
        return this with { Registrations = others.Insert(others.Count(other => other.Told.At <= at), (registration, told)) };
    }

    private static ImmutableList<Seat> With(ImmutableList<Seat> seats, Seat seat) => seats.Insert(seats.Count(other => other.Leg < seat.Leg), seat);

    private Passenger With(Guid transport, Func<Seat, Seat> change) =>
        Seats.FindIndex(seat => seat.TransportId == transport) is >= 0 and var index
            ? this with { Seats = Seats.SetItem(index, change(Seats[index])) }
            : this;
}
