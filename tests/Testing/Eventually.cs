using System.Diagnostics;
using System.Net;
using Npgsql;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>Waits for something to become so by looking often, with a limit that only a fault reaches.</summary>
public static class Eventually
{
    /// <summary>Ten times what a machine needs that does nothing else.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The same of what needs no waiting to be seen.</summary>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) => TrueAsync(() => Task.FromResult(condition()), what, limit);

    /// <summary>Asks until the answer is yes; a server that cannot be reached has not said no. Fails with what was awaited.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var late = waited.Elapsed > (limit ?? Limit);
            try
            {
                if (await condition()) return;
            }
            catch (Exception unreachable) when (!late && unreachable is HttpRequestException { StatusCode: null or HttpStatusCode.ServiceUnavailable } or NpgsqlException or IOException or TaskCanceledException { InnerException: TimeoutException }) { }
            if (late) Assert.Fail($"Waited {waited.Elapsed.TotalSeconds:0} s in vain until: {what}.");
        }
    }
}
