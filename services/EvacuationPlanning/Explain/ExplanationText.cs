using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.Triage;
using Mobility = CrisisCoordination.Contracts.Mobility;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>The sentence of each statement: one wording for the officer, one for the person.</summary>
/// <param name="officer">For whom.</param>
/// <param name="asked">The person asked about.</param>
/// <param name="nameOf">The name of somebody, where the officer may know it.</param>
internal sealed class ExplanationText(bool officer, Guid asked, Func<Guid, string?> nameOf)
{
    private static readonly string[] Tiers =
    [
        "", "in immediate danger to life", "unable to survive or flee without help", "at heightened risk", "in an area that is exposed",
            "not in particular danger as far as we know",
    ];

    // What has to happen, as said to the officer, and to the person of somebody who travels with them where it is that one's own affair.
    private static readonly Dictionary<string, string> Changes = new()
    {
        [WhatWouldChange.Consent] = "with the consent of everybody who travels, or of a child's guardian",
        [WhatWouldChange.Escort] = "with a best-interests decision that names an adult who travels with the child",
        [WhatWouldChange.BestInterests] = "with a best-interests decision that lets the child leave",
        [WhatWouldChange.Barrier] = "once nothing keeps them from leaving any more",
        [WhatWouldChange.Fit] = "once a health worker says that they are fit to travel",
        [WhatWouldChange.Document] = "with an emergency travel document",
        [WhatWouldChange.PickUp] = "if somebody brings them",
        [WhatWouldChange.Position] = "once it is known where they are",
        [WhatWouldChange.Seats] = "with more seats",
        [WhatWouldChange.Transport] = "with a transport that leads elsewhere",
    };

    /// <summary>Both sentences are in it.</summary>
    public static Statement Complete(Statement statement, Guid asked, Func<Guid, string?> nameOf) => statement with
    {
        Officer = new ExplanationText(true, asked, nameOf).Of(statement),
        Person = new ExplanationText(false, asked, nameOf).Of(statement),
    };

    public static string Change(string code) => Changes[code];

    private string Of(Statement statement) => (statement.Code, statement.Parameters) switch
    {
        (_, ReasonFacts) => Reason(statement.Code, statement),
        (_, UrgencyFacts facts) => Urgency(facts),
        (_, FactorFacts facts) => $"This counts: {PriorityRule.Factors.First(factor => factor.Code == facts.Factor).Sentence}",
        (StatementCode.HasArrived, SeatsFacts facts) =>
            $"{For("You have", "The person has")} arrived{(facts.Country is { } country ? $" in {Countries.Name(country)}" : "")}.",
        (StatementCode.UnderWay, SeatsFacts) => $"{For("You are", "The person is")} under way.",
        (_, SeatsFacts facts) =>
            $"{For("You have", "The person has")} seats to {(facts.Country is { } country ? Countries.Name(country) : "the next point")}"
            + $"{(facts.EndsAtHome ? ", home" : "")}, {(facts.Others == 0 ? "alone" : $"together with {Count(facts.Others, "other")}")}.",
        (_, LegFacts facts) => Leg(facts),
        (_, PaperFacts facts) => Paper(facts),
        (StatementCode.TransportFull, Room room) =>
            $"{room.Transport} is full: it has no {Or(room.Kinds.Where(kind => kind.IsSpace).Select(kind => kind.Name))} free.",
        (_, Room room) => $"{Free(room)} free; {Need(room)}.",
        (StatementCode.NextPlanSeats, OpenWayFacts facts) =>
            $"Nothing stands against {Them}: {Free(facts)}, more than the "
            + $"{Count(facts.OtherPeople, "other person", "other people")} who could take them. The next plan can seat {Them}.",
        (_, OpenWayFacts facts) => $"No rule stands against {Them}, and {Free(facts)}. {First(facts.GroupsBefore)}",
        (_, OrderFacts { Before: 0 } facts) => $"Nobody of {Count(facts.Groups, "group")} comes before {Them}.",
        (_, OrderFacts facts) =>
            $"{Count(facts.Before, "group")} of {facts.Groups} {(facts.Before == 1 ? "comes" : "come")} before {Them}, in the order of need, then of waiting; "
            + $"{facts.BeforeWithSeats} of them {(facts.BeforeWithSeats == 1 ? "has" : "have")} seats already.",
        (_, PlanFacts { Reason: null } facts) => $"The plan of {When(facts.At)} gave {Them} seats.",
        (_, PlanFacts { Reason: { } reason } facts) =>
            $"The plan of {When(facts.At)} left {Them} here. The reason then: {Reason(reason, statement)}",
        (_, PlanFullFacts facts) =>
            $"By that plan {Count(facts.Full, "transport")} had no room for all {For("of you", "who travel together")}; "
            + $"on {facts.AllMoreUrgent} of them everybody is more urgent.",
        (_, SeatLostFacts facts) =>
            $"{For("Your", "Their")} seat on {facts.Transport} was given up on {When(facts.At)}. "
            + $"The reason: {Reason(facts.Reason, statement)}",
        (_, HelpFacts facts) => Help(facts, statement),
        (_, RulesFacts facts) => $"These are the rules {facts.Plan}{(facts.Urgency is { } urgency ? $" and {urgency}" : "")}. "
            + "They know nothing of nationality, status or payment, except where a border asks for a document.",
        _ => throw new ArgumentOutOfRangeException(nameof(statement), statement.Code, "No such statement."),
    };

    private string Reason(string code, Statement statement) => officer
        ? PublicReasonTexts.ForOfficer(code, statement.Concerns, nameOf)
            : PublicReasonTexts.ForPerson(code, statement.Concerns, statement.ToldOfCompanion);

    private string Urgency(UrgencyFacts facts) => facts switch
    {
        { People: 1 } =>
            $"{For("You are", "The person is")} in tier {facts.Tier} of 5, {Tiers[facts.Tier]}, with {Count(facts.Score, "point")}.",
        _ when facts.Tier == facts.OwnTier =>
            $"{For("You travel", "They travel")} as {facts.People}, and are together in tier {facts.Tier} of 5, "
            + $"{Tiers[facts.Tier]}, with {Count(facts.Score, "point")}.",
        _ => $"{For("You travel", "They travel")} as {facts.People}. "
            + $"Somebody of {Them} is in tier {facts.Tier} of 5, {Tiers[facts.Tier]}, so that all of {Them} are.",
    };

    private static string Leg(LegFacts facts)
    {
        var space = facts.OnLap ? "on the lap of an adult"
            : facts.Space switch { Mobility.Wheelchair => "in a wheelchair space", Mobility.Stretcher => "lying down", _ => "in a seat" };
        return $"{facts.Leg}. {facts.Kind} {facts.Transport} from {facts.From}, {When(facts.DepartsAt)}, "
            + $"to {facts.To}, there {When(facts.ArrivesAt)}, {space}"
            + (facts.MinutesToChange is { } minutes ? $", {minutes / 60} h {minutes % 60} min after the one before." : ".");
    }

    private string Paper(PaperFacts facts)
    {
        var whose = facts.Document == "own" ? For("your own travel document", "their own travel document")
            : For("your emergency travel document", "their emergency travel document");
        var until = facts.ValidUntil is { } day ? $", valid until {Day(day)}" : "";
        return $"{For("Bring", "They must bring")} {whose}{until}: {facts.Transport} crosses a border.";
    }

    private static string Free(OpenWayFacts facts) => string.Join(" and ", facts.Transports.Select(room => $"{Free(room)} free"));

    private static string Free(Room room) =>
        $"{room.Transport} has "
        + string.Join(" and ", Lacking(room).Select(kind => kind.Free == 0 ? $"no {kind.Name}" : Count(kind.Free, kind.Name)));

    // Of what is lacking; where nothing is, of all that is needed.
    private static List<(string Name, bool IsSpace, int Free, int Need)> Lacking(Room room) =>
        room.Kinds.Where(kind => kind.Free < kind.Need).ToList() is { Count: > 0 } lacking ? lacking
            : [.. room.Kinds.Where(kind => kind.IsSpace)];

    private string Need(Room room) => Lacking(room) is [("seat", _, _, var seats)] && seats == room.People
        ? $"{For("you are", "they are")} {room.People} who travel together"
        : $"{For("you need", "they need")} {string.Join(" and ", Lacking(room).Select(kind => Count(kind.Need, kind.Name)))}";

    private string First(int groups) => groups == 0 ? $"No group without a seat comes before {Them}."
        : $"{Count(groups, "group")} without a seat {(groups == 1 ? "comes" : "come")} before {Them} and could take these spaces first.";

    private string Help(HelpFacts facts, Statement statement)
    {
        var what = string.Join(" and ", facts.Changes.Select(one => Change(one, statement)).Distinct());
        var way = string.Join(", then ", facts.Then.Select(leg =>
            $"{leg.TransportCode} ({Name(leg.From)} to {Name(leg.To)}, {When(leg.DepartsAt)}, {Count(leg.Free?.Seats ?? 0, "seat")} free)"));
        var before = facts.GroupsBefore == 1 ? $"the one group without a seat that comes before {Them} leaves"
            : $"the {facts.GroupsBefore} groups without a seat that come before {Them} leave";
        var then = facts.Then.Count == 0 ? "a way could be looked for again"
            : $"{They} could take {way}{(facts.GroupsBefore == 0 ? "" : $", as far as {before} room")}";
        return $"{PublicReasonTexts.Capital(what)} {then}.";
    }

    private string Change(ChangeShown one, Statement statement)
    {
        var over = one.Transits.Count > 0 ? $" over {string.Join(" and ", one.Transits.Select(Countries.Name))}" : "";
        var those = one.People.Count > 1 ? $", for each of {one.People.Count} people" : "";
        if (officer && one.People.Count > 0 && one.Code is not WhatWouldChange.Document)
        {
            var whose = one.People.Select(id => id == asked ? "the person" : nameOf(id) ?? "somebody who travels with them");
            return $"{Changes[one.Code]} ({string.Join(", ", whose.Distinct())}),";
        }
        return one.Code switch
        {
            WhatWouldChange.Document when one.Destination is { } destination =>
                $"with an emergency travel document for {Countries.Name(destination)}{over}, valid until {Day(one.ValidUntil!.Value)} at least{those},",
            WhatWouldChange.PickUp when one.BroughtTo is { } point =>
                $"if somebody brings {Them} to {Name(point)}, {one.Kilometres} km away,",
            WhatWouldChange.Position => $"once it is known where {They} are,",
            WhatWouldChange.Seats when one.Missing.Count > 0 =>
                $"with {string.Join(" and ", one.Missing.Select(missing =>
                    $"{Spaces(missing)} more on {missing.Transport} from {missing.From}, which leaves on {When(missing.Before)}"))},",
            WhatWouldChange.Barrier or WhatWouldChange.Fit when !officer => one.People.Any(id => id != asked)
                ? "once all of you can leave," : one.Code is WhatWouldChange.Fit ? "once a health worker says that you are fit to travel,"
                    : "once nothing keeps you from leaving any more,",
            WhatWouldChange.Consent when !officer => one.People is [var only] && only == asked
                ? "once you agree to be evacuated," : statement.ToldOfCompanion ? "with the consent of everybody who travels,"
                    : "once all of you can leave,",
            _ => Changes[one.Code] + ",",
        };
    }

    private string Them => officer ? "them" : "you";

    private string They => officer ? "they" : "you";

    private string For(string person, string theOfficer) => officer ? theOfficer : person;

    private static string Name(Stop stop) => stop.Name ?? stop.Code;

    private static string Spaces(SeatsMissing missing) => string.Join(", ", new[]
    {
        missing.Seats > 0 ? Count(missing.Seats, "seat") : null,
        missing.Wheelchairs > 0 ? Count(missing.Wheelchairs, "wheelchair space") : null,
        missing.Stretchers > 0 ? Count(missing.Stretchers, "stretcher space") : null,
        missing.Laps > 0 ? Count(missing.Laps, "lap") : null, missing.Oxygen > 0 ? Count(missing.Oxygen, "place") + " with oxygen" : null,
        missing is { Carried: > 0, Wheelchairs: 0, Stretchers: 0 } ? Count(missing.Carried, "place") + " for people who are carried" : null,
    }.OfType<string>());

    private static string Or(IEnumerable<string> names) => string.Join(" or ", names);

    private static string Count(int number, string what, string? many = null) => $"{number} {(number == 1 ? what : many ?? Many(what))}";

    // "place with oxygen" has its plural in front.
    private static string Many(string what) => what.Split(' ', 2) is ["place" or "lap", var rest]
        ? $"{what.Split(' ')[0]}s {rest}" : what + "s";

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string When(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
