using CrisisCoordination.ServiceDefaults.Tests;

// What xunit would generate, and one verb more.
if (args is [HouseProcess.Verb, ..]) return await HouseProcess.RunAsync(args[1..]);
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
