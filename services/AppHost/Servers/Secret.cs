using System.Security.Cryptography;
using System.Text;

namespace CrisisCoordination.AppHost.Servers;

internal static class Secret
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    /// <summary>Whoever reads the file sees the old text or the new one, and only its owner sees either.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            stream.Write(Encoding.UTF8.GetBytes(text));
        File.Move(draft, path, overwrite: true);
    }
}
