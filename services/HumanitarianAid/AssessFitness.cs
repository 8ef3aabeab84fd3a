using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>A health worker says whether somebody can be moved. No leg is taken against it.</summary>
internal sealed record AssessFitness(bool Fit, DateOnly? ValidUntil, string? Conditions, string Officer, DateTimeOffset At)
{
    private const int LongestConditions = 1000;

    public static Decision Decide(PersonInNeed person, AssessFitness command) =>
        person.Record.Refuse() is { } refusal ? refusal
        : command.ValidUntil < DateOnly.FromDateTime(command.At.UtcDateTime)
            ? Refusal.Invalid("fitness/over-already", "This day has passed. Name the last day for which it was said, or leave it out.", "validUntil")
        : command.Conditions is { } words && (string.IsNullOrWhiteSpace(words) || words.Length > LongestConditions || words.Contains('\0'))
            ? Refusal.Invalid("fitness/conditions", $"Say in at most {LongestConditions} characters what must be kept to on the way, or leave it out.", "conditions")
        : person.Fitness is { } before && (before.Fit, before.ValidUntil, before.Conditions) == (command.Fit, command.ValidUntil, command.Conditions) ? Decision.Nothing
        : new FitToTravelAssessed(command.Fit, command.ValidUntil, command.Conditions, command.Officer, command.At);

    /// <summary>What was said last holds for the one person that two records were found to be.</summary>
    public static Decision Carry(PersonInNeed stays, PersonInNeed duplicate) =>
        duplicate is { Erased: false, Fitness: { } said } && !(stays.Fitness?.At >= said.At) ? said with { MergedFrom = duplicate.Id } : Decision.Nothing;

    public static void Add(Reactions reactions) => reactions.On(woken => woken.Timeline.AttemptAsync(async work =>
    {
        var duplicate = await work.LoadAsync<PersonInNeed>(woken.StreamId);
        return duplicate.MergedInto is { } stays ? work.Append(stays, Carry(await work.LoadAsync<PersonInNeed>(stays), duplicate)) : null;
    }, woken.By, woken.Stopping), typeof(MergedInto));

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/fit-to-travel", async Task<IResult> (Guid personId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<PersonInNeed>(personId, person => Decide(person, new(body.Fit, body.ValidUntil, body.Conditions, by, at)), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, body.Fit, body.ValidUntil }));
        }).Allow(Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record whether a person is fit to travel")
          .WithDescription("fit: whether they may be moved. validUntil: the last day for which that was said. Seats that it bars are freed at once.");

        api.MapGet("/people/{personId:guid}/fit-to-travel", async Task<IResult> (Guid personId, TimelineStore store, HttpContext http) =>
            (await store.LoadAsync<PersonInNeed>(personId, ct: http.RequestAborted)).State is var person && person.Record.Refuse() is { } refusal ? refusal.ToProblem()
                : person.Fitness is not { } said ? NotAssessed.ToProblem()
                : TypedResults.Ok(new { personId, said.Fit, said.ValidUntil, said.Conditions, said.Officer, said.At }))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer, Roles.Coordinator, Roles.Officer, Roles.Auditor).LogsRead("fitness to travel").WithSummary("Whether a person is fit to travel, and what must be kept to on the way");
    }

    private static Refusal NotAssessed => Refusal.NotFound("fitness/not-assessed", "No health worker has said whether this person is fit to travel. Ask for one if they are ill or hurt.");

    private sealed record Body(bool Fit, DateOnly? ValidUntil = null, string? Conditions = null, DateTimeOffset? At = null);
}
