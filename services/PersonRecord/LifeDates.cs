using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>Why a fact cannot have been so when it is said to have been.</summary>
public enum TooEarly
{
    /// <summary>The person was not born yet.</summary>
    BeforeBirth,

    /// <summary>The crisis in which they are known was far away.</summary>
    BeforeCrisis,

    /// <summary>Nobody who could have heard it had met the person.</summary>
    BeforeRegistration,

    /// <summary>The transport was not leaving yet.</summary>
    BeforeDeparture,

    /// <summary>The person had not arrived.</summary>
    BeforeArrival,
}

/// <summary>
/// When facts about a person can have been so, as their timeline tells: after their birth, about the time of the crisis, of the
/// departure, of the arrival. A fact that is older was dated by mistake, or by somebody who gains from it.
/// </summary>
public sealed record LifeDates
{
    /// <summary>
    /// How long before the first registration a crisis can have reached somebody: alerts come late, and people later still.
    /// </summary>
    public static TimeSpan BeforeKnown { get; } = TimeSpan.FromDays(365);

    /// <summary>What is told on one day is not always written down in the order in which it was told.</summary>
    public static TimeSpan SameDay { get; } = TimeSpan.FromDays(1);

    // What is not here is dated by us, or rests on something that is.
    private static readonly ImmutableDictionary<Type, TooEarly> Limits = new Dictionary<Type, TooEarly>
    {
        // A life's facts can be as old as the person.
        [typeof(HouseholdJoined)] = TooEarly.BeforeBirth,
        [typeof(HouseholdLeft)] = TooEarly.BeforeBirth,
        [typeof(GuardianNamed)] = TooEarly.BeforeBirth,
        [typeof(GuardianshipEnded)] = TooEarly.BeforeBirth,
        [typeof(TieProposed)] = TooEarly.BeforeBirth,
        [typeof(ChildSeparationReported)] = TooEarly.BeforeBirth,
        [typeof(CareArranged)] = TooEarly.BeforeBirth,
        [typeof(CareEnded)] = TooEarly.BeforeBirth,
        [typeof(ExitBarrierRaised)] = TooEarly.BeforeBirth,
        [typeof(DetentionReported)] = TooEarly.BeforeBirth,
        [typeof(FearOfReturnStated)] = TooEarly.BeforeBirth,
        // How somebody is in this crisis, and what was done for them in it.
        [typeof(CheckedIn)] = TooEarly.BeforeCrisis,
        [typeof(Sighted)] = TooEarly.BeforeCrisis,
        [typeof(ContactAttempted)] = TooEarly.BeforeCrisis,
        [typeof(DetaineeVisited)] = TooEarly.BeforeCrisis,
        [typeof(FitToTravelAssessed)] = TooEarly.BeforeCrisis,
        [typeof(AidDelivered)] = TooEarly.BeforeCrisis,
        [typeof(TracingRequested)] = TooEarly.BeforeCrisis,
        [typeof(TravelDocumentApplicationOpened)] = TooEarly.BeforeCrisis,
        [typeof(IdentityVerified)] = TooEarly.BeforeCrisis,
        [typeof(TravelDocumentApproved)] = TooEarly.BeforeCrisis,
        [typeof(TravelDocumentIssued)] = TooEarly.BeforeCrisis,
        // What the person, or somebody for them, decided about this evacuation: they were asked when they were met.
        [typeof(EvacuationConsentGiven)] = TooEarly.BeforeRegistration,
        [typeof(SharingConsentGiven)] = TooEarly.BeforeRegistration,
        [typeof(FearOfReturnWithdrawn)] = TooEarly.BeforeRegistration,
        [typeof(BestInterestsDecided)] = TooEarly.BeforeRegistration,
        [typeof(TieConfirmed)] = TooEarly.BeforeRegistration,
        [typeof(TieRefused)] = TooEarly.BeforeRegistration,
        [typeof(TracingAnswered)] = TooEarly.BeforeRegistration,
        [typeof(TracingWishRecorded)] = TooEarly.BeforeRegistration,
        [typeof(RegistrationCorrected)] = TooEarly.BeforeRegistration,
        [typeof(AgeChangeProposed)] = TooEarly.BeforeRegistration,
        [typeof(CheckedInAtGate)] = TooEarly.BeforeDeparture,
        [typeof(Boarded)] = TooEarly.BeforeDeparture,
        [typeof(NoShow)] = TooEarly.BeforeDeparture,
        [typeof(Arrived)] = TooEarly.BeforeDeparture,
        [typeof(HandedOver)] = TooEarly.BeforeArrival,
        [typeof(OnwardDone)] = TooEarly.BeforeArrival,
        [typeof(ReintegrationAnswered)] = TooEarly.BeforeArrival,
        [typeof(ReintegrationFollowedUp)] = TooEarly.BeforeArrival,
    }.ToImmutableDictionary();

    private ImmutableDictionary<Guid, (DateTimeOffset At, BirthDate? Born)> Registrations { get; init; } = ImmutableDictionary<Guid, (DateTimeOffset, BirthDate?)>.Empty;
    private ImmutableDictionary<Guid, DateTimeOffset> Departures { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;
    private DateTimeOffset? ArrivedAt { get; init; }

    private LifeDates() { }

    /// <summary>Nothing was told.</summary>
    public static LifeDates Unknown { get; } = new();

    /// <summary>Whether events of this type are held against these dates.</summary>
    public static bool AreLimited(Type @event) => Limits.ContainsKey(@event);

    /// <summary>What holds after one more event.</summary>
    public LifeDates After(Event @event) => @event switch
    {
        PersonRegistered e => this with { Registrations = Registrations.SetItem(e.RegistrationId, (e.At, e.Form?.BirthDate)) },
        RegistrationRepeated e => this with { Registrations = Registrations.SetItem(e.RegistrationId, (e.At, e.Form?.BirthDate)) },
        RegistrationCorrected e => Registrations.TryGetValue(e.RegistrationId, out var told)
            ? this with { Registrations = Registrations.SetItem(e.RegistrationId, (told.At, e.Form?.BirthDate)) } : this,
        RegistrationSeparated e => this with { Registrations = Registrations.Remove(e.RegistrationId) },
        DuplicateUnmerged e => this with { Registrations = Registrations.RemoveRange(e.Registrations) },
        SeatHeld e => this with { Departures = Departures.SetItem(e.TransportId, e.DepartsAt) },
        SeatChanged e => this with { Departures = Departures.SetItem(e.TransportId, e.DepartsAt) },
        Arrived e => this with { ArrivedAt = ArrivedAt > e.At ? ArrivedAt : e.At },
        _ => this,
    };

    /// <summary>What is wrong with the time of a fact; null when it can have been so then.</summary>
    public TooEarly? WrongWith(Event fact)
    {
        if (!Limits.TryGetValue(fact.GetType(), out var limit)) return null;
        if (limit is TooEarly.BeforeDeparture && TransportOf(fact) is { } transport && Departures.TryGetValue(transport, out var departs) && fact.At < departs - SameDay) return limit;
        if (limit is TooEarly.BeforeArrival && fact.At < ArrivedAt - SameDay) return limit;
        // Only what is sure counts: of a child born "in 2026" the whole year is possible. What nobody can have lived through is wrong.
        if (Births.Any(born => DayOf(fact.At) < born.Earliest)) return TooEarly.BeforeBirth;
        return limit switch
        {
            TooEarly.BeforeCrisis when fact.At < FirstRegistered - BeforeKnown => limit,
            TooEarly.BeforeRegistration when fact.At < FirstRegistered - SameDay => limit,
            _ => null,
        };
    }

    private DateTimeOffset? FirstRegistered => Registrations.IsEmpty ? null : Registrations.Values.Min(told => told.At);

    private IEnumerable<BirthDate> Births => Registrations.Values.Select(told => told.Born).OfType<BirthDate>();

    // The day is already tomorrow somewhere: a child born this morning in Manila can be registered.
    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime.AddHours(14));

    private static Guid? TransportOf(Event fact) => fact switch
    {
        CheckedInAtGate e => e.TransportId,
        Boarded e => e.TransportId,
        NoShow e => e.TransportId,
        Arrived e => e.TransportId,
        _ => null,
    };
}
