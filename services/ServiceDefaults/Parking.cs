using CrisisCoordination.Timeline;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Wakes that failed for another reason than an outage, each with its fault. They are tried again with ever longer pauses,
/// and stay visible until they succeed: nothing is lost in an error queue that nobody reads.
/// </summary>
internal sealed class Parking(CrisisService service, TimelineStore store, IServiceProvider services, ILogger<Parking> log)
{
    public static string Create(string schema) => $"""
        create table if not exists {schema}.parked_wake (
            stream_id uuid not null, event_type text not null, event_id uuid not null, fault text not null, attempts int not null default 1,
            parked_at timestamptz not null, next_at timestamptz not null, primary key (stream_id, event_type))
        """;

    public async Task ParkAsync(Guid streamId, string eventType, Guid eventId, Exception fault, CancellationToken ct)
    {
        // The message of a fault may quote data; its type and place do not.
        log.LogError("Parked: {EventType} on {StreamId} failed with {Fault} at {Place}", eventType, streamId, fault.GetType().Name, fault.StackTrace?.Split('\n').FirstOrDefault()?.Trim());
        var now = store.Time.GetUtcNow();
        await using var command = store.Database.CreateCommand($"""
            insert into {service.Schema}.parked_wake (stream_id, event_type, event_id, fault, parked_at, next_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (stream_id, event_type) do update set fault = excluded.fault, attempts = parked_wake.attempts + 1,
                next_at = $5 + least(interval '1 hour', interval '5 seconds' * power(2, least(parked_wake.attempts, 12)))
            """);
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = eventType });
        command.Parameters.Add(new() { Value = eventId });
        command.Parameters.Add(new() { Value = fault.GetType().Name });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now.AddSeconds(5) });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task RetryAsync(CancellationToken ct)
    {
        var due = new List<(Guid Stream, string Type, Guid Event)>();
        await using (var select = store.Database.CreateCommand($"select stream_id, event_type, event_id from {service.Schema}.parked_wake where next_at <= $1 order by next_at limit 100"))
        {
            select.Parameters.Add(new() { Value = store.Time.GetUtcNow() });
            await using var reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) due.Add((reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2)));
        }
        foreach (var (stream, type, id) in due)
        {
            if (EventTypes.House.Find(type) is not { } known) continue;
            try
            {
                await service.Reactions.WakeAsync(known.Clr, new Woken(store, services, stream, new By(null, id), store.Time.GetUtcNow(), ct));
                await using var delete = store.Database.CreateCommand($"delete from {service.Schema}.parked_wake where stream_id = $1 and event_type = $2");
                delete.Parameters.Add(new() { Value = stream });
                delete.Parameters.Add(new() { Value = type });
                await delete.ExecuteNonQueryAsync(ct);
            }
            catch (Exception fault) when (fault is not OperationCanceledException && !Problems.IsOutage(fault))
            {
                await ParkAsync(stream, type, id, fault, ct);
            }
        }
    }
}
