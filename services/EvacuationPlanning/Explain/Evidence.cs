using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.Timeline;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>Which event on a person's timeline says what a rule found. Where something was never told, it is the registration without it.</summary>
internal static class Evidence
{
    public static RecordedEvent? Of(string code, string? country, IReadOnlyList<RecordedEvent> told)
    {
        return code switch
        {
            "no-consent" => Last(e => e is EvacuationConsentWithdrawn),
            "child-without-escort" or "no-best-interests-decision" => Last(e => e is BestInterestsDecided or ChildSeparationReported) ?? Last(e => Form(e) is not null),
            "exit-barrier" => Last(e => e is ExitBarrierRaised raised && !Ended(raised.BarrierId) || e is DetentionReported held && !Ended(held.DetentionId))
                ?? Last(e => Form(e) is { Document.Status: DocumentStatus.WithheldByEmployer }),
            "fears-destination" or "fears-every-destination" => Last(e => Fears(e).Any(feared => country is null || Jurisdictions.Touch(feared, country)))
                ?? Last(e => Fears(e).Any(feared => !Jurisdictions.NamesState(feared))),
            "unfit-to-travel" => Last(e => e is FitToTravelAssessed),
            "no-usable-document" => Last(e => e is TravelDocumentIssued or TravelDocumentRevoked || Form(e) is { Document: not null }),
            "no-entry-right" => Last(e => Form(e) is { Nationality: not null }),
            "no-assembly-point-in-reach" => Last(e => Form(e) is { Position: not null }),
            Words.Merged => Last(e => e is MergedInto),
            "erased" => Last(e => e is PersonErased),
            Transport.NoShowReason => Last(e => e is NoShow),
            _ => Last(e => e is LeftBehind left && left.Reason == code || e is SeatReleased released && released.Reason == code),
        } ?? told.FirstOrDefault(e => e.Event is PersonRegistered);

        RecordedEvent? Last(Func<Event, bool> says) => told.LastOrDefault(e => says(e.Event));

        bool Ended(Guid id) => told.Any(e => e.Event is ExitBarrierResolved resolved && resolved.BarrierId == id || e.Event is DetentionEnded ended && ended.DetentionId == id);
    }

    /// <summary>A fear that keeps them from the country without naming a state that has a hand in it: "which?" is open.</summary>
    public static bool NamesNoState(string code, string? country, Event evidence) => code is "fears-destination" or "fears-every-destination"
        && Fears(evidence).Any() && !Fears(evidence).Any(feared => country is null ? Jurisdictions.NamesState(feared) : Jurisdictions.Touch(feared, country));

    /// <summary>What only those may learn who may read the person's timeline.</summary>
    public static bool IsRestricted(Event @event) => @event is FearOfReturnStated or FearOfReturnWithdrawn or DetentionReported;

    internal static Registration? Form(Event @event) => @event switch
    {
        PersonRegistered e => e.Form,
        RegistrationRepeated e => e.Form,
        RegistrationCorrected e => e.Form,
        _ => null,
    };

    private static IEnumerable<string> Fears(Event @event) => @event is FearOfReturnStated e ? e.Countries ?? [] : Form(@event)?.FearOfReturnTo ?? [];
}
