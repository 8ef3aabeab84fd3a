namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Seals personal data that a service must keep for a while outside of the timelines, such as a file that came in.
/// AES-256-GCM; each purpose has a key of its own, derived from the master key.
/// </summary>
public sealed class Seals
{
    private readonly byte[] master;

    internal Seals(byte[] master) => this.master = master;

    /// <summary>The seal of one purpose.</summary>
    public Seal For(string purpose) => new(new MasterKey(master, purpose));
}

/// <summary>Closes and opens what belongs to one purpose.</summary>
public sealed class Seal
{
    private readonly MasterKey key;

    internal Seal(MasterKey key) => this.key = key;

    /// <summary>What only <see cref="Open"/> with the same master key and purpose reads.</summary>
    public byte[] Close(byte[] plain) => key.Seal(plain);

    /// <summary>The plain data. Throws <see cref="System.Security.Cryptography.CryptographicException"/> when it was tampered with.</summary>
    public byte[] Open(byte[] box) => key.Open(box);
}
