using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>
/// Somebody joins a household, or gets another role in it. A child joins a guardian, and moves from one household to another
/// only on a guardian's wish; a child who is reported alone may live with whoever takes them in, and stays reported.
/// </summary>
/// <param name="WishOf">The adult of the household who takes a child over from another one.</param>
internal sealed record JoinHousehold(string? Role, Guid? WishOf, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    private sealed record Body(Guid PersonId, string Role, Guid? WishOf = null, DateTimeOffset? At = null);

    private sealed record Founders(Guid HeadId, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/households/{householdId:guid}/members", async Task<IResult> (Guid householdId, Body body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var command = new JoinHousehold(RegistrationRules.Text(body.Role), body.WishOf, http.User.Identity!.Name!, at, store.Time.GetUtcNow());
            var outcome = await store.AttemptAsync(async work =>
            {
                var household = await Household.LoadAsync(work, store.Database, service, householdId, ct);
                var person = await work.LoadAsync<Person>(body.PersonId);
                var from = person.Households.Except(household.Ids).Order().FirstOrDefault() is var other && other != Guid.Empty ? await Household.LoadAsync(work, store.Database, service, other, ct) : null;
                return Decide(household, person, from, command).Into(work);
            }, new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.Ok(new { householdId, body.PersonId, command.Role }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that somebody joins a household, or has another role in it")
          .WithDescription($"role: {string.Join(", ", Household.Roles)}. wishOf: for a child who belongs to another household, the guardian in this one who takes them over.");

        api.MapPost("/households", async Task<IResult> (Founders body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            var (id, officer) = (http.Ids().Next(), http.User.Identity!.Name!);
            var outcome = await store.AttemptAsync(async work => Found(await work.LoadAsync<Person>(body.HeadId), id, officer, at, store.Time.GetUtcNow()).Into(work), new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.Created($"/households/{id}", new { householdId = id }));
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Begin a household with its head; the others join it");
    }

    private static Refusal HeadIsAChild(string field) => Refusal.Invalid("household/head-is-a-child",
        "A child is not the head of a household. Name an adult, or another role; if children have nobody, report them as unaccompanied.", field);

    internal static Changes Found(Person head, Guid householdId, string officer, DateTimeOffset at, DateTimeOffset now) =>
        head.Unavailable is { } gone ? gone
        : head.IsChildOn(now) ? HeadIsAChild("headId")
        : head.Households.Count > 0 ? InAnother
        : Changes.None.And(head.Id, new HouseholdJoined(householdId, "head", at) { Source = officer, Late = true }).And(householdId, new HouseholdChanged([head.Id], [], head.Id, officer, at));

    /// <param name="from">The household that the person belongs to now, where it is another one.</param>
    internal static Changes Decide(Household household, Person person, Household? from, JoinHousehold command)
    {
        if (!Household.Roles.Contains(command.Role)) return Refusal.Invalid("household/role-unknown", $"Say what they are in the household: {string.Join(", ", Household.Roles)}.", "role");
        if (household.Unusable is { } unusable) return unusable;
        if (person.Unavailable is { } gone) return gone;
        if (command.Role == "head" && household.Members.Any(member => member.Id != person.Id && household.RoleOf(member) == "head"))
            return Refusal.Conflict("household/has-a-head", "This household has a head. Record another role, or give the head another role first.");
        if (command.Role == "head" && person.IsChildOn(command.Now)) return HeadIsAChild("role");
        if (person.Family.MovedSince(household.Ids.Union(from?.Ids ?? []), command.At, command.Now) is { } moved) return OrderOfFacts.MovedSince(moved);
        if (household.Has(person.Id))
            return household.RoleOf(person) == command.Role ? Changes.None : Changes.None.And(person.Id, new HouseholdJoined(household.IdsOf(person).First(), command.Role, command.At) { Source = command.Officer });
        if (person.IsChildOn(command.Now))
        {
            if (person.Family.Separation is null && !household.AdultsOn(command.Now).Any(adult => person.Family.IsGuardian(adult)))
                return Refusal.Conflict("household/child-without-guardian", "No guardian of this child is in this household. Record who is: POST /people/{personId}/guardians; or report the child as unaccompanied or separated.");
            if (from is not null && !household.AdultsOn(command.Now).Any(adult => adult.Id == command.WishOf && (person.Family.Separation is not null || person.Family.IsGuardian(adult))))
                return Refusal.Invalid("household/whose-wish", "The child belongs to another household. Name the guardian in this one who takes the child over.", "wishOf");
        }
        else if (from is not null) return InAnother;

        var joined = Changes.None
            .And(person.Id, from is null ? [] : from.IdsOf(person).Select(id => new HouseholdLeft(id, command.WishOf, command.Officer, command.At)))
            .And(person.Id, new HouseholdJoined(household.Id, command.Role, command.At) { Source = command.Officer, Late = true });
        if (from is not null) joined = from.Noted(joined, [], [person.Id], command.WishOf, command.Officer, command.At);
        return household.Noted(joined, [person.Id], [], command.WishOf, command.Officer, command.At);
    }

    private static Refusal InAnother => Refusal.Conflict("household/in-another", "This adult belongs to another household. They leave it first, on their own wish: POST /households/{householdId}/departures.");
}
