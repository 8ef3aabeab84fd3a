using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// What somebody who registered themselves holds to come back: 128 random bits, told once and stored nowhere. The
/// registration's reference is made from it by a hash, so the token leads to the registration and nothing leads to the token.
/// </summary>
internal static class TrackingToken
{
    /// <summary>The sender of all registrations that people make themselves.</summary>
    public const string Sender = "self-service";

    public const string Header = "Tracking-Token";

    private const int Bytes = 16;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The reference of the registration that a token leads to; null when it cannot be a token.</summary>
    public static string? Reference(string? token) => token is { Length: 22 } && Base64Url.IsValid(token) ? Hash(token) : null;

    private static string Hash(string token) => "S-" + Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(token)), 0, Bytes);
}
