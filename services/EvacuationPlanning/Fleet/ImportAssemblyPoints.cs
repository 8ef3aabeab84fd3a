using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
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

    public static IProjection Table => new Projection<Point>("evacuation_planning.assembly_point", 4,
        [
            ("key", "text not null"), ("code", "text not null"), ("name", "text not null"), ("latitude", "float8 not null"), ("longitude", "float8 not null"), ("connection_minutes", "integer"),
            ("country", "text"), ("country_by", "text"), ("country_at", "timestamptz"), ("country_by_one", "boolean not null"), ("country_confirmed_by", "text"), ("proposed_country", "text"), ("proposed_by", "text"), ("proposed_because", "text"),
        ],
        point => point.Opened is { } p
            ? [[p.Code, p.Code, p.Name, p.Position.Latitude, p.Position.Longitude, p.ConnectionMinutes,
                point.Country?.Country, point.Country?.Officer, point.Country?.At.ToUniversalTime(), point.ToldByOne, point.ConfirmedBy, point.Proposed?.Country, point.Proposed?.Officer, point.Proposed?.Reason]]
            : [],
        [typeof(AssemblyPointOpened), typeof(PointCountrySet), typeof(PointCountryConfirmed), typeof(PointCountryChangeProposed), typeof(PointCountryChangeConfirmed)], "create index on {table} (key)");

    public static AssemblyPointOpened Read(Fields row, string officer, DateTimeOffset at) =>
        new(row.Code("code"), row.Text("name", 200), new(row.Degrees("latitude", 90), row.Degrees("longitude", 180)), at, row.CountIfAny("connection_minutes", LongestConnection))
        {
            Country = row.Has("country") ? row.Country("country") : null,
            Officer = officer,
        };

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/assembly-points/import", async (HttpContext http, TimelineStore store) =>
        {
            var (file, refusal) = await TableFile.ReadAsync(http.Request.Body, Columns, http.RequestAborted);
            if (refusal is not null) return refusal.ToProblem();
            var (officer, now, ct) = (http.Officer(), store.Time.GetUtcNow(), http.RequestAborted);
            var (untold, byOne) = (new HashSet<string>(), new HashSet<string>());
            var answer = await InTurn.RunAsync(store.Database, async () =>
            {
                var around = await Neighbourhood.LoadAsync(store.Database, ct);
                return await store.EnterAsync(file!, row => Read(row, officer, now), point => (StreamId.AssemblyPoint(point.Code), point.Code),
                    (work, id, told) => EnterAsync(around, work, id, told), change: null, new(officer), ct);
            }, ct);
            return (IResult)TypedResults.Ok(answer with { CountryUnknown = [.. untold], CountryToldByOne = [.. byOne] });

            async Task<Decision> EnterAsync(Neighbourhood around, Work work, Guid id, AssemblyPointOpened told)
            {
                var point = await work.LoadAsync<Point>(id);
                var decision = SetPointCountryFeature.Enter(point, told, around.Nearest(told.Code, told.Position, told.Country));
                if (decision.Refusal is not null) return decision;
                around.Add(told);
                var after = decision.Events.Aggregate(point, (next, e) => next.Apply(e));
                if (after.Country is null) untold.Add(told.Code);
                if (after.ToldByOne) byOne.Add(told.Code);
                return decision;
            }
        }).Accepts<string>("text/csv").Allow(Roles.Coordinator).WithSummary("Enter assembly points")
          .WithDescription("Columns: code, name, latitude, longitude, country (alpha-3), connection_minutes. countryUnknown names the points whose country is still to be told; no transport from or to them is planned before that. "
              + "countryToldByOne names those of which one account alone told it: nobody who fears a state is taken from or to them until another account sends the same file, or confirms the country.");

        api.MapGet("/assembly-points", (HttpContext http, NpgsqlDataSource database) => Page.AnswerAsync(http, database,
            """
            select key, code, name, latitude, longitude, connection_minutes, country, country_by, country_at, country_confirmed_by, proposed_country, proposed_by, proposed_because
            from evacuation_planning.assembly_point
            """,
            row => new
            {
                Code = row.GetString(1),
                Name = row.GetString(2),
                Latitude = row.GetDouble(3),
                Longitude = row.GetDouble(4),
                ConnectionMinutes = row.IsDBNull(5) ? (int?)null : row.GetInt32(5),
                Country = row.IsDBNull(6) ? null : row.GetString(6),
                CountryBy = row.IsDBNull(7) ? null : row.GetString(7),
                CountryAt = row.IsDBNull(8) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(8),
                CountryConfirmedBy = row.IsDBNull(9) ? null : row.GetString(9),
                ProposedCountry = row.IsDBNull(10) ? null : row.GetString(10),
                ProposedBy = row.IsDBNull(11) ? null : row.GetString(11),
                ProposedBecause = row.IsDBNull(12) ? null : row.GetString(12),
            }))
           .Allow(Roles.Coordinator, Roles.Officer, Roles.Auditor);
    }
}
