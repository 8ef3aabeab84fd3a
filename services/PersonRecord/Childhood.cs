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

    /// <summary>Under 18 on that day, or perhaps so.</summary>
    public bool IsChildOn(DateOnly day)
    {
        var (dated, coded) = (false, HasChildRole);
        foreach (var told in All)
        {
            if (told.Born is { } born)
            {
                if (born.IsChildOn(day)) return true;
                dated = true;
            }
            else if (told.Coded) return true;
        }
        return coded && !dated;
    }

    /// <inheritdoc cref="IsChildOn(DateOnly)"/>
    public bool IsChildOn(DateTimeOffset time) => IsChildOn(DateOnly.FromDateTime(time.UtcDateTime));

    /// <summary>Certainly 18 or older: a birth date is known, and nothing says otherwise.</summary>
    public bool IsAdultOn(DateOnly day) => BirthDates.Any() && !IsChildOn(day);

    /// <inheritdoc cref="IsAdultOn(DateOnly)"/>
    public bool IsAdultOn(DateTimeOffset time) => IsAdultOn(DateOnly.FromDateTime(time.UtcDateTime));

    /// <summary>Under 2 by every birth date told: a lap is no place for a child of three.</summary>
    public bool IsInfantOn(DateOnly day) => BirthDates.Any() && BirthDates.All(born => born.Earliest.AddYears(2) > day);

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

    private Childhood Without(IReadOnlyList<Guid> registrations) => this with { All = All.RemoveAll(told => registrations.Contains(told.Registration)) };
}
