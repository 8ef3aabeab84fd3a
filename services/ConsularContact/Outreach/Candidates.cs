using System.Runtime.CompilerServices;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>Whom a wave may be for, from the read model. It is a moment late, so whoever is asked is looked at once more on their timeline.</summary>
internal sealed class Candidates(NpgsqlDataSource database, CrisisService service)
{
    /// <summary>In the order of their ids, those after one of them only.</summary>
    public async IAsyncEnumerable<Reachable> OfAsync(OutreachWaveStarted wave, Crisis crisis, Guid? after, DateTimeOffset now, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = wave.Filter;
        await using var select = database.CreateCommand($"""
            select stream_id, affected_ids, posts, nationalities, needs, state, contact_at, latitude, longitude, language, ways, detained, crisis_ids, unconfirmed from {service.Schema}.reachable
            where crisis_ids @> array[$1] and stream_id > $2 and ($3 or posts && $4) and (cardinality($5) = 0 or nationalities && $5) and (cardinality($6) = 0 or needs && $6) and contact_at <= $7 and ($8 = '00000000-0000-0000-0000-000000000000' or stream_id = $8)
            order by stream_id
            """);
        foreach (var value in new object[]
        {
            crisis.Id, after ?? Guid.Empty, wave.Posts is null, wave.Posts?.ToArray() ?? [], filter.Nationalities.ToArray(), filter.Needs.ToArray(), filter.NotReachedForHours is { } hours ? (now - TimeSpan.FromHours(hours)).ToUniversalTime() : DateTimeOffset.MaxValue,
            filter.PersonId ?? Guid.Empty,
        })
            select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var person = new Reachable(
                reader.GetGuid(0), reader.GetFieldValue<Guid[]>(12), reader.GetFieldValue<Guid[]>(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<string[]>(3), reader.GetFieldValue<string[]>(4),
                reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6), await reader.IsDBNullAsync(7, ct) ? null : new(reader.GetDouble(7), reader.GetDouble(8)),
                await reader.IsDBNullAsync(9, ct) ? null : reader.GetString(9), reader.GetFieldValue<string[]>(10), reader.GetBoolean(11))
            { Unconfirmed = reader.GetBoolean(13) };
            if (filter.Covers(person, crisis, wave.Posts, now)) yield return person;
        }
    }
}
