using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.EvacuationPlanning;

/// <summary>Ids made from names (RFC 9562, version 8 over SHA-256), so that the same file entered again meets what it made before.</summary>
internal static class StreamId
{
    public static Guid AssemblyPoint(string code) => Of("assembly-point", code);

    public static Guid Transport(string code) => Of("transport", code);

    public static Guid Task(Guid transport, string kind) => Of("task", $"{transport}/{kind}");

    private static Guid Of(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}/{name}"), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
