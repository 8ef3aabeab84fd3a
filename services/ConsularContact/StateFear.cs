using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact;

/// <summary>A person says where they fear to be sent (rule N). Heard by anyone, believed at once, taken back only before a protection officer.</summary>
internal static class StateFear
{
    private sealed record Body(IReadOnlyList<string> Countries, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{personId:guid}/fears", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (CountryField.ReadAll(body.Countries, "countries", out var countries) is { } unknown) return unknown.ToProblem();
            if (countries.Count == 0) return Refusal.Invalid("fear/no-country", "Name at least one country.", "countries").ToProblem();
            var (officer, protection) = (http.User.Identity!.Name!, http.User.IsInRole(Roles.ProtectionOfficer));
            var outcome = await store.AttemptAsync(async work =>
            {
                var person = await work.LoadAsync<Person>(personId);
                var refusal = work.Append(personId, Decide(person, countries, officer, at, protection));
                // Heard under one record of several, it holds for all from the same moment.
                var stays = person.Matches.MergedInto is { } into ? await work.LoadAsync<Person>(into) : person;
                foreach (var id in stays.Matches.Duplicates.Keys.Append(stays.Id).Where(id => id != personId).Order())
                    refusal ??= work.Append(id, Decide(await work.LoadAsync<Person>(id), countries, officer, at, protection));
                return refusal;
            }, new By(officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.Coordinator, Roles.DocumentOfficer, Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record a fear of return")
          .WithDescription("""
            From this moment no leg, document or handover may touch the country. It is never asked why.
            Where somebody cannot name it, send "unknown": their own countries are barred then, and the list fear-unnamed asks which it is.
            A protection officer who names a country here answers that; anybody else adds a country to those that are barred.
            """);

    internal static Decision Decide(Person person, IReadOnlyList<string> countries, string heardBy, DateTimeOffset at, bool byProtection = false) =>
        person.Record.RefuseMissing() is { } missing ? missing
        : countries.Except(person.Fears.Now.Except(person.ToldByOthers.Countries)).ToArray() is { Length: > 0 } more
            ? new FearOfReturnStated(more, heardBy, at) { ByProtection = byProtection }
        : person.Fears.Learns(countries, byProtection)
            ? new FearOfReturnStated(countries, heardBy, at) { ByProtection = byProtection } : Decision.Nothing;
}
