using System.Security.Cryptography;
using System.Text.Json;
using CrisisCoordination.AppHost.Sample;
using CrisisCoordination.AppHost.Servers;

namespace CrisisCoordination.AppHost;

/// <summary>What must stay the same from one start to the next, or all that was stored cannot be read again.</summary>
internal sealed record HouseSecrets(string MasterKey, string Administrator, string AdministratorPassword);

/// <summary><c>.local/</c> of the repository: everything that a start leaves on this machine.</summary>
internal sealed class LocalFolder(string path)
{
    private const int Seed = 2026;

    public string Servers => In("servers");
    public string Logs => In("logs");
    public string Accounts => In("accounts.json");
    public string Report => In("report.json");

    /// <summary>Messages that are written instead of sent.</summary>
    public string Outreach => In("outreach");

    private string Secrets => In("secrets.json");

    public static LocalFolder Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrisisCoordination.sln"))) return new(Path.Combine(folder.FullName, ".local"));
        return new(Path.Combine(Environment.CurrentDirectory, ".local"));
    }

    /// <summary>Removes what is not the servers' own; theirs goes when they start.</summary>
    public void Forget()
    {
        Directory.CreateDirectory(path);
        foreach (var file in (string[])[Secrets, Accounts, Report]) File.Delete(file);
        foreach (var folder in (string[])[Logs, Outreach])
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public HouseSecrets OpenSecrets()
    {
        Directory.CreateDirectory(Logs);
        if (File.Exists(Secrets)) return JsonSerializer.Deserialize<HouseSecrets>(File.ReadAllText(Secrets))!;
        var secrets = new HouseSecrets(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), "administrator", Secret.New());
        Secret.Write(Secrets, JsonSerializer.Serialize(secrets));
        return secrets;
    }

    /// <summary>The sample crisis, written anew from its seed; always the same bytes.</summary>
    public string WriteSample()
    {
        SampleCrisis.Write(In("sample"), Seed);
        return In("sample");
    }

    private string In(string name) => Path.Combine(path, name);
}
