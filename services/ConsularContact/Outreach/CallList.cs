using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.PersonRecord;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Outreach;

/// <summary>Whom operators are to ring: only those for whom it is safe at this moment. What they hear is written down at once.</summary>
internal sealed record CallList(Guid AttemptId, string Outcome, Guid CheckInId, string? State, Spot Spot, string Officer, DateTimeOffset At)
{
    private const string Answered = "answered";
    private const int Usual = 50, Most = 200;

    private static readonly string[] Outcomes = [Answered, "no-answer", "wrong-number", "declined"];

    internal sealed record Line(
        Guid PersonId, Guid AttemptId, Guid WaveId, string Phone, string? FamilyName, string? GivenNames, string? Language, string? InterpreterLanguage, bool FemaleOfficer, DateTimeOffset? SafeUntil, DateTimeOffset Since);

    private sealed record Body(string Outcome, string? State = null, string? Place = null, Position? Position = null, DateTimeOffset? At = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/outreach/call-list", async Task<IResult> (HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, int? limit = null) =>
        {
            if (limit is < 1 or > Most) return ConsularRefusals.PageLimit(Most).ToProblem();
            var now = store.Time.GetUtcNow();
            var lines = new List<Line>();
            foreach (var some in (await PeopleAsync(http, store, service, ct)).Chunk(Usual))
                foreach (var timeline in await store.ReadAsync(some, ct))
                    if (lines.Count < (limit ?? Usual)) lines.AddRange(LinesOf(timeline.Fold<Addressee>(), timeline.Fold<Person>().Latest, now));
            var shown = lines.Take(limit ?? Usual).ToList();
            await http.LogReadAsync("call list", shown.Select(line => (Guid?)line.PersonId));
            return TypedResults.Ok(new { items = shown });
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).LogsRead("call list").WithSummary("Whom to ring now")
          .WithDescription("Only people for whom a call is safe at this moment, longest waiting first. femaleOfficer: a woman should ring. interpreterLanguage: ring with an interpreter.");

        api.MapPost("/people/{personId:guid}/calls/{attemptId:guid}", async Task<IResult> (Guid personId, Guid attemptId, Body body, HttpContext http, TimelineStore store, CancellationToken ct) =>
        {
            if (http.Happen(body.At, out var at) is { } early) return early.ToProblem();
            if (Spots.Read(body.Place, body.Position, out var spot) is { } nowhere) return nowhere.ToProblem();
            var command = new CallList(attemptId, body.Outcome, http.Ids().Next(), RegistrationRules.Text(body.State), spot, http.User.Identity!.Name!, at);
            var outcome = await store.DecideAsync<Addressee>(personId, person => Decide(person, command), new By(command.Officer), ct);
            return outcome.ToResult(http, () => TypedResults.NoContent());
        }).Allow(Roles.Officer, Roles.ProtectionOfficer).WithSummary("Record what came of a call")
          .WithDescription("outcome: answered, no-answer, wrong-number or declined. state, when answered: safe, needs-help, moving or left.");
    }

    internal static Decision Decide(Addressee person, CallList command)
    {
        if (!Outcomes.Contains(command.Outcome)) return Refusal.Invalid("outreach/call-outcome", $"Say what came of it: {string.Join(", ", Outcomes)}.", "outcome");
        if (command.Outcome == Answered && command.State is null) return LastKnown.StateUnknown;
        if (person.Whereabouts.File.Missing is { } missing) return missing;
        if (person.Contacts.FindAttempt(command.AttemptId) is not { Channel: Channels.Call } attempt) return Refusal.NotFound("outreach/call-unknown", "This person is on no call list under that id. Look at the list again.");
        if (command.Outcome != Answered) return attempt.IsOpen ? new ContactFailed(attempt.Id, command.Outcome, command.At) : Decision.Nothing;
        if (attempt.State == AttemptState.Delivered) return Decision.Nothing;
        if (command.At < attempt.At) return Refusal.Invalid("outreach/call-before", "That was before the person came onto the call list. Record it as a check-in.", "at");
        var checkIn = CheckIn.Decide(person.Whereabouts, new(command.CheckInId, command.State!, "self", command.Spot, command.At));
        return checkIn.Refusal is { } refusal ? refusal : Decision.Of([new ContactDelivered(attempt.Id, command.At), .. checkIn.Events]);
    }

    internal static IEnumerable<Line> LinesOf(Addressee person, Registration? form, DateTimeOffset now) =>
        person.Exists && person.MergedInto is null && !person.Detained && person.Safe.Holds(now) && person.AddressFor(Channels.Call) is { } phone && person.Ways.Contains(Channels.Call)
            ? person.Contacts.Asks.Where(ask => ask.IsOpen).SelectMany(ask => ask.Attempts.Where(attempt => attempt is { IsOpen: true, Channel: Channels.Call }).Take(1).Select(attempt => new Line(
                person.Id, attempt.Id, ask.WaveId, phone, form?.FamilyName, form?.GivenNames, person.Language, person.InterpreterLanguage, person.FemaleOfficer, person.Safe.Until(now), attempt.At)))
            : [];

    private static async Task<Guid[]> PeopleAsync(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select o.stream_id from {service.Schema}.outreach o join {service.Schema}.outreach_wave w on w.stream_id = o.wave_id
            where o.state = 'calling' and w.state = '{Wave.Running}' and ($1 or o.posts && $2) group by o.stream_id order by min(o.due_at), o.stream_id
            """);
        select.Parameters.Add(new() { Value = Posts.FindsAll(http.User) });
        select.Parameters.Add(new() { Value = Posts.Found(http.User) });
        var people = new List<Guid>();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) people.Add(reader.GetGuid(0));
        return [.. people];
    }
}
