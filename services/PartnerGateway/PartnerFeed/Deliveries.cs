using CrisisCoordination.Contracts;
using CrisisCoordination.PartnerGateway.Agencies;
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

    /// <summary>Who lets which agency know of them: whom to look at again when it is said which state the agency belongs to.</summary>
    public static IProjection Sharers { get; } = new Projection<PersonForPartners>("partner_gateway.sharer", 1,
        [("agency", "text not null")], person => person.SharesWith.Select(agency => new object?[] { agency }),
        [typeof(SharingConsentGiven), typeof(SharingConsentWithdrawn), typeof(PersonErased)],
        "create index on {table} (agency, stream_id)");

    public Task FollowAsync(CancellationToken ct) => feed.TakeTurnsAsync(Name, async (turn, ct) =>
    {
        await foreach (var (events, upto) in feed.FollowAsync(await feed.PositionAsync(Name, ct), 500, TimeSpan.FromMilliseconds(200), ct))
        {
            var news = events.Where(e => Entry.On.Contains(e.Event.GetType())).ToArray();
            var people = await store.OfAsync(news.Select(e => e.StreamId), ct);
            var told = news.SelectMany(e => Entry.Of(people[e.StreamId], e)).ToList();
            foreach (var set in events.Where(e => e.Event is AgencyCountrySet)) told.AddRange(await OfCountryAsync(set, ct));
            // Forgotten once is forgotten.
            var entries = told.DistinctBy(e => (e.Agency, e.PersonId, e.Kind == Entry.Tombstone ? Guid.Empty : e.EventId)).ToArray();
            var erased = news.Where(e => e.Event is PersonErased).Select(e => e.StreamId).ToArray();
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

    private async Task<List<Entry>> OfCountryAsync(RecordedEvent set, CancellationToken ct)
    {
        var timeline = await store.ReadAsync(set.StreamId, ct);
        if (timeline.Fold<Agency>().Code is not { } code) return [];
        var before = timeline.Events.Where(e => e.Version < set.Version).Aggregate(AgencyState.NotSaid, (state, e) => state.After(e.Event));
        await using var command = store.Database.CreateCommand("select stream_id from partner_gateway.sharer where agency = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Agency.Key(code) });
        var sharers = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) sharers.Add(reader.GetGuid(0));
        var entries = new List<Entry>();
        foreach (var some in sharers.Chunk(500))
            entries.AddRange((await store.OfAsync(some, ct)).Values.Select(person => Entry.Of(person, Agency.Key(code), before, set)).OfType<Entry>());
        return entries;
    }

    // Only who was told of somebody, and not to forget them since, is told to forget: a tombstone tells that there is somebody.
    private static async Task AddAsync(Entry[] entries, NpgsqlConnection turn, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into partner_gateway.delivery (agency, n, event_id, person_id, kind, at, data)
            select e.agency, coalesce((select max(n) from partner_gateway.delivery d where d.agency = e.agency), 0) + row_number() over (partition by e.agency order by e.place),
                e.event_id, e.person_id, e.kind, e.at, e.data
            from unnest($1, $2, $3, $4, $5, $6) with ordinality as e (agency, event_id, person_id, kind, at, data, place)
            where not exists (select from partner_gateway.delivery d where d.agency = e.agency and d.event_id = e.event_id)
                and (e.kind <> 'person.tombstone' or coalesce((select d.kind from partner_gateway.delivery d where d.person_id = e.person_id and d.agency = e.agency order by d.n desc limit 1), e.kind) <> e.kind)
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
