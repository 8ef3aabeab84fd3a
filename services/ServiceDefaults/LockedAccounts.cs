using System.Collections.Immutable;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Http;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// The accounts that are locked. A token holds by itself until it runs out, so each service looks every few seconds whom it
/// must turn away all the same. Access says who; the table lies beside the keys of the tokens, where all may read it.
/// </summary>
public sealed class LockedAccounts(TimelineStore store, CrisisService service)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private volatile ImmutableHashSet<string> locked = [];

    /// <summary>Access only: from now on the account is turned away, also with a token that it has.</summary>
    public Task LockAsync(string account, CancellationToken ct) => ChangeAsync($"insert into {service.TimelineSchema}.locked_account (account) values ($1) on conflict do nothing", account, ct);

    /// <summary>Access only: the account may come in again.</summary>
    public Task UnlockAsync(string account, CancellationToken ct) => ChangeAsync($"delete from {service.TimelineSchema}.locked_account where account = $1", account, ct);

    internal async Task FollowAsync(CancellationToken ct)
    {
        for (; ; await Task.Delay(Look, store.Time, ct)) await ReadAsync(ct);
    }

    internal Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Nobody, as without a token: what is open to anyone stays open.
        if (http.User.Identity?.Name is { } account && locked.Contains(account)) http.User = new();
        return next(http);
    }

    private async Task ChangeAsync(string sql, string account, CancellationToken ct)
    {
        await using (var change = store.Database.CreateCommand(sql))
        {
            change.Parameters.Add(new() { Value = account });
            await change.ExecuteNonQueryAsync(ct);
        }
        await ReadAsync(ct);
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        await using var select = store.Database.CreateCommand($"select account from {service.TimelineSchema}.locked_account");
        await using var reader = await select.ExecuteReaderAsync(ct);
        var found = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct)) found.Add(reader.GetString(0));
        locked = found.ToImmutable();
    }
}
