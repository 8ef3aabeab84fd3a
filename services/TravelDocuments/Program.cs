using CrisisCoordination.TravelDocuments;

return await TravelDocumentsService.Define().RunAsync(args);
