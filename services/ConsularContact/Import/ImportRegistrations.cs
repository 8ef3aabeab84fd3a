using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>
/// Works through the files that came in, in the background: a batch of rows in one transaction with the place reached and
/// with what became of each row, so that a service killed in the middle goes on where it was.
/// </summary>
internal sealed class ImportRegistrations(TimelineStore store, Feed feed, CrisisService service, RegisterPerson intake, ImportedFiles files, ColumnMappings mappings, UndoImport undo, ILogger<ImportRegistrations> log) : IDisposable
{
    private const int Batch = 100, Tries = 3;

    // Files that another instance of the service took in are found by looking.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Cleaning = TimeSpan.FromHours(1), Pause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim arrived = new(0);

    public const string Tables = $$"""
        create table if not exists {schema}.import (
            id uuid primary key, crisis_id uuid not null, sender text not null, sha256 bytea not null, account text not null,
            next_row int not null default 0, read int not null default 0, accepted int not null default 0, repeated int not null default 0,
            known int not null default 0, refused int not null default 0, fault text null, started_at timestamptz not null, finished_at timestamptz null,
            unique (crisis_id, sender, sha256));
        alter table {schema}.import add column if not exists post text null, add column if not exists dry boolean not null default false,
            add column if not exists hold text null, add column if not exists rows int null, add column if not exists mapping jsonb null,
            add column if not exists undo_reason text null, add column if not exists undo_account text null;
        alter table {schema}.import drop column if exists content;
        create table if not exists {schema}.import_row (
            import_id uuid not null references {schema}.import (id), row_number int not null, how text not null, why text null,
            person_id uuid null, registration_id uuid null, offered boolean not null, primary key (import_id, row_number));
        create table if not exists {schema}.import_refusal (
            import_id uuid not null references {schema}.import (id), row_number int not null, column_name text not null, code text not null, message text not null);
        create index if not exists import_refusal_row on {schema}.import_refusal (import_id, row_number);
        {{ImportedFiles.Tables}}
        {{ColumnMappings.Tables}}
        """;

    /// <summary>Tells the one at work in this process that there is something to do.</summary>
    public void Wake() => arrived.Release();

    public void Dispose() => arrived.Dispose();

    /// <summary>Works through the files that came in, one instance of the service at a time.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        feed.TakeTurnsAsync($"{service.Schema}/imports", async (_, ct) =>
        {
            for (DateTimeOffset? cleaned = null; ;)
            {
                if (await WorkOnOneAsync(ct) || await UndoOneAsync(ct)) continue;
                if (cleaned is null || store.Time.GetUtcNow() - cleaned >= Cleaning)
                {
                    await files.DeleteOldAsync(ct);
                    cleaned = store.Time.GetUtcNow();
                }
                await arrived.WaitAsync(Look, ct);
            }
        }, stopping);

    private sealed record Job(Guid Id, Guid CrisisId, string Sender, string Account, string? Post, int NextRow, bool Dry, int? Rows);

    private async Task<bool> WorkOnOneAsync(CancellationToken ct)
    {
        if (await NextAsync(ct) is not { } job) return false;
        try
        {
            return await WorkOnAsync(job, ct);
        }
        catch (Exception fault) when (IsLasting(fault))
        {
            // The files after it are not to wait for ever for one that cannot be read.
            log.LogError("Import {Import} failed with {Fault}", job.Id, fault.GetType().Name);
            await RunAsync($"update {service.Schema}.import set finished_at = $2, fault = $3 where id = $1", ct, job.Id, store.Time.GetUtcNow(),
                "The file could not be read to its end because of a fault on our side, which was logged. Send it again; rows that were taken in are known then.");
            return true;
        }
    }

    private static bool IsLasting(Exception fault) => fault is not OperationCanceledException && !Problems.IsOutage(fault);

    private async Task<bool> WorkOnAsync(Job job, CancellationToken ct)
    {
        if (await HeadersAsync(job, ct) is not { } headers) return true;
        if (job.Rows is null) await CountAsync(job, ct);
        var opened = (await store.LoadAsync<Crisis>(job.CrisisId, ct: ct)).State.Opened?.At ?? DateTimeOffset.MinValue + LifeDates.BeforeKnown;
        var batch = new List<RowResult>(Batch);
        await foreach (var row in RegistrationFile.CellsAsync(files.Open(job.Id), ct))
        {
            if (row.Number <= Math.Max(job.NextRow, 1)) continue;
            batch.Add(RegistrationFile.Read(row, headers).HeldAgainst(store.Time.GetUtcNow(), opened));
            if (batch.Count < Batch) continue;
            if (await IsHeldAsync(job, ct) || !await TakeAsync(job, batch, ct)) return true;
            batch.Clear();
        }
        if (await IsHeldAsync(job, ct) || (batch.Count > 0 && !await TakeAsync(job, batch, ct))) return true;
        await RunAsync($"update {service.Schema}.import set {(job.Dry ? "hold = 'checked'" : "finished_at = $2")} where id = $1 and hold is null", ct, job.Dry ? [job.Id] : [job.Id, store.Time.GetUtcNow()]);
        log.LogInformation("Import {Import} is done", job.Id);
        return true;
    }

    private async Task<bool> UndoOneAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select id, undo_account from {service.Schema}.import where hold = 'undoing' order by started_at limit 1");
        (Guid Id, string Officer)? job;
        await using (var reader = await select.ExecuteReaderAsync(ct)) job = await reader.ReadAsync(ct) ? (reader.GetGuid(0), reader.GetString(1)) : null;
        if (job is not { } found) return false;
        while (await undo.WorkAsync(found.Id, found.Officer, ct)) { }
        await RunAsync($"update {service.Schema}.import set hold = 'undone', finished_at = $2 where id = $1", ct, found.Id, store.Time.GetUtcNow());
        return true;
    }

    private async Task<Job?> NextAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select id, crisis_id, sender, account, post, next_row, dry, rows from {service.Schema}.import
            where finished_at is null and hold is null and fault is null order by started_at limit 1
            """);
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetInt32(5), reader.GetBoolean(6), reader.IsDBNull(7) ? null : reader.GetInt32(7))
            : null;
    }

    // A file that cannot be read has failed; one whose columns are not all known waits for somebody who knows.
    private async Task<Headers?> HeadersAsync(Job job, CancellationToken ct)
    {
        await foreach (var row in RegistrationFile.CellsAsync(files.Open(job.Id), ct))
        {
            if (row.Complaint is { } fault)
            {
                await RunAsync($"update {service.Schema}.import set finished_at = $2, fault = $3 where id = $1", ct, job.Id, store.Time.GetUtcNow(), fault.Message);
                return null;
            }
            var mapping = await mappings.OfAsync(job.Id, job.Sender, ct);
            var headers = Headers.Read(row.Cells, mapping);
            // What the sender's headers mean may be told anew while the rows come in: this file is read to its end as it was begun.
            var clear = headers.Fault is null;
            await RunAsync($"update {service.Schema}.import set mapping = $2::jsonb, hold = $3 where id = $1 and hold is null", ct, job.Id, ColumnMappings.Write(mapping), clear ? DBNull.Value : ImportState.NeedsMapping);
            return clear ? headers : null;
        }
        return null;
    }

    private async Task CountAsync(Job job, CancellationToken ct)
    {
        var rows = -1; // not the header
        await foreach (var _ in RegistrationFile.CellsAsync(files.Open(job.Id), ct)) rows++;
        await RunAsync($"update {service.Schema}.import set rows = $2 where id = $1", ct, job.Id, rows);
    }

    private async Task<bool> IsHeldAsync(Job job, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select hold is not null from {service.Schema}.import where id = $1");
        select.Parameters.Add(new() { Value = job.Id });
        return await select.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>
    /// Takes a batch in. One that fails again and again is halved until the row is found that it fails by; that one is refused, and
    /// the others come in. False where others keep changing the people of these rows, or the one at work before has just taken them
    /// in: no row is at fault, and the file is gone on with from where it stands by then.
    /// </summary>
    private async Task<bool> TakeAsync(Job job, List<RowResult> rows, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await TakeTogetherAsync(job, rows, ct);
            }
            catch (Exception fault) when (IsLasting(fault))
            {
                if (tries < Tries)
                {
                    await Task.Delay(Pause * tries, store.Time, ct);
                    continue;
                }
                if (rows.Count > 1)
                {
                    return await TakeAsync(job, rows[..(rows.Count / 2)], ct) && await TakeAsync(job, rows[(rows.Count / 2)..], ct);
                }
                // The message of a fault may quote the row.
                log.LogError("Row {Row} of import {Import} failed with {Fault}", rows[0].RowNumber, job.Id, fault.GetType().Name);
                return await TakeTogetherAsync(job, [rows[0] with { Form = null, Faults = [new("", "import/row-failed", "This row could not be taken in because of a fault on our side, which was logged. Register this person by hand, or send the row again in another file.")] }], ct);
            }
    }

    private async Task<bool> TakeTogetherAsync(Job job, List<RowResult> rows, CancellationToken ct)
    {
        var good = rows.Where(r => r.Form is not null).ToList();
        var forms = good.ConvertAll(r => new NewRegistration(Guid.CreateVersion7(store.Time.GetUtcNow()), Guid.CreateVersion7(store.Time.GetUtcNow()), job.CrisisId, job.Sender, r.Form!) { Post = job.Post, FileId = job.Id });
        // In one transaction with the events: a batch is taken in and counted, or neither.
        var (refusal, taken) = await intake.TakeAsync(forms, new By(job.Account), (work, taken) =>
        {
            foreach (var (sql, parameters) in Counted(job, rows, good, taken)) work.Also(sql, parameters);
        }, ct, job.Dry);
        if (refusal is { Code: "timeline/busy" })
        {
            await Task.Delay(Pause, store.Time, ct);
            return false;
        }
        if (refusal is not null) throw new InvalidOperationException(refusal.Code);
        if (!job.Dry) return true;
        await using var batch = store.Database.CreateBatch();
        foreach (var (sql, parameters) in Counted(job, rows, good, taken))
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters) command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(ct);
        return true;
    }

    private IEnumerable<(string Sql, NpgsqlParameter[] Parameters)> Counted(Job job, List<RowResult> rows, List<RowResult> good, IReadOnlyList<Taken> taken)
    {
        var (refused, faults) = (rows.Where(r => r.Form is null).ToList(), rows.Where(r => r.Form is null).SelectMany(r => r.Faults.Select(f => (r.RowNumber, f))).ToList());
        yield return ($"""
            update {service.Schema}.import set next_row = $2, read = read + $3, accepted = accepted + $4, repeated = repeated + $5, known = known + $6, refused = refused + $7 where id = $1
            """, [P(job.Id), P(rows[^1].RowNumber), P(rows.Count), P(taken.Count), P(taken.Count(t => t.Repeated && !t.Known)), P(taken.Count(t => t.Known)), P(refused.Count)]);
        yield return ($"""
            insert into {service.Schema}.import_row (import_id, row_number, how, person_id, registration_id, offered) select $1, * from unnest($2, $3, $4, $5, $6)
            """, [P(job.Id), P(good.Concat(refused).Select(r => r.RowNumber).ToArray()), P(taken.Select(t => t.Known ? "known" : t.Repeated ? "repeated" : "new").Concat(refused.Select(_ => "refused")).ToArray()),
                P(taken.Select(Person).Concat(refused.Select(_ => (Guid?)null)).ToArray()), P(taken.Select(t => job.Dry && !t.Known ? null : (Guid?)t.RegistrationId).Concat(refused.Select(_ => (Guid?)null)).ToArray()),
                P(taken.Select(t => t.Offered).Concat(refused.Select(_ => false)).ToArray())]);
        if (faults.Count > 0)
            yield return ($"insert into {service.Schema}.import_refusal select $1, * from unnest($2, $3, $4, $5)",
                [P(job.Id), P(faults.Select(f => f.RowNumber).ToArray()), P(faults.Select(f => f.f.Column).ToArray()), P(faults.Select(f => f.f.Code).ToArray()), P(faults.Select(f => f.f.Message).ToArray())]);

        // A dry run made nobody whom somebody could look up.
        Guid? Person(Taken t) => job.Dry && !t.Repeated ? null : t.PersonId;

        static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
    }

    private async Task RunAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = store.Database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
