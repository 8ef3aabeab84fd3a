using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Aid at a place, as its own timeline tells.</summary>
internal sealed record Stock(Guid Id) : IFold<Stock>
{
    public string? Place { get; private init; }
    public string? Kind { get; private init; }
    public int Received { get; private init; }
    public int Left { get; private init; }

    public static Stock Start(Guid id) => new(id);

    public Stock Apply(Event @event) =>
        @event switch
        {
            StockReceived e => this with { Place = e.Place, Kind = e.Kind, Received = Received + e.Quantity, Left = Left + e.Quantity },
            StockAllocated e => this with { Left = Left - e.Quantity },
            _ => this,
        };
}

/// <summary>Aid arrives at a place and can be allocated from there.</summary>
internal sealed record ReceiveStock(string Place, string Kind, int Quantity, DateTimeOffset At);

internal static class Stocks
{
    private const int LongestPlace = 200, Most = 10_000_000;

    public static IProjection ReadModel { get; } = new Projection<Stock>("humanitarian_aid.stock", 1,
        [("place", "text not null"), ("kind", "text not null"), ("quantity", "integer not null"), ("remaining", "integer not null"), ("sort", "text collate \"C\" not null")],
        stock => stock.Kind is null ? [] : [[stock.Place, stock.Kind, stock.Received, stock.Left, $"{stock.Kind}/{stock.Place}/{stock.Id:N}"]],
        [typeof(StockReceived), typeof(StockAllocated)],
        "create unique index on {table} (sort)");

    public static Decision Receive(Stock stock, ReceiveStock command) =>
        string.IsNullOrWhiteSpace(command.Place) || command.Place.Length > LongestPlace || command.Place.Contains('\0')
            ? Refusal.Invalid("stock/place", $"Say where the stock is, in at most {LongestPlace} characters.", "place")
        : !AssessNeeds.Kinds.Contains(command.Kind)
            ? Refusal.Invalid("stock/kind-unknown", $"No need is of this kind. Use one of: {string.Join(", ", AssessNeeds.Kinds)}.", "kind")
        : command.Quantity is < 1 or > Most
            ? Refusal.Invalid("stock/quantity", $"A stock holds between 1 and {Most} portions. Count again, or leave an empty stock out.", "quantity")
        : stock.Kind is not null ? Decision.Nothing
        : new StockReceived(command.Place.Trim(), command.Kind, command.Quantity, command.At);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/stocks", async (Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var id = http.Ids().Next();
            var outcome = await store.DecideAsync<Stock>(id, stock => Receive(stock, new(body.Place, body.Kind, body.Quantity, at)), new(http.User.Identity!.Name), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Created($"/stocks/{id}", new { stockId = id }));
        }).Allow(Roles.AidWorker, Roles.Coordinator);

        api.MapGet("/stocks", async (string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) => TypedResults.Ok(await database.PageAsync(
            "select sort, stream_id, place, kind, quantity, remaining from humanitarian_aid.stock where true", "sort", cursor, limit,
            row => new { stockId = row.GetGuid(1), place = row.GetString(2), kind = row.GetString(3), quantity = row.GetInt32(4), remaining = row.GetInt32(5) }, [], ct)))
            .Allow(Roles.AidWorker, Roles.Coordinator);
    }

    private sealed record Body(string Place, string Kind, int Quantity, DateTimeOffset? At = null);
}
