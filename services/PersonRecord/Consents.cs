using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// What the person agreed to and has not taken back: to be evacuated (rule V), and that agencies may know of them (rule Q). One
/// reading of it for all services.
/// </summary>
/// <remarks>
/// Facts count in the order in which they were so. A consent that is older than what was said last to the contrary changes nothing.
/// A withdrawal that stands on the timeline always holds from where it stands: whoever records one that is older than the consent is
/// told so first (<see cref="WithdrawnSince"/>, <see cref="AgreedSince"/>), and so none is recorded by mistake. Consents do not
/// follow a merge, but a "no" does (<see cref="TakenBackSince"/>). A form by itself grants nothing: what it tells is recorded as
/// <see cref="SharingConsentGiven"/>.
/// </remarks>
public sealed record Consents
{
    // What was said last about it. A withdrawal of what was never given is said too.
    private sealed record Word(bool Agreed, Guid By, DateTimeOffset At, bool InForm = false)
    {
        // The record by which a child's tie, or the decision about the child, names who agreed.
        public Guid As { get; init; } = By;
    }

    private Word? Leaving { get; init; }
    private ImmutableDictionary<string, Word> Sharing { get; init; } = ImmutableDictionary.Create<string, Word>(StringComparer.OrdinalIgnoreCase);

    private Consents() { }

    /// <summary>Nothing was said.</summary>
    public static Consents None { get; } = new();

    /// <summary>
    /// Who agreed that the person is evacuated: they themselves, or somebody for a child; null when nobody did, or it was taken back.
    /// Whether that counts is asked with <see cref="MayLeaveOn"/>.
    /// </summary>
    public Guid? EvacuationBy => Leaving is { Agreed: true } agreed ? agreed.By : null;

    /// <summary>
    /// Whether a consent to leave counts on that day (rules V and C). The person's own counts where they were an adult when they gave it,
    /// by all that is on record now: what a child agreed to alone never counts, nor does it once they come of age. Somebody else's
    /// counts as long as the person is a child whom they answer for, as they did without a break since.
    /// </summary>
    /// <param name="alone">Whom a decision in the child's best interests names to travel with them, and since when.</param>
    public bool MayLeaveOn(DateOnly day, Guid person, Childhood childhood, Ties ties, ChildAlone alone) => Leaving is { Agreed: true } word
        && (word.By == person ? !childhood.IsChildOn(word.At)
            : childhood.IsChildOn(day) && (IsOfEscort(word, ties, alone) || ties.AnsweredSince(word.As, word.At)));

    // What they said before, they said as somebody else: as the guardian whom an officer denied since, perhaps.
    private static bool IsOfEscort(Word word, Ties ties, ChildAlone alone) =>
        alone.EscortFor(ties) is { } escort && escort.AdultId == word.As && word.At >= escort.Since && !ties.IsEndedSince(word.As, word.At);

    /// <summary>The agencies that may know of the person now.</summary>
    public ImmutableHashSet<string> SharesWith { get; private init; } = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of them of whom somebody heard it: what only a form told that anyone can send is left out.</summary>
    public ImmutableHashSet<string> Heard => SharesWith.Except(InForms);

    /// <summary>Those of them of whom nobody heard it. It ends when the record becomes one with another.</summary>
    public IEnumerable<string> InForms => Sharing.Where(said => said.Value is { Agreed: true, InForm: true }).Select(said => said.Key);

    /// <summary>Those that may have learnt of them.</summary>
    public ImmutableHashSet<string> EverSharedWith { get; private init; } = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of whom anything was ever said: what a form repeats of them is nothing new.</summary>
    public IEnumerable<string> EverNamed => Sharing.Keys;

    /// <summary>What holds after one more event.</summary>
    public Consents After(Event @event) => @event switch
    {
        EvacuationConsentGiven e => e.At < Leaving?.At ? this : this with { Leaving = new(true, e.By, e.At) { As = e.AnswersAs ?? e.By } },
        EvacuationConsentWithdrawn e => this with { Leaving = new(false, default, e.At) },
        SharingConsentGiven e => e.Agencies.Aggregate(this, (all, agency) => all.Said(agency, true, e.At, e.ToldBy is not null)),
        SharingConsentWithdrawn { Lapsed: true } e => this with
        {
            Sharing = Sharing.RemoveRange(e.Agencies),
            SharesWith = SharesWith.Except(e.Agencies),
        },
        SharingConsentWithdrawn e => e.Agencies.Aggregate(this, (all, agency) => all.Said(agency, false, e.At)),
        PersonErased => this with { Leaving = null, SharesWith = SharesWith.Clear() },
        _ => this,
    };

    /// <summary>When evacuation was taken back, where that is later than <paramref name="at"/>: a consent of that time changes nothing any more.</summary>
    public DateTimeOffset? WithdrawnSince(DateTimeOffset at) => Leaving is { Agreed: false } last && last.At > at ? last.At : null;

    /// <summary>
    /// Whether a withdrawal of that time says anything new. It does where nothing was said yet, too: a consent of the day before may be
    /// told tomorrow.
    /// </summary>
    public bool IsNewWithdrawal(DateTimeOffset at) => Leaving is not { Agreed: false } last || last.At < at;

    /// <inheritdoc cref="IsNewWithdrawal(DateTimeOffset)"/>
    public bool IsNewWithdrawal(string agency, DateTimeOffset at) => Sharing.GetValueOrDefault(agency) is not { Agreed: false } last || last.At < at;

    /// <summary>When evacuation was agreed to, where that is later than <paramref name="at"/>: what was taken back before was given again.</summary>
    public DateTimeOffset? AgreedSince(DateTimeOffset at) => Leaving is { Agreed: true } last && last.At > at ? last.At : null;

    /// <summary>The same of sharing with these agencies: the first of them for whom the opposite was said after <paramref name="at"/>.</summary>
    public (string Agency, DateTimeOffset At)? ContradictedSince(IEnumerable<string> agencies, bool agreed, DateTimeOffset at)
    {
        foreach (var agency in agencies)
            if (Sharing.TryGetValue(agency, out var last) && last.Agreed != agreed && last.At > at) return (agency, last.At);
        return null;
    }

    /// <summary>
    /// What the same person took back here, where nothing later was agreed to under the other record. Said under either record, it
    /// was the same mouth: whoever says no means it wherever they are written down, and of a consent that is told afterwards too.
    /// </summary>
    /// <param name="other">What stands on the other record.</param>
    /// <param name="heardBy">The officer who joins the two; empty where the records tell it by themselves.</param>
    public IEnumerable<Event> TakenBackSince(Consents other, string heardBy)
    {
        if (Leaving is { Agreed: false } no && other.IsNewWithdrawal(no.At) && other.AgreedSince(no.At) is null)
            yield return new EvacuationConsentWithdrawn(heardBy, no.At);
        foreach (var agencies in Sharing.Where(said => !said.Value.Agreed && other.IsNewWithdrawal(said.Key, said.Value.At)
            && other.ContradictedSince([said.Key], agreed: false, said.Value.At) is null)
            .GroupBy(said => said.Value.At, said => said.Key).OrderBy(said => said.Key))
            yield return new SharingConsentWithdrawn([.. agencies.Order(StringComparer.Ordinal)], agencies.Key);
    }

    private Consents Said(string agency, bool agreed, DateTimeOffset at, bool inForm = false)
    {
        var last = Sharing.GetValueOrDefault(agency);
        if (agreed && at < last?.At) return this;
        return this with
        {
            // What was heard stays heard when a form repeats it.
            Sharing = Sharing.SetItem(agency, new(agreed, default, at, inForm && last is not { Agreed: true, InForm: false })),
            SharesWith = agreed ? SharesWith.Add(agency) : SharesWith.Remove(agency),
            EverSharedWith = agreed ? EverSharedWith.Add(agency) : EverSharedWith,
        };
    }
}
