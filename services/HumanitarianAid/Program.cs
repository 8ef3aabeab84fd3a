using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;

return await CrisisService.Of(Service.HumanitarianAid).RunAsync(args);
