using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;

namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>An agency's wish to be told at an address.</summary>
/// <param name="N">The number of the last entry that was sent or passed over.</param>
/// <param name="Failures">In a row.</param>
internal sealed record Subscription(
    Guid Id, string Agency, string Url, long N, int Failures, DateTimeOffset NextAt, DateTimeOffset? DisabledAt, string? DisabledWhy, DateTimeOffset CreatedAt);

/// <summary>The subscriptions and how far each has come. Secrets are sealed with the house's keys.</summary>
internal sealed class Subscriptions(NpgsqlDataSource database, IDataProtectionProvider keys)
{
    public const int Most = 5;

    public const string Table = """
        create table if not exists {schema}.subscription (
            id uuid primary key, agency text not null, url text not null, secret bytea not null, n bigint not null, failures int not null default 0,
            next_at timestamptz not null, disabled_at timestamptz null, disabled_why text null, created_at timestamptz not null, unique (agency, url))
        """;

    private const string Columns = "id, agency, url, n, failures, next_at, disabled_at, disabled_why, created_at";
    private readonly IDataProtector seal = keys.CreateProtector("PartnerGateway.WebhookSecret");

    /// <summary>Begins at the end of the agency's feed. False when the agency has this address already, or the most it may have.</summary>
    public Task<bool> AddAsync(Guid id, string agency, string url, string secret, DateTimeOffset at, CancellationToken ct) => RunAsync($"""
        insert into partner_gateway.subscription (id, agency, url, secret, n, next_at, created_at)
        select $1, $2, $3, $4, coalesce((select max(n) from partner_gateway.delivery where agency = $2), 0), $5, $5
        where (select count(*) from partner_gateway.subscription where agency = $2) < {Most}
        on conflict (agency, url) do nothing
        """, ct, Id(id), new() { Value = agency }, new() { Value = url }, new() { Value = seal.Protect(System.Text.Encoding.UTF8.GetBytes(secret)) }, Time(at));

    public Task<bool> RemoveAsync(Guid id, string agency, CancellationToken ct) =>
        RunAsync("delete from partner_gateway.subscription where id = $1 and agency = $2", ct, Id(id), new() { Value = agency });

    public Task<List<Subscription>> OfAgencyAsync(string agency, CancellationToken ct) =>
        ReadAsync(database.CreateCommand($"select {Columns} from partner_gateway.subscription where agency = $1 order by created_at"), new NpgsqlParameter { Value = agency }, ct);

    /// <summary>Those with something to send now; read on the connection that holds the sender's turn, so that whoever lost it stops.</summary>
    public static Task<List<Subscription>> DueAsync(NpgsqlConnection turn, DateTimeOffset now, CancellationToken ct) => ReadAsync(new NpgsqlCommand($"""
        select {Columns} from partner_gateway.subscription s
        where disabled_at is null and next_at <= $1 and exists (select from partner_gateway.delivery d where d.agency = s.agency and d.n > s.n) order by next_at
        """, turn), Time(now), ct);

    public async Task<string?> SecretAsync(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select secret from partner_gateway.subscription where id = $1");
        command.Parameters.Add(Id(id));
        return await command.ExecuteScalarAsync(ct) is byte[] secret ? System.Text.Encoding.UTF8.GetString(seal.Unprotect(secret)) : null;
    }

    /// <summary>Everything up to this number is done. False when somebody else moved it, or it is gone.</summary>
    public Task<bool> AdvanceAsync(Subscription subscription, long n, DateTimeOffset now, CancellationToken ct) =>
        RunAsync("update partner_gateway.subscription set n = $3, failures = 0, next_at = $4 where id = $1 and n = $2 and disabled_at is null", ct, Id(subscription.Id), Number(subscription.N), Number(n), Time(now));

    public Task<bool> PostponeAsync(Subscription subscription, int failures, DateTimeOffset nextAt, CancellationToken ct) =>
        RunAsync("update partner_gateway.subscription set failures = $3, next_at = $4 where id = $1 and n = $2", ct, Id(subscription.Id), Number(subscription.N), new() { Value = failures }, Time(nextAt));

    public Task<bool> DisableAsync(Subscription subscription, string why, DateTimeOffset now, CancellationToken ct) =>
        RunAsync("update partner_gateway.subscription set disabled_at = $2, disabled_why = $3 where id = $1", ct, Id(subscription.Id), Time(now), new() { Value = why });

    private async Task<bool> RunAsync(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private static async Task<List<Subscription>> ReadAsync(NpgsqlCommand command, NpgsqlParameter parameter, CancellationToken ct)
    {
        await using (command)
        {
            command.Parameters.Add(parameter);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var all = new List<Subscription>();
            while (await reader.ReadAsync(ct))
                all.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5),
                    reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetFieldValue<DateTimeOffset>(8)));
            return all;
        }
    }

    private static NpgsqlParameter Id(Guid id) => new NpgsqlParameter<Guid> { TypedValue = id };

    private static NpgsqlParameter Number(long number) => new NpgsqlParameter<long> { TypedValue = number };

    private static NpgsqlParameter Time(DateTimeOffset time) => new NpgsqlParameter<DateTimeOffset> { TypedValue = time, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
