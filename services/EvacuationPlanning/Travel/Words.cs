using System.Collections.Frozen;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Travel;

/// <summary>What keeps people from travelling, in sentences that say what to do. They name nobody and no country.</summary>
internal static class Words
{
    public const string TravelledOtherwise = "travelled-otherwise", MovedAtGate = "moved-at-the-gate";

    public const string ChangedWhilePlanning = "changed-while-planning", NoSeatWithFamily = "no-seat-with-family", Merged = "merged",
        FamilyUnity = "family-unity", JourneyBroken = "journey-broken", Regrouped = "regrouped",
        SmallerTransport = "smaller-transport", MissedConnection = "missed-connection", Diverted = "diverted", Cancelled = "cancelled";

    // Why a plan has a group otherwise than it was.
    public const string Moved = "moved", MadeRoom = "made-room-for-someone-more-urgent", TransportChanged = "transport-changed",
        NewlyPlanned = "newly-planned", PlaceFound = "place-found", JoinsFamily = "joins-family";

    /// <summary>Instead of what whoever reads it may not know.</summary>
    public const string Protection = "protection";

    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        ["no-consent"] = "Consent to be evacuated is missing for someone who travels in this group. Ask them, or the child's guardian, and record it.",
        ["child-without-escort"] = "A child has no adult who travels with them. Name a registered escort in the best-interests decision.",
        ["no-best-interests-decision"] = "An unaccompanied child needs a best-interests decision that lets them depart. Ask the protection officer.",
        [WhoMayGo.GuardianNotConfirmed] = "Nobody has seen this child with an adult who answers for them. See them together, look at their papers or ask both, and confirm the family: POST /transports/{transportId}/families.",
        ["exit-barrier"] = "Something keeps a member from leaving. If it is their passport, issue an emergency travel document; otherwise have the exit barrier cleared.",
        [WhoMayGo.CountryToldByOne] = "One officer alone told in which country a point on this way lies, and a member must not be taken there before a second one told the same. Look at GET /assembly-points and have another officer confirm: POST /assembly-points/{code}/country/confirmation.",
        ["unfit-to-travel"] = "A health worker has not said that they are fit to travel on that day. Have them seen again, or find a transport on another day.",
        ["fears-destination"] = "The person fears serious harm in the country this leg goes to or may be diverted to, or that country is not known. They cannot be taken there; find another way with a new plan.",
        ["fears-every-destination"] = "Every way out leads to a country in which a member fears serious harm. Find a transport to another country.",
        [Protection] = "This way is closed to protect somebody, and nobody may take or hand them over there. Find another way; a protection officer can say more.",
        ["no-usable-document"] = "A member has no document that opens the way across the border. Issue an emergency travel document.",
        ["no-entry-right"] = "A member has no right to enter the country this way leads to. Find a transport to a country of theirs, or to a first refuge.",
        ["no-seat"] = "No transport that they could catch has room for the whole group, with the spaces and the oxygen it needs. Enter more transports and plan again.",
        ["no-journey"] = "No transport leads out of the country from where they are. Enter more transports and plan again.",
        ["no-assembly-point-in-reach"] = "No assembly point is in reach, or it is not known where they are. Record their position, open a point nearby, or send a pick-up.",
        [Regrouped] = "Who travels with whom has changed. Look at the journey as it is now.",
        [FamilyUnity] = "Someone they travel with dropped out, and a household travels together. Plan again, or ask an adult of it whether the others go on.",
        [JourneyBroken] = "A later leg of the journey cannot be taken, so it is not begun. Plan again.",
        [Transport.NoShowReason] = "They did not come to the gate. Find out where they are and plan again.",
        [SmallerTransport] = "The transport takes fewer than before, and those who keep their seats are more urgent or fit in what is left. Plan again.",
        [MissedConnection] = "A transport's times changed and this connection can no longer be made. Plan again.",
        [Diverted] = "A transport goes elsewhere, and the journey does not lead on from there. Plan again.",
        [Cancelled] = "The transport was cancelled. Plan again.",
        [TravelledOtherwise] = "They came with another transport. Nothing needs to be done.",
        [MovedAtGate] = "They got a space on another transport at the gate.",
        [Moved] = "They travel on other transports now. Tell them the new times and the place to be at.",
        [MadeRoom] = "They make room for someone more urgent who could not get out otherwise.",
        [TransportChanged] = "A transport of theirs is cancelled, was changed, or has fewer spaces than were held on it.",
        [NewlyPlanned] = "They were not part of an earlier plan.",
        [PlaceFound] = "What kept them before does not keep them any more, or a place was found for them.",
        [JoinsFamily] = "They travel with their family, which has seats already.",
        [Merged] = "The record was merged into another of the same person, who is planned under that one.",
        ["erased"] = "Their data was erased.",
        [ChangedWhilePlanning] = "Something changed about a member or a transport while the plan was being made. Plan again.",
        [NoSeatWithFamily] = "The family's transports have no space left for this member. Wait for a free space, or plan the family anew.",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> OfThisPerson = new Dictionary<string, string>
    {
        ["no-consent"] = "No consent to be evacuated that counts is recorded for this person. Ask them, or for a child the adult who is confirmed to answer for them, and record it.",
        ["child-without-escort"] = "This child has no adult who travels with them. Name a registered escort in the best-interests decision.",
        ["no-best-interests-decision"] = "This child needs a best-interests decision that lets them depart. Ask the protection officer.",
        [WhoMayGo.CountryToldByOne] = "One officer alone told in which country a point on this way lies, and this person must not be taken there before a second one told the same. Look at GET /assembly-points and have another officer confirm: POST /assembly-points/{code}/country/confirmation.",
        ["exit-barrier"] = "Something keeps this person from leaving. If it is their passport, issue an emergency travel document; otherwise have the exit barrier cleared.",
        ["no-usable-document"] = "This person has no document that opens the way across the border. Issue an emergency travel document.",
        ["no-entry-right"] = "This person has no right to enter the country this way leads to. Find a transport to a country of theirs, or to a first refuge.",
    }.ToFrozenDictionary();

    public static IEnumerable<string> Codes => Sentences.Keys;

    public static string Say(string code) => Sentences.GetValueOrDefault(code, code);

    /// <summary>As gates, and whoever plans, are told it: which country somebody fears is for those to know who may read their timeline.</summary>
    public static string Discreet(string code) => code is "fears-destination" or "fears-every-destination" or "taken-to-a-feared-country" or "taken-where-one-account-said" ? Protection : code;

    /// <summary>Why no plan uses a transport as it is, and what to do.</summary>
    public static string LeftOut(UnusableDeparture run) => run.Code switch
    {
        "point-unknown" => $"{run.Departure.From} or {run.Departure.To} is not among the assembly points. Enter the point with its country.",
        "country-unknown" => $"Nobody has told in which country {run.Departure.From} or {run.Departure.To} lies. Tell it: POST /assembly-points/CODE/country.",
        "contradictory-country" => $"The transport says that {run.Departure.To} lies in {run.Departure.DestinationCountry}; the point says otherwise. Correct the transport.",
        "returns-into-crisis" => "The transport leads back into the crisis. Nobody is planned onto it.",
        "arrives-before-it-departs" => "The transport arrives before it departs. Correct its times.",
        _ => "More spaces are held on the transport than it has. Correct its spaces.",
    };

    /// <summary>No seat is given to where nobody has told the country.</summary>
    public static Refusal CountryUnknown(string point) => Refusal.Conflict("travel/country-unknown",
        $"Nobody has told in which country {point} lies, so nobody can be given a seat from or to it. Tell it first: POST /assembly-points/{point}/country.");

    /// <summary>A refusal is about the one person who is asked for, so it says so where a sentence about a group would leave open whom it means.</summary>
    public static Refusal Refuse(Reason reason) =>
        Discreet(reason.Code) is var code ? Refusal.Conflict($"travel/{code}", OfThisPerson.GetValueOrDefault(code) ?? Say(code)) : null!;
}
