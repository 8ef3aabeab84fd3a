using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>How it stands with those who wait of a family that holds seats: they can travel on those transports and no others, as a plan
/// has it.</summary>
/// <param name="Reasons">What keeps them; empty when the next plan can look for room beside the family.</param>
/// <param name="Full">The first transport without room for them.</param>
/// <param name="Need">What they take up together.</param>
internal sealed record BesideFamily(ImmutableArray<Reason> Reasons, Departure? Full, ImmutableArray<Leg> Legs, Spaces Need, int People)
{
    public static BesideFamily Of(Household household, Group group, Ways ways)
    {
        var joining = Joining.Of(household, group);
        ImmutableArray<Leg> legs =
            [.. joining.Way.Select(run => ways.Network.Legs.FirstOrDefault(leg => leg.Departure.Id == run)).OfType<Leg>()];
        var reasons = joining.KeptBy(legs);
        var full = legs.FirstOrDefault(leg => !leg.Departure.Spaces.Hold(joining.Need))?.Departure;
        if (reasons.IsEmpty && (full is not null || legs.Length < joining.Way.Length)) reasons = [new(Words.NoSeatWithFamily)];
        return new(reasons, reasons is [{ Code: Words.NoSeatWithFamily }] ? full : null, legs, joining.Need, joining.Movers.Length);
    }
}
