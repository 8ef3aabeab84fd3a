namespace CrisisCoordination.TimelineAudit;

/// <summary>
/// Somebody as the house knows them at a moment: all records that are one person by then. What was told under any of them is
/// true of them; whoever loses a fact in a merge sends people where they must not go.
/// </summary>
internal sealed class Person(Life root, IReadOnlyList<Life> records)
{
    public Life Root => root;

    public IReadOnlyList<Life> Records => records;

    public IEnumerable<Told> Forms =>
        records.SelectMany(record => record.Forms).GroupBy(form => form.Key).Select(same => same.Last().Value);

    /// <summary>
    /// The last words of where they are; several where it is not known which of them is the last. A record that came with a merge
    /// and that nobody ever met tells nothing of where this person is.
    /// </summary>
    public IReadOnlyList<Word> LastWords
    {
        get
        {
            var words = records.Where(record => record == root || record.IsByPost || record.IsMet).SelectMany(record => record.Words).ToList();
            var last = words.Select(word => word.From).DefaultIfEmpty().Max();
            return words.FindAll(word => word.Until >= last);
        }
    }

    public bool IsErased => records.Any(record => record.IsErased);

    /// <summary>By a birth date, or where there is none by what they are called.</summary>
    public bool IsChild(DateOnly on) => Life.IsChild(Forms, records.Any(record => record.JoinedAsChild), on);

    /// <summary>
    /// By any reading of any form: one without a birth date may speak by its codes beside one with, and one that was erased may
    /// have told anything.
    /// </summary>
    public bool MayBeChild(DateOnly on) =>
        IsChild(on) || records.Any(record => record.JoinedAsChild) || Forms.Any(form => form.CalledChild || form.IsGone);

    /// <summary>A birth date is known and nothing says otherwise. What the erased told is known to nobody any more.</summary>
    public bool IsSurelyAdult(DateOnly on) =>
        Forms.Any(form => form.IsGone) || Forms.Any(form => form.BirthDate is not null) && !IsChild(on);

    public bool IsAboard(Guid transport) => records.Any(record => record.IsAboard(transport));

    /// <summary>
    /// Reported a child without the family, or called so in a form since such a case ended last, whatever the form says now.
    /// </summary>
    public bool IsAloneStill => HasAloneCase
        || records.SelectMany(record => record.SaidAlone).Any(said => said > records.Max(record => record.Settled));

    // A case that came with a merge ends on the record that stays.
    private bool HasAloneCase =>
        records.SelectMany(record => record.AloneCases).Except(records.SelectMany(record => record.AloneCasesEnded)).Any();

    public IReadOnlySet<Guid> Households => records.SelectMany(record => record.HouseholdsNow).ToHashSet();

    /// <summary>The last decision whether the child may leave, and with whom.</summary>
    public BestInterests? BestInterests => records.SelectMany(record => record.BestInterests).MaxBy(decision => decision.Order);

    /// <summary>
    /// Each adult once, under the record that stands for them. Somebody saw two records together: once either of them was merged with
    /// another one, the tie is no more than declared until they are seen again.
    /// </summary>
    /// <param name="lastMerge">When a record was last merged into this one, by its place among all events; 0 where none is.</param>
    public IEnumerable<Guid> Guardians(Standing atLeast, Func<Guid, Guid> rootOf, Func<Guid, long> lastMerge)
    {
        foreach (var ties in records.SelectMany(record => record.Ties.Select(tie => (Tie: tie, Child: record))).GroupBy(one => rootOf(one.Tie.Guardian)))
        {
            var denied = ties.Where(one => one.Tie.Standing == Standing.None).Select(one => one.Tie.Order).DefaultIfEmpty().Max();
            var confirmed = ties.Where(one => one.Tie.Standing == Standing.Confirmed && one.Tie.Order > denied && one.Tie.Guardian == ties.Key
                && one.Tie.Order > lastMerge(ties.Key)).ToList();
            // Where they were seen with the child of every record, it is one and the same child whom they were seen with.
            var seen = confirmed.Exists(one => one.Child == root && one.Tie.Order > lastMerge(root.Id))
                || confirmed.Count > 0 && records.All(record => confirmed.Exists(one => one.Child == record));
            var told = ties.MaxBy(one => one.Tie.Order).Tie.Standing;
            if ((told == Standing.Confirmed && !seen ? Standing.Declared : told) >= atLeast) yield return ties.Key;
        }
    }

    /// <summary>Each document once: after a merge it stands on the record it was issued under and on the one that stays, and void on one is void.</summary>
    public IEnumerable<Paper> ValidPapers(DateOnly on) => records.SelectMany(record => record.Papers).GroupBy(paper => paper.Application)
        .Where(same => same.All(paper => !paper.Revoked) && same.First().ValidUntil >= on).Select(same => same.First());

    /// <summary>
    /// What in their words bars these countries, as the least careful reading that sees it: plain (the very code, as recorded
    /// last), order (by when it was so), jurisdiction (the same state by another code), unanswered (a fear that names no state
    /// counts against their own). Null: nothing does.
    /// </summary>
    /// <param name="countries">Codes of where they would come.</param>
    /// <param name="before">Only what was recorded before.</param>
    public string? Fears(IReadOnlyCollection<string> countries, long before = long.MaxValue)
    {
        if (countries.Count == 0) return null;
        var facts = records.SelectMany(record => record.Fears).Where(fear => fear.Order < before).ToList();
        // A fear in a form counts whether or not it became an event, until a withdrawal names it.
        var inForms = Forms.SelectMany(form => form.Fears).Where(code =>
            !facts.Exists(fear => fear.Withdrawn && fear.Countries.Contains(code))).ToHashSet();
        var asRecorded = StandingFears(facts.OrderBy(fear => fear.Order), inForms, (one, other) => one == other);
        if (countries.Any(asRecorded.Contains)) return "plain";
        var asItWas = StandingFears(facts.OrderBy(fear => fear.At).ThenBy(fear => fear.Order), inForms, (one, other) =>
            Jurisdictions.Of(one).ToHashSet().SetEquals(Jurisdictions.Of(other)));
        if (countries.Any(asItWas.Contains)) return "order";
        if (asItWas.Any(feared => countries.Any(country => Jurisdictions.Touch(feared, country)))) return "jurisdiction";
        var own = Forms.SelectMany(form => form.Nationalities).ToHashSet();
        // Somebody who was asked "which?" and named a state later has answered.
        bool Answered(string code) => facts.FindLast(fear => fear.Countries.Contains(code)) is { } asked
            && facts.Exists(fear => fear is { Withdrawn: false, OnlyAdds: false } && fear.Order > asked.Order && fear.Countries.All(named => Jurisdictions.Of(named).Count > 0));
        var open = asItWas.Where(feared => Jurisdictions.Of(feared).Count == 0 && !Answered(feared)).ToList();
        return open.Exists(IsAskedOfAll) || open.Count > 0 && own.Any(nationality => countries.Any(country =>
            Jurisdictions.Touch(nationality, country))) ? "unanswered" : null;

        // Nobody knew a nationality when they were asked: one that was told later opened no way.
        bool IsAskedOfAll(string code)
        {
            var over = facts.FindLast(fear => fear.Withdrawn && fear.Countries.Contains(code))?.Order ?? 0;
            var asked = facts.Where(fear => !fear.Withdrawn && fear.Countries.Contains(code)).Select(fear => fear.Order)
                .Concat(Forms.Where(form => form.Fears.Contains(code)).Select(form => form.Order)).Where(order => order > over).DefaultIfEmpty(long.MaxValue).Min();
            return !Forms.Any(form => form.IsGone) && records.All(record => record.NationalityToldAt > asked);
        }
    }

    /// <summary>They fear anything.</summary>
    public bool FearsAny => records.SelectMany(record => record.Fears).OrderBy(fear => fear.Order).Aggregate(
        Forms.SelectMany(form => form.Fears).ToHashSet(), (standing, fear) =>
        {
            if (fear.Withdrawn) standing.ExceptWith(fear.Countries);
            else standing.UnionWith(fear.Countries);
            return standing;
        }).Count > 0;

    /// <summary>The consent that counts, in the order in which they were said; the order recorded counts where that agrees on it.</summary>
    public Consent? Consent(bool asRecorded)
    {
        var all = records.SelectMany(record => record.Consents);
        return asRecorded ? all.MaxBy(consent => consent.Order) : all.OrderBy(consent => consent.At).ThenBy(consent =>
            consent.Order).LastOrDefault();
    }

    /// <summary>What was said last, as it was so, under the record that stands: a consent does not follow a merge.</summary>
    public Consent? OwnRecordsConsent => root.Consents.OrderBy(consent => consent.At).ThenBy(consent => consent.Order).LastOrDefault();

    /// <summary>Whether they let the agency know of them.</summary>
    public bool SharesWith(string agency) =>
        records.SelectMany(record => record.Shares).Where(said =>
            said.Agencies.Contains(agency, StringComparer.OrdinalIgnoreCase)).OrderBy(said => said.At).ThenBy(said =>
            said.Order).LastOrDefault()?.Given == true;

    private static HashSet<string> StandingFears(IEnumerable<Fear> facts, IEnumerable<string> before, Func<string, string, bool> same)
    {
        var standing = before.ToHashSet();
        foreach (var fear in facts)
            if (fear.Withdrawn) standing.RemoveWhere(code => fear.Countries.Any(taken => same(code, taken)));
            else standing.UnionWith(fear.Countries);
        return standing;
    }
}
