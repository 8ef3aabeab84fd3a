using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;
using Mobility = CrisisCoordination.Triage.Mobility;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>
/// What aid decides on: everything that all registrations of the person say, taken together. Where they contradict each
/// other the reading that protects counts. Of an erased person nothing is known and nothing is decided.
/// </summary>
internal sealed record PersonInNeed(Guid Id) : IFold<PersonInNeed>
{
    /// <summary>Whether there is a record to work under.</summary>
    public RecordStatus Record { get; init; } = RecordStatus.Unknown;

    public bool Registered => Record.Registered;
    public bool Erased => Record.Erased;
    public bool InHousehold => Households.Count > 0;

    /// <summary>The record that stands for this one; nothing new is decided here.</summary>
    public Guid? MergedInto => Record.MergedInto;

    /// <summary>The records that this one stands for.</summary>
    public ImmutableHashSet<Guid> Duplicates => Record.Duplicates;

    /// <summary>Who is a child (rule C).</summary>
    public Childhood Childhood { get; private init; } = Childhood.Unknown;

    /// <summary>Who answers for this child.</summary>
    public Ties Ties { get; private init; } = Ties.None;

    /// <summary>Whether this child is alone.</summary>
    public ChildAlone Alone { get; private init; } = ChildAlone.Unknown;

    /// <summary>When the last fact that counts for the assessment was told.</summary>
    public DateTimeOffset ToldAt { get; private init; }

    public FearedCountries Fears { get; private init; } = FearedCountries.None;

    /// <summary>Those of them that somebody heard from the person: what others told makes no referral and takes none back.</summary>
    public FearedCountries Heard { get; private init; } = FearedCountries.None;
    public Exposure Exposure { get; private init; } = Exposure.None;
    public Consents Consents { get; private init; } = Consents.None;

    /// <summary>The agencies that may know of the person (rule Q).</summary>
    public ImmutableHashSet<string> SharesWith => Consents.SharesWith;

    /// <summary>Whether anybody has met or spoken to them.</summary>
    public SeenByUs Seen { get; private init; } = SeenByUs.NotYet;

    public ImmutableArray<AidNeed> AidNeeds { get; private init; } = [];
    public ImmutableArray<Referral> Referrals { get; private init; } = [];
    public NeedsAssessed? Assessed { get; private init; }
    public BestInterestsDecided? BestInterests { get; private init; }
    /// <summary>What a health worker said last.</summary>
    public FitToTravelAssessed? Fitness => Examined.LastOrDefault();

    public Reintegration Reintegration { get; private init; } = Reintegration.None;

    /// <summary>The child is reported as unaccompanied or separated, and it has not ended.</summary>
    public ChildSeparationReported? Separation { get; private init; }

    /// <summary>It was assessed in time or told that it was not.</summary>
    private bool SeparationSeen { get; init; }

    // In the order in which it was so.
    private ImmutableArray<FitToTravelAssessed> Examined { get; init; } = [];

    private ImmutableArray<Told> Registrations { get; init; } = [];
    private ImmutableHashSet<Guid> Households { get; init; } = [];

    public static PersonInNeed Start(Guid id) => new(id);

    public PersonInNeed Apply(Event @event)
    {
        var state = this with { Record = Record.After(@event), Childhood = Childhood.After(@event), Ties = Ties.After(@event), Alone = Alone.After(@event), Fears = Fears.After(@event), Heard = Heard.AfterHearing(@event), Exposure = Exposure.After(@event), Consents = Consents.After(@event), Seen = Seen.After(@event), Reintegration = Reintegration.After(@event, IsHome) };
        return @event switch
        {
            PersonRegistered e => state.With(new(e.RegistrationId, e.Form, e.At) { Since = e.ReceivedAt ?? e.At }),
            RegistrationRepeated e => state.With(new(e.RegistrationId, e.Form, e.At) { Since = e.ReceivedAt ?? e.At }),
            RegistrationCorrected e => state with
            {
                Registrations = [.. Registrations.Select(told => told.Id == e.RegistrationId ? told with { Form = e.Form } : told)],
                ToldAt = Later(e.At),
            },
            RegistrationSeparated e => state.Without([e.RegistrationId], e.At),
            DuplicateMerged e => state with { Households = Households.Union(e.Households) },
            DuplicateUnmerged e => state.Without(e.Registrations, e.At) with { Examined = Examined.RemoveAll(said => said.MergedFrom == e.DuplicateId), Households = Households.Except(e.Households) },
            HouseholdJoined e => state with { Households = Households.Add(e.HouseholdId), ToldAt = Later(e.At) },
            GuardianNamed or TieConfirmed or TieRefused or GuardianshipEnded => state with { BestInterests = !Alone.IsReported && ChildAlone.IsAnswer(@event) ? null : BestInterests, ToldAt = Later(@event.At) },
            HouseholdLeft e => state with { Households = Households.Remove(e.HouseholdId), ToldAt = Later(e.At) },
            // What was decided before this was known does not hold for it, whenever it is said to have been.
            ChildSeparationReported e => state with { Separation = e, BestInterests = null, SeparationSeen = false, ToldAt = Later(e.At) },
            ChildSeparationEnded e => Separation?.CaseId == e.CaseId ? state with { Separation = null, BestInterests = null, ToldAt = Later(e.At) } : state,
            BestInterestsOverdue => state with { SeparationSeen = true },
            AffectedAreaEntered e => state with { ToldAt = Later(e.At) },
            AffectedAreaLeft e => state with { ToldAt = Later(e.At) },
            NeedsAssessed e => state with { Assessed = e },
            FitToTravelAssessed e => state with { Examined = Examined.Insert(Examined.Count(before => before.At <= e.At), e) },
            AidNeedOpened e => state with { AidNeeds = AidNeeds.Add(new(e.NeedId, e.Kind, e.At)) },
            AidAllocated e => state with { AidNeeds = [.. AidNeeds.Select(need => need.Id == e.NeedId ? need with { Stock = e.StockId } : need)] },
            AidNeedClosed e => state with { AidNeeds = [.. AidNeeds.Select(need => need.Id == e.NeedId ? need with { Closed = true } : need)] },
            AidDelivered e => state with { AidNeeds = [.. AidNeeds.Select(need => need.Id == e.NeedId ? need with { Delivered = true } : need)] },
            ReferralOffered e => state with { Referrals = Referrals.Add(new(e.ReferralId, e.Agency, e.Concern, e.DueAt, e.At, ReferralState.Offered)) },
            ReferralAccepted e => state.Referral(e.ReferralId, ReferralState.Accepted),
            ReferralDeclined e => state.Referral(e.ReferralId, ReferralState.Declined),
            ReferralOverdue e => state.Referral(e.ReferralId, ReferralState.Overdue),
            ReferralWithdrawn e => state.Referral(e.ReferralId, ReferralState.Withdrawn),
            BestInterestsDecided e => state with { BestInterests = e, SeparationSeen = true },
            _ => state,
        };
    }

    /// <summary>What rule P may look at, and nothing else; null where nothing is known (any more).</summary>
    public Triage.Needs? Needs => !Forms.Any() ? null : new(
        Registrations.Min(told => told.Since),
        Age,
        Unaccompanied: Unaccompanied || Alone.IsReported,
        Specific: Specific,
        Mobility: Forms.Max(form => form.Mobility switch
        {
            Contracts.Mobility.Stretcher => Mobility.Stretcher,
            Contracts.Mobility.Wheelchair => Mobility.Wheelchair,
            _ => Mobility.None,
        }),
        Now: Now,
        Danger: LooksTrafficked ? Dangers.Trafficked : Dangers.None,
        InAffectedArea: Exposure.Any);

    /// <summary>The same without what only a token's holder told since somebody spoke to the person; null where it is the same.</summary>
    public Triage.Needs? NeedsAsHeard => !Seen.AsksForMore ? null
        : (this with { Registrations = [.. Registrations.Select(told => told with { Form = Seen.Before(told.Id) ?? told.Form })] }).Needs;

    /// <inheritdoc cref="Childhood.IsChildOn(DateOnly)"/>
    public bool IsChildOn(DateTimeOffset day) => Childhood.IsChildOn(day);

    /// <inheritdoc cref="Childhood.IsAdultOn(DateOnly)"/>
    public bool IsAdultOn(DateTimeOffset day) => Childhood.IsAdultOn(day);

    /// <summary>A child without anybody who answers for them.</summary>
    public bool IsAloneAsAChild => MergedInto is null && Forms.Any() && IsChildAsRegistered && Alone.IsAlone(Ties);

    private bool IsChildAsRegistered => IsChildOn(Registrations.Min(told => told.At));

    /// <summary>The report of a child alone that nobody has answered with an assessment.</summary>
    public ChildSeparationReported? AwaitsAssessment => Erased || MergedInto is not null || SeparationSeen ? null : Separation;

    /// <summary>What agencies can be asked to look into, in their own codes.</summary>
    public IEnumerable<string> Concerns
    {
        get
        {
            if (MergedInto is not null || !Forms.Any()) yield break;
            var nationalities = Forms.SelectMany(form => new[] { form.Nationality, form.SecondNationality }).ToHashSet();
            // A fear that another told refers them nowhere: the agency that told it would learn by the referral whom it guessed.
            if (Heard.Now.Count > 0 || nationalities.Overlaps(["XXB", "XXC"])) yield return "asylum";
            if (nationalities.Contains("XXA")) yield return "statelessness";
            if (LooksTrafficked) yield return "trafficking";
            if (Has(SpecificNeeds.SC | SpecificNeeds.CR) || IsAloneAsAChild) yield return "child_protection";
            if (Has(SpecificNeeds.SM) || Now.HasFlag(NeedsNow.Medical)) yield return "medical";
            if (Has(SpecificNeeds.FU)) yield return "family_links";
        }
    }

    private IEnumerable<Registration> Forms => Erased ? [] : Registrations.Select(told => told.Form).OfType<Registration>();

    private bool IsHome(string? country) => country is not null && Forms
        .SelectMany(form => new[] { form.Nationality, form.SecondNationality }).OfType<string>()
        .Any(nationality => Jurisdictions.Whole(nationality) == Jurisdictions.Whole(country));

    // A household reference is no tie: a child is with those who are told to answer for them, and with nobody else.
    private bool Unaccompanied => InHousehold ? !Ties.Any(TieStanding.Declared) : Forms.All(form => form.HouseholdReference is null);

    // That a child is alone holds until somebody sees that it is over, whatever the forms say meanwhile; that they are a child remains.
    private SpecificNeeds Specific
    {
        get
        {
            var said = Flags<SpecificNeeds>(Forms.SelectMany(form => form.SpecificNeeds));
            if (!Alone.IsCoded) return said & ~SpecificNeeds.SC;
            return Forms.Any() && IsChildAsRegistered ? said | SpecificNeeds.SC : said;
        }
    }

    private NeedsNow Now => Flags<NeedsNow>(Forms.SelectMany(form => form.NeedsNow));

    // The youngest age where any says child, otherwise the oldest: both move the person forward, never back.
    private int? Age
    {
        get
        {
            var ages = Registrations.Where(told => told.Form?.BirthDate is not null).Select(told => told.Form!.BirthDate!.Value.AtLeastYearsOn(Day(told.At))).ToArray();
            return ages.Length == 0 ? null : ages.Min() < 18 ? Math.Max(0, ages.Min()) : ages.Max();
        }
    }

    // An employer who keeps the passport of somebody who needs protection is a sign of forced labour (ILO indicators); a
    // sign is enough for help (rule T). Notes are for people to read, not for this rule.
    private bool LooksTrafficked =>
        Forms.Any(form => form.Document?.Status == DocumentStatus.WithheldByEmployer) && (Now.HasFlag(NeedsNow.Protection) || Has(SpecificNeeds.LP));

    private bool Has(SpecificNeeds any) => (Specific & any) != SpecificNeeds.None;

    private PersonInNeed With(Told told) => this with { Registrations = Registrations.Add(told), ToldAt = Later(told.At) };

    private PersonInNeed Without(IReadOnlyList<Guid> registrations, DateTimeOffset at) =>
        this with { Registrations = Registrations.RemoveAll(told => registrations.Contains(told.Id)), ToldAt = Later(at) };

    private PersonInNeed Referral(Guid id, ReferralState answer) =>
        this with { Referrals = [.. Referrals.Select(referral => referral.Id == id ? referral with { State = answer } : referral)] };

    private DateTimeOffset Later(DateTimeOffset at) => at > ToldAt ? at : ToldAt;

    private static DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static T Flags<T>(IEnumerable<string> codes) where T : struct, Enum =>
        (T)(object)codes.Aggregate(0, (all, code) => code.All(char.IsAsciiLetter) && Enum.TryParse<T>(code, ignoreCase: true, out var flag) ? all | (int)(object)flag : all);

    /// <param name="At">When they told it.</param>
    private sealed record Told(Guid Id, Registration? Form, DateTimeOffset At)
    {
        /// <summary>Since when they wait.</summary>
        public DateTimeOffset Since { get; init; }
    }
}

/// <summary>A need that aid can meet, and how far it has come.</summary>
internal sealed record AidNeed(Guid Id, string Kind, DateTimeOffset OpenedAt, Guid? Stock = null, bool Delivered = false, bool Closed = false)
{
    public string State => Closed ? "closed" : Delivered ? "delivered" : Stock is null ? "open" : "allocated";
}

/// <summary>A referral, and what the agency made of it.</summary>
internal sealed record Referral(Guid Id, string Agency, string? Concern, DateTimeOffset DueAt, DateTimeOffset OfferedAt, ReferralState State)
{
    /// <summary>The agency may still answer.</summary>
    public bool Unanswered => State is ReferralState.Offered or ReferralState.Overdue;
}

internal enum ReferralState { Offered, Accepted, Declined, Overdue, Withdrawn }
