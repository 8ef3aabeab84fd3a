using System.Globalization;
using System.Threading.RateLimiting;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>How often one address may call what is open to anyone. Generous, as a whole camp may share one address; too little to try out tokens.</summary>
internal sealed class PublicLimits(IConfiguration configuration) : IEndpointFilter, IDisposable
{
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(address, _ =>
    {
        var perMinute = configuration.GetValue("SelfService:PerAddressPerMinute", 600);
        return new() { TokenLimit = perMinute, TokensPerPeriod = Math.Max(1, perMinute / 60), ReplenishmentPeriod = Refill, QueueLimit = 0 };
    }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var lease = await limiter.AcquireAsync(http.Connection.RemoteIpAddress?.ToString() ?? "", 1, http.RequestAborted);
        if (lease.IsAcquired) return await next(context);
        http.Response.Headers.RetryAfter = Refill.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => limiter.Dispose();
}
