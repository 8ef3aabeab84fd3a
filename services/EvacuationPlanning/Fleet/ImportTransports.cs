using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

internal static class ImportTransportsFeature
{
    // The largest ship ever sent took some 10,000 people.
    private const int MostSeats = 20_000;

    internal static readonly string[] Columns =
        ["code", "kind", "from", "to", "destination_country", "departs_at", "arrives_at", "seats", "wheelchair_spaces", "stretcher_spaces", "operator"];

    public static TransportScheduled Read(Fields row, DateTimeOffset at)
    {
        var told = new TransportScheduled(
            row.Code("code"), row.OneOf("kind", "bus", "convoy", "ship", "aircraft", "train"), row.Code("from"), row.Code("to"), row.Country("destination_country"),
            row.Time("departs_at"), row.Time("arrives_at"), row.Count("seats", MostSeats), row.Count("wheelchair_spaces", MostSeats),
            row.Count("stretcher_spaces", MostSeats), row.Text("operator", 200), at);
        if (row.Faults.Count > 0) return told;
        if (told.ArrivesAt <= told.DepartsAt) row.Fault("arrives_at", "arrives-before-it-departs", "The transport arrives before it departs. Check both times and their offsets.");
        if (told.From == told.To) row.Fault("to", "same-point", "The transport goes nowhere: both points are the same.");
        return told;
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/import", async (HttpContext http, TimelineStore store) =>
        {
            var (file, refusal) = await TableFile.ReadAsync(http.Request.Body, Columns, http.RequestAborted);
            if (refusal is not null) return refusal.ToProblem();
            var now = store.Time.GetUtcNow();
            return (IResult)TypedResults.Ok(await store.EnterAsync(
                file!, row => Read(row, now), transport => (StreamId.Transport(transport.Code), transport.Code), new(http.Officer()), http.RequestAborted));
        }).Accepts<string>("text/csv").Allow(Roles.Coordinator);
}
