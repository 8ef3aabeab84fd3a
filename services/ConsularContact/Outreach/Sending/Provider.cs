using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// A channel with what keeps us from hurting it or waiting for it: a rate, a time-out for each try, a few tries where a
/// second one is safe, and a breaker. While the breaker is open nothing is begun; what was begun waits on the timeline.
/// </summary>
internal sealed class Provider : IDisposable
{
    private readonly IChannel channel;
    private readonly TokenBucketRateLimiter limiter;
    private readonly TimeProvider clock;
    private long closedUntil;
    private readonly ResiliencePipeline<Sent> pipeline;

    public Provider(IChannel channel, ProviderLimits limits, TimeProvider clock)
    {
        (this.channel, this.clock) = (channel, clock);
        limiter = new(new()
        {
            TokenLimit = Math.Max(1, limits.PerSecond / 4),
            TokensPerPeriod = Math.Max(1, limits.PerSecond / 4),
            ReplenishmentPeriod = TimeSpan.FromSeconds(limits.PerSecond < 4 ? 1.0 / limits.PerSecond : 0.25),
            QueueLimit = int.MaxValue,
        });
        pipeline = new ResiliencePipelineBuilder<Sent> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<Sent>
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome is { Result.Outcome: Outcome.Later } || (args.Outcome.Exception is TimeoutRejectedException && channel.Repeats)),
                MaxRetryAttempts = limits.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = limits.FirstPause,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Sent>
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome is { Result.Outcome: Outcome.Later } or { Exception: TimeoutRejectedException or IOException }),
                FailureRatio = 0.5,
                MinimumThroughput = 6,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = limits.Break,
                OnOpened = args =>
                {
                    Volatile.Write(ref closedUntil, (clock.GetUtcNow() + args.BreakDuration).UtcTicks);
                    return default;
                },
            })
            .AddTimeout(limits.Timeout)
            .Build();
    }

    public Means Means => new(channel.Name, channel.Repeats);

    /// <summary>Whether it is worth beginning anything: the breaker is closed, or it is time to find out.</summary>
    public bool IsUp => clock.GetUtcNow().UtcTicks >= Volatile.Read(ref closedUntil);

    /// <summary>Waits for its turn at the provider's rate.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        using var lease = await limiter.AcquireAsync(1, ct);
    }

    public async Task<Sent> SendAsync(Composed message, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(async ct => await channel.SendAsync(message, ct), ct);
        }
        catch (BrokenCircuitException)
        {
            return Sent.Untried;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return channel.Repeats ? Sent.Later : Sent.Uncertain;
        }
    }

    public void Dispose()
    {
        limiter.Dispose();
        (channel as IDisposable)?.Dispose();
    }
}

/// <summary>How a provider is treated.</summary>
internal sealed record ProviderLimits
{
    public int PerSecond { get; init; } = 20;
    public int Retries { get; init; } = 3;
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(300);
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(15);
}
