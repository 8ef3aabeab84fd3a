using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// An adult leaves their household because they wish so, with children they answer for (rule F). Those who leave together are
/// a household of their own from then on. No child leaves on their own wish, and none stays behind with nobody.
/// </summary>
internal sealed record LeaveHousehold(Guid WishOf, IReadOnlyList<Guid> With, Guid NewHouseholdId, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private const int MostChildren = 50;

    private sealed record Body(Guid WishOf, IReadOnlyList<Guid>? With = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/households/{householdId:guid}/departures", async Task<IResult> (Guid householdId, Body body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (body.With?.Count > MostChildren) return Refusal.Invalid("household/too-many", $"Name at most {MostChildren} children.", "with").ToProblem();
            var command = new LeaveHousehold(body.WishOf, [.. (body.With ?? []).Distinct()], http.Ids().Next(), http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => Decide(await Household.LoadAsync(work, store.Database, service, householdId, ct), command).Into(work), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { householdId, left = command.With.Prepend(command.WishOf), newHouseholdId = command.With.Count > 0 ? command.NewHouseholdId : (Guid?)null }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that an adult leaves a household, with children they answer for")
          .WithDescription("wishOf: the adult who asks. with: children for whom that adult is a guardian on record; they become a household of their own together.");

    internal static Refusal NotAMember(string field) =>
        Refusal.Invalid("household/not-a-member", "This person is not a member of the household. GET /households/{householdId} shows who is.", field);

    internal static Changes Decide(Household household, LeaveHousehold command)
    {
        if (household.Unusable is { } unusable) return unusable;
        if (household.Find(command.WishOf) is not { } adult) return NotAMember("wishOf");
        if (adult.IsChildOn(command.Now)) return Refusal.Invalid("household/child-cannot-leave", "A child does not leave a household on their own wish. Name the guardian they go with, or report that the child is unaccompanied or separated.", "wishOf");
        var children = new List<Person>();
        foreach (var id in command.With)
        {
            if (household.Find(id) is not { } child) return NotAMember("with");
            if (!child.IsChildOn(command.Now)) return Refusal.Invalid("household/adult-decides", "An adult leaves on their own wish only. Record it as theirs.", "with");
            if (!child.Family.IsGuardian(adult, TieStanding.Confirmed)) return Refusal.Invalid("household/not-the-guardian", "A child goes with a guardian only. If the adult is one, record that first: POST /people/{personId}/guardians of the child.", "with");
            children.Add(child);
        }
        if (children.Prepend(adult).Select(member => member.Family.MovedSince(household.IdsOf(member), command.At, command.Now)).FirstOrDefault(since => since is not null) is { } moved) return OrderOfFacts.MovedSince(moved);
        var leaving = command.With.Append(command.WishOf).ToHashSet();
        if (household.AbandonedBy(leaving, command.Now).Any())
            return Refusal.Conflict("household/child-left-alone", "A child would stay behind with nobody who answers for them. Name the child too, have another guardian join first, or report the child as separated: POST /people/{personId}/separation.");

        var changes = Changes.None;
        foreach (var member in children.Prepend(adult))
            changes = changes
                .And(member.Id, household.IdsOf(member).Select(id => new HouseholdLeft(id, adult.Id, command.Officer, command.At)))
                .And(member.Id, children.Count == 0 ? [] : [new HouseholdJoined(command.NewHouseholdId, member == adult ? "head" : household.RoleOf(member) ?? "child", command.At) { Source = command.Officer }]);
        return household.Noted(household.WithHead(changes, leaving, command.Officer, command.At, command.Now), [], [.. leaving.Order()], adult.Id, command.Officer, command.At);
    }
}
