using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Tracing;

/// <summary>
/// A registered person looks for a relative. The answer says that the request is taken, and nothing else: whether anybody was
/// found is told when the one who is sought agrees.
/// </summary>
internal sealed record RequestTracing(Guid RequestId, Registration Sought, string? Relation, string Officer, DateTimeOffset At)
{
    // More than any family loses; a list of strangers is not looked for here.
    private const int MostOpen = 20;

    private static readonly string[] Relations = ["spouse", "child", "parent", "sibling", "grandparent", "grandchild", "relative", "guardian", "ward", "other"];

    private sealed record Description(
        string? FamilyName = null, string? GivenNames = null, string? NameInOriginalScript = null, Sex Sex = Sex.NotKnown, BirthDate? BirthDate = null,
        string? Nationality = null, string? Phone = null, string? Place = null);

    private sealed record Body(Description Sought, string Relation, DateTimeOffset? At = null);

    private sealed record End(DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/tracing-requests", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var told = body.Sought;
            var sought = RegistrationRules.Normalise(new()
            {
                FamilyName = told.FamilyName,
                GivenNames = told.GivenNames,
                NameInOriginalScript = told.NameInOriginalScript,
                Sex = told.Sex,
                BirthDate = told.BirthDate,
                Nationality = told.Nationality,
                Phone = told.Phone,
                Place = told.Place,
            });
            var command = new RequestTracing(http.Ids().Next(), sought, RegistrationRules.Text(body.Relation), http.User.Identity!.Name!, at);
            var outcome = await store.DecideAsync<Seeker>(personId, seeker => Decide(seeker, command), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/tracing-requests", new { personId, command.RequestId }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Look for a relative of a registered person")
          .WithDescription($"sought: what is known of the relative, a name at least. relation: what they are to the person: {string.Join(", ", Relations)}. Whether they are registered is told only when they agree.");

        api.MapGet("/people/{personId:guid}/tracing-requests", async Task<IResult> (Guid personId, TimelineStore store, CancellationToken ct) =>
            (await store.LoadAsync<Seeker>(personId, ct: ct)).State is var seeker && seeker.Person.Record.RefuseMissing() is { } missing ? missing.ToProblem()
                : TypedResults.Ok(new { personId, items = seeker.Searches.Select(search => new { requestId = search.Id, search.Sought, search.Relation, requestedAt = search.At, search.State, foundPersonId = search.Found?.PersonId, search.Found?.Message, arrived = search.Arrived is null ? null : new { search.Arrived.At, says = "They have arrived in safety." }, takenBack = search.TakenBack is null ? null : new { search.TakenBack.At, says = "What was said of their arrival was wrong: they have not arrived. Tell the family so yourself, and ask your colleagues who look for them what is known." } }) })).Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("tracing requests").WithSummary("The relatives whom a person looks for");

        api.MapPost("/people/{personId:guid}/tracing-requests/{requestId:guid}/withdrawal", async Task<IResult> (Guid personId, Guid requestId, End? body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body?.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.AttemptAsync(async work =>
            {
                var refusal = work.Append(personId, Withdraw(await work.LoadAsync<Seeker>(personId), requestId, officer, at));
                if (refusal is not null) return refusal;
                await using var find = store.Database.CreateCommand($"select stream_id from {service.Schema}.tracing_match where request_id = $1 and seeker_id = $2");
                find.Parameters.Add(new() { Value = requestId });
                find.Parameters.Add(new() { Value = personId });
                var asked = new List<Guid>();
                await using (var reader = await find.ExecuteReaderAsync(ct))
                    while (await reader.ReadAsync(ct)) asked.Add(reader.GetGuid(0));
                foreach (var person in asked)
                    if ((await work.LoadAsync<Sought>(person)).Open.Any(open => open.RequestId == requestId)) work.Append(person, new TracingMatchClosed(requestId, "withdrawn", null, officer, at));
                return null;
            }, new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that a person no longer looks for a relative");
    }

    internal static Decision Decide(Seeker seeker, RequestTracing command) =>
        !Relations.Contains(command.Relation) ? Refusal.Invalid("tracing/relation-unknown", $"Say what the relative is to the person: {string.Join(", ", Relations)}.", "relation")
        : RegistrationRules.Validate(command.Sought, command.At) is [var fault, ..] ? Refusal.Invalid(fault.Code, fault.Message, "sought." + fault.Field)
        : seeker.Person.Unavailable is { } gone ? gone
        : seeker.Open.Count() >= MostOpen ? Refusal.Conflict("tracing/too-many", $"This person looks for {MostOpen} relatives already. Withdraw a request that is not needed any more.")
        : new TracingRequested(command.RequestId, command.Sought, command.Relation!, command.Officer, command.At);

    internal static Decision Withdraw(Seeker seeker, Guid request, string officer, DateTimeOffset at) =>
        seeker.Person.Unavailable is { } gone ? gone
        : seeker.Find(request) is not { } search ? Refusal.NotFound("tracing/request-unknown", "This person has no tracing request with that id.")
        : search.Withdrawn ? Decision.Nothing : new TracingWithdrawn(request, officer, at);
}
