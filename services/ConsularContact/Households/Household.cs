using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>What is decided about several people at once: all of it is stored, or nothing.</summary>
internal sealed record Changes(Refusal? Refusal, ImmutableList<(Guid Stream, Event Event)> Events)
{
    public static Changes None { get; } = new(null, []);

    public static implicit operator Changes(Refusal refusal) => new(refusal, []);

    public Changes And(Guid stream, params IEnumerable<Event> events) => this with { Events = Events.AddRange(events.Select(e => (stream, e))) };

    public Refusal? Into(Work work)
    {
        foreach (var stream in Events.GroupBy(change => change.Stream))
            if (work.Append(stream.Key, Decision.Of(stream.Select(change => change.Event))) is { } refusal) return refusal;
        return Refusal;
    }
}

/// <summary>
/// A household with all who belong to it. A family that registered more than once is one family: whoever belongs to two
/// households makes them one (rule F).
/// </summary>
/// <param name="Id">The one asked for.</param>
/// <param name="Ids">Every household that the family goes by.</param>
internal sealed record Household(Guid Id, ImmutableHashSet<Guid> Ids, ImmutableArray<Person> Members)
{
    /// <summary>More people than any family has share a reference that stands for something else.</summary>
    private const int Most = 200;

    public static IReadOnlyList<string> Roles { get; } = ["head", "spouse", "child", "parent", "grandparent", "sibling", "relative", "guardian", "other"];

    public static Refusal Unknown => Refusal.NotFound("household/unknown", "There is no household with this id. Look the person up: their households are told there.");

    public Refusal? Unusable => Members.IsEmpty ? Unknown
        : Members.Length > Most ? Refusal.Conflict("household/too-large", $"More than {Most} people go by this household's reference, so it is no family. Have their registrations corrected.")
        : null;

    public bool Has(Guid person) => Members.Any(member => member.Id == person);

    public Person? Find(Guid person) => Members.FirstOrDefault(member => member.Id == person);

    public IEnumerable<Person> AdultsOn(DateTimeOffset at) => Members.Where(member => !member.IsChildOn(at));

    public string? RoleOf(Person member) => member.Family.Roles.Where(role => Ids.Contains(role.Key)).OrderBy(role => role.Key == Id ? 0 : 1).ThenBy(role => role.Key).Select(role => role.Value).FirstOrDefault();

    /// <summary>Who answers for the child here: a guardian who is with them, and where none is, any adult of the household.</summary>
    public IEnumerable<Person> CarersOf(Person child, DateTimeOffset at)
    {
        var adults = AdultsOn(at).ToList();
        return adults.Where(adult => child.Family.IsGuardian(adult)).ToList() is { Count: > 0 } guardians ? guardians : adults;
    }

    /// <summary>Children who would have nobody left when only these stay, and of whom nobody has said that they are alone.</summary>
    public IEnumerable<Person> AbandonedBy(IReadOnlySet<Guid> leaving, DateTimeOffset at) => Members.Where(child =>
        !leaving.Contains(child.Id) && child.IsChildOn(at) && child.Family.Separation is null
        && CarersOf(child, at).ToList() is { Count: > 0 } carers && carers.TrueForAll(carer => leaving.Contains(carer.Id)));

    /// <summary>In every household that the person has of this family.</summary>
    public IEnumerable<Guid> IdsOf(Person member) => member.Households.Intersect(Ids).Order();

    /// <summary>Somebody is its head as long as there is an adult: the spouse, else whoever is oldest.</summary>
    public Changes WithHead(Changes changes, IReadOnlySet<Guid> leaving, string officer, DateTimeOffset at, DateTimeOffset now) =>
        Members.Any(member => leaving.Contains(member.Id) && RoleOf(member) == "head") && !Members.Any(member => !leaving.Contains(member.Id) && RoleOf(member) == "head")
        && AdultsOn(now).Where(member => !leaving.Contains(member.Id))
            .OrderBy(member => RoleOf(member) is "spouse" or "single parent" ? 0 : 1).ThenBy(member => member.Latest?.BirthDate?.Earliest ?? DateOnly.MaxValue).ThenBy(member => member.Id).FirstOrDefault() is { } next
            ? changes.And(next.Id, new HouseholdJoined(IdsOf(next).First(), "head", at) { Source = officer }) : changes;

    /// <summary>The household's own timelines take note, so that no other change rests on what was true before this one.</summary>
    public Changes Noted(Changes changes, IReadOnlyList<Guid> joined, IReadOnlyList<Guid> left, Guid? wishOf, string officer, DateTimeOffset at) =>
        Ids.Order().Aggregate(changes, (all, id) => all.And(id, new HouseholdChanged(joined, left, wishOf, officer, at)));

    public static async Task<Household> LoadAsync(Work work, NpgsqlDataSource database, CrisisService service, Guid id, CancellationToken ct)
    {
        var (ids, people) = await FamilyAsync(database, service, [id], ct);
        await work.ReadAsync(ids.Concat(people));
        var members = new List<Person>(people.Count);
        foreach (var person in people) members.Add(await work.LoadAsync<Person>(person));
        return new(id, ids, [.. members.Where(member => member.Unavailable is null).OrderBy(member => member.Id)]);
    }

    /// <summary>The households that people in common join, and everybody in them.</summary>
    public static async Task<(ImmutableHashSet<Guid> Ids, ImmutableHashSet<Guid> People)> FamilyAsync(NpgsqlDataSource database, CrisisService service, ImmutableHashSet<Guid> ids, CancellationToken ct)
    {
        for (var people = ImmutableHashSet<Guid>.Empty; ;)
        {
            await using var find = database.CreateCommand($"select stream_id, household_ids from {service.Schema}.person where household_ids && $1 and coalesce(family_name, given_names) is not null limit {Most + 1}");
            find.Parameters.Add(new() { Value = ids.ToArray() });
            await using var reader = await find.ExecuteReaderAsync(ct);
            var before = ids;
            while (await reader.ReadAsync(ct)) (people, ids) = (people.Add(reader.GetGuid(0)), ids.Union(reader.GetFieldValue<Guid[]>(1)));
            if (ids.Count == before.Count || people.Count > Most) return (ids, people);
        }
    }
}
