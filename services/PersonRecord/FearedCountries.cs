using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// The countries where a person fears persecution, torture or other serious harm, as their timeline tells (rule N). One
/// reading of it for all services: what one of them missed, a person would be sent back to.
/// </summary>
public sealed record FearedCountries
{
    private FearedCountries(ImmutableHashSet<string> now, ImmutableHashSet<string> ever) => (Now, Ever) = (now, ever);

    /// <summary>Nothing was said.</summary>
    public static FearedCountries None { get; } = new(ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase), ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>What holds now.</summary>
    public ImmutableHashSet<string> Now { get; }

    /// <summary>Everything that was ever stated, withdrawn or not.</summary>
    public ImmutableHashSet<string> Ever { get; }

    /// <summary>Whether any of these countries is feared now; null stands for no country.</summary>
    public bool Touches(params IEnumerable<string?> countries) => countries.Any(country => country is not null && Now.Contains(country));

    /// <summary>
    /// What holds after one more event. A form counts as a statement. Leaving a country out of a form takes nothing back:
    /// only the person does, in <see cref="FearOfReturnWithdrawn"/>. A corrected form repeats the whole form, so what was
    /// stated before and taken back is not stated anew by it.
    /// </summary>
    public FearedCountries After(Event @event) =>
        @event switch
        {
            PersonRegistered e => With(e.Form?.FearOfReturnTo),
            // A merge states what is feared now in words of its own; an old form may still show what was taken back.
            RegistrationRepeated { MergedFrom: null } e => With(e.Form?.FearOfReturnTo),
            RegistrationCorrected e => With(e.Form?.FearOfReturnTo.Where(country => !Ever.Contains(country))),
            FearOfReturnStated e => With(e.Countries),
            FearOfReturnWithdrawn e => new(Now.Except(e.Countries ?? []), Ever),
            _ => this,
        };

    private FearedCountries With(IEnumerable<string>? countries) =>
        countries?.ToArray() is { Length: > 0 } all ? new(Now.Union(all), Ever.Union(all)) : this;
}
