return await CrisisCoordination.ConsularContact.ConsularContactService.Define().RunAsync(args);
