using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Households;

/// <summary>Who belongs to a household, who answers for whom, where each was last known to be, and whether all agreed to go.</summary>
/// <summary>Who answers for a child, as an officer reads it.</summary>
internal sealed record GuardianAnswer(Guid GuardianId, string Basis, TieStanding Standing);

internal static class ShowHousehold
{
    // Whoever is this far from the others is somewhere else, whatever the telephone's accuracy.
    private const double ApartKilometres = 5;

    private static readonly string[] SeeWhereabouts = [Roles.Officer, Roles.Coordinator, Roles.ProtectionOfficer], SeeSeparation = [Roles.Officer, Roles.ProtectionOfficer];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/households/{householdId:guid}", (Guid householdId, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
            AnswerAsync(householdId, http, store, service, ct)).Allow(FindPeople.Readers).WithSummary("The members of a household, wherever they are")
            .WithDescription("Members of all households that people in common make one family of. Where somebody is, is shown to those who may see whereabouts.");

        api.MapGet("/people/{personId:guid}/household", async (Guid personId, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
            (await store.LoadAsync<Person>(personId, ct: ct)).State switch
            {
                { Unavailable: { } gone } => gone.ToProblem(),
                { Households.Count: 0 } => Refusal.NotFound("household/none", "This person belongs to no household.").ToProblem(),
                var person => await AnswerAsync(person.Households.Order().First(), http, store, service, ct),
            }).Allow(FindPeople.Readers).WithSummary("The household of a person");
    }

    private static async Task<IResult> AnswerAsync(Guid id, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        var (ids, people) = await Household.FamilyAsync(store.Database, service, [id], ct);
        var timelines = await store.ReadAsync(people, ct);
        var now = store.Time.GetUtcNow();
        var household = new Household(id, ids, [.. timelines.Select(timeline => timeline.Fold<Person>()).Where(member => member.Unavailable is null).OrderBy(member => member.Id)]);
        if (household.Unusable is { } unusable) return unusable.ToProblem();
        await http.LogReadAsync("household", household.Members.Select(member => (Guid?)member.Id));

        var (where, alone) = (SeeWhereabouts.Any(http.User.IsInRole), SeeSeparation.Any(http.User.IsInRole));
        var last = timelines.ToDictionary(timeline => timeline.Id, timeline => timeline.Fold<LastKnown>().Last);
        var farthest = where ? Farthest([.. household.Members.Select(member => last[member.Id]?.Spot.Position).OfType<Position>()]) : null;
        return TypedResults.Ok(new
        {
            householdId = id,
            households = ids.Order(),
            allConsented = household.Members.All(member => member.MayLeaveAt(now)),
            inDifferentPlaces = farthest > ApartKilometres ? true : farthest is null ? (bool?)null : false,
            kilometresApart = farthest is { } far ? Math.Round(far, 1) : (double?)null,
            members = household.Members.Select(member => new
            {
                personId = member.Id,
                role = household.RoleOf(member),
                member.Latest?.FamilyName,
                member.Latest?.GivenNames,
                birthDate = member.Latest?.BirthDate,
                member.Latest?.Nationality,
                member.Registrations[0].Reference,
                isChild = member.IsChildOn(now),
                ageKnown = member.Childhood.BirthDates.Any(),
                guardians = member.Family.Guardians.All.Values.OrderBy(tie => tie.AdultId).Select(tie => new GuardianAnswer(tie.AdultId, tie.Basis, tie.Standing)),
                guardianOf = household.Members.Where(child => child.Family.IsGuardian(member)).Select(child => child.Id),
                escortId = member.Alone.EscortFor(member.Family.Guardians)?.AdultId,
                separation = alone ? member.Family.Separation?.Kind : null,
                consented = member.MayLeaveAt(now),
                lastKnown = where && last[member.Id] is { } seen ? new { seen.Spot.Place, seen.Spot.Position, seen.Source, seen.At, ageMinutes = (long)(now - seen.At).TotalMinutes } : null,
            }),
        });
    }

    private static double? Farthest(Position[] positions) =>
        positions.Length < 2 ? null : positions.SelectMany((one, i) => positions.Skip(i + 1).Select(one.KilometresTo)).Max();
}
