using System.Diagnostics;
using Xunit;

namespace CrisisCoordination.Testing;

/// <summary>Waits for something to become so by looking often, with a limit that only a fault reaches.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(10))
            Assert.True(waited.Elapsed < Limit, $"Not so after {Limit.TotalSeconds} s: {what}.");
    }
}
