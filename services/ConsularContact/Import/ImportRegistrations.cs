using System.Security.Cryptography;
using CrisisCoordination.ConsularContact.Intake;
using CrisisCoordination.ServiceDefaults;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http.Metadata;
using Npgsql;

namespace CrisisCoordination.ConsularContact;

/// <summary>
/// Takes in a file of registrations. The file is stored and answered for at once; it is worked through in the background,
/// a batch of rows in one transaction with the place reached, so that a service killed in the middle goes on where it was.
/// </summary>
internal sealed class ImportRegistrations(TimelineStore store, Feed feed, CrisisService service, RegisterPerson intake, ILogger<ImportRegistrations> log) : IDisposable
{
    // Files that another instance of the service took in are found by looking.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim arrived = new(0);

    private const int Batch = 100, MostBytes = 64 << 20, MostPerPage = 1000;

    public const string Tables = """
        create table if not exists {schema}.import (
            id uuid primary key, crisis_id uuid not null, sender text not null, sha256 bytea not null, account text not null, content bytea null,
            next_row int not null default 0, read int not null default 0, accepted int not null default 0, repeated int not null default 0,
            known int not null default 0, refused int not null default 0, fault text null, started_at timestamptz not null, finished_at timestamptz null,
            unique (crisis_id, sender, sha256));
        alter table {schema}.import add column if not exists post text null;
        create table if not exists {schema}.import_refusal (
            import_id uuid not null references {schema}.import (id), row_number int not null, column_name text not null, code text not null, message text not null);
        create index if not exists import_refusal_row on {schema}.import_refusal (import_id, row_number)
        """;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/imports", Start).Accepts<string>("text/csv").WithMetadata(new MostSize(MostBytes)).Allow(Roles.Officer).WithSummary("Import a file of registrations");
        api.MapGet("/imports/{importId:guid}", Show).Allow(Roles.Officer).WithSummary("How far an import is");
        api.MapGet("/imports/{importId:guid}/refusals", Refusals).Allow(Roles.Officer).WithSummary("The refused rows of an import, each with column and reason");
    }

    private sealed record MostSize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    private static async Task<IResult> Start(Guid crisis, string sender, HttpContext http, ImportRegistrations imports, TimelineStore store, CrisisService service, TimeProvider clock, CancellationToken ct)
    {
        if (RegistrationRules.Text(sender) is not { Length: <= 100 } from) return Refusal.Invalid("import/sender", "Say who sends the file, in at most 100 characters; references are told apart by sender.", "sender").ToProblem();
        if ((await store.LoadAsync<Crisis>(crisis, ct: ct)).State.Opened is null) return Crisis.Unknown.ToProblem();
        using var content = new MemoryStream();
        await http.Request.Body.CopyToAsync(content, ct);
        if (content.Length == 0) return Refusal.Invalid("import/empty", "The file is empty. Send the CSV as the body of the request.").ToProblem();
        await using var insert = store.Database.CreateCommand($"""
            with fresh as (insert into {service.Schema}.import (id, crisis_id, sender, sha256, account, content, started_at, post) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id)
            select id from fresh union all select id from {service.Schema}.import where crisis_id = $2 and sender = $3 and sha256 = $4 limit 1
            """);
        foreach (var value in new object[] { http.Ids().Next(), crisis, from, SHA256.HashData(content.ToArray()), http.User.Identity!.Name!, content.ToArray(), clock.GetUtcNow(), (object?)Posts.Of(http.User) ?? DBNull.Value })
            insert.Parameters.Add(new() { Value = value });
        var id = (Guid)(await insert.ExecuteScalarAsync(ct))!;
        imports.arrived.Release();
        return TypedResults.Accepted($"/imports/{id}", new { importId = id });
    }

    private static async Task<IResult> Show(Guid importId, TimelineStore store, CrisisService service, CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"""
            select read, accepted, repeated, known, refused, fault, started_at, finished_at,
                (select coalesce(jsonb_object_agg(code, n), '{"{}"}') from (select code, count(distinct row_number) n from {service.Schema}.import_refusal where import_id = $1 group by code) c)::text
            from {service.Schema}.import where id = $1
            """);
        select.Parameters.Add(new() { Value = importId });
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return Unknown.ToProblem();
        var fault = reader.IsDBNull(5) ? null : reader.GetString(5);
        DateTimeOffset? finished = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7);
        return TypedResults.Ok(new
        {
            importId,
            state = fault is not null ? "failed" : finished is null ? "running" : "done",
            fault,
            read = reader.GetInt32(0),
            accepted = reader.GetInt32(1),
            repeated = reader.GetInt32(2),
            known = reader.GetInt32(3),
            refused = reader.GetInt32(4),
            refusedBy = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(8)),
            startedAt = reader.GetFieldValue<DateTimeOffset>(6),
            finishedAt = finished,
        });
    }

    private static async Task<IResult> Refusals(Guid importId, TimelineStore store, CrisisService service, CancellationToken ct, int cursor = 0, int limit = 200)
    {
        if (limit is < 1 or > MostPerPage) return Refusal.Invalid("list/limit", $"A page has 1 to {MostPerPage} entries.", "limit").ToProblem();
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

    public void Dispose() => arrived.Dispose();

    private static Refusal Unknown => Refusal.NotFound("import/unknown", "There is no import with this id.");

    /// <summary>Works through the files that came in, one instance of the service at a time.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        feed.TakeTurnsAsync($"{service.Schema}/imports", async (_, ct) =>
        {
            while (true)
            {
                if (!await WorkOnOneAsync(ct)) await arrived.WaitAsync(Look, ct);
            }
        }, stopping);

    private async Task<bool> WorkOnOneAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select id, crisis_id, sender, account, content, next_row, post from {service.Schema}.import where finished_at is null order by started_at limit 1");
        Guid id, crisis;
        string sender, account;
        byte[] content;
        int next;
        string? post;
        await using (var reader = await select.ExecuteReaderAsync(ct))
        {
            if (!await reader.ReadAsync(ct)) return false;
            (id, crisis, sender, account, content, next) = (reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4), reader.GetInt32(5));
            post = await reader.IsDBNullAsync(6, ct) ? null : reader.GetString(6);
        }
        var batch = new List<RowResult>(Batch);
        await foreach (var row in RegistrationFile.ReadAsync(new MemoryStream(content, writable: false), ct))
        {
            if (row is { RowNumber: 1, Form: null })
            {
                await FinishAsync(id, row.Faults[0].Message, ct);
                return true;
            }
            if (row.RowNumber <= next) continue;
            batch.Add(row);
            if (batch.Count < Batch) continue;
            await TakeAsync(id, crisis, sender, account, post, batch, ct);
            batch.Clear();
        }
        if (batch.Count > 0) await TakeAsync(id, crisis, sender, account, post, batch, ct);
        await FinishAsync(id, null, ct);
        log.LogInformation("Import {Import} is done", id);
        return true;
    }

    private async Task TakeAsync(Guid id, Guid crisis, string sender, string account, string? post, List<RowResult> rows, CancellationToken ct)
    {
        var forms = rows.Where(r => r.Form is not null).Select(r => new NewRegistration(Guid.CreateVersion7(store.Time.GetUtcNow()), Guid.CreateVersion7(store.Time.GetUtcNow()), crisis, sender, r.Form!) { Post = post }).ToList();
        var refused = rows.Where(r => r.Form is null).ToList();
        var (refusal, _) = await intake.TakeAsync(forms, new By(account), (work, taken) =>
        {
            // In one transaction with the events: a batch is taken in and counted, or neither.
            work.Also($"""
                update {service.Schema}.import set next_row = $2, read = read + $3, accepted = accepted + $4, repeated = repeated + $5, known = known + $6, refused = refused + $7 where id = $1
                """, P(id), P(rows[^1].RowNumber), P(rows.Count), P(taken.Count), P(taken.Count(t => t.Repeated && !t.Known)), P(taken.Count(t => t.Known)), P(refused.Count));
            foreach (var fault in refused.SelectMany(r => r.Faults.Select(f => (r.RowNumber, f))))
                work.Also($"insert into {service.Schema}.import_refusal values ($1, $2, $3, $4, $5)", P(id), P(fault.RowNumber), P(fault.f.Column), P(fault.f.Code), P(fault.f.Message));
        }, ct);
        if (refusal is not null) throw new InvalidOperationException(refusal.Code);

        static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
    }

    // The file itself is personal data and has done its work.
    private async Task FinishAsync(Guid id, string? fault, CancellationToken ct)
    {
        await using var finish = store.Database.CreateCommand($"update {service.Schema}.import set finished_at = $2, fault = $3, content = null where id = $1");
        finish.Parameters.Add(new() { Value = id });
        finish.Parameters.Add(new() { Value = store.Time.GetUtcNow() });
        finish.Parameters.Add(new() { Value = (object?)fault ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await finish.ExecuteNonQueryAsync(ct);
    }
}
