using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.SelfService;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// A partner agency takes down somebody who came to it. The form makes a record of its own, which an officer compares with those
/// known; it changes nobody's record and grants the agency nothing. The agency is told that it was taken, after the same time
/// whoever it is: what it learns of the person is what they let it know (rule Q).
/// </summary>
internal static class RegisterByPartner
{
    private sealed record Body(Guid CrisisId, string Reference, DateTimeOffset RegisteredAt, Registration Registration);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/partner-registrations", async Task<IResult> (Body body, HttpContext http, RegisterPerson intake, CancellationToken ct) =>
        {
            if (http.User.FindFirst("agency")?.Value is not { } agency) return Refusal.Forbidden("agency/no-agency", "This account belongs to no agency. Ask an administrator for one that does.").ToProblem();
            var told = new RegistrationForm(body.RegisteredAt, Channel.Partner, RegistrationRules.Text(body.Reference) ?? "", RegistrationRules.Normalise(body.Registration));
            if (told.Refuse(http, out var form) is { } refused) return refused.ToProblem();
            var ids = http.Ids();
            var (personId, registrationId) = (ids.Next(), ids.Next());
            var (refusal, _) = await intake.TakeAsync(
                [new(registrationId, personId, body.CrisisId, Senders.Agency(agency), form) { Post = Posts.Every }], new By(http.User.Identity!.Name), null, ct);
            return refusal is not null ? refusal.ToProblem() : TypedResults.Accepted((string?)null, new { body.Reference, received = true });
        }).Allow(Roles.Partner).AddEndpointFilter(EvenAnswers.InvokeAsync).WithSummary("Register somebody who came to your agency")
          .WithDescription("reference: yours; the same one sent again is the same registration. shareWith: what the person said. An officer asks them; once they agree, the feed tells you.");

    /// <summary>What is wrong with a form that came in over HTTP.</summary>
    public static Refusal? Refuse(this RegistrationForm form, HttpContext http, out RegistrationForm taken)
    {
        var untimely = http.Happen(form.RegisteredAt, out var at, "registeredAt");
        taken = form with { RegisteredAt = at };
        return form.Reference.Length is 0 or > 100 ? Refusal.Invalid("registration/reference-missing", "Give a reference of at most 100 characters, so that the same registration sent again is recognised.", "reference")
            : untimely
            ?? (RegistrationRules.Validate(form.Registration, at) is [var fault, ..] ? Refusal.Invalid(fault.Code, fault.Message, "registration." + fault.Field) : null);
    }
}
