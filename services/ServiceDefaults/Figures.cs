using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// How much went through: events appended by the whole house and published by its relay, messages consumed by this service.
/// What is consumed is counted in memory and written down every second, so a killed service forgets at most a second's worth.
/// </summary>
internal sealed class Figures(CrisisService service, TimelineStore store)
{
    private long consumed;

    public static string Create(string schema) => $"""
        create table if not exists {schema}.consumed (one boolean primary key default true check (one), messages bigint not null);
        insert into {schema}.consumed (messages) values (0) on conflict do nothing
        """;

    public void Consumed() => Interlocked.Increment(ref consumed);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), store.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Also when told to stop: what came in during the last second counts.
            await WriteAsync(CancellationToken.None);
        }
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/figures", async (CrisisService service, TimelineStore store, HttpContext http) =>
        {
            await using var command = store.Database.CreateCommand($"""
                select count(*), count(*) filter (where (e.transaction_id, e.seq_id) <= (p.transaction_id, p.seq_id)),
                    (select messages from {service.Schema}.consumed)
                from {service.TimelineSchema}.mt_events e left join {service.TimelineSchema}.feed_position p on p.name = '{Relay.Name}'
                """);
            await using var row = await command.ExecuteReaderAsync(http.RequestAborted);
            await row.ReadAsync(http.RequestAborted);
            return TypedResults.Ok(new { appended = row.GetInt64(0), published = row.GetInt64(1), consumed = row.GetInt64(2) });
        }).Allow(Roles.Auditor, Roles.Administrator);

    private async Task WriteAsync(CancellationToken ct)
    {
        var since = Interlocked.Exchange(ref consumed, 0);
        if (since == 0) return;
        try
        {
            await using var command = store.Database.CreateCommand($"update {service.Schema}.consumed set messages = messages + $1");
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = since });
            await command.ExecuteNonQueryAsync(ct);
        }
        catch
        {
            Interlocked.Add(ref consumed, since);
            throw;
        }
    }
}
