using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>Somebody who looks after a child for the time being.</summary>
internal sealed record Care(Guid Id, string Kind, Guid? CarerId, string? With, DateTimeOffset From)
{
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Whom a person belongs to, who answers for them, and whether they are without either, as their timeline tells.</summary>
internal sealed record FamilyTies
{
    public static FamilyTies None { get; } = new();

    /// <summary>What they are in each household they belong to.</summary>
    public ImmutableDictionary<Guid, string?> Roles { get; private init; } = ImmutableDictionary<Guid, string?>.Empty;

    /// <summary>How they came to each of them.</summary>
    public ImmutableDictionary<Guid, HouseholdJoined> Joined { get; private init; } = ImmutableDictionary<Guid, HouseholdJoined>.Empty;

    /// <summary>Households they asked to leave: a form that still names one does not bring them back.</summary>
    public ImmutableHashSet<Guid> Left { get; private init; } = [];

    // When they last joined or left each household.
    private ImmutableDictionary<Guid, DateTimeOffset> Moved { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>Who answers for this child.</summary>
    public Ties Guardians { get; private init; } = Ties.None;

    /// <summary>The child is unaccompanied or separated now.</summary>
    public ChildSeparationReported? Separation { get; private init; }

    public BestInterestsOverdue? AssessmentOverdue { get; private init; }

    /// <summary>Who looked after the child since, oldest first.</summary>
    public ImmutableList<Care> Care { get; private init; } = [];

    /// <summary>When they moved into or out of any of these households after that time: an older move changes nothing any more.</summary>
    /// <param name="now">What is dated later came from a wrong clock.</param>
    public DateTimeOffset? MovedSince(IEnumerable<Guid> households, DateTimeOffset at, DateTimeOffset now) =>
        households.Select(id => Moved.TryGetValue(id, out var moved) ? moved : (DateTimeOffset?)null).FirstOrDefault(moved => moved > at && moved <= now);

    /// <summary>The adult answers for this child, with at least that standing.</summary>
    public bool IsGuardian(Person adult, TieStanding least = TieStanding.Declared) => TieTo(adult)?.Standing >= least;

    /// <summary>What ties this child to the adult, by any of their records.</summary>
    public Tie? TieTo(Person adult) => Guardians.With(adult.Id, adult.Record.Duplicates);

    // What protects a child and was told since, by each record that was merged into this one.
    private ImmutableDictionary<Guid, ImmutableList<Event>> Since { get; init; } = ImmutableDictionary<Guid, ImmutableList<Event>>.Empty;

    /// <param name="saidAnew">A form says anew that the child is alone.</param>
    public FamilyTies After(Event @event, bool saidAnew) =>
        (this with { Guardians = Guardians.After(@event), Since = Noted(@event, saidAnew) }).Told(@event);

    /// <summary>What protects a child and was told of both while the duplicate was merged into this record, for the day on which that is undone.</summary>
    public IEnumerable<Event> ToldSince(Person duplicate, DateTimeOffset now) => Since.GetValueOrDefault(duplicate.Id, []).Where(told => told switch
    {
        ChildSeparationReported e => Separation?.CaseId == e.CaseId && duplicate.Family.Separation is null && duplicate.IsChildOn(now),
        GuardianshipEnded e => !duplicate.Family.Guardians.IsDenied(e.GuardianId),
        TieRefused e => !duplicate.Family.Guardians.IsDenied(e.GuardianId),
        _ => false,
    });

    /// <summary>A form said of both, while the duplicate was merged into this record, that the child is alone.</summary>
    public bool IsSaidAloneSince(Guid duplicateId) =>
        Since.GetValueOrDefault(duplicateId, []).Exists(told => told is RegistrationRepeated or RegistrationCorrected);

    /// <summary>What protects a child here and must protect another one who may be the same.</summary>
    public IEnumerable<Event> Protecting(Person other, string officer, DateTimeOffset now) =>
    [
        .. Separation is { } alone && other.IsChildOn(now) ? (Event[])[alone] : [],
        .. Guardians.Denied.Select(adult => new TieRefused(adult, officer, null, now)),
    ];

    private FamilyTies Told(Event @event) => @event switch
    {
        HouseholdJoined e => this with { Roles = Roles.SetItem(e.HouseholdId, e.Role), Joined = Joined.SetItem(e.HouseholdId, e), Left = Left.Remove(e.HouseholdId), Moved = Moved.SetItem(e.HouseholdId, e.At) },
        HouseholdLeft e => this with { Roles = Roles.Remove(e.HouseholdId), Joined = Joined.Remove(e.HouseholdId), Left = Left.Add(e.HouseholdId), Moved = Moved.SetItem(e.HouseholdId, e.At) },
        ChildSeparationReported e => this with { Separation = e, AssessmentOverdue = null, Care = [] },
        ChildSeparationEnded e => Separation?.CaseId == e.CaseId ? Ended(e.At) with { Separation = null, AssessmentOverdue = null } : this,
        CareArranged e => With(new(e.ArrangementId, e.Kind, e.CarerId, e.With, e.At)),
        CareEnded e => Ended(e.At),
        BestInterestsDecided => this with { AssessmentOverdue = null },
        BestInterestsOverdue e => this with { AssessmentOverdue = e },
        _ => this,
    };

    /// <summary>
    /// What holds for the one that stays when two records are merged: a child who was reported alone under either is alone, and
    /// a guardian known under either is seen once more (<see cref="Ties.Carried"/>).
    /// </summary>
    public static IEnumerable<Event> Carried(Guid duplicateId, FamilyTies from, FamilyTies to, bool alone, MergePeople command) =>
    [
        .. Ties.Carried(duplicateId, from.Guardians, to.Guardians, alone, command.Officer, command.Now),
        .. from.Separation is { } reported && to.Separation is null ? (Event[])[reported] : [],
    ];

    private ImmutableDictionary<Guid, ImmutableList<Event>> Noted(Event @event, bool saidAnew) => @event switch
    {
        DuplicateMerged e => Since.SetItem(e.DuplicateId, []),
        DuplicateUnmerged e => Since.Remove(e.DuplicateId),
        ChildSeparationReported or GuardianshipEnded or TieRefused when !Since.IsEmpty => AlsoSince(@event),
        _ when saidAnew && !Since.IsEmpty => AlsoSince(@event),
        _ => Since,
    };

    private ImmutableDictionary<Guid, ImmutableList<Event>> AlsoSince(Event @event) =>
        Since.ToImmutableDictionary(told => told.Key, told => told.Value.Add(@event));

    // What is told late was over when the next one began.
    private FamilyTies With(Care care) => Care.FindIndex(later => later.From > care.From) is >= 0 and var next
        ? this with { Care = Care.Insert(next, care with { Until = Care[next].From }) }
        : Ended(care.From) is var now ? now with { Care = now.Care.Add(care) } : this;

    // One at a time: what comes next ends what was before.
    private FamilyTies Ended(DateTimeOffset at) =>
        this with { Care = Care.ConvertAll(care => care.Until is null ? care with { Until = at } : care) };
}
