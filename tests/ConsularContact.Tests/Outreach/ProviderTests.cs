using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.Testing;
using Xunit;

namespace CrisisCoordination.Tests.ConsularContact.Outreach;

/// <summary>How a provider is spared and waited for.</summary>
public sealed class ProviderTests
{
    private static readonly Composed Message = new(Guid.CreateVersion7(), "sms", "+258845550101", "en", "", "Are you safe?", null);
    private static readonly ProviderLimits Quick = new() { FirstPause = TimeSpan.FromMilliseconds(1), Break = TimeSpan.FromSeconds(1) };

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class StandIn(bool repeats, Func<int, CancellationToken, Task<Sent>> answer) : IChannel
    {
        private int asked;

        public int Asked => asked;
        public string Name => "stand-in";
        public bool Repeats => repeats;

        public Task<Sent> SendAsync(Composed message, CancellationToken ct) => answer(Interlocked.Increment(ref asked), ct);
    }

    private static async Task<(Outcome Outcome, int Asked)> SendAsync(bool repeats, Func<int, CancellationToken, Task<Sent>> answer, ProviderLimits? limits = null)
    {
        var channel = new StandIn(repeats, answer);
        using var provider = new Provider(channel, limits ?? Quick, TimeProvider.System);
        return ((await provider.SendAsync(Message, TestContext.Current.CancellationToken)).Outcome, channel.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_surely_not_taken_is_tried_a_few_times_and_what_is_known_is_not(bool repeats)
    {
        Assert.Equal((Outcome.Taken, 3), await SendAsync(repeats, (times, _) => Task.FromResult(times < 3 ? Sent.Later : Sent.Taken)));
        Assert.Equal((Outcome.Later, 4), await SendAsync(repeats, (_, _) => Task.FromResult(Sent.Later)));
        Assert.Equal((Outcome.Refused, 1), await SendAsync(repeats, (_, _) => Task.FromResult(Sent.Refused("x"))));
        Assert.Equal((Outcome.Uncertain, 1), await SendAsync(repeats, (_, _) => Task.FromResult(Sent.Uncertain)));
    }

    [Fact]
    public async Task A_provider_that_hangs_or_breaks_is_asked_again_only_where_that_does_no_harm()
    {
        var impatient = Quick with { Timeout = TimeSpan.FromMilliseconds(50) };
        async Task<Sent> Hang(int times, CancellationToken ct)
        {
            if (times < 2) await Task.Delay(Timeout.Infinite, ct);
            return Sent.Taken;
        }
        Assert.Equal((Outcome.Taken, 2), await SendAsync(true, Hang, impatient));
        Assert.Equal((Outcome.Uncertain, 1), await SendAsync(false, Hang, impatient));
        Assert.Equal((Outcome.Later, 1), await SendAsync(true, (_, _) => throw new IOException("disk full")));
        Assert.Equal((Outcome.Uncertain, 1), await SendAsync(false, (_, _) => throw new IOException("reset")));
    }

    [Fact]
    public async Task One_that_keeps_failing_is_left_alone_for_a_while_and_then_tried_again()
    {
        var (up, clock) = (false, new StoppedClock());
        var channel = new StandIn(true, (_, _) => Task.FromResult(up ? Sent.Taken : Sent.Later));
        using var provider = new Provider(channel, Quick, clock);
        for (var i = 0; provider.IsUp; i++)
        {
            Assert.True(i < 50, "The breaker never opened.");
            await provider.SendAsync(Message, TestContext.Current.CancellationToken);
        }
        var asked = channel.Asked;
        Assert.Equal(Outcome.Untried, (await provider.SendAsync(Message, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(asked, channel.Asked);
        up = true;
        clock.Now += Quick.Break;
        Assert.True(provider.IsUp);
        Assert.Equal(Outcome.Taken, (await provider.SendAsync(Message, TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Nobody_is_sent_more_than_they_take()
    {
        using var provider = new Provider(new StandIn(true, (_, _) => Task.FromResult(Sent.Taken)), Quick with { PerSecond = 1 }, TimeProvider.System);
        // So many that the last one's turn does not come before somebody looks.
        var turns = Enumerable.Range(0, 600).Select(_ => provider.WaitAsync(TestContext.Current.CancellationToken)).ToList();
        Assert.Equal((true, false), (turns[0].IsCompleted, turns[^1].IsCompleted));
        await turns[1];
    }

    [Fact]
    public async Task A_file_is_written_whole_and_once_for_each_message()
    {
        var folder = Directory.CreateTempSubdirectory("outreach-").FullName;
        try
        {
            var channel = new FileChannel(folder);
            var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => channel.SendAsync(Message with { Text = $"{i}" }, TestContext.Current.CancellationToken)));
            Assert.All(all, sent => Assert.Equal(Outcome.Taken, sent.Outcome));
            var file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "sms")));
            var first = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            await channel.SendAsync(Message with { Text = "again" }, TestContext.Current.CancellationToken);
            Assert.Equal(first, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
