using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>An agency and what it takes referrals for.</summary>
internal sealed record Agency(string? Code, IReadOnlyList<string> Receives) : IFold<Agency>
{
    /// <summary>Which state it belongs to.</summary>
    public AgencyState State { get; init; } = AgencyState.NotSaid;

    public static Agency Start(Guid id) => new(null, []);

    public Agency Apply(Event @event) => (@event is AgencyRegistered e ? new(e.Code, e.Receives) : this) with { State = State.After(@event) };
}

internal static class Agencies
{
    public static IProjection ReadModel { get; } = new Projection<Agency>("humanitarian_aid.agency", 2,
        [("code", "text not null"), ("receives", "text[] not null"), ("said", "boolean not null"), ("country", "text null")],
        agency => agency.Code is null ? [] : [[agency.Code, agency.Receives.ToArray(), agency.State.Said, agency.State.Country]],
        [typeof(AgencyRegistered), typeof(AgencyCountrySet)]);

    public static async Task<IReadOnlyList<Agency>> AllAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select code, receives, said, country from humanitarian_aid.agency order by code, stream_id");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Agency>();
        while (await reader.ReadAsync(ct)) all.Add(new(reader.GetString(0), reader.GetFieldValue<string[]>(1)) { State = State(reader) });
        return all;

        static AgencyState State(NpgsqlDataReader row) =>
            row.GetBoolean(2) ? AgencyState.NotSaid.After(new AgencyCountrySet(row.IsDBNull(3) ? null : row.GetString(3), "", "", default)) : AgencyState.NotSaid;
    }
}
