using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// The states where a person fears persecution, torture or other serious harm, as their timeline tells (rule N). One reading of
/// it for all services: what one of them missed, a person would be sent back to. What is feared and where somebody goes are
/// compared by the states in control (<see cref="Jurisdictions"/>), never by their codes.
/// </summary>
/// <remarks>
/// A fear that names no state ("unknown", "stateless", "UN") asks "which?". Until a protection officer records the answer, it counts
/// as a fear of every state whose nationality the person was ever said to have, and of every state at all where none was known when
/// it was told: a nationality that somebody tells later adds to what is barred and opens no way. Facts count in the order in which
/// they were so, not in which they were recorded.
/// </remarks>
public sealed class FearedCountries
{
    private static readonly ImmutableHashSet<string> Nothing = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    // What was said of a code last: when it was so, as the how manieth fact it was recorded, and whether a state was known to be theirs.
    private readonly record struct Fact(DateTimeOffset At, int Number, bool Feared, bool Everywhere = false)
    {
        public bool IsBefore(Fact other) => At != other.At ? At < other.At : Number < other.Number;
    }

    private readonly ImmutableDictionary<string, Fact> facts;
    private readonly ImmutableArray<string> nationalities;
    private readonly Fact answer;

    private FearedCountries(ImmutableDictionary<string, Fact> facts, ImmutableArray<string> nationalities, Fact answer)
    {
        (this.facts, this.nationalities, this.answer) = (facts, nationalities, answer);
        if (facts.IsEmpty) return;
        Ever = Nothing.Union(facts.Keys);
        var open = facts.Where(fact => fact.Value.Feared && !Jurisdictions.NamesState(fact.Key) && !fact.Value.IsBefore(answer)).ToList();
        if (open.Count > 0) OpenSince = open.Min(fact => fact.Value.At);
        Now = Nothing.Union(facts.Where(fact => fact.Value.Feared && Jurisdictions.NamesState(fact.Key)).Concat(open).Select(fact => fact.Key));
        var own = IsOpen ? Own : Nothing;
        EveryState = open.Exists(fact => fact.Value.Everywhere);
        States = own.Union(Now.SelectMany(Jurisdictions.StatesOf));
    }

    /// <summary>Nothing was said.</summary>
    public static FearedCountries None { get; } =
        new(ImmutableDictionary.Create<string, Fact>(StringComparer.OrdinalIgnoreCase), [], new(DateTimeOffset.MinValue, 0, false));

    /// <summary>What holds now, as it was told; codes that name no state are among it while "which?" is open.</summary>
    public ImmutableHashSet<string> Now { get; } = Nothing;

    /// <summary>Everything that was ever stated, withdrawn or not.</summary>
    public ImmutableHashSet<string> Ever { get; } = Nothing;

    /// <summary>The states that must not have the person under their hand: those feared, and their own while "which?" is open.</summary>
    public ImmutableHashSet<string> States { get; } = Nothing;

    /// <summary>"Which?" is open, and no state was known to be theirs when it was asked: no country is safe enough.</summary>
    public bool EveryState { get; }

    /// <summary>Since when a fear waits that names no state; null when none does.</summary>
    public DateTimeOffset? OpenSince { get; }

    /// <summary>The person fears something that was not named yet.</summary>
    public bool IsOpen => OpenSince is not null;

    /// <summary>Whether the person must not be taken to that country, or told of to it. A country that is not known bars whoever fears anything.</summary>
    public bool Bars(string? country) =>
        Now.Count > 0 && (EveryState || Jurisdictions.StatesOf(country) is not { Count: > 0 } states || States.Overlaps(states));

    /// <summary>Whether any of these bars the person.</summary>
    public bool BarsAny(params IEnumerable<string?> countries) => countries.Any(Bars);

    /// <summary>The same where null does not mean that nobody knows the country but that there is none to ask about.</summary>
    public bool Touches(params IEnumerable<string?> countries) => countries.Any(country => country is not null && Bars(country));

    /// <summary>Whether everything that this bars is barred by the other too.</summary>
    public bool IsWithin(FearedCountries other) =>
        other.EveryState || !EveryState && States.IsSubsetOf(other.States) && (Now.IsEmpty || !other.Now.IsEmpty);

    /// <summary>Whether stating these would change what holds: something new is feared, or a question is answered.</summary>
    public bool Learns(IReadOnlyCollection<string> countries, bool byProtection) => countries.Except(Now, StringComparer.OrdinalIgnoreCase).Any()
        || (IsOpen && countries.All(Jurisdictions.NamesState) && Answers(countries, byProtection));

    /// <summary>The code names no state, "which?" is open, and no state was known to be theirs when it was told.</summary>
    /// <remarks>Who repeats an open question after a nationality became known asks no other one.</remarks>
    public bool IsAskedEverywhere(string code) =>
        facts.TryGetValue(code, out var last) && last is { Feared: true, Everywhere: true } && !last.IsBefore(answer);

    /// <summary>What this tells beyond what another record of the same person knows, or what it tells more widely.</summary>
    /// <param name="known">The codes that need not be told there again.</param>
    public IEnumerable<string> Beyond(FearedCountries other, IReadOnlySet<string> known) => Now.Where(code =>
        !known.Contains(code) || IsAskedEverywhere(code) && other.Now.Contains(code) && !other.IsAskedEverywhere(code));

    /// <summary>
    /// What holds after one more event. A form counts as a statement at its time. Leaving a country out of a form takes nothing
    /// back: only the person does, in <see cref="FearOfReturnWithdrawn"/>. A corrected form repeats the whole form, so what was
    /// stated before and taken back is not stated anew by it.
    /// </summary>
    public FearedCountries After(Event @event) =>
        @event switch
        {
            PersonRegistered e => Of(e.Form).Stated(e.Form?.FearOfReturnTo, e.At),
            // A merge states what is feared now in words of its own; an old form may still show what was taken back.
            RegistrationRepeated { MergedFrom: null } e => Of(e.Form).Stated(e.Form?.FearOfReturnTo, e.At),
            RegistrationRepeated e => Of(e.Form),
            RegistrationCorrected e => Of(e.Form).Stated(e.Form?.FearOfReturnTo.Where(country => !Ever.Contains(country)), e.At),
            FearOfReturnStated e => Stated(e.Countries, e.At, e.Everywhere, answers: e is { Relayed: false, ToldBy: null }
                && (e.ByProtection is not { } byProtection || Answers(e.Countries ?? [], byProtection))),
            FearOfReturnWithdrawn e => Withdrawn(e.Countries, e.At),
            _ => this,
        };

    /// <summary>
    /// The same for what somebody heard from the person. What others told of them protects, and shows in nothing that an agency sees
    /// already: whoever guesses who somebody is, and tells a fear of them, would read the answer off it.
    /// </summary>
    public FearedCountries AfterHearing(Event @event) => @event is FearOfReturnStated { ToldBy: not null } ? this : After(@event);

    // Naming a state closes "which?" and opens the way to the states that were barred until then, so only a protection officer does it,
    // unless it opens none: each of their own is named. Where nobody lives, nobody is persecuted.
    private bool Answers(IReadOnlyCollection<string> countries, bool byProtection) => byProtection
        ? countries.Any(code => Jurisdictions.NamesState(code) && Jurisdictions.IsInhabited(code))
        : !EveryState && Own is { IsEmpty: false } own
            && own.IsSubsetOf(countries.Concat(Now).Where(Jurisdictions.NamesState).SelectMany(Jurisdictions.StatesOf));

    private ImmutableHashSet<string> Own => Nothing.Union(nationalities.SelectMany(Jurisdictions.StatesOf));

    private FearedCountries Of(Registration? form)
    {
        string?[] told = [form?.Nationality, form?.SecondNationality];
        var more = told.OfType<string>().Except(nationalities, StringComparer.OrdinalIgnoreCase).ToArray();
        return more.Length > 0 ? new(facts, nationalities.AddRange(more), answer) : this;
    }

    private FearedCountries Stated(IEnumerable<string>? countries, DateTimeOffset at, bool everywhere = false, bool answers = false)
    {
        if (countries?.ToArray() is not { Length: > 0 } all) return this;
        var said = new Fact(at, Next, true);
        var nobodys = everywhere || Own.IsEmpty;
        var news = all.Where(code => !facts.TryGetValue(code, out var last) || last.IsBefore(said))
            .Select(code => KeyValuePair.Create(code, said with { Everywhere = !Jurisdictions.NamesState(code) && (nobodys || IsAskedEverywhere(code)) }));
        return new(facts.SetItems(news), nationalities, answers && answer.IsBefore(said) && all.Any(Jurisdictions.NamesState) ? said : answer);
    }

    private FearedCountries Withdrawn(IEnumerable<string>? countries, DateTimeOffset at)
    {
        var said = new Fact(at, Next, false);
        var taken = (countries ?? []).Where(code => facts.TryGetValue(code, out var last) && last.IsBefore(said));
        return new(facts.SetItems(taken.Select(code => KeyValuePair.Create(code, said))), nationalities, answer);
    }

    private int Next => facts.IsEmpty ? 1 : Math.Max(answer.Number, facts.Values.Max(fact => fact.Number)) + 1;
}
