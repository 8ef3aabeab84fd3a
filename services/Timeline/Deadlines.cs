using CrisisCoordination.Contracts;
using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>Something is due on a timeline.</summary>
/// <param name="Kind">What, such as <c>referral-unanswered</c>.</param>
/// <param name="Subject">Which one, where a timeline has several.</param>
public sealed record Deadline(string Kind, Guid Subject, DateTimeOffset DueAt);

/// <summary>
/// The due times of a service as a read model of the timelines, and the clock that wakes its deciders. A deadline that falls
/// due is like a message: the decider looks at the timeline and appends <c>…Overdue</c> only if it still holds.
/// </summary>
public sealed class Deadlines(TimelineStore store, Feed feed, string schema)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>The read model of due times for one kind of state.</summary>
    public static IProjection Of<T>(string schema, Func<T, IEnumerable<Deadline>> due, params Type[] on) where T : IFold<T> =>
        new Projection<T>($"{schema}.deadline", 1, [("kind", "text not null"), ("subject", "uuid not null"), ("due_at", "timestamptz not null")],
            state => due(state).Select(d => new object?[] { d.Kind, d.Subject, d.DueAt.ToUniversalTime() }), on,
            "create index on {table} (due_at)");

    /// <summary>Wakes <paramref name="decide"/> for each deadline that is due, one service instance at a time, until cancelled.</summary>
    public Task RunAsync(Func<Guid, Deadline, CancellationToken, Task> decide, CancellationToken ct) =>
        feed.TakeTurnsAsync($"{schema}/deadlines", async (turn, ct) =>
        {
            while (true)
            {
                foreach (var (stream, deadline) in await DueAsync(turn, ct))
                    try
                    {
                        await decide(stream, deadline, ct);
                    }
                    catch (Exception fault) when (fault is not OperationCanceledException and not NpgsqlException { IsTransient: true })
                    {
                        // One that cannot be decided must not hold back those after it.
                        Failed?.Invoke(stream, deadline, fault);
                    }
                // One that did not move the timeline stays and is asked again, no faster than this.
                await Task.Delay(LongestWait, store.Time, ct);
            }
        }, ct);

    /// <summary>Told when a deadline could not be decided; it is asked again by itself.</summary>
    public Action<Guid, Deadline, Exception>? Failed { get; set; }

    // All of them: a limit would starve the later ones behind some that never move.
    private async Task<List<(Guid Stream, Deadline Deadline)>> DueAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select stream_id, kind, subject, due_at from {schema}.deadline where due_at <= $1 order by due_at", connection)
        {
            Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = store.Time.GetUtcNow() } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<(Guid, Deadline)>();
        while (await reader.ReadAsync(ct))
            due.Add((reader.GetGuid(0), new Deadline(reader.GetString(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3))));
        return due;
    }
}
