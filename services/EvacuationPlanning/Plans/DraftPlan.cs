using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>
/// Makes a plan to be looked at. Nothing is held by it and nobody is told: that is what publishing does, by somebody who has
/// seen what it would change.
/// </summary>
internal sealed class DraftPlanFeature(TimelineStore store, Situations situations, PlanShelf shelf, CertifyPlanFeature certify)
{
    private const int UsualFreeze = 120, LongestFreeze = 14 * 24 * 60;

    /// <param name="CrisisCountry">Refused: in which countries a crisis is, is a fact of the crisis.</param>
    /// <param name="MoveHeld">Whoever holds seats may be moved, and may lose them, for anybody more urgent.</param>
    /// <param name="FreezeMinutes">Seats on transports that depart within this time stay as they are.</param>
    internal sealed record Body(
        Guid CrisisId, string? CrisisCountry = null, DateTimeOffset? NotBefore = null, bool MoveHeld = false, int FreezeMinutes = UsualFreeze, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/plans", async (Body body, HttpContext http, DraftPlanFeature feature) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var (asked, wrong) = Ask(body.CrisisId, body.CrisisCountry, body.NotBefore, body.MoveHeld, body.FreezeMinutes, at);
            if (wrong is not null) return wrong.ToProblem();
            var (plan, refusal) = await feature.DraftAsync(http.Ids().Next(), asked!, http.Officer(), at, http.RequestAborted);
            return refusal is not null ? refusal.ToProblem() : (IResult)TypedResults.Created($"/plans/{plan!.PlanId}", Review.Of(plan, null, feature.Now, Reader.Of(http)));
        }).Allow(Roles.Coordinator).WithSummary("Makes a plan to be looked at; nothing is held by it");

    private DateTimeOffset Now => store.Time.GetUtcNow();

    public static (Asked? Asked, Refusal? Refusal) Ask(Guid crisis, string? country, DateTimeOffset? notBefore, bool moveHeld, int? freezeMinutes, DateTimeOffset at) => (country, freezeMinutes ?? UsualFreeze) switch
    {
        (not null, _) => (null, Refusal.Invalid("plan/country-not-asked",
            "A plan does not say where the crisis is. Leave crisisCountry out: the crisis's own timeline tells it (POST /crises/{crisisId}/countries of the consular service).", "crisisCountry")),
        (_, < 0 or > LongestFreeze) =>
            (null, Refusal.Invalid("plan/freeze", $"Give the time within which seats stay as they are in minutes, from 0 to {LongestFreeze} (14 days).", "freezeMinutes")),
        (_, var freeze) => (new(crisis, (notBefore ?? at).ToUniversalTime(), at.AddMinutes(freeze), moveHeld), null),
    };

    public async Task<(DraftedPlan? Plan, Refusal? Refusal)> DraftAsync(Guid planId, Asked asked, string coordinator, DateTimeOffset at, CancellationToken ct)
    {
        if (await shelf.FindAsync(planId, ct) is { } before) return (before, null);
        var (situation, refusal) = await situations.ReadAsync(asked.CrisisId, ct);
        if (refusal is not null) return (null, refusal);

        var proposal = Proposal.Of(situation!, asked);
        var content = PlanContent.Of(proposal).Write();
        var plan = new DraftedPlan(
            planId, asked, proposal.Plan.RuleVersion, coordinator, at, situation!.ReadAt, proposal.Tiers.Sum(tier => tier.People), proposal.Groups.Length, proposal.Tiers,
            LeftBehind(proposal.Groups), PlanContent.HashOf(content))
        { LeftOut = proposal.LeftOut };
        var outcome = await store.AttemptAsync(async work =>
        {
            if ((await work.LoadAsync<PublishedPlan>(planId)).Drafted is not null) return null;
            PlanShelf.Put(work, plan, content, Now);
            return work.Append(planId, new PlanDrafted(asked.CrisisId, plan.RuleVersion, plan.People, plan.Tiers.Sum(tier => tier.Placed), plan.Hash, coordinator, at));
        }, new By(coordinator), ct);
        if (outcome.Refusal is not null) return (null, outcome.Refusal);
        certify.Begin(planId, asked.CrisisId, proposal);
        return (await shelf.FindAsync(planId, ct), null);
    }

    /// <summary>People without a journey, counted by what keeps them.</summary>
    internal static IReadOnlyDictionary<string, int> LeftBehind(IEnumerable<PlannedGroup> groups) => groups.Where(group => group.Reason is not null)
        .GroupBy(group => group.Reason!).OrderBy(reason => reason.Key, StringComparer.Ordinal).ToDictionary(reason => reason.Key, reason => reason.Sum(group => group.Concerned.Length));
}
