using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// Works through the waves, one instance of the service at a time: finds the people, sends what is due on each channel at its
/// own pace, and ends a wave when nobody is left. Everything it knows stands on the timelines; what is kept beside them is
/// only when to look again.
/// </summary>
internal sealed class SendWaves(TimelineStore store, Feed feed, CrisisService service, Providers providers, AskPeople asking, Progresses progresses, ILogger<SendWaves> log)
{
    private const int Batch = 100, AtOnce = 8;
    private const string NoWay = "";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300), LookForEnded = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromMinutes(1);

    public const string Table = """
        create table if not exists {schema}.outreach_postponed (
            person_id uuid not null, wave_id uuid not null, until timestamptz not null, tries int not null default 0, primary key (person_id, wave_id));
        create index if not exists outreach_postponed_wave on {schema}.outreach_postponed (wave_id)
        """;

    public Task RunAsync(CancellationToken stopping) => feed.TakeTurnsAsync($"{service.Schema}/outreach", async (_, ct) =>
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] all =
        [
            RepeatAsync(asking.GatherAsync, Look, lost.Token), RepeatAsync(EndAsync, LookForEnded, lost.Token),
            .. Channels.All.Append(NoWay).Select(way => RepeatAsync(ct => SendDueAsync(way, ct), Look, lost.Token)),
        ];
        try
        {
            await await Task.WhenAny(all);
        }
        finally
        {
            await lost.CancelAsync();
            await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }, stopping);

    private async Task RepeatAsync(Func<CancellationToken, Task<bool>> work, TimeSpan pause, CancellationToken ct)
    {
        while (true)
            if (!await work(ct)) await Task.Delay(pause, store.Time, ct);
    }

    /// <summary>Sends some of what is due on one way; false when there was nothing to do.</summary>
    private async Task<bool> SendDueAsync(string way, CancellationToken ct)
    {
        var due = await DueAsync(way, ct);
        if (due.Count == 0) return false;
        var orders = new Dictionary<Guid, Order>();
        foreach (var wave in due.Select(one => one.Wave).Distinct()) orders[wave] = await OrderAsync(wave, ct);
        var done = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, ct) =>
        {
            try
            {
                if (await ServeAsync(one.Person, one.Wave, orders[one.Wave], way, ct)) Interlocked.Increment(ref done);
            }
            catch (Exception fault) when (fault is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                // One whose data does not open must not hold back those after them.
                log.LogError("Reaching {PersonId} in {WaveId} failed with {Fault}", one.Person, one.Wave, fault.GetType().Name);
                await PostponeAsync(one.Person, one.Wave, store.Time.GetUtcNow() + Idle, ct);
            }
        });
        return done > 0;
    }

    /// <summary>What a wave says, to whom it may.</summary>
    private sealed record Order(OutreachWaveStarted Wave, Template Template, Crisis Crisis);

    private async Task<Order> OrderAsync(Guid id, CancellationToken ct)
    {
        var wave = (await store.LoadAsync<Wave>(id, ct: ct)).State.Started!;
        return new(wave, (await store.LoadAsync<Template>(wave.TemplateId, ct: ct)).State, (await store.LoadAsync<Crisis>(wave.CrisisId, ct: ct)).State);
    }

    private async Task<bool> ServeAsync(Guid id, Guid waveId, Order order, string way, CancellationToken ct)
    {
        var expected = providers.For(way, order.Wave.Exercise);
        if (expected is { IsUp: false }) return false;
        if (expected is not null) await expected.WaitAsync(ct);
        if (expected is { IsUp: false }) return false;
        var (person, turn, now, running) = (Addressee.Start(id), new Turn(Decision.Nothing), default(DateTimeOffset), false);
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync([id, waveId]);
            person = await work.LoadAsync<Addressee>(id);
            running = (await work.LoadAsync<Wave>(waveId)).State == Wave.Running;
            if (!running) return null;
            var others = new List<Addressee>();
            foreach (var other in person.Duplicates) others.Add(await work.LoadAsync<Addressee>(other));
            now = store.Time.GetUtcNow();
            turn = Turn.Of(person, others, waveId, means => MeansOf(means, order.Wave.Exercise), now);
            return work.Append(id, turn.Decision);
        }, ct: ct);
        if (outcome.Refusal is not null || !running) return false;
        if (turn.Send is { } attempt) return await HandOverAsync(person, attempt, waveId, order, now, ct);
        if (!outcome.Changed) await PostponeAsync(id, waveId, turn.Until ?? now + Idle, ct);
        return true;
    }

    private async Task<bool> HandOverAsync(Addressee person, Attempt attempt, Guid waveId, Order order, DateTimeOffset now, CancellationToken ct)
    {
        var provider = providers.For(attempt.Channel, order.Wave.Exercise)!;
        var sent = Composed.Of(person, attempt, order.Template, order.Wave, order.Crisis, now) is { } message ? await provider.SendAsync(message, ct) : Sent.Refused("no-address");
        var at = store.Time.GetUtcNow();
        if (sent.Outcome == Outcome.Later) await BackOffAsync(person.Id, waveId, at, ct);
        // Where a repeat would do harm it must be known that this is none; elsewhere the attempt simply stays open.
        if (sent.Outcome is Outcome.Later or Outcome.Untried && provider.Means.Repeats) return sent.Outcome == Outcome.Later;
        // What went out is written down also by a service that is being stopped, and though others keep changing the person: a mail that
        // was put off would count as perhaps sent, and nobody would send it again.
        Refusal? busy;
        do
        {
            busy = (await store.DecideAsync<Contacts>(person.Id,
                contacts => contacts.FindAttempt(attempt.Id) is { IsOpen: true } ? Came(attempt.Id, sent, at) : Decision.Nothing, ct: CancellationToken.None)).Refusal;
        }
        while (busy is { Code: "timeline/busy" });
        return sent.Outcome != Outcome.Untried;
    }

    private static Event Came(Guid attempt, Sent sent, DateTimeOffset at) => sent.Outcome switch
    {
        Outcome.Taken => new ContactSent(attempt, at),
        Outcome.Refused => new ContactFailed(attempt, sent.Why!, at),
        Outcome.Later or Outcome.Untried => new ContactDelayed(attempt, at),
        _ => new ContactUncertain(attempt, at),
    };

    private Means? MeansOf(string way, bool exercise) => way == Channels.Call ? new("operators", Repeats: false) : providers.For(way, exercise)?.Means;

    private async Task<List<(Guid Person, Guid Wave)>> DueAsync(string way, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select o.stream_id, o.wave_id from {service.Schema}.outreach o join {service.Schema}.outreach_wave w on w.stream_id = o.wave_id
            left join {service.Schema}.outreach_postponed p on p.person_id = o.stream_id and p.wave_id = o.wave_id
            where o.way = $1 and o.due_at <= $2 and w.state = '{Wave.Running}' and (p.until is null or p.until <= $2) order by w.urgent desc, o.due_at limit {Batch}
            """);
        select.Parameters.Add(new() { Value = way });
        select.Parameters.Add(new() { Value = store.Time.GetUtcNow() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var due = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(ct)) due.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return due;
    }

    private Task PostponeAsync(Guid person, Guid wave, DateTimeOffset until, CancellationToken ct) => RunAsync(
        $"insert into {service.Schema}.outreach_postponed (person_id, wave_id, until) values ($1, $2, $3) on conflict (person_id, wave_id) do update set until = excluded.until", person, wave, until, ct);

    // Ever longer, and never all at the same moment.
    private Task BackOffAsync(Guid person, Guid wave, DateTimeOffset now, CancellationToken ct) => RunAsync($"""
        insert into {service.Schema}.outreach_postponed (person_id, wave_id, until, tries) values ($1, $2, $3 + interval '2 seconds' * (1 + random()), 1)
        on conflict (person_id, wave_id) do update set tries = outreach_postponed.tries + 1,
            until = $3 + least(interval '10 minutes', interval '2 seconds' * power(2, least(outreach_postponed.tries, 12))) * (1 + random() / 2)
        """, person, wave, now, ct);

    private async Task RunAsync(string sql, Guid person, Guid wave, DateTimeOffset time, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = person });
        command.Parameters.Add(new() { Value = wave });
        command.Parameters.Add(new() { Value = time.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<bool> EndAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select w.stream_id from {service.Schema}.outreach_wave w join {service.Schema}.outreach_gathering g on g.wave_id = w.stream_id and g.done
            where w.state = '{Wave.Running}' and not exists (select from {service.Schema}.outreach o where o.wave_id = w.stream_id and o.due_at is not null)
            """);
        var over = new List<Guid>();
        await using (var reader = await select.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) over.Add(reader.GetGuid(0));
        foreach (var id in over)
        {
            var (wave, _) = await store.LoadAsync<Wave>(id, ct: ct);
            var progress = await progresses.OfAsync(wave, ct);
            await store.DecideAsync<Wave>(id, wave => wave.State == Wave.Running
                ? new OutreachWaveEnded(progress.Counts.Where(count => count.Value > 0).ToDictionary(count => count.Key, count => count.Value), store.Time.GetUtcNow()) : Decision.Nothing, ct: ct);
            await using var forget = store.Database.CreateCommand($"delete from {service.Schema}.outreach_postponed where wave_id = $1");
            forget.Parameters.Add(new() { Value = id });
            await forget.ExecuteNonQueryAsync(ct);
        }
        return false;
    }
}
