using CrisisCoordination.Timeline;

namespace CrisisCoordination.Benchmarks;

internal static class Appends
{
    private static readonly int[] Writers = [1, 4, 16, 32];
    private static readonly By Officer = new("officer-7");

    public static async Task NewStreamsAsync(Ground ground)
    {
        Console.WriteLine("\nAppend to new timelines (one event with a sealed form, its key, its stream)");
        var floor = await Floor.LikeAsync(ground);
        foreach (var writers in Writers)
            (await ground.CompareAsync(writers, _ => NewAsync(ground), _ => floor.NewStreamAsync())).Print($"{writers} writers", "appends/s", writers == 16 ? "reach 0.80" : "");
    }

    public static async Task DecideAsync(Ground ground)
    {
        Console.WriteLine("\nLoad, decide, append on timelines that exist (5 events and more)");
        const int streams = 1024;
        var floor = await Floor.LikeAsync(ground);
        foreach (var writers in Writers)
        {
            var ours = await ExistingAsync(ground);
            var theirs = await ExistingFloorAsync(ground, ours);
            var next = new int[writers * 2];
            Guid Next(Guid[] ids, int worker, int side) => ids[(next[(side * writers) + worker]++ * writers + worker) % streams];
            (await ground.CompareAsync(writers,
                worker => ground.Store.DecideAsync<Case>(Next(ours, worker, 0), _ => Sample.Registered(), Officer),
                worker => floor.AppendAsync(Next(theirs, worker, 1)))).Print($"{writers} writers", "appends/s", writers == 16 ? "reach 0.70" : "");
        }

        static async Task<Guid[]> ExistingAsync(Ground ground)
        {
            var ids = Enumerable.Range(0, streams).Select(_ => Guid.CreateVersion7()).ToArray();
            await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, ct) =>
                await ground.Store.DecideAsync<Case>(id, _ => Decision.Of(Sample.FiftyEvents().Where(e => e is not Contracts.SeatHeld and not Contracts.SeatReleased).Take(5)), Officer, ct));
            return ids;
        }
    }

    public static Task<Outcome> NewAsync(Ground ground) =>
        ground.Store.AttemptAsync(work => Task.FromResult(work.Append(Guid.CreateVersion7(), Sample.Registered())), Officer);

    private static async Task<Guid[]> ExistingFloorAsync(Ground ground, Guid[] ids)
    {
        var list = string.Join(", ", ids.Select(id => $"'{id}'"));
        await ground.RunAsync($"""
            insert into floor.mt_streams select * from timeline.mt_streams where id in ({list});
            insert into floor.person_key select * from timeline.person_key where person_id in ({list});
            insert into floor.mt_events select nextval('floor.mt_events_sequence'), gen_random_uuid(), stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived,
                correlation_id, causation_id, headers, user_name, pg_current_xact_id() from timeline.mt_events where stream_id in ({list});
            analyze floor.mt_events; analyze timeline.mt_events;
            """);
        return ids;
    }
}
