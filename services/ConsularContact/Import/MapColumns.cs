using System.Text.Json;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>
/// An officer says what a sender's headers mean. It holds for this import, which then goes on, and for every later file of
/// the sender.
/// </summary>
internal static class MapColumns
{
    private sealed record Body(Dictionary<string, string?> Columns, string[]? Absent = null);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/imports/{importId:guid}/mapping", async Task<IResult> (Guid importId, Body body, HttpContext http, ImportRegistrations imports, ColumnMappings mappings, TimelineStore store, CrisisService service, CancellationToken ct) =>
        {
            if (await mappings.SenderAsync(importId, ct) is not { } sender) return ShowImport.Unknown.ToProblem();
            var said = new ColumnMapping(body.Columns, body.Absent ?? []);
            if (Headers.Check(said) is { } fault) return Refusal.Invalid(fault.Code, fault.Message, fault.Column).ToProblem();
            var mapping = said.Over(await mappings.OfAsync(importId, sender, ct));
            var state = await SteerImport.ChangeAsync(store.Database, service, importId, "hold = null, finished_at = null, next_row = 0, read = 0, accepted = 0, repeated = 0, known = 0, refused = 0, mapping = $2::jsonb", [ImportState.NeedsMapping, ImportState.Checked], ct, ColumnMappings.Write(mapping));
            if (state is not (ImportState.NeedsMapping or ImportState.Checked))
                return SteerImport.WrongState(state, [ImportState.NeedsMapping, ImportState.Checked]).ToProblem();
            await mappings.SaveAsync(sender, mapping, http.User.Identity!.Name!, ct);
            imports.Wake();
            return TypedResults.NoContent();
        }).Allow(Roles.Officer).WithSummary("Say what the headers of a file mean")
            .WithDescription("columns: their header → our column, or null for one that is not to be read. absent: columns of ours that the sender does not have. Kept for the sender's next files.");
}

/// <summary>The mappings that are kept: of each import the one it is read with, of each sender the last.</summary>
internal sealed class ColumnMappings(TimelineStore store, CrisisService service)
{
    public const string Tables = """
        create table if not exists {schema}.import_mapping (sender text primary key, mapping jsonb not null, account text not null, at timestamptz not null);
        """;

    public static string Write(ColumnMapping mapping) => JsonSerializer.Serialize(mapping, JsonSerializerOptions.Web);

    /// <summary>What was said for this import, and for what that leaves open, for its sender.</summary>
    public async Task<ColumnMapping> OfAsync(Guid importId, string sender, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select (select mapping::text from {service.Schema}.import where id = $1), (select mapping::text from {service.Schema}.import_mapping where sender = $2)
            """);
        select.Parameters.Add(new() { Value = importId });
        select.Parameters.Add(new() { Value = sender });
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return Read(0).Over(Read(1));

        ColumnMapping Read(int column) => reader.IsDBNull(column) ? ColumnMapping.None : JsonSerializer.Deserialize<ColumnMapping>(reader.GetString(column), JsonSerializerOptions.Web)!;
    }

    public async Task<string?> SenderAsync(Guid importId, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select sender from {service.Schema}.import where id = $1");
        select.Parameters.Add(new() { Value = importId });
        return (string?)await select.ExecuteScalarAsync(ct);
    }

    public async Task SaveAsync(string sender, ColumnMapping mapping, string account, CancellationToken ct)
    {
        await using var save = store.Database.CreateCommand($"""
            insert into {service.Schema}.import_mapping (sender, mapping, account, at) values ($1, $2::jsonb, $3, $4)
            on conflict (sender) do update set mapping = excluded.mapping, account = excluded.account, at = excluded.at
            """);
        foreach (var value in (object[])[sender, Write(mapping), account, store.Time.GetUtcNow()]) save.Parameters.Add(new() { Value = value });
        await save.ExecuteNonQueryAsync(ct);
    }
}
