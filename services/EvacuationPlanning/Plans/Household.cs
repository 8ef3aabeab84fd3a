using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>Those who travel together or not at all (rule F): a household, with the children whose escort belongs to it.</summary>
internal sealed record Household(Guid Id, ImmutableArray<Passenger> Members)
{
    public IEnumerable<Passenger> Holders => Members.Where(member => member.HoldsSeat);

    public IEnumerable<Passenger> Waiting => Members.Where(member => !member.HoldsSeat);

    /// <param name="people">Of one crisis, without those who are under way, have arrived or were erased.</param>
    public static IEnumerable<Household> Of(IReadOnlyCollection<Passenger> people)
    {
        var keys = people.ToDictionary(person => person.Id, person => person.HouseholdId ?? person.Id);
        var known = people.ToDictionary(person => person.Id);
        var joined = new Dictionary<Guid, Guid>();
        Guid Root(Guid key)
        {
            while (joined.TryGetValue(key, out var next)) key = next;
            return key;
        }

        foreach (var child in people.OrderBy(person => person.Id))
            if (child.EscortId is { } escort && known.TryGetValue(escort, out var adult) && child.IsEscortedBy(adult)
                && Root(keys[child.Id]) != Root(keys[escort]))
                joined[Root(keys[child.Id])] = Root(keys[escort]);

        foreach (var person in people.OrderBy(person => person.Id))
            foreach (var household in person.HouseholdsMerged.Order())
                if (Root(keys[person.Id]) != Root(household))
                    joined[Root(household)] = Root(keys[person.Id]);

        return people.GroupBy(person => Root(keys[person.Id])).Select(group => new Household(group.Key, [.. group.OrderBy(member => member.Id)]));
    }

    /// <summary>As the planner sees it: as urgent as its neediest member, and waiting since the first of them asked for help (rule P).</summary>
    /// <param name="cameTo">Where a journey that broke off has left somebody.</param>
    public Group AsGroup(DateOnly day, Func<Guid, Position?> cameTo)
    {
        var tier = Members.Min(member => member.Tier);
        return new(
            Id, [.. Members.Select(AsTraveller)], tier, Members.Where(member => member.Tier == tier).Max(member => member.Score),
            Members.Min(member => member.RegisteredAt!.Value), PlaceOf(Members, cameTo));

        Traveller AsTraveller(Passenger member)
        {
            var one = member.AsTraveller(day);
            return one.FearsAny && CameTo(member, cameTo) is { } end ? one with { Whereabouts = end } : one;
        }
    }

    /// <summary>Where the one is who can move least; among equals the head of the household.</summary>
    public static Position? PlaceOf(IEnumerable<Passenger> members, Func<Guid, Position?> cameTo) => members
        .OrderByDescending(member => member.Mobility).ThenByDescending(member => member.Role is "head").ThenBy(member => member.RegisteredAt)
        .Select(member => CameTo(member, cameTo) ?? (member.Position is { } told ? new Position(told.Latitude, told.Longitude) : null))
        .FirstOrDefault(position => position is not null);

    private static Position? CameTo(Passenger member, Func<Guid, Position?> cameTo) => member.CameWith is { } transport ? cameTo(transport) : null;
}
