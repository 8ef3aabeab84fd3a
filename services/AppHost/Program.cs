using CrisisCoordination.AppHost.Servers;

if (args is [Keeper.Verb, ..]) return await Keeper.RunAsync(args);

return 0;
