using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>Under which records somebody is known, and nothing else of them.</summary>
public sealed record KnownAs(Guid Id) : IFold<KnownAs>
{
    /// <summary>What their timeline tells of it.</summary>
    public RecordStatus Record { get; private init; } = RecordStatus.Unknown;

    /// <inheritdoc/>
    public static KnownAs Start(Guid id) => new(id);

    /// <inheritdoc/>
    public KnownAs Apply(Event @event) => this with { Record = Record.After(@event) };
}

/// <summary>Asks the records that were denied for a child whether one of them may be of the adult in question (rule C).</summary>
public static class KnownAsExtensions
{
    /// <summary>
    /// What else an adult is known as, also by what the denied records tell: a possible match stands on the timeline of the one that
    /// came later, and nothing of it on the other one's.
    /// </summary>
    /// <param name="adult">The record that is named.</param>
    /// <param name="record">What it tells itself.</param>
    /// <param name="child">Who was denied for the child.</param>
    public static async Task<RecordStatus> AlsoKnownAsAsync(this Work work, Guid adult, RecordStatus record, Ties child)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(child);
        foreach (var denied in child.Denied.ToList())
            record = record.Also(adult, denied, (await work.LoadAsync<KnownAs>(denied)).Record);
        return record;
    }
}
