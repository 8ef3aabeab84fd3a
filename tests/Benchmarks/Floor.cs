using CrisisCoordination.Contracts;
using CrisisCoordination.Timeline;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Benchmarks;

/// <summary>
/// The same rows by hand: one prepared batch, every value ready beforehand, nothing serialised, sealed, counted or poked.
/// </summary>
internal sealed class Floor(NpgsqlDataSource database, byte[] data, byte[] key)
{
    private const string InsertEvent = """
        insert into floor.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived, user_name, causation_id, correlation_id)
        values (nextval('floor.mt_events_sequence'), $1, $2, $3, $4, $5, $6, '*DEFAULT*', $7, false, $8, $9, $10)
        """;

    /// <summary>What the store has put into its tables for one registration.</summary>
    public static async Task<Floor> LikeAsync(Ground ground)
    {
        var id = Guid.CreateVersion7();
        await ground.Store.DecideAsync<Case>(id, _ => Sample.Registered(), new By("officer-7"));
        await using var command = ground.Database.CreateCommand("select e.data, k.wrapped from timeline.mt_events e join timeline.person_key k on k.person_id = e.stream_id where e.stream_id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new Floor(ground.Database, reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1));
    }

    public async Task NewStreamAsync()
    {
        var (id, now) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("insert into floor.mt_streams (id, version, timestamp, created, tenant_id, is_archived) values ($1, $2, $3, $3, '*DEFAULT*', false)")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = 1 }, new NpgsqlParameter<DateTimeOffset> { TypedValue = now } },
        });
        batch.BatchCommands.Add(new("insert into floor.person_key (person_id, wrapped) values ($1, $2)")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<byte[]> { TypedValue = key } },
        });
        Add(batch, id, 1, now);
        await batch.ExecuteNonQueryAsync();
    }

    public async Task AppendAsync(Guid id)
    {
        var version = 0L;
        await using (var command = database.CreateCommand("""
            select e.id, e.version, e.type, e.data, e.transaction_id, e.seq_id, e.timestamp, e.user_name,
                (select wrapped from floor.person_key where person_id = $1), (select erased_at from floor.person_key where person_id = $1), e.causation_id
            from floor.mt_events e
            where e.stream_id = $1 and not e.is_archived and e.type <> 'tombstone' order by e.version
            """))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                version = reader.GetInt64(1);
                _ = reader.GetFieldValue<byte[]>(3);
            }
        }
        var now = DateTimeOffset.UtcNow;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("update floor.mt_streams set version = $2, timestamp = $3 where id = $1 and version = $4 and not is_archived")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = version + 1 },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now }, new NpgsqlParameter<long> { TypedValue = version },
            },
        });
        Add(batch, id, version + 1, now);
        await batch.ExecuteNonQueryAsync();
    }

    private void Add(NpgsqlBatch batch, Guid id, long version, DateTimeOffset now) => batch.BatchCommands.Add(new(InsertEvent)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() }, new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<long> { TypedValue = version },
            new NpgsqlParameter<byte[]> { TypedValue = data, NpgsqlDbType = NpgsqlDbType.Jsonb }, new NpgsqlParameter<string> { TypedValue = "person_registered" },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = now }, new NpgsqlParameter<string> { TypedValue = "CrisisCoordination.Contracts.PersonRegistered, CrisisCoordination.Contracts" },
            new NpgsqlParameter<string> { TypedValue = "officer-7" }, new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar }, new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
        },
    });
}
