using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.PartnerGateway.Agencies;

/// <param name="Country">The state that the agency belongs to, or none. Left out: nobody said, and it is told of nobody who fears a state.</param>
internal sealed record RegisterAgency(string Code, string Name, IReadOnlyList<string> Receives, string? Country = null);

internal static class RegisterAgencyFeature
{
    public static Decision Decide(Agency agency, RegisterAgency command, DateTimeOffset at, string? by = null)
    {
        if (!Agency.IsCode(command.Code)) return Refusal.Invalid("agency/code", "An agency's code has 1 to 32 letters, digits and hyphens.", "code");
        if (!IsLine(command.Name, 200)) return Refusal.Invalid("agency/name", "An agency's name has 1 to 200 characters.", "name");
        if (command.Receives.Count > 50 || !command.Receives.All(kind => IsLine(kind, 50)))
            return Refusal.Invalid("agency/receives", "Name what the agency takes referrals for, such as asylum, trafficking, child_protection or medical: at most 50, each of 1 to 50 characters.", "receives");
        string? country = null;
        if (command.Country is { } said && Agency.ReadCountry(said, out country) is { } refusal) return refusal;
        if (!agency.Registered)
            return new AgencyRegistered(command.Code, command.Name, [.. command.Receives.Distinct()], at) { Country = country, OfNoState = command.Country is not null && country is null, By = by };
        var sameState = command.Country is null || (agency.State.Said && agency.State.Country == country);
        return agency.Code == command.Code && agency.Name == command.Name && agency.Receives!.SequenceEqual(command.Receives.Distinct()) && sameState
            ? Decision.Nothing
            : Refusal.Conflict("agency/code-taken", "There is an agency with this code already, and something about it is different. Choose another code; to say which state an agency belongs to, use PUT /agencies/{code}/country.");
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/agencies", RegisterAsync).Allow(Roles.Administrator);

    private static async Task<IResult> RegisterAsync(RegisterAgency command, TimelineStore store, HttpContext http)
    {
        var outcome = await store.DecideAsync<Agency>(Agency.StreamId(command.Code), agency => Decide(agency, command, store.Time.GetUtcNow(), http.User.Identity!.Name), new By(http.User.Identity!.Name), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.Created($"/agencies/{command.Code}", new { command.Code, command.Name, receives = command.Receives.Distinct(), command.Country }));
    }

    // A control character, which PostgreSQL may not take, is never part of a name.
    internal static bool IsLine(string? text, int longest) => text is { Length: > 0 } && text.Length <= longest && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);
}
