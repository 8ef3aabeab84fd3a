using System.Text;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ConsularContact.Matching;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact;

/// <summary>What looks like one person but not surely enough is offered to an officer, with the evidence side by side (rule M).</summary>
internal static class ReviewMatches
{
    private const int MostOffered = 10;
    private static readonly string[] States = ["open", "confirmed", "dismissed"];
    private static readonly Type[] Matters =
    [
        typeof(PersonRegistered), typeof(RegistrationRepeated), typeof(RegistrationSeparated), typeof(PossibleMatchFound), typeof(MatchDismissed), typeof(DuplicateMerged),
        typeof(MergedInto), typeof(DuplicateUnmerged), typeof(UnmergedFrom), typeof(PersonErased),
    ];

    /// <summary>The pairs offered, and where the records that no longer stand for themselves have gone.</summary>
    public static IEnumerable<IProjection> ReadModels(string schema)
    {
        yield return new Projection<Person>($"{schema}.match", 2,
            [("sort", "text collate \"C\" not null"), ("other_id", "uuid not null"), ("registration_id", "uuid not null"), ("reference", "text not null"),
             ("other_registration_id", "uuid"), ("other_reference", "text"), ("band", "text not null"), ("score", "double precision not null"), ("state", "text not null"), ("evidence", "text[] not null"), ("sender", "text not null")],
            person => [.. Offered(person), .. Automatic(person)], Matters,
            "create unique index on {table} (sort)", "create index on {table} (state, sort) where band = 'review'", "create index on {table} (sender, sort) where band = 'review'");
        yield return new Projection<Person>($"{schema}.merged", 1, [("into_id", "uuid not null")],
            person => person.Matches.MergedInto is { } into ? [[into]] : [], [typeof(MergedInto), typeof(UnmergedFrom)]);
    }

    /// <summary>The pairs that a registration brings up and that nobody has decided on. At most ten: who looks like more people than that looks like nobody.</summary>
    public static IEnumerable<Event> Offer(Person person, IReadOnlyList<Candidate> candidates, Func<Guid, Person> personOf, Guid registrationId, DateTimeOffset at) =>
        candidates.Where(c => c.Verdict.Band == Band.Review && c.PersonId != person.Id && !person.Matches.Knows(c.PersonId) && !personOf(c.PersonId).Matches.Knows(person.Id))
            .Take(MostOffered)
            .Select(c => new PossibleMatchFound(c.PersonId, registrationId, Math.Round(c.Verdict.Bits, 2), c.Verdict.Codes, c.Verdict.AgainstAutomatic, at));

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/matches", List).Allow(Roles.Officer).WithSummary("Pairs that may be one person")
            .WithDescription("state: open, confirmed or dismissed; all without. sender: only what that sender told, such as \"agency UNHCR\"; POST /matches/decisions then settles many at once. format=csv: all pairs of both bands, review and automatic, in one table.");
        api.MapGet("/matches/{personId:guid}/{otherPersonId:guid}", Compare).Allow(Roles.Officer).LogsRead("match").WithSummary("Two people side by side, with the evidence per field");
    }

    private static IEnumerable<object?[]> Offered(Person person) => person.Erased ? [] :
        from found in person.Matches.Found.Values
        let registration = person.Registrations.Find(r => r.Id == found.RegistrationId)
        // A record that stands for itself no longer is offered under the one that stands for it.
        where registration is not null && (person.Matches.MergedInto is null || person.Matches.MergedInto == found.OtherPersonId)
        select new object?[]
        {
            $"{found.At.UtcTicks:D19}{person.Id:N}{found.OtherPersonId:N}", found.OtherPersonId, registration.Id, registration.Reference, null, null,
            "review", found.Score, person.Matches.StateOf(found.OtherPersonId), found.Evidence.ToArray(), registration.Sender,
        };

    private static IEnumerable<object?[]> Automatic(Person person) => person.Erased || person.Matches.MergedInto is not null ? [] :
        from registration in person.Registrations
        let repeated = registration.Repeated
        where repeated is { MergedFrom: null }
        select new object?[]
        {
            $"{registration.At.UtcTicks:D19}{person.Id:N}{registration.Id:N}", person.Id, registration.Id, registration.Reference, person.Registrations[0].Id, person.Registrations[0].Reference,
            "automatic", repeated.Score, "confirmed", repeated.Evidence.ToArray(), registration.Sender,
        };

    private static async Task<IResult> List(TimelineStore store, CrisisService service, CancellationToken ct, string? state = null, string? cursor = null, int? limit = null, string? format = null, string? sender = null)
    {
        if (state is not null && !States.Contains(state))
            return Refusal.Invalid("match/state-unknown", $"Pairs are {string.Join(", ", States)}. Ask for one of these, or leave `state` out.", "state").ToProblem();
        if (format is not (null or "json" or "csv")) return Refusal.Invalid("match/format-unknown", "Pairs come as json or csv.", "format").ToProblem();
        var select = $"""
            select m.sort, m.stream_id, coalesce(g.into_id, m.other_id), m.registration_id, m.reference, m.other_registration_id, coalesce(m.other_reference, p.reference), m.band, m.score, m.state, m.evidence, m.sender
            from {service.Schema}.match m
            left join {service.Schema}.merged g on g.stream_id = m.other_id and g.into_id <> m.stream_id
            left join {service.Schema}.person p on p.stream_id = coalesce(g.into_id, m.other_id)
            where ($1 = '' or m.state = $1) and ($2 = '' or m.sender = $2)
            """;
        return format == "csv"
            ? TypedResults.Stream(body => WriteCsvAsync(body, store.Database, select, state, sender, ct), "text/csv; charset=utf-8", "matches.csv")
            : TypedResults.Ok(await store.Database.PageAsync($"{select} and m.band = 'review'", "m.sort", cursor, limit, Pair.Read, [state ?? "", Asked(sender)], ct));
    }

    private sealed record Pair(
        Guid PersonId, Guid OtherPersonId, Guid RegistrationId, string Reference, Guid? OtherRegistrationId, string? OtherReference, string Band, double Score, string State, string[] Evidence, string Sender)
    {
        public static Pair Read(NpgsqlDataReader row) => new(
            row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetGuid(5), row.IsDBNull(6) ? null : row.GetString(6),
            row.GetString(7), row.GetDouble(8), row.GetString(9), row.GetFieldValue<string[]>(10), row.GetString(11));
    }

    // What PostgreSQL cannot take as text is nobody's name.
    private static string Asked(string? sender) => sender?.Replace("\0", "", StringComparison.Ordinal) ?? "";

    private static async Task WriteCsvAsync(Stream body, NpgsqlDataSource database, string select, string? state, string? sender, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"{select} order by m.sort");
        command.Parameters.Add(new() { Value = state ?? "" });
        command.Parameters.Add(new() { Value = Asked(sender) });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await using var writer = new StreamWriter(body, new UTF8Encoding(false)) { NewLine = "\r\n" };
        await writer.WriteLineAsync("person,registration,reference,other_person,other_registration,other_reference,band,score,state,evidence");
        while (await reader.ReadAsync(ct))
        {
            var pair = Pair.Read(reader);
            object?[] cells = [pair.PersonId, pair.RegistrationId, pair.Reference, pair.OtherPersonId, pair.OtherRegistrationId, pair.OtherReference, pair.Band, FormattableString.Invariant($"{pair.Score:0.00}"), pair.State, string.Join(' ', pair.Evidence)];
            await writer.WriteLineAsync(string.Join(',', cells.Select(cell => SafeCell.Write(cell))));
        }
    }

    private static async Task<IResult> Compare(Guid personId, Guid otherPersonId, TimelineStore store, CancellationToken ct)
    {
        if (personId == otherPersonId) return MergePeople.Same("otherPersonId").ToProblem();
        var people = (await store.ReadAsync([personId, otherPersonId], ct)).Select(timeline => timeline.Fold<Person>()).ToArray();
        var (one, other) = (people[0], people[1]);
        if ((one.Record.RefuseMissing() ?? other.Record.RefuseMissing()) is { } missing) return missing.ToProblem();
        // What one has from the other by their merge would only be compared with itself.
        var best = (from mine in one.Registrations
                    where mine.Form is not null && mine.Repeated?.MergedFrom != other.Id
                    from theirs in other.Registrations
                    where theirs.Form is not null && theirs.Repeated?.MergedFrom != one.Id
                    select (mine, theirs, verdict: Match.Score(mine.Identity!, theirs.Identity!))).MaxBy(pair => (pair.verdict.Band, pair.verdict.Bits));
        if (best.verdict is null) return PersonRefusals.Unknown.ToProblem();
        // Why they were offered may have been that few were at their place then.
        var offered = one.Matches.Found.GetValueOrDefault(other.Id) ?? other.Matches.Found.GetValueOrDefault(one.Id);
        return TypedResults.Ok(new
        {
            personId,
            otherPersonId,
            state = one.Matches.Knows(other.Id) ? one.Matches.StateOf(other.Id) : other.Matches.Knows(one.Id) ? other.Matches.StateOf(one.Id) : "not-offered",
            band = best.verdict.Band == Band.None && offered is not null ? Band.Review : best.verdict.Band,
            offeredFor = offered?.Evidence,
            score = Math.Round(best.verdict.Bits, 2),
            best.verdict.AgainstAutomatic,
            fields = best.verdict.Evidence.Select(e => new { e.Field, e.Level, bits = Math.Round(e.Bits, 2), one = Text(e.Field, best.mine.Form!), other = Text(e.Field, best.theirs.Form!) }),
            one = Shown(one, best.mine),
            other = Shown(other, best.theirs),
        });

        static object Shown(Person person, TakenRegistration best) => new { personId = person.Id, registrationId = best.Id, best.Reference, registeredAt = best.At, registrations = person.Registrations.Count, person.Households, form = best.Form };
    }

    private static string? Text(Field field, Registration form) => field switch
    {
        Field.Name => string.Join(' ', new[] { form.GivenNames, form.FamilyName }.OfType<string>()),
        Field.Script => form.NameInOriginalScript,
        Field.BirthDate => form.BirthDate?.ToString(),
        Field.Sex => form.Sex.ToString().ToLowerInvariant(),
        Field.Nationality => string.Join(' ', new[] { form.Nationality, form.SecondNationality }.OfType<string>()),
        Field.Document => form.Document?.Number,
        Field.Expiry => form.Document?.Expiry?.ToString("yyyy-MM-dd"),
        Field.Phone => form.Phone,
        Field.Household => form.HouseholdReference,
        _ => form.Position is { } at ? FormattableString.Invariant($"{at.Latitude:0.0000} {at.Longitude:0.0000}") : form.Place,
    };
}
