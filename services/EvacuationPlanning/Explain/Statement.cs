using System.Text.Json.Serialization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using Mobility = CrisisCoordination.Contracts.Mobility;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>Whom a statement is about.</summary>
/// <param name="Who">person: the one asked about. companion: one who travels with them. everybody: all who travel together, or one of them
/// of whom it is not known or not to be known who.</param>
/// <param name="PersonId">Of the one person, where it is one and the reader may know who.</param>
internal sealed record Concern(string Who, Guid? PersonId = null)
{
    public const string Person = "person", Companion = "companion", Everybody = "everybody";

    public static Concern All { get; } = new(Everybody);

    public static Concern Of(Guid person, Guid asked) => new(person == asked ? Person : Companion, person);
}

/// <summary>What is said, where it is not a reason; reasons have their own codes.</summary>
internal static class StatementCode
{
    public const string Urgency = "urgency", Factor = "factor", SeatsHeld = "seats-held", UnderWay = "under-way", HasArrived = "arrived",
        Leg = "leg", BringDocument = "bring-document",
        TransportFull = "transport-full", TransportLacksRoom = "transport-lacks-room", NextPlanSeats = "next-plan-seats", WayIsOpen =
            "way-is-open", Order = "order",
        PlanSeated = "plan-seated", PlanLeftBehind = "plan-left-behind", PlanTransportsFull = "plan-transports-full", SeatLost =
            "seat-lost", WouldHelp = "would-help", Rules = "rules";

    public static IReadOnlyList<string> All { get; } =
    [
        Urgency, Factor, SeatsHeld, UnderWay, HasArrived, Leg, BringDocument, TransportFull, TransportLacksRoom, NextPlanSeats, WayIsOpen,
            Order,
        PlanSeated, PlanLeftBehind, PlanTransportsFull, SeatLost, WouldHelp, Rules,
    ];
}

/// <summary>One thing that is said about an evacuation, for a program to read; <see cref="ExplanationText"/> makes the sentences.</summary>
/// <param name="Parameters">The figures; which ones depends on the code.</param>
internal sealed record Statement(string Code, Concern Concerns, object Parameters)
{
    /// <summary>To the officer. It may name people, and is for nobody else.</summary>
    public string Officer { get; init; } = "";

    /// <summary>To the person asked about: it tells nothing private of anybody else.</summary>
    public string Person { get; init; } = "";

    /// <summary>Whether the person may hear what keeps somebody who travels with them.</summary>
    [JsonIgnore]
    public bool ToldOfCompanion { get; init; }
}

/// <summary>A number of spaces of each kind. A person who must be carried takes a wheelchair or stretcher space and one of <paramref
/// name="Carried"/>.</summary>
internal sealed record SpaceCounts(int Seats, int WheelchairSpaces, int StretcherSpaces, int Laps, int Carried, int Oxygen)
{
    public static SpaceCounts Of(Spaces spaces) =>
        new(spaces.Seats, spaces.Wheelchairs, spaces.Stretchers, spaces.Laps, spaces.Carried, spaces.Oxygen);

    /// <summary>What is free to somebody with that need: seats kept for escorts count only where an escort is among them.</summary>
    public static SpaceCounts Free(Spaces free, Spaces need) =>
        Of(Spaces.Most(need.Ordinary < need.Seats ? free : free with { Seats = Math.Min(free.Seats, free.Ordinary) }, default));
}

/// <summary>How many spaces are free on a transport and how many the group needs there.</summary>
internal sealed record Room(Guid TransportId, string Transport, DateTimeOffset DepartsAt, SpaceCounts Free, SpaceCounts Need, int People)
{
    public static Room On(Departure run, Spaces need, int people) =>
        new(run.Id, run.Code, run.DepartsAt, SpaceCounts.Free(run.Spaces, need), SpaceCounts.Of(need), people);

    /// <summary>Not one space is free of any kind that they need.</summary>
    [JsonIgnore]
    public bool IsFull => Kinds.Where(kind => kind.IsSpace && kind.Need > 0).All(kind => kind.Free == 0);

    /// <summary>The kinds that they need, with what is free of each.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, bool IsSpace, int Free, int Need)> Kinds => new[]
    {
        ("seat", true, Free.Seats, Need.Seats), ("wheelchair space", true, Free.WheelchairSpaces, Need.WheelchairSpaces),
        ("stretcher space", true, Free.StretcherSpaces, Need.StretcherSpaces), ("lap for an infant", false, Free.Laps, Need.Laps),
        ("place with oxygen", false, Free.Oxygen, Need.Oxygen), ("place for somebody who is carried", false, Free.Carried, Need.Carried),
    }.Where(kind => kind.Item4 > 0);
}

// What each code comes with. A code that is one of PublicReasonTexts comes with a ReasonFacts.
internal sealed record ReasonFacts(string? Country, IReadOnlyList<string> Transports, string? EventType, long? EventVersion);

internal sealed record UrgencyFacts(int Tier, int Score, int People, int OwnTier);

internal sealed record FactorFacts(string Factor, int Points);

internal sealed record SeatsFacts(Guid PlanId, string? Country, bool EndsAtHome, int Others);

internal sealed record LegFacts(
    int Leg, string Kind, string Transport, string From, string To, DateTimeOffset DepartsAt, DateTimeOffset ArrivesAt, Mobility? Space,
        bool OnLap, int? MinutesToChange);

internal sealed record PaperFacts(string Document, DateOnly? ValidUntil, string Transport);

/// <param name="GroupsBefore">Those that come before and hold no seats: whoever of them can travel gets a space first.</param>
/// <param name="OtherPeople">All others who wait or hold seats in any crisis: more than these cannot take a space.</param>
internal sealed record OpenWayFacts(IReadOnlyList<Room> Transports, int GroupsBefore, int OtherPeople);

internal sealed record OrderFacts(int Before, int BeforeWithSeats, int Groups);

/// <param name="Reason">null: they got seats.</param>
internal sealed record PlanFacts(Guid PlanId, DateTimeOffset At, string? Reason);

internal sealed record PlanFullFacts(Guid PlanId, int Full, int AllMoreUrgent);

internal sealed record SeatLostFacts(Guid TransportId, string Transport, string Reason, DateTimeOffset At);

internal sealed record HelpFacts(IReadOnlyList<ChangeShown> Changes, IReadOnlyList<LegShown> Then, int GroupsBefore);

internal sealed record RulesFacts(string Plan, string? Urgency);
