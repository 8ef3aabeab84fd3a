using CrisisCoordination.ConsularContact.Areas;
using CrisisCoordination.ConsularContact.Detention;
using CrisisCoordination.ConsularContact.ExitBarriers;
using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.ConsularContact.Import;
using CrisisCoordination.ConsularContact.Lists;
using CrisisCoordination.ConsularContact.NotesVerbales;
using CrisisCoordination.ConsularContact.Outreach;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.ConsularContact.Tracing;
using CrisisCoordination.ConsularContact.Whereabouts;
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
        foreach (var model in Crisis.ReadModels(service.Schema)) service.Inline(model);
        Clocks.Add(service);
        Outreaching.Add(service);
        Permits.Add(service.Reactions);
        foreach (var model in ReviewMatches.ReadModels(service.Schema)) service.Inline(model);
        SpreadFears.Add(service.Reactions);
        SpreadWithdrawals.Add(service.Reactions);
        CarryOver.Add(service.Reactions);
        SearchRelatives.Add(service.Reactions);
        TellOfArrival.Add(service.Reactions);
        FollowPeople.Add(service.Reactions);
        return service
            .Inline(NoteVerbale.ReadModel(service.Schema))
            .Inline(Findable.ReadModel(service.Schema))
            .Follow(Desk.ReadModel(service.Schema))
            .Follow(Exposed.ReadModel(service.Schema))
            .Table("area_followed", FollowAreas.Table)
            .With(services => services.AddSingleton<FollowAreas>())
            .Beside("areas", (services, stopping) => services.GetRequiredService<FollowAreas>().RunAsync(stopping))
            .Inline(Seeker.ReadModel(service.Schema))
            .Inline(Sought.ReadModel(service.Schema))
            .Table("import", ImportRegistrations.Tables)
            .With(services => services.AddSingleton<RegisterPerson>().AddSingleton<ImportRegistrations>().AddSingleton<ImportedFiles>().AddSingleton<ColumnMappings>().AddSingleton<UndoImport>().AddSingleton<PublicLimits>())
            .Beside("imports", (services, stopping) => services.GetRequiredService<ImportRegistrations>().RunAsync(stopping))
            .Map(OpenCrisis.Map, TellCrisisCountries.Map, RegisterPerson.Map, FindPeople.Map, ReadTimeline.Map, CorrectRegistration.Map, SettleAgeChange.Map, Consent.Map, StateFear.Map, ErasePerson.Map, ReadMrz.Map)
            .Map(SendFile.Map, ShowImport.Map, MapColumns.Map, SteerImport.Map, UndoImport.Map, DownloadResult.Map)
            .Map(SelfRegister.Map, MyRegistration.Map, AnswerProposal.Map, RegisterByPartner.Map)
            .Map(CheckIn.Map, RecordSighting.Map, ShowWhereabouts.Map, RaiseExitBarrier.Map, ResolveExitBarrier.Map)
            .Map(ReportDetention.Map, GiveNotice.Map, VisitDetainee.Map, NameCounsel.Map, EndDetention.Map)
            .Map(SendNoteVerbale.Map, AnswerNoteVerbale.Map, ShowNotesVerbales.Map, WorkLists.Map)
            .Map(ShowHousehold.Map, JoinHousehold.Map, LeaveHousehold.Map, NameGuardian.Map, ConfirmFamily.Map, ReportSeparation.Map, ArrangeCare.Map, EndSeparation.Map)
            .Map(RequestTracing.Map, ListTracingMatches.Map, AnswerTracing.Map, RecordTracingWish.Map)
            .Map(ListPeopleInside.Map)
            .Map(ReviewMatches.Map, DecideMatches.Map, DismissMatch.Map, MergePeople.Map, UnmergePeople.Map, SeparateRegistration.Map);
    }
}
