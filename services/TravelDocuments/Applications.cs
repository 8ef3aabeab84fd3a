using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.TravelDocuments;

/// <summary>The desk's list of applications, oldest first and without names, and one person's documents.</summary>
internal static class Applications
{
    private static readonly string[] States = ["opened", "verified", "approved", "issued", "revoked"];

    public static IProjection ReadModel { get; } = new Projection<TravelDocumentFile>("travel_documents.application", 3,
        [
            ("application_id", "uuid not null"), ("why", "text not null"), ("state", "text not null"), ("verified_by", "text null"), ("approved_by", "text null"),
            ("opened_at", "timestamptz not null"), ("sort", "text collate \"C\" not null"),
        ],
        // A record that was merged away is worked on under the one that stands for it, and so are its documents. Of somebody whose data
        // was erased the desk can only make void what still stands.
        file => file.MergedInto is not null ? [] : file.Applications.Where(application => !file.Erased || application.Stands).Select(application => new object?[]
        {
            application.Id, application.Why, application.State(file.Holder), application.VerifiedFor(file.Holder) || !application.IsOpen ? application.VerifiedBy : null,
            application.ApprovedBy, application.OpenedAt.ToUniversalTime(),
            $"{application.OpenedAt.UtcTicks:D19}{application.Id:N}{file.PersonId:N}",
        }),
        [
            typeof(TravelDocumentApplicationOpened), typeof(IdentityVerified), typeof(TravelDocumentApproved), typeof(TravelDocumentIssued), typeof(TravelDocumentRevoked),
            typeof(RegistrationRepeated), typeof(RegistrationCorrected), typeof(MergedInto), typeof(UnmergedFrom), typeof(DuplicateUnmerged),
            typeof(PersonErased),
        ],
        "create unique index on {table} (sort)", "create index on {table} (state, sort)");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/applications", async Task<IResult> (string? state, string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) =>
            state is not null && !States.Contains(state)
                ? Refusal.Invalid("travel-document/state-unknown", $"Applications are {string.Join(", ", States)}. Ask for one of these, or leave `state` out.", "state").ToProblem()
                : TypedResults.Ok(await database.PageAsync(
                    "select sort, stream_id, application_id, why, state, verified_by, approved_by, opened_at from travel_documents.application where ($1 = '' or state = $1)", "sort", cursor, limit,
                    row => new
                    {
                        personId = row.GetGuid(1),
                        applicationId = row.GetGuid(2),
                        why = row.GetString(3),
                        state = row.GetString(4),
                        verifiedBy = row.IsDBNull(5) ? null : row.GetString(5),
                        approvedBy = row.IsDBNull(6) ? null : row.GetString(6),
                        openedAt = row.GetFieldValue<DateTimeOffset>(7),
                    }, [state ?? ""], ct)))
            .Allow(Roles.DocumentOfficer);

        api.MapGet("/people/{personId:guid}/travel-documents", async Task<IResult> (Guid personId, TimelineStore store, HttpContext http) =>
        {
            var (file, _) = await store.LoadAsync<TravelDocumentFile>(personId, ct: http.RequestAborted);
            return file.Record.Refuse() is { } refusal ? refusal.ToProblem() : TypedResults.Ok(new
            {
                items = file.Applications.Select(application => new
                {
                    applicationId = application.Id,
                    application.Why,
                    state = application.State(file.Holder),
                    application.OpenedAt,
                    application.VerifiedBy,
                    application.ApprovedBy,
                    application.Destination,
                    transits = application.Transits,
                    application.IssuedBy,
                    application.ValidUntil,
                    application.Number,
                    application.Mrz,
                    application.RevokedWhy,
                    application.MergedFrom,
                }),
                next = (string?)null,
                exercise = file.Exercise ? true : (bool?)null,
            });
        }).Allow(Roles.DocumentOfficer, Roles.Auditor).LogsRead("travel-documents");
    }
}
