using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.EvacuationPlanning.Explain;
using CrisisCoordination.EvacuationPlanning.Travel;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Plans;

/// <summary>A plan as it is looked at: figures, and what it changes against the seats that were held when it was drafted.</summary>
/// <param name="FactsAgeInSeconds">How long ago people and transports were read. Publishing asks each of them again.</param>
internal sealed record Review(
    Guid PlanId, Guid CrisisId, string State, string RuleVersion, string Coordinator, DateTimeOffset At, DateTimeOffset FactsReadAt, long FactsAgeInSeconds,
    bool MoveHeld, DateTimeOffset FrozenUntil, int People, int Groups, int Placed, int AtMost, ImmutableArray<PlannedTier> Tiers,
    IReadOnlyDictionary<string, int> Changes, IReadOnlyDictionary<string, int> LeftBehind, string Hash, Publication? Published)
{
    /// <summary>Transports that the plan could not use as they were entered, and why.</summary>
    public IReadOnlyList<LeftOut> TransportsLeftOut { get; init; } = [];

    public static Review Of(DraftedPlan plan, PlanPublished? published, DateTimeOffset now, Reader reader)
    {
        int Sum(Func<PlannedTier, int> figure) => plan.Tiers.Sum(figure);
        return new(
            plan.PlanId, plan.Asked.CrisisId, published is null ? "draft" : "published", plan.RuleVersion, plan.Coordinator, plan.At, plan.ReadAt, (long)(now - plan.ReadAt).TotalSeconds,
            plan.Asked.MoveHeld, plan.Asked.FrozenUntil, plan.People, plan.Groups, Sum(tier => tier.Placed), Sum(tier => tier.AtMost), plan.Tiers,
            new Dictionary<string, int>
            {
                ["kept"] = Sum(tier => tier.Kept),
                ["gained"] = Sum(tier => tier.Gained),
                ["moved"] = Sum(tier => tier.Moved),
                ["lost"] = Sum(tier => tier.Lost),
                ["left"] = Sum(tier => tier.Left),
            },
            reader.Known(plan.LeftBehind), plan.Hash, published is null ? null : Publication.Of(plan.PlanId, published, reader))
        { TransportsLeftOut = plan.LeftOut };
    }
}

internal static class ReviewPlanFeature
{
    internal sealed record Why(string Code, string Words);

    internal sealed record Line(
        Guid GroupId, ImmutableArray<Guid> People, int Tier, int Score, Change Kind, ImmutableArray<string> From, ImmutableArray<string> To, Why? Why, Why? KeptBy);

    private static Refusal KindUnknown => Refusal.Invalid("plan/kind-unknown", "Ask for one kind of change: kept, gained, moved, lost or left; or for none, to see all who gain, lose or are moved.", "kind");

    public static Refusal Unknown => Refusal.NotFound("plan/unknown", "There is no such plan. Make a new draft, or look up the address that the draft was given.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/plans/{planId:guid}", async (Guid planId, HttpContext http, TimelineStore store, PlanShelf shelf) =>
        {
            var published = (await store.LoadAsync<PublishedPlan>(planId, ct: http.RequestAborted)).State.Published;
            if (await shelf.FindAsync(planId, http.RequestAborted) is { } plan) return TypedResults.Ok(Review.Of(plan, published, store.Time.GetUtcNow(), Reader.Of(http)));
            // One that was published before plans were drafted.
            return published is null ? Unknown.ToProblem() : (IResult)TypedResults.Ok(Publication.Of(planId, published, Reader.Of(http)));
        }).Allow(Roles.Coordinator, Roles.Auditor).WithSummary("What a plan comes to, and what it changes");

        api.MapGet("/plans/{planId:guid}/changes", async (Guid planId, HttpContext http, PlanShelf shelf, string? kind = null, string? cursor = null, int? limit = null) =>
        {
            Change? only = kind is null ? null : Enum.TryParse<Change>(kind, ignoreCase: true, out var asked) && !int.TryParse(kind, out _) ? asked : (Change)(-1);
            if (only == (Change)(-1)) return KindUnknown.ToProblem();
            if (Page.Asked(cursor, limit, out var from, out var many) is { } wrong) return wrong.ToProblem();
            if (await shelf.FindAsync(planId, http.RequestAborted) is null) return Unknown.ToProblem();
            var (content, reader) = (PlanContent.Read(await shelf.ContentAsync(planId, http.RequestAborted)), Reader.Of(http));
            var page = Page.Of(content.Groups.Where(group => only is { } one ? group.Change == one : group.Change is Change.Gained or Change.Moved or Change.Lost), from, many, group => new Line(
                group.Id, group.Concerned, group.Tier, group.Score, group.Change, Codes(group.Was), Codes(group.Now), Say(group.Why), Say(group.Reason)));
            // Why somebody is left behind says something about them: whoever is shown can be told who read it.
            await http.LogReadAsync("plan changes", page.Items.SelectMany(line => line.People).Select(person => (Guid?)person));
            return (IResult)TypedResults.Ok(page);

            ImmutableArray<string> Codes(ImmutableArray<int> way) => [.. way.Select(run => content.Runs[run].Code)];
            Why? Say(string? code) => code is null ? null : reader.Known(code) is var known ? new(known, Words.Say(known)) : null;
        }).LogsRead("plan changes").Allow(Roles.Coordinator, Roles.Auditor).WithSummary("Who gains a journey by a plan, who loses one, who is moved, and why")
          .WithDescription("kind: kept, gained, moved, lost, left. In the order of urgency.");
    }
}
