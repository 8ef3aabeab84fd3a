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

    private SeenByUs() { }

    /// <summary>Nothing was told.</summary>
    public static SeenByUs NotYet { get; } = new();

    /// <summary>A post took them in, or somebody met or spoke to them since.</summary>
    public bool Yes => !MetAs.IsEmpty || ByPost.Values.Any(post => post);

    /// <summary>The events after which it may be otherwise.</summary>
    public static IReadOnlyList<Type> Matters { get; } =
    [
        typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationSeparated), typeof(DuplicateUnmerged),
        typeof(CheckedIn), typeof(EvacuationConsentGiven), typeof(FieldVisitMade), typeof(DetaineeVisited), typeof(IdentityVerified),
        typeof(FitToTravelAssessed), typeof(BestInterestsDecided), typeof(AidDelivered), typeof(CheckedInAtGate), typeof(Boarded),
        typeof(Arrived), typeof(HandedOver),
    ];

    /// <summary>What holds after one more event.</summary>
    public SeenByUs After(Event @event) => @event switch
    {
        PersonRegistered e => this with { ByPost = ByPost.SetItem(e.RegistrationId, Senders.IsPost(e.Sender)) },
        RegistrationRepeated e => this with { ByPost = ByPost.SetItem(e.RegistrationId, Senders.IsPost(e.Sender)) },
        RegistrationSeparated e => this with { ByPost = ByPost.Remove(e.RegistrationId) },
        DuplicateUnmerged e => this with { ByPost = ByPost.RemoveRange(e.Registrations), MetAs = MetAs.Remove(e.DuplicateId) },
        CheckedIn { Source: "officer" } or FieldVisitMade { Met: true } => MetIn(@event),
        EvacuationConsentGiven e when !e.Officer.StartsWith("self:", StringComparison.Ordinal) => MetIn(e),
        DetaineeVisited or IdentityVerified or FitToTravelAssessed or BestInterestsDecided or AidDelivered => MetIn(@event),
        CheckedInAtGate or Boarded or Arrived or HandedOver => MetIn(@event),
        _ => this,
    };

    private SeenByUs MetIn(Event @event) => this with { MetAs = MetAs.Add(@event.MergedFrom ?? Guid.Empty) };
}
