using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.EvacuationPlanning.Planning;

/// <summary>Infant: under 2, on an adult's lap. Child: under 18.</summary>
public enum Age
{
    Adult,
    Child,
    Infant,
}

/// <summary>A single-journey document: opens its destination and the transits it names, nothing else.</summary>
public sealed record EmergencyDocument(string Destination, ImmutableArray<string> Transits, DateOnly ValidUntil)
{
    internal bool Opens(string? country, DateOnly on) =>
        country is not null && on <= ValidUntil && (country == Destination || Transits.Contains(country));
}

/// <summary>
/// One person, with only what decides whether and how they may travel. Countries are alpha-3 codes.
/// What is left out is the answer that keeps the person safe: no consent, no document.
/// </summary>
public sealed record Traveller(Guid PersonId, SpaceKind Space, Age Age)
{
    public bool Consent { get; init; }

    /// <summary>Of an integral part, the state it is part of: nationals enter by it.</summary>
    public ImmutableArray<string> Nationalities { get; init; } = [];

    /// <summary>States in control: no leg may end where any of them has a hand.</summary>
    public ImmutableArray<string> FearedCountries { get; init; } = [];

    /// <summary>They fear a state that was not named, and none is known to be theirs.</summary>
    public bool FearsEveryCountry { get; init; }

    /// <summary>Where they were last; null: nobody told, and they are where the group is. Told of those only who fear a state.</summary>
    public Position? Whereabouts { get; init; }

    /// <summary>Where they are as well by words of the same weight: told to be in two countries, they may be in either.</summary>
    public ImmutableArray<Position> AlsoToldAt { get; init; } = [];

    /// <summary>No word that counts tells where they are.</summary>
    public bool MayBeAnywhere { get; init; }

    /// <summary>The country where they are (<see cref="Surroundings"/>): also who fears it may set out from there. Null: not known.</summary>
    public string? IsIn { get; init; }

    /// <summary>The point where they stand, or where a transport takes them that they are on; null: at none that is known.</summary>
    public string? IsAt { get; init; }

    internal bool FearsAny => FearsEveryCountry || !FearedCountries.IsEmpty;

    /// <summary>Last day on which their own passport is valid; null without one.</summary>
    public DateOnly? DocumentValidUntil { get; init; }

    public EmergencyDocument? EmergencyDocument { get; init; }

    /// <summary>Somebody keeps their passport: only an emergency document takes them across a border.</summary>
    public bool ExitBarrier { get; init; }

    /// <summary>Something that no document clears keeps them from leaving: a missing exit permit, an employer, a debt, a checkpoint, a cell.</summary>
    public bool HeldBack { get; init; }

    /// <summary>Last day on which they must not be moved, as a health worker said; null where nobody said so.</summary>
    public DateOnly? UnfitThrough { get; init; }

    /// <summary>Last day for which a health worker said that they are fit to travel; null where nobody set an end.</summary>
    public DateOnly? FitThrough { get; init; }

    /// <summary>Unaccompanied or separated from those who care for them.</summary>
    public bool IsUnaccompanied { get; init; }

    /// <summary>The adults who answer for this child, declared or confirmed: enough to plan with.</summary>
    public ImmutableArray<Guid> AnsweredBy { get; init; } = [];

    /// <summary>Those of them whom an officer or a gate saw with the child: nobody else boards with them.</summary>
    public ImmutableArray<Tie> ConfirmedBy { get; init; } = [];

    /// <summary>Nobody has recorded when they were born: they travel as an adult, and no child boards with them.</summary>
    public bool IsOfUnknownAge { get; init; }

    /// <summary>The household is from before it was recorded who answers for a child: to plan with, any adult of it does.</summary>
    public bool AnsweredByHousehold { get; init; }

    /// <summary>Records of the same person, by which a child may know this adult.</summary>
    public ImmutableArray<Guid> StandsFor { get; init; } = [];

    /// <summary>The adult of the same group who travels with this child.</summary>
    public Guid? EscortId { get; init; }

    /// <summary>The other records that the escort's one stood for when they were named; null where that was not recorded.</summary>
    public ImmutableArray<Guid>? EscortSeenAs { get; init; }

    public bool BestInterestsDecision { get; init; }

    /// <summary>Needs oxygen on the way.</summary>
    public bool NeedsOxygen { get; init; }

    internal bool IsMinor => Age is not Age.Adult;
}

/// <summary>
/// Whose turn it is (rule P): tier, then score, then who waited longest; the id only makes the order total.
/// Nothing else about a group may enter here.
/// </summary>
public readonly record struct Turn(int Tier, int Score, DateTimeOffset WaitingSince, Guid GroupId)
{
    public static IComparer<Turn> Order { get; } = Comparer<Turn>.Create((left, right) =>
        left.Tier != right.Tier ? left.Tier.CompareTo(right.Tier)
        : left.Score != right.Score ? right.Score.CompareTo(left.Score)
        : left.WaitingSince != right.WaitingSince ? left.WaitingSince.CompareTo(right.WaitingSince)
        : left.GroupId.CompareTo(right.GroupId));
}

/// <summary>Those who travel together or not at all: a household, or a child with the escort, or one person alone (rule F).</summary>
public sealed record Group(
    Guid Id, ImmutableArray<Traveller> Travellers, int Tier, int Score, DateTimeOffset WaitingSince, Position? Start)
{
    public Turn Turn => new(Tier, Score, WaitingSince, Id);

    public int Souls => Travellers.Length;

    /// <summary>The spaces they need on every leg: each adult in a seat takes one infant on the lap, any further infant a seat.</summary>
    public Spaces Need
    {
        get
        {
            var all = default(Spaces);
            var (infants, laps, oxygen) = (0, 0, 0);
            foreach (var traveller in Travellers)
            {
                all += Spaces.One(traveller.Space);
                if (traveller.NeedsOxygen) oxygen++;
                if (traveller.Space is not SpaceKind.Seat) continue;
                if (traveller.Age is Age.Infant) infants++;
                if (traveller.Age is Age.Adult) laps++;
            }
            var held = Math.Min(infants, laps);
            return all with { Seats = all.Seats - held, Ordinary = all.Ordinary - held - Escorts.Count, Laps = held, Oxygen = oxygen };
        }
    }

    /// <summary>
    /// Who may have a seat that is kept for escorts: the adult who travels with an unaccompanied child, and for each person on a
    /// stretcher one adult who sits beside them.
    /// </summary>
    public IReadOnlySet<Guid> Escorts
    {
        get
        {
            var (stretchers, alone) = (0, false);
            foreach (var traveller in Travellers)
            {
                if (traveller.Space is SpaceKind.Stretcher) stretchers++;
                alone |= traveller is { IsMinor: true, IsUnaccompanied: true, EscortId: not null };
            }
            if (stretchers == 0 && !alone) return FrozenSet<Guid>.Empty;
            var adults = Travellers.Where(traveller => traveller is { Age: Age.Adult, Space: SpaceKind.Seat }).Select(traveller => traveller.PersonId).Order().ToList();
            var escorts = adults.Where(adult => Travellers.Any(child => child is { IsMinor: true, IsUnaccompanied: true } && child.EscortId == adult)).ToHashSet();
            escorts.UnionWith(adults.Where(adult => !escorts.Contains(adult)).Take(stretchers));
            return escorts;
        }
    }

    /// <summary>Whether the country, or the state that it is an integral part of, must let every one of them in.</summary>
    internal bool IsHome(string country) => Homes.Contains(Jurisdictions.Whole(country));

    /// <summary>Countries that must let every one of them in.</summary>
    internal ImmutableArray<string> Homes => Travellers is [var first, ..]
        ? [.. first.Nationalities.Where(country => Travellers.All(traveller => traveller.Nationalities.Contains(country)))]
        : [];
}
