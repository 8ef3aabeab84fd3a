using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.PersonRecord;

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
    /// <param name="pointOf">Where a transport starts, or ends (true): of whom the last word is a journey or a gate.</param>
    public Group AsGroup(DateOnly day, Func<Guid, bool, Position?> pointOf)
    {
        var tier = Members.Min(member => member.Tier);
        return new(
            Id, [.. Members.Select(AsTraveller)], tier, Members.Where(member => member.Tier == tier).Max(member => member.Score),
            Members.Min(member => member.RegisteredAt!.Value), PlaceOf(Members, pointOf));

        Traveller AsTraveller(Passenger member)
        {
            var one = member.AsTraveller(day);
            if (!one.FearsAny) return one;
            ImmutableArray<Position?> places = [.. WordsOf(member, Members).Select(seen => Find(seen, pointOf))];
            return places.IsEmpty || places.Contains(null) ? one with { MayBeAnywhere = true }
                : one with { Whereabouts = places[0], AlsoToldAt = [.. places.Skip(1).OfType<Position>()] };
        }
    }

    /// <summary>
    /// The words that must agree in one country on where somebody is who fears a state (rule N). Of whom no word counts, the family
    /// tells it; nothing where nobody does.
    /// </summary>
    public static IReadOnlyList<Seen> WordsOf(Passenger one, IEnumerable<Passenger> family) =>
        (one.Places.Latest.IsEmpty ? InOrder(family).FirstOrDefault(member => !member.Places.Latest.IsEmpty) : one)?.Places is { } told
            ? [.. told.Latest, .. told.Doubts, .. ReferenceEquals(told, one.Places) ? [] : one.Places.Doubts] : [];

    // From where the one is who can move least; among equals the head of the household.
    private static Position? PlaceOf(IEnumerable<Passenger> members, Func<Guid, bool, Position?> pointOf) => InOrder(members)
        .Select(member => member.Places.Last(seen => seen.Source is Seen.Registration or Seen.Transport && Find(seen, pointOf) is not null))
        .OfType<Seen>().Select(seen => Find(seen, pointOf)).FirstOrDefault();

    private static IEnumerable<Passenger> InOrder(IEnumerable<Passenger> members) => members
        .OrderByDescending(member => member.Mobility).ThenByDescending(member => member.Role is "head").ThenBy(member => member.RegisteredAt);

    private static Position? Find(Seen seen, Func<Guid, bool, Position?> pointOf) => seen.Spot.Position is { } place
        ? new Position(place.Latitude, place.Longitude) : seen.IsPlaced ? pointOf(seen.Id!.Value, seen.Source == Seen.Transport) : null;
}
