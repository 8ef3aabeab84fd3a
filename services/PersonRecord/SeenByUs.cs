using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// Whether anybody of a post, gate or team has met or spoken to the person. Somebody who registered themselves, or whom an
/// agency registered, is a claim until then: it ranks, is shown as unseen, and takes nothing scarce from those who were seen.
/// </summary>
public sealed record SeenByUs
{
    private ImmutableDictionary<Guid, bool> ByPost { get; init; } = ImmutableDictionary<Guid, bool>.Empty;

    // Under which records somebody met them: this one (all zeros), or one that was merged into it.
    private ImmutableHashSet<Guid> MetAs { get; init; } = [];

    // What each registration says; since when a token's holder asks for more in it than anybody has heard, and what it said before.
    private ImmutableDictionary<Guid, Registration> Forms { get; init; } = ImmutableDictionary<Guid, Registration>.Empty;
    private ImmutableDictionary<Guid, (DateTimeOffset At, Registration? Before)> Raised { get; init; } =
        ImmutableDictionary<Guid, (DateTimeOffset, Registration?)>.Empty;

    private SeenByUs() { }

    /// <summary>Nothing was told.</summary>
    public static SeenByUs NotYet { get; } = new();

    /// <summary>A post took them in, or somebody met or spoke to them since.</summary>
    public bool Ever => !MetAs.IsEmpty || ByPost.Values.Any(post => post);

    /// <summary>The same, and nobody who holds a token has raised their needs since: that is a claim again until the next contact.</summary>
    public bool Yes => Ever && Raised.IsEmpty;

    /// <summary>A token's holder has raised needs since somebody met or spoke to the person.</summary>
    public bool AsksForMore => !Raised.IsEmpty;

    /// <summary>What a registration said before a token's holder raised needs in it, as long as that is a claim; null where it is none.</summary>
    public Registration? Before(Guid registration) => Raised.TryGetValue(registration, out var raised) ? raised.Before : null;

    /// <summary>The events that may tell of somebody who met or spoke to them.</summary>
    public static IReadOnlyList<Type> Contacts { get; } =
    [
        typeof(CheckedIn), typeof(EvacuationConsentGiven), typeof(FieldVisitMade), typeof(DetaineeVisited), typeof(IdentityVerified),
        typeof(FitToTravelAssessed), typeof(BestInterestsDecided), typeof(AidDelivered), typeof(CheckedInAtGate), typeof(Boarded),
        typeof(Arrived), typeof(HandedOver),
    ];

    /// <summary>The events after which it may be otherwise.</summary>
    public static IReadOnlyList<Type> Matters { get; } =
    [
        typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(DuplicateUnmerged),
        .. Contacts,
    ];

    /// <summary>What holds after one more event.</summary>
    public SeenByUs After(Event @event) => @event switch
    {
        PersonRegistered e => TakenIn(e.RegistrationId, e.Sender, e.Form, e),
        RegistrationRepeated e => TakenIn(e.RegistrationId, e.Sender, e.Form, e),
        RegistrationCorrected { Form: { } form } e => this with
        {
            Forms = Forms.SetItem(e.RegistrationId, form),
            Raised = e.Officer.StartsWith("self:", StringComparison.Ordinal) && Raises(Forms.GetValueOrDefault(e.RegistrationId), form)
                ? Raised.SetItem(e.RegistrationId, (e.At, Raised.TryGetValue(e.RegistrationId, out var first) ? first.Before : Forms.GetValueOrDefault(e.RegistrationId)))
                // An officer who corrects the form answers for what it says.
                : e.Officer.StartsWith("self:", StringComparison.Ordinal) ? Raised : Raised.Remove(e.RegistrationId),
        },
        RegistrationSeparated e => Without([e.RegistrationId]),
        DuplicateUnmerged e => Without(e.Registrations) with { MetAs = MetAs.Remove(e.DuplicateId) },
        _ => Meets(@event) ? MetIn(@event) : this,
    };

    /// <summary>Whether somebody of ours met or spoke to the person, or a post took them in.</summary>
    internal static bool Meets(Event @event) => @event switch
    {
        PersonRegistered e => Senders.IsPost(e.Sender),
        RegistrationRepeated e => Senders.IsPost(e.Sender),
        CheckedIn { Source: "officer" } or FieldVisitMade { Met: true } => true,
        EvacuationConsentGiven e => !e.Officer.StartsWith("self:", StringComparison.Ordinal),
        DetaineeVisited or IdentityVerified or FitToTravelAssessed or BestInterestsDecided or AidDelivered => true,
        CheckedInAtGate or Boarded or Arrived or HandedOver => true,
        _ => false,
    };

    private SeenByUs MetIn(Event @event) => Spoken(@event) with { MetAs = MetAs.Add(@event.MergedFrom ?? Guid.Empty) };

    // What was said before they asked for more says nothing of it.
    private SeenByUs Spoken(Event @event) => Raised.IsEmpty ? this
        : this with { Raised = Raised.RemoveRange(Raised.Where(raised => raised.Value.At <= @event.At).Select(raised => raised.Key)) };

    private SeenByUs TakenIn(Guid registration, string sender, Registration? form, Event @event)
    {
        var byPost = Senders.IsPost(sender);
        return (byPost && @event.MergedFrom is null ? Spoken(@event) : this) with
        {
            ByPost = ByPost.SetItem(registration, byPost),
            Forms = form is null ? Forms : Forms.SetItem(registration, form),
        };
    }

    private SeenByUs Without(IReadOnlyList<Guid> registrations) => this with
    {
        ByPost = ByPost.RemoveRange(registrations),
        Forms = Forms.RemoveRange(registrations),
        Raised = Raised.RemoveRange(registrations),
    };

    // Less than before, or another telephone, asks for nothing.
    private static bool Raises(Registration? before, Registration now) =>
        now.NeedsNow.Except(before?.NeedsNow ?? []).Any() || now.SpecificNeeds.Except(before?.SpecificNeeds ?? []).Any()
        || now.Mobility > (before?.Mobility ?? Mobility.None);
}
