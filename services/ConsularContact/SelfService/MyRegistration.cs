using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Whereabouts;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// What somebody who registered themselves can do with their token. They see what they told under it, never what others said
/// or did about the person: the token may have been got by typing another's name. For the same reason it speaks for its own
/// registration only: once that was merged with others, what they tell is proposed to an officer, and so is another name or birth date for somebody
/// whom an officer has met. The answer is the same.
/// </summary>
internal sealed record MyRegistration(string Reference, DateTimeOffset RegisteredAt, DateTimeOffset ConfirmedAt, string? State)
{
    /// <summary>How long a registration counts as true without a word from the person.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(24);

    /// <summary>Who is said to act: nobody's account, and never mistaken for one.</summary>
    public static string Account(string reference) => "self:" + reference;

    /// <summary>Whether a token's holder is said to have acted.</summary>
    public static bool IsToken(string account) => account.StartsWith(Account(""), StringComparison.Ordinal);

    public bool Ended => State is LastKnown.Safe or LastKnown.Left;

    public DateTimeOffset? ConfirmBefore => Ended ? null : ConfirmedAt + Fresh;

    /// <summary>From the events that this registration's token brought.</summary>
    public static MyRegistration Of(string reference, DateTimeOffset registeredAt, IEnumerable<RecordedEvent> events) =>
        events.Where(e => e.User == Account(reference)).Aggregate(new MyRegistration(reference, registeredAt, registeredAt, null), (mine, e) => e.Event switch
        {
            CheckedIn told => mine with { ConfirmedAt = told.At, State = told.State },
            RegistrationCorrected changed => mine with { ConfirmedAt = changed.At },
            // That a second officer is asked would tell that they were met, or are known otherwise.
            AgeChangeProposed changed => mine with { ConfirmedAt = changed.At },
            ChangeProposed { What: Proposals.CheckIn } told => mine with { ConfirmedAt = told.At, State = told.State },
            ChangeProposed { What: Proposals.Registration } told => mine with { ConfirmedAt = told.At },
            _ => mine,
        });

    private sealed record Change(Registration Registration);

    private sealed record Word(string State, string? Place = null, Position? Position = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("/self-registrations/mine").AllowAnyone("the tracking token says whose registration it is").AddEndpointFilter(SelfRegister.Limits).AddEndpointFilter(EvenAnswers.InvokeAsync);
        mine.MapGet("", async Task<IResult> (HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (await FindAsync(http, store, service, ct) is not { } found) return Unknown.ToProblem();
            var records = await RecordsAsync(id => store.ReadAsync(id, ct), found.Person);
            // What they told before the merge stands on the record that was merged away.
            if (records[0].Fold<Person>().Registrations.Find(r => r.Id == found.Registration)?.Repeated?.MergedFrom is { } first) records.Insert(1, await store.ReadAsync(first, ct));
            return records[0].Fold<Person>() is { Exists: true } person && person.Registrations.Find(registration => registration.Id == found.Registration) is { } registration
                ? TypedResults.Ok(Show(Of(found.Reference, registration.At, records.SelectMany(record => record.Events).OrderBy(e => e.Position)), store.Time.GetUtcNow())) : Unknown.ToProblem();
        }).WithSummary("How my registration stands");
        mine.MapPut("", (Change body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            var (id, form) = (http.Ids().Next(), RegistrationRules.Normalise(body.Registration));
            return ActAsync(http, store, service,
                (found, record, at) => CorrectRegistration.Decide(record.Fold<Person>(), new(found.Registration, form, "Told by the person themselves.", id, Account(found.Reference), at, at)),
                (found, at) => new(id, found.Registration, Proposals.Registration, null, null, null, form, at, at), ct);
        }).WithSummary("Change my registration");
        mine.MapPost("/check-in", async Task<IResult> (Word body, HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (Spots.Read(body.Place, body.Position, out var spot) is { } nowhere) return nowhere.ToProblem();
            var id = http.Ids().Next();
            return await ActAsync(http, store, service,
                (_, record, at) => CheckIn.Decide(record.Fold<LastKnown>(), new(id, body.State, "self", spot, at)),
                (found, at) => new(id, found.Registration, Proposals.CheckIn, body.State, spot.Place, spot.Position, null, at, at), ct);
        }).WithSummary("Confirm my registration, and say how I am")
          .WithDescription("state: needs-help or moving confirm the registration; safe or left sign off, until you check in again.");
        mine.MapPost("/evacuation-consent/withdrawal", (HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            var id = http.Ids().Next();
            return ActAsync(http, store, service,
                (found, record, at) => Consent.Withdraw(record.Fold<Person>(), Account(found.Reference), at),
                (found, at) => new(id, found.Registration, Proposals.Withdrawal, null, null, null, null, at, at), ct);
        }).WithSummary("I do not want to be evacuated any more");
    }

    private static object Show(MyRegistration mine, DateTimeOffset now) => new
    {
        mine.Reference,
        mine.RegisteredAt,
        mine.ConfirmedAt,
        mine.State,
        mine.ConfirmBefore,
        stale = mine.ConfirmBefore < now,
        expired = !mine.Ended && mine.ConfirmedAt + Confirmation.ExpiredAfter < now,
        message = mine.Ended ? "You signed off. Check in again if you need help."
            : mine.ConfirmedAt + Confirmation.ExpiredAfter < now ? "We have not heard from you for three days and no longer count on what you told us. Check in, and we do again."
            : mine.ConfirmBefore < now ? "Please confirm: we have not heard from you for a day."
            : "You are registered. Confirm once a day, so that we know where you are.",
    };

    // The answer is the same whether it was done or proposed: that an officer merged the record would tell that somebody is known.
    private static async Task<IResult> ActAsync(
        HttpContext http, TimelineStore store, CrisisService service, Func<Found, Timeline.Timeline, DateTimeOffset, Decision> decide, Func<Found, DateTimeOffset, ChangeProposed> propose, CancellationToken ct)
    {
        if (await FindAsync(http, store, service, ct) is not { } found) return Unknown.ToProblem();
        var at = store.Time.GetUtcNow();
        var outcome = await store.AttemptAsync(async work =>
        {
            var records = await RecordsAsync(work.ReadAsync, found.Person);
            if (!records.TrueForAll(record => record.Fold<Person>().Exists)) return Unknown;
            var (record, own, told) = (records[^1], decide(found, records[^1], at), propose(found, at));
            return work.Append(record.Id, Proposals.MaySay(record.Fold<Person>(), told) ? own : Proposals.Propose(record.Fold<Proposals>(), own, told));
        }, new By(Account(found.Reference)), ct);
        return outcome.ToResult(http, () => TypedResults.NoContent());
    }

    // The record that holds the registration, and those that it was merged into one after the other; what is new goes to the last.
    private static async Task<List<Timeline.Timeline>> RecordsAsync(Func<Guid, Task<Timeline.Timeline>> read, Guid person)
    {
        List<Timeline.Timeline> records = [await read(person)];
        while (records[^1].Fold<Person>().Matches.MergedInto is { } into) records.Add(await read(into));
        return records;
    }

    /// <summary>
    /// The family that the holder of a token registered: what they say of a household is a household of their own, and only who holds
    /// their token adds to it. By their own words alone, so that the answer is the same whatever an officer made of them.
    /// </summary>
    internal static async Task<(Refusal? Refusal, Guid? Household)> FamilyAsync(
        HttpContext http, Guid crisisId, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (!http.Request.Headers.ContainsKey(TrackingToken.Header)) return (null, null);
        if (await FindAsync(http, store, service, ct) is not { } found) return (Unknown, null);
        var record = (await store.ReadAsync(found.Person, ct)).Fold<Person>();
        var registration = record.Registrations.Find(r => r.Id == found.Registration);
        if (registration?.Repeated?.MergedFrom is { } first) record = (await store.ReadAsync(first, ct)).Fold<Person>();
        return registration?.CrisisId == crisisId
            && record.Family.Joined.Values.FirstOrDefault(joined => joined.Source == TrackingToken.Sender) is { } family
            ? (null, family.HouseholdId) : (NoFamily, null);
    }

    private static Refusal NoFamily => Refusal.Invalid("self-registration/no-family",
        "The registration of this tracking token names no family in this crisis. "
        + "Register without the token, and tell an officer who belongs together.", "householdReference");

    private static Refusal Unknown => Refusal.NotFound("self-registration/unknown",
        $"Send the tracking token that you were given as the header {TrackingToken.Header}. If it is lost, register again: an officer looks whether it is you, so that nobody is counted twice.");

    private sealed record Found(Guid Person, Guid Registration, string Reference);

    private static async Task<Found?> FindAsync(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (TrackingToken.Reference(http.Request.Headers[TrackingToken.Header]) is not { } reference) return null;
        await using var find = store.Database.CreateCommand($"""
            select r.stream_id, r.registration_id from {service.Schema}.crisis c join {service.Schema}.reference r on r.crisis_id = c.stream_id and r.sender = $1 and r.reference = $2
            """);
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = TrackingToken.Sender });
        find.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reference });
        await using var reader = await find.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new(reader.GetGuid(0), reader.GetGuid(1), reference) : null;
    }
}
