using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class FoldProperties(Timelines timelines) : IClassFixture<Timelines>
{
    private static readonly EventSerializer Serializer = new(EventTypes.House);

    [Fact]
    public void A_fold_is_the_same_after_the_events_were_written_and_read() => ForAll(500, events =>
        Assert.Equal(Fold(events), Fold(events.Select(e =>
        {
            var type = EventTypes.House.Of(e);
            return Serializer.Read(type, Serializer.Write(type, e with { }, null, Guid.Empty) is var open && EventSerializer.HasPersonalData(type, e)
                ? System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(e, type.Clr, EventSerializer.Json) : open, null, Guid.Empty);
        }))));

    [Fact]
    public void A_fold_is_the_same_after_the_events_were_sealed_and_opened() => ForAll(500, events =>
    {
        using var keyring = new Keyring(timelines.MasterKey);
        var person = Guid.CreateVersion7();
        var (key, wrapped) = keyring.Create(person);
        using var again = keyring.Unwrap(person, wrapped);
        Assert.Equal(Fold(events), Fold(events.Select(e =>
        {
            var type = EventTypes.House.Of(e);
            return Serializer.Read(type, Serializer.Write(type, e, key, person), again, person);
        })));
        key.Dispose();
    });

    [Fact]
    public void A_fold_is_the_same_after_restart_and_rebuild()
    {
        var told = new Projection<Diary>("evacuation_planning.told", 1, [("all_of_it", "text")], diary => [[diary.ToString()]], [.. EventTypes.House.All.Select(type => type.Clr)]);
        // With the owner's role: the events belong to several services.
        var options = new TimelineOptions { MasterKey = timelines.MasterKey, Inline = [told] };
        using var store = new TimelineStore(timelines.Owner, options, TimeProvider.System);
        var projections = new Projections(store, new Feed(store), "evacuation_planning", []);
        projections.PrepareAsync(default).GetAwaiter().GetResult();
        var people = new Dictionary<Guid, string>();
        ForAll(40, events =>
        {
            var person = Guid.CreateVersion7();
            var half = events.Length / 2;
            store.AppendAsync(person, events[..half]).GetAwaiter().GetResult();
            store.AppendAsync(person, events[half..]).GetAwaiter().GetResult();
            people[person] = Fold(events);
            using var restarted = new TimelineStore(timelines.Owner, options, TimeProvider.System);
            Assert.Equal(people[person], restarted.LoadAsync<Diary>(person).GetAwaiter().GetResult().State.ToString());
        });
        Assert.Equal(people, RowsAsync().GetAwaiter().GetResult());
        timelines.RunAsync($"delete from {told.Table}").GetAwaiter().GetResult();
        projections.RebuildAsync(told).GetAwaiter().GetResult();
        Assert.Equal(people, RowsAsync().GetAwaiter().GetResult());

        async Task<Dictionary<Guid, string>> RowsAsync()
        {
            await using var command = timelines.Owner.CreateCommand($"select stream_id, all_of_it from {told.Table}");
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new Dictionary<Guid, string>();
            while (await reader.ReadAsync()) rows.Add(reader.GetGuid(0), reader.GetString(1));
            return rows;
        }
    }

    [Fact]
    public void Members_in_any_order_as_jsonb_returns_them_are_read_the_same() => ForAll(300, events =>
        Assert.Equal(Fold(events), Fold(events.Select(e =>
        {
            var type = EventTypes.House.Of(e);
            var json = System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(e, type.Clr, EventSerializer.Json))!.AsObject();
            var turned = new System.Text.Json.Nodes.JsonObject(json.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            return Serializer.Read(type, System.Text.Encoding.UTF8.GetBytes(turned.ToJsonString()), null, Guid.Empty);
        }))));

    private static string Fold(IEnumerable<Event> events) => events.Aggregate(Diary.Start(Guid.Empty), (diary, e) => diary.Apply(e)).ToString();

    private static void ForAll(int times, Action<Event[]> property) =>
        Prop.ForAll(Arb.From(Some.Events), property).Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true));
}
