using System.Collections.Frozen;
using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// Who is a child (rule C, CRC Art. 1): somebody whom one of their registrations makes one. A registration that tells a birth
/// date speaks by it; one that tells none speaks by its codes, a child's role in the household or SC or CR (UNHCR). Where one
/// registration says child and another adult, the reading that protects counts until an officer corrects one of them. One
/// reading of it for all services.
/// </summary>
public sealed record Childhood
{
    private static readonly FrozenSet<string> ChildRoles =
        ((string[])["child", "son", "daughter", "grandchild", "grandson", "granddaughter", "infant", "baby", "minor"]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> ChildCodes = ((string[])["SC", "CR"]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly record struct Told(Guid Registration, BirthDate? Born, bool Coded);

    private ImmutableList<Told> All { get; init; } = [];

    // Given to them in a household once: another role there makes no adult of a child.
    private bool HasChildRole { get; init; }

    private Childhood() { }

    /// <summary>Nothing was told.</summary>
    public static Childhood Unknown { get; } = new();

    /// <summary>The birth dates told, in the order in which they were recorded.</summary>
    public IEnumerable<BirthDate> BirthDates => All.Where(told => told.Born is not null).Select(told => told.Born!.Value);

    /// <summary>
    /// The day from which on they are no child: the last one there is while nothing says when that will be, the first one where
    /// nothing says that they are a child. Whoever moves it decides who is a child, today or tomorrow.
    /// </summary>
    public DateOnly OfAgeOn
    {
        get
        {
            var (last, dated) = (DateOnly.MinValue, false);
            foreach (var told in All)
            {
                if (told.Born is { } born)
                {
                    if (OfAge(born) is var day && day > last) last = day;
                    dated = true;
                }
                else if (told.Coded) return DateOnly.MaxValue;
            }
            return HasChildRole && !dated ? DateOnly.MaxValue : last;
        }
    }

    /// <summary>Under 18 on that day, or perhaps so.</summary>
    public bool IsChildOn(DateOnly day) => day < OfAgeOn;

    /// <inheritdoc cref="IsChildOn(DateOnly)"/>
    public bool IsChildOn(DateTimeOffset time) => IsChildOn(DateOnly.FromDateTime(time.UtcDateTime));

    /// <summary>Certainly 18 or older: a birth date is known, and nothing says otherwise.</summary>
    public bool IsAdultOn(DateOnly day) => BirthDates.Any() && !IsChildOn(day);

    /// <inheritdoc cref="IsAdultOn(DateOnly)"/>
    public bool IsAdultOn(DateTimeOffset time) => IsAdultOn(DateOnly.FromDateTime(time.UtcDateTime));

    /// <summary>Under 2 by every birth date told: a lap is no place for a child of three.</summary>
    public bool IsInfantOn(DateOnly day) => BirthDates.Any() && BirthDates.All(born => born.Earliest.AddYears(2) > day);

    /// <summary>
    /// Whether that form, in the place of what the registration told before, would move the day on which a child comes of age: of
    /// the person, or of that registration by itself, which may be another person's once a merge is undone. One officer could
    /// otherwise make an adult of a child by tomorrow.
    /// </summary>
    public bool IsDecidedBy(Guid registration, Registration? form, DateOnly today)
    {
        var then = With(registration, form);
        return Moves(OfAgeOn, then.OfAgeOn) || Moves(Only(registration).OfAgeOn, then.Only(registration).OfAgeOn);

        bool Moves(DateOnly from, DateOnly to) => from != to && (today < from || today < to);
    }

    /// <summary>What both records say together once the other one is merged into this one.</summary>
    public Childhood And(Childhood other) => this with { All = All.AddRange(other.All.Where(told => !All.Exists(known => known.Registration == told.Registration))) };

    /// <summary>Whether they are a child today, and would be one for a shorter time if only the other were known of them.</summary>
    public bool IsShortenedTo(Childhood other, DateOnly today) => today < OfAgeOn && other.OfAgeOn < OfAgeOn;

    /// <summary>What holds after one more event.</summary>
    public Childhood After(Event @event) => @event switch
    {
        PersonRegistered e => With(e.RegistrationId, e.Form),
        RegistrationRepeated e => With(e.RegistrationId, e.Form),
        RegistrationCorrected e => With(e.RegistrationId, e.Form),
        RegistrationSeparated e => Without([e.RegistrationId]),
        DuplicateUnmerged e => Without(e.Registrations),
        HouseholdJoined { Role: { } role } when !HasChildRole && ChildRoles.Contains(role) => this with { HasChildRole = true },
        PersonErased => Unknown,
        _ => this,
    };

    private Childhood With(Guid registration, Registration? form)
    {
        if (form is null) return this;
        var told = new Told(registration, form.BirthDate, form.HouseholdRole is { } role && ChildRoles.Contains(role.Trim()) || form.SpecificNeeds.Any(ChildCodes.Contains));
        return this with { All = All.FindIndex(one => one.Registration == registration) is >= 0 and var index ? All.SetItem(index, told) : All.Add(told) };
    }

    private static DateOnly OfAge(BirthDate born) => born.Year > DateOnly.MaxValue.Year - 18 ? DateOnly.MaxValue : born.Latest.AddYears(18);

    private Childhood Only(Guid registration) => this with { All = All.RemoveAll(told => told.Registration != registration) };

    private Childhood Without(IReadOnlyList<Guid> registrations) => this with { All = All.RemoveAll(told => registrations.Contains(told.Registration)) };
}
