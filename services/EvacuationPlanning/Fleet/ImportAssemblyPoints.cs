using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

internal static class ImportAssemblyPointsFeature
{
    // Three days at a quay.
    private const int LongestConnection = 3 * 24 * 60;

    private static readonly string[] Columns = ["code", "name", "latitude", "longitude"];

    public static IProjection Table => new Projection<Entry<AssemblyPointOpened>>("evacuation_planning.assembly_point", 2,
        [("key", "text not null"), ("code", "text not null"), ("name", "text not null"), ("latitude", "float8 not null"), ("longitude", "float8 not null"), ("connection_minutes", "integer")],
        point => point.Entered is { } p ? [[p.Code, p.Code, p.Name, p.Position.Latitude, p.Position.Longitude, p.ConnectionMinutes]] : [],
        [typeof(AssemblyPointOpened)], "create index on {table} (key)");

    public static AssemblyPointOpened Read(Fields row, DateTimeOffset at) =>
        new(row.Code("code"), row.Text("name", 200), new(row.Degrees("latitude", 90), row.Degrees("longitude", 180)), at, row.CountIfAny("connection_minutes", LongestConnection));

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/assembly-points/import", async (HttpContext http, TimelineStore store) =>
        {
            var (file, refusal) = await TableFile.ReadAsync(http.Request.Body, Columns, http.RequestAborted);
            if (refusal is not null) return refusal.ToProblem();
            var now = store.Time.GetUtcNow();
            return (IResult)TypedResults.Ok(await store.EnterAsync(
                file!, row => Read(row, now), point => (StreamId.AssemblyPoint(point.Code), point.Code), new(http.Officer()), http.RequestAborted));
        }).Accepts<string>("text/csv").Allow(Roles.Coordinator);

        api.MapGet("/assembly-points", (HttpContext http, NpgsqlDataSource database) => Page.AnswerAsync(http, database,
            "select key, code, name, latitude, longitude, connection_minutes from evacuation_planning.assembly_point",
            row => new { Code = row.GetString(1), Name = row.GetString(2), Latitude = row.GetDouble(3), Longitude = row.GetDouble(4), ConnectionMinutes = row.IsDBNull(5) ? (int?)null : row.GetInt32(5) }))
           .Allow(Roles.Coordinator, Roles.Officer, Roles.Auditor);
    }
}
