using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Timeline;

/// <summary>
/// The timelines in PostgreSQL. Load, decide, append: what is appended together is stored together or not at all, in one
/// round trip, and only if none of the timelines appended to has moved since it was loaded.
/// </summary>
public sealed class TimelineStore : IDisposable
{
    /// <summary>How often a decision is made again when somebody else was faster.</summary>
    public const int Attempts = 8;

    /// <summary>The name of the traces and metrics of the store.</summary>
    public const string Telemetry = "CrisisCoordination.Timeline";

    private static readonly ActivitySource Traces = new(Telemetry);
    private static readonly System.Diagnostics.Metrics.Meter Meter = new(Telemetry);
    private static readonly System.Diagnostics.Metrics.Counter<long>
        Appended = Meter.CreateCounter<long>("timeline.events.appended", "{event}"),
        Conflicts = Meter.CreateCounter<long>("timeline.conflicts", "{conflict}");

    internal const int Long = 100;
    private const int MostRemembered = 500, OfStream = 11;

    private readonly ConcurrentDictionary<Guid, Timeline> longOnes = [];
    private readonly TimelineOptions options;
    private readonly Keyring keyring;
    private readonly EventSerializer serializer;
    private readonly Sql sql;
    private readonly TimeProvider clock;

    /// <summary>A store over the schema named in the options; see <see cref="TimelineSchema"/> for how it is made.</summary>
    public TimelineStore(NpgsqlDataSource database, TimelineOptions options, TimeProvider clock)
    {
        (Database, this.options, this.clock) = (database, options, clock);
        keyring = new Keyring(options.MasterKey);
        serializer = new EventSerializer(options.Events);
        sql = new Sql(options.Schema);
        Poke = new Poke(database, options.Schema, clock);
    }

    /// <summary>Where it all stands.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>Wakes those who follow the feed.</summary>
    public Poke Poke { get; }

    /// <summary>Read models written in the same transaction as the events that change them.</summary>
    public IReadOnlyList<IProjection> Inline => options.Inline;

    internal TimelineOptions Options => options;
    internal EventSerializer Serializer => serializer;
    internal Keyring Keyring => keyring;
    /// <summary>The clock that events are recorded by.</summary>
    public TimeProvider Time => clock;

    /// <summary>
    /// Refuses a master key that opens none of the keys stored with it: under a wrong one all people would look tampered with.
    /// </summary>
    public async Task CheckMasterKeyAsync(CancellationToken ct = default)
    {
        await using var command = Database.CreateCommand($"select person_id, wrapped from {Options.Schema}.person_key where wrapped is not null limit 20");
        await using var reader = await command.ExecuteReaderAsync(ct);
        CryptographicException? none = null;
        while (await reader.ReadAsync(ct))
            try
            {
                keyring.Unwrap(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)).Dispose();
                return;
            }
            catch (CryptographicException fault)
            {
                none = fault;
            }
        if (none is not null) throw new CryptographicException("Timeline:MasterKey opens nothing that is stored. Give the service the key that this database was written with.", none);
    }

    /// <summary>The folded state of one timeline, and its version (0: there is none).</summary>
    public async Task<(T State, long Version)> LoadAsync<T>(Guid id, Moment moment = default, CancellationToken ct = default) where T : IFold<T>
    {
        var stream = await ReadAsync(id, ct);
        return (stream.Fold<T>(moment), stream.Version);
    }

    /// <summary>One timeline as it stands, oldest event first. Of a timeline that does not exist: an empty one.</summary>
    public async Task<Timeline> ReadAsync(Guid id, CancellationToken ct = default)
    {
        var known = longOnes.GetValueOrDefault(id) ?? Empty(id);
        await using var command = Database.CreateCommand(sql.ReadStream);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = known.Version });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (await ReadStreamAsync(known, reader, ct)).Stream : known;
    }

    /// <summary>Several timelines in one round trip, in the order asked for.</summary>
    public async Task<IReadOnlyList<Timeline>> ReadAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct = default)
    {
        if (ids.Count == 0) return [];
        var streams = ids.Distinct().ToDictionary(id => id, id => longOnes.GetValueOrDefault(id) ?? Empty(id));
        await using var command = Database.CreateCommand(sql.ReadStreams);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. streams.Keys] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. streams.Values.Select(known => known.Version)] });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var more = await reader.ReadAsync(ct);
        while (more)
        {
            (var stream, more) = await ReadStreamAsync(streams[reader.GetGuid(OfStream)], reader, ct);
            streams[stream.Id] = stream;
        }
        return [.. ids.Select(id => streams[id])];
    }

    /// <summary>
    /// Loads one timeline, decides, appends. Made again from the start when another append came first.
    /// </summary>
    public Task<Outcome> DecideAsync<T>(Guid id, Func<T, Decision> decide, By by = default, CancellationToken ct = default) where T : IFold<T> =>
        AttemptAsync(async work => work.Append(id, decide(await work.LoadAsync<T>(id))), by, ct);

    /// <summary>
    /// Runs a piece of work that may load and append to several timelines; all its appends are stored in one round trip.
    /// The work is run again from the start when another append came first, so it must have no other effect.
    /// Where others keep coming first it is refused, and where <paramref name="by"/> names a cause and thus nobody asks, it throws.
    /// </summary>
    public async Task<Outcome> AttemptAsync(Func<Work, Task<Refusal?>> decide, By by = default, CancellationToken ct = default)
    {
        using var trace = Traces.StartActivity("decide");
        for (var attempt = 1; ; attempt++)
        {
            var work = new Work(this, ct);
            if ((await decide(work) ?? work.Refused(by)) is { } refusal) return new Outcome(refusal, [], 0);
            try
            {
                return new Outcome(null, await work.CommitAsync(by), work.LastVersion);
            }
            catch (TimelineMoved) when (attempt < Attempts)
            {
                Conflicts.Add(1);
                if (attempt > 1 && await IsArchivedAsync(work.AppendedTo, ct))
                    return new Outcome(Refusal.Conflict("timeline/archived", "This record was closed and put away. Nothing can be added to it; ask the administrator if it is still needed."), [], 0);
                // The more often it happens, the wider the writers spread.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 4 << attempt)), clock, ct);
            }
            // Nobody reads the refusal of what follows from an event by itself: that fails, and whoever woke it tries again.
            catch (TimelineMoved) when (by.CausedBy is null)
            {
                return new Outcome(Refusal.Conflict("timeline/busy", "Others keep changing this record. Load it again and repeat what you did."), [], 0);
            }
        }
    }

    /// <summary>
    /// Deletes a person's key, in one transaction with the event that says so. From then on their personal data cannot be
    /// read by anyone, and no new personal data can be put on their timeline.
    /// </summary>
    public Task<Outcome> EraseAsync(Guid personId, Func<Timeline, Decision> decide, By by = default, CancellationToken ct = default) =>
        AttemptAsync(async work =>
        {
            var decision = decide(await work.ReadAsync(personId));
            if (decision.Events.Count > 0) work.Also(sql.DeleteKey, new NpgsqlParameter<Guid> { TypedValue = personId }, new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
            return work.Append(personId, decision);
        }, by, ct);

    // Archived events are not read, so such a timeline looks like one that does not exist, until something is appended.
    private async Task<bool> IsArchivedAsync(Guid[] ids, CancellationToken ct)
    {
        await using var command = Database.CreateCommand($"select exists (select from {options.Schema}.mt_streams where id = any ($1) and is_archived)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    internal async Task<IReadOnlyList<RecordedEvent>> WriteAsync(
        IReadOnlyCollection<(Timeline Stream, List<Event> Events)> appends, IReadOnlyList<NpgsqlBatchCommand> also, By by, CancellationToken ct)
    {
        var now = Round(clock.GetUtcNow());
        var recorded = new List<RecordedEvent>();
        await using var batch = Database.CreateBatch();
        // All streams are taken before the first number is drawn: an append that waits holds no number.
        foreach (var (stream, events) in appends.OrderBy(append => append.Stream.Id))
        {
            var take = new NpgsqlBatchCommand(stream.Version == 0 ? sql.NewStream : sql.TakeStream);
            take.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream.Id });
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = stream.Version + events.Count });
            take.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
            if (stream.Version > 0) take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = stream.Version });
            batch.BatchCommands.Add(take);
        }
        foreach (var (stream, events) in appends)
        {
            var types = events.ConvertAll(options.Events.Of);
            using var key = types.Zip(events).Any(e => EventSerializer.HasPersonalData(e.First, e.Second)) ? KeyFor(stream, batch) : null;
            var version = stream.Version;
            foreach (var (type, @event) in types.Zip(events))
            {
                var entry = new RecordedEvent(Guid.CreateVersion7(now), stream.Id, ++version, default, @event, now, by.User, by.CausedBy);
                recorded.Add(entry);
                batch.BatchCommands.Add(new(sql.InsertEvent)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<Guid> { TypedValue = entry.Id },
                        new NpgsqlParameter<Guid> { TypedValue = entry.StreamId },
                        new NpgsqlParameter<long> { TypedValue = entry.Version },
                        new NpgsqlParameter<byte[]> { TypedValue = serializer.Write(type, @event, key, stream.Id), NpgsqlDbType = NpgsqlDbType.Jsonb },
                        new NpgsqlParameter<string> { TypedValue = type.Alias },
                        new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                        new NpgsqlParameter<string> { TypedValue = type.DotNetName },
                        new NpgsqlParameter { Value = (object?)by.User ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                        new NpgsqlParameter { Value = (object?)by.CausedBy?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                        new NpgsqlParameter { Value = (object?)Activity.Current?.TraceId.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                    },
                });
            }
            foreach (var projection in options.Inline)
                projection.Write(batch, stream, events);
        }
        foreach (var command in also) batch.BatchCommands.Add(command);
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException conflict) when (IsConflict(conflict))
        {
            throw new TimelineMoved(conflict);
        }
        Appended.Add(recorded.Count);
        Poke.Now();
        return recorded;
    }

    private PersonKey KeyFor(Timeline stream, NpgsqlBatch batch)
    {
        if (stream.Erased) throw new InvalidOperationException($"The personal data of {stream.Id} was erased; nothing personal may be added.");
        if (stream.WrappedKey is { } wrapped) return keyring.Unwrap(stream.Id, wrapped);
        var (key, sealedKey) = keyring.Create(stream.Id);
        batch.BatchCommands.Add(new(sql.InsertKey)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = stream.Id }, new NpgsqlParameter<byte[]> { TypedValue = sealedKey } },
        });
        return key;
    }

    private static Timeline Empty(Guid id) => new(id, 0, [], null, false);

    // From the row that the reader stands on to the first that is another timeline's.
    private async Task<(Timeline Stream, bool More)> ReadStreamAsync(Timeline known, NpgsqlDataReader reader, CancellationToken ct)
    {
        var wrapped = await reader.IsDBNullAsync(8, ct) ? null : reader.GetFieldValue<byte[]>(8);
        var erased = !await reader.IsDBNullAsync(9, ct);
        var key = wrapped is null ? null : keyring.Unwrap(known.Id, wrapped);
        var events = new List<RecordedEvent>();
        var (id, version, more) = (known.Id, known.Version, true);
        try
        {
            for (; more && reader.GetGuid(OfStream) == id; more = await reader.ReadAsync(ct))
            {
                version = reader.GetInt64(1);
                if (options.Events.Find(reader.GetString(2)) is not { } type) continue; // a newer release's event, or Marten's tombstone
                events.Add(new RecordedEvent(
                    reader.GetGuid(0), id, version, new FeedPosition(reader.GetFieldValue<ulong>(4), reader.GetInt64(5)),
                    serializer.Read(type, reader.GetFieldValue<byte[]>(3), key, id), reader.GetFieldValue<DateTimeOffset>(6),
                    reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(10) ? null : Guid.Parse(reader.GetString(10))));
            }
        }
        finally
        {
            key?.Dispose();
        }
        // With the version even when nothing of it is known here: only a newer release's events.
        var timeline = new Timeline(id, version, known.Version == 0 ? events : [.. known.Events, .. events], wrapped, erased, known);
        if (timeline.Events.Count >= Long && wrapped is null && !erased) Remember(timeline);
        return (timeline, more);
    }

    // Events never change, so what was read of a long timeline is good for ever and only the rest is read again. Of people
    // nothing is remembered: their key may go at any moment.
    private void Remember(Timeline timeline)
    {
        if (longOnes.Count >= MostRemembered) longOnes.Clear();
        longOnes.AddOrUpdate(timeline.Id, timeline, (_, other) => other.Version > timeline.Version ? other : timeline);
    }

    private static bool IsConflict(PostgresException e) =>
        e is { SqlState: "MT003" or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
          // On a stream, a key, or a unique index of a read model written with it: somebody else was first.
          or { SqlState: PostgresErrorCodes.UniqueViolation };

    // PostgreSQL keeps microseconds; what is returned must equal what is read later.
    private static DateTimeOffset Round(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % 10, TimeSpan.Zero);

    /// <inheritdoc/>
    public void Dispose()
    {
        Poke.Dispose();
        keyring.Dispose();
    }

    private sealed class Sql(string schema)
    {
        public string ReadStream { get; } = $"""
            select e.id, e.version, e.type, e.data, e.transaction_id, e.seq_id, e.timestamp, e.user_name,
                (select wrapped from {schema}.person_key where person_id = $1), (select erased_at from {schema}.person_key where person_id = $1), e.causation_id, e.stream_id
            from {schema}.mt_events e
            where e.stream_id = $1 and e.version > $2 and not e.is_archived and e.type <> 'tombstone' order by e.version
            """;

        public string ReadStreams { get; } = $"""
            select e.id, e.version, e.type, e.data, e.transaction_id, e.seq_id, e.timestamp, e.user_name, k.wrapped, k.erased_at, e.causation_id, e.stream_id
            from unnest($1, $2) wanted (id, after)
            left join {schema}.person_key k on k.person_id = wanted.id
            join {schema}.mt_events e on e.stream_id = wanted.id and e.version > wanted.after and not e.is_archived and e.type <> 'tombstone'
            order by e.stream_id, e.version
            """;

        public string NewStream { get; } = $"""
            insert into {schema}.mt_streams (id, version, timestamp, created, tenant_id, is_archived)
            values ($1, $2, $3, $3, '*DEFAULT*', false)
            """;

        public string TakeStream { get; } = $"""
            with taken as (update {schema}.mt_streams set version = $2, timestamp = $3 where id = $1 and version = $4 and not is_archived returning 1)
            select case when exists (select from taken) then 0 else {schema}.stream_moved($1) end
            """;

        public string InsertEvent { get; } = $"""
            insert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived, user_name, causation_id, correlation_id)
            values (nextval('{schema}.mt_events_sequence'), $1, $2, $3, $4, $5, $6, '*DEFAULT*', $7, false, $8, $9, $10)
            """;

        public string InsertKey { get; } = $"insert into {schema}.person_key (person_id, wrapped) values ($1, $2)";

        public string DeleteKey { get; } = $"""
            insert into {schema}.person_key (person_id, erased_at) values ($1, $2)
            on conflict (person_id) do update set wrapped = null, erased_at = excluded.erased_at
            """;
    }
}

/// <summary>Another append to one of the timelines came first.</summary>
internal sealed class TimelineMoved(Exception inner) : Exception("The timeline has moved.", inner);

/// <summary>Who acts, and because of what.</summary>
/// <param name="User">The account, or null when a service decides by itself.</param>
/// <param name="CausedBy">The event that woke the decider.</param>
public readonly record struct By(string? User = null, Guid? CausedBy = null);

/// <summary>What became of a decision.</summary>
/// <param name="Refusal">Why not, or null when it holds.</param>
/// <param name="Events">What was appended; empty when it was so already.</param>
/// <param name="Version">The version of the timeline appended to last.</param>
public sealed record Outcome(Refusal? Refusal, IReadOnlyList<RecordedEvent> Events, long Version)
{
    /// <summary>Whether anything was appended.</summary>
    public bool Changed => Events.Count > 0;
}

/// <summary>One timeline as it was read.</summary>
public sealed class Timeline
{
    // Of long timelines the states folded so far are kept, so that one more event costs one more step.
    private readonly ConcurrentDictionary<Type, (int Events, object State)>? folds;

    internal Timeline(Guid id, long version, IReadOnlyList<RecordedEvent> events, byte[]? wrappedKey, bool erased, Timeline? before = null)
    {
        (Id, Version, Events, WrappedKey, Erased) = (id, version, events, wrappedKey, erased);
        if (events.Count >= TimelineStore.Long) folds = before?.folds is { } done ? new(done) : [];
    }

    /// <summary>Whose or what's.</summary>
    public Guid Id { get; }

    /// <summary>The number of its events; 0 when there is no such timeline.</summary>
    public long Version { get; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    /// <summary>Whether the personal data in it was erased.</summary>
    public bool Erased { get; }

    internal byte[]? WrappedKey { get; }

    /// <summary>The state at a moment. In the order of recording, so that a late fact does not rewrite what was decided before.</summary>
    public T Fold<T>(Moment moment = default) where T : IFold<T>
    {
        var state = T.Start(Id);
        if (moment != default)
        {
            foreach (var e in Events)
                if (moment.Holds(e)) state = (T)state.Apply(e.Event);
            return state;
        }
        var done = 0;
        if (folds?.TryGetValue(typeof(T), out var fold) == true) (done, state) = (fold.Events, (T)fold.State);
        if (done == Events.Count) return state;
        for (; done < Events.Count; done++) state = (T)state.Apply(Events[done].Event);
        folds?[typeof(T)] = (done, state);
        return state;
    }
}
