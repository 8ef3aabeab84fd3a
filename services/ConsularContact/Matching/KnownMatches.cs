using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>Whom a person may be, whom they are, and whom they are not, as their timeline tells.</summary>
internal sealed record KnownMatches
{
    public static KnownMatches None { get; } = new();

    /// <summary>Offered to an officer, by the other person.</summary>
    public ImmutableDictionary<Guid, PossibleMatchFound> Found { get; private init; } = ImmutableDictionary<Guid, PossibleMatchFound>.Empty;

    /// <summary>Said to be somebody else: dismissed, unmerged or separated.</summary>
    public ImmutableHashSet<Guid> Apart { get; private init; } = [];

    /// <summary>The records that this one stands for.</summary>
    public ImmutableDictionary<Guid, DuplicateMerged> Duplicates { get; private init; } = ImmutableDictionary<Guid, DuplicateMerged>.Empty;

    /// <summary>The record that stands for this one.</summary>
    public Guid? MergedInto { get; private init; }

    /// <summary>They set out or arrived under this record.</summary>
    public bool Travelled { get; private init; }

    /// <summary>Whether the other was offered, merged or dismissed before, and so is not offered again.</summary>
    public bool Knows(Guid other) => Found.ContainsKey(other) || Apart.Contains(other) || Duplicates.ContainsKey(other) || MergedInto == other;

    /// <summary>What an officer made of a pair that was offered: open, confirmed, dismissed.</summary>
    public string StateOf(Guid other) => MergedInto == other || Duplicates.ContainsKey(other) ? "confirmed" : Apart.Contains(other) ? "dismissed" : "open";

    public KnownMatches After(Event @event) => @event switch
    {
        PossibleMatchFound e => this with { Found = Found.SetItem(e.OtherPersonId, e) },
        MatchDismissed e => this with { Apart = Apart.Add(e.OtherPersonId) },
        DuplicateMerged e => this with { Duplicates = Duplicates.SetItem(e.DuplicateId, e with { Reason = null }), Apart = Apart.Remove(e.DuplicateId) },
        MergedInto e => this with { MergedInto = e.PersonId, Apart = Apart.Remove(e.PersonId) },
        DuplicateUnmerged e => this with { Duplicates = Duplicates.Remove(e.DuplicateId), Apart = Apart.Add(e.DuplicateId) },
        UnmergedFrom e => this with { MergedInto = null, Apart = Apart.Add(e.PersonId) },
        RegistrationSeparated e => this with { Apart = Apart.Add(e.NewPersonId) },
        Boarded or Arrived => this with { Travelled = true },
        _ => this,
    };
}
