using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using LeftBehind = CrisisCoordination.Contracts.LeftBehind;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>
/// The people of a crisis as their timelines stand, kept in memory from one plan to the next: what was appended since is
/// read, and nobody else's timeline again. Never more than a copy: a fresh process reads everybody once.
/// </summary>
internal sealed class CrisisFacts(TimelineStore store, Feed feed, CrisisService service) : IDisposable
{
    private const int PeopleAtOnce = 500, EventsAtOnce = 5_000, MostCrises = 4;

    // What is kept of people must not outlive their data by long, nor the interest in them.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(20), Idle = TimeSpan.FromMinutes(30);

    private static readonly IReadOnlySet<Type> Joining = TravellersOfCrisis.Table.On;

    // Of these the sealed part is nothing that a plan asks about.
    private static readonly HashSet<Type> Plain = [typeof(LeftBehind), typeof(NeedsAssessed)];

    private static readonly HashSet<Type> Sealed = [.. EventTypes.House.All.Where(type => type.Personal.Count > 0).Select(type => type.Clr).Except(Plain), typeof(PersonErased)];

    private readonly Dictionary<Guid, Facts> known = [];
    private readonly SemaphoreSlim one = new(1);

    private sealed class Facts
    {
        public Dictionary<Guid, (Passenger Person, long Version)> People { get; } = [];

        public FeedPosition Upto { get; set; }

        public DateTimeOffset UsedAt { get; set; }
    }

    /// <summary>Everybody of the crisis who waits or holds a seat; null while the list of people is behind.</summary>
    public async Task<IReadOnlyList<Passenger>?> ReadAsync(Guid crisis, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (!known.TryGetValue(crisis, out var facts))
            {
                // Heard on from where the list was asked for: a later end of the feed may have people who are not on it yet.
                if (await TravellersOfCrisis.ListedUptoAsync(feed, store.Time, ct) is not { } upto) return null;
                facts = new() { Upto = upto };
                await LoadAsync(crisis, facts, await TravellersOfCrisis.ToPlanAsync(store, crisis, ct), ct);
                while (known.Count >= MostCrises) known.Remove(known.MinBy(kept => kept.Value.UsedAt).Key);
                known.Add(crisis, facts);
            }
            facts.UsedAt = store.Time.GetUtcNow();
            await CatchUpAsync(crisis, facts, ct);
            return [.. facts.People.Values.Select(entry => entry.Person).Where(person => person.State is TravelState.Waiting or TravelState.Held)];
        }
        catch
        {
            known.Remove(crisis);
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Keeps what is in memory current, so that erased data leaves it and the next plan finds little to read.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(Pace, store.Time, ct);
            await one.WaitAsync(ct);
            try
            {
                foreach (var (crisis, facts) in known.ToList())
                    if (facts.UsedAt < store.Time.GetUtcNow() - Idle) known.Remove(crisis);
                    else await CatchUpAsync(crisis, facts, ct);
            }
            catch
            {
                known.Clear();
                throw;
            }
            finally
            {
                one.Release();
            }
        }
    }

    public void Dispose() => one.Dispose();

    private async Task CatchUpAsync(Guid crisis, Facts facts, CancellationToken ct)
    {
        var stale = new HashSet<Guid>();
        while (await feed.ReadAsync(facts.Upto, EventsAtOnce, ct) is var (events, upto) && upto != facts.Upto)
        {
            foreach (var e in events) Hear(facts, e, stale);
            facts.Upto = upto;
        }
        // What is stored already while the feed still waits for another transaction: read now, and passed over when the feed brings it.
        await using (var command = store.Database.CreateCommand($"""
            select stream_id, bool_or(type = any($3)) from {service.TimelineSchema}.mt_events where (transaction_id, seq_id) > ($1, $2) group by stream_id
            """))
        {
            command.Parameters.Add(new() { Value = facts.Upto.TransactionId, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Xid8 });
            command.Parameters.Add(new() { Value = facts.Upto.SeqId });
            command.Parameters.Add(new() { Value = Joining.Select(EventTypes.NameOf).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                if (reader.GetBoolean(1) || facts.People.ContainsKey(reader.GetGuid(0))) stale.Add(reader.GetGuid(0));
        }
        await LoadAsync(crisis, facts, [.. stale], ct);
    }

    private static void Hear(Facts facts, RecordedEvent e, HashSet<Guid> stale)
    {
        if (!facts.People.TryGetValue(e.StreamId, out var before))
        {
            if (Joining.Contains(e.Event.GetType())) stale.Add(e.StreamId);
        }
        else if (e.Version > before.Version)
        {
            // The feed carries nothing personal: whatever told some is read from the timeline.
            if (stale.Contains(e.StreamId) || Sealed.Contains(e.Event.GetType()) || e.Version > before.Version + 1) stale.Add(e.StreamId);
            else facts.People[e.StreamId] = (before.Person.Apply(e.Event), e.Version);
        }
    }

    private async Task LoadAsync(Guid crisis, Facts facts, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        foreach (var page in ids.Chunk(PeopleAtOnce))
            foreach (var timeline in await store.ReadAsync(page, ct))
                if (timeline.Fold<Passenger>() is { IsKnown: true, Erased: false } person && person.Crises.Contains(crisis)) facts.People[timeline.Id] = (person, timeline.Version);
                else facts.People.Remove(timeline.Id);
    }
}
