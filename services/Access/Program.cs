using CrisisCoordination.Access;

return await AccessService.Define().RunAsync(args);
