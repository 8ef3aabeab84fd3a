using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>How far a wave is.</summary>
/// <param name="Gathered">Whether everybody was found whom it is for.</param>
/// <param name="Counts">People by what became of them; waiting is for a safe time or a pause, queued is for us.</param>
internal sealed record Progress(
    Guid WaveId, string State, bool Gathered, int People, IReadOnlyDictionary<string, int> Counts, IReadOnlyDictionary<string, int> Skipped, IReadOnlyDictionary<string, int> Unreachable,
    IReadOnlyDictionary<string, int> ByChannel);

/// <summary>People and waves as one table: who is next, and how far it all is.</summary>
internal sealed class Progresses(NpgsqlDataSource database, CrisisService service, TimeProvider clock)
{
    private const string Waiting = "waiting", Queued = "queued";

    private static readonly string[] States = [Waiting, Queued, "sending", "sent", "delivered", "failed", "uncertain", "calling", "answered", "unreachable", "skipped"];

    /// <summary>Written with the events, so that whoever looks what is next sees what was begun.</summary>
    public static IProjection ReadModel(string schema) => new Projection<Addressee>($"{schema}.outreach", 1,
        [
            ("wave_id", "uuid not null"), ("state", "text not null"), ("why", "text null"), ("channel", "text null"), ("way", "text not null"), ("due_at", "timestamptz null"),
            ("attempts", "uuid[] not null"), ("posts", "text[] not null"),
        ],
        person => person.Exists ? person.Contacts.Asks.Select(ask => Row(person, ask)) : [],
        [
            typeof(OutreachAsked), typeof(OutreachSkipped), typeof(ContactAttempted), typeof(ContactDelayed), typeof(ContactSent), typeof(ContactDelivered), typeof(ContactFailed), typeof(ContactUncertain), typeof(PersonUnreachable),
            typeof(CheckedIn), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(DetentionReported), typeof(DetentionEnded), typeof(MergedInto), typeof(UnmergedFrom), typeof(PersonErased),
        ],
        "create index on {table} (way, due_at) where due_at is not null", "create index on {table} (wave_id, state)", "create index on {table} using gin (attempts)");

    public async Task<Progress> OfAsync(Wave wave, CancellationToken ct)
    {
        await using var count = database.CreateCommand($"""
            select case when state = '{Waiting}' and due_at <= $2 then '{Queued}' else state end, why, channel, count(*)::int, (select done from {service.Schema}.outreach_gathering where wave_id = $1)
            from {service.Schema}.outreach where wave_id = $1 group by 1, 2, 3
            union all select null, null, null, 0, (select done from {service.Schema}.outreach_gathering where wave_id = $1)
            """);
        count.Parameters.Add(new() { Value = wave.Id });
        count.Parameters.Add(new() { Value = clock.GetUtcNow() });
        var (counts, skipped, unreachable, channels) = (States.ToDictionary(state => state, _ => 0), new SortedDictionary<string, int>(), new SortedDictionary<string, int>(), new SortedDictionary<string, int>());
        var gathered = false;
        await using var reader = await count.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            gathered = !await reader.IsDBNullAsync(4, ct) && reader.GetBoolean(4);
            if (await reader.IsDBNullAsync(0, ct)) continue;
            var (state, n) = (reader.GetString(0), reader.GetInt32(3));
            counts[state] += n;
            var why = await reader.IsDBNullAsync(1, ct) ? "" : reader.GetString(1);
            if (state == "skipped") skipped[why] = skipped.GetValueOrDefault(why) + n;
            if (state == "unreachable") unreachable[why] = unreachable.GetValueOrDefault(why) + n;
            if (!await reader.IsDBNullAsync(2, ct)) channels[reader.GetString(2)] = channels.GetValueOrDefault(reader.GetString(2)) + n;
        }
        return new(wave.Id, wave.State, gathered, counts.Values.Sum(), counts, skipped, unreachable, channels);
    }

    private static object?[] Row(Addressee person, Ask ask)
    {
        var next = Turn.NextOf(person, ask);
        return [ask.WaveId, StateOf(ask), ask.Why, ask.Attempts.LastOrDefault()?.Channel, next?.Way ?? "", next?.NotBefore.ToUniversalTime(), ask.Attempts.Select(attempt => attempt.Id).ToArray(), person.Posts];
    }

    private static string StateOf(Ask ask) => (ask.State, ask.Attempts.LastOrDefault()) switch
    {
        (AskState.Open, null) => Waiting,
        (AskState.Open, { IsOpen: true, Channel: Channels.Call }) => "calling",
        (AskState.Open, { IsOpen: true }) => "sending",
        (AskState.Open, var last) => last.State.ToString().ToLowerInvariant(),
        var (state, _) => state.ToString().ToLowerInvariant(),
    };
}
