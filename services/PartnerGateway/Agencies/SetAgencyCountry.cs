using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Agencies;

/// <summary>
/// It is said which state an agency belongs to, or that it belongs to none. Whoever said so does not change it: another
/// administrator does, because an agency of a feared state would gain from being called nobody's (rule N).
/// </summary>
/// <param name="Country">Alpha-3 code; null: it belongs to none.</param>
internal sealed record SetAgencyCountry(string? Country, string? Reason, string By, DateTimeOffset At);

internal static class SetAgencyCountryFeature
{
    private const int LongestReason = 500;

    private sealed record Body(string Country, string Reason);

    public static Decision Decide(Agency agency, SetAgencyCountry command) =>
        !agency.Registered ? Refusal.NotFound("agency/unknown", "There is no agency with this code. GET /agencies lists them.")
        : !RegisterAgencyFeature.IsLine(command.Reason, LongestReason)
            ? Refusal.Invalid("agency/reason-missing", $"Say how this is known, in at most {LongestReason} characters.", "reason")
        : agency.State.Said && agency.State.Country == command.Country ? Decision.Nothing
        : agency.State.Said && agency.State.By == command.By
            ? Refusal.Conflict("agency/second-person-needed", "You set this agency's state yourself. Ask another administrator to change it.")
        : new AgencyCountrySet(command.Country, command.Reason!, command.By, command.At);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/agencies/{code}/country", SetAsync).Allow(Roles.Administrator)
        .WithSummary("Say which state an agency belongs to")
        .WithDescription($"country: a three-letter code, or “{Agency.None}”. Until it is said, the agency is told of nobody who fears a state.");

    private static async Task<IResult> SetAsync(string code, Body body, TimelineStore store, HttpContext http)
    {
        if (Agency.ReadCountry(body.Country, out var country) is { } refusal) return refusal.ToProblem();
        var by = http.User.Identity!.Name!;
        var command = new SetAgencyCountry(country, body.Reason, by, store.Time.GetUtcNow());
        var outcome = await store.DecideAsync<Agency>(
            Agency.StreamId(code), agency => Decide(agency, command), new By(by), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }
}
