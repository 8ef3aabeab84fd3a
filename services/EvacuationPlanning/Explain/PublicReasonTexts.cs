using System.Collections.Frozen;
using System.Globalization;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>
/// Every code that can stand for a reason, in words: one wording for the person, one for the officer, and the officer's next step.
/// What keeps somebody who travels along is that person's own affair: the person asked about hears of it what all must know who
/// wait with them, and of fears, health, barriers and papers of entry not even that there are any.
/// </summary>
internal static class PublicReasonTexts
{
    /// <summary>Bars like any fear, and can be helped: somebody asks which state they mean.</summary>
    public const string FearUnnamed = "fear-unnamed";

    private const string SomebodyCannot =
        "Somebody who travels with you cannot leave yet by the ways that are open. They can hear the reason from us themselves.",
        NotAllCan = "Not all of you can leave yet by the ways that are open. Each of you can hear your own reason from us.";

    /// <param name="You">To the person, where it is about them or about all who travel together.</param>
    /// <param name="Officer">With {0} for whom it is about.</param>
    /// <param name="Companion">To the person, where it is about somebody who travels with them; null: not told.</param>
    /// <param name="IsOfOne">About one person and not about all who travel together.</param>
    /// <param name="Dropped">To the officer, where somebody who travels along brought it about; null: as always.</param>
    private sealed record Text(string You, string Officer, string Next, string? Companion, bool IsOfOne, string? Dropped = null);

    private static readonly Text Unknown =
        OfAll("We cannot say why from here. Ask us to look it up for you.", "The record gives a reason that is not in use any more.",
            "Read the person's timeline, or ask a coordinator.");

    private static readonly FrozenDictionary<string, Text> Texts = new Dictionary<string, Text>
    {
        ["no-consent"] = OfOne(
            "You have not agreed to be evacuated, and nobody is moved against their will.",
                "{0} has not agreed to be evacuated, and nobody is moved against their will.",
            "Ask them, or the child's guardian, and record the consent.",
                "Somebody who travels with you has not agreed to leave, and nobody is moved against their will."),
        ["child-without-escort"] = OfOne(
            "You are under eighteen and alone, and no adult is named to travel with you.",
                "{0} is a child alone, and no adult is named to travel with them.",
            "Ask a protection officer to name a registered adult in the best-interests decision.",
                "A child who travels with you has no adult named to go with them."),
        ["no-best-interests-decision"] = OfOne(
            "It has not been decided yet that leaving is best for you.",
                "It has not been decided that leaving is in the best interests of {0}.",
            "Ask a protection officer to decide on the child's best interests.",
                "It has not been decided yet that leaving is best for a child who travels with you."),
        [WhoMayGo.GuardianNotConfirmed] = OfOne(
            "Nobody of us has seen you yet with an adult who answers for you.", "{0} was not seen yet with an adult who answers for them.",
            "See them together, look at their papers or ask both, and confirm the family.",
                "Nobody of us has seen a child who travels with you together with an adult who answers for them."),
        ["exit-barrier"] = OfOne(
            "Something keeps you from leaving the country.", "{0} is kept from leaving the country.",
            "If it is a withheld passport, issue an emergency travel document; otherwise have the exit barrier cleared.", null),
        ["unfit-to-travel"] = OfOne(
            "A health worker has not said that you are fit to travel on that day.",
                "{0} is not said to be fit to travel on that day by a health worker.",
            "Have them seen by a health worker again, and record it.", null),
        ["fears-destination"] = OfOne(
            "You have said that you fear serious harm in that country. Nobody is taken there against that.",
                "{0} fears serious harm in that country. Nobody is taken there against that.",
            "Find a way to another country. Only the person can take it back, to a protection officer.", null),
        ["fears-every-destination"] = OfOne(
            "Every way out leads to a country in which you fear serious harm. Nobody is taken there.",
                "Every way out leads to a country in which {0} fears serious harm. Nobody is taken there.",
            "Enter a transport to another country, and tell a protection officer.", null),
        [WhoMayGo.CountryToldByOne] = OfOne(
            "A second officer must still make sure in which country a stop on this way lies. Until then nobody takes you there.",
                "One officer alone told in which country a stop on this way lies. Until a second one told the same nobody takes {0} there.",
            "Look at the points whose country one officer told, and have another officer confirm it.",
                "A second officer must still make sure in which country a stop on this way lies, before you are taken there together."),
        [FearUnnamed] = OfOne(
            "You have said that you fear a state, and nobody knows yet which one. Until then nobody takes you to a state of yours.",
                "{0} fears a state, and nobody knows yet which one. Until then nobody takes them to a state of theirs.",
            "Ask them which state they fear, and record it as a fear.", null),
        ["no-usable-document"] = OfOne(
            "You have no document that opens the border on that day.", "{0} has no document that opens the border on that day.",
            "Issue an emergency travel document for the journey.",
                "Somebody who travels with you has no document that opens the border on that day."),
        ["no-entry-right"] = OfOne(
            "You have no right to enter that country from there.", "{0} has no right to enter that country from there.",
            "Find a transport to a country of theirs, or to a first refuge.", null),
        [Transport.NoShowReason] = OfOne(
            "You were not at the gate when the transport left.", "{0} was not at the gate.", "Find out where they are and plan again.",
                null),
        ["no-seat"] = OfAll(
            "No transport that you could catch has room for all of you.",
                "No transport that they could catch has room for all who travel together.",
                "Enter more transports or seats and plan again."),
        ["no-journey"] = OfAll(
            "No transport leads out of the country from where you are.", "No transport leads out of the country from where they are.",
                "Enter a transport from there and plan again."),
        ["no-assembly-point-in-reach"] = OfAll(
            "No assembly point is in reach, or it is not known where you are.",
                "No assembly point is in reach, or it is not known where they are.",
            "Record where they are; send a pick-up or open a point nearby."),
        [Words.FamilyUnity] = OfAll(
            "Not all of your household could take these seats, and a household travels together.",
                "Not all of the household could take these seats, and a household travels together.",
            "Plan again, or ask an adult of the household whether the others go on.",
                "Somebody who travels with you dropped out, and a household travels together.",
                "{0} dropped out, and a household travels together."),
        [Words.JourneyBroken] = OfAll("A later leg of the journey cannot be taken, so it is not begun.",
            "A later leg of the journey cannot be taken, so it is not begun.", "Plan again."),
        [Words.Regrouped] = OfAll("Who travels with whom has changed.", "Who travels with whom has changed.",
            "Look at the journey as it is now."),
        [Words.NoSeatWithFamily] = OfAll("Your family has seats, and there is no room left beside them.",
            "The family has seats, and there is no room left beside them.", "Wait for a free space, or plan the family again."),
        [Words.ChangedWhilePlanning] = OfAll("Something changed while the plan was made.",
            "Something about them or a transport changed while the plan was made.", "Plan again."),
        [Words.SmallerTransport] = OfAll(
            "The transport takes fewer people than before, and there is no longer room for you.",
                "The transport takes fewer people than before, and those who keep their seats are more urgent or fit in what is left.",
                "Plan again."),
        [Words.MissedConnection] = OfAll("The times have changed, and one transport is not there in time for the next.",
            "The times have changed, and one transport is not there in time for the next.", "Plan again."),
        [Words.Diverted] = OfAll("The transport goes elsewhere, and your journey does not lead on from there.",
            "The transport goes elsewhere, and the journey does not lead on from there.", "Plan again."),
        [Words.Cancelled] = OfAll("The transport was cancelled.", "The transport was cancelled.", "Plan again."),
        [Words.TravelledOtherwise] = OfAll("You came with another transport.", "They came with another transport.",
            "Nothing needs to be done."),
        [Words.MovedAtGate] = OfAll("You got a space on another transport at the gate.",
            "They got a space on another transport at the gate.", "Look at the journey as it is now."),
        [Words.Moved] = OfAll("You travel on other transports now.", "They travel on other transports now.",
            "Tell them the new times and the place to be at."),
        [Words.MadeRoom] = OfAll("Somebody more urgent needed the space and could not get out otherwise.",
            "Somebody more urgent needed the space and could not get out otherwise.", "Plan again when there are more seats."),
        [Words.TransportChanged] = OfAll(
            "A transport of yours was cancelled, was changed, or has fewer spaces than were held on it.",
                "A transport of theirs was cancelled, was changed, or has fewer spaces than were held on it.", "Plan again."),
        [Words.NewlyPlanned] = OfAll("You were not part of an earlier plan.", "They were not part of an earlier plan.",
            "Look at the journey as it is now."),
        [Words.PlaceFound] = OfAll("A place was found for you.", "A place was found for them.",
            "Tell them the times and the place to be at."),
        [Words.JoinsFamily] = OfAll("You travel with your family, which has seats already.",
            "They travel with their family, which has seats already.", "Tell them the times and the place to be at."),
        [Words.Merged] = OfAll("You are registered more than once, and are planned under the other record.",
            "The record was merged into another of the same person, who is planned under that one.", "Look at the record that stands."),
        ["erased"] = OfAll("Your data was erased.", "Their data was erased.", "Register them again if they ask for help."),
        [Words.Protection] = OfAll(
            "This way cannot be taken now. A protection officer can say more to each of you alone.",
                "This way is closed to protect somebody, and nobody may take or hand them over there.",
            "Look for another way. A protection officer can say more."),
    }.ToFrozenDictionary();

    public static IEnumerable<string> Codes => Texts.Keys;

    /// <summary>Whether a code is about one person, so that it must be said whom.</summary>
    public static bool IsOfOne(string code) => Of(code).IsOfOne;

    /// <summary>As it is said to the person asked about.</summary>
    /// <param name="told">Whether they may hear what keeps somebody who travels with them, as far as anybody may.</param>
    public static string ForPerson(string code, Concern concerns, bool told = true) => (Of(code), concerns.Who) switch
    {
        ({ IsOfOne: true }, Concern.Everybody) => NotAllCan,
        (var text, Concern.Companion) => told && text.Companion is { } companion ? companion : text.IsOfOne ? SomebodyCannot : text.You,
        var (text, _) => text.You,
    };

    /// <param name="code">The reason.</param>
    /// <param name="concerns">Whom it is about.</param>
    /// <param name="nameOf">The name of somebody, where whoever reads it may know it.</param>
    public static string ForOfficer(string code, Concern concerns, Func<Guid, string?> nameOf)
    {
        var text = concerns.Who is Concern.Companion && Of(code).Dropped is { } dropped ? dropped : Of(code).Officer;
        return Capital(string.Format(CultureInfo.InvariantCulture, text, Whom(concerns, nameOf)));
    }

    public static string Next(string code) => Of(code).Next;

    public static string Capital(string said) => char.ToUpperInvariant(said[0]) + said[1..];

    internal static string Whom(Concern concerns, Func<Guid, string?> nameOf) => concerns switch
    {
        { Who: Concern.Companion, PersonId: { } id } => nameOf(id) is { } name ? $"{name} (travels with them)"
            : "somebody who travels with them",
        { Who: Concern.Person, PersonId: { } id } => nameOf(id) ?? "the person",
        { Who: Concern.Everybody } => "the person or somebody who travels with them",
        _ => "somebody who travels with them",
    };

    // One that is no longer given, or not by this service.
    private static Text Of(string code) => Texts.GetValueOrDefault(code, Unknown);

    private static Text OfOne(string you, string officer, string next, string? companion) =>
        new(you, officer, next, companion, IsOfOne: true);

    private static Text OfAll(string you, string officer, string next, string? companion = null, string? dropped = null) =>
        new(you, officer, next, companion, IsOfOne: false, dropped);
}
