using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>
/// Tells those who follow the feed that there is something new: at once inside the process, and by NOTIFY to the others,
/// outside of any append and at most every few milliseconds (NOTIFY inside an append would serialise all commits).
/// A poke may get lost; followers also look by themselves now and then.
/// </summary>
public sealed class Poke : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5), Retry = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource database;
    private readonly string channel;
    // Not the process id: in containers every process may be number 1.
    private readonly string self = Guid.CreateVersion7().ToString("N");
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim toSend = new(0, 1);
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int sending, listening;

    internal Poke(NpgsqlDataSource database, string schema, TimeProvider clock) =>
        (this.database, channel, this.clock) = (database, schema + "_poke", clock);

    /// <summary>There is something new.</summary>
    public void Now()
    {
        Wake();
        if (toSend.CurrentCount == 0)
            try { toSend.Release(); } catch (SemaphoreFullException) { /* somebody else just did */ }
        if (Interlocked.Exchange(ref sending, 1) == 0) _ = Task.Run(SendAsync);
    }

    /// <summary>Waits for the next poke from anywhere, at most <paramref name="atMost"/>.</summary>
    /// <param name="seen">What <see cref="Next"/> returned before the reader last looked.</param>
    public async Task WaitAsync(Task seen, TimeSpan atMost, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref listening, 1) == 0) _ = Task.Run(ListenAsync, CancellationToken.None);
        await Task.WhenAny(seen, Task.Delay(atMost, clock, ct));
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Completes with the next poke. Taken before reading, so that no poke falls between reading and waiting.</summary>
    public Task Next => Volatile.Read(ref news).Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        stop.Cancel();
        Wake();
    }

    private void Wake() =>
        Interlocked.Exchange(ref news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task SendAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await toSend.WaitAsync(stop.Token);
                try
                {
                    await using var notify = database.CreateCommand($"select pg_notify('{channel}', $1)");
                    notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = self });
                    await notify.ExecuteNonQueryAsync(stop.Token);
                }
                catch (NpgsqlException) { /* the followers' own look finds it */ }
                await Task.Delay(Pace, clock, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException) { }
    }

    private async Task ListenAsync()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await using var connection = await database.OpenConnectionAsync(stop.Token);
                connection.Notification += (_, note) => { if (note.Payload != self) Wake(); };
                await using (var listen = new NpgsqlCommand($"listen {channel}", connection)) await listen.ExecuteNonQueryAsync(stop.Token);
                while (true) await connection.WaitAsync(stop.Token);
            }
            catch (Exception e) when (e is NpgsqlException or IOException && !stop.IsCancellationRequested)
            {
                try { await Task.Delay(Retry, clock, stop.Token); } catch (OperationCanceledException) { return; }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
    }
}
