using System.Collections.Immutable;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>What a plan is made from, as it was read at one time.</summary>
/// <param name="Departures">As the planner may use them; one that has departed or is sealed has no space to give.</param>
internal sealed record Situation(
    IReadOnlyList<Household> Households, IReadOnlyDictionary<Guid, Transport> Transports, ImmutableArray<Departure> Departures,
    IReadOnlyDictionary<string, AssemblyPoint> Points, IReadOnlyList<string> CrisisCountries, DateTimeOffset ReadAt)
{
    public static Situation Of(
        IReadOnlyCollection<Passenger> people, IReadOnlyCollection<Transport> transports, IReadOnlyDictionary<string, AssemblyPoint> points, IReadOnlyList<string> crisis, DateTimeOffset readAt) => new(
        [.. Household.Of(people)], transports.ToDictionary(run => run.Id),
        [.. transports.Where(run => !run.Cancelled).Select(run => run.IsClosed ? run.AsDeparture() with { Spaces = default } : run.AsDeparture())], points, crisis, readAt);

    /// <summary>Where the transports go, by the facts.</summary>
    public Network Network() => Planning.Network.From(CrisisCountries, Points.Values, Departures);

    /// <summary>The same for a seat that is held already.</summary>
    public Ground Ground() => new(CrisisCountries, code => Points.GetValueOrDefault(code) is { } point ? new(point.Country, point.ProposedCountry, point.ToldByOne) : default);

    public bool HasDeparted(Guid departure) => Transports.GetValueOrDefault(departure) is { Departed: true };

    /// <summary>Nobody gets on or off it by a plan any more.</summary>
    public bool IsClosed(Guid departure) => Transports.GetValueOrDefault(departure) is { IsClosed: true };
}

/// <summary>Reads what a plan is made from.</summary>
internal sealed class Situations(TimelineStore store, CrisisFacts facts)
{
    private const int TransportsAtOnce = 200;

    public static Refusal ListBehind => Refusal.Conflict("plan/list-behind", "The list of people is still being brought up to date. Ask again in a minute.");

    public async Task<(Situation? Situation, Refusal? Refusal)> ReadAsync(Guid crisis, CancellationToken ct)
    {
        var (countries, unknown) = await CrisisCountriesAsync(crisis, ct);
        if (unknown is not null) return (null, unknown);
        var readAt = store.Time.GetUtcNow();
        return await facts.ReadAsync(crisis, ct) is { } people
            ? (Situation.Of(people, await TransportsAsync(ct), await PointsAsync(store.Database, ct), countries!, readAt), null)
            : (null, ListBehind);
    }

    /// <summary>Where people leave, as the crisis's own timeline tells.</summary>
    public async Task<(IReadOnlyList<string>? Countries, Refusal? Refusal)> CrisisCountriesAsync(Guid crisis, CancellationToken ct) => (await store.LoadAsync<CrisisCountries>(crisis, ct: ct)).State switch
    {
        { Opened: false } => (null, Places.CrisisCountries.Unknown),
        { Countries: [] } => (null, Places.CrisisCountries.NotTold),
        var told => (told.Countries, null),
    };

    public async Task<List<Transport>> TransportsAsync(CancellationToken ct)
    {
        var all = new List<Transport>();
        foreach (var page in (await IdsAsync(ct)).Chunk(TransportsAtOnce))
            all.AddRange((await store.ReadAsync(page, ct)).Select(timeline => timeline.Fold<Transport>()));
        return all;
    }

    public async Task<IReadOnlyList<Guid>> IdsAsync(CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select stream_id from evacuation_planning.transport order by key");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    public static async Task<Dictionary<string, AssemblyPoint>> PointsAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select code, name, latitude, longitude, connection_minutes, country, proposed_country, country_by_one from evacuation_planning.assembly_point");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var points = new Dictionary<string, AssemblyPoint>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            points.Add(reader.GetString(0), new(reader.GetString(0), reader.GetString(1), new Position(reader.GetDouble(2), reader.GetDouble(3)),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(4) ? null : TimeSpan.FromMinutes(reader.GetInt32(4)))
            { ProposedCountry = reader.IsDBNull(6) ? null : reader.GetString(6), ToldByOne = reader.GetBoolean(7) });
        return points;
    }
}
