using System.Text.Json;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>How far an import is, what became of each row, and why rows were refused.</summary>
internal static class ShowImport
{
    private const int MostPerPage = 1000;
    private static readonly string[] Outcomes = ["accepted", "refused", "waiting", "taken-back", "kept"];

    public static Refusal Unknown => Refusal.NotFound("import/unknown", "There is no import with this id.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/imports/{importId:guid}", Show).Allow(Roles.Officer).WithSummary("How far an import is")
            .WithDescription($"state: {ImportState.Running}, {ImportState.NeedsMapping}, {ImportState.Paused}, {ImportState.Checked} (a dry run is over), {ImportState.Undoing}, {ImportState.Undone}, {ImportState.Cancelled}, {ImportState.Failed}, {ImportState.Done}.");
        api.MapGet("/imports/{importId:guid}/refusals", Refusals).Allow(Roles.Officer).WithSummary("The refused rows of an import, each with column and reason");
        api.MapGet("/imports/{importId:guid}/rows", Rows).Allow(Roles.Officer).WithSummary("What became of each row of an import")
            .WithDescription("outcome: accepted, refused, waiting (a match of it is open, see GET /matches), taken-back, kept. how: new, repeated (a person known), known (this very registration was known).");
    }

    /// <summary>The state of an import, and whether it is a dry run; null when there is none.</summary>
    public static async Task<(string State, bool Dry)?> StateAsync(NpgsqlDataSource database, CrisisService service, Guid id, CancellationToken ct)
    {
        await using var select = database.CreateCommand($"select {ImportState.Sql}, dry from {service.Schema}.import where id = $1");
        select.Parameters.Add(new() { Value = id });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetString(0), reader.GetBoolean(1)) : null;
    }

    /// <summary>What a row of <c>import_row</c> r of the import i came to. What waits for a decision stops waiting when it is made.</summary>
    public static string Outcome(string schema) => $"""
        case when r.how in ('taken-back', 'kept', 'refused') then r.how
             when r.offered and (i.dry or exists (select from {schema}.match m where m.stream_id = r.person_id and m.registration_id = r.registration_id and m.state = 'open' and m.band = 'review')) then 'waiting'
             else 'accepted' end
        """;

    private static async Task<IResult> Show(Guid importId, ImportedFiles files, ColumnMappings mappings, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select read, accepted, repeated, known, refused, fault, started_at, finished_at,
                (select coalesce(jsonb_object_agg(code, n), '{"{}"}') from (select code, count(distinct row_number) n from {service.Schema}.import_refusal where import_id = $1 group by code) c)::text,
                {ImportState.Sql}, dry, rows, sender,
                case when finished_at is not null or hold is not null then (select coalesce(jsonb_object_agg(outcome, n), '{"{}"}')
                    from (select {Outcome(service.Schema)} outcome, count(*) n from {service.Schema}.import_row r where r.import_id = i.id group by 1) o)::text end
            from {service.Schema}.import i where id = $1
            """);
        select.Parameters.Add(new() { Value = importId });
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return Unknown.ToProblem();
        var (state, dry) = (reader.GetString(9), reader.GetBoolean(10));
        int? total = reader.IsDBNull(11) ? null : reader.GetInt32(11);
        var outcomes = reader.IsDBNull(13) ? null : Counts(13);
        return TypedResults.Ok(new
        {
            importId,
            state,
            fault = reader.IsDBNull(5) ? null : reader.GetString(5),
            read = reader.GetInt32(0),
            accepted = reader.GetInt32(1),
            repeated = reader.GetInt32(2),
            known = reader.GetInt32(3),
            refused = reader.GetInt32(4),
            refusedBy = Counts(8),
            startedAt = reader.GetFieldValue<DateTimeOffset>(6),
            finishedAt = reader.IsDBNull(7) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(7),
            dryRun = dry,
            rows = total,
            stage = state switch
            {
                ImportState.NeedsMapping => "parse",
                ImportState.Done or ImportState.Checked => outcomes?.GetValueOrDefault("waiting") > 0 ? "review" : dry ? "checked" : "done",
                _ => total is null ? "parse" : dry ? "match" : "commit",
            },
            outcomes,
            columns = state == ImportState.NeedsMapping ? await ColumnsAsync(importId, reader.GetString(12), files, mappings, ct) : null,
        });

        Dictionary<string, int> Counts(int column) => JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(column))!;
    }

    private static async Task<object?> ColumnsAsync(Guid importId, string sender, ImportedFiles files, ColumnMappings mappings, CancellationToken ct)
    {
        await foreach (var header in RegistrationFile.CellsAsync(files.Open(importId), ct))
        {
            var found = Headers.Read(header.Cells, await mappings.OfAsync(importId, sender, ct));
            return new
            {
                found.Missing,
                found.Unknown,
                found.Twice,
                recognised = found.Theirs.Zip(found.Ours).Where(pair => pair.Second is not null).Select(pair => new { header = pair.First, column = pair.Second }),
            };
        }
        return null;
    }

    private static async Task<IResult> Refusals(Guid importId, TimelineStore store, CrisisService service, CancellationToken ct, int cursor = 0, int limit = 200)
    {
        if (limit is < 1 or > MostPerPage) return ConsularRefusals.PageLimit(MostPerPage).ToProblem();
        await using var select = store.Database.CreateCommand($"select row_number, column_name, code, message from {service.Schema}.import_refusal where import_id = $1 order by row_number, column_name offset $2 limit $3");
        select.Parameters.Add(new() { Value = importId });
        select.Parameters.Add(new() { Value = Math.Max(cursor, 0) });
        select.Parameters.Add(new() { Value = limit });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var items = new List<object>();
        while (await reader.ReadAsync(ct))
            items.Add(new { row = reader.GetInt32(0), column = reader.GetString(1), code = reader.GetString(2), message = reader.GetString(3) });
        return TypedResults.Ok(new { items, next = items.Count == limit ? cursor + limit : (int?)null });
    }

    private static async Task<IResult> Rows(Guid importId, TimelineStore store, CrisisService service, CancellationToken ct, string? outcome = null, int cursor = 0, int limit = 200)
    {
        if (limit is < 1 or > MostPerPage) return ConsularRefusals.PageLimit(MostPerPage).ToProblem();
        if (outcome is not null && !Outcomes.Contains(outcome)) return Refusal.Invalid("import/outcome-unknown", $"Rows are {string.Join(", ", Outcomes)}.", "outcome").ToProblem();
        if (await StateAsync(store.Database, service, importId, ct) is null) return Unknown.ToProblem();
        await using var select = store.Database.CreateCommand($"""
            select * from (select r.row_number, {Outcome(service.Schema)} outcome, r.how, r.why, r.person_id, r.registration_id
                from {service.Schema}.import_row r join {service.Schema}.import i on i.id = r.import_id where r.import_id = $1 and r.row_number > $2) found
            where $4 = '' or outcome = $4 order by row_number limit $3
            """);
        foreach (var value in (object[])[importId, Math.Max(cursor, 0), limit, outcome ?? ""]) select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (items, last) = (new List<object>(), 0);
        while (await reader.ReadAsync(ct))
        {
            last = reader.GetInt32(0);
            items.Add(new
            {
                row = last,
                outcome = reader.GetString(1),
                how = reader.GetString(2),
                why = reader.IsDBNull(3) ? null : reader.GetString(3),
                personId = reader.IsDBNull(4) ? (Guid?)null : reader.GetGuid(4),
                registrationId = reader.IsDBNull(5) ? (Guid?)null : reader.GetGuid(5),
            });
        }
        return TypedResults.Ok(new { items, next = items.Count == limit ? last : (int?)null });
    }
}
