using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>A read model: rows of a table that are a function of one timeline.</summary>
public interface IProjection
{
    /// <summary>The table, with its schema.</summary>
    string Table { get; }

    /// <summary>Raised when columns or rows change their meaning: the table is then made anew and filled from the timelines.</summary>
    int Revision { get; }

    /// <summary>The events that change it; of timelines without any of them it holds nothing.</summary>
    IReadOnlySet<Type> On { get; }

    /// <summary>The statements that make the table.</summary>
    string Create { get; }

    /// <summary>Adds the statements that bring the table's rows of a timeline to its version, with events that are being added to it.</summary>
    void Write(NpgsqlBatch batch, Timeline stream, IReadOnlyList<Event> added);
}

/// <summary>
/// A read model as one fold and one function from the state to rows. Written in the same transaction as the events
/// (inline), or from the feed; made anew from the timelines while everything runs. Being a function of the whole
/// timeline it may see an event twice or late.
/// </summary>
/// <param name="table">With its schema.</param>
/// <param name="revision">See <see cref="Revision"/>.</param>
/// <param name="columns">Name and PostgreSQL type of each column; <c>stream_id</c> and <c>version</c> are added.</param>
/// <param name="rows">The values of each row, in the order of the columns. No rows: nothing is known of it here (any more).</param>
/// <param name="on">The events that change it.</param>
/// <param name="indexes">Statements in which <c>{table}</c> stands for the table.</param>
public sealed class Projection<T>(
    string table, int revision, (string Name, string Type)[] columns, Func<T, IEnumerable<object?[]>> rows, Type[] on, params string[] indexes)
    : IProjection where T : IFold<T>
{
    private readonly string delete = $"delete from {table} where stream_id = $1 and version <= $2";
    private readonly string insert = $"""
        insert into {table} (stream_id, version, {string.Join(", ", columns.Select(c => c.Name))})
        select $1, $2, {string.Join(", ", columns.Select((c, i) => $"cast(${i + 3} as {TypeIn(c.Type)})"))}
        where not exists (select from {table} where stream_id = $1 and version > $2)
        """;

    /// <inheritdoc/>
    public string Table => table;

    /// <inheritdoc/>
    public int Revision => revision;

    /// <inheritdoc/>
    public IReadOnlySet<Type> On { get; } = on.ToHashSet();

    /// <inheritdoc/>
    public string Create => $"""
        create table {table} (stream_id uuid not null, version bigint not null, {string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}"))});
        create index on {table} (stream_id);
        {string.Join("\n", indexes.Select(index => index.Replace("{table}", table) + ";"))}
        """;

    /// <inheritdoc/>
    public void Write(NpgsqlBatch batch, Timeline stream, IReadOnlyList<Event> added)
    {
        if (!(added.Count > 0 ? added : stream.Events.Select(e => e.Event)).Any(e => On.Contains(e.GetType()))) return;
        var (streamId, version) = (stream.Id, stream.Version + added.Count);
        var state = added.Aggregate(stream.Fold<T>(), (state, e) => (T)state.Apply(e));
        batch.BatchCommands.Add(new(delete) { Parameters = { Id(streamId), Number(version) } });
        foreach (var row in rows(state))
        {
            var command = new NpgsqlBatchCommand(insert) { Parameters = { Id(streamId), Number(version) } };
            foreach (var value in row) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            batch.BatchCommands.Add(command);
        }
    }

    // Of "double precision not null" only the type.
    private static string TypeIn(string declaration) =>
        declaration[..new[] { " collate ", " not null", " null", " default ", " generated " }.Select(end => declaration.IndexOf(end)).Where(at => at > 0).DefaultIfEmpty(declaration.Length).Min()];

    private static NpgsqlParameter<Guid> Id(Guid id) => new() { TypedValue = id };

    private static NpgsqlParameter<long> Number(long number) => new() { TypedValue = number };
}

/// <summary>Makes the tables of a service's read models, keeps those on the feed up to date, and makes any of them anew.</summary>
/// <param name="store">The timelines.</param>
/// <param name="feed">Their feed.</param>
/// <param name="schema">The service's own schema, where the state of its read models is noted.</param>
/// <param name="following">Read models that follow the feed; those of <see cref="TimelineStore.Inline"/> are added.</param>
public sealed class Projections(TimelineStore store, Feed feed, string schema, IReadOnlyList<IProjection> following)
{
    private const int Page = 200;

    // A read model that follows is a moment late anyhow; gathering what comes together reads each timeline once for it.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes missing tables, and those whose revision changed anew.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        var stale = new List<IProjection>();
        await using (var connection = await store.Database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await Run($"select pg_advisory_xact_lock(hashtextextended('{schema}/projections', 0)); create table if not exists {schema}.projection (name text primary key, revision int not null, filled boolean not null)");
            foreach (var projection in store.Inline.Concat(following))
            {
                await using var known = new NpgsqlCommand($"select filled from {schema}.projection where name = $1 and revision >= $2", connection)
                { Parameters = { new() { Value = projection.Table }, new() { Value = projection.Revision } } };
                var filled = await known.ExecuteScalarAsync(ct);
                if (filled is true) continue;
                stale.Add(projection);
                // Made, but whoever began to fill it did not come to the end.
                if (filled is false) continue;
                await Run($"drop table if exists {projection.Table}; {projection.Create}");
                await using var note = new NpgsqlCommand($"insert into {schema}.projection values ($1, $2, false) on conflict (name) do update set revision = excluded.revision, filled = false", connection)
                { Parameters = { new() { Value = projection.Table }, new() { Value = projection.Revision } } };
                await note.ExecuteNonQueryAsync(ct);
            }
            await transaction.CommitAsync(ct);

            async Task Run(string sql)
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync(ct);
            }
        }
        foreach (var projection in stale)
        {
            await RebuildAsync(projection, ct: ct);
            await using var note = store.Database.CreateCommand($"update {schema}.projection set filled = true where name = $1 and revision = $2");
            note.Parameters.Add(new() { Value = projection.Table });
            note.Parameters.Add(new() { Value = projection.Revision });
            await note.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Fills a read model again from all timelines, while others read it and append. Returns the number of timelines read.</summary>
    public async Task<long> RebuildAsync(IProjection projection, IProgress<long>? progress = null, CancellationToken ct = default)
    {
        var (after, done) = (Guid.Empty, 0L);
        while (true)
        {
            await using var connection = await store.Database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            // The streams' rows are held while their timelines are read and written down: no append can come in between.
            await using var page = new NpgsqlCommand($"select id from {store.Options.Schema}.mt_streams where id > $1 order by id limit {Page} for no key update", connection) { Parameters = { new() { Value = after } } };
            var ids = new List<Guid>();
            await using (var reader = await page.ExecuteReaderAsync(ct))
                while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
            if (ids.Count == 0) return done;
            await WriteAsync([projection], ids, connection, ct);
            await transaction.CommitAsync(ct);
            (after, done) = (ids[^1], done + ids.Count);
            progress?.Report(done);
        }
    }

    /// <summary>Keeps the read models that are not inline up to date, until cancelled.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        if (following.Count == 0) return;
        var name = $"{schema}/projections";
        await feed.TakeTurnsAsync(name, async (turn, ct) =>
        {
            await foreach (var (events, upto) in feed.FollowAsync(await feed.PositionAsync(name, ct), 500, Pace, ct))
            {
                await using var transaction = await turn.BeginTransactionAsync(ct);
                var touched = events.Where(e => following.Any(p => p.On.Contains(e.Event.GetType()))).Select(e => e.StreamId).ToHashSet();
                if (touched.Count > 0) await WriteAsync(following, touched, turn, ct);
                await feed.SaveAsync(name, upto, turn, ct);
                await transaction.CommitAsync(ct);
            }
        }, ct);
    }

    private async Task WriteAsync(IReadOnlyList<IProjection> projections, IReadOnlyCollection<Guid> streams, NpgsqlConnection connection, CancellationToken ct)
    {
        // Whoever follows the feed and whoever rebuilds write the same rows: one after the other, each from what it reads then.
        await using (var turn = new NpgsqlCommand($"select pg_advisory_xact_lock(hashtextextended('{schema}/rows', 0))", connection))
            await turn.ExecuteNonQueryAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var stream in await ReadableAsync(streams, ct))
            foreach (var projection in projections)
                projection.Write(batch, stream, []);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
    }

    // A timeline that somebody tampered with must not keep the read models of everybody else from going on.
    private async Task<IReadOnlyList<Timeline>> ReadableAsync(IReadOnlyCollection<Guid> streams, CancellationToken ct)
    {
        try
        {
            return await store.ReadAsync(streams, ct);
        }
        catch (CryptographicException fault) when (streams.Count == 1)
        {
            Unreadable?.Invoke(streams.First(), fault);
            return [];
        }
        catch (CryptographicException)
        {
            var readable = new List<Timeline>();
            foreach (var stream in streams) readable.AddRange(await ReadableAsync([stream], ct));
            return readable;
        }
    }

    /// <summary>Told of a timeline whose sealed data does not open; its rows stay as they were.</summary>
    public Action<Guid, CryptographicException>? Unreadable { get; set; }
}
