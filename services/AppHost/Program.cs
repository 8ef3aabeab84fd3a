using System.Runtime.InteropServices;
using CrisisCoordination.AppHost;
using CrisisCoordination.AppHost.Run;
using CrisisCoordination.AppHost.Servers;

if (args is [Keeper.Verb, ..]) return await Keeper.RunAsync(args);
if (args is [Provision.Verb]) return await Provision.RunAsync();

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var command = CommandLine.Parse(args);
    if (command.Help)
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }
    var local = command.Local is { } folder ? new LocalFolder(folder) : LocalFolder.Find();
    await using var house = await House.StartAsync(command, local, Console.WriteLine, stop.Token);
    foreach (var service in Addresses.Services) Console.WriteLine($"{service,-20} {house.Addresses.Of(service)}");
    var held = command.NoCrisis || await CrisisRun.CarryAsync(command.Scenario ?? local.WriteSample(), house, local, stop.Token);
    if (command.ExitWhenDone) return held ? 0 : 1;
    Console.WriteLine("Everything runs. Ctrl-C stops it.");
    await Task.Delay(Timeout.Infinite, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    // Stopped on request: no failure, unless an unfinished report was waited for.
    return args.Contains("--exit-when-done") ? 130 : 0;
}
catch (Exception told) when (told is UsageException or ServersUnavailableException)
{
    await Console.Error.WriteLineAsync(told.Message);
    return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
