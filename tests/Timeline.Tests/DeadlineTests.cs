using System.Collections.Concurrent;
using CrisisCoordination.Contracts;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Timeline.Tests;

public sealed class DeadlineTests(Timelines timelines) : IClassFixture<Timelines>
{
    private const string Schema = "humanitarian_aid";

    internal sealed record Referrals(Guid Id) : IFold<Referrals>
    {
        public System.Collections.Immutable.ImmutableDictionary<Guid, DateTimeOffset> Open { get; init; } = System.Collections.Immutable.ImmutableDictionary<Guid, DateTimeOffset>.Empty;

        public static Referrals Start(Guid id) => new(id);

        public Referrals Apply(Event @event) => @event switch
        {
            ReferralOffered e => this with { Open = Open.SetItem(e.ReferralId, e.DueAt) },
            ReferralOverdue e => this with { Open = Open.Remove(e.ReferralId) },
            _ => this,
        };
    }

    [Fact]
    public async Task A_deadline_fires_once_when_it_is_due_even_with_two_clocks_and_one_that_cannot_be_decided()
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var dues = Deadlines.Of<Referrals>(Schema, r => r.Open.Select(o => new Deadline("referral-unanswered", o.Key, o.Value)), typeof(ReferralOffered), typeof(ReferralOverdue));
        var (one, two) = (timelines.Store(Service.HumanitarianAid, clock, inline: dues), timelines.Store(Service.HumanitarianAid, clock, inline: dues));
        await new Projections(one, new Feed(one), Schema, []).PrepareAsync(default);

        var start = clock.Now;
        var (broken, person, referral, later) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await one.AppendAsync(broken, new ReferralOffered(Guid.CreateVersion7(), "UNHCR", null, start.AddMinutes(1), start));
        await one.AppendAsync(person, new ReferralOffered(referral, "UNHCR", "asylum", start.AddMinutes(10), start), new ReferralOffered(later, "IOM", null, start.AddHours(10), start));

        using var stop = new CancellationTokenSource();
        var asked = new ConcurrentQueue<(Guid Stream, Deadline Deadline)>();
        var failed = new ConcurrentQueue<Guid>();
        var running = new[] { one, two }.Select(store => Task.Run(() => new Deadlines(store, new Feed(store), Schema) { Failed = (stream, _, _) => failed.Enqueue(stream) }.RunAsync(async (stream, due, ct) =>
        {
            asked.Enqueue((stream, due));
            if (stream == broken) throw new FormatException("cannot decide");
            await store.DecideAsync<Referrals>(stream, referrals => referrals.Open.ContainsKey(due.Subject)
                ? new ReferralOverdue(due.Subject, "UNHCR", clock.Now) : Decision.Nothing, ct: ct);
        }, stop.Token))).ToArray();

        clock.Now = start.AddMinutes(2);
        await Eventually.TrueAsync(() => failed.Count >= 2, "the one that cannot be decided is asked again and again");
        Assert.DoesNotContain(asked, a => a.Stream == person);

        clock.Now = start.AddMinutes(11);
        await Eventually.TrueAsync(async () => (await one.ReadAsync(person)).Version == 3, "the deadline fired");
        var failures = failed.Count;
        await Eventually.TrueAsync(() => failed.Count >= failures + 2, "the clocks went round again");
        var read = await one.ReadAsync(person);
        Assert.Equal(referral, Assert.IsType<ReferralOverdue>(read.Events[2].Event).ReferralId);
        Assert.Equal(3, read.Version);
        Assert.Single(asked, a => a.Stream == person);
        Assert.DoesNotContain(asked, a => a.Deadline.Subject == later);

        await stop.CancelAsync();
        foreach (var clockwork in running) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clockwork);
    }
}
