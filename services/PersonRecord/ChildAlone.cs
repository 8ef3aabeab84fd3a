using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// Whether a child was reported or coded as unaccompanied or separated, and what was decided to be in their best interests
/// (rule C), as their timeline tells. One reading of it for planning and for documents.
/// </summary>
public sealed record ChildAlone
{
    // Which registrations code the child so (SC, UNHCR), and those made before a case ended.
    private ImmutableDictionary<Guid, bool> Coded { get; init; } = ImmutableDictionary<Guid, bool>.Empty;
    private ImmutableHashSet<Guid> Settled { get; init; } = [];
    private Guid? Case { get; init; }

    private ChildAlone() { }

    /// <summary>Nothing was told.</summary>
    public static ChildAlone Unknown { get; } = new();

    /// <summary>Reported or coded as unaccompanied or separated, and nobody has seen that it is over.</summary>
    public bool IsReported => Case is not null || Coded.Any(registration => registration.Value && !Settled.Contains(registration.Key));

    /// <summary>The last decision, where it knew what is reported now, lets the child depart.</summary>
    public bool MayDepart { get; private init; }

    /// <summary>The adult whom that decision names to travel with them.</summary>
    public Guid? EscortId { get; private init; }

    /// <summary>What holds after one more event.</summary>
    public ChildAlone After(Event @event) => @event switch
    {
        PersonRegistered e => With(e.RegistrationId, e.Form),
        RegistrationRepeated e => With(e.RegistrationId, e.Form),
        // Said anew, it was not what somebody saw to be over.
        RegistrationCorrected e => (IsCodedAnew(e) ? this with { Settled = Settled.Remove(e.RegistrationId) } : this).With(e.RegistrationId, e.Form),
        RegistrationSeparated e => this with { Coded = Coded.Remove(e.RegistrationId) },
        DuplicateUnmerged e => this with { Coded = Coded.RemoveRange(e.Registrations) },
        // What was decided before this was known does not hold for it, whenever it is said to have been; nor does an escort beside a guardian.
        ChildSeparationReported e => this with { Case = e.CaseId, MayDepart = false, EscortId = null },
        ChildSeparationEnded e when Case == e.CaseId => this with { Case = null, MayDepart = false, EscortId = null, Settled = [.. Coded.Keys] },
        BestInterestsDecided e => this with { MayDepart = e.MayDepart, EscortId = e.EscortId },
        _ => this,
    };

    private bool IsCodedAnew(RegistrationCorrected e) => e.Form?.SpecificNeeds.Contains("SC") == true && !Coded.GetValueOrDefault(e.RegistrationId);

    private ChildAlone With(Guid registration, Registration? form) =>
        form is null ? this : this with { Coded = Coded.SetItem(registration, form.SpecificNeeds.Contains("SC")) };
}
