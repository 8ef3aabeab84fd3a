using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>The person takes a claim of fear back, to a protection officer, after counselling. Nobody else can (rule N).</summary>
internal sealed record WithdrawFear(IReadOnlyList<string> Countries, bool Counselled, string ProtectionOfficer, DateTimeOffset At)
{
    public static Decision Decide(PersonInNeed person, WithdrawFear command) =>
        person.Record.Refuse() is { } refusal ? refusal
        : !command.Counselled
            ? Refusal.Invalid("non-refoulement/counselling-needed", "A claim is taken back only after counselling. Counsel the person alone, in their language, and record it then.", "counselled")
        : command.Countries.Count == 0 || !command.Countries.All(person.Fears.Ever.Contains)
            ? Refusal.Invalid("non-refoulement/not-stated",
                "The person never stated a fear of one of these countries. Name only countries that they stated, by the codes they were recorded with.",
                "countries")
        : Withdraw(person, [.. command.Countries.Where(person.Fears.Now.Contains).Distinct(StringComparer.OrdinalIgnoreCase)], command);

    private static Decision Withdraw(PersonInNeed person, string[] held, WithdrawFear command)
    {
        if (held.Length == 0) return Decision.Nothing;
        var withdrawn = new FearOfReturnWithdrawn(held, command.ProtectionOfficer, command.At);
        return !person.Fears.After(withdrawn).Now.Overlaps(held) ? withdrawn : Refusal.Conflict("non-refoulement/stated-since",
            "The person stated this fear again after the time in `at`. Counsel them again, and record when they take it back.");
    }

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/fears/withdrawal", async Task<IResult> (Guid personId, Body body, TimelineStore store, HttpContext http) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            if (CountryField.ReadAll(body.Countries, "countries", out var countries) is { } unknown) return unknown.ToProblem();
            var by = http.User.Identity!.Name!;
            var outcome = await store.DecideAsync<PersonInNeed>(personId,
                person => Decide(person, new(countries, body.Counselled, by, at)), new(by), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId }));
        }).Allow(Roles.ProtectionOfficer);

    private sealed record Body(IReadOnlyList<string> Countries, bool Counselled = false, DateTimeOffset? At = null);
}
