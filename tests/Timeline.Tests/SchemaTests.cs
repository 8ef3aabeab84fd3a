using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class SchemaTests(Timelines timelines) : IClassFixture<Timelines>
{
    [Fact]
    public async Task Eight_that_start_at_once_make_the_tables_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TimelineSchema.MigrateAsync(timelines.Owner, "at_once", timelines.Deployment.Roles))));
        Assert.Equal(1L, await timelines.ValueAsync<long>("select count(*) from at_once.schema_version"));
        await TimelineSchema.MigrateAsync(timelines.Owner, "at_once", timelines.Deployment.Roles);
        await TimelineSchema.CheckAsync(timelines.Database(Service.Access), "at_once");
    }

    [Fact]
    public async Task A_database_of_the_release_before_gets_what_is_new_and_keeps_what_it_has()
    {
        await TimelineSchema.MigrateAsync(timelines.Owner, "older", timelines.Deployment.Roles);
        await timelines.RunAsync("drop table older.locked_account; update older.schema_version set version = 1; insert into older.mt_streams (id, version) values (gen_random_uuid(), 0)");
        await TimelineSchema.MigrateAsync(timelines.Owner, "older", timelines.Deployment.Roles);
        Assert.Equal(2, await timelines.ValueAsync<int>("select max(version) from older.schema_version"));
        Assert.Equal(1L, await timelines.ValueAsync<long>("select count(*) from older.mt_streams"));
        await timelines.Database(Service.Access).RunAsync("insert into older.locked_account (account) values ('somebody')");
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => timelines.Database(Service.HumanitarianAid).RunAsync("delete from older.locked_account"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task A_database_of_a_newer_release_is_refused_in_words_that_say_what_to_do()
    {
        await TimelineSchema.MigrateAsync(timelines.Owner, "newer", timelines.Deployment.Roles);
        await timelines.RunAsync($"insert into newer.schema_version values ({TimelineSchema.Version + 1})");
        var refusal = await Assert.ThrowsAsync<NewerDatabaseException>(() => TimelineSchema.MigrateAsync(timelines.Owner, "newer", timelines.Deployment.Roles));
        Assert.Contains($"version {TimelineSchema.Version + 1}", refusal.Message);
        Assert.Contains("Start the newer release", refusal.Message);
        await Assert.ThrowsAsync<NewerDatabaseException>(() => TimelineSchema.CheckAsync(timelines.Database(Service.Access), "newer"));
    }

    [Fact]
    public async Task A_service_appends_its_own_events_and_no_others()
    {
        var (consular, aid, person) = (timelines.Store(), timelines.Store(Service.HumanitarianAid), Guid.CreateVersion7());
        await consular.AppendAsync(person, Some.Registered());
        await aid.AppendAsync(person, new AidNeedOpened(Guid.CreateVersion7(), "water", Some.Morning));

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => consular.AppendAsync(person, new AidNeedOpened(Guid.CreateVersion7(), "food", Some.Morning)));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        refusal = await Assert.ThrowsAsync<PostgresException>(() => aid.AppendAsync(person, Some.Registered()));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.Equal(2, (await consular.ReadAsync(person)).Version);
    }

    [Theory]
    [InlineData("update timeline.mt_events set data = '{}'")]
    [InlineData("update timeline.mt_events set is_archived = true")]
    [InlineData("delete from timeline.mt_events")]
    [InlineData("truncate timeline.mt_events")]
    [InlineData("delete from timeline.mt_streams")]
    [InlineData("update timeline.mt_streams set is_archived = true")]
    [InlineData("delete from timeline.person_key")]
    [InlineData("update timeline.person_key set wrapped = null")]
    [InlineData("delete from timeline.read_log")]
    [InlineData("select * from timeline.read_log")]
    [InlineData("insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp, transaction_id) values (-1, gen_random_uuid(), null, 1, '{}', 'aid_need_opened', now(), '3')")]
    [InlineData("insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (-1, gen_random_uuid(), null, 1, '{}', '', now())")]
    [InlineData("select setval('timeline.mt_events_sequence', 1)")]
    [InlineData("select * from consular_contact.anything")]
    [InlineData("create table timeline.mine (n int)")]
    [InlineData("drop table timeline.mt_events")]
    public async Task The_database_refuses_a_service_what_is_not_its_to_do(string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => timelines.Database(Service.HumanitarianAid).RunAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task Every_service_may_append_each_event_that_names_it()
    {
        foreach (var service in Enum.GetValues<Service>())
        {
            var (database, stream) = (timelines.Database(service), Guid.CreateVersion7());
            await database.RunAsync($"insert into timeline.mt_streams (id, version) values ('{stream}', 0)");
            var version = 0;
            foreach (var type in EventTypes.House.All.Where(type => type.AppendedBy.Contains(service)))
                await database.RunAsync($$"""
                    begin; insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                    values (nextval('timeline.mt_events_sequence'), gen_random_uuid(), '{{stream}}', {{++version}}, '{}', '{{type.Alias}}', now()); rollback
                    """);
        }
    }

    [Fact]
    public async Task The_tables_are_those_that_Marten_makes()
    {
        async Task<string> Columns(string table) => await timelines.ValueAsync<string>($"""
            select string_agg(column_name || ' ' || data_type || case is_nullable when 'NO' then ' not null' else '' end, ', ' order by column_name)
            from information_schema.columns where table_schema = 'timeline' and table_name = '{table}' and column_name <> 'transaction_id'
            """);
        Assert.Equal("created timestamp with time zone not null, id uuid not null, is_archived boolean, tenant_id character varying, timestamp timestamp with time zone not null, type character varying, version bigint", await Columns("mt_streams"));
        Assert.Equal(
            "bdata bytea, causation_id character varying, correlation_id character varying, data jsonb not null, headers jsonb, id uuid not null, is_archived boolean, mt_dotnet_type character varying, "
            + "seq_id bigint not null, stream_id uuid, tenant_id character varying, timestamp timestamp with time zone not null, type character varying not null, user_name character varying, version bigint not null",
            await Columns("mt_events"));
        Assert.Equal("last_seq_id bigint, last_updated timestamp with time zone, name character varying not null", await Columns("mt_event_progression"));
        Assert.Equal(5L, await timelines.ValueAsync<long>("""
            select count(*) from pg_class where relnamespace = 'timeline'::regnamespace and relname in ('pkey_mt_streams_id', 'pk_mt_events_stream_and_version', 'pkey_mt_events_seq_id', 'pk_mt_event_progression', 'mt_events_sequence')
            """));
    }
}
