using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>Those of a family who wait while others of it hold seats: they can travel on those transports and no others.</summary>
/// <param name="Seats">Of those who hold them, in the order of their legs.</param>
/// <param name="Party">All who travel on these transports, or would.</param>
/// <param name="Movers">Those of them who wait.</param>
/// <param name="All">The party as the rules see it.</param>
/// <param name="Those">The movers as the rules see them.</param>
/// <param name="Need">What the movers take up beside the others.</param>
internal sealed record Joining(ImmutableArray<Seat> Seats, ImmutableArray<Guid> Party, ImmutableArray<Guid> Movers, Group All, Group Those, Spaces Need)
{
    public static Joining Of(Household household, Group group)
    {
        ImmutableArray<Seat> seats = [.. household.Holders.First().OpenSeats.OrderBy(seat => seat.Leg)];
        var way = seats.Select(seat => seat.TransportId).ToHashSet();
        ImmutableArray<Guid> movers = [.. household.Waiting.Select(member => member.Id)];
        ImmutableArray<Guid> party = [.. household.Members
            .Where(member => !member.HoldsSeat || member.OpenSeats.Select(seat => seat.TransportId).ToHashSet().SetEquals(way)).Select(member => member.Id)];
        Group Only(Func<Guid, bool> which) => group with { Travellers = [.. group.Travellers.Where(traveller => which(traveller.PersonId))] };
        var all = Only(party.Contains);
        return new(seats, party, movers, all, Only(movers.Contains), all.Need - Only(id => party.Contains(id) && !movers.Contains(id)).Need);
    }

    public ImmutableArray<Guid> Way => [.. Seats.Select(seat => seat.TransportId)];

    /// <summary>What keeps them from joining: what keeps each of them from any transport, or else the first leg that is barred to them.</summary>
    public ImmutableArray<Reason> KeptBy(IEnumerable<Leg> legs) =>
        Those.Travellers.Select(traveller => WhoMayGo.KeptBy(All, traveller)).OfType<Reason>().ToImmutableArray() is { IsEmpty: false } reasons ? reasons
        : [.. legs.Select(leg => WhoMayGo.BarredFrom(Those, leg)).OfType<Reason>().Take(1)];
}
