using CrisisCoordination.HumanitarianAid;

return await HumanitarianAidService.Define().RunAsync(args);
