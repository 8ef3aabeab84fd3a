using System.Diagnostics;
using CrisisCoordination.Contracts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrisisCoordination.ServiceDefaults.Tests;

/// <summary>
/// A service in a process of its own, which relays and can be made to die, as by a power cut, at the worst moment:
/// <c>before-publish</c> (between the commit and the publish) or <c>after-publish</c> (between the broker's confirmation
/// and the saving of the position) of a numbered event.
/// </summary>
internal sealed class HouseProcess : IDisposable
{
    private readonly Process process;
    private bool gone;

    private HouseProcess(Process process) => this.process = process;

    public const string Verb = "run-service";

    /// <summary>For a process to start and work on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static HouseProcess Start(string postgres, Uri amqp, byte[] masterKey, string dieAt = "never", int dieAfter = 0) =>
        new(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Assembly(), Verb, dieAt, $"{dieAfter}", .. ServiceInProcess.Settings(postgres, amqp, masterKey)])
        {
            UseShellExecute = false,
        })!);

    /// <summary>Waits until it has died by its own hand.</summary>
    public async Task DiesAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        Assert.NotEqual(0, process.ExitCode);
    }

    /// <summary>As by a power cut; also where the test failed before it came to that.</summary>
    public void Dispose()
    {
        if (gone) return;
        gone = true;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var (dieAt, dieAfter) = (args[0], int.Parse(args[1]));
        await using var app = CrisisService.Of(Service.PartnerGateway).Build(args[2..]);
        app.Services.GetRequiredService<IBusControl>().ConnectPublishObserver(new Death(dieAt, dieAfter));
        await app.RunAsync();
        return 0;
    }

    // Started as `dotnet X.dll` the runtime is the process, and the assembly its first argument.
    private static string[] Assembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(HouseProcess).Assembly.Location] : [];

    private sealed class Death(string at, int after) : IPublishObserver
    {
        private int before, confirmed;

        public Task PrePublish<T>(PublishContext<T> context) where T : class => Die(at == "before-publish" && Interlocked.Increment(ref before) > after);

        public Task PostPublish<T>(PublishContext<T> context) where T : class => Die(at == "after-publish" && Interlocked.Increment(ref confirmed) > after);

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;

        private static Task Die(bool now)
        {
            if (now) Process.GetCurrentProcess().Kill();
            return Task.CompletedTask;
        }
    }
}
