using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

/// <param name="DestinationCountry">Need not be told; where it is, it must be the country in which the point <paramref name="To"/> lies.</param>
/// <param name="Alternates">Codes of the points that it may be diverted to.</param>
internal sealed record ScheduleTransport(
    string Code, string Kind, string From, string To, string DepartsAt, string ArrivesAt, int Seats, string Operator,
    string? DestinationCountry = null, int WheelchairSpaces = 0, int StretcherSpaces = 0,
    int EscortSeats = 0, int? MostInfants = null, int? MostCarried = null, int OxygenPlaces = 0, string? PromisedSeats = null,
    IReadOnlyList<string>? Alternates = null)
{
    /// <summary>Read like a row of a file, so that both ways in ask the same.</summary>
    public Fields AsRow() => new(new Dictionary<string, string>
    {
        ["code"] = Code.Trim(),
        ["kind"] = Kind.Trim(),
        ["from"] = From.Trim(),
        ["to"] = To.Trim(),
        ["destination_country"] = DestinationCountry?.Trim() ?? "",
        ["departs_at"] = DepartsAt.Trim(),
        ["arrives_at"] = ArrivesAt.Trim(),
        ["seats"] = Seats.ToString(CultureInfo.InvariantCulture),
        ["wheelchair_spaces"] = WheelchairSpaces.ToString(CultureInfo.InvariantCulture),
        ["stretcher_spaces"] = StretcherSpaces.ToString(CultureInfo.InvariantCulture),
        ["operator"] = Operator.Trim(),
        ["escort_seats"] = EscortSeats.ToString(CultureInfo.InvariantCulture),
        ["most_infants"] = MostInfants?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["most_carried"] = MostCarried?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["oxygen_places"] = OxygenPlaces.ToString(CultureInfo.InvariantCulture),
        ["promised_seats"] = PromisedSeats?.Trim() ?? "",
        ["alternates"] = string.Join(';', Alternates ?? []),
    });
}

internal static class ScheduleTransportFeature
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports", async (ScheduleTransport body, HttpContext http, TimelineStore store) =>
        {
            var row = body.AsRow();
            var told = ImportTransportsFeature.Read(row, store.Time.GetUtcNow());
            if (row.Faults is [var (column, code, message), ..])
                return Fault(column, code, message).ToProblem();
            var id = StreamId.Transport(told.Code);
            var outcome = await store.AttemptAsync(async work => work.Append(id, await ImportTransportsFeature.EnterAsync(work, id, told)), new By(http.Officer()), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Created($"/transports/{id}/manifest", new { TransportId = id }));
        }).Allow(Roles.Coordinator);

    internal static Refusal Fault(string column, string code, string message) =>
        Refusal.Invalid(code.Replace("import/", "transport/", StringComparison.Ordinal), message, Camel(column));

    private static string Camel(string column) =>
        string.Concat(column.Split('_').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
