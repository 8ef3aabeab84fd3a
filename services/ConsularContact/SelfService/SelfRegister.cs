using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// People in a crisis register themselves, without an account. The answer is a token with which they come back; it never
/// says whether somebody like them is known already, as whoever types another's name could learn it so. For the same reason
/// the form stays a record of its own until an officer has looked: nobody's telephone or consent changes by it.
/// </summary>
internal static class SelfRegister
{
    private sealed record Body(Guid CrisisId, Registration Registration);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/self-registrations/crises", Crises).AllowAnyone("which crises people can register in is public").AddEndpointFilter(Limits).WithSummary("The crises in which people can register themselves");
        api.MapPost("/self-registrations", async Task<IResult> (
            Body body, HttpContext http, RegisterPerson intake, TimelineStore store, CrisisService service, TimeProvider clock, CancellationToken ct) =>
        {
            var now = clock.GetUtcNow();
            var form = RegistrationRules.Normalise(body.Registration);
            if (RegistrationRules.Validate(form, now) is [var fault, ..]) return Refusal.Invalid(fault.Code, fault.Message, "registration." + fault.Field).ToProblem();
            var (unknown, family) = await MyRegistration.FamilyAsync(http, body.CrisisId, store, service, ct);
            if (unknown is not null) return unknown.ToProblem();
            var token = TrackingToken.New();
            var reference = TrackingToken.Reference(token)!;
            var ids = http.Ids();
            var (personId, registrationId) = (ids.Next(), ids.Next());
            var (refusal, _) = await intake.TakeAsync(
                [new(registrationId, personId, body.CrisisId, TrackingToken.Sender, new(now, Channel.Self, reference, form)) { Household = family }],
                new By(MyRegistration.Account(reference)), null, ct);
            return refusal is not null ? refusal.ToProblem() : TypedResults.Created("/self-registrations/mine", new { trackingToken = token, reference, confirmBefore = now + MyRegistration.Fresh });
        }).AllowAnyone("people in danger have no account").AddEndpointFilter(Limits).AddEndpointFilter(EvenAnswers.InvokeAsync).WithSummary("Register yourself")
          .WithDescription("Keep the tracking token: it is told once. Send an Idempotency-Key that nobody else uses, and a bad line may be tried again without registering twice. With the token as the header Tracking-Token you see, confirm, change and end your registration. Who belongs to your family is registered with your token as that header: nobody else can add to it, whatever reference they give.");
    }

    internal static ValueTask<object?> Limits(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<PublicLimits>().InvokeAsync(context, next);

    private static async Task<IResult> Crises(TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select stream_id, name, areas from {service.Schema}.crisis order by opened_at desc limit 100");
        await using var reader = await select.ExecuteReaderAsync(ct);
        var items = new List<object>();
        while (await reader.ReadAsync(ct)) items.Add(new { crisisId = reader.GetGuid(0), name = reader.GetString(1), areas = reader.GetFieldValue<string[]>(2) });
        return TypedResults.Ok(new { items });
    }
}
