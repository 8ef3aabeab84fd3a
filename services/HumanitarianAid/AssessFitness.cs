using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>A health worker says whether somebody can be moved. No leg is taken against it.</summary>
internal sealed record AssessFitness(bool Fit, DateOnly? ValidUntil, string? Conditions, string Officer, DateTimeOffset At)
{
    private const int LongestConditions = 1000;

    public static Decision Decide(PersonInNeed person, AssessFitness command) =>
        person.Unavailable() is { } refusal ? refusal
        : command.ValidUntil < DateOnly.FromDateTime(command.At.UtcDateTime)
            ? Refusal.Invalid("fitness/over-already", "This day has passed. Name the last day for which it was said, or leave it out.", "validUntil")
        : command.Conditions is { } words && (string.IsNullOrWhiteSpace(words) || words.Length > LongestConditions || words.Contains('\0'))
            ? Refusal.Invalid("fitness/conditions", $"Say in at most {LongestConditions} characters what must be kept to on the way, or leave it out.", "conditions")
        : person.Fitness is { } before && (before.Fit, before.ValidUntil, before.Conditions) == (command.Fit, command.ValidUntil, command.Conditions) ? Decision.Nothing
        : new FitToTravelAssessed(command.Fit, command.ValidUntil, command.Conditions, command.Officer, command.At);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/fit-to-travel", async Task<IResult> (Guid personId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<PersonInNeed>(personId, person => Decide(person, new(body.Fit, body.ValidUntil, body.Conditions, by, at)), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, body.Fit, body.ValidUntil }));
        }).Allow(Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record whether a person is fit to travel")
          .WithDescription("fit: whether they may be moved. validUntil: the last day for which that was said. Seats that it bars are freed at once.");

    private sealed record Body(bool Fit, DateOnly? ValidUntil = null, string? Conditions = null, DateTimeOffset? At = null);
}
