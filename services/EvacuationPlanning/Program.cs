using CrisisCoordination.EvacuationPlanning;

return await EvacuationPlanningService.Define().RunAsync(args);
