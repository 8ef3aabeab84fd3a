using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>
/// Puts a wave on the timelines of all whom it is for, some people in one transaction with the place reached, so that
/// whoever was cut off goes on where they were and asks nobody twice.
/// </summary>
internal sealed class AskPeople(TimelineStore store, CrisisService service, Candidates candidates, ILogger<AskPeople> log)
{
    private const int Batch = 50;

    public const string Table = """
        create table if not exists {schema}.outreach_gathering (wave_id uuid primary key, after uuid not null, done boolean not null)
        """;

    internal static Decision Decide(Addressee person, Wave wave, Crisis crisis, DateTimeOffset now) =>
        wave.State == Wave.Running && wave.Started is { } started && person.Contacts.Find(wave.Id) is null
        && person.Reachable is { } reachable && started.Filter.Covers(reachable, crisis, started.Posts, started.At)
            ? new OutreachAsked(wave.Id, started.Channels, started.Urgent, started.AwaitsAnswer, started.Filter.NotReachedForHours, now)
            : Decision.Nothing;

    /// <summary>Works on the wave that comes first; false when there is none to work on.</summary>
    public async Task<bool> GatherAsync(CancellationToken ct)
    {
        if (await NextAsync(ct) is not { } next) return false;
        var (wave, _) = await store.LoadAsync<Wave>(next.Wave, ct: ct);
        var (crisis, _) = await store.LoadAsync<Crisis>(wave.Started!.CrisisId, ct: ct);
        var found = new List<Guid>();
        await foreach (var person in candidates.OfAsync(wave.Started, crisis, next.After, wave.Started.At, ct)) found.Add(person.Id);
        // Told to pause, or others keep changing these people: on from here the next time.
        foreach (var some in found.Chunk(Batch))
            if (!await AskAsync(wave.Id, crisis, some, ct)) return false;
        await store.AttemptAsync(work =>
        {
            Note(work, wave.Id, found.Count > 0 ? found[^1] : next.After ?? Guid.Empty, done: true);
            return Task.FromResult<Refusal?>(null);
        }, ct: ct);
        return true;
    }

    private async Task<bool> AskAsync(Guid wave, Crisis crisis, Guid[] people, CancellationToken ct)
    {
        var running = true;
        try
        {
            var outcome = await store.AttemptAsync(async work =>
            {
                await work.ReadAsync([wave, .. people]);
                var current = await work.LoadAsync<Wave>(wave);
                running = current.State == Wave.Running;
                foreach (var id in people) work.Append(id, Decide(await work.LoadAsync<Addressee>(id), current, crisis, store.Time.GetUtcNow()));
                if (running) Note(work, wave, people[^1], done: false);
                return null;
            }, ct: ct);
            return running && outcome.Refusal is null;
        }
        // A timeline that somebody tampered with keeps nobody else from being asked.
        catch (CryptographicException fault) when (people.Length == 1)
        {
            log.LogCritical("The data sealed on {PersonId} does not open ({Fault}); nobody writes to them", people[0], fault.GetType().Name);
            return true;
        }
        catch (CryptographicException)
        {
            foreach (var id in people)
                if (!await AskAsync(wave, crisis, [id], ct)) return false;
            return true;
        }
    }

    private async Task<(Guid Wave, Guid? After)?> NextAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select w.stream_id, g.after from {service.Schema}.outreach_wave w left join {service.Schema}.outreach_gathering g on g.wave_id = w.stream_id
            where w.state = '{Wave.Running}' and g.done is not true order by w.urgent desc, w.started_at limit 1
            """);
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetGuid(0), await reader.IsDBNullAsync(1, ct) ? null : reader.GetGuid(1)) : null;
    }

    private void Note(Work work, Guid wave, Guid after, bool done) => work.Also(
        $"insert into {service.Schema}.outreach_gathering values ($1, $2, $3) on conflict (wave_id) do update set after = excluded.after, done = excluded.done",
        new NpgsqlParameter<Guid> { TypedValue = wave }, new NpgsqlParameter<Guid> { TypedValue = after }, new NpgsqlParameter<bool> { TypedValue = done });
}
