using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

/// <summary>Events that a Marten store wrote with the same JSON settings, or that a newer release wrote.</summary>
public sealed class OtherWritersTests(Timelines timelines) : IClassFixture<Timelines>
{
    [Fact]
    public async Task Events_that_another_program_wrote_by_Martens_rules_are_read_and_built_upon()
    {
        var (store, person, household) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await MartenLikeAsync(person, 1, "household_joined", $$"""{"role": "head", "at": "2026-03-02T08:00:00+03:00", "householdId": "{{household}}", "unheardOf": {"a": [1]} }""");
        await MartenLikeAsync(person, 2, "person_registered", $$"""
            {"at": "2026-03-02T08:00:00+00:00", "form": {"familyName": "Okafor", "sex": "female", "birthDate": "1985-01"}, "channel": "phone", "reference": "R-9",
             "registrationId": "{{household}}", "crisisId": "{{household}}", "inAffectedArea": true}
            """);

        var read = await store.ReadAsync(person);
        var joined = Assert.IsType<HouseholdJoined>(read.Events[0].Event);
        Assert.Equal((household, "head", Some.Morning.AddHours(-3)), (joined.HouseholdId, joined.Role, joined.At));
        var registered = Assert.IsType<PersonRegistered>(read.Events[1].Event);
        Assert.Equal(("Okafor", Sex.Female, Channel.Phone), (registered.Form!.FamilyName, registered.Form.Sex, registered.Channel));

        Assert.Equal(3, (await store.AppendAsync(person, Some.Registered())).Version);
        Assert.Equal(["household_joined", "person_registered", "person_registered"], (await new Feed(store).AllAsync()).Where(e => e.StreamId == person).Select(e => EventTypes.House.Of(e.Event).Alias));
    }

    [Fact]
    public async Task What_is_written_here_stands_as_Marten_would_have_written_it()
    {
        var person = Guid.CreateVersion7();
        await timelines.Store().AppendAsync(person, Some.Registered());
        await using var command = timelines.Owner.CreateCommand($"""
            select e.type, e.mt_dotnet_type, e.tenant_id, e.is_archived, e.data->>'channel', e.data->>'at', s.version, s.timestamp = e.timestamp, e.bdata is null, e.user_name
            from timeline.mt_events e join timeline.mt_streams s on s.id = e.stream_id where s.id = '{person}'
            """);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        var row = new object[10];
        reader.GetValues(row);
        Assert.Equal(["person_registered", "CrisisCoordination.Contracts.PersonRegistered, CrisisCoordination.Contracts", "*DEFAULT*", false, "consulate", "2026-03-02T08:00:00+00:00", 1L, true, true, "officer"], row);
    }

    [Fact]
    public async Task An_event_of_a_newer_release_is_passed_over()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        await MartenLikeAsync(person, 2, "ticket_to_mars_bought", """{"seat": "1A"}""");
        await store.AppendAsync(person, Some.Joined());
        await MartenLikeAsync(Guid.CreateVersion7(), 1, "tombstone", "{}");

        var read = await store.ReadAsync(person);
        Assert.Equal([1L, 3], read.Events.Select(e => e.Version));
        Assert.Equal(3, read.Version);
        var feed = new Feed(store);
        Assert.Equal([1L, 3], (await feed.AllAsync()).Where(e => e.StreamId == person).Select(e => e.Version));

        // Also where a whole page of them stands in the way, and at the end of the feed.
        var (events, upto) = await feed.ReadAsync(read.Events[0].Position, 1);
        Assert.Empty(events);
        Assert.True(upto > read.Events[0].Position && upto < read.Events[1].Position);
        await MartenLikeAsync(person, 4, "ticket_to_mars_bought", "{}");
        var after = await feed.EndAsync();
        (events, upto) = await feed.ReadAsync(read.Events[1].Position, 1000);
        Assert.Equal(after, upto);
    }

    [Fact]
    public async Task A_last_event_of_a_newer_release_counts_for_the_version()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        await MartenLikeAsync(person, 2, "ticket_to_mars_bought", "{}");
        Assert.Equal(3, (await store.AppendAsync(person, Some.Joined())).Version);
    }

    // What mt_quick_append_events does, in plain SQL.
    private async Task MartenLikeAsync(Guid stream, long version, string type, string json)
    {
        await using var connection = await timelines.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(version == 1
            ? "insert into timeline.mt_streams (id, type, version, timestamp, tenant_id) values ($1, 'person', $2, now(), '*DEFAULT*')"
            : "update timeline.mt_streams set version = $2, timestamp = now() where id = $1 and version = $2 - 1", stream, version);
        await Run("""
            insert into timeline.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            values (nextval('timeline.mt_events_sequence'), gen_random_uuid(), $1, $2, $3::jsonb, $4, now() at time zone 'utc', '*DEFAULT*', null, false)
            """, stream, version, json, type);
        await transaction.CommitAsync();

        async Task Run(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }
    }
}
