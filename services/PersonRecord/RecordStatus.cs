using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// Whether a timeline is the record to work under: there is one, it was not erased, and no other record stands for it. What every
/// service's fold about a person begins with, so that each gives the same answer.
/// </summary>
public sealed record RecordStatus
{
    private RecordStatus() { }

    /// <summary>Nothing was recorded.</summary>
    public static RecordStatus Unknown { get; } = new();

    /// <summary>Somebody was registered under this id.</summary>
    public bool Registered { get; private init; }

    /// <summary>Their data was erased.</summary>
    public bool Erased { get; private init; }

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto { get; private init; }

    /// <summary>The records that this one stands for.</summary>
    public ImmutableHashSet<Guid> Duplicates { get; private init; } = [];

    /// <summary>
    /// Other records that were, or may be, of the same person: offered as a possible match, dismissed, unmerged or separated. Who was
    /// denied under one of them (rule C) is asked about under this one too, whoever said that they are two people.
    /// </summary>
    public ImmutableHashSet<Guid> MayAlsoBe { get; private init; } = [];

    /// <summary>There is somebody, whether or not another record stands for them.</summary>
    public bool Exists => Registered && !Erased;

    /// <summary>Whether what is to be done for the person is done under this record.</summary>
    public bool Stands => Exists && MergedInto is null;

    /// <summary>What <see cref="MayAlsoBe"/> hands on to another record of what may be the same person.</summary>
    /// <param name="self">This record.</param>
    /// <param name="other">The one that it is handed on to.</param>
    public IReadOnlyList<Guid>? OthersFor(Guid self, Guid other) =>
        MayAlsoBe.Union(Duplicates).Add(self).Remove(other) is { Count: > 0 } others ? [.. others.Order()] : null;

    /// <summary>The same with another record, where that one tells that it may be of this person.</summary>
    /// <param name="self">This record.</param>
    /// <param name="other">The other one, and what it tells.</param>
    public RecordStatus Also(Guid self, Guid other, RecordStatus told)
    {
        ArgumentNullException.ThrowIfNull(told);
        return other != self && told.MayAlsoBe.Overlaps(Duplicates.Add(self)) ? this with { MayAlsoBe = MayAlsoBe.Add(other) } : this;
    }

    /// <summary>What holds after one more event.</summary>
    public RecordStatus After(Event @event) => @event switch
    {
        PersonRegistered e => this with { Registered = true, MayAlsoBe = MayAlsoBe.Union(e.MayAlsoBe ?? []) },
        RegistrationRepeated when !Registered => this with { Registered = true },
        PersonErased => this with { Erased = true },
        MergedInto e => this with { MergedInto = e.PersonId },
        UnmergedFrom e => this with { MergedInto = null, MayAlsoBe = MayAlsoBe.Union(e.MayAlsoBe ?? []).Add(e.PersonId) },
        DuplicateMerged e => this with { Duplicates = Duplicates.Add(e.DuplicateId), MayAlsoBe = MayAlsoBe.Union(e.MayAlsoBe ?? []) },
        DuplicateUnmerged e => this with { Duplicates = Duplicates.Remove(e.DuplicateId), MayAlsoBe = MayAlsoBe.Add(e.DuplicateId) },
        RegistrationSeparated e => this with { MayAlsoBe = MayAlsoBe.Add(e.NewPersonId) },
        PossibleMatchFound e => this with { MayAlsoBe = MayAlsoBe.Add(e.OtherPersonId) },
        MatchDismissed e => this with { MayAlsoBe = MayAlsoBe.Add(e.OtherPersonId) },
        _ => this,
    };
}
