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
        var seats = household.Holders.First().OpenSeats.OrderBy(seat => seat.Leg).ToList();
        var way = seats.Select(seat => seat.TransportId).ToHashSet();
        var movers = household.Waiting.Select(member => member.Id).ToHashSet();
        var party = household.Members.Where(member => !member.HoldsSeat || member.OpenSeats.Select(seat => seat.TransportId).ToHashSet()
            .SetEquals(way)).Select(member => member.Id).ToHashSet();
        Group Only(Func<Traveller, bool> which) => group with { Travellers = [.. group.Travellers.Where(which)] };
        var (all, joining) = (Only(one => party.Contains(one.PersonId)), Only(one => movers.Contains(one.PersonId)));
        var need = all.Need - Only(one => party.Contains(one.PersonId) && !movers.Contains(one.PersonId)).Need;

        ImmutableArray<Leg> legs = [.. seats.Select(seat => ways.Network.Legs.FirstOrDefault(leg => leg.Departure.Id == seat.TransportId))
            .OfType<Leg>()];
        ImmutableArray<Reason> reasons = [.. joining.Travellers.Select(traveller => WhoMayGo.KeptBy(all, traveller)).OfType<Reason>()];
        if (reasons.IsEmpty) reasons = [.. legs.Select(leg => WhoMayGo.BarredFrom(joining, leg)).OfType<Reason>().Take(1)];
        var full = legs.FirstOrDefault(leg => !leg.Departure.Spaces.Hold(need))?.Departure;
        if (reasons.IsEmpty && (full is not null || legs.Length < seats.Count)) reasons = [new(Words.NoSeatWithFamily)];
        return new(reasons, reasons is [{ Code: Words.NoSeatWithFamily }] ? full : null, legs, need, movers.Count);
    }
}
