using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class ProjectionTests(Timelines timelines) : IClassFixture<Timelines>
{
    private const string Schema = "consular_contact";

    private static Projection<Diary> People(string table, int revision = 1, params Type[] on) => new(
        $"{Schema}.{table}", revision, [("name", "text"), ("told", "int not null")],
        diary => diary.Form is { } form ? [[form.FamilyName, diary.Count]] : [],
        on is [] ? [typeof(PersonRegistered), typeof(SharingConsentGiven), typeof(HouseholdJoined), typeof(AidNeedOpened)] : on, "create index on {table} (lower(name))");

    [Fact]
    public async Task An_inline_read_model_answers_the_next_question()
    {
        var people = People("inline_people");
        var (store, person) = (timelines.Store(inline: people), Guid.CreateVersion7());
        await Prepared(store);
        await store.AppendAsync(person, Some.Registered("Asha"));
        Assert.Equal("Asha 1", await RowAsync(people, person));
        await store.AppendAsync(person, Some.Joined());
        Assert.Equal("Asha 2", await RowAsync(people, person));
    }

    [Fact]
    public async Task A_followed_read_model_also_hears_what_other_services_append()
    {
        var people = People("followed_people");
        var (store, aid, person) = (timelines.Store(), timelines.Store(Service.HumanitarianAid), Guid.CreateVersion7());
        var projections = await Prepared(store, people);
        using var stop = new CancellationTokenSource();
        var following = projections.FollowAsync(stop.Token);
        await store.AppendAsync(person, Some.Registered("Asha"));
        await aid.AppendAsync(person, new AidNeedOpened(Guid.CreateVersion7(), "water", Some.Morning));
        await Eventually.TrueAsync(async () => await RowAsync(people, person) == "Asha 2", "the read model shows both");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Read_models_are_made_anew_while_writers_append()
    {
        var (inline, followed) = (People("rebuilt_inline"), People("rebuilt_followed"));
        var store = timelines.Store(inline: inline);
        var projections = await Prepared(store, followed);
        using var stop = new CancellationTokenSource();
        var following = projections.FollowAsync(stop.Token);
        var people = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToArray();
        await Task.WhenAll(people.Select(p => store.AppendAsync(p, Some.Registered("Asha"))));

        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < people.Length * 5; i += 6)
                Assert.Null((await store.AppendAsync(people[i % people.Length], Some.Number(i))).Refusal);
        })));
        var rebuilds = 0;
        do
        {
            // In the turn of whoever writes rows from the feed: taking them away in another order would be a deadlock.
            await timelines.RunAsync($"select pg_advisory_xact_lock(hashtextextended('{Schema}/rows', 0)); delete from {inline.Table}; delete from {followed.Table}");
            Assert.True(await projections.RebuildAsync(inline) >= people.Length);
            await projections.RebuildAsync(followed);
            rebuilds++;
        }
        while (!writing.IsCompleted);
        await writing;

        Assert.True(rebuilds > 0);
        foreach (var projection in new[] { inline, followed })
            await Eventually.TrueAsync(async () => (await Task.WhenAll(people.Select(p => RowAsync(projection, p)))).All(row => row == "Asha 6"), $"{projection.Table} is complete");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task A_read_model_that_comes_later_is_filled_from_the_timelines_and_a_changed_one_is_made_anew()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered("Asha"));
        await Prepared(store, People("late_people"));
        Assert.Equal("Asha 1", await RowAsync(People("late_people"), person));

        var changed = new Projection<Diary>($"{Schema}.late_people", 2, [("name", "text"), ("told", "text"), ("extra", "int")],
            diary => diary.Form is { } form ? [[form.FamilyName, "anew", 7]] : [], [typeof(PersonRegistered)]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Prepared(timelines.Store(), changed)));
        Assert.Equal("Asha anew", await RowAsync(changed, person));

        // An instance of the old release that starts again leaves the new table alone.
        await Prepared(store, People("late_people"));
        Assert.Equal("Asha anew", await RowAsync(changed, person));
    }

    [Fact]
    public async Task Who_died_while_filling_a_read_model_is_followed_by_one_who_fills_it()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered("Asha"));
        var people = People("interrupted_people");
        using var death = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<Exception>(() => Prepared(store, new DiesWhileFilling(people)));
        Assert.Null(await RowAsync(people, person));
        await Prepared(store, people);
        Assert.Equal("Asha 1", await RowAsync(people, person));
    }

    [Fact]
    public async Task A_write_that_comes_late_does_not_undo_a_newer_one()
    {
        var people = People("late_write");
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await Prepared(store, people);
        Event[] events = [Some.Registered("Asha"), Some.Joined(), Some.Joined()];
        foreach (var version in new[] { 3, 1, 2, 3 })
        {
            await using var batch = timelines.Owner.CreateBatch();
            people.Write(batch, new CrisisCoordination.Timeline.Timeline(person, 0, [], null, false), events[..version]);
            await batch.ExecuteNonQueryAsync();
        }
        Assert.Equal("Asha 3", await RowAsync(people, person));
    }

    private static async Task<Projections> Prepared(TimelineStore store, params IProjection[] following)
    {
        var projections = new Projections(store, new Feed(store), Schema, following);
        await projections.PrepareAsync(default);
        return projections;
    }

    private async Task<string?> RowAsync(IProjection projection, Guid person)
    {
        await using var command = timelines.Owner.CreateCommand($"select string_agg(name || ' ' || told, ', ') from {projection.Table} where stream_id = '{person}'");
        return await command.ExecuteScalarAsync() as string;
    }

    private sealed class DiesWhileFilling(IProjection projection) : IProjection
    {
        public string Table => projection.Table;
        public int Revision => projection.Revision;
        public IReadOnlySet<Type> On => projection.On;
        public string Create => projection.Create;
        public void Write(Npgsql.NpgsqlBatch batch, CrisisCoordination.Timeline.Timeline stream, IReadOnlyList<Event> added) => throw new IOException("killed");
    }
}
