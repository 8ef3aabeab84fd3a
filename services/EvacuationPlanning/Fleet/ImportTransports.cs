using System.Globalization;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Fleet;

internal static class ImportTransportsFeature
{
    // The largest ship ever sent took some 10,000 people.
    internal const int MostSeats = 20_000;

    private const int MostAlternates = 20;

    internal static readonly string[] Columns =
        ["code", "kind", "from", "to", "destination_country", "departs_at", "arrives_at", "seats", "wheelchair_spaces", "stretcher_spaces", "operator"];

    /// <param name="now">What already stands; a column that was not sent leaves it as it is.</param>
    public static TransportScheduled Read(Fields row, DateTimeOffset at, TransportScheduled? now = null)
    {
        T Told<T>(string column, Func<string, T> read, Func<TransportScheduled, T> stands) => row.Has(column) || now is null ? read(column) : stands(now);
        int Count(string column) => row.Count(column, MostSeats);
        int? CountIfAny(string column) => row.CountIfAny(column, MostSeats);

        var told = new TransportScheduled(
            Told("code", row.Code, s => s.Code), Told("kind", column => row.OneOf(column, "bus", "convoy", "ship", "aircraft", "train"), s => s.Kind),
            Told("from", row.Code, s => s.From), Told("to", row.Code, s => s.To),
            // What was told of one point is nothing about another.
            Told("destination_country", column => row.Has(column) ? row.Country(column) : null, s => row.Has("to") && row.Code("to") != s.To ? null : s.DestinationCountry),
            Told("departs_at", row.Time, s => s.DepartsAt), Told("arrives_at", row.Time, Arrives),
            Told("seats", Count, s => s.Seats), Told("wheelchair_spaces", Count, s => s.WheelchairSpaces), Told("stretcher_spaces", Count, s => s.StretcherSpaces),
            Told("operator", column => row.Text(column, 200), s => s.Operator), at,
            Told("escort_seats", column => CountIfAny(column) ?? 0, s => s.EscortSeats), Told("most_infants", CountIfAny, s => s.MostInfants),
            Told("most_carried", CountIfAny, s => s.MostCarried), Told("oxygen_places", column => CountIfAny(column) ?? 0, s => s.OxygenPlaces),
            Told("promised_seats", column => Promised(row, column), s => s.Promised))
        {
            Alternates = Told("alternates", column => Alternates(row, column), s => s.Alternates),
        };
        if (row.Faults.Count > 0) return told;
        if (told.ArrivesAt <= told.DepartsAt) row.Fault("arrives_at", "arrives-before-it-departs", "The transport arrives before it departs. Check both times and their offsets.");
        if (told.From == told.To) row.Fault("to", "same-point", "The transport goes nowhere: both points are the same.");
        if (now is null && told.EscortSeats + told.PromisedSeats > told.Seats)
            row.Fault("escort_seats", "more-than-seats", "More seats are kept for escorts and promised to others than there are. All of them count among the seats.");
        return told;

        // A transport that leaves later arrives later, unless somebody knows better.
        DateTimeOffset Arrives(TransportScheduled s) => row.Has("departs_at") && row.Faults.Count == 0 ? s.ArrivesAt + (row.Time("departs_at") - s.DepartsAt) : s.ArrivesAt;
    }

    private static string[]? Alternates(Fields row, string column)
    {
        string[] codes = [.. row.List(column).Distinct().Order(StringComparer.Ordinal)];
        if (codes.Length > MostAlternates) row.Fault(column, "too-many", $"At most {MostAlternates} points are kept to which a transport may be diverted.");
        return codes.Length == 0 ? null : codes;
    }

    // EGY:20; Red Cross:10:nurses.
    private static PromisedSeats[]? Promised(Fields row, string column)
    {
        var promises = row.List(column).Select(text => text.Split(':', 3, StringSplitOptions.TrimEntries)).Select(parts =>
            parts.Length > 1 && parts[0].Length is > 0 and <= 60 && parts[^1].Length <= 200 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seats) && seats is > 0 and <= MostSeats
                ? new PromisedSeats(parts[0], seats, parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null) : null).ToArray();
        if (promises.Contains(null) || promises.DistinctBy(promise => promise!.To).Count() < promises.Length)
            row.Fault(column, "promise-malformed", "Write whom seats are promised to, and how many, as EGY:20 or EGY:20:note; several with semicolons between, each of them once.");
        return promises.Length == 0 || promises.Contains(null) ? null : [.. promises.OrderBy(promise => promise!.To, StringComparer.Ordinal)!];
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/import", async (HttpContext http, TimelineStore store, bool changes = false) =>
        {
            var (file, refusal) = await TableFile.ReadAsync(http.Request.Body, Columns, http.RequestAborted);
            if (refusal is not null) return refusal.ToProblem();
            var now = store.Time.GetUtcNow();
            var changed = new List<ChangeAnswer>();
            var answer = await store.EnterAsync(
                file!, row => Read(row, now), transport => (StreamId.Transport(transport.Code), transport.Code),
                async (work, id, told) => await EnterAsync(work, id, told), changes ? ChangeAsync : null, new(http.Officer()), http.RequestAborted,
                told => told.Codes().Select(StreamId.AssemblyPoint));
            return (IResult)TypedResults.Ok(answer with { Changed = changed });

            async Task<Refusal?> ChangeAsync(Guid id, Fields row)
            {
                var (outcome, change) = await store.ChangeAsync(id, (stands, _) => (Read(row, now, stands), null), "Changed by an imported file.", http.Officer(), now, http.RequestAborted);
                if (change is not null) changed.Add(change);
                return outcome.Refusal;
            }
        }).Accepts<string>("text/csv").Allow(Roles.Coordinator);

    /// <summary>Enters the transport where its points are known and agree with what it says of them.</summary>
    internal static async Task<Decision> EnterAsync(Work work, Guid id, TransportScheduled told)
    {
        var decision = (await work.LoadAsync<Transport>(id)).Enter(told);
        return decision.Events.Count == 0 || (await Atlas.LoadAsync(work, told.Codes(), [])).Check(told) is not { } refusal ? decision : refusal;
    }
}
