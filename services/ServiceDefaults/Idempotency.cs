using System.Security.Cryptography;
using System.Text;
using CrisisCoordination.Timeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Sending the same POST again returns the first answer. The key is claimed with a seed for ids before the work begins, so
/// that work cut off in the middle and sent again meets its own first try instead of doing it twice.
/// </summary>
internal sealed class Idempotency(NpgsqlDataSource database, string schema, TimeProvider clock, MasterKey master)
{
    private const int LongestKey = 200;
    private static readonly TimeSpan Working = TimeSpan.FromSeconds(30), Kept = TimeSpan.FromDays(2);

    // A request may hold a password: without the key its fingerprint says nothing to whoever steals the table.
    private readonly byte[] fingerprints = HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Bytes, 32, info: "idempotency"u8.ToArray());
    // An answer may name a person.
    private readonly MasterKey answers = new(master.Bytes, "idempotent-answers");

    public string Create => $"""
        create table if not exists {schema}.idempotency (
            account text not null, key text not null, request bytea not null, seed uuid not null, claimed_at timestamptz not null,
            status int null, headers jsonb null, body bytea null, primary key (account, key))
        """;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (!HttpMethods.IsPost(http.Request.Method) || key.Length == 0 || http.GetEndpoint()?.Metadata.GetMetadata<AnswersWithSecret>() is not null)
        {
            await next(http);
            return;
        }
        if (key.Length > LongestKey)
        {
            await Refusal.Invalid("idempotency/key-too-long", $"An Idempotency-Key has at most {LongestKey} characters.").ToProblem().ExecuteAsync(http);
            return;
        }
        var account = http.User.Identity?.Name ?? http.Connection.RemoteIpAddress?.ToString() ?? "";
        var claim = await ClaimAsync(account, key, await FingerprintAsync(http), http.RequestAborted);
        if (claim.Refusal is { } refusal)
        {
            if (refusal.Kind == RefusalKind.Conflict) http.Response.Headers.RetryAfter = "1";
            await refusal.ToProblem().ExecuteAsync(http);
            return;
        }
        if (claim.Status is { } status)
        {
            http.Response.StatusCode = status;
            foreach (var (name, value) in claim.Headers!) http.Response.Headers[name] = value;
            // An answer without content (204) may not even be written nothing to.
            if (claim.Body is { Length: > 0 } body) await http.Response.Body.WriteAsync(body, http.RequestAborted);
            return;
        }
        http.Items[typeof(Ids)] = new Ids(claim.Seed);
        await AnswerAsync(http, next, account, key);
    }

    public async Task ForgetOldAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"delete from {schema}.idempotency where claimed_at < $1");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() - Kept });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task AnswerAsync(HttpContext http, RequestDelegate next, string account, string key)
    {
        var (wire, gone) = (http.Response.Body, http.RequestAborted);
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        // Whoever is cut off asks again with the same key, so what was begun is finished. The framework would also leave the
        // answer unwritten once the asker has gone, without a word, and an empty one would be kept.
        http.RequestAborted = CancellationToken.None;
        var answered = false;
        try
        {
            await next(http);
            // A fault is no answer, nor is a refusal because of how things stand right now: the same key may try again.
            answered = http.Response.StatusCode < 500 && http.Response.StatusCode is not (401 or 403 or 409 or 429);
        }
        finally
        {
            (http.Response.Body, http.RequestAborted) = (wire, gone);
            if (!answered) await ReleaseAsync(account, key);
        }
        if (answered)
        {
            var headers = new[] { "Content-Type", "Location", "ETag" }.Where(http.Response.Headers.ContainsKey)
                .ToDictionary(name => name, name => http.Response.Headers[name].ToString());
            await using var save = database.CreateCommand($"update {schema}.idempotency set status = $3, headers = $4, body = $5 where account = $1 and key = $2");
            save.Parameters.Add(new() { Value = account });
            save.Parameters.Add(new() { Value = key });
            save.Parameters.Add(new() { Value = http.Response.StatusCode });
            save.Parameters.Add(new() { Value = System.Text.Json.JsonSerializer.Serialize(headers), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb });
            save.Parameters.Add(new() { Value = answers.Seal(answer.ToArray()) });
            await save.ExecuteNonQueryAsync(CancellationToken.None);
        }
        answer.Position = 0;
        await answer.CopyToAsync(wire, gone);
    }

    // At once, and with the seed kept: what was half done meets itself.
    private async Task ReleaseAsync(string account, string key)
    {
        await using var release = database.CreateCommand($"update {schema}.idempotency set claimed_at = $3 where account = $1 and key = $2 and status is null");
        release.Parameters.Add(new() { Value = account });
        release.Parameters.Add(new() { Value = key });
        release.Parameters.Add(new() { Value = clock.GetUtcNow() - Working - TimeSpan.FromSeconds(1) });
        try { await release.ExecuteNonQueryAsync(CancellationToken.None); }
        catch (NpgsqlException) { /* then it is free again when its time is up */ }
    }

    private sealed record Claim(Guid Seed, Refusal? Refusal = null, int? Status = null, Dictionary<string, string>? Headers = null, byte[]? Body = null);

    private async Task<Claim> ClaimAsync(string account, string key, byte[] fingerprint, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand($"""
            with mine as (
                insert into {schema}.idempotency (account, key, request, seed, claimed_at) values ($1, $2, $3, $4, $5)
                on conflict (account, key) do update set claimed_at = excluded.claimed_at
                    where idempotency.status is null and idempotency.claimed_at < $6 and idempotency.request = excluded.request
                returning seed)
            select true, seed, null::bytea, null::int, null::text, null::bytea from mine
            union all select false, seed, request, status, headers::text, body from {schema}.idempotency
                where account = $1 and key = $2 and not exists (select from mine)
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = fingerprint });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(now) });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - Working });
        await using var reader = await command.ExecuteReaderAsync(ct);
        // No row: a claim at the same instant that this statement's snapshot does not show.
        if (!await reader.ReadAsync(ct)) return new Claim(default, InProgress);
        var seed = reader.GetGuid(1);
        if (reader.GetBoolean(0)) return new Claim(seed);
        if (!reader.GetFieldValue<byte[]>(2).AsSpan().SequenceEqual(fingerprint))
            return new Claim(seed, Refusal.Invalid("idempotency/key-reused", "This Idempotency-Key was used for another request. Use a new key for a new request."));
        if (await reader.IsDBNullAsync(3, ct)) return new Claim(seed, InProgress);
        return new Claim(seed, null, reader.GetInt32(3), System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(4)), answers.Open(reader.GetFieldValue<byte[]>(5)));
    }

    private static Refusal InProgress =>
        Refusal.Conflict("idempotency/in-progress", "The first request with this Idempotency-Key is still being worked on. Ask again in a moment.");

    private async Task<byte[]> FingerprintAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, fingerprints);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0) hash.AppendData(buffer.AsSpan(0, read));
        http.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}

/// <summary>The answer holds a secret, so it is not kept to be given again.</summary>
internal sealed record AnswersWithSecret;

/// <summary>New ids for a request; the same request sent again gets the same ones.</summary>
public sealed class Ids
{
    private readonly Guid seed;
    private int given;

    internal Ids(Guid seed) => this.seed = seed;

    /// <summary>
    /// The id of something that a reaction opens, told apart by how many of its kind the timeline has: deciding again on the
    /// same timeline gives the same id, and nothing personal can be guessed from it.
    /// </summary>
    public static Guid Of(Guid streamId, string kind, int ordinal)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{streamId:N}/{kind}/{ordinal}"), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80); // version 8: ids of one's own making
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The next id of this request (version 7; ordered by time).</summary>
    public Guid Next()
    {
        if (given++ == 0) return seed;
        Span<byte> bytes = stackalloc byte[20];
        seed.TryWriteBytes(bytes, bigEndian: true, out _);
        BitConverter.TryWriteBytes(bytes[16..], given);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        hash[9..16].CopyTo(bytes[9..]); // the time, version and variant stay
        return new Guid(bytes[..16], bigEndian: true);
    }
}

/// <summary>Ids from the edge.</summary>
public static class IdsExtensions
{
    /// <summary>
    /// The endpoint answers with a token or a secret. The answer is not kept, so an Idempotency-Key has no effect and the
    /// endpoint itself must bear being called twice.
    /// </summary>
    public static TBuilder AnswersWithSecret<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AnswersWithSecret());

    /// <summary>The ids of this request.</summary>
    public static Ids Ids(this HttpContext http)
    {
        if (http.Items[typeof(Ids)] is not Ids ids)
            http.Items[typeof(Ids)] = ids = new Ids(Guid.CreateVersion7(((TimeProvider)http.RequestServices.GetService(typeof(TimeProvider))!).GetUtcNow()));
        return ids;
    }
}
