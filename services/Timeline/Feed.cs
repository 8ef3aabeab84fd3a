using System.Runtime.CompilerServices;
using CrisisCoordination.Contracts;
using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>
/// All events of all timelines, in one order, without a gap: by the transaction that wrote them, then by number, and only
/// what no transaction still at work could come before (<c>transaction_id &lt; pg_snapshot_xmin</c>). Numbers alone would
/// not do: they are drawn before commit, so a late commit would be skipped.
/// </summary>
public sealed class Feed(TimelineStore store)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2), SlowPoll = TimeSpan.FromMilliseconds(500);

    private readonly string read = $"""
        select e.id, e.stream_id, e.version, e.type, e.data, e.transaction_id, e.seq_id, e.timestamp, e.user_name, e.causation_id
        from {store.Options.Schema}.mt_events e
        where (e.transaction_id, e.seq_id) > ($1, $2) and e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        order by e.transaction_id, e.seq_id limit $3
        """;

    /// <summary>
    /// What comes after a position, at most <paramref name="limit"/> events, without personal data. Also the position up to
    /// which was read: events of a newer release are passed over, not stopped at.
    /// </summary>
    public async Task<(IReadOnlyList<RecordedEvent> Events, FeedPosition Upto)> ReadAsync(FeedPosition after, int limit, CancellationToken ct = default)
    {
        var page = await ReadPageAsync(after, limit, ct);
        return (Decode(page), page.Upto);
    }

    private sealed record Page(List<Row> Rows, FeedPosition Upto, bool Full);

    // As the server sent it, so that one page is read while the one before it is being decoded.
    private readonly record struct Row(Guid Id, Guid StreamId, long Version, FeedPosition Position, EventType Type, byte[] Data, DateTimeOffset RecordedAt, string? User, string? CausedBy);

    private async Task<Page> ReadPageAsync(FeedPosition after, int limit, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand(read);
        command.Parameters.Add(new NpgsqlParameter<ulong> { TypedValue = after.TransactionId, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid8 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.SeqId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Row>(Math.Min(limit, 1024));
        var count = 0;
        while (await reader.ReadAsync(ct))
        {
            count++;
            after = new FeedPosition(reader.GetFieldValue<ulong>(5), reader.GetInt64(6));
            if (store.Options.Events.Find(reader.GetString(3)) is not { } type) continue;
            rows.Add(new Row(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2), after, type, reader.GetFieldValue<byte[]>(4),
                reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetString(8), reader.IsDBNull(9) ? null : reader.GetString(9)));
        }
        return new Page(rows, after, count == limit);
    }

    private RecordedEvent[] Decode(Page page)
    {
        var events = new RecordedEvent[page.Rows.Count];
        for (var i = 0; i < events.Length; i++)
        {
            var row = page.Rows[i];
            events[i] = new RecordedEvent(
                row.Id, row.StreamId, row.Version, row.Position, store.Serializer.Read(row.Type, row.Data, null, row.StreamId),
                row.RecordedAt, row.User, row.CausedBy is { } cause ? Guid.Parse(cause) : null);
        }
        return events;
    }

    /// <summary>
    /// Reads on from a position for ever, a batch at a time; while the caller works on one batch the next is being read.
    /// Waits for a poke at the end of the feed; a reader that can be a little late names a <paramref name="pace"/> and gets more at a time.
    /// </summary>
    public async IAsyncEnumerable<(IReadOnlyList<RecordedEvent> Events, FeedPosition Upto)> FollowAsync(
        FeedPosition after, int batch = 1000, TimeSpan pace = default, [EnumeratorCancellation] CancellationToken ct = default)
    {
        Task<Page>? ahead = null;
        var patience = Soon;
        while (true)
        {
            var poke = store.Poke.Next;
            var page = await (ahead ?? ReadPageAsync(after, batch, ct));
            ahead = page.Full ? ReadPageAsync(page.Upto, batch, ct) : null;
            if (page.Upto != after)
            {
                after = page.Upto;
                patience = Soon;
                yield return (Decode(page), page.Upto);
                if (pace > TimeSpan.Zero && ahead is null) await Task.Delay(pace, store.Time, ct);
            }
            else
            {
                // What was poked about may be held back for a moment by another transaction: look again soon, then ever later.
                var poked = poke.IsCompleted;
                await store.Poke.WaitAsync(poke, patience, ct);
                patience = poked || poke.IsCompleted ? Soon : patience * 4 < SlowPoll ? patience * 4 : SlowPoll;
            }
        }
    }

    /// <summary>The end of the feed now.</summary>
    public async Task<FeedPosition> EndAsync(CancellationToken ct = default)
    {
        await using var command = store.Database.CreateCommand($"""
            select transaction_id, seq_id from {store.Options.Schema}.mt_events
            where transaction_id < pg_snapshot_xmin(pg_current_snapshot()) order by transaction_id desc, seq_id desc limit 1
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new FeedPosition(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : FeedPosition.Start;
    }

    /// <summary>Where a reader of that name had come to; the start when it never saved.</summary>
    public async Task<FeedPosition> PositionAsync(string name, CancellationToken ct = default)
    {
        await using var command = store.Database.CreateCommand($"select transaction_id, seq_id from {store.Options.Schema}.feed_position where name = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new FeedPosition(reader.GetFieldValue<ulong>(0), reader.GetInt64(1)) : FeedPosition.Start;
    }

    /// <summary>Notes how far a reader has come, on the connection and in the transaction given.</summary>
    public async Task SaveAsync(string name, FeedPosition position, NpgsqlConnection connection, CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand($"""
            insert into {store.Options.Schema}.feed_position (name, transaction_id, seq_id) values ($1, $2, $3)
            on conflict (name) do update set transaction_id = excluded.transaction_id, seq_id = excluded.seq_id, updated = now()
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<ulong> { TypedValue = position.TransactionId, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid8 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position.SeqId });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Runs <paramref name="work"/> while this process holds the turn of that name, of which the whole house has one; the
    /// others stand by and take over within a second when the holder or its connection dies.
    /// </summary>
    public async Task TakeTurnsAsync(string name, Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using var connection = await store.Database.OpenConnectionAsync(ct);
                // A holder whose machine vanished without a word is noticed within seconds, not after the system's two hours.
                await using var tryLock = new NpgsqlCommand("""
                    select pg_try_advisory_lock(hashtextextended($1, 0)), set_config('tcp_keepalives_idle', '3', false),
                        set_config('tcp_keepalives_interval', '1', false), set_config('tcp_keepalives_count', '3', false)
                    """, connection)
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = $"{store.Options.Schema}/{name}" } },
                };
                if (await tryLock.ExecuteScalarAsync(ct) is true)
                    try
                    {
                        await work(connection, ct);
                    }
                    finally
                    {
                        // The pool would keep the session, and the lock with it.
                        await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
                        try { await unlock.ExecuteNonQueryAsync(CancellationToken.None); }
                        catch (Exception e) when (e is NpgsqlException or InvalidOperationException) { NpgsqlConnection.ClearPool(connection); }
                    }
            }
            catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException && !ct.IsCancellationRequested)
            {
                TurnLost?.Invoke(name, e);
            }
            await Task.Delay(SlowPoll, store.Time, ct);
        }
    }

    /// <summary>Told when a turn ended by a fault; the next try follows by itself.</summary>
    public Action<string, Exception>? TurnLost { get; set; }
}

/// <summary>
/// Publishes the feed. Every event is published at least once, with its own id as message id; the position is saved after
/// the broker confirmed, so a crash in between publishes again and loses nothing.
/// </summary>
public sealed class Relay(Feed feed, Func<RecordedEvent, CancellationToken, Task> publish, int window = 1000)
{
    /// <summary>The name under which the position is saved.</summary>
    public const string Name = "relay";

    // A broker that goes away while it confirms may leave a publisher waiting for ever; what is published again does no harm.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs until cancelled; of several relays one works and the others stand by.</summary>
    public Task RunAsync(CancellationToken ct) => feed.TakeTurnsAsync(Name, PublishAsync, ct);

    private async Task PublishAsync(NpgsqlConnection turn, CancellationToken ct)
    {
        await foreach (var (events, upto) in feed.FollowAsync(await feed.PositionAsync(Name, ct), window, ct: ct))
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
            late.CancelAfter(Patience);
            await Task.WhenAll(events.Select(e => publish(e, late.Token)));
            // On the connection that holds the turn: whoever lost it cannot save.
            await feed.SaveAsync(Name, upto, turn, ct);
        }
    }
}
