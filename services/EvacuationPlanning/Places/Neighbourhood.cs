using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <summary>A point near another one, and where it lies.</summary>
internal sealed record Neighbour(string Code, Contracts.Position Position, CountryTold Country, double Kilometres)
{
    /// <summary>Two accounts told the country, and nobody tells another.</summary>
    public bool IsSure { get; init; }

    /// <summary>One place is in one country: whoever tells another one for it is asked. Across a border two officers tell it.</summary>
    public Refusal? Contradicts(string code, string? country) => country is null || country == Country.Country ? null
        : Contradicted(FormattableString.Invariant($"{code} is {Kilometres:0.0} km from {Code}, which lies in {Country.Country}, as {Country.Source}"));

    /// <param name="known">What stands against it, and who told it.</param>
    public static Refusal Contradicted(string known) => Refusal.Conflict("point/country-contradicts",
        $"{known}. Check both. If yours is right, tell it for the point with a reason, and enter a new point without a country first; a second officer confirms it.");
}

/// <summary>All points of which somebody told where they lie.</summary>
internal sealed class Neighbourhood(List<Neighbour> points)
{
    private const double NearInKilometres = 1;

    public static async Task<Neighbourhood> LoadAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select code, latitude, longitude, country, country_by, country_at, not country_by_one and proposed_country is null
            from evacuation_planning.assembly_point where country is not null order by code
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var points = new List<Neighbour>();
        while (await reader.ReadAsync(ct))
            points.Add(new(reader.GetString(0), new(reader.GetDouble(1), reader.GetDouble(2)),
                new(reader.GetString(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)), 0)
            { IsSure = reader.GetBoolean(6) });
        return new(points);
    }

    /// <summary>For whoever asks in which country somebody is.</summary>
    public Surroundings Around =>
        new([.. points.Select(point => (new Planning.Position(point.Position.Latitude, point.Position.Longitude), point.IsSure ? point.Country.Country : null))]);

    /// <summary>The nearest of those so near that both must lie in one country, and do not.</summary>
    public Neighbour? Nearest(string code, Contracts.Position position, string? country) => country is null ? null : points
        .Where(other => other.Code != code && other.Country.Country != country && Math.Abs(other.Position.Latitude - position.Latitude) < 0.01)
        .Select(other => other with { Kilometres = other.Position.KilometresTo(position) })
        .Where(other => other.Kilometres <= NearInKilometres)
        .MinBy(other => other.Kilometres);

    public void Add(AssemblyPointOpened point)
    {
        if (point.Country is { } country) points.Add(new(point.Code, point.Position, new(country, point.Officer, point.At), 0));
    }
}
