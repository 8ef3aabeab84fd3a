using CrisisCoordination.Contracts;
using Npgsql;

namespace CrisisCoordination.Timeline;

/// <summary>
/// Makes and migrates the tables: Marten's own (<c>mt_streams</c>, <c>mt_events</c>, <c>mt_event_progression</c>) with the
/// columns the feed needs, and beside them the people's keys and the feed's positions.
/// </summary>
public static class TimelineSchema
{
    /// <summary>The version this release makes and understands.</summary>
    public const int Version = 2;

    /// <summary>
    /// Brings the database to <see cref="Version"/> and repairs a restored dump, as the owner, under a lock so that
    /// several may try at once. Refuses a database of a newer release.
    /// </summary>
    /// <param name="owner">A role that may create in the database.</param>
    /// <param name="schema">The timelines' schema.</param>
    /// <param name="roles">The login role of each service; each may append only the events that name it.</param>
    /// <param name="events">The events to grant.</param>
    public static async Task MigrateAsync(
        NpgsqlDataSource owner, string schema, IReadOnlyDictionary<Service, string> roles, EventTypes? events = null, CancellationToken ct = default)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run($"select pg_advisory_xact_lock(hashtextextended('{schema}/migration', 0))");
        await Run($"create schema if not exists {schema}; create table if not exists {schema}.schema_version (version int not null)");
        var found = await Scalar<int?>($"select max(version) from {schema}.schema_version") ?? 0;
        Refuse(found);
        if (found < 1) await Run(Tables(schema));
        if (found < 2) await Run($"create table {schema}.locked_account (account text primary key, at timestamptz not null default now())");
        if (found < Version) await Run($"insert into {schema}.schema_version values ({Version})");
        if (roles.Count > 0) await Run(Grants(schema, roles, events ?? EventTypes.House));
        await RepairRestoredDump(schema, Run, Scalar<bool?>);
        await transaction.CommitAsync(ct);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }

        async Task<T?> Scalar<T>(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            return await command.ExecuteScalarAsync(ct) is T value ? value : default;
        }
    }

    /// <summary>Refuses a database that this release cannot work on: of a newer release, or restored and not yet repaired.</summary>
    public static async Task CheckAsync(NpgsqlDataSource database, string schema, CancellationToken ct = default)
    {
        await using var version = database.CreateCommand($"select max(version) from {schema}.schema_version");
        Refuse(await version.ExecuteScalarAsync(ct) as int? ?? 0);
        await using var ahead = database.CreateCommand(IsAhead(schema));
        if (await ahead.ExecuteScalarAsync(ct) is true)
            throw new RestoredDatabaseException("This database was restored from a dump into another cluster. Run the migration, which repairs the order of the feed, before any service works on it.");
    }

    private static void Refuse(int version)
    {
        if (version > Version)
            throw new NewerDatabaseException($"This database is of version {version} and this release knows versions up to {Version}. Start the newer release, or restore a dump made before the upgrade.");
    }

    // What a snapshot sees was written by transactions before its end, unless another cluster counted them.
    private static string IsAhead(string schema) =>
        $"select max(transaction_id) >= pg_snapshot_xmax(pg_current_snapshot()) from {schema}.mt_events";

    private static string Tables(string schema) => $"""
        create sequence {schema}.mt_events_sequence;
        create table {schema}.mt_streams (
            id uuid not null, type varchar null, version bigint null,
            timestamp timestamptz not null default now(), created timestamptz not null default now(),
            tenant_id varchar default '*DEFAULT*', is_archived boolean default false,
            constraint pkey_mt_streams_id primary key (id));
        create table {schema}.mt_events (
            seq_id bigint not null, id uuid not null, stream_id uuid null, version bigint not null,
            data jsonb not null, bdata bytea null, type varchar(500) not null, timestamp timestamptz not null,
            tenant_id varchar default '*DEFAULT*', mt_dotnet_type varchar null, is_archived boolean default false,
            correlation_id varchar null, causation_id varchar null, headers jsonb null, user_name varchar null,
            transaction_id xid8 not null default pg_current_xact_id(),
            constraint pkey_mt_events_seq_id primary key (seq_id),
            constraint fkey_mt_events_stream_id foreign key (stream_id) references {schema}.mt_streams (id) on delete cascade);
        create unique index pk_mt_events_stream_and_version on {schema}.mt_events (stream_id, version);
        create index mt_events_feed on {schema}.mt_events (transaction_id, seq_id);
        create table {schema}.mt_event_progression (
            name varchar not null, last_seq_id bigint null, last_updated timestamptz default transaction_timestamp(),
            constraint pk_mt_event_progression primary key (name));
        create table {schema}.person_key (person_id uuid primary key, wrapped bytea null, erased_at timestamptz null);
        create table {schema}.feed_position (name text primary key, transaction_id xid8 not null, seq_id bigint not null, updated timestamptz not null default now());
        create table {schema}.read_log (
            at timestamptz not null default now(), account text not null, service text not null default current_user, person_id uuid null, what text not null);
        create index on {schema}.read_log (person_id, at);
        create table {schema}.token_key (id text primary key, xml text not null, at timestamptz not null default now());
        alter table {schema}.mt_events enable row level security;
        create policy read_all on {schema}.mt_events for select using (true);
        create function {schema}.stream_moved(stream uuid) returns int language plpgsql as $$
        begin
            raise exception 'stream % has moved or is archived', stream using errcode = 'MT003';
        end $$;

        """;

    // Not the transaction id: the feed's order is the database's to say.
    private const string Writable =
        "seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived, correlation_id, causation_id, headers, user_name";

    // Least privilege, held by the database: a service reads all timelines, appends only its own kinds of events, and can
    // change or delete none. Erasing keys is the consular service's alone.
    private static string Grants(string schema, IReadOnlyDictionary<Service, string> roles, EventTypes events) =>
        string.Concat(roles.Select(role => $"""
            grant usage on schema {schema} to {role.Value};
            grant select, insert on {schema}.mt_streams, {schema}.feed_position, {schema}.person_key to {role.Value};
            grant select, insert ({Writable}) on {schema}.mt_events to {role.Value};
            grant update (version, timestamp) on {schema}.mt_streams to {role.Value};
            grant update on {schema}.feed_position to {role.Value};
            grant insert on {schema}.read_log to {role.Value};
            grant select on {schema}.schema_version to {role.Value};
            grant usage on sequence {schema}.mt_events_sequence to {role.Value};
            {(role.Key == Service.ConsularContact ? $"grant update (wrapped, erased_at) on {schema}.person_key to {role.Value};" : "")}
            grant select on {schema}.token_key, {schema}.locked_account to {role.Value};
            {(role.Key == Service.Access ? $"grant select on {schema}.read_log to {role.Value}; grant insert on {schema}.token_key to {role.Value}; grant insert, delete on {schema}.locked_account to {role.Value};" : "")}
            drop policy if exists append_{role.Value} on {schema}.mt_events;
            create policy append_{role.Value} on {schema}.mt_events for insert to {role.Value}
                with check (type = any (array[{string.Join(", ", events.All.Where(e => e.AppendedBy.Contains(role.Key)).Select(e => $"'{e.Alias}'"))}]::text[]));

            """));

    /// <summary>
    /// A dump restored into a fresh cluster brings transaction ids that lie ahead of the new cluster's: the feed would hold
    /// all of them back. They are all committed, so one id before all of the new cluster's serves them all; their order is
    /// then that of their numbers, and each saved position goes back to before the first event it had not passed. Events
    /// may be seen again, which every reader must bear; none is lost.
    /// </summary>
    private static async Task RepairRestoredDump(string schema, Func<string, Task> run, Func<string, Task<bool?>> scalar)
    {
        if (await scalar(IsAhead(schema)) is not true) return;
        await run($"""
            update {schema}.feed_position p set transaction_id = '3', seq_id = coalesce(
                (select min(e.seq_id) - 1 from {schema}.mt_events e where (e.transaction_id, e.seq_id) > (p.transaction_id, p.seq_id)),
                (select max(seq_id) from {schema}.mt_events), 0);
            update {schema}.mt_events set transaction_id = '3';
            """);
    }
}

/// <summary>The database was made by a newer release.</summary>
public sealed class NewerDatabaseException(string message) : Exception(message);

/// <summary>The database was restored into another cluster and its feed is not repaired yet.</summary>
public sealed class RestoredDatabaseException(string message) : Exception(message);
