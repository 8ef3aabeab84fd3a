using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.ConsularContact.Outreach.Sending;

/// <summary>
/// How a provider proves that it is the one: Standard Webhooks, symmetric. HMAC-SHA256 over <c>id.timestamp.body</c>, by a
/// key written as <c>whsec_</c> and base64; what is older than a few minutes may have been overheard.
/// </summary>
internal static class ProviderSignature
{
    public const string Id = "webhook-id", Timestamp = "webhook-timestamp", Signature = "webhook-signature";

    private const string Prefix = "whsec_", Version = "v1,";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public static byte[] Read(string secret) => Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);

    public static string Sign(byte[] secret, string id, string timestamp, ReadOnlySpan<byte> body) => Version + Convert.ToBase64String(Hash(secret, id, timestamp, body));

    public static bool Holds(byte[] secret, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (id, timestamp) = (headers[Id].ToString(), headers[Timestamp].ToString());
        if (id.Length is 0 or > 200 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Window.TotalSeconds) return false;
        var expected = Hash(secret, id, timestamp, body);
        Span<byte> given = stackalloc byte[expected.Length];
        var holds = false;
        // Several while a key is being changed.
        foreach (var one in headers[Signature].ToString().Split(' ').Take(5))
            if (one.StartsWith(Version, StringComparison.Ordinal) && Convert.TryFromBase64String(one[Version.Length..], given, out var length) && length == expected.Length)
                holds |= CryptographicOperations.FixedTimeEquals(given, expected);
        return holds;
    }

    private static byte[] Hash(byte[] secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
