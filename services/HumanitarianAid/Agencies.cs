using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>An agency and what it takes referrals for.</summary>
internal sealed record Agency(string? Code, IReadOnlyList<string> Receives) : IFold<Agency>
{
    public static Agency Start(Guid id) => new(null, []);

    public Agency Apply(Event @event) => @event is AgencyRegistered e ? new(e.Code, e.Receives) : this;
}

internal static class Agencies
{
    public static IProjection ReadModel { get; } = new Projection<Agency>("humanitarian_aid.agency", 1,
        [("code", "text not null"), ("receives", "text[] not null")],
        agency => agency.Code is null ? [] : [[agency.Code, agency.Receives.ToArray()]],
        [typeof(AgencyRegistered)]);

    public static async Task<IReadOnlyList<Agency>> AllAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select code, receives from humanitarian_aid.agency order by code, stream_id");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<Agency>();
        while (await reader.ReadAsync(ct)) all.Add(new(reader.GetString(0), reader.GetFieldValue<string[]>(1)));
        return all;
    }
}
