using CrisisCoordination.ConsularContact.Outreach.Sending;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>All of outreach, for the service to take in.</summary>
internal static class Outreaching
{
    public static void Add(CrisisService service) => service
        .Inline(Progresses.ReadModel(service.Schema))
        .Inline(Template.ReadModel(service.Schema))
        .Follow(Reachable.ReadModel(service.Schema))
        .Follow(Wave.ReadModel(service.Schema))
        .Table("outreach_gathering", AskPeople.Table)
        .Table("outreach_postponed", SendWaves.Table)
        .With(services => services.AddSingleton<Providers>().AddSingleton<Candidates>().AddSingleton<Progresses>().AddSingleton<AskPeople>().AddSingleton<SendWaves>().AddSingleton<RemindStale>())
        .Beside("outreach", (services, stopping) => services.GetRequiredService<SendWaves>().RunAsync(stopping))
        .Beside("reminders", (services, stopping) => services.GetRequiredService<RemindStale>().RunAsync(stopping))
        .Map(WriteTemplate.Map, StartWave.Map, ShowWaves.Map, StopWave.Map, HearProviders.Map, CallList.Map, FieldVisits.Map, ShowContacts.Map);
}
