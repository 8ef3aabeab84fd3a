using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using Mobility = CrisisCoordination.Contracts.Mobility;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>An explanation as an officer reads it to the person on the telephone.</summary>
internal static class Telling
{
    public static IEnumerable<string> Of(Explanation told)
    {
        if (told.State is TravelState.Merged)
        {
            foreach (var reason in told.Reasons) yield return reason.Says;
            yield break;
        }
        yield return Urgency(told.Urgency);
        foreach (var factor in told.Urgency.Factors) yield return $"This counts: {factor.Says}";
        foreach (var sentence in told.Journey is { } journey ? Journey(journey, told) : []) yield return sentence;

        if (told.State is TravelState.Waiting)
        {
            yield return told.Reasons.Count == 0 ? "Nothing stands against you: the next plan can seat you." : "You have no seat yet. This is why.";
            foreach (var reason in told.Reasons) yield return reason.Transports.Count > 0 && reason.Code == "no-seat" ? $"{reason.Says} They are {string.Join(", ", reason.Transports)}." : reason.Says;
        }
        if (told.Position is { } position)
            yield return position.Before == 0 ? $"Nobody of {Count(position.Groups, "group")} comes before you."
                : $"{Count(position.Before, "group")} of {position.Groups} {(position.Before == 1 ? "comes" : "come")} before you, in the order of need, then of waiting; {position.BeforeWithSeats} of them {(position.BeforeWithSeats == 1 ? "has" : "have")} seats already.";
        if (told.LastPlan is { } plan)
            yield return plan.Outcome == "seated" ? $"The plan of {When(plan.At)} gave you seats."
                : $"The plan of {When(plan.At)} left you here{(plan.Reason is { } why ? $": {Lower(PlainWords.Of(why).Says)}" : ".")}"
                    + (plan is { Full: { } full, AllMoreUrgent: { } all } ? $" {Count(full, "transport")} had no room for all of you; on {all} of them everybody is more urgent than you." : "");
        if (told.WouldChange is { } change) yield return Change(change);
        yield return $"These are the rules {told.RuleVersion}{(told.Urgency.RuleVersion is { } rule ? $" and {rule}" : "")}. They know nothing of nationality, status or payment, except where a border asks for a document.";
    }

    internal static string Change(WouldChange change)
    {
        var what = string.Join(" and ", change.Changes.Select(one => one.Code switch
        {
            WhatWouldChange.Document when one.Destination is { } destination => string.Create(CultureInfo.InvariantCulture,
                $"with an emergency travel document for {Countries.Name(destination)}{(one.Transits.Count > 0 ? $" over {string.Join(" and ", one.Transits.Select(Countries.Name))}" : "")}, valid until {one.ValidUntil:d MMMM yyyy} at least{(one.People.Count > 1 ? $", for each of {one.People.Count} people" : "")},"),
            WhatWouldChange.PickUp when one.BroughtTo is { } point => $"if somebody brings you to {Name(point)}, {one.Kilometres} km away,",
            WhatWouldChange.Seats when one.Missing.Count > 0 => $"with {string.Join(" and ", one.Missing.Select(missing => $"{Spaces(missing)} more on {missing.Transport} from {missing.From}, which leaves on {When(missing.Before)}"))},",
            _ => one.Says + ",",
        }));
        var then = change.Then.Count == 0 ? "a way could be looked for again"
            : $"you could take {string.Join(", then ", change.Then.Select(leg => $"{leg.TransportCode} ({Name(leg.From)} to {Name(leg.To)}, {When(leg.DepartsAt)}, {Count(leg.Free?.Seats ?? 0, "seat")} free)"))}";
        return $"{char.ToUpperInvariant(what[0])}{what[1..]} {then}.";
    }

    private static string Urgency(UrgencyShown urgency) =>
        urgency.People == 1 ? $"You are in tier {urgency.Tier} of 5, {PlainWords.Tier(urgency.Tier)}, with {Count(urgency.Score, "point")}."
        : urgency.GroupTier == urgency.Tier ? $"You travel as {urgency.People}, and are together in tier {urgency.GroupTier} of 5, {PlainWords.Tier(urgency.GroupTier)}, with {Count(urgency.GroupScore, "point")}."
        : $"You travel as {urgency.People}. Somebody of you is in tier {urgency.GroupTier} of 5, {PlainWords.Tier(urgency.GroupTier)}, so that all of you are.";

    private static IEnumerable<string> Journey(JourneyShown journey, Explanation told)
    {
        yield return told.State switch
        {
            TravelState.Arrived => $"You have arrived{(journey.Country is { } country ? $" in {Countries.Name(country)}" : "")}.",
            TravelState.UnderWay => "You are under way.",
            _ => $"You have seats to {(journey.Country is { } country ? Countries.Name(country) : "the next point")}{(journey.EndsAtHome ? ", home" : "")}, {(journey.TravelsWith.Count == 0 ? "alone" : $"together with {Count(journey.TravelsWith.Count, "other")}")}.",
        };
        foreach (var (index, leg) in journey.Legs.Index())
        {
            if (leg.State is SeatState.Arrived) continue;
            var space = leg.OnLap is true ? "on the lap of an adult" : leg.Space switch { Mobility.Wheelchair => "in a wheelchair space", Mobility.Stretcher => "lying down", _ => "in a seat" };
            yield return $"{index + 1}. {leg.Kind} {leg.TransportCode} from {Name(leg.From)}, {When(leg.DepartsAt)}, to {Name(leg.To)}, there {When(leg.ArrivesAt)}, {space}"
                + (leg.MinutesToChange is { } minutes ? $", {minutes / 60} h {minutes % 60} min after the one before." : ".");
            if (leg.Document is { } document)
                yield return string.Create(CultureInfo.InvariantCulture, $"Bring {(document == "own" ? "your own travel document" : "your emergency travel document")}{(leg.DocumentValidUntil is { } until ? $", valid until {until:d MMMM yyyy}" : "")}: this leg crosses a border.");
        }
    }

    private static string Name(Stop stop) => stop.Name ?? stop.Code;

    private static string Spaces(SeatsMissing missing) => string.Join(", ", new[]
    {
        missing.Seats > 0 ? Count(missing.Seats, "seat") : null, missing.Wheelchairs > 0 ? Count(missing.Wheelchairs, "wheelchair space") : null, missing.Stretchers > 0 ? Count(missing.Stretchers, "stretcher space") : null,
        missing.Laps > 0 ? Count(missing.Laps, "lap") : null, missing.Oxygen > 0 ? Count(missing.Oxygen, "place") + " with oxygen" : null,
        missing is { Carried: > 0, Wheelchairs: 0, Stretchers: 0 } ? Count(missing.Carried, "place") + " for people who are carried" : null,
    }.OfType<string>());

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static string When(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
