using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.Contracts;

/// <summary>How a registration that somebody made themselves is known by the tracking token that they hold: one reading of it for all services.</summary>
public static class SelfRegistration
{
    /// <summary>The sender of all registrations that people make themselves.</summary>
    public const string Sender = "self-service";

    /// <summary>Bytes of a token, and of the hash in a reference.</summary>
    public const int TokenBytes = 16;

    private const int TokenLength = 22;

    /// <summary>The reference of the registration that a token leads to; null when it cannot be a token.</summary>
    public static string? Reference(string? token) => token is { Length: TokenLength } && Base64Url.IsValid(token)
        ? "S-" + Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token)), 0, TokenBytes) : null;
}
