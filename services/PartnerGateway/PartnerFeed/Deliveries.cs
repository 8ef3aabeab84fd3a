using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.PartnerGateway.PartnerFeed;

/// <summary>What each agency gets, numbered per agency. One writer follows the feed; its position stands in the same transaction.</summary>
internal sealed class Deliveries(TimelineStore store, Feed feed)
{
    public const string Table = """
        create table if not exists {schema}.delivery (
            agency text not null, n bigint not null, event_id uuid not null, person_id uuid not null, kind text not null, at timestamptz not null, data jsonb not null,
            primary key (agency, n), unique (agency, event_id));
        create index if not exists delivery_person on {schema}.delivery (person_id)
        """;

    private const string Name = "partner_gateway/deliveries";

    public Task FollowAsync(CancellationToken ct) => feed.TakeTurnsAsync(Name, async (turn, ct) =>
    {
        await foreach (var (events, upto) in feed.FollowAsync(await feed.PositionAsync(Name, ct), 500, TimeSpan.FromMilliseconds(200), ct))
        {
            var news = events.Where(e => Entry.On.Contains(e.Event.GetType())).ToArray();
            var people = await store.OfAsync(news.Select(e => e.StreamId), ct);
            var entries = news.SelectMany(e => Entry.Of(people[e.StreamId], e)).ToArray();
            var erased = news.Where(e => e.Event is Contracts.PersonErased).Select(e => e.StreamId).ToArray();
            await using var transaction = await turn.BeginTransactionAsync(ct);
            if (entries.Length > 0) await AddAsync(entries, turn, ct);
            if (erased.Length > 0) await ForgetAsync(erased, turn, ct);
            await feed.SaveAsync(Name, upto, turn, ct);
            await transaction.CommitAsync(ct);
        }
    }, ct);

    /// <summary>What stands for an agency after a number, and in what order.</summary>
    public async Task<List<(long N, Entry Entry)>> PageAsync(string agency, long after, int limit, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand("select n, event_id, person_id, kind, at, data::text from partner_gateway.delivery where agency = $1 and n > $2 order by n limit $3");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = agency });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var page = new List<(long, Entry)>();
        while (await reader.ReadAsync(ct))
            page.Add((reader.GetInt64(0), new Entry(agency, reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5))));
        return page;
    }

    private static async Task AddAsync(Entry[] entries, NpgsqlConnection turn, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into partner_gateway.delivery (agency, n, event_id, person_id, kind, at, data)
            select e.agency, coalesce((select max(n) from partner_gateway.delivery d where d.agency = e.agency), 0) + row_number() over (partition by e.agency order by e.place),
                e.event_id, e.person_id, e.kind, e.at, e.data
            from unnest($1, $2, $3, $4, $5, $6) with ordinality as e (agency, event_id, person_id, kind, at, data, place)
            where not exists (select from partner_gateway.delivery d where d.agency = e.agency and d.event_id = e.event_id)
            """, turn);
        Column(NpgsqlDbType.Text, entries.Select(e => e.Agency));
        Column(NpgsqlDbType.Uuid, entries.Select(e => e.EventId));
        Column(NpgsqlDbType.Uuid, entries.Select(e => e.PersonId));
        Column(NpgsqlDbType.Text, entries.Select(e => e.Kind));
        Column(NpgsqlDbType.TimestampTz, entries.Select(e => e.At.ToUniversalTime()));
        Column(NpgsqlDbType.Jsonb, entries.Select(e => e.Data));
        await command.ExecuteNonQueryAsync(ct);

        void Column<T>(NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    // After the tombstones were put in, so that no number is given twice.
    private static async Task ForgetAsync(Guid[] people, NpgsqlConnection turn, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"delete from partner_gateway.delivery where person_id = any($1) and kind <> '{Entry.Tombstone}'", turn);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = people });
        await command.ExecuteNonQueryAsync(ct);
    }
}
