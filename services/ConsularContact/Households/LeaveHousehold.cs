using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// An adult leaves their household because they wish so, with children they answer for (rule F). Those who leave together are
/// a household of their own from then on. No child leaves on their own wish, and none stays behind with nobody.
/// </summary>
internal sealed record LeaveHousehold(Guid WishOf, IReadOnlyList<Guid> With, Guid NewHouseholdId, string Officer, DateTimeOffset At)
{
    private const int MostChildren = 50;

    private sealed record Body(Guid WishOf, IReadOnlyList<Guid>? With = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/households/{householdId:guid}/departures", async Task<IResult> (Guid householdId, Body body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (body.With?.Count > MostChildren) return Refusal.Invalid("household/too-many", $"Name at most {MostChildren} children.", "with").ToProblem();
            var command = new LeaveHousehold(body.WishOf, [.. (body.With ?? []).Distinct()], http.Ids().Next(), http.User.Identity!.Name!, at);
            var outcome = await store.AttemptAsync(async work => Decide(await Household.LoadAsync(work, store.Database, service, householdId, ct), command).Into(work), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { householdId, left = command.With.Prepend(command.WishOf), newHouseholdId = command.With.Count > 0 ? command.NewHouseholdId : (Guid?)null }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that an adult leaves a household, with children they answer for")
          .WithDescription("wishOf: the adult who asks. with: children for whom that adult is a guardian on record; they become a household of their own together.");

    internal static Changes Decide(Household household, LeaveHousehold command)
    {
        if (household.Unusable is { } unusable) return unusable;
        if (household.Find(command.WishOf) is not { } adult) return Refusal.Invalid("household/not-a-member", "Who wishes to leave is not a member of this household.", "wishOf");
        if (adult.IsChildOn(command.At)) return Refusal.Invalid("household/child-cannot-leave", "A child does not leave a household on their own wish. Name the guardian they go with, or report that the child is unaccompanied or separated.", "wishOf");
        var children = new List<Person>();
        foreach (var id in command.With)
        {
            if (household.Find(id) is not { } child) return Refusal.Invalid("household/not-a-member", "One of those named is not a member of this household.", "with");
            if (!child.IsChildOn(command.At)) return Refusal.Invalid("household/adult-decides", "An adult leaves on their own wish only. Record it as theirs.", "with");
            if (!child.Family.IsGuardian(adult, TieStanding.Confirmed)) return Refusal.Invalid("household/not-the-guardian", "A child goes with a guardian only. If the adult is one, record that first: POST /people/{personId}/guardians of the child.", "with");
            children.Add(child);
        }
        var leaving = command.With.Append(command.WishOf).ToHashSet();
        if (household.AbandonedBy(leaving, command.At).Any())
            return Refusal.Conflict("household/child-left-alone", "A child would stay behind with nobody who answers for them. Name the child too, have another guardian join first, or report the child as separated: POST /people/{personId}/separation.");

        var changes = Changes.None;
        foreach (var member in children.Prepend(adult))
            changes = changes
                .And(member.Id, household.IdsOf(member).Select(id => new HouseholdLeft(id, adult.Id, command.Officer, command.At)))
                .And(member.Id, children.Count == 0 ? [] : [new HouseholdJoined(command.NewHouseholdId, member == adult ? "head" : household.RoleOf(member) ?? "child", command.At) { Source = command.Officer }]);
        return household.Noted(household.WithHead(changes, leaving, command.Officer, command.At), [], [.. leaving.Order()], adult.Id, command.Officer, command.At);
    }
}
