using System.Security.Cryptography;
using CrisisCoordination.ServiceDefaults;
using Npgsql;

namespace CrisisCoordination.ConsularContact.Import;

/// <summary>
/// The files that came in, sealed and in parts, so that a file of any length is kept and read in the memory of one part.
/// They are personal data: seven days after its import is over, or rests without anybody seeing to it, a file is deleted.
/// </summary>
internal sealed class ImportedFiles(NpgsqlDataSource database, CrisisService service, Seals seals, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const int PartSize = 256 << 10;
    private readonly Seal seal = seals.For("imported-files");

    public const string Tables = """
        create table if not exists {schema}.import_part (
            import_id uuid not null, number int not null, sealed bytea not null, at timestamptz not null default now(), primary key (import_id, number));
        """;

    /// <summary>Keeps a file and returns its hash. Part by part, because a transaction open for as long as a slow line takes would hold back the feed.</summary>
    public async Task<byte[]> KeepAsync(Guid importId, Stream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[PartSize];
        for (var number = 0; ; number++)
        {
            var read = await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, ct);
            if (read == 0) return hash.GetHashAndReset();
            hash.AppendData(part, 0, read);
            await using var insert = database.CreateCommand($"insert into {service.Schema}.import_part values ($1, $2, $3) on conflict (import_id, number) do update set sealed = excluded.sealed");
            insert.Parameters.Add(new() { Value = importId });
            insert.Parameters.Add(new() { Value = number });
            insert.Parameters.Add(new() { Value = seal.Close(part[..read]) });
            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Gives a file that was sent again to the import of its first time, which may have lost its own by now.</summary>
    public async Task HandOverAsync(Guid from, Guid to, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new($"delete from {service.Schema}.import_part where import_id = $1") { Parameters = { new() { Value = to } } });
        batch.BatchCommands.Add(new($"update {service.Schema}.import_part set import_id = $1 where import_id = $2") { Parameters = { new() { Value = to }, new() { Value = from } } });
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The file from its beginning; empty once it was deleted.</summary>
    public Stream Open(Guid importId) => new Parts(this, importId);

    /// <summary>Deletes the files whose time is up. What rests unfinished for as long is cancelled.</summary>
    public async Task DeleteOldAsync(CancellationToken ct)
    {
        await using var delete = database.CreateCommand($"""
            with old as (update {service.Schema}.import set finished_at = coalesce(finished_at, $1), hold = case when finished_at is null then 'cancelled' else hold end
                where coalesce(finished_at, started_at) < $2 and (finished_at is not null or hold is not null) and exists (select from {service.Schema}.import_part where import_id = id) returning id)
            delete from {service.Schema}.import_part p where import_id in (select id from old) or (at < $2 and not exists (select from {service.Schema}.import i where i.id = p.import_id))
            """);
        delete.Parameters.Add(new() { Value = clock.GetUtcNow() });
        delete.Parameters.Add(new() { Value = clock.GetUtcNow() - Kept });
        await delete.ExecuteNonQueryAsync(ct);
    }

    private async Task<byte[]?> PartAsync(Guid importId, int number, CancellationToken ct)
    {
        await using var select = database.CreateCommand($"select sealed from {service.Schema}.import_part where import_id = $1 and number = $2");
        select.Parameters.Add(new() { Value = importId });
        select.Parameters.Add(new() { Value = number });
        return await select.ExecuteScalarAsync(ct) is byte[] box ? seal.Open(box) : null;
    }

    private sealed class Parts(ImportedFiles files, Guid importId) : ForwardStream
    {
        private ReadOnlyMemory<byte> rest;
        private int next;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (rest.Length == 0) rest = await files.PartAsync(importId, next++, cancellationToken);
            var size = Math.Min(buffer.Length, rest.Length);
            rest[..size].CopyTo(buffer);
            rest = rest[size..];
            return size;
        }
    }
}
