using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>What an explanation says, one statement after the other, each with whom it is about and its figures.</summary>
internal sealed class Statements(Outlook outlook, Explanation told, IReadOnlyList<Reason> reasons, Prospect? prospect, BesideFamily? family,
    Reader reader)
{
    // The earliest: who asks on the telephone does not hear forty transports out.
    private const int MostTransports = 6;

    // Of another's lot, what all must know who wait with them. The rest is told to that other alone.
    private static readonly string[] ToldOfAdults =
        ["no-consent", "no-usable-document", "child-without-escort", "no-best-interests-decision"];

    private readonly Guid asked = told.PersonId;
    private readonly IReadOnlyList<RecordedEvent> events = outlook.Told[told.PersonId];

    private int GroupsBefore => told.Position is { } order ? order.Before - order.BeforeWithSeats : 0;

    public static IReadOnlyList<Statement> Of(
        Outlook outlook, Explanation told, IReadOnlyList<Reason> reasons, Prospect? prospect, BesideFamily? family, Reader reader)
    {
        Func<Guid, string?> nameOf = reader.MayReadTimelines ? outlook.NameOf : _ => null;
        return [.. new Statements(outlook, told, reasons, prospect, family, reader).All()
            .Select(statement => ExplanationText.Complete(statement, told.PersonId, nameOf))];
    }

    private IEnumerable<Statement> All()
    {
        if (told.State is TravelState.Merged) return Reasons();
        return [.. Urgency(), .. Journey(), .. Lost(), .. Reasons(), .. Rooms(), .. OpenWay(), .. Order(), .. LastPlan(), .. Help(),
            new(StatementCode.Rules, Concern.All, new RulesFacts(told.RuleVersion, told.Urgency.RuleVersion))];
    }

    private IEnumerable<Statement> Urgency()
    {
        var urgency = told.Urgency;
        yield return new(StatementCode.Urgency, Together,
            new UrgencyFacts(urgency.GroupTier, urgency.People == 1 ? urgency.Score : urgency.GroupScore, urgency.People, urgency.Tier));
        foreach (var factor in urgency.Factors) yield return new(StatementCode.Factor, Concern.Of(asked, asked),
            new FactorFacts(factor.Code, factor.Points));
    }

    private IEnumerable<Statement> Journey()
    {
        if (told.Journey is not { } journey) yield break;
        yield return new(
            told.State switch
            {
                TravelState.Arrived => StatementCode.HasArrived,
                TravelState.UnderWay => StatementCode.UnderWay,
                _ =>
                StatementCode.SeatsHeld
            },
            Concern.Of(asked, asked), new SeatsFacts(journey.PlanId, journey.Country, journey.EndsAtHome, journey.TravelsWith.Count));
        foreach (var (index, leg) in journey.Legs.Index().Where(leg => leg.Item.State is not SeatState.Arrived))
        {
            yield return new(StatementCode.Leg, Concern.Of(asked, asked), new LegFacts(
                index + 1, leg.Kind, leg.TransportCode, leg.From.Name ?? leg.From.Code, leg.To.Name ?? leg.To.Code, leg.DepartsAt,
                    leg.ArrivesAt, leg.Space, leg.OnLap is true, leg.MinutesToChange));
            if (leg.Document is { } document) yield return new(StatementCode.BringDocument, Concern.Of(asked, asked),
                new PaperFacts(document, leg.DocumentValidUntil, leg.TransportCode));
        }
    }

    /// <summary>Seats that were given up since the person was seated last: there is nothing that replaces them.</summary>
    private IEnumerable<Statement> Lost()
    {
        if (told.State is TravelState.Arrived or TravelState.Erased) yield break;
        var codes = events.Select(e => e.Event).OfType<SeatHeld>().DistinctBy(held => held.TransportId)
            .ToDictionary(held => held.TransportId, held => held.TransportCode);
        foreach (var recorded in events.Reverse().TakeWhile(e => e.Event is not SeatHeld).Reverse())
            if (recorded.Event is SeatReleased or NoShow)
            {
                var (transport, why, of) = recorded.Event is SeatReleased released ? (released.TransportId, released.Reason, released.Of)
                    : (((NoShow)recorded.Event).TransportId, Transport.NoShowReason, asked);
                if (codes.TryGetValue(transport, out var code))
                    yield return About(StatementCode.SeatLost, why, of, known =>
                        new SeatLostFacts(transport, code, known, recorded.Event.At));
            }
    }

    private IEnumerable<Statement> Reasons() => reasons
        .GroupBy(reason => (Code: reader.Known(reason.Code), Of: reader.Known(reason.Code) == reason.Code ? reason.PersonId : null,
            Country: CountryOf(reason)))
        .Select(same => About(same.Key.Code, same.First().Code, same.First().PersonId, _ =>
        {
            var source = same.Key.Of is null && PublicReasonTexts.IsOfOne(same.First().Code) ? null
                : outlook.Told.TryGetValue(same.Key.Of ?? asked, out var whose)
                    ? Source.Of(Evidence.Of(same.First().Code, same.Key.Country, whose), reader) : null;
            return new ReasonFacts(same.Key.Country, [.. same.Select(reason => reason.Departure).OfType<string>()
                .Where(run => run.Length > 0).Distinct()], source?.Type, source?.Version);
        }));

    private string? CountryOf(Reason reason) => reason.Code == "no-seat" || reader.Known(reason.Code) != reason.Code ? null
        : reason.Country;

    private IEnumerable<Statement> Rooms()
    {
        var group = outlook.Group;
        var rooms = family is { Full: { } run } ? [Room.On(run, family.Need, family.People)]
            : reasons.Where(reason => reason.Code == "no-seat").Select(reason => reason.Departure).Distinct()
                .Select(code => outlook.Ways.Network.Legs.FirstOrDefault(leg => leg.Departure.Code == code)?.Departure).OfType<Departure>()
                // An adult who would have to come along may be what there is no room for.
                .Where(departure => !departure.Spaces.Hold(group.Need)).OrderBy(departure => departure.DepartsAt).Take(MostTransports)
                .Select(departure => Room.On(departure, group.Need, group.Souls));
        return rooms.Select(room => new Statement(room.IsFull ? StatementCode.TransportFull : StatementCode.TransportLacksRoom, Together,
            room));
    }

    /// <summary>
    /// Nothing keeps them: whether the next plan seats them is for the plan to say, unless there is more room than everybody else
    /// could take together, on this way or on a later one. Every plan fills room that is left, whoever is planned first.
    /// </summary>
    private IEnumerable<Statement> OpenWay()
    {
        if (told.State is not TravelState.Waiting || told.Position is not { } order || reasons.Count > 0) yield break;
        var (legs, need, people) = family is not null ? (family.Legs, family.Need, family.People) : prospect is { CouldGoNow: true }
            ? (prospect.Legs, outlook.Group.Need, outlook.Group.Souls) : ([], default, 0);
        if (legs.IsEmpty) yield break;
        // Beside a family there is only the family's way.
        var certain = family is null ? WhatWouldChange.CertainWay(outlook.Ways, outlook.Group, order.OtherPeople)
            : legs.All(leg => Ways.LeftBy(order.OtherPeople, leg.Departure.Spaces).Hold(need)) ? legs : [];
        yield return new(certain.IsEmpty ? StatementCode.WayIsOpen : StatementCode.NextPlanSeats, Together, new OpenWayFacts(
            [.. (certain.IsEmpty ? legs : certain).Select(leg => Room.On(leg.Departure, need, people))], GroupsBefore, order.OtherPeople));
    }

    private IEnumerable<Statement> Order()
    {
        if (told.Position is { } order) yield return new(StatementCode.Order, Together,
            new OrderFacts(order.Before, order.BeforeWithSeats, order.Groups));
    }

    private IEnumerable<Statement> LastPlan()
    {
        if (told.LastPlan is not { } plan) yield break;
        if (plan.Outcome == "seated") yield return new(StatementCode.PlanSeated, Concern.Of(asked, asked),
            new PlanFacts(plan.PlanId, plan.At, null));
        else if (events.Select(e => e.Event).OfType<LeftBehind>().LastOrDefault() is { } left)
            yield return About(StatementCode.PlanLeftBehind, left.Reason, left.Of, known => new PlanFacts(plan.PlanId, plan.At, known));
        if (plan is { Full: { } full, AllMoreUrgent: { } all }) yield return new(StatementCode.PlanTransportsFull, Together,
            new PlanFullFacts(plan.PlanId, full, all));
    }

    private IEnumerable<Statement> Help()
    {
        if (told.WouldChange is { } change)
            yield return new(StatementCode.WouldHelp, Together, new HelpFacts(change.Changes, change.Then, GroupsBefore))
            {
                ToldOfCompanion = change.Changes.Where(one => one.Code is WhatWouldChange.Consent).SelectMany(one => one.People)
                    .Where(id => id != asked).All(id => IsTold("no-consent", id)),
            };
    }

    private Concern Together => outlook.Household.Members.Length == 1 ? Concern.Of(asked, asked) : Concern.All;

    /// <summary>A statement that rests on a reason: who it is about is said as far as it is known, and may be known to the
    /// reader.</summary>
    private Statement About(string code, string reason, Guid? of, Func<string, object> facts)
    {
        var known = reader.Known(reason);
        var concerns = known != reason ? Concern.All
            : of is { } person && (PublicReasonTexts.IsOfOne(known) || person != asked) ? Concern.Of(person, asked)
            : Together;
        return new(code, concerns, facts(known))
        {
            ToldOfCompanion = concerns is { Who: Concern.Companion, PersonId: { } other }
            && IsTold(known, other)
        };
    }

    // Whoever answers for a child hears of it. What an adult did not agree to is told to nobody where telling may put them in danger.
    private bool IsTold(string code, Guid companion)
    {
        if (!outlook.Told.TryGetValue(companion, out var theirs)) return false;
        var member = outlook.Household.Members.FirstOrDefault(member => member.Id == companion);
        return member is not null && member.IsMinorOn(outlook.Day) && member.IsAnsweredBy(outlook.Person, TieStanding.Declared)
            || ToldOfAdults.Contains(code) && (code != "no-consent" || !theirs.Select(e => e.Event).OfType<NeedsAssessed>().Any(IsAtRisk))
            || !PublicReasonTexts.IsOfOne(code);
    }

    private static bool IsAtRisk(NeedsAssessed assessed) =>
        (assessed.Factors ?? []).Select(factor => factor.Split(' ', 2)[0])
            .Any(code => PriorityRule.IsRestricted(code) || code is "WR" or "LP");
}
