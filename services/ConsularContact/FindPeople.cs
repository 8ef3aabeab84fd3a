using CrisisCoordination.ConsularContact.Finding;
using CrisisCoordination.ConsularContact.Households;
using CrisisCoordination.Contracts;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using CrisisCoordination.Triage;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.ConsularContact;

/// <summary>Finding people, and reading what is known of one.</summary>
internal static class FindPeople
{
    private const int MostPerPage = 500, Many = 4000;
    internal static readonly string[] Readers = [Roles.Officer, Roles.Coordinator, Roles.DocumentOfficer, Roles.ProtectionOfficer];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/people", Search).Allow([.. Readers, Roles.Auditor]).LogsRead("search people").WithSummary("Find people by name in any spelling, document number, phone, reference or place");
        api.MapGet("/people/{personId:guid}", Read).Allow(Readers).LogsRead("person").WithSummary("A person as last told");
    }

    private static async Task<IResult> Search(HttpContext http, TimelineStore store, CrisisService service, CancellationToken ct, string? search = null, Guid? crisis = null, Guid? cursor = null, int limit = 100)
    {
        if (limit is < 1 or > MostPerPage) return ConsularRefusals.PageLimit(MostPerPage).ToProblem();
        var asked = SearchWords.Asked(search ?? "");
        if (asked is null && !string.IsNullOrWhiteSpace(search)) return TypedResults.Ok(new Page([], null));
        var words = SearchWords.Within(asked, Posts.FindsAll(http.User) ? null : Posts.Found(http.User));
        await using var find = store.Database.CreateCommand(Question(service.Schema, words is not null));
        find.Parameters.Add(new() { Value = cursor ?? Guid.Empty });
        find.Parameters.Add(new() { Value = (object?)crisis ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        find.Parameters.Add(new() { Value = limit + 1 });
        if (words is not null) find.Parameters.Add(new() { Value = words });
        var page = await PageAsync(find, limit, ct);
        await http.LogReadAsync("search people", page.Items.Select(found => (Guid?)found.PersonId));
        return TypedResults.Ok(page);
    }

    /// <summary>
    /// $1 cursor, $2 crisis or null, $3 how many, $4 the words. What few have is read from the index of words; what many have
    /// is met soon enough on a walk along the people, and sorting them all would take longer.
    /// </summary>
    internal static string Question(string schema, bool withWords)
    {
        const string inTurn = "stream_id > $1 and ($2::uuid is null or $2 = any (crisis_ids))";
        return $"""
            with {(withWords ? $"""
                hit as materialized (select stream_id, crisis_ids from {schema}.findable where words @@ cast($4::text as tsquery) limit {Many}),
                page as (
                    (select stream_id from hit where (select count(*) from hit) < {Many} and {inTurn} order by stream_id limit $3)
                    union all
                    (select stream_id from {schema}.findable where (select count(*) from hit) = {Many} and {inTurn} and (words || ''::tsvector) @@ cast($4::text as tsquery) order by stream_id limit $3))
                """ : $"page as (select stream_id from {schema}.findable where {inTurn} order by stream_id limit $3)")}
            select p.stream_id, family_name, given_names, birth_date, nationality, reference, registrations, household_ids from page join {schema}.person p on p.stream_id = page.stream_id order by p.stream_id
            """;
    }

    private sealed record Found(Guid PersonId, string? FamilyName, string? GivenNames, string? BirthDate, string? Nationality, string Reference, int Registrations, Guid[] HouseholdIds);

    private sealed record AgeChangeQuestion(Guid ChangeId, Guid RegistrationId, BirthDate? BirthDate, string Officer, DateTimeOffset At);

    private sealed record Page(List<Found> Items, Guid? Next);

    private static async Task<Page> PageAsync(NpgsqlCommand find, int limit, CancellationToken ct)
    {
        await using var reader = await find.ExecuteReaderAsync(ct);
        var items = new List<Found>();
        while (await reader.ReadAsync(ct))
            items.Add(new(reader.GetGuid(0), Text(1), Text(2), Text(3), Text(4), reader.GetString(5), reader.GetInt32(6), reader.GetFieldValue<Guid[]>(7)));
        if (items.Count <= limit) return new(items, null);
        items.RemoveAt(limit);
        return new(items, items[^1].PersonId);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static async Task<IResult> Read(Guid personId, HttpContext http, TimelineStore store, CancellationToken ct)
    {
        var (person, version) = await store.LoadAsync<Person>(personId, ct: ct);
        if (person.Record.RefuseMissing() is { } missing) return missing.ToProblem();
        http.Response.Headers.ETag = $"\"{version}\"";
        // Who corrects a form must see all of it; the others get the needs that do not tell what was done to the person (rule T).
        var whole = http.User.IsInRole(Roles.Officer) || http.User.IsInRole(Roles.ProtectionOfficer);
        return TypedResults.Ok(new
        {
            personId,
            version,
            person.Households,
            sharesWith = person.SharesWith.Order(),
            fearOfReturnTo = person.Fears.Now.Order(),
            // Somebody must ask them which state they mean; their own are barred until then.
            fearUnnamedSince = person.Fears.OpenSince,
            evacuationConsentBy = person.MayLeaveAt(store.Time.GetUtcNow()) ? person.Consents.EvacuationBy : null,
            seen = person.Seen.Yes,
            isChild = person.IsChildOn(store.Time.GetUtcNow()),
            guardians = person.Family.Guardians.All.Values.OrderBy(tie => tie.AdultId).Select(tie => new GuardianAnswer(tie.AdultId, tie.Basis, tie.Standing)),
            ageChanges = whole ? person.AgeChanges.Values.Select(change => new AgeChangeQuestion(change.ChangeId, change.RegistrationId, change.Form?.BirthDate, change.Officer, change.At)) : null,
            mergedInto = person.Matches.MergedInto,
            duplicates = person.Matches.Duplicates.Keys.Order(),
            registrations = person.Registrations.Select(r => new { registrationId = r.Id, r.CrisisId, r.Sender, r.Reference, registeredAt = r.At, form = whole || r.Form is not { } form ? r.Form : form with { SpecificNeeds = [.. form.SpecificNeeds.Where(code => !PriorityRule.IsRestricted(code))] } }),
        });
    }
}
