using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace CrisisCoordination.EvacuationPlanning.Aftermath;

internal sealed record PlanOnward(string Destination, string Means, DateOnly On, string Responsible, string? Notes, string Officer, DateTimeOffset At, DateTimeOffset Now)
{
    /// <summary>Countries on the way.</summary>
    public IReadOnlyList<string> Transits { get; init; } = [];

    /// <summary>The adult who goes with a child.</summary>
    public Guid? CompanionId { get; init; }
}

/// <summary>How somebody goes on who is out of danger and not at home. The same rules hold as for a seat: fear (N), consent (V), children (C).</summary>
internal static class PlanOnwardFeature
{
    private const int LongestNotes = 1000, LongestResponsible = 64, MostTransits = 10;
    private const string Stay = "stay", MovedOn = "moved-on";

    private static readonly string[] Means = ["flight", "road", "sea", "rail", Stay], Outcomes = [MovedOn, "stays", "left-by-themselves"];

    public static IProjection Table => new Projection<Newcomer>("evacuation_planning.onward", 2,
        [("onward_id", "uuid not null"), ("country", "text"), ("destination", "text"), ("state", "text not null"), ("due_at", "timestamptz not null"), ("on_day", "date"), ("key", "text not null")],
        person => person is { IsHere: true, Onward: { } open }
            ? [[open.OnwardId, open.Country, person.Planned?.Destination, person.StateOfOnward, open.DueAt.ToUniversalTime(), person.Planned?.On, $"{open.DueAt.UtcTicks:D19}{person.Id:N}"]]
            : [],
        Newcomer.Matters, "create index on {table} (state, key)");

    /// <param name="companion">The adult named who goes with a child; null where none was.</param>
    public static Decision Decide(Newcomer person, Newcomer? companion, PlanOnward command)
    {
        if (Barred(person) is { } barred) return barred;
        if (CountryField.ReadPlace(command.Destination, "destination", out var destination) is { } nowhere) return nowhere;
        if (CountryField.ReadPlaces(command.Transits, "transits", out var transits) is { } unknown) return unknown;
        var plan = new OnwardPlanned(person.Onward!.OnwardId, destination, command.Means, command.On, command.Responsible, command.Notes,
            command.Officer, command.At)
        {
            Transits = transits.Count > 0 ? transits : null,
            CompanionId = command.CompanionId,
        };
        return command switch
        {
            _ when !Means.Contains(command.Means) => Refusal.Invalid("onward/means-unknown", $"Say how they go on: {string.Join(", ", Means)}.", "means"),
            _ when command.On < DateOnly.FromDateTime(command.At.UtcDateTime) => Refusal.Invalid("onward/past", "This day has passed. Name the day on which they go on.", "on"),
            _ when command.Responsible.Length is 0 or > LongestResponsible || command.Responsible.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) =>
                Refusal.Invalid("onward/responsible", "Name the post or agency that sees to it by its code.", "responsible"),
            _ when command.Notes is { } notes && (notes.Length > LongestNotes || notes.Contains('\0')) => Refusal.Invalid("onward/notes", $"Notes take at most {LongestNotes} characters.", "notes"),
            _ when transits.Count > MostTransits => Refusal.Invalid("onward/transits", $"Name at most {MostTransits} countries on the way.", "transits"),
            _ when WhyNot(person, companion, plan, command.Now) is { } keeps => keeps,
            _ when person.Planned is { } before && IsSame(before, plan) => Decision.Nothing,
            _ => plan,
        };
    }

    /// <param name="companion">The adult who was to go with a child.</param>
    public static Decision Finish(Newcomer person, Newcomer? companion, string outcome, string officer, DateTimeOffset at, DateTimeOffset now) =>
        person.Done is { } done && person.Onward is not null && done.Outcome == outcome ? Decision.Nothing
        : Barred(person) is { } barred ? barred
        : !Outcomes.Contains(outcome) ? Refusal.Invalid("onward/outcome-unknown", $"Say what became of it: {string.Join(", ", Outcomes)}.", "outcome")
        : outcome == MovedOn && person.Planned is null or { Means: Stay }
            ? Refusal.Conflict("onward/not-planned", "Nothing was planned yet. Record first how and where they went on.")
        : outcome == MovedOn && WhyNot(person, companion, person.Planned!, now) is { } keeps ? keeps
        : new OnwardDone(person.Onward!.OnwardId, outcome, officer, at);

    /// <summary>Where a plan leads: its end, and the countries on the way.</summary>
    public static IEnumerable<string> LeadsTo(this OnwardPlanned plan) => [plan.Destination, .. plan.Transits ?? []];

    // Asked of the plan, and again when they go: as they are then, so a day far ahead makes nobody an adult.
    private static Refusal? WhyNot(Newcomer person, Newcomer? companion, OnwardPlanned plan, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var traveller = person.Person.AsTraveller(today);
        return plan switch
        {
            _ when person.Person.Fears.BarsAny(plan.LeadsTo()) =>
                Refusal.Conflict("onward/non-refoulement", "This person cannot be taken to that country. Plan another one, and tell a protection officer."),
            { Means: Stay } => null,
            _ when !person.Person.HasConsentOn(today) =>
                Refusal.Conflict("onward/no-consent", "Nobody is moved on against their will. Ask the person, or the child's guardian, and record the consent."),
            _ when traveller is { IsMinor: true, IsUnaccompanied: true, BestInterestsDecision: false } =>
                Refusal.Conflict("onward/no-best-interests-decision", "A child who is alone goes on only by a best-interests decision. Ask the protection officer."),
            _ when traveller.IsMinor && !(companion is not null && MayTake(person, traveller, companion, plan, today)) => Refusal.Conflict("onward/companion-needed",
                "A child goes on with an adult whose birth date is on record: a confirmed guardian, or the escort whom the best-interests "
                + "decision names. Name one who may be taken there as well, or ask the protection officer.") with
            { Field = "companionId" },
            _ => null,
        };
    }

    private static bool MayTake(Newcomer child, Planning.Traveller traveller, Newcomer adult, OnwardPlanned plan, DateOnly today) =>
        adult.IsHere && adult.Id != child.Id && adult.Person.Childhood.IsAdultOn(today) && adult.Person.HasConsentOn(today)
        && !adult.Person.Fears.BarsAny(plan.LeadsTo())
        && (traveller.BestInterestsDecision && child.Person.IsEscortedBy(adult.Person)
            || !traveller.IsUnaccompanied && child.Person.IsAnsweredBy(adult.Person, TieStanding.Confirmed));

    private static bool IsSame(OnwardPlanned one, OnwardPlanned other) =>
        one with { At = other.At, Officer = other.Officer, Transits = null } == other with { Transits = null }
        && (one.Transits ?? []).SequenceEqual(other.Transits ?? []);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/onward", async Task<IResult> (Guid personId, Body body, HttpContext http, TimelineStore store) =>
        {
            if (http.Happen(body.At, out var at) is { } refusal) return refusal.ToProblem();
            var command = new PlanOnward(
                body.Destination?.Trim() ?? "", body.Means?.Trim() ?? "", body.On, body.Responsible?.Trim() ?? "", body.Notes?.Trim() is { Length: > 0 } notes ? notes : null, http.Officer(), at, store.Time.GetUtcNow())
            {
                Transits = [.. (body.Transits ?? []).Select(country => country?.Trim() ?? "")],
                CompanionId = body.CompanionId,
            };
            var outcome = await DecideAsync(store, personId, _ => command.CompanionId,
                (person, companion) => Decide(person, companion, command), command.Officer, http.RequestAborted);
            return outcome.ToResult(http, () => TypedResults.Ok(new
            {
                personId,
                command.Destination,
                command.Transits,
                command.Means,
                command.On,
                command.Responsible,
                command.CompanionId,
            }));
        }).Allow(Roles.Coordinator, Roles.Officer, Roles.ProtectionOfficer).WithSummary("Plan how a person goes on from where they arrived")
          .WithDescription($"means: {string.Join(", ", Means)}. responsible: the code of the post or agency that sees to it. transits: the countries on the way. companionId: for a child, the adult who goes with them. A plan replaces the one before.");

        api.MapPost("/people/{personId:guid}/onward/done", async Task<IResult> (Guid personId, DoneBody body, HttpContext http, TimelineStore store) =>
            http.Happen(body.At, out var at) is { } refusal ? refusal.ToProblem()
                : (await DecideAsync(store, personId, person => person.Planned?.CompanionId,
                    (person, companion) => Finish(person, companion, body.Outcome?.Trim() ?? "", http.Officer(), at, store.Time.GetUtcNow()),
                    http.Officer(), http.RequestAborted))
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

    private static Task<Outcome> DecideAsync(
        TimelineStore store, Guid id, Func<Newcomer, Guid?> companionOf, Func<Newcomer, Newcomer?, Decision> decide, string officer,
        CancellationToken ct) => store.AttemptAsync(async work =>
        {
            var person = await work.LoadAsync<Newcomer>(id);
            return work.Append(id, decide(person, companionOf(person) is { } companion ? await work.LoadAsync<Newcomer>(companion) : null));
        }, new By(officer), ct);

    internal static object Show(Newcomer person, OnwardOpened onward) => new
    {
        onward.OnwardId,
        State = person.StateOfOnward,
        onward.DueAt,
        person.Planned?.Destination,
        person.Planned?.Transits,
        person.Planned?.Means,
        person.Planned?.On,
        person.Planned?.Responsible,
        person.Planned?.CompanionId,
        person.Planned?.Notes,
        person.Done?.Outcome,
    };

    private static Refusal? Barred(Newcomer person) => HandOverFeature.Barred(person) ?? person switch
    {
        { Onward: null } => Refusal.Conflict("onward/at-home", "This person came home, so there is nothing to plan. Help with starting again is offered by the aid service."),
        { Done: not null } => Refusal.Conflict("onward/done", "What became of this person is recorded already. Nothing is left to plan."),
        _ => null,
    };

    internal sealed record Body(string Destination, string Means, DateOnly On, string Responsible, string? Notes = null, DateTimeOffset? At = null)
    {
        public IReadOnlyList<string?>? Transits { get; init; }

        public Guid? CompanionId { get; init; }
    }

    internal sealed record DoneBody(string Outcome, DateTimeOffset? At = null);
}
