using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.Access;

/// <summary>Somebody who may sign in.</summary>
/// <param name="Stamp">Changes whenever what was signed in before must not be refreshed any more.</param>
internal sealed record Account(
    string Name, string PasswordHash, IReadOnlyList<string> Roles, string? Post, string? Agency, bool LockedByAdministrator, string Stamp, DateTimeOffset CreatedAt);

/// <summary>The accounts, and the failed sign-ins by the name that was tried, whether or not there is such an account.</summary>
internal sealed class Accounts(NpgsqlDataSource database)
{
    public const string Table = """
        create table if not exists {schema}.account (
            account text primary key, password_hash text not null, roles text[] not null, post text null, agency text null,
            locked_by_admin boolean not null default false, stamp text not null, created_at timestamptz not null, created_by text null);
        create table if not exists {schema}.failed_sign_in (
            account text primary key, failures int not null, last_at timestamptz not null, locked_until timestamptz null)
        """;

    private const string Columns = "account, password_hash, roles, post, agency, locked_by_admin, stamp, created_at";

    public static string NewStamp() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public async Task<Account?> FindAsync(string name, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select {Columns} from access.account where account = $1");
        command.Parameters.Add(Text(name));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>At most so many after a name, in the order of names.</summary>
    public async Task<List<(Account Account, DateTimeOffset? LockedUntil)>> PageAsync(string after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select {Columns}, locked_until from access.account left join access.failed_sign_in using (account) where account > $1 order by account limit $2");
        command.Parameters.Add(Text(after));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var page = new List<(Account, DateTimeOffset?)>();
        while (await reader.ReadAsync(ct)) page.Add((Read(reader), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8)));
        return page;
    }

    /// <summary>False when the name is taken, or when it is to be the first account and there is one.</summary>
    public Task<bool> AddAsync(Account account, string? by, bool onlyAsFirst, CancellationToken ct) => RunAsync("""
        insert into access.account (account, password_hash, roles, post, agency, stamp, created_at, created_by)
        select $1, $2, $3, $4, $5, $6, $7, $8 where not $9 or not exists (select from access.account)
        on conflict do nothing
        """, ct,
        Text(account.Name), Text(account.PasswordHash), new() { Value = account.Roles.ToArray() }, Text(account.Post), Text(account.Agency), Text(account.Stamp),
        Time(account.CreatedAt), Text(by), new() { Value = onlyAsFirst });

    public Task<bool> ChangePasswordAsync(Account account, string hash, CancellationToken ct) =>
        RunAsync("update access.account set password_hash = $3, stamp = $4 where account = $1 and stamp = $2", ct, Text(account.Name), Text(account.Stamp), Text(hash), Text(NewStamp()));

    public Task<bool> LockAsync(string name, CancellationToken ct) =>
        RunAsync("update access.account set locked_by_admin = true, stamp = $2 where account = $1", ct, Text(name), Text(NewStamp()));

    public async Task<bool> UnlockAsync(string name, CancellationToken ct)
    {
        await ForgetFailuresAsync(name, ct);
        return await RunAsync("update access.account set locked_by_admin = false where account = $1", ct, Text(name));
    }

    public async Task<(int Failures, DateTimeOffset? LockedUntil)> FailuresAsync(string name, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select failures, locked_until from access.failed_sign_in where account = $1 and last_at > $2");
        command.Parameters.Add(Text(name));
        command.Parameters.Add(Time(now - LockOut.Remembered));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1)) : (0, null);
    }

    public async Task NoteFailureAsync(string name, int failures, DateTimeOffset now, CancellationToken ct)
    {
        await RunAsync("""
            insert into access.failed_sign_in (account, failures, last_at, locked_until) values ($1, $2, $3, $4)
            on conflict (account) do update set failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until
            """, ct, Text(name), new() { Value = failures }, Time(now), new() { Value = (object?)LockOut.Until(failures, now) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        // Whoever tries names by the thousand must not fill the table for good.
        await RunAsync("delete from access.failed_sign_in where account in (select account from access.failed_sign_in where last_at < $1 limit 10)", ct, Time(now - LockOut.Remembered));
    }

    public Task ForgetFailuresAsync(string name, CancellationToken ct) =>
        RunAsync("delete from access.failed_sign_in where account = $1", ct, Text(name));

    private async Task<bool> RunAsync(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Time(DateTimeOffset value) => new NpgsqlParameter<DateTimeOffset> { TypedValue = value };

    private static Account Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetBoolean(5), reader.GetString(6), reader.GetFieldValue<DateTimeOffset>(7));
}
