using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>What a tie may do: proposed changes no rule's answer, declared counts for planning, confirmed for what cannot be taken back.</summary>
public enum TieStanding { Proposed, Declared, Confirmed }

/// <summary>An adult who answers for a child, or is said to.</summary>
/// <param name="AdultId">The record that was named.</param>
/// <param name="Basis">A code: parent, legal, customary, household.</param>
/// <param name="Source">Who told it: a sender, or an account.</param>
/// <param name="At">Since when it has this standing.</param>
public sealed record Tie(Guid AdultId, TieStanding Standing, string Basis, string Source, DateTimeOffset At)
{
    /// <summary>The registration that it stands on alone.</summary>
    public Guid? RegistrationId { get; init; }

    /// <summary>The record that it came from with a merge.</summary>
    public Guid? MergedFrom { get; init; }

    /// <summary>An officer told it, and no registration.</summary>
    public bool IsByOfficer => RegistrationId is null;
}

/// <summary>
/// Who answers for a child (rule C), as the child's timeline tells. Sharing a household reference is no tie. A standing rises by
/// an act of somebody who does not gain by it; what is older than the last word to the contrary changes nothing.
/// </summary>
public sealed record Ties
{
    /// <summary>The standing of a <see cref="GuardianNamed"/> as its code.</summary>
    public const string Declared = "declared", Confirmed = "confirmed";

    private ImmutableDictionary<Guid, DateTimeOffset> Ended { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    private Ties() { }

    /// <summary>Nobody was named.</summary>
    public static Ties None { get; } = new();

    /// <summary>By the record of the adult.</summary>
    public ImmutableDictionary<Guid, Tie> All { get; private init; } = ImmutableDictionary<Guid, Tie>.Empty;

    /// <summary>Adults of whom an officer said that they do not answer for this child: no registration proposes them again.</summary>
    public ImmutableHashSet<Guid> Refused { get; private init; } = [];

    // The household that the child belongs to since before ties were recorded.
    private Guid? Household { get; init; }

    /// <summary>
    /// The child belongs to a household since before ties were recorded: for planning any adult of it answers for them, as was so
    /// then, until a tie is recorded.
    /// </summary>
    public bool ByHousehold => Household is not null && All.IsEmpty;

    /// <summary>Somebody is told to answer for the child, with at least that standing.</summary>
    public bool Any(TieStanding least) => All.Values.Any(tie => tie.Standing >= least) || least <= TieStanding.Declared && ByHousehold;

    /// <summary>The adults who answer for the child, with at least that standing.</summary>
    public IEnumerable<Guid> To(TieStanding least) => All.Values.Where(tie => tie.Standing >= least).Select(tie => tie.AdultId);

    /// <summary>
    /// The adult, by the record that the tie names, is confirmed to answer for the child and did not cease to since that time. Where the
    /// child belongs to a household since before ties were recorded, what an adult of it said then still counts for planning.
    /// </summary>
    public bool AnsweredSince(Guid adult, DateTimeOffset at) => ByHousehold
        || All.GetValueOrDefault(adult)?.Standing is TieStanding.Confirmed && !(Ended.TryGetValue(adult, out var ended) && ended > at);

    /// <summary>The tie to an adult by their record or by one that it stands for; null where there is none.</summary>
    public Tie? With(Guid adult, IReadOnlySet<Guid> duplicates) =>
        All.Values.Where(tie => tie.AdultId == adult || duplicates.Contains(tie.AdultId)).MaxBy(tie => tie.Standing);

    /// <summary>What holds after one more event.</summary>
    public Ties After(Event @event) => @event switch
    {
        GuardianNamed e => Named(e),
        TieProposed e => All.GetValueOrDefault(e.GuardianId) is { } known && (known.Standing > TieStanding.Proposed || known.IsByOfficer)
            || e.RegistrationId is not null && Refused.Contains(e.GuardianId) || IsOver(e.GuardianId, e.At) ? this
            : With(new(e.GuardianId, TieStanding.Proposed, e.Basis, e.Source, e.At) { RegistrationId = e.RegistrationId, MergedFrom = e.MergedFrom }),
        TieConfirmed e => IsOver(e.GuardianId, e.At) ? this
            : With(All.GetValueOrDefault(e.GuardianId) is { } tie
                ? tie with { Standing = TieStanding.Confirmed, At = e.At, RegistrationId = null }
                : new(e.GuardianId, TieStanding.Confirmed, "household", e.Officer, e.At) { MergedFrom = e.MergedFrom }) with
            { Refused = Refused.Remove(e.GuardianId) },
        TieRefused e => Over(e.GuardianId, e.At) with { Refused = Refused.Add(e.GuardianId) },
        GuardianshipEnded e => Over(e.GuardianId, e.At),
        HouseholdJoined e => e.Source is null ? this with { Household = e.HouseholdId } : Household == e.HouseholdId ? this : this with { Household = null },
        HouseholdLeft e => Household == e.HouseholdId ? this with { Household = null } : this,
        RegistrationSeparated e => Without(tie => tie.RegistrationId == e.RegistrationId),
        DuplicateUnmerged e => Without(tie => tie.MergedFrom == e.DuplicateId || tie.RegistrationId is { } told && e.Registrations.Contains(told)),
        PersonErased => None,
        _ => this,
    };

    /// <summary>What is told again on the record that stays when another one of the same child is merged into it.</summary>
    public static IEnumerable<Event> Carried(Guid duplicateId, Ties from, Ties to) =>
        from tie in @from.All.Values
        where tie.Standing > (to.All.GetValueOrDefault(tie.AdultId)?.Standing ?? (TieStanding)(-1)) && !to.Refused.Contains(tie.AdultId)
        orderby tie.AdultId
        select tie.Standing == TieStanding.Proposed
            ? (Event)new TieProposed(tie.AdultId, tie.Basis, tie.Source, tie.At) { RegistrationId = tie.RegistrationId, MergedFrom = duplicateId }
            : new GuardianNamed(tie.AdultId, tie.Basis, tie.Source, tie.At)
            {
                Standing = tie.Standing == TieStanding.Confirmed ? Confirmed : Declared,
                RegistrationId = tie.RegistrationId,
                MergedFrom = duplicateId,
            };

    private Ties Named(GuardianNamed e)
    {
        var standing = e.Standing == Declared ? TieStanding.Declared : TieStanding.Confirmed;
        if (IsOver(e.GuardianId, e.At) || All.GetValueOrDefault(e.GuardianId)?.Standing > standing) return this;
        return With(new(e.GuardianId, standing, e.Basis, e.Officer, e.At) { RegistrationId = e.RegistrationId, MergedFrom = e.MergedFrom }) with { Refused = Refused.Remove(e.GuardianId) };
    }

    private bool IsOver(Guid adult, DateTimeOffset at) => Ended.TryGetValue(adult, out var ended) && at < ended;

    private Ties Over(Guid adult, DateTimeOffset at) => All.TryGetValue(adult, out var tie) && tie.At > at ? this
        : this with { All = All.Remove(adult), Ended = Ended.TryGetValue(adult, out var before) && before > at ? Ended : Ended.SetItem(adult, at) };

    private Ties With(Tie tie) => this with { All = All.SetItem(tie.AdultId, tie) };

    private Ties Without(Func<Tie, bool> gone) =>
        All.Values.Where(gone).Select(tie => tie.AdultId).ToArray() is { Length: > 0 } those ? this with { All = All.RemoveRange(those) } : this;
}
