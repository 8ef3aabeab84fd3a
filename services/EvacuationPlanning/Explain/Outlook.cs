using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Plans;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;
using Position = CrisisCoordination.EvacuationPlanning.Planning.Position;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>A person with those who travel with them, and the transports that can still be caught, at this moment.</summary>
internal sealed record Outlook(Passenger Person, ImmutableDictionary<Guid, IReadOnlyList<RecordedEvent>> Told, Household Household, Ways Ways, IReadOnlyDictionary<string, AssemblyPoint> Points, DateTimeOffset Now)
{
    // A chain of households that share children and escorts ends sooner than this.
    private const int MostRounds = 4;

    /// <summary>The first day on which they could depart, as a plan takes it.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Ways.Open.Select(run => run.DepartsAt).DefaultIfEmpty(Now).Min().UtcDateTime);

    public Group Group => Ways.Network.Locate(Household.AsGroup(Day, (transport, end) =>
        Ways.Open.Concat(Ways.Gone).FirstOrDefault(run => run.Id == transport) is { } run && Points.TryGetValue(end ? run.To : run.From, out var point)
            ? point.Position : null));

    /// <summary>As the last form that tells one has it.</summary>
    public string? NameOf(Guid person) => !Told.TryGetValue(person, out var events) ? null : events.Reverse()
        .Select(e => Evidence.Form(e.Event)).OfType<Registration>()
        .Select(form => string.Join(' ', new[] { form.GivenNames, form.FamilyName }.Where(name => !string.IsNullOrWhiteSpace(name))))
        .FirstOrDefault(name => name.Length > 0);

    /// <summary>The refusal where there is nobody under this id, or nobody any more.</summary>
    public static async Task<(Outlook? Outlook, Refusal? Missing)> LoadAsync(TimelineStore store, Guid id, CancellationToken ct)
    {
        var timeline = await store.ReadAsync(id, ct);
        var told = ImmutableDictionary<Guid, IReadOnlyList<RecordedEvent>>.Empty.Add(id, timeline.Events);
        var person = timeline.Fold<Passenger>();
        var people = new Dictionary<Guid, Passenger> { [id] = person };
        if (person.Record.RefuseMissing() is { } missing) return (null, missing);

        var asked = new HashSet<Guid>(people.Keys);
        for (var round = 0; round < MostRounds; round++)
        {
            var more = await CompanionsAsync(store.Database, people.Values, ct);
            if (more.Where(asked.Add).ToArray() is not { Length: > 0 } unknown) break;
            foreach (var other in await store.ReadAsync(unknown, ct))
            {
                told = told.Add(other.Id, other.Events);
                people[other.Id] = other.Fold<Passenger>();
            }
        }
        var planned = people.Values.Where(other => other.Id == id || other is { State: TravelState.Waiting or TravelState.Held } && other.Crises.Overlaps(person.Crises)).ToList();
        var household = Household.Of(planned).Single(household => household.Members.Any(member => member.Id == id));

        var now = store.Time.GetUtcNow();
        var points = await Situations.PointsAsync(store.Database, ct);
        var runs = await RunsAsync(store.Database, ct);
        var ways = new Ways(
            [.. points.Values], [.. runs.Where(run => run.Open && run.Departure.DepartsAt >= now).Select(run => run.Departure)],
            [.. runs.Where(run => !run.Open || run.Departure.DepartsAt < now).Select(run => run.Departure)], new() { NotBefore = now },
            [.. (await store.ReadAsync([.. person.Crises], ct)).SelectMany(crisis => crisis.Fold<CrisisCountries>().Countries).Distinct()]);
        return (new(person, told, household, ways, points, now), null);
    }

    private static async Task<List<Guid>> CompanionsAsync(NpgsqlDataSource database, IReadOnlyCollection<Passenger> people, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select distinct stream_id from evacuation_planning.traveller where household_id = any($1) or merged_households && $1 or escort_id = any($2) or stream_id = any($3)");
        command.Parameters.Add(new() { Value = people.SelectMany(person => person.HouseholdsMerged.Append(person.HouseholdId ?? Guid.Empty)).Distinct().ToArray() });
        command.Parameters.Add(new() { Value = people.Select(person => person.Id).ToArray() });
        command.Parameters.Add(new() { Value = people.Select(person => person.EscortId).OfType<Guid>().ToArray() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    // The list of transports is written with the events and knows what is free, so nobody's manifest is read for it.
    private static async Task<List<(bool Open, Departure Departure)>> RunsAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select stream_id, code, kind, from_point, to_point, destination_country, departs_at, arrives_at, free_seats, free_wheelchair_spaces, free_stretcher_spaces, operator, state,
                free_escort_seats, free_laps, free_carried, free_oxygen_places, alternates
            from evacuation_planning.transport where state <> 'cancelled' order by key
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var runs = new List<(bool, Departure)>();
        while (await reader.ReadAsync(ct))
            runs.Add((reader.GetString(12) == "scheduled", new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), await reader.IsDBNullAsync(5, ct) ? null : reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7), Free(reader), reader.GetString(11))
            { Alternates = await reader.IsDBNullAsync(17, ct) ? null : reader.GetFieldValue<string[]>(17) }));
        return runs;

        static Spaces Free(NpgsqlDataReader row) => Spaces.Most(Spaces.Offer(
            row.GetInt32(8) + row.GetInt32(13), row.GetInt32(9), row.GetInt32(10), row.GetInt32(13), row.GetInt32(14), row.GetInt32(15), row.GetInt32(16)), default);
    }
}
