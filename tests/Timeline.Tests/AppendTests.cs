using System.Diagnostics;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class AppendTests(Timelines timelines) : IClassFixture<Timelines>
{
    [Fact]
    public async Task What_is_appended_is_read_as_it_was_recorded()
    {
        var (store, person, cause) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var outcome = await store.DecideAsync<Diary>(person, _ => Decision.Of(Some.Registered(), Some.Joined()), new By("officer-1", cause));

        Assert.True(outcome.Changed);
        Assert.Equal(2, outcome.Version);
        var read = await timelines.Store().ReadAsync(person);
        Assert.Equal(2, read.Version);
        Assert.Equal(outcome.Events.Select(e => (e.Id, e.StreamId, e.Version, e.RecordedAt, e.User, e.CausedBy)), read.Events.Select(e => (e.Id, e.StreamId, e.Version, e.RecordedAt, e.User, e.CausedBy)));
        Assert.Equal("officer-1", read.Events[0].User);
        Assert.Equal(cause, read.Events[1].CausedBy);
        Assert.Equal("Amina Yusuf", Assert.IsType<PersonRegistered>(read.Events[0].Event).Form!.FamilyName);
        Assert.True(read.Events[0].Position < read.Events[1].Position);
    }

    [Fact]
    public async Task A_timeline_that_nobody_began_is_empty()
    {
        var (state, version) = await timelines.Store().LoadAsync<Diary>(Guid.CreateVersion7());
        Assert.Equal((0, 0L), (state.Count, version));
    }

    [Fact]
    public async Task A_refusal_and_a_decision_for_nothing_store_nothing()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        var refused = await store.DecideAsync<Diary>(person, _ => Refusal.Conflict("test/no", "No."));
        var nothing = await store.DecideAsync<Diary>(person, _ => Decision.Nothing);

        Assert.Equal("test/no", refused.Refusal!.Code);
        Assert.False(nothing.Changed);
        Assert.Equal(1, nothing.Version);
        Assert.Equal(1, (await store.ReadAsync(person)).Version);
    }

    [Fact]
    public async Task Several_timelines_are_stored_together_in_one_round_trip()
    {
        var store = timelines.Store();
        await store.AppendAsync(Guid.CreateVersion7(), Some.Registered());
        Guid[] people = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

        using var root = new Activity("test").Start();
        var roundTrips = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => { if (activity.TraceId == root.TraceId && activity.GetTagItem("db.system") is null or "postgresql") Interlocked.Increment(ref roundTrips); },
        };
        ActivitySource.AddActivityListener(listener);
        await store.AttemptAsync(work =>
        {
            foreach (var person in people) work.Append(person, Decision.Of(Some.Registered(), Some.Joined()));
            return Task.FromResult<Refusal?>(null);
        });
        Assert.InRange(roundTrips, 1, 2); // the poke that follows an append, outside of it, may be counted too
        Assert.All(await store.ReadAsync(people), read => Assert.Equal(2, read.Version));
    }

    [Fact]
    public async Task Where_one_timeline_has_moved_nothing_of_the_others_is_stored()
    {
        var (store, moved, other, fresh) = (timelines.Store(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.AppendAsync(moved, Some.Registered());
        await store.AppendAsync(other, Some.Registered());
        var tries = 0;
        var outcome = await store.AttemptAsync(async work =>
        {
            // Nothing of an earlier try may be there.
            Assert.Equal(1, (await work.ReadAsync(other)).Version);
            Assert.Equal(0, (await work.ReadAsync(fresh)).Version);
            await work.ReadAsync(moved);
            if (tries++ < 2) await timelines.Store().AppendAsync(moved, Some.Number(tries));
            foreach (var id in new[] { other, fresh, moved }) work.Append(id, Some.Joined());
            return null;
        });

        Assert.Equal(3, tries);
        Assert.Null(outcome.Refusal);
        Assert.Equal([2L, 1, 4], (await store.ReadAsync([other, fresh, moved])).Select(t => t.Version));
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_each_sees_what_the_others_did()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (true)
            {
                var outcome = await store.DecideAsync<Diary>(person, diary => Some.Number(diary.Count));
                if (outcome.Refusal is null) return outcome;
                Assert.Equal("timeline/busy", outcome.Refusal.Code);
            }
        }));
        Assert.Equal(Enumerable.Range(2, 8), outcomes.Select(o => (int)o.Version).Order());
        var (state, _) = await store.LoadAsync<Diary>(person);
        Assert.Equal(Enumerable.Range(1, 8).Select(n => $"{n}"), state.Told.OfType<SharingConsentGiven>().Select(e => e.Agencies[0]));
    }

    [Fact]
    public async Task Who_is_overtaken_every_time_is_told_that_the_record_is_busy()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        var outcome = await store.AttemptAsync(async work =>
        {
            await work.ReadAsync(person);
            await timelines.Store().AppendAsync(person, Some.Joined());
            return work.Append(person, Some.Joined());
        });
        Assert.Equal(("timeline/busy", RefusalKind.Conflict), (outcome.Refusal!.Code, outcome.Refusal.Kind));
        Assert.Equal(1 + TimelineStore.Attempts, (await store.ReadAsync(person)).Version);
    }

    [Fact]
    public async Task A_timeline_that_should_be_new_and_is_not_is_never_overwritten()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        var outcome = await store.AttemptAsync(work => Task.FromResult(work.Append(person, Some.Registered("Somebody Else"))));
        Assert.Equal("timeline/busy", outcome.Refusal!.Code);
        Assert.Equal(1, (await store.ReadAsync(person)).Version);
    }

    [Fact]
    public async Task What_else_was_asked_for_is_stored_with_the_events_or_not_at_all()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await timelines.RunAsync("create table if not exists public.beside (n int primary key); grant all on public.beside to public; grant usage on schema public to public");
        await store.AttemptAsync(work =>
        {
            work.Also("insert into public.beside values (1)");
            return Task.FromResult(work.Append(person, Some.Registered()));
        });
        Assert.Equal(1L, await timelines.ValueAsync<long>("select count(*) from public.beside"));

        await Assert.ThrowsAsync<PostgresException>(() => store.AttemptAsync(async work =>
        {
            await work.ReadAsync(person);
            work.Also("insert into public.beside values (2)");
            work.Also("select 1 / 0");
            return work.Append(person, Some.Joined());
        }));
        Assert.Equal(1L, await timelines.ValueAsync<long>("select count(*) from public.beside"));
        Assert.Equal(1, (await store.ReadAsync(person)).Version);
    }

    [Fact]
    public async Task A_late_fact_does_not_rewrite_what_was_known_before()
    {
        var clock = new SetClock(Some.Morning.AddHours(1));
        var (store, person) = (timelines.Store(clock: clock), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered(at: Some.Morning));
        clock.Now = Some.Morning.AddHours(10);
        // Told in the evening, happened before the registration.
        await store.AppendAsync(person, Some.Joined(at: Some.Morning.AddHours(-5)));

        async Task<int> Count(Moment moment) => (await store.LoadAsync<Diary>(person, moment)).State.Count;
        Assert.Equal(2, await Count(Moment.Now));
        Assert.Equal(1, await Count(new Moment(AsOf: Some.Morning.AddHours(-1))));
        Assert.Equal(2, await Count(new Moment(AsOf: Some.Morning)));
        Assert.Equal(1, await Count(new Moment(KnownAt: Some.Morning.AddHours(2))));
        Assert.Equal(0, await Count(new Moment(AsOf: Some.Morning.AddHours(-1), KnownAt: Some.Morning.AddHours(2))));
        Assert.Equal(0, await Count(new Moment(KnownAt: Some.Morning)));
    }

    [Fact]
    public async Task A_timeline_that_was_archived_is_not_read_and_takes_nothing_more()
    {
        var (store, person) = (timelines.Store(), Guid.CreateVersion7());
        await store.AppendAsync(person, Some.Registered());
        await timelines.RunAsync($"update timeline.mt_streams set is_archived = true where id = '{person}'; update timeline.mt_events set is_archived = true where stream_id = '{person}'");

        Assert.Equal(0, (await store.ReadAsync(person)).Version);
        var outcome = await store.AppendAsync(person, Some.Registered());
        Assert.Equal(("timeline/archived", RefusalKind.Conflict), (outcome.Refusal!.Code, outcome.Refusal.Kind));
        Assert.Equal(1L, await timelines.ValueAsync<long>($"select count(*) from timeline.mt_events where stream_id = '{person}'"));
    }
}
