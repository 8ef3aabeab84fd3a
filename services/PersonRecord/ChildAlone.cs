using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>The adult whom a best-interests decision names to travel with a child who is alone.</summary>
/// <param name="AdultId">The record that was named.</param>
/// <param name="Since">
/// When they were named, without another decision in between: what they said before, they did not say as the escort.
/// </param>
public sealed record NamedEscort(Guid AdultId, DateTimeOffset Since)
{
    /// <summary>The other records that the adult's one stood for when they were named; null where that was not recorded.</summary>
    public ImmutableHashSet<Guid>? SeenAs { get; init; }

    /// <summary>Whether it is that adult as they are known now: a merge makes nobody an escort.</summary>
    public bool Is(Guid adult, IEnumerable<Guid> duplicates) =>
        adult == AdultId && (SeenAs is not { } seen || duplicates.All(seen.Contains));
}

/// <summary>
/// Whether a child was reported or coded as unaccompanied or separated, and what was decided to be in their best interests
/// (rule C), as their timeline tells. One reading of it for all services.
/// </summary>
/// <remarks>
/// A code (SC, UNHCR) protects from the moment it is told, whoever tells it, and does not go with the words: a form that is corrected, or
/// taken off the record, takes nothing back. A protection officer sees that it is over and ends the case.
/// </remarks>
public sealed record ChildAlone
{
    // The registrations that say so as they read now.
    private ImmutableHashSet<Guid> Coded { get; init; } = [];

    // Who said so since a case ended last, each with the merge that brought it.
    private ImmutableDictionary<Guid, Guid?> Told { get; init; } = ImmutableDictionary<Guid, Guid?>.Empty;
    private Guid? Case { get; init; }

    private ChildAlone() { }

    /// <summary>Nothing was told.</summary>
    public static ChildAlone Unknown { get; } = new();

    /// <summary>Whether the form says that the child is alone.</summary>
    public static bool IsSaid(Registration? form) => form?.SpecificNeeds.Contains("SC") == true;

    /// <summary>Coded as unaccompanied or separated, and nobody has seen that it is over.</summary>
    public bool IsCoded => !Told.IsEmpty;

    /// <summary>Reported or coded as unaccompanied or separated, and nobody has seen that it is over.</summary>
    public bool IsReported => Case is not null || IsCoded;

    /// <summary>The last decision, where it knew what is reported now, lets the child depart.</summary>
    public bool MayDepart { get; private init; }

    /// <summary>Whom that decision names to travel with them. Whether that counts is asked with <see cref="EscortFor"/>.</summary>
    public NamedEscort? Escort { get; private init; }

    /// <summary>A child with nobody: reported or coded so, or with no adult who is more than proposed.</summary>
    public bool IsAlone(Ties ties) => IsReported || !ties.Any(TieStanding.Declared);

    /// <summary>The escort who counts: of a child who is alone, and nobody whom an officer denied.</summary>
    public NamedEscort? EscortFor(Ties ties) => Escort is { } escort && IsAlone(ties)
        && !ties.IsDenied(escort.AdultId) && escort.SeenAs?.Any(ties.IsDenied) != true ? escort : null;

    /// <summary>Whether somebody confirms who answers for the child: of one who is not reported alone, no decision of before holds on.</summary>
    public static bool IsAnswer(Event @event) => @event is TieConfirmed or GuardianNamed { Standing: not Ties.Declared };

    /// <summary>Whether a form says anew that the child is alone.</summary>
    public bool IsSaidAnew(Event @event) => @event switch
    {
        RegistrationRepeated { MergedFrom: null } e => IsSaid(e.Form),
        RegistrationCorrected e => IsSaid(e.Form) && !Coded.Contains(e.RegistrationId),
        _ => false,
    };

    /// <summary>What holds after one more event.</summary>
    public ChildAlone After(Event @event) => @event switch
    {
        PersonRegistered e => (e.ChildAlone ? Saying(e.RegistrationId) : this).With(e.RegistrationId, e.Form),
        RegistrationRepeated e => With(e.RegistrationId, e.Form, e.MergedFrom),
        // Said anew, it was not what somebody saw to be over.
        RegistrationCorrected e => With(e.RegistrationId, e.Form),
        RegistrationSeparated e => this with { Coded = Coded.Remove(e.RegistrationId) },
        DuplicateMerged { ChildCoded: true } e => Saying(e.DuplicateId, e.DuplicateId),
        DuplicateUnmerged e => this with
        {
            Coded = Coded.Except(e.Registrations),
            Told = Told.RemoveRange(Told.Where(said => said.Value == e.DuplicateId).Select(said => said.Key)),
        },
        UnmergedFrom { ChildAlone: true } e => Saying(e.PersonId),
        // What was decided before this was known does not hold for it, whenever it is said to have been; nor does an escort beside a guardian.
        ChildSeparationReported e => this with { Case = e.CaseId, MayDepart = false, Escort = null },
        ChildSeparationEnded e when Case == e.CaseId => this with { Case = null, MayDepart = false, Escort = null, Told = Told.Clear() },
        // Who answers for a child goes with them; once they do not, somebody decides anew.
        _ when !IsReported && IsAnswer(@event) => this with { MayDepart = false, Escort = null },
        BestInterestsDecided e => this with { MayDepart = e.MayDepart, Escort = Named(e) },
        _ => this,
    };

    private NamedEscort? Named(BestInterestsDecided e) => e.EscortId is { } adult
        ? new(adult, Escort is { } before && before.AdultId == adult ? before.Since : e.At) { SeenAs = e.EscortSeenAs?.ToImmutableHashSet() }
        : null;

    private ChildAlone With(Guid registration, Registration? form, Guid? mergedFrom = null) =>
        form is null ? this
        : !IsSaid(form) ? this with { Coded = Coded.Remove(registration) }
        : Coded.Contains(registration) ? this
        : (this with { Coded = Coded.Add(registration) }).Saying(registration, mergedFrom);

    private ChildAlone Saying(Guid who, Guid? mergedFrom = null) =>
        Told.ContainsKey(who) ? this : this with { Told = Told.Add(who, mergedFrom) };
}
