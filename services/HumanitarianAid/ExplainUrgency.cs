using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Why a person stands where they stand (rule P). What tells of violence, torture or trafficking only protection staff see (rule T).</summary>
internal sealed record UrgencyExplained(Guid PersonId, int Tier, int Score, string RuleVersion, IReadOnlyList<Factor> Factors)
{
    public static UrgencyExplained? Of(PersonInNeed person, bool restricted) =>
        person.Needs is not { } needs ? null
        : PriorityRule.Assess(needs) is var urgency
            ? new(person.Id, (int)urgency.Tier, urgency.Score, urgency.RuleVersion, [.. urgency.Factors.Where(factor => restricted || !factor.Restricted)])
            : null;
}

internal static class ExplainUrgency
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{personId:guid}/urgency", async Task<IResult> (Guid personId, TimelineStore store, HttpContext http) =>
        {
            var (person, _) = await store.LoadAsync<PersonInNeed>(personId, ct: http.RequestAborted);
            return person.Record.Refuse() is { } refusal ? refusal.ToProblem()
                : TypedResults.Ok(UrgencyExplained.Of(person, http.User.IsInRole(Roles.ProtectionOfficer)));
        }).Allow(Roles.ProtectionOfficer, Roles.AidWorker, Roles.Coordinator, Roles.Auditor).LogsRead("urgency");
}
