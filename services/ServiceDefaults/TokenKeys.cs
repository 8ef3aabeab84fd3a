using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrisisCoordination.ServiceDefaults;

/// <summary>
/// Protects tokens with the keys that all services share. A process remembers the keys it has read for a day; a token of a
/// key that it does not know is therefore looked at once more with keys read anew before it is refused, so that a token is
/// good everywhere from the moment Access gives it, whatever was started or rotated when.
/// </summary>
internal sealed class TokenKeys(IDataProtectionProvider remembered, NpgsqlDataSource database, CrisisService service, MasterKey master, TimeProvider clock)
{
    // For its first two minutes the framework's provider reads the keys again whenever it meets an unknown one.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock renewing = new();
    private IDataProtectionProvider? renewed;
    private long renewedAt;

    public static void Add(IServiceCollection services, string schema, bool mayCreate)
    {
        services.AddDataProtection().SetApplicationName("CrisisCoordination");
        // The framework looks for keys as the process starts and complains when Access has not made any yet; the first token finds them.
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "DataProtectionHostedService"));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
        {
            keys.XmlRepository = new TokenKeyRepository(provider.GetRequiredService<NpgsqlDataSource>(), schema);
            keys.XmlEncryptor = new TokenKeyEncryptor(provider.GetRequiredService<MasterKey>());
            keys.AutoGenerateKeys = mayCreate;
        }));
    }

    public IDataProtector CreateProtector(string purpose) => new Protector(this, remembered.CreateProtector(purpose), purpose);

    private IDataProtectionProvider ReadAnew()
    {
        lock (renewing)
        {
            if (renewed is not null && clock.GetElapsedTime(renewedAt) < Fresh) return renewed;
            var services = new ServiceCollection();
            services.AddSingleton(database).AddSingleton(master);
            Add(services, service.TimelineSchema, mayCreate: false);
            renewedAt = clock.GetTimestamp();
            return renewed = services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
        }
    }

    private sealed class Protector(TokenKeys keys, IDataProtector remembered, string purpose) : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => throw new NotSupportedException();

        public byte[] Protect(byte[] plaintext) => remembered.Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData)
        {
            try
            {
                return remembered.Unprotect(protectedData);
            }
            catch (Exception unknown) when (unknown is CryptographicException or InvalidOperationException)
            {
                return keys.ReadAnew().CreateProtector(purpose).Unprotect(protectedData);
            }
        }
    }
}

/// <summary>The keys that protect bearer tokens, in PostgreSQL so that all services share them. Only Access may add one.</summary>
internal sealed class TokenKeyRepository(NpgsqlDataSource database, string schema) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand($"select xml from {schema}.token_key order by at");
        using var reader = command.ExecuteReader();
        var all = new List<XElement>();
        while (reader.Read()) all.Add(XElement.Parse(reader.GetString(0)));
        return all;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand($"insert into {schema}.token_key (id, xml) values ($1, $2)");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}

/// <summary>The master key, as what is sealed beside the timelines needs it.</summary>
/// <param name="Purpose">What is sealed: one purpose, one key.</param>
internal sealed record MasterKey(byte[] Bytes, string Purpose = "token-keys")
{
    private const int NonceSize = 12, TagSize = 16;

    private readonly byte[] derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, Bytes, 32, info: Encoding.ASCII.GetBytes(Purpose));

    public byte[] Seal(byte[] plain)
    {
        using var cipher = new AesGcm(derived, TagSize);
        var box = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        cipher.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize, plain.Length), box.AsSpan(NonceSize + plain.Length));
        return box;
    }

    public byte[] Open(byte[] box)
    {
        using var cipher = new AesGcm(derived, TagSize);
        var plain = new byte[box.Length - NonceSize - TagSize];
        cipher.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize, plain.Length), box.AsSpan(NonceSize + plain.Length), plain);
        return plain;
    }
}

internal sealed class TokenKeyEncryptor(MasterKey key) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", Convert.ToBase64String(key.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString())))), typeof(TokenKeyDecryptor));
}

internal sealed class TokenKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<MasterKey>().Open(Convert.FromBase64String(encryptedElement.Value))));
}
