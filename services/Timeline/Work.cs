using CrisisCoordination.Contracts;
using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>
/// One attempt at a decision over one or several timelines. What it loads it loads before anything is written (the feed's
/// order rests on that), and all it appends is stored together.
/// </summary>
public sealed class Work
{
    private readonly TimelineStore store;
    private readonly CancellationToken ct;
    private readonly Dictionary<Guid, Timeline> loaded = [];
    private readonly Dictionary<Guid, List<Event>> appended = [];
    private readonly List<NpgsqlBatchCommand> also = [];

    internal Work(TimelineStore store, CancellationToken ct) => (this.store, this.ct) = (store, ct);

    /// <summary>For what lies in tables.</summary>
    public NpgsqlDataSource Database => store.Database;

    /// <summary>Asked to stop.</summary>
    public CancellationToken Stopping => ct;

    internal long LastVersion { get; private set; }

    internal Guid[] AppendedTo => [.. appended.Keys];

    /// <summary>The folded state of a timeline. Loaded once per attempt.</summary>
    public async Task<T> LoadAsync<T>(Guid id) where T : IFold<T> => (await ReadAsync(id)).Fold<T>();

    /// <summary>A timeline. Loaded once per attempt.</summary>
    public async Task<Timeline> ReadAsync(Guid id)
    {
        if (!loaded.TryGetValue(id, out var stream)) loaded[id] = stream = await store.ReadAsync(id, ct);
        return stream;
    }

    /// <summary>Several timelines in one round trip, for the loads that follow.</summary>
    public async Task ReadAsync(IEnumerable<Guid> ids)
    {
        foreach (var stream in await store.ReadAsync(ids.Where(id => !loaded.ContainsKey(id)).Distinct().ToArray(), ct))
            loaded[stream.Id] = stream;
    }

    /// <summary>Notes what to append; nothing is stored when it was refused. A timeline not loaded must not exist yet.</summary>
    public Refusal? Append(Guid id, Decision decision)
    {
        if (decision.Refusal is { } refusal) return refusal;
        if (decision.Events.Count == 0) return null;
        if (!appended.TryGetValue(id, out var events)) appended[id] = events = [];
        events.AddRange(decision.Events);
        return null;
    }

    /// <summary>A statement to run in the same transaction, after the events.</summary>
    public void Also(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        also.Add(command);
    }

    internal Refusal? Refused(By by) => store.Options.Refuses is not { } refuses ? null
        : appended.Select(a => refuses(LoadedOrNew(a.Key).Events.Select(told => told.Event), a.Value, by, store.Time.GetUtcNow())).FirstOrDefault(refusal => refusal is not null);

    internal async Task<IReadOnlyList<RecordedEvent>> CommitAsync(By by)
    {
        var appends = appended.Select(a => (LoadedOrNew(a.Key), a.Value)).ToArray();
        LastVersion = appends.Length > 0 ? appends[^1].Item1.Version + appends[^1].Value.Count
            : loaded.Count > 0 ? loaded.Values.Last().Version : 0;
        return appends.Length == 0 && also.Count == 0 ? [] : await store.WriteAsync(appends, also, by, ct);
    }

    private Timeline LoadedOrNew(Guid id) => loaded.GetValueOrDefault(id) ?? new Timeline(id, 0, [], null, false);
}
