using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>The aid reached the person.</summary>
internal sealed record DeliverAid(Guid NeedId, string DeliveredBy, DateTimeOffset At)
{
    public static Decision Decide(PersonInNeed person, DeliverAid command) =>
        (person.Record.RefuseMissing() ?? Unknown(person, command.NeedId)) is { } refusal ? refusal
        : person.AidNeeds.Single(need => need.Id == command.NeedId).State switch
        {
            "delivered" => Decision.Nothing,
            "closed" => Refusal.Conflict("aid/need-closed", "This need was closed. Look whether the person waits for aid under another record."),
            "open" => Refusal.Conflict("aid/not-allocated", "Nothing was allocated for this need yet. Allocate stock to it first, then record the delivery."),
            _ => new AidDelivered(command.NeedId, command.DeliveredBy, command.At),
        };

    internal static Refusal? Unknown(PersonInNeed person, Guid needId) =>
        person.AidNeeds.Any(need => need.Id == needId) ? null
            : Refusal.NotFound("need/unknown", "The person has no such need. Load the list of needs again and choose from it.");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/needs/{needId:guid}/delivery", async Task<IResult> (Guid personId, Guid needId, Body? body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body?.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<PersonInNeed>(personId, person => Decide(person, new(needId, by, at)), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, needId, state = "delivered" }));
        }).Allow(Roles.AidWorker);

    private sealed record Body(DateTimeOffset? At = null);
}
