using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// In which countries a crisis is: no alert says it, and every plan that leads out of it asks. It is told once by one officer,
/// and changed with a reason and by a second one.
/// </summary>
/// <param name="Reason">Why others than were told; null where none were.</param>
internal sealed record TellCrisisCountries(IReadOnlyList<string> Countries, string? Reason, string Officer, DateTimeOffset At)
{
    private const int LongestReason = 200, MostCountries = 20;

    public static Decision Decide(Crisis crisis, TellCrisisCountries command) => crisis switch
    {
        { Opened: null } => Crisis.Unknown,
        _ when command.Countries.Count is 0 or > MostCountries || !command.Countries.All(Jurisdictions.IsPlace) => Refusal.Invalid("crisis/country-unknown",
            $"Name every country in which the crisis is by its three-letter code (ISO 3166-1), such as SDN: at least one, at most {MostCountries}.", "countries"),
        _ when command.Reason is { } reason && (reason.Length > LongestReason || reason.Any(char.IsControl)) => Refusal.Invalid("crisis/reason",
            $"Say in at most {LongestReason} characters why the crisis is elsewhere than was told.", "reason"),
        { Countries: null } => new CrisisCountriesSet(command.Countries, command.Officer, command.At),
        { Countries: { } stands } when Same(stands.Countries, command.Countries) => Decision.Nothing,
        { Countries: { } stands } when command.Reason is not { Length: > 0 } => Refusal.Conflict("crisis/countries-contradict",
            $"The crisis is in {string.Join(", ", stands.Countries)}, as {stands.Officer} told on {stands.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC. If that is wrong, say why in `reason`; a second officer then confirms the change."),
        { ProposedCountries: { } proposed } when NameGuardian.SameAccount(proposed.Officer, command.Officer) && Same(proposed.Countries, command.Countries) => Decision.Nothing,
        _ => new CrisisCountriesChangeProposed(command.Countries, command.Reason!, command.Officer, command.At),
    };

    public static Decision Confirm(Crisis crisis, IReadOnlyList<string> countries, string officer, DateTimeOffset at) => crisis switch
    {
        { Opened: null } => Crisis.Unknown,
        { ProposedCountries: null, Countries: { } stands } when Same(stands.Countries, countries) => Decision.Nothing,
        { ProposedCountries: { } proposed } when Same(proposed.Countries, countries) => !NameGuardian.SameAccount(proposed.Officer, officer)
            ? new CrisisCountriesChangeConfirmed(proposed.Countries, officer, at)
            : Refusal.Forbidden("crisis/second-officer-needed", "You proposed these countries yourself. Ask another officer to look at the crisis and to confirm them."),
        _ => Refusal.Conflict("crisis/nothing-proposed", "Nobody proposed these countries for the crisis. Read the crisis and confirm what is proposed there, or propose others with a reason."),
    };

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/crises/{crisisId:guid}/countries", (Guid crisisId, Told body, HttpContext http, TimelineStore store) =>
            AnswerAsync(crisisId, body.Countries, body.At, http, store, (crisis, countries, at) =>
                Decide(crisis, new(countries, body.Reason?.Trim() is { Length: > 0 } reason ? reason : null, http.User.Identity!.Name!, at))))
           .Allow(Roles.Officer, Roles.Coordinator).WithSummary("Tell in which countries a crisis is")
           .WithDescription("countries: names or three-letter codes. They are told once. Others later need a reason, and count when a second officer has confirmed them.");

        api.MapPost("/crises/{crisisId:guid}/countries/confirmation", (Guid crisisId, Seen body, HttpContext http, TimelineStore store) =>
            AnswerAsync(crisisId, body.Countries, body.At, http, store, (crisis, countries, at) =>
                Confirm(crisis, countries, http.User.Identity!.Name!, at)))
           .Allow(Roles.Officer, Roles.Coordinator).WithSummary("Confirm, as a second officer, in which countries a crisis is");
    }

    private static async Task<IResult> AnswerAsync(
        Guid id, IReadOnlyList<string>? named, DateTimeOffset? told, HttpContext http, TimelineStore store,
        Func<Crisis, IReadOnlyList<string>, DateTimeOffset, Decision> decide)
    {
        if (http.Happen(told, out var at) is { } early) return early.ToProblem();
        if (CountryField.ReadPlaces(named ?? [], "countries", out var countries) is { } nowhere) return nowhere.ToProblem();
        countries = [.. countries.Order(StringComparer.Ordinal)];
        var outcome = await store.DecideAsync<Crisis>(id, crisis => decide(crisis, countries, at), new By(http.User.Identity!.Name), http.RequestAborted);
        if (outcome.Refusal is not null) return outcome.Refusal.ToProblem();
        var crisis = (await store.LoadAsync<Crisis>(id, ct: http.RequestAborted)).State;
        return outcome.ToResult(http, () => TypedResults.Ok(new { crisisId = id, countries = crisis.Countries?.Countries, proposed = crisis.ProposedCountries?.Countries, proposedBy = crisis.ProposedCountries?.Officer }));
    }

    private static bool Same(IReadOnlyList<string> some, IReadOnlyList<string> others) => some.Order(StringComparer.Ordinal).SequenceEqual(others.Order(StringComparer.Ordinal));

    internal sealed record Told(IReadOnlyList<string>? Countries, string? Reason = null, DateTimeOffset? At = null);

    internal sealed record Seen(IReadOnlyList<string>? Countries, DateTimeOffset? At = null);
}
