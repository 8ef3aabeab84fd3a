using System.Diagnostics;
using CrisisCoordination.Contracts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CrisisCoordination.ServiceDefaults.Tests;

/// <summary>
/// A service in a process of its own, which relays and can be made to die, as by a power cut, at the worst moment:
/// <c>before-publish</c> (between the commit and the publish) or <c>after-publish</c> (between the broker's confirmation
/// and the saving of the position) of a numbered event.
/// </summary>
internal static class HouseProcess
{
    public const string Verb = "run-service";

    public static Process Start(string postgres, Uri amqp, byte[] masterKey, string dieAt = "never", int dieAfter = 0) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Assembly(), Verb, dieAt, $"{dieAfter}", .. ServiceInProcess.Settings(postgres, amqp, masterKey)])
        {
            RedirectStandardOutput = false,
        })!;

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
