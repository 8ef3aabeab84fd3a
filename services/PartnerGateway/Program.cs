using CrisisCoordination.PartnerGateway;

return await PartnerGatewayService.Define().RunAsync(args);
