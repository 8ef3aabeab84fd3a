using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Manifests;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>A person as a field team needs them: where they are, and what help they need on the way.</summary>
internal sealed record Charge(Guid Id) : IFold<Charge>
{
    // Codes that a team must know of to help; torture, violence and legal protection are nobody's business on the road.
    private static readonly string[] Practical = ["CR", "SC", "ER", "SP", "DS", "SM", "PG"];

    private Listed Listed { get; init; } = Listed.Start(Id);

    public Passenger Passenger => Listed.Passenger;

    /// <summary>null once the person is erased.</summary>
    public Registration? Form => Listed.Form;

    /// <summary>Where they were last, by their own word or that of somebody for them.</summary>
    public Position? Position => Passenger.Erased ? null
        : Passenger.Places.Last(seen => seen.Spot.Position is not null && seen.Source != Seen.Sighting)?.Spot.Position;

    public IEnumerable<string> Needs => (Form?.SpecificNeeds ?? []).Intersect(Practical);

    /// <summary>An adult who walks and needs no care can bring the others of the family.</summary>
    public bool IsAble(DateOnly day) => !Passenger.IsMinorOn(day) && Passenger.Mobility is Mobility.None && !Needs.Any(need => need is "SM" or "DS" or "ER");

    public static Charge Start(Guid id) => new(id);

    public Charge Apply(Event @event) => new(Id) { Listed = Listed.Apply(@event) };
}
