using System.Text;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>
/// The file that was sent, with two more columns: what became of each row, and why. No cell of it is a formula. Whoever puts
/// the refused rows right can send it as it is: the two columns are not read, and rows taken in are known.
/// </summary>
internal static class DownloadResult
{
    private const string Bom = "\uFEFF";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{importId:guid}/result", async Task<IResult> (Guid importId, HttpContext http, ImportedFiles files, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            await using var select = store.Database.CreateCommand($"""
                select post, account, exists (select from {service.Schema}.import_part where import_id = id), {ImportState.Sql} from {service.Schema}.import where id = $1
                """);
            select.Parameters.Add(new() { Value = importId });
            await using (var reader = await select.ExecuteReaderAsync(ct))
            {
                // A file is a list of people: whoever may not find them is not told that it came.
                if (!await reader.ReadAsync(ct) || !(Posts.FindsAll(http.User) || Posts.Found(http.User).Contains(reader.IsDBNull(0) ? reader.GetString(1) : reader.GetString(0)))) return ShowImport.Unknown.ToProblem();
                if (!reader.GetBoolean(2)) return Refusal.NotFound("import/file-deleted", $"The file was deleted {ImportedFiles.Kept.TotalDays:0} days after the import. GET /imports/{{importId}}/rows still tells what became of each row; send the file again to have it with its results.").ToProblem();
                if (reader.GetString(3) is ImportState.Running or ImportState.Undoing or ImportState.NeedsMapping)
                    return Refusal.Conflict("import/not-finished", "The import is still being worked on. GET /imports/{importId} tells how far it is.").ToProblem();
            }
            await http.LogReadAsync("imported file", await PeopleAsync(importId, store.Database, service, ct));
            return TypedResults.Stream(body => WriteAsync(body, importId, files, store.Database, service, ct), "text/csv; charset=utf-8", $"import-{importId}.csv");
        }).Allow(Roles.Officer).LogsRead("imported file").WithSummary("The imported file with the outcome and reason of each row");

    private static async Task<Guid?[]> PeopleAsync(Guid importId, NpgsqlDataSource database, CrisisService service, CancellationToken ct)
    {
        await using var select = database.CreateCommand($"select coalesce(array_agg(distinct person_id), '{"{}"}') from {service.Schema}.import_row where import_id = $1 and person_id is not null");
        select.Parameters.Add(new() { Value = importId });
        return [.. ((Guid[])(await select.ExecuteScalarAsync(ct))!).Select(person => (Guid?)person)];
    }

    private static async Task WriteAsync(Stream body, Guid importId, ImportedFiles files, NpgsqlDataSource database, CrisisService service, CancellationToken ct)
    {
        await using var select = database.CreateCommand($"""
            select r.row_number, {ShowImport.Outcome(service.Schema)}, r.how, r.why, k.erased_at is not null,
                (select string_agg(concat_ws(': ', nullif(f.column_name, ''), f.message), ' | ' order by f.column_name) from {service.Schema}.import_refusal f where f.import_id = r.import_id and f.row_number = r.row_number)
            from {service.Schema}.import_row r join {service.Schema}.import i on i.id = r.import_id left join {service.TimelineSchema}.person_key k on k.person_id = r.person_id
            where r.import_id = $1 order by r.row_number
            """);
        select.Parameters.Add(new() { Value = importId });
        await using var outcomes = await select.ExecuteReaderAsync(ct);
        var more = await outcomes.ReadAsync(ct);
        await using var writer = new StreamWriter(body, new UTF8Encoding(false)) { NewLine = "\r\n" };
        await writer.WriteAsync(Bom);
        var (separator, width, last) = (',', 0, 1);
        await foreach (var row in RegistrationFile.CellsAsync(files.Open(importId), ct))
        {
            if (row.Number == 1)
            {
                (separator, width) = (RegistrationFile.SeparatorOf(row.Raw), row.Cells.Count);
                await LineAsync(row.Cells, "outcome", "reason");
                continue;
            }
            // Rows keep their numbers.
            for (; last + 1 < row.Number; last++) await writer.WriteLineAsync();
            last = row.Number;
            while (more && outcomes.GetInt32(0) < row.Number) more = await outcomes.ReadAsync(ct);
            var known = more && outcomes.GetInt32(0) == row.Number;
            // Whoever was erased since is not in here any more either.
            var cells = known && outcomes.GetBoolean(4) ? [] : row.Cells.Count > width ? [.. row.Cells.Take(width - 1), string.Join(separator, row.Cells.Skip(width - 1))] : row.Cells;
            await LineAsync([.. cells, .. Enumerable.Repeat("", width - cells.Count)], known ? outcomes.GetString(1) : "not-read", known ? Reason() : "");
        }

        Task LineAsync(IReadOnlyList<string> cells, string outcome, string reason) =>
            writer.WriteLineAsync(string.Join(separator, cells.Append(outcome).Append(reason).Select(cell => SafeCell.Write(cell, separator))));

        string Reason() => !outcomes.IsDBNull(5) ? outcomes.GetString(5) : !outcomes.IsDBNull(3) ? outcomes.GetString(3) : outcomes.GetString(2) switch
        {
            "new" => "a person not known before",
            "repeated" => "a person known before, registered again",
            "known" => "this very registration was known",
            "taken-back" => "the import was taken back",
            var how => how,
        };
    }
}
