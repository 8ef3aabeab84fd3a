using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrisisCoordination.EvacuationPlanning.Places;

/// <param name="Reason">Why another country than was told; null where none was.</param>
/// <param name="Near">A point less than a kilometre away that lies in another country.</param>
internal sealed record SetPointCountry(string Country, string? Reason, Neighbour? Near, string Officer, DateTimeOffset At);

/// <summary>Where a point lies (rule N): told once by one officer, changed with a reason and by a second one.</summary>
internal static class SetPointCountryFeature
{
    private const int LongestReason = 200;

    internal sealed record Told(string? Country, string? Reason = null, DateTimeOffset? At = null);

    internal sealed record Seen(string? Country, DateTimeOffset? At = null);

    /// <summary>Enters a point, or takes what was entered before as it is; what is new about it is where it lies, if nobody had told.</summary>
    public static Decision Enter(Point point, AssemblyPointOpened told, Neighbour? near) => point.Opened switch
    {
        null => near?.Contradicts(told.Code, told.Country) is { } contradicted ? contradicted : told,
        var stands when (stands with { At = told.At, Country = null, Officer = null }) != (told with { Country = null, Officer = null }) =>
            Fleet.Entries.CodeTaken,
        _ when told.Country is null => Decision.Nothing,
        _ => Tell(point, new(told.Country, null, near, told.Officer ?? "", told.At)),
    };

    public static Decision Tell(Point point, SetPointCountry command) => (point.Country, command) switch
    {
        _ when point.Opened is null => Unknown,
        _ when !Jurisdictions.IsPlace(command.Country) => NoCountry,
        _ when command.Reason is { } reason && (reason.Length > LongestReason || reason.Any(char.IsControl)) => NoReason,
        ({ } stands, _) when stands.Country == command.Country => Second(point, command.Officer, command.At),
        _ when point.Proposed is { } open && open.Country == command.Country =>
            IsOf(open.Officer, command.Officer) ? Decision.Nothing : new PointCountryChangeConfirmed(command.Country, command.Officer, command.At),
        _ when point.Proposed is { } open => Refusal.Conflict("point/change-open",
            $"{open.Officer} proposed {open.Country} for this point on {open.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Have a second officer confirm that, or what was told before, and then propose again."),
        (null, _) when command.Near?.Contradicts(point.Opened.Code, command.Country) is not { } contradicted => new PointCountrySet(command.Country, command.Officer, command.At),
        (null, { Reason: null }) => command.Near.Contradicts(point.Opened.Code, command.Country)!,
        ({ } stands, { Reason: null }) => Neighbour.Contradicted(
            $"{point.Opened.Code} lies in {stands.Country}, as {stands.Source}"),
        _ => new PointCountryChangeProposed(command.Country, command.Reason!, command.Officer, command.At),
    };

    private static Refusal ToldByThemselves { get; } = Refusal.Forbidden("point/second-officer-needed",
        "You told this country yourself. Ask another officer to look where the point lies and to confirm it.");

    public static Decision Confirm(Point point, string country, string officer, DateTimeOffset at) => point switch
    {
        { Opened: null } => Unknown,
        // What was proposed is refused by whoever told neither: it protects until then.
        { Country: { } stands, Proposed: { } open } when stands.Country == country => IsTeller(point, officer) || IsOf(open.Officer, officer)
            ? ToldByThemselves
            : new PointCountryChangeConfirmed(country, officer, at),
        { Country: { } stands } when stands.Country == country => point.ToldByOne && IsTeller(point, officer)
            ? ToldByThemselves
            : Second(point, officer, at),
        { Proposed: { } proposed } when proposed.Country == country => IsOf(proposed.Officer, officer) ? ToldByThemselves
            : new PointCountryChangeConfirmed(country, officer, at),
        _ => Refusal.Conflict("point/nothing-proposed", "Nobody proposed this country for the point. Read the list of points and confirm what is proposed there, or propose another with a reason."),
    };

    // What the same account tells twice is told once.
    private static Decision Second(Point point, string officer, DateTimeOffset at) =>
        !point.ToldByOne || IsTeller(point, officer) ? Decision.Nothing : new PointCountryConfirmed(point.Country!.Country, officer, at);

    private static bool IsTeller(Point point, string officer) => IsOf(point.Country?.Officer, officer);

    private static bool IsOf(string? teller, string officer) => string.Equals(teller, officer, StringComparison.OrdinalIgnoreCase);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/assembly-points/{code}/country", (string code, Told body, HttpContext http, TimelineStore store) => AnswerAsync(code, body.At, http, store, (point, near, at) =>
            Tell(point, new(Code(body.Country), body.Reason?.Trim() is { Length: > 0 } reason ? reason : null, near, http.Officer(), at)), Code(body.Country)))
           .Allow(Roles.Coordinator, Roles.Officer).WithSummary("Tell in which country a point lies")
           .WithDescription("country: alpha-3. It is told once, and counts for people who fear a state once a second officer tells the same. Another one later needs a reason and is a proposal, for which rule N asks about both countries, until a second officer confirms it.");

        api.MapPost("/assembly-points/{code}/country/confirmation", (string code, Seen body, HttpContext http, TimelineStore store) => AnswerAsync(code, body.At, http, store, (point, _, at) =>
            Confirm(point, Code(body.Country), http.Officer(), at), country: null))
           .Allow(Roles.Coordinator, Roles.Officer).WithSummary("Confirm, as a second officer, in which country a point lies")
           .WithDescription("country: the one proposed, which then holds; or the one told before, which refuses the proposal and takes an officer who told neither.");
    }

    private static async Task<IResult> AnswerAsync(string code, DateTimeOffset? told, HttpContext http, TimelineStore store, Func<Point, Neighbour?, DateTimeOffset, Decision> decide, string? country)
    {
        if (http.Happen(told, out var at) is { } early) return early.ToProblem();
        var (id, ct) = (StreamId.AssemblyPoint(code), http.RequestAborted);
        var after = new Point(id);
        var outcome = await InTurn.RunAsync(store.Database, () => store.AttemptAsync(async work =>
        {
            var point = await work.LoadAsync<Point>(id);
            var near = country is not null && point.Opened is { } opened ? (await Neighbourhood.LoadAsync(store.Database, ct)).Nearest(opened.Code, opened.Position, country) : null;
            var decision = decide(point, near, at);
            after = decision.Events.Aggregate(point, (next, e) => next.Apply(e));
            return work.Append(id, decision);
        }, new By(http.Officer()), ct), ct);
        return outcome.ToResult(http, () => TypedResults.Ok(new { code, country = after.Country?.Country, confirmedBy = after.ConfirmedBy, proposed = after.Proposed?.Country, proposedBy = after.Proposed?.Officer }));
    }

    private static string Code(string? country) => country?.Trim().ToUpperInvariant() ?? "";

    private static Refusal Unknown => Refusal.NotFound("point/unknown", "There is no assembly point with this code. Look it up in the list of points, or enter it first.");

    private static Refusal NoCountry => Refusal.Invalid("point/country-unknown", "Write the country in which the point lies as its three-letter code (ISO 3166-1), such as SDN.", "country");

    private static Refusal NoReason => Refusal.Invalid("point/reason", $"Say in at most {LongestReason} characters why the point lies elsewhere than was told.", "reason");
}
