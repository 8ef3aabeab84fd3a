using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// An officer or the gate saw a family together and looked at their papers, or asked both (rule C): one act for all of its children
/// and adults. From then on these adults consent, board and are handed over with these children. A child who is or was reported alone is no part of it,
/// and whoever made the family up on record is no witness of it.
/// </summary>
internal sealed record ConfirmFamily(IReadOnlyList<Guid> Guardians, IReadOnlyList<Guid> Children, string? Grounds, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    internal sealed record FamilyConfirmation(IReadOnlyList<Guid> Guardians, IReadOnlyList<Guid> Children, string Grounds, DateTimeOffset? At = null);

    internal sealed record TieRefusal(string Reason, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/households/{householdId:guid}/confirmation", async Task<IResult> (Guid householdId, FamilyConfirmation body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new ConfirmFamily([.. body.Guardians.Distinct()], [.. body.Children.Distinct()], body.Grounds, http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work => Decide(
                await WithDeniedAsync(work, await Household.LoadAsync(work, store.Database, service, householdId, ct), command), command).Into(work), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { householdId, command.Guardians, command.Children, command.Grounds }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer, Roles.Coordinator).WithSummary("Confirm who answers for the children of a household")
          .WithDescription($"You saw them together. guardians: the adults who answer for each of the children named. grounds: {string.Join(", ", GuardianRefusals.AllGrounds)}.");

        api.MapPost("/people/{personId:guid}/guardians/{guardianId:guid}/refusal", async Task<IResult> (Guid personId, Guid guardianId, TieRefusal body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var officer = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<Person>(personId, child => Refuse(child, guardianId, body.Reason, officer, at), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that an adult who was proposed or declared does not answer for a child");
    }

    private static async Task<Household> WithDeniedAsync(Work work, Household household, ConfirmFamily command)
    {
        var members = household.Members;
        foreach (var child in members.Where(member => command.Children.Contains(member.Id)))
            foreach (var (place, adult) in members.Index().Where(member => command.Guardians.Contains(member.Item.Id)))
                members = members.SetItem(place, adult with
                {
                    Record = await work.AlsoKnownAsAsync(adult.Id, adult.Record, child.Family.Guardians),
                });
        return household with { Members = members };
    }

    internal static Changes Decide(Household household, ConfirmFamily command)
    {
        if (GuardianRefusals.Malformed(command.Guardians, command.Children, command.Grounds) is { } malformed) return malformed;
        if (household.Unusable is { } unusable) return unusable;
        var guardians = new List<Person>();
        foreach (var id in command.Guardians)
        {
            if (household.Find(id) is not { } adult) return LeaveHousehold.NotAMember("guardians");
            if (adult.IsChildOn(command.Now) || adult.IsChildOn(command.At)) return GuardianRefusals.AChild with { Field = "guardians" };
            if (!adult.Childhood.IsAdultOn(command.Now)) return GuardianRefusals.AgeUnknown with { Field = "guardians" };
            guardians.Add(adult);
        }
        var changes = Changes.None;
        foreach (var id in command.Children)
        {
            if (household.Find(id) is not { } child) return LeaveHousehold.NotAMember("children");
            // Who came of age since was seen as a child; no rule asks the tie of an adult.
            if (!child.IsChildOn(command.Now) && !child.IsChildOn(command.At)) return GuardianRefusals.NotAChild;
            if (child.Alone.IsReported) return GuardianRefusals.ProtectionOfficerNeeded;
            var news = guardians.Where(adult => child.Family.TieTo(adult)?.Standing is not TieStanding.Confirmed).ToList();
            var refusal = news.Select(adult => WhyNotSeen(household, child, adult, command.Officer)).FirstOrDefault(why => why is not null);
            if (refusal is not null) return refusal;
            changes = changes.And(id, news.Select(adult => new TieConfirmed(adult.Id, command.Grounds!, command.Officer, command.At) { SeenAs = [.. adult.Record.Duplicates.Order()] }));
        }
        return changes;
    }

    private static Refusal? WhyNotSeen(Household household, Person child, Person adult, string officer) =>
        GuardianRefusals.WhyNotSeen(child.Family.Guardians, adult.Id, adult.Family.Guardians, adult.Record, officer)
        // Two families that only merged records make one: who merged them is no witness either.
        ?? (child.Family.TieTo(adult) is null && !child.Family.Guardians.SharesHousehold(adult.Family.Guardians)
            && household.Members.Any(member => member.Matches.Duplicates.Values.Any(merged => NameGuardian.SameAccount(merged.Officer ?? "", officer)))
            ? GuardianRefusals.AnotherOfficerNeeded : null);

    internal static Decision Refuse(Person child, Guid guardian, string? reason, string officer, DateTimeOffset at) =>
        Intake.RegistrationRules.Text(reason) is not { Length: <= 2000 } why ? Refusal.Invalid("guardian/refusal-reason-missing", "Say in at most 2,000 characters why the adult does not answer for the child.", "reason")
        : child.Unavailable is { } gone ? gone
        : child.Family.Guardians.All.GetValueOrDefault(guardian) switch
        {
            null => NameGuardian.NotTheirGuardian,
            { Standing: TieStanding.Confirmed } => Refusal.Conflict("guardian/confirmed", "This tie was confirmed. A protection officer ends it: POST /people/{personId}/guardians/{guardianId}/end."),
            _ => new TieRefused(guardian, officer, why, at),
        };
}
