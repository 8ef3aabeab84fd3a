using System.Security.Cryptography;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Places;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Dispatch;

/// <summary>
/// Sees to it that tasks follow the manifests and that every task without a team is offered to one, the most pressing
/// first, one instance at a time. It looks instead of being woken, because one change of a plan is hundreds of events about
/// a few departures; whatever it had no time for, or was cut off in, it sees again.
/// </summary>
internal sealed class Dispatcher(TimelineStore store, Feed feed, Patience patience, ILogger<Dispatcher> log)
{
    private const int PeopleAtOnce = 200, TasksAtOnce = 100;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    // Tasks that found no team, at their version and that of all teams: nothing else can change the answer.
    private readonly Dictionary<Guid, (long Version, long Teams)> tried = [];

    public static void Add(CrisisService service)
    {
        service.Table("manifest_seen", """
            create table if not exists {schema}.manifest_seen (
                transport_id uuid primary key, version bigint not null default 0, asked bigint not null default 0, done bigint not null default 0)
            """);
        service.With(services => services.AddSingleton<Dispatcher>().AddSingleton(one => one.GetRequiredService<IConfiguration>().GetValue<double?>("Dispatch:AnswerWithinSeconds") is { } seconds
            ? new Patience(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds)) : Patience.Usual));
        service.Beside("dispatch", (services, ct) => services.GetRequiredService<Dispatcher>().RunAsync(ct));
        // What changes about a person changes the tasks of the transports that they hold seats on.
        service.Reactions.On(AskAgainAsync,
            typeof(TravelDocumentIssued), typeof(TravelDocumentRevoked), typeof(BestInterestsDecided), typeof(ChildSeparationReported), typeof(ChildSeparationEnded),
            typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(RegistrationSeparated), typeof(CheckedIn));
        service.Reactions.On(AskAtGateAsync, typeof(CheckedInAtGate), typeof(Boarded));
    }

    public Task RunAsync(CancellationToken ct) => feed.TakeTurnsAsync("evacuation_planning/dispatch", async (_, ct) =>
    {
        for (tried.Clear(); ; await Task.Delay(Pace, store.Time, ct))
        {
            await FollowManifestsAsync(ct);
            await OfferAsync(ct);
        }
    }, ct);

    private static Task AskAgainAsync(Woken woken) => AskWhenAsync(woken, "true");

    // Looking reads everybody aboard: while people board, only if somebody of them is still to be fetched.
    private static Task AskAtGateAsync(Woken woken) => AskWhenAsync(woken,
        "exists (select from evacuation_planning.task where transport_id = $1 and kind in ('pick-up', 'medical-transfer') and state in ('proposed', 'unassigned', 'offered'))");

    private static async Task AskWhenAsync(Woken woken, string when)
    {
        var (person, _) = await woken.Timeline.LoadAsync<Passenger>(woken.StreamId, ct: woken.Stopping);
        foreach (var transport in person.OpenSeats.Select(seat => seat.TransportId))
        {
            await using var ask = woken.Timeline.Database.CreateCommand($"insert into evacuation_planning.manifest_seen (transport_id, asked) select $1, 1 where {when} on conflict (transport_id) do update set asked = manifest_seen.asked + 1");
            ask.Parameters.Add(new() { Value = transport });
            await ask.ExecuteNonQueryAsync(woken.Stopping);
        }
    }

    private async Task FollowManifestsAsync(CancellationToken ct)
    {
        var changed = new List<(Guid Id, long Version, long Asked)>();
        await using (var command = store.Database.CreateCommand("""
            select r.stream_id, r.version, coalesce(s.asked, 0) from evacuation_planning.transport r left join evacuation_planning.manifest_seen s on s.transport_id = r.stream_id
            where s.version is distinct from r.version or s.asked <> s.done
                or (r.state in ('departed', 'arrived', 'cancelled') and exists (select from evacuation_planning.task t where t.transport_id = r.stream_id and t.state in ('proposed', 'unassigned')))
            order by r.key
            """))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) changed.Add((reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2)));
        foreach (var (id, version, asked) in changed)
            await GuardedAsync(id, async () =>
            {
                var outcome = await store.AttemptAsync(work => FollowAsync(work, id, store.Time.GetUtcNow(), ct), ct: ct);
                if (outcome.Refusal is { } busy) throw new InvalidOperationException(busy.Code);
                // What was seen before it was read: a change meanwhile is seen the next time.
                await using var seen = store.Database.CreateCommand("""
                    insert into evacuation_planning.manifest_seen (transport_id, version, asked, done) values ($1, $2, $3, $3)
                    on conflict (transport_id) do update set version = excluded.version, done = excluded.done
                    """);
                seen.Parameters.Add(new() { Value = id });
                seen.Parameters.Add(new() { Value = version });
                seen.Parameters.Add(new() { Value = asked });
                await seen.ExecuteNonQueryAsync(ct);
            });
    }

    private async Task<Refusal?> FollowAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        var transport = await work.LoadAsync<Transport>(id);
        var people = new Dictionary<Guid, Charge>();
        foreach (var page in transport.Lines.Where(space => space.IsTaken).Select(space => space.PersonId).Chunk(PeopleAtOnce))
            foreach (var timeline in await store.ReadAsync(page, ct)) people[timeline.Id] = timeline.Fold<Charge>();

        var known = await IdsAsync("select stream_id from evacuation_planning.task where transport_id = $1 order by 1", id, ct);
        var all = ProposeTasks.For(transport, people, transport.Schedule is { } schedule ? (await PointAsync(schedule.From, ct)) : null);
        await work.ReadAsync(known.Concat(all.Select(wanted => wanted.Id)));
        var tasks = new List<FieldTask>();
        foreach (var task in known) tasks.Add(await work.LoadAsync<FieldTask>(task));
        var teams = new Dictionary<Guid, Team>();
        foreach (var team in tasks.Select(task => task.HeldBy).OfType<Guid>().Distinct()) teams[team] = await work.LoadAsync<Team>(team);
        var wanted = ProposeTasks.Unserved(all, tasks, transport.Lines.Where(space => space.State is SpaceState.CheckedIn or SpaceState.Boarded).Select(space => space.PersonId).ToHashSet()).ToDictionary(one => one.Id);
        foreach (var task in known.Union(wanted.Keys).ToList())
            if (await work.DecideTaskAsync(task, t => t.Follow(id, wanted.GetValueOrDefault(task), t.HeldBy is { } team ? teams[team] : null, transport.Cancelled ? "cancelled" : transport.Departed ? "departed" : "nobody-left", now), now) is { } refusal) return refusal;
        return null;
    }

    private async Task OfferAsync(CancellationToken ct)
    {
        var waiting = new List<(Guid Id, long Version)>();
        await using (var command = store.Database.CreateCommand("select stream_id, version from evacuation_planning.task where state in ('proposed', 'unassigned') order by due_at, stream_id"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) waiting.Add((reader.GetGuid(0), reader.GetInt64(1)));
        if (waiting.Count == 0) return;

        var (teams, seen) = await TeamsAsync(ct);
        foreach (var page in waiting.Where(task => tried.GetValueOrDefault(task.Id) != (task.Version, seen)).Chunk(TasksAtOnce))
        {
            var tasks = (await store.ReadAsync([.. page.Select(task => task.Id)], ct)).Select(timeline => (State: timeline.Fold<FieldTask>(), timeline.Version)).ToList();
            foreach (var (task, version) in tasks)
                await GuardedAsync(task.Id, async () =>
                {
                    var (place, now) = (await PlaceAsync(task, ct), store.Time.GetUtcNow());
                    var choice = Choice.Of(task, place, teams.Values);
                    var outcome = await store.AttemptAsync(work => work.DecideTaskAsync(task.Id, t => t.Offer(choice, patience, now), now), ct: ct);
                    if (choice.Team is not { } chosen) tried[task.Id] = (version + outcome.Events.Count, seen);
                    // As it stands now, also when it refused because somebody was quicker.
                    else teams[chosen] = (await store.LoadAsync<Team>(chosen, ct: ct)).State;
                });
        }
    }

    /// <summary>All on duty, and a number that changes when any of them does.</summary>
    private async Task<(Dictionary<Guid, Team> Teams, long Seen)> TeamsAsync(CancellationToken ct)
    {
        var ids = await IdsAsync("select stream_id from evacuation_planning.team where on_duty order by 1", null, ct);
        var timelines = await store.ReadAsync(ids, ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var timeline in timelines)
        {
            hash.AppendData(timeline.Id.ToByteArray());
            hash.AppendData(BitConverter.GetBytes(timeline.Version));
        }
        return (timelines.Select(timeline => timeline.Fold<Team>()).ToDictionary(team => team.Id), BitConverter.ToInt64(hash.GetHashAndReset()));
    }

    /// <summary>Where the team must go; a person's position is read from their timeline and kept nowhere.</summary>
    private async Task<Position?> PlaceAsync(FieldTask task, CancellationToken ct) =>
        (task.FetchedFrom is { } person ? (await store.LoadAsync<Charge>(person, ct: ct)).State.Position : null) ?? await PointAsync(task.AssemblyPoint, ct);

    private async Task<Position?> PointAsync(string code, CancellationToken ct) =>
        (await store.LoadAsync<Point>(StreamId.AssemblyPoint(code), ct: ct)).State.Opened?.Position;

    private async Task<List<Guid>> IdsAsync(string sql, Guid? of, CancellationToken ct)
    {
        await using var command = store.Database.CreateCommand(sql);
        if (of is { } id) command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    // One that cannot be decided must not hold back those after it.
    private async Task GuardedAsync(Guid id, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not NpgsqlException)
        {
            log.LogError("The dispatch of {StreamId} failed with {Fault} and is tried again", id, fault.GetType().Name);
        }
    }
}
