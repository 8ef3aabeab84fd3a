using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Gate;

/// <summary>
/// The gate sees a family together and looks at their papers, or asks both (rule C): one act for all of its children and adults on
/// the transport. Without it no child boards. Of a child who is alone the gate says nothing: that takes protection officers.
/// </summary>
internal sealed record ConfirmFamilyAtGate(IReadOnlyList<Guid> Guardians, IReadOnlyList<Guid> Children, string? Grounds, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    internal sealed record FamilySeen(IReadOnlyList<Guid> Guardians, IReadOnlyList<Guid> Children, string Grounds, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/transports/{transportId:guid}/families", async Task<IResult> (Guid transportId, FamilySeen body, HttpContext http, TimelineStore store) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var command = new ConfirmFamilyAtGate([.. body.Guardians.Distinct()], [.. body.Children.Distinct()], body.Grounds, http.Officer(), at, store.Time.GetUtcNow());
            if (GuardianRefusals.Malformed(command.Guardians, command.Children, command.Grounds) is { } malformed) return malformed.ToProblem();
            var outcome = await store.AttemptAsync(
                async work =>
                {
                    var scene = await Scene.LoadAsync(work, [.. command.Guardians, .. command.Children], [transportId]);
                    var people = scene.People;
                    foreach (var child in command.Children)
                        foreach (var adult in command.Guardians)
                            people = people.SetItem(adult, people[adult] with
                            {
                                Record = await work.AlsoKnownAsAsync(adult, people[adult].Record, people[child].Ties),
                            });
                    return Decide(scene with { People = people }, transportId, command).Into(work);
                }, new By(command.Officer), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { transportId, command.Guardians, command.Children, command.Grounds }));
        }).Allow(Roles.Coordinator).WithSummary("Confirm at the gate who answers for the children of a family")
          .WithDescription($"You see them together. guardians: the adults who answer for each of the children named; all are on the transport's manifest. grounds: {string.Join(", ", GuardianRefusals.AllGrounds)}.");

    public static Scene Decide(Scene scene, Guid transport, ConfirmFamilyAtGate command)
    {
        if (scene.Transports[transport].Schedule is null) return scene.Refuse(Transport.Unknown);
        var run = scene.Transports[transport];
        var day = Scene.DayOf(run);
        if (command.Guardians.Concat(command.Children).Any(id => run.Manifest.GetValueOrDefault(id) is not { IsTaken: true }))
            return scene.Refuse(Refusal.Conflict("guardian/not-on-the-manifest", "One of them holds no space on this transport. Let them walk up or stand by first, or have an officer confirm the family."));
        var adults = command.Guardians.Select(id => scene.People[id]).ToList();
        // Who comes of age between now and the departure acts for nobody yet.
        var today = DateOnly.FromDateTime(command.Now.UtcDateTime);
        if (adults.Exists(adult => adult.IsMinorOn(day) || adult.IsMinorOn(today)))
            return scene.Refuse(GuardianRefusals.AChild with { Field = "guardians" });
        if (adults.Exists(adult => !adult.Childhood.IsAdultOn(day)))
            return scene.Refuse(GuardianRefusals.AgeUnknown with { Field = "guardians" });
        return command.Children.Aggregate(scene, (next, child) => adults.Aggregate(next, (after, adult) => after.Ask(child, person => person.ConfirmTie(adult, day, command.Grounds!, command.Officer, command.At))));
    }
}
