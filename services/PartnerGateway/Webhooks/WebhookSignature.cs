using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.PartnerGateway.Webhooks;

/// <summary>Standard Webhooks, symmetric: HMAC-SHA256 over <c>id.timestamp.body</c>, by a key written as <c>whsec_</c> and base64.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    public static string NewSecret() => Write(RandomNumberGenerator.GetBytes(32));

    public static string Write(ReadOnlySpan<byte> key) => Prefix + Convert.ToBase64String(key);

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    public static string Sign(string secret, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{sentAt.ToUnixTimeSeconds()}."));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
