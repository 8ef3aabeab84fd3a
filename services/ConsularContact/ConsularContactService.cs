using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.ConsularContact;

/// <summary>Register, find and correct people; import files of them; crises; consent; a person's timeline.</summary>
public static class ConsularContactService
{
    /// <summary>The service, ready to build.</summary>
    public static CrisisService Define()
    {
        var service = CrisisService.Of(Service.ConsularContact);
        foreach (var model in Person.ReadModels(service.Schema)) service.Inline(model);
        foreach (var model in ReviewMatches.ReadModels(service.Schema)) service.Inline(model);
        SpreadFears.Add(service.Reactions);
        return service
            .Inline(Crisis.ReadModel(service.Schema))
            .Table("import", ImportRegistrations.Tables)
            .With(services => services.AddSingleton<RegisterPerson>().AddSingleton<ImportRegistrations>())
            .Beside("imports", (services, stopping) => services.GetRequiredService<ImportRegistrations>().RunAsync(stopping))
            .Map(OpenCrisis.Map, RegisterPerson.Map, ImportRegistrations.Map, FindPeople.Map, ReadTimeline.Map, CorrectRegistration.Map, Consent.Map, StateFear.Map, ErasePerson.Map)
            .Map(ReviewMatches.Map, DismissMatch.Map, MergePeople.Map, UnmergePeople.Map, SeparateRegistration.Map);
    }
}
