using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>Pause, go on with, cancel or commit an import. What was taken in before stays; the batch at work is finished first.</summary>
internal static class SteerImport
{
    // Begun anew: what the rows came to is found out again, and what is on timelines already is known there.
    private const string FromTheTop = "dry = $2, hold = null, fault = null, finished_at = null, next_row = 0, read = 0, accepted = 0, repeated = 0, known = 0, refused = 0";

    public static void Map(IEndpointRouteBuilder api)
    {
        Steer("pause", "Pause an import", "hold = 'paused'", [ImportState.Running], [ImportState.Paused]);
        Steer("resume", "Go on with a paused import", "hold = null", [ImportState.Paused], [ImportState.Running, ImportState.Done, ImportState.Checked]);
        Steer("cancel", "Cancel an import", "hold = 'cancelled', finished_at = $2", [ImportState.Running, ImportState.Paused, ImportState.NeedsMapping, ImportState.Checked], [ImportState.Cancelled]);
        api.MapPost("/imports/{importId:guid}/commit", CommitAsync).Allow(Roles.Officer).WithSummary("Take in what a dry run has checked");

        void Steer(string verb, string summary, string set, string[] from, string[] already) =>
            api.MapPost($"/imports/{{importId:guid}}/{verb}", (Guid importId, ImportRegistrations imports, TimelineStore store, CrisisService service, CancellationToken ct) =>
                SteerAsync(verb, set, from, already, importId, imports, store, service, ct)).Allow(Roles.Officer).WithSummary(summary);
    }

    /// <summary>
    /// Starts an import again that was stopped, failed, taken back or only tried, unless it is asked to be tried once more.
    /// A cancelled one goes on where it was: it still knows what it brought.
    /// </summary>
    public static async Task StartAgainAsync(NpgsqlDataSource database, CrisisService service, Guid id, bool dry, DateTimeOffset now, CancellationToken ct)
    {
        if (await ShowImport.StateAsync(database, service, id, ct) is { State: ImportState.Cancelled } before && before.Dry == dry)
            await ChangeAsync(database, service, id, "hold = null, finished_at = null, started_at = $2", [ImportState.Cancelled], ct, now);
        else
            await ChangeAsync(database, service, id, $"{FromTheTop}, started_at = $3",
                dry ? [ImportState.Cancelled, ImportState.Failed, ImportState.Undone] : [ImportState.Cancelled, ImportState.Failed, ImportState.Undone, ImportState.Checked], ct, dry, now);
    }

    internal static Refusal WrongState(string? state, string[] from) =>
        Refusal.Conflict("import/wrong-state", $"The import is {state}, and this is only possible while it is {string.Join(" or ", from)}. Look at it again: GET /imports/{{importId}}.");

    private static async Task<IResult> SteerAsync(string verb, string set, string[] from, string[] already, Guid importId, ImportRegistrations imports, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        object[] values = set.Contains("$2", StringComparison.Ordinal) ? [store.Time.GetUtcNow()] : [];
        var state = await ChangeAsync(store.Database, service, importId, set, from, ct, values);
        if (state is null) return ShowImport.Unknown.ToProblem();
        if (!from.Contains(state) && !already.Contains(state))
            return WrongState(state, from).ToProblem();
        imports.Wake();
        return TypedResults.NoContent();
    }

    private static async Task<IResult> CommitAsync(Guid importId, ImportRegistrations imports, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        if (await ShowImport.StateAsync(store.Database, service, importId, ct) is not { } before) return ShowImport.Unknown.ToProblem();
        var state = before.Dry ? await ChangeAsync(store.Database, service, importId, FromTheTop, [ImportState.Checked], ct, false) : ImportState.Checked;
        if (state != ImportState.Checked) return Refusal.Conflict("import/not-checked", $"The dry run is in the state {state}. Wait until it is checked, look at what it says, and commit then.").ToProblem();
        imports.Wake();
        return TypedResults.Accepted($"/imports/{importId}", new { importId });
    }

    /// <summary>Changes an import that is in one of these states; returns the state it was in before, null when there is no such import.</summary>
    internal static async Task<string?> ChangeAsync(NpgsqlDataSource database, CrisisService service, Guid id, string set, string[] from, CancellationToken ct, params object[] values)
    {
        var again = set.Contains("next_row = 0", StringComparison.Ordinal);
        await using var change = database.CreateCommand($"""
            with before as (select id, {ImportState.Sql} state from {service.Schema}.import where id = $1 for update),
            changed as (update {service.Schema}.import i set {set} from before where i.id = before.id and before.state = any (${values.Length + 2}) returning i.id){(again ? $"""
            , rows as (delete from {service.Schema}.import_row where import_id in (select id from changed)),
            refusals as (delete from {service.Schema}.import_refusal where import_id in (select id from changed))
            """ : "")}
            select state from before
            """);
        foreach (var value in (object[])[id, .. values, from]) change.Parameters.Add(new() { Value = value });
        return (string?)await change.ExecuteScalarAsync(ct);
    }
}
