namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>What becomes of a delivery.</summary>
internal enum Delivery { Taken, Later, Gone }

/// <summary>When to try again: the pauses that Standard Webhooks suggests, about three days in all, then no more.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(24);

    /// <summary>Only 2xx means that it was taken: a redirect is not followed, and 410 asks for no more.</summary>
    public static Delivery Judge(int status) => status switch
    {
        >= 200 and < 300 => Delivery.Taken,
        410 => Delivery.Gone,
        _ => Delivery.Later,
    };

    /// <summary>The next try after so many failures in a row, the last of them now; null when it is given up.</summary>
    /// <param name="wish">What the receiver asked for in Retry-After; obeyed up to a day.</param>
    /// <param name="chance">0 to 1: up to a fifth is added, so that many that failed together do not come back together.</param>
    public static DateTimeOffset? Next(int failures, DateTimeOffset now, TimeSpan? wish, double chance)
    {
        if (failures > Pauses.Length) return null;
        var pause = Pauses[failures - 1] * (1 + chance / 5);
        if (wish is { } asked && asked > pause) pause = asked < LongestWish ? asked : LongestWish;
        return now + pause;
    }
}
