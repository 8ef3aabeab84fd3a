using System.Text.Json;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Planning;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

internal static class ListTransportsFeature
{
    public static IProjection Table => new Projection<Transport>("evacuation_planning.transport", 4,
        [
            ("key", "text not null"), ("code", "text not null"), ("kind", "text not null"), ("from_point", "text not null"), ("to_point", "text not null"),
            ("destination_country", "text"), ("departs_at", "timestamptz not null"), ("arrives_at", "timestamptz not null"),
            ("seats", "integer not null"), ("wheelchair_spaces", "integer not null"), ("stretcher_spaces", "integer not null"), ("operator", "text not null"),
            ("free_seats", "integer not null"), ("free_wheelchair_spaces", "integer not null"), ("free_stretcher_spaces", "integer not null"),
            ("souls", "integer not null"), ("state", "text not null"),
            ("escort_seats", "integer not null"), ("most_infants", "integer"), ("most_carried", "integer"), ("oxygen_places", "integer not null"), ("promised", "jsonb not null"),
            ("free_escort_seats", "integer not null"), ("free_laps", "integer not null"), ("free_carried", "integer not null"), ("free_oxygen_places", "integer not null"),
            ("alternates", "text[]"),
        ],
        transport => transport.Schedule is { } s
            ? [[
                $"{s.DepartsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss}/{s.Code}", s.Code, s.Kind, s.From, s.To, s.DestinationCountry, s.DepartsAt.ToUniversalTime(), s.ArrivesAt.ToUniversalTime(),
                s.Seats, s.WheelchairSpaces, s.StretcherSpaces, s.Operator, Anybody(transport.Free), transport.Free.Wheelchairs, transport.Free.Stretchers,
                transport.Lines.Count(space => space.IsTaken), transport switch { { Cancelled: true } => "cancelled", { Arrived: true } => "arrived", { Departed: true } => "departed", { Seal: not null } => "sealed", _ => "scheduled" },
                s.EscortSeats, s.MostInfants, s.MostCarried, s.OxygenPlaces, JsonSerializer.Serialize(s.Promised ?? [], EventJson.Options),
                transport.Free.Seats - Anybody(transport.Free), transport.Free.Laps, transport.Free.Carried, transport.Free.Oxygen,
                s.Alternates?.ToArray(),
            ]]
            : [],
        [typeof(TransportScheduled), typeof(SpaceTaken), typeof(SpaceFreed), typeof(TransportDeparted), typeof(TransportArrived), typeof(ArrivalReported),
            typeof(TransportRescheduled), typeof(TransportResized), typeof(TransportDiverted), typeof(TransportAlternatesSet), typeof(TransportReplaced), typeof(TransportCancelled), typeof(SeatsPromised), typeof(SeatsGivenBack),
            typeof(ManifestSealed), typeof(ManifestUnsealed)],
        "create index on {table} (key)");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/transports", (HttpContext http, NpgsqlDataSource database) => Page.AnswerAsync(http, database,
            """
            select key, stream_id, code, kind, from_point, to_point, destination_country, departs_at, arrives_at, seats, wheelchair_spaces, stretcher_spaces,
                operator, free_seats, free_wheelchair_spaces, free_stretcher_spaces, souls, state,
                escort_seats, most_infants, most_carried, oxygen_places, promised, free_escort_seats, free_laps, free_carried, free_oxygen_places, alternates,
                (select point.country from evacuation_planning.assembly_point point where point.key = to_point) as lies_in
            from evacuation_planning.transport
            """,
            row => new
            {
                TransportId = row.GetGuid(1),
                Code = row.GetString(2),
                Kind = row.GetString(3),
                From = row.GetString(4),
                To = row.GetString(5),
                DestinationCountry = row.IsDBNull(6) ? null : row.GetString(6),
                DepartsAt = row.GetFieldValue<DateTimeOffset>(7),
                ArrivesAt = row.GetFieldValue<DateTimeOffset>(8),
                Seats = row.GetInt32(9),
                WheelchairSpaces = row.GetInt32(10),
                StretcherSpaces = row.GetInt32(11),
                Operator = row.GetString(12),
                FreeSeats = row.GetInt32(13),
                FreeWheelchairSpaces = row.GetInt32(14),
                FreeStretcherSpaces = row.GetInt32(15),
                Souls = row.GetInt32(16),
                State = row.GetString(17),
                EscortSeats = row.GetInt32(18),
                MostInfants = row.IsDBNull(19) ? (int?)null : row.GetInt32(19),
                MostCarried = row.IsDBNull(20) ? (int?)null : row.GetInt32(20),
                OxygenPlaces = row.GetInt32(21),
                Promised = JsonSerializer.Deserialize<PromisedSeats[]>(row.GetString(22), EventJson.Options),
                FreeEscortSeats = row.GetInt32(23),
                FreeLaps = row.GetInt32(24),
                FreeCarried = row.GetInt32(25),
                FreeOxygenPlaces = row.GetInt32(26),
                Alternates = row.IsDBNull(27) ? [] : row.GetFieldValue<string[]>(27),
                LiesIn = row.IsDBNull(28) ? null : row.GetString(28),
            }))
           .Allow(Roles.Coordinator, Roles.Officer, Roles.Auditor);

    // Seats that who is no escort can have.
    private static int Anybody(Spaces free) => Math.Min(free.Seats, free.Ordinary);
}
