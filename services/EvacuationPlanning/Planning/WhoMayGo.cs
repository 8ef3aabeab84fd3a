using System.Collections.Immutable;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>Why a group cannot go, as a plain code, with the person, country and departure concerned.</summary>
public sealed record Reason(string Code, Guid? PersonId = null, string? Country = null, string? Departure = null);

/// <summary>
/// The rules that no urgency, no empty seat and no office overrides: voluntariness (V), children (C),
/// non-refoulement (N), fitness, documents and entry. They ask about one group and one leg, so that a plan, a held seat
/// and a gate can all be asked the same question.
/// </summary>
public static class WhoMayGo
{
    internal sealed record LegRule(string Code, string WhenEveryWayIsBarred, Func<Traveller, Leg, bool> Bars)
    {
        /// <summary>With the country that it is about; of a fear the one where they may come to land.</summary>
        public Reason Against(Traveller traveller, Leg leg) => new(Code, traveller.PersonId, Bars == IsFeared ? FearedAt(traveller, leg)?.Country : leg.ToCountry, leg.Departure.Code);
    }

    private static readonly (string Code, Func<Group, Traveller, bool> Bars)[] GroupRules =
    [
        ("no-consent", (_, traveller) => !traveller.Consent),
        ("child-without-escort", (group, traveller) => IsAlone(group, traveller) && !HasEscort(group, traveller)),
        ("no-best-interests-decision", (group, traveller) => IsAlone(group, traveller) && !traveller.BestInterestsDecision),
        ("exit-barrier", (_, traveller) => traveller is { ExitBarrier: true, EmergencyDocument: null } or { HeldBack: true }),
    ];

    /// <summary>In the order in which people are told: danger before papers.</summary>
    internal static ImmutableArray<LegRule> LegRules { get; } =
    [
        new("fears-destination", "fears-every-destination", IsFeared),
        new(CountryToldByOne, CountryToldByOne, IsToldByOne),
        new("unfit-to-travel", "unfit-to-travel", IsUnfit),
        new("no-usable-document", "no-usable-document", LacksDocument),
        new("no-entry-right", "no-entry-right", LacksEntry),
    ];

    /// <summary>Every code that these rules can give.</summary>
    internal static IEnumerable<string> Codes => [.. GroupRules.Select(rule => rule.Code), .. LegRules.SelectMany(rule => (string[])[rule.Code, rule.WhenEveryWayIsBarred])];

    /// <summary>What keeps the group from any transport: everybody concerned by the first rule that does; empty when they may leave.</summary>
    public static ImmutableArray<Reason> KeptBy(Group group)
    {
        foreach (var (code, bars) in GroupRules)
            foreach (var traveller in group.Travellers)
                if (bars(group, traveller))
                    return [.. group.Travellers.Where(one => bars(group, one)).Select(one => new Reason(code, one.PersonId))];
        return [];
    }

    /// <summary>What keeps this one of the group from any transport; null when they may leave in this company.</summary>
    public static Reason? KeptBy(Group group, Traveller traveller)
    {
        foreach (var (code, bars) in GroupRules)
            if (bars(group, traveller))
                return new(code, traveller.PersonId);
        return null;
    }

    /// <summary>Why this leg is barred to the group; null when they may take it.</summary>
    public static Reason? BarredFrom(Group group, Leg leg)
    {
        foreach (var rule in LegRules)
            foreach (var traveller in group.Travellers)
                if (rule.Bars(traveller, leg))
                    return rule.Against(traveller, leg);
        return null;
    }

    /// <summary>Everything that keeps this one of the group from the leg; they may take it when there is nothing.</summary>
    public static ImmutableArray<Reason> AgainstTaking(Group group, Traveller traveller, Leg leg) =>
    [
        .. GroupRules.Where(rule => rule.Bars(group, traveller)).Select(rule => new Reason(rule.Code, traveller.PersonId)),
        .. LegRules.Where(rule => rule.Bars(traveller, leg)).Select(rule => rule.Against(traveller, leg)),
    ];

    /// <summary>The code for a way of which one account alone told where it goes.</summary>
    public const string CountryToldByOne = "country-told-by-one";

    /// <summary>The code for a child whom nobody has seen with the adult who is said to answer for them.</summary>
    public const string GuardianNotConfirmed = "guardian-not-confirmed";

    /// <summary>What keeps a child from boarding beside what keeps them from a plan: no confirmed adult of the group, nor an escort.</summary>
    public static Reason? NotSeenTogether(Group group, Guid person)
    {
        var traveller = group.Travellers.Single(one => one.PersonId == person);
        return !traveller.IsMinor || HasEscort(group, traveller) && traveller.BestInterestsDecision || WasSeenWithOneOf(group, traveller)
            ? null : new(GuardianNotConfirmed, person);
    }

    // A child in a group without an adult who answers for them is alone, whatever household was named.
    private static bool IsAlone(Group group, Traveller traveller) => traveller.IsMinor
        && (traveller.IsUnaccompanied || !AnswersFor(group, traveller, traveller.AnsweredBy) && !(traveller.AnsweredByHousehold && group.Travellers.Any(other => !other.IsMinor)));

    // By the very record that was seen, with all that it stands for now: a merge makes nobody a guardian.
    private static bool WasSeenWithOneOf(Group group, Traveller child) => group.Travellers.Any(other =>
        other is { IsMinor: false, IsOfUnknownAge: false } && child.ConfirmedBy.Any(tie => Ties.IsSeen(tie, other.PersonId, other.StandsFor)));

    private static bool AnswersFor(Group group, Traveller child, ImmutableArray<Guid> adults)
    {
        if (adults.IsEmpty) return false;
        foreach (var other in group.Travellers)
            if (!other.IsMinor && (adults.Contains(other.PersonId) || other.StandsFor.Any(adults.Contains))) return true;
        return false;
    }

    // All of a group take the same departures, so an escort inside the group is an escort on every one of them. Whose record was
    // merged with another one since is no more the one whom the decision names.
    private static bool HasEscort(Group group, Traveller child) => group.Travellers.Any(other =>
        other.PersonId == child.EscortId && other is { IsMinor: false, IsOfUnknownAge: false }
        && (child.EscortSeenAs is not { } seen || other.StandsFor.All(one => seen.Contains(one))));

    /// <summary>Whether they may set out from there: nobody goes into a country that they fear to leave from it, but who is there may.</summary>
    internal static bool MayStartIn(Traveller traveller, string? country) =>
        !traveller.FearsAny || (country is not null && country == traveller.IsIn) || !IsFeared(traveller, new Place(country));

    // A leg through a country lands in it first, so looking at where each leg lands covers transits too. One that is not known,
    // or where no known state rules, may be the one they fear. Moving away from danger inside a country of the crisis is no
    // return to it, for whoever is there.
    private static bool IsFeared(Traveller traveller, Leg leg) => FearedAt(traveller, leg) is not null;

    private static Place? FearedAt(Traveller traveller, Leg leg)
    {
        if (!traveller.FearsAny) return null;
        foreach (var place in leg.Landings)
            if (!(place.InCrisis && place.Country == leg.Origin && leg.OriginPerhaps is null && place.Country == traveller.IsIn) && IsFeared(traveller, place))
                return place;
        // Who stands there, or comes there with the leg before, which is asked about where it ends, is sent nowhere to set out.
        if (traveller.IsAt == leg.Departure.From) return null;
        if (leg.Origin is { } origin && !MayStartIn(traveller, origin)) return new Place(origin);
        return leg.OriginPerhaps is { } perhaps && !MayStartIn(traveller, perhaps) ? new Place(perhaps) : null;
    }

    // One account that errs or lies would carry them there: whoever fears any state waits until a second one has told the same.
    private static bool IsToldByOne(Traveller traveller, Leg leg) =>
        leg.ToldByOne && (traveller.FearsEveryCountry || !traveller.FearedCountries.IsEmpty);

    private static bool IsFeared(Traveller traveller, Place place)
    {
        if (traveller.FearsEveryCountry) return true;
        var states = place.States;
        if (states.Count == 0) return true;
        foreach (var state in traveller.FearedCountries)
            if (states.Contains(state)) return true;
        return false;
    }

    // Nobody must be assessed; of whom was, the words of the health worker hold on every leg, also away from danger.
    private static bool IsUnfit(Traveller traveller, Leg leg) => leg.DepartsOn <= traveller.UnfitThrough || leg.ArrivesOn > traveller.FitThrough;

    private static bool LacksDocument(Traveller traveller, Leg leg)
    {
        if (!leg.CrossesBorder) return false;
        var own = !traveller.ExitBarrier && leg.ArrivesOn <= traveller.DocumentValidUntil;
        return !own && traveller.EmergencyDocument?.Opens(leg.Destination ?? leg.ToCountry, leg.ArrivesOn) is not true;
    }

    // The country reached straight from the crisis is a first refuge and takes everyone; from there only one's own does.
    // A territory lets its holder's nationals in by rules of its own, so only an integral part counts as the state.
    private static bool LacksEntry(Traveller traveller, Leg leg) =>
        leg is { CrossesBorder: true, FromCountry: not null, EntersAs: { } nationality } && !traveller.Nationalities.Contains(nationality);
}
