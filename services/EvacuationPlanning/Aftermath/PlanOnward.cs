using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Aftermath;

internal sealed record PlanOnward(string Destination, string Means, DateOnly On, string Responsible, string? Notes, string Officer, DateTimeOffset At, DateTimeOffset Now);

/// <summary>How somebody goes on who is out of danger and not at home. The same rules hold as for a seat: fear (N), consent (V), children (C).</summary>
internal static class PlanOnwardFeature
{
    private const int LongestNotes = 1000, LongestResponsible = 64;

    private static readonly string[] Means = ["flight", "road", "sea", "rail", "stay"], Outcomes = ["moved-on", "stays", "left-by-themselves"];

    public static IProjection Table => new Projection<Newcomer>("evacuation_planning.onward", 2,
        [("onward_id", "uuid not null"), ("country", "text"), ("destination", "text"), ("state", "text not null"), ("due_at", "timestamptz not null"), ("on_day", "date"), ("key", "text not null")],
        person => person is { IsHere: true, Onward: { } open }
            ? [[open.OnwardId, open.Country, person.Planned?.Destination, person.StateOfOnward, open.DueAt.ToUniversalTime(), person.Planned?.On, $"{open.DueAt.UtcTicks:D19}{person.Id:N}"]]
            : [],
        Newcomer.Matters, "create index on {table} (state, key)");

    public static Decision Decide(Newcomer person, PlanOnward command)
    {
        if (Barred(person) is { } barred) return barred;
        if (CountryField.ReadPlace(command.Destination, "destination", out var destination) is { } nowhere) return nowhere;
        command = command with { Destination = destination };
        // As they are now: a day far ahead makes nobody an adult.
        var traveller = person.Person.AsTraveller(DateOnly.FromDateTime(command.Now.UtcDateTime));
        return command switch
        {
            _ when !Means.Contains(command.Means) => Refusal.Invalid("onward/means-unknown", $"Say how they go on: {string.Join(", ", Means)}.", "means"),
            _ when command.On < DateOnly.FromDateTime(command.At.UtcDateTime) => Refusal.Invalid("onward/past", "This day has passed. Name the day on which they go on.", "on"),
            _ when command.Responsible.Length is 0 or > LongestResponsible || command.Responsible.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) =>
                Refusal.Invalid("onward/responsible", "Name the post or agency that sees to it by its code.", "responsible"),
            _ when command.Notes is { } notes && (notes.Length > LongestNotes || notes.Contains('\0')) => Refusal.Invalid("onward/notes", $"Notes take at most {LongestNotes} characters.", "notes"),
            _ when person.Person.Fears.Bars(command.Destination) => Refusal.Conflict("onward/non-refoulement", "This person cannot be taken to that country. Plan another one, and tell a protection officer."),
            { Means: not "stay" } when !traveller.Consent => Refusal.Conflict("onward/no-consent", "Nobody is moved on against their will. Ask the person, or the child's guardian, and record the consent."),
            { Means: not "stay" } when traveller is { IsMinor: true, IsUnaccompanied: true, BestInterestsDecision: false } =>
                Refusal.Conflict("onward/no-best-interests-decision", "A child who is alone goes on only by a best-interests decision. Ask the protection officer."),
            _ when person.Planned is { } before && (before.Destination, before.Means, before.On, before.Responsible, before.Notes) == (command.Destination, command.Means, command.On, command.Responsible, command.Notes) => Decision.Nothing,
            _ => new OnwardPlanned(person.Onward!.OnwardId, command.Destination, command.Means, command.On, command.Responsible, command.Notes, command.Officer, command.At),
        };
    }

    public static Decision Finish(Newcomer person, string outcome, string officer, DateTimeOffset at) =>
        person.Done is { } done && person.Onward is not null && done.Outcome == outcome ? Decision.Nothing
        : Barred(person) is { } barred ? barred
        : !Outcomes.Contains(outcome) ? Refusal.Invalid("onward/outcome-unknown", $"Say what became of it: {string.Join(", ", Outcomes)}.", "outcome")
        : outcome == "moved-on" && person.Planned is null ? Refusal.Conflict("onward/not-planned", "Nothing was planned yet. Record first how and where they went on.")
        : new OnwardDone(person.Onward!.OnwardId, outcome, officer, at);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/onward", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var command = new PlanOnward(
                body.Destination?.Trim() ?? "", body.Means?.Trim() ?? "", body.On, body.Responsible?.Trim() ?? "", body.Notes?.Trim() is { Length: > 0 } notes ? notes : null, http.Officer(), at, store.Time.GetUtcNow());
            var outcome = await store.DecideAsync<Newcomer>(personId, person => Decide(person, command), new(command.Officer), http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new { personId, command.Destination, command.Means, command.On, command.Responsible }));
        }).Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer).WithSummary("Plan how a person goes on from where they arrived")
          .WithDescription($"means: {string.Join(", ", Means)}. responsible: the code of the post or agency that sees to it. A plan replaces the one before.");

        api.MapPost("/people/{personId:guid}/onward/done", async Task<IResult> (Guid personId, DoneBody body, HttpContext http, TimelineStore store) =>
            http.Happen(body.At, out var at) is { } refusal ? refusal.ToProblem()
                : (await store.DecideAsync<Newcomer>(personId, person => Finish(person, body.Outcome?.Trim() ?? "", http.Officer(), at), new(http.Officer()), http.RequestAborted))
                    .ToResult(http, () => TypedResults.Ok(new { personId, body.Outcome })))
            .Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record that a person went on, stays, or left").WithDescription($"outcome: {string.Join(", ", Outcomes)}.");

        api.MapGet("/onward-plans", (HttpContext http, NpgsqlDataSource database, string? state = null) => state is not (null or "open" or "overdue" or "planned" or "done" or "withdrawn")
            ? Task.FromResult<IResult>(Refusal.Invalid("onward/state-unknown", "Onward plans are open, overdue, planned, done or withdrawn. Ask for one of these, or leave `state` out.", "state").ToProblem())
            : Page.AnswerAsync(http, database, "select key, stream_id, onward_id, country, destination, state, due_at, on_day from evacuation_planning.onward where ($1 = '' or state = $1)", row => new
            {
                PersonId = row.GetGuid(1),
                OnwardId = row.GetGuid(2),
                Country = row.IsDBNull(3) ? null : row.GetString(3),
                Destination = row.IsDBNull(4) ? null : row.GetString(4),
                State = row.GetString(5),
                DueAt = row.GetFieldValue<DateTimeOffset>(6),
                On = row.IsDBNull(7) ? (DateOnly?)null : row.GetFieldValue<DateOnly>(7),
            }, state ?? "")).Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer, Roles.Auditor).WithSummary("Who is out of danger and not at home, first due first");
    }

    internal static object Show(Newcomer person, OnwardOpened onward) => new
    {
        onward.OnwardId,
        State = person.StateOfOnward,
        onward.DueAt,
        person.Planned?.Destination,
        person.Planned?.Means,
        person.Planned?.On,
        person.Planned?.Responsible,
        person.Planned?.Notes,
        person.Done?.Outcome,
    };

    private static Refusal? Barred(Newcomer person) => HandOverFeature.Barred(person) ?? person switch
    {
        { Onward: null } => Refusal.Conflict("onward/at-home", "This person came home, so there is nothing to plan. Help with starting again is offered by the aid service."),
        { Done: not null } => Refusal.Conflict("onward/done", "What became of this person is recorded already. Nothing is left to plan."),
        _ => null,
    };

    internal sealed record Body(string Destination, string Means, DateOnly On, string Responsible, string? Notes = null, DateTimeOffset? At = null);

    internal sealed record DoneBody(string Outcome, DateTimeOffset? At = null);
}
