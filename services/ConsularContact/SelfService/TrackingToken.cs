using System.Buffers.Text;
using System.Security.Cryptography;
using CrisisCoordination.Contracts;

namespace CrisisCoordination.ConsularContact.SelfService;

/// <summary>
/// What somebody who registered themselves holds to come back: 128 random bits, told once and stored nowhere. The
/// registration's reference is made from it by a hash, so the token leads to the registration and nothing leads to the token.
/// </summary>
internal static class TrackingToken
{
    /// <inheritdoc cref="SelfRegistration.Sender"/>
    public const string Sender = SelfRegistration.Sender;

    public const string Header = "Tracking-Token";

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SelfRegistration.TokenBytes));

    /// <inheritdoc cref="SelfRegistration.Reference"/>
    public static string? Reference(string? token) => SelfRegistration.Reference(token);
}
