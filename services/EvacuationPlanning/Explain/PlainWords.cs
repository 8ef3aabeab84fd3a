using System.Collections.Frozen;
using System.Text.RegularExpressions;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <param name="Says">To be read to the person.</param>
/// <param name="Next">What whoever reads it can do about it.</param>
internal sealed record Plain(string Says, string Next);

/// <summary>
/// Every code that a rule can produce, as an officer reads it to the person on the telephone, and the next step. [You|Others]
/// chooses by whether it concerns the person or somebody who travels with them.
/// </summary>
internal static partial class PlainWords
{
    /// <summary>Bars like any fear, and can be helped: somebody asks which state they mean.</summary>
    public const string FearUnnamed = "fear-unnamed";

    private static readonly FrozenDictionary<string, Plain> Reasons = new Dictionary<string, Plain>
    {
        ["no-consent"] = new("[You have|Somebody who travels with you has] not agreed to be evacuated, and nobody is moved against their will.", "Ask them, or the child's guardian, and record the consent."),
        ["child-without-escort"] = new("[You are|A child who travels with you is] under eighteen and alone, and has no adult named to travel along.", "Ask a protection officer to name a registered adult in the best-interests decision."),
        ["no-best-interests-decision"] = new("It has not been decided yet that leaving is best for [you|a child who travels with you].", "Ask a protection officer to decide on the child's best interests."),
        ["exit-barrier"] = new("Something keeps [you|somebody who travels with you] from leaving the country.", "If it is a withheld passport, issue an emergency travel document; otherwise have the exit barrier cleared."),
        ["unfit-to-travel"] = new("A health worker has not said that [you are|somebody who travels with you is] fit to travel on that day.", "Have them seen by a health worker again, and record it."),
        ["fears-destination"] = new("[You have|Somebody who travels with you has] said that they fear serious harm in that country. Nobody is taken there against that.", "Find a way to another country. Only the person can take it back, to a protection officer."),
        ["fears-every-destination"] = new("Every way out leads to a country in which [you fear|somebody who travels with you fears] serious harm. Nobody is taken there.", "Enter a transport to another country, and tell a protection officer."),
        [FearUnnamed] = new("[You have|Somebody who travels with you has] said that they fear a state, and nobody knows yet which one. Until then nobody is taken to a state of theirs.", "Ask them which state they fear, and record it as a fear."),
        ["no-usable-document"] = new("[You have|Somebody who travels with you has] no document that opens the border on that day.", "Issue an emergency travel document for the journey."),
        ["no-entry-right"] = new("[You have|Somebody who travels with you has] no right to enter that country from there.", "Find a transport to a country of theirs, or to a first refuge."),
        ["no-seat"] = new("Every transport that you could catch and that could take all of you is full.", "Enter more transports or seats and plan again."),
        ["no-journey"] = new("No transport leads out of the country from where you are.", "Enter a transport from there and plan again."),
        ["no-assembly-point-in-reach"] = new("No assembly point is in reach, or it is not known where you are.", "Record where they are; send a pick-up or open a point nearby."),
        [Words.FamilyUnity] = new("Somebody who travels with you dropped out, and a household travels together.", "Plan again, or ask an adult of the household whether the others go on."),
        [Words.JourneyBroken] = new("A later leg of the journey cannot be taken, so it is not begun.", "Plan again."),
        [Words.Regrouped] = new("Who travels with whom has changed.", "Look at the journey as it is now."),
        [Words.NoSeatWithFamily] = new("Your family has seats, and no space is left beside them.", "Wait for a free space, or plan the family anew."),
        [Words.ChangedWhilePlanning] = new("Something changed while the plan was made.", "Plan again."),
        [Words.SmallerTransport] = new("The transport takes fewer than before, and your space is not among those left.", "Plan again."),
        [Words.MissedConnection] = new("The times have changed, and one transport is not there in time for the next.", "Plan again."),
        [Words.Diverted] = new("The transport goes elsewhere, and your journey does not lead on from there.", "Plan again."),
        [Words.Cancelled] = new("The transport was cancelled.", "Plan again."),
        [Words.Merged] = new("You are registered more than once, and are planned under the other record.", "Look at the record that stands."),
        [Transport.NoShowReason] = new("You were not at the gate when the transport left.", "Find out where they are and plan again."),
        ["erased"] = new("Your data was erased.", "Register them anew if they ask for help."),
        [Words.Protection] = new("This way is closed to you to protect somebody.", "Look for another way. A protection officer can say more."),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Changes = new Dictionary<string, string>
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
    }.ToFrozenDictionary();

    private static readonly string[] Tiers =
    [
        "", "in immediate danger to life", "unable to survive or flee without help", "at heightened risk", "in an area that is exposed", "not in particular danger as far as we know",
    ];

    public static IEnumerable<string> Codes => Reasons.Keys.Concat(Changes.Keys);

    public static Plain Of(string code, bool self = true) => Reasons.TryGetValue(code, out var plain)
        ? plain with { Says = Whom().Replace(plain.Says, match => match.Groups[self ? "you" : "others"].Value) }
        // What is said elsewhere says first what it is, and then what to do.
        : Words.Say(code) is var said && said.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? new(said[..(end + 1)], said[(end + 2)..]) : new(said, "Ask a coordinator.");

    public static string Change(string code) => Changes[code];

    public static string Tier(int tier) => Tiers[Math.Clamp(tier, 1, 5)];

    [GeneratedRegex(@"\[(?<you>[^|\]]*)\|(?<others>[^\]]*)\]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Whom();
}
