using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>
/// Looks among those registered for whom a request describes, and among the requests for whoever registers. Both look after
/// their own event is stored, so whichever came second sees the first.
/// </summary>
internal static class SearchRelatives
{
    private const int MostByName = 200;

    public static void Add(Reactions reactions) => reactions
        .On(ForSeekerAsync, typeof(TracingRequested))
        .On(ForRegisteredAsync, typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected));

    private static async Task ForSeekerAsync(Woken woken)
    {
        var service = woken.Services.GetRequiredService<CrisisService>();
        var seeker = (await woken.Timeline.LoadAsync<Seeker>(woken.StreamId, ct: woken.Stopping)).State;
        foreach (var search in seeker.Open.Where(search => search.Sought is not null).ToList())
            foreach (var person in await AmongPeopleAsync(woken.Timeline.Database, service.Schema, search.Sought!, seeker.Person.IsExercise, woken.Stopping))
                await CompareAsync(woken, person, seeker.Id);
    }

    private static async Task ForRegisteredAsync(Woken woken)
    {
        var service = woken.Services.GetRequiredService<CrisisService>();
        foreach (var seeker in await AmongSearchesAsync(woken.Timeline.Database, service.Schema, woken.StreamId, woken.Stopping))
            await CompareAsync(woken, woken.StreamId, seeker);
    }

    private static Task CompareAsync(Woken woken, Guid person, Guid seeker) => woken.Timeline.AttemptAsync(async work =>
    {
        await work.ReadAsync([person, seeker]);
        var (sought, seeking) = (await work.LoadAsync<Sought>(person), await work.LoadAsync<Seeker>(seeker));
        foreach (var search in seeking.Open) work.Append(person, Sought.Compare(sought, seeking, search, woken.Now));
        return null;
    }, woken.By, woken.Stopping);

    private static async Task<List<Guid>> AmongPeopleAsync(NpgsqlDataSource database, string schema, Registration sought, bool exercise, CancellationToken ct)
    {
        await using var find = database.CreateCommand($"""
            (select stream_id from {schema}.findable where words @@ cast($1 as tsquery) limit {MostByName})
            union
            select block.stream_id from unnest($2) as k (key) cross join lateral (select m.stream_id from {schema}.match_key m where m.key = k.key limit {Blocking.LargestBlock}) block
            """);
        find.Parameters.Add(new() { Value = Seeker.Question(sought) ?? "" });
        find.Parameters.Add(new() { Value = Blocking.Keys(Identity.From(sought) with { Exercise = exercise }).SelectMany(Blocking.Apart).ToArray() });
        return await IdsAsync(find, ct);
    }

    private static async Task<List<Guid>> AmongSearchesAsync(NpgsqlDataSource database, string schema, Guid person, CancellationToken ct)
    {
        await using var find = database.CreateCommand($"select distinct s.stream_id from {schema}.tracing_search s join {schema}.findable f on f.words @@ s.query where f.stream_id = $1");
        find.Parameters.Add(new() { Value = person });
        return await IdsAsync(find, ct);
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlCommand find, CancellationToken ct)
    {
        await using var reader = await find.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct)) ids.Add(reader.GetGuid(0));
        return ids;
    }
}
