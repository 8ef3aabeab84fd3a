using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>Somebody looks after a child who is alone, until somebody else does or it ends.</summary>
internal sealed record ArrangeCare(Guid ArrangementId, string Kind, string? With, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private static readonly string[] Kinds = ["kin", "foster-family", "community", "residential", "hospital", "independent-living"];

    private sealed record Body(string Kind, Guid? CarerId = null, string? With = null, DateTimeOffset? At = null);

    private sealed record End(DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/separation/care", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new ArrangeCare(http.Ids().Next(), body.Kind, RegistrationRules.Text(body.With), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => work.Append(personId, Decide(
                await work.LoadAsync<Person>(personId), body.CarerId is { } carer ? await work.LoadAsync<Person>(carer) : null, command)), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/people/{personId}/separation", new { personId, command.ArrangementId }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record who looks after a child who is alone")
          .WithDescription($"kind: {string.Join(", ", Kinds)}. carerId: a registered adult, or say in with: who and where. It ends what was arranged before.");

        api.MapPost("/people/{personId:guid}/separation/care/{arrangementId:guid}/end", async Task<IResult> (Guid personId, Guid arrangementId, End? body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body?.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Person>(personId, child => Finish(child, arrangementId, officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that an arrangement for a child's care has ended");
    }

    internal static Decision Decide(Person child, Person? carer, ArrangeCare command) =>
        !Kinds.Contains(command.Kind) ? Refusal.Invalid("care/kind-unknown", $"Say what kind of care it is: {string.Join(", ", Kinds)}.", "kind")
        : command.With?.Length > 2000 ? Refusal.Invalid("care/with-too-long", "Say in at most 2,000 characters who looks after the child, and where.", "with")
        : carer is null && command.With is null ? Refusal.Invalid("care/with-whom", "Say who looks after the child: a registered adult as carerId, or in words.", "with")
        : child.Unavailable is { } gone ? gone
        : child.Family.Separation is not { } alone ? EndSeparation.None
        : command.At < alone.At ? Refusal.Invalid("care/before-the-case", "The child was reported alone later than that. Check the time.", "at")
        : carer is not null && (carer.Unavailable is not null || carer.Id == child.Id || !carer.Childhood.IsAdultOn(command.Now))
            ? Refusal.Invalid("care/carer-unfit", "Who looks after a child must be a registered adult whose birth date is known. Register them first, or say in words who it is.", "carerId")
        : new CareArranged(alone.CaseId, command.ArrangementId, command.Kind, carer?.Id, command.With, command.Officer, command.At);

    internal static Decision Finish(Person child, Guid arrangement, string officer, DateTimeOffset at) =>
        child.Unavailable is { } gone ? gone
        : child.Family.Separation is not { } alone ? EndSeparation.None
        : child.Family.Care.Find(care => care.Id == arrangement) is not { } care ? Refusal.NotFound("care/unknown", "There is no such arrangement for this child. Look at the child's case.")
        : care.Until is not null ? Decision.Nothing
        : at < care.From ? Refusal.Invalid("care/ended-before", "It cannot have ended before it began. Check the time.", "at")
        : new CareEnded(alone.CaseId, arrangement, officer, at);
}
