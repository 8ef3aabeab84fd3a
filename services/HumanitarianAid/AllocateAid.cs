using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Sets one portion of a stock aside for a need.</summary>
internal sealed record AllocateAid(Guid NeedId, DateTimeOffset At)
{
    public const string Exhausted = "aid/stock-exhausted";

    /// <summary>What goes on the stock's and on the person's timeline, together or not at all; a refusal stands on both.</summary>
    public static (Decision OnStock, Decision OnPerson) Decide(Stock stock, PersonInNeed person, AllocateAid command)
    {
        if ((person.Record.Refuse() ?? DeliverAid.Unknown(person, command.NeedId)) is { } refusal) return (refusal, refusal);
        var need = person.AidNeeds.Single(need => need.Id == command.NeedId);
        if (need.State != "open") return (Decision.Nothing, Decision.Nothing);
        if (stock.Kind != need.Kind)
            return Both(Refusal.Invalid("aid/another-kind", "The stock is not of the kind that is needed. Choose a stock of the same kind."));
        if (!person.Seen.Yes)
            return Both(Refusal.Conflict("aid/not-seen", "Nobody has met or spoken to this person yet. Call or visit them, record how they are (POST /people/{personId}/check-ins), and allocate then."));
        if (stock.Left < 1)
            return Both(Refusal.Conflict(Exhausted, "Nothing is left of this stock. Choose another one, or enter what has arrived since."));
        return (new StockAllocated(person.Id, need.Id, 1, command.At), new AidAllocated(need.Id, stock.Id, need.Kind, 1, command.At));

        static (Decision, Decision) Both(Refusal refusal) => (refusal, refusal);
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/allocations", async Task<IResult> (Body? body, TimelineStore store, NpgsqlDataSource database, HttpContext http) =>
        {
            if (http.Happen(body?.At, out var at) is { } refusal) return refusal.ToProblem();
            if (body?.Kind is { } kind && !AssessNeeds.Kinds.Contains(kind))
                return Refusal.Invalid("need/kind-unknown", $"No need is of this kind. Use one of: {string.Join(", ", AssessNeeds.Kinds)}.", "kind").ToProblem();
            var (allocated, without) = await RunAsync(store, database, body?.Kind, at, new(http.User.Identity!.Name), http.RequestAborted);
            return TypedResults.Ok(new { allocated, withoutStock = without, unseen = await UnseenAsync(database, body?.Kind, http.RequestAborted) });
        }).Allow(Roles.AidWorker, Roles.Coordinator);

    /// <summary>
    /// Goes through the open needs of people who were seen, most urgent first: a claim that nobody has looked at takes nothing
    /// from them. The lists are only where it looks: whether a need is still open and
    /// something is left is decided on both timelines, so two runs at once allocate nothing twice.
    /// </summary>
    internal static async Task<(int Allocated, int WithoutStock)> RunAsync(
        TimelineStore store, NpgsqlDataSource database, string? kind, DateTimeOffset at, By by, CancellationToken ct)
    {
        var stocks = (await ListAsync(database, "select stream_id, kind, stream_id from humanitarian_aid.stock where remaining > 0 and ($1 = '' or kind = $1) order by sort", kind, ct))
            .GroupBy(stock => stock.Kind).ToDictionary(of => of.Key, of => new Queue<Guid>(of.Select(stock => stock.Stream)));
        var (allocated, without) = (0, 0);
        foreach (var need in await ListAsync(database, "select stream_id, kind, need_id from humanitarian_aid.need where state = 'open' and seen and ($1 = '' or kind = $1) order by sort", kind, ct))
        {
            var left = stocks.GetValueOrDefault(need.Kind) ?? [];
            while (left.TryPeek(out var stock))
            {
                var outcome = await store.AttemptAsync(async work =>
                {
                    await work.ReadAsync([stock, need.Stream]);
                    var (onStock, onPerson) = Decide(await work.LoadAsync<Stock>(stock), await work.LoadAsync<PersonInNeed>(need.Stream), new(need.Id, at));
                    return work.Append(stock, onStock) ?? work.Append(need.Stream, onPerson);
                }, by, ct);
                if (outcome.Changed) allocated++;
                if (outcome.Refusal?.Code != Exhausted) break;
                left.Dequeue();
            }
            if (left.Count == 0) without++;
        }
        return (allocated, without);
    }

    private static async Task<int> UnseenAsync(NpgsqlDataSource database, string? kind, CancellationToken ct)
    {
        await using var count = database.CreateCommand("select count(*)::int from humanitarian_aid.need where state = 'open' and not seen and ($1 = '' or kind = $1)");
        count.Parameters.Add(new() { Value = kind ?? "" });
        return (int)(await count.ExecuteScalarAsync(ct))!;
    }

    private static async Task<List<(Guid Stream, string Kind, Guid Id)>> ListAsync(NpgsqlDataSource database, string sql, string? kind, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = kind ?? "" });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<(Guid, string, Guid)>();
        while (await reader.ReadAsync(ct)) all.Add((reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2)));
        return all;
    }

    private sealed record Body(string? Kind = null, DateTimeOffset? At = null);
}
