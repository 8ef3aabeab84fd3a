namespace CrisisCoordination.ConsularContact.Matching;

/// <summary>A person who may be the one registered, by their likeliest registration.</summary>
public sealed record Candidate(Guid PersonId, Verdict Verdict);

/// <summary>Finds candidates in memory, by the same keys that the service keeps in a table.</summary>
public sealed class PersonIndex
{
    private readonly Dictionary<string, List<(Guid PersonId, Identity Identity)>> _byKey = new(StringComparer.Ordinal);

    /// <summary>Adds a registration of a person; a person may have several.</summary>
    public void Add(Guid personId, Identity identity)
    {
        foreach (var key in Blocking.Stored(identity))
            if (_byKey.TryGetValue(key, out var block)) block.Add((personId, identity));
            else _byKey[key] = [(personId, identity)];
    }

    /// <summary>The persons who may be this one, likeliest first; see <see cref="Candidates.Rank"/>.</summary>
    public IReadOnlyList<Candidate> Find(Identity identity) => Candidates.Rank(identity,
        Blocking.Keys(identity).SelectMany(Blocking.Apart).SelectMany(key => _byKey.GetValueOrDefault(key) is { } block && block.DistinctBy(c => c.PersonId).Take(Blocking.LargestBlock + 1).Count() <= Blocking.LargestBlock ? block : []).DistinctBy(c => (c.PersonId, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(c.Identity))));
}

/// <summary>Ranks what the blocking keys found.</summary>
public static class Candidates
{
    /// <summary>Each of several persons would be automatic by themselves.</summary>
    public const string SeveralPersons = "match/several-persons";

    /// <summary>
    /// One candidate per person, those worth a look only, likeliest first. When two persons would both be automatic,
    /// neither is: either they are one, which an officer must see, or one of them is wrong.
    /// </summary>
    public static IReadOnlyList<Candidate> Rank(Identity identity, IEnumerable<(Guid PersonId, Identity Identity)> found, Func<string, bool>? isRare = null)
    {
        var ranked = found.GroupBy(f => f.PersonId, (id, theirs) => new Candidate(id, Best([.. theirs.Select(t => Match.Score(identity, t.Identity, isRare))])))
            .Where(c => c.Verdict.Band != Band.None).OrderByDescending(c => c.Verdict.Band).ThenByDescending(c => c.Verdict.Bits).ThenBy(c => c.PersonId).ToList();
        return ranked.Count(c => c.Verdict.Band == Band.Automatic) < 2 ? ranked
            : [.. ranked.Select(c => c.Verdict.Band != Band.Automatic ? c
                : c with { Verdict = c.Verdict with { Band = Band.Review, AgainstAutomatic = [SeveralPersons] } })];
    }

    // Namesakes must not become one person over a registration between them that says too little. Who agrees in a document
    // with one registration of a person may differ from an older one of theirs: it was renewed.
    private static Verdict Best(IReadOnlyList<Verdict> verdicts)
    {
        var best = verdicts.MaxBy(v => (v.Band, v.SureButForTeller, v.Bits))!;
        return (best.Band == Band.Automatic || best.SureButForTeller) && verdicts.Any(v => v.Contradicts) && !best.Evidence.Any(e => e is { Field: Field.Document, Level: Level.Same })
            ? best with { Band = Band.Review, SureButForTeller = false, AgainstAutomatic = [.. best.AgainstAutomatic, "match/differs-from-another-registration"] } : best;
    }
}
