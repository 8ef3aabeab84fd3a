using System.Collections.Immutable;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.HumanitarianAid;

/// <summary>Help with starting again for somebody who came home, as far as it has come.</summary>
internal sealed record Reintegration
{
    public static Reintegration None { get; } = new();

    public Arrived? Home { get; private init; }
    public ReintegrationOffered? Offered { get; private init; }
    public ReintegrationAnswered? Answer { get; private init; }
    public ReintegrationClosed? Closed { get; private init; }
    public ImmutableDictionary<int, ReintegrationFollowedUp> Contacts { get; private init; } = ImmutableDictionary<int, ReintegrationFollowedUp>.Empty;
    public ImmutableHashSet<int> Overdue { get; private init; } = [];
    public int Cases { get; private init; }

    public bool IsOpen => Offered is not null && Closed is null && Answer is not { Agreed: false };

    /// <summary>What is to be asked next and by when; 0 is whether they want it. Null when nothing is.</summary>
    public (int Number, DateTimeOffset DueAt)? Next => !IsOpen ? null
        : Answer is null ? (0, Offered!.DueAt)
        : Answer.Contacts.Index().Where(due => !Contacts.ContainsKey(due.Index + 1)).Select(due => ((int, DateTimeOffset)?)(due.Index + 1, due.Item)).FirstOrDefault();

    public string State => Closed is not null ? "closed" : Answer is { Agreed: false } ? "declined" : Next is { } next && Overdue.Contains(next.Number) ? "overdue" : Answer is null ? "offered" : Next is null ? "done" : "followed";

    /// <param name="isHome">Whether that country is one of theirs.</param>
    public Reintegration After(Event @event, Func<string?, bool> isHome) => @event switch
    {
        Arrived { JourneyEnded: true } e => isHome(e.Country) ? this with { Home = e } : this,
        // They did not come home after all: nothing is open, and what was opened under that belief ends with it.
        MissingAtArrival e => Home?.TransportId == e.TransportId ? new() { Cases = Cases } : this,
        ReintegrationOffered e => new() { Home = Home, Offered = e, Cases = Cases + 1 },
        ReintegrationAnswered e => this with { Answer = e },
        ReintegrationFollowedUp e => this with { Contacts = Contacts.SetItem(e.Number, e) },
        ReintegrationOverdue e => this with { Overdue = Overdue.Add(e.Number) },
        ReintegrationClosed e => this with { Closed = e },
        _ => this,
    };
}

/// <summary>
/// Whoever came home is asked whether they want help with starting again, and who says yes is asked how they are, a week, a
/// month and three months after (S21). Nobody is followed against their will.
/// </summary>
internal static class Reintegrate
{
    public const string NotFollowed = "reintegration-not-followed";

    private const int LongestNotes = 2000;

    private static readonly TimeSpan AskedWithin = TimeSpan.FromDays(7);
    private static readonly int[] AfterDays = [7, 30, 90];
    private static readonly string[] Outcomes = ["well", "needs-help", "referred", "not-reached"], Endings = ["settled", "moved-on", "withdrawn", "lost-contact"];
    private static readonly string[] States = ["offered", "followed", "overdue", "done", "declined", "closed"];

    public static Type[] Matters { get; } =
        [typeof(ReintegrationOffered), typeof(ReintegrationAnswered), typeof(ReintegrationFollowedUp), typeof(ReintegrationOverdue), typeof(ReintegrationClosed), typeof(MissingAtArrival), typeof(PersonErased), typeof(MergedInto), typeof(UnmergedFrom)];

    public static IProjection ReadModel { get; } = new Projection<PersonInNeed>("humanitarian_aid.reintegration", 2,
        [("case_id", "uuid not null"), ("country", "text not null"), ("state", "text not null"), ("due_at", "timestamptz null"), ("number", "integer null"), ("sort", "text collate \"C\" not null")],
        person => person is { Erased: false, MergedInto: null, Reintegration: { Offered: { } offered } file }
            ? [[offered.CaseId, offered.Country, file.State, file.Next?.DueAt.ToUniversalTime(), file.Next?.Number, $"{(file.Next?.DueAt ?? DateTimeOffset.MaxValue).UtcTicks:D19}{person.Id:N}"]]
            : [],
        Matters, "create unique index on {table} (sort)", "create index on {table} (state, sort)");

    /// <summary>On coming home.</summary>
    public static Decision Offer(PersonInNeed person, DateTimeOffset now) =>
        person is { Erased: false, MergedInto: null, Reintegration: { Home: { Country: { } country } home, IsOpen: false } file } && (file.Offered is null || home.At > file.Offered.At)
            ? new ReintegrationOffered(Ids.Of(person.Id, "reintegration", file.Cases), country, home.At + AskedWithin, now) : Decision.Nothing;

    public static IEnumerable<Deadline> Due(PersonInNeed person) =>
        person is { Erased: false, MergedInto: null, Reintegration: { Next: { } next } file } && !file.Overdue.Contains(next.Number)
            ? [new(NotFollowed, Ids.Of(file.Offered!.CaseId, "contact", next.Number), next.DueAt)] : [];

    public static Decision Escalate(PersonInNeed person, DateTimeOffset now) =>
        Due(person).Any(due => due.DueAt <= now) && person.Reintegration is { Next: { } next, Offered: { } offered } ? new ReintegrationOverdue(offered.CaseId, next.Number, next.DueAt, now) : Decision.Nothing;

    public static Decision Answer(PersonInNeed person, bool agreed, string officer, DateTimeOffset at) =>
        Missing(person) is { } missing ? missing
        : person.Reintegration.Answer is { } before && before.Agreed == agreed ? Decision.Nothing
        : person.Reintegration.Contacts.Count > 0 ? Refusal.Conflict("reintegration/begun", "They were asked how they are already. If they want no more of it, close it as withdrawn.")
        : new ReintegrationAnswered(person.Reintegration.Offered!.CaseId, agreed, agreed ? [.. AfterDays.Select(days => person.Reintegration.Home!.At.AddDays(days))] : [], officer, at);

    public static Decision FollowUp(PersonInNeed person, int number, string outcome, string? notes, string officer, DateTimeOffset at) =>
        Missing(person) is { } missing ? missing
        : person.Reintegration.Answer is not { Agreed: true } answer ? Refusal.Conflict("reintegration/not-agreed", "This person did not say that they want to be asked. Ask them first, and record it.")
        : number < 1 || number > answer.Contacts.Count ? Refusal.Invalid("reintegration/number", $"There are contacts 1 to {answer.Contacts.Count}.", "number")
        : !Outcomes.Contains(outcome) ? Refusal.Invalid("reintegration/outcome-unknown", $"Say how it went: {string.Join(", ", Outcomes)}.", "outcome")
        : notes is not null && (notes.Length > LongestNotes || notes.Contains('\0')) ? Refusal.Invalid("reintegration/notes", $"Notes take at most {LongestNotes} characters.", "notes")
        : person.Reintegration.Contacts.GetValueOrDefault(number) is { } before && (before.Outcome, before.Notes) == (outcome, notes) ? Decision.Nothing
        : new ReintegrationFollowedUp(person.Reintegration.Offered!.CaseId, number, outcome, notes, officer, at);

    public static Decision Close(PersonInNeed person, string outcome, string officer, DateTimeOffset at) =>
        person.Reintegration.Closed is { } closed && closed.Outcome == outcome ? Decision.Nothing
        : Missing(person) is { } missing ? missing
        : !Endings.Contains(outcome) ? Refusal.Invalid("reintegration/ending-unknown", $"Say how it ended: {string.Join(", ", Endings)}.", "outcome")
        : new ReintegrationClosed(person.Reintegration.Offered!.CaseId, outcome, officer, at);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/{personId:guid}/reintegration", (Guid personId, AnswerBody body, TimelineStore store, HttpContext http) =>
            DecideAsync(personId, body.At, store, http, (person, by, at) => Answer(person, body.Agreed, by, at)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record whether somebody who came home wants help with starting again");

        api.MapPost("/people/{personId:guid}/reintegration/follow-ups", (Guid personId, FollowUpBody body, TimelineStore store, HttpContext http) =>
            DecideAsync(personId, body.At, store, http, (person, by, at) => FollowUp(person, body.Number, body.Outcome?.Trim() ?? "", body.Notes?.Trim() is { Length: > 0 } notes ? notes : null, by, at)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record how somebody who came home is").WithDescription($"number: which contact. outcome: {string.Join(", ", Outcomes)}.");

        api.MapPost("/people/{personId:guid}/reintegration/closing", (Guid personId, CloseBody body, TimelineStore store, HttpContext http) =>
            DecideAsync(personId, body.At, store, http, (person, by, at) => Close(person, body.Outcome?.Trim() ?? "", by, at)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer).WithSummary("Record that nobody asks them any more").WithDescription($"outcome: {string.Join(", ", Endings)}.");

        api.MapGet("/people/{personId:guid}/reintegration", async Task<IResult> (Guid personId, TimelineStore store, HttpContext http) =>
            (await store.LoadAsync<PersonInNeed>(personId, ct: http.RequestAborted)).State is var person && Unknown(person) is { } refusal ? refusal.ToProblem() : TypedResults.Ok(Show(person)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer, Roles.Auditor).LogsRead("reintegration").WithSummary("How far help with starting again has come");

        api.MapGet("/reintegrations", async Task<IResult> (string? state, string? cursor, int? limit, NpgsqlDataSource database, CancellationToken ct) =>
            state is not null && !States.Contains(state)
                ? Refusal.Invalid("reintegration/state-unknown", $"These are {string.Join(", ", States)}. Ask for one, or leave `state` out.", "state").ToProblem()
                : TypedResults.Ok(await database.PageAsync("select sort, stream_id, case_id, country, state, due_at, number from humanitarian_aid.reintegration where ($1 = '' or state = $1)", "sort", cursor, limit,
                    row => new
                    {
                        personId = row.GetGuid(1),
                        caseId = row.GetGuid(2),
                        country = row.GetString(3),
                        state = row.GetString(4),
                        dueAt = row.IsDBNull(5) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(5),
                        contact = row.IsDBNull(6) ? (int?)null : row.GetInt32(6),
                    }, [state ?? ""], ct)))
            .Allow(Roles.AidWorker, Roles.ProtectionOfficer, Roles.Auditor).WithSummary("Who came home and is to be asked how they are, next due first");
    }

    private static async Task<IResult> DecideAsync(Guid personId, DateTimeOffset? told, TimelineStore store, HttpContext http, Func<PersonInNeed, string, DateTimeOffset, Decision> decide)
    {
        if (http.Happen(told, out var at) is { } early) return early.ToProblem();
        var (by, after) = (http.User.Identity!.Name!, PersonInNeed.Start(personId));
        var outcome = await store.DecideAsync<PersonInNeed>(personId, person =>
        {
            var decision = decide(person, by, at);
            after = decision.Events.Aggregate(person, (state, e) => state.Apply(e));
            return decision;
        }, new(by), http.RequestAborted);
        return outcome.ToResult(http, () => TypedResults.Ok(Show(after)));
    }

    private static object Show(PersonInNeed person) => new
    {
        personId = person.Id,
        person.Reintegration.Offered!.CaseId,
        person.Reintegration.Offered.Country,
        person.Reintegration.State,
        agreed = person.Reintegration.Answer?.Agreed,
        next = person.Reintegration.Next is { } next ? new { next.Number, next.DueAt, overdue = person.Reintegration.Overdue.Contains(next.Number) } : null,
        contacts = person.Reintegration.Contacts.Values.OrderBy(contact => contact.Number).Select(contact => new { contact.Number, contact.Outcome, contact.Notes, contact.At }),
        outcome = person.Reintegration.Closed?.Outcome,
    };

    private static Refusal? Unknown(PersonInNeed person) => person.Record.Refuse() ?? (person.Reintegration.Offered is null
        ? Refusal.Conflict("reintegration/not-home", "This person has not come home yet, so nothing is open. Report the arrival of their transport first.") : null);

    private static Refusal? Missing(PersonInNeed person) => Unknown(person) ?? (person.Reintegration.Closed is not null
        ? Refusal.Conflict("reintegration/closed", "This was closed. Nobody asks this person any more.") : null);

    private sealed record AnswerBody(bool Agreed, DateTimeOffset? At = null);

    private sealed record FollowUpBody(int Number, string Outcome, string? Notes = null, DateTimeOffset? At = null);

    private sealed record CloseBody(string Outcome, DateTimeOffset? At = null);
}
