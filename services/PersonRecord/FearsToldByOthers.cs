using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// The fears that hold although nobody heard them from the person of this record: a form told them that surely is about the
/// person, or a token's holder after a merge. A protection officer asks the person; heard from them, or taken back before the
/// officer, the question is answered.
/// </summary>
public sealed record FearsToldByOthers
{
    // Since when, by country.
    private ImmutableDictionary<string, DateTimeOffset> Open { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>The countries of which somebody heard it from the person of this record.</summary>
    public ImmutableHashSet<string> Heard { get; private init; } = [];

    private FearsToldByOthers() { }

    /// <summary>Nothing was told.</summary>
    public static FearsToldByOthers None { get; } = new();

    /// <summary>The countries nobody has asked the person about.</summary>
    public IEnumerable<string> Countries => Open.Keys;

    /// <summary>Since when a protection officer is to ask; null where there is nothing to ask.</summary>
    public DateTimeOffset? Since => Open.IsEmpty ? null : Open.Values.Min();

    /// <summary>What holds after one more event.</summary>
    public FearsToldByOthers After(Event @event) => @event switch
    {
        FearOfReturnStated { ToldBy: not null, Countries: { } countries } e => this with
        {
            Open = Open.AddRange(countries.Distinct().Where(country => !Open.ContainsKey(country))
                .Select(country => KeyValuePair.Create(country, e.At))),
        },
        // Repeated from a form or another record, nobody heard it from the person.
        FearOfReturnStated { Relayed: false } e => Without(e.Countries) with { Heard = Heard.Union(e.Countries ?? []) },
        FearOfReturnWithdrawn e => Without(e.Countries),
        _ => this,
    };

    private FearsToldByOthers Without(IReadOnlyList<string>? countries) =>
        countries is null || Open.IsEmpty ? this : this with { Open = Open.RemoveRange(countries) };
}
