using System.Threading.RateLimiting;

namespace CrisisCoordination.Access;

/// <summary>
/// How often and how many at once may try a password. Tries of one account go one after the other, so that many at once
/// cannot outrun the count of failures; and no more are worked on at once than there are processors, as each costs one.
/// </summary>
internal sealed class SignInLimits(IConfiguration configuration) : IDisposable
{
    private readonly PartitionedRateLimiter<(string Account, string Address)> limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(string Account, string Address), string>(attempt => PerMinute(attempt.Address, configuration.GetValue("Access:SignIn:PerAddressPerMinute", 120))),
        PartitionedRateLimiter.Create<(string Account, string Address), string>(attempt => PerMinute(attempt.Account, configuration.GetValue("Access:SignIn:PerAccountPerMinute", 20))),
        PartitionedRateLimiter.Create<(string Account, string Address), string>(attempt => AtOnce(attempt.Account, 1, waiting: 20)),
        PartitionedRateLimiter.Create<(string Account, string Address), string>(_ => AtOnce("", Environment.ProcessorCount, waiting: 1000)));

    public ValueTask<RateLimitLease> EnterAsync(string account, string address, CancellationToken ct) => limiter.AcquireAsync((account, address), 1, ct);

    public void Dispose() => limiter.Dispose();

    private static RateLimitPartition<string> PerMinute(string key, int permits) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = permits,
        TokensPerPeriod = Math.Max(1, permits / 6),
        ReplenishmentPeriod = TimeSpan.FromSeconds(10),
        QueueLimit = 0,
    });

    private static RateLimitPartition<string> AtOnce(string key, int permits, int waiting) => RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions
    {
        PermitLimit = permits,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}
