using System.Security.Cryptography;

namespace CrisisCoordination.Timeline;

/// <summary>
/// Wraps each person's key with the master key (AES-256-GCM). A person's key is made with their first event and stored
/// beside the timeline; deleting it makes their personal data unreadable everywhere, backups of the events included.
/// </summary>
public sealed class Keyring : IDisposable
{
    internal const int NonceSize = 12, TagSize = 16, KeySize = 32;
    private readonly byte[] master;

    /// <param name="masterKey">32 bytes.</param>
    public Keyring(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length != KeySize) throw new ArgumentException("The master key is 32 bytes, given as base64 in Timeline:MasterKey.", nameof(masterKey));
        master = masterKey.ToArray();
    }

    /// <summary>A fresh key for a person, and the same key wrapped for storage.</summary>
    internal (PersonKey Key, byte[] Wrapped) Create(Guid personId)
    {
        Span<byte> key = stackalloc byte[KeySize];
        RandomNumberGenerator.Fill(key);
        using var cipher = new AesGcm(master, TagSize);
        return (new PersonKey(key), Seal(cipher, key, personId.ToByteArray()));
    }

    /// <summary>Unwraps a stored key; throws when it was wrapped with another master key or for another person.</summary>
    internal PersonKey Unwrap(Guid personId, ReadOnlySpan<byte> wrapped)
    {
        using var cipher = new AesGcm(master, TagSize);
        Span<byte> key = stackalloc byte[KeySize];
        Open(cipher, wrapped, key, personId.ToByteArray());
        return new PersonKey(key);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(master);

    internal static byte[] Seal(AesGcm cipher, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        var box = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        cipher.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize, plain.Length), box.AsSpan(NonceSize + plain.Length), context);
        return box;
    }

    internal static void Open(AesGcm cipher, ReadOnlySpan<byte> box, Span<byte> plain, ReadOnlySpan<byte> context) =>
        cipher.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], plain, context);
}

/// <summary>One person's key, for as long as their stream is being read or written.</summary>
internal sealed class PersonKey(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly AesGcm cipher = new(key, Keyring.TagSize);

    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context) => Keyring.Seal(cipher, plain, context);

    public void Open(ReadOnlySpan<byte> box, Span<byte> plain, ReadOnlySpan<byte> context) => Keyring.Open(cipher, box, plain, context);

    public void Dispose() => cipher.Dispose();
}
