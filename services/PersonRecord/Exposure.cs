using System.Collections.Immutable;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.PersonRecord;

/// <summary>
/// In which crises' affected areas a person is, as their timeline tells: what was found when they registered, until they were
/// seen to have entered or left. One reading of it for all services.
/// </summary>
public sealed record Exposure
{
    private ImmutableList<(Guid Registration, Guid Crisis, bool Inside)> Told { get; init; } = [];
    private ImmutableDictionary<Guid, bool> Since { get; init; } = ImmutableDictionary<Guid, bool>.Empty;

    private Exposure() { }

    /// <summary>Nothing was told.</summary>
    public static Exposure None { get; } = new();

    /// <summary>The crises that the person is registered in.</summary>
    public IEnumerable<Guid> Crises => Told.Select(told => told.Crisis).Distinct();

    /// <summary>Whether they are inside the area of any of them.</summary>
    public bool Any => Crises.Any(IsIn);

    /// <summary>Whether they are inside the area of that crisis.</summary>
    public bool IsIn(Guid crisis) => Since.TryGetValue(crisis, out var inside) ? inside : Told.Exists(told => told.Crisis == crisis && told.Inside);

    /// <summary>What holds after one more event.</summary>
    public Exposure After(Event @event) => @event switch
    {
        PersonRegistered e => With(e.RegistrationId, e.CrisisId, e.InAffectedArea),
        RegistrationRepeated e => With(e.RegistrationId, e.CrisisId, e.InAffectedArea),
        RegistrationSeparated e => Without([e.RegistrationId]),
        DuplicateUnmerged e => Without(e.Registrations),
        AffectedAreaEntered e => this with { Since = Since.SetItem(e.CrisisId, true) },
        AffectedAreaLeft e => this with { Since = Since.SetItem(e.CrisisId, false) },
        // Who arrived abroad is in no area any more.
        Arrived { Country: not null } => this with { Since = Since.SetItems(Crises.Select(crisis => KeyValuePair.Create(crisis, false))) },
        _ => this,
    };

    // Doubt speaks for danger: who registers as being inside counts so, whatever was seen before.
    private Exposure With(Guid registration, Guid crisis, bool inside) =>
        this with { Told = Told.Add((registration, crisis, inside)), Since = inside ? Since.Remove(crisis) : Since };

    private Exposure Without(IReadOnlyList<Guid> registrations) => this with { Told = Told.RemoveAll(told => registrations.Contains(told.Registration)) };
}
