using CrisisCoordination.EvacuationPlanning.Planning;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Explain;

/// <summary>How many stand before a group by rule P.</summary>
/// <param name="Before">Groups of the crisis with an earlier turn.</param>
/// <param name="BeforeWithSeats">Those of them that hold seats.</param>
/// <param name="Groups">All that wait or hold seats, this one included.</param>
/// <param name="OtherPeople">Everybody else who waits or holds seats, in this crisis or another.</param>
internal sealed record Standing(int Before, int BeforeWithSeats, int Groups, int OtherPeople = 0);

internal static class Queue
{
    // Who travels together by the read model: a household, those that came to it with merged records, and that of a child whose escort
    // belongs here.
    private const string Sql = """
        with person as (
            select distinct on (stream_id) stream_id, coalesce(household_id, stream_id) as own, merged_households, escort_id,
                tier, score, registered_at, state = 'Held' as held
            from evacuation_planning.traveller where crisis_id = $1 and state in ('Waiting', 'Held')),
        pair as (
            select child.own, escort.own as other from person child join person escort on escort.stream_id = child.escort_id
            union all
            select unnest(merged_households || own), (select min(one::text)::uuid from unnest(merged_households || own) one)
            from person where merged_households <> '{}'),
        escorted as (
            select own, min(other::text)::uuid as joined from pair where own <> other group by own),
        party as (
            select coalesce(joined, own) as id, min(tier) as tier, (array_agg(score order by tier, score desc))[1] as score, min(registered_at) as since, bool_or(held) as held, bool_or(stream_id = any($6)) as own
            from person left join escorted using (own) group by 1)
        select count(*) filter (where before), count(*) filter (where before and held), count(*),
            (select count(distinct stream_id) from evacuation_planning.traveller where state in ('Waiting', 'Held') and stream_id <> all($6))
        from (select *, (tier, -score, since, id) < ($2, -$3, $4, $5) as before from party where not own) other
        """;

    public static async Task<Standing> StandingAsync(NpgsqlDataSource database, Guid crisis, Turn turn, IEnumerable<Guid> members, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        foreach (var value in new object[] { crisis, turn.Tier, turn.Score, turn.WaitingSince.ToUniversalTime(), turn.GroupId, members.ToArray() }) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new((int)reader.GetInt64(0), (int)reader.GetInt64(1), (int)reader.GetInt64(2) + 1, (int)reader.GetInt64(3));
    }
}
