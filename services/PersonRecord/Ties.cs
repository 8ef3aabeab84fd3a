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

    /// <summary>The account that brought it about by a registration or a merge, and so is no witness of it.</summary>
    public string? ToldBy { get; init; }

    /// <summary>The other records that the adult's one stood for when somebody saw the two together; null where that was not recorded.</summary>
    public ImmutableHashSet<Guid>? SeenAs { get; init; }

    /// <summary>The first protection officer who says so: another one makes it confirmed.</summary>
    public Proposal? Proposed { get; init; }

    /// <summary>The merge that lowered it, and what it was before.</summary>
    internal (Guid Merge, TieStanding Before)? Lowered { get; init; }
}

/// <summary>What one protection officer says of a child who is alone.</summary>
/// <param name="Basis">As in <see cref="Tie"/>.</param>
public sealed record Proposal(string Officer, string Basis);

/// <summary>
/// Who answers for a child (rule C), as the child's timeline tells. Sharing a household reference is no tie. A standing rises by
/// an act of somebody who does not gain by it; what is older than the last word to the contrary changes nothing. What was seen
/// was seen of two records: when either is merged with another one, the tie counts as declared until they are seen again.
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

    // How they first came to each household they belong to.
    private ImmutableDictionary<Guid, HouseholdJoined> Joins { get; init; } = ImmutableDictionary<Guid, HouseholdJoined>.Empty;

    // Who answered for the child when they were reported alone; null of a child who never was.
    private ImmutableHashSet<Guid>? ReportedWith { get; init; }

    // Merges that brought a child who was; it goes back with them.
    private ImmutableHashSet<Guid> ReportedByMerge { get; init; } = [];

    /// <summary>The child was reported alone once, whether or not it is over.</summary>
    public bool WasReported => ReportedWith is not null || !ReportedByMerge.IsEmpty;

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
        || All.GetValueOrDefault(adult)?.Standing is TieStanding.Confirmed && !IsEndedSince(adult, at);

    /// <summary>
    /// The tie to an adult by their record or by one that it stands for; null where there is none. Confirmed is what was seen of this
    /// very record, with every record that it stands for now: one officer merges a mother with anybody.
    /// </summary>
    public Tie? With(Guid adult, IReadOnlySet<Guid> duplicates) =>
        All.Values.Where(tie => tie.AdultId == adult || duplicates.Contains(tie.AdultId))
            .Select(tie => tie.Standing < TieStanding.Confirmed || IsSeen(tie, adult, duplicates) ? tie : tie with { Standing = TieStanding.Declared })
            .MaxBy(tie => (tie.Standing, tie.AdultId == adult));

    /// <summary>Whether a confirmed tie is one to that adult as they are known now.</summary>
    public static bool IsSeen(Tie tie, Guid adult, IEnumerable<Guid> duplicates) =>
        tie.Standing is TieStanding.Confirmed && tie.AdultId == adult && (tie.SeenAs is not { } seen || duplicates.All(seen.Contains));

    /// <summary>
    /// Only two protection officers say that this adult answers for the child: an officer denied it before, or the child was reported
    /// alone once and nobody had told of the adult until then.
    /// </summary>
    /// <param name="records">What else the adult is known as.</param>
    public bool TakesTwo(Guid adult, RecordStatus records) =>
        Denies(adult, records) || WasReported && !WasKnownAtReport(adult, records.Duplicates);

    /// <summary>
    /// An officer denied this adult, under any record that is or may be theirs: neither a merge that is undone nor a registration that is
    /// taken off them makes them somebody else.
    /// </summary>
    /// <inheritdoc cref="TakesTwo"/>
    public bool Denies(Guid adult, RecordStatus records) => Records(adult, records.Duplicates).Concat(records.MayAlsoBe).Any(IsDenied);

    /// <summary>The adult was told to answer for the child when they were reported alone, or two protection officers said so since.</summary>
    public bool WasKnownAtReport(Guid adult, IReadOnlySet<Guid> duplicates) => ReportedWith is { } known && Records(adult, duplicates).Any(known.Contains);

    /// <summary>An officer said that the adult does not answer for this child, and nobody who may took it back.</summary>
    public bool IsDenied(Guid adult) => Refused.Contains(adult) || Ended.ContainsKey(adult) && !(All.GetValueOrDefault(adult)?.Standing >= TieStanding.Declared);

    /// <summary>They ceased to answer for the child after that time, or were denied: what they said before counts no more.</summary>
    public bool IsEndedSince(Guid adult, DateTimeOffset at) => EndedSince(adult, at) is not null;

    /// <summary>When that was; null where it was not.</summary>
    public DateTimeOffset? EndedSince(Guid adult, DateTimeOffset at) => Ended.TryGetValue(adult, out var ended) && ended > at ? ended : null;

    /// <summary>All of whom that was said.</summary>
    public IEnumerable<Guid> Denied => Ended.Keys.Union(Refused).Where(IsDenied).Order();

    /// <summary>Both came to one household: something on record says that the adult may belong to the child.</summary>
    public bool SharesHousehold(Ties adult) => Joins.Keys.Any(adult.Joins.ContainsKey);

    /// <summary>
    /// The account made the two a family by itself, so somebody else must see them: it told the tie, or brought one of them, or somebody
    /// who was known before, into the household of the other. Who registered both together saw both together.
    /// </summary>
    public bool IsToldBy(string account, Guid adult, Ties adults, IReadOnlySet<Guid> duplicates)
    {
        var tie = With(adult, duplicates);
        if (IsOf(tie?.ToldBy) || tie?.Standing >= TieStanding.Declared) return IsOf(tie?.ToldBy);
        foreach (var home in Joins.Keys.Where(adults.Joins.ContainsKey))
            if (((HouseholdJoined[])[Joins[home], adults.Joins[home]]).Where(joined => IsOf(joined.ToldBy ?? joined.Source)).ToList() is { Count: > 0 } own
                && (own.Count == 1 || own.Exists(joined => joined.Late))) return true;
        return false;

        bool IsOf(string? told) => string.Equals(told, account, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What holds after one more event.</summary>
    public Ties After(Event @event) => @event switch
    {
        GuardianNamed e => Named(e),
        TieProposed e => IsOver(e.GuardianId, e.At) ? this : e is { RegistrationId: null, MergedFrom: null } ? ByProtection(e)
            : All.ContainsKey(e.GuardianId) && (All[e.GuardianId].Standing > TieStanding.Proposed || All[e.GuardianId].Proposed is not null)
                || e.RegistrationId is not null && Refused.Contains(e.GuardianId) ? this
            : With(new(e.GuardianId, TieStanding.Proposed, e.Basis, e.Source, e.At) { RegistrationId = e.RegistrationId, MergedFrom = e.MergedFrom, ToldBy = e.ToldBy }),
        TieConfirmed e => IsOver(e.GuardianId, e.At) ? this
            : With((All.GetValueOrDefault(e.GuardianId) ?? new(e.GuardianId, TieStanding.Confirmed, "household", e.Officer, e.At) { MergedFrom = e.MergedFrom }) with
            {
                Standing = TieStanding.Confirmed,
                At = e.At,
                RegistrationId = null,
                ToldBy = null,
                Proposed = null,
                Lowered = null,
                SeenAs = e.SeenAs?.ToImmutableHashSet(),
            }) with
            { Refused = Refused.Remove(e.GuardianId) },
        TieRefused e => Over(e.GuardianId, e.At) with { Refused = Refused.Add(e.GuardianId) },
        GuardianshipEnded e => Over(e.GuardianId, e.At),
        HouseholdJoined e => (e.Source is null ? this with { Household = e.HouseholdId } : Household == e.HouseholdId ? this : this with { Household = null })
            with
        { Joins = Joins.ContainsKey(e.HouseholdId) ? Joins : Joins.Add(e.HouseholdId, e) },
        HouseholdLeft e => (Household == e.HouseholdId ? this with { Household = null } : this) with { Joins = Joins.Remove(e.HouseholdId) },
        ChildSeparationReported => Reported() is var reported ? reported with { ReportedWith = reported.ReportedWith!.Union(To(TieStanding.Confirmed)) } : this,
        // A code that says so is a report. In a first form nobody was known before: whoever is with such a child is not whom they lost.
        PersonRegistered e => e.ChildReported || ChildAlone.IsSaid(e.Form) ? Reported() : this,
        RegistrationRepeated e when ChildAlone.IsSaid(e.Form) => Reported(),
        RegistrationCorrected e when ChildAlone.IsSaid(e.Form) => Reported(),
        // It may have been told of the child of this record while the two were one; whoever was told to answer for this one was so before.
        UnmergedFrom { ChildReported: true } => Reported(),
        DuplicateMerged e => Lowered(e),
        RegistrationSeparated e => Without(tie => tie.RegistrationId == e.RegistrationId),
        DuplicateUnmerged e => (Raised(e.DuplicateId) with { ReportedByMerge = ReportedByMerge.Remove(e.DuplicateId) }).Without(tie => tie.MergedFrom == e.DuplicateId || tie.RegistrationId is { } told && e.Registrations.Contains(told)),
        PersonErased => None,
        _ => this,
    };

    /// <summary>
    /// What is told again on the record that stays when another one of the same child is merged into it: at most as declared, for nobody
    /// saw the adult with the child of both, and as proposed where either child was alone. What was denied is denied for both.
    /// </summary>
    /// <param name="alone">Either child was alone before.</param>
    /// <param name="officer">Who joins the two.</param>
    /// <param name="now">By our clock: what an officer denied must not lose against what was told of the other record.</param>
    public static IEnumerable<Event> Carried(Guid duplicateId, Ties from, Ties to, bool alone, string? officer, DateTimeOffset now)
    {
        foreach (var adult in from.Denied.Where(adult => !to.IsDenied(adult)))
            yield return new TieRefused(adult, officer ?? "", null, now) { MergedFrom = duplicateId };
        var most = alone ? TieStanding.Proposed : TieStanding.Declared;
        foreach (var tie in from.All.Values.OrderBy(tie => tie.AdultId))
        {
            var standing = tie.Standing < most ? tie.Standing : most;
            if (to.IsDenied(tie.AdultId) || to.All.GetValueOrDefault(tie.AdultId)?.Standing >= standing) continue;
            yield return standing == TieStanding.Proposed
                ? new TieProposed(tie.AdultId, tie.Basis, tie.Source, tie.At) { RegistrationId = tie.RegistrationId, MergedFrom = duplicateId, ToldBy = officer ?? tie.ToldBy }
                : new GuardianNamed(tie.AdultId, tie.Basis, tie.Source, tie.At) { Standing = Declared, RegistrationId = tie.RegistrationId, MergedFrom = duplicateId, ToldBy = officer };
        }
    }

    /// <summary>Whom somebody must see with the child again when another record of the child is merged into this one.</summary>
    /// <inheritdoc cref="Carried"/>
    public static IEnumerable<Guid> ToSee(Ties from, Ties to, bool alone) =>
        from tie in to.All.Values
        where tie.Standing > (alone ? TieStanding.Proposed : TieStanding.Declared) && !(@from.All.GetValueOrDefault(tie.AdultId)?.Standing >= tie.Standing)
        orderby tie.AdultId
        select tie.AdultId;

    private static IEnumerable<Guid> Records(Guid adult, IReadOnlySet<Guid> duplicates) => duplicates.Append(adult);

    // Of a child whom a merge brought reported already, nobody was known then.
    private Ties Reported() => this with { ReportedWith = ReportedWith ?? (ReportedByMerge.IsEmpty ? [.. To(TieStanding.Declared)] : []) };

    private Ties Lowered(DuplicateMerged e)
    {
        var most = e.ChildAlone ? TieStanding.Proposed : TieStanding.Declared;
        var lowered = e.GuardiansToSee.Select(adult => All.GetValueOrDefault(adult)).OfType<Tie>().Where(tie => tie.Standing > most)
            .Select(tie => KeyValuePair.Create(tie.AdultId, tie with { Standing = most, ToldBy = e.Officer, Lowered = (e.DuplicateId, tie.Standing) }));
        return this with { All = All.SetItems(lowered), ReportedByMerge = e.ChildReported ? ReportedByMerge.Add(e.DuplicateId) : ReportedByMerge };
    }

    private Ties Raised(Guid merge) => this with
    {
        All = All.SetItems(All.Values.Where(tie => tie.Lowered?.Merge == merge)
            .Select(tie => KeyValuePair.Create(tie.AdultId, tie with { Standing = tie.Lowered!.Value.Before, ToldBy = null, Lowered = null }))),
    };

    // Beside what is known already: two of them make it confirmed.
    private Ties ByProtection(TieProposed e) => With(All.GetValueOrDefault(e.GuardianId) switch
    {
        { Proposed: not null } known => known,
        { Standing: > TieStanding.Proposed } known => known with { Proposed = new(e.Source, e.Basis) },
        _ => new(e.GuardianId, TieStanding.Proposed, e.Basis, e.Source, e.At) { Proposed = new(e.Source, e.Basis) },
    });

    private Ties Named(GuardianNamed e)
    {
        var standing = e.Standing == Declared ? TieStanding.Declared : TieStanding.Confirmed;
        if (IsOver(e.GuardianId, e.At) || All.GetValueOrDefault(e.GuardianId)?.Standing > standing) return this;
        return With(new(e.GuardianId, standing, e.Basis, e.Officer, e.At)
        {
            RegistrationId = e.RegistrationId,
            MergedFrom = e.MergedFrom,
            ToldBy = e.ToldBy,
            SeenAs = e.SeenAs?.ToImmutableHashSet(),
            Proposed = standing < TieStanding.Confirmed ? All.GetValueOrDefault(e.GuardianId)?.Proposed : null,
        }) with
        { Refused = Refused.Remove(e.GuardianId) };
    }

    private bool IsOver(Guid adult, DateTimeOffset at) => Ended.TryGetValue(adult, out var ended) && at < ended;

    private Ties Over(Guid adult, DateTimeOffset at) => All.TryGetValue(adult, out var tie) && tie.At > at ? this
        : this with { All = All.Remove(adult), Ended = Ended.TryGetValue(adult, out var before) && before > at ? Ended : Ended.SetItem(adult, at) };

    private Ties With(Tie tie) => this with { All = All.SetItem(tie.AdultId, tie) };

    private Ties Without(Func<Tie, bool> gone) =>
        All.Values.Where(gone).Select(tie => tie.AdultId).ToArray() is { Length: > 0 } those ? this with { All = All.RemoveRange(those) } : this;
}
