using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;

namespace CrisisCoordination.TravelDocuments;

/// <summary>Opens files for people whose document cannot be used, and issues emergency travel documents by two officers (rule D).</summary>
/// <remarks>Configuration: <c>TravelDocuments:Issuer</c>, or <c>IssuingState</c> for the whole house: the issuing state's alpha-3 code.</remarks>
public static class TravelDocumentsService
{
    /// <summary>The service, for its own process or a test's.</summary>
    public static CrisisService Define()
    {
        var service = CrisisService.Of(Service.TravelDocuments)
            .Table("issued_number", "create table if not exists {schema}.issued_number (number text primary key)")
            .Follow(Applications.ReadModel)
            .With(services => services.AddOptions<Issuer>()
                .Configure<IConfiguration>((issuer, settings) => issuer.Code = settings["TravelDocuments:Issuer"] ?? settings["IssuingState"] ?? "")
                .Validate(issuer => CountryCode.MayIssue(issuer.Code), "The setting TravelDocuments:Issuer (or IssuingState) names the state that issues: three letters of ISO 3166-1 or ICAO, such as UTO for exercises.")
                .ValidateOnStart())
            .Map(Applications.Map, OpenApplication.Map, VerifyIdentity.Map, ApproveApplication.Map, IssueTravelDocument.Map, RevokeTravelDocument.Map);
        service.Reactions
            .On<TravelDocumentFile>((file, _) => OpenApplication.Decide(file),
                typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(DuplicateUnmerged), typeof(UnmergedFrom), typeof(RegistrationSeparated))
            .On(woken => RevokeTravelDocument.ReactAsync(woken, RevokeTravelDocument.WhereUsed), typeof(Arrived))
            .On(woken => RevokeTravelDocument.ReactAsync(woken, RevokeTravelDocument.WhereFeared),
                typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(FearOfReturnStated));
        return service;
    }
}

/// <summary>The state that issues.</summary>
internal sealed class Issuer
{
    public string Code { get; set; } = "";
}
